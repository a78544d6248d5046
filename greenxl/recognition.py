"""Where the campaign's form stands on a sheet: by its criteria and headings, never by position.

What a careful person would have to guess is not guessed: a sheet of another shape is a :class:`Doubt`,
and a form whose score column is not plain names the columns that it might be.
"""

import difflib
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, time, timedelta
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING

from greenxl.campaign import Campaign
from greenxl.form import COMMUNITY_LABEL, FIELD_LABELS, TOWN_LABEL, address
from greenxl.names import key, one_line
from greenxl.pages import MOST_CELLS, Merge
from greenxl.second_look import Broken, Merged, Percent

if TYPE_CHECKING:
    from python_calamine import CalamineWorkbook

Value = None | str | float | bool | date | time | timedelta
"""A cell as calamine gives it; None where nothing stands (datetime is a date)."""

TOTAL_LABELS = ("合计", "总计", "总分", "合计得分")
"""What people type for the last row's label where they type the form by hand."""
SUBTOTAL_LABELS = ("小计", "分组合计", "本项合计")
_LIKE_A_SCORE = re.compile(r"(?<![0-9扣减])分数?$")
"""How people's own headings of a score column end: 自评得分, 复核分; but not 得分率, 得分依据, 扣分."""
POINTS_HEADINGS = ("标准分", "分值", "满分", "应得分", "标准得分", "权重")

SIMILAR = 0.6
"""From this ratio of :mod:`difflib` on, a changed text is still the same criterion,"""
NEAR = 0.1
"""unless another criterion comes as near to it as this."""
FAR_ROWS, FAR_COLUMNS = 50, 20
"""From the form: what stands further off is none of its own."""
MOST_REWORDED = 500
"""Texts of a sheet that are compared with all criteria."""


@dataclass(frozen=True, slots=True)
class Cell:
    address: str
    value: Value | Broken | Merged | Percent


class BoxError(Exception):
    """A sheet whose values lie further apart than is read."""

    def __init__(self, sheet: str, cells: int) -> None:
        super().__init__(sheet, cells)
        self.sheet, self.cells = sheet, cells


@dataclass(frozen=True, slots=True)
class Grid:
    """The valued box of a sheet, addressed as its sender sees it."""

    rows: Sequence[Sequence[Value]]
    top: int
    left: int
    merges: Sequence[Merge] = ()
    """Counted from the sheet's own first cell."""

    @classmethod
    def of(cls, book: "CalamineWorkbook", name: str) -> "Grid":
        """:raises BoxError: its values lie too far apart."""
        sheet = book.get_sheet_by_name(name)
        if sheet.height * sheet.width > MOST_CELLS:
            raise BoxError(name, sheet.height * sheet.width)
        top, left = sheet.start or (0, 0)
        return cls(sheet.to_python(), top, left, sheet.merged_cell_ranges or ())

    def cell(self, row: int, column: int) -> Cell:
        """Return the cell at a row and column of the box; beyond its edge nothing stands."""
        line = self.rows[row] if 0 <= row < len(self.rows) else ()
        value = line[column] if 0 <= column < len(line) else None
        return Cell(address(self.top + row, self.left + column), None if value == "" else value)

    def texts(self, first: int = 0, last: int | None = None) -> Iterator[tuple[int, int, str]]:
        """Yield (row, column, key) of every text, downwards and to the right."""
        for row, line in enumerate(self.rows[first:last], first):
            for column, value in enumerate(line):
                if isinstance(value, str) and value:
                    yield row, column, key(value)


@dataclass(frozen=True, slots=True)
class FoundForm:
    """Where a form stands in a grid."""

    header_row: int | None
    text_column: int
    """Where most of the criteria stand."""
    points_column: int | None
    score_column: int
    lines: tuple[tuple[int, int, int], ...]
    """(row, column of the text, criterion number), downwards."""
    total_row: int | None
    headed_otherwise: bool
    """Whether the score column has a heading like the campaign's, but not the same."""
    rivals: tuple[int, ...] = ()
    """The columns any of which may hold the scores, where it is not plain which."""

    @property
    def top(self) -> int:
        """The row in which the table begins."""
        return self.lines[0][0] if self.header_row is None else self.header_row

    @property
    def last_row(self) -> int:
        return self.lines[-1][0]


