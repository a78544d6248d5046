"""The charts: what they are called, what they show, how their axes count."""

import io
import zipfile
from dataclasses import replace
from decimal import Decimal
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

import pytest

from greenxl.campaign.model import Campaign, Kind
from greenxl.report.book import consolidate
from greenxl.report.style import PALE_GREEN
from tests.tools.reports import DAY
from tests.tools.rounds import drawn, round_of

CHART = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/main}"


def parts(data: bytes, folder: str) -> list[Element]:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        names = sorted(name for name in package.namelist() if name.startswith(folder) and "_rels" not in name)
        return [ElementTree.fromstring(package.read(name)) for name in names]


def test_charts_say_what_they_are(huantai: Campaign) -> None:
    """Each has a title, both axes' names and an alternative text."""
    data = consolidate(*round_of(huantai, drawn(huantai, 1)), DAY)
    titles = [[e.text for e in chart.iter(f"{DRAWING}t")] for chart in parts(data, "xl/charts/")]
    assert titles == [
        ["各街道（镇）参与率、达标率", "街道（镇）", "占分母的比率"],
        ["社区得分分布", "合计分值（深色：80分及以上，达标）", "社区数"],
        ["各条标准失分率（按内容分组）", "创建标准（条目、内容）", "失分率"],
    ]
    described = [
        e.get("descr") for part in parts(data, "xl/drawings/") for e in part.iter() if e.get("descr")
    ]
    assert len(described) == 3


def test_charts_show_cells_of_the_sheets(huantai: Campaign) -> None:
    """Rates of towns and county with the target's line, totals by band, loss rates by criterion."""
    data = consolidate(*round_of(huantai, drawn(huantai, 1)), DAY)
    series = [
        [e.text for values in chart.iter(f"{CHART}val") for e in values.iter(f"{CHART}f")]
        for chart in parts(data, "xl/charts/")
    ]
    assert series == [
        ["'街道（镇）汇总'!$L$4:$L$7", "'街道（镇）汇总'!$M$4:$M$7", "'街道（镇）汇总'!$N$4:$N$7"],
        ["'街道（镇）汇总'!$B$17:$B$21"],
        ["'指标分析'!$H$5:$H$24"],
    ]


def test_loss_rates_have_the_colours_of_their_groups(huantai: Campaign) -> None:
    """Those of a condition, which has no loss rate, are not among them."""
    first, second, *rest = huantai.groups
    condition = replace(first.criteria[0], kind=Kind.CONDITION, points=Decimal(0))
    campaign = replace(
        huantai, groups=(replace(first, criteria=(condition, *first.criteria[1:])), second, *rest)
    )
    *_others, losses = parts(consolidate(*round_of(campaign, {}), DAY), "xl/charts/")
    shades = [
        one.get("val") for point in losses.iter(f"{CHART}dPt") for one in point.iter(f"{DRAWING}srgbClr")
    ]
    assert [shades.index(PALE_GREEN[1:]), len(shades)] == [3, 19]


def test_there_is_no_line_without_a_target(other: Campaign) -> None:
    """A year without a target has two series of rates, and no third."""
    rates, *_others = parts(consolidate(*round_of(other, drawn(other, 1)), DAY), "xl/charts/")
    assert len(list(rates.iter(f"{CHART}ser"))) == 2


@pytest.mark.parametrize(
    ("totals", "axis"),
    [([1, 2, 3, 4, 5], (5, 1)), ([5] * 4, (5, 1)), ([5] * 5, (None, None))],
    ids=["one in each band", "four in a band", "five in a band"],
)
def test_communities_are_counted_in_whole_numbers(
    huantai: Campaign, totals: list[float], axis: tuple[float | None, float | None]
) -> None:
    """An office's own axis for low columns goes up to 1.2 in steps of 0.2."""
    given = {c: [score] * 20 for c, score in zip(huantai.communities, totals, strict=False)}
    _rates, distribution, _losses = parts(consolidate(*round_of(huantai, given), DAY), "xl/charts/")
    assert [bounds(found) for found in distribution.iter(f"{CHART}valAx")] == [axis]


def bounds(axis: Element) -> tuple[float | None, float | None]:
    """Return the greatest value and the step of an axis, None where the office chooses."""
    high, step = axis.find(f".//{CHART}max"), axis.find(f"{CHART}majorUnit")
    values = (None if e is None else float(e.get("val", "")) for e in (high, step))
    return next(values), next(values)
