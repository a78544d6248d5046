"""A whole round over real servers: Postfix, Dovecot and LibreOffice, with and without being killed."""

import json
import os
import re
import shutil
import smtplib
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

import pytest

from greenxl.campaign.model import Campaign
from greenxl.mail.incoming.inbound import InboundMail, parse_mail
from greenxl.mail.server import tls_context
from tests.conftest import SAMPLES
from tests.tools.office import Office
from tests.tools.servers import (
    DOMAIN,
    HOST,
    PASSWORD,
    Authority,
    Dovecot,
    Postfix,
    dovecot,
    fill_in,
    missing_post,
    postfix,
    public_folder,
)

REASON = missing_post()
pytestmark = [pytest.mark.slow, pytest.mark.skipif(bool(REASON), reason=REASON or "")]

CASES = ("whole", "killed", "chapter", "refused", "bounced", "notices")
CHAPTER = Path(__file__).parent.parent.parent / "docs" / "mail.md"
PEOPLE = ("zjj", "town1", "town2", "town3", "leader", "authority")
REFUSED = ("at-data", "at-end", "by-header")
GONE = f"gone@{DOMAIN}"
POLICY = """
smtpd_data_restrictions = check_recipient_access texthash:{folder}/at-data
smtpd_end_of_data_restrictions = check_recipient_access texthash:{folder}/at-end
header_checks = regexp:{folder}/by-header
virtual_alias_maps = texthash:{folder}/aliases
bounce_size_limit = 10000000
"""
"""Refuses letters at DATA and at the end of the message, and takes one for a mailbox that does not exist."""
TABLES = {
    "at-data": f"at-data@{DOMAIN} 554 5.7.1 not before DATA\n",
    "at-end": f"at-end@{DOMAIN} 554 5.7.1 not such a message\n",
    "by-header": "/^To:.*by-header@/ REJECT not such a header\n",
    "aliases": f"{GONE} nowhere@{DOMAIN}\n",
}

KILLED = """
import os, signal, sys
left = int(sys.argv.pop(1))

def counted(call):
    def counting(*arguments):
        global left
        left -= 1
        if left < 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return call(*arguments)
    return counting

os.write, os.fsync = counted(os.write), counted(os.fsync)
from greenxl.cli.app import main
main()
"""


@dataclass
class County:
    """The county's and the towns' people of one round, with their mailboxes and the round's folder."""

    case: str
    boxes: Dovecot
    post: Postfix
    folder: Path

    def address(self, who: str) -> str:
        return f"{who}-{self.case}@{DOMAIN}"

    def greenxl(self, *words: str, kill: int | None = None) -> "subprocess.CompletedProcess[str]":
        """Run a command in the round's folder, killed before its n-th write where that is said."""
        start = ["-m", "greenxl"] if kill is None else ["-c", KILLED, str(kill)]
        environment = {**os.environ, "GREENXL_MAIL_PASSWORD": PASSWORD, "PYTHONUTF8": "1"}
        return subprocess.run(
            [sys.executable, *start, *words],
            cwd=self.folder,
            env=environment,
            capture_output=True,
            encoding="utf-8",
            timeout=120,
        )

    def mails(self, who: str, wanted: int) -> list[InboundMail]:
        """Return the mails in a box, once as many are there as are wanted, and no more come."""
        box = self.boxes.box(f"{who}-{self.case}")
        deadline = time.monotonic() + 20
        while True:
            files = [*box.glob("new/*"), *box.glob("cur/*")]
            if len(files) >= wanted or time.monotonic() > deadline:
                return [parse_mail(file.read_bytes()) for file in files]
            time.sleep(0.1)

    def reply(self, who: str, file: Path, name: str) -> None:
        """Mail a workbook to the county as a town does, from its own account."""
        message = EmailMessage(policy=SMTP)
        message["From"], message["To"] = self.address(who), self.address("zjj")
        message["Subject"] = "报送评分表"
        message.set_content("见附件\n")
        message.add_attachment(
            file.read_bytes(), maintype="application", subtype="octet-stream", filename=name
        )
        with smtplib.SMTP(HOST, self.post.starttls) as server:
            server.starttls(context=tls_context())
            server.login(self.address(who), PASSWORD)
            server.send_message(message)