@dataclass(frozen=True, slots=True)
class Doubt:
    """Why a sheet that holds criteria of the campaign is not read as a form."""

    code: str
    cell: Cell
    found: str


# Criteria


@lru_cache(maxsize=2048)
def sense(text: str) -> str:
    """Return what two spellings of a criterion share: its key without punctuation, but 1.5 is not 15."""
    return re.sub(r"(?<![0-9])[^\w%<>=≤≥±+]+|[^\w%<>=≤≥±+]+(?![0-9])", "", key(text))


_NUMBER_BEFORE = re.compile(
    r"第?(?:[0-9]{1,3}(?:\.[0-9]{1,3})*|[一二三四五六七八九十]{1,3})[.)]?[条项]?(?=.)"
)
_POINTS_BEHIND = re.compile(r"[0-9]+(?:\.[0-9]+)?分$")


@lru_cache(maxsize=2048)
def spellings(text: str) -> tuple[str, ...]:
    """Return what a criterion may say: as it stands, without a number before it, without points behind it."""
    whole = sense(text)
    bare = _NUMBER_BEFORE.sub("", whole, count=1) if _NUMBER_BEFORE.match(whole) else whole
    return tuple(dict.fromkeys((whole, bare, _POINTS_BEHIND.sub("", whole), _POINTS_BEHIND.sub("", bare))))


def says(text: str, wanted: str) -> bool:
    """Whether a text is that of a criterion, but for its number, points and punctuation."""
    return sense(wanted) in spellings(text)


@lru_cache(maxsize=8)
def _by_sense(texts: tuple[str, ...]) -> Mapping[str, int]:
    """Return the numbers of the criteria by what they say; those that say the same are left to their keys."""
    counts = Counter(map(sense, texts))
    return {
        said: number
        for number, text in enumerate(texts, 1)
        for said in (sense(text), key(text))
        if counts[sense(text)] == 1 or said == key(text)
    }


def _known(campaign: Campaign) -> Mapping[str, int]:
    return _by_sense(tuple(c.text for c in campaign.criteria))


def _number_of(text: str, known: Mapping[str, int], shortest: int) -> int | None:
    if text in known or len(text) < shortest:
        return known.get(text)
    return next((known[said] for said in spellings(text) if said in known), None)


def find_form(grid: Grid, campaign: Campaign, *, issued: bool = False) -> FoundForm | Doubt | None:
    """Return where the campaign's form stands; None where less than a quarter of its criteria do.

    ``issued`` says that the sheet was distributed as a form, however it has been reworded since.
    """
    known = _known(campaign)
    shortest = min(map(len, known))
    hits = [(r, c, n) for r, c, text in grid.texts() if (n := _number_of(text, known, shortest))]
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
    return _columns(grid, campaign, lines, text_column, header, total_row)


def _reworded(grid: Grid, campaign: Campaign) -> Iterator[tuple[int, int, int]]:
    """Yield (row, column, number) of the texts that come near to a criterion, not looked for without end."""
    for row, column, text in islice(grid.texts(), MOST_REWORDED):
        number = _nearest(text, _number_before(grid, row, column), campaign)
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
    totals = {_bare(key(campaign.labels.total)), *TOTAL_LABELS}
    return next((r for r, _c, text in grid.texts(last + 1, last + FAR_ROWS) if _bare(text) in totals), None)


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
            number := _nearest(text, _number_before(grid, row, text_column), campaign)
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


def _nearest(text: str, number: int | None, campaign: Campaign) -> int | None:
    """Return the criterion whose text was changed to this one, None where it may be another's as well."""
    said = spellings(text)[1 % len(spellings(text))]
    likeness = sorted(
        ((_ratio(said, sense(c.text)), c.number == number, c.number) for c in campaign.criteria),
        reverse=True,
    )
    best, numbered, found = likeness[0]
    alone = len(likeness) == 1 or likeness[1][0] < best - NEAR
    return found if best >= SIMILAR and (alone or numbered) else None


