import ssl
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

from greenxl.errors import GreenxlError
from greenxl.mail.server import Server
from greenxl.mail.smtp import SmtpConnection
from greenxl.rounds.sendings import SendState
from tests.tools.mails import smtp_server
from tests.tools.scripted import HANG_UP, ScriptedSmtp, scripted
from tests.tools.servers import HOST, PASSWORD, Authority, Postman, free_port, smtp

MESSAGE = b"Subject: x\r\n\r\ny\r\n"
USER = "zjj@example.cn"


@contextmanager
def running(
    postman: Postman,
    context: ssl.SSLContext | None,
    *,
    implicit: bool = False,
    user: str = "",
    password: str = "",
    allow_plain: bool = False,
) -> Iterator[Server]:
    with smtp(postman, context, implicit=implicit) as address:
        yield smtp_server(address, user=user, password=password, allow_plain=allow_plain)


def deliver(server: Server, *addresses: str, data: bytes = MESSAGE) -> list[tuple[SendState, str]]:
    """Return the state and answer of a message to each address, over one connection."""
    connection = SmtpConnection(server)
    try:
        return [
            connection.deliver(USER, address, data, lambda: None)
            for address in addresses or ("a@example.cn",)
        ]
    finally:
        connection.quit()


@pytest.mark.parametrize("implicit", [True, False], ids=["implicit", "starttls"])
def test_messages_go_over_an_encrypted_connection(trusted: Authority, implicit: bool) -> None:
    """Encrypted from the first byte or by STARTTLS, with a login; each message has its answer."""
    postman = Postman(password=PASSWORD)
    with running(postman, trusted.context(), implicit=implicit, user=USER, password=PASSWORD) as server:
        answers = deliver(server, "a@example.cn", "b@example.cn")
    assert answers == [(SendState.SENT, "250 OK, queued")] * 2
    assert [address for address, _message in postman.messages] == ["a@example.cn", "b@example.cn"]
    assert postman.logins == [USER]


def test_a_refused_recipient_is_followed_by_the_next(trusted: Authority) -> None:
    """The server's words are the answer, on one line; the connection goes on."""
    postman = Postman(refusals={"a@example.cn": "550 no\tsuch user"})
    with running(postman, trusted.context()) as server:
        answers = deliver(server, "a@example.cn", "b@example.cn")
    assert answers == [(SendState.REFUSED, "550 no such user"), (SendState.SENT, "250 OK, queued")]


def test_a_refusal_of_the_text_is_a_refusal(trusted: Authority) -> None:
    """A server that refuses the message after it had it whole has not taken it."""
    with running(Postman(answer="554 spam"), trusted.context()) as server:
        assert deliver(server) == [(SendState.REFUSED, "554 spam")]


def test_a_message_too_large_for_the_server_is_refused(trusted: Authority) -> None:
    """Where a server announces a limit, that is said before anything is sent; smaller ones go on."""
    postman = Postman()
    with smtp(postman, trusted.context(), size=50_000) as address:
        connection = SmtpConnection(smtp_server(address))
        answers = [
            connection.deliver(USER, "a@example.cn", data, lambda: None) for data in (b"x" * 100_000, MESSAGE)
        ]
        connection.quit()
    assert answers == [
        (
            SendState.REFUSED,
            "the message has 98 KB, the server takes at most 49 KB; send the file another way",
        ),
        (SendState.SENT, "250 OK, queued"),
    ]
    assert len(postman.messages) == 1


@pytest.mark.parametrize("answer", ["", "wait"], ids=["dropped", "slow"])
def test_no_answer_to_the_message_means_unknown(trusted: Authority, answer: str) -> None:
    """Where the connection breaks after DATA the message may have arrived; the next one connects again."""
    postman = Postman(answer=answer)
    with smtp(postman, trusted.context()) as address:
        server = Server(HOST, int(address.rpartition(":")[2]), implicit_tls=False, timeout=1)
        states = [state for state, _answer in deliver(server, "a@example.cn", "b@example.cn")]
    assert states == [SendState.UNKNOWN] * 2
    assert [address for address, _message in postman.messages] == ["a@example.cn", "b@example.cn"]


