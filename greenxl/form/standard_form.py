"""What the sheets of all units share, worked out once however many units there are."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from greenxl.campaign import rules
from greenxl.campaign.model import Campaign, Criterion
from greenxl.form.input_rules import colour_rules, shown_points, validation
from greenxl.form.layout import FIRST_ROW, Layout, Part
from greenxl.form.paper import LINE_ROW, Entries, Paper, paper_of, size_of, text_of, veto_height
from greenxl.workbooks.cells import address


@dataclass(frozen=True, slots=True)
class PrintedText:
    """A text that a form states of a criterion."""

    column: int
    text: str
    size: int
    """Of its font, in points."""


@dataclass(frozen=True, slots=True)
class PrintedLine:
    """What a form states of a criterion."""

    criterion: Criterion
    label: int | str
    texts: tuple[PrintedText, ...]
    points_format: str
    """The number format of its points, "" where they are shown as they are."""
    validation: dict[str, Any]
    """What its score cells take."""


@dataclass(frozen=True)
class StandardForm:
    """The form of a campaign's standard, before it is one unit's."""

    campaign: Campaign

    @cached_property
    def layout(self) -> Layout:
        return Layout(self.campaign)

    def paper(self, entries: Entries) -> Paper:
        """Return how a form is printed that holds these texts in its columns to fill in."""
        return paper_of(self.layout, entries) if entries else self._blank_paper

    @cached_property
    def _blank_paper(self) -> Paper:
        return paper_of(self.layout, {})

    @cached_property
    def lines(self) -> tuple[PrintedLine, ...]:
        """By criterion. The widths, of which the sizes follow, are the same whatever is filled in."""
        return tuple(self._line(row, one) for row, one in enumerate(self.campaign.criteria, FIRST_ROW))

    def _line(self, row: int, criterion: Criterion) -> PrintedLine:
        texts = [
            (column, text_of(criterion, part))
            for part in (Part.TEXT, Part.METHOD, Part.EVIDENCE)
            for column in self.layout.of(part)
        ]
        widths = self._blank_paper.widths
        return PrintedLine(
            criterion=criterion,
            label=criterion.printed_label,
            texts=tuple(PrintedText(column, text, size_of(text, widths[column])) for column, text in texts),
            points_format=shown_points(criterion),
            validation=validation(criterion, address(row, self.layout.column(Part.SCORE))),
        )

    @cached_property
    def totals(self) -> dict[int, str]:
        """The formulas of the running totals, by the columns of scores."""
        return {
            column: rules.running_total_formula(self.layout.cells_in(column), self.campaign)
            for column in self.layout.of(Part.SCORE)
        }

    @cached_property
    def state(self) -> str:
        """The formula of a form's state."""
        others = [self.layout.cells_of(column) for column in self.layout.other_scores.values()]
        return rules.state_formula(self.layout.cells, self.campaign, others)

    @cached_property
    def veto(self) -> str:
        """The formula of what fails the unit."""
        return rules.veto_formula(self.layout.cells, self.campaign)

    @cached_property
    def grade(self) -> str:
        """The formula of the unit's grade."""
        return rules.grade_formula(self.layout.cells, self.campaign)

    @cached_property
    def state_height(self) -> float:
        """The points of the rows of the state and of what fails the unit."""
        width = sum(self._blank_paper.widths[self.layout.column(Part.NUMBER) :])
        return veto_height(self.layout, width) if self.campaign.has_vetoes else LINE_ROW

    @cached_property
    def colour_rules(self) -> tuple[tuple[int, int, int, int, dict[str, Any], str], ...]:
        """See :func:`greenxl.form.input_rules.colour_rules`."""
        return tuple(colour_rules(self.layout))
