"""Which column of a sheet holds the scores: by headings and contents, never by position."""

import re
import unicodedata
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property, lru_cache

from greenxl.campaign import rules
from greenxl.campaign.model import Answer, Campaign, Criterion, Kind
from greenxl.names import key
from greenxl.returns.model import FAR_COLUMNS, FAR_ROWS, Grid, Hit
from greenxl.workbooks.cells import NOTHING, Cell, Value

_POINTS_HEADINGS = ("标准分", "分值", "满分", "应得分", "标准得分", "权重")
_LIKE_A_SCORE = re.compile(r"(?<![0-9扣减])分数?$")
"""How people's own headings of a score column end: 自评得分, 复核分; but not 得分率, 得分依据, 扣分."""
_NO_SCORES = re.compile(
    "内容|标准|[条项类组号率页扣减]|比例|比重|系数|排名|名次|位次|排序|次数|数量|人数|户数|面积|金额|日期|时间|年份|电话"
)
"""What stands in the headings of numbers that nobody takes for scores."""
_LONGEST_HEADING = 60
"""Characters of a heading that are compared."""
_A_NUMBER = re.compile(r"\s*[0-9]+(?:\.[0-9]+)?\s*分?\s*")
_A_CHANGE = re.compile(
    r"(?:改[为成到]|应[为是得]|更正为|调整[为到]|[核审]定为|→)\s*:?\s*[0-9]+(?:\.[0-9]+)?\s*(?:分|[,;。]|$)"
)
"""What people write beside a score that is to be another: 改为3分, 应为4.5, →3."""
_PRINTED_HEADINGS = (
    "评分方法",
    "评分办法",
    "评价方法",
    "考核方法",
    "检查方法",
    "检查方式",
    "评分细则",
    "佐证要求",
    "佐证材料",
    "检查要点",
)
"""Of the columns of texts that a campaign prints beside its criteria."""
_LONGEST_NUMBER = 20
"""Characters of a text that may be a number beside the scores."""
_TICKS = {"√", "✓", "✔", "☑"}


def bare(text: str) -> str:
    """Return a heading's key without what stands in brackets: 「得分（分）」 is 得分."""
    text = text[:_LONGEST_HEADING]
    return re.sub(r"[(\[][^)\]]*(?:[)\]]|$)", "", text) if _has_bracket(text) else text


def _has_bracket(text: str) -> bool:
    return "(" in text or "[" in text


def _unitless(text: str) -> str:
    """Return a heading's key without its unit only: 「得分（自评）」 is no plain 得分."""
    text = text[:_LONGEST_HEADING]
    return re.sub(r"[(\[](?:满分)?[0-9.]{0,9}分?[)\]]", "", text) if _has_bracket(text) else text


@lru_cache(maxsize=32)
def bare_keys(headings: tuple[str, ...]) -> frozenset[str]:
    return frozenset(bare(key(heading)) for heading in headings)


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
        words = bare_keys((labels.standard, labels.points, *campaign.score_headings, *_POINTS_HEADINGS))
        for row in range(first - 1, max(0, first - FAR_ROWS) - 1, -1):
            texts = [bare(text) for _row, _column, text in grid.texts(row, row + 1)]
            if len(texts) > 1 and any(t in words or _LIKE_A_SCORE.search(t) for t in texts):
                below = [r for r in range(row + 1, first) if grid.value(r, text_column) is None]
                return cls(row, cls._titles(grid, row, below))
        return None

    @staticmethod
    def _titles(grid: Grid, row: int, below: Sequence[int]) -> dict[int, tuple[str, ...]]:
        titles: dict[int, tuple[str, ...]] = {}
        over = ""
        for column in sorted({c for r in (row, *below) for c in grid.columns(r)}):
            own, *lower = (grid.text(r, column) for r in (row, *below))
            over = own or over
            if own or any(lower):
                titles[column] = (over, *filter(None, lower))
        return titles

    def heading(self, column: int) -> str:
        return "".join(self.titles.get(column, ()))

    def plain(self, column: int, label: str) -> bool:
        """Whether the column is headed with the label and nothing else but its unit."""
        return _unitless(self.heading(column)) == _unitless(key(label))

    def columns_by_heading(self, short: Callable[[str], str]) -> dict[str, list[int]]:
        """Return the columns by their headings, shortened."""
        found: dict[str, list[int]] = {}
        for column in self.titles:
            found.setdefault(short(self.heading(column)), []).append(column)
        return found

    def points(self, label: str) -> list[int]:
        """Return the columns of the points, the one with the campaign's own label first."""
        words = bare_keys((label, *_POINTS_HEADINGS))
        found = [c for c in self.titles if bare(self.heading(c)) in words]
        return sorted(found, key=lambda c: not self.plain(c, label))

    def scores(self, label: str) -> list[int]:
        """Return the columns headed like a score."""
        own = bare(key(label))
        return [column for column in self.titles if self._like_a_score(column, own)]

    def own_scores(self, campaign: Campaign) -> list[int]:
        """Return the columns headed as the campaign's own scores, whatever stands before: 得分, 实得分."""
        labels = tuple(bare(key(heading)) for heading in campaign.score_headings)
        return [column for column in self.titles if bare(self.heading(column)).endswith(labels)]

    def _like_a_score(self, column: int, own: str) -> bool:
        names = (bare(text) for text in (*self.titles[column], self.heading(column)))
        return any(name.endswith(own) or _LIKE_A_SCORE.search(name) for name in names)


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """Which columns of a form hold what."""

    points: int | None
    score: int
    rivals: tuple[int, ...]
    """The columns any of which may hold the scores, () where it is plain which."""
    headed_otherwise: bool
    beside: tuple[tuple[int, int], ...]
    """The row and column of what may be taken for scores beside them."""
    several: tuple[int | None, ...]
    """The campaign's several score columns, in their order, None for one that is not there."""
    entries: tuple[int | None, ...]
    """The same of its columns of texts to fill in."""


