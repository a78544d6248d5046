import io
import os
import re
import signal
import subprocess
import sys
import zipfile
from base64 import encodebytes
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
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
from tests.tools.mails import imap_server, plain_imap_server, received
from tests.tools.packed_mails import leaf, multipart, named, signed, uuencoded, winmail
from tests.tools.scripted import ScriptedImap, ScriptedMail, literal, scripted_imap
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
from greenxl.campaign import shipped
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
settings = MailSettings(imap=sys.argv[1], user=sys.argv[2])
server = collecting_server(settings, input, environment, allow_plain=True)
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
    assert [file.town for mail in mails for file in mail.files if file.town] == [TOWN]
    if reason:
        (_good, bad) = mails
        assert (bad.failure, bad.subject) == (reason.reason(), odd[9:].split(b"\r\n")[0].decode())
        assert (bad.failures, bad.is_done) == (1, False)


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


def scripted_run(
    campaign: Campaign, mails: Mapping[int, ScriptedMail], returned: Path
) -> list[CollectedMail]:
    """Collect from a scripted server with these mails."""
    with scripted_imap(ScriptedImap(dict(mails))) as address:
        return run(campaign, plain_imap_server(address), returned)


def good(number: int) -> ScriptedMail:
    return ScriptedMail(received((f"{number}.xlsx", b"PK\x03\x04%d" % number)))


def brought(mails: Iterable[CollectedMail]) -> dict[int, list[str]]:
    """Return the names of what the mails brought, by UID."""
    return {mail.uid: [file.name for file in mail.files] for mail in mails}


ALL = {1: ["1.xlsx"], 2: ["2.xlsx"], 3: ["3.xlsx"]}
NAME = ("clerk@town.cn", "报送评分表", "20210915")


@pytest.mark.parametrize(
    "answers",
    [
        pytest.param({"BODY[]": None}, id="flags alone"),
        pytest.param({"BODY[]": b"NIL"}, id="NIL"),
        pytest.param({"BODY[]": literal(b"")}, id="empty"),
        pytest.param({"*": None}, id="left out"),
        pytest.param({"BODY[]": b"NO [UNAVAILABLE] later"}, id="not now"),
    ],
)
def test_no_answer_is_asked_for_in_every_run(
    huantai: Campaign, returned: Path, answers: Mapping[str, bytes | None]
) -> None:
    """The mail is reported in each run and never given up; when the server gives it, it comes in."""
    mails = {1: good(1), 2: replace(good(2), answers=answers), 3: good(3)}
    first = scripted_run(huantai, mails, returned)
    assert brought(first) == {**ALL, 2: []}
    for _time in range(3):
        (again,) = scripted_run(huantai, mails, returned)
        assert (again.uid, again.is_done, again.failures, bool(again.failure)) == (2, False, 0, True)
    assert brought(scripted_run(huantai, {**mails, 2: good(2)}, returned)) == {2: ["2.xlsx"]}
    assert scripted_run(huantai, mails, returned) == []


class Vanishing(dict[int, ScriptedMail]):
    """Mails of which one is expunged by somebody else after it was found."""

    def items(self):  # type: ignore[no-untyped-def]
        self.pop(2, None)
        return super().items()


def test_a_mail_that_was_expunged_meanwhile_is_no_loss(huantai: Campaign, returned: Path) -> None:
    """The server denies it when it is asked again, so nobody is told, and it counts as done."""
    with scripted_imap(ScriptedImap(Vanishing({1: good(1), 2: good(2), 3: good(3)}))) as address:
        assert brought(run(huantai, plain_imap_server(address), returned)) == {1: ["1.xlsx"], 3: ["3.xlsx"]}
    assert [record["uids"] for record in read_journal(returned.with_name(COLLECTED_LOG))] == [[1], [3], [2]]


@pytest.mark.parametrize(
    ("answers", "reason"),
    [
        pytest.param({"BODY[]": b"NO [SERVERBUG] broken"}, "broken", id="NO"),
        pytest.param({"BODY[]": b"BAD broken"}, "broken", id="BAD"),
        pytest.param({"BODY[]": b"(" * 3000 + b")" * 3000}, "RecursionError", id="3,000 deep"),
        pytest.param({"BODY[]": b""}, "the connection was closed", id="connection closed"),
        pytest.param({"BODY[]": literal(b""), "RFC822.SIZE": b"0"}, "it is empty", id="empty mail"),
    ],
)
def test_a_mail_that_fails_is_given_up_after_three_runs(
    huantai: Campaign, returned: Path, answers: Mapping[str, bytes | None], reason: str
) -> None:
    """Each run names it by sender, subject and day and brings the others; then it counts as done."""
    mails = {1: replace(good(1), answers=answers), 2: good(2)}
    first = scripted_run(huantai, mails, returned)
    assert brought(first) == {2: ["2.xlsx"], 1: []}
    second = scripted_run(huantai, mails, returned)
    third = scripted_run(huantai, {**mails, 3: good(3)}, returned)
    assert brought(third) == {3: ["3.xlsx"], 1: []}
    for number, mail in enumerate((first[-1], *second, third[-1]), 1):
        assert (mail.uid, mail.failures, mail.is_done) == (1, number, number == 3)
        assert (mail.sender, mail.subject, mail.day) == NAME
        assert reason in mail.failure
    assert scripted_run(huantai, mails, returned) == []
    records = [r for r in read_journal(returned.with_name(COLLECTED_LOG)) if r.get("failure")]
    assert [(r["uid"], r["uids"], r["failures"]) for r in records] == [(1, [], 1), (1, [], 2), (1, [1], 3)]


