"""One returned file to its score sheets: what the cells hold, with no opinion about scores.

A form is recognised by its criteria and headings (form_finder.py), and told apart by the identity sheet
where there is one; never by position, never by file name.
"""

import hashlib
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from itertools import islice

from greenxl.campaign.model import Campaign
from greenxl.catalogue import Severity
from greenxl.findings import Finding, finding
from greenxl.form.layout import (
    COVER_SHEET,
    DATA_SHEET,
    FORM_VERSION,
    IDENTITY_SHEET,
    NOTICE_SHEET,
    SCORES_SHEET,
    SENDBACK_SHEET,
    TASKS_SHEET,
    Identity,
    is_report,
    parse_identity,
)
from greenxl.returns.form_finder import extra, find_form, groups, headings
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
from greenxl.returns.labels import community_cells, field_cells, remark_cells, town_cell
from greenxl.returns.model import FAR_COLUMNS, FAR_ROWS, Doubt, FoundForm, Grid, Hit, Line, ScoreSheet
from greenxl.system_errors import reason_of
from greenxl.workbooks import kinds
from greenxl.workbooks.cells import Cell, SheetCells, Visibility, WorkbookCells
from greenxl.workbooks.opening import Workbook, open_workbook, refusal
from greenxl.workbooks.safe_zip import ArchiveError

_MOST_REMARKS = 100
"""Texts beside the scores of a sheet that are remembered."""


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
    report: WorkbookCells | None = None
    """What a consolidated workbook holds that can be merged again."""

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
        reason = finding("file-unreadable", source.name, found=reason_of(error))
    else:
        if kinds.kind_of(source.name, data) is kinds.Container.MAIL and len(source.inside) <= DEEPEST:
            return _read_mail(source, data, campaign)
        return read_bytes(source.name, data, campaign)
    digest, size = (None, None) if source.inside else fingerprint(source.path)
    return _rejected(Entry(source.name, digest, size, Outcome.READ), reason)


def read_bytes(name: str, data: bytes, campaign: Campaign) -> Reading:
    """Return what a workbook's bytes hold (see :func:`read`)."""
    entry = Entry(name, hashlib.sha256(data).hexdigest(), len(data), Outcome.READ)
    book = open_workbook(name, data, _needed)
    return _rejected(entry, book) if isinstance(book, Finding) else _read_book(entry, book, campaign)


def _needed(sheets: Collection[str]) -> Collection[str]:
    """Return the sheets to read: of a consolidated workbook the scores and what is merged, else all."""
    if DATA_SHEET not in sheets:
        return sheets
    return [name for name in sheets if name.startswith(DATA_SHEET) or name.endswith(SCORES_SHEET)]


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


def _read_book(entry: Entry, opened: Workbook, campaign: Campaign) -> Reading:
    book = opened.cells
    whole = book.sheet(DATA_SHEET) is not None
    if whole or is_report(sheet.name for sheet in book.sheets):
        note = finding(
            "rollup-without-data" if campaign.counties and not whole else "skipped-report", entry.file
        )
        skipped = replace(entry, outcome=Outcome.SKIPPED, reason=note, own_report=True)
        return Reading(skipped, findings=(note,), report=book if whole else None)
    identity = identity_in(book)
    if identity and identity.campaign != campaign.id:
        reason = finding("other-campaign", entry.file, found=identity.campaign, wanted=campaign.id)
        return _rejected(entry, reason)
    found = [_read_sheet(entry, sheet, book, identity, campaign) for sheet in _possible(book, identity)]
    doubts = [one for _sheet, about in found for one in about if one.severity is Severity.ERROR]
    sheets = tuple(sheet for sheet, _about in found if sheet)
    if not sheets and book.sheet(NOTICE_SHEET):
        note = finding("skipped-notice", entry.file)
        return Reading(replace(entry, outcome=Outcome.SKIPPED, reason=note), findings=(note,))
    if not sheets:
        reason, *others = doubts or [finding("no-form", entry.file)]
        return Reading(rejected(entry, reason), findings=(reason, *others))
    about = (one for _sheet, about in found for one in about)
    findings = (
        *opened.findings,
        *_active(entry, book),
        *_issued_otherwise(entry, book, identity, campaign),
        *about,
    )
    return Reading(replace(entry, sheets_read=len(sheets)), sheets, findings)


def _possible(book: WorkbookCells, identity: Identity | None) -> list[SheetCells]:
    """Return the sheets that may hold a form: those of our own that hold none are left out."""
    own = {IDENTITY_SHEET} | ({COVER_SHEET, SENDBACK_SHEET} if identity else set())
    own |= {NOTICE_SHEET, TASKS_SHEET} if book.sheet(NOTICE_SHEET) else set()
    return [sheet for sheet in book.sheets if sheet.name not in own]