def find_columns(
    grid: Grid, campaign: Campaign, lines: Sequence[Hit], text_column: int, header: Header | None
) -> Columns | None:
    """Return the columns of a form's points and scores: by their headings, else by what is printed.

    None where no column can hold scores.
    """
    body, several = _Body(grid, campaign, tuple(lines)), campaign.has_levels
    points = [c for c in header.points(campaign.labels.points) if c != text_column] if header else []
    own = header.own_scores(campaign) if header else ()
    points_column = points[0] if points else body.printed_points(text_column, own)
    taken = {text_column, points_column, body.numbers(), *points}
    entries = _entries(body, header, campaign.entry_columns, taken)
    taken |= {*entries, *_printed(body, header, {*taken, *entries})}
    columns = _named(body, header, campaign.score_columns, taken)
    headed, plain = _headed(header, campaign, taken, columns)
    taken |= set() if several and not plain else {*columns} - {*headed}
    likely = _likely(plain, headed, body.numeric_columns(taken), body)
    if not likely:
        return None
    score = likely[0]
    elsewhere = [] if body.filled(score) else body.elsewhere(likely, taken, points_column)
    recognised = score in headed or not (header and header.heading(score))
    lost = several and not plain and body.filled(score)
    sure = recognised and len(likely) == 1 and not elsewhere and not lost
    return Columns(
        points=points_column,
        score=score,
        rivals=() if sure else tuple(dict.fromkeys((*likely, *elsewhere))),
        headed_otherwise=bool(headed and not plain),
        beside=tuple(_beside(body, header, score, headed, taken)) if sure else (),
        several=_with_counting(columns, campaign, score),
        entries=entries,
    )


def ticked_columns(grid: Grid, lines: Sequence[Hit]) -> list[int]:
    """Return the columns in which most criteria are ticked (√), such as 是, 否 and 不适用; mostly none."""
    ticks = {(hit.row, c) for hit in lines for c in grid.columns(hit.row) if grid.text(hit.row, c) in _TICKS}
    rows = {row for row, _column in ticks}
    return sorted({column for _row, column in ticks}) if 2 * len(rows) >= len(lines) else []


def _named(
    body: "_Body",
    header: Header | None,
    names: Sequence[str],
    taken: Collection[int | None],
    short: Callable[[str], str] = _unitless,
) -> tuple[int | None, ...]:
    """Return the columns that are headed with these names, the filled one of several; None for no such.

    Headings are compared without what ``short`` takes off.
    """
    found: list[int | None] = []
    headings = header.columns_by_heading(short) if header and names else {}
    for name in names:
        columns = [c for c in headings.get(short(key(name)), ()) if c not in (*taken, *found)]
        found.append(next((c for c in columns if body.filled(c)), columns[0] if columns else None))
    return tuple(found)


def _entries(
    body: "_Body", header: Header | None, names: Sequence[str], taken: Collection[int | None]
) -> tuple[int | None, ...]:
    """Return the columns of texts to fill in, which may have more in brackets behind their names."""
    found = _named(body, header, names, taken)
    missing = [name for name, column in zip(names, found, strict=True) if column is None]
    near = dict(zip(missing, _named(body, header, missing, (*taken, *found), bare), strict=True))
    return tuple(near.get(name, column) for name, column in zip(names, found, strict=True))


