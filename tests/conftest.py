"""What all tests share."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from hypothesis import settings

# helpers beside the tests (grids, strategies) are imported by name
sys.path.insert(0, str(Path(__file__).parent))

# the same random documents at every run, so that a change is judged by what it changes; BUDGETKIT_RANDOM=1 draws anew
settings.register_profile("fixed", derandomize=True)
if not os.environ.get("BUDGETKIT_RANDOM"):
    settings.load_profile("fixed")