def _ratio(text: str, wanted: str) -> float:
    matcher = difflib.SequenceMatcher(None, text, wanted)
    return matcher.ratio() if matcher.quick_ratio() >= SIMILAR - NEAR else 0.0


# Columns


def _bare(text: str) -> str:
    """Return a heading's key without what stands in brackets: 「得分（分）」 is 得分."""
    return re.sub(r"[(\[].*?(?:[)\]]|$)", "", text)


def _unitless(text: str) -> str:
    """Return a heading's key without its unit only: 「得分（自评）」 is no plain 得分."""
    return re.sub(r"[(\[](?:满分)?[0-9.]*分?[)\]]", "", text)


@dataclass(frozen=True, slots=True)
class Header:
    """The headings over the criteria, in one row or several."""

    row: int
    titles: Mapping[int, tuple[str, ...]]
    """Column -> its headings from above, the one over several columns included."""

    @classmethod
    def above(cls, grid: Grid, campaign: Campaign, first: int, text_column: int) -> "Header | None":
        """Return the nearest row of headings above the first criterion, with the rows that belong to it."""
        labels = campaign.labels
        words = {_bare(key(w)) for w in (labels.standard, labels.points, labels.score, *POINTS_HEADINGS)}
        for row in range(first - 1, max(0, first - FAR_ROWS) - 1, -1):
            texts = [_bare(text) for _row, _column, text in grid.texts(row, row + 1)]
            if len(texts) > 1 and any(t in words or _LIKE_A_SCORE.search(t) for t in texts):
                below = [r for r in range(row + 1, first) if grid.cell(r, text_column).value is None]
                return cls(row, cls._titles(grid, row, below))
        return None

    @staticmethod
    def _titles(grid: Grid, row: int, below: Sequence[int]) -> dict[int, tuple[str, ...]]:
        titles: dict[int, tuple[str, ...]] = {}
        over = ""
        for column in range(len(grid.rows[row])):
            own = [_key(grid.cell(r, column).value) for r in (row, *below)]
            over = own[0] or over
            lower = [text for text in own[1:] if text]
            if own[0] or lower:
                titles[column] = (over, *lower)
        return titles

    def heading(self, column: int) -> str:
        return "".join(self.titles.get(column, ()))

    def plain(self, column: int, label: str) -> bool:
        """Whether the column is headed with the label and nothing else but its unit."""
        return _unitless(self.heading(column)) == _unitless(key(label))

    def points(self, label: str) -> list[int]:
        """Return the columns of the points, the one with the campaign's own label first."""
        words = {_bare(key(label)), *POINTS_HEADINGS}
        found = [c for c in self.titles if _bare(self.heading(c)) in words]
        return sorted(found, key=lambda c: not self.plain(c, label))

    def scores(self, label: str) -> list[int]:
        """Return the columns headed like a score."""
        own = _bare(key(label))
        return [
            column
            for column, titles in self.titles.items()
            for bare in [[_bare(text) for text in (*titles, self.heading(column))]]
            if any(text.endswith(own) or _LIKE_A_SCORE.search(text) for text in bare)
        ]


def _key(value: Value | Broken | Merged | Percent) -> str:
    return key(value) if isinstance(value, str) else ""


def _columns(
    grid: Grid,
    campaign: Campaign,
    lines: tuple[tuple[int, int, int], ...],
    text_column: int,
    header: Header | None,
    total_row: int | None,
) -> FoundForm | Doubt:
    """Return the form with its points and scores: by their headings, else by what is printed."""
    label = campaign.labels.score
    body = _Body(grid, campaign, lines)
    points = [c for c in header.points(campaign.labels.points) if c != text_column] if header else []
    points_column = points[0] if points else body.printed_points(text_column)
    taken = {text_column, points_column, body.numbers(), *points}
    headed = [c for c in header.scores(label) if c not in taken] if header else []
    plain = [c for c in headed if header and header.plain(c, label)]
    choice = _choice(plain, headed, body.others(taken), body)
    if not choice:
        return Doubt("no-score-column", grid.cell(lines[0][0], text_column), one_line(label))
    lost = [] if body.filled(choice[0]) else body.elsewhere(choice, taken, points_column)
    choice += lost
    heading = header.heading(choice[0]) if header else ""
    sure = not lost and len(choice) == 1 and (choice[0] in headed or not heading)
    return FoundForm(
        header.row if header else None,
        text_column,
        points_column,
        choice[0],
        lines,
        total_row,
        bool(header and headed and not plain),
        () if sure else tuple(dict.fromkeys(choice)),
    )


