"""An earlier consolidated workbook, and what changed since: round on round, or year on year.

Found by its headings, so that a workbook that Excel, WPS or LibreOffice saved again reads the same.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from greenxl.campaign.model import Campaign, Community
from greenxl.errors import GreenxlError, WrongUseError
from greenxl.i18n import _
from greenxl.names import key
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
from greenxl.scoring.choosing import Choice, Status
from greenxl.scoring.score import value_text
from greenxl.scoring.vocabulary import STATUS_WORDS

Rows = Sequence[Sequence[Any]]


@dataclass(frozen=True, slots=True)
class Earlier:
    """What the earlier workbook says of a community."""

    town: str
    community: str
    status: Status
    total: Decimal | None
    scores: Mapping[int, Decimal] = field(default_factory=dict)
    """Accepted scores by the number of the criterion at that time."""


@dataclass(frozen=True, slots=True)
class Previous:
    file: str
    as_of: str
    """The day of its data as its first page states it, empty where it does not."""
    max_score: Decimal | None
    criteria: Mapping[str, int]
    """Number of each criterion at that time, by the key of its text."""
    communities: tuple[Earlier, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """A community then and now."""

    community: Community
    then: Earlier | None
    """None where it was not listed."""
    now: Status
    total: Decimal | None
    difference: Decimal | None
    """Of the totals, where both are known and out of the same full score."""
    scores: Mapping[int, Decimal]
    """The earlier score of each of today's criteria that was asked then in the same words."""

    @property
    def newly_returned(self) -> bool:
        return self.now != Status.MISSING and (self.then is None or self.then.status == Status.MISSING)

    @property
    def withdrawn(self) -> bool:
        return self.now == Status.MISSING and self.then is not None and self.then.status != Status.MISSING

    @property
    def newly_passed(self) -> bool:
        return self.now == Status.PASSED and (self.then is None or self.then.status != Status.PASSED)

    @property
    def fallen(self) -> bool:
        return self.now != Status.PASSED and self.then is not None and self.then.status == Status.PASSED


def tally(changes: Sequence[Change]) -> dict[str, int]:
    """Return how many communities newly returned, newly passed and fell below."""
    return {
        "newly_returned": sum(change.newly_returned for change in changes),
        "newly_passed": sum(change.newly_passed for change in changes),
        "fallen": sum(change.fallen for change in changes),
    }


def previous_of(campaign: Campaign, path: Path) -> Previous:
    """Return what an earlier workbook of the campaign's county says.

    :raises WrongUseError: there is no such file, or it is no consolidated workbook of this county.
    :raises GreenxlError: the file cannot be read.
    """
    found = read_previous(path)
    if not any(_today(earlier, campaign) for earlier in found.communities):
        names = "、".join(earlier.community for earlier in found.communities[:3])
        raise WrongUseError(
            _(
                "{path}: none of its {count} communities ({names} …) is in the roster of {county}; "
                "it is of another county or campaign. Name an earlier consolidated workbook of this one."
            ).format(path=path, count=len(found.communities), names=names, county=campaign.county)
        )
    return found


def read_previous(path: Path) -> Previous:
    """Return what an earlier consolidated workbook says, of whatever county.

    :raises WrongUseError: there is no such file, or it is no consolidated workbook.
    :raises GreenxlError: the file cannot be read.
    """
    import python_calamine

    if not path.exists():
        raise WrongUseError(_("{path}: there is no such file or folder. Check the name.").format(path=path))
    try:
        with python_calamine.CalamineWorkbook.from_path(path) as book:
            sheets = {
                name: book.get_sheet_by_name(name).to_python()
                for name in (OVERVIEW, SCORES, CRITERIA)
                if name in book.sheet_names
            }
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:  # a panic of calamine's is no Exception
        raise GreenxlError(
            _(
                "{path}: the earlier workbook cannot be read ({error}). "
                "Open it in Excel or WPS and save it again."
            ).format(path=path, error=error)
        ) from None
    found = _parse(path.name, sheets)
    if found is None:
        raise WrongUseError(
            _(
                "{path}: this is no consolidated workbook of greenxl (its sheet “{sheet}” was not found). "
                "Name one that “greenxl merge” wrote."
            ).format(path=path, sheet=SCORES)
        )
    return found


