"""What was issued, and what a workbook may claim; tests/scoring/test_choosing.py tries what comes of it."""

from dataclasses import replace
from decimal import Decimal

import pytest

from greenxl.campaign.model import Campaign
from greenxl.scoring.issued import (
    CopyContent,
    IssuedCopies,
    IssuedCopy,
    IssuedSheet,
    changed_scores,
    claim_of,
)
from greenxl.scoring.sheet_facts import facts_of
from tests.tools.score_sheets import digest, score_sheet

ONE = IssuedCopy(
    id="1",
    file_name="a.xlsx",
    sha256="aa",
    content=CopyContent(
        town="索镇", standard="", originals={digest("a.xlsx"): frozenset({"永安社区"})}, sheets={}
    ),
)


def test_the_last_copy_of_a_town() -> None:
    """By the order of issue; what was believed before there was a journal was not issued."""
    second = replace(ONE, id="2", sha256="bb")
    believed = replace(ONE, id="", sha256="cc")
    issued = IssuedCopies((ONE, second, believed))
    assert issued.last_of("索镇") == second
    assert issued.last_of("果里镇") is None
    assert issued.by_file() == {"aa": ONE, "bb": second}


def test_what_does_not_say_that_it_is_a_copy_claims_nothing(huantai: Campaign) -> None:
    """A blank that was filled in, or a table without identity."""
    sheet = score_sheet(huantai.communities_of("索镇")[0], huantai)
    for one in (sheet, replace(sheet, identity=None)):
        assert claim_of(facts_of(one), None, IssuedCopies((ONE,))) is None
        assert claim_of(facts_of(one), None, None) is None


def test_without_a_journal_all_sheets_of_the_files_are_replaced(huantai: Campaign) -> None:
    """That is all that such a copy says."""
    sheet = score_sheet(huantai.communities_of("索镇")[0], huantai, supersedes=("x", "y"))
    claim = claim_of(facts_of(sheet), None, None)
    assert claim
    assert (claim.originals, claim.generation, claim.believed) == ({"x": None, "y": None}, 2, True)
    assert claim.replaces(replace(facts_of(sheet), sha256="x"))
    assert not claim.replaces(facts_of(sheet))


FIVE = Decimal(5)


@pytest.mark.parametrize(
    ("now", "changes"),
    [
        pytest.param((FIVE, FIVE, FIVE), [], id="as it left"),
        pytest.param((FIVE, Decimal("5.00"), FIVE), [], id="the same number"),
        pytest.param((Decimal(1), Decimal(1), Decimal(1)), [(2, FIVE)], id="what was not asked"),
        pytest.param((None, None, None), [(2, FIVE)], id="emptied"),
    ],
)
def test_a_change_is_one_of_what_had_been_accepted(
    now: tuple[Decimal | None, ...], changes: list[tuple[int, Decimal]]
) -> None:
    """The first was empty, the third asked for."""
    sheet = IssuedSheet((None, FIVE, FIVE), frozenset({3}))
    assert list(changed_scores(sheet, now)) == changes
