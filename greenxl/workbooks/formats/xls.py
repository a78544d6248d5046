"""Workbooks of Excel 97 to 2003, and those of Excel 5/95 in an East Asian code page, decoded by xlrd.

xlrd is given the bare stream of records, never the container: its own reading of containers refuses chains
that every office takes. Before that the stream is walked once here. The walk finds the formulas, which xlrd
does not report; refuses what may be read in more than one way; and blanks out every record that xlrd does
not need in order to say what a cell shows: on some of those (names, conditional formats, drawings) it fails
or never ends.
"""

import io
import math
import struct
from collections.abc import Iterator, Mapping, Sequence, Set
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

from greenxl.workbooks.cells import (
    INSIDE_DAMAGED,
    LEAST_HEIGHT,
    LEAST_WIDTH,
    MOST_BOXES,
    PLAIN,
    Ambiguous,
    Box,
    CellBudget,
    Marks,
    Refused,
    SheetCells,
    Stretch,
    Struck,
    Value,
    Visibility,
    WorkbookCells,
    address,
    stretches,
)
from greenxl.workbooks.formats.number_format import Epoch, built_in, number_look, text_look

if TYPE_CHECKING:
    from olefile import OleFileIO
    from xlrd.book import Book
    from xlrd.sheet import Sheet

# Records ([MS-XLS] 2.3; those of Excel 5 in the Excel 97 Developer's Kit).
_HEAD, _HALF = struct.Struct("<2H"), struct.Struct("<H")
_BOF, _EOF, _FILEPASS, _CODEPAGE, _BOUNDSHEET = 0x809, 0x0A, 0x2F, 0x42, 0x85
_EXTERNSHEET, _SUPBOOK, _XF, _UNCALCULATED, _RECALCID = 0x17, 0x1AE, 0xE0, 0x5E, 0x1C1
_MERGED, _CONDITIONS, _CONDITION = 0xE5, (0x1B0, 0x879), (0x1B1, 0x87A)
_LABELSST, _MULRK, _MULBLANK, _BLANK = 0xFD, 0xBD, 0xBE, 0x201
_VIEW, _ZEROS = 0x23E, 0x10
"""A sheet's window, and in what is said of it that zeros are shown."""
_FORMULAS = frozenset({0x06, 0x206, 0x406})
_VALUED = _FORMULAS | {0x203, 0x204, 0x205, 0x27E, 0xD6, _LABELSST, _MULRK}
"""FORMULA, NUMBER, LABEL, BOOLERR, RK, RSTRING, LABELSST, MULRK."""
_FOR_XLRD = _VALUED | {
    _BOF, _EOF, _BOUNDSHEET, _XF,
    0x22, 0x31, 0x41E, 0xFC, 0x3C,  # DATEMODE, FONT, FORMAT, SST, CONTINUE
    0x207, 0x4BC, 0x221, 0x236,  # STRING, SHRFMLA, ARRAY, TABLE: they stand behind a formula
    0x208, 0x225, 0x7D, 0x55, _MERGED,  # ROW, DEFAULTROWHEIGHT, COLINFO, DEFCOLWIDTH, MERGEDCELLS
}  # fmt: skip
_SEVERAL = frozenset({_MULRK, _MULBLANK})
_CELLS = _VALUED | {_MULBLANK, _BLANK}
_BOXES = {_MERGED, *_CONDITIONS, *_CONDITION}
_BLANKED = b"\xff\xff"
"""The number of no record."""

_CONDITION_AT = {0x1B1: 6, 0x87A: 22}
"""Where in a conditional format it is said what it changes."""
_LATER = {0x87A}
"""In the records of Excel 2007, behind the length of that."""
_HAS_NUMBER_FORMAT, _HAS_FONT, _STRUCK = 1 << 25, 1 << 26, 0x80
_REPLACED = {4: (3, 0x03), 6: (5, 0x01)}
"""Kind of a conditional format (a bar, icons) -> where and in which bits it says that no value is shown."""

_BIFF8, _BIFF5 = 0x0600, 0x0500
_GLOBALS = 0x05
"""What a BOF says of the records before all sheets."""
_WORKSHEET, _MACROS = 0, 1
"""Kinds of sheets in a BOUNDSHEET."""
_CODE_PAGES = {932, 936, 949, 950}
"""Of Excel 5 in East Asia; by any other, what is not ASCII might come out garbled without a word."""
_NO_OTHER_FILE = (b"\x01\x04", b"\x01\x3a")
"""A reference to the workbook's own sheets, or to functions of an add-in."""
_OTHER_FILE = 1
"""The same in Excel 5, the other way round."""

