import io
import os
import re
import signal
import subprocess
import sys
import zipfile
from base64 import encodebytes
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from greenxl.campaign.model import Campaign
from greenxl.errors import GreenxlError
from greenxl.form.blank import blank
from greenxl.journals import open_journal
from greenxl.mail.incoming.collect import CollectedMail, collect
from greenxl.mail.incoming.mailbox import Selection
from greenxl.mail.incoming.notices import Notice, Remark, Unreadable
from greenxl.mail.journal import COLLECTED_LOG, SEND_LOG, read_journal, read_sendings
from greenxl.mail.server import Server
from greenxl.returns.pool import run_all
from greenxl.rounds.written import record_written
from tests.tools.mails import imap_server, received
from tests.tools.packed_mails import leaf, multipart, named, signed, uuencoded, winmail
from tests.tools.servers import DOMAIN, PASSWORD, Dovecot, cut_after

TOWN = "果里镇"
SAMPLES = Path(__file__).parents[3] / "samples"


@pytest.fixture
def returned(tmp_path: Path) -> Path:
    return tmp_path / "returned"


@pytest.fixture(scope="module")
def workbooks(huantai: Campaign) -> dict[str, bytes]:
    """A return of each town."""
    return {town.name: blank(huantai, town.name, huantai.communities_of(town.name)) for town in huantai.towns}


def run(
    campaign: Campaign,
    server: Server,
    returned: Path,
    selection: Selection = Selection(),  # noqa: B008  (a frozen value)
    *,
    again: bool = False,
) -> list[CollectedMail]:
    log = returned.with_name(COLLECTED_LOG)
    return list(collect(campaign, server, returned, log, selection, again=again))


def files(returned: Path) -> list[str]:
    """Return the files below, without the day on which the mail arrived here."""
    return sorted(
        re.sub(r"/\d{8}-", "/", path.relative_to(returned).as_posix())
        for path in returned.rglob("*")
        if path.is_file()
    )


def with_address(campaign: Campaign, town: str, address: str) -> Campaign:
    towns = (replace(t, email=address) if t.name == town else t for t in campaign.towns)
    return replace(campaign, towns=tuple(towns))


def test_attachments_come_into_their_towns_folder(
    huantai: Campaign, boxes: Dovecot, user: str, returned: Path, workbooks: dict[str, bytes]
) -> None:
    """The workbook's identity decides the folder; without one it is the sender; the bytes are the same."""
    data = workbooks[TOWN]
    boxes.put(user, received((f"{TOWN}-评分表-2021.xlsx", data)), received(("表.xls", b"\xd0\xcf\x11\xe0")))
    first, second = run(huantai, imap_server(boxes, user), returned)
    assert (first.sender, first.subject) == ("clerk@town.cn", "报送评分表")
    assert [file.town for file in (*first.files, *second.files)] == [TOWN, ""]
    assert first.files[0].path.read_bytes() == data
    assert re.fullmatch(r"\d{8}-[0-9a-f]{8}-果里镇-评分表-2021\.xlsx", first.files[0].path.name)
    assert [path.parent.name for path in (first.files[0].path, second.files[0].path)] == [
        TOWN,
        "clerk@town.cn",
    ]


def test_the_journal_says_what_each_mail_brought(
    huantai: Campaign, boxes: Dovecot, user: str, returned: Path, workbooks: dict[str, bytes]
) -> None:
    """A line for each mail with files, one for all that brought nothing, under mailbox and UIDVALIDITY."""
    boxes.put(user, received(), received(("a.xlsx", workbooks[TOWN])), received(("a.jpg", b"x")))
    (mail,) = run(huantai, imap_server(boxes, user), returned)
    brought, rest = read_journal(returned.with_name(COLLECTED_LOG))
    (file,) = brought["files"]
    assert (brought["uids"], rest["uids"]) == ([2], [1, 3])
    assert (file["file"], file["town"], file["new"]) == (mail.files[0].path.as_posix(), TOWN, True)
    assert brought["mailbox"] == rest["mailbox"] == f"{user}@{DOMAIN}@localhost/INBOX"
    assert brought["validity"] == rest["validity"] > 0


