"""Sending: one message per recipient over SMTP, each recipient's answer in the send log.

The log is a journal: ``sending`` stands there before the server gets the message, then ``sent``, ``refused``
or ``unknown``. A run that died in between leaves ``sending``, which reads as unknown: the message may have
arrived, so it is not sent again unless that is asked for. It then keeps its Message-ID, by which many
servers drop the second copy.
"""

import smtplib
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from greenxl.campaign.model import Campaign
from greenxl.errors import GreenxlError
from greenxl.i18n import _
from greenxl.mail.journal import Journal, Record, opened, read
from greenxl.mail.letters import Letter, digest
from greenxl.mail.message import address_of, bare_address, message
from greenxl.mail.server import TIMEOUT, Server, encryption, login_refused, refuse_plain, unreachable

State = Literal["sent", "refused", "unknown"]
_HELLO = "[127.0.0.1]"
"""The name we greet with: a computer's own may hold Chinese characters, which SMTP has no way to say."""


@dataclass(frozen=True, slots=True)
class Past:
    """What the send log says of one message to one recipient."""

    state: State | None = None
    """None: never tried."""
    sent: int = 0
    time: str = ""
    answer: str = ""


@dataclass(frozen=True, slots=True)
class Planned:
    letter: Letter
    key: str
    past: Past
    due: bool
    """It is to be sent in this run."""

    @property
    def message_id(self) -> str:
        """Return an id that stays the same until the message was sent."""
        return f"{self.key[:32]}.{self.past.sent}"


@dataclass(frozen=True, slots=True)
class Sent:
    planned: Planned
    state: State
    answer: str


def plan(
    letters: Iterable[Letter],
    campaign: Campaign,
    log: Iterable[Record],
    *,
    resend: bool = False,
    again: bool = False,
) -> list[Planned]:
    """Return which letters are due: never tried or refused; ``resend`` adds unknown ones, ``again`` all."""
    pasts = history(log)
    due: set[State | None] = {None, "refused"}
    if resend or again:
        due.add("unknown")
    if again:
        due.add("sent")
    planned: list[Planned] = []
    for letter in letters:
        key = digest([campaign.id, letter.kind, letter.address.casefold(), letter.content])
        past = pasts.get(key, Past())
        twin = bool(letter.address) and any(one.key == key for one in planned)
        planned.append(Planned(letter, key, past, past.state in due and not twin))
    return planned


def history(log: Iterable[Record]) -> dict[str, Past]:
    """Return the last state of every message in the log; one that never got an answer is unknown."""
    pasts: dict[str, Past] = {}
    for record in log:
        before = pasts.get(record["key"], Past())
        state: State = "unknown" if record["state"] == "sending" else record["state"]
        sent = before.sent + (state == "sent")
        pasts[record["key"]] = Past(state, sent, record["time"], record.get("answer", ""))
    return pasts


def send(
    planned: Iterable[Planned],
    server: Server,
    password: str,
    sender: str,
    log: Path,
    *,
    insecure: bool = False,
    timeout: float = TIMEOUT,
) -> Iterator[Sent]:
    """Send what is due and yield each recipient's answer; a refused recipient does not stop the rest.

    :raises GreenxlError: the server cannot be reached, or refuses the login.
    """
    post = _Post(server, password, insecure, timeout)
    origin = address_of(sender)
    due = [one for one in planned if one.due]
    with opened(log) as journal:
        # Another run may have sent some between the plan and the lock.
        pasts = history(read(log))
        try:
            for one in due:
                if pasts.get(one.key, Past()).sent == one.past.sent:
                    message_id = f"<{one.message_id}@{origin.domain}>"
                    data = message(one.letter, sender, message_id, datetime.now(UTC).astimezone())
                    yield _send(post, one, origin.addr_spec, data, journal)
        finally:
            post.quit()


def _send(post: "_Post", one: Planned, origin: str, data: bytes, journal: Journal) -> Sent:
    facts = _facts(one)

    def begin() -> None:
        journal.write({**facts, "state": "sending"})

    state, answer = post.deliver(origin, bare_address(one.letter.address), data, begin)
    journal.write({**facts, "state": state, "answer": answer})
    return Sent(one, state, answer)


