"""Campaign workbooks as clerks leave them: typed over with openpyxl, groups merged downwards."""

import io
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from greenxl.campaign import shipped
from greenxl.campaign.model import Campaign, Community, Town
from greenxl.campaign.tables import read_tables
from greenxl.campaign.workbook import campaign_workbook

GROUPS = (("组织\n领导", 4, 5), ("设施建设", 5, 8), ("环境整治", 4, 5), ("宣传培训", 3, 10))
"""Sixteen criteria: a group's name, how many criteria it has, and the points of each."""
TOWNS = (("田庄镇", 3), ("新城镇", 2))


def without_towns(campaign: Campaign) -> Campaign:
    """Return the campaign without the level above its units: each is a town of its own."""
    units = tuple(replace(one, town=one.name) for one in campaign.communities)
    return replace(campaign, parent="", towns=tuple(Town(one.name) for one in units), communities=units)


def of_one_name(campaign: Campaign) -> Campaign:
    """Return the campaign with towns that are a unit themselves, all but the first."""
    first, *others = campaign.towns
    units = [Community(index, one.name, one.name, False) for index, one in enumerate(others, 100)]
    return replace(campaign, communities=(*campaign.communities_of(first.name), *units))


def changed(data: bytes, change: Callable[[Workbook], object]) -> bytes:
    book = openpyxl.load_workbook(io.BytesIO(data))
    change(book)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def typed(path: Path, change: Callable[[Workbook], object]) -> Path:
    """Write the shipped campaign's workbook with something typed into it; return where."""
    path.write_bytes(changed(campaign_workbook(read_tables(shipped())), change))
    return path


def clear(sheet: Worksheet) -> None:
    """Delete all rows below the header."""
    sheet.delete_rows(2, sheet.max_row)


def fill(sheet: Worksheet, rows: Iterable[Sequence[object]]) -> None:
    clear(sheet)
    for row in rows:
        sheet.append(list(row))


def state(book: Workbook, **values: Any) -> None:
    """Type the values of settings, by their Chinese titles."""
    for row in book["设置"].iter_rows():
        title = str(row[0].value)
        if title in values:
            row[1].value = values[title]


def type_another_county(book: Workbook) -> None:
    """Sixteen criteria in four merged groups without numbers, a sum below them; two towns, merged too."""
    state(book, 方案代号="gaoqing", 标题="高青县绿色社区创建标准", **{"县（区）": "高青县"})
    state(book, 主管部门="高青县住房和城乡建设局", 年份=2026, 达标分=85, 满分=None)
    standard = book["创建标准"]
    clear(standard)
    row = 2
    for name, count, points in GROUPS:
        for index in range(count):
            standard.cell(row + index, 3, f"{name[:2]}方面的第{index + 1}条要求得到落实".replace("\n", ""))
            standard.cell(row + index, 4, points)
        standard.cell(row, 1, name)
        standard.merge_cells(start_row=row, end_row=row + count - 1, start_column=1, end_column=1)
        row += count
    standard.cell(row, 1, "合计分值")
    standard.merge_cells(start_row=row, end_row=row, start_column=1, end_column=3)
    standard.cell(row, 4, f"=SUM(D2:D{row - 1})")
    fill(book["街道（镇）"], [(None, town) for town, _count in TOWNS])
    roster = book["创建名单"]
    clear(roster)
    row = 2
    for town, count in TOWNS:
        for index in range(count):
            roster.cell(row + index, 3, f"{town[:2]}第{index + 1}社区")
        roster.cell(row, 2, town)
        roster.merge_cells(start_row=row, end_row=row + count - 1, start_column=2, end_column=2)
        row += count
    for name in ("涉及部门", "目标", "收件人"):
        book.remove(book[name])