def test_nothing_is_fetched_twice(
    huantai: Campaign, boxes: Dovecot, user: str, returned: Path, workbooks: dict[str, bytes]
) -> None:
    """A second run brings only what arrived since, even if files were moved away in the meantime."""
    boxes.put(user, received(("a.xlsx", workbooks[TOWN])))
    (first,) = run(huantai, imap_server(boxes, user), returned)
    first.files[0].path.unlink()
    assert run(huantai, imap_server(boxes, user), returned) == []
    boxes.put(user, received(("b.xlsx", workbooks["索镇"])))
    (new,) = run(huantai, imap_server(boxes, user), returned)
    assert files(returned) == [f"索镇/{new.files[0].sha256[:8]}-b.xlsx"]


def test_what_was_collected_can_be_collected_again(
    huantai: Campaign, boxes: Dovecot, user: str, returned: Path, workbooks: dict[str, bytes]
) -> None:
    """After a folder was lost --again brings everything back."""
    boxes.put(user, received(("a.xlsx", workbooks[TOWN])))
    (mail,) = run(huantai, imap_server(boxes, user), returned)
    mail.files[0].path.unlink()
    run(huantai, imap_server(boxes, user), returned, again=True)
    assert mail.files[0].path.is_file()


def test_new_numbers_of_the_same_mails_double_nothing(
    huantai: Campaign, boxes: Dovecot, user: str, returned: Path, workbooks: dict[str, bytes]
) -> None:
    """Where the server numbers its mails anew (UIDVALIDITY), contents show that they are here already."""
    boxes.put(user, received(("a.xlsx", workbooks[TOWN])), received(("b.xlsx", workbooks["索镇"])))
    run(huantai, imap_server(boxes, user), returned)
    before = files(returned)
    boxes.forget(user)
    again = run(huantai, imap_server(boxes, user), returned)
    assert [file.is_new for mail in again for file in mail.files] == [False, False]
    assert files(returned) == before


def test_only_what_is_selected_is_collected(
    huantai: Campaign, boxes: Dovecot, user: str, returned: Path
) -> None:
    """What a selection leaves out is not done: a later run without it brings the rest."""
    boxes.put(
        user,
        received(("a.xlsx", b"PK\x03\x04a")),
        received(("b.xlsx", b"PK\x03\x04b"), sender="other@town.cn"),
    )
    server = imap_server(boxes, user)
    chosen = run(huantai, server, returned, Selection(sender="other@town.cn"))
    rest = run(huantai, server, returned)
    assert [m.sender for m in (*chosen, *rest)] == ["other@town.cn", "clerk@town.cn"]


CHILD = """
import os, signal, sys
from pathlib import Path
sys.path.insert(0, sys.argv[6])
from greenxl.campaign.checks import load
from greenxl.campaign.settings import MailSettings
from greenxl.campaign.tables import shipped
from greenxl.mail.incoming.collect import collect
from greenxl.mail.server import collecting_server

left, sync = int(sys.argv[4]), os.fsync

def counted(handle):
    global left
    left -= 1
    if left < 0:
        os.kill(os.getpid(), signal.SIGKILL)
    sync(handle)

os.fsync = counted
environment = {"GREENXL_MAIL_PASSWORD": sys.argv[5]}
server = collecting_server(MailSettings(imap=sys.argv[1], user=sys.argv[2]), input, environment)
returned = Path(sys.argv[3])
list(collect(load(shipped()), server, returned, returned.with_name("collected.jsonl")))
"""


@pytest.mark.slow
def test_a_run_that_is_killed_loses_and_doubles_nothing(
    huantai: Campaign, boxes: Dovecot, user: str, tmp_path: Path, workbooks: dict[str, bytes]
) -> None:
    """kill -9 before every single write to the disk, each followed by a rerun: always the same files."""
    boxes.put(user, *(received((f"{town}.xlsx", workbooks[town])) for town in (TOWN, "索镇")))
    run(huantai, imap_server(boxes, user), tmp_path / "whole" / "returned")
    wanted = files(tmp_path / "whole" / "returned")
    root = str(Path(__file__).parents[2])
    killed = 0
    for writes in range(7):
        returned = tmp_path / str(writes) / "returned"
        returned.mkdir(parents=True)
        where = [boxes.address, f"{user}@{DOMAIN}", str(returned), str(writes), PASSWORD, root]
        child = subprocess.run([sys.executable, "-c", CHILD, *where], env=os.environ, timeout=60)
        killed += child.returncode != 0
        run(huantai, imap_server(boxes, user), returned)
        assert files(returned) == wanted
    assert killed == 6  # two files, their folders and two lines of the journal


