"""Which cells of a workbook hold more than they show when printed: an estimate by widths and heights.

A character of a column's width is 7 pixels (Calibri 11, the workbook's default); a Chinese character
is as wide as its size, and so are the signs that its font draws wide; a Latin one 0.55 of it; a line is 1.2
times as high as its size.
"""

import math
from typing import Any

from openpyxl.cell import MergedCell
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from tests.tools.books import opened

PIXEL = 0.75
DEFAULT_WIDTH, DEFAULT_HEIGHT = 8.43, 15.0
WIDE_SIGNS = "“”‘’—…·×±≤≥→①②③④⑤⑥⑦⑧⑨⑩ⅠⅡⅢ℃●■※"


def too_full(data: bytes) -> list[str]:
    """Return the printed cells whose text is cut, each as 「sheet!A1: text」."""
    visible = [sheet for sheet in opened(data, values=True).worksheets if sheet.sheet_state == "visible"]
    return [f"{sheet.title}!{told}" for sheet in visible for told in _sheet(sheet)]


def _sheet(sheet: Worksheet) -> list[str]:
    boxes = {str(r).split(":")[0]: r for r in sheet.merged_cells.ranges}
    told = []
    printed = sheet.print_area.split("!")[-1].replace("$", "") if sheet.print_area else sheet.dimensions
    for line in sheet[printed]:
        for cell in line:
            if isinstance(cell, MergedCell) or cell.value in (None, ""):
                continue
            box = boxes.get(cell.coordinate)
            last_column = box.max_col if box else cell.column
            last_row = box.max_row if box else cell.row
            wide = sum(_width(sheet, c) for c in range(cell.column, last_column + 1))
            high = sum(_height(sheet, r) for r in range(cell.row, last_row + 1))
            if not _fits(sheet, cell, wide, high, last_column):
                told.append(f"{cell.coordinate}: {str(cell.value)[:40]}")
    return told


def _fits(sheet: Worksheet, cell: Any, wide: float, high: float, last_column: int) -> bool:
    size, text = float(cell.font.sz), _shown(cell)
    if cell.alignment.shrink_to_fit:
        return True
    if not isinstance(cell.value, str):
        return _points(text, size) <= wide - 2
    if cell.alignment.wrap_text:
        room = wide - 4 - 9 * cell.alignment.indent
        count = sum(max(1, math.ceil(_points(part, size) / room)) for part in text.split("\n"))
        return bool(room >= size and count * size * 1.2 <= high + 1)
    column = last_column + 1
    while column <= sheet.max_column and sheet.cell(cell.row, column).value in (None, ""):
        wide, column = wide + _width(sheet, column), column + 1
    return _points(text, size) <= wide and size * 1.2 <= high + 1


def _points(text: str, size: float) -> float:
    return sum(size * (0.55 if ord(c) < 0x2E80 and c not in WIDE_SIGNS else 1) for c in text)


def _shown(cell: Any) -> str:
    if isinstance(cell.value, str):
        return cell.value
    form, value = cell.number_format, float(cell.value)
    if "%" in form:
        return f"{value:.1%}" if "." in form else f"{value:.0%}"
    if "#,##0" in form:
        return f"{value:,.0f}"
    return (
        f"{value:.2f}"
        if form in ("0.00", "+0.00;-0.00;0")
        else f"{form[:1] if form[:1] in '+≥' else ''}{value:g}"
    )


def _width(sheet: Worksheet, column: int) -> float:
    """Return a column's width in points."""
    letter = get_column_letter(column)
    width = sheet.column_dimensions[letter].width if letter in sheet.column_dimensions else None
    if width is None:
        groups = (d for d in sheet.column_dimensions.values() if d.min and d.min <= column <= (d.max or 0))
        width = next((d.width for d in groups), DEFAULT_WIDTH)
    return (width * 7) * PIXEL


def _height(sheet: Worksheet, row: int) -> float:
    return sheet.row_dimensions[row].height or DEFAULT_HEIGHT