_ROWS, _COLUMNS = 65_536, 256
_HEIGHT_UNITS = 20
"""In a point."""
_WIDTH_UNITS = 256 / 5.25
"""In a point: 256 in a digit, which is 5.25 points wide in the usual font."""
_ERRORS = {
    0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!",
    0x2A: "#N/A", 0x2B: "#GETTING_DATA",
}  # fmt: skip
_STATES = (Visibility.VISIBLE, Visibility.HIDDEN, Visibility.VERY_HIDDEN)


def read(data: bytes) -> WorkbookCells:
    """Return the workbook in an OLE container.

    :raises Refused: there is none, or none that can be read for certain.
    """
    stream, saved, macros = _container(data)
    heads, pages = _walked(stream)
    try:
        sheets, date_1904 = _decoded(bytes(stream), heads, pages)
    except (MemoryError, Refused):
        raise
    except Exception as error:  # noqa: BLE001  (xlrd raises some twenty kinds, assertions among them)
        raise _unusual(f"{type(error).__name__}: {error}") from error
    return WorkbookCells(
        sheets=sheets,
        calculated=all(page.calculated for page in pages),
        date_1904=date_1904,
        macros=macros or heads.macros,
        links=heads.links,
        saved=saved,
    )


def _unusual(found: str) -> Refused:
    return Refused("file-resave", found)


# The container.


def _container(data: bytes) -> tuple[bytearray, datetime | None, bool]:
    """Return the stream of records, when the workbook was last saved and whether it holds macros.

    Where there are two streams, the newer one, ``Workbook``, is what every office of today reads.
    """
    import olefile

    try:
        with olefile.OleFileIO(data) as ole:
            paths = [path for path in ole.listdir() if len(path) == 1]
            books = {path[0].lower(): path for path in paths if path[0].lower() in ("workbook", "book")}
            if not books or len(books) < sum(path[0].lower() in books for path in paths):
                raise Ambiguous("Workbook")
            path = books.get("workbook") or books["book"]
            stream = bytearray(ole.openstream(path).read())
            if len(stream) < ole.get_size(path):
                raise Refused("file-damaged", "/".join(path))
            macros = any(path[0].upper() == "_VBA_PROJECT_CUR" for path in ole.listdir())
            return stream, _saved(ole), macros
    except (OSError, ValueError, IndexError, struct.error, AttributeError, TypeError) as error:
        raise Refused("file-damaged", INSIDE_DAMAGED) from error


_SUMMARY = "\x05SummaryInformation"
_LAST_SAVED, _MOMENT = 13, 64
_MOST_PROPERTIES = 100
"""A summary has 19 at most; olefile's own reading believes any number that it states."""


