"""The corpus: incremental, unhurt by kills, deaths and damaged files; with a stub in place of the parser."""

from __future__ import annotations

import os
import random
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
from budgetkit.corpus import collection, parts
from budgetkit.corpus import pool as workers
from budgetkit.corpus import store as storage
from budgetkit.corpus.folders import folder, locked
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


def assert_same(one: corpus.Corpus, other: corpus.Corpus) -> None:
    for name in (*parts.STORED, "entities"):
        frames.validate(name, getattr(one, name))
        pd.testing.assert_frame_equal(getattr(one, name), getattr(other, name))


def tables(processed: Path) -> dict[str, int]:
    found = [path for path in processed.rglob("*.parquet") if not path.name.startswith(".")]
    return {str(path.relative_to(processed)): path.stat().st_mtime_ns for path in found}


def test_second_build_reads_only_what_changed(folders: tuple[Path, Path]) -> None:
    raw, processed = folders
    write(raw, a="1", b="2")
    first = corpus.build_with(STUB, raw, processed, workers=1)
    assert amounts(first) == {"a": 1.0, "b": 2.0}
    assert were_read(raw) == ["a.pdf", "b.pdf"]
    stamps = tables(processed)
    assert len(stamps) == 8
    again = corpus.build_with(STUB, raw, processed, workers=1)
    assert were_read(raw) == []
    assert again.fingerprint == first.fingerprint
    assert tables(processed) == stamps
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
    assert len(tables(processed)) == 8
    with pytest.raises(BudgetkitError, match="changed since the corpus was loaded"):
        _ = before.facts


def test_frames_are_those_of_the_contract_and_load_gives_them_back(folders: tuple[Path, Path]) -> None:
    raw, processed = folders
    write(raw, a="1", b="2", c="unreadable")
    built = corpus.build_with(STUB, raw, processed, workers=2)
    loaded = corpus.load(processed)
    assert_same(built, loaded)
    assert repr(loaded).startswith(f"Corpus({str(processed)!r}: 3 documents, 2 facts, 0 statements")
    assert repr(loaded).endswith("documents: 2 ok, 1 failed)")
    assert "<tr><th>facts</th><td>2</td></tr>" in loaded._repr_html_()
    assert loaded.entities.loc[0, ["entity_id", "place_name", "documents"]].to_list() == [
        "650105-a",
        "新疆/乌鲁木齐市/水磨沟区",
        1,
    ]


def test_load_reads_columns_and_rows_that_are_asked_for(folders: tuple[Path, Path]) -> None:
    raw, processed = folders
    write(raw, 甲局_2023="1", 甲局_2024="2", 乙局_2024="3", c="unreadable")
    corpus.build_with(STUB, raw, processed, workers=1)
    narrow = corpus.load(processed, columns={"facts": ["amount", "document"]})
    assert list(narrow.facts.columns) == ["document", "amount"]
    assert len(narrow.documents.columns) == len(frames.spec("documents").columns)
    asked = corpus.load(processed, where={"fiscal_year": 2024, "entity_id": ["650105-甲局", "650105-丙局"]})
    assert amounts(asked) == {"甲局_2024": 2.0}
    # facts have no status: their documents have
    assert len(corpus.load(processed, where={"status": "failed"}).facts) == 0
    assert len(corpus.load(processed, where={"status": "ok"}).facts) == 3
    assert list(corpus.load(processed, where={"fiscal_year": [None]}).documents["document"]) == ["c"]
    with pytest.raises(SpecError, match="facts: unknown column amout; known are document, table"):
        corpus.load(processed, columns={"facts": ["amout"]})
    with pytest.raises(SpecError, match="where: unknown column year_"):
        corpus.load(processed, where={"year_": 1})


def test_failures_of_every_kind_cost_their_document_only(folders: tuple[Path, Path]) -> None:
    raw, processed = folders
    write(raw, bug="bug", dies="dies", fine="1", later="2", unreadable="unreadable")
    built = corpus.build_with(STUB, raw, processed, workers=2)
    documents = built.documents.set_index("document")
    assert list(documents.index) == ["bug", "dies", "fine", "later", "unreadable"]
    assert list(documents["status"]) == ["failed", "failed", "ok", "ok", "failed"]
    assert documents["reason"].dropna().to_dict() == {
        "bug": "bug.pdf: KeyError: 'column'",
        "dies": "dies.pdf: could not be read, its process was ended by signal SIGSEGV",
        "unreadable": "unreadable.pdf: no document",
    }
    assert documents["sha256"].notna().all()
    # no parser got to the end of these; the one that cannot be read was read
    assert documents["parser_version"].isna().to_dict() == {
        "bug": True,
        "dies": True,
        "fine": False,
        "later": False,
        "unreadable": False,
    }
    told = collection.problems(built.documents)
    assert told.startswith("3 failed: bug.pdf: KeyError: 'column'; dies.pdf: could not be read")
    were_read(raw)
    corpus.build_with(STUB, raw, processed, workers=1)
    assert were_read(raw) == ["bug.pdf", "dies.pdf"]


