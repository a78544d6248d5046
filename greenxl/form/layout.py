"""The official form (Attachment 1 of the plan) and the hidden identity of a workbook.

Shared by the writer of blanks and the reader of returns, so that the two cannot drift.
Rows and columns count from 0, as XlsxWriter does.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from greenxl.campaign.model import Campaign, Community
from greenxl.campaign.rules import ScoreCells
from greenxl.names import unique_sheet_names
from greenxl.workbooks.cells import address

FORM_VERSION = "1"
COVER_SHEET = "填报说明"
SENDBACK_SHEET = "退回说明"
"""The first sheet of a correction copy."""
IDENTITY_SHEET = "_greenxl"
SCORES_SHEET = "得分"
"""How the name of a consolidated workbook's sheet of scores ends, whatever its units are called."""
_REPORT_SHEETS = {"总览", "问题清单", "文件台账"}
"""Others by which such a workbook is known."""

FIELD_LABELS = ("填报人", "审核人", "联系电话", "填报日期", "负责人（盖章）")
STATE_LABEL = "填报状态"

GROUP, NUMBER, TEXT, POINTS, SCORE = range(5)
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


@dataclass(frozen=True, slots=True)
class Layout:
    """The rows and cells of a community's sheet, given the number of criteria."""

    criteria: int

    @property
    def last_row(self) -> int:
        return FIRST_ROW + self.criteria - 1

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
    def field_rows(self) -> tuple[int, int, int]:
        return self.state_row + 1, self.state_row + 2, self.state_row + 3

    @property
    def score_cells(self) -> str:
        return f"{address(FIRST_ROW, SCORE)}:{address(self.last_row, SCORE)}"

    @property
    def points_cells(self) -> str:
        return f"{address(FIRST_ROW, POINTS)}:{address(self.last_row, POINTS)}"

    def scores(self, first: int, last: int) -> str:
        """Return the cells of the scores of two criteria, by their numbers, and all between."""
        return _down(SCORE, first, last)

    def points(self, first: int, last: int) -> str:
        """Return the cells of their points."""
        return _down(POINTS, first, last)

    @property
    def cells(self) -> ScoreCells:
        """What rules need to know of the sheet."""
        return ScoreCells(self.scores, self.points, self.total_cell)

    @property
    def total_cell(self) -> str:
        return address(self.total_row, SCORE)

    @property
    def state_cell(self) -> str:
        return address(self.state_row, NUMBER)


def _down(column: int, first: int, last: int) -> str:
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
