"""Parts are decoded however their encoding is written, and what was lost on the way is known."""

from base64 import b64encode
from email.message import Message
from quopri import encodestring

import pytest
from hypothesis import given
from hypothesis import strategies as st

from greenxl.mime.message import parse
from greenxl.mime.transfer import Decoded, decode, decoded, transfer_encoding, uuencoded_files
from tests.tools.packed_mails import uuencoded

DATA = b"PK\x03\x04" + bytes(range(256))


def part(encoding: str, body: bytes) -> Message:
    head = f"Content-Type: application/x\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n"
    return parse(head.encode() + body)


@pytest.mark.parametrize(
    ("encoding", "wanted"),
    [
        ("base64", "base64"),
        ("BASE64\t", "base64"),
        ("base64 ;", "base64"),
        ("base64; charset=utf-8", "base64"),
        ("base64 (comment)", "base64"),
        ("(comment) Base64", "base64"),
        ('"base64"', "base64"),
        ("x-base64", "xbase64"),
        ("Quoted-Printable ", "quotedprintable"),
        ("7-bit", "7bit"),
        ("x-uuencode", "xuuencode"),
        ("", ""),
        ("()", ""),
    ],
)
def test_an_encoding_is_known_however_its_name_is_written(encoding: str, wanted: str) -> None:
    """Blanks, comments, quotes and rubbish around the name do not count."""
    assert transfer_encoding(part(encoding, b"")) == wanted


@pytest.mark.parametrize(
    ("encoding", "body"),
    [
        pytest.param("BASE64 ;", b64encode(DATA), id="base64"),
        pytest.param("x-base64", b64encode(DATA), id="x-base64"),
        pytest.param("quoted-printable (a)", encodestring(DATA), id="quoted-printable"),
        pytest.param("X-UUencode", uuencoded("a.xlsx", DATA), id="uuencode"),
    ],
)
def test_the_bytes_of_a_part_are_as_they_were_sent(encoding: str, body: bytes) -> None:
    """In every encoding that mail programs use."""
    assert decoded(part(encoding, body)) == Decoded(DATA)


@pytest.mark.parametrize("encoding", ["7bit", "8bit", "7-bit", "binary", "UTF-8", ""])
def test_the_bytes_of_a_part_without_an_encoding_are_its_own(encoding: str) -> None:
    """A text in GBK that says nothing of itself, or nonsense, comes out byte for byte."""
    assert decoded(part(encoding, "果里镇".encode("gbk"))) == Decoded("果里镇".encode("gbk"))


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(b"UEsDBA==", id="to-the-letter"),
        pytest.param(b"UEs\r\nDBA\r\n==\r\n\r\n", id="lines"),
        pytest.param(b"U E s\tD B A = =\x0b\x00", id="blanks"),
        pytest.param(b"UEsDBA", id="padding-missing"),
        pytest.param(b"UEsDBA=", id="padding-half"),
        pytest.param(b"UEsDBA=====", id="padding-too-long"),
        pytest.param(b"UEs=AwQ=", id="padding-in-the-middle"),
        pytest.param(b"UA==\r\nSwME\r\n", id="blocks"),
        pytest.param(b"UEs=Aw=BA", id="blocks-without-padding"),
    ],
)
def test_base64_that_is_not_to_the_letter_loses_nothing(text: bytes) -> None:
    """Blanks and padding are no data: what they stand between is whole."""
    assert decode(text, "base64") == Decoded(b"PK\x03\x04")


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        pytest.param(b"UEs*DBA==", b"PK\x03\x04", id="stray-character"),
        pytest.param(b"UEs\xc4\xe3DBA==", b"PK\x03\x04", id="line-noise"),
        pytest.param(b"UEsDBAAAB", b"PK\x03\x04\x00\x00", id="lone-character"),
        pytest.param(b"UEsDB=AAA", b"PK\x03\x00\x00", id="lone-character-in-the-middle"),
        pytest.param(b"UEsDBA==\r\n-- \r\nscanned by the gateway\r\n", b"PK\x03\x04", id="text-below"),
        pytest.param(b"****", b"", id="nothing-left"),
    ],
)
def test_base64_of_which_characters_were_dropped_is_in_doubt(text: bytes, wanted: bytes) -> None:
    """Nothing raises, and what can be decoded is."""
    assert decode(text, "base64") == Decoded(wanted, in_doubt=True)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        pytest.param(b"PK=03=04", Decoded(b"PK\x03\x04"), id="to-the-letter"),
        pytest.param(b"PK=\r\n=03= \r\n=04=", Decoded(b"PK\x03\x04"), id="soft-breaks"),
        pytest.param(b"PK=0", Decoded(b"PK=0", in_doubt=True), id="cut"),
        pytest.param(b"PK=XY=04", Decoded(b"PK=XY\x04", in_doubt=True), id="no-number"),
    ],
)
def test_quoted_printable_that_was_damaged_is_in_doubt(text: bytes, wanted: Decoded) -> None:
    """An equals sign stands before two digits or a line's end."""
    assert decode(text, "quotedprintable") == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        pytest.param(b"see\n" + uuencoded("a b.xls", DATA), ("a b.xls", Decoded(DATA)), id="whole"),
        pytest.param(uuencoded("a", DATA).replace(b"\n", b"\r\n"), ("a", Decoded(DATA)), id="crlf"),
        pytest.param(uuencoded("a", DATA)[:-5], ("a", Decoded(DATA, in_doubt=True)), id="no-end"),
    ],
)
def test_uuencoded_files_come_out_of_a_text(text: bytes, wanted: tuple[str, Decoded]) -> None:
    """With the names they have there; without a last line they may have been cut."""
    assert list(uuencoded_files(text)) == [wanted]


def test_several_uuencoded_files_and_none() -> None:
    """All come out; a sentence that begins with the word is none."""
    both = uuencoded("a", b"1") + b"and\n" + uuencoded("b", b"2")
    assert [name for name, _file in uuencoded_files(both)] == ["a", "b"]
    assert list(uuencoded_files(b"begin 2021 well\nbegin 100 and go on\n")) == []
    ((_name, damaged),) = uuencoded_files(uuencoded("a", DATA).replace(b"\nM", b"\nM\x7f"))
    assert damaged.in_doubt


@given(st.binary(max_size=300), st.sampled_from(["base64", "quotedprintable", "xuuencode", "7bit"]))
def test_nothing_in_a_part_makes_decoding_fail(text: bytes, encoding: str) -> None:
    """Whatever the bytes."""
    decode(text, encoding)


@given(st.binary(max_size=300), st.lists(st.integers(0, 400)))
def test_blanks_anywhere_in_base64_change_nothing(data: bytes, places: list[int]) -> None:
    """Lines of every length are as good."""
    text = b64encode(data)
    for place in places:
        text = text[:place] + b"\r\n " + text[place:]
    assert decode(text, "base64") == Decoded(data)