@pytest.mark.parametrize("length", [3_000, 12_000, 40_000])
def test_a_connection_that_breaks_is_taken_up_again(
    huantai: Campaign, boxes: Dovecot, user: str, returned: Path, workbooks: dict[str, bytes], length: int
) -> None:
    """A server that breaks off after so many bytes is one sentence; the next run brings the rest, once."""
    boxes.put(user, *(received((f"{town}.xlsx", data)) for town, data in workbooks.items()))
    server = imap_server(boxes, user)
    with cut_after(boxes.imaps, length) as port, pytest.raises(GreenxlError, match=f"localhost:{port}: "):
        run(huantai, replace(server, port=port), returned)
    run(huantai, server, returned)
    assert [name.split("/")[0] for name in files(returned)] == sorted(workbooks)


def test_a_disk_that_is_full_is_not_the_servers_fault(
    huantai: Campaign, boxes: Dovecot, user: str, returned: Path
) -> None:
    """What the system refuses keeps its own name; nothing is journaled as done."""
    boxes.put(user, received(("a.xlsx", b"PK\x03\x04a")))
    returned.write_bytes(b"")
    with pytest.raises(FileExistsError):
        run(huantai, imap_server(boxes, user), returned)
    assert read_journal(returned.with_name(COLLECTED_LOG)) == []


def test_a_workbook_from_another_address_is_named(
    huantai: Campaign, boxes: Dovecot, user: str, returned: Path, workbooks: dict[str, bytes]
) -> None:
    """The workbook decides whose it is; a sender that is not that town's address is only reported."""
    campaign = with_address(huantai, TOWN, "town@round.test")
    boxes.put(
        user,
        received(("1.xlsx", workbooks[TOWN]), sender="TOWN@round.test"),
        received(("2.xlsx", workbooks[TOWN] + b" "), sender="clerk@round.test"),
        received(("3.xlsx", workbooks["索镇"]), sender="clerk@round.test"),
    )
    right, wrong, unknown = run(campaign, imap_server(boxes, user), returned)
    assert (right.foreign_towns, wrong.foreign_towns, unknown.foreign_towns) == ((), (TOWN,), ())
    assert wrong.files[0].path.parent.name == TOWN


def test_a_zip_belongs_to_the_town_inside(
    huantai: Campaign, boxes: Dovecot, user: str, returned: Path, workbooks: dict[str, bytes]
) -> None:
    """An archive of one town's workbooks is that town's; one of several towns is the sender's."""
    archives = []
    for towns in ([TOWN], ["城区街道", "索镇"]):
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as archive:
            for town in towns:
                archive.writestr(f"{town}.xlsx", workbooks[town])
        archives.append(buffer.getvalue())
    boxes.put(user, received(("a.zip", archives[0]), ("b.zip", archives[1])))
    (mail,) = run(huantai, imap_server(boxes, user), returned)
    assert [file.path.parent.name for file in mail.files] == [TOWN, "clerk@town.cn"]


def test_links_and_documents_are_reported_once(
    huantai: Campaign, boxes: Dovecot, user: str, returned: Path
) -> None:
    """A link to an oversized attachment is reported; so is a scan that a town sent instead of the form."""
    campaign = with_address(huantai, TOWN, "town@round.test")
    url = "https://wx.mail.qq.com/ftn/download?func=3&key=1"
    boxes.put(
        user,
        received(text=f"超大附件 {url}\n", sender="town@round.test"),
        received(("扫描件.pdf", b"%PDF"), sender="town@round.test"),
        received(("广告.pdf", b"%PDF"), sender="shop@example.cn"),
        received(("a.xlsx", b"PK\x03\x04a"), ("说明.docx", b"PK\x03\x04"), sender="town@round.test"),
    )
    mails = run(campaign, imap_server(boxes, user), returned)
    linked, scan, both = sorted(mails, key=lambda mail: mail.uid)
    assert (linked.links, linked.sender, linked.files) == ((url,), "town@round.test", ())
    assert scan.notices == (Notice(Remark.PICTURE, "扫描件.pdf"),)
    assert both.notices == (Notice(Remark.DOCUMENT, "说明.docx"),)
    assert run(campaign, imap_server(boxes, user), returned) == []