def _choice(plain: list[int], headed: list[int], numeric: list[int], body: "_Body") -> list[int]:
    """Return the score column: the filled one under the form's own heading, else the only possible one.

    Several where it is not plain which; a blank one where there is nothing to lose.
    """
    decided = [column for column in plain if body.filled(column)]
    if decided or plain:
        return decided or plain[:1]
    possible = list(dict.fromkeys((*headed, *numeric)))
    return possible if any(map(body.filled, possible)) else headed[:1]


@dataclass(frozen=True, slots=True)
class _Body:
    """The rows of the criteria, by what stands in their columns."""

    grid: Grid
    campaign: Campaign
    lines: tuple[tuple[int, int, int], ...]

    def values(self, column: int) -> list[Value]:
        """Return what stands beside each criterion, '' where nothing does."""
        rows = self.grid.rows
        return [
            rows[row][column] if 0 <= column < len(rows[row]) else "" for row, _text, _number in self.lines
        ]

    def filled(self, column: int) -> bool:
        return any(
            value != "" and (not isinstance(value, str) or key(value)) for value in self.values(column)
        )

    def numeric(self, column: int) -> bool:
        return any(_is_number(value) or _digits(value) for value in self.values(column))

    def equals(self, column: int, wanted: Callable[[int], float]) -> int:
        """Return how many rows have what is wanted for their criterion."""
        pairs = zip(self.values(column), self.lines, strict=True)
        return sum(1 for v, (_row, _text, number) in pairs if _is_number(v) and v == wanted(number))

    def points(self, number: int) -> float:
        return float(self.campaign.criteria[number - 1].points)

    def printed_points(self, text_column: int) -> int | None:
        """Return the first column that repeats the points, right of the text before left of it."""
        width = len(self.grid.rows[0])
        columns: list[int] = [*range(text_column + 1, width), *range(text_column)]
        for column in columns:
            if 2 * self.equals(column, self.points) >= len(self.lines):
                return column
        return None

    def numbers(self) -> int | None:
        """Return the column of the criteria's numbers."""
        for column in range(len(self.grid.rows[0])):
            if 2 * self.equals(column, float) > len(self.lines):
                return column
        return None

    def others(self, taken: Collection[int | None]) -> list[int]:
        """Return the columns of numbers that are none of these."""
        return [c for c in range(len(self.grid.rows[0])) if c not in taken and self.numeric(c)]

    def elsewhere(self, blank: list[int], taken: Collection[int | None], points: int | None) -> list[int]:
        """Return where scores may be while their column is blank: between its rows, in other columns."""
        rows = {row for row, _text, _number in self.lines}
        between = (
            self.grid.cell(row, blank[0]).value for row in range(min(rows), max(rows)) if row not in rows
        )
        found = [blank[0]] if 2 * sum(map(_is_number, between)) >= len(rows) else []
        if points is not None and self.numeric(points) and 2 * self.equals(points, self.points) < len(rows):
            found.append(points)
        return found + self.others({*taken, *blank})


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _digits(value: object) -> bool:
    return isinstance(value, str) and bool(re.match(r"\s*[0-9]", unicodedata.normalize("NFKC", value)))


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
    usual = {sense(_bare(key(word))) for word in words} | {sense(group.title) for group in campaign.groups}
    end = form.last_row if form.total_row is None else form.total_row
    cells = (grid.cell(row, form.text_column) for row in range(min(rows), end) if row not in rows)
    return tuple(
        c for c in cells if isinstance(c.value, str) and sense(c.value) and not usual & {*spellings(c.value)}
    )


_COMMUNITY_LABELS = (COMMUNITY_LABEL, "社区名", "所属社区", "社区")
_UNIT_LABELS = ("填报单位", "申报单位", "创建单位", "报送单位", "单位名称", "单位")
"""They may be a town's as well: only a known name counts."""
_TOWN_LABELS = (
    TOWN_LABEL, "所属街道", "所属镇", "街道(镇)", "街道(乡镇)", "镇(街道)", "街道", "乡镇", "镇"
)  # fmt: skip


