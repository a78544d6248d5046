"""The round of the current folder and its tables in one call."""

import shutil
from pathlib import Path

import pytest

from greenxl.campaign.model import Campaign
from greenxl.form.blank import blank
from greenxl.rounds.evaluate import evaluate_here
from greenxl.rounds.written import record_written
from greenxl.scoring.choosing import Status
from tests.conftest import SAMPLES


def test_tables_and_progress_are_those_of_the_returns(
    huantai: Campaign, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every file is counted; a blank that the round wrote is known as its own."""
    monkeypatch.chdir(tmp_path)
    shutil.copytree(SAMPLES / "returned", "returned")
    own = blank(huantai, "索镇", huantai.communities_of("索镇"))
    record_written(Path(), [("own.xlsx", own)])
    Path("returned/own.xlsx").write_bytes(own)
    steps: list[tuple[int, ...]] = []
    found = evaluate_here(huantai, [Path("returned")], lambda *step: steps.append(step))
    assert steps == [(number, 5, 0) for number in range(1, 6)]
    assert found.tables.county.statuses[Status.PASSED] == 15
    assert [e.reason.code for e in found.result.entries if e.reason] == ["skipped-own"]
