"""What the system refuses is told in words of our own, in both languages."""

import errno
import os
import socket
from pathlib import Path

import pytest

from greenxl.findings import finding
from greenxl.i18n import CHINESE, ENGLISH, translate
from greenxl.system_errors import reason_of

KNOWN = [number for number in errno.errorcode if reason_of(OSError(number, "")) != errno.errorcode[number]]


@pytest.mark.parametrize("number", KNOWN, ids=lambda number: errno.errorcode[number])
def test_a_known_reason_is_said_in_both_languages(number: int) -> None:
    """Not Python's words: English prose, and Chinese without a Latin letter."""
    reason = reason_of(OSError(number, os.strerror(number)))
    assert reason != os.strerror(number)
    assert not any(c.isascii() and c.isalpha() for c in translate(reason, CHINESE))


def test_what_people_meet_is_known() -> None:
    """Names, rights, space, folders, the network."""
    met = "ENOENT EACCES EPERM ENOSPC EROFS EISDIR ENOTDIR EEXIST ENAMETOOLONG EBUSY ELOOP EINVAL EIO EMFILE"
    met += " ECONNREFUSED ECONNRESET ETIMEDOUT ENETUNREACH EHOSTUNREACH"
    assert {getattr(errno, name) for name in met.split()} <= set(KNOWN)


@pytest.mark.parametrize(
    ("error", "chinese"),
    [
        (OSError(errno.ENOTBLK, "Block device required"), "ENOTBLK"),
        (OSError(98765, "?"), "98765"),
        (socket.gaierror(-2, "Name or service not known"), "找不到这个名称的服务器"),
        (TimeoutError("timed out"), "没有及时答复"),
        (OSError("words of a library"), "OSError"),
    ],
    ids=["symbol", "number", "host", "timeout", "no number"],
)
def test_what_the_table_does_not_know_is_a_number(error: OSError, chinese: str) -> None:
    """A symbol or a number can be looked up in any language; English prose cannot."""
    assert translate(reason_of(error), CHINESE) == chinese


def test_a_finding_translates_the_reason(tmp_path: Path) -> None:
    """One finding, shown in the language of the reader: what was found is our word here."""
    with pytest.raises(OSError, match="No such file") as caught:
        (tmp_path / "gone").read_bytes()
    one = finding("file-unreadable", "gone.xlsx", found=reason_of(caught.value))
    assert "(no such file or folder)" in one.message(ENGLISH)
    assert "（没有这个文件或文件夹）" in one.message(CHINESE)
    assert one.shown_found(CHINESE) == "没有这个文件或文件夹"
