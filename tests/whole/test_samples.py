"""The samples are what the tool makes and reads today."""

import json

import pytest

from greenxl.campaign.model import Campaign
from greenxl.campaign.workbook import campaign_workbook
from greenxl.form.blank import blanks
from tests.conftest import SAMPLES
from tests.tools.make_samples import merged, with_addresses


def test_the_shipped_blanks_are_what_template_writes(huantai: Campaign) -> None:
    """A visitor opens the very bytes that the command writes."""
    made = {b.file_name: b.data for b in blanks(huantai, [t.name for t in huantai.towns])}
    assert {p.name: p.read_bytes() for p in (SAMPLES / "blank").iterdir()} == made


def test_the_sample_campaign_is_the_shipped_one_with_addresses() -> None:
    """``init --from samples/campaign.xlsx`` begins a round with mail; ``… tests.tools.renew campaign``."""
    assert (SAMPLES / "campaign.xlsx").read_bytes() == campaign_workbook(with_addresses())


@pytest.mark.parametrize("folder", ["returned", "spoiled"])
def test_merging_the_samples_gives_the_golden_document(folder: str) -> None:
    """A whole run gives the stored JSON; ``python -m tests.tools.renew json`` rewrites it."""
    assert merged(folder) == json.loads((SAMPLES / f"{folder}.json").read_text("utf-8"))
