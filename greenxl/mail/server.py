"""The mail servers: where they are, the login, the encryption. Shared by sending and collecting.

The campaign names servers and user, the environment goes before it. A password comes from the environment,
the system's keyring or a prompt; never from a file of the round, and it is never shown.
"""

import imaplib
import ipaddress
import os
import smtplib
import ssl
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from urllib.parse import SplitResult, unquote, urlsplit

from greenxl.campaign.settings import MailSettings
from greenxl.errors import GreenxlError, WrongUseError
from greenxl.i18n import N_, _
from greenxl.mime import decode_guessing
from greenxl.system_errors import reason_of

_PASSWORD_VARIABLE = "GREENXL_MAIL_PASSWORD"
_KEYRING_SERVICE = "greenxl"

_DEFAULT_PORTS = {"smtps": 465, "smtp": 587, "imaps": 993, "imap": 143}
_IMPLICIT_TLS_PORTS = {465, 993}
"""Ports on which encryption comes first, whatever the address says."""

Ask = Callable[[str], str]
"""Asks a person the question and returns the answer."""


@dataclass(frozen=True, slots=True)
class _Protocol:
    """Where the server of a protocol is named, for messages too."""

    scheme: str
    variable: str
    setting: str
    example: str


_SMTP = _Protocol(
    scheme="smtp",
    variable="GREENXL_SMTP_URL",
    setting="“mail_server”（发信服务器）",
    example="smtps://smtp.qq.com:465",
)
_IMAP = _Protocol(
    scheme="imap",
    variable="GREENXL_IMAP_URL",
    setting="“mail_imap”（收信服务器）",
    example="imaps://imap.qq.com:993",
)


@dataclass(frozen=True, slots=True)
class Server:
    """A mail server, and how to connect to it."""

    host: str
    port: int
    implicit_tls: bool
    """Encrypted from the first byte; else by STARTTLS."""
    user: str = ""
    """"" where it wants no login."""
    password: str = field(default="", repr=False)
    allow_plain: bool = False
    """Do without encryption if it offers none and is on this computer."""
    timeout: float = 60.0
    """Seconds that it may take to answer."""

    def __str__(self) -> str:
        return f"{self.host}:{self.port}"

    @property
    def is_loopback(self) -> bool:
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return self.host == "localhost"


def sending_server(
    settings: MailSettings,
    ask: Ask,
    environment: Mapping[str, str] = os.environ,
    *,
    allow_plain: bool = False,
) -> tuple[Server, str]:
    """Return the server that mail goes out by, with its password, and the sender.

    :raises WrongUseError: no server, sender or password is named, or the server's address is wrong.
    """
    server = _find_server(_SMTP, settings, environment)
    sender = settings.sender or server.user
    if not sender:
        raise WrongUseError(
            _("No sender is named. Fill in the setting “mail_sender” (发件人) of the campaign.")
        )
    password = _find_password(server, ask, environment) if server.user else ""
    return replace(server, password=password, allow_plain=allow_plain), sender


def collecting_server(
    settings: MailSettings,
    ask: Ask,
    environment: Mapping[str, str] = os.environ,
    *,
    allow_plain: bool = False,
) -> Server:
    """Return the server that mail comes in by, with its password.

    :raises WrongUseError: no server, user or password is named, or the server's address is wrong.
    """
    server = _find_server(_IMAP, settings, environment)
    if not server.user:
        raise WrongUseError(
            _("No user is named. Fill in the setting “mail_user” (邮箱账号) of the campaign.")
        )
    password = _find_password(server, ask, environment)
    return replace(server, password=password, allow_plain=allow_plain)


def _find_server(protocol: _Protocol, settings: MailSettings, environment: Mapping[str, str]) -> Server:
    url = environment.get(protocol.variable)
    if url:
        return _server(protocol, url, protocol.variable, settings.user)
    url = settings.server if protocol is _SMTP else settings.imap
    if not url:
        raise WrongUseError(
            _(
                "No mail server is named. Fill in the setting {setting} of the campaign, like {example}, "
                "or set {variable}."
            ).format(setting=protocol.setting, example=protocol.example, variable=protocol.variable)
        )
    server = _server(protocol, url, protocol.setting, settings.user)
    if server.password:
        raise WrongUseError(
            _(
                "The setting {setting} contains a password. Delete it there; it is asked for, or "
                "set {variable}."
            ).format(setting=protocol.setting, variable=_PASSWORD_VARIABLE)
        )
    return server


def _server(protocol: _Protocol, url: str, place: str, user: str) -> Server:
    parts, port = _split(url)
    if parts is None or parts.scheme.removesuffix("s") != protocol.scheme or not parts.hostname:
        raise WrongUseError(
            _("{place}: this is not the address of a mail server. Write it like {example}.").format(
                place=place, example=protocol.example
            )
        )
    port = port or _DEFAULT_PORTS[parts.scheme]
    return Server(
        host=parts.hostname,
        port=port,
        implicit_tls=parts.scheme.endswith("s") or port in _IMPLICIT_TLS_PORTS,
        user=unquote(parts.username or "") or user,
        password=unquote(parts.password or ""),
    )


def _split(url: str) -> tuple[SplitResult | None, int | None]:
    try:
        parts = urlsplit(url.strip())
        return parts, parts.port
    except ValueError:
        return None, None


def _find_password(server: Server, ask: Ask, environment: Mapping[str, str]) -> str:
    """Return the password of the server's user; ``ask`` is the last resort, on a terminal."""
    found = server.password or environment.get(_PASSWORD_VARIABLE) or _from_keyring(server.user)
    if found:
        return found
    if sys.stdin and sys.stdin.isatty():
        return ask(_("Password (authorisation code) of {user}").format(user=server.user))
    raise WrongUseError(
        _(
            "No password for {user}. Set {variable}, store it with “keyring set greenxl {user}”, "
            "or run the command on a terminal."
        ).format(user=server.user, variable=_PASSWORD_VARIABLE)
    )


