"""Rows that are added as a whole are as if their cells had been written one by one."""

import io
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from greenxl.errors import GreenxlError
from greenxl.xlsx import Book, Sheet, Value, write_cell, write_formula
from greenxl.xlsx.sheet import ANY_ROW, Cell, Repeated, escaped
from tests.tools import oracles

VALUES: list[Value] = [None, "", "社区", "=1+1", " 空格 ", 'a<b>&"c"', "两\n行", "\x1b[31m", 0, 4.5, 79.99]


@pytest.fixture
def book() -> Book:
    return Book("宋体", date(2021, 9, 30), {"title": "标题"})


@pytest.fixture
def sheet(book: Book) -> Sheet:
    return book.sheet("表")


def saved(book: Book, *, values: bool = False) -> Any:
    return openpyxl.load_workbook(io.BytesIO(book.bytes()), data_only=values)["表"]


def row_of(book: Book, values: list[Value], first: int = 0) -> list[Cell]:
    return [(column, book.format(border=1), value, None) for column, value in enumerate(values, first)]


def test_cells_are_as_if_they_were_written_one_by_one(book: Book, sheet: Sheet) -> None:
    """Blanks, texts whatever they begin with or hold, and numbers, each in its format."""
    sheet.add_row(0, 20, row_of(book, VALUES))
    for column, value in enumerate(VALUES):
        write_cell(sheet, 1, column, value, book.format(border=1))
    first, second = saved(book).iter_rows()
    assert [(c.value, c.data_type, c.border.left.style) for c in first] == [
        (c.value, c.data_type, c.border.left.style) for c in second
    ]


@pytest.mark.parametrize("value", [None, "达标 & <合格>", 7, 0.1 + 0.2], ids=str)
def test_a_formula_carries_its_value(book: Book, sheet: Sheet, value: Value) -> None:
    """The same as one that is written alone."""
    shown = book.format()
    formula = 'IF(B1<"&",1,2)'
    sheet.add_row(0, 20, [(0, shown, value, escaped(formula))])
    write_formula(sheet, 1, 0, f"={formula}", shown, value)
    data = book.bytes()
    for values in (False, True):
        (first,), (second,) = openpyxl.load_workbook(io.BytesIO(data), data_only=values)["表"].iter_rows()
        assert first.value == second.value


def with_three_rows(*, repeated: bool) -> bytes:
    """Return a workbook in which the same cells come in three rows, behind others."""
    book = Book("宋体", date(2021, 9, 30), {"title": "标题"})
    sheet = book.sheet("表")

    def same(number: str) -> list[Cell]:
        return [*row_of(book, VALUES, 3), (20, book.format(bold=True), 4.5, f"A{number}+B{number}")]

    made = Repeated(same(ANY_ROW))
    for row in (0, 1, 9):
        cells: list[Cell | Repeated] = [*row_of(book, [f"第{row}"], row % 3)]
        sheet.add_row(row, 20, [*cells, made] if repeated else [*cells, *same(str(row + 1))])
    chart = book.chart("column")
    chart.add_series({"values": "='表'!$U$1:$U$2", "categories": "='表'!$D$1:$D$2"})
    sheet.insert_chart(12, 0, chart)
    return book.bytes()


def test_repeated_cells_are_as_if_they_were_given_in_every_row() -> None:
    """To the byte: formulas of the row, counts of texts, the box of cells, what charts show."""
    assert with_three_rows(repeated=True) == with_three_rows(repeated=False)


def test_added_rows_and_single_cells_meet_in_one_sheet(book: Book, sheet: Sheet, tmp_path: Path) -> None:
    """Above, between, below and right of each other; an office has nothing to repair."""
    for row, column in ((0, 0), (3, 0), (1, 3), (6, 1)):
        write_cell(sheet, row, column, f"单{row}", book.format())
    for row in (1, 2, 4, 5):
        sheet.add_row(row, 30, row_of(book, [f"行{row}"]))
    path = tmp_path / "a.xlsx"
    path.write_bytes(book.bytes())
    found = openpyxl.load_workbook(path)["表"]
    assert {cell.coordinate: cell.value for row in found.iter_rows() for cell in row if cell.value} == {
        "A1": "单0", "A2": "行1", "D2": "单1", "A3": "行2",
        "A4": "单3", "A5": "行4", "A6": "行5", "B7": "单6",
    }  # fmt: skip
    assert found.dimensions == "A1:D7"
    assert [found.row_dimensions[row].height for row in (1, 2, 5)] == [None, 30, 30]
    assert oracles.repairs(path) == []


