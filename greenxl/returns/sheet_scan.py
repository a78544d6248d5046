"""What calamine does not tell about a sheet, read from its part of the file without a parser's memory.

The box around the valued cells (calamine allots all of it at once, 32 bytes a cell), hidden rows and
columns, and what stands in a cell that has no value: an error or a formula that was never calculated.
"""

import io
import re
import struct
from collections.abc import Container, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

MOST_CELLS = 5_000_000
"""Of the box around a sheet's values: calamine allots 32 bytes for each (its issue 693)."""

_NAME = rb"(?:[A-Za-z_][\w.-]*:)?"
_ATTRIBUTES = rb"([^<>\"']*+(?:(?:\"[^\"]*\"|'[^']*')[^<>\"']*+)*+)"
_XLSX = re.compile(rb"<" + _NAME + rb"(row|col|c|v|is)(?=[\s/>])" + _ATTRIBUTES + rb">")
_OPEN_CELL = re.compile(rb'<c r="([A-Za-z]{1,9})([0-9]{1,9})"' + _ATTRIBUTES + rb"(?<!/)>(?!</c>)")
_UNADDRESSED = re.compile(rb'<(?:c(?! r=")|[A-Za-z_][\w.-]*+:c)[\s/>]')
_ROW_TAG = re.compile(rb"<row(?=\s)" + _ATTRIBUTES + rb">")
_COLUMN_TAG = re.compile(rb"<col(?=\s)" + _ATTRIBUTES + rb">")
_REFERENCE = re.compile(rb"\sr\s*=\s*[\"']\s*\$?([A-Za-z]*)\$?([0-9]*)\s*[\"']")
_HIDDEN = re.compile(rb"\shidden\s*=\s*[\"']\s*(?:1|true|on)\s*[\"']")
_STATED_STRINGS = re.compile(rb"<" + _NAME + rb"sst\b[^>]*")
_COUNT = re.compile(rb"\s(?:uniqueCount|count)\s*=\s*[\"']\s*([0-9]+)")


Merge = tuple[tuple[int, int], tuple[int, int]]
"""First and last cell of merged ones."""


@dataclass(slots=True)
class Page:
    """A sheet's valued box and what of it is hidden, rows and columns counted from 0."""

    top: int = 1 << 31
    left: int = 1 << 31
    bottom: int = -1
    right: int = -1
    hidden_rows: set[int] = field(default_factory=set)
    """Those that hold values."""
    hidden_columns: list[tuple[int, int]] = field(default_factory=list)
    """First and last of each stretch."""
    merged: list[Merge] = field(default_factory=list)
    broken: dict[tuple[int, int], str] = field(default_factory=dict)
    """The error, uncalculated formula or percentage in each cell that has one; in OpenDocument only."""

    @property
    def box(self) -> int:
        """The cells of the box around all values."""
        return max(0, self.bottom - self.top + 1) * max(0, self.right - self.left + 1)

    def take(self, row: int, column: int, row_hidden: bool) -> None:
        """Count a valued cell in."""
        self.top, self.bottom = min(self.top, row), max(self.bottom, row)
        self.left, self.right = min(self.left, column), max(self.right, column)
        if row_hidden:
            self.hidden_rows.add(row)

    def hides(self, row: int, column: int) -> bool:
        return row in self.hidden_rows or any(a <= column <= b for a, b in self.hidden_columns)


def utf8(part: bytes) -> bytes:
    """Return a part of XML in UTF-8, whichever way it came."""
    if part.startswith((b"\xff\xfe", b"\xfe\xff")):
        return part.decode("utf-16", "replace").encode()
    return part


