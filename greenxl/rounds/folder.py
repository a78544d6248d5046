"""The folder of a round: where a command finds its campaign and puts its outputs, and how one is begun."""

from datetime import date
from pathlib import Path

from greenxl.campaign.model import Campaign
from greenxl.campaign.tables import WORKBOOK, CampaignTables
from greenxl.campaign.workbook import campaign_workbook
from greenxl.names import safe_file_name
from greenxl.output_files import write_whole

CAMPAIGN = WORKBOOK
BLANK = "blank"
RETURNED = "returned"
SENDBACK = "sendback"
REPORT = "report"


def is_round(folder: Path) -> bool:
    return (folder / CAMPAIGN).is_file()


def report_name(campaign: Campaign, as_of: date) -> str:
    """Return what a consolidated workbook is called: the round's year, and the whole date that it bears."""
    return safe_file_name(f"{campaign.county}-{campaign.year}年汇总表-{as_of:%Y-%m-%d}") + ".xlsx"


def begin(folder: Path, tables: CampaignTables) -> None:
    """Make the round's folders and write its campaign workbook.

    :raises GreenxlError: the folder cannot be written.
    """
    write_whole(folder / CAMPAIGN, campaign_workbook(tables))
    for name in (BLANK, RETURNED, SENDBACK, REPORT):
        (folder / name).mkdir(exist_ok=True)
