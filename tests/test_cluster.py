"""A build by a Dask cluster: the same frames, whatever worker is lost."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from budgetkit.corpus import build as corpus
from budgetkit.corpus import cluster
from budgetkit.errors import BudgetkitError

distributed = pytest.importorskip("distributed")
pytestmark = pytest.mark.slow
TESTS = str(Path(__file__).parent)
STUB = "stub_reader:read"


@pytest.fixture
def client(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    monkeypatch.syspath_prepend(TESTS)
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([TESTS, os.environ.get("PYTHONPATH", "")]))
    options = {"n_workers": 2, "threads_per_worker": 1, "dashboard_address": None, "memory_limit": 0}
    with distributed.LocalCluster(**options) as local, distributed.Client(local) as connected:
        yield connected


def folder_of(tmp_path: Path, count: int, **others: str) -> Path:
    raw = tmp_path / "raw"
    raw.mkdir()
    for name, text in {**{f"d{number}": str(number) for number in range(count)}, **others}.items():
        (raw / f"{name}.pdf").write_text(text, encoding="utf-8")
    return raw


def test_lost_workers_are_made_up_for(tmp_path: Path, client: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STUB_DELAY", "0.01")
    monkeypatch.setattr(cluster, "_FEWEST", 8)
    raw = folder_of(tmp_path, 300, broken="unreadable", bug="bug")
    workers = client.run(os.getpid)
    handed_out = []
    submit = client.submit
    monkeypatch.setattr(client, "submit", lambda *a, **k: handed_out.append(time.monotonic()) or submit(*a, **k))

    def kill() -> None:
        while len(handed_out) < 20:
            time.sleep(0.02)
        os.kill(next(iter(workers.values())), signal.SIGKILL)

    killer = threading.Thread(target=kill)
    killer.start()
    built = corpus.build_with(STUB, raw, tmp_path / "processed", client=client)
    killer.join()
    assert dict(built.documents["status"].value_counts()) == {"ok": 300, "failed": 2, "partial": 0}
    assert sorted(built.facts["amount"]) == [float(number) for number in range(300)]
    again = corpus.build_with(STUB, raw, tmp_path / "processed", client=client)
    # only what failed for no fault of its own is read again
    assert len(handed_out) == 303
    assert again.fingerprint == built.fingerprint


def test_document_that_ends_its_workers_is_named(tmp_path: Path, client: Any) -> None:
    raw = folder_of(tmp_path, 5, dies="dies")
    built = corpus.build_with(STUB, raw, tmp_path / "processed", client=client)
    failed = built.documents[built.documents["status"] == "failed"]
    assert list(failed["document"]) == ["dies"]
    assert "dies.pdf: could not be read, its worker was lost" in failed["reason"].iloc[0]
    assert len(built.facts) == 5


def test_document_that_hangs_ends_its_workers_and_nothing_else(
    tmp_path: Path, client: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster, "TIME_LIMIT", 2.0)
    raw = folder_of(tmp_path, 5, hangs="hangs")
    built = corpus.build_with(STUB, raw, tmp_path / "processed", client=client)
    failed = built.documents[built.documents["status"] == "failed"]
    assert list(failed["document"]) == ["hangs"]
    assert (
        "hangs.pdf: could not be read, its worker was lost 4 times, or ended after 2 seconds"
        in failed["reason"].iloc[0]
    )
    assert len(built.facts) == 5


def test_lost_cluster_is_said_and_what_was_read_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(TESTS)
    monkeypatch.setenv("STUB_DELAY", "0.05")
    raw = folder_of(tmp_path, 40)
    options = {"n_workers": 1, "threads_per_worker": 1, "dashboard_address": None, "processes": False}
    local = distributed.LocalCluster(**options)
    client = distributed.Client(local, timeout=5)
    closing = threading.Timer(1.0, local.close, kwargs={"timeout": 5})
    closing.start()
    with pytest.raises(BudgetkitError, match=r"the cluster was lost .* what it has read is kept, build again"):
        corpus.build_with(STUB, raw, tmp_path / "processed", client=client)
    closing.join()
    client.close()
    monkeypatch.setenv("STUB_DELAY", "0")
    monkeypatch.setenv("STUB_LOG", str(tmp_path / "log"))
    built = corpus.build_with(STUB, raw, tmp_path / "processed", workers=1)
    assert len(built.facts) == 40
    assert len((tmp_path / "log").read_text().split()) < 40
