"""One piece of work at a time, however many windows of the browser ask for some."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from greenxl.errors import GreenxlError
from greenxl.i18n import _

Step = Callable[[int, int], None]
"""Reports how far the work is: so many done of all."""
_WAIT = 5.0
"""Seconds that the work has for stopping."""


class StoppedError(Exception):
    """The server is closing: the work ends at its next step."""


class BusyError(GreenxlError):
    """Other work is under way."""


@dataclass(slots=True)
class Job:
    title: str
    done: int = 0
    all: int = 0


class Jobs:
    """The work under way, if any."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._job: Job | None = None
        self._thread: threading.Thread | None = None
        self._stopping = False

    @property
    def running(self) -> Job | None:
        return self._job

    def start(self, title: str, work: Callable[[Step], None]) -> None:
        """Begin work in the background.

        :raises BusyError: other work is under way.
        """
        job = self._take(title)

        def run() -> None:
            try:
                work(self._step(job))
            except StoppedError:
                pass
            finally:
                self._release()

        self._thread = threading.Thread(target=run, daemon=True)
        self._thread.start()

    @contextmanager
    def alone(self, title: str) -> Iterator[None]:
        """Let no other work run meanwhile.

        :raises BusyError: other work is under way.
        """
        self._take(title)
        try:
            yield
        finally:
            self._release()

    def stop(self) -> None:
        """End the work at its next step, and wait for that."""
        self._stopping = True
        if self._thread:
            self._thread.join(_WAIT)

    def _take(self, title: str) -> Job:
        if not self._lock.acquire(blocking=False):
            other = self._job.title if self._job else title
            raise BusyError(_("{work} is still under way. Wait until it is done.").format(work=other))
        self._job = Job(title)
        return self._job

    def _release(self) -> None:
        self._job = None
        self._lock.release()

    def _step(self, job: Job) -> Step:
        def step(done: int, all: int) -> None:
            job.done, job.all = done, all
            if self._stopping:
                raise StoppedError

        return step
