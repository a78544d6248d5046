import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from greenxl.errors import GreenxlError
from greenxl.mail.model import SendState
from greenxl.mail.server import Server
from greenxl.mail.smtp import SmtpConnection
from tests.tools.mails import smtp_server
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
    """A server that states a limit refuses by the stated size, before the message is sent."""
    postman = Postman()
    with smtp(postman, trusted.context(), size=50_000) as address:
        ((state, answer),) = deliver(smtp_server(address), data=bytes(100_000))
    assert (state, answer[:3], postman.messages) == (SendState.REFUSED, "552", [])


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
    ("password", "reason"), [("wrong-one", r"535.*授权码"), ("密码", "other than ASCII")]
)
def test_a_refused_login_stops(trusted: Authority, password: str, reason: str) -> None:
    """A wrong password is an error that does not repeat it, before any message."""
    postman = Postman(password=PASSWORD)
    message = f"the login of {USER} was refused.*{reason}"
    with (
        running(postman, trusted.context(), user=USER, password=password) as server,
        pytest.raises(GreenxlError, match=message) as refused,
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
