"""The consolidated workbook of a round: a page for the leader, and behind it every figure's source."""

from datetime import date

from greenxl.findings import grouped
from greenxl.report.comparison import Previous, compare
from greenxl.report.sheets.changes import write_changes
from greenxl.report.sheets.criteria import write_criteria
from greenxl.report.sheets.findings_and_files import in_order, rows_by_community, write_findings, write_ledger
from greenxl.report.sheets.levels import write_levels
from greenxl.report.sheets.overview import write_overview
from greenxl.report.sheets.rectification import write_rectification
from greenxl.report.sheets.scores import write_scores
from greenxl.report.sheets.towns import write_towns
from greenxl.report.style import Style
from greenxl.rounds.evaluate import Round
from greenxl.scoring.tables import Tables
from greenxl.scoring.vocabulary import subject
from greenxl.xlsx import Book


def consolidate(result: Round, tables: Tables, as_of: date, previous: Previous | None = None) -> bytes:
    """Return the consolidated workbook; the same input gives the same bytes.

    Figures are live formulas that carry their value as computed from ``tables``. Where an earlier
    workbook is given, a last sheet shows what changed since.
    """
    campaign = result.campaign
    properties = {
        "title": f"{subject(campaign)}情况汇总（{campaign.year}年）",
        "subject": f"{campaign.year}年{subject(campaign)}评分汇总",
        "author": campaign.authority,
    }
    style = Style(Book(campaign.fonts.body, as_of, properties), campaign)
    findings = in_order(grouped(result.findings, across_sheets=False), campaign)
    changes = compare(previous, campaign, result.choices) if previous else ()
    write_overview(style, result, tables, as_of, previous, changes)
    write_towns(style, tables, as_of)
    write_scores(style, tables, rows_by_community(findings))
    write_criteria(style, tables)
    if campaign.has_levels:
        write_levels(style, tables)
    write_rectification(style, tables)
    write_findings(style, findings)
    write_ledger(style, result.entries)
    if previous:
        write_changes(style, previous, changes, tables)
    return style.book.bytes()
