"""A connection to a mailbox over IMAP, opened read-only (EXAMINE), and opened again where it breaks.

IMAPClient rather than imap_tools: it speaks ID (which 163 and 126 want before EXAMINE), gives UIDVALIDITY
with EXAMINE's own answer and parses BODYSTRUCTURE, so that pictures are left alone without being fetched.
imap_tools has no ID, asks UIDVALIDITY apart, and fetches headers or whole mails only.
"""

import ast
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from typing import Any, TypeVar

from imapclient import IMAPClient, SocketTimeout
from imapclient.exceptions import IMAPClientAbortError, IMAPClientError, LoginError, ProtocolError

from greenxl import __version__
from greenxl.errors import GreenxlError, WrongUseError
from greenxl.i18n import _
from greenxl.mail.server import (
    Server,
    answered,
    connection_error,
    is_unsafe_login,
    login_error,
    lost_because,
    readable_words,
    refusal_error,
    refuse_non_ascii_login,
    refuse_plain,
    tls_context,
)

_T = TypeVar("_T")

_MOST_SETBACKS = 12
"""A server that breaks off so often without giving anything of a mail in between is given up for this run."""
_SETBACKS_OF_A_TIMEOUT = 3
"""A timeout takes a minute of a person's time, a closed connection a moment."""
_MOST_AT_ONCE = 500
"""Mails whose UIDs are asked for in one command, which holds at most 8,192 bytes (RFC 7162, section 4)."""
_BYTES = re.compile(r"""\[?(b'(?:[^'\\]|\\.)*'|b"(?:[^"\\]|\\.)*")\]?""")
"""Bytes as Python writes them into the text of an error, alone or in a list."""


class AnswerError(Exception):
    """The server refused a command, or answered what cannot be read; the connection goes on."""


class BrokenError(AnswerError):
    """The connection broke while the server answered; it was opened again."""

    def __init__(self, reason: str, setbacks: int) -> None:
        super().__init__(reason)
        self.is_first = setbacks == 1
        """Whether the server answered before, and did not keep anybody waiting."""


class _Client(IMAPClient):  # type: ignore[misc]
    """IMAPClient, but for the words of a refusal, of which it would keep only the ASCII characters."""

    def _checkok(self, command: str, typ: str, data: Sequence[bytes]) -> None:
        if typ != "OK":
            raise IMAPClientError(readable_words(data[0]))

    @property
    def farewell(self) -> str:
        """The words with which the server closed the connection, quoted; "" where it said none."""
        farewells = self._imap.untagged_responses.get("BYE")
        return answered(readable_words(farewells[-1])) if farewells else ""


def _reason(error: Exception) -> str:
    """Return what an error means: how the connection was lost, or what the server answered."""
    if isinstance(error, IMAPClientAbortError | OSError):
        return lost_because(error)
    if isinstance(error, ProtocolError) or not isinstance(error, IMAPClientError):
        return _("an answer that cannot be read: {kind}").format(kind=type(error).__name__)
    return answered(_words(error))


def _words(error: Exception) -> str:
    """Return the server's words in an error, where imaplib leaves them as Python writes bytes."""
    return readable_words(_BYTES.sub(lambda found: readable_words(ast.literal_eval(found[1])), str(error)))


class ImapConnection:
    """A mailbox that is open; every method raises GreenxlError where the server cannot be used any more."""

    def __init__(self, server: Server, mailbox: str) -> None:
        """Open the mailbox.

        :raises GreenxlError: unreachable, without encryption, not to be trusted, or the login is refused.
        :raises WrongUseError: the server has no such mailbox.
        """
        self._server = server
        self._mailbox = mailbox
        self._setbacks = 0
        self._imap = _connect(server)
        try:
            state = _examine(self._imap, server, mailbox)
        except BaseException:
            self.close()
            raise
        self.validity = int(state.get(b"UIDVALIDITY", 0))
        """Its UIDVALIDITY: as long as it stays the same, a UID names the same mail."""
        self._mail_count = int(state.get(b"EXISTS", 0))

    def close(self) -> None:
        try:
            self._imap.logout()
        except (IMAPClientError, OSError):
            _shut(self._imap)

    def fetch(self, uids: Sequence[int], items: Sequence[str]) -> dict[int, dict[bytes, Any]]:
        """Return what the server gives of the items of mails, by UID; it may leave out any of both.

        :raises AnswerError: it refuses, or its answer cannot be read.
        """
        answer: dict[int, dict[bytes, Any]] = self._ask(lambda imap: imap.fetch(uids, items))
        self._setbacks = 0
        return answer

    def search(self, criteria: Sequence[object]) -> list[int]:
        """Return the UIDs of mails.

        :raises AnswerError: the server does not know how to search so, or its answer cannot be read.
        """
        return sorted(set(self._ask(lambda imap: imap.search(criteria))))

    def every_uid(self) -> list[int]:
        """Return the UIDs of all mails without a search.

        :raises AnswerError: as the others.
        """
        uids: set[int] = set()
        for start in range(1, self._mail_count + 1, _MOST_AT_ONCE):
            numbers = range(start, min(start + _MOST_AT_ONCE, self._mail_count + 1))
            answer = self._ask(partial(_fetch_by_number, numbers=numbers))
            uids |= {one[b"UID"] for one in answer.values() if b"UID" in one}
        return sorted(uids)

    def refresh(self) -> None:
        """Let the server notice what others deleted since the mailbox was opened.

        :raises AnswerError: as the others.
        """
        self._ask(lambda imap: imap.noop())

    def _ask(self, command: Callable[[IMAPClient], _T]) -> _T:
        try:
            return command(self._imap)
        except (IMAPClientAbortError, OSError) as error:
            reason = self._imap.farewell or _reason(error)
            self._reopen(error, reason)
            raise BrokenError(reason, self._setbacks) from error
        except IMAPClientError as error:
            reason = _reason(error)
            self._go_on_after(error, reason)
            raise AnswerError(reason) from error
        except Exception as error:  # noqa: BLE001  (IMAPClient's parser: six kinds, RecursionError among them)
            raise AnswerError(_reason(error)) from error

    def _go_on_after(self, error: Exception, reason: str) -> None:
        """Open the mailbox again if the connection was left in the middle of an answer."""
        try:
            self._imap.noop()
        except (IMAPClientError, OSError):
            self._reopen(error, reason)

    def _reopen(self, error: Exception, reason: str) -> None:
        """Open the mailbox over a new connection.

        :raises GreenxlError: that fails, or the server has broken off too often.
        """
        self._setbacks += _SETBACKS_OF_A_TIMEOUT if isinstance(error, TimeoutError) else 1
        _shut(self._imap)
        if self._setbacks > _MOST_SETBACKS:
            raise _lost(self._server, error, reason) from error
        try:
            self._imap = _connect(self._server)
            state = _examine(self._imap, self._server, self._mailbox)
        except GreenxlError as second:
            raise _lost(self._server, error, reason) from second
        if int(state.get(b"UIDVALIDITY", 0)) != self.validity:
            raise _lost(self._server, IMAPClientError(), "UIDVALIDITY")


