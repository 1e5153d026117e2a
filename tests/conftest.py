"""What all tests share."""

from __future__ import annotations

import sys
from pathlib import Path

# helpers beside the tests (grids, strategies) are imported by name
sys.path.insert(0, str(Path(__file__).parent))
