"""What was seen and confirmed is sent, nothing else, and the journal is that of the commands."""

import shutil
from pathlib import Path

import pytest

from greenxl.errors import CampaignError, WrongUseError
from greenxl.mail.journal import SEND_LOG
from greenxl.rounds.sendings import LetterKind
from greenxl.ui.mailing import past_words, planned, send
from greenxl.ui.session import Session
from tests.conftest import SAMPLES
from tests.tools.pages import journal
from tests.tools.scripted import ScriptedSmtp, scripted


def nowhere(_done: int, _all: int) -> None:
    pass


def test_what_changed_since_it_was_seen_is_not_sent(
    session: Session, round_: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A town that returned meanwhile gets no reminder that nobody looked at."""
    server, session.insecure = ScriptedSmtp(), True
    session.fresh(nowhere)
    seen = planned(session, LetterKind.REMINDERS).digest
    shutil.copytree(SAMPLES / "returned", round_ / "returned", dirs_exist_ok=True)
    session.fresh(nowhere)
    with scripted(server) as address:
        monkeypatch.setenv("GREENXL_SMTP_URL", address)
        with pytest.raises(WrongUseError, match="has changed meanwhile"):
            send(session, nowhere, LetterKind.REMINDERS, seen, "")
        assert server.messages == []
        plan = planned(session, LetterKind.REMINDERS)
        send(session, nowhere, LetterKind.REMINDERS, plan.digest, "")
    assert [one.letter.name for one in plan.due] == ["城区街道"]
    assert [one["state"] for one in journal(round_ / SEND_LOG)] == ["sending", "sent"]
    assert session.messages[0].text == "1 sent, 0 not."
    [again] = planned(session, LetterKind.REMINDERS).letters
    assert past_words(again).startswith("sent already on ")


def test_a_refused_recipient_is_named(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    """The others get theirs, and the page says who did not."""
    server = ScriptedSmtp({(1, "RCPT", 1): "550 no such user"})
    session.insecure = True
    session.fresh(nowhere)
    with scripted(server) as address:
        monkeypatch.setenv("GREENXL_SMTP_URL", address)
        plan = planned(session, LetterKind.BLANK)
        send(session, nowhere, LetterKind.BLANK, plan.digest, "")
    [message] = session.messages
    assert (message.text, message.is_problem) == ("2 sent, 1 not.", True)
    assert "550" in " ".join(message.details)


def test_a_password_is_asked_for_on_the_page(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is never asked for in a window that nobody sees."""
    monkeypatch.setenv("GREENXL_SMTP_URL", "smtps://user@127.0.0.1:1")
    monkeypatch.delenv("GREENXL_MAIL_PASSWORD", raising=False)
    session.fresh(nowhere)
    plan = planned(session, LetterKind.BLANK)
    with pytest.raises(WrongUseError) as failed:
        send(session, nowhere, LetterKind.BLANK, plan.digest, "")
    assert "assword" in str(failed.value)


def test_without_addresses_nothing_is_sent(session: Session, round_: Path) -> None:
    """Table and row are named, as the command does."""
    from greenxl.campaign import shipped
    from greenxl.campaign.new_round import campaign_data

    (round_ / "campaign.xlsx").write_bytes(campaign_data(shipped(), None).data)
    session.fresh(nowhere)
    plan = planned(session, LetterKind.BLANK)
    assert {past_words(one) for one in plan.letters} == {
        "has no address: send the text by hand, or fill in the address"
    }
    with pytest.raises(CampaignError) as failed:
        send(session, nowhere, LetterKind.BLANK, plan.digest, "")
    assert len(failed.value.faults) == 3
