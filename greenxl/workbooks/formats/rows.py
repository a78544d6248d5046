"""The rows of a worksheet part to values and marks (ECMA-376 part 1, 18.3.1.73).

Returns are much alike: a row whose bytes are in many workbooks is read once, with the styles and the shared
texts that it draws on, which are all that its cells depend on. What is kept must not grow with what a
workbook holds: neither all its styles nor long texts are kept with a row.
"""

from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple
from xml.etree.ElementTree import Element

from greenxl.workbooks.cells import LEAST_HEIGHT, MOST_COLUMNS, MOST_ROWS, PLAIN, Ambiguous, Box, Marks, Value
from greenxl.workbooks.cells import address as a1
from greenxl.workbooks.formats.cell_value import Book, cell_value, number
from greenxl.workbooks.formats.number_format import Epoch
from greenxl.workbooks.formats.rich_text import Rich, Text
from greenxl.workbooks.formats.shared_strings import text_reader
from greenxl.workbooks.formats.spreadsheet_ml import (
    PLACE,
    PLAIN_STYLE,
    Style,
    Styles,
    box,
    check_foreign,
    column_number,
    is_below,
    root_namespace,
)
from greenxl.workbooks.formats.xml_part import Around, flag, local

_MOST_KEPT, _LONGEST_KEPT = 2048, 2048
"""Pieces of worksheets whose rows are kept for the next workbook, and bytes of one."""
_MOST_DRAWN = 4096
"""Characters of the texts and number formats that are kept with a piece."""
_MOST_ELEMENTS = 64
"""Pieces that are kept as elements: those whose texts differ from workbook to workbook."""


class Row(NamedTuple):
    """A row that was read; it may be one object in many sheets, and is not to be changed."""

    at: int
    """Counted from 0."""
    hidden: bool
    values: Mapping[int, Value]
    marks: Mapping[int, Marks]
    arrays: tuple[Box, ...]


def repeated_rows(piece: bytes, around: Around, low: bool, book: Book) -> tuple[Row, ...]:
    """Return the rows that a piece of a worksheet part holds, which were read before if they were met before.

    ``around`` is what the part begins and ends with; the other parameters are those of :class:`RowReader`.

    :raises Refused: they have to be read with the whole part, where they may be refused as well.
    """
    if len(piece) > _LONGEST_KEPT:
        return _rows(around.parse(piece), low, book)
    of_styles, of_texts = _numbers(piece, around)
    texts = tuple(map(book.strings.get, of_texts))
    cells = book.styles.cells
    styles = tuple([cells.get(number, _NO_STYLE) for number in of_styles])
    return _kept_rows(piece, around, low, styles, book.epoch, texts)


_OF_A_RUN = 16
"""Characters for which a run of a text counts, which may be empty."""
_NO_STYLE = Style("", struck=False)
"""Stands for one that the workbook does not have."""


def _length(one: Text | Style | None) -> int:
    """Return how many characters are kept with a text or a style."""
    if isinstance(one, Rich):
        return 2 * len(one.text) + _OF_A_RUN * len(one.runs)
    return len((one.code if isinstance(one, Style) else one) or "")


@lru_cache(maxsize=_MOST_KEPT)
def _numbers(piece: bytes, around: Around) -> tuple[tuple[str | None, ...], tuple[str, ...]]:
    """Return the numbers of the styles and of the shared texts that a piece draws on."""
    root = _elements(piece, around)
    main = root_namespace(root, "worksheet", "")
    cells = [cell for row in root for cell in row]
    shared = (cell for cell in cells if cell.get("t") == "s")
    texts = tuple([value.text or "" for cell in shared for value in cell.findall(f"{main}v")])
    return tuple(dict.fromkeys([cell.get("s") for cell in cells])), texts


@lru_cache(maxsize=_MOST_KEPT)
def _kept_rows(
    piece: bytes,
    around: Around,
    low: bool,
    styles: tuple[Style | None, ...],
    epoch: Epoch,
    texts: tuple[Text | None, ...],
) -> tuple[Row, ...]:
    if sum(map(_length, (*texts, *styles))) > _MOST_DRAWN:
        raise Ambiguous("<row>")  # it is not kept
    of_styles, of_texts = _numbers(piece, around)
    strings = {number: text for number, text in zip(of_texts, texts, strict=True) if text is not None}
    cells = {number: style for number, style in zip(of_styles, styles, strict=True) if style != _NO_STYLE}
    return _rows(_elements(piece, around), low, Book(strings, Styles(cells), epoch))


@lru_cache(maxsize=_MOST_ELEMENTS)
def _elements(piece: bytes, around: Around) -> Element:
    return around.parse(piece)


def _rows(root: Element, low: bool, book: Book) -> tuple[Row, ...]:
    """Return the rows below a root."""
    reader = RowReader("", root_namespace(root, "worksheet", ""), low, book)
    return tuple([row for element in root if (row := reader.read(element))])


