"""Servers that answer as a test says, line by line, for what no well-behaved server does."""

import socketserver
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

HANG_UP = ""
"""Instead of an answer: the connection is closed."""


@dataclass
class ScriptedSmtp:
    """An SMTP server without encryption that takes every message, but for what the script says."""

    script: Mapping[tuple[int, str, int], str | Sequence[str]] = field(default_factory=dict)
    """(connection, verb, how many times it was said on it), all from 1 -> the answer; several lines of
    which the last may be :data:`HANG_UP`. The verb of the end of a message is ``.``."""
    features: tuple[str, ...] = ()
    said: list[tuple[int, str]] = field(default_factory=list)
    """Every connection and line of a client, but for the messages themselves."""
    messages: list[str] = field(default_factory=list)
    """The recipients of messages that were taken."""

    def verbs(self, connection: int) -> list[str]:
        return [line.split()[0].upper() for number, line in self.said if number == connection]

    def _ordinary(self, verb: str) -> str:
        if verb == "EHLO":
            lines = ["scripted", *self.features]
            return "\r\n".join(
                f"250{'-' if n < len(lines) else ' '}{line}" for n, line in enumerate(lines, 1)
            )
        return {"DATA": "354 go on", "QUIT": "221 bye", "AUTH": "235 welcome"}.get(verb, "250 OK")

    def serve(self, connection: int, handler: socketserver.StreamRequestHandler) -> None:
        counts: Counter[str] = Counter()
        recipient = ""
        if not self._answer(handler, connection, "hello", counts, "220 scripted")[1]:
            return
        while line := handler.rfile.readline().decode().strip():
            verb = line.split()[0].upper()
            self.said.append((connection, line))
            if verb == "RCPT":
                recipient = line.partition("<")[2].rstrip(">")
            answer, goes_on = self._answer(handler, connection, verb, counts, self._ordinary(verb))
            if verb == "DATA" and answer.startswith("354"):
                while handler.rfile.readline() not in (b".\r\n", b""):
                    pass
                answer, goes_on = self._answer(handler, connection, ".", counts, "250 taken")
                self.messages += [recipient] if answer.startswith("250") else []
            if not goes_on or verb == "QUIT":
                return

    def _answer(
        self,
        handler: socketserver.StreamRequestHandler,
        connection: int,
        verb: str,
        counts: Counter[str],
        ordinary: str,
    ) -> tuple[str, bool]:
        """Send an answer and return it, and whether the connection goes on."""
        counts[verb] += 1
        scripted = self.script.get((connection, verb, counts[verb]), ordinary)
        lines = [scripted] if isinstance(scripted, str) else scripted
        said = [line for line in lines if line]
        for line in said:
            handler.wfile.write(f"{line}\r\n".encode())
        return "".join(said[-1:]), HANG_UP not in lines


@contextmanager
def scripted(server: ScriptedSmtp) -> Iterator[str]:
    """Give the server's address as long as the block lasts."""
    with _listening(server.serve) as port:
        yield f"smtp://127.0.0.1:{port}"


@contextmanager
def _listening(serve: Callable[[int, socketserver.StreamRequestHandler], None]) -> Iterator[int]:
    """Give the port of a server that serves each connection, counted from 1, in a thread of its own."""
    connections = iter(range(1, 1_000))

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            serve(next(connections), self)

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        try:
            yield int(server.server_address[1])
        finally:
            server.shutdown()  # also after an error, or the thread spins on the closed socket for good


_ITEMS = (
    "FLAGS",
    "RFC822.SIZE",
    "INTERNALDATE",
    "BODYSTRUCTURE",
    "BODY[HEADER.FIELDS (FROM SUBJECT DATE)]",
    "BODY[]",
    "BODY[1]",
)
_FILE = b'("application" "octet-stream" ("name" "a.xlsx") NIL NIL "base64" 4 NIL NIL NIL NIL)'


