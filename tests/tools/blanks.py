"""Blank workbooks for tests, in memory."""

import io
from typing import Any

import openpyxl

from greenxl.campaign.model import Campaign
from greenxl.form.blank import blank


def blank_of(campaign: Campaign, town: str, **more: Any) -> bytes:
    """Return the blank of all communities of a town."""
    return blank(campaign, town, campaign.communities_of(town), **more)


def opened(data: bytes) -> Any:
    """Return a workbook as openpyxl reads it, formulas and all."""
    return openpyxl.load_workbook(io.BytesIO(data))
