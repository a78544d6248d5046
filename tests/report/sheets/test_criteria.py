"""指标分析: averages and losses of every criterion, and its page."""

import re
import subprocess
from decimal import Decimal
from pathlib import Path

import pytest

from greenxl.campaign.model import Campaign
from greenxl.report.book import consolidate
from greenxl.report.sheets.columns import departments_of
from greenxl.report.sheets.criteria import criteria_table
from tests.tools.office import Office
from tests.tools.reports import DAY, Report, cells
from tests.tools.rounds import round_of, with_six_criteria


def test_every_criterion_has_its_figures(report: Report) -> None:
    """How many were scored, their average, what is lost, by whom, and the departments of its group."""
    table = criteria_table(report.campaign)
    rows = report.cells("指标分析")[table.first_row : table.last_row + 1]
    for row, one in zip(rows, report.tables.criteria, strict=True):
        shown = dict(zip((column.name for column in table.columns), row, strict=False))
        assert (shown["number"], shown["text"]) == (one.criterion.number, one.criterion.text)
        assert (shown["scored"], shown["losers"]) == (one.scored, len(one.losers))
        assert Decimal(str(shown["lost"])) == one.lost
        assert (shown["average"] or None) == (one.average and pytest.approx(one.average))
        assert (shown["loss_rate"] or 0) == pytest.approx(one.loss_rate or 0)
        assert shown["departments"] == departments_of(report.campaign.groups[one.criterion.group])


def test_criteria_without_a_score_have_no_average(huantai: Campaign) -> None:
    """No returns: blanks instead of #DIV/0!."""
    table = criteria_table(huantai)
    rows = cells(consolidate(*round_of(huantai, {}), DAY), "指标分析")[table.first_row : table.last_row + 1]
    blank = (None, "")
    assert all(row[table.place(name)] in blank for row in rows for name in ("average", "loss_rate"))
    assert [row[table.place("scored")] for row in rows] == [0] * 20


def test_a_short_standard_and_its_chart_share_a_page(
    office: Office, tmp_path: Path, huantai: Campaign
) -> None:
    """Six criteria and their chart are one printed page; of twenty, each has its own."""
    for made, pages in ((with_six_criteria(huantai), 1), (round_of(huantai, {}), 2)):
        book, pdf = tmp_path / "report.xlsx", tmp_path / "report.pdf"
        book.write_bytes(consolidate(*made, DAY))
        office.pdf(book, pdf)
        printed = subprocess.run(["pdftotext", "-layout", pdf, "-"], capture_output=True, check=True)
        assert len(re.findall(r"指标分析 +第 ?\d+ ?页", printed.stdout.decode())) == pages
