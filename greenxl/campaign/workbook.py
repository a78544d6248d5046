"""A campaign's tables as the workbook that a clerk fills in."""

import re
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, get_args

from greenxl.campaign.lint import EXAMPLE
from greenxl.campaign.schemas import SCHEMA_BY_NAME, SCHEMAS, SETTINGS_TABLE, Column, Schema
from greenxl.campaign.settings import SETTING_BY_KEY, SETTING_BY_NAME, SETTINGS, Setting
from greenxl.campaign.tables import CampaignTables, Table
from greenxl.names import key

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

    from greenxl.xlsx import Book

_EXPLANATION_SHEET = "说明"
_EXPLANATION_WIDTHS = (18, 18, 80)
_A4 = 9
_LEAST_ROWS = 500
"""Of a table: so many have drop-downs, and more where it is longer."""


def campaign_workbook(tables: CampaignTables) -> bytes:
    """Return the tables as one workbook that a clerk can edit, explained on its first sheet."""
    from greenxl.xlsx import Book

    book = Book("宋体", date(2021, 1, 1), {"title": "greenxl campaign"})
    _write_explanation(book)
    for schema in SCHEMAS:
        _write_table(book, schema, tables.get(schema.name))
    return book.bytes()


def _write_explanation(book: "Book") -> None:
    from greenxl.xlsx import write_cell

    sheet = book.sheet(_EXPLANATION_SHEET)
    head, text = _head(book), book.format(text_wrap=True, border=1)
    for column, width in enumerate(_EXPLANATION_WIDTHS):
        sheet.set_column(column, column, width)
    title = book.format(bold=True, font_size=14)
    write_cell(sheet, 0, 0, "方案设置说明：各表首行为表头，请勿改动；修改后保存即可。", title)
    sheet.set_row(0, 24)
    write_cell(sheet, 1, 0, "工作表和列的先后不限；自己的备注请写在另加的工作表中。", book.format())
    row = _explain_tables(sheet, 2, head, text)
    _explain_settings(sheet, row + 1, head, text)
    sheet.freeze_panes(3, 0)
    sheet.set_paper(_A4)
    sheet.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.6)
    sheet.fit_to_pages(1, 0)


def _explain_tables(sheet: "Worksheet", row: int, head: "Format", text: "Format") -> int:
    """Write a row for every table and each of its columns; return the row after them."""
    from greenxl.xlsx import write_link

    _write_row(sheet, row, ("工作表", "列", "填写说明"), head)
    for schema in SCHEMAS:
        row += 1
        write_link(sheet, row, 0, f"internal:'{schema.title}'!A1", schema.title, text)
        _write_row(sheet, row, (None, schema.explained), text, first=1)
        for column in schema.columns:
            row += 1
            explained = column.explained + ("" if column.filled else "（可留空）")
            texts = ("", column.title, explained)
            _write_row(sheet, row, texts, text)
            sheet.set_row(row, _height(texts, _EXPLANATION_WIDTHS))
    return row + 1


def _explain_settings(sheet: "Worksheet", row: int, head: "Format", text: "Format") -> None:
    _write_row(sheet, row, ("设置项目", "默认值", "填写说明"), head)
    for line, setting in enumerate(SETTINGS, row + 1):
        explained = setting.explained + ("（必填）" if setting.default is None else "")
        texts = (setting.title, setting.default or "", explained)
        _write_row(sheet, line, texts, text)
        sheet.set_row(line, _height(texts, _EXPLANATION_WIDTHS))


def _write_row(
    sheet: "Worksheet", row: int, values: Iterable[str | None], cell_format: "Format", first: int = 0
) -> None:
    from greenxl.xlsx import write_cell

    for column, value in enumerate(values, first):
        write_cell(sheet, row, column, value, cell_format)


def _write_table(book: "Book", schema: Schema[Any], table: Table | None) -> None:
    sheet = book.sheet(schema.title)
    head = _head(book, text_wrap=True)
    for index, column in enumerate(schema.columns):
        sheet.set_column(index, index, column.width, _cell_format(book, column, border=0))
    titles = [column.title for column in schema.columns]
    _write_row(sheet, 0, titles, head)
    widths = [column.width for column in schema.columns]
    sheet.set_row(0, _height(titles, widths))
    rows = _rows(schema, table)
    for number, row in enumerate(rows, 1):
        for index, (declared, text) in enumerate(zip(_declared(schema, row), row, strict=True)):
            _write_value(book, sheet, (number, index), declared, text)
        sheet.set_row(number, _height(row, widths))
    _help_typing(book, sheet, schema, max(len(rows), _LEAST_ROWS))
    sheet.freeze_panes(1, 0)
    sheet.set_landscape()
    sheet.set_paper(_A4)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)


