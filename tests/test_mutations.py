"""The list of mutations speaks of the code and the tests that there are."""

from __future__ import annotations

import pytest
from places import ROOT

from tools.mutations import MUTATIONS, Mutation


@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda mutation: f"{mutation.file}: {mutation.old}")
def test_each_mutation_can_be_made(mutation: Mutation) -> None:
    assert mutation.old in (ROOT / mutation.file).read_text(encoding="utf-8")
    assert mutation.old != mutation.new
    assert [name for name in mutation.tests.split() if not (ROOT / "tests" / f"{name}.py").exists()] == []