def _facts(one: Planned) -> Record:
    letter = one.letter
    return {
        "key": one.key,
        "kind": letter.kind,
        "name": letter.name,
        "address": letter.address,
        "subject": letter.subject,
        "attachments": [{"name": a.name, "bytes": len(a.data)} for a in letter.attachments],
    }


class _Post:
    """A connection that is made when it is needed, and made again after the server dropped it."""

    def __init__(self, server: Server, password: str, insecure: bool, timeout: float) -> None:
        self._server = server
        self._password = password
        self._insecure = insecure
        self._timeout = timeout
        self._smtp: smtplib.SMTP | None = None

    def deliver(self, origin: str, address: str, data: bytes, begin: Callable[[], None]) -> tuple[State, str]:
        """Give the server a message for one address; ``begin`` is called before it gets the text."""
        smtp = self._connected()
        begun = False
        try:
            refusal = _envelope(smtp, origin, address, len(data))
            if refusal:
                return "refused", refusal
            begin()
            begun = True
            code, answer = smtp.data(data)
            return ("sent" if code == 250 else "refused"), _answer(code, answer)
        except smtplib.SMTPDataError as error:
            return "refused", _answer(error.smtp_code, error.smtp_error)
        except (smtplib.SMTPException, OSError) as error:
            self._drop()
            return ("unknown" if begun else "refused"), _("connection lost ({reason})").format(reason=error)

    def _connected(self) -> smtplib.SMTP:
        if self._smtp is None:
            self._smtp = connect(self._server, self._password, self._insecure, self._timeout)
        return self._smtp

    def _drop(self) -> None:
        if self._smtp:
            self._smtp.close()
        self._smtp = None

    def quit(self) -> None:
        if self._smtp:
            with suppress(smtplib.SMTPException, OSError):
                self._smtp.quit()
        self._drop()


def _envelope(smtp: smtplib.SMTP, origin: str, address: str, length: int) -> str | None:
    """Return the server's refusal of sender, size or recipient, None where it takes all three."""
    options = [f"size={length}"] if smtp.has_extn("size") else []
    code, answer = smtp.mail(origin, options)
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


def connect(server: Server, password: str, insecure: bool, timeout: float) -> smtplib.SMTP:
    """Return an encrypted connection that is logged in.

    :raises GreenxlError: unreachable, without encryption, not to be trusted, or the login is refused.
    """
    smtp: smtplib.SMTP | None = None
    try:
        smtp = _greeted(server, insecure, timeout)
        if server.user:
            smtp.login(server.user, password)
        return smtp
    except smtplib.SMTPAuthenticationError as error:
        failure = login_refused(server, _answer(error.smtp_code, error.smtp_error))
    except UnicodeEncodeError:
        failure = login_refused(server, _("user or password holds other than ASCII characters"))
    except (smtplib.SMTPServerDisconnected, smtplib.SMTPHeloError) as error:
        failure = unreachable(server, error)
    except smtplib.SMTPResponseException as error:
        failure = GreenxlError(
            _("{server}: the server refuses to talk ({answer}). Try again later.").format(
                server=server, answer=_answer(error.smtp_code, error.smtp_error)
            )
        )
    except smtplib.SMTPException:  # no AUTH at all, or none that smtplib knows
        failure = GreenxlError(
            _("{server}: the server offers no login. Leave the setting “mail_user” (邮箱账号) blank.").format(
                server=server
            )
        )
    except OSError as error:
        failure = unreachable(server, error)
    except GreenxlError as error:
        failure = error
    if smtp:
        smtp.close()
    raise failure


def _greeted(server: Server, insecure: bool, timeout: float) -> smtplib.SMTP:
    smtp: smtplib.SMTP
    if server.implicit:
        smtp = smtplib.SMTP_SSL(server.host, server.port, _HELLO, timeout=timeout, context=encryption())
    else:
        smtp = smtplib.SMTP(server.host, server.port, _HELLO, timeout=timeout)
    try:
        smtp.ehlo_or_helo_if_needed()
        if server.implicit:
            return smtp
        if smtp.has_extn("starttls"):
            smtp.starttls(context=encryption())
            smtp.ehlo()
        else:
            refuse_plain(server, insecure)
    except BaseException:
        smtp.close()
        raise
    return smtp
