"""A campaign workbook changed in a few cells by openpyxl: formats, notes, formulas and other sheets stay.

Only a workbook that greenxl's guarded reading has passed comes here. What openpyxl would drop in silence
(charts, pictures, controls) and what it would take minutes for (links over whole sheets) is looked for
first, and afterwards every value is compared: where anything is in doubt the workbook is not copied.
"""

import io
import re
import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element

from greenxl.findings import Finding, Term
from greenxl.i18n import N_
from greenxl.workbooks.cells import Refused, WorkbookCells, address
from greenxl.workbooks.formats.xml_part import tree
from greenxl.workbooks.opening import open_workbook
from greenxl.workbooks.safe_zip import Archive, ArchiveError, Member

if TYPE_CHECKING:
    from openpyxl.cell import Cell

Change = int | date | str
"""The new value of a cell."""
Changes = Mapping[tuple[str, int, int], Change]
"""By sheet, row and column, these counted from 0."""

_MOST_BYTES = 8 * 1024 * 1024
"""Of all parts inflated: openpyxl needs some fifty times that."""
_MOST_JOINED = 100_000
"""Cells under merged boxes, links and tables, which openpyxl makes one by one."""

_KEPT_PARTS = re.compile(
    r"\[Content_Types\]\.xml|(?:.*/)?_rels/[^/]*\.rels|docProps/(?:core|app|custom)\.xml"
    r"|xl/(?:workbook|styles|sharedStrings|calcChain)\.xml|xl/theme/theme\d+\.xml|xl/worksheets/sheet\d+\.xml"
    r"|xl/(?:comments/)?comments?\d+\.xml|xl/drawings/(?:vmlDrawing|commentsDrawing)\d+\.vml"
    r"|xl/tables/table\d+\.xml"
    # of these nothing is seen in the workbook: printers, authors, what a document server adds
    r"|xl/printerSettings/.*|xl/persons/.*|customXml/.*|docMetadata/.*"
)
_KEPT_ELEMENTS = {
    *("sheetPr", "dimension", "sheetViews", "sheetFormatPr", "sheetCalcPr", "cols", "sheetData"),
    *("sheetProtection", "protectedRanges", "scenarios", "autoFilter", "mergeCells", "hyperlinks"),
    *("conditionalFormatting", "dataValidations", "printOptions", "pageMargins", "pageSetup"),
    *("headerFooter", "rowBreaks", "colBreaks", "legacyDrawing", "tableParts"),
    *("phoneticPr", "ignoredErrors"),
}
"""What a worksheet may hold; the last two are about how Excel helps typing."""
_LOST = {
    "xl/charts/": N_("charts"),
    "xl/media/": N_("pictures"),
    "xl/ctrlProps/": N_("buttons or boxes to tick"),
    "xl/externalLinks/": N_("links to other workbooks"),
    "xl/pivot": N_("pivot tables"),
    "xl/threadedComments/": N_("conversations beside cells"),
    "xl/drawings/": N_("drawings"),
    "extLst": N_("newer conditional formats or small charts in cells"),
}
"""By the beginning of a part's name, or an element, what it is for its user; in the order of telling."""
_SHAPE = re.compile(rb"ObjectType\s*=\s*[\"'](\w*)")


class NotCopiedError(Exception):
    """The workbook cannot be copied whole; the message says or quotes what is in the way."""

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.what = what


def changed(name: str, data: bytes, changes: Changes) -> bytes:
    """Return an .xlsx workbook with other values in some cells; formulas elsewhere lose their stored values.

    :raises NotCopiedError: something of it would be lost.
    """
    before = _read(name, data)
    _refuse_what_is_lost(data)
    after = _saved(data, changes)
    _compare(before, _read(name, after), set(changes))
    return after


def formula_cells(book: WorkbookCells, sheets: Iterable[str]) -> list[str]:
    """Return where formulas stand in these sheets: ``设置!B8``."""
    return [
        f"{sheet.name}!{sheet.cell(row, column).address}"
        for sheet in book.sheets
        if sheet.name in set(sheets)
        for row, line in sheet.marks.items()
        for column, marks in line.items()
        if marks.formula
    ]


def _read(name: str, data: bytes) -> WorkbookCells:
    book = open_workbook(name, data)
    if isinstance(book, Finding):
        raise NotCopiedError(book.found or name)
    return book.cells


