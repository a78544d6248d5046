"""The page's server on this computer: loopback alone, a port and a key of this start."""

import _thread
import secrets
import socket
import threading
import webbrowser
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

from waitress.server import create_server

from greenxl.errors import GreenxlError
from greenxl.i18n import _
from greenxl.rounds import folder as round_folder
from greenxl.system_errors import reason_of
from greenxl.ui.app import create_app
from greenxl.ui.desktop.remembered import Remembered, settings_folder
from greenxl.ui.desktop.running import announced, running_page
from greenxl.ui.guard import HOST, Guard
from greenxl.ui.messages import Message
from greenxl.ui.session import Session

_RUNNING = "running.json"
_THREADS = 8
_FAREWELL = 0.5
"""Seconds in which the last page goes out before the server ends."""


def serve(session: Session, port: int, *, browser: bool, announce: Callable[[str], None]) -> None:
    """Serve the page until its button or Ctrl-C ends it.

    :param port: 0 for any that is free.
    :param announce: called with the address, which holds the key.
    :raises GreenxlError: the port is taken.
    """
    listening = _listen(port)
    guard = Guard(listening.getsockname()[1], secrets.token_urlsafe(32))
    server = create_server(
        create_app(session, guard, _close), sockets=[listening], threads=_THREADS, ident=""
    )
    announce(guard.address)
    if browser:
        webbrowser.open(guard.address)
    with announced(settings_folder() / _RUNNING, guard.address) as showing:
        showing(session.folder)
        session.moved = showing
        try:
            server.run()  # Ctrl-C ends it
        finally:
            session.jobs.stop()
            server.close()


def page_of(folder: Path) -> str | None:
    """Return the address of a page that serves the round at a folder already, None where none does."""
    found = round_folder.find(folder)
    return running_page(settings_folder() / _RUNNING, found) if found else None


def _listen(port: int) -> socket.socket:
    try:
        return socket.create_server((HOST, port))
    except OSError as error:
        raise GreenxlError(
            _("Port {port} cannot be used ({reason}). Leave out --port, and a free one is taken.").format(
                port=port, reason=_(reason_of(error))
            )
        ) from error


def _close() -> None:
    """End the server as Ctrl-C does, once the answer is out."""
    timer = threading.Timer(_FAREWELL, _thread.interrupt_main)
    timer.daemon = True
    timer.start()


def session_for(
    folder: Path, places: Sequence[Path], as_of: date | None, *, named: bool = False, insecure: bool = False
) -> Session:
    """Return the session that begins at a folder: in its round, or else at the choice of one.

    :param places: where a round may be begun.
    :param as_of: the date shown on results; None for today's.
    :param named: this folder was asked for, so that the page says where it is no round.
    """
    remembered = Remembered(settings_folder() / "rounds.json")
    start = folder if folder.is_dir() else folder.parent
    today = (lambda: as_of) if as_of else date.today
    session = Session(remembered, places, today=today, insecure=insecure)
    found = round_folder.find(start)
    if found:
        session.open(found)
    elif named:
        text = _(
            "The folder “{name}” is no round: there is no {campaign} in it. Choose a round, or begin one."
        )
        session.messages = (Message(text.format(name=start.name, campaign=round_folder.CAMPAIGN)),)
    return session


def rounds_may_begin(here: Path, *, named: bool) -> list[Path]:
    """Return the folders in which a round may be begun: documents, desktop, and the folder of this start.

    :param named: this folder was asked for, so that it comes first.
    """
    home = Path.home()
    usual = [home / name for name in ("Documents", "文档", "Desktop", "桌面")]
    found = [one for one in ([here, *usual] if named else [*usual, here]) if one.is_dir()]
    return found or [home]
