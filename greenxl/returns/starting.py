"""Processes of workers are started: those of a pool, and one before it is known what there is to read.

A worker imports for a while before it can take its job. Meanwhile a command loads its campaign and lists the
returns; its pool then takes the worker that was started ahead. This module imports next to nothing itself.
"""

import gc
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress

from greenxl.errors import GreenxlError
from greenxl.i18n import LANGUAGE, _
from greenxl.system_errors import reason_of

_START = (
    "import gc, sys; gc.set_threshold(*{garbage}); sys.path[:] = {path!r}; "
    "from greenxl.returns.worker import serve; serve({needed!r})"
)
_ahead: "list[subprocess.Popen[bytes]]" = []
"""The workers that no pool has taken yet."""


@contextmanager
def worker_ahead(needed: Sequence[str]) -> Iterator[None]:
    """Start a worker that the next pool of this process will take; it works in the current folder.

    ``needed`` are the modules that it imports meanwhile. Where none can be started, the pool says so when it
    needs one.
    """
    process = None
    with suppress(GreenxlError):
        process = _start(needed)
        _ahead.append(process)
    try:
        yield
    finally:
        if process in _ahead:
            _ahead.remove(process)
            _end(process)


def start() -> "subprocess.Popen[bytes]":
    """Return a worker's process, one that was started ahead if there is any.

    :raises GreenxlError: the system does not let it start.
    """
    with suppress(IndexError):
        return _ahead.pop()
    return _start()


def _start(needed: Sequence[str] = ()) -> "subprocess.Popen[bytes]":
    path = [folder for folder in sys.path if folder]  # never from the folder that holds the returns
    code = _START.format(path=path, garbage=gc.get_threshold(), needed=needed)
    try:
        return subprocess.Popen(
            [sys.executable, "-P", "-c", code],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=_environment(),
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
    except OSError as error:
        raise no_worker(_(reason_of(error))) from error


def _environment() -> dict[str, str]:
    """Return ours without its own settings: among them are the mail password and addresses that hold one."""
    others = {name: value for name, value in os.environ.items() if not name.startswith("GREENXL_")}
    return {**others, "GREENXL_LANG": LANGUAGE}


def no_worker(reason: str) -> GreenxlError:
    return GreenxlError(
        _(
            "No process could be started to read the returns ({reason}). "
            "Close other programs and run the command again."
        ).format(reason=reason)
    )


def _end(process: "subprocess.Popen[bytes]") -> None:
    process.kill()
    with process:  # which closes its pipes and waits
        pass