@pytest.fixture(scope="module")
def servers() -> Iterator[tuple[Dovecot, Postfix]]:
    users = [*(f"{who}-{case}" for case in CASES for who in PEOPLE), *REFUSED]
    with public_folder() as folder, pytest.MonkeyPatch.context() as patch:
        authority = Authority(folder)
        patch.setenv("SSL_CERT_FILE", str(authority.file))
        with dovecot(folder, authority, users) as boxes, postfix(boxes, POLICY, TABLES) as post:
            yield boxes, post


@pytest.fixture(params=["whole", "killed"])
def county(request: pytest.FixtureRequest, servers: tuple[Dovecot, Postfix], tmp_path: Path) -> County:
    made = County(request.param, *servers, tmp_path / "round")
    made.folder.mkdir()
    assert made.greenxl("init", ".").returncode == 0
    _fill_in_campaign(made)
    return made


def _fill_in_campaign(county: County) -> None:
    fill_in(
        county.folder / "campaign.xlsx",
        towns=[county.address(who) for who in ("town1", "town2", "town3")],
        people=[county.address(who) for who in ("leader", "authority")],
        settings={
            "发信服务器": county.post.address,
            "收信服务器": county.boxes.address,
            "邮箱账号": county.address("zjj"),
            "发件人": f"桓台县住建局 <{county.address('zjj')}>",
        },
    )


def _filled(office: Office, blank: Path, target: Path, campaign: Campaign, town: str) -> None:
    """Fill in a town's blank: every score 4.5, but one community of 索镇 is left out."""
    communities = [c for c in campaign.communities_of(town) if c.name != "五里社区"]
    scores = {f"E{4 + number}": 4.5 for number in range(len(campaign.criteria))}
    office.fill(blank, target, {c.name: scores for c in communities})


def _send_blanks(county: County) -> None:
    if county.case == "killed":
        # The server has the first message, but the log does not say so yet.
        # Six writes record the three blanks as our own, two the sending.
        assert county.greenxl("send", "blank", "--send", kill=8).returncode == -9
        rerun = county.greenxl("send", "blank", "--send")
        assert rerun.returncode == 3
        assert "2 sent, 0 refused, 0 unknown" in rerun.stdout
        assert (
            "Ask whether it arrived; if not, run the command again with --resend for: 城区街道"
            in rerun.stdout
        )
    else:
        sent = county.greenxl("send", "blank", "--send")
        assert (sent.returncode, sent.stderr) == (0, "")
        assert "3 sent, 0 refused, 0 unknown; 0 had been sent before." in sent.stdout


def _return_forms(county: County, campaign: Campaign, office: Office) -> None:
    for town, who in zip(campaign.towns, ("town1", "town2", "town3"), strict=True):
        (mail,) = county.mails(who, 1)
        (part,) = mail.parts
        assert part.name == f"{town.name}-评分表-2021.xlsx"
        blank, filled = county.folder.parent / part.name, county.folder.parent / f"filled-{part.name}"
        blank.write_bytes(part.data)
        _filled(office, blank, filled, campaign, town.name)
        county.reply(who, filled, f"{town.name}（已填）.xlsx")
    assert len(county.mails("zjj", 3)) == 3


def _collect(county: County) -> None:
    if county.case == "killed":
        assert county.greenxl("collect", kill=1).returncode == -9
    collected = county.greenxl("collect")
    assert (collected.returncode, collected.stderr) == (0, "")
    again = county.greenxl("collect")
    assert "0 files collected, 0 were there already" in again.stdout


def _merge(county: County) -> dict[str, object]:
    if county.case == "killed":
        assert county.greenxl("merge", kill=0).returncode == -9
    merged = county.greenxl("merge", "--json")
    assert merged.returncode == 0
    return dict(json.loads(merged.stdout)["county"])


def _report(county: County) -> None:
    if county.case == "killed":
        # Nothing has left yet, but the log already says that it may have: the third write, after two that
        # record the report as our own.
        assert county.greenxl("send", "report", "--send", kill=3).returncode == -9
        assert county.greenxl("send", "report", "--send").returncode == 3
        assert len(county.mails("authority", 1)) == 1
        assert county.mails("leader", 0) == []
        assert county.greenxl("send", "report", "--send", "--resend").returncode == 0
    sent = county.greenxl("send", "report", "--send")
    assert sent.returncode == 0