def from_town(*parts: bytes, subject: str = "x") -> bytes:
    """Return a mail of a town, of parts as they are."""
    head = f"From: town@round.test\r\nSubject: {subject}\r\nDate: Wed, 15 Sep 2021 08:00:00 +0000\r\n"
    return multipart(*parts, boundary="outer", head=head.encode())


def test_a_workbook_comes_out_of_every_packing(
    huantai: Campaign, boxes: Dovecot, user: str, returned: Path, workbooks: dict[str, bytes]
) -> None:
    """Whatever a mail program wrapped it in, the same file comes into the same folder, once."""
    data = workbooks[TOWN]
    inner = multipart(named("表.xlsx", data), head=b"Subject: x\r\n")
    forwarded = b"Content-Type: message/rfc822\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    boxes.put(
        user,
        from_town(named("表.xlsx", data)),
        from_town(leaf(inner, "Content-Type: application/octet-stream; name=a.eml")),
        from_town(forwarded + encodebytes(inner)),
        from_town(leaf(signed(inner), "Content-Type: application/pkcs7-mime; name=smime.p7m")),
        from_town(leaf(winmail(("表.xlsx", data)), "Content-Type: application/ms-tnef; name=winmail.dat")),
        from_town(b"Content-Type: text/plain\r\n\r\n" + uuencoded("表.xlsx", data)),
    )
    campaign = with_address(huantai, TOWN, "town@round.test")
    mails = run(campaign, imap_server(boxes, user), returned)
    assert [[(f.name, f.town, f.is_new) for f in mail.files] for mail in mails] == [
        [("表.xlsx", TOWN, number == 0)] for number in range(6)
    ]
    assert [mail.notices for mail in mails] == [()] * 6
    assert (returned / files_as_they_are(returned)[0]).read_bytes() == data


def files_as_they_are(returned: Path) -> list[str]:
    return [path.relative_to(returned).as_posix() for path in returned.rglob("*") if path.is_file()]


TEXT = b"Content-Type: text/plain; charset=utf-8\r\n\r\n"
LEFT = {
    "no attachment": (TEXT + "见附件".encode(), Notice(Remark.NO_ATTACHMENT)),
    "scores in the text": (TEXT + b" ".join([b"5"] * 20), Notice(Remark.SCORES_IN_TEXT)),
    "a picture": (named("a.tif", b"II*"), Notice(Remark.PICTURE, "a.tif")),
    "a list": (named("a.csv", b"1,2"), Notice(Remark.TABLE, "a.csv")),
    "a packing": (named("a.tar.gz", b"\x1f\x8b"), Notice(Remark.PACKED, "a.tar.gz")),
    "a saved mail": (named("a.msg", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), Notice(Remark.SAVED_MAIL, "a.msg")),
    "encrypted": (
        leaf(b"0", "Content-Type: application/pkcs7-mime; name=smime.p7m"),
        Notice(Remark.ENCRYPTED, "smime.p7m"),
    ),
}  # fmt: skip


def test_nothing_of_a_towns_mail_is_silent(
    huantai: Campaign, boxes: Dovecot, user: str, returned: Path
) -> None:
    """What is not taken is named, in the journal too; of a stranger's mail nobody wants to know."""
    boxes.put(user, *(from_town(part) for part, _notice in LEFT.values()))
    boxes.put(user, *(from_town(part).replace(b"town@", b"shop@") for part, _notice in LEFT.values()))
    campaign = with_address(huantai, TOWN, "town@round.test")
    mails = run(campaign, imap_server(boxes, user), returned)
    assert [m.notices for m in mails if m.sender == "town@round.test"] == [
        (notice,) for _part, notice in LEFT.values()
    ]
    assert [m.notices for m in mails if m.sender == "shop@round.test"] == [()]  # its .msg was taken
    first = read_journal(returned.with_name(COLLECTED_LOG))[2]
    assert first["notices"] == [{"remark": "picture", "name": "a.tif"}]
    assert first["left"] == ["a.tif"]


