"""A hook of mkdocs (mkdocs.yml): the pages of the site that follow from code, data, notebooks and the README.

`pages` gives them as text, by the path that each has in the site.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable, Iterator, Mapping
from importlib import resources
from pathlib import Path
from types import ModuleType
from typing import Any

import pandas as pd

import budgetkit as bk
from budgetkit.display.pictures import FONT_FILE
from budgetkit.frames import Column
from budgetkit.frames.shapes import shapes

ROOT = Path(__file__).parents[1]
#: pages of the site that are files of the project's folder
COPIED = {
    "index.md": "README.md",
    "zh.md": "README.zh-CN.md",
    "architecture.md": "ARCHITECTURE.md",
    "changes.md": "CHANGELOG.md",
    "contributing.md": "CONTRIBUTING.md",
}
#: what the page of calls is ordered by; a name that stands nowhere else comes under Other
TOPICS = {
    "Read": ["read", "Disclosure", "build", "load", "Corpus", "Limits"],
    "Ask": ["series", "coverage", "Coverage", "cite", "query"],
    "Analyse": [
        "execution_rate", "outturn", "cost_structure", "three_public", "procurement", "self_evaluation", "compare",
        "rollup", "crosswalk",
    ],
    "Audit": ["check", "summarise"],
    "Show and export": ["show", "labelled", "to_excel", "to_csv", "to_datapackage"],
    "Errors": ["BudgetkitError", "UnreadableDocument", "UnknownCode", "AmbiguousSeries", "SpecError"],
}  # fmt: skip
MODULES = ("analysis", "plots", "codes", "frames", "errors")


def on_files(files: Any, config: Any) -> Any:
    """Add the pages that are made here (called by mkdocs)."""
    from mkdocs.structure.files import File

    font = (resources.files("budgetkit") / "fonts" / FONT_FILE).read_bytes()
    for path, content in [(FONT_FILE, font), *pages().items(), *notebooks(ROOT / "notebooks")]:
        files.append(File.generated(config, path, content=content))
    return files


def pages() -> dict[str, str]:
    """The pages made of code, data and files of the project's folder, by their paths."""
    copied = {path: _relinked((ROOT / name).read_text(encoding="utf-8")) for path, name in COPIED.items()}
    return {**copied, "reference.md": reference(), "columns.md": columns()}


def _relinked(text: str) -> str:
    """A file of the project's folder as a page: links and pictures as they are called within the site."""
    for path, name in COPIED.items():
        text = text.replace(f"]({name})", f"]({path})")
    return re.sub(r"\]\(docs/", "](", text)


def public() -> list[str]:
    """The public names of the package, without those of every module."""
    return [name for name in dir(bk) if not name.startswith("__")]


def reference() -> str:
    """The page of all public calls, made of their docstrings."""
    listed = {name for names in TOPICS.values() for name in names} | set(MODULES)
    other = [name for name in public() if name not in listed]
    topics = {**TOPICS, **({"Other": other} if other else {})}
    parts = ["# Calls", "Everything that `import budgetkit as bk` gives.\n"]
    for topic, names in topics.items():
        parts += [f"## {topic}\n", *(f"::: budgetkit.{name}\n" for name in names)]
    for name in MODULES:
        module = getattr(bk, name)
        parts += [f"## bk.{name} {{ #budgetkit.{name} }}\n", _first_line(module) + "\n"]
        parts += [f"::: budgetkit.{name}.{member}\n" for member in _members(module)]
    return "\n".join(parts)


def _first_line(module: ModuleType) -> str:
    return (module.__doc__ or "").strip().split("\n")[0]


def _members(module: ModuleType) -> list[str]:
    """The public names of a module that are not calls of the package itself."""
    own = getattr(module, "__all__", None) or [
        name
        for name, value in vars(module).items()
        if not name.startswith("_") and getattr(value, "__module__", "") == module.__name__
    ]
    return [name for name in own if name not in public()]


