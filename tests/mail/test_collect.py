import io
import os
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import count
from pathlib import Path

import pytest

from greenxl.campaign.model import Campaign
from greenxl.campaign.settings import MailSettings as Settings
from greenxl.errors import GreenxlError, WrongUseError
from greenxl.form.blank import blank
from greenxl.mail.collect import EVERYTHING, Mail, Selection, collect
from greenxl.mail.journal import COLLECTED_LOG
from greenxl.mail.letters import Attachment, Letter
from greenxl.mail.message import message
from greenxl.mail.server import Server, server
from tests.tools.servers import (
    DOMAIN,
    PASSWORD,
    Authority,
    Dovecot,
    cut_after,
    dovecot,
    missing_dovecot,
    public_folder,
)

REASON = missing_dovecot()
pytestmark = pytest.mark.skipif(bool(REASON), reason=REASON or "")

USERS = [f"box{number}" for number in range(40)]
MOMENT = datetime(2021, 9, 15, 8, 0, tzinfo=UTC)
TOWN = "果里镇"
NOTHING = "0" * 64


@pytest.fixture(scope="module")
def post() -> Iterator[Dovecot]:
    with public_folder() as folder, pytest.MonkeyPatch.context() as patch:
        authority = Authority(folder)
        patch.setenv("SSL_CERT_FILE", str(authority.file))
        with dovecot(folder, authority, USERS) as running:
            yield running


_numbers = count()


@pytest.fixture
def user() -> str:
    """A mailbox that no other test has used."""
    return USERS[next(_numbers)]


@pytest.fixture
def returned(tmp_path: Path) -> Path:
    return tmp_path / "returned"


def workbook(campaign: Campaign, town: str) -> bytes:
    return blank(campaign, town, campaign.communities_of(town))


def mail(*files: tuple[str, bytes], sender: str = "clerk@town.cn", subject: str = "报送评分表") -> bytes:
    attachments = tuple(Attachment(name, data) for name, data in files)
    letter = Letter(
        "blank", "县", "zjj@round.test", subject, "见附件\n", "<p>见附件</p>", attachments, "0" * 64
    )
    return message(letter, f"某街道 <{sender}>", "<1@town.cn>", MOMENT)


def at(post: Dovecot, user: str) -> Server:
    return server("imap", Settings(imap=post.address, user=f"{user}@{DOMAIN}"), {})


def run(
    campaign: Campaign,
    where: Server,
    returned: Path,
    selection: Selection = EVERYTHING,
    *,
    password: str = PASSWORD,
    again: bool = False,
    insecure: bool = False,
) -> list[Mail]:
    log = returned.with_name(COLLECTED_LOG)
    return list(
        collect(
            campaign, where, password, returned, log, selection, again=again, insecure=insecure, timeout=10
        )
    )


def files(returned: Path) -> list[str]:
    """Return the files below, without the day on which the mail arrived here."""
    return sorted(
        re.sub(r"/\d{8}-", "/", path.relative_to(returned).as_posix())
        for path in returned.rglob("*")
        if path.is_file()
    )


def test_attachments_come_into_their_towns_folder(
    huantai: Campaign, post: Dovecot, user: str, returned: Path
) -> None:
    """The workbook's identity decides the folder; without one it is the sender; the bytes are the same."""
    data = workbook(huantai, TOWN)
    post.put(user, mail((f"{TOWN}-评分表-2021.xlsx", data)), mail(("表.xls", b"\xd0\xcf\x11\xe0")))
    first, second = run(huantai, at(post, user), returned)
    assert [saved.town for saved in (*first.saved, *second.saved)] == [TOWN, ""]
    assert first.saved[0].path.read_bytes() == data
    assert re.fullmatch(r"\d{8}-[0-9a-f]{8}-果里镇-评分表-2021\.xlsx", first.saved[0].path.name)
    assert [path.parent.name for path in (first.saved[0].path, second.saved[0].path)] == [
        TOWN,
        "clerk@town.cn",
    ]


def test_the_mailbox_is_only_read(huantai: Campaign, post: Dovecot, user: str, returned: Path) -> None:
    """ID goes first, then EXAMINE; mails are peeked at; every mail is as new as before."""
    post.put(user, mail(("a.xlsx", workbook(huantai, TOWN))))
    run(huantai, at(post, user), returned)
    asked = re.findall(r"^\S+ \S+ (?:UID )?(\w+)", post.asked(user), re.MULTILINE)
    assert asked == ["ID", "EXAMINE", "SEARCH", "FETCH", "FETCH", "LOGOUT"]
    assert not re.search(r"BODY\[|RFC822[ )]|STORE", post.asked(user))
    assert len(list((post.box(user) / "new").iterdir())) + len(list((post.box(user) / "cur").iterdir())) == 1
    assert not any("S" in path.name.partition(":2,")[2] for path in (post.box(user) / "cur").iterdir())