def _declared(schema: Schema[Any], row: Sequence[str]) -> list[Column | Setting]:
    """Return what declares each cell of a row: its column, of a setting's value the setting."""
    setting = SETTING_BY_NAME.get(SETTING_BY_KEY.get(key(row[0]), "")) if schema is SETTINGS_TABLE else None
    return (
        [schema.columns[0], setting or schema.columns[1]] if schema is SETTINGS_TABLE else [*schema.columns]
    )


def _write_value(
    book: "Book", sheet: "Worksheet", cell: tuple[int, int], declared: Column | Setting, text: str
) -> None:
    """Write a number as a number, a date as a date, whatever is neither as text."""
    from greenxl.xlsx import write_cell, write_date

    value, style = declared.parse(text), _cell_format(book, declared, border=1)
    if isinstance(value, date):
        write_date(sheet, *cell, value, style)
    elif isinstance(value, int | Decimal) and not isinstance(value, bool):
        write_cell(sheet, *cell, value, style)
    else:
        write_cell(sheet, *cell, text, style)


def _cell_format(book: "Book", declared: Column | Setting, *, border: int) -> "Format":
    """Return the format of a column's cells: what is typed there stays text, unless it holds numbers."""
    types = set(get_args(declared.holds) or (declared.holds,))
    shown = "yyyy-mm-dd" if date in types else "General" if types & {int, Decimal} else "@"
    more = {"align": "left"} if isinstance(declared, Setting) else {}
    return book.format(text_wrap=True, num_format=shown, border=border, **more)


def _help_typing(book: "Book", sheet: "Worksheet", schema: Schema[Any], rows: int) -> None:
    """Offer lists where the values are fixed, and let examples show until they are replaced."""
    for index, column in enumerate(schema.columns):
        source: str | list[str] = list(column.choices)
        if column.chosen_from:
            source = f"={_name_list(book, column, rows)}"
        if source:
            sheet.data_validation(1, index, rows, index, _list_of(source, strict=not column.chosen_from))
    example = book.condition_format(bg_color="#FFF2CC", italic=True)
    condition = {"type": "text", "criteria": "begins with", "value": EXAMPLE, "format": example}
    sheet.conditional_format(1, 0, rows, len(schema.columns) - 1, condition)


def _name_list(book: "Book", column: Column, rows: int) -> str:
    """Name the cells that a list is taken from: Excel keeps a list on another sheet only by a name."""
    from xlsxwriter.utility import xl_col_to_name

    source = SCHEMA_BY_NAME[column.chosen_from]
    letter = xl_col_to_name([one.name for one in source.columns].index(column.name))
    name = "可选" + re.sub(r"\W", "", column.title)
    book.define_name(name, f"'{source.title}'!${letter}$2:${letter}${rows + 1}")
    return name


def _list_of(source: str | list[str], *, strict: bool) -> dict[str, Any]:
    return {
        "validate": "list",
        "source": source,
        "ignore_blank": strict,
        "error_type": "stop" if strict else "warning",
        "error_title": "请从列表中选择",
        "error_message": "请从下拉列表中选择" + ("。" if strict else "；列表中没有的，请先填入相应的表。"),
    }


def _head(book: "Book", **more: Any) -> "Format":
    return book.format(bold=True, bg_color="#F2F2F2", border=1, **more)


def _rows(schema: Schema[Any], table: Table | None) -> list[list[str]]:
    """Return a table's rows in the clerk's words; of the settings also those that it does not state."""
    rows = [[row.cells.get(c.name, "") for c in schema.columns] for row in (table.rows if table else ())]
    if schema is SETTINGS_TABLE:
        stated = {SETTING_BY_KEY.get(key(name)) for name, *_value in rows}
        rows += [[setting.name, ""] for setting in SETTINGS if setting.name not in stated]
        places = {setting.name: place for place, setting in enumerate(SETTINGS)}
        rows.sort(key=lambda row: places.get(SETTING_BY_KEY.get(key(row[0]), ""), len(places)))
    return [
        [column.words.get(text, text) for column, text in zip(schema.columns, row, strict=True)]
        for row in rows
    ]


def _height(texts: Sequence[str], widths: Sequence[int]) -> float:
    """Return a row's height that shows all of its wrapped texts."""
    from greenxl.xlsx import line_count

    most = max(line_count(text, width - 1) for text, width in zip(texts, widths, strict=True))
    return min(409, 15 * most + 5)
