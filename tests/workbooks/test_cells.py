"""What every format reader returns: sparse values, and what is asked of a sheet about any cell."""

from dataclasses import replace

import pytest

from greenxl.workbooks.cells import (
    MOST_BOXES,
    MOST_CELLS,
    Box,
    CellBudget,
    Format,
    Marks,
    Refused,
    SheetCells,
    Struck,
    Value,
    Visibility,
    WorkbookCells,
    limited,
    stretches,
)

SHEET = SheetCells(
    "S",
    rows={8: {4: 0.8}, 9: {4: 5.0}},
    marks={8: {4: Marks(format=Format.PERCENT, shown="80%")}},
    merges=[Box(9, 4, 1_048_575, 16_383), Box(0, 0, 0, 0)],
    arrays=[Box(8, 4, 8, 5)],
    conditional=[Box(8, 4, 9, 4)],
    hidden_rows=stretches([(20, 29), (9, 9)]),
    hidden_columns=stretches([(2, 3)]),
)


def test_a_cell_is_told_whole() -> None:
    """Value, marks and what the sheet knows of its place come together."""
    cell = SHEET.cell(8, 4)
    assert (cell.address, cell.value, cell.format, cell.shown) == ("E9", 0.8, Format.PERCENT, "80%")
    assert (cell.error, cell.struck, cell.hidden, cell.merged_into) == ("", Struck.NO, False, "")


def test_a_cell_where_nothing_stands_has_no_value() -> None:
    """Any place may be asked for, however far out."""
    cell = SHEET.cell(5, 5)
    assert (cell.value, cell.format, cell.formula) == (None, Format.PLAIN, "")


def test_a_cell_that_a_formula_elsewhere_fills_has_a_formula() -> None:
    """The text stands in the first cell of an array; each of its cells is computed all the same."""
    assert [SHEET.cell(8, column).formula for column in (3, 4, 5, 6)] == ["", "=…", "=…", ""]


def test_a_format_that_depends_on_a_condition_is_not_known() -> None:
    """A plain value is not called plain where a condition may show another; what is known stays."""
    assert [SHEET.cell(row, 4).format for row in (8, 9)] == [Format.PERCENT, Format.OTHER]


def test_a_zero_that_the_sheet_does_not_show_is_hidden() -> None:
    """Only there, and only zeros."""
    values: dict[int, dict[int, Value]] = {0: {0: 0.0, 1: 5.0, 2: "0", 3: False}}
    shown, unseen = SheetCells("S", rows=values), SheetCells("S", rows=values, zeros_shown=False)
    assert [shown.cell(0, column).format for column in range(5)] == [Format.PLAIN] * 5
    assert [unseen.cell(0, column).format for column in range(5)] == [Format.HIDDEN, *[Format.PLAIN] * 4]


@pytest.mark.parametrize(
    ("row", "column", "into"),
    [(9, 4, ""), (9, 5, "E10"), (500_000, 9_000, "E10"), (8, 4, ""), (0, 0, "")],
    ids=["the first", "beside it", "deep inside", "outside", "a box of one cell"],
)
def test_merged_cells_are_asked_not_listed(row: int, column: int, into: str) -> None:
    """A box of seventeen milliard cells costs as much as one of two."""
    assert SHEET.cell(row, column).merged_into == into


def test_where_merged_cells_overlap_a_covered_cell_has_no_say() -> None:
    """An office repairs such a sheet, one way or the other: the first cell of one box is no score if it lies
    under another."""
    sheet = SheetCells("S", merges=[Box(9, 4, 10, 4), Box(8, 4, 9, 4)])
    assert [sheet.cell(row, 4).merged_into for row in (8, 9, 10)] == ["", "E9", "E10"]


@pytest.mark.parametrize(
    ("row", "column", "hidden"),
    [(9, 0, True), (8, 0, False), (20, 0, True), (29, 0, True), (30, 0, False), (0, 2, True), (0, 4, False)],
)
def test_hidden_rows_and_columns_hide_their_cells(row: int, column: int, hidden: bool) -> None:
    """Both ends of a stretch belong to it."""
    assert SHEET.cell(row, column).hidden is hidden


@pytest.mark.parametrize("state", [Visibility.HIDDEN, Visibility.VERY_HIDDEN])
def test_a_hidden_sheet_hides_all(state: Visibility) -> None:
    """Whichever way it is hidden."""
    assert SheetCells("S", state).hides(0, 0)


def test_values_come_downwards_and_to_the_right() -> None:
    """Only those that there are."""
    assert list(SHEET.values()) == [(8, 4, 0.8), (9, 4, 5.0)]


def test_stretches_that_touch_or_overlap_are_one() -> None:
    """However they are ordered."""
    assert stretches([(5, 6), (0, 1), (2, 3), (3, 3), (8, 9)]) == ((0, 3), (5, 6), (8, 9))
    assert stretches([]) == ()


def test_sheets_are_found_by_name() -> None:
    """None where there is no such sheet."""
    book = WorkbookCells((SHEET,))
    assert book.sheet("S") is SHEET
    assert book.sheet("s") is None


def test_cells_and_boxes_are_counted() -> None:
    """Each limit is a named refusal."""
    budget = CellBudget()
    budget.spend(MOST_CELLS)
    with pytest.raises(Refused) as cells:
        budget.spend(1)
    assert (cells.value.code, cells.value.found, cells.value.limit) == (
        "unsafe-box",
        "5,000,001",
        "5,000,000",
    )
    assert limited([Box(0, 0, 1, 1)]) == [Box(0, 0, 1, 1)]
    with pytest.raises(Refused):
        limited([Box(0, 0, 1, 1)] * (MOST_BOXES + 1))


def test_the_first_cell_of_a_box_may_lie_under_another() -> None:
    """It is covered then, whichever box comes first."""
    boxes = [Box(1, 1, 1, 2), Box(0, 1, 1, 1)]
    for merges in (boxes, boxes[::-1]):
        assert SheetCells("S", merges=merges).covering(1, 1) == Box(0, 1, 1, 1)
        assert SheetCells("S", merges=merges).covering(0, 1) is None


def test_cells_of_a_row_are_the_same_where_the_sheet_hides_something_elsewhere() -> None:
    """A sheet that hides nothing answers without looking at each cell."""
    sheet = SheetCells(
        "表",
        rows={0: {0: "甲", 1: 4.5}, 1: {1: 3.0}},
        marks={1: {1: Marks(formula="=B1")}},
        merges=[Box(0, 0, 1, 0), Box(0, 2, 0, 3)],
    )
    hiding = replace(sheet, hidden_rows=((7, 8),))
    for row in range(3):
        cells = sheet.cells(row, range(5))
        assert cells == hiding.cells(row, range(5)) == [sheet.cell(row, column) for column in range(5)]
    assert [cell.merged_into for cell in sheet.cells(0, range(4))] == ["", "", "", "C1"]
    assert sheet.cell(1, 0).merged_into == "A1"
