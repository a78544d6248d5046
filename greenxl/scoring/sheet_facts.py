"""What is kept of a score sheet once it is checked: little, since each unit has one. Pure."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, time
from functools import lru_cache

from greenxl.form.layout import FIELD_LABELS, Identity
from greenxl.names import quoted
from greenxl.returns.model import ScoreSheet
from greenxl.scoring.score import show
from greenxl.workbooks.cells import Cell

_MOST_QUOTED = 20
"""Texts beside the scores that are kept of one sheet."""


@dataclass(frozen=True, slots=True)
class LineCells:
    """The cells of a sheet's lines, downwards: most sheets have them where they were issued."""

    numbers: tuple[int, ...]
    """Of the criteria."""
    scores: tuple[str, ...]
    """Addresses in the column that counts."""
    entries: tuple[tuple[str | None, ...], ...]
    """Addresses in the columns of texts to fill in, as :attr:`greenxl.returns.model.Line.entries`."""

    def __reduce__(self) -> tuple[object, ...]:
        return _line_cells, (self.numbers, self.scores, self.entries)

    def scores_of(self, numbers: Collection[int]) -> list[str]:
        """Return the cells of the scores of these criteria."""
        return [cell for number, cell in zip(self.numbers, self.scores, strict=True) if number in numbers]

    def first_score_of(self, number: int) -> str:
        """Return the cell of a criterion's score, the first of several, "" where there is none."""
        return next(iter(self.scores_of((number,))), "")


@lru_cache(maxsize=1024)
def _line_cells(
    numbers: tuple[int, ...], scores: tuple[str, ...], entries: tuple[tuple[str | None, ...], ...]
) -> LineCells:
    """Return these cells, the same object for all sheets that have them there."""
    return LineCells(numbers, scores, entries)


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetFacts:
    """Where a score sheet is from, and what correction copies need of it besides its scores."""

    file: str
    sha256: str
    sheet: str
    saved: datetime | None
    """When its workbook was last saved, by the workbook's own properties."""
    issued_to: str | None
    """The town by its workbook's identity, None where it has none."""
    town: str | None
    """The town that is named on it."""
    copy: Identity | None
    """Its workbook's identity, where that says that it is a correction copy."""
    cells: LineCells
    fields: str
    """Who filled it in, when and so on: a line for each of ``FIELD_LABELS``, "" where nobody said."""
    remarks: tuple[str, ...]
    """The first texts right of the scores, as a message quotes them."""
    merged_from: str = ""
    """The consolidated workbook in which its file came, "" for a file that was returned itself."""


def facts_of(sheet: ScoreSheet) -> SheetFacts:
    """Return what is kept of a sheet."""
    identity, town = sheet.identity, sheet.town.value if sheet.town else None
    return SheetFacts(
        file=sheet.file,
        sha256=sheet.sha256,
        sheet=sheet.sheet,
        saved=sheet.saved,
        issued_to=identity.town if identity else None,
        town=town if isinstance(town, str) else None,
        copy=identity if identity and (identity.copy_id or identity.supersedes) else None,
        cells=_cells_of(sheet),
        fields="\n".join(_typed(sheet.fields.get(label)) for label in FIELD_LABELS) if sheet.fields else "",
        remarks=_remarks(sheet),
    )


def _cells_of(sheet: ScoreSheet) -> LineCells:
    return _line_cells(
        tuple([line.number for line in sheet.lines]),
        tuple([line.score.address for line in sheet.lines]),
        tuple([tuple([cell and cell.address for cell in line.entries]) for line in sheet.lines]),
    )


def _remarks(sheet: ScoreSheet) -> tuple[str, ...]:
    found = [f"{cell.address} {quoted(show(cell))}" for cell in sheet.remarks[:_MOST_QUOTED]]
    return (*found, *["…"] * (len(sheet.remarks) > _MOST_QUOTED))


def _typed(cell: Cell | None) -> str:
    """Return what a cell shows, in one line; a day without its midnight."""
    if cell is None:
        return ""
    value = cell.value
    if isinstance(value, datetime) and value.time() == time() and not cell.shown:
        return value.date().isoformat()
    return quoted(show(cell))
