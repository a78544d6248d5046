"""What runs in a worker process of :mod:`greenxl.returns.pool`: one job over the items that it is sent.

Standard input brings the job with its limits, then batches of items; standard output returns a message when
the job is loaded, then an answer for each item before the next is begun. All of it is pickled.
"""

import faulthandler
import importlib
import math
import os
import pickle
import signal
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import IO, Any


@dataclass(frozen=True, slots=True)
class Failure:
    """Why an item has no answer: it raised ``error`` (a class name), took too long or ended its process."""

    error: str = ""
    timed_out: bool = False


def serve(needed: Sequence[str] = ()) -> None:
    """Answer what standard input asks, until it closes.

    The job comes with the seconds that the parent waits for one item, and with the bytes of address space
    that this process may have, where the system can limit it (not on Windows).

    :param needed: modules to import before.
    """
    with suppress(ValueError):
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, which ends its workers
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints is no answer
    for module in needed:
        importlib.import_module(module)
    try:
        job, seconds, memory = pickle.load(sys.stdin.buffer)
        _limit_memory(memory)
        _send(None, answers)
        while True:
            _answer(job, pickle.load(sys.stdin.buffer), seconds, answers)
    except (EOFError, OSError):
        return


def _answer(
    job: Callable[[Any], object], batch: Iterable[object], seconds: float, answers: IO[bytes]
) -> None:
    """Send what the job returns for each item; end this process where one takes twice its time or more.

    Without a parent nothing else ends a process that hangs in native code.
    """
    watched = -math.inf
    for item in batch:
        if time.monotonic() - watched > seconds:  # not for every item: each time starts a thread
            watched = time.monotonic()
            faulthandler.dump_traceback_later(3 * seconds, exit=True)
        _send(_result(job, item), answers)
    faulthandler.cancel_dump_traceback_later()


def _result(job: Callable[[Any], object], item: object) -> object:
    try:
        return job(item)
    except MemoryError:
        sys.exit(1)  # what is left of this process would fail the next item too
    except BaseException as error:  # noqa: BLE001  (a panic of a Rust library is no Exception)
        return Failure(error=type(error).__name__)


def _send(message: object, answers: IO[bytes]) -> None:
    pickle.dump(message, answers, pickle.HIGHEST_PROTOCOL)
    answers.flush()


def _limit_memory(memory: int) -> None:
    with suppress(ImportError, ValueError, OSError):  # there is none on Windows
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
