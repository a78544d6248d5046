"""A second look at score cells that calamine gives as nothing: blank, or broken?

calamine returns '' for an error (#REF!), for a formula without a stored value and for a blank alike, and in
OpenDocument the 0 that stands behind an error. Only sheets with such score cells are looked at again, by the
text of their own part and nothing else.
"""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from greenxl import pages
from greenxl.container import Workbook


@dataclass(frozen=True, slots=True)
class Broken:
    """What stands in a cell that has no value: an error, or a formula that was never calculated."""

    text: str


Addresses = Mapping[str, Sequence[str]]
"""Sheet name -> A1 addresses."""


def broken_cells(book: Workbook, cells: Addresses) -> dict[tuple[str, str], Broken]:
    """Return what stands in those of the cells that are not truly blank, by (sheet, address)."""
    if not cells:
        return {}
    look = {"xls": _xls, "ods": _ods}.get(book.kind, _parts)
    return {place: Broken(text) for place, text in look(book, cells).items()}


def _parts(book: Workbook, cells: Addresses) -> dict[tuple[str, str], str]:
    found: dict[tuple[str, str], str] = {}
    for sheet in (sheet for sheet in cells if sheet in book.parts):
        wanted = set(cells[sheet])
        part = book.member(book.parts[sheet])
        if book.kind == "xlsb":
            places = {place(address): address for address in wanted}
            texts = {places[at]: text for at, text in pages.xlsb_broken(part, places).items()}
        else:
            texts = pages.xlsx_broken(pages.utf8(part), wanted)
        found |= {(sheet, address): text for address, text in texts.items()}
    return found


def _ods(book: Workbook, cells: Addresses) -> dict[tuple[str, str], str]:
    places = {(sheet, *place(address)): address for sheet in cells for address in cells[sheet]}
    return {
        (cell.sheet, places[cell.sheet, cell.row, cell.column]): cell.broken
        for cell in pages.ods_cells(book.member("content.xml"))
        if cell.broken and (cell.sheet, cell.row, cell.column) in places
    }


def _xls(book: Workbook, cells: Addresses) -> dict[tuple[str, str], str]:
    import xlrd

    found: dict[tuple[str, str], str] = {}
    with xlrd.open_workbook(file_contents=book.data, logfile=io.StringIO(), on_demand=True) as again:
        for sheet in cells:
            page = again.sheet_by_name(sheet)
            for address in cells[sheet]:
                row, column = place(address)
                if row < page.nrows and column < page.row_len(row):
                    cell = page.cell(row, column)
                    if cell.ctype == xlrd.XL_CELL_ERROR:
                        found[sheet, address] = xlrd.error_text_from_code.get(cell.value, "#VALUE!")
    return found


def place(address: str) -> tuple[int, int]:
    """Return the row and column of an A1 address, counted from 0."""
    letters = address.rstrip("0123456789")
    return int(address[len(letters) :]) - 1, pages.column_number(letters.encode())
