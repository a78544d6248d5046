"""Single cells: text stays text, a formula carries its value, nothing is refused in silence."""

import io
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from xlsxwriter.worksheet import Worksheet

from greenxl.errors import GreenxlError
from greenxl.xlsx import (
    Book,
    fit_to_cell,
    write_cell,
    write_date,
    write_formula,
    write_link,
    write_merged,
)


@pytest.fixture
def book() -> Book:
    return Book("宋体", date(2021, 9, 30), {"title": "标题"})


@pytest.fixture
def sheet(book: Book) -> Worksheet:
    return book.sheet("表")


def saved(book: Book, *, values: bool = False) -> Any:
    return openpyxl.load_workbook(io.BytesIO(book.bytes()), data_only=values)["表"]


@pytest.mark.parametrize(
    "text", ["=1+1", "{=1+1}", "https://example.cn/", "internal:'表'!A1", "+1", "@SUM(A1)", "007"]
)
def test_a_text_is_written_as_a_text(book: Book, sheet: Worksheet, text: str) -> None:
    """Whatever it begins with: no formula, no link, no number."""
    write_cell(sheet, 0, 0, text, book.format())
    cell = saved(book)["A1"]
    assert (cell.value, cell.data_type, cell.hyperlink) == (text, "s", None)


@pytest.mark.parametrize(
    ("value", "read"), [(None, None), ("", None), (0, 0), (4.5, 4.5), (Decimal("79.99"), 79.99)]
)
def test_numbers_and_blanks_are_what_they_are(
    book: Book, sheet: Worksheet, value: str | float | Decimal | None, read: float | None
) -> None:
    """A blank has its format, zero is a number."""
    write_cell(sheet, 0, 0, value, book.format(border=1))
    cell = saved(book)["A1"]
    assert (cell.value, cell.border.left.style) == (read, "thin")


@pytest.mark.parametrize(("value", "stored"), [(None, None), ("达标", "达标"), (7, 7), (Decimal("0.5"), 0.5)])
def test_a_formula_carries_its_value(
    book: Book, sheet: Worksheet, value: str | float | Decimal | None, stored: object
) -> None:
    """A preview that does not calculate shows it."""
    write_formula(sheet, 0, 0, "=A2", book.format(), value)
    data = io.BytesIO(book.bytes())
    assert openpyxl.load_workbook(data)["表"]["A1"].value == "=A2"
    assert openpyxl.load_workbook(data, data_only=True)["表"]["A1"].value == stored


def test_a_day_is_written_as_a_date(book: Book, sheet: Worksheet) -> None:
    """In the format that it is given; cells have a name where one is defined."""
    write_date(sheet, 0, 0, date(2021, 9, 30), book.format(num_format="yyyy-mm-dd"))
    book.define_name("日期", "'表'!$A$1")
    found = saved(book)
    assert (found["A1"].value, found["A1"].number_format) == (datetime(2021, 9, 30), "yyyy-mm-dd")
    assert found.parent.defined_names["日期"].attr_text == "'表'!$A$1"


def test_what_no_cell_can_hold_is_counted(book: Book, sheet: Worksheet) -> None:
    """A text over 32,767 characters ends in their number; a shorter one is whole."""
    long = fit_to_cell("长" * 40_000)
    assert (len(long), long[-9:]) == (32_767, "（共40000字）")
    assert fit_to_cell("短") == "短"
    write_cell(sheet, 0, 0, "长" * 40_000, book.format())
    assert saved(book)["A1"].value == long


def test_a_cell_outside_the_sheet_is_an_error(book: Book, sheet: Worksheet) -> None:
    """XlsxWriter alone would leave it out in silence."""
    with pytest.raises(GreenxlError, match="表!R1048577C1: XlsxWriter refused the cell"):
        write_cell(sheet, 1_048_576, 0, "x", book.format())


def test_links_stop_where_excel_stops_them(
    book: Book, sheet: Worksheet, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Past the limit a text is written without a link; nothing is refused or lost."""
    monkeypatch.setattr("greenxl.xlsx.sheet._MOST_LINKS", 2)
    for row in range(4):
        write_link(sheet, row, 0, "internal:'表'!A1", f"第{row}行", book.format())
    cells = [row[0] for row in saved(book).iter_rows()]
    assert [cell.value for cell in cells] == ["第0行", "第1行", "第2行", "第3行"]
    assert [bool(cell.hyperlink) for cell in cells] == [True, True, False, False]


def test_a_box_of_one_cell_is_no_merged_one(book: Book, sheet: Worksheet) -> None:
    """XlsxWriter refuses to merge a single cell."""
    write_merged(sheet, (0, 0, 0, 0), "一格", book.format())
    write_merged(sheet, (1, 0, 2, 1), "四格", book.format())
    found = saved(book)
    assert (found["A1"].value, found["A2"].value) == ("一格", "四格")
    assert [str(box) for box in found.merged_cells.ranges] == ["A2:B3"]
