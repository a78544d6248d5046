"""A round is judged once its deadline has passed and something has come."""

from datetime import date

import pytest

from greenxl.campaign.model import Campaign
from greenxl.rounds.stage import Stage, stage_of


@pytest.mark.parametrize(
    ("participating", "day", "stage"),
    [
        (0, date(2021, 9, 1), Stage.NOTHING),
        (0, date(2021, 10, 9), Stage.NOTHING),
        (1, date(2021, 9, 29), Stage.OPEN),
        (21, date(2021, 9, 30), Stage.OPEN),
        (1, date(2021, 10, 1), Stage.CLOSED),
    ],
    ids=["nothing before", "nothing after", "some before", "all on the day", "some after"],
)
def test_the_stage_of_a_round(huantai: Campaign, participating: int, day: date, stage: Stage) -> None:
    """Without a return there is nothing to judge, whatever the day; the day of the deadline is in time."""
    assert stage_of(huantai, participating, day) is stage
