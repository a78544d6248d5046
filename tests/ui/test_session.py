"""The session follows its round's folder: checks it when it changes, and leaves it when it is gone."""

import shutil
import time
from pathlib import Path

import pytest

from greenxl.errors import GreenxlError, WrongUseError
from greenxl.ui.session import Session
from tests.conftest import SAMPLES


def look(session: Session) -> None:
    session.look()
    end = time.monotonic() + 60
    while session.jobs.running and time.monotonic() < end:
        time.sleep(0.02)


def passed(session: Session) -> int | None:
    return session.found.tables.county.passed if session.found else None


def test_it_checks_when_files_change_and_only_then(session: Session, round_: Path) -> None:
    """A look without a change keeps the very same result."""
    look(session)
    assert passed(session) == 0
    shutil.copytree(SAMPLES / "returned", round_ / "returned", dirs_exist_ok=True)
    look(session)
    assert passed(session) == 15
    found = session.found
    look(session)
    assert session.found is found
    assert session.fresh(lambda done, all: None) is found
    assert session.remembered.rounds() == [round_]


def test_a_fault_is_shown_until_it_is_put_right(session: Session, round_: Path) -> None:
    """Nothing of before is shown as if it were so still."""
    look(session)
    data = (round_ / "campaign.xlsx").read_bytes()
    (round_ / "campaign.xlsx").write_bytes(b"broken")
    look(session)
    assert session.found is None
    assert [one.is_problem for one in session.shown_messages] == [True]
    with pytest.raises(WrongUseError):
        session.fresh(lambda done, all: None)
    (round_ / "campaign.xlsx").write_bytes(data)
    look(session)
    assert (session.shown_messages, passed(session)) == ((), 0)


def test_a_round_that_is_gone_is_left(session: Session, round_: Path) -> None:
    """With a sentence; work that needs one is refused."""
    look(session)
    shutil.rmtree(round_)
    with pytest.raises(WrongUseError):
        session.require_folder()
    assert "桓台县2021” is gone" in session.messages[0].text
    with pytest.raises(WrongUseError, match="Open or begin a round first"):
        session.require_folder()


def test_a_round_that_came_back_is_gone_on_with(session: Session, round_: Path) -> None:
    """A folder in the place of one that was deleted is another one to the system, not to people."""
    look(session)
    shutil.copytree(round_, round_.parent / "copy")
    shutil.rmtree(round_)
    (round_.parent / "copy").rename(round_)
    shutil.copytree(SAMPLES / "returned", round_ / "returned", dirs_exist_ok=True)
    look(session)
    assert (session.folder, passed(session), session.shown_messages) == (round_, 15, ())


def test_a_round_without_its_campaign_is_a_sentence(session: Session, round_: Path) -> None:
    """No command and no path is in it."""
    (round_ / "campaign.xlsx").unlink()
    look(session)
    [shown] = session.shown_messages
    assert shown.text.startswith("The folder “桓台县2021” is no round: there is no campaign.xlsx in it.")


def test_what_goes_wrong_is_a_message(session: Session) -> None:
    """Ours and others', beside what was said before."""

    def fail(error: Exception) -> None:
        raise error

    for error in (GreenxlError("First."), ZeroDivisionError()):
        with session.report_problems():
            fail(error)
    assert session.messages[0].text == "First."
    assert "ZeroDivisionError" in session.messages[1].text
