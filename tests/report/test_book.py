"""The consolidated workbook as a whole: its sheets, its properties, and what is printed."""

import re
from datetime import date
from pathlib import Path

from greenxl.campaign.model import Campaign
from greenxl.form.layout import DATA_SHEET
from greenxl.report.book import consolidate, leader_copy
from greenxl.report.layout import leader_sheets, sheet_names, sheets_of
from greenxl.report.previous import read_previous
from greenxl.report.readback import read_back
from greenxl.report.sheets.score_table import score_table
from tests.tools import oracles
from tests.tools.fitting import too_full
from tests.tools.office import Office
from tests.tools.programmes import mixed
from tests.tools.reports import DAY, Report, cells, earlier, opened
from tests.tools.rounds import drawn, longest, round_of


def test_the_sheets_are_in_the_published_order(huantai: Campaign) -> None:
    """The seven sheets of the interface, in its order; what nobody sees is behind them."""
    book = opened(consolidate(*round_of(huantai, {}), DAY))
    assert tuple(book.sheetnames) == (*sheet_names(huantai), DATA_SHEET)
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
    """Of those that are seen; there is one only where an earlier workbook was given."""
    old = tmp_path / "old.xlsx"
    old.write_bytes(consolidate(*round_of(huantai, {}), date(2021, 9, 1)))
    book = opened(consolidate(*round_of(huantai, {}), DAY, read_previous(old)))
    assert tuple(book.sheetnames) == (*sheet_names(huantai), "变化", DATA_SHEET)


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


def test_the_leaders_copy_has_what_leaders_read(huantai: Campaign) -> None:
    """Four sheets of the same figures, and of returned files neither name nor hash."""
    made = round_of(huantai, drawn(huantai, 1))
    data, copy = consolidate(*made, DAY), leader_copy(*made, DAY)
    book = opened(copy)
    assert (
        tuple(book.sheetnames) == leader_sheets(huantai) == ("总览", "街道（镇）汇总", "社区得分", "整改清单")
    )
    assert cells(copy, "街道（镇）汇总") == cells(data, "街道（镇）汇总")
    titles = [str(row[0]) for row in cells(copy, "整改清单")]
    assert [title[:2] for title in titles if title[1:2] == "、"] == ["一、", "二、"]
    place = score_table(huantai).place("source")
    assert [row[:place] for row in cells(copy, "社区得分")[4:]] == [
        row[:place] for row in cells(data, "社区得分")[4:]
    ]
    texts = {str(value) for sheet in book for row in sheet.iter_rows(values_only=True) for value in row}
    assert not [text for text in texts if "returned/" in text or "0" * 64 in text]


def test_the_leaders_copy_refers_to_its_own_sheets_alone(
    office: Office, tmp_path: Path, huantai: Campaign
) -> None:
    """No formula, no link and no word leads to a sheet that it has not; an office computes the same."""
    campaign = mixed(huantai)
    old = earlier(huantai, drawn(huantai, 2))
    for name, made, previous in (
        ("a", round_of(huantai, drawn(huantai, 1)), old),
        ("b", round_of(campaign, {campaign.communities[0]: [19, "是", 3, 18, 0, 0, "符合"]}), None),
    ):
        path = tmp_path / f"{name}.xlsx"
        path.write_bytes(leader_copy(*made, DAY, previous))
        names = set(opened(path.read_bytes()).sheetnames)
        others = {*sheet_names(campaign), "变化"} - names
        for sheet in opened(path.read_bytes(), values=False):
            for cell in (cell for row in sheet.iter_rows() for cell in row):
                link = cell.hyperlink.location if cell.hyperlink else ""
                assert sheets_of(f"{cell.value}{link}") <= names
                assert not others & set(re.findall("“(.+?)”", str(cell.value)))
        assert oracles.differing(office.formulas(path)) == []
        assert oracles.repairs(path) == []


def test_the_leaders_copy_is_read_back_as_the_report_is(huantai: Campaign) -> None:
    """So that a mail says the same of both."""
    made = round_of(huantai, drawn(huantai, 1))
    both = [read_back(huantai, "x.xlsx", make(*made, DAY)) for make in (consolidate, leader_copy)]
    assert both[0] == both[1]
