"""How far a round has come by a day, and so whether its figures are a verdict on the target yet. Pure."""

from datetime import date
from enum import StrEnum

from greenxl.campaign.model import Campaign


class Stage(StrEnum):
    """What the figures of a round are worth."""

    NOTHING = "nothing"
    """No community has returned a score, whatever the day: there is nothing to judge."""
    OPEN = "open"
    """Returns may still come in time: the figures are those so far."""
    CLOSED = "closed"
    """The deadline has passed: the figures are the verdict."""


def is_open(campaign: Campaign, as_of: date) -> bool:
    """Whether returns may still come in time; the day of the deadline itself is in time."""
    return as_of <= campaign.deadline


def stage_of(campaign: Campaign, participating: int, as_of: date) -> Stage:
    """Return the stage of a round in which so many communities take part, on a day."""
    if not participating:
        return Stage.NOTHING
    return Stage.OPEN if is_open(campaign, as_of) else Stage.CLOSED
