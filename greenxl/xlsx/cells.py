"""Single cells of a workbook that is written, safely.

Text goes in as text, even if it begins like a formula or a link (``write_string``), and no write fails in
silence: XlsxWriter reports a refused cell by its return code only.
"""

from datetime import date, datetime

from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from greenxl.errors import GreenxlError
from greenxl.xlsx.sheet import Sheet, Value
from greenxl.xlsx.texts import fit_to_cell, line_count

_COMMENT_WIDTH, _MOST_COMMENT_HEIGHT = 300, 600
"""Of a comment's box, in pixels."""


def write_cell(sheet: Worksheet, row: int, column: int, value: Value, cell_format: Format) -> None:
    """Write a text, a number or a blank; never a formula, a link or an empty cell by mistake."""
    if value is None or value == "":
        _check(sheet.write_blank(row, column, None, cell_format), sheet, row, column)
    elif isinstance(value, str):
        _check(sheet.write_string(row, column, fit_to_cell(value), cell_format), sheet, row, column)
    else:
        _check(sheet.write_number(row, column, float(value), cell_format), sheet, row, column)


def write_date(sheet: Worksheet, row: int, column: int, value: date, cell_format: Format) -> None:
    """Write a day as a date; ``cell_format`` says how it is shown."""
    moment = datetime(value.year, value.month, value.day)
    _check(sheet.write_datetime(row, column, moment, cell_format), sheet, row, column)


def write_formula(
    sheet: Worksheet,
    row: int,
    column: int,
    formula: str,
    cell_format: Format,
    value: Value,
) -> None:
    """Write a live formula with the value that it has now."""
    stored = "" if value is None else value if isinstance(value, str) else float(value)
    _check(sheet.write_formula(row, column, formula, cell_format, stored), sheet, row, column)


def write_link(sheet: Sheet, row: int, column: int, target: str, text: str, cell_format: Format) -> None:
    """Write a text that leads to ``target`` (``internal:'社区得分'!A6``), alone where links run out."""
    if sheet.has_room_for_links:
        _check(sheet.write_url(row, column, target, cell_format, text), sheet, row, column)
    else:
        write_cell(sheet, row, column, text, cell_format)


def write_merged(sheet: Worksheet, box: tuple[int, int, int, int], text: str, cell_format: Format) -> None:
    """Write a text over a box of cells (first row, first column, last row, last column)."""
    first_row, first_column, last_row, last_column = box
    if (first_row, first_column) != (last_row, last_column):
        _check(sheet.merge_range(*box, "", cell_format), sheet, first_row, first_column)
    write_cell(sheet, first_row, first_column, text, cell_format)


def write_comment(sheet: Worksheet, row: int, column: int, text: str, author: str, font: str) -> None:
    """Write a comment in a box that is high enough for it, up to a limit; what is left is scrolled to."""
    fitting = fit_to_cell(text)
    options = {
        "author": author,
        "font_name": font,
        "font_size": 10,
        "width": _COMMENT_WIDTH,
        "height": min(24 + 20 * line_count(fitting, _COMMENT_WIDTH / 8), _MOST_COMMENT_HEIGHT),
    }
    _check(sheet.write_comment(row, column, fitting, options), sheet, row, column)


def _check(code: int, sheet: Worksheet, row: int, column: int) -> None:
    if code != 0:
        raise GreenxlError(f"{sheet.name}!R{row + 1}C{column + 1}: XlsxWriter refused the cell ({code})")
