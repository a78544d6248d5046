import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from imapclient import IMAPClient

from greenxl.errors import GreenxlError, WrongUseError
from greenxl.mail.incoming.inbound import parse_mail
from greenxl.mail.incoming.mailbox import (
    Mailbox,
    MailError,
    MailSummary,
    NoAnswerError,
    Selection,
    open_mailbox,
)
from greenxl.mail.server import Server, tls_context
from tests.tools.mails import imap_server, plain_imap_server, received
from tests.tools.scripted import ScriptedImap, ScriptedMail, literal, scripted_imap
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


@contextmanager
def opened(server: ScriptedImap) -> Iterator[Mailbox]:
    with (
        scripted_imap(server) as address,
        open_mailbox(plain_imap_server(address), "INBOX") as mailbox,
    ):
        yield mailbox


SEPTEMBER = Selection(since=date(2021, 9, 1), sender="clerk@town.cn")
GOOD = ScriptedMail(received(("a.xlsx", b"PK\x03\x04")))


@pytest.mark.parametrize(
    ("refused", "asked_last"),
    [
        pytest.param([], "SEARCH ALL SINCE 01-Sep-2021 FROM", id="none"),
        pytest.param(
            ["SEARCH ALL SINCE 01-Sep-2021 FROM"], "SEARCH ALL SINCE 01-Sep-2021", id="both at once"
        ),
        pytest.param(["SEARCH ALL SINCE"], "SEARCH ALL FROM", id="SINCE"),
        pytest.param(["SEARCH ALL SINCE", "SEARCH ALL FROM"], "SEARCH ALL", id="SINCE and FROM"),
        pytest.param(["SEARCH"], "SEARCH ALL", id="every search"),
    ],
)
@pytest.mark.parametrize("answer", [b"BAD what", b"NO [BADCHARSET (UTF-8)] no"], ids=["BAD", "NO"])
def test_a_search_that_is_refused_is_asked_wider(
    refused: Sequence[str], asked_last: str, answer: bytes
) -> None:
    """First without the sender, then without the day, then for every mail; last without a search."""
    server = ScriptedImap({3: GOOD, 4: GOOD}, {command: [answer] for command in refused})
    with opened(server) as mailbox:
        assert mailbox.search(SEPTEMBER) == [3, 4]
    assert server.commands("SEARCH")[-1].startswith(asked_last)
    assert bool(server.commands("FETCH 1,2 (UID)")) is (refused == ["SEARCH"])


def test_a_server_that_does_not_list_its_mails_is_one_sentence() -> None:
    """Neither by a search nor otherwise: the reason is in the server's words."""
    script = {"SEARCH": ["NO 不支持".encode("gbk")], "FETCH": ["NO 不支持".encode("gbk")]}
    with (
        opened(ScriptedImap({3: GOOD}, script)) as mailbox,
        pytest.raises(GreenxlError, match="does not list the mails of the mailbox .answer: “不支持”"),
    ):
        mailbox.search(SEPTEMBER)


KNOWN = MailSummary(3, sender="some.clerk@town.cn", last_day="20210915")


@pytest.mark.parametrize(
    ("mail", "wanted"),
    [
        pytest.param(KNOWN, True, id="as asked for"),
        pytest.param(replace(KNOWN, sender="other@town.cn"), False, id="of another sender"),
        pytest.param(replace(KNOWN, sender=""), True, id="of nobody known"),
        pytest.param(replace(KNOWN, last_day="20210831"), False, id="of the day before"),
        pytest.param(replace(KNOWN, last_day="20210901"), True, id="of the first day"),
        pytest.param(replace(KNOWN, last_day=""), True, id="of no known day"),
    ],
)
def test_a_server_that_ignores_what_it_is_asked_is_not_relied_on(mail: MailSummary, wanted: bool) -> None:
    """Sender and day are compared here, too; what is not known excludes nothing."""
    assert SEPTEMBER.has(mail) is wanted


def summary_of(mail: ScriptedMail) -> MailSummary:
    """Return the summary of a mail among good ones, which have theirs."""
    with opened(ScriptedImap({1: GOOD, 2: mail, 3: GOOD})) as mailbox:
        first, found, last = mailbox.summaries([1, 2, 3])
    assert [one.file_names for one in (first, last)] == [("a.xlsx",)] * 2
    return found


DEEP = b"(" * 3000 + b")" * 3000
HEADER = "BODY[HEADER.FIELDS (FROM SUBJECT DATE)]"


