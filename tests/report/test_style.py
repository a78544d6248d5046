"""What every sheet shares: texts that fit, and a table written as its columns say."""

import io
from datetime import date
from typing import Any

import openpyxl
import pytest

from greenxl.campaign.model import Campaign
from greenxl.report.layout import Column, Table
from greenxl.report.style import (
    BOLD,
    NUMBER,
    TEXT,
    Style,
    clipped,
    fits_upright,
    height,
    open_sheet,
    page_height,
    page_scale,
    print_across,
    row_height,
    set_page,
    shortened,
    wide_enough,
    width_for,
    write_headings,
    write_nothing,
    write_record,
    write_records,
)
from greenxl.xlsx import Book


@pytest.fixture
def style(huantai: Campaign) -> Style:
    return Style(Book("宋体", date(2021, 9, 30), {}), huantai)


COLUMNS: tuple[Column[int], ...] = (
    Column(name="no", heading="序号", width=5, value=None, format=NUMBER),
    Column(name="name", heading="名称", width=12, value=lambda n: f"第{n}号", format=TEXT, grows=10),
    Column(
        name="twice",
        heading="两倍",
        width=8,
        value=lambda n: 2 * n,
        format=NUMBER,
        formula=lambda n, cells: f"2*{n}+0*{cells['no']}" if n % 2 else None,
    ),
    Column(
        name="link",
        heading="链接",
        width=8,
        value=lambda n: "去" if n > 1 else "不去",
        format=lambda n: BOLD if n != 3 else None,
        link=lambda n: "'表'!$A$1" if n > 1 else None,
    ),
)


def written(style: Style) -> Any:
    """Return a sheet with a title, the headings and three records."""
    table = Table(sheet="表", name="Table", header_row=2, length=3, columns=COLUMNS)
    sheet = open_sheet(style, table, "标题", "说明")
    write_headings(sheet, style, table, 30)
    write_records(sheet, style, table, [1, 2, 3], least_height=20)
    write_record(sheet, style, table, 6, 10)
    set_page(sheet, style, table.header_row)
    return openpyxl.load_workbook(io.BytesIO(style.book.bytes()))["表"]


def test_a_table_is_written_as_its_columns_say(style: Style) -> None:
    """Values, formulas where there are, the record's number; a row of its kind after it."""
    rows = [[cell.value for cell in row] for row in written(style).iter_rows(min_row=3)]
    assert rows == [
        ["序号", "名称", "两倍", "链接"],
        [1, "第1号", "=2*1+0*A4", "不去"],
        [2, "第2号", 4, "去"],
        [3, "第3号", "=2*3+0*A6", None],
        [4, "第10号", 20, "去"],
    ]


def test_a_table_is_a_table_of_the_workbook(style: Style) -> None:
    """With its headings and its records, not the row after it."""
    [table] = written(style).tables.values()
    assert (table.displayName, table.ref) == ("greenxl_Table", "A3:D6")
    assert table.column_names == ["序号", "名称", "两倍", "链接"]


def test_formats_and_links_depend_on_the_record(style: Style) -> None:
    """A link only where there is a target; a cell without a format is not written."""
    sheet = written(style)
    assert (sheet["D4"].font.b, sheet["D4"].hyperlink) == (True, None)
    assert (sheet["D5"].hyperlink.location, sheet["D5"].font.u) == ("'表'!$A$1", "single")
    assert not sheet["D6"].has_style or not sheet["D6"].border.left.style


def test_cells_that_depend_on_little_are_those_of_each_record(style: Style) -> None:
    """Made once for all records alike in it, formulas refer to their own row all the same."""
    asked: list[int] = []

    def parity(n: int) -> str:
        asked.append(n)
        return "奇" if n % 2 else "偶"

    by = lambda n: n % 2  # noqa: E731  (one function for both columns)
    columns: tuple[Column[int], ...] = (
        COLUMNS[0],
        Column(name="kind", heading="奇偶", width=8, value=parity, format=TEXT, by=by, grows=40),
        Column(
            name="next",
            heading="序号加一",
            width=8,
            value=lambda n: n % 2,
            format=lambda n: NUMBER if n % 2 else None,
            formula=lambda _n, cells: f"{cells['no']}+1",
            by=by,
        ),
        COLUMNS[1],
    )
    table = Table(sheet="表", name="Table", header_row=2, length=4, columns=columns)
    sheet = open_sheet(style, table, "标题", "说明")
    write_records(sheet, style, table, [1, 2, 3, 4])
    found = openpyxl.load_workbook(io.BytesIO(style.book.bytes()))["表"]
    assert [[cell.value for cell in row] for row in found.iter_rows(min_row=4)] == [
        [1, "奇", "=A4+1", "第1号"],
        [2, "偶", None, "第2号"],
        [3, "奇", "=A6+1", "第3号"],
        [4, "偶", None, "第4号"],
    ]
    assert len({found.row_dimensions[row].height for row in (5, 6, 7)}) == 1
    assert asked == [1, 2]


