"""Chinese department budgets and final accounts (部门预算/部门决算公开) as tidy pandas frames, and audited.

>>> import budgetkit as bk
>>> doc = bk.read("data/raw/korla_service_center_final_2022.pdf")  # doctest: +SKIP
>>> doc.facts.query("form == 'expenditure' and level == 3")  # doctest: +SKIP
"""

from __future__ import annotations

from budgetkit import codes
from budgetkit.corpus import Corpus, build, load
from budgetkit.document import Disclosure, read
from budgetkit.errors import BudgetkitError, SpecError, UnknownCode, UnreadableDocument
from budgetkit.version import __version__

__all__ = [
    "BudgetkitError",
    "Corpus",
    "Disclosure",
    "SpecError",
    "UnknownCode",
    "UnreadableDocument",
    "__version__",
    "build",
    "codes",
    "load",
    "read",
]
