"""Raw folders: ids of documents, archives, what is no document."""

from __future__ import annotations

import io
import tarfile
import zipfile
from pathlib import Path, PurePosixPath, PureWindowsPath

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from budgetkit.corpus import archives, ids
from budgetkit.corpus import build as corpus
from budgetkit.corpus.files import list_files
from budgetkit.corpus.folders import folder

TESTS = str(Path(__file__).parent)


def zipped(members: dict[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, data in members.items():
            packed.writestr(name, data)
    return file.getvalue()


def tarred(members: dict[str, bytes]) -> bytes:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w:gz") as packed:
        for name, data in members.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(data)
            packed.addfile(entry, io.BytesIO(data))
    return file.getvalue()


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
    files = {file.relative: file for file in list_files(folder(tmp_path))[0]}
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


@given(st.lists(st.tuples(st.text(min_size=1, max_size=90), st.just("ab")), max_size=6))
@settings(deadline=None, max_examples=30)
def test_ids_never_leave_a_folder(files: list[tuple[str, str]]) -> None:
    found = ids.ids(files)
    assert len({name.casefold() for name in found}) == len(files)
    for name in found:
        parts = PurePosixPath(name).parts
        assert parts
        assert not {"..", "/"}.intersection(parts)
        assert not PureWindowsPath(name).is_absolute()
        assert not PureWindowsPath(name).is_reserved() if hasattr(PureWindowsPath, "is_reserved") else True
        assert all(len(part.encode("utf-8", "replace")) <= 255 for part in parts)
        assert name.isprintable() or not any(ord(letter) < 32 for letter in name)


def test_hostile_names() -> None:
    listed = [
        "../../etc/passwd.pdf",
        "a\nb.pdf",
        "CON.pdf",
        "长" * 120 + ".pdf",
        "长" * 121 + ".pdf",
        "x:y|z.pdf",
        "..pdf",
    ]
    found = ids.ids([(name, "ab") for name in listed])
    assert found[:3] == ["passwd", "a_b", "CON_"]
    assert found[5] == "x_y_z"
    assert len(set(found)) == len(listed)


def test_what_is_no_document_is_left_out(tmp_path: Path) -> None:
    listed = ["a.pdf", "b", "manifest.csv", "README.md", ".hidden.pdf", "~$a.xlsx", "c.pdf.part", "Thumbs.db"]
    for name in listed:
        (tmp_path / name).touch()
    (tmp_path / ".folder").mkdir()
    (tmp_path / ".folder" / "d.pdf").touch()
    (tmp_path / "processed").mkdir()
    (tmp_path / "processed" / "facts.parquet").touch()
    found, _ = list_files(folder(tmp_path), without=folder(tmp_path / "processed"))
    assert [file.relative for file in found] == ["a.pdf", "b"]


def test_what_did_not_change_is_not_opened_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import os

    (tmp_path / "a.pdf").write_text("1")
    os.utime(tmp_path / "a.pdf", (1, 1))
    # what has just changed may change again within the same tick of the clock
    assert list_files(folder(tmp_path))[1] == {}
    monkeypatch.setattr("budgetkit.corpus.files._UNSURE", -60)
    first, seen = list_files(folder(tmp_path))
    assert set(seen) == {"a.pdf"}
    monkeypatch.setattr("budgetkit.corpus.files._opened", None)
    assert list_files(folder(tmp_path), known=seen)[0] == first


def test_members_of_archives_are_documents(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(TESTS)
    raw = tmp_path / "raw"
    raw.mkdir()
    inner = tarred({"deep/c.pdf": b"3", ".hidden": b"0"})
    (raw / "years.zip").write_bytes(
        zipped({"2024/a.pdf": b"1", "../b.pdf": b"2", "inner.tar.gz": inner, "__MACOSX/x": b"1", "README": b""})
    )
    (raw / "office.docx").write_bytes(zipped({"[Content_Types].xml": b"", "word/document.xml": b""}))
    for _ in range(2):
        built = corpus.build_with("stub_reader:read", raw, tmp_path / "processed", workers=1)
        paths = dict(zip(built.documents["document"], built.documents["path"], strict=True))
        assert paths == {
            "a": "years.zip/2024/a.pdf",
            "b": "years.zip/b.pdf",
            "c": "years.zip/inner.tar.gz/deep/c.pdf",
            "office": "office.docx",
        }
        amounts = dict(zip(built.facts["document"], built.facts["amount"], strict=True))
        assert {name: amounts[name] for name in "abc"} == {"a": 1.0, "b": 2.0, "c": 3.0}
    assert not list((tmp_path / "processed" / ".members").glob("*"))


def test_archives_are_bounded() -> None:
    bomb = io.BytesIO(zipped({f"{n}.pdf": bytes(1_000) for n in range(5)}))
    found = list(archives.members(bomb, archives.Bounds(total_bytes=2_500)))
    assert [member.name for member in found] == ["0.pdf", "1.pdf", ""]
    assert found[-1].problem == "too large: 2.pdf makes it more than 500 bytes"
    found = list(archives.members(bomb, archives.Bounds(members=2)))
    assert found[-1].problem == "too large: more than 2 files"
    nested = io.BytesIO(zipped({"a.zip": zipped({"b.zip": zipped({"c": b"1"})})}))
    assert [(m.name, m.problem) for m in archives.members(nested, archives.Bounds(depth=2))] == [
        ("a.zip/b.zip", "an archive within 2 others is not opened")
    ]
    broken = io.BytesIO(bomb.getvalue()[:-30])
    assert not archives.is_archive(broken)
