"""Where the campaign's form is on a sheet: by its criteria and headings, never by position.

What a careful person would have to guess is not guessed: a sheet of another shape is a :class:`Doubt`,
and a form whose score column is not plain names the columns that it might be.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import islice

from greenxl.campaign.model import SUBTOTAL_LABELS, TOTAL_LABELS, Campaign
from greenxl.names import key, one_line
from greenxl.returns.criteria_text import CriteriaIndex, reworded, sense, spellings
from greenxl.returns.issued_form import IssuedForm
from greenxl.returns.model import FAR_ROWS, Doubt, FoundForm, Grid, Hit
from greenxl.returns.score_column import Header, bare, bare_keys, find_columns, printed_number, ticked_columns
from greenxl.workbooks.cells import Cell

_MOST_REWORDED = 500
"""Texts of a sheet that are compared with all criteria."""
_MOST_EXTRA = 100
"""Rows among the criteria that are told to be none."""
_LONGEST_NUMBER = 20
"""Characters before a criterion that may be its number."""


def find_form(grid: Grid, campaign: Campaign, *, issued: bool = False) -> FoundForm | Doubt | None:
    """Return where the campaign's form is; None where less than a quarter of its criteria are.

    ``issued`` tells that the sheet was distributed as a form, however it has been reworded since.
    """
    usual = _usual(campaign)
    if usual and usual.is_on(grid) and not _elsewhere(grid, campaign, usual):
        return _across(grid, campaign, usual.form.lines[0].row) or usual.form
    return _searched(grid, campaign, issued=issued)


@lru_cache(maxsize=1)
def _usual(campaign: Campaign) -> IssuedForm | None:
    """Return the form as it is issued, None where it would not be found as that, whatever its scores."""
    usual = IssuedForm.of(campaign)
    found = [_searched(grid, campaign) for grid in usual.examples()] if usual else []
    return usual if usual and all(one == usual.form for one in found) else None


def _elsewhere(grid: Grid, campaign: Campaign, usual: IssuedForm) -> bool:
    """Whether another row has a criterion, too, or the total is in another row."""
    index = CriteriaIndex.of(campaign)
    texts = (text for row in usual.other_rows(grid) for text in grid.texts_of(row).values())
    total = _total_row(grid, campaign, usual.form.last_row)
    return total != usual.form.total_row or any(map(index.number_of, texts))


def _searched(grid: Grid, campaign: Campaign, *, issued: bool = False) -> FoundForm | Doubt | None:
    hits = _hits(grid, campaign, issued)
    if 4 * len({hit.number for hit in hits}) < len(campaign.criteria):
        return None
    return _misshapen(grid, campaign, hits) or _form(grid, campaign, hits)


def _hits(grid: Grid, campaign: Campaign, issued: bool) -> list[Hit]:
    index = CriteriaIndex.of(campaign)
    hits = [Hit(r, c, number) for r, c, text in grid.texts() if (number := index.number_of(text))]
    hits = _without_other_texts(grid, campaign, hits)
    if issued and 2 * len({hit.number for hit in hits}) < len(campaign.criteria):
        return list(_reworded(grid, campaign))
    return hits


def _without_other_texts(grid: Grid, campaign: Campaign, hits: Sequence[Hit]) -> list[Hit]:
    """Return the hits without those of other printed texts that say what their criterion says.

    Such as a group of one criterion, or a method that repeats it with its points.
    """
    text_column = _text_column(hits, campaign) if hits else 0
    own = {(hit.row, hit.number) for hit in hits if hit.column == text_column}
    return [
        hit
        for hit in hits
        if hit.column == text_column
        or (hit.row, hit.number) not in own
        or grid.text(hit.row, hit.column) not in _other_texts(campaign, hit.number)
    ]


def _text_column(hits: Sequence[Hit], campaign: Campaign) -> int:
    """Return the column of most; of several the first, but for what is printed before the criteria."""
    counts = Counter(hit.column for hit in hits)
    highest = max(counts.values())
    most = [column for column, count in counts.items() if count == highest]
    if len(most) == 1:
        return most[0]
    criterion = campaign.criteria[hits[0].number - 1]
    before = (campaign.groups[criterion.group].name, criterion.subgroup)
    alike = sum(key(text) == key(criterion.text) for text in before)
    return most[min(alike, len(most) - 1)]


def _other_texts(campaign: Campaign, number: int) -> set[str]:
    """Return the keys of what the form prints beside a criterion."""
    criterion = campaign.criteria[number - 1]
    group = campaign.groups[criterion.group].name
    return {key(text) for text in (group, criterion.subgroup, criterion.method, criterion.evidence) if text}


def _reworded(grid: Grid, campaign: Campaign) -> Iterator[Hit]:
    """Yield the texts that are near to a criterion, of a bounded number of texts."""
    for row, column, text in islice(grid.texts(), _MOST_REWORDED):
        number = reworded(text, _number_before(grid, campaign, row, column), campaign)
        if number:
            yield Hit(row, column, number)


def _form(grid: Grid, campaign: Campaign, hits: Sequence[Hit]) -> FoundForm | Doubt:
    text_column = _text_column(hits, campaign)
    by_row = _one_a_row(hits, text_column)
    total_row = _total_row(grid, campaign, max(by_row))
    header = Header.above(grid, campaign, min(by_row), text_column)
    begin = min(by_row) if header is None else header.row + 1
    missing = len(campaign.criteria) - len({hit.number for hit in hits})
    end = max(by_row) + 1 + missing if total_row is None else total_row
    lines = tuple(_lines(grid, campaign, by_row, text_column, range(begin, end)))
    columns = find_columns(grid, campaign, lines, text_column, header)
    if columns is None:
        return _without_scores(grid, campaign, lines, header)
    return FoundForm(
        header_row=header.row if header else None,
        text_column=text_column,
        points_column=columns.points,
        score_column=columns.score,
        lines=lines,
        total_row=total_row,
        headed_otherwise=columns.headed_otherwise,
        rivals=columns.rivals,
        beside=columns.beside,
        score_columns=columns.several,
        entry_columns=columns.entries,
    )


def _without_scores(grid: Grid, campaign: Campaign, lines: Sequence[Hit], header: Header | None) -> Doubt:
    """Return why a form has no column of scores: there is none, or several with ticks."""
    label = one_line(campaign.counting_heading)
    ticked = ticked_columns(grid, lines)
    if not ticked:
        return Doubt("no-score-column", grid.cell(lines[0].row, lines[0].column), label)
    headings = [grid.cell(header.row if header else lines[0].row, column) for column in ticked]
    found = (f"{cell.address} {one_line(str(cell.value or ''))}".strip() for cell in headings)
    return Doubt("answers-ticked", headings[0], "、".join(found), wanted=label)


def _misshapen(grid: Grid, campaign: Campaign, hits: Sequence[Hit]) -> Doubt | None:
    """Return why these criteria are not one form with a row for each."""
    places: dict[int, list[Hit]] = {}
    rows: dict[int, dict[int, Hit]] = {}
    for hit in hits:
        places.setdefault(hit.number, []).append(hit)
        rows.setdefault(hit.row, {}).setdefault(hit.number, hit)
    first = grid.cell(hits[0].row, hits[0].column)
    crowded = [row for row in rows.values() if len(row) > 1]
    if 2 * len(crowded) >= len(rows):
        return Doubt("form-across", first, _addresses(grid, crowded[0].values()))
    repeated = sorted((found for found in places.values() if len(found) > 1), key=len, reverse=True)
    if 2 * len(repeated) >= len(places) or (repeated and len(repeated[0]) > _MOST_REPEATED):
        return Doubt("forms-several", first, _addresses(grid, repeated[0][:_MOST_REPEATED]))
    across = _across(grid, campaign, hits[0].row)
    if across:
        return across
    if 2 * len(places) < len(campaign.criteria):
        return Doubt("form-partial", first, str(len(places)))
    return None


def _across(grid: Grid, campaign: Campaign, below: int) -> Doubt | None:
    """Return why a form is one of several communities, a column for each."""
    named = _communities_across(grid, campaign, below)
    found = "、".join(str(cell.value) for cell in named)
    return Doubt("form-across", named[0], found) if named else None


_MOST_REPEATED = 50
"""Rows of one criterion that are looked into; one repeated row of OpenDocument can be a million."""


def _addresses(grid: Grid, hits: Iterable[Hit]) -> str:
    return "、".join(grid.cell(hit.row, hit.column).address for hit in hits)


def _communities_across(grid: Grid, campaign: Campaign, below: int) -> list[Cell]:
    """Return the cells of a row above the criteria that name several communities."""
    rows: dict[int, dict[object, Cell]] = {}
    for row, column, text in grid.texts(max(0, below - FAR_ROWS), below):
        for community in campaign.find_communities(text):
            rows.setdefault(row, {}).setdefault(community.name, grid.cell(row, column))
    return next((list(cells.values()) for cells in rows.values() if len(cells) > 1), [])


def _one_a_row(hits: Sequence[Hit], text_column: int) -> dict[int, Hit]:
    """Return one criterion a row: those in the column of most, and those that are in no row of it."""
    within = {hit.row: hit for hit in hits if hit.column == text_column}
    numbers = {hit.number for hit in within.values()}
    astray = {hit.row: hit for hit in hits if hit.number not in numbers}
    return astray | within


def _total_row(grid: Grid, campaign: Campaign, last: int) -> int | None:
    totals = bare_keys((campaign.labels.total, *TOTAL_LABELS))
    return next((r for r, _c, text in grid.texts(last + 1, last + FAR_ROWS) if bare(text) in totals), None)


def _lines(
    grid: Grid, campaign: Campaign, by_row: Mapping[int, Hit], text_column: int, rows: Iterable[int]
) -> Iterator[Hit]:
    """Yield the criteria of these rows, those whose text was changed among them."""
    others = 0
    for row in rows:
        if row in by_row:
            yield by_row[row]
        elif others < _MOST_REWORDED and (text := grid.text(row, text_column)):
            others += 1
            number = reworded(text, _number_before(grid, campaign, row, text_column), campaign)
            if number:
                yield Hit(row, text_column, number)


def _number_before(grid: Grid, campaign: Campaign, row: int, text_column: int) -> int | None:
    """Return the criterion number that is nearest to the left of the text."""
    labels = _by_label(tuple(c.label for c in campaign.criteria))
    for column in reversed([c for c in grid.columns(row) if c < text_column]):
        value = grid.value(row, column)
        labelled = labels.get(printed_number(value))
        if labelled:
            return labelled
        if isinstance(value, int) or (isinstance(value, float) and value.is_integer()):
            return int(value)
        text = unicodedata.normalize("NFKC", str(value)[:_LONGEST_NUMBER]).strip()
        digits = re.fullmatch(r"[(]?([0-9]{1,3})[.、)]*", text)
        if digits:
            return int(digits[1])
    return None


@lru_cache(maxsize=8)
def _by_label(labels: tuple[str, ...]) -> dict[str, int]:
    """Return our numbers by what the form prints."""
    return {printed_number(label): number for number, label in enumerate(labels, 1) if label}


# What is around the form


def headings(grid: Grid, form: FoundForm, campaign: Campaign) -> tuple[Cell, ...]:
    """Return the four header cells, () where there is no such header."""
    group = _group_column(form, campaign)
    if form.header_row is None or form.points_column is None or group < 0:
        return ()
    columns = (group, form.text_column - 1, form.points_column, form.score_column)
    cells = tuple(grid.cell(form.header_row, column) for column in columns)
    return cells if isinstance(cells[-1].value, str) else ()


def groups(grid: Grid, form: FoundForm, campaign: Campaign) -> tuple[Cell, ...]:
    """Return the group cell beside the first criterion of each group that has one."""
    column = _group_column(form, campaign)
    if column < 0:
        return ()
    rows = {hit.number: hit.row for hit in form.lines}
    firsts = [rows.get(group.criteria[0].number) for group in campaign.groups]
    return tuple(grid.cell(row, column) for row in firsts if row is not None)


def _group_column(form: FoundForm, campaign: Campaign) -> int:
    """Return the column of the groups: left of the numbers and, where there are any, of the subgroups."""
    return form.text_column - (3 if any(c.subgroup for c in campaign.criteria) else 2)


def extra(grid: Grid, form: FoundForm, campaign: Campaign) -> tuple[Cell, ...]:
    """Return the texts among the criteria that are none of the campaign's words, the first hundred."""
    rows = {hit.row for hit in form.lines}
    labels = campaign.labels
    words = (labels.group, labels.standard, labels.total, *TOTAL_LABELS, *SUBTOTAL_LABELS)
    usual = _senses(words, tuple([group.title for group in campaign.groups]))
    end = form.last_row if form.total_row is None else form.total_row
    column = form.text_column
    texts = ((row, grid.text(row, column)) for row in range(min(rows), end) if row not in rows)
    found = (row for row, text in texts if sense(text) and usual.isdisjoint(spellings(text)))
    return tuple(grid.cell(row, column) for row in islice(found, _MOST_EXTRA))


@lru_cache(maxsize=8)
def _senses(words: tuple[str, ...], groups: tuple[str, ...]) -> frozenset[str]:
    """Return what is usual among the criteria: the form's own words and the titles of its groups."""
    return frozenset([*(sense(bare(key(word))) for word in words), *map(sense, groups)])
