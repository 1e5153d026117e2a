"""Build the sdist, the wheel from it, and try the wheel in a clean environment: `make dist`.

    python -m tools.distribution DIST

The clean environment has the wheel and, by a path, the packages beside this Python: not the project's folder.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import sysconfig
import tarfile
import tempfile
import zipfile
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).parents[1]
#: what must stand in a wheel beside modules, and what must not
NEEDED = (
    "budgetkit/py.typed", "budgetkit/specs/frames.toml", "budgetkit/specs/lexicon.toml", "budgetkit/specs/places.csv",
    "budgetkit/specs/codes/function.csv", "budgetkit/specs/analysis/cofog.csv", "budgetkit/specs/audit/report.html",
    "budgetkit/fonts/NotoSansSC-Regular.ttf", "budgetkit/fonts/OFL.txt",
)  # fmt: skip
PACKAGE = "budgetkit/"
SMOKE = """
import importlib.util, json, sys
import budgetkit as bk
sample, folder = sys.argv[1:]
document = bk.read(sample)
findings = bk.check(document)
book = bk.to_excel(document, folder + "/book.xlsx")
ax = bk.plots.cost_structure(bk.cost_structure(document))
ax.figure.savefig(folder + "/plot.png")
print(json.dumps({
    "file": bk.__file__, "version": bk.__version__, "facts": len(document.facts), "findings": len(findings),
    "excel": book.stat().st_size, "code": bk.codes.function.name("201"),
    "strange": [name for name in ("tools", "tests", "benchmarks") if importlib.util.find_spec(name)],
}))
"""


def build(dist: Path) -> tuple[Path, Path]:
    """The sdist of the project's folder, and the wheel that is built of the sdist."""
    dist.mkdir(parents=True, exist_ok=True)
    for old in [*dist.glob("*.whl"), *dist.glob("*.tar.gz")]:
        old.unlink()
    _run([sys.executable, "-m", "hatchling", "build", "-t", "sdist", "-d", str(dist)], ROOT)
    (sdist,) = dist.glob("*.tar.gz")
    with tempfile.TemporaryDirectory() as folder:
        with tarfile.open(sdist) as archive:
            archive.extractall(folder, filter="data")
        (unpacked,) = Path(folder).iterdir()
        _run([sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(dist)], unpacked)
    (wheel,) = dist.glob("*.whl")
    return sdist, wheel


def contents(wheel: Path) -> list[str]:
    """What is wrong with what a wheel holds; nothing when it is right."""
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    own = {path.relative_to(ROOT).as_posix() for path in (ROOT / "budgetkit").rglob("*") if path.is_file()}
    own = {name for name in own if "__pycache__" not in name}
    strange = {name for name in names if not name.startswith(PACKAGE) and ".dist-info/" not in name}
    lacking = (own | set(NEEDED)) - names
    return [f"not in the wheel: {name}" for name in sorted(lacking)] + [f"strange: {name}" for name in sorted(strange)]


def smoke(wheel: Path, sample: Path) -> dict[str, object]:
    """What the wheel does in a clean environment: a sample read, checked, drawn and exported, and its command line."""
    with tempfile.TemporaryDirectory() as folder:
        venv = Path(folder) / "venv"
        _run([sys.executable, "-m", "venv", "--without-pip", str(venv)], ROOT)
        python = venv / "bin" / "python"
        _run([sys.executable, "-m", "pip", "--python", str(python), "install", "-q", "--no-deps", str(wheel)], ROOT)
        home = Path(_run([str(python), "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"], venv).strip())
        # packages of this environment; the .pth of its editable install is not read from there
        (home / "packages.pth").write_text(sysconfig.get_path("purelib"), encoding="utf-8")
        told = json.loads(_run([str(python), "-c", SMOKE, str(sample), folder], venv).splitlines()[-1])
        said = [_run(command, venv) for command in ([str(venv / "bin" / "budgetkit"), "--version"],
                                                    [str(python), "-m", "budgetkit", "--version"])]  # fmt: skip
        return {**told, "inside": Path(told["file"]).is_relative_to(home), "command": [text.strip() for text in said]}


def _run(command: Sequence[str], place: Path) -> str:
    clean = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "PYTHONHOME")}
    done = subprocess.run(command, cwd=place, env=clean, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{' '.join(command)}\n{done.stdout}{done.stderr}")
    return done.stdout


def main() -> None:
    """Build, look, try; the exit code says whether all is right."""
    parser = argparse.ArgumentParser(description="Build the sdist and the wheel, and try the wheel.")
    parser.add_argument("dist", type=Path)
    sdist, wheel = build(parser.parse_args().dist.resolve())
    wrong = contents(wheel)
    told = smoke(wheel, ROOT / "data" / "raw" / "korla_service_center_final_2022.pdf")
    version = str(told["version"])
    wrong += [] if told["inside"] else [f"budgetkit came from {told['file']}"]
    wrong += [] if told["strange"] == [] else [f"can be imported: {told['strange']}"]
    wrong += [] if all(version in text for text in told["command"]) else [f"--version says {told['command']}"]  # type: ignore[attr-defined]
    for path in (sdist, wheel):
        print(f"{path.name}: {path.stat().st_size:,} bytes")
    print(f"read {told['facts']} facts, {told['findings']} findings, budgetkit {version}")
    if wrong:
        sys.exit("\n".join(wrong))


if __name__ == "__main__":
    main()