def _saved(ole: "OleFileIO") -> datetime | None:
    """Return when the file says that it was last saved: its summary's property 13 ([MS-OLEPS] 2.25)."""
    with suppress(OSError, struct.error, OverflowError):
        summary = ole.openstream(_SUMMARY).read()
        (start,) = struct.unpack_from("<I", summary, 44)
        (count,) = struct.unpack_from("<I", summary, start + 4)
        for index in range(min(count, _MOST_PROPERTIES)):
            name, at = struct.unpack_from("<2I", summary, start + 8 + 8 * index)
            kind, moment = struct.unpack_from("<IQ", summary, start + at)
            if (name, kind) == (_LAST_SAVED, _MOMENT):
                return datetime(1601, 1, 1, tzinfo=UTC) + timedelta(microseconds=moment // 10)
    return None


# The walk.


@dataclass(frozen=True, slots=True)
class _Globals:
    """What the records before all sheets say that xlrd does not."""

    end: int
    """Where they end in the stream."""
    encoding: str | None
    """Of the texts in Excel 5; None where they are Unicode."""
    styles: Sequence[tuple[int, int]]
    """Font and number format of each."""
    starts: Sequence[int]
    """Where the worksheets begin in the stream, in the order of their tabs."""
    macros: bool
    links: bool
    calculator: bool
    """Whether it says what calculated it; else an empty text may stand for what an office shall calculate."""


@dataclass(frozen=True, slots=True)
class _Page:
    """What the records of a worksheet say that xlrd does not."""

    end: int
    cells: Mapping[int, int]
    """Row -> columns that hold a value or a formula, as bits."""
    formulas: Set[tuple[int, int]]
    conditional: Sequence[Box]
    """The cells whose number format or strike depends on a condition."""
    calculated: bool
    zeros_shown: bool


def _walked(stream: bytearray) -> tuple[_Globals, list[_Page]]:
    """Return what the records of a workbook say, and blank out in the stream what xlrd shall not see.

    :raises Refused: they are of no workbook, or may be read in more than one way.
    """
    try:
        heads = _globals(stream)
        pages = [_page(stream, start) for start in heads.starts]
    except struct.error as error:
        raise _unusual(str(error)) from error
    CellBudget().spend(sum(bits.bit_count() for page in pages for bits in page.cells.values()))
    ends = [page.end for page in pages]
    places = sorted([(0, heads.end), *zip(heads.starts, ends, strict=True)])
    if any(following < end for (_start, end), (following, _end) in pairwise(places)):
        raise Ambiguous("BOUNDSHEET")
    return heads, pages


def _records(stream: bytearray, start: int) -> Iterator[tuple[int, int, int]]:
    """Yield (number, start and end of the body) of each record from a BOF to its EOF.

    What is nested in between (charts, whose records have the numbers of cells) is passed over.
    """
    at, depth = start, 0
    while depth or at == start:
        number, length = _HEAD.unpack_from(stream, at)
        body, end = at + _HEAD.size, at + _HEAD.size + length
        if end > len(stream) or (at == start and number != _BOF):
            raise _unusual(f"{at:#x}: {number:#x}")
        depth += number == _BOF
        if depth > 1 or number not in _FOR_XLRD:
            stream[at : at + 2] = _BLANKED
        if depth == 1:
            yield number, body, end
        depth -= number == _EOF
        at = end


def _globals(stream: bytearray) -> _Globals:
    wanted = {_BOF, _EOF, _FILEPASS, _CODEPAGE, _BOUNDSHEET, _EXTERNSHEET, _SUPBOOK, _XF, _RECALCID}
    found: dict[int, list[int]] = {number: [] for number in wanted}
    for number, body, _end in _records(stream, 0):
        if number in wanted:
            found[number].append(body)
    if found[_FILEPASS]:
        raise Refused("file-password")
    sheets = [struct.unpack_from("<I2B", stream, body) for body in found[_BOUNDSHEET]]
    links = [stream[body + 2 : body + 4] not in _NO_OTHER_FILE for body in found[_SUPBOOK]]
    encoding = _encoding(stream, found[_BOF][0], found[_CODEPAGE])
    if encoding:
        links = [stream[body + 1] == _OTHER_FILE for body in found[_EXTERNSHEET]]
    return _Globals(
        end=found[_EOF][-1],
        encoding=encoding,
        styles=[_HEAD.unpack_from(stream, body) for body in found[_XF]],
        starts=[start for start, _state, kind in sheets if kind == _WORKSHEET],
        macros=any(kind == _MACROS for _start, _state, kind in sheets),
        links=any(links),
        calculator=bool(encoding or found[_RECALCID]),
    )


def _encoding(stream: bytearray, bof: int, code_pages: Sequence[int]) -> str | None:
    """Return in which code page the texts are, None where they are Unicode."""
    version, kind = _HEAD.unpack_from(stream, bof)
    if version not in (_BIFF8, _BIFF5) or kind != _GLOBALS:
        raise _unusual(f"BOF {version:#x} {kind:#x}")
    if version == _BIFF8:
        return None
    pages = {_HALF.unpack_from(stream, body)[0] for body in code_pages}
    if len(pages) != 1 or not pages <= _CODE_PAGES:
        raise _unusual(f"CODEPAGE {sorted(pages)}")
    return f"cp{pages.pop()}"


def _page(stream: bytearray, start: int) -> _Page:
    taken: dict[int, int] = {}
    valued: dict[int, int] = {}
    formulas: set[tuple[int, int]] = set()
    conditions: list[tuple[int, int, int]] = []
    end, calculated, zeros = start, True, True
    for number, body, end in _records(stream, start):  # noqa: B007  (the last one is where the sheet ends)
        if number in _CELLS:
            row, columns = _place(stream, number, body, end)
            if taken.get(row, 0) & columns:
                raise Ambiguous(f"{address(row, columns.bit_length() - 1)} {number:#x}")
            taken[row] = taken.get(row, 0) | columns
            if number in _VALUED:
                valued[row] = valued.get(row, 0) | columns
            if number in _FORMULAS:
                formulas.add((row, columns.bit_length() - 1))
        elif number in _BOXES:
            conditions.append((number, body, end))
        elif number == _VIEW:
            zeros = zeros and bool(_HALF.unpack_from(stream, body)[0] & _ZEROS)
        calculated = calculated and number != _UNCALCULATED
    return _Page(
        end=end,
        cells=valued,
        formulas=formulas,
        conditional=_conditional(stream, conditions),
        calculated=calculated,
        zeros_shown=zeros,
    )


def _place(stream: bytearray, number: int, body: int, end: int) -> tuple[int, int]:
    """Return the row of a record of cells, and its columns as bits."""
    row, first = _HEAD.unpack_from(stream, body)
    last = _HALF.unpack_from(stream, end - 2)[0] if number in _SEVERAL else first
    if not first <= last < _COLUMNS or (number == _LABELSST and stream[end - 1] & 0x80):
        raise _unusual(f"{number:#x}")  # xlrd takes a text of number -1 for the last one
    return row, (1 << last + 1) - (1 << first)


def _conditional(stream: bytearray, records: Sequence[tuple[int, int, int]]) -> list[Box]:
    """Return the cells of conditional formats that may show something else than the value.

    ``records`` are those of merged cells, too: together they may not be too many.
    """
    found: list[Box] = []
    boxes: list[Box] = []
    count = 0
    for number, body, end in records:
        if number in _CONDITION:
            rule = bytes(stream[body:end])
            found += boxes if _changes(rule, number) or (number in _LATER and _replaces(rule)) else []
            continue
        at = body if number == _MERGED else body + 12 + 12 * (number == _CONDITIONS[1])
        (length,) = _HALF.unpack_from(stream, at)
        count += length
        if count + len(found) > MOST_BOXES:
            raise Refused("unsafe-box", f"{count:,}", limit=f"{MOST_BOXES:,}")
        if number in _CONDITIONS:
            places = [struct.unpack_from("<4H", stream, at + 2 + 8 * n) for n in range(length)]
            boxes = [Box(top, left, bottom, right) for top, bottom, left, right in places]
    return found


def _changes(body: bytes, number: int) -> bool:
    """Whether a conditional format ([MS-XLS] DXFN) changes the number format or strikes text through."""
    at = _CONDITION_AT[number]
    if len(body) < at + 4 or (number in _LATER and not any(body[at - 4 : at])):
        return False  # it formats nothing
    (flags,) = struct.unpack_from("<I", body, at)
    if flags & _HAS_NUMBER_FORMAT:
        return True
    font = body[at + 6 : at + 6 + 118] if flags & _HAS_FONT else b""
    return len(font) == 118 and bool(font[68] & _STRUCK) and not font[88] & _STRUCK


def _replaces(body: bytes) -> bool:
    """Whether a conditional format ([MS-XLS] CF12) shows a bar or icons instead of the value.

    :raises struct.error: it ends too early to say so.
    """
    kind, _operator, first, second, format_length = struct.unpack_from("<2B2HI", body, 12)
    if kind not in _REPLACED:
        return False
    at = 22 + (format_length or 2) + first + second
    at += 2 + _HALF.unpack_from(body, at)[0]  # the formula that tells whether it is active
    at += 6 + struct.unpack_from("<B", body, at + 5)[0]
    where, bits = _REPLACED[kind]
    return bool(struct.unpack_from("<B", body, at + where)[0] & bits)


# What xlrd decodes.


def _decoded(stream: bytes, heads: _Globals, pages: Sequence[_Page]) -> tuple[tuple[SheetCells, ...], bool]:
    """Return the worksheets, and whether their dates count from 1904."""
    import xlrd

    with xlrd.open_workbook(
        file_contents=stream,
        encoding_override=heads.encoding,
        logfile=io.StringIO(),
        on_demand=True,
        formatting_info=True,
        ragged_rows=True,
    ) as book:
        if len(set(book.sheet_names())) < book.nsheets:
            raise Ambiguous("BOUNDSHEET")
        styles = _styles(book, heads.styles)
        sheets = []
        for index, page in enumerate(pages):
            sheets.append(_sheet(book, book.sheet_by_index(index), page, styles, heads))
            book.unload_sheet(index)
        return tuple(sheets), bool(book.datemode)


@dataclass(frozen=True, slots=True)
class _Style:
    code: str
    """The number format's."""
    struck: bool


def _styles(book: "Book", styles: Sequence[tuple[int, int]]) -> list[_Style]:
    codes = {one.format_key: one.format_str for one in book.format_list}
    return [
        _Style(codes.get(number) or built_in(number), bool(book.font_list[font].struck_out))
        for font, number in styles
    ]


def _sheet(
    book: "Book", sheet: "Sheet", page: _Page, styles: Sequence[_Style], heads: _Globals
) -> SheetCells:
    rows: dict[int, dict[int, Value]] = {}
    marks: dict[int, dict[int, Marks]] = {}
    for row, bits in sorted(page.cells.items()):
        for column in _columns(bits):
            style = styles[sheet.cell_xf_index(row, column)]
            formula = "=…" if (row, column) in page.formulas else ""
            value, known = _cell(book, sheet, row, column, style, formula)
            if value is not None and (value != "" or heads.calculator):
                rows.setdefault(row, {})[column] = value
            if known != PLAIN:
                marks.setdefault(row, {})[column] = known
    return SheetCells(
        name=sheet.name,
        state=_STATES[min(sheet.visibility & 3, 2)],
        rows=rows,
        marks=marks,
        conditional=page.conditional,
        merges=[Box(top, left, bottom - 1, right - 1) for top, bottom, left, right in sheet.merged_cells],
        hidden_rows=_hidden_rows(sheet),
        hidden_columns=_hidden_columns(sheet),
        zeros_shown=page.zeros_shown,
    )


def _columns(bits: int) -> Iterator[int]:
    while bits:
        column = (bits & -bits).bit_length() - 1
        yield column
        bits ^= 1 << column


def _cell(
    book: "Book", sheet: "Sheet", row: int, column: int, style: _Style, formula: str
) -> tuple[Value, Marks]:
    import xlrd

    kind, value = sheet.cell_type(row, column), sheet.cell_value(row, column)
    struck = Struck.WHOLE if style.struck else Struck.NO
    if kind == xlrd.XL_CELL_ERROR:
        return None, Marks(error=_ERRORS.get(value, "#VALUE!"), formula=formula)
    if kind == xlrd.XL_CELL_BOOLEAN:
        return bool(value), Marks(formula=formula, struck=struck)
    if kind == xlrd.XL_CELL_TEXT:
        return _text(book, value, sheet.rich_text_runlist_map.get((row, column), []), style, formula)
    if not math.isfinite(value):
        return None, Marks(error="#NUM!", formula=formula)
    look = number_look(style.code, value, Epoch.FROM_1904 if book.datemode else Epoch.FROM_1900)
    return look.value, Marks(formula=formula, format=look.format, shown=look.shown, struck=struck)


def _text(
    book: "Book", text: str, runs: list[tuple[int, int]], style: _Style, formula: str
) -> tuple[Value, Marks]:
    """Return a text and what is known of it; ``runs`` are (first character, font)."""
    if not text:
        return ("", Marks(formula=formula)) if formula else (None, PLAIN)
    look = text_look(style.code, text)
    left = _unstruck(book, text, runs, style)
    if left == text:
        return text, Marks(formula=formula, format=look.format, shown=look.shown)
    struck = Struck.PART if left else Struck.WHOLE
    return text, Marks(formula=formula, format=look.format, shown=left, struck=struck)


def _unstruck(book: "Book", text: str, runs: list[tuple[int, int]], style: _Style) -> str:
    """Return what of a text is not struck through."""
    encoding = book.encoding if book.biff_version < _UNICODE else "utf-16-le"  # the runs count its units
    raw, unit = text.encode(encoding), 1 if book.biff_version < _UNICODE else 2
    left, struck, start = b"", style.struck, 0
    for first, font in [*runs, (len(raw), 0)]:
        end = min(first * unit, len(raw))
        left += b"" if struck else raw[start:end]
        start, struck = max(start, end), bool(book.font_list[font].struck_out)
    return left.decode(encoding)


_UNICODE = 80
"""xlrd's number for Excel 97 and later."""


def _hidden_rows(sheet: "Sheet") -> tuple[Stretch, ...]:
    usual = sheet.default_row_height
    heights = {
        row: 0 if info.hidden else usual if info.has_default_height else info.height
        for row, info in sheet.rowinfo_map.items()
    }
    found = [(row, row) for row, height in heights.items() if _is_low(height)]
    if sheet.default_row_hidden or _is_low(usual):
        found += _between(sorted(heights), _ROWS)
    return stretches(found)


def _is_low(height: int | None) -> bool:
    return height is not None and height < LEAST_HEIGHT * _HEIGHT_UNITS


def _hidden_columns(sheet: "Sheet") -> tuple[Stretch, ...]:
    narrow = LEAST_WIDTH * _WIDTH_UNITS
    found = [(c, c) for c, info in sheet.colinfo_map.items() if info.hidden or info.width < narrow]
    if sheet.defcolwidth == 0:
        found += _between(sorted(sheet.colinfo_map), _COLUMNS)
    return stretches(found)


def _between(listed: list[int], count: int) -> list[Stretch]:
    """Return the stretches of those that are not listed."""
    edges = [-1, *listed, count]
    return [(one + 1, other - 1) for one, other in pairwise(edges) if other - one > 1]
