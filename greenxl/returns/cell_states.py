"""What calamine does not tell about the score cells of a form that was found.

It returns '' for an error (#REF!), for a formula without a stored value and for a blank alike, in
OpenDocument the 0 that stands behind an error, and nothing about what is hidden. Only the cells that matter
are looked at again, by the text of their own sheet; only old .xls files are opened a second time, by xlrd.
"""

import io
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress

from greenxl.form.layout import address
from greenxl.returns import sheet_scan
from greenxl.returns.inspection import Workbook
from greenxl.returns.model import Broken, Merged, Percent
from greenxl.returns.sheet_scan import Merge

Addresses = Mapping[str, Sequence[str]]
"""Sheet name -> A1 addresses."""


def has_percentages(book: Workbook) -> bool:
    """Whether a number of the workbook may be shown as a percentage."""
    return book.kind in ("ods", "xls") or bool(_percent_styles(book))


def _percent_styles(book: Workbook) -> set[bytes]:
    return sheet_scan.percent_styles(sheet_scan.utf8(book.member("xl/styles.xml")))


def broken_cells(book: Workbook, cells: Addresses) -> dict[tuple[str, str], Broken | Percent]:
    """Return what stands in those of the cells that are neither truly blank nor what they show."""
    if not cells:
        return {}
    look = {"xls": _xls, "ods": _ods}.get(book.kind, _parts)
    return {place: _unlike(text) for place, text in look(book, cells).items()}


def _unlike(text: str) -> Broken | Percent:
    return Percent(text) if text.endswith("%") and not text.startswith("=") else Broken(text)


def _parts(book: Workbook, cells: Addresses) -> dict[tuple[str, str], str]:
    found: dict[tuple[str, str], str] = {}
    styles = _percent_styles(book)
    for sheet in (sheet for sheet in cells if sheet in book.parts):
        wanted = set(cells[sheet])
        part = book.member(book.parts[sheet])
        part = sheet_scan.utf8(part)
        texts = sheet_scan.xlsx_broken(part, wanted)
        texts |= sheet_scan.xlsx_percent(part, wanted, styles) if styles else {}
        found |= {(sheet, address): text for address, text in texts.items()}
    return found


def _ods(book: Workbook, cells: Addresses) -> dict[tuple[str, str], str]:
    return {
        (sheet, address): book.pages[sheet].broken[place(address)]
        for sheet in cells
        for address in cells[sheet]
        if sheet in book.pages and place(address) in book.pages[sheet].broken
    }


def _xls(book: Workbook, cells: Addresses) -> dict[tuple[str, str], str]:
    import xlrd

    found: dict[tuple[str, str], str] = {}
    with (
        suppress(
            Exception
        ),  # what xlrd cannot open, calamine could: nothing more is known, and nothing is lost
        xlrd.open_workbook(
            file_contents=book.data, logfile=io.StringIO(), on_demand=True, formatting_info=True
        ) as again,
    ):
        for sheet in cells:
            page = again.sheet_by_name(sheet)
            for address in cells[sheet]:
                row, column = place(address)
                if row < page.nrows and column < page.row_len(row):
                    cell = page.cell(row, column)
                    style = again.format_map[again.xf_list[cell.xf_index].format_key].format_str
                    if cell.ctype == xlrd.XL_CELL_ERROR:
                        found[sheet, address] = xlrd.error_text_from_code.get(cell.value, "#VALUE!")
                    elif cell.ctype == xlrd.XL_CELL_NUMBER and "%" in style:
                        found[sheet, address] = sheet_scan.percent(cell.value)
    return found


def hidden_cells(book: Workbook, cells: Addresses) -> dict[str, list[str]]:
    """Return those of the cells whose row or column is hidden, by sheet."""
    if book.kind == "xls":
        return _xls_hidden(book, cells)
    hidden = {
        sheet: [a for a in cells[sheet] if sheet in book.pages and book.pages[sheet].hides(*place(a))]
        for sheet in cells
    }
    return {sheet: addresses for sheet, addresses in hidden.items() if addresses}


def _xls_hidden(book: Workbook, cells: Addresses) -> dict[str, list[str]]:
    import xlrd

    found: dict[str, list[str]] = {}
    with (
        suppress(Exception),
        xlrd.open_workbook(
            file_contents=book.data, logfile=io.StringIO(), on_demand=True, formatting_info=True
        ) as again,
    ):
        for sheet in cells:
            page = again.sheet_by_name(sheet)
            rows = {row for row, info in page.rowinfo_map.items() if info.hidden}
            columns = {column for column, info in page.colinfo_map.items() if info.hidden}
            found[sheet] = [a for a in cells[sheet] if place(a)[0] in rows or place(a)[1] in columns]
    return {sheet: addresses for sheet, addresses in found.items() if addresses}


def covered(cells: Iterable[str], merges: Iterable[Merge]) -> dict[str, Merged]:
    """Return those of the cells that are merged into another one."""
    found: dict[str, Merged] = {}
    places = {place(cell): cell for cell in cells}
    for (top, left), (bottom, right) in merges:
        for at, cell in places.items():
            if top <= at[0] <= bottom and left <= at[1] <= right and at != (top, left):
                found[cell] = Merged(address(top, left))
    return found


def place(address: str) -> tuple[int, int]:
    """Return the row and column of an A1 address, counted from 0."""
    letters = address.rstrip("0123456789")
    return int(address[len(letters) :]) - 1, sheet_scan.column_number(letters.encode())