def damaged(part: bytes, place: int, *, lost: int = 0) -> bytes:
    """Return a part into whose base64 a stray character came on the way, instead of so many."""
    head, blank, body = part.partition(b"\r\n\r\n")
    return head + blank + body[:place] + b"*" + body[place + lost :]


def test_only_what_did_not_arrive_whole_is_called_damaged(
    huantai: Campaign, boxes: Dovecot, user: str, returned: Path, workbooks: dict[str, bytes]
) -> None:
    """A stray character in base64 does not matter where every sum holds or the workbook opens."""
    part = named("a.xlsx", workbooks[TOWN])
    old = named("a.xls", (SAMPLES / "returned" / "果里镇-评分表-2021.xls").read_bytes())
    below = part + b"-- \r\nscanned\r\n"
    whole = [part, below, damaged(part, 2_000), old, damaged(old, 2_000)]
    broken = [damaged(part, 2_000, lost=1), damaged(old, 2_000, lost=1)]
    boxes.put(user, *(from_town(one) for one in (*whole, *broken)))
    campaign = with_address(huantai, TOWN, "town@round.test")
    mails = run(campaign, imap_server(boxes, user), returned)
    assert [mail.notices for mail in mails] == [
        *[()] * len(whole),
        (Notice(Remark.DAMAGED, "a.xlsx"),),
        (Notice(Remark.DAMAGED, "a.xls"),),
    ]
    assert [mail.files[0].town for mail in mails] == [*[TOWN] * len(whole), "", ""]


HOSTILE = {
    "2,000 comments": (b"From: " + b"(" * 2_000 + b" <a@b.cn>\r\nSubject: x\r\n\r\n", None),
    "150,000 semicolons": (
        b'Subject: x\r\nContent-Type: application/x; name="' + b";" * 150_000 + b'.xlsx"\r\n\r\nPK\x03\x04',
        None,
    ),
    "100,000 sections": (
        b"Subject: x\r\nContent-Type: application/x"
        + b"".join(b";\r\n name*%d*=a" % n for n in range(100_000))
        + b"\r\n\r\nPK\x03\x04",
        None,
    ),
    "3,000 mails in one another": (
        b"Subject: deep\r\n" + b"Content-Type: message/rfc822\r\n\r\n" * 3_000,
        Unreadable.TOO_MANY_PARTS,
    ),
    "2,000 parts": (
        multipart(*[named("a", b"1")] * 2_000, head=b"Subject: parts\r\n"),
        Unreadable.TOO_MANY_PARTS,
    ),
    "lines against boundaries": (
        b"Subject: slow\r\n"
        + b"".join(b"Content-Type: multipart/mixed; boundary=%d\r\n\r\n--%d\r\n" % (n, n) for n in range(29))
        + b"Content-Type: application/x\r\n\r\n"
        + b"x\r\n" * 2_000_000,
        Unreadable.TIMED_OUT,
    ),
    "more than memory holds": (
        b"Subject: large\r\nContent-Type: application/x\r\n\r\n" + (b"x" * 1_000 + b"\r\n") * 90_000,
        Unreadable.CRASHED,
    ),
}  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize(("odd", "reason"), HOSTILE.values(), ids=HOSTILE.keys())
def test_a_hostile_mail_is_named_and_the_next_comes_in(
    huantai: Campaign,
    boxes: Dovecot,
    user: str,
    returned: Path,
    workbooks: dict[str, bytes],
    monkeypatch: pytest.MonkeyPatch,
    odd: bytes,
    reason: Unreadable | None,
) -> None:
    """It takes its time in a worker at most, and costs the others nothing."""
    few = partial(run_all, seconds=4, memory=400 * 1024**2)
    monkeypatch.setattr("greenxl.mail.incoming.opening.run_all", few)
    boxes.put(user, odd, received(("a.xlsx", workbooks[TOWN])))
    mails = run(huantai, imap_server(boxes, user), returned)
    assert [file.town for file in mails[-1].files] == [TOWN]
    if reason:
        (named_mail, _good) = mails
        assert (named_mail.unreadable, named_mail.subject) == (reason, odd[9:].split(b"\r\n")[0].decode())
        assert read_journal(returned.with_name(COLLECTED_LOG))[0]["unreadable"] == reason


