"""Hand-made mutations that a test must notice: python -m tools.mutations [--only WORD].

Each entry changes one threshold, precedence, word or filter in a copy of the project and runs the tests named beside
it; a mutation that no test notices survives. The share of survivors must stay under a tenth. An entry whose text no
longer stands in its file is an error: the list is kept with the code.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent


@dataclass(frozen=True)
class Mutation:
    """One change of one file, and the tests that must notice it."""

    file: str
    old: str
    new: str
    tests: str


def _in(file: str, tests: str, *changes: tuple[str, str]) -> list[Mutation]:
    return [Mutation(f"budgetkit/{file}", old, new, tests) for old, new in changes]


MUTATIONS = [
    *_in(
        "lexicon.py",
        "test_lexicon",
        ("key=len, reverse=True", "key=len, reverse=False"),
        ("phases[-1] if len(phases) == 1", "phases[0] if len(phases) == 9"),
        ('soft_flow=flow == "income" and fund is not None', "soft_flow=False"),
        ("inner.phase or outer.phase", "outer.phase or inner.phase"),
        ('"use_of_reserves") and outer.flow == "expenditure"', '"use_of_reserves") and outer.flow == "uses"'),
        ("against.append(dimension)", "pass"),
        ("*inner.unread)", ")"),
        ('said = ("%",) if', "said = () if"),
    ),
    *_in(
        "trees.py",
        "test_lexicon test_specs",
        ("return value == whole or whole in ancestors(dimension, value)", "return value == whole"),
        ("if all(within(dimension, one, other)", "if any(within(dimension, one, other)"),
    ),
    *_in(
        "specs/lexicon.toml",
        "test_lexicon test_samples test_layout",
        ('phase = "revised"', 'phase = "approved"'),
        ('fund = "institutional_income"', 'fund = "business_income"'),
        ('nature = "public_use"', 'nature = "personnel"'),
    ),
    *_in(
        "specs/trees.toml",
        "test_specs test_lexicon",
        ('partition = ["personnel", "public_use"]', 'partition = ["personnel"]'),
    ),
    *_in(
        "printed/numbers.py",
        "test_numbers test_docstrings",
        ("_LONGEST = 15", "_LONGEST = 150"),
    ),
    *_in(
        "printed/units.py",
        "test_captions test_docstrings test_layout",
        ('"万元": 10_000,', '"万元": 1_000,'),
        ("return found.pop() if len(found) == 1 and not more else None", "return found.pop() if found else None"),
        ("(?![\\u4e00-\\u9fff])", ""),
    ),
    *_in(
        "printed/ordinals.py",
        "test_names",
        ("^其中[:：]?(?=.)", "^其中[:：](?=.)"),
    ),
    *_in("printed/years.py", "test_names", ("000123456789", "001123456789")),
    *_in("printed/names.py", "test_names test_docstrings", ("本级", "本及")),
    *_in(
        "specs/persons.toml",
        "test_privacy test_performance",
        ("(?:负责|联系|", "(?:负责|"),
        ("|经办|", "|"),
        ("电话", "电邮"),
    ),
    *_in(
        "printed/persons.py",
        "test_privacy test_performance",
        ('"project", "subject", "sentence",', '"project", "subject",'),
        ("1[3-9]\\d(?:", "1[3-9]\\d{3}(?:"),
    ),
    *_in(
        "tables/joining.py",
        "test_tables test_joining",
        ("SAME_X = 0.0055", "SAME_X = 0.055"),
        ("SAME_X = 0.0055", "SAME_X = 0.0001"),
        ("MOVED = 0.4", "MOVED = 4.0"),
    ),
    *_in(
        "page/furniture.py",
        "test_furniture test_joining",
        ("SAME_PLACE = 5.0", "SAME_PLACE = 0.01"),
        ("EDGE = 0.2", "EDGE = 0.9"),
    ),
    *_in("tables/spread.py", "test_joining test_tables test_borderless", ("LEVEL = 2.0", "LEVEL = 0.001")),
    *_in("tables/senses.py", "test_labels test_layout test_tables", ("CLASSES = 0.6", "CLASSES = 0.05")),
    *_in(
        "limits.py",
        "test_docstrings test_hostile test_pdf_limits test_office_hostile",
        ("if amount > most:", "if amount > 1000 * most:"),
    ),
    *_in(
        "readers/web/seen.py",
        "test_web_seen test_html",
        ("_TINY = 2.0", "_TINY = 0.1"),
        ("_SAME = 0.06", "_SAME = 0.9"),
    ),
    *_in("readers/office/odf.py", "test_word_seen", ("_SMALLEST = 2.0", "_SMALLEST = 0.1")),
    *_in("readers/office/styles.py", "test_office_shown test_office_dress", ("_SMALLEST = 2.0", "_SMALLEST = 0.1")),
    *_in(
        "readers/pdf/cells.py", "test_pdf_reader test_borderless test_roundtrip", ("STRADDLE = 0.15", "STRADDLE = 0.9")
    ),
    *_in("readers/pdf/check.py", "test_page_check", ("TALL = 1.6", "TALL = 16.0"), ("NUMBERS = 3", "NUMBERS = 30")),
    *_in("readers/pdf/outside.py", "test_borderless", ("NEAR = 1.5", "NEAR = 0.01")),
    *_in(
        "readers/pdf/glyphs.py",
        "test_glyphs test_pdf_reader",
        ("SAME_LINE = 0.45", "SAME_LINE = 4.5"),
        ("WIDE_GAP = 1.9", "WIDE_GAP = 19"),
    ),
    *_in(
        "readers/pdf/rulings.py",
        "test_rulings test_pdf_reader",
        ("SNAP = 0.22", "SNAP = 0.001"),
        ("SHORT = 0.45", "SHORT = 9.0"),
    ),
    *_in(
        "readers/pdf/ink.py",
        "test_pdf_ink test_pdf_reader",
        ("TINY = 1.6", "TINY = 0.1"),
        ("FILLING = 0.6", "FILLING = 60"),
    ),
    *_in(
        "readers/pdf/borderless.py", "test_borderless", ("FAR = 3.2", "FAR = 0.2"), ("LEADING = 1.9", "LEADING = 0.5")
    ),
    *_in("readers/text/separated.py", "test_text_separated", ("_MOST = 0.5", "_MOST = 0.01")),
    *_in(
        "document/leftovers.py",
        "test_privacy test_conservation",
        ("if left is not None and persons.is_label(left.text):", "if False:"),
        ("if own is None or not persons.is_personal(own.text):", "if True:"),
        ("if place in used or", "if"),
    ),
    *_in(
        "document/units.py",
        "test_units test_docstrings",
        ("tuple(found[True] or found[False])", "tuple(found[False] or found[True])"),
        ("{4,40}?)", "{14,40}?)"),
    ),
    *_in(
        "prose/rules.py",
        "test_prose",
        ("if (rule.resume or not filler)", "if (True)"),
        ("state.sentence.named <= 1 and", "True and"),
    ),
    *_in(
        "prose/comparing.py",
        "test_prose test_docstrings",
        ('PRIOR if int(match["year"]) == year - 1', 'PRIOR if int(match["year"]) == year - 2'),
    ),
    *_in(
        "prose/settling.py",
        "test_prose",
        ('_NEAR = Decimal("0.0006")', '_NEAR = Decimal("0.06")'),
        ('_NEAR = Decimal("0.0006")', '_NEAR = Decimal("0.00001")'),
    ),
    *_in("prose/scopes.py", "test_prose", ("depth <= self.depth", "depth < self.depth")),
    *_in(
        "prose/explaining.py",
        "test_prose",
        ("sentence.budgeted and not sentence.changed", "not sentence.changed"),
        ("len(passage.names) == 1", "passage.names"),
        ('own not in (None, "all") and whole not in', "own is not None and whole not in"),
    ),
    *_in("prose/respective.py", "test_prose", ("range(1, len(last) + 1)", "range(len(last), 0, -1)")),
    *_in(
        "analysis/costs.py",
        "test_analysis test_analysis_invariance",
        ("product(_FUNDS, ways)", "product(_FUNDS[::-1], ways)"),
        ("listed[~has_columns | listed.index.isin(in_columns.index)]", "listed"),
    ),
    *_in(
        "analysis/procurement_items.py",
        "test_analysis test_analysis_invariance",
        ('.eq(wide["procurement"])', ".notna()"),
        ("(_from_prose(said), _from_tables(known.facts))", "(_from_tables(known.facts), _from_prose(said))"),
    ),
    *_in("audit/performance.py", "test_audit test_audit_rules", ("_FULL = 0.9", "_FULL = 0.2")),
    *_in(
        "audit/vocabulary.py",
        "test_audit test_audit_wording",
        ('self.budget if kind == "budget"', 'self.budget if kind != "budget"'),
    ),
    *_in(
        "audit/years.py",
        "test_audit test_audit_wording test_audit_rules test_audit_noticed",
        ("_MANY, _FEW = 6, 2", "_MANY, _FEW = 60, 2"),
        ("_AROUND = 60", "_AROUND = 6"),
        (">= word.least and", ">= 0 and"),
        ("< year and not right", "< year"),
        ("_SEVERAL = 2", "_SEVERAL = 9"),
        ("due = year + max(word.allowed)", "due = year"),
    ),
    *_in("audit/texts.py", "test_audit test_audit_blame", ("_BLANK = 10", "_BLANK = 11"), ('real == "same"', "False")),
    *_in(
        "audit/rates.py",
        "test_audit_rules test_audit_blame",
        ("_FINE = 100 * MONEY", "_FINE = -1"),
        ("parts.get(one.index) == parts[part.index]", "one.index in parts"),
    ),
    *_in(
        "audit/stated.py",
        "test_audit_blame",
        ("not _OWN.match(name) and name not in entity", "False and name not in entity"),
        ("and not _ABOUT.search", "or _ABOUT.search"),
    ),
    *_in("audit/naming.py", "test_audit test_audit_rules test_audit_wording", ("_SIMILAR = 0.7", "_SIMILAR = 0.01")),
    *_in(
        "audit/model.py",
        "test_audit test_audit_rules",
        ("2 * abs(self.difference) <= self.tolerance2", "abs(self.difference) <= 100 * self.tolerance2"),
        ("return self.actual.quantum + sum(", "return sum("),
    ),
    *_in(
        "audit/engine.py",
        "test_audit test_audit_rules test_audit_wholes test_audit_blame",
        ("score = (len(alike), -holding[source], checked)", "score = (len(alike), holding[source], checked)"),
        ("abs(one.difference) < MONEY", "abs(one.difference) < 0"),
        ("_TELLING = 3", "_TELLING = 2"),
        ("return not holding[figure.root] and", "return"),
        ("if not holding[root]]", "if True]"),
        ("if doubt:\n            found.append", "if False:\n            found.append"),
    ),
    *_in(
        "audit/wholes.py",
        "test_audit_noticed test_audit_wholes",
        ('yield sum_ if mended or sum_.status != "fail"', "yield sum_ if True"),
        ("if len(told) == 1 and", "if"),
    ),
    *_in(
        "audit/pairs.py",
        "test_audit_together",
        ("if not same and not (made", "if not same and (not made"),
        ("if all_ and _make_up(own, listed)", "if all_"),
        ("if place in listed:", "if False:"),
    ),
    *_in(
        "audit/together.py",
        "test_audit_together",
        ('one.equation.rule == "pairs.unit" or', "False or"),
        ("2 * abs(wrong - error) <= one.equation.tolerance2", "True"),
    ),
    *_in(
        "audit/sums.py",
        "test_audit_noticed",
        ('(way, other_way) == ("across", "down")', "way != other_way or True"),
        ("== {k}", ""),
    ),
    *_in("identities/apart.py", "test_audit_noticed", ("held.count(False) == 1 and any(held)", "any(held)")),
    *_in(
        "identities/amounts.py",
        "test_audit_noticed",
        ("_MANY, _FEWER, _SHORT = 24, 10, 4", "_MANY, _FEWER, _SHORT = 24, 10, 5"),
    ),
    *_in("audit/doubts.py", "test_audit_rules test_audit", ("_MARGIN = 12.0", "_MARGIN = 1200.0")),
    *_in("audit/items.py", "test_audit_rules test_audit test_audit_wholes", ("_BOILERPLATE = 4", "_BOILERPLATE = 5")),
    *_in(
        "audit/lacking.py",
        "test_audit_rules test_audit test_audit_noticed",
        ("_PARENTS = 3", "_PARENTS = 2"),
        ("_TOTALS = 2", "_TOTALS = 1"),
    ),
    *_in("audit/checking.py", "test_audit_rules test_audit", ("_ALIKE = 1e-6", "_ALIKE = 1e6")),
    *_in("specs/audit/words.toml", "test_audit_rules test_audit", ("since = 2021", "since = 2001")),
    *_in(
        "specs/audit/prose.toml",
        "test_audit_rules test_audit test_audit_wording",
        ("most = 500000", "most = 5000000000"),
    ),
    *_in("tables/economic.py", "test_layout test_layouts test_tables", ("ENOUGH = 3", "ENOUGH = 1")),
    *_in("tables/spread.py", "test_joining test_tables test_borderless", ("FAR = 40", "FAR = 0")),
    *_in(
        "tables/joining.py",
        "test_tables test_joining test_captions",
        ("CAPTION_LINES, CAPTION_ROWS = 8, 4", "CAPTION_LINES, CAPTION_ROWS = 1, 4"),
        ("CAPTION_LINES, CAPTION_ROWS = 8, 4", "CAPTION_LINES, CAPTION_ROWS = 8, 1"),
    ),
    *_in("tables/senses.py", "test_labels test_layout test_rows_whose", ("SHORTEST = 4", "SHORTEST = 1")),
    *_in(
        "tables/senses.py",
        "test_layouts_whole test_labels",
        ('or "(项目)" in text', ""),
        (" or _is_apart(name)", ""),
        ("(not said or name == label.project)", "True"),
    ),
    *_in(
        "tables/layout.py",
        "test_layouts_whole",
        ('if not {"income", "closing_balance"} <=', 'if not {"income"} <='),
        ('"百分数", "比例"', '"百分数"'),
    ),
    *_in(
        "tables/coordinates.py",
        "test_layouts_whole test_rows_whose",
        ('"project" if project else "all"', '"all"'),
        ("meaning.nature and title.flow is None", "False"),
    ),
    *_in("printed/years.py", "test_identity test_docstrings", ("_AGAINST.sub", "re.compile('^$').sub")),
    *_in("performance/heads.py", "test_performance_layouts", ("len(set(names)) == 1", "False")),
    *_in(
        "identities/sums.py",
        "test_identities test_audit_rules test_audit_doubts test_audit_noticed",
        ("_MANY, _MANY_DOWN = 3, 5", "_MANY, _MANY_DOWN = 30, 5"),
        ("_MANY, _MANY_DOWN = 3, 5", "_MANY, _MANY_DOWN = 3, 50"),
    ),
    *_in(
        "identities/outline.py",
        "test_identities test_audit_rules test_audit_doubts",
        ("_LONGEST = 150", "_LONGEST = 2"),
    ),
    *_in(
        "audit/wording.py", "test_audit_wording test_audit_said test_audit_rules", ("_SIMILAR = 0.6", "_SIMILAR = 0.01")
    ),
    *_in(
        "audit/projects.py",
        "test_audit_said test_audit_noticed test_audit_rules",
        ("_STEP = 100 * MONEY", "_STEP = 10_000 * MONEY"),
        ("_BEFORE = 150", "_BEFORE = 1"),
    ),
    *_in("audit/sums.py", "test_audit_noticed test_audit_doubts test_audit_rules", ("_SECTION = 2", "_SECTION = 20")),
    *_in("audit/lacking.py", "test_audit_rules test_audit_noticed test_audit_doubts", ("_MOST = 80", "_MOST = 1")),
    *_in("audit/stated.py", "test_audit_blame test_audit_rules test_audit_said", ("_BACK = 8", "_BACK = 1")),
    *_in("performance/bodies.py", "test_performance test_performance_layouts", ("_TAIL = 2", "_TAIL = 0")),
    *_in(
        "performance/forms.py", "test_performance test_performance_values", ("_TOO_LARGE = 1e10", "_TOO_LARGE = 1e20")
    ),
    *_in(
        "performance/heads.py",
        "test_performance test_performance_layouts test_performance_lists",
        ("_CLOSE, _SHIFT = 2.0, 90.0", "_CLOSE, _SHIFT = 2.0, 0.5"),
        ("_EDGE, _BORDER = 14.0, 9.0", "_EDGE, _BORDER = 1400.0, 900.0"),
    ),
    *_in("performance/contents.py", "test_performance test_performance_layouts", ("_LONGEST = 40", "_LONGEST = 4")),
    *_in("document/units.py", "test_units test_docstrings", ("len(text) > 3 and", "")),
    *_in("document/publisher.py", "test_places test_identity test_entities", ("_BEFORE = 40", "_BEFORE = 2")),
    *_in("document/cover.py", "test_identity test_places", ("_COVER, _LONG = 14, 60", "_COVER, _LONG = 2, 60")),
    *_in("specs/entities.toml", "test_units test_places", ('governments = ["政府", ', "governments = [")),
    *_in("corpus/parts.py", "test_corpus test_entities", ("_ENOUGH = 5", "_ENOUGH = 1")),
    *_in("corpus/files.py", "test_corpus test_archives", ("_UNSURE = 2.0", "_UNSURE = -9.0")),
    *_in("corpus/store.py", "test_corpus test_entities test_docstrings", ("((1_000, 0)", "((1_000, 1)")),
    *_in("corpus/series.py", "test_series", ("half <= 0.5", "half <= 50")),
    *_in("analysis/comparison.py", "test_compare test_analysis", ('rows["peers"] > 1', 'rows["peers"] > 0')),
    *_in("analysis/counting.py", "test_analysis test_compare", ('["late", "repeat",', '["repeat", "late",')),
    *_in(
        "analysis/evaluation.py",
        "test_analysis test_analysis_invariance",
        ("(printed <= weight)", "(printed <= 100 * weight)"),
    ),
    *_in("printed/persons.py", "test_privacy test_performance", ("_REACH = 18", "_REACH = 1")),
    *_in("printed/numbers.py", "test_numbers test_docstrings", ("_WRAPPED = 4", "_WRAPPED = 9")),
    *_in(
        "page/furniture.py", "test_furniture test_joining", ("REPEATS, FEW_PAGES = 3, 5", "REPEATS, FEW_PAGES = 30, 5")
    ),
    *_in("prose/figures.py", "test_prose", ("_AFTER = 24", "_AFTER = 2")),
]


def passes(tests: str, folder: Path) -> bool:
    """Whether tests pass in a copy of the project."""
    files = [str(found) for name in tests.split() for found in sorted((folder / "tests").glob(f"{name}.py"))]
    environment = {**os.environ, "PYTHONPATH": str(folder), "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", *files]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, check=False)
    return done.returncode == 0


def survives(mutation: Mutation, folder: Path) -> bool:
    """Whether no test notices a mutation made in a copy of the project."""
    path = folder / mutation.file
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace(mutation.old, mutation.new, 1), encoding="utf-8")
    alive = passes(mutation.tests, folder)
    path.write_text(text, encoding="utf-8")
    return alive


def main() -> int:
    """Run the list and print the survivors."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", default="", help="only mutations of files whose name holds this")
    parser.add_argument("--part", default="1/1", help="2/4: the second quarter of the list")
    arguments = parser.parse_args()
    part, parts = map(int, arguments.part.split("/"))
    named = [mutation for mutation in MUTATIONS if arguments.only in mutation.file]
    chosen = [mutation for k, mutation in enumerate(named) if k * parts // len(named) == part - 1]
    lost = [m for m in chosen if m.old not in (ROOT / m.file).read_text(encoding="utf-8")]
    for mutation in lost:
        print(f"no longer there: {mutation.file}: {mutation.old}")
    alive = []
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary) / "project"
        shutil.copytree(
            ROOT, folder, ignore=shutil.ignore_patterns(".venv", ".git", "processed", "__pycache__", ".*_cache")
        )
        (folder / "data" / "processed").mkdir(parents=True, exist_ok=True)
        # tests that fail by themselves would notice everything
        failing = [tests for tests in dict.fromkeys(m.tests for m in chosen) if not passes(tests, folder)]
        for tests in failing:
            print(f"fails without a mutation: {tests}", flush=True)
        for mutation in chosen:
            if mutation not in lost and survives(mutation, folder):
                alive.append(mutation)
                print(f"survives: {mutation.file}: {mutation.old} -> {mutation.new}", flush=True)
    print(f"{len(chosen) - len(lost) - len(alive)} of {len(chosen) - len(lost)} mutations are noticed")
    return int(bool(lost) or bool(failing) or len(alive) >= 0.1 * len(chosen))


if __name__ == "__main__":
    raise SystemExit(main())
