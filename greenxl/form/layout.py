"""The official form (Attachment 1 of the plan) and the hidden identity of a workbook.

Shared by the writer of blanks and the reader of returns, so that the two cannot drift.
Rows and columns count from 0, as XlsxWriter does.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum, auto
from functools import cached_property, partial

from greenxl.campaign.model import Campaign, Community
from greenxl.campaign.rules import ScoreCells
from greenxl.names import unique_sheet_names
from greenxl.workbooks.cells import address

FORM_VERSION = "1"
COVER_SHEET = "填报说明"
SENDBACK_SHEET = "退回说明"
"""The first sheet of a correction copy."""
NOTICE_SHEET, TASKS_SHEET = "整改通知", "整改任务"
"""The sheets of a notice of what to put right, which is no return."""
IDENTITY_SHEET = "_greenxl"
DATA_SHEET = "_greenxl_data"
"""How the very hidden sheets begin by which a consolidated workbook can be merged again."""
SCORES_SHEET = "得分"
"""How the name of a consolidated workbook's sheet of scores ends, whatever its units are called."""
_REPORT_SHEETS = {"总览", "整改清单"}
"""Others by which such a workbook is known, the leader's copy too."""

FIELD_LABELS = ("填报人", "审核人", "联系电话", "填报日期", "负责人（盖章）")
STATE_LABEL = "填报状态"

VETO_LABEL, GRADE_LABEL = "否决情况", "等次"

TITLE_ROW, PLACE_ROW, HEADER_ROW, FIRST_ROW = range(4)


def unit_label(unit: str) -> str:
    """Return the label beside a unit's name."""
    return f"{unit}名称"


def town_label(parent: str) -> str:
    """Return the label beside the name of a unit's town."""
    return f"所属{parent}"


def is_report(sheets: Iterable[str]) -> bool:
    """Whether these are the sheets of a consolidated workbook."""
    names = set(sheets)
    return names >= _REPORT_SHEETS and any(name.endswith(SCORES_SHEET) for name in names)


class Part(Enum):
    """What a column of the form is for."""

    GROUP = auto()
    SUBGROUP = auto()
    NUMBER = auto()
    TEXT = auto()
    METHOD = auto()
    EVIDENCE = auto()
    POINTS = auto()
    SCORE = auto()
    """There may be several; one counts."""
    ENTRY = auto()
    """A text that the town fills in."""


@dataclass(frozen=True)
class Layout:
    """The columns, rows and cells of a unit's sheet, which follow from the campaign."""

    campaign: Campaign

    @cached_property
    def columns(self) -> tuple[tuple[Part, str], ...]:
        """The columns from left to right, each with its heading; that of the texts spans the numbers."""
        return tuple(_columns(self.campaign))

    def of(self, part: Part) -> Sequence[int]:
        """Return the columns of a part, none where the form has none."""
        return self._by_part[part]

    @cached_property
    def _by_part(self) -> dict[Part, tuple[int, ...]]:
        columns = list(enumerate(self.columns))
        return {part: tuple(column for column, (one, _heading) in columns if one is part) for part in Part}

    def column(self, part: Part) -> int:
        """Return the first column of a part that every form has."""
        return self.of(part)[0]

    @cached_property
    def score_columns(self) -> dict[str, int]:
        """The columns of scores by their headings."""
        return {self.columns[column][1]: column for column in self.of(Part.SCORE)}

    @cached_property
    def entry_columns(self) -> dict[str, int]:
        """The columns to fill in by their headings."""
        return {self.columns[column][1]: column for column in self.of(Part.ENTRY)}

    @cached_property
    def score(self) -> int:
        """The column of the scores that count."""
        return self.score_columns[self.campaign.counting_heading]

    @property
    def other_scores(self) -> dict[str, int]:
        """The columns of the scores that do not count, by their headings."""
        return {heading: column for heading, column in self.score_columns.items() if column != self.score}

    @property
    def last_column(self) -> int:
        return len(self.columns) - 1

    @property
    def last_row(self) -> int:
        """The row of the last criterion."""
        return FIRST_ROW + len(self.campaign.criteria) - 1

    @property
    def total_row(self) -> int:
        return self.last_row + 1

    @property
    def note_row(self) -> int:
        return self.total_row + 1

    @property
    def state_row(self) -> int:
        return self.note_row + 1

    @property
    def veto_row(self) -> int | None:
        """Where it is printed what fails the unit; None where nothing can."""
        return self.state_row + 1 if self.campaign.has_vetoes else None

    @property
    def grade_row(self) -> int | None:
        return (self.veto_row or self.state_row) + 1 if self.campaign.grades else None

    @property
    def field_rows(self) -> tuple[int, int, int]:
        first = (self.grade_row or self.veto_row or self.state_row) + 1
        return first, first + 1, first + 2

    def cell(self, number: int, column: int) -> str:
        """Return the cell of a criterion in a column, by its number."""
        return address(FIRST_ROW + number - 1, column)

    def score_cell(self, number: int) -> str:
        """Return the cell of the score that counts, by the number of its criterion."""
        return self.cell(number, self.score)

    def cells_of(self, column: int) -> str:
        """Return the cells of all criteria in a column."""
        return _down(column, 1, len(self.campaign.criteria))

    @property
    def cells(self) -> ScoreCells:
        """What rules need to know of the scores that count."""
        return self.cells_in(self.score)

    def cells_in(self, column: int) -> ScoreCells:
        """Return what rules need to know of a column of scores; only those that count are vetoed."""
        return ScoreCells(
            span=partial(_down, column),
            points=partial(_down, self.column(Part.POINTS)),
            total=address(self.total_row, column),
            veto=self.veto_cell if column == self.score else "",
        )

    @property
    def total_cell(self) -> str:
        return address(self.total_row, self.score)

    @property
    def state_cell(self) -> str:
        return address(self.state_row, self.column(Part.NUMBER))

    @property
    def veto_cell(self) -> str:
        """The cell of what fails the unit, "" where nothing can."""
        return "" if self.veto_row is None else address(self.veto_row, self.column(Part.NUMBER))


