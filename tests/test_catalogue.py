"""Every entry of the catalogue says what its finding is about and what follows from it."""

import pytest

from greenxl.catalogue import CATALOGUE, Audience, CatalogueEntry, Correction, Severity, Subject


@pytest.mark.parametrize("code", CATALOGUE)
def test_an_entry_fits_together(code: str) -> None:
    """Scores are the town's, campaigns the county's; what is asked instead is in the catalogue too."""
    entry = CATALOGUE[code]
    assert isinstance(entry, CatalogueEntry)
    if entry.subject is Subject.SCORE:
        assert entry.audience is Audience.TOWN
        assert entry.correction is not Correction.NONE
    if entry.subject is Subject.CAMPAIGN:
        assert (entry.audience, entry.severity) in (
            (Audience.COUNTY, Severity.ERROR),
            (Audience.COUNTY, Severity.WARNING),
        )
    assert not entry.asked_as or entry.asked_as in CATALOGUE


def test_scores_that_may_stay_are_not_typed_anew() -> None:
    """A warning about a score that was read leaves it; an error asks for another."""
    scores = {code: entry for code, entry in CATALOGUE.items() if entry.subject is Subject.SCORE}
    for code, entry in scores.items():
        if entry.severity is Severity.WARNING:
            assert not entry.correction.of_score, code
