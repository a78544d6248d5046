"""Workbooks of Excel 97 and of Excel 5 in Chinese, in the records that those programs write."""

import re
import struct
from collections.abc import Iterator

from tests.tools import biff
from tests.tools.sheets import Book, Put, Sheet, box, place

_ERRORS = {
    "#NULL!": 0x00, "#DIV/0!": 0x07, "#VALUE!": 0x0F, "#REF!": 0x17, "#NAME?": 0x1D, "#NUM!": 0x24,
    "#N/A": 0x2A, "#GETTING_DATA": 0x2B,
}  # fmt: skip
_BUILT_IN = {
    "General": 0, "0": 1, "0.00": 2, "0%": 9, "0.00%": 10, "0.00E+00": 11, "# ?/?": 12, "h:mm": 20, "@": 49,
}  # fmt: skip
_STATES = {"visible": 0, "hidden": 1, "veryHidden": 2}
_OPERATORS = {"+": b"\x03", "/": b"\x06"}
_OTHER_FILE = "\x01D:\x032020.xls"
"""Its name as Excel encodes it."""


class _Excel97:
    """The records that hold texts, in Unicode."""

    version, encoding, stream = 0x600, "utf-16-le", "Workbook"

    def __init__(self) -> None:
        self._shared: dict[bytes, int] = {}

    def text(self, at: biff.Cell, put: Put, style: int) -> bytes:
        raw = biff.shared(str(put.value), _starts([(len(text), struck) for text, struck in put.runs]))
        return biff.label(at, self._shared.setdefault(raw, len(self._shared)), style)

    def result(self, text: str) -> bytes:
        return biff.record(0x207, biff.words(len(text)), biff.text8(text))

    def constant(self, text: str) -> bytes:
        return bytes([len(text)]) + biff.text8(text)

    def number_format(self, number: int, code: str) -> bytes:
        return biff.number_format(number, code)

    def font(self, *, struck: bool) -> bytes:
        return biff.font(struck)

    def style(self, font: int, number_format: int) -> bytes:
        return biff.style(font, number_format)

    def link(self) -> bytes:
        return biff.record(
            0x1AE, biff.words(1, len(_OTHER_FILE)), biff.text8(_OTHER_FILE), biff.words(1), biff.text8("S")
        )

    def heads(self) -> Iterator[bytes]:
        yield biff.record(0x1C1, biff.words(0x1C1, 0, 0xE4BD, 1))
        yield biff.strings(*self._shared)


class _Excel5:
    """The same in GBK, and every text in its cell."""

    version, encoding, stream = 0x500, "gbk", "Book"

    def text(self, at: biff.Cell, put: Put, style: int) -> bytes:
        raw = str(put.value).encode("gbk")
        body = biff.words(*at, style, len(raw)) + raw
        if not put.runs:
            return biff.record(0x204, body)
        starts = _starts([(len(text.encode("gbk")), struck) for text, struck in put.runs])
        return biff.record(0xD6, body, bytes([len(starts)]), *map(bytes, starts))

    def result(self, text: str) -> bytes:
        raw = text.encode("gbk")
        return biff.record(0x207, biff.words(len(raw)), raw)

    def constant(self, text: str) -> bytes:
        raw = text.encode("gbk")
        return bytes([len(raw)]) + raw

    def number_format(self, number: int, code: str) -> bytes:
        raw = code.encode("gbk")
        return biff.record(0x41E, biff.words(number), bytes([len(raw)]), raw)

    def font(self, *, struck: bool) -> bytes:
        name = "宋体".encode("gbk")
        return biff.record(0x31, biff.words(220, 8 * struck, 8, 400, 0), bytes(4), bytes([len(name)]), name)

    def style(self, font: int, number_format: int) -> bytes:
        return biff.record(0xE0, biff.words(font, number_format, 1), bytes(10))

    def link(self) -> bytes:
        raw = _OTHER_FILE[1:].encode("gbk")
        return biff.record(0x17, bytes([len(raw), 1]), raw)

    def heads(self) -> Iterator[bytes]:
        yield biff.record(0x42, biff.words(936))