def test_nothing_is_fetched_twice(huantai: Campaign, post: Dovecot, user: str, returned: Path) -> None:
    """A second run brings only what arrived since, even if files were moved away in the meantime."""
    post.put(user, mail(("a.xlsx", workbook(huantai, TOWN))))
    (first,) = run(huantai, at(post, user), returned)
    first.saved[0].path.unlink()
    assert run(huantai, at(post, user), returned) == []
    post.put(user, mail(("b.xlsx", workbook(huantai, "索镇"))))
    (new,) = run(huantai, at(post, user), returned)
    assert files(returned) == [f"索镇/{new.saved[0].sha256[:8]}-b.xlsx"]


def test_new_numbers_of_the_same_mails_double_nothing(
    huantai: Campaign, post: Dovecot, user: str, returned: Path
) -> None:
    """Where the server numbers its mails anew (UIDVALIDITY), contents tell that they are here already."""
    post.put(user, mail(("a.xlsx", workbook(huantai, TOWN))), mail(("b.xlsx", workbook(huantai, "索镇"))))
    run(huantai, at(post, user), returned)
    before = files(returned)
    post.forget(user)
    again = run(huantai, at(post, user), returned)
    assert [saved.new for one in again for saved in one.saved] == [False, False]
    assert files(returned) == before


def test_a_file_that_came_another_way_is_not_doubled(
    huantai: Campaign, post: Dovecot, user: str, returned: Path
) -> None:
    """A return that lies there already, from a USB stick or another mail, is not stored again."""
    data = workbook(huantai, TOWN)
    returned.mkdir()
    (returned / "U盘.xlsx").write_bytes(data)
    post.put(user, mail(("a.xlsx", data)), mail(("b.xlsx", data)))
    mails = run(huantai, at(post, user), returned)
    assert [saved.path.name for one in mails for saved in one.saved] == ["U盘.xlsx", "U盘.xlsx"]
    assert files(returned) == ["U盘.xlsx"]


CHILD = """
import os, signal, sys
from pathlib import Path
from greenxl.mail.collect import collect
from greenxl.campaign.checks import load
from greenxl.campaign.tables import shipped
from greenxl.campaign.settings import MailSettings
from greenxl.mail.server import server

left, sync = int(sys.argv[4]), os.fsync

def counted(handle):
    global left
    left -= 1
    if left < 0:
        os.kill(os.getpid(), signal.SIGKILL)
    sync(handle)

os.fsync = counted
where = server("imap", MailSettings(imap=sys.argv[1], user=sys.argv[2]), {})
returned = Path(sys.argv[3])
list(collect(load(shipped()), where, sys.argv[5], returned, returned.with_name("collected.jsonl")))
"""


def test_a_run_that_is_killed_loses_and_doubles_nothing(
    huantai: Campaign, post: Dovecot, user: str, tmp_path: Path
) -> None:
    """kill -9 before every single write to the disk, each followed by a rerun: always the same files."""
    mails = [mail((f"{town.name}.xlsx", workbook(huantai, town.name))) for town in huantai.towns]
    post.put(user, *mails)
    run(huantai, at(post, user), tmp_path / "whole" / "returned")
    wanted = files(tmp_path / "whole" / "returned")
    killed = 0
    for writes in range(7):
        returned = tmp_path / str(writes) / "returned"
        returned.mkdir(parents=True)
        where = [post.address, f"{user}@{DOMAIN}", str(returned), str(writes), PASSWORD]
        child = subprocess.run([sys.executable, "-c", CHILD, *where], env=os.environ, timeout=60)
        killed += child.returncode != 0
        run(huantai, at(post, user), returned)
        assert files(returned) == wanted
    assert killed == 6  # three files and three lines of the journal


