"""The charts of the consolidated workbook, native ones: their figures are cells of its sheets."""

from typing import Any

from greenxl.campaign.model import plain
from greenxl.report.layout import CRITERIA, TOWNS, CriteriaGrid, TownGrid, bands, range_of
from greenxl.report.style import GREEN, ORANGE, PALE_GREEN, RULE, Style


def rates_chart(style: Style, size: int) -> Any:
    grid = TownGrid(style.campaign)
    last = grid.county_row
    names = range_of(TOWNS, grid.first_row, grid.name, last, grid.name)
    chart = style.book.chart("column")
    for column, name, colour in (
        (grid.participation_rate, "参与率", PALE_GREEN),
        (grid.pass_rate, "达标率", GREEN),
    ):
        values = range_of(TOWNS, grid.first_row, column, last, column)
        chart.add_series(
            {"name": name, "categories": names, "values": values, "fill": {"color": colour}, "gap": 60}
        )
    if style.campaign.target_percent is not None:
        line = style.book.chart("line")
        line.add_series(
            {
                "name": f"目标{style.campaign.target_percent}%",
                "categories": names,
                "values": range_of(TOWNS, grid.first_row, grid.target, last, grid.target),
                "line": {"color": ORANGE, "width": 2, "dash_type": "dash"},
            }
        )
        chart.combine(line)
    chart.set_title({"name": "各街道（镇）参与率、达标率", "name_font": style.chart_font(11)})
    place = {"x": 0.2, "y": 34 / size, "width": 0.7, "height": 24 / size}
    chart.set_legend({"position": "top", "font": style.chart_font(9), "layout": place})
    chart.set_x_axis(style.axis("街道（镇）"))
    few = len(style.campaign.towns) <= 6
    rates = {"num_format": "0%", "min": 0, "max": 1, "major_unit": 0.2 if few else 0.5}
    chart.set_y_axis({**style.axis("占分母的比率"), **rates})
    below = 50 if few else 82  # long rows of names are turned
    plot = {"x": 0.12, "y": 70 / size, "width": 0.85, "height": (size - 70 - below) / size}
    chart.set_plotarea({"layout": plot})
    return chart


def bands_chart(style: Style, size: int, *, few: bool) -> Any:
    grid, campaign = TownGrid(style.campaign), style.campaign
    first, last = grid.bands_row + 1, grid.last_band_row
    shades = [GREEN if low >= campaign.pass_score else "#C9C9C9" for low, _high, _words in bands(campaign)]
    chart = style.book.chart("column")
    chart.add_series(
        {
            "name": "社区数",
            "categories": range_of(TOWNS, first, 0, last, 0),
            "values": range_of(TOWNS, first, 1, last, 1),
            "points": [{"fill": {"color": shade}} for shade in shades],
            "data_labels": {"value": True, "font": style.chart_font(9)},
            "gap": 30,
        }
    )
    chart.set_title({"name": "社区得分分布", "name_font": style.chart_font(11)})
    chart.set_legend({"none": True})
    chart.set_x_axis(style.axis(f"合计分值（深色：{plain(campaign.pass_score)}分及以上，达标）"))
    whole = {"max": 5, "major_unit": 1} if few else {}  # else the axis would count in fractions
    chart.set_y_axis({**style.axis("社区数"), "min": 0, **whole})
    plot = {"x": 0.15, "y": 46 / size, "width": 0.82, "height": (size - 46 - 52) / size}
    chart.set_plotarea({"layout": plot})
    return chart


def losses_chart(style: Style, grid: CriteriaGrid, axis: int) -> Any:
    """Return the chart of the loss rate by criterion, side by side in their groups."""
    chart = style.book.chart("column")
    shades = (GREEN, PALE_GREEN)
    chart.add_series(
        {
            "name": "失分率",
            "categories": range_of(CRITERIA, grid.first_row, axis, grid.last_row, axis + 1),
            "values": range_of(CRITERIA, grid.first_row, grid.loss_rate, grid.last_row, grid.loss_rate),
            "gap": 40,
            "points": [{"fill": {"color": shades[c.group % 2]}} for c in style.campaign.criteria],
            "data_labels": {"value": True, "num_format": "0%", "font": style.chart_font(12)},
        }
    )
    chart.set_title({"name": "各条标准失分率（按内容分组）", "name_font": style.chart_font(15)})
    chart.set_legend({"none": True})
    chart.set_x_axis({**style.axis("创建标准（条目、内容）"), "num_font": style.chart_font(12)})
    chart.set_y_axis({**style.axis("失分率"), "num_format": "0%", "min": 0})
    chart.set_chartarea({"border": {"color": RULE}})
    return chart
