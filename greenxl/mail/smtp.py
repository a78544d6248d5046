"""A connection to the server that mail goes out by: encrypted, logged in, one recipient per message."""

import smtplib
from collections.abc import Callable
from contextlib import suppress

from greenxl.errors import GreenxlError
from greenxl.i18n import _
from greenxl.mail.model import readable_size
from greenxl.mail.server import (
    Server,
    answered,
    connection_error,
    login_error,
    login_way_error,
    lost_because,
    readable_words,
    refusal_error,
    refuse_non_ascii_login,
    refuse_plain,
    sender_error,
    tls_context,
)
from greenxl.rounds.sendings import SendState

_HELLO = "[127.0.0.1]"
"""The name we greet with: a computer's own may hold Chinese characters, which SMTP has no way to say."""


_CLOSING = 421
_TOO_LARGE = 552
_NO_CODE = -1
"""What smtplib makes of an answer that is none."""


class _ClosedError(OSError):
    """The server closes the connection, in the words of its answer 421 (RFC 5321, section 3.8)."""


class SmtpConnection:
    """Connects when it is needed, and again after the server dropped the connection."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._smtp: smtplib.SMTP | None = None

    def deliver(
        self, sender: str, address: str, data: bytes, before_data: Callable[[], None]
    ) -> tuple[SendState, str]:
        """Give the server a message for one address; return what became of it, and the server's answer.

        Whatever becomes of it, the next message finds a connection that knows nothing of this one.

        :param before_data: called when the server takes the recipient, before it gets the message.
        :raises GreenxlError: the server cannot be reached, refuses the login, or refuses the sender.
        """
        state_if_lost = SendState.REFUSED
        try:
            smtp, refusal = self._begin(sender, len(data))
            refusal = refusal or _refusal_of_recipient(smtp, address)
            if refusal:
                self._reset()
                return SendState.REFUSED, refusal
            before_data()
            state_if_lost = SendState.UNKNOWN
            code, answer = _data(smtp, data)
        except OSError as error:  # smtplib's own errors are such, too
            self._drop()
            return state_if_lost, _("connection lost ({reason})").format(reason=lost_because(error))
        if code != 250:
            self._reset()
        return _state_after_data(code), _answer(code, answer)

    def quit(self) -> None:
        if self._smtp:
            with suppress(OSError):
                self._smtp.quit()
        self._drop()

    def _begin(self, sender: str, length: int) -> tuple[smtplib.SMTP, str | None]:
        """Return a connection on which a message was begun, or why the server does not want this one.

        A connection that the server closed meanwhile, as many do after some minutes or messages, is opened
        again.

        :raises OSError: the server closes also a new connection.
        :raises GreenxlError: it cannot be reached, refuses the login, or refuses the sender.
        """
        if self._smtp:
            try:
                return self._smtp, _refusal_of_message(self._smtp, self._server, sender, length)
            except OSError:
                self._drop()
        self._smtp = _connect(self._server)
        return self._smtp, _refusal_of_message(self._smtp, self._server, sender, length)

    def _reset(self) -> None:
        """Let the server forget the message that it refused; one that does not say that it did is left."""
        try:
            forgotten = self._smtp is not None and self._smtp.rset()[0] == 250
        except OSError:
            forgotten = False
        if not forgotten:
            self._drop()

    def _drop(self) -> None:
        if self._smtp:
            self._smtp.close()
        self._smtp = None


def _refusal_of_message(smtp: smtplib.SMTP, server: Server, sender: str, length: int) -> str | None:
    """Begin a message; return the server's refusal of this one, None where it goes on.

    :raises OSError: the connection is closed.
    :raises GreenxlError: the sender is refused, which every other message of his would be too.
    """
    too_large = _refusal_of_size(smtp, length)
    if too_large:
        return too_large
    code, answer = smtp.mail(sender, [f"size={length}"] if smtp.has_extn("size") else [])
    if code == 250:
        return None
    _raise_if_closed(code, answer)
    if code >= 500 and code != _TOO_LARGE:
        raise sender_error(server, sender, _answer(code, answer))
    return _answer(code, answer)


def _refusal_of_size(smtp: smtplib.SMTP, length: int) -> str | None:
    """Return why a message is not even offered: the server said that it takes none so large (RFC 1870)."""
    limit = smtp.esmtp_features.get("size", "").strip()
    if not limit.isdecimal() or not 0 < int(limit) < length:
        return None
    return _("the message has {size}, the server takes at most {limit}; send the file another way").format(
        size=readable_size(length), limit=readable_size(int(limit))
    )


def _refusal_of_recipient(smtp: smtplib.SMTP, address: str) -> str | None:
    """Return the server's refusal of a recipient, None where it takes him.

    :raises OSError: the connection is closed.
    """
    code, answer = smtp.rcpt(address)
    _raise_if_closed(code, answer)
    return None if code in (250, 251) else _answer(code, answer)


def _raise_if_closed(code: int, answer: bytes) -> None:
    """:raises OSError: the server closes the connection, or does not speak the protocol any more."""
    if code in (_CLOSING, _NO_CODE):
        raise _ClosedError(_answer(code, answer))


def _data(smtp: smtplib.SMTP, data: bytes) -> tuple[int, bytes]:
    """Return the server's answer to a message, also where it did not want to see it."""
    try:
        return smtp.data(data)
    except smtplib.SMTPDataError as error:
        answer = error.smtp_error
        return error.smtp_code, answer if isinstance(answer, bytes) else answer.encode()


def _state_after_data(code: int) -> SendState:
    """Return what an answer to a whole message means; one without a known meaning says nothing."""
    if code == 250:
        return SendState.SENT
    return SendState.REFUSED if 400 <= code < 600 else SendState.UNKNOWN


def _answer(code: int, answer: bytes | str) -> str:
    return f"{code} {readable_words(answer)}"


def _connect(server: Server) -> smtplib.SMTP:
    """Return an encrypted connection that is logged in.

    :raises GreenxlError: unreachable, without encryption, not to be trusted, or the login is refused.
    """
    try:
        smtp = _open(server)
        try:
            _encrypt(smtp, server)
            if server.user:
                _log_in(smtp, server)
        except BaseException:
            smtp.close()
            raise
        return smtp
    except OSError as error:  # smtplib's own errors are such, too
        raise _error(server, error) from error


def _log_in(smtp: smtplib.SMTP, server: Server) -> None:
    """Log in by one of the ways that a password will do for.

    :raises GreenxlError: the server offers none of them, or hangs up instead of an answer.
    """
    refuse_non_ascii_login(server)
    offered = smtp.esmtp_features.get("auth", "").upper().split()
    if offered and not _PASSWORD_WAYS & set(offered):
        raise login_way_error(server, offered)
    try:
        smtp.login(server.user, server.password)
    except smtplib.SMTPServerDisconnected as error:
        raise login_error(server, _("the server closed the connection")) from error


_PASSWORD_WAYS = {"PLAIN", "LOGIN", "CRAM-MD5"}


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
            return login_error(server, answered(_answer(error.smtp_code, error.smtp_error)))
        case smtplib.SMTPServerDisconnected() | smtplib.SMTPHeloError():
            return connection_error(server, error)
        case smtplib.SMTPResponseException():
            return refusal_error(server, _answer(error.smtp_code, error.smtp_error))
        case smtplib.SMTPException():  # no AUTH at all, or none that smtplib knows
            return GreenxlError(
                _(
                    "{server}: the server offers no login. Leave the setting “mail_user” (邮箱账号) blank."
                ).format(server=server)
            )
        case _:
            return connection_error(server, error)
