"""How a workbook prints: its pages as LibreOffice makes them, and the size of its smallest type on paper."""

import re
import subprocess
from collections import Counter
from pathlib import Path
from typing import Any

from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from tests.tools.books import opened
from tests.tools.office import Office

_ACROSS, _UPRIGHT = 842, 595
"""Points of A4."""
_PIXELS = 7
"""Of a character of a column's width; a point is 4/3 of a pixel."""


def printed_pages(office: Office, data: bytes, folder: Path) -> list[str]:
    """Return the text of every page."""
    book, pdf = folder / "printed.xlsx", folder / "printed.pdf"
    book.write_bytes(data)
    office.pdf(book, pdf)
    command = ["pdftotext", "-layout", str(pdf), "-"]
    text = subprocess.run(command, capture_output=True, check=True, timeout=60).stdout.decode()
    return text.split("\f")[:-1]


def pages_by_sheet(pages: list[str], sheets: list[str]) -> Counter[str]:
    """Return how many pages each sheet has; those without its name in their footer are under ""."""
    names = "|".join(re.escape(name) for name in sheets)
    found = (re.findall(rf"({names})\s+第\s*\d+\s*页", page) for page in pages)
    return Counter(one[-1] if one else "" for one in found)


def smallest_type(data: bytes) -> dict[str, float]:
    """Return for each sheet the size of its smallest printed text: its font's, scaled as the page is."""
    return {sheet.title: _scale(sheet) * _smallest(sheet) for sheet in opened(data, values=True).worksheets}


def _scale(sheet: Worksheet) -> float:
    if not sheet.sheet_properties.pageSetUpPr or not sheet.sheet_properties.pageSetUpPr.fitToPage:
        return float(sheet.page_setup.scale or 100) / 100
    across = _ACROSS if sheet.page_setup.orientation == "landscape" else _UPRIGHT
    margins = 72 * (sheet.page_margins.left + sheet.page_margins.right)
    cells = _printed(sheet)[0]
    width = sum(_width(sheet, cell.column) for cell in cells)
    return float(min(1, (across - margins) / width))


def _width(sheet: Worksheet, column: int) -> float:
    """Return a column's width in points."""
    groups = sheet.column_dimensions.values()
    found = next((d.width for d in groups if d.min and d.min <= column <= (d.max or 0)), 8.43)
    return float(found) * _PIXELS * 0.75


def _smallest(sheet: Worksheet) -> float:
    cells = (cell for row in _printed(sheet) for cell in row if cell.value not in (None, ""))
    footer = (sheet.oddFooter.center.size if sheet.oddFooter else None) or 10
    return min(float(footer), *(float(cell.font.sz) for cell in cells))


def _printed(sheet: Worksheet) -> tuple[tuple[Any, ...], ...]:
    last = f"{get_column_letter(sheet.max_column)}{sheet.max_row}"
    area = sheet.print_area.split("!")[-1].replace("$", "") if sheet.print_area else f"A1:{last}"
    found: tuple[tuple[Any, ...], ...] = sheet[area]
    return found
