"""A sheet's cells as the finder of forms searches them."""

from greenxl.returns.model import LONGEST_TEXT, FoundForm, Grid, Hit
from greenxl.workbooks.cells import Box, SheetCells
from tests.tools.typed_forms import grid_of


def test_texts_come_as_keys_downwards_and_to_the_right() -> None:
    """However they are spaced; numbers and what is empty are none."""
    grid = grid_of([["社 区", 1, "（镇）"], [], ["", True, " "]])
    assert list(grid.texts()) == [(0, 0, "社区"), (0, 2, "(镇)"), (2, 2, "")]
    assert [row for row, _column, _text in grid.texts(1)] == [2]
    assert [row for row, _column, _text in grid.texts(0, 2)] == [0, 0]


def test_one_cell_may_be_asked_for() -> None:
    """Its text where it is one, its value and all else that is known of it."""
    grid = Grid(SheetCells("S", rows={1: {2: " 五 "}, 2: {2: 5.0}}, merges=[Box(1, 2, 4, 2)]))
    assert [grid.text(row, 2) for row in range(3)] == ["", "五", ""]
    assert [grid.value(row, 2) for row in range(3)] == [None, " 五 ", 5.0]
    assert (grid.cell(2, 2).address, grid.cell(2, 2).merged_into) == ("C3", "C2")


def test_columns_are_those_in_which_something_stands() -> None:
    """A formula that gave an empty text left nothing to see."""
    grid = Grid(SheetCells("S", rows={0: {0: "", 3: "x", 7: 0.0, 9: False}}))
    assert grid.columns(0) == [3, 7, 9]
    assert grid.columns(1) == []


def test_a_text_that_no_cell_of_excel_holds_is_not_compared() -> None:
    """Nothing is looked for in six million characters."""
    grid = grid_of([["长" * LONGEST_TEXT], ["长" * (LONGEST_TEXT + 1)]])
    assert [row for row, _column, _text in grid.texts()] == [0]
    assert len(grid.text(0, 0)) == LONGEST_TEXT
    assert grid.text(1, 0) == ""
    assert grid.columns(1) == [0]


def test_a_form_begins_with_its_headings_else_with_its_criteria() -> None:
    """And ends with the last of these."""
    lines = (Hit(4, 2, 1), Hit(9, 2, 3))
    form = FoundForm(
        header_row=2,
        text_column=2,
        points_column=3,
        score_column=4,
        lines=lines,
        total_row=None,
        headed_otherwise=False,
    )
    assert (form.top, form.last_row) == (2, 9)
    headless = FoundForm(
        header_row=None,
        text_column=2,
        points_column=None,
        score_column=3,
        lines=lines,
        total_row=12,
        headed_otherwise=False,
    )
    assert (headless.top, headless.last_row) == (4, 9)
