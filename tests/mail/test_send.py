import os
import ssl
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from greenxl.campaign.model import Campaign
from greenxl.campaign.settings import MailSettings
from greenxl.errors import GreenxlError
from greenxl.mail import journal as mail_journal
from greenxl.mail.letters import Attachment, Letter
from greenxl.mail.send import Sent, plan, send
from greenxl.mail.server import Server, server
from tests.tools.servers import HOST, PASSWORD, Authority, Postman, free_port, smtp

SENDER = "县住建局 <zjj@example.cn>"
TOWNS = {"城区街道": "a@example.cn", "果里镇": "b@example.cn", "索镇": "c@example.cn"}


def letter(name: str, content: str = "1") -> Letter:
    return Letter(
        "blank", name, TOWNS[name], f"评分表：{name}", "正文\n", "<p>正文</p>",
        (Attachment(f"{name}-评分表-2021.xlsx", b"workbook"),), content.ljust(64, "0"),
    )  # fmt: skip


LETTERS = [letter(name) for name in TOWNS]


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture(autouse=True)
def _trusted(authority: Authority, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.file))


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / mail_journal.SEND_LOG


@contextmanager
def running(postman: Postman, context: ssl.SSLContext | None, *, implicit: bool = False) -> Iterator[Server]:
    with smtp(postman, context, implicit=implicit) as address:
        yield server("smtp", MailSettings(address), {})


def deliver(
    at: Server,
    log: Path,
    campaign: Campaign,
    letters: list[Letter] = LETTERS,
    *,
    resend: bool = False,
    again: bool = False,
    insecure: bool = False,
    timeout: float = 10,
    password: str = "",
) -> list[Sent]:
    planned = plan(letters, campaign, mail_journal.read(log), resend=resend, again=again)
    return list(send(planned, at, password, SENDER, log, insecure=insecure, timeout=timeout))


def states(sent: list[Sent]) -> dict[str, str]:
    return {one.planned.letter.name: one.state for one in sent}


def logged(log: Path) -> list[tuple[str, str]]:
    return [(record["name"], record["state"]) for record in mail_journal.read(log)]


@pytest.mark.parametrize("implicit", [True, False], ids=["implicit", "starttls"])
def test_each_recipient_gets_one_message(
    huantai: Campaign, authority: Authority, log: Path, implicit: bool
) -> None:
    """Each town gets its own message over an encrypted connection, and running again sends nothing."""
    postman = Postman()
    with running(postman, authority.context(), implicit=implicit) as at:
        assert states(deliver(at, log, huantai)) == dict.fromkeys(TOWNS, "sent")
        assert deliver(at, log, huantai) == []
    for name, address in TOWNS.items():
        (message,) = postman.to(address)
        assert message["To"].addresses[0].addr_spec == address
        (part,) = message.iter_attachments()
        assert part.get_filename() == f"{name}-评分表-2021.xlsx"


@pytest.mark.parametrize("code", ["550 no such user", "451 try again later"])
def test_a_refused_recipient_does_not_stop_the_rest(
    huantai: Campaign, authority: Authority, log: Path, code: str
) -> None:
    """One of three is refused and told with the server's words; running again sends only that one."""
    postman = Postman(refusals={"b@example.cn": code})
    with running(postman, authority.context()) as at:
        sent = deliver(at, log, huantai)
        assert states(sent) == {"城区街道": "sent", "果里镇": "refused", "索镇": "sent"}
        assert sent[1].answer == code
        postman.refusals.clear()
        assert states(deliver(at, log, huantai)) == {"果里镇": "sent"}
    assert [to for to, _message in postman.messages] == ["a@example.cn", "c@example.cn", "b@example.cn"]


def test_the_journal_is_written_before_the_message_goes(
    huantai: Campaign, authority: Authority, log: Path
) -> None:
    """While the server holds the message and has not answered, the log on disk says so already."""
    seen: list[tuple[str, str]] = []
    postman = Postman(on_data=lambda: seen.append(logged(log)[-1]))
    with running(postman, authority.context()) as at:
        deliver(at, log, huantai)
    assert seen == [(name, "sending") for name in TOWNS]
    assert logged(log) == [(name, state) for name in TOWNS for state in ("sending", "sent")]