def _refuse_what_is_lost(data: bytes) -> None:
    try:
        archive = Archive(data)
        if sum(member.size for member in archive.members) > _MOST_BYTES:
            raise NotCopiedError(f"> {_MOST_BYTES // 1024**2} MiB")
        _refuse_parts([member.name.removeprefix("/") for member in archive.members])
        joined = sum(_joined(archive, member) for member in archive.members)
    except (ArchiveError, Refused) as error:  # an encrypted one is no archive
        raise NotCopiedError(error.found) from error
    if joined > _MOST_JOINED:
        raise NotCopiedError(f"> {_MOST_JOINED}")


def _refuse_parts(names: Sequence[str]) -> None:
    """:raises NotCopiedError: openpyxl drops one of the parts."""
    dropped = [name for name in names if not _KEPT_PARTS.fullmatch(name)]
    known = (begin for begin in _LOST if any(name.startswith(begin) for name in dropped))
    if dropped:
        raise NotCopiedError(_what(next(known, dropped[0])))


def _what(place: str) -> str:
    return Term(_LOST[place]) if place in _LOST else place


def _joined(archive: Archive, member: Member) -> int:
    """Return how many cells a part's boxes cover.

    :raises NotCopiedError: openpyxl drops something in it.
    """
    name = member.name.removeprefix("/")
    if name.endswith(".vml") and set(_SHAPE.findall(archive.inflate(member))) - {b"Note"}:
        raise NotCopiedError(_what("xl/ctrlProps/"))
    if not name.endswith((".xml", ".rels")):
        return 0
    # Whatever openpyxl will parse is well-formed, and declares nothing.
    root = tree(archive.inflate(member), name)
    if name.startswith("xl/tables/"):
        return _cells(root)
    if not name.startswith("xl/worksheets/sheet"):
        return 0
    for child in root:
        if _local(child) not in _KEPT_ELEMENTS:
            raise NotCopiedError(_what(_local(child)))
    return sum(_cells(one) for one in root.iter() if _local(one) in ("mergeCell", "hyperlink"))


def _local(element: Element) -> str:
    return element.tag.rpartition("}")[2]


def _cells(element: Element) -> int:
    """Return how many cells an element's ``ref`` covers."""
    from openpyxl.worksheet.cell_range import CellRange

    reference = element.get("ref", "")
    try:
        box = CellRange(reference)
    except (ValueError, TypeError) as error:
        raise NotCopiedError(reference) from error
    return int(box.size["rows"]) * int(box.size["columns"])


def _saved(data: bytes, changes: Changes) -> bytes:
    """Return what openpyxl makes of a workbook; what it warns of is a loss."""
    from openpyxl import load_workbook
    from openpyxl.cell import MergedCell

    target = io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            book = load_workbook(io.BytesIO(data), rich_text=True)
            for (sheet, row, column), value in changes.items():
                cell = book[sheet].cell(row + 1, column + 1)
                if isinstance(cell, MergedCell):
                    raise NotCopiedError(f"{sheet}!{cell.coordinate}")
                _set(cell, value)
            book.save(target)
        except NotCopiedError:
            raise
        except Exception as error:  # noqa: BLE001  (a dozen kinds, over what openpyxl does not expect)
            raise NotCopiedError(str(error)) from error
    return target.getvalue()


def _set(cell: "Cell", value: Change) -> None:
    """Set a value in the manner of the old one: a text stays a text, a date one with its format."""
    if isinstance(cell.value, str) and cell.data_type != "f":
        cell.value = value.isoformat() if isinstance(value, date) else str(value)
    elif isinstance(value, date):
        shown = cell.number_format
        cell.value = datetime(value.year, value.month, value.day)
        cell.number_format = shown
    else:
        cell.value = value


def _compare(before: WorkbookCells, after: WorkbookCells, changes: set[tuple[str, int, int]]) -> None:
    """:raises NotCopiedError: a sheet, value or formula is not there any more, or is another."""
    found = dict(_facts(after, changes))
    lost = next((place for place, fact in _facts(before, changes) if found.get(place) != fact), None)
    if lost is not None:
        raise NotCopiedError(lost)


def _facts(book: WorkbookCells, changes: set[tuple[str, int, int]]) -> Iterator[tuple[str, object]]:
    """Yield what has to stay as it is, by its place: values, and of a formula that there is one."""
    for sheet in book.sheets:
        yield sheet.name, (sheet.state, sorted(sheet.merges), sheet.hidden_rows, sheet.hidden_columns)
    formulas = set(formula_cells(book, [sheet.name for sheet in book.sheets]))
    anew = {f"{sheet}!{address(row, column)}" for sheet, row, column in changes}
    yield from ((place, "formula") for place in formulas - anew)
    for sheet in book.sheets:
        for row, column, value in sheet.values():
            place = f"{sheet.name}!{address(row, column)}"
            if place not in formulas and place not in anew:
                yield place, value