def test_columns_and_rows_have_their_sizes(style: Style) -> None:
    """The width of each column; rows as high as they need, the least where they need less."""
    sheet = written(style)
    assert round(sheet.column_dimensions["B"].width) == 13
    assert [sheet.row_dimensions[row].height for row in (3, 4)] == [30, 20.25]


def test_a_page_is_as_wide_as_the_paper(style: Style) -> None:
    """A4 across, with the headings on every page and the authority in the footer."""
    sheet = written(style)
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
    assert (sheet.print_title_rows, sheet.freeze_panes) == ("$3:$3", "A4")


def test_a_table_without_rows_says_so(style: Style) -> None:
    """In one cell over all its columns."""
    table: Table[int] = Table(sheet="表", name="Table", header_row=2, length=0, columns=COLUMNS)
    sheet = open_sheet(style, table, "标题", "说明")
    write_nothing(sheet, style, table.first_row, len(COLUMNS), "没有。")
    found = openpyxl.load_workbook(io.BytesIO(style.book.bytes()))["表"]
    assert (found["A4"].value, str(next(iter(found.merged_cells.ranges)))) == ("没有。", "A4:D4")


def test_a_long_list_says_how_many_and_where() -> None:
    """A list that does not fit names the first, the count and the sheet; a long text ends in dots."""
    names = [f"第{n}社区" for n in range(1, 40)]
    assert shortened(names, 60, "全部见“社区得分”") == "第1社区、第2社区、第3社区等39个，全部见“社区得分”"
    assert shortened(names[:3], 60, "") == "第1社区、第2社区、第3社区"
    assert clipped("坚持美好环境与幸福生活", 12) == "坚持美好环…"
    assert clipped("坚持", 12) == "坚持"


@pytest.mark.parametrize(
    ("texts", "width"),
    [(["索镇"], 9.5), (["城区街道办事处"], 16.12), (["国际生态城滨河花园第二期"], 20)],
    ids=["least", "as wide as the longest", "most"],
)
def test_a_column_is_as_wide_as_its_texts(texts: list[str], width: float) -> None:
    """Between the least and the most."""
    assert width_for(["短", *texts], 9.5, 20) == pytest.approx(width)


def test_a_row_is_as_high_as_its_longest_text() -> None:
    """In lines of the text's own size; Excel has no row over 409 points."""
    assert height(("短", 12, 10), ("一二三四五六七八九十", 12, 10)) == pytest.approx(2 * 13.5 + 6)
    assert height(("长" * 5000, 12, 10)) == 409
    assert row_height(COLUMNS, [1, "短", 2, "这一栏不论多长都不使行变高"]) == pytest.approx(13.5 + 6)
    assert row_height(COLUMNS[:1], [1]) == 0


def test_no_row_has_to_be_higher_than_rows_can_be() -> None:
    """A column is as wide as its longest text needs at 409 points."""
    text = "标" * 2000
    width = wide_enough([text], 44, 10)
    assert wide_enough(["标准"], 44, 10) == 44
    assert 44 < width < 255
    assert height((text, width, 10)) < 409


def test_what_would_be_too_small_is_printed_on_several_pages(style: Style) -> None:
    """A page begins with a part, inside of one where it is wider than a page; the first columns repeat."""
    assert page_scale([10] * 15) == 1
    widths = [10.0] * 40
    assert page_scale(widths) < 0.5
    sheet = style.book.sheet("breit")
    print_across(sheet, widths, 4, [4, 9, 14, 30])
    assert sheet.vbreaks == [14, 26, 30]
    assert sheet.print_scale == 80


def test_a_page_is_upright_where_ten_points_are_seven_in_print() -> None:
    """Its height in rows is what is left when its columns are as wide as the paper."""
    assert fits_upright([10.0] * 13) is True
    assert fits_upright([10.0] * 14) is False
    assert page_height([10.0] * 5) == 740
    assert page_height([10.0] * 13) == pytest.approx(740 * 13 * 75 * 0.75 / 515)
    assert page_height([10.0] * 14) == pytest.approx(490 * 14 * 75 * 0.75 / 765)


def test_a_table_may_begin_in_any_column(style: Style) -> None:
    """Headings, records, formulas and the table itself are moved along."""
    table = Table(sheet="表", name="Table", header_row=2, length=2, columns=COLUMNS, left=3)
    sheet = style.book.sheet("表")
    write_headings(sheet, style, table, 30)
    write_records(sheet, style, table, [1, 2])
    found = openpyxl.load_workbook(io.BytesIO(style.book.bytes()))["表"]
    assert [[cell.value for cell in row] for row in found["D3:G5"]] == [
        ["序号", "名称", "两倍", "链接"],
        [1, "第1号", "=2*1+0*D4", "不去"],
        [2, "第2号", 4, "去"],
    ]
    assert found.tables["greenxl_Table"].ref == "D3:G5"
