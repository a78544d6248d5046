"""Files and folders of the round opened in the programs that this computer has for them."""

import os
import subprocess
import sys
import threading
from pathlib import Path

from greenxl.errors import GreenxlError
from greenxl.i18n import _
from greenxl.system_errors import reason_of

OPENER = "GREENXL_OPEN"
"""The variable that names another program to open them with."""


def open_in_program(path: Path) -> None:
    """Open a file or folder as a double click on it would.

    :raises GreenxlError: it is not there, or no program takes it.
    """
    if not path.exists():
        raise GreenxlError(
            _("{name} is not there any more. It may have been moved or renamed.").format(name=path.name)
        )
    try:
        _open(path.resolve())
    except OSError as error:
        raise GreenxlError(
            _("{name} cannot be opened from here ({reason}). Open it in the round’s folder.").format(
                name=path.name, reason=_(reason_of(error))
            )
        ) from error


def _open(path: Path) -> None:
    program = os.environ.get(OPENER)
    if program is None and sys.platform == "win32":
        os.startfile(path)  # the system's own way; the path is never the browser's
        return
    program = program or ("open" if sys.platform == "darwin" else "xdg-open")
    started = subprocess.Popen(
        [program, str(path)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    threading.Thread(target=started.wait, daemon=True).start()  # so that none stays behind as a zombie
