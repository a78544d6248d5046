"""One returned file to its score sheets: what stands where, with no opinion about scores.

A form is found by the criteria and headings of the campaign wherever they stand on a sheet, and told
apart by the identity sheet where there is one; never by position, never by file name.
"""

import difflib
import hashlib
import io
import re
import unicodedata
from collections import Counter
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from greenxl.archive import ArchiveError
from greenxl.campaign import Campaign
from greenxl.container import Workbook, look
from greenxl.findings import Finding, finding
from greenxl.form import (
    COMMUNITY_LABEL,
    COVER_SHEET,
    IDENTITY_SHEET,
    SENDBACK_SHEET,
    TOWN_LABEL,
    Identity,
    address,
    parse_identity,
)
from greenxl.intake import Entry, Source, content, fingerprint, rejected
from greenxl.names import key, one_line
from greenxl.pages import MOST_CELLS, Merge
from greenxl.second_look import Broken, Merged, broken_cells, covered, hidden_cells

if TYPE_CHECKING:
    from python_calamine import CalamineWorkbook

Value = None | str | float | bool | date | time | timedelta
"""A cell as calamine gives it; None where nothing stands (datetime is a date)."""

TOTAL_LABELS = ("合计", "总计", "总分", "合计得分")
"""What people type for the last row's label where they type the form by hand."""

SIMILAR = 0.6
"""From this ratio of :mod:`difflib` on, a changed text is still the same criterion."""


FAR_ROWS, FAR_COLUMNS = 50, 20
"""From the last criterion and the score column: what stands further off is none of the form's."""
FOUND_LENGTH = 60
"""Characters that a message quotes."""


@dataclass(frozen=True, slots=True)
class Cell:
    address: str
    value: Value | Broken | Merged


@dataclass(frozen=True, slots=True)
class Line:
    """A criterion as it came back."""

    number: int
    text: Cell
    points: Cell | None
    score: Cell


@dataclass(frozen=True, slots=True)
class ScoreSheet:
    file: str
    sha256: str
    sheet: str
    community: Cell | None
    town: Cell | None
    lines: tuple[Line, ...]
    total: Cell | None
    identity: Identity | None
    headings: tuple[Cell, ...] = ()
    """The four header cells, where a header row was found."""
    groups: tuple[Cell, ...] = ()
    """The group cell beside the first criterion of each group that has one."""
    extra: tuple[Cell, ...] = ()
    """Texts that stand among the criteria and are none of the campaign's."""
    saved: datetime | None = None
    """When its workbook was last saved, by the workbook's own properties."""


@dataclass(frozen=True, slots=True)
class Reading:
    """All that one file gave."""

    entry: Entry
    sheets: tuple[ScoreSheet, ...] = ()
    findings: tuple[Finding, ...] = ()


def read(source: Source, campaign: Campaign) -> Reading:
    """Return what the file holds; whatever is wrong with it is a finding, never an exception."""
    try:
        data = content(source)
    except PermissionError:
        reason = finding("file-locked", source.name)
    except ArchiveError as error:
        reason = finding(error.code, source.name, found=error.found, limit=error.limit)
    except OSError as error:
        reason = finding("file-unreadable", source.name, found=error.strerror or str(error))
    else:
        return read_bytes(source.name, data, campaign)
    digest, size = (None, None) if source.inside else fingerprint(source.path)
    return _rejected(Entry(source.name, digest, size, "read"), reason)


def read_bytes(name: str, data: bytes, campaign: Campaign) -> Reading:
    """Return what a workbook's bytes hold (see :func:`read`)."""
    import python_calamine

    entry = Entry(name, hashlib.sha256(data).hexdigest(), len(data), "read")
    looked = look(name, data)
    if isinstance(looked, Finding):
        return _rejected(entry, looked)
    try:
        with python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(looked.data)) as book:
            return _read_book(entry, looked, book, campaign)
    except python_calamine.PasswordError:
        return _rejected(entry, finding("file-password", name))
    except BoxError as error:
        far = {"found": f"{error.cells:,}", "limit": f"{MOST_CELLS:,}"}
        return _rejected(entry, finding("unsafe-box", name, error.sheet, **far))
    except (python_calamine.CalamineError, OSError, ValueError) as error:
        return _rejected(entry, finding("file-damaged", name, found=str(error)))


