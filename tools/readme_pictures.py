"""Make the pictures of the README and of docs/: docs/one_document.png, and what each block of their code gives.

A picture that stands below a block of code is the value that the last line of the block names. Run it from the
project's folder: `.venv/bin/python tools/readme_pictures.py`.
"""

from __future__ import annotations

import ast
import io
import re
from pathlib import Path
from typing import Any

import matplotlib
from PIL import Image, ImageDraw

import budgetkit as bk
from budgetkit.display.pictures import font, strip_height

PAGES = (Path("README.md"), Path("docs/plots.md"))
#: a block of code, and the picture below it where there is one
BLOCK = re.compile(r"```python\n(?P<code>.*?)```(?:\n\n!\[[^\]]*\]\((?P<path>[^)]+)\))?", re.DOTALL)
#: pixels an inch of the plots
DPI = 95

SAMPLE = "data/raw/korla_service_center_final_2022.pdf"
TARGET = Path("docs/one_document.png")
SCALE, MARGIN, LINE, SIZE = 1.2, 12, 24, 13
#: columns of facts, and where each is drawn: x, and whether to the left or to the right of it
COLUMNS = {"code": (12, "l"), "name": (90, "l"), "nature": (400, "l"), "phase": (470, "l"), "amount": (680, "r"),
           "printed": (770, "r"), "page": (830, "r")}  # fmt: skip


def main() -> None:
    """Run the code of each page, block by block, and keep what has a picture."""
    matplotlib.use("agg")
    one_document()
    for page in PAGES:
        names: dict[str, Any] = {}
        for block in BLOCK.finditer(page.read_text(encoding="utf-8")):
            exec(block["code"], names)
            if block["path"]:
                (target,) = (node for node in ast.parse(block["code"]).body[-1:] if isinstance(node, ast.Assign))
                _save(_image(names[ast.unparse(target.targets[0])]), page.parent / block["path"])


def _image(value: Any) -> Image.Image:
    """A picture of pages, which few colours do for, or a plot."""
    if hasattr(value, "image"):
        return value.image.quantize(64, dither=Image.Dither.NONE)
    buffer = io.BytesIO()
    value.figure.savefig(buffer, dpi=DPI, bbox_inches="tight", metadata={"Software": None})
    return Image.open(buffer).convert("RGB")


def _save(picture: Image.Image, path: Path) -> None:
    path.parent.mkdir(exist_ok=True)
    picture.save(path, optimize=True)
    print(f"{path}: {picture.width} x {picture.height}, {path.stat().st_size} bytes")


def one_document() -> None:
    """Crop the page to its table and draw the rows below it."""
    document = bk.read(SAMPLE)
    table = document.facts.query("form == 'general_budget_expenditure'")
    rows = table.query("level == 3 and nature == 'all'")
    shown = bk.show(document, rows, scale=SCALE)
    top = strip_height(SCALE)
    # the table begins left of its first amount, so the page's own margin stands in for its left edge
    margin = shown.image.width / SCALE - float(table["x1"].max())
    corners = (margin, float(table["y0"].min()) - 110, float(table["x1"].max()), float(table["y1"].max()))
    left, upper, right, lower = (round(value * SCALE) for value in corners)
    page = shown.image.crop((left - MARGIN, upper + top, right + MARGIN, lower + top + 2 * MARGIN))
    picture = Image.new("RGB", (page.width, page.height + (len(rows) + 2) * LINE), "white")
    picture.paste(page)
    texts = rows[list(COLUMNS)].assign(amount=rows["amount"].map("{:,.2f}".format)).astype(str)
    _draw(ImageDraw.Draw(picture), [tuple(COLUMNS), *texts.itertuples(index=False)], page.height + LINE // 2)
    _save(picture.quantize(64), TARGET)


def _draw(pen: ImageDraw.ImageDraw, lines: list[tuple[str, ...]], y: int) -> None:
    letters = font(SIZE)
    for number, line in enumerate(lines):
        for text, (x, side) in zip(line, COLUMNS.values(), strict=True):
            pen.text((x, y + LINE / 2), text, fill="black" if number else (96, 96, 96), font=letters, anchor=f"{side}m")
        y += LINE
        if not number:
            pen.line((MARGIN, y, pen.im.size[0] - MARGIN, y), fill=(160, 160, 160))


if __name__ == "__main__":
    main()
