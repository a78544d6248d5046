"""The page on returned files tells everything that the catalogue can say, and is up to date."""

import pytest

from greenxl.catalogue import CATALOGUE, Severity, Subject
from greenxl.i18n import CHINESE, ENGLISH, translate
from tests.tools import returned_files


def test_every_code_has_one_row() -> None:
    """No code about returned files is missing from the page, none has two rows, none is made up."""
    rows = [code for section in returned_files.SECTIONS.values() for code in section]
    returned = [code for code, entry in CATALOGUE.items() if entry.subject is not Subject.CAMPAIGN]
    assert sorted(rows) == sorted(returned)


@pytest.mark.parametrize("language", [ENGLISH, CHINESE])
def test_the_page_is_fresh(language: str) -> None:
    """The stored page is what the catalogue gives: else ``… tests.tools.renew returned-files``."""
    assert returned_files.PAGES[language].read_text("utf-8") == returned_files.page(language)


@pytest.mark.parametrize("language", [ENGLISH, CHINESE])
def test_errors_and_warnings_end_with_what_to_do(language: str) -> None:
    """Their last sentence is the remedy; a note may ask for nothing, and then does so in both languages."""
    for code, kind in CATALOGUE.items():
        for message in filter(None, (kind.message, kind.many)):
            _found, remedy = returned_files.parted(translate(message, language))
            assert bool(remedy) == (kind.severity is not Severity.NOTE), code
