"""Performance forms as provinces and years print them (tests/layouts/performance/*.txt): what each row says.

A case begins with `== name`; `kind`, `year` and `title` follow, rows begin with |, `||` begins a further grid. Then
what must be true: `# N` is the number of indicators, `project NAME key=value …` a project, `fund LINE key=value …` a
line of funds, anything else `NAME key=value …` the indicator with that level3. `-` is NA, `·` in a value stands
for a space.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from grids import grid, page

from budgetkit.document.reading import Disclosure, disclose
from budgetkit.model import Source

FOLDER = Path(__file__).parent / "layouts" / "performance"


@dataclass
class Form:
    name: str
    kind: str = "budget"
    title: str = ""
    year: int = 2025
    grids: list[list[str]] = field(default_factory=lambda: [[]])
    expected: list[str] = field(default_factory=list)


def forms() -> Iterator[Form]:
    for path in sorted(FOLDER.glob("*.txt")):
        for part in path.read_text(encoding="utf-8").split("\n== ")[1:]:
            name, *lines = part.splitlines()
            form = Form(name)
            for line in filter(str.strip, lines):
                _say(form, line)
            yield form


def _say(form: Form, line: str) -> None:
    key, _, value = line.partition(" ")
    if line.startswith("||"):
        form.grids.append([])
    elif line.startswith("|"):
        form.grids[-1].append(line[1:])
    elif key in ("kind", "title"):
        setattr(form, key, value)
    elif key == "year":
        form.year = int(value)
    else:
        form.expected.append(line)


def read(form: Form) -> Disclosure:
    what = "部门预算" if form.kind == "budget" else "部门决算"
    pages = [page(f"云州市民政局{form.year}年{what}")]
    over = [form.title] if form.title else []
    for number, rows in enumerate(form.grids, 2):
        pages.append(page(*(over if number == 2 else []), grid("\n".join(rows), number), number=number))
    return disclose(Source("html", tuple(pages)), "case", None, "0")


def failures(form: Form) -> Iterator[str]:
    """What is not as the form says."""
    found = read(form)
    if len(found.facts):
        yield f"{len(found.facts)} facts: {list(found.facts['printed'])[:8]}"
    frames = {
        "project": (found.projects, "project"),
        "fund": (found.project_funds, "line"),
        "": (found.indicators, "level3"),
    }
    for line in form.expected:
        words = line.split()
        if words[0] == "#":
            if len(found.indicators) != int(words[1]):
                yield f"{len(found.indicators)} indicators, expected {words[1]}: {list(found.indicators['level3'])}"
            continue
        kind = words.pop(0) if words[0] in frames else ""
        frame, key = frames[kind]
        own = frame[frame[key] == words[0]]
        if len(own) != 1:
            yield f"{kind} {words[0]}: {len(own)} rows of {list(frame[key])[:9]}"
            continue
        yield from _differences(words[0], own.iloc[0], words[1:])


def _differences(name: str, row: pd.Series, wanted: list[str]) -> Iterator[str]:
    for part in wanted:
        key, _, value = part.partition("=")
        shown = _shown(row[key])
        if shown != value:
            yield f"{name}: {key} {shown}, expected {value}"


def _shown(value: Any) -> str:
    if pd.isna(value):
        return "-"
    return f"{value:g}" if isinstance(value, float) else str(value).replace(" ", "·")


FORMS = list(forms())


@pytest.mark.parametrize("form", FORMS, ids=[form.name for form in FORMS])
def test_every_row_of_a_form_is_read(form: Form) -> None:
    assert list(failures(form)) == []


def test_points_of_a_level_are_no_part_of_its_name_and_left_over() -> None:
    rows = grid(
        "项目名称 | 养护 | < | <\n一级指标 | 二级指标 | 三级指标 | 指标值\n"
        "产出指标（50分） | 数量指标(40) | 里程（一期） | ≥3公里\n效益指标 | 社会效益指标（5 分） | 满意 | 好",
        1,
    )
    found = disclose(Source("html", (page("2024年项目支出绩效目标表", rows),)), "case", None, "0")
    assert found.indicators[["level1", "level2", "level3"]].to_numpy().tolist() == [
        ["产出指标", "数量指标", "里程（一期）"],
        ["效益指标", "社会效益指标", "满意"],
    ]
    assert sorted(found.leftovers["text"]) == ["产出指标（50分）", "数量指标(40)", "社会效益指标（5分）"]
