"""What is read hangs on the file alone: not on the time, the place, the language or the hash seed of the process."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from pathlib import Path

import pytest
from places import RAW
from seeds import SEEDS

import budgetkit as bk

SAMPLE = RAW / "urumqi_service_center_final_2020.pdf"

#: prints one hash over all frames and findings
_TOLD = """
import hashlib, sys
import budgetkit as bk
doc = bk.read(sys.argv[1])
names = ("documents", "facts", "statements", "projects", "project_funds", "indicators", "leftovers")
frames = [*(getattr(doc, name) for name in names), bk.check(doc)]
whole = "".join(frame.to_json(orient="split", date_format="iso", double_precision=15) for frame in frames)
print(hashlib.sha256(whole.encode()).hexdigest())
"""
SURROUNDINGS = (
    {"PYTHONHASHSEED": "1", "TZ": "UTC", "LC_ALL": "C.UTF-8"},
    {"PYTHONHASHSEED": "4242", "TZ": "Asia/Shanghai", "LC_ALL": "C"},
    {"PYTHONHASHSEED": "77", "TZ": "America/St_Johns", "LANG": "zh_CN.GB18030", "OMP_NUM_THREADS": "1"},
)


def told(surroundings: dict[str, str]) -> str:
    done = subprocess.run(
        [sys.executable, "-c", _TOLD, str(SAMPLE)],
        env={**os.environ, **surroundings},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-1000:]
    return done.stdout


def test_frames_are_the_same_whatever_surrounds_the_process() -> None:
    assert len({told(one) for one in SURROUNDINGS}) == 1


@pytest.mark.parametrize("name", ["html", "xlsx", "docx", "text"])
def test_frames_are_the_same_twice(name: str) -> None:
    data = SEEDS[name]()
    once, again = bk.read(data), bk.read(data)
    for frame in ("documents", "facts", "statements", "projects", "project_funds", "indicators", "leftovers"):
        assert getattr(once, frame).equals(getattr(again, frame)), frame
    assert bk.check(once).equals(bk.check(again))


def test_many_reads_leave_nothing_behind() -> None:
    """Of memory, open files and threads."""
    made = [SEEDS[name]() for name in ("html", "xlsx", "xls", "docx", "text")]

    def held() -> tuple[int, int]:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, len(os.listdir("/proc/self/fd"))

    for data in made * 2:
        bk.read(data)
    memory, files = held()
    for data in made * 6:
        bk.read(data)
    later, still = held()
    assert still == files
    assert later - memory < 60_000


def test_frames_are_the_same_however_many_processes_read(tmp_path: Path) -> None:
    raw = tmp_path / "raw"
    raw.mkdir()
    for name in ("html", "text", "csv"):
        (raw / f"{name}.bin").write_bytes(SEEDS[name]())
    one, three = (bk.build(raw, tmp_path / f"p{workers}", workers=workers) for workers in (1, 3))
    assert len(one.documents) == 3
    assert len(one.facts)
    for frame in (
        "documents",
        "facts",
        "statements",
        "projects",
        "project_funds",
        "indicators",
        "leftovers",
        "entities",
    ):
        assert getattr(one, frame).equals(getattr(three, frame)), frame
    assert bk.check(one).equals(bk.check(three))
