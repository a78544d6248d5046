"""What is attached to a mail comes out of every packing, and what does not is named."""

from base64 import encodebytes

import pytest
from hypothesis import given
from hypothesis import strategies as st

from greenxl.mime.message import LimitError, parse
from greenxl.mime.parts import Attached, Content, Obstacle, Text, Unopened, contents
from tests.tools.packed_mails import leaf, multipart, named, signed, uuencoded, winmail

DATA = b"PK\x03\x04data"
NAME = "a.xlsx"
WHOLE = [Attached(NAME, DATA)]
HELLO = b"Content-Type: text/plain\r\n\r\nhello"
INNER = multipart(named(NAME, DATA), boundary="inner", head=b"From: a@b.cn\r\nSubject: x\r\n")


def found(data: bytes) -> list[Content]:
    """Return what a mail holds beside its texts."""
    return [one for one in contents(parse(data)) if not isinstance(one, Text)]


def test_attachments_are_what_is_not_the_mail_s_own_text() -> None:
    """A named text is an attachment, a nameless workbook too; an alternative of the text is none."""
    mail = multipart(
        HELLO,
        b"Content-Type: text/html\r\n\r\n<p>hello",
        b"Content-Type: text/plain; name=a.csv\r\n\r\n1,2",
        b"Content-Type: text/plain\r\nContent-Disposition: attachment\r\n\r\n1,2",
        b"Content-Type: application/x\r\n\r\nPK",
    )
    assert found(mail) == [Attached("a.csv", b"1,2"), Attached("", b"1,2"), Attached("", b"PK")]
    assert [one for one in contents(parse(mail)) if isinstance(one, Text)] == [
        Text("hello"),
        Text("<p>hello"),
    ]


RFC822 = b"Content-Type: message/rfc822\r\n"
PACKINGS = {
    "attachment": named(NAME, DATA),
    "forwarded mail": RFC822 + b"\r\n" + INNER,
    "mail as a file": leaf(INNER, "Content-Type: application/octet-stream; name=forwarded.EML"),
    "forwarded mail in base64": RFC822 + b"Content-Transfer-Encoding: base64\r\n\r\n" + encodebytes(INNER),
    "forwarded mail that only says base64": RFC822 + b"Content-Transfer-Encoding: base64\r\n\r\n" + INNER,
    "winmail.dat": leaf(winmail((NAME, DATA)), "Content-Type: application/ms-tnef; name=winmail.dat"),
    "winmail.dat without its name": leaf(winmail((NAME, DATA)), "Content-Type: application/octet-stream"),
    "signed mail": leaf(signed(INNER), 'Content-Type: application/pkcs7-mime; name="smime.p7m"'),
    "signed mail by its name": leaf(signed(INNER), "Content-Type: application/octet-stream; name=SMIME.P7M"),
    "signed winmail.dat in a mail": leaf(
        signed(leaf(winmail((NAME, DATA)), "Content-Type: application/ms-tnef")),
        "Content-Type: application/x-pkcs7-mime",
    ),
    "uuencoded in the text": b"Content-Type: text/plain\r\n\r\nsee below\r\n" + uuencoded(NAME, DATA),
    "uuencoded in a text in base64": leaf(uuencoded(NAME, DATA), "Content-Type: text/plain"),
}


@pytest.mark.parametrize("part", PACKINGS.values(), ids=PACKINGS.keys())
def test_a_workbook_comes_out_of_every_packing(part: bytes) -> None:
    """Alone as a mail, and as a part of one: name and bytes are as they were sent."""
    assert found(part) == WHOLE
    assert found(multipart(HELLO, part)) == WHOLE


def test_a_file_that_is_only_called_a_mail_is_an_attachment() -> None:
    """Nothing is lost where the name is wrong."""
    assert found(multipart(named("a.eml", DATA))) == [Attached("a.eml", DATA)]


def test_a_macintosh_resource_fork_is_no_file() -> None:
    """Of the two halves of an AppleDouble the data are the file; so in what was unpacked and sent again."""
    fork = leaf(b"\x00\x05\x16\x07", f'Content-Type: application/applefile; name="{NAME}"')
    double = multipart(fork, named(NAME, DATA), kind="appledouble", boundary="d")
    assert found(multipart(HELLO, double, named("._a.xlsx", b"\x00\x05\x16\x07"))) == WHOLE


def test_a_signature_beside_the_mail_is_no_attachment() -> None:
    """The part of S/MIME or PGP that only vouches for the others."""
    signature = leaf(b"\x30\x80", 'Content-Type: application/pkcs7-signature; name="smime.p7s"')
    assert found(multipart(named(NAME, DATA), signature, kind="signed")) == WHOLE


def test_a_picture_in_the_text_is_an_attachment_only_where_it_is_all_there_is() -> None:
    """Beside a workbook it is a logo; alone, it may be the form as a photograph."""
    logo = leaf(b"\x89PNG", "Content-Type: image/png", "Content-ID: <1>")
    assert found(multipart(HELLO, logo, named(NAME, DATA))) == WHOLE
    assert found(multipart(HELLO, logo)) == [Attached("", b"\x89PNG", in_text=True)]


