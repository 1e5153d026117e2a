"""The corpus: incremental, unhurt by kills, deaths and damaged files; with a stub in place of the parser."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pandas as pd
import pytest

from budgetkit import frames
from budgetkit.corpus import build as corpus
from budgetkit.corpus import files as listing
from budgetkit.corpus import pool as workers
from budgetkit.corpus import store as storage
from budgetkit.errors import BudgetkitError, SpecError

TESTS = str(Path(__file__).parent)
STUB = "stub_reader:read"


@pytest.fixture
def folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, Path]:
    monkeypatch.syspath_prepend(TESTS)
    monkeypatch.setenv("STUB_LOG", str(tmp_path / "log"))
    (tmp_path / "raw").mkdir()
    return tmp_path / "raw", tmp_path / "processed"


def write(raw: Path, **texts: str) -> None:
    for name, text in texts.items():
        (raw / f"{name}.pdf").write_text(text, encoding="utf-8")


def were_read(raw: Path) -> list[str]:
    """Files that the stub read since the last call."""
    log = raw.parent / "log"
    lines = sorted(log.read_text(encoding="utf-8").split()) if log.exists() else []
    log.unlink(missing_ok=True)
    return lines


def amounts(built: corpus.Corpus) -> dict[str, float]:
    return dict(zip(built.facts["document"], built.facts["amount"], strict=True))


def test_second_build_reads_only_what_changed(folders: tuple[Path, Path]) -> None:
    raw, processed = folders
    write(raw, a="1", b="2")
    first = corpus.build_with(STUB, raw, processed, workers=1)
    assert amounts(first) == {"a": 1.0, "b": 2.0}
    assert were_read(raw) == ["a.pdf", "b.pdf"]
    stamps = {path: path.stat().st_mtime_ns for path in processed.glob("*.parquet")}
    assert len(stamps) == 7
    again = corpus.build_with(STUB, raw, processed, workers=1)
    assert were_read(raw) == []
    assert again.fingerprint == first.fingerprint
    assert {path: path.stat().st_mtime_ns for path in processed.glob("*.parquet")} == stamps
    write(raw, b="3")
    assert amounts(corpus.build_with(STUB, raw, processed, workers=1)) == {"a": 1.0, "b": 3.0}
    assert were_read(raw) == ["b.pdf"]


def test_moved_and_removed_files(folders: tuple[Path, Path]) -> None:
    raw, processed = folders
    write(raw, a="1", b="2")
    before = corpus.build_with(STUB, raw, processed, workers=1)
    (raw / "a.pdf").rename(raw / "c.pdf")
    (raw / "b.pdf").unlink()
    were_read(raw)
    after = corpus.build_with(STUB, raw, processed, workers=1)
    assert were_read(raw) == []
    assert amounts(after) == {"c": 1.0}
    assert list(after.documents["path"]) == ["c.pdf"]
    assert len(list((processed / ".documents").iterdir())) == 1
    with pytest.raises(BudgetkitError, match="changed since the corpus was loaded"):
        _ = before.facts


def test_frames_are_those_of_the_contract_and_load_gives_them_back(folders: tuple[Path, Path]) -> None:
    raw, processed = folders
    write(raw, a="1", b="2", c="unreadable")
    built = corpus.build_with(STUB, raw, processed, workers=2)
    loaded = corpus.load(processed)
    for name in storage.STORED:
        frames.validate(name, getattr(loaded, name))
        pd.testing.assert_frame_equal(getattr(built, name), getattr(loaded, name))
    assert repr(loaded).startswith(f"Corpus({str(processed)!r}: 3 documents, 2 facts, 0 statements")
    assert repr(loaded).endswith("documents: 2 ok, 1 failed)")
    assert "<tr><th>facts</th><td>2</td></tr>" in loaded._repr_html_()


def test_failures_of_every_kind_cost_their_document_only(folders: tuple[Path, Path]) -> None:
    raw, processed = folders
    write(raw, bug="bug", dies="dies", fine="1", later="2", unreadable="unreadable")
    documents = corpus.build_with(STUB, raw, processed, workers=2).documents.set_index("document")
    assert list(documents.index) == ["bug", "dies", "fine", "later", "unreadable"]
    assert list(documents["status"]) == ["failed", "failed", "ok", "ok", "failed"]
    assert documents["reason"].dropna().to_dict() == {
        "bug": "bug.pdf: KeyError: 'column'",
        "dies": "dies.pdf: could not be read, its process was ended by signal SIGSEGV",
        "unreadable": "unreadable.pdf: no document",
    }
    assert documents["sha256"].notna().all()
    were_read(raw)
    corpus.build_with(STUB, raw, processed, workers=1)
    assert were_read(raw) == ["bug.pdf", "dies.pdf"]


def test_task_that_hangs_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(TESTS)
    results = list(workers.run("time:sleep", [60, 0], workers=1, time_limit=10.0))
    assert results == [(60, workers.Death("not done within 10 seconds")), (0, None)]


def test_killed_build_leaves_nothing_half_and_loses_nothing_finished(folders: tuple[Path, Path]) -> None:
    raw, processed = folders
    write(raw, **{f"d{number}": str(number) for number in range(6)})
    call = f"build_with({STUB!r}, {str(raw)!r}, {str(processed)!r}, workers=1)"
    code = f"from budgetkit.corpus.build import build_with; {call}"
    environment = {**os.environ, "STUB_DELAY": "0.3", "PYTHONPATH": os.pathsep.join([TESTS, *filter(None, sys.path)])}
    process = subprocess.Popen([sys.executable, "-c", code], env=environment, stderr=subprocess.DEVNULL)
    parts = processed / ".documents"
    deadline = time.monotonic() + 60
    while len(list(parts.glob("[!.]*"))) < 2 and time.monotonic() < deadline:
        time.sleep(0.02)
    process.send_signal(signal.SIGKILL)
    process.wait()
    # the worker ends by itself after its document
    time.sleep(0.8)
    finished = list(parts.glob("[!.]*"))
    assert 2 <= len(finished) < 6
    assert all(len(list(part.iterdir())) == len(storage.STORED) for part in finished)
    with pytest.raises(BudgetkitError, match="no corpus here"):
        corpus.load(processed)
    were_read(raw)
    resumed = corpus.build_with(STUB, raw, processed, workers=1)
    assert len(were_read(raw)) == 6 - len(finished)
    assert amounts(resumed) == {f"d{number}": float(number) for number in range(6)}


def test_parts_made_anew_reach_the_tables(folders: tuple[Path, Path]) -> None:
    raw, processed = folders
    write(raw, a="1")
    first = corpus.build_with(STUB, raw, processed, workers=1)
    shutil.rmtree(processed / ".documents")
    assert corpus.build_with(STUB, raw, processed, workers=1).fingerprint != first.fingerprint


def test_tables_of_two_builds_are_no_corpus(folders: tuple[Path, Path]) -> None:
    raw, processed = folders
    write(raw, a="1")
    corpus.build_with(STUB, raw, processed, workers=1)
    kept = (processed / "facts.parquet").read_bytes()
    write(raw, a="2")
    corpus.build_with(STUB, raw, processed, workers=1)
    (processed / "facts.parquet").write_bytes(kept)
    with pytest.raises(BudgetkitError, match="the last build did not finish; run it again"):
        corpus.load(processed)
    assert amounts(corpus.build_with(STUB, raw, processed, workers=1)) == {"a": 2.0}


def test_ids_are_unique_and_do_not_depend_on_order(tmp_path: Path) -> None:
    for name, text in {
        "report.pdf": "1",
        "2023/report.pdf": "2",
        "2024/report.pdf": "3",
        "2024/report.html": "4",
        "b/2024/report.pdf": "3",
        "other.x.pdf": "5",
    }.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    files = {file.relative: file for file in listing.list_files(tmp_path)}
    three = files["2024/report.pdf"].sha256 or ""
    assert {relative: file.document for relative, file in files.items()} == {
        "report.pdf": "report",
        "2023/report.pdf": "2023/report",
        "2024/report.html": f"2024/report-{(files['2024/report.html'].sha256 or '')[:8]}",
        "2024/report.pdf": "2024/report.pdf",
        "b/2024/report.pdf": "b/2024/report.pdf",
        "other.x.pdf": "other.x",
    }
    assert files["b/2024/report.pdf"].sha256 == three


def test_same_content_twice_is_read_once_and_listed_twice(folders: tuple[Path, Path]) -> None:
    raw, processed = folders
    (raw / "x").mkdir()
    write(raw, a="1")
    write(raw / "x", b="1")
    built = corpus.build_with(STUB, raw, processed, workers=2)
    assert len(were_read(raw)) == 1
    assert amounts(built) == {"a": 1.0, "b": 1.0}
    assert list(built.documents["path"]) == ["a.pdf", "x/b.pdf"]


def test_what_is_no_document_is_left_out(tmp_path: Path) -> None:
    names = ["a.pdf", "b", "manifest.csv", "README.md", ".hidden.pdf", "~$a.xlsx", "c.pdf.part", "Thumbs.db"]
    for name in names:
        (tmp_path / name).touch()
    (tmp_path / ".folder").mkdir()
    (tmp_path / ".folder" / "d.pdf").touch()
    (tmp_path / "processed").mkdir()
    (tmp_path / "processed" / "facts.parquet").touch()
    found = listing.list_files(tmp_path, without=tmp_path / "processed")
    assert [file.relative for file in found] == ["a.pdf", "b"]


def test_empty_folder_gives_empty_frames(folders: tuple[Path, Path]) -> None:
    raw, processed = folders
    built = corpus.build_with(STUB, raw, processed)
    for name in storage.STORED:
        pd.testing.assert_frame_equal(getattr(built, name), frames.make(name, []))


def test_wrong_arguments_are_named(tmp_path: Path) -> None:
    with pytest.raises(BudgetkitError, match="nowhere: no such folder"):
        corpus.build(tmp_path / "nowhere", tmp_path / "processed")
    assert not (tmp_path / "processed").exists()
    (tmp_path / "file").touch()
    with pytest.raises(BudgetkitError, match="file: not a folder"):
        corpus.build(tmp_path / "file", tmp_path / "processed")
    with pytest.raises(BudgetkitError, match="file: the folder cannot be made"):
        corpus.build(tmp_path, tmp_path / "file")
    with pytest.raises(SpecError, match="workers must be at least 1, not 0"):
        corpus.build(tmp_path, tmp_path / "processed", workers=0)
    with pytest.raises(BudgetkitError, match="no corpus here"):
        corpus.load(tmp_path)


def test_two_builds_at_once_are_refused(folders: tuple[Path, Path]) -> None:
    raw, processed = folders
    processed.mkdir()
    with storage.locked(processed), pytest.raises(BudgetkitError, match="another build is writing here"):
        corpus.build_with(STUB, raw, processed)
    assert len(corpus.build_with(STUB, raw, processed).documents) == 0


def test_client_reads_instead_of_processes(folders: tuple[Path, Path]) -> None:
    raw, processed = folders
    write(raw, a="1", b="unreadable")
    with ThreadPoolExecutor(1) as client:
        built = corpus.build_with(STUB, raw, processed, client=client)
    assert amounts(built) == {"a": 1.0}
    assert list(built.documents["status"]) == ["ok", "failed"]
