"""The rounds whose annual reports are read: as large, as long-worded and as empty as a round can be."""

from collections.abc import Callable

import pytest

from greenxl.campaign.model import Campaign
from tests.tools.campaigns import of_one_name, without_towns
from tests.tools.reports import (
    Made,
    all_of,
    from_samples,
    from_spoiled_samples,
    of_120_communities,
    of_another_county,
    of_longest_names,
    without_returns,
)
from tests.tools.rounds import drawn, round_of


def all_passed(huantai: Campaign, _other: Campaign, _schools: Campaign) -> Made:
    return round_of(huantai, all_of(5, huantai.communities))


def schools_in_districts(_huantai: Campaign, _other: Campaign, schools: Campaign) -> Made:
    return round_of(schools, drawn(schools, 2))


def schools_without_towns(_huantai: Campaign, _other: Campaign, schools: Campaign) -> Made:
    campaign = without_towns(schools)
    return round_of(campaign, drawn(campaign, 2))


def schools_that_are_towns(_huantai: Campaign, _other: Campaign, schools: Campaign) -> Made:
    campaign = of_one_name(schools)
    return round_of(campaign, drawn(campaign, 2))


MAKERS: dict[str, Callable[[Campaign, Campaign, Campaign], Made]] = {
    **{
        make.__name__: lambda huantai, other, _schools, make=make: make(huantai, other)  # type: ignore[misc]
        for make in (
            from_samples,
            from_spoiled_samples,
            of_120_communities,
            of_longest_names,
            of_another_county,
            without_returns,
        )
    },
    **{
        make.__name__: make
        for make in (all_passed, schools_in_districts, schools_without_towns, schools_that_are_towns)
    },
}


@pytest.fixture(scope="session", params=MAKERS)
def made(request: pytest.FixtureRequest, huantai: Campaign, other: Campaign, schools: Campaign) -> Made:
    return MAKERS[request.param](huantai, other, schools)