def test_the_journal_is_written_before_the_server_has_the_message(trusted: Authority) -> None:
    """The callback comes after the recipient was taken and before the message, and not for a refused one."""
    events: list[str] = []
    postman = Postman(refusals={"b@example.cn": "550"}, on_data=lambda: events.append("data"))
    with running(postman, trusted.context()) as server:
        connection = SmtpConnection(server)
        for address in ("a@example.cn", "b@example.cn"):
            connection.deliver(USER, address, MESSAGE, lambda: events.append("journal"))
        connection.quit()
    assert events == ["journal", "data"]


def test_a_server_without_encryption_gets_nothing() -> None:
    """Without STARTTLS nothing is sent, unless that is allowed and the server is on this computer."""
    postman = Postman()
    with running(postman, None) as server, pytest.raises(GreenxlError, match="offers no encryption"):
        deliver(server)
    assert postman.messages == []
    with running(postman, None, allow_plain=True) as server:
        assert deliver(server) == [(SendState.SENT, "250 OK, queued")]


@pytest.mark.parametrize("implicit", [True, False], ids=["implicit", "starttls"])
@pytest.mark.parametrize("wrong", ["name", "authority"])
def test_a_certificate_that_cannot_be_trusted_stops(
    trusted: Authority, tmp_path: Path, implicit: bool, wrong: str
) -> None:
    """A certificate for another host, or of an unknown authority: no password and no message is sent."""
    context = trusted.context("mail.example.cn") if wrong == "name" else Authority(tmp_path).context()
    postman = Postman(password=PASSWORD)
    message = rf"{HOST}:\d+: the server’s certificate cannot be trusted"
    with (
        running(
            postman, context, implicit=implicit, user=USER, password=PASSWORD, allow_plain=True
        ) as server,
        pytest.raises(GreenxlError, match=message),
    ):
        deliver(server)
    assert (postman.messages, postman.logins) == ([], [])


@pytest.mark.parametrize(
    ("password", "reason"),
    [("wrong-one", f"the login of {USER} was refused.*535.*授权码"), ("密码", "full-width characters")],
)
def test_a_refused_login_stops(trusted: Authority, password: str, reason: str) -> None:
    """A wrong password is an error that does not repeat it, before any message."""
    postman = Postman(password=PASSWORD)
    with (
        running(postman, trusted.context(), user=USER, password=password) as server,
        pytest.raises(GreenxlError, match=reason) as refused,
    ):
        deliver(server)
    assert password not in str(refused.value)
    assert postman.messages == []


def test_a_server_without_login_says_so() -> None:
    """A user for a server that knows no login has to be left out."""
    with (
        running(Postman(), None, user=USER, password="x", allow_plain=True) as server,
        pytest.raises(GreenxlError, match="offers no login. Leave the setting “mail_user”"),
    ):
        deliver(server)


def test_the_wrong_kind_of_port_is_explained(trusted: Authority) -> None:
    """smtps on a port that begins plain says which ports begin encrypted."""
    with smtp(Postman(), trusted.context()) as address:
        server = smtp_server(address.replace("smtp:", "smtps:"))
        with pytest.raises(GreenxlError, match="no encrypted connection could be made .*465 and 993 begin"):
            deliver(server)


@pytest.mark.parametrize("host", ["no-such-host.invalid", HOST])
def test_an_unreachable_server_is_one_sentence(host: str) -> None:
    """A host or a port that is not there is named."""
    port = free_port()
    with pytest.raises(GreenxlError, match=f"{host}:{port}: the server cannot be reached"):
        deliver(smtp_server(f"smtps://{host}:{port}"))


def deliver_three(server: ScriptedSmtp, user: str = "") -> list[tuple[SendState, str]]:
    """Return the state and answer of three messages over a server that follows a script."""
    with scripted(server) as address:
        return deliver(
            smtp_server(address, user=user, password=PASSWORD, allow_plain=True), "a@x.cn", "b@x.cn", "c@x.cn"
        )


GOOD = (SendState.SENT, "250 taken")
REFUSED, UNKNOWN = SendState.REFUSED, SendState.UNKNOWN