ENCRYPTED = b"\x30\x80\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x03"
BINHEX = b"(This file must be converted with BinHex 4.0)\r\n:abc:"
UNOPENED = {
    "encrypted": (
        leaf(ENCRYPTED, "Content-Type: application/pkcs7-mime; name=smime.p7m"),
        Unopened(Obstacle.ENCRYPTED, "smime.p7m", ENCRYPTED),
    ),
    "damaged winmail.dat": (
        leaf(winmail((NAME, DATA))[:20], "Content-Type: application/ms-tnef; name=winmail.dat"),
        Unopened(Obstacle.CLOSED, "winmail.dat", winmail((NAME, DATA))[:20]),
    ),
    "BinHex": (b"Content-Type: text/plain\r\n\r\n" + BINHEX, Unopened(Obstacle.CLOSED, "BinHex", BINHEX)),
    "another boundary": (
        multipart(named(NAME, DATA)).replace(b'boundary="b"', b'boundary="c"'),
        None,
    ),
    "no boundary": (multipart(named(NAME, DATA)).replace(b'; boundary="b"', b""), None),
}


@pytest.mark.parametrize(("mail", "wanted"), UNOPENED.values(), ids=UNOPENED.keys())
def test_what_cannot_be_opened_is_named(mail: bytes, wanted: Unopened | None) -> None:
    """With its name and its bytes, or as a mail whose parts cannot be told apart."""
    (one,) = found(mail)
    assert isinstance(one, Unopened)
    assert one == wanted or (wanted is None and one.obstacle is Obstacle.BROKEN)


def test_a_winmail_of_text_alone_is_no_attachment() -> None:
    """Outlook makes one of every mail in rich text."""
    assert found(multipart(HELLO, leaf(winmail(), "Content-Type: application/ms-tnef"))) == []


def test_a_mail_that_was_cut_off_puts_its_last_attachment_in_doubt() -> None:
    """Without the last boundary it may have been longer; the attachments before it are whole."""
    mail = multipart(named(NAME, DATA), named("b.xlsx", DATA))
    cut = mail.replace(b"\r\n--b--\r\n", b"")
    assert found(cut) == [Attached(NAME, DATA), Attached("b.xlsx", DATA, in_doubt=True)]
    cut = multipart(named(NAME, DATA), HELLO).replace(b"--b--\r\n", b"")
    assert found(cut)[1:] == [Unopened(Obstacle.BROKEN)]


def test_a_part_that_was_damaged_is_in_doubt_and_so_is_what_is_in_it() -> None:
    """A stray character in the base64 of a workbook, and of a winmail.dat."""
    for part in (named(NAME, DATA), leaf(winmail((NAME, DATA)), "Content-Type: application/ms-tnef")):
        head, _blank, body = part.partition(b"\r\n\r\n")
        damaged = head + b"\r\n\r\n" + body[:4] + b"*" + body[4:]
        assert found(multipart(damaged)) == [Attached(NAME, DATA, in_doubt=True)]


def test_mails_in_mails_are_opened_up_to_a_number() -> None:
    """Each as a file of the one before: neither for ever, nor so many parts in all."""
    mail = INNER
    for _time in range(4):
        mail = multipart(leaf(mail, "Content-Type: message/x; name=a.eml"), head=b"Subject: x\r\n")
    assert found(mail) == WHOLE
    for _time in range(2):
        mail = multipart(leaf(mail, "Content-Type: message/x; name=a.eml"), head=b"Subject: x\r\n")
    with pytest.raises(LimitError):
        found(mail)
    many = multipart(*[named("a", b"1")] * 400, boundary="many", head=b"Subject: x\r\n")
    with pytest.raises(LimitError):
        found(multipart(*[leaf(many, "Content-Type: message/x; name=a.eml")] * 3))


SEEDS = [
    *(multipart(HELLO, part) for part in PACKINGS.values()),
    *(mail for mail, _wanted in UNOPENED.values()),
]
INSERTED = [
    b"\r\n", b"--b", b"--b--", b"--inner", b";", b"=", b"base64", b"message/rfc822", b"charset=idna", b"\xff",
    b"\r\n\r\n", b"begin 644 a\n", b"\x24\x80", b"Content-Transfer-Encoding: ",
    b"multipart/mixed; boundary=b",
]  # fmt: skip


@given(
    st.sampled_from(SEEDS),
    st.lists(st.tuples(st.integers(0, 900), st.integers(0, 30), st.sampled_from(INSERTED)), max_size=5),
)
def test_nothing_in_a_packing_makes_opening_fail(mail: bytes, changes: list[tuple[int, int, bytes]]) -> None:
    """Whatever is put in and taken out anywhere, there are contents."""
    for place, lost, inserted in changes:
        mail = mail[:place] + inserted + mail[place + lost :]
    contents(parse(mail))
