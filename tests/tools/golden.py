"""What a workbook is made of, as text, a file for each sheet: a change of look or formula shows in review."""

import io
import shutil
import zipfile
from collections.abc import Callable, Iterator
from datetime import date
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import openpyxl
from openpyxl.cell import MergedCell
from openpyxl.worksheet.worksheet import Worksheet

from greenxl.campaign import shipped
from greenxl.campaign.checks import load
from greenxl.campaign.model import Campaign
from greenxl.form.blank import blank
from greenxl.report.book import consolidate
from tests.tools.books import opened
from tests.tools.rounds import drawn, round_of, small

FOLDER = Path(__file__).parent.parent / "golden"
WORKBOOK = "_workbook"
"""The part that belongs to no sheet: properties, order of the sheets, charts."""
DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
CHART = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"


def blank_workbook(huantai: Campaign) -> bytes:
    campaign = small(huantai)
    return blank(campaign, campaign.towns[0].name, campaign.communities[:2])


def blank_of_one(huantai: Campaign) -> bytes:
    return blank(huantai, "果里镇", huantai.communities_of("果里镇"))


def consolidated_workbook(huantai: Campaign) -> bytes:
    campaign = small(huantai)
    return consolidate(*round_of(campaign, drawn(campaign, 2)), date(2021, 10, 9))


GOLDENS: dict[str, Callable[[Campaign], bytes]] = {
    "blank": blank_workbook,
    "blank-of-one": blank_of_one,
    "consolidated": consolidated_workbook,
}


@cache
def made(name: str) -> dict[str, str]:
    """Return a golden as it comes out today: its parts' texts by their names."""
    return described(GOLDENS[name](load(shipped())))


def stored(name: str) -> dict[str, str]:
    return {path.stem: path.read_text("utf-8") for path in (FOLDER / name).glob("*.txt")}


def described(data: bytes) -> dict[str, str]:
    """Return the structure of each sheet by its title, and of the workbook itself."""
    book = opened(data)
    parts = {
        WORKBOOK: [*_properties(book), *_charts(data)],
        **{sheet.title: [*_page(sheet), *_cells(sheet), *_rules(sheet)] for sheet in book.worksheets},
    }
    return {name: "\n".join([*lines, ""]) for name, lines in parts.items()}


def _properties(book: openpyxl.Workbook) -> Iterator[str]:
    properties = book.properties
    yield f"title: {properties.title}"
    yield f"subject: {properties.subject}"
    yield f"author: {properties.creator}"
    yield from (f"sheet: {sheet.title} ({sheet.sheet_state})" for sheet in book.worksheets)


def _page(sheet: Worksheet) -> Iterator[str]:
    setup, footer = sheet.page_setup, sheet.oddFooter
    yield f"page: {setup.orientation}, {setup.fitToWidth} × {setup.fitToHeight}, area {sheet.print_area}"
    yield f"titles: rows {sheet.print_title_rows}, columns {sheet.print_title_cols}"
    yield f"frozen: {sheet.freeze_panes}"
    yield f"protected: {sheet.protection.sheet}; footer: {footer.center.text if footer else ''}"
    widths = sorted((d.min or 0, d.max or 0, d.width) for d in sheet.column_dimensions.values())
    yield "widths: " + ", ".join(f"{first}-{last}: {width:.1f}" for first, last, width in widths)
    for table in sheet.tables.values():
        yield f"table: {table.displayName} {table.ref} {table.tableStyleInfo.name}"


def _cells(sheet: Worksheet) -> Iterator[str]:
    merged = {str(r).split(":")[0]: str(r) for r in sheet.merged_cells.ranges}
    for line in sheet.iter_rows():
        cells = [c for c in line if not isinstance(c, MergedCell) and (c.value is not None or c.has_style)]
        if not cells:
            continue
        row = line[0].row or 1
        yield f"row {row}, {sheet.row_dimensions[row].height or 15:g} high"
        for look, same in groupby(cells, _look):
            yield f"  [{look}]"
            for cell in same:
                place = merged.get(cell.coordinate, cell.coordinate)
                where = f" -> {cell.hyperlink.location}" if cell.hyperlink else ""
                yield f"    {place}: {cell.value!r}{where}"


def _look(cell: Any) -> str:
    font, fill, align, border = cell.font, cell.fill, cell.alignment, cell.border
    words = [f"{font.name} {font.sz:g}", font.b and "bold", font.i and "italic", font.u and "underlined"]
    words += [font.color.rgb if font.color and font.color.type == "rgb" else ""]
    words += [f"on {fill.fgColor.rgb}" if fill.patternType else "", align.horizontal]
    words += [align.wrap_text and "wrapped", align.shrink_to_fit and "shrunk"]
    edges = [side[0] for side in ("left", "right", "top", "bottom") if getattr(border, side).style]
    words += ["".join(edges), cell.number_format if cell.number_format != "General" else ""]
    words += ["" if cell.protection.locked else "unlocked"]
    return ", ".join(word for word in words if word)


def _rules(sheet: Worksheet) -> Iterator[str]:
    for rule in sheet.data_validations.dataValidation:
        bounds = f"{rule.type} {rule.operator} {rule.formula1} {rule.formula2}"
        yield f"validation {rule.sqref}: {bounds}: {rule.prompt} / {rule.error}"
    for area in sheet.conditional_formatting:
        for rule in area.rules:
            fill = rule.dxf.fill.bgColor.rgb if rule.dxf and rule.dxf.fill else ""
            yield f"condition {area.sqref}: {rule.type} {rule.operator} {rule.formula} {fill}"


def _charts(data: bytes) -> Iterator[str]:
    """Yield what each chart is called, what it draws and how it is described."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        for name in sorted(package.namelist()):
            if name.startswith("xl/charts/chart"):
                tree = ElementTree.fromstring(package.read(name))
                kinds = [e.tag.removeprefix(CHART) for e in tree.iter() if e.tag.endswith("Chart")]
                yield f"\n== {name}: {', '.join(kinds)}"
                yield "words: " + " | ".join(e.text or "" for e in tree.iter(f"{DRAWING}t"))
                yield from (f"draws: {e.text}" for e in tree.iter(f"{CHART}f"))
            if name.startswith("xl/drawings/drawing"):
                tree = ElementTree.fromstring(package.read(name))
                yield from (f"alt text: {e.get('descr')}" for e in tree.iter() if e.get("descr"))


def update() -> None:
    """Write every golden anew; parts that are no more are gone."""
    for name in GOLDENS:
        shutil.rmtree(FOLDER / name, ignore_errors=True)
        (FOLDER / name).mkdir(parents=True)
        for part, text in made(name).items():
            (FOLDER / name / f"{part}.txt").write_text(text, encoding="utf-8", newline="\n")