def test_a_run_that_is_killed_while_it_reads_leaves_no_attachment_behind(
    huantai: Campaign, boxes: Dovecot, user: str, tmp_path: Path, workbooks: dict[str, bytes]
) -> None:
    """What lies on the disk to be read lies in the round, hidden, and the next run removes it."""
    boxes.put(user, received((f"{TOWN}.xlsx", workbooks[TOWN])))
    returned, elsewhere = tmp_path / "returned", tmp_path / "tmp"
    elsewhere.mkdir()
    killing = CHILD.replace(
        "os.fsync = counted",
        "import greenxl.mail.incoming.opening as opening\n"
        "opening.read_all = lambda *_arguments: os.kill(os.getpid(), signal.SIGKILL)",
    )
    where = [boxes.address, f"{user}@{DOMAIN}", str(returned), "0", PASSWORD, str(Path(__file__).parents[2])]
    environment = {**os.environ, "TMPDIR": str(elsewhere)}
    child = subprocess.run([sys.executable, "-c", killing, *where], env=environment, timeout=60)
    assert child.returncode == -signal.SIGKILL
    (left,) = files_as_they_are(returned)
    assert (returned / left).read_bytes() == workbooks[TOWN]
    assert left.startswith(".greenxl-")
    assert list(elsewhere.iterdir()) == []
    run(huantai, imap_server(boxes, user), returned)
    assert [name.partition("/")[0] for name in files(returned)] == [TOWN]
    assert [path.name for path in returned.iterdir()] == [TOWN]


@pytest.mark.slow
def test_unrelated_mails_are_looked_at_from_outside(
    huantai: Campaign, boxes: Dovecot, user: str, returned: Path, workbooks: dict[str, bytes]
) -> None:
    """Of a thousand pictures, invitations and texts none is fetched; the one return among them is found."""
    noise = [
        received(("照片.jpg", b"\xff\xd8" * 500)),
        received(("invite.ics", b"BEGIN:VCALENDAR")),
        received(),
    ]
    mails = (noise[number % 3] for number in range(1000))
    boxes.put(user, *mails, received(("a.xlsx", workbooks[TOWN])))
    (mail,) = run(huantai, imap_server(boxes, user), returned)
    assert mail.files[0].town == TOWN
    assert boxes.asked(user).count("BODY.PEEK[])") == 1
    assert run(huantai, imap_server(boxes, user), returned) == []


OURS_ID = f"<{'ab' * 16}.0@example.cn>"
STATUS = (
    b"Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx\r\n\r\n"
    b"Final-Recipient: rfc822; town@example.cn\r\nAction: failed\r\nDiagnostic-Code: smtp; 550 unknown\r\n"
)
PLAIN = "Content-Type: text/plain; charset=utf-8"
WAYS = {
    "bounce": (b"MAILER-DAEMON@mx.cn", "Undelivered Mail", "report; report-type=delivery-status", STATUS),
    "delay": (
        b"MAILER-DAEMON@mx.cn", "Delayed Mail", "report; report-type=delivery-status",
        STATUS.replace(b"failed", b"delayed"),
    ),
    "rewritten": (b"postmaster@mx.cn", "Undeliverable: x", "mixed", STATUS),
    "系统退信": (b"PostMaster@qq.com", "系统退信", "mixed", leaf(b"town@example.cn", PLAIN)),
    "automatic reply": (b"town@example.cn\r\nAuto-Submitted: auto-replied", "休假", "mixed", b""),
    "quoting reply": (b"town@example.cn", "回复：评分表", "mixed", leaf("见附件".encode(), PLAIN)),
    "our own sent mail": (f"zjj@example.cn\r\nMessage-ID: {OURS_ID}".encode(), "评分表", "mixed", b""),
}  # fmt: skip


