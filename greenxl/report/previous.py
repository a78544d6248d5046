"""An earlier consolidated workbook, read back by its headings.

So a workbook that Excel, WPS or LibreOffice saved again reads the same.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from greenxl.campaign.model import Campaign
from greenxl.errors import GreenxlError, WrongUseError
from greenxl.findings import Finding
from greenxl.i18n import _
from greenxl.names import key
from greenxl.report.comparison import Earlier, Previous, has_common_community
from greenxl.report.layout import (
    COMMUNITY,
    CRITERIA,
    NO,
    OVERVIEW,
    PILOT,
    POINTS,
    SCORES,
    STANDARD,
    STATUS,
    TOWN,
    VERDICT,
)
from greenxl.rounds.folder import reports
from greenxl.scoring.choosing import Status
from greenxl.scoring.score import value_text
from greenxl.scoring.vocabulary import STATUS_WORDS
from greenxl.workbooks.cells import Refused
from greenxl.workbooks.opening import open_file, refusal

_WANTED = (OVERVIEW, SCORES, CRITERIA)

_Rows = Sequence[Sequence[Any]]


def previous_of(campaign: Campaign, path: Path) -> Previous:
    """Return the contents of an earlier workbook of the campaign's county.

    :raises WrongUseError: there is no such file, or it is no consolidated workbook of this county.
    :raises GreenxlError: the file cannot be read.
    """
    found = read_previous(path)
    if not has_common_community(found, campaign):
        names = "、".join(earlier.community for earlier in found.communities[:3])
        raise WrongUseError(
            _(
                "{path}: none of its {count} communities ({names} …) is in the roster of {county}; "
                "it is of another county or campaign. Name an earlier consolidated workbook of this one."
            ).format(path=path, count=len(found.communities), names=names, county=campaign.county)
        )
    return found


def newest_before(
    campaign: Campaign, folder: Path, as_of: date, tell: Callable[[str], None]
) -> Previous | None:
    """Return the newest consolidated workbook of a folder that is of no later day; None where there is none.

    Other workbooks in the folder are passed over.

    :param tell: called with a sentence about each that cannot be read, and so may be the one.
    """
    for path in reports(folder):
        try:
            found = previous_of(campaign, path)
        except WrongUseError:  # no consolidated workbook, or none of this campaign
            continue
        except GreenxlError as error:
            tell(str(error))
            continue
        if _is_earlier(found, as_of):
            return found
    return None


def _is_earlier(found: Previous, as_of: date) -> bool:
    """Whether a workbook is of no later day than ``as_of``; one that does not say so is."""
    numbers = re.findall(r"\d+", found.as_of)
    return not numbers or tuple(map(int, numbers)) <= (as_of.year, as_of.month, as_of.day)


def read_previous(path: Path) -> Previous:
    """Return the contents of an earlier consolidated workbook, of whatever county.

    :raises WrongUseError: there is no such file, or it is no consolidated workbook.
    :raises GreenxlError: the file cannot be read.
    """
    if not path.exists():
        raise WrongUseError(_("{path}: there is no such file or folder. Check the name.").format(path=path))
    found = _parse(path.name, _sheets(path))
    if found is None:
        raise WrongUseError(
            _(
                "{path}: this is not a consolidated workbook of greenxl (its sheet “{sheet}” was not found). "
                "Name one that “greenxl merge” wrote."
            ).format(path=path, sheet=SCORES)
        )
    return found


def _sheets(path: Path) -> dict[str, _Rows]:
    """Return the rows of those sheets that are wanted and there."""
    book = open_file(path)
    if isinstance(book, Finding):
        raise _unreadable(path, book)
    wanted = [sheet for sheet in book.cells.sheets if sheet.name in _WANTED]
    try:
        return {sheet.name: sheet.table() for sheet in wanted}
    except Refused as error:
        raise _unreadable(path, refusal(path.name, error)) from None


def _unreadable(path: Path, reason: Finding) -> GreenxlError:
    line = _(
        "{path}: the earlier workbook cannot be read. {reason} "
        "To compare with another add --previous, to compare with none --no-previous."
    )
    return GreenxlError(line.format(path=path, reason=reason.message()))


def _parse(file: str, sheets: Mapping[str, _Rows]) -> Previous | None:
    rows = sheets.get(SCORES, ())
    header = _header(rows, (NO, TOWN, COMMUNITY, PILOT, STATUS, VERDICT))
    if header is None:
        return None
    columns = {key(str(value)): column for column, value in enumerate(rows[header])}
    total = columns[key(VERDICT)] - 1
    points = [row for row in rows[:header] if row and key(str(row[0])) == POINTS]
    return Previous(
        file=file,
        as_of=_day(sheets.get(OVERVIEW, ())),
        max_score=_number(points[-1][total]) if points else None,
        criteria=_criteria(sheets.get(CRITERIA, ())),
        communities=tuple(
            _earlier(row, columns, total) for row in rows[header + 1 :] if _is_community(row, columns)
        ),
    )


def _day(overview: _Rows) -> str:
    text = " ".join(str(cell) for row in overview for cell in row)
    day = re.search(r"数据截至(\d+年\d+月\d+日)", text)
    return day[1] if day else ""


def _header(rows: _Rows, headings: Sequence[str]) -> int | None:
    """Return the row that has all these headings."""
    wanted = {key(heading) for heading in headings}
    return next((i for i, row in enumerate(rows) if wanted <= {key(str(cell)) for cell in row}), None)


def _criteria(rows: _Rows) -> dict[str, int]:
    header = _header(rows, (NO, STANDARD))
    if header is None:
        return {}
    names = [key(str(cell)) for cell in rows[header]]
    at, words = names.index(key(NO)), names.index(key(STANDARD))
    return {
        key(str(row[words])): int(row[at])
        for row in rows[header + 1 :]
        if isinstance(row[at], int | float) and key(str(row[words]))
    }


_STATUSES = {key(word): status for status, word in STATUS_WORDS.items()}


def _is_community(row: Sequence[Any], columns: Mapping[str, int]) -> bool:
    return key(str(row[columns[key(STATUS)]])) in _STATUSES


def _earlier(row: Sequence[Any], columns: Mapping[str, int], total: int) -> Earlier:
    scores = {int(name): _number(row[column]) for name, column in columns.items() if name.isdecimal()}
    status = _STATUSES[key(str(row[columns[key(STATUS)]]))]
    return Earlier(
        town=str(row[columns[key(TOWN)]]),
        community=str(row[columns[key(COMMUNITY)]]),
        status=status,
        total=_number(row[total]) if status in (Status.PASSED, Status.FAILED) else None,
        scores={number: score for number, score in scores.items() if score is not None},
    )


_NO_SCORE = 10**9
"""More than any score or sum; of a typing error much larger than that no decimal can be made."""


def _number(value: object) -> Decimal | None:
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) < _NO_SCORE:
        return None
    return round(Decimal(value_text(value)), 2)
