"""One returned file to its score sheets: what stands where, with no opinion about scores.

A form is recognised by its criteria and headings (recognition.py), and told apart by the identity sheet
where there is one; never by position, never by file name.
"""

import hashlib
import io
from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from greenxl.campaign.model import Campaign
from greenxl.findings import Finding, finding
from greenxl.form.layout import (
    COVER_SHEET,
    FORM_VERSION,
    IDENTITY_SHEET,
    REPORT_SHEETS,
    SENDBACK_SHEET,
    Identity,
    parse_identity,
)
from greenxl.returns import kinds
from greenxl.returns.cell_states import broken_cells, covered, has_percentages, hidden_cells
from greenxl.returns.form_finder import extra, find_form, groups, headings
from greenxl.returns.inspection import Workbook, inspect, refusal
from greenxl.returns.intake import (
    DEEPEST,
    Entry,
    Mail,
    Outcome,
    Source,
    content,
    fingerprint,
    members,
    rejected,
)
from greenxl.returns.labels import community_cells, town_cell
from greenxl.returns.model import (
    FAR_COLUMNS,
    FAR_ROWS,
    BoxError,
    Broken,
    Cell,
    Doubt,
    FoundForm,
    Grid,
    Percent,
)
from greenxl.returns.safe_zip import ArchiveError
from greenxl.returns.sheet_scan import MOST_CELLS, Merge

if TYPE_CHECKING:
    from python_calamine import CalamineWorkbook

from greenxl.returns.model import Line, ScoreSheet


@dataclass(frozen=True, slots=True)
class Reading:
    """All that one file gave."""

    entry: Entry
    sheets: tuple[ScoreSheet, ...] = ()
    findings: tuple[Finding, ...] = ()
    attached: tuple["Reading", ...] = ()
    """What the attachments gave, where the file is a mail."""
    source: Source | None = None
    """Where an attachment's bytes are."""

    def all(self) -> Iterator["Reading"]:
        """Yield the reading itself, then those of its attachments."""
        yield self
        for one in self.attached:
            yield from one.all()


def read(source: Source, campaign: Campaign) -> Reading:
    """Return what the file holds; whatever is wrong with it is a finding, never an exception."""
    try:
        data = content(source)
    except PermissionError:
        reason = finding("file-locked", source.name)
    except ArchiveError as error:
        reason = refusal(source.name, error)
    except OSError as error:
        reason = finding("file-unreadable", source.name, found=error.strerror or str(error))
    else:
        if kinds.kind_of(source.name, data) is kinds.Container.MAIL and len(source.inside) <= DEEPEST:
            return _read_mail(source, data, campaign)
        return read_bytes(source.name, data, campaign)
    digest, size = (None, None) if source.inside else fingerprint(source.path)
    return _rejected(Entry(source.name, digest, size, Outcome.READ), reason)


def read_bytes(name: str, data: bytes, campaign: Campaign) -> Reading:
    """Return what a workbook's bytes hold (see :func:`read`)."""
    import python_calamine

    entry = Entry(name, hashlib.sha256(data).hexdigest(), len(data), Outcome.READ)
    looked = inspect(name, data)
    if isinstance(looked, Finding):
        return _rejected(entry, looked)
    try:
        with python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(looked.data)) as book:
            return _read_book(entry, looked, book, campaign)
    except python_calamine.PasswordError:
        return _rejected(entry, finding("file-password", name))
    except BoxError as error:
        cells, limit = f"{error.cells:,}", f"{MOST_CELLS:,}"
        return _rejected(entry, finding("unsafe-box", name, error.sheet, found=cells, limit=limit))
    except (python_calamine.CalamineError, OSError, ValueError) as error:
        return _rejected(entry, finding("file-damaged", name, found=str(error)))