def _headed(
    header: Header | None, campaign: Campaign, taken: Collection[int | None], columns: Sequence[int | None]
) -> tuple[list[int], list[int]]:
    """Return the columns headed like the scores that count, and those headed plainly so.

    ``columns`` are the campaign's several score columns. Where none of the sheet's is the one that counts,
    all of them are like it.
    """
    if header is None:
        return [], []
    label, several = campaign.counting_heading, campaign.has_levels
    like = [column for column in header.scores(label) if column not in taken]
    plain = [column for column in like if header.plain(column, label)]
    if several and not plain:
        return sorted({*like, *(column for column in columns if column is not None)}), []
    names = zip(columns, campaign.score_columns, strict=True)
    others = {column for column, name in names if name != label}
    return [column for column in like if column not in others], plain


def _with_counting(columns: Sequence[int | None], campaign: Campaign, score: int) -> tuple[int | None, ...]:
    """Return the several score columns with the one that was found to count."""
    names = zip(columns, campaign.score_columns, strict=True)
    return tuple(score if name == campaign.counting_heading else column for column, name in names)


def _printed(body: "_Body", header: Header | None, taken: Collection[int | None]) -> Iterator[int]:
    """Yield the columns of the texts that the campaign prints beside its criteria."""
    criteria, labels = body.campaign.criteria, body.campaign.labels
    if header and any(c.method or c.evidence for c in criteria):
        headings = header.columns_by_heading(bare)
        own = (labels.subgroup, labels.method, labels.evidence, *_PRINTED_HEADINGS)
        found = (column for label in own for column in headings.get(bare(key(label)), ()))
        yield from (column for column in found if column not in taken)
    groups = [body.campaign.groups[c.group].name for c in criteria]
    before = (c for c in body.columns if c < body.lines[0].column)
    yield from (c for c in before if c not in taken and body.prints(c, groups))
    for texts in zip(*((c.subgroup, c.method, c.evidence) for c in criteria), strict=True):
        if any(texts):
            yield from (c for c in body.columns if c not in taken and body.prints(c, texts))


def _likely(plain: list[int], headed: list[int], numeric: list[int], body: "_Body") -> list[int]:
    """Return the score column: the filled one under the form's own heading, else the only possible one.

    Several where it is not plain which; a blank one where there is nothing to lose.
    """
    if plain:
        return [column for column in plain if body.filled(column)] or plain[:1]
    possible = list(dict.fromkeys((*headed, *numeric)))
    return possible if any(map(body.filled, possible)) else headed[:1]


def _beside(
    body: "_Body", header: Header | None, score: int, headed: list[int], taken: Collection[int | None]
) -> Iterator[tuple[int, int]]:
    """Yield what may be taken for scores beside them: under a heading like theirs, whatever stands there."""
    for column in body.columns:
        heading = header.heading(column) if header else ""
        if column in (score, *taken) or column >= score + FAR_COLUMNS:
            continue
        if column in headed:
            yield from body.places(column, _holds)
        elif _may_head_scores(heading, right=column > score):
            yield from body.places(column, _holds_number)


def _may_head_scores(heading: str, *, right: bool) -> bool:
    """Whether the numbers under a heading may be scores; without one, those to the right of the scores."""
    return not _NO_SCORES.search(heading[:_LONGEST_HEADING]) if heading else right


