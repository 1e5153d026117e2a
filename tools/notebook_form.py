"""The form in which notebooks are stored: cells and outputs, and nothing of the machine or the moment.

    python -m tools.notebook_form notebooks/*.ipynb

`make notebooks` brings the notebooks into it, and in the JupyterLab of `make lab` every save does (`pre_save_hook`), so
that running and saving a notebook changes a tracked file only where an output differs.
"""

from __future__ import annotations

import sys
from typing import Any

METADATA = {
    "jupytext": {
        "formats": "ipynb,py:percent",
        "notebook_metadata_filter": "-kernelspec,-jupytext.text_representation.jupytext_version",
    },
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}
#: what a cell keeps beside source and outputs
KEPT = ("alt", "tags")


def form(notebook: Any) -> None:
    """Take out in place versions, names of kernels, times, what was folded; count executed cells from the top."""
    notebook["metadata"] = METADATA
    for number, cell in enumerate((cell for cell in notebook["cells"] if cell["cell_type"] == "code"), 1):
        if cell.get("execution_count") is not None:
            cell["execution_count"] = number
        for output in cell["outputs"]:
            if output["output_type"] == "execute_result":
                output["execution_count"] = number
    for cell in notebook["cells"]:
        cell["metadata"] = {name: cell["metadata"][name] for name in KEPT if name in cell["metadata"]}


def saving(model: Any, **_: Any) -> None:
    """What JupyterLab's server calls before it writes a file."""
    if model["type"] == "notebook" and model.get("content"):
        form(model["content"])


def main() -> None:
    """Bring the notebooks that are named into the form."""
    import nbformat

    for path in sys.argv[1:]:
        notebook = nbformat.read(path, 4)
        form(notebook)
        nbformat.write(nbformat.from_dict(notebook), path)


if __name__ == "__main__":
    main()
