"""Returns with faults to correction copies: what a town sent, with what is wrong marked and explained.

A town's only .xlsx file is copied in its own layout (``clean_copy``). Anything else becomes
a new blank of the town with the accepted scores filled in. Either way the copy names the files that
it replaces, so that it counts instead of them when it comes back (:mod:`greenxl.scoring.choosing`).
"""

import hashlib
import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING, cast

from greenxl.campaign import rules
from greenxl.campaign.model import Campaign, Community, plain
from greenxl.catalogue import Correction
from greenxl.findings import Finding, finding
from greenxl.form.blank import blank
from greenxl.form.layout import (
    FIRST_ROW,
    IDENTITY_SHEET,
    SCORE,
    SENDBACK_SHEET,
    Layout,
    address,
    community_sheet_names,
    identity_of,
)
from greenxl.names import safe_file_name
from greenxl.rounds.evaluate import Round
from greenxl.scoring.checking import Checked
from greenxl.sendback.clean_copy import CleanCopy, clean_copy, put, shapes_of
from greenxl.sendback.explanation import explain
from greenxl.sendback.marks import Mark, mark_all, reveal, unmark
from greenxl.sendback.problems import Case, cases

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.cell import Cell

Bytes = Callable[[str], bytes | None]
"""From a file's name in the report to its bytes, None where they cannot be had again."""


@dataclass(frozen=True, slots=True)
class Copy:
    town: str
    file_name: str
    data: bytes


def send_back(result: Round, read_bytes: Bytes) -> Iterator[Copy]:
    """Yield a correction copy for every town that returned something which it has to mend."""
    for case in cases(result):
        name = safe_file_name(f"{case.town}-退回修改-{result.campaign.year}")
        data = _own_layout(case, read_bytes) or _new_blank(case)
        yield Copy(case.town, f"{name}.xlsx", data)


def _own_layout(case: Case, read_bytes: Bytes) -> bytes | None:
    """Return the town's only file with its faults marked, None where a new blank serves it better."""
    files = {one.sheet.sha256: one.sheet.file for one in case.sheets}
    if len(files) != 1 or not case.alone or case.conflicts or any(f.entry.asked_as for f in case.flaws):
        return None
    [(digest, file)] = files.items()
    data = read_bytes(file)
    if data is None or hashlib.sha256(data).hexdigest() != digest:
        return None
    clean = clean_copy(data, shapes_of(_blank(case, {})))
    if clean is None or not {one.sheet.sheet for one in case.sheets} <= set(clean.book.sheetnames):
        return None
    for one in case.sheets:
        _sum_up(clean, one)
        _spell_out(clean.book, one)
    for flaw in case.flaws:
        _restore(clean.book, flaw, case.campaign)
    _identify(clean.book, case)
    return _finished(
        clean.book, case, [Mark(flaw, flaw.sheet, flaw.cell) for flaw in case.flaws], _lost(clean)
    )


def _sum_up(clean: CleanCopy, one: Checked) -> None:
    """Let a total that was calculated follow the scores again: its own formula stayed behind."""
    total = one.sheet.total
    if total is None or (one.sheet.sheet, total.address) not in clean.replaced:
        return
    cells = ",".join(line.score.address for line in one.sheet.lines)
    clean.book[one.sheet.sheet][total.address].value = f"={rules.running_total_formula(cells)}"


def _spell_out(book: "Workbook", one: Checked) -> None:
    """Put the number in place of a text that was accepted for it, so that the form's own checks agree."""
    values = {number: score.value for number, score in enumerate(one.scores, 1)}
    for line in one.sheet.lines:
        if isinstance(line.score.value, str) and (value := values[line.number]) is not None:
            book[one.sheet.sheet][line.score.address].value = value