def _rejected(entry: Entry, reason: Finding) -> Reading:
    return Reading(rejected(entry, reason), findings=(reason,))


def _read_book(entry: Entry, looked: Workbook, book: "CalamineWorkbook", campaign: Campaign) -> Reading:
    identity = _identity(book)
    if identity and identity.campaign != campaign.id:
        reason = finding("other-campaign", entry.file, found=identity.campaign, wanted=campaign.id)
        return _rejected(entry, reason)
    sheets: list[ScoreSheet] = []
    merges: dict[str, Iterable[Merge]] = {}
    findings = list(looked.findings)
    for name in sheet_names(book):
        if name == IDENTITY_SHEET or (identity and name in (COVER_SHEET, SENDBACK_SHEET)):
            continue
        grid = Grid.of(book, name)
        form = find_form(grid, campaign)
        if form:
            sheets.append(_score_sheet(entry, name, grid, form, identity, campaign))
            merges[name] = grid.merges or looked.merges(name)
            findings += _astray(entry, name, grid, form)
        elif grid.rows:
            findings.append(finding("sheet-ignored", entry.file, name))
    if not sheets:
        return _rejected(entry, finding("no-form", entry.file))
    findings += _hidden(sheets, looked, hidden_sheets(book))
    seen = _looked_again(sheets, looked, merges)
    return Reading(replace(entry, sheets_read=len(sheets)), seen, tuple(findings))


def _looked_again(
    sheets: list[ScoreSheet], looked: Workbook, merges: Mapping[str, Iterable[Merge]]
) -> tuple[ScoreSheet, ...]:
    """Return the sheets with their broken and merged score cells told apart from the blank ones."""
    doubtful = {
        s.sheet: [line.score.address for line in s.lines if line.score.value is None or looked.kind == "ods"]
        for s in sheets
    }
    broken = broken_cells(looked, {name: cells for name, cells in doubtful.items() if cells})
    return tuple(
        _with_seen(replace(sheet, saved=looked.saved), broken, merges[sheet.sheet]) for sheet in sheets
    )


