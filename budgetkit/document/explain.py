"""What every table of a document was taken for: the words of its title and heads, what is unread, what holds."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from budgetkit import lexicon
from budgetkit.document.reading import read

#: coordinates of a term or a fact, in the order in which they are shown
_COORDINATES = ("flow", "fund", "origin", "nature", "item", "phase", "aspect", "economic")


def explain(path: str | os.PathLike[str]) -> str:
    """Say how each table of a document was understood.

    For each table its title and every head of its columns as the words that they were read as, each with its
    coordinates or 未识别, the facts that it gave, and how many of their identities hold or fail. Raises
    UnreadableDocument when it is no document that can be read.

    >>> print(explain("data/raw/korla_service_center_final_2022.pdf").splitlines()[2])  # doctest: +SKIP
    表 1，第 4 页：收入支出决算总表 [income_expenditure_summary]
    """
    facts = read(Path(path)).facts
    lines = [f"{Path(path).name}：{facts['table'].nunique()} 张有金额的表，{len(facts)} 个金额"]
    for number, table in facts.groupby("table", sort=True):
        lines += ["", *_of_table(number, table)]
    return "\n".join(lines)


def _of_table(number: Any, table: pd.DataFrame) -> Iterator[str]:
    first = table.iloc[0]
    yield f"表 {number}，第 {first['page']} 页：{_or(first['title'], '（无标题）')} [{first['form']}]"
    if pd.notna(first["title"]):
        yield f"  标题：{_told(first['title'])}"
    for column, facts in table.groupby("column", sort=False):
        meant = "，".join(_meant(facts))
        yield f"  列 {column or '（无表头）'}：{' / '.join(_told(cell) for cell in column.split('/')) or '—'}"
        yield f"    → {meant}；{len(facts)} 个金额，单位 {'、'.join(facts['unit'].dropna().unique()) or '—'}"
    unread = table.loc[table["unread"] != "", "unread"]
    for words, count in unread.value_counts().items():
        yield f"  未识别：{words}（{count} 个金额）"
    for note, count in table.loc[table["notes"] != "", "notes"].value_counts().items():
        yield f"  说明：{note}（{count} 个金额）"
    yield f"  核对：{_sum(table['confirmed'])} 处印证，{_sum(table['contradicted'])} 处矛盾"


def _told(text: str) -> str:
    """A text as the words that it is read as."""
    return " ".join(
        f"{word}{_coordinates(term)}" if term else f"{word}" if lexicon.read(word).year else f"{word}【未识别】"
        for word, term in lexicon.words(text)
    )


def _coordinates(term: lexicon.Term) -> str:
    told = [f"{name}={value}" for name in _COORDINATES if (value := getattr(term, name))]
    told += ["收支两侧"] * term.two_sided + ["上年"] * term.prior
    return f"〔{' '.join(told)}〕" if told else ""


def _meant(facts: pd.DataFrame) -> Sequence[str]:
    """The coordinates that the facts of a column have, several where labels of rows tell more."""
    named = [name for name in ("year", *_COORDINATES) if name in facts]
    return [f"{name}={'|'.join(map(str, values))}" for name in named if len(values := facts[name].dropna().unique())]


def _sum(series: pd.Series) -> int:
    return int(series.fillna(0).sum())


def _or(value: Any, other: str) -> str:
    return other if pd.isna(value) else str(value)
