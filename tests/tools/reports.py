"""Consolidated workbooks of many rounds, opened for the tests of their sheets."""

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from greenxl.campaign.model import Campaign, Community
from greenxl.names import key
from greenxl.report.book import consolidate
from greenxl.report.comparison import Earlier, Previous
from greenxl.rounds.evaluate import Round
from greenxl.scoring.tables import Tables
from tests.tools import books
from tests.tools.rounds import Given, drawn, large, longest, round_of, samples

DAY = date(2021, 10, 9)
Made = tuple[Round, Tables]
Make = Callable[[Campaign, Campaign], Made]


def from_samples(huantai: Campaign, _other: Campaign) -> Made:
    return samples(huantai)


def from_spoiled_samples(huantai: Campaign, _other: Campaign) -> Made:
    return samples(huantai, "spoiled")


def of_120_communities(huantai: Campaign, _other: Campaign) -> Made:
    campaign = large(huantai)
    return round_of(campaign, drawn(campaign, 1))


def of_longest_names(huantai: Campaign, _other: Campaign) -> Made:
    campaign = longest(huantai)
    return round_of(campaign, drawn(campaign, 5))


def of_another_county(_huantai: Campaign, other: Campaign) -> Made:
    return round_of(other, drawn(other, 3))


def without_returns(huantai: Campaign, _other: Campaign) -> Made:
    return round_of(huantai, {})


ROUNDS: list[Make] = [
    from_samples,
    from_spoiled_samples,
    of_120_communities,
    of_longest_names,
    of_another_county,
    without_returns,
]


class Report:
    """A round and its consolidated workbook, opened once for all who read it."""

    def __init__(self, made: Made) -> None:
        self.result, self.tables = made
        self.campaign = self.result.campaign
        self.data = consolidate(*made, DAY)

    def cells(self, sheet: str, *, values: bool = True) -> list[list[Any]]:
        """Return the rows of a sheet, of what formulas give or of the formulas themselves."""
        return rows_of(opened(self.data, values=values)[sheet])


def opened(data: bytes, *, values: bool = True) -> Any:
    return books.opened(data, values=values)


def cells(data: bytes, sheet: str, *, values: bool = True) -> list[list[Any]]:
    return rows_of(opened(data, values=values)[sheet])


def rows_of(sheet: Any) -> list[list[Any]]:
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


def numbered(rows: Iterable[list[Any]]) -> list[list[Any]]:
    """Return the rows that begin with a number: those of the records of a list."""
    return [row for row in rows if isinstance(row[0], int)]


def all_of(score: float, communities: Iterable[Community]) -> dict[Community, list[float]]:
    """Return the same score for every criterion of some communities of the shipped campaign."""
    return {community: [score] * 20 for community in communities}


def earlier(campaign: Campaign, given: Given) -> Previous:
    """Return what reading the consolidated workbook of such a round gives."""
    _result, tables = round_of(campaign, given)
    return Previous(
        file="old.xlsx",
        as_of="2021年9月1日",
        max_score=campaign.max_score,
        criteria={key(criterion.text): criterion.number for criterion in campaign.criteria},
        communities=tuple(
            Earlier(
                town=row.community.town,
                community=row.community.name,
                status=row.status,
                total=row.total,
                scores={number: score for number, score in enumerate(row.scores, 1) if score is not None},
            )
            for row in tables.communities
        ),
    )
