"""整改清单 as a whole: its lists, its pages and the copy for leaders."""

from dataclasses import replace
from pathlib import Path

import pytest

from greenxl.campaign.model import Campaign, Town
from greenxl.report.book import consolidate
from greenxl.report.sheets.rectification import write_rectification
from greenxl.report.sheets.rectification.sheet import page_breaks
from greenxl.report.sheets.scores import write_scores
from greenxl.report.style import Style
from greenxl.xlsx import Book
from tests.tools.books import opened
from tests.tools.office import Office
from tests.tools.programmes import mixed
from tests.tools.reports import DAY, Report
from tests.tools.rounds import round_of, samples


def titles(data: bytes) -> list[str]:
    """Return the titles of the lists that are printed."""
    column = (row[0].value for row in opened(data)["整改清单"].iter_rows())
    return [str(text)[:2] for text in column if str(text)[:2] in ("一、", "二、", "三、")]


def leaders_copy(campaign: Campaign, made_of: tuple[str, ...] = ("returned",)) -> bytes:
    """Return a workbook of the scores and the short 整改清单."""
    _result, tables = samples(campaign, *made_of)
    style = Style(Book("宋体", DAY, {}), campaign)
    write_scores(style, tables, {})
    write_rectification(style, tables, brief=True)
    return style.book.bytes()


def test_there_are_three_lists(report: Report) -> None:
    """In every round, and a link to the full list wherever there is one."""
    assert titles(report.data) == ["一、", "二、", "三、"]
    sheet = opened(report.data)["整改清单"]
    links = [cell for cell in sheet[3] if cell.hyperlink]
    assert len(links) == len(sheet.tables)
    for link, table in zip(links, sheet.tables.values(), strict=True):
        assert sheet[link.hyperlink.location.split("!")[1].replace("$", "")].value == "完整清单"
        assert table.displayName == "greenxl_Rectification"


def test_the_leaders_copy_has_the_first_two(huantai: Campaign) -> None:
    """Neither the losses one by one nor the full list, and no word of sheets that it does not have."""
    data = leaders_copy(huantai)
    assert titles(data) == ["一、", "二、"]
    sheet = opened(data)["整改清单"]
    assert not sheet.tables
    words = " ".join(str(cell.value) for row in sheet.iter_rows() for cell in row)
    assert not any(name in words for name in ("问题清单", "完整清单", "指标分析"))


@pytest.mark.slow
def test_the_leaders_copy_computes_its_figures(office: Office, tmp_path: Path, huantai: Campaign) -> None:
    """From the scores beside it alone."""
    path = tmp_path / "copy.xlsx"
    path.write_bytes(leaders_copy(huantai))
    formulas = office.formulas(path)["整改清单"]
    assert formulas
    for formula, stored, anew in formulas.values():
        assert stored == pytest.approx(anew) if isinstance(anew, float) else stored == anew, formula


def test_the_title_of_a_list_is_never_the_last_of_its_page() -> None:
    """It begins a page where its first rows have no room; rows break by themselves."""
    heights = dict.fromkeys(range(3, 30), 100.0)
    assert page_breaks(heights, [3]) == []
    assert page_breaks(heights, [3, 12]) == [12]
    assert page_breaks(heights, [3, 11]) == []
    assert page_breaks(heights, [3, 12, 21]) == [12, 21]


def test_units_without_towns_have_no_town(huantai: Campaign) -> None:
    """Neither a column nor a heading."""
    campaign = replace(mixed(huantai), parent="")
    units = tuple(replace(one, town=one.name) for one in campaign.communities)
    campaign = replace(campaign, communities=units, towns=tuple(Town(one.name) for one in units))
    sheet = opened(consolidate(*round_of(campaign, {units[0]: [15, "否", 0, 5, 2, 3, "不符合"]}), DAY))
    words = [cell.value for row in sheet["整改清单"].iter_rows() for cell in row]
    assert "街道（镇）" not in words
    assert words.count(units[0].name) >= 3
