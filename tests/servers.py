"""Real mail servers on loopback: a scripted SMTP server, and Postfix and Dovecot as Debian ships them.

Everything they need stands in a temporary folder: settings, certificates, mailboxes, logs.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path
from typing import Any

import trustme
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

HOST = "localhost"
PASSWORD = "geheim"


class Authority:
    """An authority of our own that signs the servers' certificates."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "authority.pem"
        self._authority = trustme.CA()
        self._authority.cert_pem.write_to_path(str(self.file))

    def certificate(self, name: str = HOST) -> trustme.LeafCert:
        return self._authority.issue_cert(name)

    def context(self, name: str = HOST) -> ssl.SSLContext:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        self.certificate(name).configure_cert(context)
        return context


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@dataclass
class Postman:
    """A scripted SMTP server: what it answers, and every message that it took."""

    refusals: dict[str, str] = field(default_factory=dict)
    """Address -> the answer to its RCPT."""
    answer: str = "250 OK, queued"
    """The answer to DATA; "" drops the connection once the message is there, "wait" says nothing for long."""
    on_data: Callable[[], None] = lambda: None
    """Called while the client waits for the answer to DATA."""
    password: str = ""
    """The one that it wants; "" offers no login."""
    messages: list[tuple[str, EmailMessage]] = field(default_factory=list)
    logins: list[str] = field(default_factory=list)

    async def handle_RCPT(  # noqa: N802  (aiosmtpd's name for it)
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address in self.refusals:
            return self.refusals[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        assert isinstance(envelope.content, bytes)
        message = BytesParser(policy=policy.default).parsebytes(envelope.content)
        self.on_data()
        self.messages += [(address, message) for address in envelope.rcpt_tos]
        if not self.answer:
            assert isinstance(server.transport, asyncio.Transport)
            server.transport.abort()
        if self.answer == "wait":
            await asyncio.sleep(5)
        return self.answer or "250 OK"

    def authenticate(
        self, server: SMTP, session: Session, envelope: Envelope, way: str, data: Any
    ) -> AuthResult:
        assert isinstance(data, LoginPassword)
        self.logins.append(data.login.decode())
        return AuthResult(success=self.password == data.password.decode(), handled=False)

    def to(self, address: str) -> list[EmailMessage]:
        return [message for to, message in self.messages if to == address]


@contextmanager
def smtp(
    postman: Postman,
    context: ssl.SSLContext | None,
    *,
    implicit: bool = False,
    size: int = 33554432,
) -> Iterator[str]:
    """Give the address of the postman's server; without a context it offers no encryption."""
    port = free_port()
    controller = Controller(
        postman,
        "127.0.0.1",
        port,
        ready_timeout=20,
        ssl_context=context if implicit else None,
        tls_context=None if implicit else context,
        require_starttls=bool(context) and not implicit,
        auth_require_tls=bool(context) and not implicit,
        authenticator=postman.authenticate,
        auth_exclude_mechanism=[] if postman.password else ["LOGIN", "PLAIN"],
        data_size_limit=size,
        server_hostname=HOST,
    )
    controller.start()
    try:
        yield f"smtp{'s' if implicit else ''}://{HOST}:{port}"
    finally:
        controller.stop()
