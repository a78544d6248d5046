"""The columns that the printed lists of 整改清单 share, and rows of cells over one or several of them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from greenxl.campaign.model import Campaign, Community, Criterion, plain
from greenxl.campaign.rules import quoted
from greenxl.report.layout import Properties, Value
from greenxl.report.sheets.score_table import Rows, ScoreTable, score, score_rows, score_table
from greenxl.report.sheets.tasks import Task
from greenxl.report.style import HEADING, LINKED, TEXT, Style, height
from greenxl.xlsx import Sheet
from greenxl.xlsx.sheet import Cell, escaped

TOWN, UNIT, TOTAL, STATE, LOSSES = range(5)
"""The columns; from ``LOSSES`` on there are as many of one width as are left."""
_LOSSES, _LOSS_WIDTH = 7, 12.5
WIDTHS = (11.5, 15.0, 7.5, 9.0, *(_LOSS_WIDTH,) * _LOSSES)
"""Of the columns, in characters: as wide as A4 upright is at the least size of type."""
LAST = len(WIDTHS) - 1
UNSCORED = "尚无得分，不能判断失分。"
_LEAST_HEIGHT = 18
SECTION: Properties = {"bold": True, "font_size": 12, "valign": "bottom"}


class Box(NamedTuple):
    """A cell, or several side by side as one."""

    first: int
    last: int
    value: Value = None
    properties: Properties = TEXT
    formula: str | None = None
    """The live formula that gives the value, without its ``=``."""
    link: str | None = None
    """The cell to which the value leads."""

    @property
    def width(self) -> float:
        return _width(self.first, self.last)


@lru_cache
def _width(first: int, last: int) -> float:
    return sum(WIDTHS[first : last + 1])


@dataclass(frozen=True)
class Grid:
    """The sheet as it is written, and where the scores are to which its formulas refer."""

    sheet: Sheet
    style: Style
    scores: ScoreTable
    rows: Rows
    """On 社区得分, by town and unit."""
    heights: dict[int, float] = field(default_factory=dict)
    """Of the rows that were written, in points."""
    sections: list[int] = field(default_factory=list)
    """The rows in which lists begin."""

    @property
    def campaign(self) -> Campaign:
        return self.style.campaign

    def write_row(self, row: int, boxes: Sequence[Box], least_height: float = _LEAST_HEIGHT) -> None:
        """Write cells, in a row as high as the longest text needs."""
        texts = ((_text(box.value), box.width, float(box.properties.get("font_size", 11))) for box in boxes)
        self.heights[row] = max(least_height, height(*texts))
        self.sheet.add_row(row, self.heights[row], [cell for box in boxes for cell in self._cells(row, box)])

    def write_section(self, row: int, title: str) -> None:
        """Write the title of a list."""
        self.sections.append(row)
        self.write_row(row, [Box(first=0, last=LAST, value=title, properties=SECTION)], 26)

    def write_headings(self, row: int, headings: Sequence[tuple[int, int, str]]) -> None:
        """Write headings, each of them over the columns from the first to the last one named."""
        self.write_row(
            row,
            [Box(first=first, last=last, value=words, properties=HEADING) for first, last, words in headings],
        )

    def unit_headings(self) -> list[tuple[int, int, str]]:
        """Return the headings over town and unit; over the unit alone where there are no towns."""
        campaign = self.campaign
        if not campaign.has_towns:
            return [(TOWN, UNIT, campaign.unit)]
        return [(TOWN, TOWN, campaign.parent), (UNIT, UNIT, campaign.unit)]

    def unit_boxes(self, unit: Community) -> Iterator[Box]:
        """Yield town and unit, whose name leads to its scores."""
        first = TOWN
        if self.campaign.has_towns:
            yield Box(first=TOWN, last=TOWN, value=unit.town)
            first = UNIT
        link = self.cell(unit, "community")
        yield Box(first=first, last=UNIT, value=unit.name, properties=LINKED, link=link)

    def cell(self, unit: Community, name: str) -> str:
        """Return a reference to a cell of a unit on 社区得分."""
        return self.scores.cell(self.rows[unit.town, unit.name], name)

    def loss(self, task: Task) -> tuple[str, str | None]:
        """Return what is lost, such as 第3条 4.5, and the formula that gives it; None of mere words."""
        criterion = task.criterion
        if criterion is None:
            return task.fails, None
        name, cell = criterion.name, self.cell(task.community, score(criterion.number))
        if task.lost is not None:
            lost = self._lost(task.community, criterion)
            return f"{name} {plain(task.lost)}", f"{quoted(f'{name} ')}&{lost}"
        if task.deducted is not None:
            return f"{name} 扣{plain(task.deducted)}", f"{quoted(f'{name} 扣')}&{cell}"
        return f"{name} {task.answer}", f"{quoted(f'{name} ')}&{cell}"

    def lost_by(self, task: Task) -> tuple[str, str]:
        """Return who lost how much of the full mark, such as 西苑社区4.5, and the formula that gives it."""
        unit, criterion, lost = task.community, task.criterion, task.lost
        assert criterion is not None
        assert lost is not None
        return f"{unit.name}{plain(lost)}", f"{quoted(unit.name)}&{self._lost(unit, criterion)}"

    def _lost(self, unit: Community, criterion: Criterion) -> str:
        """Return the formula of what a unit lost of a criterion of the full mark."""
        name = score(criterion.number)
        return f"ROUND({self.scores.cell(self.scores.points_row, name)}-{self.cell(unit, name)},2)"

    def _cells(self, row: int, box: Box) -> Iterator[Cell]:
        shown = self.style.format(box.properties)
        formula = None if box.formula is None else escaped(box.formula)
        yield box.first, shown, box.value, formula
        for column in range(box.first + 1, box.last + 1):
            yield column, shown, None, None
        if box.first != box.last:
            self.sheet.add_merged(row, box.first, box.last)
        if box.link is not None:
            self.sheet.add_link(row, box.first, box.link, _text(box.value))


def grid_on(sheet: Sheet, style: Style) -> Grid:
    return Grid(sheet, style, score_table(style.campaign), score_rows(style.campaign))


def _text(value: Value) -> str:
    return "" if value is None else value if isinstance(value, str) else f"{value:g}"