def _with_seen(
    sheet: ScoreSheet, broken: Mapping[tuple[str, str], Broken], merges: Iterable[Merge]
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
            yield finding("scores-hidden", sheet.file, sheet.sheet, unseen[0], "、".join(unseen))


def _astray(entry: Entry, name: str, grid: "Grid", form: "FoundForm") -> Iterator[Finding]:
    """Yield a warning about the first value far below or right of the form."""
    below = form.lines[-1][0] + FAR_ROWS
    right = form.score_column + FAR_COLUMNS
    if len(grid.rows) <= below and len(grid.rows[0]) <= right:
        return
    for row, line in enumerate(grid.rows):
        first = 0 if row > below else right
        column = next((c for c, value in enumerate(line[first:], first) if value != ""), None)
        if column is not None:
            cell = grid.cell(row, column)
            yield finding("stray-value", entry.file, name, cell.address, str(cell.value)[:FOUND_LENGTH])
            return


def _identity(book: "CalamineWorkbook") -> Identity | None:
    if IDENTITY_SHEET not in book.sheet_names:
        return None
    return parse_identity(book.get_sheet_by_name(IDENTITY_SHEET).to_python())


class BoxError(Exception):
    """A sheet whose values lie further apart than is read."""

    def __init__(self, sheet: str, cells: int) -> None:
        super().__init__(sheet, cells)
        self.sheet, self.cells = sheet, cells


def sheet_names(book: "CalamineWorkbook") -> list[str]:
    """Return the sheets that have cells: neither charts nor dialogues nor programs."""
    kinds = ("WorkSheet", "MacroSheet")
    return [sheet.name for sheet in book.sheets_metadata if str(sheet.typ).rpartition(".")[2] in kinds]


def hidden_sheets(book: "CalamineWorkbook") -> set[str]:
    return {s.name for s in book.sheets_metadata if not str(s.visible).endswith(".Visible")}


@dataclass(frozen=True, slots=True)
class Grid:
    """The valued box of a sheet, addressed as its sender sees it."""

    rows: Sequence[Sequence[Value]]
    top: int
    left: int
    merges: Sequence[Merge] = ()
    """Counted from the sheet's own first cell."""

    @classmethod
    def of(cls, book: "CalamineWorkbook", name: str) -> "Grid":
        """:raises BoxError: its values lie too far apart."""
        sheet = book.get_sheet_by_name(name)
        if sheet.height * sheet.width > MOST_CELLS:
            raise BoxError(name, sheet.height * sheet.width)
        top, left = sheet.start or (0, 0)
        return cls(sheet.to_python(), top, left, sheet.merged_cell_ranges or ())

    def cell(self, row: int, column: int) -> Cell:
        """Return the cell at a row and column of the box; beyond its edge nothing stands."""
        line = self.rows[row] if 0 <= row < len(self.rows) else ()
        value = line[column] if 0 <= column < len(line) else None
        return Cell(address(self.top + row, self.left + column), None if value == "" else value)

    def texts(self, first: int = 0, last: int | None = None) -> Iterator[tuple[int, int, str]]:
        """Yield (row, column, key) of every text, downwards and to the right."""
        for row, line in enumerate(self.rows[first:last], first):
            for column, value in enumerate(line):
                if isinstance(value, str) and value:
                    yield row, column, key(value)


@dataclass(frozen=True, slots=True)
class FoundForm:
    """Where a form stands in a grid."""

    header_row: int
    """The row before the first criterion where there is no header."""
    text_column: int
    points_column: int | None
    score_column: int
    lines: tuple[tuple[int, int], ...]
    """(row, criterion number), downwards."""
    total_row: int | None


def find_form(grid: Grid, campaign: Campaign) -> FoundForm | None:
    """Return where the campaign's form stands, None where at least half of its criteria do not."""
    known = {key(c.text): c.number for c in campaign.criteria}
    hits = [(row, column) for row, column, text in grid.texts() if unnumbered(text) in known]
    if 2 * len({grid.rows[r][c] for r, c in hits}) < len(known):
        return None
    text_column = Counter(column for _row, column in hits).most_common(1)[0][0]
    first = min(row for row, column in hits if column == text_column)
    last = max(row for row, column in hits if column == text_column)
    header_row, points_column, score_column = _columns(grid, campaign, first, text_column)
    if score_column is None:
        return None
    totals = {_bare(campaign.labels.total), *TOTAL_LABELS}
    total_row = next((r for r, _c, text in grid.texts(first) if _bare(text) in totals), None)
    below = total_row if total_row is not None else last + 2
    lines = _lines(grid, campaign, known, text_column, range(header_row + 1, below))
    return FoundForm(header_row, text_column, points_column, score_column, tuple(lines), total_row)


def _columns(
    grid: Grid, campaign: Campaign, first: int, text_column: int
) -> tuple[int, int | None, int | None]:
    """Return (header row, points column, score column), by their headings, else by the printed points."""
    score, points = _bare(campaign.labels.score), _bare(campaign.labels.points)
    for row in range(first - 1, -1, -1):
        texts = {column: text for r, column, text in grid.texts(row, row + 1)}
        scores = [c for c, text in texts.items() if c > text_column and _names(text, score, points)]
        if scores:
            stated = [c for c, text in texts.items() if _names(text, points, score)]
            printed = stated[0] if stated else _columns_by_points(grid, campaign, text_column)[0]
            return row, printed, scores[0]
    return first - 1, *_columns_by_points(grid, campaign, text_column)


def _names(text: str, label: str, other: str) -> bool:
    """Whether a heading is the label, also shortened or with a unit, and not the other label."""
    return text.startswith(label) and not (len(other) > len(label) and text.startswith(other))


def _columns_by_points(grid: Grid, campaign: Campaign, text_column: int) -> tuple[int | None, int | None]:
    printed = [grid.cell(row, text_column + 1).value for row in range(len(grid.rows))]
    wanted = {float(c.points) for c in campaign.criteria}
    if 2 * sum(v in wanted for v in printed if isinstance(v, float)) >= len(campaign.criteria):
        return text_column + 1, text_column + 2
    return None, None


def _bare(label: str) -> str:
    """Return the key of a heading without its unit: 「得分（分）」 is 得分."""
    return re.split(r"[(\[]", key(one_line(label)))[0]


def unnumbered(text: str) -> str:
    """Return a criterion's key without a number typed before it."""
    return re.sub(r"^[(]?[0-9]{1,3}[.、)]+", "", text)


def _lines(
    grid: Grid, campaign: Campaign, known: dict[str, int], text_column: int, rows: Iterable[int]
) -> Iterator[tuple[int, int]]:
    for row in rows:
        text = grid.cell(row, text_column).value
        if not isinstance(text, str):
            continue
        plain = unnumbered(key(text))
        number = known.get(plain) or _similar(plain, _number_before(grid, row, text_column), campaign)
        if number:
            yield row, number


def _number_before(grid: Grid, row: int, text_column: int) -> int | None:
    """Return the criterion number that stands nearest to the left of the text."""
    for column in range(text_column - 1, -1, -1):
        value = grid.cell(row, column).value
        if isinstance(value, float) and value.is_integer():
            return int(value)
        digits = re.fullmatch(r"[(]?([0-9]{1,3})[.、)]*", unicodedata.normalize("NFKC", str(value)).strip())
        if digits:
            return int(digits[1])
    return None


def _similar(text: str, number: int | None, campaign: Campaign) -> int | None:
    """Return the criterion whose text was changed to this one: first the one of its number."""

    def ratio(wanted: str) -> float:
        return difflib.SequenceMatcher(None, text, key(wanted)).ratio()

    if number and number <= len(campaign.criteria) and ratio(campaign.criteria[number - 1].text) >= SIMILAR:
        return number
    best = max(campaign.criteria, key=lambda c: ratio(c.text))
    return best.number if ratio(best.text) >= SIMILAR else None


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
            grid.cell(row, form.text_column),
            None if form.points_column is None else grid.cell(row, form.points_column),
            grid.cell(row, form.score_column),
        )
        for row, number in form.lines
    )
    return ScoreSheet(
        entry.file,
        entry.sha256 or "",
        name,
        _labelled(grid, form, COMMUNITY_LABEL, ("社区名称", "社区名", "所属社区", "社区")),
        _labelled(
            grid,
            form,
            TOWN_LABEL,
            ("所属街道(镇)", "所属街道", "所属镇", "街道(镇)", "街道(乡镇)", "街道", "乡镇", "镇"),
        ),
        lines,
        None if form.total_row is None else grid.cell(form.total_row, form.score_column),
        identity,
        _headings(grid, form),
        _groups(grid, form, campaign),
        _extra(grid, form),
    )


