"""A campaign's tables as the workbook that a clerk fills in."""

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from greenxl.campaign.tables import SCHEMAS, SETTING_BY_KEY, SETTINGS, Schema, Table, Tables
from greenxl.names import key

if TYPE_CHECKING:
    from greenxl.xlsx import Book


EXPLANATION_SHEET = "说明"


ROLE_WORDS = {"leadership": "领导", "authority": "主管部门"}


def campaign_workbook(tables: Tables) -> bytes:
    """Return the tables as one workbook that a clerk can edit, explained on its first sheet."""
    from greenxl.xlsx import Book

    book = Book("宋体", date(2021, 1, 1), {"title": "greenxl campaign"})
    _explanation(book)
    for schema in SCHEMAS:
        _sheet(book, schema, tables.get(schema.name))
    return book.bytes()


def _explanation(book: "Book") -> None:
    from greenxl.xlsx import write_cell, write_link

    sheet = book.sheet(EXPLANATION_SHEET)
    head = book.format(bold=True, bg_color="#F2F2F2", border=1)
    text = book.format(text_wrap=True, border=1)
    sheet.set_column(0, 0, 18)
    sheet.set_column(1, 1, 18)
    sheet.set_column(2, 2, 80)
    write_cell(
        sheet,
        0,
        0,
        "方案设置说明：各表首行为表头，请勿改动；修改后保存即可。",
        book.format(bold=True, font_size=14),
    )
    sheet.set_row(0, 24)
    row = 2
    for column, title in enumerate(("工作表", "列", "填写说明")):
        write_cell(sheet, row, column, title, head)
    for schema in SCHEMAS:
        row += 1
        write_link(sheet, row, 0, f"internal:'{schema.title}'!A1", schema.title, text)
        write_cell(sheet, row, 1, None, text)
        write_cell(sheet, row, 2, schema.explained, text)
        for column_of in schema.columns:
            row += 1
            write_cell(sheet, row, 0, None, text)
            write_cell(sheet, row, 1, column_of.title, text)
            write_cell(sheet, row, 2, column_of.explained + ("" if column_of.filled else "（可留空）"), text)
    row += 2
    for column, title in enumerate(("设置项目", "默认值", "填写说明")):
        write_cell(sheet, row, column, title, head)
    for setting in SETTINGS:
        row += 1
        write_cell(sheet, row, 0, setting.title, text)
        write_cell(sheet, row, 1, setting.default or None, text)
        write_cell(sheet, row, 2, setting.explained + ("（必填）" if setting.default is None else ""), text)
    sheet.freeze_panes(3, 0)
    sheet.set_paper(9)
    sheet.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.6)
    sheet.fit_to_pages(1, 0)


def _rows(schema: Schema, table: Table | None) -> list[list[str]]:
    """Return a table's rows in the clerk's words; of the settings also those that it does not state."""
    rows = [[row.cells.get(c.name, "") for c in schema.columns] for row in (table.rows if table else ())]
    if schema.name == "settings":
        stated = {SETTING_BY_KEY.get(key(name), name) for name, *_value in rows}
        rows += [[setting.name, ""] for setting in SETTINGS if setting.name not in stated]
    words = {"setting": {setting.name: setting.title for setting in SETTINGS}, "role": ROLE_WORDS}
    return [
        [words.get(c.name, {}).get(value, value) for c, value in zip(schema.columns, row, strict=True)]
        for row in rows
    ]


def _height(texts: Sequence[str], widths: Sequence[float]) -> float:
    """Return a row's height that shows all of its wrapped texts."""
    from greenxl.xlsx import line_count

    most = max(line_count(text, width - 1) for text, width in zip(texts, widths, strict=True))
    return min(409, 15 * most + 5)


def _sheet(book: "Book", schema: Schema, table: Table | None) -> None:
    from greenxl.xlsx import write_cell

    sheet = book.sheet(schema.title)
    head = book.format(bold=True, bg_color="#F2F2F2", border=1, text_wrap=True)
    text = book.format(text_wrap=True, num_format="@", border=1)
    widths = [column.width for column in schema.columns]
    for index, column in enumerate(schema.columns):
        sheet.set_column(index, index, column.width)
        write_cell(sheet, 0, index, column.title, head)
    sheet.set_row(0, _height([column.title for column in schema.columns], widths))
    for number, row in enumerate(_rows(schema, table), 1):
        for index, value in enumerate(row):
            write_cell(sheet, number, index, value, text)
        sheet.set_row(number, _height(row, widths))
    sheet.freeze_panes(1, 0)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
