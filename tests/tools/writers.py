"""The programs that write returned workbooks: libraries as they are, offices rebuilt from their known ways.

LibreOffice itself writes, too, in tests that have one (:data:`LIBREOFFICE`).
"""

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Any, Literal

import formulon
import openpyxl
import xlsxwriter
import xlwt
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.formatting.rule import DataBar, FormatObject, IconSet, Rule
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.styles.numbers import NumberFormat
from openpyxl.utils.datetime import MAC_EPOCH, WINDOWS_EPOCH
from openpyxl.worksheet.formula import ArrayFormula

from tests.tools import excel97, ooxml, opendocument
from tests.tools.sheets import Book, Put, Sheet, box, place


@dataclass(frozen=True, slots=True)
class Writer:
    """A program, and the suffix of the files that it writes."""

    name: str
    suffix: str
    write: Callable[[Book], bytes]
    formulas: Literal["calculated", "stale", "empty"] = "calculated"
    """What it stores of formulas: their values, values that an office is to calculate anew, or none."""
    rebuilt: bool = False
    """Whether its files are made here, so that they may have any state."""

    @property
    def format(self) -> str:
        return {"et": "xls"}.get(self.suffix, self.suffix)

    def __str__(self) -> str:
        return f"{self.name}-{self.suffix}"


# openpyxl.


def by_openpyxl(book: Book) -> bytes:
    """Write with openpyxl, which calculates no formula."""
    made = openpyxl.Workbook()
    del made["Sheet"]
    made.epoch = MAC_EPOCH if book.from_1904 else WINDOWS_EPOCH
    for sheet in book.sheets:
        into = made.create_sheet(sheet.name)
        into.sheet_state = sheet.state
        for a1, put in sheet.cells.items():
            _openpyxl_cell(into[a1], put)
        for ref in sheet.merges:
            into.merged_cells.add(ref)  # merge_cells() would empty those that are covered
        for row in (*sheet.hidden_rows, *sheet.low_rows):
            into.row_dimensions[row].hidden = row in sheet.hidden_rows
            into.row_dimensions[row].height = 0 if row in sheet.low_rows else None
        for column in (*sheet.hidden_columns, *sheet.narrow_columns):
            into.column_dimensions[column].hidden = column in sheet.hidden_columns
            into.column_dimensions[column].width = 0 if column in sheet.narrow_columns else 9
        for cells, rule in _openpyxl_rules(sheet):
            into.conditional_formatting.add(cells, rule)
        into.sheet_view.showZeros = sheet.zeros
    return _saved(made)


def _openpyxl_rules(sheet: Sheet) -> Iterator[tuple[str, Rule]]:
    for cells, code in sheet.conditional.items():
        style = DifferentialStyle(numFmt=NumberFormat(numFmtId=300, formatCode=code))
        yield cells, Rule(type="cellIs", operator="greaterThan", formula=["0"], dxf=style)
    least, most = FormatObject(type="min"), FormatObject(type="max")
    for cells in sheet.icons:
        icons = IconSet(iconSet="3TrafficLights1", cfvo=[least, least, most], showValue=False)
        yield cells, Rule(type="iconSet", iconSet=icons)
    for cells in sheet.bars:
        bar = DataBar(cfvo=[least, most], color="FF638EC6", showValue=False)
        yield cells, Rule(type="dataBar", dataBar=bar)


def _openpyxl_cell(cell: Any, put: Put) -> None:
    if put.formula:
        formula = f"={put.formula}"
        cell.value = ArrayFormula(cell.coordinate, formula) if put.array else formula
    elif put.runs:
        fonts = (TextBlock(InlineFont(strike=struck), text) for text, struck in put.runs)
        cell.value = CellRichText(*fonts)
    else:
        cell.value = put.error or put.value
        if put.error or isinstance(put.value, str):
            cell.data_type = "e" if put.error else "s"
    cell.number_format = put.code
    if put.struck:
        cell.font = openpyxl.styles.Font(strike=True)


def _saved(book: Any) -> bytes:
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


# XlsxWriter.


def by_xlsxwriter(book: Book) -> bytes:
    """Write with XlsxWriter, whose formulas wait for an office to calculate them."""
    return _xlsxwriter(book, constant_memory=False)