def of_ours(way: str, *files: bytes) -> bytes:
    """Return a mail in which our own file comes back, attached or inside of the mail that went out."""
    sender, subject, kind, first = WAYS[way]
    head = b"From: " + sender + b"\r\nSubject: " + subject.encode() + b"\r\n"
    if "report" in kind or way == "rewritten":
        original = f"From: zjj@example.cn\r\nMessage-ID: {OURS_ID}\r\n".encode()
        files = (
            b"Content-Type: message/rfc822\r\n\r\n" + multipart(files[0], boundary="inner", head=original),
            *files[1:],
        )
    return multipart(*([first] if first else []), *files, kind=kind, boundary="outer", head=head)


@pytest.fixture
def issued(huantai: Campaign, returned: Path, workbooks: dict[str, bytes]) -> Campaign:
    """The campaign of a round that sent a town its blank."""
    record_written(returned.parent, [("评分表.xlsx", workbooks[TOWN])])
    with open_journal(returned.parent / SEND_LOG) as log:
        facts = {"kind": "blank", "name": TOWN, "address": "town@example.cn"}
        log.write({"key": "ab" * 32, "state": "sent", **facts})
    campaign = with_address(huantai, TOWN, "town@example.cn")
    return replace(campaign, mail=replace(campaign.mail, sender="县住建局 <zjj@example.cn>"))


@pytest.mark.parametrize("way", WAYS)
def test_our_own_file_is_never_taken_and_a_filled_one_always(
    issued: Campaign, boxes: Dovecot, user: str, returned: Path, workbooks: dict[str, bytes], way: str
) -> None:
    """In whatever mail it comes back it is told and not saved; what a town filled in beside it comes in."""
    ours, filled = named("a.xlsx", workbooks[TOWN]), named("b.xlsx", workbooks["索镇"])
    boxes.put(user, of_ours(way, ours), of_ours(way, ours, filled))
    alone, beside = run(issued, imap_server(boxes, user), returned)
    assert (alone.files, alone.notices) == ((), (Notice(Remark.OWN, "a.xlsx"),))
    if way == "our own sent mail":
        assert beside.notices == (Notice(Remark.OWN, "a.xlsx"), Notice(Remark.OWN, "b.xlsx"))
        assert files(returned) == []
    else:
        assert [file.name for file in beside.files] == ["b.xlsx"]
        assert len(files(returned)) == 1


REPORTED = {
    "bounce": ["bounced"], "delay": ["delayed"], "rewritten": ["bounced"], "系统退信": ["bounced"],
    "automatic reply": [], "quoting reply": [], "our own sent mail": [],
}  # fmt: skip


@pytest.mark.parametrize("way", WAYS)
def test_the_journals_say_afterwards_what_was_undelivered(
    issued: Campaign, boxes: Dovecot, user: str, returned: Path, workbooks: dict[str, bytes], way: str
) -> None:
    """The sending is found by the Message-ID or the address that the report has; a delay leaves it sent."""
    boxes.put(user, of_ours(way, named("a.xlsx", workbooks[TOWN])))
    (mail,) = run(issued, imap_server(boxes, user), returned)
    assert ["delayed" if one.delayed else "bounced" for one in mail.undelivered] == REPORTED[way]
    states = [one["state"] for one in read_sendings(returned.parent)]
    assert states == ["sent", "bounced"] if REPORTED[way] == ["bounced"] else ["sent"]


def test_a_report_without_any_attachment_is_fetched(
    issued: Campaign, boxes: Dovecot, user: str, returned: Path
) -> None:
    """A letter of a Chinese provider, which is text alone and from no town."""
    head = "From: PostMaster@163.com\r\nSubject: 系统退信\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n"
    boxes.put(user, f"{head}您发往 town@example.cn 的邮件被退回".encode())
    (mail,) = run(issued, imap_server(boxes, user), returned)
    assert [one.mentioned for one in mail.undelivered] == [("town@example.cn",)]
