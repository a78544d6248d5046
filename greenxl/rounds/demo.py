"""The demonstration's data: the sample campaign, whose mail goes nowhere, and the sample returns."""

import shutil
from importlib import resources
from pathlib import Path

from greenxl.campaign.tables import CampaignTables, read_tables

_SAMPLES = resources.files("greenxl.samples")


def tables() -> CampaignTables:
    """Return the tables of the shipped campaign with an invented address for everyone."""
    return read_tables(_SAMPLES / "campaign.xlsx")


def copy_returns(folder: Path) -> int:
    """Copy the sample returns into a round's folder and return how many there are."""
    with resources.as_file(_SAMPLES / "returned") as samples:
        files = sorted(samples.iterdir())
        for file in files:
            shutil.copy(file, folder)
    return len(files)
