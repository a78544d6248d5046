"""Which column of a sheet holds the scores: by headings and contents, never by position."""

import re
import unicodedata
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from greenxl.campaign.model import Campaign
from greenxl.names import key, one_line
from greenxl.returns.model import FAR_ROWS, Broken, Doubt, FoundForm, Grid, Merged, Percent, Value

TOTAL_LABELS = ("合计", "总计", "总分", "合计得分")
"""What people type for the last row's label where they type the form by hand."""


SUBTOTAL_LABELS = ("小计", "分组合计", "本项合计")


_LIKE_A_SCORE = re.compile(r"(?<![0-9扣减])分数?$")
"""How people's own headings of a score column end: 自评得分, 复核分; but not 得分率, 得分依据, 扣分."""


POINTS_HEADINGS = ("标准分", "分值", "满分", "应得分", "标准得分", "权重")


def bare(text: str) -> str:
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
        words = {bare(key(w)) for w in (labels.standard, labels.points, labels.score, *POINTS_HEADINGS)}
        for row in range(first - 1, max(0, first - FAR_ROWS) - 1, -1):
            texts = [bare(text) for _row, _column, text in grid.texts(row, row + 1)]
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
        words = {bare(key(label)), *POINTS_HEADINGS}
        found = [c for c in self.titles if bare(self.heading(c)) in words]
        return sorted(found, key=lambda c: not self.plain(c, label))

    def scores(self, label: str) -> list[int]:
        """Return the columns headed like a score."""
        own = bare(key(label))
        return [
            column
            for column, titles in self.titles.items()
            for names in [[bare(text) for text in (*titles, self.heading(column))]]
            if any(text.endswith(own) or _LIKE_A_SCORE.search(text) for text in names)
        ]


def _key(value: Value | Broken | Merged | Percent) -> str:
    return key(value) if isinstance(value, str) else ""


def columns(
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