@dataclass
class ScriptedMail:
    """A mail of the scripted IMAP server: what it is, and what the server says of it instead."""

    data: bytes
    answers: Mapping[str, bytes | None] = field(default_factory=dict)
    """Item of FETCH, like ``BODYSTRUCTURE``, or ``*`` for every -> its value as it goes over the line; None
    leaves it out (with ``*`` the whole mail), ``NO …`` and ``BAD …`` are the answer to the command, ``b""``
    closes the connection."""
    flags: str = ""
    date: str = "15-Sep-2021 08:00:00 +0800"

    def value(self, item: str) -> bytes | None:
        """Return what the server says of an item: what the script has, else what is true."""
        if item in self.answers or "*" in self.answers:
            return self.answers.get(item, self.answers.get("*"))
        head, _blank, text = self.data.partition(b"\r\n\r\n")
        values = (
            f"({self.flags})".encode(),
            b"%d" % len(self.data),
            f'"{self.date}"'.encode(),
            _FILE,
            literal(head + b"\r\n\r\n"),
            literal(self.data),
            literal(text),
        )
        return values[_ITEMS.index(item)]


@dataclass
class ScriptedImap:
    """An IMAP server without encryption, with a mailbox of scripted mails by their UIDs."""

    mails: dict[int, ScriptedMail] = field(default_factory=dict)
    script: Mapping[str, Sequence[bytes]] = field(default_factory=dict)
    """How a command begins, like ``EXAMINE`` or ``SEARCH ALL SINCE``; ``hello`` -> the lines of its answer,
    tagged where they begin with OK, NO or BAD; none of them closes the connection."""
    capabilities: str = "IMAP4rev1"
    said: list[tuple[int, str]] = field(default_factory=list)
    """Every connection and command of a client, without its tag and the word UID."""

    def commands(self, verb: str) -> list[str]:
        return [line for _connection, line in self.said if line.startswith(verb)]

    def serve(self, connection: int, handler: socketserver.StreamRequestHandler) -> None:
        tag, command = "", "hello"
        while True:
            scripted = (lines for start, lines in self.script.items() if command.startswith(start))
            answer = next(scripted, None)
            lines = self._ordinary(command) if answer is None else answer
            for line in lines:
                tagged = line.startswith((b"OK ", b"NO ", b"BAD "))
                handler.wfile.write((f"{tag} ".encode() if tagged else b"") + line + b"\r\n")
            if not lines or command.startswith("LOGOUT"):
                return
            said = handler.rfile.readline().decode().strip()
            tag, _space, command = said.partition(" ")
            command = command.removeprefix("UID ")
            if not said:
                return
            self.said.append((connection, command))

    def _ordinary(self, command: str) -> Sequence[bytes]:
        match command.split(" ", 2):
            case ["hello"]:
                return (b"* OK scripted",)
            case ["CAPABILITY"]:
                return (f"* CAPABILITY {self.capabilities}".encode(), b"OK done")
            case ["EXAMINE", _name]:
                return (b"* %d EXISTS" % len(self.mails), b"* OK [UIDVALIDITY 7] valid", b"OK done")
            case ["SEARCH", *_criteria]:
                asked = command.partition("UID ")[2]
                found = (str(uid) for uid in self.mails if asked in ("", str(uid)))
                return (f"* SEARCH {' '.join(found)}".encode(), b"OK done")
            case ["FETCH", numbers, items] if items != "(UID)":
                return self._fetch([int(uid) for uid in numbers.split(",")], items)
            case ["FETCH", *_all]:
                return (
                    *(b"* %d FETCH (UID %d)" % (n, uid) for n, uid in enumerate(self.mails, 1)),
                    b"OK done",
                )
            case ["LOGOUT"]:
                return (b"* BYE", b"OK done")
        return (b"OK done",)

    def _fetch(self, uids: Sequence[int], items: str) -> Sequence[bytes]:
        asked = [item for item in _ITEMS if item.replace("[", ".PEEK[") in items.replace("<0.262144>", "")]
        lines = []
        for number, (uid, mail) in enumerate(self.mails.items(), 1):
            if uid not in uids or mail.answers.get("*", b"") is None:
                continue
            values = [(item, mail.value(item)) for item in asked]
            for _item, value in values:
                if value == b"" or (value or b"").startswith((b"NO ", b"BAD ")):
                    return (value,) if value else ()
            said = b"".join(b" %s %s" % (item.encode(), value) for item, value in values if value is not None)
            lines.append(b"* %d FETCH (UID %d%s)" % (number, uid, said))
        return (*lines, b"OK done")


def literal(data: bytes) -> bytes:
    """Return bytes as IMAP has them over the line, whatever they are."""
    return b"{%d}\r\n%s" % (len(data), data)


@contextmanager
def scripted_imap(server: ScriptedImap) -> Iterator[str]:
    """Give the server's address as long as the block lasts."""
    with _listening(server.serve) as port:
        yield f"imap://127.0.0.1:{port}"
