"""Whose the copies in a folder are; tests/mail/test_mailing.py tries it with what is mailed."""

from pathlib import Path

import pytest

from greenxl.campaign.model import Campaign
from greenxl.rounds.copies_journal import begin_journal, read_issued
from greenxl.rounds.evaluate import Round, evaluate
from greenxl.sendback.found import find_copies
from greenxl.sendback.renewal import renew_copies
from tests.conftest import SAMPLES

TOWN = "城区街道"


@pytest.fixture
def issued(huantai: Campaign, tmp_path: Path) -> Round:
    """The round of the sample returns, of which one town has something to correct."""
    begin_journal(tmp_path)
    result = evaluate(huantai, [SAMPLES / "returned"], issued=read_issued(tmp_path))
    [path] = renew_copies(result, tmp_path / "sendback", tmp_path).written
    return evaluate(huantai, [SAMPLES / "returned"], issued=read_issued(tmp_path))


def test_a_copy_is_its_town_s_with_what_was_read_of_it(issued: Round, tmp_path: Path) -> None:
    """What was looked at is what is sent: the bytes come with the path."""
    [path] = (tmp_path / "sendback").iterdir()
    found = find_copies(issued, [path])
    assert (found.by_town[TOWN].path, found.by_town[TOWN].data) == (path, path.read_bytes())
    assert (found.outdated, found.problems) == (frozenset(), ())


def test_a_file_that_cannot_be_read_is_told(issued: Round, tmp_path: Path) -> None:
    """It was deleted meanwhile, or is open elsewhere."""
    path = tmp_path / "sendback" / "x.xlsx"
    found = find_copies(issued, [path])
    assert (found.by_town, found.problems) == (
        {},
        (f"{path}: cannot be read, so it is not sent. Close it elsewhere and run again.",),
    )
