"""The page on the annual report names every field, with what the sample round makes of it."""

import re

import pytest

from greenxl.campaign.model import Campaign
from greenxl.report.annual.fields import fields
from greenxl.report.annual.template import fill
from tests.tools import report_fields
from tests.tools.rounds import samples
from tests.tools.word import document, lines


@pytest.mark.parametrize("language", report_fields.PAGES)
def test_the_fields_are_fresh(language: str) -> None:
    """What stands there is what the fields are: else ``python -m tests.tools.renew fields``."""
    assert report_fields.PAGES[language].read_text("utf-8") == report_fields.page(language)


@pytest.mark.parametrize("language", report_fields.PAGES)
def test_what_the_page_tells_to_write_can_be_written(huantai: Campaign, language: str) -> None:
    """Each row of the table of what to write, in a template of its own, leaves no brace behind."""
    text = report_fields.PAGES[language].read_text("utf-8").partition(report_fields.BEGIN)[0]
    rows = [line for line in text.splitlines() if line.startswith("| ") and "{" in line]
    values = fields(*samples(huantai), report_fields.AS_OF)
    assert len(rows) == 6
    for row in rows:
        data = fill(row, document(*re.findall("`([^`]+)`", row)), values).data
        assert "{" not in "".join(lines(data))
