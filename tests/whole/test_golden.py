"""What the workbooks are made of changes only on purpose."""

import pytest

from greenxl.campaign.model import Campaign
from tests.tools.golden import FOLDER, GOLDENS, described


@pytest.mark.parametrize("name", GOLDENS)
def test_a_workbook_is_made_of_what_its_golden_says(huantai: Campaign, name: str) -> None:
    """Cells, formats, validations, conditions, charts: `… tests.tools.golden update` accepts a change."""
    assert described(GOLDENS[name](huantai)) == (FOLDER / f"{name}.txt").read_text("utf-8")
