"""Where the documents of the tests are; those of ../shared are not part of the project, tests over them may skip."""

from __future__ import annotations

from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
RAW = ROOT / "data" / "raw"
GOLDEN = ROOT / "tests" / "golden"
SHARED = ROOT.parent / "shared"

#: the samples and the text renderings that they were typeset after
SAMPLES = {
    "urumqi_service_center_final_2020": "000_urumqi_service_center_final_2020",
    "shuimogou_government_office_final_2020": "001_shuimogou_government_office_final_2020",
    "korla_service_center_final_2022": "002_korla_service_center_final_2022",
    "urumqi_service_bureau_budget_2024": "003_urumqi_service_bureau_budget_2024",
    "urumqi_hightech_bureau_budget_2020": "004_urumqi_hightech_bureau_budget_2020",
}

needs_shared = pytest.mark.skipif(not SHARED.exists(), reason="needs ../shared, which is not part of the project")


def corpus(pattern: str = "*.pdf") -> list[Path]:
    """Real documents, none where ../shared does not exist."""
    return sorted((SHARED / "corpus").glob(pattern)) if SHARED.exists() else []