def _parse(file: str, sheets: Mapping[str, Rows]) -> Previous | None:
    rows = sheets.get(SCORES, ())
    header = _header(rows, (NO, TOWN, COMMUNITY, PILOT, STATUS, VERDICT))
    if header is None:
        return None
    columns = {key(str(value)): column for column, value in enumerate(rows[header])}
    total = columns[key(VERDICT)] - 1
    points = [row for row in rows[:header] if row and key(str(row[0])) == POINTS]
    day = re.search(
        r"数据截至(\d+年\d+月\d+日)", " ".join(str(c) for row in sheets.get(OVERVIEW, ()) for c in row)
    )
    return Previous(
        file,
        day[1] if day else "",
        _number(points[-1][total]) if points else None,
        _criteria(sheets.get(CRITERIA, ())),
        tuple(_earlier(row, columns, total) for row in rows[header + 1 :] if _is_community(row, columns)),
    )


def _header(rows: Rows, headings: Sequence[str]) -> int | None:
    """Return the row in which all these headings stand."""
    wanted = {key(heading) for heading in headings}
    return next((i for i, row in enumerate(rows) if wanted <= {key(str(cell)) for cell in row}), None)


def _criteria(rows: Rows) -> dict[str, int]:
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
        str(row[columns[key(TOWN)]]),
        str(row[columns[key(COMMUNITY)]]),
        status,
        _number(row[total]) if status in (Status.PASSED, Status.FAILED) else None,
        {number: score for number, score in scores.items() if score is not None},
    )


_NO_SCORE = 10**9
"""What no score or sum comes near; of a slip of the keyboard as long as that no decimal can be made."""


def _number(value: object) -> Decimal | None:
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) < _NO_SCORE:
        return None
    return round(Decimal(value_text(value)), 2)


def compare(previous: Previous, campaign: Campaign, choices: Sequence[Choice]) -> tuple[Change, ...]:
    """Return how each community of the roster stands against the earlier workbook, in roster order."""
    then = _then(previous, campaign)
    return tuple(_change(then.get(c.community), c, previous, campaign) for c in choices)


def _then(previous: Previous, campaign: Campaign) -> dict[Community, Earlier]:
    """Return what the earlier workbook says of each community of the roster that it had."""
    found: dict[Community, Earlier] = {}
    for earlier in previous.communities:
        today, town = _today(earlier, campaign), campaign.find_town(earlier.town)
        if len(today) == 1 and (today[0] not in found or (town and town.name == today[0].town)):
            found[today[0]] = earlier
    return found


def _today(earlier: Earlier, campaign: Campaign) -> tuple[Community, ...]:
    """Return the communities of its name, those of its own town alone where there are any."""
    matches, town = campaign.find_communities(earlier.community), campaign.find_town(earlier.town)
    return tuple(c for c in matches if town and c.town == town.name) or matches


def departed(previous: Previous, campaign: Campaign) -> tuple[str, ...]:
    """Return the communities that were listed then and are no more."""
    found = list(_then(previous, campaign).values())
    return tuple(e.community for e in previous.communities if len(_today(e, campaign)) < 2 and e not in found)


def _change(then: Earlier | None, choice: Choice, previous: Previous, campaign: Campaign) -> Change:
    total = choice.chosen.total if choice.chosen and choice.status in (Status.PASSED, Status.FAILED) else None
    difference = None
    if then and then.total is not None and total is not None and previous.max_score == campaign.max_score:
        difference = total - then.total
    return Change(
        choice.community,
        then,
        choice.status,
        total,
        difference,
        _then_by_number(then, previous, campaign),
    )


def _then_by_number(then: Earlier | None, previous: Previous, campaign: Campaign) -> dict[int, Decimal]:
    if then is None:
        return {}
    numbers = {c.number: previous.criteria.get(key(c.text)) for c in campaign.criteria}
    return {
        number: then.scores[old] for number, old in numbers.items() if old is not None and old in then.scores
    }
