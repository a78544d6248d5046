"""Servers' reports in the shapes in which they come in, and mails that are none."""

import pytest

from greenxl.mail.incoming.bounces import is_report
from greenxl.mail.incoming.inbound import InboundMail, parse_mail
from greenxl.rounds.bounces import Bounce
from tests.tools.packed_mails import leaf, multipart, named

ID = "<" + "ab" * 16 + ".0@example.cn>"
DAEMON = b"From: MAILER-DAEMON@mx.example.cn\r\nSubject: Undelivered Mail Returned to Sender\r\n"
BOOK = named("a.xlsx", b"PK\x03\x04ours")
ORIGINAL = b"Content-Type: message/rfc822\r\n\r\n" + multipart(
    BOOK, boundary="inner", head=f"From: zjj@example.cn\r\nMessage-ID: {ID}\r\n".encode()
)
HEADERS = f"Content-Type: text/rfc822-headers\r\n\r\nFrom: zjj@example.cn\r\nMessage-ID: {ID}\r\n".encode()
FAILED = Bounce(address="town@example.cn", reason="550 no such user", message_id=ID)


def status(action: str = "failed", kind: str = "message/delivery-status") -> bytes:
    return (
        f"Content-Type: {kind}\r\n\r\nReporting-MTA: dns; mx.example.cn\r\n\r\n"
        f"Final-Recipient: rfc822; town@example.cn\r\nAction: {action}\r\nStatus: 5.1.1\r\n"
        "Diagnostic-Code: smtp; 550 no\r\n such user\r\n"
    ).encode()


def report(*parts: bytes, head: bytes = DAEMON) -> bytes:
    return multipart(*parts, kind="report; report-type=delivery-status", head=head)


def letter(text: str, subject: str = "系统退信", sender: str = "PostMaster@qq.com", more: str = "") -> bytes:
    head = f"From: {sender}\r\nSubject: {subject}\r\n{more}".encode()
    return head + b"Content-Type: text/plain; charset=utf-8\r\n\r\n" + text.encode()


def found(data: bytes) -> InboundMail:
    return parse_mail(data)


SHAPES = {
    "report": report(status(), ORIGINAL),
    "report with headers only": report(status(), HEADERS),
    "rewritten to mixed": multipart(status(), ORIGINAL, head=DAEMON),
    "status as text": multipart(status(kind="text/plain"), ORIGINAL, head=DAEMON),
}


@pytest.mark.parametrize("data", SHAPES.values(), ids=SHAPES.keys())
def test_a_report_says_whom_why_and_about_which_mail(data: bytes) -> None:
    """Whatever a gateway made of the delivery status."""
    assert found(data).undelivered == (FAILED,)


def test_a_delay_is_no_failure() -> None:
    """Action: delayed is told as that; delivered, relayed and expanded are nothing."""
    (one,) = found(report(status("delayed"), HEADERS)).undelivered
    assert (one.address, one.delayed) == ("town@example.cn", True)
    for action in ("delivered", "relayed", "expanded"):
        assert found(report(status(action), HEADERS)).undelivered == ()


LETTERS = {
    "qq": letter("您发往 town@example.cn 的邮件被退回"),
    "163": letter("<p>town@example.cn</p>", "系统退信", "Postmaster@163.com"),
    "exmail": letter("town@example.cn 550", "系统退信/Systems bounce", "10000@qq.com"),
    "qmail": letter("<town@example.cn>: no mailbox", "failure notice", "MAILER-DAEMON@mx.cn"),
    "no sender": letter("town@example.cn", "Returned mail: see transcript", ""),
}


@pytest.mark.parametrize("data", LETTERS.values(), ids=LETTERS.keys())
def test_a_letter_that_people_read_is_a_report(data: bytes) -> None:
    """Without a delivery status the addresses in its text are what is known."""
    (one,) = found(data).undelivered
    assert (one.address, one.mentioned, one.delayed) == ("", ("town@example.cn",), False)


def test_exim_names_the_recipient_in_a_header() -> None:
    """X-Failed-Recipients is as good as a delivery status; the Message-ID stands in the text."""
    text = f"A message could not be delivered.\n\nMessage-ID: {ID}\n"
    (one,) = found(
        letter(text, "Warning: message delayed", more="X-Failed-Recipients: town@example.cn\r\n")
    ).undelivered
    assert (one.address, one.message_id, one.delayed) == ("town@example.cn", ID, True)


FIELDS = "Final-Recipient: rfc822; zjj@example.cn\nAction: failed\n"
ANSWERS = {
    "a town's answer": letter(f"系统退信说没有收到：\n\n{FIELDS}", "Re: 系统退信", "a@town.cn"),
    "an automatic reply": letter(
        "我在休假", "自动回复：评分表", "a@town.cn", "Auto-Submitted: auto-replied\r\n"
    ),
    "a daemon's other mail": letter("quota", "Your mailbox is nearly full", "postmaster@town.cn"),
    "a report that a town forwards": multipart(
        b"Content-Type: message/rfc822\r\n\r\n" + report(status(), ORIGINAL),
        boundary="outer",
        head=b"From: a@town.cn\r\n",
    ),
}


@pytest.mark.parametrize("data", ANSWERS.values(), ids=ANSWERS.keys())
def test_what_people_write_is_no_report(data: bytes) -> None:
    """Nor what a server writes about something else."""
    assert found(data).undelivered == ()


@pytest.mark.parametrize("data", [*SHAPES.values(), *ANSWERS.values()], ids=[*SHAPES, *ANSWERS])
def test_files_in_a_report_are_kept(data: bytes) -> None:
    """What is not known to be ours may be a town's: nothing is thrown away because a server wrote."""
    parts = [part.name for part in found(data).parts]
    assert parts == (["a.xlsx"] if b"a.xlsx" in data else [])


@pytest.mark.parametrize(
    ("sender", "subject", "wanted"),
    [
        ("postmaster@qq.com", "", True),
        ("mailer-daemon@x.cn", "x", True),
        ("10000@qq.com", "系统退信/Systems bounce", True),
        ("", "x", True),
        ("a@town.cn", "报送评分表", False),
    ],
)
def test_a_report_is_fetched_for_its_sender_or_subject(sender: str, subject: str, wanted: bool) -> None:
    """Though it has no attachment and comes from no town."""
    assert is_report(sender, subject) is wanted


def test_a_text_of_megabytes_is_searched_in_bounded_time() -> None:
    """Nothing in a daemon's letter makes the search slow."""
    for text in ("a" * 2_000_000, "a@" * 500_000, "action:\n " * 200_000, "final-recipient: x\n\n" * 50_000):
        assert len(found(letter(text)).undelivered) == 1


def test_bytes_that_are_no_mail_are_no_report() -> None:
    """A leaf in base64 without headers of a mail."""
    assert found(leaf(b"Action: failed")).undelivered == ()
