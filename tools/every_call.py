"""Every public call on every document of folders (`python -m tools.every_call FOLDER...`): no errors but our own."""

from __future__ import annotations

import argparse
import sys
import tempfile
import warnings
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from budgetkit.errors import BudgetkitError

#: how many findings of a document are shown; each is a picture
SHOWN = 3


def calls(doc: Any, findings: Any, source: Any, folder: Path) -> Iterator[tuple[str, Callable[[], object]]]:
    """By name what can be asked of a document."""
    import budgetkit as bk

    yield "repr", partial(repr, doc)
    yield "card", doc._repr_html_
    yield "summarise", partial(bk.summarise, findings)
    yield from _exports(doc, folder)
    yield from _labels(doc, findings)
    yield from _pictures(doc, findings, source)
    yield from _reports(doc, findings)
    yield from _analyses(doc)
    yield from _questions(doc, source)


def _frames(doc: Any) -> dict[str, Any]:
    from budgetkit.export import NAMES

    return {name: getattr(doc, name) for name in NAMES if hasattr(doc, name)}


def _exports(doc: Any, folder: Path) -> Iterator[tuple[str, Callable[[], object]]]:
    import budgetkit as bk

    yield "to_excel", partial(bk.to_excel, doc, folder / "a.xlsx")
    yield "to_csv", partial(bk.to_csv, doc, folder / "csv")
    yield "to_datapackage", partial(bk.to_datapackage, doc, folder / "package")


def _labels(doc: Any, findings: Any) -> Iterator[tuple[str, Callable[[], object]]]:
    import budgetkit as bk

    for name, frame in {**_frames(doc), "findings": findings}.items():
        yield f"labelled {name}", partial(bk.labelled, frame)
        yield f"labelled {name} by name", partial(bk.labelled, frame, name)


def _pictures(doc: Any, findings: Any, source: Any) -> Iterator[tuple[str, Callable[[], object]]]:
    import budgetkit as bk

    show = partial(bk.show, doc, source=source, scale=0.5)
    yield "show", show
    for name, frame in _frames(doc).items():
        if "page" in frame.columns:
            yield f"show {name}", partial(show, frame.head(3))
    yield "show findings", partial(show, findings.head(3))
    for status, some in findings.groupby("status", observed=True):
        for place in some.index[:SHOWN]:
            yield f"show a finding, {status}", partial(show, findings.loc[place], margin=20)


def _reports(doc: Any, findings: Any) -> Iterator[tuple[str, Callable[[], object]]]:
    from budgetkit.audit.report import html_report

    yield "report", partial(html_report, [(doc, findings)], pictures=False)
    yield "report with pictures", partial(html_report, [(doc, findings)])


def _questions(doc: Any, source: Any) -> Iterator[tuple[str, Callable[[], object]]]:
    import budgetkit as bk
    from budgetkit.document.explain import explain

    for name in ("kind", "fiscal_year", "entity", "forms", "missing"):
        yield name, partial(getattr, doc, name)
    yield "coverage", lambda: bk.coverage(doc)._repr_html_() + repr(bk.coverage(doc))
    for name, frame in _frames(doc).items():
        for place in frame.index[:SHOWN]:
            yield f"cite {name}", partial(bk.cite, frame.loc[place])
            yield f"cite {name} with its document", partial(bk.cite, frame.loc[place], doc.documents)
    codes = doc.facts["code"].dropna().unique()[:SHOWN]
    for code in (None, *codes):
        yield "series", partial(bk.series, doc, entity=doc.entity, code=code)
        yield "series by flow", partial(bk.series, doc, code=code, flow="expenditure", phase="executed")
    if isinstance(source, Path):
        yield "explain", partial(explain, source)


def _analyses(doc: Any) -> Iterator[tuple[str, Callable[[], object]]]:
    from budgetkit import analysis, plots

    drawn = {
        "execution_rate": plots.execution,
        "cost_structure": plots.cost_structure,
        "points_lost": plots.points,
        "three_public": plots.three_public,
        "compare": plots.change,
        "self_evaluation": plots.scores,
        "rollup": plots.hierarchy,
    }
    for name in analysis.__all__:
        if name in ("describe", "labelled"):
            continue
        ask = partial(getattr(analysis, name), doc, **({"level": 1} if name == "rollup" else {}))
        yield name, ask
        yield f"labelled {name}", partial(_then, ask, partial(_labelled_as, name))
        if name in drawn:
            yield f"plot of {name}", partial(_then, ask, partial(_draw, drawn[name]))


def _then(first: Callable[[], Any], second: Callable[[Any], object]) -> object:
    return second(first())


def _labelled_as(name: str, frame: Any) -> object:
    from budgetkit import analysis

    return analysis.labelled(frame, name)


def _draw(plot: Callable[[Any], Any], frame: Any) -> None:
    from matplotlib import pyplot

    try:
        plot(frame).figure.canvas.draw()
    finally:
        pyplot.close("all")


def faults(source: Any) -> Iterator[tuple[str, BaseException]]:
    """The calls on a document that end in an exception that is no BudgetkitError."""
    import matplotlib

    import budgetkit as bk

    matplotlib.use("agg")
    try:
        doc = bk.read(source)
        findings = bk.check(doc)
    except BudgetkitError:
        return
    except Exception as error:
        yield "read or check", error
        return
    with tempfile.TemporaryDirectory() as folder:
        for name, call in calls(doc, findings, source, Path(folder)):
            try:
                call()
            except BudgetkitError:
                continue
            except Exception as error:
                yield name, error


def told(source: Any) -> str:
    import traceback

    return "\n".join(f"{name}: {''.join(traceback.format_exception(error))[-1500:]}" for name, error in faults(source))


def main(arguments: Sequence[str] | None = None) -> int:
    from tools.bounded import bounded

    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("folders", type=Path, nargs="+")
    bad = 0
    warnings.simplefilter("ignore")
    for folder in options.parse_args(arguments).folders:
        for path in sorted(path for path in folder.rglob("*") if path.is_file()) if folder.is_dir() else [folder]:
            outcome = bounded(partial(told, path), 300, 4 << 30)
            if not outcome.good or outcome.said:
                bad += 1
                print(f"{path}: {outcome.how}\n{outcome.said}", flush=True)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
