"""Where the campaign's form stands on a sheet: by its criteria and headings, never by position.

What a careful person would have to guess is not guessed: a sheet of another shape is a :class:`Doubt`,
and a form whose score column is not plain names the columns that it might be.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import islice

from greenxl.campaign.model import Campaign
from greenxl.names import key
from greenxl.returns.criteria_text import known, nearest, number_of, sense, spellings
from greenxl.returns.model import FAR_ROWS, Cell, Doubt, FoundForm, Grid
from greenxl.returns.score_column import SUBTOTAL_LABELS, TOTAL_LABELS, Header, bare, columns

MOST_REWORDED = 500
"""Texts of a sheet that are compared with all criteria."""


def find_form(grid: Grid, campaign: Campaign, *, issued: bool = False) -> FoundForm | Doubt | None:
    """Return where the campaign's form stands; None where less than a quarter of its criteria do.

    ``issued`` says that the sheet was distributed as a form, however it has been reworded since.
    """
    by_text = known(campaign)
    shortest = min(map(len, by_text))
    hits = [(r, c, n) for r, c, text in grid.texts() if (n := number_of(text, by_text, shortest))]
    numbers = {number for _row, _column, number in hits}
    if issued and 2 * len(numbers) < len(campaign.criteria):
        hits = [*_reworded(grid, campaign)]
        numbers = {number for _row, _column, number in hits}
    if 4 * len(numbers) < len(campaign.criteria):
        return None
    doubt = _misshapen(grid, campaign, hits)
    if doubt:
        return doubt
    text_column = Counter(column for _row, column, _number in hits).most_common(1)[0][0]
    rows = _one_a_row(hits, text_column)
    total_row = _total_row(grid, campaign, max(rows))
    first = min(rows)
    header = Header.above(grid, campaign, first, text_column)
    begin = first if header is None else header.row + 1
    end = max(rows) + 1 + len(campaign.criteria) - len(numbers) if total_row is None else total_row
    lines = tuple(_lines(grid, campaign, rows, text_column, range(begin, end)))
    return columns(grid, campaign, lines, text_column, header, total_row)


def _reworded(grid: Grid, campaign: Campaign) -> Iterator[tuple[int, int, int]]:
    """Yield (row, column, number) of the texts that come near to a criterion, not looked for without end."""
    for row, column, text in islice(grid.texts(), MOST_REWORDED):
        number = nearest(text, _number_before(grid, row, column), campaign)
        if number:
            yield row, column, number


def _misshapen(grid: Grid, campaign: Campaign, hits: Sequence[tuple[int, int, int]]) -> Doubt | None:
    """Return why these criteria are not one form with a row for each."""
    places: dict[int, list[tuple[int, int]]] = {}
    rows: dict[int, dict[int, int]] = {}
    for row, column, number in hits:
        places.setdefault(number, []).append((row, column))
        rows.setdefault(row, {}).setdefault(number, column)
    first = grid.cell(hits[0][0], hits[0][1])
    crowded = [row for row, numbers in rows.items() if len(numbers) > 1]
    if 2 * len(crowded) >= len(rows):
        beside = (grid.cell(crowded[0], column).address for column in rows[crowded[0]].values())
        return Doubt("form-across", first, "、".join(beside))
    if 2 * sum(len(found) > 1 for found in places.values()) >= len(places):
        twice = next(found for found in places.values() if len(found) > 1)
        return Doubt("forms-several", first, "、".join(grid.cell(*place).address for place in twice))
    named = _communities_across(grid, campaign, hits[0][0])
    if named:
        return Doubt("form-across", named[0], "、".join(str(cell.value) for cell in named))
    if 2 * len(places) < len(campaign.criteria):
        return Doubt("form-partial", first, str(len(places)))
    return None


def _communities_across(grid: Grid, campaign: Campaign, below: int) -> list[Cell]:
    """Return the cells of a row above the criteria that name several communities."""
    rows: dict[int, dict[object, Cell]] = {}
    for row, column, text in grid.texts(max(0, below - FAR_ROWS), below):
        for community in campaign.find_communities(text):
            rows.setdefault(row, {}).setdefault(community.name, grid.cell(row, column))
    return next((list(cells.values()) for cells in rows.values() if len(cells) > 1), [])


def _one_a_row(hits: Collection[tuple[int, int, int]], text_column: int) -> dict[int, tuple[int, int]]:
    """Return (column, number) by row: those in the column of most, and those that are in no row of it."""
    within = {row: (column, number) for row, column, number in hits if column == text_column}
    numbers = {number for _column, number in within.values()}
    astray = {row: (column, number) for row, column, number in hits if number not in numbers}
    return astray | within


def _total_row(grid: Grid, campaign: Campaign, last: int) -> int | None:
    totals = {bare(key(campaign.labels.total)), *TOTAL_LABELS}
    return next((r for r, _c, text in grid.texts(last + 1, last + FAR_ROWS) if bare(text) in totals), None)


def _lines(
    grid: Grid,
    campaign: Campaign,
    known: Mapping[int, tuple[int, int]],
    text_column: int,
    rows: Iterable[int],
) -> Iterator[tuple[int, int, int]]:
    for row in rows:
        if row in known:
            yield row, *known[row]
            continue
        text = grid.cell(row, text_column).value
        if isinstance(text, str) and (
            number := nearest(text, _number_before(grid, row, text_column), campaign)
        ):
            yield row, text_column, number


def _number_before(grid: Grid, row: int, text_column: int) -> int | None:
    """Return the criterion number that stands nearest to the left of the text."""
    for column in range(text_column - 1, -1, -1):
        value = grid.cell(row, column).value
        if isinstance(value, int) or (isinstance(value, float) and value.is_integer()):
            return int(value)
        digits = re.fullmatch(r"[(]?([0-9]{1,3})[.、)]*", unicodedata.normalize("NFKC", str(value)).strip())
        if digits:
            return int(digits[1])
    return None


# Columns


# What stands around the form


def headings(grid: Grid, form: FoundForm) -> tuple[Cell, ...]:
    """Return the four header cells, () where there is no such header."""
    if form.header_row is None or form.points_column is None or form.text_column < 2:
        return ()
    columns = (form.text_column - 2, form.text_column - 1, form.points_column, form.score_column)
    cells = tuple(grid.cell(form.header_row, column) for column in columns)
    return cells if isinstance(cells[-1].value, str) else ()


def groups(grid: Grid, form: FoundForm, campaign: Campaign) -> tuple[Cell, ...]:
    """Return the group cell beside the first criterion of each group that has one."""
    if form.text_column < 2:
        return ()
    rows = {number: row for row, _column, number in form.lines}
    firsts = [rows.get(group.criteria[0].number) for group in campaign.groups]
    return tuple(grid.cell(row, form.text_column - 2) for row in firsts if row is not None)


def extra(grid: Grid, form: FoundForm, campaign: Campaign) -> tuple[Cell, ...]:
    """Return the texts among the criteria that are none of the campaign's words."""
    rows = {row for row, _column, _number in form.lines}
    labels = campaign.labels
    words = (labels.group, labels.standard, labels.total, *TOTAL_LABELS, *SUBTOTAL_LABELS)
    usual = {sense(bare(key(word))) for word in words} | {sense(group.title) for group in campaign.groups}
    end = form.last_row if form.total_row is None else form.total_row
    cells = (grid.cell(row, form.text_column) for row in range(min(rows), end) if row not in rows)
    return tuple(
        c for c in cells if isinstance(c.value, str) and sense(c.value) and not usual & {*spellings(c.value)}
    )
