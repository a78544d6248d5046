"""Mails and attachments are opened in workers: what ends one costs its own mail or file."""

from functools import partial
from pathlib import Path

import pytest

from greenxl.campaign.model import Campaign
from greenxl.form.blank import blank
from greenxl.mail.incoming.inbound import Part, parse_mail
from greenxl.mail.incoming.notices import Unreadable
from greenxl.mail.incoming.opening import check_parts, open_mails
from greenxl.mail.incoming.store import ReturnStore
from greenxl.returns.pool import run_all

TOWN = "果里镇"
GOOD = b"From: a@b.cn\r\n\r\nhello"
SLOW = (
    b"".join(b"Content-Type: multipart/mixed; boundary=%d\r\n\r\n--%d\r\n" % (n, n) for n in range(29))
    + b"x\r\n" * 2_000_000
)
"""Every line is held against every boundary."""


def test_each_mail_has_its_answer_in_its_place(monkeypatch: pytest.MonkeyPatch) -> None:
    """Too much in it, too long, too large for the memory: the mails around are read."""
    few = partial(run_all, seconds=3, memory=400 * 1024**2)
    monkeypatch.setattr("greenxl.mail.incoming.opening.run_all", few)
    deep = b"Content-Type: message/rfc822\r\n\r\n" * 3_000
    large = b"\r\n" + (b"x" * 1_000 + b"\r\n") * 90_000
    assert list(open_mails([GOOD, deep, GOOD, SLOW, large, GOOD])) == [
        parse_mail(GOOD),
        Unreadable.TOO_MANY_PARTS,
        parse_mail(GOOD),
        Unreadable.TIMED_OUT,
        Unreadable.CRASHED,
        parse_mail(GOOD),
    ]


def test_attachments_are_known_by_what_is_in_them(tmp_path: Path, huantai: Campaign) -> None:
    """The town of a workbook; what does not open is damaged only where its decoding was in doubt."""
    data = blank(huantai, TOWN, huantai.communities_of(TOWN))
    parts = [
        Part("a.xlsx", data),
        Part("b.xlsx", data, in_doubt=True),
        Part("c.xlsx", data[:-500]),
        Part("d.xlsx", data[:-500], in_doubt=True),
    ]
    checked = list(check_parts(huantai, parts, ReturnStore(tmp_path / "returned", {})))
    assert [(one.part.name, one.town, one.is_damaged) for one in checked] == [
        ("a.xlsx", TOWN, False),
        ("b.xlsx", TOWN, False),
        ("c.xlsx", "", False),
        ("d.xlsx", "", True),
    ]
    assert list((tmp_path / "returned").iterdir()) == []


def test_without_attachments_nothing_is_written(tmp_path: Path, huantai: Campaign) -> None:
    """Not even the folder is made."""
    assert list(check_parts(huantai, [], ReturnStore(tmp_path / "returned", {}))) == []
    assert list(tmp_path.iterdir()) == []
