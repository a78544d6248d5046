"""The attachments of a winmail.dat come out whole and under the names that Outlook shows."""

import struct
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from greenxl.mime.tnef import TnefError, attachments
from greenxl.mime.transfer import Decoded
from tests.tools.packed_mails import winmail

NAME = "桓台 果里镇评分表.xlsx"
FILE = winmail((NAME, b"PK\x03\x04" * 300), ("b.xls", b"x"))


def test_attachments_come_out_under_their_long_names() -> None:
    """The name in UTF-16 counts, not the one that DOS could have; every byte is there."""
    assert attachments(FILE) == [(NAME, Decoded(b"PK\x03\x04" * 300)), ("b.xls", Decoded(b"x"))]


def test_the_attachments_of_a_forwarded_message_come_out() -> None:
    """A message that is attached has a winmail.dat of its own inside."""
    assert attachments(winmail(inner=winmail((NAME, b"PK")))) == [(NAME, Decoded(b"PK"))]


def test_messages_in_messages_are_opened_so_deep_and_no_deeper() -> None:
    """A thousand messages in one another end the reading, not the process."""
    data = winmail(("a", b"1"))
    for _time in range(1_000):
        data = winmail(inner=data)
    with pytest.raises(TnefError):
        attachments(data)


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(FILE[:-40], id="cut-in-the-last-attachment"),
        pytest.param(FILE.replace(b"x" + struct.pack("<H", ord("x")), b"y\x78\0"), id="changed-byte"),
    ],
)
def test_what_was_cut_or_changed_is_in_doubt(data: bytes) -> None:
    """The sum behind each attribute says so; the attachments before are not in doubt."""
    first, second = attachments(data)
    assert (first[1].in_doubt, second[1].in_doubt) == (False, True)


@pytest.mark.parametrize(
    "data",
    [pytest.param(b"PK\x03\x04" + bytes(100), id="workbook"), pytest.param(FILE[:20], id="cut-at-once")],
)
def test_what_no_attachment_can_be_seen_in_says_so(data: bytes) -> None:
    """Another file is known by how it begins."""
    with pytest.raises(TnefError):
        attachments(data)


def test_a_winmail_of_text_alone_has_no_attachment() -> None:
    """Outlook makes one of every mail in rich text."""
    assert attachments(winmail()) == []


@given(st.integers(0, len(FILE)), st.binary(max_size=12))
def test_nothing_in_a_winmail_makes_reading_fail(place: int, inserted: bytes) -> None:
    """Bytes of nonsense anywhere cost attachments at most."""
    with suppress(TnefError):
        attachments(FILE[:place] + inserted + FILE[place:])