@pytest.mark.parametrize(
    "structure",
    [
        None,
        b"NIL",
        b"()",
        b'("ALTERNATIVE")',
        b'(NIL "alternative" NIL)',
        b'((NIL) "MIXED")',
        DEEP,
        b"NO what",
    ],
    ids=["left out", "NIL", "empty", "kind alone", "NIL type", "NIL part", "3,000 deep", "refused"],
)
def test_a_structure_that_cannot_be_read_is_not_no_attachment(structure: bytes | None) -> None:
    """The mail may hold files, sender and day are known, and the other mails keep their structures."""
    found = summary_of(ScriptedMail(received(), {"BODYSTRUCTURE": structure}))
    assert (found.may_hold_files, found.sender, found.day) == (True, "clerk@town.cn", "20210915")


@pytest.mark.parametrize(
    "answers",
    [
        pytest.param({"*": None}, id="left out"),
        pytest.param({HEADER: None, "BODYSTRUCTURE": None, "RFC822.SIZE": None}, id="flags alone"),
        pytest.param({HEADER: b"NIL"}, id="no header"),
        pytest.param({HEADER: b"NO what"}, id="header refused"),
        pytest.param({"*": b"BAD what"}, id="all refused"),
        pytest.param({"*": b""}, id="connection closed"),
        pytest.param({"INTERNALDATE": DEEP}, id="3,000 deep"),
    ],
)
def test_a_mail_that_is_hardly_known_is_there_all_the_same(answers: Mapping[str, bytes | None]) -> None:
    """It may hold files, and it costs the others nothing."""
    found = summary_of(ScriptedMail(received(), answers))
    assert (found.uid, found.sender, found.may_hold_files) == (2, "", True)


def test_what_is_left_out_of_an_answer_for_many_is_asked_for_alone() -> None:
    """A server that gives of one mail the flags alone gives the rest when it is asked for that mail."""
    odd = replace(GOOD, answers={HEADER: None, "BODYSTRUCTURE": None})
    server = ScriptedImap({1: GOOD, 2: GOOD})
    with opened(server) as mailbox:
        server.mails = OnceOdd({1: GOOD, 2: odd}, {1: GOOD, 2: GOOD})
        assert [one.file_names for one in mailbox.summaries([1, 2])] == [("a.xlsx",)] * 2


def test_a_mail_that_is_gone_has_no_summary() -> None:
    """Expunged between the search and the fetch: the server denies it when it is asked again."""
    with opened(ScriptedImap({1: GOOD})) as mailbox:
        assert [one.uid for one in mailbox.summaries([1, 2])] == [1]
        assert mailbox.fetch(2) is None


def test_a_mail_that_another_client_expunges_is_gone(boxes: Dovecot, user: str) -> None:
    """Dovecot, whose view of the mailbox is older: the mail is neither an error nor without an answer."""
    boxes.put(user, received(), received(("a.xlsx", b"PK\x03\x04")))
    server = imap_server(boxes, user)
    with open_mailbox(server, "INBOX") as mailbox:
        kept, gone = mailbox.search(Selection())
        with IMAPClient(server.host, server.port, ssl_context=tls_context()) as other:
            other.login(server.user, server.password)
            other.select_folder("INBOX")
            other.delete_messages([gone])
            other.expunge()
        assert mailbox.fetch(gone) is None
        assert [one.uid for one in mailbox.summaries([kept, gone])] == [kept]


def test_a_header_that_breaks_the_parser_still_names_the_mail() -> None:
    """2,000 parentheses in the sender: his address and the subject are found all the same."""
    header = b"From: " + b"(" * 2000 + b" <Clerk@Town.cn>\r\nSubject: =?utf-8?b?6KGo?=\r\n odd\r\n\r\n"
    found = summary_of(ScriptedMail(header))
    assert (found.sender, found.subject, found.day) == ("clerk@town.cn", "表 odd", "20210915")


@pytest.mark.parametrize(
    ("flags", "wanted"),
    [(r"\Seen \Deleted", True), (r"\deleted", True), (r"\Seen Deleted", False), ("", False)],
)
def test_a_mail_that_is_marked_as_deleted_is_known(flags: str, wanted: bool) -> None:
    """The flag in any letters; a keyword of somebody's own is none."""
    assert summary_of(replace(GOOD, flags=flags)).is_deleted is wanted


