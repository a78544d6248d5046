"""A second look at score cells that calamine gives as nothing: blank, or broken?

calamine returns '' for an error (#REF!), for a formula without a stored value and for a blank alike.
Only workbooks with such cells are looked at again, by openpyxl, streaming, one pass for all sheets.
"""

import io
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Broken:
    """What stands in a cell that has no value: an error, or a formula that was never calculated."""

    text: str


Addresses = Mapping[str, Sequence[str]]
"""Sheet name -> A1 addresses."""


def broken_cells(data: bytes, blanks: Addresses) -> dict[tuple[str, str], Broken]:
    """Return what stands in those of the cells that are not truly blank, by (sheet, address).

    Only the Office Open XML formats are looked at again; elsewhere nothing is found.
    """
    formulas = _cells(data, blanks, values=False)
    if not formulas:
        return {}
    errors = _cells(data, blanks, values=True)
    return {place: Broken(errors.get(place, text)) for place, text in formulas.items()}


def _cells(data: bytes, addresses: Addresses, *, values: bool) -> dict[tuple[str, str], str]:
    """Return the cells' texts: stored values, or else formulas."""
    import openpyxl
    from openpyxl.utils import coordinate_to_tuple
    from openpyxl.utils.exceptions import InvalidFileException

    found: dict[tuple[str, str], str] = {}
    try:
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=values)
    except (KeyError, ValueError, TypeError, zipfile.BadZipFile, InvalidFileException):
        return found
    for sheet in (name for name in book.sheetnames if addresses.get(name)):
        wanted = set(addresses[sheet])
        rows, columns = zip(*map(coordinate_to_tuple, wanted), strict=True)
        page = book[sheet]
        page.reset_dimensions()  # WPS states a wrong one, and openpyxl would believe it
        box = page.iter_rows(min(rows), max(rows), min(columns), max(columns))
        for cell in (cell for row in box for cell in row if cell.value is not None):
            if cell.coordinate in wanted:
                found[sheet, cell.coordinate] = str(cell.value)
    book.close()
    return found