def test_a_table_of_added_rows_is_a_table(book: Book, sheet: Sheet, tmp_path: Path) -> None:
    """With its filter over all of its rows."""
    for row in range(1, 5):
        sheet.add_row(row, 20, row_of(book, [row, f"第{row}"], 1))
    columns = [{"header": "序号"}, {"header": "名称"}]
    sheet.add_long_table(0, 1, 4, {"name": "Liste", "columns": columns})
    path = tmp_path / "a.xlsx"
    path.write_bytes(book.bytes())
    found = openpyxl.load_workbook(path)["表"].tables["Liste"]
    assert (found.ref, found.autoFilter.ref, found.column_names) == ("B1:C5", "B1:C5", ["序号", "名称"])
    assert oracles.repairs(path) == []


def test_links_and_merged_cells_of_added_rows(book: Book, sheet: Sheet) -> None:
    """Links lead on beside those of single cells, and stop where Excel stops them."""
    sheet.write_url(0, 0, "internal:'表'!A3", None, "一")
    sheet.add_row(1, 20, row_of(book, ['二"&', None]))
    sheet.add_link(1, 0, "'表'!$A$1", '二"&')
    sheet.add_merged(1, 0, 1)
    found = saved(book)
    assert [(c.value, c.hyperlink.location) for (c, *_rest) in found.iter_rows()] == [
        ("一", "'表'!A3"), ('二"&', "'表'!$A$1"),
    ]  # fmt: skip
    assert [str(box) for box in found.merged_cells.ranges] == ["A2:B2"]


def test_links_stop_where_excel_stops_them(book: Book, sheet: Sheet, monkeypatch: pytest.MonkeyPatch) -> None:
    """Past the limit a cell leads nowhere; nothing is refused or lost."""
    monkeypatch.setattr("greenxl.xlsx.sheet._MOST_LINKS", 2)
    for row in range(4):
        sheet.add_row(row, 20, row_of(book, [f"第{row}行"]))
        sheet.add_link(row, 0, "'表'!$A$1", f"第{row}行")
    assert [bool(cell.hyperlink) for (cell,) in saved(book).iter_rows()] == [True, True, False, False]


@pytest.mark.parametrize("row", [1, 0], ids=["the-same", "above"])
def test_rows_are_added_in_their_order(book: Book, sheet: Sheet, row: int) -> None:
    """One that is out of it is a mistake in the program: no office would read it."""
    sheet.add_row(1, 20, row_of(book, ["一"]))
    with pytest.raises(ValueError, match=r"表!R\d: rows are added in their order"):
        sheet.add_row(row, 20, row_of(book, ["二"]))


def test_a_list_that_is_longer_than_a_sheet_is_refused_in_plain_words(book: Book, sheet: Sheet) -> None:
    """A province's campaign can be as large; the last row of a sheet is still taken."""
    sheet.add_row(1_048_575, 20, row_of(book, ["一"]))
    with pytest.raises(GreenxlError, match=r"表: this sheet would need more than the 1,048,576 rows"):
        sheet.add_row(1_048_576, 20, row_of(book, ["二"]))


def test_an_added_row_has_its_height_from_who_added_it(book: Book, sheet: Sheet) -> None:
    """One that is set besides would be lost, and is an error."""
    sheet.add_row(1, 20, row_of(book, ["一"]))
    sheet.set_row(1, 40)
    with pytest.raises(GreenxlError, match="表!R2"):
        book.bytes()


def test_charts_show_added_values_before_anything_is_recalculated(book: Book, sheet: Sheet) -> None:
    """The chart holds them itself, as XlsxWriter writes them of single cells."""
    shown = book.format()
    for row in range(3):
        sheet.add_row(row, 20, [(0, shown, f"第{row}", None), (1, shown, row / 4, "1/4")])
    chart = book.chart("column")
    chart.add_series({"categories": "='表'!$A$1:$A$3", "values": "='表'!$B$1:$B$3"})
    sheet.insert_chart(5, 0, chart)
    book.bytes()
    [categories, values] = [data for data in chart.formula_data if data]
    assert (categories, values) == (["第0", "第1", "第2"], ["0.0", "0.25", "0.5"])
