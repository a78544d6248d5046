"""Notices of rounds that were made in memory."""

from greenxl.report.notices.choosing import TownNotice, department_notices, town_notices
from greenxl.report.notices.department_book import department_book
from greenxl.report.notices.town_book import town_book
from greenxl.rounds.evaluate import Round
from greenxl.scoring.tables import Tables
from tests.tools.reports import DAY

SOURCE = "汇总.xlsx"
"""What the consolidated workbook is called."""


def notice_of(made: tuple[Round, Tables], town: str) -> TownNotice:
    result, tables = made
    return next(one for one in town_notices(result.campaign, tables) if one.town == town)


def book_of(made: tuple[Round, Tables], town: str) -> bytes:
    """Return the workbook of a town's notice."""
    return town_book(made[0].campaign, notice_of(made, town), DAY, SOURCE)


def departments_of(made: tuple[Round, Tables]) -> bytes:
    """Return the workbook for the departments, one of an empty list where they need not see to anything."""
    campaign, tables = made[0].campaign, made[1]
    return department_book(
        campaign, department_notices(campaign, town_notices(campaign, tables)), DAY, SOURCE
    )


def books_of(made: tuple[Round, Tables]) -> list[bytes]:
    """Return every workbook of a round's notices."""
    campaign, tables = made[0].campaign, made[1]
    notices = town_notices(campaign, tables)
    found = [town_book(campaign, one, DAY, SOURCE) for one in notices if not one.is_clear]
    return [*found, departments_of(made)] if department_notices(campaign, notices) else found
