"""A press does what its button is for, or says why not; nothing of its form leads elsewhere."""

import time
from pathlib import Path

import pytest

from greenxl.ui.buttons import press
from greenxl.ui.returned import id_of
from greenxl.ui.session import Session
from tests.ui.test_session import look


def pressed(session: Session, button: str, /, **fields: str) -> str:
    """Press a button, wait for its work, and return what the page says."""
    press(session, button, fields)
    end = time.monotonic() + 60
    while session.jobs.running and time.monotonic() < end:
        time.sleep(0.02)
    return " ".join(one.text for one in session.shown_messages)


def test_every_press_says_what_came_of_it(session: Session, round_: Path) -> None:
    """What was said before gives way."""
    assert pressed(session, "blanks") == "3 blanks were made."
    assert pressed(session, "blanks") == "All 3 blanks were there already, unchanged."
    (round_ / "returned" / "x.txt").write_text("x")
    assert pressed(session, "withdraw", file=id_of("x.txt")).startswith("x.txt was withdrawn")
    assert pressed(session, "restore", file=id_of("x.txt")) == "x.txt was put back."
    assert (round_ / "returned" / "x.txt").exists()
    assert pressed(session, "check") == ""


@pytest.mark.parametrize(
    ("name", "fields", "said"),
    [
        ("nothing", {}, "There is nothing at this address."),
        ("withdraw", {"file": "../campaign.xlsx"}, "This file is not there any more."),
        ("drafts", {"kind": "../../x"}, "There is nothing at this address."),
        ("drafts", {"kind": "notices"}, "There is nothing at this address."),
        ("send", {"kind": "blank"}, "Nothing was sent: look at the list"),
        ("open", {"what": "report"}, "There is no consolidated workbook yet."),
        ("round", {"round": "/etc"}, "This is not there any more."),
        ("begin", {"name": " "}, "Give the new round a name"),
        ("begin", {"name": "x", "year": "20222"}, "“20222” is not a year."),
        ("begin", {"name": "x", "year": "二〇二二"}, "is not a year."),
        ("begin", {"name": "x", "place": "/tmp"}, "This is not there any more."),
    ],
)
def test_what_cannot_be_meant_is_a_sentence(
    session: Session, name: str, fields: dict[str, str], said: str
) -> None:
    """Whatever a form says, the round stays as it is."""
    look(session)
    assert said in pressed(session, name, **fields)


def test_without_a_round_only_one_can_be_chosen_or_begun(
    session: Session, round_: Path, tmp_path: Path
) -> None:
    """Work in the home folder would be somebody else's."""
    session.leave()
    for name in ("check", "blanks", "withdraw", "open", "report", "send"):
        assert pressed(session, name) == "Open or begin a round first."
    assert not (tmp_path / "returned").exists()
    assert pressed(session, "round", round=id_of(str(round_))) == ""
    assert session.folder == round_


def test_while_work_is_under_way_the_rest_waits(session: Session) -> None:
    """Of asking for a check once more nothing is said: what came meanwhile is checked after it."""
    with session.jobs.alone("Sending"):
        press(session, "report", {})
        assert session.messages[0].text == "Sending is still under way. Wait until it is done."
        session.messages = ()
        press(session, "check", {})
        assert session.messages == ()
