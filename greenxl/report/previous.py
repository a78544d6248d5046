"""An earlier consolidated workbook, read back by its headings.

So a workbook that Excel, WPS or LibreOffice saved again reads the same. What its campaign called units,
towns and criteria is not known: their columns are found by where they are among those that are always
called the same.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from greenxl.campaign.model import Campaign
from greenxl.errors import GreenxlError, WrongUseError
from greenxl.findings import Finding
from greenxl.form.layout import SCORES_SHEET
from greenxl.i18n import _
from greenxl.names import key
from greenxl.report.comparison import Earlier, Previous, has_common_community
from greenxl.report.layout import (
    AVERAGE,
    CRITERIA,
    NO,
    OVERVIEW,
    PILOT,
    STATUS,
    WHETHER,
)
from greenxl.rounds.folder import reports
from greenxl.scoring.choosing import Status
from greenxl.scoring.score import value_text
from greenxl.scoring.vocabulary import OPEN_STATUS_WORDS, words
from greenxl.workbooks.cells import Refused
from greenxl.workbooks.opening import open_file, refusal

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
            ).format(
                path=path,
                count=len(found.communities),
                names=names,
                county=campaign.county,
                **words(campaign),
            )
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
            ).format(path=path, sheet=f"…{SCORES_SHEET}")
        )
    return found


def _sheets(path: Path) -> dict[str, _Rows]:
    """Return the rows of those sheets that are wanted and there."""
    book = open_file(path)
    if isinstance(book, Finding):
        raise _unreadable(path, book)
    wanted = [
        sheet
        for sheet in book.cells.sheets
        if sheet.name in (OVERVIEW, CRITERIA) or sheet.name.endswith(SCORES_SHEET)
    ]
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


@dataclass(frozen=True, slots=True)
class _Columns:
    """Where the sheet of scores holds what."""

    number: int
    town: int
    """That of the community where there are no towns."""
    community: int
    status: int
    verdict: int
    passed: str
    """What a unit that passed is called, as the heading over the verdicts says it."""
    scores: Mapping[int, int]
    """Of each criterion, by its number."""


def _columns(header: Sequence[Any]) -> _Columns | None:
    """Return the columns that the headings state, None where they are not those of a sheet of scores."""
    names = [key(str(value)) for value in header]
    verdict = next((column for column, name in enumerate(names) if name.startswith(WHETHER)), 0)
    if not verdict or not {NO, PILOT, STATUS} <= set(names):
        return None
    number, community = names.index(NO), names.index(PILOT) - 1
    return _Columns(
        number=number,
        town=min(number + 1, community),
        community=community,
        status=names.index(STATUS),
        verdict=verdict,
        passed=names[verdict].removeprefix(WHETHER),
        scores={int(name): column for column, name in enumerate(names) if name.isdecimal()},
    )


def _parse(file: str, sheets: Mapping[str, _Rows]) -> Previous | None:
    tables = [rows for name, rows in sheets.items() if name.endswith(SCORES_SHEET)]
    found = ((rows, at, _columns(row)) for rows in tables for at, row in enumerate(rows))
    rows, header, columns = next((one for one in found if one[-1]), ((), 0, None))
    if columns is None:
        return None
    return Previous(
        file=file,
        as_of=_day(sheets.get(OVERVIEW, ())),
        max_score=_number(rows[header - 1][columns.verdict - 1]) if header else None,
        criteria=_criteria(sheets.get(CRITERIA, ())),
        communities=tuple(
            _earlier(row, columns, status) for row in rows[header + 1 :] if (status := _status(row, columns))
        ),
    )


_OPEN = {key(word): status for status, word in OPEN_STATUS_WORDS.items()}


def _status(row: Sequence[Any], columns: _Columns) -> Status | None:
    """Return the status of a community, None where the row is of none.

    What one that failed is called no heading says: it is the word that is none of the others.
    """
    word = key(str(row[columns.status]))
    if not word or not isinstance(row[columns.number], int | float):
        return None
    return _OPEN.get(word, Status.PASSED if word == columns.passed else Status.FAILED)


def _day(overview: _Rows) -> str:
    text = " ".join(str(cell) for row in overview for cell in row)
    day = re.search(r"数据截至(\d+年\d+月\d+日)", text)
    return day[1] if day else ""


def _criteria(rows: _Rows) -> dict[str, int]:
    """Return the number of each criterion by its text, whose column is third before the average."""
    headings = ([key(str(cell)) for cell in row] for row in rows)
    found = ((at, names) for at, names in enumerate(headings) if {NO, AVERAGE} <= set(names))
    header, names = next(found, (0, []))
    if not names:
        return {}
    number, text = names.index(NO), names.index(AVERAGE) - _TEXT_BEFORE_AVERAGE
    return {
        key(str(row[text])): int(row[number])
        for row in rows[header + 1 :]
        if isinstance(row[number], int | float) and key(str(row[text]))
    }


_TEXT_BEFORE_AVERAGE = 3


def _earlier(row: Sequence[Any], columns: _Columns, status: Status) -> Earlier:
    scores = {number: _number(row[column]) for number, column in columns.scores.items()}
    return Earlier(
        town=str(row[columns.town]),
        community=str(row[columns.community]),
        status=status,
        total=_number(row[columns.verdict - 1]) if status in (Status.PASSED, Status.FAILED) else None,
        scores={number: score for number, score in scores.items() if score is not None},
    )


_NO_SCORE = 10**9
"""More than any score or sum; of a typing error much larger than that no decimal can be made."""


def _number(value: object) -> Decimal | None:
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) < _NO_SCORE:
        return None
    return round(Decimal(value_text(value)), 2)