def _columns(campaign: Campaign) -> Iterator[tuple[Part, str]]:
    labels, criteria = campaign.labels, campaign.criteria
    yield Part.GROUP, labels.group
    if any(criterion.subgroup for criterion in criteria):
        yield Part.SUBGROUP, labels.subgroup
    yield Part.NUMBER, labels.standard
    yield Part.TEXT, labels.standard
    if any(criterion.method for criterion in criteria):
        yield Part.METHOD, labels.method
    if any(criterion.evidence for criterion in criteria):
        yield Part.EVIDENCE, labels.evidence
    yield Part.POINTS, labels.points
    yield from ((Part.SCORE, heading) for heading in campaign.score_headings)
    yield from ((Part.ENTRY, heading) for heading in campaign.entry_columns)


def _down(column: int, first: int, last: int) -> str:
    """Return the cells of two criteria in a column, by their numbers, and all between."""
    top, bottom = (address(FIRST_ROW + number - 1, column) for number in (first, last))
    return top if top == bottom else f"{top}:{bottom}"


def absolute(cells: str) -> str:
    """Return an A1 address or range with its dollar signs: ``$E$4:$E$23``."""
    return re.sub(r"([A-Z]+)([0-9]+)", r"$\1$\2", cells)


def reference(sheet: str, cells: str) -> str:
    """Return cells of a sheet as another sheet's formula or link names them."""
    quoted = sheet.replace("'", "''")
    return f"'{quoted}'!{cells}"


@dataclass(frozen=True, slots=True)
class Identity:
    """What a workbook holds about itself on its very hidden sheet."""

    form: str
    campaign: str
    standard: str
    year: str
    town: str
    sheets: Mapping[str, int] = field(default_factory=dict)
    """Sheet name -> number of its community in the roster."""
    supersedes: tuple[str, ...] = ()
    """SHA-256 of the returned files that this workbook is the corrected copy of."""
    copy_id: str = ""
    """The random number of a correction copy, by which the round's journal knows it."""

    def rows(self) -> list[tuple[str, ...]]:
        """Return the rows of the identity sheet."""
        return [
            ("greenxl", self.form),
            ("campaign", self.campaign),
            ("standard", self.standard),
            ("year", self.year),
            ("town", self.town),
            *([("copy", self.copy_id)] if self.copy_id else []),
            *(("supersedes", digest) for digest in self.supersedes),
            *(("sheet", name, str(number)) for name, number in self.sheets.items()),
        ]


def identity_of(
    campaign: Campaign,
    town: str,
    communities: Iterable[Community],
    supersedes: tuple[str, ...] = (),
    copy_id: str = "",
) -> Identity:
    """Return the identity of the workbook that holds the sheets of ``communities``."""
    communities = list(communities)
    names = community_sheet_names(communities)
    return Identity(
        form=FORM_VERSION,
        campaign=campaign.id,
        standard=campaign.standard_hash,
        year=str(campaign.year),
        town=town,
        sheets={name: c.number for name, c in zip(names, communities, strict=True)},
        supersedes=supersedes,
        copy_id=copy_id,
    )


def community_sheet_names(communities: Iterable[Community]) -> list[str]:
    """Return the names of the communities' sheets, in their order; none is that of a sheet of our own."""
    names = [COVER_SHEET, SENDBACK_SHEET, IDENTITY_SHEET, *(c.name for c in communities)]
    return unique_sheet_names(names)[3:]


def parse_identity(rows: Sequence[Sequence[object]]) -> Identity | None:
    """Return the identity that the rows of a sheet state, None where they state none."""
    lines = [[_text(cell) for cell in row] for row in rows if row]
    facts = {line[0]: line[1] for line in lines if len(line) > 1}
    if not {"greenxl", "campaign", "standard", "year", "town"} <= facts.keys():
        return None
    return Identity(
        form=facts["greenxl"],
        campaign=facts["campaign"],
        standard=facts["standard"],
        year=facts["year"],
        town=facts["town"],
        sheets={
            line[1]: int(line[2])
            for line in lines
            if line[0] == "sheet" and len(line) > 2 and line[2].isdecimal() and len(line[2]) < 10
        },
        supersedes=tuple(line[1] for line in lines if line[0] == "supersedes"),
        copy_id=facts.get("copy", ""),
    )


def _text(cell: object) -> str:
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)
