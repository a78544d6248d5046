"""The consolidated workbook as a whole: its sheets, its properties, and what is printed."""

from datetime import date
from pathlib import Path

from greenxl.campaign.model import Campaign
from greenxl.report.book import consolidate
from greenxl.report.layout import sheet_names
from greenxl.report.previous import read_previous
from tests.tools.fitting import too_full
from tests.tools.reports import DAY, Report, opened
from tests.tools.rounds import drawn, longest, round_of


def test_the_sheets_are_in_the_published_order(huantai: Campaign) -> None:
    """The seven sheets of the interface, in its order."""
    book = opened(consolidate(*round_of(huantai, {}), DAY))
    assert tuple(book.sheetnames) == sheet_names(huantai)
    assert sheet_names(huantai) == (
        "总览",
        "街道（镇）汇总",
        "社区得分",
        "指标分析",
        "整改清单",
        "问题清单",
        "文件台账",
    )


def test_changes_are_the_last_sheet(tmp_path: Path, huantai: Campaign) -> None:
    """There is one only where an earlier workbook was given."""
    old = tmp_path / "old.xlsx"
    old.write_bytes(consolidate(*round_of(huantai, {}), date(2021, 9, 1)))
    book = opened(consolidate(*round_of(huantai, {}), DAY, read_previous(old)))
    assert tuple(book.sheetnames) == (*sheet_names(huantai), "变化")


def test_the_same_round_gives_the_same_bytes(huantai: Campaign) -> None:
    """Dates come from the run's day only."""
    first, second = (consolidate(*round_of(huantai, drawn(huantai, 1)), DAY) for _ in range(2))
    assert first == second
    properties = opened(first).properties
    assert (properties.title, properties.creator) == (
        "桓台县绿色社区创建情况汇总（2021年）",
        huantai.authority,
    )
    assert properties.created.date() == DAY


def test_every_printed_text_fits_its_cell(report: Report) -> None:
    """No text is wider or higher than its cell allows in print, however long the names."""
    assert too_full(report.data) == []


def test_the_changes_fit_their_cells(tmp_path: Path, huantai: Campaign) -> None:
    """The same for the sheet 变化 with the longest names."""
    old, campaign = tmp_path / "old.xlsx", longest(huantai)
    old.write_bytes(consolidate(*round_of(campaign, drawn(campaign, 1)), DAY))
    made = round_of(campaign, drawn(campaign, 5))
    assert too_full(consolidate(*made, DAY, read_previous(old))) == []