def column_number(letters: bytes) -> int:
    """Return the column of its letters, counted from 0."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number - 1


def xlsx_page(part: bytes) -> Page:
    """Return the page of a worksheet part.

    Cell by cell a fully formatted sheet (250 MB, no values) takes half a minute. Where every cell begins with
    its address, as all known programs write it, only the cells that may hold a value are looked at.
    """
    if not _UNADDRESSED.search(part):
        page = _addressed_page(part)
        if page.box <= MOST_CELLS:
            return page
    return _exact_page(part)


def _addressed_page(part: bytes) -> Page:
    page = Page()
    rows: set[bytes] = set()
    columns: set[bytes] = set()
    for count, cell in enumerate(_OPEN_CELL.finditer(part)):
        columns.add(cell[1])
        rows.add(cell[2])
        if count > MOST_CELLS:
            break
    if rows:
        numbers, letters = [int(row) - 1 for row in rows], [column_number(column) for column in columns]
        page.top, page.bottom = min(numbers), max(numbers)
        page.left, page.right = min(letters), max(letters)
    if b"hidden" in part:
        hidden = (tag[1] for tag in _ROW_TAG.finditer(part) if _HIDDEN.search(tag[1]))
        places = (_REFERENCE.search(attributes) for attributes in hidden)
        page.hidden_rows = {int(place[2]) - 1 for place in places if place and place[2] in rows}
        page.hidden_columns = [_stretch(t[1]) for t in _COLUMN_TAG.finditer(part) if _HIDDEN.search(t[1])]
    return page


def _exact_page(part: bytes) -> Page:
    page = Page()
    row, column, hidden = -1, -1, False
    for tag in _XLSX.finditer(part):
        name, attributes = tag.groups()
        if name == b"c":
            reference = _REFERENCE.search(attributes)
            if reference and reference[1] and reference[2]:
                row, column = int(reference[2]) - 1, column_number(reference[1])
            else:
                column += 1
        elif name == b"row":
            reference = _REFERENCE.search(attributes)
            row = int(reference[2]) - 1 if reference and reference[2] else row + 1
            column = -1
            hidden = b"hidden" in attributes and bool(_HIDDEN.search(attributes))
        elif name == b"col":
            if b"hidden" in attributes and _HIDDEN.search(attributes):
                page.hidden_columns.append(_stretch(attributes))
        elif not attributes.endswith(b"/"):
            page.take(row, column, hidden)
    return page


def _stretch(attributes: bytes) -> tuple[int, int]:
    found = {name: int(n) - 1 for name, n in re.findall(rb"\s(min|max)\s*=\s*[\"']([0-9]+)", attributes)}
    return found.get(b"min", 0), found.get(b"max", found.get(b"min", 0))


def stated_strings(part: bytes) -> int:
    """Return how many shared strings a part says that it holds."""
    head = _STATED_STRINGS.search(part)
    return max(map(int, _COUNT.findall(head[0])), default=0) if head else 0


def xlsx_broken(part: bytes, addresses: Container[str]) -> dict[str, str]:
    """Return the error or the uncalculated formula in each of these cells that has one."""
    found: dict[str, str] = {}
    for cell in _CELLS.finditer(part):
        reference = _REFERENCE.search(cell[1])
        address = (reference[1] + reference[2]).decode() if reference else ""
        if address in addresses:
            text = _broken_text(cell[1], cell[2])
            if text:
                found[address] = text
    return found


_CELLS = re.compile(rb"<" + _NAME + rb"c(?=\s)" + _ATTRIBUTES + rb"(?<!/)>(.*?)</" + _NAME + rb"c\s*>", re.S)
_VALUE = re.compile(rb"<" + _NAME + rb"v\b[^>]*(?<!/)>([^<]*)<")
_TYPE = re.compile(rb"\st\s*=\s*[\"']([a-z]+)")
_FORMULA = re.compile(rb"<" + _NAME + rb"f\b[^>]*?(?:/>|>([^<]*)<)")


def percent_styles(part: bytes) -> set[bytes]:
    """Return the numbers of the cell styles of a styles part that show a value as a percentage."""
    formats = {b"9", b"10"} | {
        number for number, code in map(_number_format, _NUMBER_FORMAT.findall(part)) if b"%" in code
    }
    _before, _tag, styles = part.partition(b"cellXfs")
    used = _STYLE.findall(styles.partition(b"cellXfs")[0])
    return {b"%d" % index for index, number in enumerate(used) if number in formats}


def _number_format(attributes: bytes) -> tuple[bytes, bytes]:
    found = dict(re.findall(rb"\s(numFmtId|formatCode)\s*=\s*[\"']([^\"']*)", attributes))
    return found.get(b"numFmtId", b""), re.sub(rb"&quot;.*?&quot;", b"", found.get(b"formatCode", b""))


def xlsx_percent(part: bytes, addresses: Container[str], styles: Container[bytes]) -> dict[str, str]:
    """Return what each of these cells shows that holds a number in one of these styles."""
    found: dict[str, str] = {}
    for cell in _CELLS.finditer(part):
        reference, style, value = (
            _REFERENCE.search(cell[1]),
            _CELL_STYLE.search(cell[1]),
            _VALUE.search(cell[2]),
        )
        address = (reference[1] + reference[2]).decode() if reference else ""
        if address in addresses and style and style[1] in styles and value and not _CELL_TYPE.search(cell[1]):
            found[address] = percent(value[1].decode())
    return found


def percent(value: float | str) -> str:
    """Return a number as its cell shows it, and what is no number as it stands."""
    try:
        return f"{float(value) * 100:.15g}%"
    except ValueError:
        return f"{value}%"


_NUMBER_FORMAT = re.compile(rb"<" + _NAME + rb"numFmt(?=\s)" + _ATTRIBUTES + rb">")
_STYLE = re.compile(rb"<" + _NAME + rb"xf\s[^>]*?\bnumFmtId\s*=\s*[\"']([0-9]+)")
_CELL_STYLE = re.compile(rb"\ss\s*=\s*[\"']([0-9]+)")
_CELL_TYPE = re.compile(rb"\st\s*=\s*[\"'](?!n[\"'])")


def _broken_text(attributes: bytes, content: bytes) -> str:
    value, formula = _VALUE.search(content), _FORMULA.search(content)
    kind = _TYPE.search(attributes)
    if kind and kind[1] == b"e":
        return _unescaped(value[1]) if value else "#VALUE!"
    calculated = kind is not None and kind[1] == b"str"  # to an empty text
    if formula and not calculated and not (value and value[1].strip()):
        return "=" + (_unescaped(formula[1]) if formula[1] else "…")
    return ""


def _unescaped(text: bytes) -> str:
    from html import unescape

    return unescape(text.decode("utf-8", "replace")).strip()


# The binary format: records of a type, a length and a body ([MS-XLSB] 2.1.4).
_ROW, _BLANK, _ERROR, _LAST_CELL, _FORMULA_ERROR, _COLUMN, _SHEET, _MERGE = 0, 1, 3, 11, 11, 60, 156, 176
_HIDDEN_ROW_BIT = 0x10
_ERRORS = {
    0x00: "#NULL!",
    0x07: "#DIV/0!",
    0x0F: "#VALUE!",
    0x17: "#REF!",
    0x1D: "#NAME?",
    0x24: "#NUM!",
    0x2A: "#N/A",
    0x2B: "#GETTING_DATA",
}


def records(part: bytes) -> Iterator[tuple[int, int, int]]:
    """Yield (type, start of body, end of body) of each record, as far as they are whole."""
    at, end = 0, len(part)
    while at + 1 < end:
        kind = part[at]
        at += 1
        if kind & 0x80:
            kind = kind & 0x7F | part[at] << 7
            at += 1
        length = 0
        for shift in (0, 7, 14, 21):
            if at >= end:
                return
            length |= (part[at] & 0x7F) << shift
            at += 1
            if not part[at - 1] & 0x80:
                break
        yield kind, at, min(at + length, end)
        at += length


def xlsb_sheets(part: bytes) -> list[tuple[str, str]]:
    """Return the (name, relation) of each sheet of a binary workbook part."""
    sheets = []
    for kind, start, end in records(part):
        if kind == _SHEET:
            relation, at = _wide_string(part, start + 8)
            name, _at = _wide_string(part[:end], at)
            sheets.append((name, relation))
    return sheets


def _wide_string(part: bytes, at: int) -> tuple[str, int]:
    (length,) = struct.unpack_from("<I", part, at)
    return part[at + 4 : at + 4 + 2 * length].decode("utf-16-le", "replace"), at + 4 + 2 * length


def xlsb_page(part: bytes) -> Page:
    """Return the page of a binary worksheet part."""
    page = Page()
    row, hidden = 0, False
    for kind, start, end in records(part):
        if kind == _ROW and end - start >= 12:
            row = struct.unpack_from("<I", part, start)[0]
            hidden = bool(part[start + 11] & _HIDDEN_ROW_BIT)
        elif _BLANK < kind <= _LAST_CELL and end - start >= 4:
            page.take(row, struct.unpack_from("<I", part, start)[0], hidden)
        elif kind == _COLUMN and end - start >= 18 and part[start + 16] & 1:
            page.hidden_columns.append(struct.unpack_from("<2I", part, start))
        elif kind == _MERGE and end - start >= 16:
            top, bottom, left, right = struct.unpack_from("<4I", part, start)
            page.merged.append(((top, left), (bottom, right)))
    return page


def xlsb_broken(part: bytes, addresses: Container[tuple[int, int]]) -> dict[tuple[int, int], str]:
    """Return the error in each of these cells, by row and column, that has one."""
    found: dict[tuple[int, int], str] = {}
    row = 0
    for kind, start, end in records(part):
        if kind == _ROW and end - start >= 4:
            row = struct.unpack_from("<I", part, start)[0]
        elif kind in (_ERROR, _FORMULA_ERROR) and end - start >= 9:
            place = row, struct.unpack_from("<I", part, start)[0]
            if place in addresses:
                found[place] = _ERRORS.get(part[start + 8], "#VALUE!")
    return found


# OpenDocument: rows and cells may be repeated instead of written out.
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_VALUE_TYPE, _REPEATED, _SPANNED = (
    f"{_OFFICE}value-type",
    f"{_TABLE}number-%s-repeated",
    f"{_TABLE}number-%s-spanned",
)


@dataclass(frozen=True, slots=True)
class OdsCell:
    """A cell, or a stretch of equal ones, that holds a value or a formula."""

    row: int
    column: int
    rows: int
    columns: int
    spans: tuple[int, int]
    """Rows and columns that it is merged over."""
    broken: str
    """The error or the uncalculated formula that stands there, else ''."""


def ods_pages(part: bytes) -> dict[str, Page]:
    """Return the page of each sheet of a content part.

    :raises xml.etree.ElementTree.ParseError: it is no well-formed XML.
    """
    pages: dict[str, Page] = {}
    for sheet, at, element in _ods_elements(part):
        page = pages.setdefault(sheet, Page())
        hidden = element.get(f"{_TABLE}visibility", "visible") != "visible"
        if element.tag == _ODS_ROW:
            for cell in _ods_row(element, at):
                last = cell.row + cell.rows - 1, cell.column + cell.columns - 1
                page.take(cell.row, cell.column, hidden)
                page.take(*last, hidden)
                if cell.broken:
                    page.broken[cell.row, cell.column] = cell.broken
                if cell.spans != (1, 1):
                    end = cell.row + cell.spans[0] - 1, cell.column + cell.spans[1] - 1
                    page.merged.append(((cell.row, cell.column), end))
        elif hidden:
            page.hidden_columns.append((at, at + _repeated(element, "columns") - 1))
    return pages


_ODS_ROW, _ODS_COLUMN = f"{_TABLE}table-row", f"{_TABLE}table-column"


def _ods_elements(part: bytes) -> Iterator[tuple[str, int, "Element"]]:
    """Yield (sheet, first row or column, element) of each stretch of rows or columns."""
    from xml.etree.ElementTree import iterparse

    sheet, row, column = "", 0, 0
    for event, element in iterparse(io.BytesIO(part), ("start", "end")):
        if event == "start":
            if element.tag == f"{_TABLE}table":
                sheet, row, column = element.get(f"{_TABLE}name", ""), 0, 0
        elif element.tag == _ODS_ROW:
            yield sheet, row, element
            row += _repeated(element, "rows")
            element.clear()
        elif element.tag == _ODS_COLUMN:
            yield sheet, column, element
            column += _repeated(element, "columns")


def _ods_row(element: "Element", row: int) -> Iterator[OdsCell]:
    rows, column = _repeated(element, "rows"), 0
    for cell in element:
        columns = _repeated(cell, "columns")
        if cell.get(_VALUE_TYPE) or cell.get(f"{_TABLE}formula"):
            spans = _number(cell, _SPANNED % "rows"), _number(cell, _SPANNED % "columns")
            yield OdsCell(row, column, rows, columns, spans, _ods_broken(cell))
        column += columns


def _repeated(element: "Element", what: str) -> int:
    return _number(element, _REPEATED % what)


def _number(element: "Element", attribute: str) -> int:
    count = element.get(attribute, "1")
    return int(count) if count.isdecimal() and len(count) < 10 else 1


def _ods_broken(cell: "Element") -> str:
    shown = "".join(text for p in cell.iterfind(f"{_TEXT}p") for text in p.itertext())
    formula = cell.get(f"{_TABLE}formula", "")
    if cell.get(_VALUE_TYPE) == "percentage":
        return percent(cell.get(f"{_OFFICE}value", ""))
    if formula and (shown in _ERRORS.values() or re.fullmatch(r"Err:[0-9]+", shown)):
        return shown
    return "" if cell.get(_VALUE_TYPE) else "=" + formula.partition("=")[2]
