"""A build from and into an object store, by a local server that speaks S3."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import budgetkit as bk
from budgetkit.corpus.build import build_with

pytest.importorskip("s3fs")
servers = pytest.importorskip("moto.server")
TESTS = str(Path(__file__).parent)


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    import s3fs

    server = servers.ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    told = {"AWS_ACCESS_KEY_ID": "x", "AWS_SECRET_ACCESS_KEY": "x", "AWS_DEFAULT_REGION": "us-east-1"}
    for name, value in {**told, "AWS_ENDPOINT_URL": f"http://{host}:{port}"}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.syspath_prepend(TESTS)
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([TESTS, os.environ.get("PYTHONPATH", "")]))
    s3fs.S3FileSystem.clear_instance_cache()
    yield s3fs.S3FileSystem()
    s3fs.S3FileSystem.clear_instance_cache()
    server.stop()


def test_documents_and_tables_in_an_object_store(store: Any) -> None:
    store.mkdir("bucket")
    store.pipe_file("bucket/raw/2024/a.pdf", b"1")
    store.pipe_file("bucket/raw/b.pdf", b"unreadable")
    built = build_with("stub_reader:read", "s3://bucket/raw", "s3://bucket/processed", workers=1)
    assert built.documents["path"].to_list() == ["2024/a.pdf", "b.pdf"]
    assert built.documents["status"].to_list() == ["ok", "failed"]
    assert built.facts["amount"].to_list() == [1.0]
    assert bk.query(built, "select document, amount from facts").to_numpy().tolist() == [["a", 1.0]]
    store.pipe_file("bucket/raw/2024/a.pdf", b"5")
    again = build_with("stub_reader:read", "s3://bucket/raw", "s3://bucket/processed", workers=1)
    assert again.facts["amount"].to_list() == [5.0]
    assert len(store.find("bucket/processed")) == 10
    assert bk.load("s3://bucket/processed", where={"status": "ok"}).documents["document"].to_list() == ["a"]