def test_task_that_hangs_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(TESTS)
    results = list(workers.run("time:sleep", [60, 0], workers=1, time_limit=5.0))
    assert results == [(60, workers.Death("not done within 5 seconds")), (0, None)]


def started(raw: Path, processed: Path, delay: float, before: str = "") -> subprocess.Popen[bytes]:
    """A build in a process of its own."""
    code = (
        f"{before}\nfrom budgetkit.corpus.build import build_with\n"
        f"build_with({STUB!r}, {str(raw)!r}, {str(processed)!r}, workers=2)"
    )
    path = os.pathsep.join([TESTS, *filter(None, sys.path)])
    environment = {**os.environ, "STUB_DELAY": str(delay), "PYTHONPATH": path}
    return subprocess.Popen([sys.executable, "-c", code], env=environment, stderr=subprocess.PIPE)


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT])
def test_killed_builds_change_nothing_in_the_end(folders: tuple[Path, Path], how: signal.Signals) -> None:
    raw, processed = folders
    write(raw, **{f"d{number}": str(number) for number in range(24)}, broken="unreadable")
    undisturbed = corpus.build_with(STUB, raw, processed.with_name("undisturbed"), workers=2)
    waits = random.Random(how)
    for _ in range(3):
        process = started(raw, processed, 0.02)
        time.sleep(waits.uniform(1.0, 3.0))
        process.send_signal(how)
        process.communicate()
    # the workers of a killed build end by themselves after their document
    time.sleep(0.3)
    were_read(raw)
    kept = len(parts.pending(folder(processed))) if not (processed / "corpus.json").exists() else 25
    assert_same(corpus.build_with(STUB, raw, processed, workers=2), undisturbed)
    assert len(were_read(raw)) == 25 - kept
    assert not any(path.is_file() for path in (processed / ".documents").rglob("*"))


def test_kill_while_tables_are_replaced_leaves_those_before(folders: tuple[Path, Path]) -> None:
    raw, processed = folders
    write(raw, a="1")
    before = corpus.build_with(STUB, raw, processed, workers=1)
    write(raw, b="2")
    # dies where all tables are written and their list is not
    stop = "import os\nfrom budgetkit.corpus import store\nstore.write_list = lambda *a: os.kill(os.getpid(), 9)"
    started(raw, processed, 0, stop).communicate()
    assert len(tables(processed)) == 16
    assert_same(corpus.load(processed), before)
    assert amounts(corpus.build_with(STUB, raw, processed, workers=1)) == {"a": 1.0, "b": 2.0}
    assert len(tables(processed)) == 8


def test_full_disk_is_said_and_keeps_what_was(folders: tuple[Path, Path]) -> None:
    raw, processed = folders
    write(raw, a="100")
    corpus.build_with(STUB, raw, processed, workers=1)
    write(raw, **{f"d{number}": str(number) for number in range(40)})
    undisturbed = corpus.build_with(STUB, raw, processed.with_name("undisturbed"), workers=2)
    # too small for the table of all facts, and enough for a part
    room = undisturbed.listing.files["facts"]["all"].bytes - 500
    small = f"import resource\nresource.setrlimit(resource.RLIMIT_FSIZE, ({room}, {room}))"
    process = started(raw, processed, 0, small)
    _, errors = process.communicate()
    assert process.returncode == 1
    assert b"cannot be written (File too large); what was read is kept, build again" in errors
    assert amounts(corpus.load(processed)) == {"a": 100.0}
    were_read(raw)
    built = corpus.build_with(STUB, raw, processed, workers=2)
    assert were_read(raw) == []
    assert len(built.documents) == 41
    assert_same(built, undisturbed)


