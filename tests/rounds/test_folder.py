"""The folder of a round: how it is begun, and what tells it from another."""

from datetime import date
from pathlib import Path

from greenxl.campaign.checks import load
from greenxl.campaign.model import Campaign
from greenxl.campaign.tables import read_tables, shipped
from greenxl.rounds.folder import begin, is_round, report_name


def test_a_round_is_begun_with_its_campaign_and_folders(tmp_path: Path) -> None:
    """The campaign loads from it, and a folder is a round by its campaign.xlsx."""
    folder = tmp_path / "2021"
    folder.mkdir()
    assert not is_round(folder)
    begin(folder, read_tables(shipped()))
    assert is_round(folder)
    assert {path.name for path in folder.iterdir()} == {
        *("campaign.xlsx", "blank", "returned", "sendback", "report")
    }
    assert load(folder) == load(shipped())


def test_a_report_is_named_after_the_county_the_year_and_the_day(huantai: Campaign) -> None:
    """Two reports of one round never share a name."""
    assert report_name(huantai, date(2021, 9, 30)) == "桓台县-2021年汇总表-2021-09-30.xlsx"
