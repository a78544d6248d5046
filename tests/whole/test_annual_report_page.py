"""The page on the annual report names every field, with what the sample round makes of it."""

import pytest

from tests.tools import report_fields


@pytest.mark.parametrize("language", report_fields.PAGES)
def test_the_fields_are_fresh(language: str) -> None:
    """What stands there is what the fields are: else ``python -m tests.tools.renew fields``."""
    assert report_fields.PAGES[language].read_text("utf-8") == report_fields.page(language)