@dataclass(frozen=True)
class _Body:
    """The rows of the criteria, by what stands in their columns."""

    grid: Grid
    campaign: Campaign
    lines: tuple[Hit, ...]

    @cached_property
    def columns(self) -> list[int]:
        """The columns in which anything stands beside a criterion."""
        filled = {column for row in self._rows for column, value in row.items() if value not in (None, "")}
        return sorted(filled)

    @cached_property
    def _rows(self) -> list[Mapping[int, Value]]:
        """What stands in the row of each criterion."""
        return [self.grid.sheet.rows.get(hit.row, NOTHING) for hit in self.lines]

    def values(self, column: int) -> list[Value]:
        """Return what stands beside each criterion."""
        return [row.get(column) for row in self._rows]

    def places(self, column: int, wanted: Callable[[Cell], bool]) -> Iterator[tuple[int, int]]:
        """Yield the row and column of the cells beside the criteria that are as wanted."""
        return ((hit.row, column) for hit in self.lines if wanted(self.grid.cell(hit.row, column)))

    def filled(self, column: int) -> bool:
        return any(True for _place in self.places(column, _holds))

    def numeric(self, column: int) -> bool:
        return any(self._numeric_cells(column))

    def _numeric_cells(self, column: int) -> Iterator[bool]:
        """Yield for each criterion whether a number, or what begins as one or answers it, is beside it."""
        for value, criterion in zip(self.values(column), self._criteria, strict=True):
            yield _is_number(value) or _begins_with_digit(value) or _is_answer(value, criterion)

    @cached_property
    def _criteria(self) -> list[Criterion]:
        return [self.campaign.criteria[hit.number - 1] for hit in self.lines]

    def prints(self, column: int, texts: Sequence[str]) -> bool:
        """Whether most of what stands in a column is what the campaign prints, by criterion."""
        said = [(text, hit.number) for hit in self.lines if (text := self.grid.text(hit.row, column))]
        same = [text == key(texts[number - 1]) for text, number in said]
        return any(same) and 2 * sum(same) >= len(same)

    def states_points(self, column: int) -> int:
        """Return how many rows have the points of their criterion."""
        pairs = zip(self.values(column), self._points, strict=True)
        return sum([_is_number(value) and value == points for value, points in pairs])

    @cached_property
    def _points(self) -> list[float]:
        return [float(criterion.points) for criterion in self._criteria]

    def printed_points(self, text_column: int, scores: Collection[int]) -> int | None:
        """Return the first column that repeats the points, right of the text before left of it.

        None of ``scores``, which are headed as such: nearly full marks repeat most points too.
        """
        columns = [column for column in self.columns if column not in scores]
        in_order = sorted(columns, key=lambda column: (column <= text_column, column))
        return next((c for c in in_order if 2 * self.states_points(c) >= len(self.lines)), None)

    def numbers(self) -> int | None:
        """Return the column of the criteria's numbers, ours or those that the form prints."""
        return next((c for c in self.columns if 2 * self._numbered(c) > len(self.lines)), None)

    def _numbered(self, column: int) -> int:
        """Return how many rows have the number of their criterion, ours or the one that the form prints."""
        labels = printed_numbers(tuple([criterion.label for criterion in self.campaign.criteria]))
        pairs = zip(self.values(column), self.lines, strict=True)
        return sum([_has_number(value, hit.number, labels[hit.number - 1]) for value, hit in pairs])

    def numeric_columns(self, taken: Collection[int | None]) -> list[int]:
        """Return the columns of numbers that are none of these."""
        return [c for c in self.columns if c not in taken and self.numeric(c)]

    def elsewhere(self, blank: list[int], taken: Collection[int | None], points: int | None) -> list[int]:
        """Return where scores may be while their column is blank: between its rows, in other columns."""
        rows = {hit.row for hit in self.lines}
        between = (self.grid.value(row, blank[0]) for row in range(min(rows), max(rows)) if row not in rows)
        found = [blank[0]] if 2 * sum(map(_is_number, between)) >= len(rows) else []
        if points is not None and 2 * self.states_points(points) < sum(self._numeric_cells(points)):
            found.append(points)
        return found + self.numeric_columns({*taken, *blank})


def _holds(cell: Cell) -> bool:
    """Whether anything was put into a cell, white space aside."""
    if isinstance(cell.value, str):
        return bool(key(cell.value))
    return cell.value is not None or bool(cell.error or cell.formula)


def _holds_number(cell: Cell) -> bool:
    """Whether a cell holds a number, or a text that is one or says one instead of a score."""
    value = cell.value
    if not isinstance(value, str):
        return _is_number(value)
    text = unicodedata.normalize("NFKC", value) if len(value) <= _LONGEST_NUMBER else ""
    return bool(_A_NUMBER.fullmatch(text) or _A_CHANGE.search(text))


def printed_number(value: Value) -> str:
    """Return what a cell holds as the number that a form prints, unframed: C12, 1.1, 3 of 「（3）」."""
    if isinstance(value, str):
        return key(value).strip("().、第条项") if len(value) <= _LONGEST_HEADING else ""
    return f"{value:.15g}" if _is_number(value) else ""


@lru_cache(maxsize=8)
def printed_numbers(labels: tuple[str, ...]) -> tuple[str | None, ...]:
    """Return the criteria's numbers as :func:`printed_number` does, None of one without."""
    return tuple(printed_number(label) if label else None for label in labels)


def _has_number(value: Value, number: int, label: str | None) -> bool:
    return (_is_number(value) and value == number) or printed_number(value) == label


def _is_answer(value: Value, criterion: Criterion) -> bool:
    """Whether a text is a word that answers the criterion."""
    asked = criterion.choices or criterion.not_applicable or criterion.kind is Kind.CONDITION
    if not asked or not isinstance(value, str) or len(value) > _LONGEST_HEADING:
        return False
    return isinstance(rules.answer_in(value, criterion), Decimal | Answer)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _begins_with_digit(value: object) -> bool:
    if not isinstance(value, str):
        return False
    return bool(re.match(r"\s*[0-9]", unicodedata.normalize("NFKC", value[:_LONGEST_HEADING])))
