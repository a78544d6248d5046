"""The consolidated workbook of a round: a page for the leader, and behind it every figure's source."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

from greenxl.campaign.model import Campaign
from greenxl.findings import grouped
from greenxl.output_files import Contents
from greenxl.report.comparison import Previous, compare
from greenxl.report.layout import CHANGES, leader_sheets, sheet_names
from greenxl.report.sheets.changes import write_changes
from greenxl.report.sheets.criteria import write_criteria
from greenxl.report.sheets.data import write_data
from greenxl.report.sheets.findings_and_files import first_cells, in_order, write_findings, write_ledger
from greenxl.report.sheets.levels import write_levels
from greenxl.report.sheets.overview import Since, write_overview
from greenxl.report.sheets.rectification import write_rectification
from greenxl.report.sheets.scores import write_scores
from greenxl.report.sheets.towns import write_towns
from greenxl.report.style import Style
from greenxl.rounds.evaluate import Round
from greenxl.scoring.tables import Tables
from greenxl.scoring.vocabulary import subject
from greenxl.xlsx import Book


def consolidate(result: Round, tables: Tables, as_of: date, previous: Previous | None = None) -> bytes:
    """Return the consolidated workbook as a file's bytes; the same input gives the same bytes."""
    return consolidated(result, tables, as_of, previous).bytes()


def leader_copy(result: Round, tables: Tables, as_of: date, previous: Previous | None = None) -> bytes:
    """Return the workbook for the leadership in the same way."""
    return leader_book(result, tables, as_of, previous).bytes()


def writers(
    result: Round, tables: Tables, as_of: date, previous: Previous | None = None
) -> tuple[Contents, Contents]:
    """Return what writes the consolidated workbook and the leader's copy into files: large ones by parts."""

    def writer(make: Callable[[Round, Tables, date, Previous | None], Book]) -> Contents:
        return lambda file: make(result, tables, as_of, previous).save(file)

    return writer(consolidated), writer(leader_book)


def consolidated(result: Round, tables: Tables, as_of: date, previous: Previous | None = None) -> Book:
    """Return the consolidated workbook, to be saved.

    Figures are live formulas that carry their value as computed from ``tables``. Where an earlier
    workbook is given, a last sheet shows what changed since.
    """
    campaign, style = result.campaign, _style(result.campaign, as_of)
    findings = in_order(grouped(result.findings, across_sheets=False), campaign)
    since = _since(result, previous)
    sheets = (*sheet_names(campaign), CHANGES) if since else sheet_names(campaign)
    write_overview(style, result, tables, as_of, sheets, since)
    write_towns(style, tables, as_of)
    write_scores(style, tables, first_cells(findings))
    write_criteria(style, tables)
    if campaign.has_levels:
        write_levels(style, tables)
    write_rectification(style, tables)
    write_findings(style, findings)
    write_ledger(style, result.entries)
    if since:
        write_changes(style, since.previous, since.changes, tables)
    write_data(style, result)
    return style.book


def leader_book(result: Round, tables: Tables, as_of: date, previous: Previous | None = None) -> Book:
    """Return the workbook for the leadership, to be saved: of the same figures the sheets that leaders read.

    It has neither findings nor the names, paths and hashes of returned files.
    """
    style, unnamed = _style(result.campaign, as_of), _without_files(tables)
    sheets = leader_sheets(result.campaign)
    write_overview(style, result, unnamed, as_of, sheets, _since(result, previous))
    write_towns(style, unnamed, as_of)
    write_scores(style, unnamed, {})
    write_rectification(style, unnamed, brief=True)
    return style.book


def _style(campaign: Campaign, as_of: date) -> Style:
    properties = {
        "title": f"{subject(campaign)}情况汇总（{campaign.year}年）",
        "subject": f"{campaign.year}年{subject(campaign)}评分汇总",
        "author": campaign.authority,
    }
    return Style(Book(campaign.fonts.body, as_of, properties), campaign)


def _since(result: Round, previous: Previous | None) -> Since | None:
    return Since(previous, compare(previous, result.campaign, result.choices)) if previous else None


def _without_files(tables: Tables) -> Tables:
    rows = tuple(replace(row, file=None, sheet=None) for row in tables.communities)
    return replace(tables, communities=rows)
