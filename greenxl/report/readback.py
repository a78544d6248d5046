"""A consolidated workbook read back for the mail that carries it."""

import io
from typing import Any

from greenxl.campaign.model import Campaign
from greenxl.errors import GreenxlError, WrongUseError
from greenxl.i18n import _
from greenxl.names import key
from greenxl.report.layout import OVERVIEW, SCORES, ScoreGrid
from greenxl.scoring.choosing import Choice
from greenxl.scoring.vocabulary import STATUS_WORDS


def statuses(campaign: Campaign, name: str, data: bytes) -> list[Choice]:
    """Return the status of every community as a consolidated workbook states it."""
    rows = [[*row, *[""] * (5 - len(row))] for row in _rows(name, data, SCORES)]
    grid = ScoreGrid(campaign)
    words = {word: status for status, word in STATUS_WORDS.items()}
    stated = {(key(str(row[1])), key(str(row[2]))): words.get(str(row[4])) for row in rows[grid.first_row :]}
    choices = []
    for community in campaign.communities:
        status = stated.get(community.key)
        if status is None:
            raise WrongUseError(
                _(
                    "{file}: this is no consolidated workbook of this campaign "
                    "({community} does not stand on the sheet “{sheet}”). Run “greenxl merge” again."
                ).format(file=name, community=community.name, sheet=SCORES)
            )
        choices.append(Choice(community, status, None))
    return choices


def reporting(name: str, data: bytes) -> str:
    """Return what the first page says of the deadline, counted in days up to its own date."""
    cells = (str(cell) for row in _rows(name, data, OVERVIEW) for cell in row)
    return next((cell for cell in cells if cell.startswith("报送时限")), "")


def _rows(name: str, data: bytes, sheet: str) -> list[list[Any]]:
    import python_calamine

    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
        return book.get_sheet_by_name(sheet).to_python(skip_empty_area=False)
    except (python_calamine.CalamineError, OSError, ValueError) as error:
        raise GreenxlError(
            _(
                "{file}: the consolidated workbook cannot be read ({reason}). Run “greenxl merge” again."
            ).format(file=name, reason=error)
        ) from error
