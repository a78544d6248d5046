"""The charts have the figures of the tables, as lengths and as words."""

from greenxl.campaign.model import Campaign
from greenxl.rounds.evaluate import evaluate
from greenxl.scoring.tables import build
from greenxl.ui.charts import rates_chart, totals_chart
from tests.conftest import SAMPLES


def test_bars_are_as_long_as_the_rates(huantai: Campaign) -> None:
    """A whole rate is the longest; the target's line is where a bar of its length ends."""
    result = evaluate(huantai, [SAMPLES / "returned"])
    chart = rates_chart(huantai, build(huantai, result.choices))
    assert [bar.label for bar in chart.bars] == [
        "92.9%", "71.4%", "100.0%", "100.0%", "100.0%", "66.7%", "95.2%", "71.4%"
    ]  # fmt: skip
    longest = max(bar.width for bar in chart.bars)
    assert [round(bar.width / longest, 2) for bar in chart.bars[:2]] == [0.93, 0.71]
    assert chart.line is not None
    assert round((chart.line - chart.bars[0].x) / longest, 2) == 0.3
    assert [name.text for name in chart.names] == ["城区街道", "果里镇", "索镇", "全县"]
    assert "索镇: participation 100.0%, 达标 66.7%" in chart.words


def test_columns_count_the_totals(huantai: Campaign) -> None:
    """The highest fills the height; what has passed is dark."""
    result = evaluate(huantai, [SAMPLES / "returned"])
    chart = totals_chart(huantai, build(huantai, result.choices))
    assert [bar.label for bar in chart.bars] == ["0", "1", "3", "13", "2"]
    assert [bar.kind for bar in chart.bars] == ["failed", "failed", "failed", "passed", "passed"]
    assert [bar.height for bar in chart.bars] == [0, 11.5, 34.6, 150, 23.1]


def test_without_towns_or_returns_there_is_a_chart(schools: Campaign, other: Campaign) -> None:
    """Nothing is divided by nothing, and no target is no line."""
    for campaign in (schools, other):
        tables = build(campaign, evaluate(campaign, []).choices)
        assert {bar.width for bar in rates_chart(campaign, tables).bars} == {0}
        assert {bar.height for bar in totals_chart(campaign, tables).bars} == {0}
    assert rates_chart(other, build(other, evaluate(other, []).choices)).line is None
