"""The demonstration: a campaign whose mail reaches nobody, and the sample returns."""

from pathlib import Path

from greenxl.campaign.checks import load
from greenxl.campaign.model import Campaign
from greenxl.rounds.demo import campaign as demo_campaign
from greenxl.rounds.demo import copy_returns
from tests.conftest import SAMPLES


def test_everybody_has_an_invented_address(huantai: Campaign, tmp_path: Path) -> None:
    """The shipped campaign otherwise, with addresses of a domain that is nobody's."""
    (tmp_path / "campaign.xlsx").write_bytes(demo_campaign())
    campaign = load(tmp_path)
    assert (campaign.id, campaign.communities) == (huantai.id, huantai.communities)
    addresses = [town.email for town in campaign.towns] + [one.email for one in campaign.recipients]
    assert len(addresses) == 5
    assert all(address.endswith("@example.cn") for address in addresses)


def test_the_sample_returns_are_copied(tmp_path: Path) -> None:
    """Every sample arrives as it is, and is counted."""
    assert copy_returns(tmp_path) == 4
    copied = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert copied == {path.name: path.read_bytes() for path in (SAMPLES / "returned").iterdir()}