def _headings(grid: Grid, form: FoundForm) -> tuple[Cell, ...]:
    if form.points_column is None:
        return ()
    columns = (form.text_column - 2, form.text_column - 1, form.points_column, form.score_column)
    cells = tuple(grid.cell(form.header_row, column) for column in columns)
    return cells if isinstance(cells[-1].value, str) else ()


def _groups(grid: Grid, form: FoundForm, campaign: Campaign) -> tuple[Cell, ...]:
    rows = {number: row for row, number in form.lines}
    firsts = [rows.get(group.criteria[0].number) for group in campaign.groups]
    return tuple(grid.cell(row, form.text_column - 2) for row in firsts if row is not None)


def _extra(grid: Grid, form: FoundForm) -> tuple[Cell, ...]:
    known = {row for row, _number in form.lines}
    between = range(min(known), max(known))
    cells = (grid.cell(row, form.text_column) for row in between if row not in known)
    return tuple(cell for cell in cells if isinstance(cell.value, str) and key(cell.value))


def _labelled(grid: Grid, form: FoundForm, label: str, spellings: tuple[str, ...]) -> Cell | None:
    """Return the cell that names the community or town: after the label's colon, or to its right."""
    names = "|".join(re.escape(key(name)) for name in dict.fromkeys((label, *spellings)))
    pattern = re.compile(rf"(?:{names})(?::(.*))?")
    below = form.total_row if form.total_row is not None else form.lines[-1][0]
    for row, column, text in (*grid.texts(0, form.header_row), *grid.texts(below + 1)):
        match = pattern.fullmatch(text)
        if match and match[1]:
            return Cell(address(grid.top + row, grid.left + column), match[1])
        if match:
            right = (grid.cell(row, c) for c in range(column + 1, len(grid.rows[row])))
            return next((cell for cell in right if cell.value is not None), None)
    return None