Version = _Excel97 | _Excel5


def excel97(book: Book) -> bytes:
    """As Excel 97 to 2003 and WPS (.xls, .et): shared texts, short numbers."""
    return _written(book, _Excel97())


def excel5(book: Book) -> bytes:
    """As Excel 5 and 95 in Chinese, which knew no merged cells."""
    return _written(book, _Excel5())


def _written(book: Book, version: Version) -> bytes:
    styles = _Styles()
    sheets = {sheet.name: _sheet(sheet, book, styles, version) for sheet in book.sheets}
    heads = [biff.record(0x22, biff.words(int(book.from_1904))), *styles.records(version), *version.heads()]
    stream = biff.book(
        sheets,
        *heads,
        *([version.link()] if book.links else []),
        version=version.version,
        states={sheet.name: _STATES[sheet.state] for sheet in book.sheets},
        encoding=version.encoding,
    )
    macros = {"_VBA_PROJECT_CUR": b"macros"} if book.macros else {}
    return biff.container({version.stream: stream, **macros})


class _Styles:
    """The number formats and fonts that the cells ask for, numbered as they come."""

    def __init__(self) -> None:
        self._codes: dict[str, int] = {}
        self._cells: dict[tuple[int, int], int] = {(0, 0): 0}

    def number(self, put: Put) -> int:
        code = _BUILT_IN.get(put.code)
        if code is None:
            code = self._codes.setdefault(put.code, 164 + len(self._codes))
        return self._cells.setdefault((int(put.struck), code), len(self._cells))

    def records(self, version: Version) -> Iterator[bytes]:
        yield from (version.font(struck=struck) for struck in (False, True))
        yield from (version.number_format(number, code) for code, number in self._codes.items())
        yield from (version.style(font, code) for font, code in self._cells)


def _starts(runs: list[tuple[int, bool]]) -> list[tuple[int, int]]:
    """Return where runs of these lengths begin, and in which font."""
    found, at = [], 0
    for length, struck in runs:
        found.append((at, int(struck)))
        at += length
    return found


def _sheet(sheet: Sheet, book: Book, styles: _Styles, version: Version) -> bytes:
    uncalculated = [] if book.calculated else [biff.record(0x5E, b"\0\0")]
    cells = (
        record
        for row, puts in sheet.rows().items()
        for column, put in puts.items()
        for record in _cell((row - 1, column - 1), put, styles.number(put), book, version)
    )
    kind = biff.bof(version=version.version)
    boxes = [*_merges(sheet), *_conditional(sheet), *_replaced(sheet)] if version.version == 0x600 else []
    view = biff.record(0x23E, biff.words(0x06A6 | 0x10 * sheet.zeros, 0, 0, 64, 0), bytes(8))
    return b"".join([kind, *uncalculated, *_columns(sheet), *_rows(sheet), *cells, view, *boxes, biff.EOF])


def _columns(sheet: Sheet) -> Iterator[bytes]:
    for column in sorted({*sheet.hidden_columns, *sheet.narrow_columns}):
        at, hidden = place(f"{column}1")[1] - 1, column in sheet.hidden_columns
        yield biff.record(0x7D, biff.words(at, at, 2304 * hidden, 0, int(hidden), 0))


def _rows(sheet: Sheet) -> Iterator[bytes]:
    for row in sheet.rows():
        height = 0 if row in sheet.low_rows else 285
        flags = 0x100 | 0x40 * (row in sheet.low_rows) | 0x20 * (row in sheet.hidden_rows)
        yield biff.record(0x208, biff.words(row - 1, 0, 256, height, 0, 0, flags, 0x0F))


