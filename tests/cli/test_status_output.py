from dataclasses import replace
from pathlib import Path

import pytest

from greenxl.campaign.model import Campaign, Town
from greenxl.cli.status_output import print_status
from greenxl.rounds.status import round_status
from tests.conftest import SAMPLES
from tests.tools.commands import run
from tests.tools.programmes import FULL, Typed, mixed
from tests.tools.rounds import round_of


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
    assert shown.splitlines()[1].split()[:4] == ["Town", "blank", "sent", "returned"]
    assert shown.splitlines()[1].endswith("sent back")
    town = next(line for line in shown.splitlines() if line.startswith("Missing in 城区街道 (14): "))
    assert len(town.split("、")) == 14


def test_status_says_what_went_by_hand(round_: Path) -> None:
    """With its date; where nothing is known there is a dash, and how to record it."""
    advice = "“-”: not recorded. Record what went out by hand with: greenxl mark sent NAME"
    assert run(round_, "mark", "sent", "索镇").returncode == 0
    shown = run(round_, "status").stdout.splitlines()
    day = (round_ / "sendlog.jsonl").read_text("utf-8")[10:20]
    rows = {line.split()[0]: " ".join(line.split()[1:5]) for line in shown[2:5]}
    assert rows == {"城区街道": "- - 0 0/14", "果里镇": "- - 0 0/1", "索镇": f"{day} by hand -"}
    assert advice in shown
    assert run(round_, "mark", "sent", "--all").returncode == 0
    assert advice not in run(round_, "status").stdout


def test_notices_have_a_column_once_one_went_out(round_: Path) -> None:
    """A round without them is shown as ever."""
    line = '{"time": "2021-10-09", "key": "1", "kind": "notices", "name": "果里镇", "state": "sent"}\n'
    assert run(round_, "status").stdout.splitlines()[1].endswith("sent back")
    (round_ / "sendlog.jsonl").write_text(line, encoding="utf-8")
    shown = run(round_, "status").stdout.splitlines()
    assert shown[1].endswith("sent back  notice sent")
    assert [row.split()[-1] for row in shown[2:5]] == ["-", "mailed", "-"]


def test_a_mail_that_may_not_have_arrived_has_no_date(round_: Path) -> None:
    """When it was tried says nothing of when it arrived."""
    line = '{"time": "2021-09-01", "key": "1", "kind": "blank", "name": "果里镇", "state": "%s"}\n'
    (round_ / "sendlog.jsonl").write_text(line % "sending", encoding="utf-8")
    shown = run(round_, "status").stdout
    assert "unknown whether it arrived" in shown
    assert "2021-09-01" not in shown
    (round_ / "sendlog.jsonl").write_text(line % "sent", encoding="utf-8")
    assert "2021-09-01 mailed" in run(round_, "status").stdout


def test_status_names_what_is_to_be_decided(huantai: Campaign, capsys: pytest.CaptureFixture[str]) -> None:
    """With the column that is blank; a unit that is a town itself is named once."""
    campaign = mixed(huantai)
    one, two, *_rest = campaign.communities
    blank: list[Typed] = [None] * 7
    beside = {unit: {"自评分": FULL, "县核定分": blank} for unit in (one, two)}
    result, _tables = round_of(campaign, {one: blank, two: blank}, beside)
    print_status(round_status(result, [], [], {}))
    words = "To be decided (待核定), for “县核定分” is still blank: "
    assert f"{words}{one.town} {one.name}、{two.name}\n" in capsys.readouterr().out
    alone = replace(one, town=one.name)
    campaign = replace(campaign, parent="", communities=(alone,), towns=(Town(one.name),))
    result, _tables = round_of(campaign, {alone: blank}, {alone: beside[one]})
    print_status(round_status(result, [], [], {}))
    assert f"{words}{one.name}\n" in capsys.readouterr().out
