"""指标分析: averages and losses of every criterion, and its page."""

from dataclasses import replace
from decimal import Decimal

import pytest
from openpyxl.utils import column_index_from_string

from greenxl.campaign.model import Campaign, Criterion, Group
from greenxl.report.book import consolidate
from greenxl.report.sheets.criteria import criteria_table
from tests.tools.reports import DAY, Report, cells, opened
from tests.tools.rounds import round_of, with_six_criteria


def test_every_criterion_has_its_figures(report: Report) -> None:
    """How many were scored, their average, what is lost, and by how many."""
    table = criteria_table(report.campaign)
    rows = report.cells("指标分析")[table.first_row : table.last_row + 1]
    for row, one in zip(rows, report.tables.criteria, strict=True):
        shown = dict(zip((column.name for column in table.columns), row, strict=False))
        assert (shown["number"], shown["text"]) == (one.criterion.number, one.criterion.text)
        assert (shown["scored"], shown["losers"]) == (one.scored, len(one.losers))
        assert Decimal(str(shown["lost"])) == one.lost
        assert (shown["average"] or None) == (one.average and pytest.approx(one.average))
        assert (shown["loss_rate"] or 0) == pytest.approx(one.loss_rate or 0)


def test_criteria_without_a_score_have_no_average(huantai: Campaign) -> None:
    """No returns: blanks instead of #DIV/0!."""
    table = criteria_table(huantai)
    rows = cells(consolidate(*round_of(huantai, {}), DAY), "指标分析")[table.first_row : table.last_row + 1]
    blank = (None, "")
    assert all(row[table.place(name)] in blank for row in rows for name in ("average", "loss_rate"))
    assert [row[table.place("scored")] for row in rows] == [0] * 20


def test_the_chart_is_above_the_table(huantai: Campaign) -> None:
    """So that no chart is alone on a page, however long the table is; the row is as high as the chart."""
    sheet = opened(consolidate(*with_six_criteria(huantai), DAY))["指标分析"]
    [chart] = sheet._charts
    header = criteria_table(huantai).header_row
    assert (chart.anchor._from.row, chart.anchor._from.col) == (header - 1, 0)
    tall = chart.anchor.to.row - chart.anchor._from.row
    assert (tall, round(sheet.row_dimensions[header].height)) == (0, 380)


@pytest.mark.parametrize(
    ("subgroup", "orientation"),
    [("", "portrait"), ("制度", "landscape")],
    ids=["few-columns", "one-more"],
)
def test_a_page_is_upright_where_it_can_be_read(huantai: Campaign, subgroup: str, orientation: str) -> None:
    """More columns than that lie across."""
    groups = tuple(
        replace(group, criteria=tuple(replace(criterion, subgroup=subgroup) for criterion in group.criteria))
        for group in huantai.groups
    )
    sheet = opened(consolidate(*round_of(replace(huantai, groups=groups), {}), DAY))["指标分析"]
    assert sheet.page_setup.orientation == orientation


@pytest.mark.parametrize(
    ("groups", "charts", "levels"), [(8, 1, 2), (9, 1, 1), (13, 0, 0)], ids=["few", "many-groups", "too-many"]
)
def test_a_chart_is_drawn_of_what_can_be_read(
    huantai: Campaign, groups: int, charts: int, levels: int
) -> None:
    """Without the names of many groups; of more than sixty criteria there are bars in the table instead."""
    campaign = replace(
        huantai,
        groups=tuple(
            Group(
                f"第{g + 1}项",
                (),
                tuple(Criterion(5 * g + n, g, f"标准{n}", Decimal(5)) for n in range(1, 6)),
            )
            for g in range(groups)
        ),
    )
    sheet = opened(consolidate(*round_of(campaign, {}), DAY))["指标分析"]
    assert len(sheet._charts) == charts
    assert bool(sheet.conditional_formatting) is not bool(charts)
    if charts:
        categories = sheet._charts[0].series[0].cat
        cells_of = (categories.multiLvlStrRef or categories.strRef or categories.numRef).f.split("!")[1]
        first, last = cells_of.replace("$", "").split(":")
        assert column_index_from_string(last.strip("0123456789")) - column_index_from_string(
            first.strip("0123456789")
        ) == (levels - 1)