def test_a_round_by_mail(county: County, huantai: Campaign, office: Office) -> None:
    """Blanks out, filled, mailed back, collected, merged, reported: one copy of everything, killed or not."""
    _send_blanks(county)
    _return_forms(county, huantai, office)
    _collect(county)
    figures = _merge(county)
    _report(county)
    assert (figures["listed"], figures["participating"], figures["passed"]) == (21, 20, 20)
    returned = county.folder / "returned"
    folders = sorted(path.parent.name for path in returned.rglob("*.xlsx"))
    assert folders == ["城区街道", "果里镇", "索镇"]
    for who in ("leader", "authority"):
        (report,) = county.mails(who, 1)
        assert report.sender == county.address("zjj")
        assert [part.name[:18] for part in report.parts] == ["桓台县绿色社区创建-2021年汇总-"]
    for who in ("town1", "town2", "town3"):
        assert len(county.mails(who, 1)) == 1
    standing = json.loads(county.greenxl("status", "--json").stdout)
    assert [(t["returned"]["how"], t["accepted"], t["missing"]) for t in standing["towns"]] == [
        ("mail", 14, []),
        ("mail", 1, []),
        ("mail", 5, ["五里社区"]),
    ]
    assert {name: event["how"] for name, event in standing["report"].items()} == {
        "县政府分管领导": "sent",
        "县住房和城乡建设局": "sent",
    }


def test_notices_go_out_and_come_back(
    servers: tuple[Dovecot, Postfix], office: Office, tmp_path: Path
) -> None:
    """A town fills in its notice in its office and mails it back: that is no return, and asks for nothing."""
    county = County("notices", *servers, tmp_path / "round")
    county.folder.mkdir()
    assert county.greenxl("init", ".", "--year", "2021").returncode == 0
    _fill_in_campaign(county)
    for file in (SAMPLES / "returned").iterdir():
        shutil.copy2(file, county.folder / "returned")
    before = json.loads(county.greenxl("merge", "--notices", "--json").stdout)
    sent = county.greenxl("send", "notices", "--send")
    assert "3 sent, 0 refused, 0 unknown; 0 had been sent before." in sent.stdout
    again = county.greenxl("send", "notices", "--send")
    assert "0 sent, 0 refused, 0 unknown; 3 had been sent before." in again.stdout
    (mail,) = county.mails("town3", 1)
    (part,) = mail.parts
    assert part.name == "索镇-整改通知-2021.xlsx"
    notice, filled = tmp_path / "notice.xlsx", tmp_path / "filled.xlsx"
    notice.write_bytes(part.data)
    office.fill(notice, filled, {"整改任务": {"K4": "十月底前补齐", "L4": "王科长"}})
    county.reply("town3", filled, "索镇整改通知（已填）.xlsx")
    assert len(county.mails("zjj", 1)) == 1
    assert county.greenxl("collect").returncode == 0
    after = json.loads(county.greenxl("merge", "--notices", "--json").stdout)
    assert after["communities"] == before["communities"]
    assert [one["code"] for one in after["findings"] if one not in before["findings"]] == ["skipped-notice"]


def chapter() -> list[str]:
    """Return the commands of the chapter on mail that want a server."""
    blocks = re.findall(r"```sh\n(.*?)```", CHAPTER.read_text("utf-8"), re.DOTALL)
    return [line for block in blocks for line in block.splitlines()]


def test_the_commands_of_the_chapter_on_mail_run(servers: tuple[Dovecot, Postfix], tmp_path: Path) -> None:
    """Every command that docs/mail.md shows runs in a round with returns, one after the other."""
    county = County("chapter", *servers, tmp_path)
    assert county.greenxl("init", ".", "--year", "2021").returncode == 0
    _fill_in_campaign(county)
    for file in (SAMPLES / "returned").iterdir():
        (tmp_path / "returned" / file.name).write_bytes(file.read_bytes())
    assert county.greenxl("check", "--sendback", "sendback").returncode == 1
    assert county.greenxl("merge", "--notices").returncode == 1
    commands = chapter()
    assert len(commands) == 11
    for command in commands:
        done = county.greenxl(*command.removeprefix("greenxl ").split())
        assert (done.returncode, done.stderr) == (0, done.stderr if "--json" in command else ""), command
    assert len(county.mails("town1", 4)) == 4  # the blank, the reminder, the correction copy, the notice


