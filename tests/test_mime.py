"""The parts of a mail are found and decoded however their sender's program wrote them."""

from email.message import Message
from email.parser import BytesParser
from email.policy import compat32

import pytest

from greenxl.mime import attachments, decode_words, header, part_name, payload


def parsed(text: bytes) -> Message:
    return BytesParser(policy=compat32).parsebytes(text)


@pytest.mark.parametrize(
    ("encoding", "body"),
    [
        ("BASE64 ;", "UEsDBA==\n"),
        ("base64", "UEsDBA\n"),
        ("base64", "UEs DBA==\n\nx"),
        ("Quoted-Printable ", "PK=03=04"),
    ],
    ids=["oddly named", "without its end", "with rubbish behind it", "with a space behind its name"],
)
def test_a_part_is_decoded_however_its_encoding_is_written(encoding: str, body: str) -> None:
    """The standard library decodes only what is written to the letter."""
    part = parsed(f"Content-Type: application/x\nContent-Transfer-Encoding: {encoding}\n\n{body}".encode())
    assert payload(part) == b"PK\x03\x04"


def test_the_bytes_of_a_part_without_an_encoding_are_its_own() -> None:
    """A text in GBK that says nothing of itself comes out byte for byte."""
    assert payload(parsed(b"\n" + "果里镇".encode("gbk"))) == "果里镇".encode("gbk")


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
    assert part_name(parsed(head + b"\n\n")) == "果.xlsx"


def test_headers_are_unfolded_and_their_words_decoded() -> None:
    """A subject over two lines is one text."""
    message = parsed(b"Subject: =?gb2312?B?ufvA79Xy?=\r\n =?utf-8?B?6K+E5YiG6KGo?=\n\n")
    assert decode_words(header(message, "subject")) == "果里镇评分表"
    assert header(message, "date") == ""


def test_attachments_are_what_is_not_the_mail_s_own_text() -> None:
    """A named text is an attachment, a nameless workbook too; an alternative of the text is none."""
    leaves = [
        b"Content-Type: text/plain\n\nhello",
        b"Content-Type: text/html\n\n<p>hello",
        b"Content-Type: text/plain; name=a.csv\n\n1,2",
        b"Content-Type: text/plain\nContent-Disposition: attachment\n\n1,2",
        b"Content-Type: application/x\n\nPK",
    ]
    text = b'Content-Type: multipart/mixed; boundary="b"\n\n'
    message = parsed(text + b"".join(b"--b\n" + leaf + b"\n" for leaf in leaves) + b"--b--\n")
    assert [payload(part) for part in attachments(message)] == [b"1,2", b"1,2", b"PK"]
