"""Chinese department budgets and final accounts (部门预算/部门决算公开) as tidy pandas frames, and audited.

>>> import budgetkit as bk
>>> doc = bk.read("data/raw/korla_service_center_final_2022.pdf")  # doctest: +SKIP
>>> doc.facts.query("form == 'expenditure' and level == 3")  # doctest: +SKIP
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

from budgetkit.errors import AmbiguousSeries, BudgetkitError, SpecError, UnknownCode, UnreadableDocument
from budgetkit.version import __version__

if TYPE_CHECKING:
    from budgetkit import analysis, codes, errors, frames, plots
    from budgetkit.analysis import (
        compare,
        cost_structure,
        crosswalk,
        execution_rate,
        outturn,
        procurement,
        rollup,
        self_evaluation,
        three_public,
    )
    from budgetkit.audit import check, summarise
    from budgetkit.corpus.build import build
    from budgetkit.corpus.cite import cite
    from budgetkit.corpus.collection import Corpus, load
    from budgetkit.corpus.coverage import Coverage, coverage
    from budgetkit.corpus.series import series
    from budgetkit.corpus.sql import query
    from budgetkit.display.pictures import show
    from budgetkit.display.words import labelled
    from budgetkit.document.reading import Disclosure, read
    from budgetkit.export import to_csv, to_datapackage, to_excel
    from budgetkit.limits import Limits

__all__ = [
    "AmbiguousSeries",
    "BudgetkitError",
    "Corpus",
    "Coverage",
    "Disclosure",
    "Limits",
    "SpecError",
    "UnknownCode",
    "UnreadableDocument",
    "__version__",
    "analysis",
    "build",
    "check",
    "cite",
    "codes",
    "compare",
    "cost_structure",
    "coverage",
    "crosswalk",
    "errors",
    "execution_rate",
    "frames",
    "labelled",
    "load",
    "outturn",
    "plots",
    "procurement",
    "query",
    "read",
    "rollup",
    "self_evaluation",
    "series",
    "show",
    "summarise",
    "three_public",
    "to_csv",
    "to_datapackage",
    "to_excel",
]

#: what is imported when it is first asked for, by the module it stands in, so that importing budgetkit stays cheap
_FROM = {
    "analysis": "compare cost_structure crosswalk execution_rate outturn procurement rollup self_evaluation "
    "three_public",
    "audit": "check summarise",
    "corpus.build": "build",
    "corpus.collection": "Corpus load",
    "corpus.cite": "cite",
    "corpus.coverage": "Coverage coverage",
    "corpus.series": "series",
    "corpus.sql": "query",
    "display.pictures": "show",
    "display.words": "labelled",
    "document.reading": "Disclosure read",
    "export": "to_csv to_datapackage to_excel",
    "limits": "Limits",
}
_LAZY = {name: f"budgetkit.{module}" for module, names in _FROM.items() for name in names.split()}
_MODULES = ("analysis", "codes", "errors", "frames", "plots")


# a type checker that saw it would take every misspelt name
if not TYPE_CHECKING:

    def __getattr__(name: str) -> object:
        if name in _MODULES:
            return importlib.import_module(f"budgetkit.{name}")
        if name not in _LAZY:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        return getattr(importlib.import_module(_LAZY[name]), name)


def __dir__() -> list[str]:
    return sorted({*__all__, "__doc__", "__file__", "__name__", "__path__", "__version__"})