def test_a_refusal_of_the_text_is_a_refusal(huantai: Campaign, authority: Authority, log: Path) -> None:
    """A server that refuses the message after it had it whole has not taken it."""
    postman = Postman(answer="554 spam")
    with running(postman, authority.context()) as at:
        sent = deliver(at, log, huantai, LETTERS[:1])
    assert (states(sent), sent[0].answer) == ({"城区街道": "refused"}, "554 spam")


@pytest.mark.parametrize("answer", ["", "wait"], ids=["dropped", "slow"])
def test_no_answer_means_unknown_and_is_not_sent_again(
    huantai: Campaign, authority: Authority, log: Path, answer: str
) -> None:
    """Dropped after DATA, or too slow: unknown, not resent without --resend, and then under the same id."""
    postman = Postman(answer=answer)
    with running(postman, authority.context()) as at:
        assert states(deliver(at, log, huantai, LETTERS[:1], timeout=1)) == {"城区街道": "unknown"}
        postman.answer = "250 OK"
        assert states(deliver(at, log, huantai)) == {"果里镇": "sent", "索镇": "sent"}
        assert states(deliver(at, log, huantai, resend=True)) == {"城区街道": "sent"}
    first, second = postman.to("a@example.cn")
    assert first["Message-ID"] == second["Message-ID"]


def test_a_dropped_connection_is_made_again_for_the_rest(
    huantai: Campaign, authority: Authority, log: Path
) -> None:
    """A server that drops every connection after DATA still gets each message once."""
    postman = Postman(answer="")
    with running(postman, authority.context()) as at:
        assert states(deliver(at, log, huantai)) == dict.fromkeys(TOWNS, "unknown")
    assert [to for to, _message in postman.messages] == list(TOWNS.values())


def test_only_what_is_asked_for_is_sent_again(huantai: Campaign, authority: Authority, log: Path) -> None:
    """A changed letter is a new one; an unchanged one goes again only with --again, under a new id."""
    postman = Postman()
    with running(postman, authority.context()) as at:
        deliver(at, log, huantai, LETTERS[:1])
        assert states(deliver(at, log, huantai, [letter("城区街道", "2")])) == {"城区街道": "sent"}
        assert deliver(at, log, huantai, LETTERS[:1], resend=True) == []
        assert deliver(at, log, replace(huantai, year=2022), LETTERS[:1]) != []
        assert states(deliver(at, log, huantai, LETTERS[:1], again=True)) == {"城区街道": "sent"}
    assert len({message["Message-ID"] for _to, message in postman.messages}) == 4


def test_one_address_gets_one_copy(huantai: Campaign, authority: Authority, log: Path) -> None:
    """A recipient who is named twice gets the letter once."""
    postman = Postman()
    with running(postman, authority.context()) as at:
        deliver(at, log, huantai, [LETTERS[0], replace(LETTERS[0], name="主任")])
        deliver(at, log, huantai, [LETTERS[0], replace(LETTERS[0], name="主任")])
    assert len(postman.messages) == 1


def test_a_server_without_encryption_gets_nothing(huantai: Campaign, log: Path) -> None:
    """Without STARTTLS nothing is sent, unless --insecure is given and the server is on this computer."""
    postman = Postman()
    with running(postman, None) as at:
        with pytest.raises(GreenxlError, match="offers no encryption"):
            deliver(at, log, huantai)
        assert states(deliver(at, log, huantai, insecure=True)) == dict.fromkeys(TOWNS, "sent")
    assert not Server("192.0.2.1", 25, False, "").loopback
    assert len(postman.messages) == 3


@pytest.mark.parametrize("implicit", [True, False], ids=["implicit", "starttls"])
@pytest.mark.parametrize("wrong", ["name", "authority"])
def test_a_certificate_that_cannot_be_trusted_stops(
    huantai: Campaign,
    authority: Authority,
    log: Path,
    tmp_path: Path,
    implicit: bool,
    wrong: str,
) -> None:
    """A certificate for another host, or of an unknown authority: nothing is sent, --insecure or not."""
    context = authority.context("mail.example.cn") if wrong == "name" else Authority(tmp_path).context()
    postman = Postman(password=PASSWORD)
    told = rf"{HOST}:\d+: the server’s certificate cannot be trusted"
    with running(postman, context, implicit=implicit) as at, pytest.raises(GreenxlError, match=told):
        deliver(at, log, huantai, insecure=True, password=PASSWORD)
    assert (postman.messages, postman.logins, logged(log)) == ([], [], [])