def _fetch_by_number(imap: IMAPClient, numbers: Sequence[int]) -> dict[int, dict[bytes, Any]]:
    imap.use_uid = False
    try:
        answer: dict[int, dict[bytes, Any]] = imap.fetch(numbers, ["UID"])
        return answer
    finally:
        imap.use_uid = True


def _shut(imap: IMAPClient) -> None:
    with suppress(IMAPClientError, OSError):
        imap.shutdown()


def _lost(server: Server, error: Exception, reason: str) -> GreenxlError:
    """Return the error of a server that broke off, and how to go on."""
    if isinstance(error, OSError):
        return connection_error(server, error)
    return GreenxlError(
        _(
            "{server}: the mail server broke off ({reason}). Run the command again: it goes on where it was."
        ).format(server=server, reason=reason)
    )


def _connect(server: Server) -> _Client:
    """Return an encrypted connection that is logged in and has said who it is.

    :raises GreenxlError: unreachable, without encryption, not to be trusted, or the login is refused.
    """
    timeout = SocketTimeout(server.timeout, server.timeout)
    with _errors_explained(server):
        imap = _Client(
            server.host, server.port, ssl=server.implicit_tls, ssl_context=tls_context(), timeout=timeout
        )
        try:
            _log_in(imap, server)
        except IMAPClientAbortError as error:
            _shut(imap)
            raise _lost(server, error, imap.farewell or _reason(error)) from error
        except BaseException:
            _shut(imap)
            raise
        return imap


@contextmanager
def _errors_explained(server: Server) -> Iterator[None]:
    """:raises GreenxlError: instead of every error of a connection that is being opened."""
    try:
        yield
    except IMAPClientAbortError as error:
        raise _lost(server, error, _reason(error)) from error
    except OSError as error:
        raise connection_error(server, error) from error
    except (IMAPClientError, ValueError) as error:  # imaplib decodes what it is greeted with as ASCII
        raise refusal_error(server, _words(error)) from error


def _log_in(imap: _Client, server: Server) -> None:
    imap.normalise_times = False
    if not server.implicit_tls:
        if imap.has_capability("STARTTLS"):
            imap.starttls(tls_context())
        else:
            refuse_plain(server)
    refuse_non_ascii_login(server)
    try:
        imap.login(server.user, server.password)
    except LoginError as error:
        closed = isinstance(error.__context__, IMAPClientAbortError)
        reason = _("the server closed the connection") if closed else _reason(error)
        raise login_error(server, imap.farewell or reason) from error
    if imap.has_capability("ID"):
        with suppress(IMAPClientError):  # a server that refuses it may open the mailbox all the same
            imap.id_({"name": "greenxl", "version": __version__})


def _examine(imap: _Client, server: Server, mailbox: str) -> Mapping[bytes, Any]:
    """Open the mailbox read-only and return the state that the server tells.

    :raises GreenxlError: the server holds the login to be unsafe, as 163 does only now.
    :raises WrongUseError: it has no such mailbox.
    """
    with _errors_explained(server):
        try:
            return imap.select_folder(mailbox, readonly=True)  # type: ignore[no-any-return]
        except IMAPClientAbortError:
            raise
        except IMAPClientError as error:
            reason = _reason(error)
            if is_unsafe_login(reason):
                raise login_error(server, reason) from error
            raise WrongUseError(
                _(
                    "The mailbox “{mailbox}” cannot be opened ({answer}). "
                    "Choose one of those on the server with --mailbox: {names}."
                ).format(mailbox=mailbox, answer=reason, names=_folder_names(imap))
            ) from error


def _folder_names(imap: IMAPClient) -> str:
    return "、".join(str(name) for _flags, _delimiter, name in imap.list_folders())
