"""The charts of the annual report: XlsxWriter's chart parts, which Word shows and edits as its own."""

import io
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from greenxl.campaign.model import Campaign
from greenxl.report.annual.values import Chart
from greenxl.report.style import GREEN, GREY, ORANGE, PALE_GREEN, RULE, Style
from greenxl.scoring.choosing import Status
from greenxl.scoring.tables import CriterionRow, Tables
from greenxl.scoring.vocabulary import OPEN_STATUS_WORDS, status_words
from greenxl.xlsx import Book, write_cell

UNDECIDED = "待补正"
"""Of units whose scores are incomplete, wrong or in conflict."""
_WHITE, _BLACK = "#FFFFFF", "#000000"
_CENTIMETRE = 360_000
_SHEET, _LETTERS = "数据", "ABCDE"
_COLOURS = ((GREEN, _WHITE), (ORANGE, _WHITE), (PALE_GREEN, _BLACK), (GREY, _BLACK))
"""Of the series, and of the figures in them."""
_VALUES = b'<c:showVal val="1"/>'
_VALUES_ALONE = (
    b'<c:showLegendKey val="0"/><c:showVal val="1"/><c:showCatName val="0"/><c:showSerName val="0"/>'
    b'<c:showPercent val="0"/><c:showBubbleSize val="0"/>'
)
"""What is left out here, a document's reader takes to be shown."""
_END_OF_CHART = b"<c:printSettings>"
"""What the schema has after the reference to a chart's workbook."""
_WORKBOOK = b'<c:externalData r:id="rId1"><c:autoUpdate val="0"/></c:externalData>'


@dataclass(frozen=True, slots=True)
class _Data:
    """The figures of a chart: a row for each bar, a column for each series."""

    series: Sequence[str]
    rows: Sequence[tuple[str, Sequence[float]]]

    def column(self, place: int) -> str:
        return f"={_SHEET}!${_LETTERS[place]}$2:${_LETTERS[place]}${len(self.rows) + 1}"


def results_chart(campaign: Campaign, tables: Tables, as_of: date) -> Chart:
    """Return how many units passed, failed, are undecided or missing, in each town or in all."""
    passed, failed = campaign.pass_words
    states = (passed, failed, UNDECIDED, status_words(campaign)[Status.MISSING])
    counted = tables.towns if campaign.has_towns else (tables.county,)
    rows = [
        (
            getattr(row, "name", campaign.area),
            (
                row.passed,
                row.statuses[Status.FAILED],
                sum(row.statuses[s] for s in OPEN_STATUS_WORDS if s is not Status.MISSING),
                row.statuses[Status.MISSING],
            ),
        )
        for row in counted
    ]
    where = f"各{campaign.parent}" if campaign.has_towns else campaign.area
    title = f"{where}{campaign.unit}{passed}情况（个）"
    return _bars(campaign, as_of, title, _Data(states, rows), "0;;")


def losses_chart(campaign: Campaign, worst: Sequence[CriterionRow], as_of: date) -> Chart:
    """Return the loss rates of the criteria that lost most."""
    rows = [(row.criterion.name, (row.loss_rate or 0.0,)) for row in worst]
    return _bars(campaign, as_of, f"失分率最高的{len(rows)}条", _Data(("失分率",), rows), "0.0%")


def _bars(campaign: Campaign, as_of: date, title: str, data: _Data, number: str) -> Chart:
    """Return a chart of lying bars, the first row on top; several series are stacked."""
    centimetres = min(22.0, 2.6 + 0.75 * len(data.rows))

    def draw(style: Style) -> Any:
        chart = style.book.chart("bar", "stacked" if len(data.series) > 1 else None)
        for place, (colour, figures) in enumerate(_COLOURS[: len(data.series)], 1):
            inside = {"color": figures} if len(data.series) > 1 else {}
            chart.add_series(
                {
                    "name": f"={_SHEET}!${_LETTERS[place]}$1",
                    "categories": data.column(0),
                    "values": data.column(place),
                    "fill": {"color": colour},
                    "gap": 45,
                    "data_labels": {
                        "value": True,
                        "num_format": number,
                        "font": {**_font(style, 9), **inside},
                    },
                }
            )
        chart.set_title({"name": title, "name_font": {**_font(style, 11), "bold": True}, "overlay": False})
        several = {"position": "bottom", "font": _font(style, 9)}
        chart.set_legend(several if len(data.series) > 1 else {"none": True})
        chart.set_x_axis({"visible": False, "major_gridlines": {"visible": False}, "min": 0})
        chart.set_y_axis({"reverse": True, "num_font": _font(style, 9), "line": {"color": RULE}})
        return chart

    drawn = _workbook(campaign, as_of, data, draw)
    with zipfile.ZipFile(io.BytesIO(drawn)) as package:
        part = package.read("xl/charts/chart1.xml")
    words = f"条形图：{title}。"
    with_data = part.replace(_VALUES, _VALUES_ALONE).replace(_END_OF_CHART, _WORKBOOK + _END_OF_CHART)
    return Chart(words, with_data, _workbook(campaign, as_of, data), int(centimetres * _CENTIMETRE))


def _font(style: Style, size: float) -> dict[str, Any]:
    return {**style.chart_font(size), "bold": False}


def _workbook(
    campaign: Campaign, as_of: date, data: _Data, draw: Callable[[Style], Any] | None = None
) -> bytes:
    """Return a workbook of the figures, with their chart where ``draw`` makes one."""
    style = Style(Book(campaign.fonts.body, as_of, {}), campaign)
    sheet, text = style.book.sheet(_SHEET), style.format()
    rows: list[tuple[str | float, ...]] = [("", *data.series)]
    rows += [(name, *figures) for name, figures in data.rows]
    for row, cells in enumerate(rows):
        for column, value in enumerate(cells):
            write_cell(sheet, row, column, value, text)
    if draw:
        sheet.insert_chart(1, len(data.series) + 2, draw(style))
    return style.book.bytes()