def test_an_unknown_recipient_is_told_with_the_servers_words(
    servers: tuple[Dovecot, Postfix], tmp_path: Path
) -> None:
    """Postfix's own 550 for one town does not keep the blanks from the others."""
    county = County("whole", *servers, tmp_path)
    assert county.greenxl("init", ".").returncode == 0
    _fill_in_campaign(county)
    fill_in(tmp_path / "campaign.xlsx", towns=[None, f"nobody@{DOMAIN}"], settings={"年份": "2022"})
    sent = county.greenxl("send", "blank", "--send")
    assert sent.returncode == 3
    assert f"refused: 果里镇 <nobody@{DOMAIN}> (“550 5.1.1" in sent.stdout
    assert "2 sent, 1 refused, 0 unknown; 0 had been sent before." in sent.stdout


@pytest.mark.parametrize("first", REFUSED)
def test_a_letter_that_policy_refuses_keeps_none_of_the_next(
    servers: tuple[Dovecot, Postfix], tmp_path: Path, first: str
) -> None:
    """At DATA, at the end of the message or for a header: the server's words are told, the others arrive."""
    county = County("refused", *servers, tmp_path)
    assert county.greenxl("init", ".").returncode == 0
    _fill_in_campaign(county)
    fill_in(
        tmp_path / "campaign.xlsx", towns=[f"{first}@{DOMAIN}"], settings={"年份": f"202{first.count('a')}"}
    )
    before = [len(county.mails(who, 0)) for who in ("town2", "town3")]
    sent = county.greenxl("send", "blank", "--send")
    assert sent.returncode == 3
    assert re.search(
        rf"refused: 城区街道 <{first}@{DOMAIN}> \(“55\d 5\.7\.1 .*not (such|before)", sent.stdout
    )
    assert "2 sent, 1 refused, 0 unknown; 0 had been sent before." in sent.stdout
    for who, count in zip(("town2", "town3"), before, strict=True):
        assert len(county.mails(who, count + 1)) == count + 1


def test_a_blank_that_came_back_is_undelivered_and_no_return(
    servers: tuple[Dovecot, Postfix], tmp_path: Path
) -> None:
    """Postfix's own bounce, with our blank in it, over Dovecot: told, known to status and to send."""
    county = County("bounced", *servers, tmp_path)
    assert county.greenxl("init", ".").returncode == 0
    _fill_in_campaign(county)
    fill_in(tmp_path / "campaign.xlsx", towns=[None, GONE])
    assert "3 sent, 0 refused" in county.greenxl("send", "blank", "--send").stdout
    (bounce,) = county.mails("zjj", 1)
    assert [part.name for part in bounce.parts] == ["果里镇-评分表-2021.xlsx"]
    collected = county.greenxl("collect")
    assert f"Undelivered: a mail to nowhere@{DOMAIN} (unknown user" in collected.stderr
    assert "“果里镇-评分表-2021.xlsx” is our own file, came back unchanged" in collected.stderr
    assert "0 files collected" in collected.stdout
    assert [path for path in (tmp_path / "returned").rglob("*") if path.is_file()] == []
    town = json.loads(county.greenxl("status", "--json").stdout)["towns"][1]
    assert (town["blank"]["how"], town["files"], town["returned"]) == ("bounced", 0, None)
    again = county.greenxl("send", "blank", "--send")
    assert again.returncode == 3
    assert f"果里镇 <{GONE}>: came back undelivered on " in again.stdout
    assert "0 sent, 0 refused, 0 unknown; 2 had been sent before." in again.stdout
    fill_in(tmp_path / "campaign.xlsx", towns=[None, county.address("town2")])
    assert "1 sent, 0 refused" in county.greenxl("send", "blank", "--send").stdout
    assert len(county.mails("town2", 1)) == 1
    town = json.loads(county.greenxl("status", "--json").stdout)["towns"][1]
    assert town["blank"]["how"] == "sent"