def by_xlsxwriter_in_rows(book: Book) -> bytes:
    """The same row by row, with the texts in their cells."""
    return _xlsxwriter(book, constant_memory=True)


def _xlsxwriter(book: Book, *, constant_memory: bool) -> bytes:
    buffer = io.BytesIO()
    options = {"in_memory": True, "constant_memory": constant_memory, "date_1904": book.from_1904}
    with xlsxwriter.Workbook(buffer, options) as made:
        for sheet in book.sheets:
            into = made.add_worksheet(sheet.name)
            {"visible": list, "hidden": into.hide, "veryHidden": into.very_hidden}[sheet.state]()
            _xlsxwriter_lines(into, sheet)
            for row, cells in sheet.rows().items():
                _xlsxwriter_row(into, sheet, row)
                for column, put in cells.items():
                    _xlsxwriter_cell(made, into, (row - 1, column - 1), put)
            for ref in sheet.merges:
                into.merge.append([n - 1 for n in box(ref)])  # merge_range() would write the cells anew
            for ref in sheet.icons:
                into.conditional_format(
                    ref, {"type": "icon_set", "icon_style": "3_traffic_lights", "icons_only": True}
                )
            for ref in sheet.bars:
                into.conditional_format(ref, {"type": "data_bar", "bar_only": True})
            if not sheet.zeros:
                into.hide_zero()
            for ref, code in sheet.conditional.items():
                rule = {
                    "type": "cell",
                    "criteria": ">",
                    "value": 0,
                    "format": made.add_format({"num_format": code}),
                }
                into.conditional_format(ref, rule)
    return buffer.getvalue()


def _xlsxwriter_lines(into: Any, sheet: Sheet) -> None:
    for column in (*sheet.hidden_columns, *sheet.narrow_columns):
        narrow = column in sheet.narrow_columns
        into.set_column(f"{column}:{column}", 0 if narrow else None, None, {"hidden": not narrow})


def _xlsxwriter_row(into: Any, sheet: Sheet, row: int) -> None:
    if row in sheet.low_rows or row in sheet.hidden_rows:
        low = row in sheet.low_rows
        into.set_row(row - 1, 0 if low else None, None, {"hidden": not low})


def _xlsxwriter_cell(made: Any, into: Any, at: tuple[int, int], put: Put) -> None:
    style = made.add_format({"num_format": put.code, **({"font_strikeout": True} if put.struck else {})})
    if put.formula or put.error:
        value = put.error or ("" if put.value is None else put.value)
        formula = f"={put.formula or put.error}"
        if put.array:
            into.write_array_formula(*at, *at, f"{{{formula}}}", style, value)
        else:
            into.write_formula(*at, formula, style, value)
    elif put.runs:
        fonts = [made.add_format({"font_strikeout": struck}) for struck in (False, True)]
        pieces = [piece for text, struck in put.runs for piece in (fonts[struck], text)]
        assert into.write_rich_string(*at, *pieces, style) == 0
    elif isinstance(put.value, date | time | timedelta):
        into.write_datetime(*at, put.value, style)
    elif put.value is None:
        into.write_blank(*at, None, style)
    elif isinstance(put.value, str):
        assert into.write_string(*at, put.value, style) == 0
    elif isinstance(put.value, bool):
        into.write_boolean(*at, put.value, style)
    else:
        into.write_number(*at, put.value, style)


# xlwt.


def by_xlwt(book: Book) -> bytes:
    """Write with xlwt, which calculates no formula."""
    made = xlwt.Workbook(encoding="utf-8", style_compression=2)
    made.dates_1904 = book.from_1904
    for sheet in book.sheets:
        into = made.add_sheet(sheet.name)
        into.show_zero_values = sheet.zeros
        into.visibility = {"visible": 0, "hidden": 1, "veryHidden": 2}[sheet.state]
        inside = {ref.partition(":")[0]: box(ref) for ref in sheet.merges}
        for row, cells in sheet.rows().items():
            for column, put in cells.items():
                _xlwt_cell(into, (row - 1, column - 1), put)
            into.row(row - 1).hidden = row in sheet.hidden_rows
            if row in sheet.low_rows:
                into.row(row - 1).height, into.row(row - 1).height_mismatch = 0, True
        for top, left, bottom, right in inside.values():
            into.merged_ranges.append((top - 1, bottom - 1, left - 1, right - 1))
        for name in (*sheet.hidden_columns, *sheet.narrow_columns):
            at = place(f"{name}1")[1] - 1
            into.col(at).hidden = name in sheet.hidden_columns
            into.col(at).width = 0 if name in sheet.narrow_columns else 2304
    return _saved(made)