@pytest.mark.parametrize("length", [3_000, 12_000, 40_000])
def test_a_connection_that_breaks_is_taken_up_again(
    huantai: Campaign, post: Dovecot, user: str, returned: Path, length: int
) -> None:
    """A server that breaks off after so many bytes is one sentence; the next run brings the rest, once."""
    post.put(user, *(mail((f"{t.name}.xlsx", workbook(huantai, t.name))) for t in huantai.towns))
    with cut_after(post.imaps, length) as port, pytest.raises(GreenxlError, match=f"localhost:{port}: "):
        run(huantai, replace(at(post, user), port=port), returned)
    run(huantai, at(post, user), returned)
    assert [name.split("/")[0] for name in files(returned)] == sorted(t.name for t in huantai.towns)


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        pytest.param("../../x.xlsx", r"_\.\._x\.xlsx|\.\._\.\._x\.xlsx", id="way-up"),
        pytest.param("..\\..\\x.xlsx", r".*_x\.xlsx", id="way-up-windows"),
        pytest.param("/etc/passwd.xlsx", r"_etc_passwd\.xlsx", id="absolute"),
        pytest.param("C:\\表.xlsx", r"C__表\.xlsx", id="drive"),
        pytest.param("长" * 300 + ".xlsx", r"长{60}\.xlsx", id="300-characters"),
        pytest.param("表\u202excod.xlsx", r"表xcod\.xlsx", id="right-to-left"),
        pytest.param("CON.xlsx", r"_?CON\.xlsx", id="reserved"),
        pytest.param("a:b|c?.xlsx", r"a_b_c_\.xlsx", id="forbidden"),
    ],
)
def test_a_hostile_name_stays_in_the_folder(
    huantai: Campaign, post: Dovecot, user: str, returned: Path, name: str, wanted: str
) -> None:
    """Whatever an attachment calls itself, it lies in its town's folder under a name that Windows takes."""
    raw = mail(("NAME.xlsx", workbook(huantai, TOWN)))
    raw = re.sub(rb';\r\n name="[^"]*"', b"", raw)
    raw = re.sub(rb"filename\*=utf-8''NAME\.xlsx", f'filename="{name}"'.replace("\\", "\\\\").encode(), raw)
    post.put(user, raw)
    (one,) = run(huantai, at(post, user), returned)
    path = one.saved[0].path
    assert path.parent == returned / TOWN
    assert re.fullmatch(rf"\d{{8}}-[0-9a-f]{{8}}-({wanted})", path.name)


def test_a_workbook_from_another_address_is_a_warning(
    huantai: Campaign, post: Dovecot, user: str, returned: Path
) -> None:
    """The workbook decides whose it is; a sender that is not that town's address is told, and collected."""
    towns = tuple(replace(t, email=f"town{n}@round.test") for n, t in enumerate(huantai.towns))
    campaign = replace(huantai, towns=towns)
    for number in (1, 2):
        post.put(
            user,
            mail(
                (f"{number}.xlsx", workbook(campaign, TOWN) + b" " * number),
                sender=f"TOWN{number}@round.test",
            ),
        )
    right, wrong = run(campaign, at(post, user), returned)
    assert (right.strange, wrong.strange) == ((), (TOWN,))
    assert wrong.saved[0].path.parent.name == TOWN


def test_a_zip_belongs_to_the_town_inside(
    huantai: Campaign, post: Dovecot, user: str, returned: Path
) -> None:
    """An archive of one town's workbooks is that town's; one of several towns is the sender's."""
    boxes = []
    for towns in ([TOWN], ["城区街道", "索镇"]):
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as box:
            for town in towns:
                box.writestr(f"{town}.xlsx", workbook(huantai, town))
        boxes.append(buffer.getvalue())
    post.put(user, mail(("a.zip", boxes[0]), ("b.zip", boxes[1])))
    (one,) = run(huantai, at(post, user), returned)
    assert [saved.path.parent.name for saved in one.saved] == [TOWN, "clerk@town.cn"]


def test_links_and_papers_are_told(huantai: Campaign, post: Dovecot, user: str, returned: Path) -> None:
    """A link to an oversized attachment is told; so is a scan that a town sent instead of the form."""
    towns = tuple(replace(t, email="town@round.test") if t.name == TOWN else t for t in huantai.towns)
    campaign = replace(huantai, towns=towns)
    url = "https://wx.mail.qq.com/ftn/download?func=3&key=1"
    letter = Letter(
        "blank", "县", "zjj@round.test", "报送", f"超大附件 {url}\n", "<p>见链接</p>", (), "0" * 64
    )
    linked = message(letter, "town@round.test", "<1@x>", MOMENT)
    scan = mail(("扫描件.pdf", b"%PDF"), sender="town@round.test")
    post.put(user, linked, scan, mail(("广告.pdf", b"%PDF"), sender="shop@example.cn"))
    first, second = run(campaign, at(post, user), returned)
    assert (first.links, first.sender, first.subject) == ((url,), "town@round.test", "报送")
    assert second.left == ("扫描件.pdf",)
    assert run(campaign, at(post, user), returned) == []