def _read_sheet(
    entry: Entry, sheet: SheetCells, book: WorkbookCells, identity: Identity | None, campaign: Campaign
) -> tuple[ScoreSheet | None, list[Finding]]:
    grid = Grid(sheet)
    form = find_form(grid, campaign, issued=identity is not None and sheet.name in identity.sheets)
    if isinstance(form, Doubt):
        place = entry.file, sheet.name, form.cell.address
        criteria = len(campaign.criteria)
        return None, [finding(form.code, *place, form.found, all=criteria, wanted=form.wanted)]
    if form is None:
        return None, [finding("sheet-ignored", entry.file, sheet.name)] if sheet.rows else []
    score_sheet = _score_sheet(entry, grid, form, book, identity, campaign)
    return score_sheet, [*_hidden(score_sheet, sheet), *_astray(entry, grid, form)]


def _active(entry: Entry, book: WorkbookCells) -> Iterator[Finding]:
    if book.macros:
        yield finding("file-macros", entry.file)
    if book.links:
        yield finding("file-links", entry.file)


def _hidden(score_sheet: ScoreSheet, sheet: SheetCells) -> Iterator[Finding]:
    """Yield the warnings about scores that nobody sees on opening the workbook."""
    if sheet.state is not Visibility.VISIBLE:
        yield finding("sheet-hidden", score_sheet.file, score_sheet.sheet)
        return
    scores = (line.score for line in score_sheet.lines)
    unseen = [cell.address for cell in scores if cell.hidden and cell.value is not None]
    if unseen:
        place = score_sheet.file, score_sheet.sheet
        yield finding("scores-hidden", *place, cells=unseen, found=unseen)


def _astray(entry: Entry, grid: Grid, form: FoundForm) -> Iterator[Finding]:
    """Yield a warning about the first value far below or right of the form."""
    below = form.last_row + FAR_ROWS
    right = form.last_column + FAR_COLUMNS
    for row, line in grid.sheet.rows.items():
        if row <= below and max(line, default=0) < right:
            continue
        column = next((c for c in grid.columns(row) if row > below or c >= right), None)
        if column is not None:
            cell = grid.cell(row, column)
            yield finding("stray-value", entry.file, grid.sheet.name, cell.address, _found(cell))
            return


def _found(cell: Cell) -> str:
    """Return what a cell shows, near enough to be found by it."""
    value = cell.value
    return cell.shown or (f"{value:.15g}" if isinstance(value, float) else str(value))


def _issued_otherwise(
    entry: Entry, book: WorkbookCells, identity: Identity | None, campaign: Campaign
) -> Iterator[Finding]:
    """Yield in what the identity sheet differs from the campaign that the file is read for."""
    if identity is None:
        yield finding("identity-damaged" if book.sheet(IDENTITY_SHEET) else "identity-missing", entry.file)
        return
    if identity.form != FORM_VERSION:
        yield finding("form-version", entry.file, found=identity.form, wanted=FORM_VERSION)
    if identity.year != str(campaign.year):
        yield finding("identity-unknown", entry.file, found=identity.year)
    if campaign.find_town(identity.town) is None:
        yield finding("identity-unknown", entry.file, found=identity.town)
    if identity.standard != campaign.standard_hash:
        yield finding("standard-changed", entry.file)


def identity_in(book: WorkbookCells) -> Identity | None:
    """Return what a workbook holds about itself, None where it holds nothing of the kind."""
    sheet = book.sheet(IDENTITY_SHEET)
    return parse_identity([list(row.values()) for row in sheet.rows.values()]) if sheet else None


def _line(grid: Grid, form: FoundForm, hit: Hit) -> Line:
    points_column = () if form.points_column is None else (form.points_column,)
    text, score, *points = grid.cells(hit.row, (hit.column, form.score_column, *points_column))
    return Line(
        hit.number,
        text,
        points[0] if points else None,
        score,
        columns=tuple([None if c is None else grid.cell(hit.row, c) for c in form.score_columns]),
        entries=tuple([None if c is None else _entry(grid, hit.row, c) for c in form.entry_columns]),
    )


def _entry(grid: Grid, row: int, column: int) -> Cell:
    """Return the cell of a text beside a criterion, or the one that covers it from above."""
    over = grid.sheet.covering(row, column)
    return grid.cell(over.top, over.left) if over and over.left == column else grid.cell(row, column)


def _score_sheet(
    entry: Entry,
    grid: Grid,
    form: FoundForm,
    book: WorkbookCells,
    identity: Identity | None,
    campaign: Campaign,
) -> ScoreSheet:
    lines = tuple([_line(grid, form, hit) for hit in form.lines])
    named = community_cells(grid, form, campaign)
    return ScoreSheet(
        file=entry.file,
        sha256=entry.sha256 or "",
        sheet=grid.sheet.name,
        community=named[0] if named else None,
        town=town_cell(grid, form, campaign),
        lines=lines,
        total=None if form.total_row is None else grid.cell(form.total_row, form.score_column),
        identity=identity,
        headings=headings(grid, form, campaign),
        groups=groups(grid, form, campaign),
        extra=extra(grid, form, campaign),
        rivals=tuple(grid.cell(form.top, column) for column in form.rivals),
        headed=grid.cell(form.top, form.score_column) if form.headed_otherwise else None,
        named_too=named[1:],
        beside=tuple(grid.cell(row, column) for row, column in form.beside),
        fields=field_cells(grid, form, campaign),
        remarks=tuple(islice(remark_cells(grid, form), _MOST_REMARKS)),
        calculated=book.calculated,
        saved=book.saved,
    )
