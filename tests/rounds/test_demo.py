"""The demonstration: a campaign whose mail reaches nobody, and the sample returns."""

from pathlib import Path

from greenxl.campaign.checks import campaign_of
from greenxl.campaign.model import Campaign
from greenxl.rounds.demo import copy_returns, tables
from tests.conftest import SAMPLES


def test_everybody_has_an_invented_address(huantai: Campaign) -> None:
    """The shipped campaign otherwise, with addresses of a domain that is nobody's."""
    campaign = campaign_of(tables(), "samples")
    assert (campaign.id, campaign.communities) == (huantai.id, huantai.communities)
    addresses = [town.email for town in campaign.towns] + [one.email for one in campaign.recipients]
    assert len(addresses) == 5
    assert all(address.endswith("@example.cn") for address in addresses)


def test_the_sample_returns_are_copied(tmp_path: Path) -> None:
    """Every sample arrives as it is, and is counted."""
    assert copy_returns(tmp_path) == 4
    copied = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert copied == {path.name: path.read_bytes() for path in (SAMPLES / "returned").iterdir()}