def _xlwt_cell(into: Any, at: tuple[int, int], put: Put) -> None:
    style = xlwt.easyxf("font: struck_out on" if put.struck else "", num_format_str=put.code)
    row = into.row(at[0])
    if put.formula:
        into.write(*at, xlwt.Formula(put.formula), style)
    elif put.error:
        row.set_cell_error(at[1], {"#N/A": "#N/A!"}.get(put.error, put.error), style)
    elif put.runs:
        struck, plain = xlwt.easyfont("struck_out on"), xlwt.easyfont("")
        into.write_rich_text(
            *at, [(text, struck if is_struck else plain) for text, is_struck in put.runs], style
        )
    elif isinstance(put.value, timedelta):
        into.write(*at, put.number(), style)
    else:
        into.write(*at, put.value, style)


# formulon.


def by_formulon(book: Book) -> bytes:
    """Write what formulon makes of Excel’s workbook."""
    with formulon.Workbook.load(ooxml.xlsx(book, ooxml.excel)) as made:
        return bytes(made.save())


def xlsb(book: Book) -> bytes:
    """Write the same in Excel’s binary format, which is not read."""
    with formulon.Workbook.load(ooxml.xlsx(book, ooxml.excel)) as made:
        return bytes(made.save_as(formulon.WorkbookFormat.XLSB))


# All of them.

_SDK = (ooxml.inline, ooxml.typed, ooxml.unaddressed, ooxml.bare_styles, ooxml.prefixed, ooxml.absolute)


def _not_here(_book: Book) -> bytes:
    raise NotImplementedError("LibreOffice writes in a process of its own")


WRITERS = (
    Writer("Excel", "xlsx", lambda book: ooxml.xlsx(book, ooxml.excel), rebuilt=True),
    Writer("Excel", "xlsm", lambda book: ooxml.xlsx(book, ooxml.excel), rebuilt=True),
    Writer("Excel-online", "xlsx", lambda book: ooxml.xlsx(book, ooxml.absolute), rebuilt=True),
    Writer(
        "Excel-strict",
        "xlsx",
        lambda book: ooxml.xlsx(book, ooxml.excel, ooxml.strict, iso_dates=True),
        rebuilt=True,
    ),
    Writer("WPS", "xlsx", lambda book: ooxml.xlsx(book, ooxml.wps), rebuilt=True),
    Writer("POI", "xlsx", lambda book: ooxml.xlsx(book, ooxml.inline), rebuilt=True),
    Writer("Power-BI", "xlsx", lambda book: ooxml.xlsx(ooxml.dense(book), *_SDK), rebuilt=True),
    Writer("Gnumeric", "xlsx", lambda book: ooxml.xlsx(book, ooxml.gnumeric), rebuilt=True),
    Writer("openpyxl", "xlsx", by_openpyxl, formulas="empty"),
    Writer("XlsxWriter", "xlsx", by_xlsxwriter, formulas="stale"),
    Writer("XlsxWriter-in-rows", "xlsx", by_xlsxwriter_in_rows, formulas="stale"),
    Writer("formulon", "xlsx", by_formulon),
    Writer("Excel", "ods", opendocument.as_excel, rebuilt=True),
    Writer("script", "ods", opendocument.by_script, rebuilt=True),
    Writer("Excel-97", "xls", excel97.excel97, rebuilt=True),
    Writer("Excel-5", "xls", excel97.excel5, rebuilt=True),
    Writer("WPS", "et", excel97.excel97, rebuilt=True),
    Writer("xlwt", "xls", by_xlwt, formulas="empty"),
)

LIBREOFFICE = tuple(Writer("LibreOffice", suffix, _not_here) for suffix in ("xlsx", "xlsm", "ods", "xls"))
"""What it makes of Excel’s workbook, in tests that have it."""
