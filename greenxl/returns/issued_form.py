"""The form as it is issued: most sheets come back with nothing changed but what was filled in."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from greenxl.campaign.model import Campaign
from greenxl.form.layout import FIRST_ROW, HEADER_ROW, Layout, Part
from greenxl.returns.model import FoundForm, Grid, Hit
from greenxl.workbooks.cells import NOTHING, SheetCells, Value

_Row = Mapping[int, Value]

_PARTS = [Part.GROUP, Part.NUMBER, Part.TEXT, Part.POINTS, Part.SCORE]
"""The columns of a form of which all but the scores are printed."""


@dataclass(frozen=True, slots=True)
class IssuedForm:
    """Where a campaign's form is when it is issued, and what it prints in the rows of its table."""

    form: FoundForm
    header: _Row
    lines: Mapping[int, _Row]
    """The rows of the criteria, without the scores."""
    total: str
    """The heading of the total."""

    @classmethod
    def of(cls, campaign: Campaign) -> "IssuedForm | None":
        """Return the form of a campaign, None where more than one column is filled in, or more is printed."""
        layout = Layout(campaign)
        if [part for part, _heading in layout.columns] != _PARTS:
            return None
        form = FoundForm(
            header_row=HEADER_ROW,
            text_column=layout.column(Part.TEXT),
            points_column=layout.column(Part.POINTS),
            score_column=layout.score,
            lines=tuple(
                Hit(row, layout.column(Part.TEXT), criterion.number)
                for row, criterion in enumerate(campaign.criteria, FIRST_ROW)
            ),
            total_row=layout.total_row,
            headed_otherwise=False,
        )
        headings = enumerate(heading for _part, heading in layout.columns)
        header = {column: text for column, text in headings if column != form.text_column}
        lines = dict(enumerate(_printed(campaign, layout), FIRST_ROW))
        return cls(form, header, lines, campaign.labels.total)

    def examples(self) -> Iterator[Grid]:
        """Yield the table alone: with full marks, with the criteria's numbers as scores, with neither, blank.

        By nothing else than these do numbers in a column decide where the form is.
        """
        score, printed = self.form.score_column, [*self.lines.values()]
        for column in (score - 1, self.form.text_column - 1):
            yield self._filled([{**line, score: line[column]} for line in printed])
        yield self._filled([{**line, score: -1.0} for line in printed])
        yield self._filled(printed)

    def _filled(self, lines: list[_Row]) -> Grid:
        rows = dict(enumerate([self.header, *lines, {0: self.total}], HEADER_ROW))
        return Grid(SheetCells("", rows=rows))

    def is_on(self, grid: Grid) -> bool:
        """Whether a sheet has these rows where they were issued, with numbers or nothing as scores."""
        rows, score = grid.sheet.rows, self.form.score_column
        return rows.get(HEADER_ROW) == self.header and all(
            _is_same(rows.get(row, NOTHING), line, score) for row, line in self.lines.items()
        )

    def other_rows(self, grid: Grid) -> list[int]:
        """Return the rows of a sheet above and below the criteria."""
        return [row for row in grid.sheet.rows if row not in self.lines]


def _printed(campaign: Campaign, layout: Layout) -> Iterator[_Row]:
    """Yield what the form prints beside the score of each criterion."""
    group, number, text, points, _score = range(len(layout.columns))
    for one in campaign.criteria:
        own = campaign.groups[one.group]
        label = one.printed_label
        yield {
            **({group: own.name} if own.criteria[0] == one else {}),
            number: float(label) if isinstance(label, int) else label,
            text: one.text,
            points: float(one.points),
        }


def _is_same(line: _Row, printed: _Row, score: int) -> bool:
    """Whether a row holds what is printed and nothing else but a number as the score, or none."""
    given = line.get(score)
    alike = line == ({**printed, score: given} if score in line else printed)
    numbers = bool not in map(type, line.values())  # TRUE is 1
    return alike and numbers and (given is None or isinstance(given, float))
