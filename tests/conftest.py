"""What all tests share."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
from hypothesis import settings

import budgetkit as bk

# helpers beside the tests (grids, strategies) are imported by name
sys.path.insert(0, str(Path(__file__).parent))

# the same random documents at every run, so that a change is judged by what it changes; BUDGETKIT_RANDOM=1 draws anew
settings.register_profile("fixed", derandomize=True)
if not os.environ.get("BUDGETKIT_RANDOM"):
    settings.load_profile("fixed")


@pytest.fixture(scope="session")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> bk.Corpus:
    """The corpus of the samples, built once for all tests that ask it."""
    return bk.build(Path(__file__).parents[1] / "data" / "raw", tmp_path_factory.mktemp("processed"), workers=1)