def test_a_refused_login_stops(huantai: Campaign, authority: Authority, log: Path) -> None:
    """A wrong password stops the run before any message; the right one sends; neither is told or logged."""
    postman = Postman(password=PASSWORD)
    with running(postman, authority.context()) as at:
        at = replace(at, user="zjj@example.cn")
        with pytest.raises(GreenxlError, match="the login of zjj@example.cn was refused.*授权码") as told:
            deliver(at, log, huantai, password="wrong-one")
        assert "wrong-one" not in str(told.value)
        with pytest.raises(GreenxlError, match="other than ASCII"):
            deliver(at, log, huantai, password="密码")
        assert states(deliver(at, log, huantai, password=PASSWORD)) == dict.fromkeys(TOWNS, "sent")
    assert PASSWORD not in log.read_text(encoding="utf-8")


def test_a_server_without_login_says_so(huantai: Campaign, log: Path) -> None:
    """A user for a server that knows no login is told to be left out."""
    with running(Postman(), None) as at, pytest.raises(GreenxlError, match="mail_user"):
        deliver(replace(at, user="x"), log, huantai, insecure=True, password="x")


def test_a_message_too_large_for_the_server_is_refused(
    huantai: Campaign, authority: Authority, log: Path
) -> None:
    """A server that states a limit refuses by the stated size, before the message is sent."""
    large = replace(LETTERS[0], attachments=(Attachment("大.xlsx", b"x" * 100_000),))
    with smtp(Postman(), authority.context(), size=50_000) as address:
        at = server("smtp", MailSettings(address), {})
        sent = deliver(at, log, huantai, [large, LETTERS[1]])
    assert states(sent) == {"城区街道": "refused", "果里镇": "sent"}
    assert sent[0].answer.startswith("552")


@pytest.mark.parametrize(
    ("url", "told"),
    [
        pytest.param("smtps://no-such-host.invalid", "the server cannot be reached", id="no-host"),
        pytest.param(f"smtps://{HOST}:PORT", "the server cannot be reached", id="no-server"),
    ],
)
def test_an_unreachable_server_is_one_sentence(huantai: Campaign, log: Path, url: str, told: str) -> None:
    """A server that is not there is told with its name, and nothing is in the log."""
    at = server("smtp", MailSettings(url.replace("PORT", str(free_port()))), {})
    with pytest.raises(GreenxlError, match=told):
        deliver(at, log, huantai)
    assert logged(log) == []


def test_the_wrong_kind_of_port_is_explained(huantai: Campaign, authority: Authority, log: Path) -> None:
    """smtps on a port that begins plain says which ports begin encrypted."""
    with smtp(Postman(), authority.context()) as address:
        at = server("smtp", MailSettings(address.replace("smtp:", "smtps:")), {})
        with pytest.raises(GreenxlError, match="no encrypted connection could be made"):
            deliver(at, log, huantai)


CHILD = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[3])
from tests.mail.test_send import LETTERS, deliver
from greenxl.campaign.checks import load
from greenxl.campaign.tables import shipped
from greenxl.campaign.settings import MailSettings
from greenxl.mail.server import server
deliver(server("smtp", MailSettings(sys.argv[1]), {}), Path(sys.argv[2]), load(shipped()))
"""


def test_a_run_that_is_killed_sends_nothing_twice(huantai: Campaign, authority: Authority, log: Path) -> None:
    """kill -9 while the server holds the second of three: unknown; the first stays sent, the third goes."""
    with smtp(postman := Postman(), authority.context()) as address:
        child = subprocess.Popen(
            [sys.executable, "-c", CHILD, address, str(log), str(Path(__file__).parents[2])],
            stderr=subprocess.DEVNULL,
            env=os.environ,
        )

        def kill_at_the_second() -> None:
            if len(postman.messages) == 1:
                child.kill()
                child.wait()

        postman.on_data = kill_at_the_second
        child.wait(60)
        at = server("smtp", MailSettings(address), {})
        assert states(deliver(at, log, huantai)) == {"索镇": "sent"}
        assert deliver(at, log, huantai) == []
    assert [to for to, _message in postman.messages] == list(TOWNS.values())
    assert logged(log)[-3] == ("果里镇", "sending")
