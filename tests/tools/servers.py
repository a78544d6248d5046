"""Real mail servers on loopback: a scripted SMTP server, and Postfix and Dovecot as Debian ships them.

Everything they need stands in a temporary folder: settings, certificates, mailboxes, logs.
"""

from __future__ import annotations

import asyncio
import os
import select
import shutil
import socket
import ssl
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path
from types import MappingProxyType
from typing import Any

import openpyxl
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


def fill_in(
    campaign: Path,
    towns: Sequence[str | None] = (),
    people: Sequence[str | None] = (),
    settings: Mapping[str, str] = MappingProxyType({}),
) -> None:
    """Fill in addresses and settings as a clerk does, in the campaign's workbook; None leaves one alone."""
    book = openpyxl.load_workbook(campaign)
    for sheet, column, addresses in (("街道（镇）", 6, towns), ("收件人", 2, people)):
        for row, address in enumerate(addresses, 2):
            if address is not None:
                book[sheet].cell(row, column, address)
    page = book["设置"]
    rows = {page.cell(row, 1).value: row for row in range(2, page.max_row + 1)}
    for name, value in settings.items():
        place = rows.get(name, page.max_row + 1)
        page.cell(place, 1, name)
        page.cell(place, 2, value)
    book.save(campaign)


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


SBIN = Path("/usr/sbin")
POSTFIX = Path("/usr/lib/postfix/sbin")
KEEPER = "nobody"
"""The user that owns the mailboxes: neither Postfix nor Dovecot serves root's."""


def missing_dovecot() -> str | None:
    """Why Dovecot cannot be started here, or None."""
    if not (SBIN / "dovecot").exists():
        return "Dovecot is not installed (package dovecot-imapd)"
    return None if os.geteuid() == 0 else "only root can start Dovecot"


def missing_post() -> str | None:
    """Why Postfix with Dovecot cannot be started here, or None."""
    return missing_dovecot() or (None if (SBIN / "postfix").exists() else "Postfix is not installed")


@contextmanager
def public_folder() -> Iterator[Path]:
    """Give a temporary folder that the servers' own users may enter."""
    with tempfile.TemporaryDirectory(prefix="post-", ignore_cleanup_errors=True) as temporary:
        folder = Path(temporary)
        folder.chmod(0o755)
        yield folder


DOVECOT = """
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/dovecot.log
protocols = imap
listen = 127.0.0.1
ssl = {ssl}
ssl_cert = <{folder}/server.pem
ssl_key = <{folder}/server.key
auth_mechanisms = plain login
disable_plaintext_auth = {plain}
auth_failure_delay = 0
auth_username_format = %Lu
passdb {{
  driver = passwd-file
  args = scheme=PLAIN username_format=%u {folder}/users
}}
userdb {{
  driver = static
  args = uid={user} gid=nogroup home={folder}/mail/%n
}}
mail_location = maildir:~/Maildir
first_valid_gid = 0
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {imap}
  }}
  inet_listener imaps {{
    port = {imaps}
    ssl = yes
  }}
}}
service auth {{
  inet_listener {{
    port = {auth}
  }}
}}
service anvil {{
  chroot =
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service stats {{
  chroot =
}}
protocol imap {{
  rawlog_dir = {folder}/raw/%n
}}
"""


class Dovecot:
    """An IMAP server with a mailbox per user, ``user@round.test``."""

    def __init__(self, folder: Path, authority: Authority, users: Sequence[str], *, tls: bool = True) -> None:
        self.folder = folder
        self.users = users
        self.imap, self.imaps, self.auth = free_port(), free_port(), free_port()
        leaf = authority.certificate()
        leaf.private_key_pem.write_to_path(str(folder / "server.key"))
        with (folder / "server.pem").open("wb") as file:
            file.writelines(blob.bytes() for blob in leaf.cert_chain_pems)
        lines = [f"{user}@{DOMAIN}:{{PLAIN}}{PASSWORD}" for user in users]
        (folder / "users").write_text("\n".join(lines) + "\n")
        (folder / "dovecot.conf").write_text(
            DOVECOT.format(
                folder=folder,
                user=KEEPER,
                imap=self.imap,
                imaps=self.imaps if tls else 0,
                auth=self.auth,
                ssl="yes" if tls else "no",
                plain="yes" if tls else "no",
            )
        )
        (folder / "mail").mkdir()
        for user in users:
            (folder / "raw" / user).mkdir(parents=True)
            shutil.chown(folder / "raw" / user, KEEPER)
        shutil.chown(folder / "mail", KEEPER)

    @property
    def address(self) -> str:
        return f"imaps://{HOST}:{self.imaps}"

    @property
    def plain_address(self) -> str:
        """The port that begins plain and knows STARTTLS."""
        return f"imap://{HOST}:{self.imap}"

    def box(self, user: str) -> Path:
        return self.folder / "mail" / user / "Maildir"

    def put(self, user: str, *mails: bytes) -> None:
        """Put mails into a mailbox as a delivery agent does."""
        for part in ("new", "cur", "tmp"):
            (self.box(user) / part).mkdir(parents=True, exist_ok=True)
        start = time.time_ns()
        for number, mail in enumerate(mails):
            (self.box(user) / "new" / f"{start + number}.M1P1.{HOST}").write_bytes(mail)
        for path in (self.box(user).parent, *self.box(user).parent.rglob("*")):
            shutil.chown(path, KEEPER)

    def forget(self, user: str) -> None:
        """Number the mailbox's mails anew, under another UIDVALIDITY."""
        for file in self.box(user).glob("dovecot*"):
            file.unlink()
        time.sleep(1.1)  # Dovecot takes the second as the new UIDVALIDITY

    def asked(self, user: str) -> str:
        """What a user's clients sent after their login, in order."""
        files = sorted((self.folder / "raw" / user).glob("*.in"), key=lambda f: f.stat().st_mtime_ns)
        return "".join(file.read_text("utf-8", "replace") for file in files)


