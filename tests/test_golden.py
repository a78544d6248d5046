"""What the workbooks are made of changes only on purpose."""

import pytest
from golden import FOLDER, GOLDENS, described

from greenxl.campaign import Campaign


@pytest.mark.parametrize("name", GOLDENS)
def test_a_workbook_is_made_of_what_its_golden_says(huantai: Campaign, name: str) -> None:
    """Cells, formats, validations, conditions, charts: `python tests/golden.py update` accepts a change."""
    assert described(GOLDENS[name](huantai)) == (FOLDER / f"{name}.txt").read_text("utf-8")