@pytest.mark.parametrize(
    ("answers", "error", "reason"),
    [
        pytest.param({"BODY[]": None}, NoAnswerError, "gives nothing of it", id="flags alone"),
        pytest.param({"BODY[]": b"NIL"}, NoAnswerError, "gives nothing of it", id="NIL"),
        pytest.param({"BODY[]": literal(b"")}, NoAnswerError, "gives nothing of it", id="empty literal"),
        pytest.param({"BODY[]": b'""'}, NoAnswerError, "gives nothing of it", id="empty text"),
        pytest.param({"BODY[]": b"7"}, NoAnswerError, "gives nothing of it", id="a number"),
        pytest.param({"*": None}, NoAnswerError, "gives nothing of it", id="left out"),
        pytest.param({"BODY[]": b"NO [UNAVAILABLE] wait"}, NoAnswerError, "wait", id="not now"),
        pytest.param({"BODY[]": b"NO [SERVERBUG] broken"}, MailError, "broken", id="NO"),
        pytest.param({"BODY[]": "BAD 格式错误".encode("gbk")}, MailError, "格式错误", id="BAD"),
        pytest.param({"BODY[]": DEEP}, MailError, "RecursionError", id="3,000 deep"),
        pytest.param({"BODY[]": b""}, MailError, "the connection was closed", id="connection closed"),
        pytest.param(
            {"BODY[]": literal(b""), "RFC822.SIZE": b"0"}, MailError, "it is empty", id="empty mail"
        ),
    ],
)
def test_no_answer_is_no_mail(
    answers: Mapping[str, bytes | None], error: type[MailError], reason: str
) -> None:
    """An absent answer is one kind of error, a refusal another; the next mail is given all the same."""
    with opened(ScriptedImap({1: ScriptedMail(received(), answers), 2: GOOD})) as mailbox:
        with pytest.raises(MailError, match=reason) as raised:
            mailbox.fetch(1)
        assert type(raised.value) is error
        assert mailbox.fetch(2) == GOOD.data


@pytest.mark.parametrize(
    "script",
    [
        {"SEARCH UID": [b"* SEARCH", b"OK done"]},
        {"SEARCH": [b"BAD what"]},
        {"NOOP": [b"NO what"]},
    ],
    ids=["finds nothing", "no search", "no answer at all"],
)
def test_a_mail_counts_as_gone_only_where_that_is_sure(script: dict[str, list[bytes]]) -> None:
    """A server that does not know how to search by UID denies nothing."""
    silent = ScriptedMail(received(), {"*": None})
    with (
        opened(ScriptedImap({1: silent, 2: GOOD}, script)) as mailbox,
        pytest.raises(NoAnswerError, match="gives nothing of it"),
    ):
        mailbox.fetch(1)


def test_a_connection_that_breaks_once_is_not_the_mails_fault() -> None:
    """The mail is asked for again over the new connection."""
    server = ScriptedImap({1: ScriptedMail(received(), {"BODY[]": b""})})
    with opened(server) as mailbox:
        server.mails = OnceOdd(server.mails, {1: GOOD})
        assert mailbox.fetch(1) == GOOD.data


class OnceOdd(dict[int, ScriptedMail]):
    """Mails that are odd when they are asked for first, and good from then on."""

    def __init__(self, odd: dict[int, ScriptedMail], good: dict[int, ScriptedMail]) -> None:
        super().__init__(good)
        self._odd = [odd]

    def items(self):  # type: ignore[no-untyped-def]
        return self._odd.pop().items() if self._odd else super().items()


@pytest.mark.parametrize(
    ("answers", "wanted"),
    [
        pytest.param({}, {1: ("https://fs.163.com/x",), 2: ()}, id="given"),
        pytest.param({"BODY[1]": literal(b"")}, {1: (), 2: ()}, id="empty"),
        pytest.param({"BODY[1]": None}, {2: ()}, id="left out"),
        pytest.param({"BODY[1]": b"NIL"}, {2: ()}, id="NIL"),
        pytest.param({"BODY[1]": b"NO what"}, {}, id="refused"),
    ],
)
def test_a_text_that_is_not_given_is_not_without_links(
    answers: Mapping[str, bytes | None], wanted: dict[int, tuple[str, ...]]
) -> None:
    """A mail whose text the server does not give is left out, so that it is fetched as a whole."""
    text = b'("TEXT" "PLAIN" NIL NIL NIL "7BIT" 12 1 NIL NIL NIL NIL)'
    linked = ScriptedMail(b"From: a@b.cn\r\n\r\nhttps://fs.163.com/x\r\n", {"BODYSTRUCTURE": text, **answers})
    plain = ScriptedMail(b"From: a@b.cn\r\n\r\nnothing\r\n", {"BODYSTRUCTURE": text})
    with opened(ScriptedImap({1: linked, 2: plain})) as mailbox:
        assert mailbox.links(mailbox.summaries([1, 2])) == wanted
