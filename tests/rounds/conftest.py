from pathlib import Path

import pytest

from greenxl.campaign.model import Campaign
from greenxl.rounds.evaluate import Round, evaluate
from tests.conftest import SAMPLES


@pytest.fixture(scope="session")
def returned(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The samples in a folder for each town, a broken file beside 索镇's, a temporary one beside 果里镇's."""
    folder = tmp_path_factory.mktemp("round") / "returned"
    for town, name in (
        ("城区街道", "城区街道-评分表-2021.xlsx"),
        ("果里镇", "果里镇-评分表-2021.xls"),
        ("索镇", "索镇-评分表-2021.ods"),
    ):
        (folder / town).mkdir(parents=True)
        (folder / town / name).write_bytes((SAMPLES / "returned" / name).read_bytes())
    (folder / "索镇" / "坏.xlsx").write_bytes(b"")
    (folder / "果里镇" / "~$果里镇.xlsx").write_bytes(b"open in Excel")
    return folder


@pytest.fixture(scope="session")
def result(huantai: Campaign, returned: Path) -> Round:
    return evaluate(huantai, [returned])