def _read_mail(source: Source, data: bytes, campaign: Campaign) -> Reading:
    """Return what a mail's attachments hold; its own line is like an archive's."""
    entry = Entry(source.name, hashlib.sha256(data).hexdigest(), len(data), Outcome.READ)
    try:
        found = list(members(source, Mail(data)))
    except ArchiveError as error:
        return _rejected(entry, refusal(source.name, error))
    attached = tuple(
        replace(read(one, campaign), source=one) if isinstance(one, Source) else _unread(one)
        for one in found
        if not isinstance(one, Finding)
    )
    if not attached:
        return _rejected(entry, finding("mail-empty", source.name))
    notes = tuple(one for one in found if isinstance(one, Finding))
    return Reading(
        replace(entry, reason=finding("mail-opened", source.name)), findings=notes, attached=attached
    )


def _unread(entry: Entry) -> Reading:
    reasons = (entry.reason,) if entry.reason and entry.outcome is Outcome.REJECTED else ()
    return Reading(entry, findings=reasons)


def _rejected(entry: Entry, reason: Finding) -> Reading:
    return Reading(rejected(entry, reason), findings=(reason,))


def _read_book(entry: Entry, looked: Workbook, book: "CalamineWorkbook", campaign: Campaign) -> Reading:
    if set(book.sheet_names) >= REPORT_SHEETS:
        note = finding("skipped-report", entry.file)
        return Reading(
            replace(entry, outcome=Outcome.SKIPPED, reason=note, own_report=True), findings=(note,)
        )
    identity = _identity(book)
    if identity and identity.campaign != campaign.id:
        reason = finding("other-campaign", entry.file, found=identity.campaign, wanted=campaign.id)
        return _rejected(entry, reason)
    sheets: list[ScoreSheet] = []
    merges: dict[str, Iterable[Merge]] = {}
    findings = [*looked.findings, *_issued_otherwise(entry, book, identity, campaign)]
    doubts: list[Finding] = []
    for name in sheet_names(book):
        if name == IDENTITY_SHEET or (identity and name in (COVER_SHEET, SENDBACK_SHEET)):
            continue
        grid = Grid.of(book, name)
        form = find_form(grid, campaign, issued=identity is not None and name in identity.sheets)
        if isinstance(form, Doubt):
            doubts.append(_doubted(entry, name, form, campaign))
        elif form:
            sheets.append(_score_sheet(entry, name, grid, form, identity, campaign))
            merges[name] = grid.merges or looked.merges(name)
            findings += _astray(entry, name, grid, form)
        elif grid.rows:
            findings.append(finding("sheet-ignored", entry.file, name))
    if not sheets:
        reason, *others = doubts or [finding("no-form", entry.file)]
        return Reading(rejected(entry, reason), findings=(reason, *others))
    findings += doubts
    findings += _hidden(sheets, looked, hidden_sheets(book))
    seen = _looked_again(sheets, looked, merges)
    return Reading(replace(entry, sheets_read=len(sheets)), seen, tuple(findings))


def _looked_again(
    sheets: list[ScoreSheet], looked: Workbook, merges: Mapping[str, Iterable[Merge]]
) -> tuple[ScoreSheet, ...]:
    """Return the sheets with those score cells told apart that are not what calamine gave."""
    all_of_them = has_percentages(looked)
    doubtful = {
        s.sheet: [line.score.address for line in s.lines if line.score.value is None or all_of_them]
        for s in sheets
    }
    broken = broken_cells(looked, {name: cells for name, cells in doubtful.items() if cells})
    return tuple(
        _with_seen(replace(sheet, saved=looked.saved), broken, merges[sheet.sheet]) for sheet in sheets
    )


def _with_seen(
    sheet: ScoreSheet, broken: Mapping[tuple[str, str], Broken | Percent], merges: Iterable[Merge]
) -> ScoreSheet:
    under = covered((line.score.address for line in sheet.lines), merges)
    if not (broken or under):
        return sheet

    def seen(cell: Cell) -> Cell:
        found = under.get(cell.address) or broken.get((sheet.sheet, cell.address))
        return replace(cell, value=found) if found else cell

    return replace(sheet, lines=tuple(replace(line, score=seen(line.score)) for line in sheet.lines))