def test_part_that_cannot_be_written_costs_its_document(
    folders: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    raw, processed = folders
    write(raw, a="1")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(parts, "write_part", full)
    with ThreadPoolExecutor(1) as client:
        built = corpus.build_with(STUB, raw, processed, client=client)
    assert list(built.documents["reason"]) == ["a.pdf: OSError: [Errno 28] No space left on device"]


@pytest.mark.parametrize("damage", ["truncated", "removed"])
def test_damaged_tables_are_made_again(folders: tuple[Path, Path], damage: str) -> None:
    raw, processed = folders
    write(raw, a="1", b="2")
    first = corpus.build_with(STUB, raw, processed, workers=1)
    path = next((processed / "facts").iterdir())
    path.write_bytes(path.read_bytes()[:-20]) if damage == "truncated" else path.unlink()
    with pytest.raises(BudgetkitError, match=r"facts/all-\w+\.parquet: cannot be read .*; build again"):
        _ = corpus.load(processed).facts
    were_read(raw)
    again = corpus.build_with(STUB, raw, processed, workers=1)
    assert were_read(raw) == ["a.pdf", "b.pdf"]
    assert_same(again, first) if damage == "removed" else assert_frames_of(again, {"a": 1.0, "b": 2.0})


def assert_frames_of(built: corpus.Corpus, expected: dict[str, float]) -> None:
    assert amounts(built) == expected


def test_damaged_part_is_read_again(folders: tuple[Path, Path]) -> None:
    raw, processed = folders
    write(raw, a="1", b="2")
    stop = "from budgetkit.corpus import store\nstore.consolidate = None"
    started(raw, processed, 0, stop).communicate()
    left = sorted((processed / ".documents").rglob("*.arrow"))
    assert len(left) == 2
    left[0].write_bytes(left[0].read_bytes()[:-100])
    were_read(raw)
    assert amounts(corpus.build_with(STUB, raw, processed, workers=1)) == {"a": 1.0, "b": 2.0}
    assert len(were_read(raw)) == 1


def test_a_part_holds_what_has_rows_and_is_whole_or_none(tmp_path: Path) -> None:
    target = folder(str(tmp_path))
    rows = {"documents": [{"document": "a", "status": "ok"}], "leftovers": [{"document": "a", "page": 1, "text": "7"}]}
    tables = {name: frames.make(name, rows.get(name, [])) for name in parts.STORED}
    kept = parts.write_part(target, "f" * 64, tables, ((1, "一、收支情况"),))
    found = parts.read_part(target, "f" * 64)
    assert found is not None
    assert list(found) == ["leftovers", "documents"]
    assert found["documents"].to_pylist() == [{**kept, "passages": [{"page": 1, "text": "一、收支情况"}]}]
    assert kept["document"] == "a"
    path = tmp_path / parts.part_name("f" * 64)
    whole = path.read_bytes()
    for length in range(0, len(whole) - 40, 40):
        path.write_bytes(whole[:length])
        assert parts.read_part(target, "f" * 64) is None, length


def test_file_that_changes_while_it_is_read(folders: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    raw, processed = folders
    write(raw, a="1", b="2")
    listed = corpus.listing.list_files

    def then_changed(*args: object, **options: object) -> object:
        found = listed(*args, **options)  # type: ignore[arg-type]
        write(raw, b="30")
        return found

    monkeypatch.setattr(corpus.listing, "list_files", then_changed)
    built = corpus.build_with(STUB, raw, processed, workers=1)
    assert list(built.documents["status"]) == ["ok", "failed"]
    assert built.documents.loc[1, "reason"] == "b.pdf: the file changed while it was read; build again"
    monkeypatch.undo()
    monkeypatch.syspath_prepend(TESTS)
    assert amounts(corpus.build_with(STUB, raw, processed, workers=1)) == {"a": 1.0, "b": 30.0}


def test_same_content_twice_is_read_once_and_listed_twice(folders: tuple[Path, Path]) -> None:
    raw, processed = folders
    (raw / "x").mkdir()
    write(raw, a="1")
    write(raw / "x", b="1")
    for _ in range(2):
        built = corpus.build_with(STUB, raw, processed, workers=2)
        assert amounts(built) == {"a": 1.0, "b": 1.0}
        assert list(built.documents["path"]) == ["a.pdf", "x/b.pdf"]
        assert built.documents["duplicate_of"].fillna("").to_list() == ["", "a"]
        write(raw, c="2")
        write(raw / "x", b="1")
        (raw / "c.pdf").unlink()
    assert len(were_read(raw)) == 1


def test_groups_follow_the_number_of_documents(folders: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    raw, processed = folders
    write(raw, **{f"d{number}": str(number) for number in range(20)})
    one = corpus.build_with(STUB, raw, processed, workers=2)
    documents, of_one = one.documents, amounts(one)
    monkeypatch.setattr(storage, "digits_for", lambda count: 1 if count > 10 else 0)
    were_read(raw)
    many = corpus.build_with(STUB, raw, processed, workers=2)
    assert were_read(raw) == []
    assert amounts(many) == of_one
    pd.testing.assert_frame_equal(many.documents, documents)
    before = tables(processed)
    write(raw, new="21")
    assert len(corpus.build_with(STUB, raw, processed, workers=1).documents) == 21
    assert were_read(raw) == ["new.pdf"]
    after = tables(processed)
    changed = {name for name in after if after[name] != before.get(name)}
    # the group of the new document, and the table of entities
    assert len({name.partition("/")[2][0] for name in changed if "/" in name}) == 1
    assert len(changed) == 8


def test_empty_folder_gives_empty_frames(folders: tuple[Path, Path]) -> None:
    raw, processed = folders
    with pytest.warns(UserWarning, match="raw: there is no document in this folder"):
        built = corpus.build_with(STUB, raw, processed)
    for name in (*parts.STORED, "entities"):
        pd.testing.assert_frame_equal(getattr(built, name), frames.make(name, []))


def test_wrong_arguments_are_named(tmp_path: Path) -> None:
    with pytest.raises(BudgetkitError, match="nowhere: no such folder"):
        corpus.build(tmp_path / "nowhere", tmp_path / "processed")
    assert not (tmp_path / "processed").exists()
    (tmp_path / "file").touch()
    with pytest.raises(BudgetkitError, match=r"file: not a folder; budgetkit\.read takes one document"):
        corpus.build(tmp_path / "file", tmp_path / "processed")
    with pytest.raises(BudgetkitError, match="file: the folder cannot be made"):
        corpus.build(tmp_path, tmp_path / "file")
    with pytest.raises(SpecError, match="workers must be at least 1, not 0"):
        corpus.build(tmp_path, tmp_path / "processed", workers=0)
    with pytest.raises(BudgetkitError, match="no corpus here"):
        corpus.load(tmp_path)


def test_processed_folder_is_no_raw_folder(folders: tuple[Path, Path]) -> None:
    raw, processed = folders
    write(raw, a="1")
    corpus.build_with(STUB, raw, processed, workers=1)
    with pytest.raises(BudgetkitError, match=r"processed: holds the tables of a build and no documents; build\(raw"):
        corpus.build(processed, raw.with_name("other"))
    with pytest.raises(BudgetkitError, match="holds the tables of a build"):
        corpus.build(processed, processed)


def test_what_was_made_of_documents_is_none(folders: tuple[Path, Path]) -> None:
    raw, processed = folders
    write(raw, a="1")
    corpus.build_with(STUB, raw, raw / "tables", workers=1)
    (raw / "tables" / "report.html").write_text("2", encoding="utf-8")
    (raw / "analysis.ipynb").write_text("{}", encoding="utf-8")
    assert amounts(corpus.build_with(STUB, raw, processed, workers=1)) == {"a": 1.0}


def test_two_builds_at_once_are_refused(folders: tuple[Path, Path]) -> None:
    raw, processed = folders
    processed.mkdir()
    with locked(folder(processed)), pytest.raises(BudgetkitError, match="another build is writing here"):
        corpus.build_with(STUB, raw, processed)
    assert len(corpus.build_with(STUB, raw, processed).documents) == 0


def test_memory_and_urls(folders: tuple[Path, Path]) -> None:
    fsspec = pytest.importorskip("fsspec")
    raw, _ = folders
    write(raw, a="1", b="unreadable")
    memory = fsspec.filesystem("memory")
    memory.pipe_file("/raw/x/a.pdf", b"1")
    memory.pipe_file("/raw/.hidden/b.pdf", b"2")
    try:
        built = corpus.build_with(STUB, "memory://raw", "memory://processed")
        assert amounts(built) == {"a": 1.0}
        assert list(built.documents["path"]) == ["x/a.pdf"]
        assert amounts(corpus.load("memory://processed")) == {"a": 1.0}
        memory.pipe_file("/raw/x/a.pdf", b"2")
        assert amounts(corpus.build_with(STUB, "memory://raw", "memory://processed")) == {"a": 2.0}
        assert amounts(corpus.build_with(STUB, raw, "memory://other")) == {"a": 1.0}
        memory.pipe_file("/processed/.lock", b"")
        with pytest.raises(BudgetkitError, match="another build is writing here, or one was killed"):
            corpus.build_with(STUB, "memory://raw", "memory://processed")
    finally:
        memory.store.clear()


def test_plain_client_reads_instead_of_processes(folders: tuple[Path, Path]) -> None:
    raw, processed = folders
    write(raw, **{f"d{number}": str(number) for number in range(20)}, b="unreadable")
    with ThreadPoolExecutor(2) as client:
        built = corpus.build_with(STUB, raw, processed, client=client)
    assert len(built.facts) == 20
    assert built.documents.set_index("document")["status"].eq("ok").sum() == 20
