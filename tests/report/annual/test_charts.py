"""The charts of the annual report: native ones, whose figures are those of the round."""

import io
import re
from datetime import date
from xml.etree import ElementTree

import openpyxl
import pytest

from greenxl.report.annual.charts import losses_chart, results_chart
from greenxl.report.annual.values import Chart
from greenxl.report.json_document import document
from tests.report.annual.conftest import MAKERS
from tests.tools.reports import Made

DAY = date(2021, 10, 9)
C = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"


def series(chart: Chart) -> dict[str, dict[str, float]]:
    """Return what a chart itself keeps of its series: figures by category."""
    found = {}
    for one in ElementTree.fromstring(chart.part).iter(f"{C}ser"):
        name = one.findtext(f"{C}tx//{C}v", "")
        labels = [v.text or "" for v in one.iterfind(f"{C}cat//{C}v")]
        figures = [float(v.text or "nan") for v in one.iterfind(f"{C}val//{C}v")]
        found[name] = dict(zip(labels, figures, strict=True))
    return found


def sheet(chart: Chart) -> dict[str, dict[str, float]]:
    """Return the same of the workbook that Word opens to change it."""
    head, *rows = openpyxl.load_workbook(io.BytesIO(chart.workbook)).worksheets[0].values
    return {str(name): {str(row[0]): float(str(row[n])) for row in rows}
            for n, name in enumerate(head) if n}  # fmt: skip


def test_the_results_are_the_documents(made: Made) -> None:
    """By town, or of all units where there are none."""
    result, tables = made
    campaign = result.campaign
    chart = results_chart(campaign, tables, DAY)
    printed = document(result, tables, None)
    counted = printed["towns"] if campaign.has_towns else [{**printed["county"], "town": campaign.area}]
    passed, failed = campaign.pass_words
    assert series(chart) == sheet(chart) == {
        passed: {one["town"]: one["passed"] for one in counted},
        failed: {one["town"]: one["failed"] for one in counted},
        "待补正": {one["town"]: one["incomplete"] + one["invalid"] + one["conflict"] for one in counted},
        "未报送": {one["town"]: one["missing"] for one in counted},
    }  # fmt: skip


@pytest.mark.parametrize("made", sorted(MAKERS.keys() - {"all_passed", "without_returns"}), indirect=True)
def test_the_losses_are_the_tables(made: Made) -> None:
    """Each criterion's rate as it is."""
    result, tables = made
    rows = [row for row in tables.criteria if row.lost > 0][:10]
    chart = losses_chart(result.campaign, rows, DAY)
    expected = {"失分率": {row.criterion.name: pytest.approx(row.loss_rate) for row in rows}}
    assert series(chart) == expected
    assert sheet(chart) == expected


def test_a_chart_shows_values_alone(made: Made) -> None:
    """What a label does not show is said, for a document's reader takes it to be shown else."""
    part = results_chart(made[0].campaign, made[1], DAY).part.decode()
    labels = re.findall(r"<c:dLbls>.*?</c:dLbls>", part)
    assert len(labels) == 4
    shown = [dict(re.findall(r'<c:show(\w+) val="(\d)"', one)) for one in labels]
    hidden = dict.fromkeys(("LegendKey", "CatName", "SerName", "Percent", "BubbleSize"), "0")
    assert shown == [{"Val": "1", **hidden}] * 4
    assert part.count("<c:externalData ") == 1


def test_many_towns_fit_a_page(made: Made) -> None:
    """The text of a page is 24.7 cm high, and a heading goes with the chart."""
    assert 0 < results_chart(made[0].campaign, made[1], DAY).height <= 22 * 360_000
