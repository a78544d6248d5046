"""What came back of our own, in whatever mail, and what of a town's lies beside it."""

import hashlib
import io
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest

from greenxl.campaign.model import Campaign
from greenxl.campaign.settings import MailSettings
from greenxl.journals import open_journal
from greenxl.mail.incoming.inbound import InboundMail, Part
from greenxl.mail.incoming.notices import Notice, Remark
from greenxl.mail.incoming.own import Own, own_of
from greenxl.mail.journal import SEND_LOG
from greenxl.rounds.written import record_written, written_files
from tests.tools.blanks import blank_of
from tests.tools.copies import evaluated, issue, journal_of

OURS, THEIRS = Part("空白表.xlsx", b"ours"), Part("已填.xlsx", b"filled")
KEY = "ab" * 32
ID = f"<{KEY[:32]}.0@example.cn>"


@pytest.fixture
def own(huantai: Campaign, tmp_path: Path) -> Own:
    """The own of a round that wrote a blank and sent it from zjj@example.cn."""
    record_written(tmp_path, [(OURS.name, OURS.data)])
    with open_journal(tmp_path / SEND_LOG) as log:
        log.write({"key": KEY, "kind": "blank", "name": "索镇", "state": "sent"})
    campaign = replace(huantai, mail=MailSettings(sender="县住建局 <ZJJ@example.cn>"))
    made = own_of(campaign, tmp_path)
    assert made.files == written_files(tmp_path)
    return made


def mail(*parts: Part, sender: str = "a@town.cn", message_id: str = "<1@town.cn>") -> InboundMail:
    return InboundMail(sender=sender, subject="", date=None, parts=parts, message_id=message_id)


def test_our_file_is_left_out_and_told(own: Own) -> None:
    """By its bytes, under whatever name; the filled workbook beside it is the town's."""
    renamed = replace(OURS, name="a.xlsx")
    left = own.without(mail(renamed, THEIRS))
    assert left.parts == (THEIRS,)
    assert left.notices == (Notice(Remark.OWN, "a.xlsx"),)
    assert "our own file, came back unchanged" in left.notices[0].sentence()


def test_a_mail_of_ours_holds_nothing_of_towns(own: Own) -> None:
    """In our own inbox, from our sender and under an id of the send log: also a file that no journal has."""
    sent = own.without(mail(THEIRS, sender="zjj@example.cn", message_id=ID))
    assert (sent.parts, sent.notices) == ((), (Notice(Remark.OWN, THEIRS.name),))


OTHERS = {
    "another mail from our account": mail(THEIRS, sender="zjj@example.cn"),
    "a town under our id": mail(THEIRS, message_id=ID),
}


@pytest.mark.parametrize("one", OTHERS.values(), ids=OTHERS.keys())
def test_what_only_looks_like_ours_is_kept(own: Own, one: InboundMail) -> None:
    """A return that a clerk forwards to the own mailbox; an id that somebody copied."""
    assert own.without(one) == one


def test_a_round_that_sent_nothing_has_nothing_of_its_own(huantai: Campaign, tmp_path: Path) -> None:
    """No journal, no sender: every mail stays as it is."""
    one = mail(THEIRS, sender="", message_id="")
    assert own_of(huantai, tmp_path).without(one) == one


def test_correction_copies_are_our_own(huantai: Campaign, tmp_path: Path) -> None:
    """Those that were issued are known by their own journal."""
    book = openpyxl.load_workbook(io.BytesIO(blank_of(huantai, "果里镇")))
    book["鸿嘉社区"]["E4"] = "五"
    book.save(tmp_path / "果里.xlsx")
    [copy] = issue(evaluated(huantai, tmp_path), tmp_path)
    assert own_of(huantai, journal_of(tmp_path)).files == {hashlib.sha256(copy.data).hexdigest()}
