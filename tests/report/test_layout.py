"""A table as a list of columns: their places and the references to their cells."""

from dataclasses import replace

import pytest

from greenxl.campaign.model import Campaign
from greenxl.report.layout import Column, Table, TableRow, cell_of, range_of, sheets_of, title_of


@pytest.fixture
def table() -> Table[int]:
    """Three columns, headings in the fifth row, four records."""
    columns: tuple[Column[int], ...] = (
        Column(name="no", heading="序号", width=5, value=None, format={}),
        Column(name="half", heading="一半", width=5, value=lambda record: record / 2, format={}),
        Column(name="name", heading="名称", width=5, value=str, format={}),
    )
    return Table(sheet="表", name="Table", header_row=4, length=4, columns=columns)


def test_a_column_is_found_by_its_name(table: Table[int]) -> None:
    """A column that is put in between moves the others, and every reference with them."""
    assert [table.place(name) for name in ("no", "half", "name")] == [0, 1, 2]
    assert table.headings == ["序号", "一半", "名称"]
    with pytest.raises(KeyError):
        table.place("nothing")


def test_no_two_headings_are_alike(table: Table[int]) -> None:
    """A campaign may call a column as another is called; an office opens no such table."""
    first, second, _third = table.columns
    twice = (first, replace(second, heading="A"), replace(second, heading="a"), replace(first, heading="A"))
    assert replace(table, columns=twice).headings == ["序号", "A", "a（2）", "A（3）"]


def test_a_row_holds_what_its_columns_say(table: Table[int]) -> None:
    """The record's own values, and its number where the column has none."""
    assert table.values(7, 3) == [3, 3.5, "7"]


def test_references_from_other_sheets_name_the_sheet(table: Table[int]) -> None:
    """Of one cell, and of all records' cells."""
    assert table.cell(5, "half") == "'表'!$B$6"
    assert table.cells("half") == "'表'!$B$6:$B$9"
    assert (table.first_row, table.last_row) == (5, 8)


def test_references_within_the_sheet_are_short(table: Table[int]) -> None:
    """In a row, along it, and over all records."""
    cells = TableRow(table, 6)
    assert (cells["half"], cells.fixed("half"), cells.span("no", "name")) == ("B7", "$B7", "A7:C7")
    assert (table.own_cells("half"), cells.column("half")) == ("B6:B9", "$B$6:$B$9")


def test_a_reference_quotes_the_sheet() -> None:
    """Names of sheets hold brackets."""
    assert cell_of("街道（镇）汇总", 0, 1) == "'街道（镇）汇总'!$B$1"
    assert range_of("社区得分", 1, 0, 2, 3) == "'社区得分'!$A$2:$D$3"


def test_a_title_names_what_the_round_is_about(huantai: Campaign) -> None:
    """The subject, the sheet and the year."""
    assert title_of(huantai, "社区得分") == "桓台县绿色社区创建　社区得分（2021年）"


def test_the_sheets_of_a_formula_are_known() -> None:
    """Those of cells and boxes; the words of a sentence are none."""
    formula = f'"it is"&{cell_of("总览", 0, 0)}&SUM({range_of("街道（镇）汇总", 0, 0, 3, 0)})&B2'
    assert sheets_of(formula) == {"总览", "街道（镇）汇总"}
    assert sheets_of("ROUND(A1,2)") == set()