def test_mails_that_fail_come_after_all_others(huantai: Campaign, returned: Path) -> None:
    """So that nothing is counted as failing before the server has shown that it gives others."""
    mails = {uid: good(uid) for uid in range(1, 26)}
    mails[1] = replace(good(1), answers={"BODY[]": b"NO broken"})
    assert [mail.uid for mail in scripted_run(huantai, mails, returned)] == [*range(2, 26), 1]


def test_a_mail_that_was_fetched_for_nothing_is_not_fetched_again(
    huantai: Campaign, boxes: Dovecot, user: str, returned: Path
) -> None:
    """A file that might have been a return is none: the mail is done."""
    boxes.put(user, received(("a.dat", b"x")))
    for _time in range(2):
        assert run(huantai, imap_server(boxes, user), returned) == []
    assert boxes.asked(user).count("BODY.PEEK[])") == 1


def test_a_mail_that_failed_may_come_in_later(huantai: Campaign, returned: Path) -> None:
    """After two failures the server gives it: it is collected as any other; --again takes one given up."""
    failing = {1: replace(good(1), answers={"BODY[]": b"NO broken"})}
    for _time in range(2):
        scripted_run(huantai, failing, returned)
    assert brought(scripted_run(huantai, {1: good(1)}, returned)) == {1: ["1.xlsx"]}
    for _time in range(3):
        scripted_run(huantai, {2: replace(good(2), answers={"BODY[]": b"NO broken"})}, returned)
    with scripted_imap(ScriptedImap({2: good(2)})) as address:
        assert brought(run(huantai, plain_imap_server(address), returned, again=True)) == {2: ["2.xlsx"]}


def test_what_only_its_structure_spoils_comes_in(huantai: Campaign, returned: Path) -> None:
    """A description that cannot be read is no description: the mail is fetched as a whole."""
    odd = [b"NIL", b'("ALTERNATIVE")', b"(" * 3000 + b")" * 3000, b"NO what", None, b'((NIL "X") "MIXED")']
    answers: list[dict[str, bytes | None]] = [{"BODYSTRUCTURE": structure} for structure in odd]
    header = "BODY[HEADER.FIELDS (FROM SUBJECT DATE)]"
    answers += [{header: None, "INTERNALDATE": None}, {header: b"BAD what"}]
    mails = {uid: replace(good(uid), answers=one) for uid, one in enumerate(answers, 1)}
    found = scripted_run(huantai, mails, returned)
    assert brought(found) == {uid: [f"{uid}.xlsx"] for uid in mails}
    assert {(mail.sender, mail.subject, mail.day) for mail in found} == {NAME}


def test_a_header_that_breaks_the_parser_costs_one_mail(
    huantai: Campaign, boxes: Dovecot, user: str, returned: Path
) -> None:
    """2,000 parentheses in the sender: the mail is named, at the least, and the others come in."""
    odd = received(("2.xlsx", b"PK\x03\x042")).replace(b"From: ", b"From: " + b"(" * 2000 + b" ", 1)
    boxes.put(user, good(1).data, odd, good(3).data)
    found = {mail.uid: mail for mail in run(huantai, imap_server(boxes, user), returned)}
    assert {uid: [f.name for f in found[uid].files] for uid in (1, 3)} == {1: ["1.xlsx"], 3: ["3.xlsx"]}
    assert (found[2].sender, found[2].subject) == NAME[:2]
    assert bool(found[2].files) != bool(found[2].failure)


@pytest.mark.parametrize("script", [{}, {"SEARCH": [b"BAD what"]}], ids=["ignored", "refused"])
def test_what_the_server_does_not_select_is_selected_here(
    huantai: Campaign, returned: Path, script: dict[str, list[bytes]]
) -> None:
    """A server that gives every mail, whatever it is asked: others are left, and are not done."""
    other = received(("2.xlsx", b"PK\x03\x042"), sender="other@town.cn")
    old = other.replace(b"Wed, 15 Sep", b"Sun, 15 Aug")
    unknown = {"BODY[HEADER.FIELDS (FROM SUBJECT DATE)]": None}
    mails = {
        1: good(1),
        2: ScriptedMail(other),
        3: ScriptedMail(other, unknown),
        4: ScriptedMail(old, date="15-Aug-2021 08:00:00 +0800"),
    }
    selection = Selection(since=date(2021, 9, 1), sender="clerk@town.cn")
    with scripted_imap(ScriptedImap(mails, script)) as address:
        assert brought(run(huantai, plain_imap_server(address), returned, selection)) == {1: ["1.xlsx"]}
        selection = Selection(since=date(2021, 9, 1))
        found = run(huantai, plain_imap_server(address), returned, selection)
        assert brought(found) == {2: ["2.xlsx"], 3: ["2.xlsx"]}
        assert brought(run(huantai, plain_imap_server(address), returned)) == {4: ["2.xlsx"]}


