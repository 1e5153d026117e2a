"""How much of what the documents of a folder print is understood: python -m benchmarks.coordinates FOLDER [--show N].

Prints the shares that docs/adding-a-layout.md names: facts of an unknown form, facts whose coordinates are whole, equal
coordinates that agree in different tables, and what is unread most.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pandas as pd

import budgetkit as bk

KEY = [
    "document", "entity", "year", "phase", "flow", "fund", "origin", "nature", "item", "scheme", "code",
    "code_economic_department", "code_economic_government", "project", "aspect",
]  # fmt: skip


def facts_of(folder: Path) -> pd.DataFrame:
    """The facts of all documents that can be read."""
    return pd.concat(list(_frames(folder)), ignore_index=True)


def _frames(folder: Path) -> Iterator[pd.DataFrame]:
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.suffix != ".csv":
            try:
                facts = bk.read(path).facts
            except bk.BudgetkitError as error:
                print(f"{path.name}: {error}")
                continue
            yield facts.assign(document=path.name)


def whole(facts: pd.DataFrame) -> pd.Series:
    """Which facts have all the coordinates that apply to them, and no word unread."""
    timed = facts["phase"].notna() | facts["year"].notna()
    spent = facts["flow"].isin(["expenditure", "uses"])
    natured = facts["nature"].notna() | ~spent
    return facts["flow"].notna() & facts["fund"].notna() & timed & natured & (facts["unread"] == "")


def agreement(facts: pd.DataFrame) -> tuple[int, pd.DataFrame]:
    """Groups of equal coordinates in different tables: how many, and the facts of those that do not agree."""
    clear = facts[(facts["unread"] == "") & facts["flow"].notna() & (facts["aspect"] == "amount")]
    plain = clear.assign(**{name: clear[name].astype("string").fillna("") for name in KEY})
    groups = plain.groupby(KEY, sort=False)
    several = groups["table"].transform("nunique") > 1
    spread = groups["amount"].transform("max") - groups["amount"].transform("min")
    allowed = groups["quantum"].transform("max")
    count = plain[several].groupby(KEY, sort=False).ngroups
    return count, plain[several & (spread > allowed)]


def main() -> None:
    """Measure one folder."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--show", type=int, default=15)
    options = parser.parse_args()
    facts = facts_of(options.folder)
    good = whole(facts)
    count, apart = agreement(facts)
    groups = list(apart.groupby(KEY, sort=False))
    print(f"facts {len(facts)}, form other {(facts['form'] == 'other').mean():.2%}, whole {good.mean():.2%}")
    print(f"equal coordinates in several tables {count}, of these agree {1 - len(groups) / max(count, 1):.2%}")
    if facts["confirmed"].notna().any():
        print(f"confirmed {(facts['confirmed'].fillna(0) > 0).mean():.2%}")
    for words, number in Counter(facts.loc[~good, "unread"]).most_common(options.show):
        print(f"  {number:6} unread: {words}")
    for key, group in groups[: options.show]:
        print("  apart:", *(value for value in key if value))
        for row in group.to_dict("records"):
            print(f"      {row['title']} p{row['page']} {row['label']} [{row['column']}] {row['printed']}")


if __name__ == "__main__":
    main()
