"""Blank workbooks for tests, in memory."""

from typing import Any

from greenxl.campaign.model import Campaign
from greenxl.form.blank import blank


def blank_of(campaign: Campaign, town: str, **more: Any) -> bytes:
    """Return the blank of all communities of a town."""
    return blank(campaign, town, campaign.communities_of(town), **more)
