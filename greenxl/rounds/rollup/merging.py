"""A consolidated workbook of a lower level among the returns: its files as if they had been returned here."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from greenxl.campaign import rules
from greenxl.campaign.model import Campaign, Community, Town
from greenxl.findings import Finding, finding
from greenxl.form.layout import DATA_SHEET
from greenxl.names import key
from greenxl.returns.intake import Entry, Outcome, rejected
from greenxl.rounds.checked_file import CheckedFile
from greenxl.rounds.rollup.records import (
    VERSION,
    DamagedError,
    Json,
    StoredFile,
    StoredSheet,
    file_of,
    mapping,
    name,
    string,
    value_of,
)
from greenxl.rounds.rollup.terms import differing
from greenxl.scoring.checking import Checked
from greenxl.scoring.score import show, shown_answer
from greenxl.scoring.sheet_facts import SheetFacts
from greenxl.workbooks.cells import SheetCells, WorkbookCells, address

_MOST_CELLS_OF_A_TEXT = 200
"""Cells over which a text may go on to the right."""
_MOST_ABOVE = 20
"""Rows among which the headings over the scores are looked for."""
_NAMED = 10
"""Things that a message names."""


@dataclass(frozen=True, slots=True)
class _Head:
    """What the workbook says of itself."""

    workbook: str
    """Its name."""
    campaign: str
    county: str
    terms: Mapping[str, str]
    sheet: str
    """On which the scores are shown."""
    headings: tuple[str, ...]


def merged_files(entry: Entry, book: WorkbookCells, campaign: Campaign) -> tuple[CheckedFile, ...]:
    """Return a workbook and the files that it holds; our own is left alone, a strange one refused."""
    entry = replace(entry, outcome=Outcome.READ, reason=None, own_report=False)
    try:
        head, records = _read(entry.file, book)
    except DamagedError:
        return (_rejected(entry, finding("rollup-damaged", entry.file)),)
    if (head.campaign, key(head.county)) == (campaign.id, key(campaign.county)):
        note = finding("skipped-report", entry.file)
        own = replace(entry, outcome=Outcome.SKIPPED, reason=note, own_report=True)
        return (CheckedFile(entry=own, findings=(note,)),)
    different = differing(head.terms, campaign)
    if different:
        shown = [*different[:_NAMED], *(f"… ({len(different)})" for _more in different[_NAMED : _NAMED + 1])]
        return (_rejected(entry, finding("rollup-standard", entry.file, found=shown, county=head.county)),)
    try:
        files = [file_of(record, f"{entry.file}/", campaign) for record in records]
    except DamagedError:
        return (_rejected(entry, finding("rollup-damaged", entry.file)),)
    typed_over = _typed_over(entry, book.sheet(head.sheet), head, files)
    if typed_over:
        return (_rejected(entry, typed_over),)
    return (_opened(entry, head, files), *(_file(one, head, campaign) for one in files))


def _opened(entry: Entry, head: _Head, files: Sequence[StoredFile]) -> CheckedFile:
    sheets = sum(len(one.sheets) for one in files)
    reason = finding("rollup-opened", entry.file, county=head.county, files=len(files), sheets=sheets)
    return CheckedFile(entry=replace(entry, reason=reason), findings=(reason,))


def _rejected(entry: Entry, reason: Finding) -> CheckedFile:
    return CheckedFile(entry=rejected(entry, reason), findings=(reason,))


def _read(workbook: str, book: WorkbookCells) -> tuple[_Head, list[Json]]:
    """Return what the workbook says of itself and the records of its files, checked to be all of them.

    :raises DamagedError: they are not.
    """
    texts = list(_texts(book))
    if len(texts) < 2:  # noqa: PLR2004  (the first line and the check)
        raise DamagedError
    first, *others, last = texts
    digest = hashlib.sha256()
    for text in (first, *others):
        digest.update(text.encode())
    if value_of(last) != {"sha256": digest.hexdigest()}:
        raise DamagedError
    return _head(workbook, value_of(first)), [value_of(text) for text in others]


def _texts(book: WorkbookCells) -> Iterator[str]:
    """Yield the texts of the sheet, and of those on which it goes on."""
    for sheet in book.sheets:
        if sheet.name.startswith(DATA_SHEET):
            for row in sorted(sheet.rows):
                cells = [value for _column, value in sorted(sheet.rows[row].items()) if value is not None]
                if len(cells) > _MOST_CELLS_OF_A_TEXT or not all(isinstance(cell, str) for cell in cells):
                    raise DamagedError
                yield "".join(map(str, cells))


def _head(workbook: str, facts: Json) -> _Head:
    if facts.get("greenxl") != VERSION:
        raise DamagedError
    shown = mapping(facts.get("shown"), lambda value: value)
    headings = shown.get("headings")
    if not isinstance(headings, list):
        raise DamagedError
    return _Head(
        workbook=workbook,
        campaign=name(facts.get("campaign")),
        county=name(facts.get("county")),
        terms=mapping(facts.get("terms"), string),
        sheet=name(shown.get("sheet")),
        headings=tuple(name(one) for one in headings),
    )


# what people typed over


def _typed_over(
    entry: Entry, sheet: SheetCells | None, head: _Head, files: Sequence[StoredFile]
) -> Finding | None:
    """Return where the shown scores are not those that the workbook was made of, None where all are."""
    counting = {
        (key(one.place[1]), key(one.place[2])): one
        for file in files
        for one in file.sheets
        if one.counts and one.place
    }
    columns = _columns(sheet, head) if sheet else None
    if sheet is None or columns is None:
        return finding("rollup-changed", entry.file, head.sheet, found=head.sheet)
    row_of_headings, places = columns
    missing = dict(counting)
    for row in sorted(row for row in sheet.rows if row > row_of_headings):
        names = tuple(key(str(sheet.value(row, place) or "")) for place in places[:2])
        if not all(names):
            continue
        one = missing.pop((names[0], names[1]), None)
        changed = _changed_cell(sheet, row, places[2:], one)
        if changed:
            return finding("rollup-changed", entry.file, sheet.name, *changed)
    for one in missing.values():
        return finding("rollup-changed", entry.file, sheet.name, found="".join((one.place or ())[1:]))
    return None


def _columns(sheet: SheetCells, head: _Head) -> tuple[int, list[int]] | None:
    """Return the row of the headings and the column of each, None where they are not there."""
    for row in range(_MOST_ABOVE):
        columns = {key(_shown(sheet, row, column)): column for column in sheet.rows.get(row, {})}
        if all(key(heading) in columns for heading in head.headings):
            return row, [columns[key(heading)] for heading in head.headings]
    return None


def _changed_cell(
    sheet: SheetCells, row: int, columns: Sequence[int], one: StoredSheet | None
) -> tuple[str, str] | None:
    """Return the first cell that does not show its score, and what it shows."""
    for place, column in enumerate(columns):
        value = one.scores[place].value if one else None
        shown = _shown(sheet, row, column)
        if key(shown) != key(shown_answer(value)):
            return address(row, column), shown
    return None


def _shown(sheet: SheetCells, row: int, column: int) -> str:
    cell = sheet.cell(row, column)
    return "" if cell.value is None and not cell.error and not cell.formula else show(cell)


# whose they are here


def _file(stored: StoredFile, head: _Head, campaign: Campaign) -> CheckedFile:
    pairs = [_sheet(one, stored, head, campaign) for one in stored.sheets]
    strangers = [found for _sheet, found in pairs if found]
    by_place = {
        one.place[1:]: checked.community for one, (checked, _f) in _placed(stored, pairs) if one.place
    }
    findings = [_renamed(one, by_place.get((one.town, one.community))) for one in stored.findings]
    return CheckedFile(
        entry=stored.entry,
        sheets=tuple(checked for checked, _found in pairs),
        findings=(*findings, *strangers),
    )


_Pair = tuple[Checked, Finding | None]


def _placed(stored: StoredFile, pairs: Sequence[_Pair]) -> Iterator[tuple[StoredSheet, _Pair]]:
    return zip(stored.sheets, pairs, strict=True)


def _renamed(one: Finding, community: Community | None) -> Finding:
    """Return a finding about a community by the names that this campaign has for it."""
    return one.at(town=community.town, community=community.name) if community else one


def _sheet(one: StoredSheet, stored: StoredFile, head: _Head, campaign: Campaign) -> _Pair:
    """Return a sheet checked by this campaign; a finding where its community is not in the roster."""
    community = _community(one.place, head.county, campaign) if one.place else None
    checked = Checked(
        sheet=_facts(one, stored.entry, head.workbook, community),
        community=community,
        scores=one.scores,
        findings=(),
        verdict=rules.judge([score.value for score in one.scores], campaign),
        columns=one.columns,
        entries=one.entries,
    )
    if community or not one.place:
        return checked, None
    county, town, unit = one.place
    named = "".join(dict.fromkeys((county or head.county, town, unit)))
    return checked, finding("rollup-community-unknown", stored.entry.file, one.sheet, found=named)


def _facts(one: StoredSheet, entry: Entry, workbook: str, community: Community | None) -> SheetFacts:
    own = one.place[1] if one.place else None
    renamed = {own: community.town} if community else {}
    return SheetFacts(
        file=entry.file,
        sha256=entry.sha256 or "",
        sheet=one.sheet,
        saved=one.saved,
        issued_to=renamed.get(one.issued_to, one.issued_to),
        town=renamed.get(one.town, one.town),
        copy=one.copy,
        cells=one.cells,
        fields="",
        remarks=(),
        merged_from=workbook,
    )


def _community(place: tuple[str, str, str], above: str, campaign: Campaign) -> Community | None:
    """Return the community of this roster that a lower level calls so, None where none or several may be.

    Its town may be called after its county here, or be the county itself.
    """
    county, town, unit = place
    found: dict[Community, None] = {}
    for area in dict.fromkeys(filter(None, (county, above))):
        for called in (f"{area}{town}", town, area):
            own = campaign.find_town(called)
            if own and _may_be_in(own, (county, above), campaign):
                found.update({c: None for c in campaign.find_communities(unit) if c.town == own.name})
    [*all_found] = found
    return all_found[0] if len(all_found) == 1 else None


def _may_be_in(town: Town, areas: Sequence[str], campaign: Campaign) -> bool:
    """Whether a town may be one of these counties': it is not another one's here."""
    known = {key(county) for county in campaign.counties} & {key(area) for area in areas}
    return not known or key(town.county) in known
