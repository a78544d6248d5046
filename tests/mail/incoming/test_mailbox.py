import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from greenxl.errors import GreenxlError, WrongUseError
from greenxl.mail.incoming.inbound import parse_mail
from greenxl.mail.incoming.mailbox import Mailbox, MailSummary, Selection, open_mailbox
from greenxl.mail.server import Server
from tests.tools.mails import imap_server, received
from tests.tools.servers import Authority, Dovecot, cut_after, dovecot, public_folder


def summaries(server: Server) -> list[MailSummary]:
    with open_mailbox(server, "INBOX") as mailbox:
        return mailbox.summaries(mailbox.search(Selection()))


def test_the_mailbox_is_only_read(boxes: Dovecot, user: str) -> None:
    """ID goes first, then EXAMINE; mails and their texts are peeked at; every mail is as new as before."""
    mail = received(("a.xlsx", b"PK\x03\x04"))
    boxes.put(user, mail)
    with open_mailbox(imap_server(boxes, user), "INBOX") as mailbox:
        (uid,) = mailbox.search(Selection())
        mailbox.links(mailbox.summaries([uid]))
        assert mailbox.fetch(uid) == mail
    asked = re.findall(r"^\S+ \S+ (?:UID )?(\w+)", boxes.asked(user), re.MULTILINE)
    assert asked == ["ID", "EXAMINE", "SEARCH", *["FETCH"] * 4, "LOGOUT"]
    assert not re.search(r"BODY\[|RFC822[ )]|STORE", boxes.asked(user))
    box = boxes.box(user)
    assert len([*(box / "new").iterdir(), *(box / "cur").iterdir()]) == 1
    assert not any("S" in path.name.partition(":2,")[2] for path in (box / "cur").iterdir())


def test_a_summary_says_what_the_mail_itself_says(boxes: Dovecot, user: str) -> None:
    """Sender, subject, size and the names of files are known without fetching the mail."""
    mail = received(("评分表（最终）.xlsx", b"PK\x03\x04"), ("说明" * 40 + ".pdf", b"%PDF"))
    boxes.put(user, mail)
    (summary,) = summaries(imap_server(boxes, user))
    parsed = parse_mail(mail)
    assert (summary.sender, summary.subject) == (parsed.sender, parsed.subject)
    assert summary.file_names == tuple(part.name for part in parsed.parts)
    assert summary.byte_count == len(mail)
    assert re.fullmatch(r"20\d{6}", summary.day)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("a.xlsx", True),
        ("a.rar", True),
        ("a.dat", True),
        ("forwarded.eml", True),
        ("a.jpg", False),
        ("a.pdf", False),
        ("invite.ics", False),
    ],
)
def test_what_may_hold_files_is_seen_from_outside(
    boxes: Dovecot, user: str, name: str, expected: bool
) -> None:
    """Pictures, papers and invitations need no fetching; what may be a return does."""
    boxes.put(user, received((name, b"x" * 100)))
    assert [summary.may_hold_files for summary in summaries(imap_server(boxes, user))] == [expected]


def test_a_mail_without_attachments_holds_no_files(boxes: Dovecot, user: str) -> None:
    """Its own text is none."""
    boxes.put(user, received())
    (summary,) = summaries(imap_server(boxes, user))
    assert (summary.may_hold_files, summary.file_names) == (False, ())


def test_links_are_read_from_texts_alone(boxes: Dovecot, user: str) -> None:
    """A link to an oversized attachment is found, once, without fetching the mail; other mails have none."""
    url = "https://wx.mail.qq.com/ftn/download?func=3&key=1"
    boxes.put(user, received(text=f"超大附件 {url} {url}\n"), received(text="https://www.example.cn/\n"))
    with open_mailbox(imap_server(boxes, user), "INBOX") as mailbox:
        linked, plain = mailbox.summaries(mailbox.search(Selection()))
        found = mailbox.links([linked, plain])
    assert (found[linked.uid], found[plain.uid]) == ((url,), ())
    assert "BODY.PEEK[])" not in boxes.asked(user)


def test_a_selection_is_the_servers_search(boxes: Dovecot, user: str) -> None:
    """Since a day, and from a sender; both are left to the server."""
    boxes.put(user, received(), received(sender="other@town.cn"))
    with open_mailbox(imap_server(boxes, user), "INBOX") as mailbox:
        everything = mailbox.search(Selection())
        assert len(everything) == 2
        assert mailbox.search(Selection(since=date(2099, 1, 1))) == []
        assert mailbox.search(Selection(sender="other@town.cn")) == everything[1:]


