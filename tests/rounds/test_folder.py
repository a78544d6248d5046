"""The folder of a round: how it is begun, and what tells it from another."""

import os
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from greenxl.campaign import shipped
from greenxl.campaign.checks import load
from greenxl.campaign.model import Campaign
from greenxl.campaign.tables import read_tables
from greenxl.campaign.workbook import campaign_workbook
from greenxl.errors import CampaignError
from greenxl.names import FILE_NAME_LENGTH
from greenxl.rounds.folder import (
    annual_report_name,
    begin,
    campaign_of,
    find,
    is_round,
    leader_copy_of,
    report_name,
    reports,
)


def test_a_round_is_begun_with_its_campaign_and_folders(tmp_path: Path) -> None:
    """The campaign loads from it, and a folder is a round by its campaign.xlsx."""
    folder = tmp_path / "2021"
    folder.mkdir()
    assert not is_round(folder)
    begin(folder, campaign_workbook(read_tables(shipped())))
    assert is_round(folder)
    assert {path.name for path in folder.iterdir()} == {
        *("campaign.xlsx", "copieslog.jsonl", "blank", "returned", "sendback", "report")
    }
    assert load(folder).contents() == load(shipped()).contents()


def test_a_round_that_cannot_be_begun_is_none(tmp_path: Path) -> None:
    """Where one of its folders cannot be made, no campaign is left behind."""
    (tmp_path / "report").write_text("typed")
    with pytest.raises(OSError, match="report"):
        begin(tmp_path, b"campaign")
    assert not is_round(tmp_path)


@pytest.mark.parametrize(
    ("short_title", "programme"),
    [
        pytest.param("", "桓台县绿色社区创建", id="of-the-title"),
        pytest.param("绿色社区", "绿色社区", id="stated"),
        pytest.param("社区：A/B", "社区：A_B", id="slash"),
        pytest.param("绿" * 200, "绿" * 50, id="long"),
        pytest.param("𠮷" * 200, "𠮷" * 40, id="long-rare-characters"),
        pytest.param("a" * 200, "a" * 50, id="long-ASCII"),
    ],
)
def test_a_report_is_named_after_the_programme_the_year_and_the_day(
    huantai: Campaign, short_title: str, programme: str
) -> None:
    """Two reports of one round never share a name, and every file system takes it, numbered too."""
    campaign, day = replace(huantai, short_title=short_title), date(2021, 9, 30)
    workbook, annual = report_name(campaign, day), annual_report_name(campaign, day)
    assert workbook == f"{programme}-2021年汇总-2021-09-30.xlsx"
    assert annual == f"{programme}-2021年度总结评估报告-2021-09-30.docx"
    for name in (workbook, annual):
        assert len(name) <= FILE_NAME_LENGTH + len(".xlsx")
        assert len(name.replace(".", "（99）.").encode()) <= 230


@pytest.mark.parametrize(
    ("files", "folders"),
    [
        (["campaign.xlsx"], []),
        (["campaign.xls"], []),
        (["Campaign(1).XLSX"], []),
        ([], ["returned", "report"]),
    ],
    ids=["campaign", "another format", "a copy of one", "folders"],
)
def test_what_looks_like_a_round_is_found_from_below(
    tmp_path: Path, files: list[str], folders: list[str]
) -> None:
    """By a file called campaign or by its folders; the nearest one counts."""
    inner = tmp_path / "a" / "b"
    inner.mkdir(parents=True)
    assert find(inner) is None
    for name in files:
        (tmp_path / name).write_bytes(b"")
    for name in folders:
        (tmp_path / name).mkdir()
    assert find(inner) == find(tmp_path) == tmp_path
    (inner.parent / "campaign.ods").write_bytes(b"")
    assert find(inner) == inner.parent


@pytest.mark.parametrize("other", ["2026-11-26-campaign.xlsx", "~$campaign.xlsx", "returned", "campaign"])
def test_other_names_make_no_round(tmp_path: Path, other: str) -> None:
    """A kept campaign, a lock, a folder alone are none."""
    (tmp_path / other).mkdir()
    assert not is_round(tmp_path)


@pytest.mark.parametrize(
    ("names", "said"),
    [
        (["campaign.xls"], "no campaign.xlsx, only campaign.xls. Open it in Excel or WPS and save it as"),
        (["campaign(1).xlsx"], r"no campaign.xlsx, only campaign\(1\).xlsx. Rename it to campaign.xlsx"),
        (["campaign.xlsx", "campaign (2).xlsx"], r"several campaigns: campaign \(2\).xlsx、campaign.xlsx"),
        (["campaign.ods", "campaign.xls"], "several campaigns: campaign.ods、campaign.xls"),
        (["campaign.pdf"], "because of campaign.pdf, .* if it is none, give campaign.pdf another name"),
        ([], "looks like a round, but it has no campaign.xlsx. Put it back"),
        (["campaign.xlsx", "~$campaign.xlsx"], r"open in another program.*delete .*~\$campaign.xlsx"),
        (["campaign.xlsx", ".~campaign.xlsx"], "open in another program"),
        (["campaign.xlsx", ".~lock.campaign.xlsx#"], "open in another program"),
    ],
    ids=["xls", "copy", "two", "two others", "no table", "none", "Excel", "WPS", "LibreOffice"],
)
def test_without_one_campaign_the_round_stops(tmp_path: Path, names: list[str], said: str) -> None:
    """What was found and what to do is said; no other campaign is taken instead."""
    for name in names:
        (tmp_path / name).write_bytes(b"")
    with pytest.raises(CampaignError, match=said):
        campaign_of(tmp_path)


def test_the_campaign_is_known_in_any_case(tmp_path: Path) -> None:
    """Windows writes names as it likes; notes beside it are none of ours."""
    (tmp_path / "Campaign.XLSX").write_bytes(b"")
    (tmp_path / "campaign notes.docx").write_bytes(b"")
    assert campaign_of(tmp_path).name == "Campaign.XLSX"


def test_the_newest_report_is_known_by_its_name(tmp_path: Path) -> None:
    """Day and number in the name count, not when a file was last saved; other workbooks come after them."""
    names = [
        "桓台县-2021年汇总表-2021-10-09.xlsx",
        "桓台县-2021年汇总表-2021-10-08（10）.xlsx",
        "桓台县-2021年汇总表-2021-10-08（2）.xlsx",
        "桓台县-2021年汇总表-2021-10-08.xlsx",
        "给领导的修改稿.xlsx",
    ]
    for number, name in enumerate(names):
        (tmp_path / name).write_bytes(b"")
        os.utime(tmp_path / name, (number, number))
    (tmp_path / "~$lock.xlsx").write_bytes(b"")
    assert [path.name for path in reports(tmp_path)] == names


def test_leaders_copies_are_no_reports(tmp_path: Path) -> None:
    """Nor are copies of them, by whatever name an office gave them."""
    for name in (
        "a.xlsx",
        "a（领导版）.xlsx",
        "a（2）.xlsx",
        "a（2）（领导版）.xlsx",
        "a（领导版） - 副本.xlsx",
    ):
        (tmp_path / name).touch()
    assert {path.name for path in reports(tmp_path)} == {"a.xlsx", "a（2）.xlsx"}
    assert leader_copy_of(tmp_path / "a（2）.xlsx").name == "a（2）（领导版）.xlsx"
