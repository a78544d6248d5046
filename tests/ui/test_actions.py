"""What the page makes is what the commands make, to the byte."""

import shutil
from pathlib import Path

import openpyxl

from greenxl.rounds.sendings import LetterKind
from greenxl.ui.actions import NewRound, begin, make_blanks, make_drafts, make_report
from greenxl.ui.session import Session
from tests.conftest import SAMPLES
from tests.tools import commands


def nowhere(_done: int, _all: int) -> None:
    pass


def test_blanks_and_report_are_those_of_the_commands(session: Session, round_: Path, tmp_path: Path) -> None:
    """template and merge in a copy of the round write the same bytes."""
    shutil.copytree(SAMPLES / "returned", round_ / "returned", dirs_exist_ok=True)
    copy = tmp_path / "copy"
    shutil.copytree(round_, copy)
    make_blanks(session, nowhere)
    make_report(session, nowhere)
    commands.run(copy, "template")
    commands.run(copy, "merge", "--as-of", "2021-09-20")
    made = {path.relative_to(round_): path.read_bytes() for path in round_.rglob("*/*.xlsx")}
    wanted = {path.relative_to(copy): path.read_bytes() for path in copy.rglob("*/*.xlsx")}
    assert made.keys() == wanted.keys()
    assert [str(name) for name in made if made[name] != wanted[name]] == []
    assert "was made, and the leader’s copy" in session.messages[0].text


def test_a_second_report_says_what_changed(session: Session, round_: Path) -> None:
    """It stands beside the first."""
    make_report(session, nowhere)
    shutil.copytree(SAMPLES / "returned", round_ / "returned", dirs_exist_ok=True)
    make_report(session, nowhere)
    assert session.messages[1].text.startswith("与上次（2021年9月20日）相比：新报送20个")
    assert len(list((round_ / "report").iterdir())) == 4


def test_a_round_begins_with_a_launcher(session: Session, round_: Path, tmp_path: Path) -> None:
    """For the year that was asked for; the page goes there."""
    begin(session, NewRound(name="桓台县2022", place=tmp_path, source=round_, year=2022))
    assert session.folder == tmp_path / "桓台县2022"
    names = {path.name for path in session.folder.iterdir()}
    assert {"campaign.xlsx", "returned", "blank"} < names
    assert any(name.startswith("打开评分汇总.") for name in names)
    assert openpyxl.load_workbook(session.folder / "campaign.xlsx")


def test_with_nothing_to_send_no_draft_is_opened(session: Session) -> None:
    """Reminders are owed by all while nothing came; copies by nobody."""
    make_drafts(session, nowhere, LetterKind.SENDBACK)
    assert session.messages[0].text == "There is nothing to send."
