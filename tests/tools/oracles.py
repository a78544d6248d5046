"""Judges of a workbook that was written, beside LibreOffice: would Excel open it, what would Excel compute?

openxml-audit holds the file against Microsoft's schemas and its rules for what Excel repairs. formulon is
an engine that computes as Excel does. The structure and the values of a workbook are theirs to judge,
its looks are not.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from xml.etree.ElementTree import Element

from formulon import Workbook
from openpyxl.utils.cell import coordinate_to_tuple
from openxml_audit import OpenXmlValidator, ValidationError

from tests.tools.office import Formulas, Value, part_values, sheet_parts

FONT = re.compile(r"/styleSheet\[1\]/(fonts|dxfs)\[1\]/(dxf\[\d+\]/)?font\[\d+\]")
FONT_CHILDREN = ("b", "i", "strike", "u", "vertAlign", "sz", "color", "name", "family", "charset", "scheme")
MOST_NOISE = 1e-9
"""How far two computations of one decimal may lie apart."""


def repairs(path: Path) -> list[str]:
    """Return what would make Excel repair a workbook on opening it."""
    found = OpenXmlValidator(max_errors=0).validate(path).errors
    return [f"{one.id} {one}".strip() for one in found if not _harmless(one)]


def _harmless(found: ValidationError) -> bool:
    """Whether it is one of two habits of openpyxl that Excel takes without a word.

    It writes the children of a font in an order of its own, and texts into the cells instead of into a
    table of texts, which Excel does not repair but writes in its own way when it saves the file.
    """
    in_a_font = found.part_uri == "/xl/styles.xml" and FONT.fullmatch(found.path)
    order = in_a_font and found.description.startswith("Unexpected element") and found.node in FONT_CHILDREN
    return bool(order) or found.id == "Excel_InlineStrCells"


def stored(path: Path) -> dict[str, dict[str, tuple[str, Value | None]]]:
    """Return every formula of a file and the value stored with it, by sheet and cell."""
    return {sheet: dict(_part_formulas(part)) for sheet, part in sheet_parts(path)}


def _part_formulas(part: Element) -> Iterator[tuple[str, tuple[str, Value | None]]]:
    values = dict(part_values(part))
    for cell in part.iterfind("{*}sheetData/{*}row/{*}c"):
        formula = cell.findtext("{*}f")
        if formula is not None:
            yield cell.attrib["r"], (f"={formula}", values.get(cell.attrib["r"]))


def formulas(path: Path) -> Formulas:
    """Return what formulon computes in every formula cell; an error begins with a number sign."""
    with Workbook.load(path.read_bytes()) as book:
        book.set_excel_profile_id("win-365-zh_CN")
        book.recalc()
        return {
            sheet: {a1: (*cell, _value(book, number, a1)) for a1, cell in cells.items()}
            for number, (sheet, cells) in enumerate(stored(path).items())
        }


def _value(book: Workbook, sheet: int, a1: str) -> Value:
    row, column = coordinate_to_tuple(a1)
    value = book.get_value(sheet, row - 1, column - 1).to_python()
    if isinstance(value, bool | float):
        return float(value)
    return value if isinstance(value, str) else f"#{value}"


def differing(computed: Formulas) -> list[str]:
    """Return the formula cells whose stored value is not the one computed, and those that are errors."""
    return [
        f"{sheet}!{a1}: {formula} is stored as {stored!r}, computed as {anew!r}"
        for sheet, cells in computed.items()
        for a1, (formula, stored, anew) in cells.items()
        if not _same("" if stored is None else stored, anew)
    ]


def _same(stored: Value, anew: Value) -> bool:
    if isinstance(stored, float) and isinstance(anew, float):
        return abs(stored - anew) < MOST_NOISE
    return stored == anew and not str(anew).startswith("#")
