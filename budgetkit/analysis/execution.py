"""Authorised against executed (预算执行): in prose, tables and self-evaluation forms, and budget against account."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence

import pandas as pd

from budgetkit import lexicon
from budgetkit.analysis import vocabulary
from budgetkit.analysis.counting import Money, money, owner
from budgetkit.analysis.inputs import fen, grouped, own_year, ratio, shaped, side_frame, spread
from budgetkit.analysis.spent import spending
from budgetkit.analysis.three_public_items import three_public
from budgetkit.analysis.tree import LEVELS, ordered_by, rolled
from budgetkit.errors import SpecError
from budgetkit.frames import HasFrames
from budgetkit.frames.given import choose, positive

SOURCES = ("prose", "table", "self_evaluation", "three_public", "budget_and_final")
#: columns to sum by; the source always stands beside them, for one yuan may be in several
GROUPS = ("document", "budget_document", "entity", "fiscal_year", "item", "code", "level", "base", "status")
_PROJECTS = [
    *("document", "form", "project", "entity", "fiscal_year", "approved", "revised", "executed", "execution_rate"),
]
_FORMS = ("project_self_evaluation", "department_self_evaluation")
#: what each source needs; said when nothing has it
_NEEDS = {
    "prose": "a sentence that states budget and result of an item",
    "table": "a table that prints budget and result of one year",
    "self_evaluation": "a form 项目支出绩效自评表 with budget and result",
    "three_public": "budget and result of “三公”经费",
    "budget_and_final": "the budget and the final account of one entity and year",
}
_PHASES = ("approved", "revised", "executed")


def execution_rate(
    data: HasFrames | pd.DataFrame,
    *,
    statements: pd.DataFrame | None = None,
    projects: pd.DataFrame | None = None,
    sources: Sequence[str] = SOURCES,
    by: str | Sequence[str] | None = None,
    level: int = 3,
    form: str = "general_budget_expenditure",
    under: float = 0.9,
    over: float = 1.1,
) -> pd.DataFrame:
    """Authorised against executed (预算执行率) from every place that gives both.

    Sources: `prose` (sentences that state budget and result of an item), `table` (tables of final accounts that print
    both), `self_evaluation` (项目支出绩效自评表), `three_public` (“三公”经费), and `budget_and_final` (the budget and
    the final account of one entity and year, joined by code). Rates are recomputed: executed over the revised budget
    (全年预算数) where there is one, else over the approved (年初预算数).

    Parameters
    ----------
    data : Disclosure, Corpus or DataFrame
        Facts; of a Disclosure or Corpus statements and projects too.
    statements, projects : DataFrame, optional
        To go with a frame of facts.
    sources : sequence of str
        Which of the sources.
    by : str or sequence of str, optional
        Columns to sum by, each source apart. Only rows that count each yuan once are summed.
    level : int
        Level of codes: 1 类, 2 款, 3 项. Items without code are left as they are.
    form : str
        Form by which budgets and final accounts are joined.
    under, over : float
        Rates below and above which `status` is "under" and "over".

    Warns
    -----
    UserWarning
        When documents are given and none has what the sources need: the text says what that is.

    Returns
    -------
    DataFrame
        One row an item, columns in `describe("execution")`; with `by` the columns asked for, `source` and those in
        `describe("execution_by")`. `execution_rate` is NA where nothing was authorised. Self-evaluation forms give
        no codes, so they are not joined to the others: sum within one source.

    Raises
    ------
    SpecError
        When an argument is none of its options.

    Examples
    --------
    >>> from budgetkit import frames
    >>> list(execution_rate(frames.make("facts", []), by="entity").columns)[:3]
    ['source', 'entity', 'rows']
    """
    choose("level", level, LEVELS)
    positive("under", under)
    positive("over", over)
    if under > over:
        raise SpecError(f"under must not be above over: {under} > {over}")
    wanted = [sources] if isinstance(sources, str) else list(sources)
    for source in wanted:
        choose("sources", source, SOURCES)
    known = money(data, ["phase", "flow", "fund", "form"])
    said = side_frame(data, "statements", statements)
    forms = side_frame(data, "projects", projects, _PROJECTS)
    makers: dict[str, Callable[[], pd.DataFrame]] = {
        "prose": lambda: _from_prose(said, level),
        "table": lambda: _from_tables(data, level, form),
        "self_evaluation": lambda: _from_forms(forms),
        "three_public": lambda: _from_three_public(data, said),
        "budget_and_final": lambda: joined(data, level, form).rename(columns={"name": "item"}),
    }
    parts = [part.assign(source=name) for name, make in makers.items() if name in wanted and len(part := make())]
    if not parts:
        rows = shaped("execution", [])
        if len(known.facts) or len(said) or len(forms):
            needs = "; ".join(f"{name}: {_NEEDS[name]}" for name in wanted)
            warnings.warn(f"execution_rate: no rows, for none of the sources has what it needs ({needs})", stacklevel=2)
    else:
        rows = _rated(_counted_once(pd.concat(parts, ignore_index=True), known), under, over)
    return rows if by is None else _summed(rows, [by] if isinstance(by, str) else list(by), under, over)


def mark(rates: pd.Series, under: float, over: float) -> pd.Series:
    """ "under", "within" or "over" by thresholds; NA where there is no rate."""
    marks = pd.Series("within", index=rates.index, dtype="string")
    marks = marks.mask(rates < under, "under").mask(rates > over, "over")
    return marks.mask(rates.isna())


def _rated(rows: pd.DataFrame, under: float, over: float) -> pd.DataFrame:
    """Rows with base, rate and status, in the order of their text."""
    for phase in _PHASES:
        rows[phase] = fen(rows[phase]) if phase in rows else float("nan")
    rows["authorised"] = rows["revised"].fillna(rows["approved"])
    rows["base"] = pd.Series("revised", index=rows.index, dtype="string").where(rows["revised"].notna(), "approved")
    rows["unspent"] = fen(rows["authorised"] - rows["executed"])
    rows["execution_rate"] = ratio(rows["executed"], rows["authorised"])
    for column in ("stated_rate", "stated_quantum"):
        # a difference of 0 % on nothing is no rate
        known = rows[column].astype("float64") if column in rows else pd.Series(float("nan"), index=rows.index)
        rows[column] = known.where(rows["authorised"] != 0)
    rows["agrees"] = _agrees(rows)
    rows["status"] = mark(rows["execution_rate"], under, over)
    made = shaped("execution", rows)
    order = pd.Categorical(made["source"], SOURCES, ordered=True).codes
    ordered = ordered_by(made.assign(place=order), ["document", "place", "code", "item", "budget_document", "executed"])
    return shaped("execution", ordered)


def _agrees(rows: pd.DataFrame) -> pd.Series:
    """Whether the stated rate is the recomputed one, as far as printed digits tell."""
    rate, stated = rows["execution_rate"], rows["stated_rate"]
    # amounts in 万元 with two decimals may be 50 yuan off, above the line and below
    slack = rows["stated_quantum"] / 2 + 50.0 * (1 + rate) / rows["authorised"].where(rows["authorised"] != 0) + 1e-9
    known = rate.notna() & stated.notna() & slack.notna()
    return ((stated - rate).abs() <= slack).astype("boolean").mask(~known)


def _summed(rows: pd.DataFrame, by: list[str], under: float, over: float) -> pd.DataFrame:
    for column in by:
        choose("by", column, GROUPS)
    keys = ["source", *by]
    nothing = {"authorised": rows["absent"].eq("approved"), "executed": rows["absent"].eq("executed")}
    rows = rows.assign(**{side: rows[side].mask(absent.fillna(False), 0.0) for side, absent in nothing.items()})
    counted = rows[rows["counted"] & rows["authorised"].notna() & rows["executed"].notna()]
    if counted.empty:
        return grouped("execution_by", rows.loc[[], keys], keys)
    groups = counted.groupby(keys, dropna=False, sort=True)
    sums = groups.agg(rows=("executed", "size"), authorised=("authorised", "sum"), executed=("executed", "sum"))
    sums = sums.reset_index()
    for column in ("authorised", "executed"):
        sums[column] = fen(sums[column])
    sums["unspent"] = fen(sums["authorised"] - sums["executed"])
    sums["execution_rate"] = ratio(sums["executed"], sums["authorised"])
    sums["status"] = mark(sums["execution_rate"], under, over)
    return grouped("execution_by", sums, keys)


def prose_pairs(said: pd.DataFrame) -> pd.DataFrame:
    """Sentences that state budget and result of one subject, a row each, with the stated rate."""
    keys = ["document", "entity", "fiscal_year", "subject", "code", "sentence", "page"]
    # 上年 in the same sentence is no budget of this year
    said = own_year(said)
    rated = said["measure"].isin(["execution_rate", "difference_rate"])
    wanted = said[(said["measure"].eq("amount") & said["phase"].isin(_PHASES)) | rated]
    wanted = wanted[wanted["value"].notna() & wanted["subject"].notna()]
    if wanted.empty:
        return pd.DataFrame()
    what = wanted["phase"].astype("string").where(wanted["measure"].eq("amount"), wanted["measure"].astype("string"))
    digits = wanted.assign(what=what + "_quantum", value=wanted["quantum"])[wanted["measure"].ne("amount")]
    rates = ("execution_rate", "difference_rate")
    figures = pd.concat([wanted.assign(what=what), digits])
    # of two values of a kind neither is taken
    kinds = figures.groupby([*keys, "what"], dropna=False, observed=True)["value"].transform("nunique")
    columns = (*_PHASES, *rates, *(f"{rate}_quantum" for rate in rates))
    table = spread(figures.assign(value=figures["value"].where(kinds < 2)), keys, columns=columns)
    paired = table[table["executed"].notna() & (table["approved"].notna() | table["revised"].notna())]
    stated = paired["execution_rate"].fillna(paired["difference_rate"] + 1)
    quantum = paired["execution_rate_quantum"].fillna(paired["difference_rate_quantum"])
    paired = paired.assign(stated_rate=stated.astype("float64").round(10), stated_quantum=quantum)
    return paired[[*keys, *_PHASES, "stated_rate", "stated_quantum"]]


def _from_prose(said: pd.DataFrame, level: int) -> pd.DataFrame:
    pairs = prose_pairs(said)
    if pairs.empty:
        return pairs
    three = vocabulary.subjects().three_public
    left_out = vocabulary.subjects().execution
    own = ~pairs["subject"].isin([*three.names.values()])
    own &= ~_holds(pairs["subject"], left_out.words_left_out)
    own &= ~_holds(pairs["sentence"], left_out.sentences_left_out)
    pairs = pairs[own].sort_values(["document", "page", "sentence"], kind="stable")
    coded = pairs[pairs["code"].notna()].drop_duplicates(["document", "entity", "code"])
    plain = pairs[pairs["code"].isna()].drop_duplicates(["document", "entity", "subject"])
    parts = [plain.rename(columns={"subject": "item"}).assign(counted=_lacking(plain, coded))]
    if len(coded):
        parts.append(_coded(coded, level))
    return pd.concat([part for part in parts if len(part)], ignore_index=True) if any(map(len, parts)) else plain


def _lacking(plain: pd.DataFrame, coded: pd.DataFrame) -> pd.Series:
    """Which items without code count: those that are no total or part by their words, where the coded ones fall short.

    Where a total is stated, the items by code are short of it by more than their printed digits.
    """
    left_out = vocabulary.subjects().execution
    read = plain["subject"].map(lambda subject: lexicon.read(subject))
    item = read.map(lambda meaning: bool(meaning.unread) and not meaning.fund and not meaning.nature)
    item &= ~_holds(plain["subject"], left_out.words_left_out)
    sums = coded.groupby("document")["executed"].agg(["sum", "size"])
    totals = plain[plain["subject"].isin(vocabulary.subjects().totals)].groupby("document")["executed"].max()
    short = totals - sums["sum"].reindex(totals.index).fillna(0.0)
    # each printed item of 万元 with two decimals may be 50 yuan off
    whole = short <= (sums["size"].reindex(totals.index).fillna(0) + 1) * 50.0
    return item.astype(bool) & ~plain["document"].map(whole).astype("boolean").fillna(False).astype(bool)


def _holds(texts: pd.Series, words: Sequence[str]) -> pd.Series:
    """Whether each text holds one of the words."""
    return texts.map(lambda text: isinstance(text, str) and any(word in text for word in words)).astype(bool)


def _coded(pairs: pd.DataFrame, level: int) -> pd.DataFrame:
    """Pairs by code at a level; the stated rate only of codes that are stated themselves."""
    keys = ["document", "entity", "fiscal_year", "scheme"]
    rows = pairs.rename(columns={"subject": "name"}).assign(scheme="function")
    result = rolled(rows, keys, list(_PHASES), level)
    stated = rows[["document", "entity", "code", "stated_rate", "stated_quantum"]]
    result = result.merge(stated, on=["document", "entity", "code"], how="left")
    return result.rename(columns={"name": "item"}).assign(counted=True).drop(columns=["below", "source"])


def _from_tables(data: HasFrames | pd.DataFrame, level: int, form: str) -> pd.DataFrame:
    """Tables that print budget and result of one year."""
    rows = spending(data, level=level, form=form)
    if rows.empty:
        return rows
    keys = ["document", "entity", "entity_id", "fiscal_year", "year", "code", "level", "name", "counted", "note"]
    rows = rows[rows["source"].eq("table") & rows["phase"].isin(_PHASES)]
    wide = spread(rows, keys, "phase", "amount", _PHASES)
    if wide.empty:
        return wide
    # a budget that prints last year's budget and result tells of last year
    wide = wide[wide["executed"].notna() & (wide["approved"].notna() | wide["revised"].notna())]
    return wide.assign(fiscal_year=wide["year"]).rename(columns={"name": "item"})


def _from_forms(projects: pd.DataFrame) -> pd.DataFrame:
    given = projects["executed"].notna() & (projects["approved"].notna() | projects["revised"].notna())
    rows = projects[projects["form"].isin(_FORMS) & given]
    return (
        rows[_PROJECTS]
        .rename(columns={"project": "item", "execution_rate": "stated_rate"})
        .assign(
            stated_quantum=rows["execution_rate"].map(_last_digit, na_action="ignore").astype("float64"),
            # the form of the whole department holds the projects too
            counted=rows["form"].eq("project_self_evaluation"),
        )
    )


def _last_digit(rate: float) -> float:
    """Worth of the last digit of a rate that is not 0, at most a percent."""
    decimals = len(f"{rate:.8f}".rstrip("0").partition(".")[2])
    return float(10.0 ** -max(decimals, 2))


def _from_three_public(data: HasFrames | pd.DataFrame, said: pd.DataFrame) -> pd.DataFrame:
    rows = three_public(data, statements=said)
    given = rows["executed"].notna() & (rows["approved"].notna() | rows["revised"].notna())
    rows = rows[given].drop(columns=["execution_rate", "source", "kind"])
    pairs = prose_pairs(said)
    if len(pairs) and len(rows):
        stated = pairs.drop_duplicates(["document", "subject"])[
            ["document", "subject", "stated_rate", "stated_quantum"]
        ]
        rows = rows.merge(stated, left_on=["document", "item"], right_on=["document", "subject"], how="left")
    return rows.assign(counted=rows["item"].eq(vocabulary.subjects().three_public.total) & rows["counted"])


def joined(data: HasFrames | pd.DataFrame, level: int, form: str, scheme: str = "function") -> pd.DataFrame:
    """Budget and final account of one unit and year by code, at a level that both list.

    Of several budgets or final accounts of a unit and year the first counts. A code that one of them does not list is
    NA there; `absent` names that side where its codes add up to its total, so that nothing is missing.
    """
    rows = spending(data, level=level, form=form, scheme=scheme)
    rows = rows.assign(owner=owner(rows))[rows["entity"].notna() & rows["year"].eq(rows["fiscal_year"]).fillna(False)]
    keys = ["owner", "fiscal_year"]
    budgets = rows[rows["kind"].eq("budget") & rows["phase"].eq("approved")]
    finals = rows[rows["kind"].eq("final_account") & rows["phase"].eq("executed")]
    before, after = (dict(iter(side.groupby(keys, sort=True))) for side in (budgets, finals))
    parts = []
    for number, key in enumerate(sorted(before.keys() & after.keys())):
        left, right = before[key], after[key]
        depth = min(level, int(left["level"].max()), int(right["level"].max()))
        parts.append(_pair(left, right, depth).assign(budget_document=left["document"].iloc[0], pair=number))
    if not parts:
        return pd.DataFrame(columns=["document", "entity", "fiscal_year", "code", "name", "level", *_PHASES, "counted"])
    return pd.concat(parts, ignore_index=True)


def _pair(before: pd.DataFrame, after: pd.DataFrame, depth: int) -> pd.DataFrame:
    """One budget and one final account by code."""
    keys = ["fiscal_year", "scheme"]
    left = rolled(before, keys, ["amount"], depth)[[*keys, "code", "name", "level", "amount"]]
    right = rolled(after, keys, ["amount"], depth)[[*keys, "code", "name", "level", "amount"]]
    both = left.merge(right, on=[*keys, "code", "level"], how="outer", suffixes=("_before", ""))
    both["name"] = both["name"].fillna(both["name_before"])
    first = after.iloc[0]
    notes = [note for note in (before["note"].iloc[0], first["note"]) if note]
    return both.assign(
        document=first["document"],
        entity=first["entity"],
        entity_id=first["entity_id"],
        approved=both["amount_before"],
        executed=both["amount"],
        absent=_absent(both["amount_before"], before, "approved").fillna(_absent(both["amount"], after, "executed")),
        counted=bool(first["counted"]),
        note="；".join(dict.fromkeys(notes)),
    ).drop(columns=["amount", "amount_before", "name_before"])


def _absent(amounts: pd.Series, listed: pd.DataFrame, side: str) -> pd.Series:
    """The side for codes that a list which adds up to its total, or has none, does not name."""
    named = pd.Series(side, index=amounts.index, dtype="string")
    return named.where(amounts.isna() & (not listed["complete"].eq(False).any()))


def _counted_once(rows: pd.DataFrame, known: Money) -> pd.DataFrame:
    """Rows with note and id; of one owner, year, source and item only the first counts in sums."""
    note = rows["note"] if "note" in rows else pd.Series(pd.NA, index=rows.index, dtype="string")
    ids = rows["document"].map(known.ids).astype("string")
    rows = rows.assign(
        entity_id=rows["entity_id"].astype("string").fillna(ids) if "entity_id" in rows else ids,
        note=note.astype("string").fillna(rows["document"].map(known.notes).astype("string")).fillna(""),
        repeat=rows["document"].isin(known.repeats),
    )
    who = owner(rows).fillna("\0" + rows["document"].astype("string"))
    rows = rows.assign(owner=who).sort_values(["repeat", "document"], kind="stable")
    documents = rows.groupby(["source", "owner", "fiscal_year", "item"], dropna=False)["document"]
    first = documents.transform("first")
    again = rows["document"].ne(first)
    # projects of one name may be different ones: only the same money is the same project
    money_of = ["source", "owner", "fiscal_year", "item", "approved", "revised", "executed"]
    alike = rows.duplicated([key for key in money_of if key in rows], keep="first")
    again &= rows["source"].ne("self_evaluation") | alike
    note = rows["note"].mask(again, "同一数据另见" + first.astype("string") + "，未重复计入")
    return rows.assign(counted=rows["counted"].astype(bool) & ~again, note=note).drop(columns=["owner", "repeat"])
