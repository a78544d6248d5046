"""Where mail goes out and comes in: the server, the login, the encryption. Shared by sending and collecting.

The campaign names servers and user, the environment goes before it. A password comes from the environment,
the system's keyring or a prompt; never from a file of the round, and it is never shown.
"""

import ipaddress
import os
import ssl
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import SplitResult, unquote, urlsplit

from greenxl.campaign.settings import MailSettings
from greenxl.errors import GreenxlError, WrongUseError
from greenxl.i18n import _

PASSWORD = "GREENXL_MAIL_PASSWORD"
KEYRING = "greenxl"
"""The name of the service in the system's keyring."""
TIMEOUT = 60.0

Protocol = Literal["smtp", "imap"]
VARIABLES: dict[Protocol, str] = {"smtp": "GREENXL_SMTP_URL", "imap": "GREENXL_IMAP_URL"}
SETTINGS: dict[Protocol, str] = {"smtp": "“mail_server”（发信服务器）", "imap": "“mail_imap”（收信服务器）"}
EXAMPLES: dict[Protocol, str] = {"smtp": "smtps://smtp.qq.com:465", "imap": "imaps://imap.qq.com:993"}
PORTS: dict[str, int] = {"smtps": 465, "smtp": 587, "imaps": 993, "imap": 143}
IMPLICIT = {465, 993}
"""Ports on which encryption comes first, whatever the address says."""


@dataclass(frozen=True, slots=True)
class Server:
    host: str
    port: int
    implicit: bool
    """Encrypted from the first byte; else by STARTTLS."""
    user: str
    password: str | None = field(default=None, repr=False)
    """As the environment's address states it."""

    def __str__(self) -> str:
        return f"{self.host}:{self.port}"

    @property
    def loopback(self) -> bool:
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return self.host == "localhost"


def server(protocol: Protocol, mail: MailSettings, environment: Mapping[str, str] = os.environ) -> Server:
    """Return the server that the environment, else the campaign names.

    :raises WrongUseError: none is named, or its address is wrong.
    """
    url = environment.get(VARIABLES[protocol], "")
    if url:
        return _server(protocol, url, VARIABLES[protocol], mail.user)
    setting = SETTINGS[protocol]
    url = mail.server if protocol == "smtp" else mail.imap
    if not url:
        raise WrongUseError(
            _(
                "No mail server is named. Fill in the setting {setting} of the campaign, like {example}, "
                "or set {variable}."
            ).format(setting=setting, example=EXAMPLES[protocol], variable=VARIABLES[protocol])
        )
    found = _server(protocol, url, setting, mail.user)
    if found.password:
        raise WrongUseError(
            _(
                "The setting {setting} holds a password. Delete it there; it is asked for, or set {variable}."
            ).format(setting=setting, variable=PASSWORD)
        )
    return found


def _server(protocol: Protocol, url: str, place: str, user: str) -> Server:
    parts, port = _split(url)
    if parts is None or parts.scheme not in (protocol, f"{protocol}s") or not parts.hostname:
        raise WrongUseError(
            _("{place}: this is no address of a mail server. Write it like {example}.").format(
                place=place, example=EXAMPLES[protocol]
            )
        )
    port = port or PORTS[parts.scheme]
    return Server(
        parts.hostname,
        port,
        parts.scheme.endswith("s") or port in IMPLICIT,
        unquote(parts.username or "") or user,
        unquote(parts.password) if parts.password else None,
    )


def _split(url: str) -> tuple[SplitResult | None, int | None]:
    try:
        parts = urlsplit(url.strip())
        return parts, parts.port
    except ValueError:
        return None, None


def password_of(
    server: Server,
    ask: Callable[[str], str] | None = None,
    environment: Mapping[str, str] = os.environ,
) -> str:
    """Return the password of the server's user; ``ask`` is the last resort, on a terminal.

    :raises WrongUseError: none is to be had.
    """
    found = server.password or environment.get(PASSWORD) or _from_keyring(server.user)
    if found:
        return found
    if ask and sys.stdin and sys.stdin.isatty():
        return ask(_("Password (authorisation code) of {user}").format(user=server.user))
    raise WrongUseError(
        _(
            "No password for {user}. Set {variable}, store it with “keyring set greenxl {user}”, "
            "or run the command on a terminal."
        ).format(user=server.user, variable=PASSWORD)
    )


def _from_keyring(user: str) -> str | None:
    try:
        import keyring
        import keyring.errors
    except ImportError:
        return None
    try:
        return keyring.get_password(KEYRING, user)
    except (keyring.errors.KeyringError, RuntimeError, OSError):
        return None


def encryption() -> ssl.SSLContext:
    """Return what checks a server's certificate against the system's authorities (or ``SSL_CERT_FILE``)."""
    return ssl.create_default_context()


def refuse_plain(server: Server, insecure: bool) -> None:
    """Refuse a server that offers no encryption; only a test on this computer may do without.

    :raises GreenxlError: unless ``insecure`` and on loopback.
    """
    if not (insecure and server.loopback):
        raise GreenxlError(
            _(
                "{server}: the server offers no encryption (STARTTLS), so nothing was sent to it. "
                "Ask its operator for the encrypted port, such as 465 or 993."
            ).format(server=server)
        )


def unreachable(server: Server, error: Exception) -> GreenxlError:
    """Return what to tell about a connection that failed."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return GreenxlError(
            _(
                "{server}: the server’s certificate cannot be trusted ({reason}), so nothing was sent to it. "
                "Check the server’s name; if it has a certificate of its own authority, "
                "name that in SSL_CERT_FILE."
            ).format(server=server, reason=error.verify_message)
        )
    if isinstance(error, ssl.SSLError):
        return GreenxlError(
            _(
                "{server}: no encrypted connection could be made ({reason}). Check the port: "
                "465 and 993 begin encrypted (smtps, imaps), others do not (smtp, imap)."
            ).format(server=server, reason=error.reason or error)
        )
    if isinstance(error, TimeoutError):
        return GreenxlError(
            _("{server}: the server did not answer in time. Check the network and try again.").format(
                server=server
            )
        )
    return GreenxlError(
        _(
            "{server}: the server cannot be reached ({reason}). Check its name, the port and the network."
        ).format(server=server, reason=getattr(error, "strerror", None) or error)
    )


def login_refused(server: Server, answer: str) -> GreenxlError:
    return GreenxlError(
        _(
            "{server}: the login of {user} was refused ({answer}). Check user and password; QQ, 163 and 126 "
            "want the authorisation code (授权码) that their web page gives, not the password."
        ).format(server=server, user=server.user, answer=answer)
    )
