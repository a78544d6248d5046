"""The page on returned files tells everything that the catalogue can say, and is up to date."""

import pytest

from greenxl.findings import CATALOGUE, Severity
from greenxl.i18n import CHINESE, ENGLISH, translate
from tests.tools import returned_files


def test_every_code_has_one_row() -> None:
    """No code of the catalogue is missing from the page, none is told twice, none is made up."""
    told = [code for rows in returned_files.SECTIONS.values() for code in rows]
    assert sorted(told) == sorted(CATALOGUE)


@pytest.mark.parametrize("language", [ENGLISH, CHINESE])
def test_the_page_is_fresh(language: str) -> None:
    """The stored page is what the catalogue gives: else run ``… returned_files update``."""
    assert returned_files.PAGES[language].read_text("utf-8") == returned_files.page(language)


@pytest.mark.parametrize("language", [ENGLISH, CHINESE])
def test_errors_and_warnings_end_with_what_to_do(language: str) -> None:
    """Their last sentence is the remedy; a note may ask for nothing, and then does so in both languages."""
    for code, kind in CATALOGUE.items():
        for message in filter(None, (kind.message, kind.many)):
            _found, remedy = returned_files.parted(translate(message, language))
            assert bool(remedy) == (kind.severity is not Severity.NOTE), code
