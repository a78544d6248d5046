"""How a unit's sheet lies on paper: the widths of its columns, the heights of its rows, its pages. Pure.

Widths are in characters and heights in points, as a spreadsheet has them. A long standard takes as many pages
as it needs to be read, broken between criteria; what is merged over several rows is broken with them.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from greenxl.campaign.model import Criterion, Kind, plain
from greenxl.form.instructions import marks_of, possible_vetoes
from greenxl.form.layout import FIRST_ROW, Layout, Part
from greenxl.form.style import (
    A3,
    A4,
    BODY_SIZE,
    LINE_HEIGHT,
    PAPERS,
    TALLEST,
    margins_of,
)
from greenxl.xlsx import line_count, text_width


@dataclass(frozen=True, slots=True)
class _Format:
    """A way to use the paper."""

    width: int
    """Characters across: more of them are printed smaller."""
    landscape: bool
    least_text: int
    """Characters that a column of texts has at least, or the form is too wide for it."""
    smallest_size: int
    """Of the font of a text for which no row is high enough otherwise."""
    paper: int = A4


_FORMATS = (
    _Format(97, landscape=False, least_text=36, smallest_size=BODY_SIZE),
    _Format(116, landscape=False, least_text=34, smallest_size=BODY_SIZE),
    _Format(141, landscape=True, least_text=24, smallest_size=9),
    _Format(170, landscape=True, least_text=16, smallest_size=9),
    *(_Format(width, True, least_text=24, smallest_size=8, paper=A3) for width in range(220, 1000, 40)),
)
"""From the largest print to the smallest."""
_TEXT_PARTS = (Part.TEXT, Part.METHOD, Part.EVIDENCE)
_SMALLEST_SIZE = 8
"""Of the font of any text."""
_LEGIBLE = 0.63
"""The print of a form on one page that can still be read; a longer one is printed on several pages."""
_SAFE_ACROSS, _SAFE_DOWN = 0.86, 0.97
"""Of the page. A column is a seventh wider where the font is missing in whose digits widths are counted."""
_ABOVE, _HEADER, _BELOW = 110, 36, 154
"""Points of the rows above the criteria, of those repeated on every page, and of those below."""
LINE_ROW = 24
"""Points of a row of one line below the criteria."""
_MOST_VETO_LINES = 4
CONTINUED = "（续）"


@dataclass(frozen=True, slots=True)
class Merged:
    """A name beside several criteria, or beside those of them that are on one page."""

    part: Part
    first: int
    """The number of the first of its criteria."""
    last: int
    text: str
    continued: bool = False

    @property
    def rows(self) -> tuple[int, int]:
        return FIRST_ROW + self.first - 1, FIRST_ROW + self.last - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """Where everything of a form is put."""

    widths: tuple[float, ...]
    landscape: bool
    size: int
    """Of the paper, as a spreadsheet numbers them."""
    heights: tuple[float, ...]
    """Of the rows of the criteria."""
    merged: tuple[Merged, ...]
    """The names of groups and their parts, downwards."""
    breaks: tuple[int, ...] = ()
    """The numbers of the criteria before which a page ends."""
    scale: int = 0
    """In percent; 0 where all is fitted on one page."""

    @property
    def width(self) -> float:
        return sum(self.widths)


Entries = Mapping[int, Sequence[str]]
"""What stands in a column to fill in, by column."""


def paper_of(layout: Layout, entries: Entries) -> Paper:
    """Return how a form is printed: as large as can be with no row too tall for a spreadsheet."""
    for one in _FORMATS:
        widths = _widths(layout, one)
        if _least_width(layout, one) <= one.width and _tallest(layout, widths, one.smallest_size) <= TALLEST:
            break
    return _paged(layout, widths, entries, one)


# columns


def _least_width(layout: Layout, one: _Format) -> float:
    """Return how wide a form is at least in a format."""
    narrow = _narrow_widths(layout)
    return sum(narrow.get(part, one.least_text) for part, _heading in layout.columns)


def _widths(layout: Layout, one: _Format) -> list[float]:
    """Return the widths of the columns; what is left of a format goes to the texts, the longer the more."""
    wanted = {part: _amount(layout, part) for part in _TEXT_PARTS if layout.of(part)}
    spare = max(0, one.width - _least_width(layout, one))
    widths: dict[Part, float] = {
        part: one.least_text + int(spare * amount / sum(wanted.values())) for part, amount in wanted.items()
    }
    widths[Part.TEXT] += spare - sum(widths[part] - one.least_text for part in wanted)
    widths |= _narrow_widths(layout)
    return [widths[part] for part, _heading in layout.columns]


def _amount(layout: Layout, part: Part) -> int:
    return sum(text_width(text_of(criterion, part)) for criterion in layout.campaign.criteria) + 1


def text_of(criterion: Criterion, part: Part) -> str:
    """Return what a criterion has in a column of texts."""
    return {
        Part.TEXT: criterion.text,
        Part.METHOD: criterion.method,
        Part.EVIDENCE: criterion.evidence,
    }[part]


def _narrow_widths(layout: Layout) -> dict[Part, float]:
    """Return the widths of the columns that have no long texts: wider where there are but few."""
    criteria = layout.campaign.criteria
    few = len(layout.columns) == 5
    beside = any(c.kind in (Kind.BONUS, Kind.DEDUCTION) for c in criteria)
    labels = max(text_width(c.label) for c in criteria)
    words = max((text_width(choice.word) for c in criteria for choice in c.choices), default=0)
    return {
        Part.GROUP: 18 if few else 13,
        Part.SUBGROUP: 12,
        Part.NUMBER: min(max(5, labels + 2), 10),
        Part.POINTS: max(15 if beside else 11, *map(_marked_width, criteria)),
        Part.SCORE: min(max(13 if few else 9, words + 2), 18),
        Part.ENTRY: 15,
    }


def _marked_width(criterion: Criterion) -> int:
    """Return the characters that points with marks need, which are not wrapped; 0 without."""
    marks = marks_of(criterion)
    points = criterion.kind or plain(criterion.points)
    return text_width(" ".join((points, *marks))) + 3 if marks else 0


# rows


def size_of(text: str, width: float) -> int:
    """Return the font size in which a text fits into a row of a spreadsheet, as large as can be."""
    sizes = range(BODY_SIZE, _SMALLEST_SIZE, -1)
    return next((size for size in sizes if _height(text, width, size) <= TALLEST), _SMALLEST_SIZE)


def _height(text: str, width: float, size: int = BODY_SIZE) -> float:
    """Return the points that a text takes in a column."""
    return LINE_HEIGHT * size / BODY_SIZE * line_count(text, width * BODY_SIZE / size) + 2


def _tallest(layout: Layout, widths: Sequence[float], size: int) -> float:
    return max(
        _height(text_of(criterion, part), widths[column], size)
        for criterion in layout.campaign.criteria
        for part in _TEXT_PARTS
        for column in layout.of(part)
    )


def _natural_heights(layout: Layout, widths: Sequence[float], entries: Entries) -> list[float]:
    """Return the heights of the rows that fit what stands in them alone."""
    return [_natural_height(layout, widths, entries, criterion) for criterion in layout.campaign.criteria]


def _natural_height(layout: Layout, widths: Sequence[float], entries: Entries, criterion: Criterion) -> float:
    texts = [(text_of(criterion, part), widths[column]) for part in _TEXT_PARTS for column in layout.of(part)]
    texts += [(given[criterion.number - 1], widths[column]) for column, given in entries.items()]
    label = _height(criterion.label, widths[layout.column(Part.NUMBER)])
    texts += [(choice.word, widths[layout.score]) for choice in criterion.choices]
    needed = max(_height(text, width, size_of(text, width)) for text, width in texts)
    return min(max(LINE_HEIGHT + 10, label, needed), TALLEST)


# pages


def _paged(layout: Layout, widths: list[float], entries: Entries, one: _Format) -> Paper:
    """Return the form on pages; rows grow until the names beside them fit on every page."""
    natural = _natural_heights(layout, widths, entries)
    made = partial(Paper, widths=tuple(widths), landscape=one.landscape, size=one.paper)
    names = tuple(_names(layout, widths, natural, ()))
    heights = _raised(layout, widths, natural, names)
    across, down = PAPERS[one.paper][:: -1 if one.landscape else 1]
    margins = margins_of(landscape=one.landscape)
    room_across = across - 72 * (margins["left"] + margins["right"])
    room_down = down - 72 * (margins["top"] + margins["bottom"])
    below = _below(layout, sum(widths[layout.column(Part.NUMBER) :]))
    fit = min(1, room_across / sum(0.75 * (7 * width + 5) for width in widths))
    if min(fit, room_down / (_ABOVE + sum(heights) + below)) >= min(_LEGIBLE, fit):
        return made(heights=tuple(heights), merged=names)
    scale = int(100 * fit * _SAFE_ACROSS)
    page = room_down * _SAFE_DOWN * 100 / scale
    breaks: tuple[int, ...] = ()
    for _attempt in range(len(heights)):
        found = tuple(_breaks(layout, heights, below, page))
        names = tuple(_names(layout, widths, natural, found))
        heights = _raised(layout, widths, heights, names)
        if found == breaks:
            break
        breaks = found
    return made(heights=tuple(heights), merged=names, breaks=breaks, scale=scale)


def _breaks(layout: Layout, heights: Sequence[float], below: float, page: float) -> Iterator[int]:
    """Yield the numbers of the criteria with which a new page begins.

    A page ends before a group that it would break on its last third. What is under the table stays with the
    last criterion.
    """
    groups = {group.criteria[0].number for group in layout.campaign.groups}
    begin, used, group = 1, float(_ABOVE), 0
    number = 1
    while number <= len(heights):
        height = heights[number - 1] + (below if number == len(heights) else 0)
        if number in groups and used > page * 2 / 3:
            group = number
        if used + height > page and number > begin:
            begin = number = group or number
            yield begin
            used, group = float(_HEADER), 0
        else:
            used += height
            number += 1


def _below(layout: Layout, width: float) -> float:
    """Return the points of the rows under the criteria."""
    vetoes = 2 * veto_height(layout, width) - LINE_ROW if layout.veto_row else 0
    return _BELOW + vetoes + (LINE_ROW if layout.grade_row else 0)


def veto_height(layout: Layout, width: float) -> float:
    """Return the points of a row for all that can fail a unit together, four lines at most."""
    words = f"{layout.campaign.pass_words[1]}（否决：{'、'.join(possible_vetoes(layout.campaign))}）"
    lines = line_count(words, width)
    return LINE_ROW if lines == 1 else LINE_HEIGHT * min(lines, _MOST_VETO_LINES) + 4


def _names(
    layout: Layout, widths: Sequence[float], heights: Sequence[float], breaks: Sequence[int]
) -> Iterator[Merged]:
    """Yield the names of the groups and their parts, on every page anew."""
    for group in layout.campaign.groups:
        first, last = group.criteria[0].number, group.criteria[-1].number
        room = sum(heights[first - 1 : last])
        width = widths[layout.column(Part.GROUP)]
        lines = len(group.name.split("\n"))
        fits = line_count(group.name, width) == lines and _height(group.name, width) <= room
        text = group.name if fits else group.title
        yield from _on_pages(Merged(Part.GROUP, first, last, text), breaks, group.title)
        for run in _subgroups(group.criteria) if layout.of(Part.SUBGROUP) else ():
            name = run[0].subgroup
            yield from _on_pages(Merged(Part.SUBGROUP, run[0].number, run[-1].number, name), breaks, name)


def _subgroups(criteria: Iterable[Criterion]) -> Iterator[list[Criterion]]:
    """Yield the criteria in runs of one part of their group."""
    run: list[Criterion] = []
    for criterion in criteria:
        if run and criterion.subgroup != run[-1].subgroup:
            yield run
            run = []
        run.append(criterion)
    yield run


def _on_pages(name: Merged, breaks: Sequence[int], title: str) -> Iterator[Merged]:
    """Yield a name for each page on which some of its criteria are."""
    firsts = [name.first, *(number for number in breaks if name.first < number <= name.last)]
    for first, after in zip(firsts, [*firsts[1:], name.last + 1], strict=True):
        continued = first > name.first
        text = f"{title}{CONTINUED}" if continued and title else name.text
        yield Merged(name.part, first, after - 1, text, continued)


def _raised(
    layout: Layout, widths: Sequence[float], heights: Sequence[float], names: Iterable[Merged]
) -> list[float]:
    """Return the heights, larger where a name would not fit beside its rows."""
    found = list(heights)
    for name in names:
        rows = range(name.first - 1, name.last)
        missing = _height(name.text, widths[layout.column(name.part)]) + 4 - sum(found[row] for row in rows)
        for row in rows if missing > 0 else ():
            found[row] = min(found[row] + missing / len(rows), TALLEST)
    return found
