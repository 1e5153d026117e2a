"""The page as a sheet: how its own coordinates become those of the page as it is seen."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Frame:
    """How a page's own coordinates become the coordinates of the page as it is seen."""

    left: float
    bottom: float
    right: float
    top: float
    #: quarter turns clockwise
    turns: int

    @property
    def size(self) -> tuple[float, float]:
        """Width and height as seen."""
        width, height = self.right - self.left, self.top - self.bottom
        return (height, width) if self.turns % 2 else (width, height)

    def boxes(self, box: Floats) -> Floats:
        """Boxes (left, bottom, right, top; y upwards) as seen (left, top, right, bottom; y downwards)."""
        x0, y0, x1, y1 = box.T
        turns = self.turns % 4
        if turns == 0:
            seen = (x0 - self.left, self.top - y1, x1 - self.left, self.top - y0)
        elif turns == 1:
            seen = (y0 - self.bottom, x0 - self.left, y1 - self.bottom, x1 - self.left)
        elif turns == 2:
            seen = (self.right - x1, y0 - self.bottom, self.right - x0, y1 - self.bottom)
        else:
            seen = (self.top - y1, self.right - x1, self.top - y0, self.right - x0)
        return np.array(seen).T

    def levels(self, points: Floats) -> Floats:
        """How far down points (x, y; y upwards) are as seen."""
        turns = self.turns % 4
        at = points[:, 1 - turns % 2]
        return (self.top, self.right)[turns % 2] - at if turns % 3 == 0 else at - (self.bottom, self.left)[turns % 2]
