"""A connection to the server that mail goes out by: encrypted, logged in, one recipient per message."""

import smtplib
from collections.abc import Callable
from contextlib import suppress

from greenxl.errors import GreenxlError
from greenxl.i18n import _
from greenxl.mail.model import SendState
from greenxl.mail.server import (
    Server,
    connection_error,
    login_error,
    refuse_non_ascii_login,
    refuse_plain,
    tls_context,
)

_HELLO = "[127.0.0.1]"
"""The name we greet with: a computer's own may hold Chinese characters, which SMTP has no way to say."""


class SmtpConnection:
    """Connects when it is needed, and again after the server dropped the connection."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._smtp: smtplib.SMTP | None = None

    def deliver(
        self, sender: str, address: str, data: bytes, before_data: Callable[[], None]
    ) -> tuple[SendState, str]:
        """Give the server a message for one address; return what became of it, and the server's answer.

        :param before_data: called when the server takes the recipient, before it gets the message.
        :raises GreenxlError: the server cannot be reached, or refuses the login.
        """
        if self._smtp is None:
            self._smtp = _connect(self._server)
        state_if_lost = SendState.REFUSED
        try:
            refusal = _refusal(self._smtp, sender, address, len(data))
            if refusal:
                return SendState.REFUSED, refusal
            before_data()
            state_if_lost = SendState.UNKNOWN
            code, answer = self._smtp.data(data)
            return (SendState.SENT if code == 250 else SendState.REFUSED), _answer(code, answer)
        except smtplib.SMTPDataError as error:
            return SendState.REFUSED, _answer(error.smtp_code, error.smtp_error)
        except OSError as error:  # smtplib's own errors are such, too
            self._drop()
            return state_if_lost, _("connection lost ({reason})").format(reason=error)

    def quit(self) -> None:
        if self._smtp:
            with suppress(OSError):
                self._smtp.quit()
        self._drop()

    def _drop(self) -> None:
        if self._smtp:
            self._smtp.close()
        self._smtp = None


def _refusal(smtp: smtplib.SMTP, sender: str, address: str, length: int) -> str | None:
    """Return the server's refusal of sender, size or recipient, None where it takes all three."""
    options = [f"size={length}"] if smtp.has_extn("size") else []
    code, answer = smtp.mail(sender, options)
    if code == 250:
        code, answer = smtp.rcpt(address)
    if code in (250, 251):
        return None
    if code == 421:
        raise smtplib.SMTPServerDisconnected(_answer(code, answer))
    smtp.rset()
    return _answer(code, answer)


def _answer(code: int, answer: bytes | str) -> str:
    """Return a server's answer on one line; Chinese servers answer in UTF-8 or GBK."""
    text = answer if isinstance(answer, str) else _decoded(answer)
    return f"{code} {' '.join(text.split())}"


def _decoded(answer: bytes) -> str:
    try:
        return answer.decode()
    except UnicodeDecodeError:
        return answer.decode("gb18030", "replace")


def _connect(server: Server) -> smtplib.SMTP:
    """Return an encrypted connection that is logged in.

    :raises GreenxlError: unreachable, without encryption, not to be trusted, or the login is refused.
    """
    try:
        smtp = _open(server)
        try:
            _encrypt(smtp, server)
            if server.user:
                refuse_non_ascii_login(server)
                smtp.login(server.user, server.password)
        except BaseException:
            smtp.close()
            raise
        return smtp
    except OSError as error:  # smtplib's own errors are such, too
        raise _error(server, error) from error


def _open(server: Server) -> smtplib.SMTP:
    if server.implicit_tls:
        return smtplib.SMTP_SSL(
            server.host, server.port, _HELLO, timeout=server.timeout, context=tls_context()
        )
    return smtplib.SMTP(server.host, server.port, _HELLO, timeout=server.timeout)


def _encrypt(smtp: smtplib.SMTP, server: Server) -> None:
    smtp.ehlo_or_helo_if_needed()
    if server.implicit_tls:
        return
    if smtp.has_extn("starttls"):
        smtp.starttls(context=tls_context())
        smtp.ehlo()
    else:
        refuse_plain(server)


def _error(server: Server, error: OSError) -> GreenxlError:
    """Return what a failure to connect means."""
    match error:
        case smtplib.SMTPAuthenticationError():
            return login_error(server, _answer(error.smtp_code, error.smtp_error))
        case smtplib.SMTPServerDisconnected() | smtplib.SMTPHeloError():
            return connection_error(server, error)
        case smtplib.SMTPResponseException():
            return GreenxlError(
                _("{server}: the server refuses to talk ({answer}). Try again later.").format(
                    server=server, answer=_answer(error.smtp_code, error.smtp_error)
                )
            )
        case smtplib.SMTPException():  # no AUTH at all, or none that smtplib knows
            return GreenxlError(
                _(
                    "{server}: the server offers no login. Leave the setting “mail_user” (邮箱账号) blank."
                ).format(server=server)
            )
        case _:
            return connection_error(server, error)
