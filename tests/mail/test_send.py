import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from greenxl.campaign.model import Campaign
from greenxl.errors import GreenxlError, WrongUseError
from greenxl.journals import Record, open_journal
from greenxl.mail.journal import SEND_LOG, read_journal
from greenxl.mail.model import Letter
from greenxl.mail.send import SendResult, plan_sending, send_letters
from greenxl.mail.server import Server
from tests.tools.mails import ADDRESSES, LETTERS, SENDER, letter_to, smtp_server
from tests.tools.servers import PASSWORD, Authority, Postman, free_port, smtp

TOWNS = list(ADDRESSES)


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / SEND_LOG


def send(
    server: Server,
    log: Path,
    campaign: Campaign,
    letters: Sequence[Letter] = LETTERS,
    *,
    resend: bool = False,
    again: bool = False,
    sender: str = SENDER,
) -> list[SendResult]:
    """Plan and send as one run does."""
    planned = plan_sending(letters, campaign, read_journal(log), resend=resend, again=again)
    return list(send_letters(planned, server, sender, log))


def states(results: Sequence[SendResult]) -> dict[str, str]:
    return {one.letter.name: one.state for one in results}


def logged(log: Path) -> list[tuple[str, str]]:
    return [(record["name"], record["state"]) for record in read_journal(log)]


def record(key: str, state: str, answer: str = "") -> Record:
    return {"time": "2021-09-01T08:00:00+08:00", "key": key, "state": state, "answer": answer}


def test_a_key_stays_what_it_was(huantai: Campaign) -> None:
    """The key of a letter in the log never changes between versions, or everything would be sent again."""
    (one,) = plan_sending(LETTERS[:1], huantai, [])
    assert one.key == "078bbb74c353713dc90d96d511832125ecbd0d75a825db8697d78a158335abf6"
    (same,) = plan_sending([replace(LETTERS[0], address="A@Example.CN", subject="别的")], huantai, [])
    (other,) = plan_sending(LETTERS[:1], replace(huantai, year=2022), [])
    assert (same.key == one.key, other.key == one.key) == (True, False)


DUE = {
    "never": ([], (True, True, True)),
    "refused": (["refused"], (True, True, True)),
    "unknown": (["sending", "unknown"], (False, True, True)),
    "killed": (["sending"], (False, True, True)),
    "sent": (["sending", "sent"], (False, False, True)),
    "sent after a refusal": (["refused", "sending", "sent"], (False, False, True)),
}


@pytest.mark.parametrize(("past", "due"), DUE.values(), ids=DUE.keys())
def test_what_is_due_follows_from_the_log(
    huantai: Campaign, past: list[str], due: tuple[bool, bool, bool]
) -> None:
    """Without an option what never arrived; with --resend also what may have, with --again all."""
    (fresh,) = plan_sending(LETTERS[:1], huantai, [])
    log = [record(fresh.key, state) for state in past]
    found = [
        plan_sending(LETTERS[:1], huantai, log, resend=resend, again=again)[0].due
        for resend, again in ((False, False), (True, False), (False, True))
    ]
    assert tuple(found) == due


def test_what_went_by_hand_is_not_mailed_as_well(huantai: Campaign) -> None:
    """Also if the address was filled in afterwards; a letter of other content, or --again, is due."""
    (bare,) = plan_sending([replace(LETTERS[0], address="")], huantai, [])
    log = [{**record(bare.hand_key, "sent"), "by": "hand"}]
    (handed,) = plan_sending(LETTERS[:1], huantai, log)
    assert (handed.due, handed.past.by_hand) == (False, True)
    assert plan_sending(LETTERS[:1], huantai, log, again=True)[0].due
    assert plan_sending([letter_to(TOWNS[0], "2")], huantai, log)[0].due
    assert plan_sending([replace(LETTERS[0], name="果里镇")], huantai, log)[0].due


def test_a_message_keeps_its_id_until_it_was_sent(huantai: Campaign) -> None:
    """What may have arrived goes again under its old Message-ID, what was sent under a new one."""
    (fresh,) = plan_sending(LETTERS[:1], huantai, [])
    (unknown,) = plan_sending(LETTERS[:1], huantai, [record(fresh.key, "sending")])
    (sent,) = plan_sending(LETTERS[:1], huantai, [record(fresh.key, "sent", "250 OK")])
    assert (fresh.message_id == unknown.message_id, fresh.message_id == sent.message_id) == (True, False)
    assert (sent.past.time, sent.past.answer) == ("2021-09-01T08:00:00+08:00", "250 OK")


def test_one_address_gets_one_copy(huantai: Campaign) -> None:
    """A recipient who is named twice gets the letter once; several without an address all get a draft."""
    twice = [LETTERS[0], replace(LETTERS[0], name="主任")]
    assert [one.due for one in plan_sending(twice, huantai, [])] == [True, False]
    nowhere = [replace(letter, address="") for letter in twice]
    assert [one.due for one in plan_sending(nowhere, huantai, [])] == [True, True]


def test_each_recipient_gets_one_message(huantai: Campaign, trusted: Authority, log: Path) -> None:
    """Each town gets its own message, its answer is in the log, and running again sends nothing."""
    postman = Postman()
    with smtp(postman, trusted.context()) as address:
        assert states(send(smtp_server(address), log, huantai)) == dict.fromkeys(TOWNS, "sent")
        assert send(smtp_server(address), log, huantai) == []
    for name, town_address in ADDRESSES.items():
        (message,) = postman.to(town_address)
        assert message["To"].addresses[0].addr_spec == town_address
        assert message["Date"].datetime.tzinfo is not None
        (part,) = message.iter_attachments()
        assert part.get_filename() == f"{name}-评分表-2021.xlsx"
    assert logged(log) == [(name, state) for name in TOWNS for state in ("sending", "sent")]