def _pattern(labels: Iterable[str]) -> str:
    return "|".join(re.escape(key(label)) for label in sorted(labels, key=len, reverse=True))


_ANY_LABEL = _pattern((*_COMMUNITY_LABELS, *_UNIT_LABELS, *_TOWN_LABELS, *FIELD_LABELS))
_STATED = re.compile(rf"({_ANY_LABEL})(?:\([^)]*\))?(?::(.*?))?(?=(?:{_ANY_LABEL})(?:\([^)]*\))?:|$)")
_SEAL = re.compile(r"\((?:[加请]?盖?[公签]?章)\)$")


def community_cells(grid: Grid, form: FoundForm, campaign: Campaign) -> tuple[Cell, ...]:
    """Return the cells that name the community: by their label, else the only one that is such a name.

    Several only where they name several communities; one of an unknown name only where none is known.
    """

    def known(name: str) -> bool:
        return bool(campaign.find_communities(name))

    def named(cells: Sequence[Cell]) -> tuple[Cell, ...]:
        found = {campaign.find_communities(str(cell.value)): cell for cell in reversed(cells)}
        found.pop((), None)
        return tuple(found.values())[::-1]

    labelled = _labelled(grid, form, _COMMUNITY_LABELS, known)
    stated = named(labelled) or named(_labelled(grid, form, _UNIT_LABELS, known))
    if stated or labelled:
        return stated or tuple(labelled[:1])
    bare = named([grid.cell(row, column) for row, column, _text in _over(grid, form)])
    return bare if len(bare) == 1 else ()


def _over(grid: Grid, form: FoundForm) -> Iterator[tuple[int, int, str]]:
    return grid.texts(max(0, form.top - FAR_ROWS), form.top)


def town_cell(grid: Grid, form: FoundForm, campaign: Campaign) -> Cell | None:
    def known(name: str) -> bool:
        return campaign.find_town(name) is not None

    cells = _labelled(grid, form, _TOWN_LABELS, known)
    return next((cell for cell in cells if known(str(cell.value))), cells[0] if cells else None)


def _labelled(grid: Grid, form: FoundForm, labels: Iterable[str], known: Callable[[str], bool]) -> list[Cell]:
    """Return the cells with what the labels say, in the sheet’s order; without a colon only known names."""
    wanted = sorted(map(key, labels), key=len, reverse=True)
    below = form.total_row if form.total_row is not None else form.last_row
    found: list[Cell] = []
    for row, column, text in (*_over(grid, form), *grid.texts(below + 1, below + FAR_ROWS)):
        for label, value in _stated(text):
            if label in wanted and value:
                found.append(replace(grid.cell(row, column), value=value))
            elif label in wanted and text in (label, f"{label}:"):
                found += _neighbours(grid, row, column, row + 1 < form.top or row > below)
        rest = next((text.removeprefix(label) for label in wanted if text.startswith(label)), "")
        if rest and known(rest):
            found.append(replace(grid.cell(row, column), value=rest))
    return found


@lru_cache(maxsize=1024)
def _stated(text: str) -> list[tuple[str, str]]:
    """Return the (label, value) of a text such as 「街道：索镇 社区：永安社区」."""
    text = text.lstrip("*※●★☆")
    if not re.match(rf"(?:{_ANY_LABEL})", text):
        return []
    found = [(m[1], _SEAL.sub("", m[2] or "")) for m in _STATED.finditer(text)]
    return found if _STATED.match(text) else []


def _neighbours(grid: Grid, row: int, column: int, below: bool) -> Iterator[Cell]:
    """Yield the texts beside a label: the next to the right, and the one below; never another label."""
    right = (grid.cell(row, c) for c in range(column + 1, len(grid.rows[row])))
    beside = next((cell for cell in right if cell.value is not None), None)
    for cell in (beside, grid.cell(row + 1, column) if below else None):
        if cell and isinstance(cell.value, str) and key(cell.value) and not _stated(key(cell.value)):
            yield cell
