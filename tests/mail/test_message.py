from dataclasses import replace
from email import policy
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.parser import BytesParser
from email.utils import collapse_rfc2231_value, parseaddr
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from greenxl.errors import WrongUseError
from greenxl.mail.message import bare_address, message_bytes, parse_address, transfer_size
from greenxl.mail.model import Attachment, Letter
from tests.tools.mails import SENDER, letter_to

LETTER = letter_to("城区街道")


def made(letter: Letter = LETTER, sender: str = SENDER, **headers: str) -> bytes:
    return message_bytes(letter, sender, headers)


def parsed(data: bytes) -> EmailMessage:
    return BytesParser(policy=policy.default).parsebytes(data)


def raw_parameters(data: bytes) -> tuple[str, str]:
    """Return the attachment's name as a client reads it that knows only RFC 2047, and only RFC 2231."""
    part: Any = list(BytesParser(policy=policy.compat32).parsebytes(data).walk())[-1]
    name = part.get_param("name")
    filename = part.get_param("filename", header="content-disposition")
    return str(make_header(decode_header(name))), collapse_rfc2231_value(filename)


def test_a_message_is_what_the_letter_says() -> None:
    """Sender, recipient, subject, header, both texts and the attachment come out as they went in."""
    found = parsed(made(Date="Wed, 01 Sep 2021 08:30:00 +0000"))
    assert found["From"] == SENDER
    assert found["To"] == "城区街道 <a@example.cn>"
    assert found["Subject"] == LETTER.subject
    assert found["Date"] == "Wed, 01 Sep 2021 08:30:00 +0000"
    plain, html = found.get_body(("plain",)), found.get_body(("html",))
    assert plain is not None
    assert html is not None
    assert plain.get_content().replace("\r\n", "\n") == LETTER.text
    assert html.get_content().strip() == LETTER.html
    (part,) = found.iter_attachments()
    assert (part.get_filename(), part.get_content()) == (
        LETTER.attachments[0].name,
        LETTER.attachments[0].data,
    )


@given(st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=80))
def test_attachment_names_are_written_both_ways(name: str) -> None:
    """A client that knows only RFC 2047 `name`, and one that knows only RFC 2231, both read the name."""
    data = made(replace(LETTER, attachments=(Attachment(f"表{name}.xlsx", b"x"),)))
    assert raw_parameters(data) == (f"表{name}.xlsx", f"表{name}.xlsx")


def test_every_line_of_a_message_is_short_ascii() -> None:
    """The oldest relay takes the message: ASCII, CRLF, no line over 998 characters, whatever the names."""
    long = replace(LETTER, name="很长的名字" * 12, subject="很长的标题" * 40)
    data = made(long)
    assert data.isascii()
    assert max(map(len, data.split(b"\r\n"))) <= 998
    assert b"\n" not in data.replace(b"\r\n", b"")


def test_the_same_letter_gives_the_same_bytes() -> None:
    """Nothing in a message depends on the moment or on chance."""
    assert made() == made()


def test_missing_addresses_leave_out_their_headers() -> None:
    """Where the campaign has no address yet, the message has no To and no From."""
    found = parsed(made(replace(LETTER, address=""), ""))
    assert (found["To"], found["From"]) == (None, None)


def test_the_size_on_the_way_is_that_of_base64() -> None:
    """Four bytes are sent for every three of an attachment."""
    attachments = (Attachment("a.xlsx", bytes(3_000_000)), Attachment("b.xlsx", bytes(600)))
    assert transfer_size(replace(LETTER, attachments=attachments)) == 4_000_800
    assert transfer_size(replace(LETTER, attachments=())) == 0


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("催报\r\nBcc: all@example.cn", id="line-break"),
        pytest.param("催报\nX: y", id="newline"),
        pytest.param("催报\x00", id="nul"),
        pytest.param("催报\u2028Bcc: x", id="line-separator"),
        pytest.param("=?utf-8?q?=0D=0ABcc:_all=40example.cn?=", id="encoded-line-break"),
        pytest.param("=?utf-8?b?DQpCY2M6IHg=?=", id="encoded-base64"),
        pytest.param("=?gb18030?q?=0A?=", id="encoded-gbk"),
    ],
)
def test_control_characters_are_refused_before_and_after_decoding(text: str) -> None:
    """A header with control characters, open or encoded, is refused in every place that a text can take."""
    with pytest.raises(WrongUseError, match="control characters"):
        made(replace(LETTER, subject=text))
    for letter in (
        replace(LETTER, name=text),
        replace(LETTER, address=f"{text}@example.cn"),
        replace(LETTER, attachments=(Attachment(text, b""),)),
    ):
        with pytest.raises(WrongUseError):
            made(letter)
    with pytest.raises(WrongUseError):
        made(sender=f"{text} <zjj@example.cn>")


@pytest.mark.parametrize(
    "text",
    ["", "someone", "a@b", "a b@example.cn", "张三@example.cn", "a@例子.cn", "a@example.cn, b@example.cn"],
)
def test_what_is_no_address_is_refused(text: str) -> None:
    """An address that servers would not take is refused by name, before anything is sent."""
    with pytest.raises(WrongUseError, match="is not a mail address"):
        bare_address(text)


def test_the_sender_may_have_a_name_or_none() -> None:
    """The sender is an address with a name before it, or an address alone."""
    named, bare = parse_address(SENDER), parse_address("zjj@example.cn")
    assert (named.display_name, named.addr_spec) == ("桓台县住房和城乡建设局", "zjj@example.cn")
    assert (bare.display_name, bare.addr_spec) == ("", "zjj@example.cn")


@pytest.mark.parametrize(
    ("sender", "name", "address"),
    [
        ("zjj@example.cn", "", "zjj@example.cn"),
        ("桓台县住建局 <zjj@example.cn>", "桓台县住建局", "zjj@example.cn"),
        (f"{'住房和城乡建设局' * 6} <zjj@example.cn>", "住房和城乡建设局" * 6, "zjj@example.cn"),
        (f"住建局 <{'office-' * 9}zjj@example.gov.cn>", "住建局", f"{'office-' * 9}zjj@example.gov.cn"),
        ('"Housing, Huantai" <zjj@example.cn>', "Housing, Huantai", "zjj@example.cn"),
        ("Housing, Huantai <zjj@example.cn>", "Housing, Huantai", "zjj@example.cn"),
        ("<zjj@example.cn>", "", "zjj@example.cn"),
    ],
    ids=["bare", "short", "long name", "long address", "quoted", "with a comma", "in brackets"],
)
def test_a_sender_never_folds_before_its_first_word(sender: str, name: str, address: str) -> None:
    """However long, the line of From begins with the name or the address, and is read as it was meant."""
    data = message_bytes(letter_to("索镇"), sender, {})
    first, *_rest = data.splitlines()
    assert first.startswith(b"From: ")
    assert first[6:].strip()
    head = data.split(b"\r\n\r\n")[0].splitlines()
    assert all(len(line) <= 78 or b" " not in line.strip() for line in head)
    raw = BytesParser(policy=policy.compat32).parsebytes(data)["from"]
    assert parseaddr(str(make_header(decode_header(raw)))) == (name, address)