def _from_keyring(user: str) -> str | None:
    try:
        import keyring
        import keyring.errors
    except ImportError:
        return None
    try:
        return keyring.get_password(_KEYRING_SERVICE, user)
    except (keyring.errors.KeyringError, RuntimeError, OSError):
        return None


def tls_context() -> ssl.SSLContext:
    """Return what checks a server's certificate against the system's authorities (or ``SSL_CERT_FILE``)."""
    return ssl.create_default_context()


def refuse_plain(server: Server) -> None:
    """Refuse a server that offers no encryption; only a test on this computer may do without.

    :raises GreenxlError: unless that is allowed and the server is on this computer.
    """
    if not (server.allow_plain and server.is_loopback):
        raise GreenxlError(
            _(
                "{server}: the server offers no encryption (STARTTLS), so nothing was sent to it. "
                "Ask its operator for the encrypted port, such as 465 or 993."
            ).format(server=server)
        )


def refuse_non_ascii_login(server: Server) -> None:
    """Refuse a user or password that a login command cannot carry.

    :raises GreenxlError: it holds other than ASCII characters.
    """
    if not (server.user + server.password).isascii():
        raise GreenxlError(
            _(
                "{server}: user or password has Chinese or full-width characters, which no mail server "
                "takes. Type them with English letters, digits and marks."
            ).format(server=server)
        )


def answered(answer: object) -> str:
    """Return a server's own words, as a quotation in a sentence of ours."""
    return _("answer: “{answer}”").format(answer=answer)


def readable_words(answer: bytes | str) -> str:
    """Return a server's words on one line; Chinese servers answer in UTF-8 or GBK."""
    return " ".join((answer if isinstance(answer, str) else decode_guessing(answer)).split())


def is_unsafe_login(answer: str) -> bool:
    """Whether 163 or 126 says so that it does not like how the login was made; not only at the login."""
    return "unsafe login" in answer.lower()


def login_error(server: Server, reason: str) -> GreenxlError:
    """Return the error of a login that was refused; ``reason`` says how, or is what the server answered."""
    if is_unsafe_login(reason):
        return GreenxlError(
            _(
                "{server}: the provider takes the login of {user} for unsafe ({answer}). On its web page, "
                "under settings (设置), switch on IMAP/SMTP (开启IMAP/SMTP服务), and use the authorisation "
                "code (授权码) that it gives then as the password. If that is done, write to the address "
                "that it names."
            ).format(server=server, user=server.user, answer=reason)
        )
    return GreenxlError(
        _(
            "{server}: the login of {user} was refused ({answer}). Check user and password; QQ, 163 and 126 "
            "want IMAP/SMTP to be switched on in their web page (开启IMAP/SMTP服务), and the authorisation "
            "code (授权码) that it gives then, not the password."
        ).format(server=server, user=server.user, answer=reason)
    )


def refusal_error(server: Server, answer: str) -> GreenxlError:
    """Return the error of a server that does not let anybody begin; ``answer`` are its words."""
    return GreenxlError(
        _("{server}: the server refused the connection ({answer}). Try again later.").format(
            server=server, answer=answered(answer)
        )
    )


def login_way_error(server: Server, offered: Iterable[str]) -> GreenxlError:
    """Return the error of a server that lets nobody in by a password; ``offered`` are its own ways."""
    return GreenxlError(
        _(
            "{server}: the server offers no login by password ({offered}). Ask its operator for a password "
            "for programs (授权码, app password), or for a server that takes one."
        ).format(server=server, offered=" ".join(offered))
    )


def sender_error(server: Server, sender: str, answer: str) -> GreenxlError:
    """Return the error of a server that refuses mail of a sender; ``answer`` are its words."""
    return GreenxlError(
        _(
            "{server}: the server takes no mail from {sender} ({answer}). Most want the sender to be the "
            "login: let the setting “mail_sender” (发件人) hold the address of {user}, or leave it blank."
        ).format(server=server, sender=sender, answer=answered(answer), user=server.user or sender)
    )


def connection_error(server: Server, error: Exception) -> GreenxlError:
    """Return the error of a connection that failed: what happened, and what to check."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return GreenxlError(
            _(
                "{server}: the server’s certificate cannot be trusted ({reason}), so nothing was sent to it. "
                "Check the server’s name; if it has a certificate of its own authority, "
                "name that in SSL_CERT_FILE."
            ).format(server=server, reason=_certificate_problem(error))
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
        ).format(server=server, reason=lost_because(error))
    )


_CERTIFICATE_PROBLEMS = {
    9: N_("it is not valid yet"),
    10: N_("it has expired"),
    18: N_("it is signed by itself"),
    19: N_("who issued it is not known here"),
    20: N_("who issued it is not known here"),
    21: N_("who issued it is not known here"),
    62: N_("it belongs to another server"),
    64: N_("it belongs to another server"),
}
"""By X509_V_ERR_…, the codes of OpenSSL."""


def _certificate_problem(error: ssl.SSLCertVerificationError) -> str:
    return _(_CERTIFICATE_PROBLEMS.get(error.verify_code, f"OpenSSL {error.verify_code}"))


def lost_because(error: Exception) -> str:
    """Return why a connection failed or was lost; a foreign library’s own words are quoted."""
    if isinstance(error, OSError) and (error.errno is not None or isinstance(error, TimeoutError)):
        return _(reason_of(error))
    if isinstance(error, smtplib.SMTPServerDisconnected | imaplib.IMAP4.abort):
        return _("the connection was closed")
    return f"“{error}”"