def test_a_mail_that_somebody_deleted_is_left(
    huantai: Campaign, boxes: Dovecot, user: str, returned: Path
) -> None:
    """It is named once, and comes in when it is undeleted; one without a file that nobody misses is not."""
    boxes.put(user, good(1).data, received())
    for path in (boxes.box(user) / "new").iterdir():
        path.rename(boxes.box(user) / "cur" / f"{path.name}:2,T")
    (mail,) = run(huantai, imap_server(boxes, user), returned)
    assert (mail.sender, mail.subject, mail.is_deleted, mail.files) == (*NAME[:2], True, ())
    assert run(huantai, imap_server(boxes, user), returned) == []
    assert files(returned) == []
    for path in (boxes.box(user) / "cur").iterdir():
        path.rename(path.with_name(path.name.replace(":2,T", ":2,S")))
    assert brought(run(huantai, imap_server(boxes, user), returned)) == {1: ["1.xlsx"]}


def test_a_server_that_gives_nothing_any_more_gives_up_no_mail(huantai: Campaign, returned: Path) -> None:
    """Where every connection breaks at every mail the run ends, and no mail is counted as failing."""
    mails = {uid: replace(good(uid), answers={"*": b""}) for uid in range(1, 6)}
    with pytest.raises(GreenxlError, match="broke off .*the connection was closed.* Run the command again"):
        scripted_run(huantai, mails, returned)
    assert read_journal(returned.with_name(COLLECTED_LOG)) == []


def test_a_server_that_refuses_everything_gives_up_no_mail(huantai: Campaign, returned: Path) -> None:
    """Of a server that is out of order no mail fails by itself; each is named, and comes in later."""
    mails = {uid: good(uid) for uid in range(1, 3)}
    refusing = {uid: replace(mail, answers={"*": b"NO system busy"}) for uid, mail in mails.items()}
    for _time in range(4):
        found = scripted_run(huantai, refusing, returned)
        assert [(mail.uid, mail.failures, mail.is_done) for mail in found] == [(1, 0, False), (2, 0, False)]
    assert brought(scripted_run(huantai, mails, returned)) == {1: ["1.xlsx"], 2: ["2.xlsx"]}


def test_a_mail_of_which_all_is_refused_fails_beside_one_that_is_done(
    huantai: Campaign, returned: Path
) -> None:
    """What the server gave before it gives again: so it is in order, and the mail is given up in the end."""
    mails = {1: good(1), 2: replace(good(2), answers={"*": b"NO broken"})}
    counts = [scripted_run(huantai, mails, returned)[-1].failures for _time in range(3)]
    assert counts == [1, 2, 3]
    assert scripted_run(huantai, mails, returned) == []


@pytest.mark.slow
def test_a_killed_run_among_odd_mails_loses_and_doubles_nothing(huantai: Campaign, tmp_path: Path) -> None:
    """kill -9 before every single write: the same files, and every odd mail is reported by a whole run."""
    mails = {
        1: good(1),
        2: replace(good(2), answers={"BODY[]": b"NO broken"}),
        3: replace(good(3), answers={"BODY[]": b"NIL"}),
        4: replace(good(4), flags=r"\Deleted"),
        5: replace(good(5), answers={"BODYSTRUCTURE": b"NIL"}),
        6: ScriptedMail(received(), {"BODYSTRUCTURE": b'("TEXT" "PLAIN" NIL NIL NIL "7BIT" 9 1 NIL NIL)'}),
    }
    root = str(Path(__file__).parents[2])
    codes = []
    with scripted_imap(ScriptedImap(mails)) as address:
        for writes in range(11):
            returned = tmp_path / str(writes) / "returned"
            returned.mkdir(parents=True)
            where = [address, f"zjj@{DOMAIN}", str(returned), str(writes), PASSWORD, root]
            child = subprocess.run([sys.executable, "-c", CHILD, *where], env=os.environ, timeout=60)
            codes.append(child.returncode)
            run(huantai, plain_imap_server(address), returned)
            assert {name.rpartition("-")[2] for name in files(returned)} == {"1.xlsx", "5.xlsx"}
            assert len(files(returned)) == 2
            records = read_journal(returned.with_name(COLLECTED_LOG))
            assert sorted(uid for r in records for uid in r["uids"] if uid != 2) == [1, 5, 6]
            counts = [r["failures"] for r in records if r.get("uid") == 2]
            assert counts == list(range(1, len(counts) + 1)) != []
            assert {r["uid"] for r in records if r.get("deleted")} == {4}
    assert codes == [-9] * 10 + [0]


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
