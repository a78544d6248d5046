"""What stops a run says with which exit code, and a campaign every reason at once."""

import pytest

from greenxl.errors import CampaignError, GreenxlError, WrongUseError
from greenxl.findings import finding


@pytest.mark.parametrize(
    ("error", "code"),
    [(GreenxlError("x"), 3), (WrongUseError("x"), 2), (CampaignError("x"), 2)],
    ids=["failed", "wrong use", "campaign"],
)
def test_an_error_has_its_exit_code(error: GreenxlError, code: int) -> None:
    """Failed reading, writing or mail is 3; what was asked for wrongly is 2."""
    assert (str(error), error.exit_code) == ("x", code)


def test_a_campaign_error_names_every_fault() -> None:
    """The faults are findings; without any there are none."""
    fault = finding("table-empty", "roster.csv")
    assert CampaignError("x", (fault,)).faults == (fault,)
    assert CampaignError("x").faults == ()
