"""A mail is parsed behind limits; its headers and names are read however a program wrote them."""

import time
from collections.abc import Callable
from email.message import Message

import pytest

from greenxl.mime.message import (
    DEEPEST,
    MOST_PARTS,
    LimitError,
    date,
    decode_words,
    header,
    parse,
    parse_head,
    part_name,
    sender,
    subject,
)


@pytest.mark.parametrize(
    "head",
    [
        b"Content-Disposition: attachment; filename*=UTF-8''%E6%9E%9C.xlsx",
        b'Content-Disposition: attachment; filename="=?utf-8?B?5p6cLnhsc3g=?="',
        'Content-Type: application/x; name="果.xlsx"'.encode("gbk"),
        'Content-Type: application/x;\r\n name="果.xlsx"'.encode(),
    ],
    ids=["RFC 2231", "RFC 2047 inside quotes", "raw GBK", "raw UTF-8 on a second line"],
)
def test_a_name_is_read_in_every_way_that_is_in_use(head: bytes) -> None:
    """From the disposition, else the type, in whatever way it is encoded."""
    assert part_name(parse(head + b"\n\n")) == "果.xlsx"


def test_headers_are_unfolded_and_their_words_decoded() -> None:
    """A subject over two lines is one text."""
    message = parse(b"Subject: =?gb2312?B?ufvA79Xy?=\r\n =?utf-8?B?6K+E5YiG6KGo?=\n\n")
    assert decode_words(header(message, "subject")) == "果里镇评分表"
    assert header(message, "date") == ""


def name_of(length: int) -> bytes:
    """Return the headers of an attachment with so long a Chinese name in RFC 2231."""
    sections = [f"filename*{n}*=%E6%9E%9C%E6%9E%9C%E6%9E%9C%E6%9E%9C%E6%9E%9C" for n in range(length // 5)]
    sections[0] = sections[0].replace("=", "=UTF-8''", 1)
    return ("Content-Disposition: attachment;\r\n " + ";\r\n ".join(sections) + "\r\n\r\n").encode()


def test_the_longest_name_that_a_system_allows_is_read_whole() -> None:
    """The limits leave room: 255 Chinese characters in 51 sections."""
    assert part_name(parse(name_of(255))) == "果" * 255


def test_a_sender_among_comments_and_many_recipients_is_read() -> None:
    """What honest programs write is far below the limits."""
    recipients = b"To: " + b",\r\n ".join(b"a%d@example.cn" % n for n in range(2_000))
    head = b"From: clerk (a (b) c) <Clerk@Town.cn>\r\n" + recipients + b"\r\nSubject: x\r\n\r\n"
    assert (sender(parse(head)), subject(parse_head(head))) == ("clerk@town.cn", "x")


HEADS: dict[str, tuple[bytes, Callable[[Message], object]]] = {
    "2,000 comments in one another": (b"From: " + b"(" * 2_000 + b")" * 2_000 + b" a@b.cn", sender),
    "100,000 open comments": (b"From: " + b"(" * 100_000, sender),
    "100,000 groups": (b"From: " + b"a:" * 100_000, sender),
    "100,000 open brackets": (b"From: " + b"a@[" * 100_000, sender),
    "100,000 quotes": (b"From: " + b'"\\' * 100_000, sender),
    "comments in encoded words": (b"From: =?utf-8?Q?" + b"=28" * 4_000 + b"?= <a@b.cn>", sender),
    "100,000 encoded words that do not end": (b"Subject: " + b"=?a?q?" * 100_000, subject),
    "a year of 100,000 digits": (b"Date: 1 Jan " + b"9" * 100_000, date),
    "150,000 semicolons": (b'Content-Type: application/x; name="' + b";" * 150_000 + b'"', part_name),
    "100,000 sections": (
        b"Content-Type: application/x" + b"".join(b"; name*%d*=a" % n for n in range(100_000)),
        part_name,
    ),
    "100,000 lines": (b"Subject: a\r\n" + b" b\r\n" * 100_000, subject),
    "100,000 headers": (b"".join(b"From: a@b.cn\r\n" for _n in range(100_000)), sender),
}


@pytest.mark.parametrize("read", [parse, parse_head])
@pytest.mark.parametrize(("head", "ask"), HEADS.values(), ids=HEADS.keys())
def test_no_header_keeps_the_parser_busy(
    head: bytes, ask: Callable[[Message], object], read: Callable[[bytes], Message]
) -> None:
    """Each is read in a moment, cut where it has to be (before: up to 52 seconds, or a RecursionError)."""
    begin = time.process_time()
    ask(read(head + b"\r\n\r\n"))
    assert time.process_time() - begin < 2


def test_comments_without_number_do_not_hide_a_sender() -> None:
    """The mail can be named, however deep they are in one another."""
    for comments in (b"(" * 2_000, b"(" * 2_000 + b")" * 2_000):
        assert sender(parse_head(b"From: " + comments + b" <Clerk@Town.cn>\r\n\r\n")) == "clerk@town.cn"


def test_a_name_is_bounded_wherever_it_comes_from() -> None:
    """A server's description of a mail is put into a header that no parser of ours has cut."""
    part = Message()
    part["Content-Type"] = 'application/x; name="' + "=?a?q?" * 100_000 + '"'
    assert 0 < len(part_name(part)) < 20_000


def test_a_part_keeps_a_thousand_headers() -> None:
    """Every question goes through all of them."""
    assert len(parse(b"".join(b"X-%d: 1\r\n" % n for n in range(100_000)))) == 1_000


def test_a_header_that_was_cut_leaves_the_rest_of_the_mail() -> None:
    """The mail comes in, with what can be known of it."""
    data = b"From: a@b.cn\r\nTo: " + b"(" * 100_000 + b"\r\nSubject: " + b"x" * 100_000 + b"\r\n\r\nbody"
    message = parse(data)
    assert (sender(message), set(subject(message)), message.get_payload()) == ("a@b.cn", {"x"}, "body")


def nested(depth: int) -> bytes:
    return b"Content-Type: message/rfc822\n\n" * depth + b"Subject: innermost\n\n"


def flat(number: int) -> bytes:
    return b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--b\n\nx\n" * number + b"--b--\n"


def test_a_mail_at_the_limits_is_taken_apart() -> None:
    """As deep, and of as many parts, as is allowed."""
    assert len(list(parse(nested(DEEPEST)).walk())) == DEEPEST + 1
    assert len(list(parse(flat(MOST_PARTS - 1)).walk())) == MOST_PARTS


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(nested(DEEPEST + 1), id="too-deep"),
        pytest.param(nested(3_000), id="3,000-deep"),
        pytest.param(flat(MOST_PARTS), id="too-many"),
        pytest.param(flat(1_000_000), id="a-million"),
    ],
)
def test_a_mail_of_too_many_parts_or_wrappings_is_refused(data: bytes) -> None:
    """At once, before the parser has seen all of it."""
    begin = time.process_time()
    with pytest.raises(LimitError):
        parse(data)
    assert time.process_time() - begin < 2


def test_headers_alone_are_read_whatever_follows() -> None:
    """A summary needs no parts, and no mail can make it fail."""
    assert subject(parse_head(b"Subject: x\n" + nested(3_000))) == "x"
    assert subject(parse_head(b"")) == ""