class RowReader:
    """Reads the rows of one worksheet, downwards."""

    def __init__(self, part: str, main: str, low: bool, book: Book) -> None:
        """``main`` is the namespace of the part in braces.

        ``low`` says whether rows that say nothing of their height are too low to be read.
        """
        self._part, self._low, self._book = part, low, book
        self._plain = {
            number: text for number, text in book.strings.items() if text and isinstance(text, str)
        }
        self._r, self._c, self._v, self._f, self._is = (main + name for name in ("row", "c", "v", "f", "is"))
        self._inside = {self._v, self._f, self._is}
        self._texts = text_reader(main)
        self._at = -1, -1
        self._arrays: list[Box] = []

    def read(self, element: Element) -> Row | None:
        """Return the next row, None for an element that is none.

        :raises Refused: it cannot be read in one way alone.
        """
        if element.tag == self._r:
            return self._row(element)
        check_foreign(element)
        return None

    def _row(self, row: Element) -> Row:
        digits = row.get("r") or str(self._at[0] + 2)
        at = int(digits) - 1 if PLACE.fullmatch(digits) else -1
        if not self._at[0] < at < MOST_ROWS:
            raise self._ambiguous(f'<row r="{digits[:20]}">')
        low = is_below(row, "ht", LEAST_HEIGHT, self._part) if "ht" in row.attrib else self._low
        hidden = row.get("hidden")
        self._at, self._arrays = (at, -1), []
        values, marks = self._cells(row, digits)
        return Row(
            at, low or (hidden is not None and flag(hidden, "hidden")), values, marks, tuple(self._arrays)
        )

    def _ambiguous(self, what: str) -> Ambiguous:
        return Ambiguous(f"{self._part}: {what}")

    def _wrong(self, what: str) -> Ambiguous:
        """Return the refusal for the cell that is read."""
        return self._ambiguous(f"{a1(*self._at)} {what}")

    def _cells(self, row: Element, digits: str) -> tuple[dict[int, Value], dict[int, Marks]]:
        """Return the values and marks of a row by column; ``digits`` is the row's number.

        Most cells are empty, or hold a text or number in no style: those go the short way.
        """
        line: dict[int, Value] = {}
        marked: dict[int, Marks] = {}
        tag, holder, count = self._c, self._v, len(digits)
        styles, texts = self._book.styles.cells, self._plain
        row_at, at = self._at
        for cell in row:
            if cell.tag != tag:
                check_foreign(cell)
                continue
            reference = cell.get("r", "")
            column = column_number(reference[:-count]) if reference.endswith(digits) else -1
            at = column if column > at else self._column(reference, digits, at)
            if not len(cell):
                continue
            child, kind = cell[0], cell.get("t", "n")
            value: Value = None
            if len(cell) == 1 and child.tag == holder and styles.get(cell.get("s"), PLAIN_STYLE) is None:
                if kind == "s":
                    value = texts.get(child.text or "")
                elif kind == "n":
                    value = number(child.text or "")
            if value is not None and not len(child):
                line[at] = value
                continue
            self._at = row_at, at
            value, marks = self._cell(cell)
            if value is not None:
                line[at] = value
            if marks is not PLAIN:
                marked[at] = marks
        return line, marked

    def _column(self, reference: str, digits: str, before: int) -> int:
        """Return the column of a cell, the next one where it gives no address."""
        column = before + 1
        if reference:
            right = reference.endswith(digits)
            column = column_number(reference[: -len(digits)]) if right else -1
        if not before < column < MOST_COLUMNS:
            raise self._ambiguous(f'<row r="{digits}"> <c r="{reference[:20]}">')
        return column

    def _cell(self, cell: Element) -> tuple[Value, Marks]:
        kind, content, formula = self._content(cell)
        try:
            style = self._book.styles.cells[cell.get("s")]
        except KeyError:
            raise self._wrong(f's="{cell.get("s", "")[:20]}"') from None
        try:
            value, marks = cell_value(kind, content, style, self._book)
        except ValueError as error:
            raise self._wrong(f't="{kind[:20]}" <v>{str(error)[:40]}</v>') from error
        if not formula:
            return value, marks
        if kind == "str" and value is None:
            value = ""  # calculated, to an empty text
        return value, marks._replace(formula=formula) if marks is not PLAIN else Marks(formula=formula)

    def _content(self, cell: Element) -> tuple[str, Text, str]:
        """Return the type of a cell, what stands in it and its formula ('' if none)."""
        found: dict[str, Element] = {}
        for child in cell:
            if child.tag not in self._inside:
                check_foreign(child)
            elif child.tag in found or (len(child) and child.tag != self._is):
                raise self._wrong(f"<{local(child.tag)}>")
            else:
                found[child.tag] = child
        kind = cell.get("t", "n")
        value, inline = found.get(self._v), found.get(self._is)
        if inline is not None and (value is not None or kind != "inlineStr"):
            raise self._wrong("<is>")
        if kind == "inlineStr" and inline is None:
            kind = "str"  # as LibreOffice 4 wrote formulas
        content = (
            self._texts.text(inline) if inline is not None else "" if value is None else value.text or ""
        )
        return kind, content, self._formula(found[self._f]) if self._f in found else ""

    def _formula(self, element: Element) -> str:
        if element.get("t") in ("array", "dataTable"):
            self._arrays.append(box(element.get("ref", ""), self._part))
        return "=" + ((element.text or "").strip() or "…")