def test_a_refused_recipient_does_not_stop_the_rest(huantai: Campaign, trusted: Authority, log: Path) -> None:
    """One of three is refused, in the server's words; running again sends only that one."""
    postman = Postman(refusals={"b@example.cn": "451 try again later"})
    with smtp(postman, trusted.context()) as address:
        server = smtp_server(address)
        results = send(server, log, huantai)
        assert states(results) == {"城区街道": "sent", "果里镇": "refused", "索镇": "sent"}
        assert results[1].answer == read_journal(log)[2]["answer"] == "451 try again later"
        postman.refusals.clear()
        assert states(send(server, log, huantai)) == {"果里镇": "sent"}
    assert [to for to, _message in postman.messages] == ["a@example.cn", "c@example.cn", "b@example.cn"]


def test_the_log_is_written_before_the_message_goes(huantai: Campaign, trusted: Authority, log: Path) -> None:
    """While the server holds the message and has not answered, the log on disk says so already."""
    seen: list[tuple[str, str]] = []
    postman = Postman(on_data=lambda: seen.append(logged(log)[-1]))
    with smtp(postman, trusted.context()) as address:
        send(smtp_server(address), log, huantai)
    assert seen == [(name, "sending") for name in TOWNS]


def test_what_is_unknown_goes_again_under_the_same_id(
    huantai: Campaign, trusted: Authority, log: Path
) -> None:
    """Dropped after DATA: not sent again without --resend, and then under the same Message-ID."""
    postman = Postman(answer="")
    with smtp(postman, trusted.context()) as address:
        server = smtp_server(address)
        assert states(send(server, log, huantai, LETTERS[:1])) == {"城区街道": "unknown"}
        postman.answer = "250 OK"
        assert states(send(server, log, huantai)) == {"果里镇": "sent", "索镇": "sent"}
        assert states(send(server, log, huantai, resend=True)) == {"城区街道": "sent"}
    first, second = postman.to("a@example.cn")
    assert first["Message-ID"] == second["Message-ID"]


def test_a_changed_letter_is_a_new_one(huantai: Campaign, trusted: Authority, log: Path) -> None:
    """Another content goes out at once; the same goes again only with --again, under a new id."""
    postman = Postman()
    with smtp(postman, trusted.context()) as address:
        server = smtp_server(address)
        send(server, log, huantai, LETTERS[:1])
        assert states(send(server, log, huantai, [letter_to("城区街道", "2")])) == {"城区街道": "sent"}
        assert states(send(server, log, huantai, LETTERS[:1], again=True)) == {"城区街道": "sent"}
    assert len({message["Message-ID"] for _to, message in postman.messages}) == 3


def test_what_another_run_has_sent_meanwhile_is_left_out(
    huantai: Campaign, trusted: Authority, log: Path
) -> None:
    """Between the plan and the lock another run may have sent a letter: it does not go twice."""
    planned = plan_sending(LETTERS, huantai, [])
    with open_journal(log) as journal:
        journal.write({**record(planned[0].key, "sent"), "kind": "blank", "name": "城区街道"})
    postman = Postman()
    with smtp(postman, trusted.context()) as address:
        results = list(send_letters(planned, smtp_server(address), SENDER, log))
    assert [one.letter.name for one in results] == ["果里镇", "索镇"]


def test_what_hinders_all_leaves_no_line_in_the_log(huantai: Campaign, trusted: Authority, log: Path) -> None:
    """A server that is not there, or a sender that is no address: nothing is logged as begun."""
    with pytest.raises(GreenxlError, match="the server cannot be reached"):
        send(smtp_server(f"smtps://localhost:{free_port()}"), log, huantai)
    with pytest.raises(WrongUseError, match="is not a mail address"):
        send(smtp_server("smtps://localhost"), log, huantai, sender="县住建局")
    assert logged(log) == []


def test_the_password_is_not_logged(huantai: Campaign, trusted: Authority, log: Path) -> None:
    """The log holds what was sent to whom, and no password."""
    with smtp(Postman(password=PASSWORD), trusted.context()) as address:
        server = smtp_server(address, user="zjj@example.cn", password=PASSWORD)
        assert states(send(server, log, huantai)) == dict.fromkeys(TOWNS, "sent")
    assert PASSWORD not in log.read_text(encoding="utf-8")


CHILD = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[3])
from tests.mail.test_send import send
from tests.tools.mails import smtp_server
from greenxl.campaign.checks import load
from greenxl.campaign import shipped
send(smtp_server(sys.argv[1]), Path(sys.argv[2]), load(shipped()))
"""


def test_a_run_that_is_killed_sends_nothing_twice(huantai: Campaign, trusted: Authority, log: Path) -> None:
    """kill -9 while the server holds the second of three: unknown; the first stays sent, the third goes."""
    with smtp(postman := Postman(), trusted.context()) as address:
        child = subprocess.Popen(
            [sys.executable, "-c", CHILD, address, str(log), str(Path(__file__).parents[2])],
            stderr=subprocess.DEVNULL,
            env=os.environ,
        )

        def kill_at_the_second() -> None:
            if len(postman.messages) == 1:
                child.kill()
                child.wait()

        postman.on_data = kill_at_the_second
        child.wait(60)
        assert states(send(smtp_server(address), log, huantai)) == {"索镇": "sent"}
        assert send(smtp_server(address), log, huantai) == []
    assert [to for to, _message in postman.messages] == list(ADDRESSES.values())
    assert logged(log)[-3] == ("果里镇", "sending")
