"""Blanks are written beside what people typed into, and recorded in a round."""

from pathlib import Path

import pytest

from greenxl.campaign.model import Campaign
from greenxl.rounds.folder import begin
from greenxl.rounds.written import write_blanks, written_files


def test_a_blank_that_was_typed_into_stays(huantai: Campaign, tmp_path: Path) -> None:
    """The new one takes the next name; a second run leaves both; by force it takes the place."""
    [first] = write_blanks(huantai, ["索镇"], tmp_path)
    assert (first.path == first.wanted, first.is_new) == (True, True)
    first.path.write_bytes(b"typed")
    second, third = (next(iter(write_blanks(huantai, ["索镇"], tmp_path))) for _time in range(2))
    assert (second.path.name, second.is_new, third.is_new) == ("索镇-评分表-2021（2）.xlsx", True, False)
    assert first.path.read_bytes() == b"typed"
    [forced] = write_blanks(huantai, ["索镇"], tmp_path, force=True)
    assert forced.path.read_bytes() == second.path.read_bytes()


def test_the_blanks_of_a_round_are_known_when_they_come_back(
    huantai: Campaign, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They are recorded in the folder of the round that one is in."""
    begin(tmp_path, b"campaign")
    monkeypatch.chdir(tmp_path)
    assert len(list(write_blanks(huantai, ["果里镇", "索镇"], Path("blank")))) == 2
    assert len(written_files(tmp_path)) == 2
