from pathlib import Path

import pytest

from tests.conftest import SAMPLES
from tests.tools.commands import run


@pytest.fixture
def round_(tmp_path: Path) -> Path:
    assert run(tmp_path, "init", ".").returncode == 0
    return tmp_path


def test_status_shows_every_town(round_: Path) -> None:
    """A line per town, as wide as it needs and without blanks at its end, and what is missing."""
    done = run(round_, "status", SAMPLES / "returned")
    assert done.returncode == 0
    assert "Missing in 城区街道 (1): 玫瑰城社区\n" in done.stdout
    assert "12/14" in done.stdout
    assert all(line == line.rstrip() for line in done.stdout.splitlines())


@pytest.mark.parametrize("terminal", [{}, {"FORCE_COLOR": "1", "COLUMNS": "60"}], ids=["pipe", "terminal"])
def test_status_hides_no_name(round_: Path, terminal: dict[str, str]) -> None:
    """However many communities are missing, and however narrow the terminal is, every name is shown whole."""
    shown = run(round_, "status", **terminal).stdout
    assert "…" not in shown
    assert shown.splitlines()[1].split()[:3] == ["Town", "blank", "returned"]
    assert shown.splitlines()[1].endswith("sent back")
    town = next(line for line in shown.splitlines() if line.startswith("Missing in 城区街道 (14): "))
    assert len(town.split("、")) == 14