DOMAIN = "round.test"


@contextmanager
def dovecot(
    folder: Path, authority: Authority, users: Sequence[str], *, tls: bool = True
) -> Iterator[Dovecot]:
    made = Dovecot(folder, authority, users, tls=tls)
    process = subprocess.Popen(
        [SBIN / "dovecot", "-F", "-c", folder / "dovecot.conf"], stderr=subprocess.PIPE, encoding="utf-8"
    )
    try:
        _wait_for(made.imap, process)
        yield made
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
        process.communicate()


def _wait_for(port: int, process: subprocess.Popen[str] | None = None) -> None:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        if process and process.poll() is not None:
            raise RuntimeError(f"the server ended: {process.communicate()[1]}")
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.05)
    raise RuntimeError(f"no server on port {port}")


@contextmanager
def cut_after(port: int, length: int) -> Iterator[int]:
    """Give a port that leads to another, until it has handed back so many bytes: then it breaks off."""
    with socket.create_server(("127.0.0.1", 0)) as door:
        thread = threading.Thread(target=_lead, args=(door, port, length), daemon=True)
        thread.start()
        yield int(door.getsockname()[1])
    thread.join(10)


def _lead(door: socket.socket, port: int, length: int) -> None:
    with suppress(OSError):
        client, _address = door.accept()
        door.close()  # who comes again is refused at once
        with client, socket.create_connection(("127.0.0.1", port)) as server:
            while length > 0:
                for ready in select.select([client, server], [], [])[0]:
                    data = ready.recv(min(65_536, length) if ready is server else 65_536)
                    if not data:
                        return
                    (client if ready is server else server).sendall(data)
                    length -= len(data) if ready is server else 0


MAIN_CF = """
compatibility_level = 3.6
queue_directory = {folder}/spool
data_directory = {folder}/data
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
meta_directory = /etc/postfix
maillog_file = {folder}/post.log
maillog_file_prefixes = {folder}
mail_owner = postfix
setgid_group = postdrop
inet_interfaces = loopback-only
inet_protocols = ipv4
myhostname = mail.{domain}
mydestination =
mynetworks =
disable_dns_lookups = yes
smtpd_peername_lookup = no
virtual_mailbox_domains = {domain}
virtual_mailbox_base = {folder}/mail
virtual_mailbox_maps = texthash:{folder}/boxes
virtual_uid_maps = static:{uid}
virtual_gid_maps = static:{gid}
virtual_minimum_uid = 100
smtpd_tls_chain_files = {folder}/server.key, {folder}/server.pem
smtpd_tls_security_level = may
smtpd_tls_auth_only = yes
smtpd_sasl_type = dovecot
smtpd_sasl_path = inet:127.0.0.1:{auth}
smtpd_sasl_auth_enable = yes
smtpd_relay_restrictions = permit_sasl_authenticated, reject
smtpd_client_restrictions = permit_sasl_authenticated, reject
"""

MASTER_CF = """
127.0.0.1:{starttls} inet n - n - - smtpd
127.0.0.1:{implicit} inet n - n - - smtpd -o smtpd_tls_wrappermode=yes
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
proxymap unix - - n - - proxymap
error unix - - n - - error
retry unix - - n - - error
virtual unix - n n - - virtual
anvil unix - - n - 1 anvil
postlog unix-dgram n - n - 1 postlogd
"""


NO_TABLES: Mapping[str, str] = MappingProxyType({})


@dataclass
class Postfix:
    """An SMTP server that wants a login and delivers into Dovecot's mailboxes."""

    starttls: int
    implicit: int
    folder: Path

    @property
    def address(self) -> str:
        return f"smtps://{HOST}:{self.implicit}"

    @property
    def starttls_address(self) -> str:
        return f"smtp://{HOST}:{self.starttls}"


@contextmanager
def postfix(boxes: Dovecot, policy: str = "", tables: Mapping[str, str] = NO_TABLES) -> Iterator[Postfix]:
    """Give Postfix beside a running Dovecot, in its folder.

    :param policy: more lines of main.cf; ``{folder}`` is where the ``tables`` are written that they name.
    """
    import pwd  # not on Windows, where the other servers run

    folder = boxes.folder
    made = Postfix(free_port(), free_port(), folder)
    settings = folder / "postfix"
    settings.mkdir()
    for name in ("spool", "data"):
        (folder / name).mkdir()
    shutil.chown(folder / "data", "postfix")
    keeper = pwd.getpwnam(KEEPER)
    values = {
        "folder": folder,
        "domain": DOMAIN,
        "auth": boxes.auth,
        "uid": keeper.pw_uid,
        "gid": keeper.pw_gid,
    }
    (settings / "main.cf").write_text((MAIN_CF + policy).format(**values))
    for name, text in tables.items():
        (folder / name).write_text(text)
    (settings / "master.cf").write_text(MASTER_CF.format(starttls=made.starttls, implicit=made.implicit))
    (folder / "boxes").write_text("".join(f"{user}@{DOMAIN} {user}/Maildir/\n" for user in boxes.users))
    command = [str(SBIN / "postfix"), "-c", str(settings)]
    started = subprocess.run([*command, "start"], capture_output=True, encoding="utf-8", timeout=60)
    try:
        if started.returncode:
            raise RuntimeError(f"Postfix does not start: {started.stderr}")
        _wait_for(made.implicit)
        yield made
    finally:
        subprocess.run([*command, "stop"], capture_output=True, timeout=60)