def columns() -> str:
    """The data dictionary: every column of every frame, with its Chinese term and values."""
    parts = [
        "# Columns",
        "Frames are plain pandas DataFrames; one with no rows still has all its columns. Money is in yuan, a rate is a "
        "fraction. The Chinese term is the one that `bk.labelled` and exports show.\n",
        "## Frames of a document and of a corpus\n",
    ]
    for name in bk.frames.names():
        frame = bk.frames.spec(name)
        key = f"One row is named by {', '.join(f'`{column}`' for column in frame.key)}.\n" if frame.key else ""
        parts += [f"### {name} {{ #{name} }}\n", key, _table(frame.columns)]
    parts += ["## Frames of analysis\n"]
    for name, listed in shapes().items():
        parts += [f"### {name} {{ #analysis-{name} }}\n", _table(listed)]
    return "\n".join(parts)


def _table(listed: Iterable[Column]) -> str:
    rows = ["| column | 中文 | dtype | meaning |", "| --- | --- | --- | --- |"]
    for column in listed:
        values = _values(column)
        meaning = _cell(column.meaning) + (f"<br>{values}" if values else "")
        rows.append(f"| `{column.name}` | {_cell(column.label)} | {_cell(column.dtype)} | {meaning} |")
    return "\n".join(rows) + "\n"


def _values(column: Column) -> str:
    """The values of a category, each with its Chinese word where it has one."""
    if not column.categories:
        return ""
    words = _words(column)
    return ", ".join(f"`{value}` {words[value]}" if value in words else f"`{value}`" for value in column.categories)


def _words(column: Column) -> Mapping[str, str]:
    """Chinese words of the values, as `labelled` writes them."""
    listed = column.categories or ()
    shown = bk.labelled(pd.DataFrame({column.name: pd.Categorical(listed, categories=listed)})).iloc[:, 0]
    return {value: str(word) for value, word in zip(listed, shown, strict=True) if str(word) != value}


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("<", "&lt;").replace("\n", " ")


def notebooks(folder: Path) -> Iterator[tuple[str, str | bytes]]:
    """Every notebook as a page with its stored outputs, the pictures beside it, and a page that lists them."""
    import nbformat

    listed = []
    for path in sorted(folder.glob("*.ipynb")):
        book = nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]
        parts: list[str] = []
        for number, cell in enumerate(book.cells):
            if cell.cell_type == "markdown":
                parts.append(cell.source)
                continue
            parts.append(f"```python\n{cell.source}\n```")
            for place, output in enumerate(cell.outputs):
                name = f"{path.stem}_{number}_{place}.png"
                text, picture = _output(output, name)
                parts.append(text)
                if picture:
                    yield f"notebooks/{name}", picture
        yield f"notebooks/{path.stem}.md", "\n\n".join(parts) + "\n"
        first, question = book.cells[0].source.split("\n\n", 1)
        listed.append(f"## [{first.lstrip('# ')}]({path.stem}.md)\n\n{question}\n")
    yield "notebooks/index.md", "# Notebooks\n\n" + _ABOUT + "\n".join(listed)


_ABOUT = """Each runs from top to bottom over `data/processed`; here they show what the five samples give. `make lab`
opens them in JupyterLab; `make notebooks PROCESSED=folder` executes them over another processed folder, into it.

"""


def _output(output: Any, name: str) -> tuple[str, bytes | None]:
    """An output as Markdown, and the picture that it is, where it is one."""
    if output.output_type == "stream":
        return f"```text\n{output.text.rstrip()}\n```", None
    data = output.get("data", {})
    if "image/png" in data:
        return f"![{data.get('text/plain', name)}]({name})", base64.b64decode(data["image/png"])
    if "text/html" in data:
        # no empty line, which would end the block; nothing of it is read as Markdown
        html = "\n".join(line.strip() for line in data["text/html"].splitlines() if line.strip())
        return f'<div class="output">\n{html}\n</div>', None
    if "text/markdown" in data:
        return str(data["text/markdown"]), None
    return f"```text\n{data.get('text/plain', '')}\n```", None