@pytest.mark.parametrize(
    ("script", "answers"),
    [
        ({(1, "RCPT", 2): "550 no such user"}, [GOOD, (REFUSED, "550 no such user"), GOOD]),
        (
            {(1, "RCPT", 2): ["550 no such user", HANG_UP]},
            [GOOD, (REFUSED, "550 no such user"), GOOD],
        ),
        ({(1, "RCPT", 2): "550 no", (1, "RSET", 1): "500 what"}, [GOOD, (REFUSED, "550 no"), GOOD]),
        ({(1, "RCPT", 2): "550 no", (1, "RSET", 1): HANG_UP}, [GOOD, (REFUSED, "550 no"), GOOD]),
        ({(1, "DATA", 2): "554 policy"}, [GOOD, (REFUSED, "554 policy"), GOOD]),
        ({(1, ".", 2): "550 spam"}, [GOOD, (REFUSED, "550 spam"), GOOD]),
        ({(1, ".", 2): ["550 spam", HANG_UP]}, [GOOD, (REFUSED, "550 spam"), GOOD]),
        ({(1, "MAIL", 2): "451 greylisted"}, [GOOD, (REFUSED, "451 greylisted"), GOOD]),
        (
            {(1, "RCPT", 2): ["421 too many", HANG_UP]},
            [GOOD, (REFUSED, "connection lost (“421 too many”)"), GOOD],
        ),
        ({(1, "MAIL", 2): ["421 too many", HANG_UP]}, [GOOD, GOOD, GOOD]),
        ({(1, ".", 1): ["250 taken", HANG_UP]}, [GOOD, GOOD, GOOD]),
        ({(1, ".", 2): HANG_UP}, [GOOD, (UNKNOWN, "connection lost (the connection was closed)"), GOOD]),
        ({(1, ".", 2): "what is this"}, [GOOD, (UNKNOWN, "-1 is this"), GOOD]),
        ({(1, ".", 2): "354 go on"}, [GOOD, (UNKNOWN, "354 go on"), GOOD]),
    ],
    ids=[
        "refused",
        "refused and closed",
        "reset refused",
        "closed at reset",
        "refused at DATA",
        "refused after the message",
        "refused after the message and closed",
        "for a while",
        "closing at the recipient",
        "closing before a message",
        "closed after a message",
        "closed without an answer",
        "nonsense after the message",
        "no answer after the message",
    ],
)
def test_one_recipient_s_trouble_is_his_alone(
    script: Mapping[tuple[int, str, int], str | Sequence[str]], answers: list[tuple[SendState, str]]
) -> None:
    """The server's own words are kept, the letters before and after arrive, each once, nothing in doubt."""
    server = ScriptedSmtp(script)
    assert deliver_three(server) == answers
    taken = [address for address, (state, _answer) in zip(ADDRESSES, answers, strict=True) if state == "sent"]
    assert server.messages == taken


ADDRESSES = ["a@x.cn", "b@x.cn", "c@x.cn"]


def test_after_a_refusal_the_server_is_told_to_forget() -> None:
    """RSET, or a new connection: no recipient of one message gets the next."""
    server = ScriptedSmtp({(1, "DATA", 1): "554 policy"})
    deliver_three(server)
    assert server.verbs(1)[:6] == ["EHLO", "MAIL", "RCPT", "DATA", "RSET", "MAIL"]


def test_a_refused_sender_is_said_once() -> None:
    """It is so for every town: the run stops with what to change."""
    server = ScriptedSmtp({(1, "MAIL", 1): "501 mail from address must be same as authorization user"})
    with pytest.raises(GreenxlError, match=r"takes no mail from zjj@example.cn \(answer: “501 .*mail_sender"):
        deliver_three(server)


@pytest.mark.parametrize(
    ("features", "script", "said"),
    [
        (("AUTH XOAUTH2 NTLM",), {}, r"offers no login by password \(XOAUTH2 NTLM\).*授权码"),
        (("AUTH LOGIN",), {(1, "AUTH", 1): HANG_UP}, r"refused \(the server closed the connection\).*授权码"),
        ((), {}, "offers no login. Leave the setting"),
    ],
    ids=["no password", "closed at the login", "no login"],
)
def test_a_login_that_cannot_be_is_explained(
    features: tuple[str, ...], script: Mapping[tuple[int, str, int], str | Sequence[str]], said: str
) -> None:
    """Each way in which a provider turns a login away has its own advice."""
    server = ScriptedSmtp(script, features)
    with pytest.raises(GreenxlError, match=said):
        deliver_three(server, user=USER)
