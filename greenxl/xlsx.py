"""What every workbook that is written shares: safe cells, formats by name, fixed dates.

Text goes in as text, even if it begins like a formula or a link (``write_string``), and no write fails in
silence: XlsxWriter reports a refused cell by its return code only.
"""

import io
import math
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from greenxl.errors import GreenxlError
from greenxl.names import clean

_MOST_LINKS = 65_530
"""On one sheet (Excel specifications and limits)."""

_CELL_LENGTH = 32_767
"""The longest text that a cell holds (Excel specifications and limits)."""

_COMMENT_WIDTH, _MOST_COMMENT_HEIGHT = 300, 600
"""Of a comment's box, in pixels."""

_FALLBACK = {"font_family": 1, "font_charset": 134}
"""Roman and GB 2312: where a font is missing, Windows then shows 宋体 rather than a Latin one."""

_REMEMBERED = 4096
"""Texts whose width or lines are kept, as names and criteria come again and again."""


class Book:
    """A workbook in the making: adds sheets and writes cells, then gives its bytes."""

    def __init__(self, font: str, created: date, properties: dict[str, str]) -> None:
        self._buffer = io.BytesIO()
        self._book: Workbook = xlsxwriter.Workbook(self._buffer, {"in_memory": True})
        self._font = font
        self._formats: dict[frozenset[tuple[str, Any]], Format] = {}
        moment = datetime(created.year, created.month, created.day)
        self._book.set_properties({**properties, "created": moment})

    def sheet(self, name: str) -> Worksheet:
        return self._book.add_worksheet(name)

    def define_name(self, name: str, cells: str) -> None:
        """Give cells a name for formulas and lists: ``'街道（镇）'!$B$2:$B$501``."""
        self._book.define_name(name, f"={cells}")

    def chart(self, kind: str, subtype: str | None = None) -> Any:
        return self._book.add_chart({"type": kind, "subtype": subtype})

    def format(self, **properties: Any) -> Format:
        """Return the format of these properties, one object however often it is asked for."""
        name = frozenset(properties.items())
        if name not in self._formats:
            common = {"font_name": self._font, **_FALLBACK, "font_size": 11, "valign": "vcenter"}
            self._formats[name] = self._book.add_format({**common, **properties})
        return self._formats[name]

    def condition_format(self, **properties: Any) -> Format:
        """Return a format for a condition: only what it changes."""
        return self._book.add_format(properties)

    def bytes(self) -> bytes:
        self._book.close()
        return self._buffer.getvalue()


@lru_cache(maxsize=_REMEMBERED)
def text_width(text: str) -> int:
    """Return how many characters of a column's width a text takes; a Chinese one takes two."""
    return sum(1 if ord(c) < 0x2E80 else 2 for c in text)


@lru_cache(maxsize=_REMEMBERED)
def line_count(text: str, width: float) -> int:
    """Return how many lines a text takes in a column of ``width`` characters."""
    return sum(max(1, math.ceil(text_width(line) * 1.08 / width)) for line in text.split("\n"))


def size_to_fit(text: str, width: float, size: float) -> float:
    """Return the font size, ``size`` at most, at which a line takes no more than ``width`` characters."""
    return min(size, int(2 * width * 11 / (text_width(text) * 1.08)) / 2)


def write_cell(
    sheet: Worksheet, row: int, column: int, value: str | float | Decimal | None, cell_format: Format
) -> None:
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


def fit_to_cell(text: str) -> str:
    """Return a text that a cell can hold; one that is too long ends in the number of its characters."""
    text = clean(text)
    if len(text) <= _CELL_LENGTH:
        return text
    tail = f"…（共{len(text)}字）"
    return text[: _CELL_LENGTH - len(tail)] + tail


def write_formula(
    sheet: Worksheet,
    row: int,
    column: int,
    formula: str,
    cell_format: Format,
    value: str | float | Decimal | None,
) -> None:
    """Write a live formula with the value that it has now."""
    stored = "" if value is None else value if isinstance(value, str) else float(value)
    _check(sheet.write_formula(row, column, formula, cell_format, stored), sheet, row, column)


def write_link(sheet: Worksheet, row: int, column: int, target: str, text: str, cell_format: Format) -> None:
    """Write a text that leads to ``target`` (``internal:'社区得分'!A6``), alone where links run out."""
    if sheet.hlink_count < _MOST_LINKS:
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
