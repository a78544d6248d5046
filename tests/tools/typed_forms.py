"""Forms that people typed by hand, as rows of values, and the sheets and workbooks that they make."""

import io
from collections.abc import Mapping, Sequence
from typing import Any

import xlsxwriter

from greenxl.campaign.model import Campaign
from greenxl.returns.model import Grid
from greenxl.workbooks.cells import SheetCells

Rows = list[list[Any]]
SCORES = [round(0.5 + 0.2 * index, 2) for index in range(20)]
"""A different one for each criterion, so that no two cells are confused."""
PLACE: Rows = [["社区名称：永安社区"]]
HEAD = ["内容", "创建标准", "", "标准分"]


def body(campaign: Campaign, *beside: Sequence[Any], points: bool = True) -> Rows:
    """Return the criteria, each with its points and what stands beside it."""
    return [
        ["", c.number, c.text, *([float(c.points)] if points else []), *values]
        for c, values in zip(campaign.criteria, zip(*beside, strict=True), strict=True)
    ]


def form(campaign: Campaign, place: Rows = PLACE, scores: Sequence[Any] = SCORES) -> Rows:
    """Return a whole form: place, headings, criteria, total."""
    return [*place, [*HEAD, "得分"], *body(campaign, scores), ["合计分值", "", "", 100, sum(scores)]]


def sheet_of(rows: Rows, name: str = "Sheet1", **known: Any) -> SheetCells:
    """Return the sheet that the rows make, of which more may be known; '' is nothing."""
    values = {
        at: {
            column: float(value) if type(value) is int else value
            for column, value in enumerate(row)
            if value not in (None, "")
        }
        for at, row in enumerate(rows)
    }
    return SheetCells(name, rows={at: row for at, row in values.items() if row}, **known)


def grid_of(rows: Rows, **known: Any) -> Grid:
    return Grid(sheet_of(rows, **known))


def workbook_of(sheets: Mapping[str, Rows]) -> bytes:
    """Return the .xlsx of sheets by name."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"strings_to_formulas": False}) as made:
        for name, rows in sheets.items():
            sheet = made.add_worksheet(name)
            for index, row in enumerate(rows):
                sheet.write_row(index, 0, row)
    return buffer.getvalue()
