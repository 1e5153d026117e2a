"""Chinese department budgets and final accounts (部门预算/部门决算公开) as tidy pandas frames, and audited.

>>> import budgetkit as bk
>>> doc = bk.read("data/raw/korla_service_center_final_2022.pdf")  # doctest: +SKIP
>>> doc.facts.query("form == 'expenditure' and level == 3")  # doctest: +SKIP
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from budgetkit import codes
from budgetkit.corpus import Corpus, build, load
from budgetkit.document import Disclosure, read
from budgetkit.errors import BudgetkitError, SpecError, UnknownCode, UnreadableDocument
from budgetkit.version import __version__

if TYPE_CHECKING:
    from budgetkit.audit import check, summarise
    from budgetkit.labelling import labelled
    from budgetkit.pictures import show

__all__ = [
    "BudgetkitError",
    "Corpus",
    "Disclosure",
    "SpecError",
    "UnknownCode",
    "UnreadableDocument",
    "__version__",
    "build",
    "check",
    "codes",
    "labelled",
    "load",
    "read",
    "show",
    "summarise",
]

#: what is imported when it is first asked for, by the module it stands in, so that importing budgetkit stays cheap
_LAZY = {
    "check": "budgetkit.audit",
    "labelled": "budgetkit.labelling",
    "show": "budgetkit.pictures",
    "summarise": "budgetkit.audit",
}


def __getattr__(name: str) -> Any:
    if name not in _LAZY:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(_LAZY[name]), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *_LAZY})