@pytest.mark.parametrize(("mailbox", "sender"), [("a\nb", ""), ("INBOX", "张三")])
def test_what_a_search_cannot_carry_is_refused(mailbox: str, sender: str) -> None:
    """Control characters in a name, and a sender in Chinese, are wrong use."""
    with pytest.raises(
        WrongUseError, match="--from wants a mail address in ASCII characters, --mailbox a name"
    ):
        Selection(mailbox, sender=sender)


def test_a_mailbox_may_have_a_chinese_name(boxes: Dovecot, user: str) -> None:
    """A folder with a Chinese name is opened; of one that is not there the message lists those that are."""
    boxes.put(f"{user}/Maildir/.&YqWQAQ-", received())
    inner = boxes.box(user) / ".&YqWQAQ-"
    (inner / "Maildir").rename(inner / "x")
    for part in ("new", "cur", "tmp"):
        (inner / "x" / part).rename(inner / part)
    with open_mailbox(imap_server(boxes, user), "报送") as mailbox:
        assert len(mailbox.search(Selection())) == 1
    with (
        pytest.raises(WrongUseError, match="The mailbox “没有” cannot be opened .*INBOX"),
        open_mailbox(imap_server(boxes, user), "没有"),
    ):
        pass


def test_new_numbers_have_a_new_validity(boxes: Dovecot, user: str) -> None:
    """Where the server numbers its mails anew, UIDVALIDITY is another."""
    boxes.put(user, received())
    found = []
    for _time in range(2):
        with open_mailbox(imap_server(boxes, user), "INBOX") as mailbox:
            found.append(mailbox.validity)
        boxes.forget(user)
    assert found[0] != found[1]


ASKS: dict[str, Callable[[Mailbox], object]] = {
    "search": lambda mailbox: mailbox.search(Selection()),
    "summaries": lambda mailbox: mailbox.summaries([1]),
    "fetch": lambda mailbox: mailbox.fetch(1),
}


@pytest.mark.parametrize("ask", ASKS.values(), ids=ASKS.keys())
def test_a_connection_that_breaks_is_one_sentence(
    boxes: Dovecot, user: str, ask: Callable[[Mailbox], object]
) -> None:
    """A server that breaks off while it answers is named, whatever it was asked."""
    boxes.put(user, received(("a.xlsx", b"x" * 200_000)))
    server = imap_server(boxes, user)
    with (
        cut_after(boxes.imaps, 100_000) as port,
        open_mailbox(replace(server, port=port), "INBOX") as mailbox,
    ):
        for one in (lambda mailbox: mailbox.fetch(1), ask):
            with pytest.raises(GreenxlError, match=f"localhost:{port}: "):
                one(mailbox)


@pytest.mark.parametrize(
    ("password", "reason"), [("wrong-one", "the login of .* was refused"), ("密码", "full-width characters")]
)
def test_a_refused_login_is_one_sentence(boxes: Dovecot, user: str, password: str, reason: str) -> None:
    """A wrong password is an error that does not repeat it."""
    server = imap_server(boxes, user, password=password)
    with pytest.raises(GreenxlError, match=reason) as refused:
        summaries(server)
    assert password not in str(refused.value)


def test_starttls_is_used_where_the_port_begins_plain(boxes: Dovecot, user: str) -> None:
    """On the plain port the connection is encrypted before the login (Dovecot wants it so)."""
    boxes.put(user, received())
    assert len(summaries(imap_server(boxes, user, address=boxes.plain_address))) == 1


def test_a_certificate_that_cannot_be_trusted_stops(
    boxes: Dovecot, user: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A server of an unknown authority gets no password."""
    monkeypatch.setenv("SSL_CERT_FILE", str(Authority(tmp_path).file))
    for address in (boxes.address, boxes.plain_address):
        server = replace(imap_server(boxes, user, address=address), allow_plain=True)
        with pytest.raises(GreenxlError, match="certificate cannot be trusted"):
            summaries(server)
    assert boxes.asked(user) == ""


def test_a_server_without_encryption_gets_no_password(authority: Authority, trusted: Authority) -> None:
    """Without STARTTLS nothing is read, unless that is allowed and the server is on this computer."""
    with public_folder() as folder, dovecot(folder, authority, ["box"], tls=False) as plain:
        plain.put("box", received())
        server = imap_server(plain, "box", address=plain.plain_address)
        with pytest.raises(GreenxlError, match="offers no encryption"):
            summaries(server)
        assert len(summaries(replace(server, allow_plain=True))) == 1