def _cell(at: biff.Cell, put: Put, style: int, book: Book, version: Version) -> Iterator[bytes]:
    if put.formula:
        yield _formula(at, put, style, version)
        if isinstance(put.value, str) and (put.value or version.version == 0x500):
            yield version.result(put.value)
    elif put.error:
        yield biff.record(0x205, biff.words(*at, style), bytes([_ERRORS[put.error], 1]))
    elif put.value is None:
        yield biff.blank(at, style)
    elif isinstance(put.value, bool):
        yield biff.record(0x205, biff.words(*at, style), bytes([put.value, 0]))
    elif isinstance(put.value, str):
        yield version.text(at, put, style)
    else:
        yield _number(at, put.number(from_1904=book.from_1904), style)


def _number(at: biff.Cell, value: float, style: int) -> bytes:
    """Return a number, in the short form where it has two decimals at most, as Excel does."""
    hundredfold = round(value * 100)
    if abs(hundredfold) >= 1 << 29 or hundredfold / 100 != value:
        return biff.number(at, value, style)
    short = int(value) << 2 | 2 if value == int(value) else hundredfold << 2 | 3
    return biff.record(0x27E, biff.words(*at, style), struct.pack("<i", short))


def _formula(at: biff.Cell, put: Put, style: int, version: Version) -> bytes:
    if put.error:
        value = struct.pack("<BxBxxxH", 2, _ERRORS[put.error], 0xFFFF)
    elif isinstance(put.value, bool):
        value = struct.pack("<BxBxxxH", 1, put.value, 0xFFFF)
    elif isinstance(put.value, str):
        unsaid = not put.value and version.version == 0x600
        value = struct.pack("<BxxxxxH", 3 if unsaid else 0, 0xFFFF)
    else:
        value = struct.pack("<d", 0 if put.value is None else put.number())
    tokens = _tokens(put.formula, version)
    return biff.record(0x06, biff.words(*at, style), value, struct.pack("<HIH", 0, 0, len(tokens)), tokens)


def _tokens(formula: str, version: Version) -> bytes:
    """Return the tokens of a text, or of a sum or quotient of two numbers."""
    if formula.startswith('"'):
        return b"\x17" + version.constant(formula.strip('"'))
    first, sign, second = re.split("([+/])", formula)
    numbers = (b"\x1f" + struct.pack("<d", float(number)) for number in (first, second))
    return b"".join([*numbers, _OPERATORS[sign]])


def _merges(sheet: Sheet) -> Iterator[bytes]:
    if sheet.merges:
        boxes = [box(ref) for ref in sheet.merges]
        places = (biff.words(top - 1, bottom - 1, left - 1, right - 1) for top, left, bottom, right in boxes)
        yield biff.record(0xE5, biff.words(len(boxes)), *places)


def _conditional(sheet: Sheet) -> Iterator[bytes]:
    """Yield conditional formats: above 0, another built-in number format."""
    for ref, code in sheet.conditional.items():
        top, left, bottom, right = (n - 1 for n in box(ref))
        place = biff.words(top, bottom, left, right)
        yield biff.record(0x1B0, biff.words(1, 1), place, biff.words(1), place)
        change = struct.pack("<IH", 1 << 25, 0) + bytes([0, _BUILT_IN[code]])
        yield biff.record(0x1B1, bytes([1, 5]), biff.words(3, 0), change, b"\x1e\0\0")


def _replaced(sheet: Sheet) -> Iterator[bytes]:
    """Yield conditional formats as Excel 2007 adds them: an icon or a bar, and no number."""
    icons, bar = bytes([0, 0, 0, 3, 0, 1]), bytes([0, 0, 0, 2, 10, 90])
    for kind, inside, cells in ((6, icons, sheet.icons), (4, bar, sheet.bars)):
        for ref in cells:
            top, left, bottom, right = (n - 1 for n in box(ref))
            place = biff.words(top, bottom, left, right)
            head = biff.words(0x879, 1) + place
            yield biff.record(0x879, head, biff.words(1, 1), place, biff.words(1), place)
            plain = struct.pack("<I", 0) + bytes(2)
            said = biff.words(0) + bytes([0]) + biff.words(1, 0) + bytes([16]) + bytes(16)
            head = biff.words(0x87A, 1) + place
            yield biff.record(0x87A, head, bytes([kind, 0]), biff.words(0, 0), plain, said, inside, bytes(16))
