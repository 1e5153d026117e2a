"""A corpus is audited as its documents are: text that rules read is kept beside the frames."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

import budgetkit as bk
from budgetkit.audit import check_together
from budgetkit.cli.main import app

RAW = Path(__file__).parents[1] / "data" / "raw"
#: a final account with prose and forms, and one without tables
NAMES = ("urumqi_service_center_final_2020", "korla_service_center_final_2022")


@pytest.fixture(scope="module")
def processed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("corpus")
    (folder / "raw").mkdir()
    for name in NAMES:
        shutil.copy(RAW / f"{name}.pdf", folder / "raw")
    (folder / "raw" / "damaged.pdf").write_bytes(b"%PDF-1.4 nothing")
    bk.build(folder / "raw", folder / "processed", workers=1)
    return folder / "processed"


def test_a_corpus_gives_the_findings_of_its_documents(processed: Path) -> None:
    docs = [bk.read(RAW / f"{name}.pdf") for name in sorted(NAMES)]
    single = pd.concat(check_together(docs), ignore_index=True)
    corpus = bk.load(processed)
    found = bk.check(corpus)
    found = found[found["document"].isin(NAMES)].reset_index(drop=True)
    pd.testing.assert_frame_equal(found, single)
    assert {doc.documents["document"].iloc[0]: doc.passages for doc in docs}.items() <= corpus.passages.items()
    assert corpus.passages["damaged"] is None
    assert (found["rule"].str.startswith("text.") & (found["status"] == "pass")).any()


def test_passages_are_no_column_of_the_frame_and_follow_where(processed: Path) -> None:
    corpus = bk.load(processed, where={"fiscal_year": 2020})
    assert list(corpus.passages) == ["urumqi_service_center_final_2020"]
    assert "passages" not in corpus.documents.columns
    assert "passages" not in bk.query(corpus, "select * from documents").columns


def test_the_command_audits_what_a_build_wrote(processed: Path) -> None:
    alone = CliRunner().invoke(app, ["audit", str(RAW / f"{NAMES[1]}.pdf"), "--json"])
    built = CliRunner().invoke(app, ["audit", str(processed), "--json"])
    told = json.loads(built.stdout)
    assert [one["document"] for one in told["documents"]] == sorted(NAMES)
    assert json.loads(alone.stdout)["documents"][0] == told["documents"][0]
    assert len(told["failed"]) == 1
    assert "damaged.pdf" in told["failed"][0]
    assert built.exit_code == 1