def test_5000_unrelated_mails_are_looked_at_from_outside(
    huantai: Campaign, post: Dovecot, user: str, returned: Path
) -> None:
    """Pictures and invitations are never fetched; the one return among them is found."""
    noise = [mail(("照片.jpg", b"\xff\xd8" * 500)), mail(("invite.ics", b"BEGIN:VCALENDAR")), mail()]
    post.put(user, *(noise[number % 3] for number in range(5000)), mail(("a.xlsx", workbook(huantai, TOWN))))
    (one,) = run(huantai, at(post, user), returned)
    assert one.saved[0].town == TOWN
    assert post.asked(user).count("BODY.PEEK[])") == 1
    assert run(huantai, at(post, user), returned) == []


def test_only_what_is_asked_for_is_looked_at(
    huantai: Campaign, post: Dovecot, user: str, returned: Path
) -> None:
    """--since, --from and --mailbox choose, with Chinese names too; an unknown mailbox tells which exist."""
    post.put(user, mail(("a.xlsx", b"PK\x03\x04a")), mail(("b.xlsx", b"PK\x03\x04b"), sender="other@town.cn"))
    where = at(post, user)
    assert run(huantai, where, returned, Selection(since=date(2099, 1, 1))) == []
    assert [m.sender for m in run(huantai, where, returned, Selection(sender="other@town.cn"))] == [
        "other@town.cn"
    ]
    assert [m.sender for m in run(huantai, where, returned)] == ["clerk@town.cn"]
    post.put(f"{user}/Maildir/.&YqWQAQ-", mail(("c.xlsx", b"PK\x03\x04c")))
    inner = post.box(user) / ".&YqWQAQ-"
    (inner / "Maildir").rename(inner / "x")
    for part in ("new", "cur", "tmp"):
        (inner / "x" / part).rename(inner / part)
    assert len(run(huantai, where, returned, Selection(mailbox="报送"))) == 1
    with pytest.raises(WrongUseError, match="The mailbox “没有” cannot be opened .*INBOX"):
        run(huantai, where, returned, Selection(mailbox="没有"))


def test_what_was_collected_can_be_collected_again(
    huantai: Campaign, post: Dovecot, user: str, returned: Path
) -> None:
    """After a folder was lost --again brings everything back."""
    post.put(user, mail(("a.xlsx", workbook(huantai, TOWN))))
    (one,) = run(huantai, at(post, user), returned)
    one.saved[0].path.unlink()
    run(huantai, at(post, user), returned, again=True)
    assert one.saved[0].path.is_file()


def test_a_refused_login_is_told(huantai: Campaign, post: Dovecot, user: str, returned: Path) -> None:
    """A wrong password is one sentence that does not repeat it."""
    for password in ("wrong-one", "密码"):
        with pytest.raises(GreenxlError, match=f"the login of {user}@{DOMAIN} was refused") as told:
            run(huantai, at(post, user), returned, password=password)
        assert password not in str(told.value)


def test_starttls_is_used_where_the_port_begins_plain(
    huantai: Campaign, post: Dovecot, user: str, returned: Path
) -> None:
    """On the plain port the connection is encrypted before the login (Dovecot wants it so)."""
    post.put(user, mail(("a.xlsx", b"PK\x03\x04a")))
    where = server("imap", Settings(imap=post.plain_address, user=f"{user}@{DOMAIN}"), {})
    assert len(run(huantai, where, returned)) == 1


def test_a_certificate_that_cannot_be_trusted_stops(
    huantai: Campaign,
    post: Dovecot,
    user: str,
    returned: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A server of an unknown authority gets no password."""
    monkeypatch.setenv("SSL_CERT_FILE", str(Authority(tmp_path).file))
    for address in (post.address, post.plain_address):
        where = server("imap", Settings(imap=address, user=f"{user}@{DOMAIN}"), {})
        with pytest.raises(GreenxlError, match="certificate cannot be trusted"):
            run(huantai, where, returned, insecure=True)


def test_a_server_without_encryption_gets_no_password(huantai: Campaign, returned: Path) -> None:
    """Without STARTTLS nothing is collected, unless --insecure is given on this computer."""
    with public_folder() as folder, dovecot(folder, Authority(folder), ["box"], tls=False) as plain:
        plain.put("box", mail(("a.xlsx", b"PK\x03\x04a")))
        where = server("imap", Settings(imap=plain.plain_address, user=f"box@{DOMAIN}"), {})
        with pytest.raises(GreenxlError, match="offers no encryption"):
            run(huantai, where, returned)
        assert len(run(huantai, where, returned, insecure=True)) == 1
