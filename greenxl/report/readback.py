"""What a consolidated workbook states, read back for the mail that carries it.

Only its contents as we write them; :mod:`greenxl.report.previous` reads what an office saved again.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from greenxl.campaign.model import Campaign, Community
from greenxl.errors import GreenxlError, WrongUseError
from greenxl.findings import Finding
from greenxl.i18n import _
from greenxl.names import key
from greenxl.report.layout import OVERVIEW, scores_sheet
from greenxl.report.sheets.score_table import score_table
from greenxl.report.sheets.sentences import on_roster
from greenxl.report.sheets.towns import MET, MISSED
from greenxl.scoring.choosing import Choice
from greenxl.scoring.vocabulary import status_words
from greenxl.workbooks.cells import Refused
from greenxl.workbooks.opening import open_workbook, refusal

_Rows = Sequence[Sequence[Any]]
_AS_OF = "数据截至"
"""Is in the line above the headline."""
_DEADLINE = "报送时限"
"""How the line on the deadline begins."""


@dataclass(frozen=True, slots=True)
class ReadBack:
    """What a consolidated workbook states."""

    choices: tuple[Choice, ...]
    """The status of every community, in roster order; which sheet counted is not known."""
    headline: str
    """The first page's sentence on the target, or on why nothing is said of it yet; "" where it has none."""
    deadline: str
    """The first page's line on the deadline, in days up to its own date; "" where it has none."""
    as_of: str
    """The day of its data, like 2021年10月8日; "" where it states none."""
    on_roster: str
    """The headline's clause on the denominator, where it has one."""
    vetoes: Mapping[Community, str]
    """What fails a unit whatever its total, of those that are vetoed."""
    grades: Mapping[Community, str]
    """Of the units that have one."""

    @property
    def target_met(self) -> bool | None:
        """What the first page says of the target; None where it gives no verdict."""
        verdicts = {True: MET, False: MISSED}
        return next((met for met, word in verdicts.items() if self.headline.startswith(word)), None)

    @property
    def conclusion(self) -> str:
        """The headline without its clause on the denominator, for a text that says that itself."""
        return self.headline.replace(self.on_roster, "")


def read_back(campaign: Campaign, name: str, data: bytes) -> ReadBack:
    """Return what a consolidated workbook states; ``name`` is what errors call it.

    :raises WrongUseError: it is no consolidated workbook of this campaign.
    :raises GreenxlError: it cannot be read.
    """
    scores, overview = _sheets(name, data, scores_sheet(campaign), OVERVIEW)
    rows = _rows_by_community(campaign, name, scores)
    lines = [str(row[0]) for row in overview if row]
    return ReadBack(
        choices=_choices(campaign, rows),
        headline=next((below for line, below in pairwise(lines) if _AS_OF in line), ""),
        deadline=next((line for line in lines if line.startswith(_DEADLINE)), ""),
        as_of=next((line.partition(_AS_OF)[2] for line in lines if _AS_OF in line), ""),
        on_roster=on_roster(campaign),
        vetoes=_stated(campaign, rows, "veto"),
        grades=_stated(campaign, rows, "grade"),
    )


def _rows_by_community(campaign: Campaign, name: str, rows: _Rows) -> dict[Community, Sequence[Any]]:
    """Return the row of scores of each community of the campaign.

    :raises WrongUseError: one has none, or none that states its status.
    """
    statuses, table = status_words(campaign).values(), score_table(campaign)
    town = table.place("town" if campaign.has_towns else "community")
    place, status = table.place("community"), table.place("status")
    stated = {
        (key(str(row[town])), key(str(row[place]))): row
        for row in rows[table.first_row :]
        if len(row) > status and str(row[status]) in statuses
    }
    for community in campaign.communities:
        if community.key not in stated:
            raise WrongUseError(
                _(
                    "{file}: this is not a consolidated workbook of this campaign "
                    "({community} is not on the sheet “{sheet}”). Run “greenxl merge” again."
                ).format(file=name, community=community.name, sheet=table.sheet)
            )
    return {community: stated[community.key] for community in campaign.communities}


def _choices(campaign: Campaign, rows: Mapping[Community, Sequence[Any]]) -> tuple[Choice, ...]:
    statuses = {word: status for status, word in status_words(campaign).items()}
    place = score_table(campaign).place("status")
    return tuple(Choice(community, statuses[str(row[place])], None) for community, row in rows.items())


def _stated(campaign: Campaign, rows: Mapping[Community, Sequence[Any]], column: str) -> dict[Community, str]:
    """Return what a column says of each community of which it says anything."""
    table = score_table(campaign)
    if not table.has(column):
        return {}
    place = table.place(column)
    words = {community: str(row[place] or "") for community, row in rows.items() if len(row) > place}
    return {community: text for community, text in words.items() if text}


def _sheets(name: str, data: bytes, *sheets: str) -> list[_Rows]:
    book = open_workbook(name, data)
    if isinstance(book, Finding):
        raise _unreadable(name, book.message())
    found = [book.cells.sheet(sheet) for sheet in sheets]
    missing = [sheet for sheet, cells in zip(sheets, found, strict=True) if cells is None]
    if missing:
        raise WrongUseError(str(_unreadable(name, "、".join(missing))))
    try:
        return [cells.table() for cells in found if cells]
    except Refused as error:
        raise _unreadable(name, refusal(name, error).message()) from None


def _unreadable(name: str, reason: str) -> GreenxlError:
    return GreenxlError(
        _("{file}: the consolidated workbook cannot be read ({reason}). Run “greenxl merge” again.").format(
            file=name, reason=reason
        )
    )
