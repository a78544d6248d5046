"""Rounds of several levels made in memory: counties of a city, their returns, their workbooks."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal

from greenxl.campaign.model import Answer, Campaign
from greenxl.form.layout import DATA_SHEET
from greenxl.report.sheets.data import shown_scores
from greenxl.report.sheets.score_table import score_table
from greenxl.returns.intake import Entry, Outcome
from greenxl.returns.model import ScoreSheet
from greenxl.rounds.checked_file import CheckedFile
from greenxl.rounds.evaluate import Round, decide
from greenxl.rounds.rollup.merging import merged_files
from greenxl.rounds.rollup.storing import texts_of
from greenxl.scoring.checking import check
from greenxl.scoring.tables import build
from greenxl.workbooks.cells import SheetCells, Value, Visibility, WorkbookCells


def county_of(city: Campaign, name: str, towns: Iterable[str], *, named: bool = False) -> Campaign:
    """Return the campaign of a part of a city, in which its towns have no county, or are ``named`` theirs."""
    chosen = set(towns)
    return replace(
        city,
        code=f"{city.code}-{name}",
        county=name,
        towns=tuple(
            replace(town, county=town.county if named else "") for town in city.towns if town.name in chosen
        ),
        communities=tuple(one for one in city.communities if one.town in chosen),
    )


def returned(campaign: Campaign, sheets: Iterable[ScoreSheet]) -> list[CheckedFile]:
    """Return the files of these sheets as they are read and checked for a campaign."""
    files: dict[str, list[ScoreSheet]] = {}
    for sheet in sheets:
        files.setdefault(sheet.file, []).append(sheet)
    return [_file(campaign, name, own) for name, own in files.items()]


def _file(campaign: Campaign, name: str, sheets: Sequence[ScoreSheet]) -> CheckedFile:
    checked = tuple(check(sheet, campaign) for sheet in sheets)
    return CheckedFile(
        entry=Entry(name, sheets[0].sha256, 20_480, Outcome.READ, len(sheets)),
        sheets=checked,
        findings=tuple(found for one in checked for found in one.findings),
    )


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def workbook(result: Round) -> WorkbookCells:
    """Return what is read of a round's consolidated workbook: the scores, and the hidden part."""
    campaign, table = result.campaign, score_table(result.campaign)
    texts = list(texts_of(result, *shown_scores(campaign)))
    rows: dict[int, dict[int, Value]] = {table.header_row: dict(enumerate(table.headings))}
    for row, one in enumerate(build(campaign, result.choices).communities, table.first_row):
        values = enumerate(table.values(one, row - table.header_row))
        rows[row] = {column: _value(value) for column, value in values if value not in (None, "")}
    return WorkbookCells(
        sheets=(
            SheetCells(table.sheet, rows=rows),
            SheetCells(
                DATA_SHEET, Visibility.VERY_HIDDEN, {row: {0: text} for row, text in enumerate(texts)}
            ),
        )
    )


def _value(value: object) -> Value:
    if isinstance(value, Answer):
        return value.value
    return float(value) if isinstance(value, Decimal | int) else str(value)


def rolled_up(result: Round, campaign: Campaign, name: str = "") -> tuple[CheckedFile, ...]:
    """Return the files of a round's consolidated workbook as another campaign takes them in."""
    file = name or f"{result.campaign.county}汇总.xlsx"
    return merged_files(Entry(file, digest(file), 1, Outcome.READ), workbook(result), campaign)


def merged(campaign: Campaign, *files: Sequence[CheckedFile]) -> Round:
    return decide(campaign, [one for each in files for one in each])
