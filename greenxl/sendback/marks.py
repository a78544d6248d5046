"""The marks of a correction copy: cells filled and commented, so that a town sees what to mend."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, cast

from greenxl.campaign import rules
from greenxl.campaign.model import Campaign, plain
from greenxl.catalogue import Correction
from greenxl.findings import Finding
from greenxl.form.style import MISSING, WRONG
from greenxl.i18n import CHINESE
from greenxl.xlsx import fit_to_cell, line_count

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.cell import Cell
    from openpyxl.worksheet.worksheet import Worksheet

MENDED = "E2F0D9"
TALLEST = 600
"""Points of a comment's box; what does not fit is scrolled to."""
COMMENT = "需修改："
"""How every comment of ours begins, so that the next copy knows it from the town's own."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A flaw and where it is marked in the copy."""

    flaw: Finding
    sheet: str
    cell: str


def unmark(book: "Workbook") -> None:
    """Take off the marks of an earlier copy."""
    from openpyxl.styles import PatternFill

    for sheet in book.worksheets:
        for cell in list(sheet._cells.values()):
            if cell.comment and cell.comment.text.startswith(COMMENT):
                cell.comment = None
                cell.fill = PatternFill()


def mark_all(book: "Workbook", marks: Iterable[Mark], campaign: Campaign) -> None:
    """Mark every cell that is wrong, once, whatever is wrong with it."""
    found: dict[tuple[str, str], list[Finding]] = {}
    for mark in marks:
        if mark.sheet and mark.cell:
            found.setdefault((mark.sheet, mark.cell), []).append(mark.flaw)
    for (sheet, cell), flaws in found.items():
        _mark(book[sheet], cell, flaws, campaign)


def _mark(sheet: "Worksheet", place: str, flaws: Sequence[Finding], campaign: Campaign) -> None:
    """Fill and comment a cell and let it be mended; a score turns green once it is a possible one."""
    from openpyxl.comments import Comment
    from openpyxl.styles import PatternFill, Protection

    corrections = {flaw.entry.correction for flaw in flaws}
    is_score = any(correction.of_score for correction in corrections)
    cell = _reachable(sheet, place, alone=is_score)
    colour = (MISSING if corrections == {Correction.FILL_IN} else WRONG).removeprefix("#")
    cell.fill = PatternFill("solid", start_color=colour)
    cell.protection = Protection(locked=cell.data_type == "f")
    own = f"\n（原有批注：{cell.comment.text}）" if cell.comment else ""
    text = fit_to_cell(COMMENT + "\n".join(flaw.message(CHINESE) for flaw in flaws) + own)
    cell.comment = Comment(text, campaign.authority, min(24 + 20 * line_count(text, 38), TALLEST), 300)
    if is_score:
        cell.number_format = "General"
    if Correction.EMPTY in corrections:
        cell.value = None
    number = flaws[0].criterion
    if is_score and number:
        _turn_green(sheet, cell.coordinate, campaign.criteria[number - 1].points)


def _reachable(sheet: "Worksheet", place: str, *, alone: bool) -> "Cell":
    """Return a cell that can be seen and typed into; a score is freed from a merged box."""
    for box in list(sheet.merged_cells.ranges):
        if place in box and alone:
            corner = sheet.cell(box.min_row, box.min_col)
            sheet.unmerge_cells(box.coord)
            for row, column in box.cells:
                sheet.cell(row, column)._style = corner._style  # type: ignore[union-attr]
        elif place in box:
            place = box.coord.split(":")[0]
    reveal(sheet, place)
    return cast("Cell", sheet[place])


def reveal(sheet: "Worksheet", place: str) -> None:
    """Show the sheet, row and column of a cell."""
    cell = cast("Cell", sheet[place])
    sheet.sheet_state = "visible"
    sheet.row_dimensions[cell.row].hidden = False
    for column in sheet.column_dimensions.values():
        if column.min and column.max and column.min <= cell.column <= column.max:
            column.hidden = False


def _turn_green(sheet: "Worksheet", cell: str, points: Decimal) -> None:
    from openpyxl.formatting.rule import FormulaRule
    from openpyxl.styles import PatternFill

    possible = rules.possible_formula(cell, plain(points))
    rule = FormulaRule(  # type: ignore[no-untyped-call]
        [possible], fill=PatternFill("solid", start_color=MENDED, end_color=MENDED)
    )
    rule.priority = 1000 + len(sheet.conditional_formatting)  # after the form's own
    sheet.conditional_formatting.add(cell, rule)
