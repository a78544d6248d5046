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
        yield int(server.server_address[1])
        server.shutdown()