def _hidden(sheets: list[ScoreSheet], looked: Workbook, hidden: Container[str]) -> Iterator[Finding]:
    """Yield the warnings about scores that nobody sees on opening the workbook."""
    scores = {s.sheet: [x.score.address for x in s.lines if x.score.value is not None] for s in sheets}
    cells = hidden_cells(looked, scores)
    for sheet in sheets:
        if sheet.sheet in hidden:
            yield finding("sheet-hidden", sheet.file, sheet.sheet)
        elif sheet.sheet in cells:
            unseen = cells[sheet.sheet]
            yield finding("scores-hidden", sheet.file, sheet.sheet, cells=unseen, found=unseen)


def _astray(entry: Entry, name: str, grid: Grid, form: FoundForm) -> Iterator[Finding]:
    """Yield a warning about the first value far below or right of the form."""
    below = form.last_row + FAR_ROWS
    right = form.score_column + FAR_COLUMNS
    if len(grid.rows) <= below and len(grid.rows[0]) <= right:
        return
    for row, line in enumerate(grid.rows):
        first = 0 if row > below else right
        column = next((c for c, value in enumerate(line[first:], first) if value != ""), None)
        if column is not None:
            cell = grid.cell(row, column)
            yield finding("stray-value", entry.file, name, cell.address, str(cell.value))
            return


def _doubted(entry: Entry, sheet: str, doubt: Doubt, campaign: Campaign) -> Finding:
    return finding(doubt.code, entry.file, sheet, doubt.cell.address, doubt.found, all=len(campaign.criteria))


def _issued_otherwise(
    entry: Entry, book: "CalamineWorkbook", identity: Identity | None, campaign: Campaign
) -> Iterator[Finding]:
    """Yield what the identity sheet says against the campaign that the file is read for."""
    if identity is None:
        if IDENTITY_SHEET in book.sheet_names:
            yield finding("identity-damaged", entry.file)
        return
    if identity.form != FORM_VERSION:
        yield finding("form-version", entry.file, found=identity.form, wanted=FORM_VERSION)
    if identity.standard != campaign.standard_hash:
        yield finding("standard-changed", entry.file)


def _identity(book: "CalamineWorkbook") -> Identity | None:
    if IDENTITY_SHEET not in book.sheet_names:
        return None
    return parse_identity(book.get_sheet_by_name(IDENTITY_SHEET).to_python())


def sheet_names(book: "CalamineWorkbook") -> list[str]:
    """Return the sheets that have cells: neither charts nor dialogues nor programs."""
    kinds = ("WorkSheet", "MacroSheet")
    return [sheet.name for sheet in book.sheets_metadata if str(sheet.typ).rpartition(".")[2] in kinds]


def hidden_sheets(book: "CalamineWorkbook") -> set[str]:
    return {s.name for s in book.sheets_metadata if not str(s.visible).endswith(".Visible")}


def _score_sheet(
    entry: Entry,
    name: str,
    grid: Grid,
    form: FoundForm,
    identity: Identity | None,
    campaign: Campaign,
) -> ScoreSheet:
    lines = tuple(
        Line(
            number,
            grid.cell(row, column),
            None if form.points_column is None else grid.cell(row, form.points_column),
            grid.cell(row, form.score_column),
        )
        for row, column, number in form.lines
    )
    named = community_cells(grid, form, campaign)
    return ScoreSheet(
        entry.file,
        entry.sha256 or "",
        name,
        named[0] if named else None,
        town_cell(grid, form, campaign),
        lines,
        None if form.total_row is None else grid.cell(form.total_row, form.score_column),
        identity,
        headings(grid, form),
        groups(grid, form, campaign),
        extra(grid, form, campaign),
        tuple(grid.cell(form.top, column) for column in form.rivals),
        grid.cell(form.top, form.score_column) if form.headed_otherwise else None,
        named[1:],
    )
