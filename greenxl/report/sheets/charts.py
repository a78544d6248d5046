"""The charts of the consolidated workbook, native ones: their figures are cells of its sheets."""

from typing import Any

from greenxl.campaign.model import Campaign, plain
from greenxl.names import bare
from greenxl.report.layout import cell_of, range_of
from greenxl.report.sheets.bands import bands
from greenxl.report.sheets.score_table import GRADE
from greenxl.report.sheets.towns import FIGURE, LABEL, TownTable, part_word, town_table
from greenxl.report.style import GREEN, GREY, ORANGE, PALE_GREEN, RULE, Style


def rates_chart(style: Style, size: int) -> Any:
    """Return the chart of participation and pass rate by town or county and in all, ``size`` pixels high."""
    table = town_table(style.campaign)
    campaign, names = style.campaign, _with_county(table, "town")
    few, rate_words = len(table.part_rows) <= 6, f"参与率、{campaign.pass_words[0]}率"
    chart = style.book.chart("column")
    for column, name, colour in (
        ("participation_rate", "参与率", PALE_GREEN),
        ("pass_rate", f"{campaign.pass_words[0]}率", GREEN),
    ):
        values = _with_county(table, column)
        chart.add_series(
            {"name": name, "categories": names, "values": values, "fill": {"color": colour}, "gap": 60}
        )
    if campaign.target_percent is not None:
        chart.combine(_target_line(style, names, _with_county(table, "target")))
    title = f"各{part_word(campaign)}{rate_words}" if campaign.has_towns else rate_words
    chart.set_title({"name": title, "name_font": style.chart_font(11)})
    place = {"x": 0.1, "y": 34 / size, "width": 0.85, "height": 24 / size}
    chart.set_legend({"position": "top", "font": style.chart_font(9), "layout": place})
    names_font = {} if few else {"num_font": {**style.chart_font(8), "rotation": -45}, "interval_unit": 1}
    chart.set_x_axis({**_axis(style, part_word(campaign)), **names_font})
    rates = {"num_format": "0%", "min": 0, "max": 1, "major_unit": 0.2 if few else 0.5}
    chart.set_y_axis({**_axis(style, "占分母的比率"), **rates})
    below = 54 if few else 88  # long rows of names are turned
    plot = {"x": 0.14, "y": 62 / size, "width": 0.83, "height": (size - 62 - below) / size}
    chart.set_plotarea({"layout": plot})
    return chart


def _axis(style: Style, name: str) -> dict[str, Any]:
    """Return the axis of a chart of the first page, which prints at four fifths or more."""
    small = {**style.chart_font(9), "bold": False}
    return {**style.axis(name), "name_font": small, "num_font": small}


def _with_county(table: TownTable, name: str) -> str:
    """Return a reference to the cells of all towns, or of all counties, and of all together."""
    place = table.place(name)
    if table.campaign.counties:
        cells = [cell_of(table.sheet, row, place) for row in (*table.part_rows, table.county_row)]
        return f"({','.join(cells)})"
    return range_of(table.sheet, table.first_row, place, table.county_row, place)


def _target_line(style: Style, names: str, values: str) -> Any:
    """Return the line at the target; where it has one point alone, that is marked."""
    line = style.book.chart("line")
    fill = {"color": ORANGE}
    alone = {} if style.campaign.has_towns else {"marker": {"type": "diamond", "size": 9, "fill": fill}}
    line.add_series(
        {
            "name": f"目标{style.campaign.target_percent}%",
            "categories": names,
            "values": values,
            "line": {"color": ORANGE, "width": 2, "dash_type": "dash"},
            **alone,
        }
    )
    return line


def bands_chart(style: Style, size: int, *, few: bool) -> Any:
    """Return the chart of the distribution of totals or grades, ``size`` pixels high.

    ``few`` is where none holds as many as five: the axis is then counted in ones up to five, which an
    office would count in fractions.
    """
    campaign, table = style.campaign, town_table(style.campaign)
    chart = style.book.chart("column")
    chart.add_series(
        {
            "name": f"{campaign.unit}数",
            "categories": table.bands(LABEL),
            "values": table.bands(FIGURE),
            "points": [{"fill": {"color": shade}} for shade in _shades(campaign)],
            "data_labels": {"value": True, "font": style.chart_font(9)},
            "gap": 30,
        }
    )
    about = GRADE if campaign.grades else bare(campaign.labels.total)
    title = f"{campaign.unit}{GRADE if campaign.grades else '得分'}分布"
    chart.set_title({"name": title, "name_font": style.chart_font(11)})
    chart.set_legend({"none": True})
    chart.set_x_axis(
        _axis(style, f"{about}（深色：{plain(campaign.pass_score)}分及以上，{campaign.pass_words[0]}）")
    )
    whole = {"max": 5, "major_unit": 1} if few else {}
    chart.set_y_axis({**_axis(style, f"{campaign.unit}数"), "min": 0, **whole})
    # Bands may take two lines.
    plot = {"x": 0.15, "y": 46 / size, "width": 0.82, "height": (size - 46 - 66) / size}
    chart.set_plotarea({"layout": plot})
    return chart


def _shades(campaign: Campaign) -> list[str]:
    """Return the colours of the bands or grades: dark where that has passed."""
    least = [grade.least for grade in campaign.grades] or [band.low for band in bands(campaign)]
    shades = [GREEN if low >= campaign.pass_score else GREY for low in least]
    return [*shades, GREY] if campaign.grades else shades


def losses_chart(style: Style, categories: str, values: str) -> Any:
    """Return the chart of the loss rate by criterion, side by side in their groups."""
    labels = style.campaign.labels
    standard, group = bare(labels.standard), bare(labels.group)
    chart = style.book.chart("column")
    shades = (GREEN, PALE_GREEN)
    chart.add_series(
        {
            "name": "失分率",
            "categories": categories,
            "values": values,
            "gap": 40,
            "points": [{"fill": {"color": shades[c.group % 2]}} for c in style.campaign.scored],
            "data_labels": {"value": True, "num_format": "0%", "font": style.chart_font(12)},
        }
    )
    chart.set_title({"name": f"各条标准失分率（按{group}分组）", "name_font": style.chart_font(15)})
    chart.set_legend({"none": True})
    chart.set_x_axis({**style.axis(f"{standard}（条目、{group}）"), "num_font": style.chart_font(12)})
    chart.set_y_axis({**style.axis("失分率"), "num_format": "0%", "min": 0})
    chart.set_chartarea({"border": {"color": RULE}})
    return chart