def _restore(book: "Workbook", flaw: Finding, campaign: Campaign) -> None:
    """Mend what the town need not: show what was hidden, put back a criterion's text or points."""
    correction = flaw.entry.correction
    if correction is Correction.REVEAL:
        for cell in flaw.cells or ("A1",):
            reveal(book[flaw.sheet], cell)
    if flaw.criterion and correction in (Correction.RESTORE_TEXT, Correction.RESTORE_POINTS):
        criterion = campaign.criteria[flaw.criterion - 1]
        value = criterion.text if correction is Correction.RESTORE_TEXT else float(criterion.points)
        put(cast("Cell", book[flaw.sheet][flaw.cell]), value)


def _lost(clean: CleanCopy) -> str:
    return "、".join(f"{name} {count} 处" for name, count in clean.lost.items())


def _identify(book: "Workbook", case: Case) -> None:
    """Write the identity sheet anew, with the sheets as they are called now."""
    identity = identity_of(case.campaign, case.town, (), case.supersedes)
    issued = next((one.sheet.identity.sheets for one in case.sheets if one.sheet.identity), {})
    named = {one.sheet.sheet: one.community.number for one in case.sheets if one.community}
    sheets = {name: number for name, number in {**named, **issued}.items() if name in book.sheetnames}
    page = book.create_sheet(IDENTITY_SHEET)
    for row, line in enumerate(replace(identity, sheets=sheets).rows(), 1):
        for column, text in enumerate(line, 1):
            put(cast("Cell", page.cell(row, column)), text)
    page.sheet_state = "veryHidden"
    page.protection.sheet = True


def _new_blank(case: Case) -> bytes:
    """Return a new blank of the town with every score that can be taken over, and the faults marked."""
    import openpyxl

    book = openpyxl.load_workbook(io.BytesIO(_blank(case, _scores(case))))
    communities = case.campaign.communities_of(case.town)
    sheets = {c.name: s for c, s in zip(communities, community_sheet_names(communities), strict=True)}
    marks = [_in_blank(flaw, sheets, case.campaign) for flaw in case.flaws]
    return _finished(book, case, marks, None)


def _blank(case: Case, scores: Mapping[Community, Sequence[Decimal | None]]) -> bytes:
    communities = case.campaign.communities_of(case.town)
    return blank(case.campaign, case.town, communities, scores=scores, supersedes=case.supersedes)


def _scores(case: Case) -> dict[Community, list[Decimal | None]]:
    """Return the accepted scores by community; where returns disagree, none."""
    found = {}
    for community in case.campaign.communities_of(case.town):
        rows = [one.scores for one in case.sheets if one.community == community]
        if rows:
            found[community] = [
                first.value if len(set(scores)) == 1 else None
                for scores in zip(*rows, strict=True)
                for first in scores[:1]
            ]
    return found


def _in_blank(flaw: Finding, sheets: Mapping[str, str], campaign: Campaign) -> Mark:
    """Return where a flaw belongs in the new blank, and what is asked for there."""
    sheet, number = sheets.get(flaw.community, ""), flaw.criterion
    cell = address(FIRST_ROW + number - 1, SCORE) if sheet and number else ""
    if sheet and flaw.entry.correction is Correction.MARK_TOTAL:
        cell = address(Layout(len(campaign.criteria)).total_row, SCORE)
    if flaw.entry.asked_as and number:
        points = plain(campaign.criteria[number - 1].points)
        asked = finding(flaw.entry.asked_as, flaw.file, flaw.sheet, criterion=number, points=points)
        flaw = asked.at(town=flaw.town, community=flaw.community)
    return Mark(flaw, sheet, cell)


def _finished(book: "Workbook", case: Case, marks: Sequence[Mark], lost: str | None) -> bytes:
    """Mark and explain; ``lost`` is what an own layout lost, None for a new blank."""
    unmark(book)
    mark_all(book, marks, case.campaign)
    explain(book, case, marks, lost)
    book.properties.creator = case.campaign.authority
    book.properties.title = f"{case.town}{SENDBACK_SHEET}"
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()
