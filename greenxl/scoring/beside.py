"""What stands beside the scores that count: other score columns, and texts to fill in. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from greenxl.campaign.model import Answer, Campaign, Criterion, Kind
from greenxl.findings import Finding, finding
from greenxl.names import clean
from greenxl.returns.model import LONGEST_TEXT, Line, ScoreSheet
from greenxl.scoring.score import BLANK, Mark, Score, judge, value_text
from greenxl.workbooks.cells import Cell, Struck

Columns = Mapping[str, tuple[Score, ...]]
"""Scores in the order of the standard by the name of their column."""
Entries = Mapping[str, tuple[str, ...]]
"""Texts in the order of the standard by the name of their column, "" for nothing."""


def columns_of(sheet: ScoreSheet, campaign: Campaign, counting: tuple[Score, ...]) -> Columns:
    """Return the scores in each of the campaign's several score columns, in their order.

    ``counting`` are those that count. Nothing else is read where it is not plain which column they are in.
    """
    found: dict[str, tuple[Score, ...]] = {}
    for place, name in enumerate(campaign.score_columns):
        cells = {} if sheet.rivals else _cells(sheet, place)
        own = (_judged(cells.get(c.number), c, sheet) for c in campaign.criteria)
        found[name] = counting if name == campaign.counting_heading else tuple(own)
    return found


def about_columns(sheet: ScoreSheet, campaign: Campaign, columns: Columns) -> Iterator[Finding]:
    """Yield a warning about each missing column, and each wrong score in those that do not count."""
    for place, (name, scores) in enumerate(columns.items()):
        if name == campaign.counting_heading or sheet.rivals:
            continue
        cells = _cells(sheet, place)
        if not cells:
            yield finding("score-column-missing", sheet.file, sheet.sheet, found=name)
        for criterion, score in zip(campaign.criteria, scores, strict=True):
            if score.mark is Mark.WRONG:
                yield finding(
                    "column-score",
                    sheet.file,
                    sheet.sheet,
                    cells[criterion.number].address,
                    score.shown,
                    criterion=criterion.number,
                    label=criterion.label,
                    column=name,
                )


def about_entries(sheet: ScoreSheet, campaign: Campaign) -> Iterator[Finding]:
    """Yield a warning about each missing column of texts, where it was issued or texts stand elsewhere."""
    if sheet.identity is None and not sheet.remarks:
        return
    for place, name in enumerate(campaign.entry_columns):
        if not any(_entry(line, place) for line in sheet.lines):
            yield finding("entry-column-missing", sheet.file, sheet.sheet, found=name)


def entries_of(sheet: ScoreSheet, campaign: Campaign) -> Entries:
    """Return what was written into the columns of texts to fill in."""
    lines = _first_lines(sheet)
    return {
        name: tuple(_text(_entry(lines.get(c.number), place), sheet) for c in campaign.criteria)
        for place, name in enumerate(campaign.entry_columns)
    }


def about_reasons(
    sheet: ScoreSheet, campaign: Campaign, scores: Sequence[Score], entries: Entries
) -> Iterator[Finding]:
    """Yield a warning about each lost point whose reason is missing, where the campaign asks for one."""
    if not campaign.reason_required or not campaign.entry_columns:
        return
    wanted, lines = campaign.entry_columns[0], _first_lines(sheet)
    for criterion, score, text in zip(campaign.criteria, scores, entries[wanted], strict=True):
        if not text and _is_lost(score, criterion):
            cell = _entry(lines[criterion.number], 0) or lines[criterion.number].score
            yield finding(
                "reason-missing",
                sheet.file,
                sheet.sheet,
                cell.address,
                criterion=criterion.number,
                label=criterion.label,
                wanted=wanted,
            )


def _first_lines(sheet: ScoreSheet) -> dict[int, Line]:
    """Return the line of each criterion, the first of several."""
    return {line.number: line for line in reversed(sheet.lines)}


def _cells(sheet: ScoreSheet, place: int) -> dict[int, Cell]:
    """Return the cells of a score column by criterion; nothing where the sheet does not have it."""
    found = {n: line.columns[place] for n, line in _first_lines(sheet).items() if place < len(line.columns)}
    return {number: cell for number, cell in found.items() if cell}


def _judged(cell: Cell | None, criterion: Criterion, sheet: ScoreSheet) -> Score:
    return BLANK if cell is None else judge(cell, criterion, calculated=sheet.calculated)[0]


def _entry(line: Line | None, place: int) -> Cell | None:
    return line.entries[place] if line and place < len(line.entries) else None


def _text(cell: Cell | None, sheet: ScoreSheet) -> str:
    """Return what a cell shows: nothing of an error, a formula without a value, or what is struck out."""
    if cell is None or cell.error or cell.struck is Struck.WHOLE:
        return ""
    value = cell.value
    if value is None or (cell.formula and not sheet.calculated):
        return ""
    number = isinstance(value, int | float) and not isinstance(value, bool)
    text = cell.shown or (value_text(value) if number else str(value))  # type: ignore[arg-type]
    text = clean(text).strip()
    return text if len(text) <= LONGEST_TEXT else text[: LONGEST_TEXT - 1] + "…"


def _is_lost(score: Score, criterion: Criterion) -> bool:
    """Whether a criterion took anything from the unit."""
    value = score.value
    if not isinstance(value, Decimal):
        return value is Answer.UNFULFILLED
    if criterion.kind is Kind.DEDUCTION:
        return value > 0
    return criterion.kind is Kind.SCORED and value < criterion.points
