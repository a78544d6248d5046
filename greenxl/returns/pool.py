"""Returned files are read in processes of their own, which may hang, swallow memory or die of a file.

A worker gets a handful of files at a time, so that none waits for the next, and answers for each before it
begins another: where it dies or falls silent, the file that did it is known exactly. It is killed, a new one
goes on with the rest, and that file alone is rejected (one that was there when its worker died after a second
try by itself: something else may have killed it).

Not :mod:`multiprocessing`, nor pebble on top of it: both run the caller's main program again in every worker,
which loads the whole command there, and a program that uses greenxl as a library without a
``if __name__ == "__main__":`` would start itself over and over.
"""

import faulthandler
import os
import pickle
import queue
import signal
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import IO, Any

from greenxl.campaign.model import Campaign
from greenxl.errors import GreenxlError
from greenxl.findings import finding
from greenxl.i18n import LANGUAGE, _
from greenxl.returns.inspection import size_text
from greenxl.returns.intake import Entry, Outcome, Source, fingerprint, rejected
from greenxl.returns.reader import Reading, read

SECONDS = 30.0
"""For one file (with a process of its own and a memory limit: Apache POI's advice)."""
MEMORY = 2 * 1024**3
"""Of one worker, where the system can hold a process to it (not on Windows)."""
HANDFUL = 16
"""Files that a worker is given at once, where there are plenty."""

MOST_WORKERS = 8
"""More would wait for the parent, which checks what they read."""

_START = (
    "import sys; sys.path[:] = {path!r}; from greenxl.returns.pool import serve; serve({seconds}, {memory})"
)
_READY = "ready"
_START_SECONDS = 60.0
_MOST_FAILED_STARTS = 3
_ORPHAN_SECONDS = 10.0
_BLINK = 0.5
"""Seconds of waiting at a stretch: on Windows Ctrl-C is not heard meanwhile."""
_OVERSLEPT = 5.0
"""Seconds past a deadline that show that this machine slept, and the workers with it."""


def read_all(
    sources: Sequence[Source],
    campaign: Campaign,
    *,
    seconds: float = SECONDS,
    memory: int = MEMORY,
    workers: int | None = None,
) -> Iterator[Reading]:
    """Yield what each source holds, in their order.

    :raises GreenxlError: the system does not let a worker start.
    """
    if not sources:
        return
    most = workers or min(os.cpu_count() or 1, MOST_WORKERS)
    crew = _Crew(campaign, seconds, memory, sources, min(most, -(-len(sources) // 4)))
    try:
        yield from crew.readings()
    finally:
        crew.dismiss()


@dataclass(eq=False, slots=True)
class _Worker:
    process: subprocess.Popen[bytes]
    asked: deque[int] = field(default_factory=deque)
    """Indices of the sources that it has still to answer for."""
    ready: bool = False
    fresh: bool = True
    alone: bool = False
    """Whether it reads a suspect."""
    deadline: float = 0.0


@dataclass(slots=True)
class _Crew:
    campaign: Campaign
    seconds: float
    memory: int
    sources: Sequence[Source]
    size: int
    events: "queue.SimpleQueue[tuple[_Worker, Reading | str | None]]" = field(
        default_factory=queue.SimpleQueue
    )
    """What workers answered; None from one that is gone."""
    workers: list[_Worker] = field(default_factory=list)
    waiting: deque[int] = field(default_factory=deque)
    suspects: deque[int] = field(default_factory=deque)
    """Sources with which a worker died: each is tried once more, alone, in a fresh one."""
    done: dict[int, Reading] = field(default_factory=dict)
    failed_starts: int = 0

    def readings(self) -> Iterator[Reading]:
        self.waiting.extend(range(len(self.sources)))
        for _number in range(self.size):
            self._hire()
        for index in range(len(self.sources)):
            while index not in self.done:
                self._listen()
            yield self.done.pop(index)

    def dismiss(self) -> None:
        for worker in self.workers:
            worker.process.kill()
        for worker in self.workers:
            _bury(worker.process)
        self.workers.clear()

    def _hire(self) -> None:
        worker = _Worker(_start(self.seconds, self.memory), deadline=time.monotonic() + _START_SECONDS)
        self.workers.append(worker)
        threading.Thread(target=_hear, args=(worker, self.events), daemon=True).start()
        _tell(worker, self.campaign)
        self._employ(worker)

    def _employ(self, worker: _Worker) -> None:
        """Give an idle worker its next sources."""
        if self.suspects and worker.fresh:
            handful = [self.suspects.popleft()]
            worker.alone = True
        else:
            share = -(-len(self.waiting) // (2 * self.size))
            handful = [self.waiting.popleft() for _n in range(min(HANDFUL, share))]
        worker.asked.extend(handful)
        if worker.ready:
            worker.deadline = time.monotonic() + self.seconds
        if handful:
            _tell(worker, [self.sources[index] for index in handful])

    def _listen(self) -> None:
        """Take in one answer, or end the workers that give none in time."""
        deadline = min(w.deadline for w in self.workers if w.asked)
        try:
            worker, answer = self.events.get(timeout=min(_BLINK, max(0.0, deadline - time.monotonic())))
        except queue.Empty:
            self._give_up_late(time.monotonic())
            return
        if worker not in self.workers:
            return
        worker.deadline = time.monotonic() + self.seconds
        if answer == _READY:
            worker.ready = True
        elif answer is None:
            if worker.asked:
                self._mourn(worker)
        else:
            index = worker.asked.popleft()
            self.done[index] = (
                answer if isinstance(answer, Reading) else self._rejected(index, "file-crashed", answer)
            )
            worker.fresh = worker.alone = False
            if not worker.asked:
                self._employ(worker)

    def _give_up_late(self, now: float) -> None:
        for worker in [w for w in self.workers if w.asked and w.deadline <= now]:
            if now - worker.deadline > _OVERSLEPT:
                worker.deadline = now + self.seconds
            elif worker.ready:
                index = worker.asked.popleft()
                self.done[index] = self._rejected(index, "file-timeout")
                self._replace(worker)
            else:
                self._replace_unready(worker)

    def _mourn(self, worker: _Worker) -> None:
        """Go on without a worker that died: of this file, of what it read before, or of something else."""
        if not worker.ready:
            self._replace_unready(worker)
            return
        index = worker.asked.popleft()
        if worker.alone:
            self.done[index] = self._rejected(index, "file-crashed")
        else:
            self.suspects.append(index)
        self._replace(worker)

    def _replace_unready(self, worker: _Worker) -> None:
        """Start another worker where no file can be to blame, but not for ever."""
        self.failed_starts += 1
        if self.failed_starts > _MOST_FAILED_STARTS:
            raise _no_worker(_("it did not start"))
        self._replace(worker)

    def _rejected(self, index: int, code: str, found: str = "") -> Reading:
        source = self.sources[index]
        seconds, limit = f"{self.seconds:g}", size_text(self.memory)
        reason = finding(code, source.name, found=found, seconds=seconds, limit=limit)
        digest, size = (None, None) if source.inside else fingerprint(source.path)
        return Reading(rejected(Entry(source.name, digest, size, Outcome.READ), reason), findings=(reason,))

    def _replace(self, worker: _Worker) -> None:
        self.workers.remove(worker)
        worker.process.kill()
        _bury(worker.process)
        self.waiting.extendleft(reversed(worker.asked))
        if self.waiting or self.suspects:
            self._hire()


def _start(seconds: float, memory: int) -> "subprocess.Popen[bytes]":
    path = [folder for folder in sys.path if folder]  # never from the folder that holds the returns
    try:
        return subprocess.Popen(
            [sys.executable, "-P", "-c", _START.format(path=path, seconds=seconds, memory=memory)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "GREENXL_LANG": LANGUAGE},
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
    except OSError as error:
        raise _no_worker(error.strerror or str(error)) from error


def _no_worker(reason: str) -> GreenxlError:
    return GreenxlError(
        _(
            "No process could be started to read the returns ({reason}). "
            "Close other programs and run the command again."
        ).format(reason=reason)
    )


def _tell(worker: _Worker, message: object) -> None:
    assert worker.process.stdin
    with suppress(OSError):  # it is dead: its listener says so
        pickle.dump(message, worker.process.stdin, pickle.HIGHEST_PROTOCOL)
        worker.process.stdin.flush()


def _hear(worker: _Worker, events: "queue.SimpleQueue[tuple[_Worker, Any]]") -> None:
    assert worker.process.stdout
    with suppress(Exception):  # the end of the pipe, or half an answer of one that died over it
        while True:
            events.put((worker, pickle.load(worker.process.stdout)))
    events.put((worker, None))


def _bury(process: "subprocess.Popen[bytes]") -> None:
    process.wait()
    for pipe in (process.stdin, process.stdout):
        if pipe:
            with suppress(OSError, ValueError):
                pipe.close()


# In the worker.


def serve(seconds: float, memory: int) -> None:
    """Read what standard input asks for and answer on standard output, until it closes."""
    with suppress(ValueError):
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, who ends us
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # nothing that a library prints is taken for an answer
    _limit_memory(memory)
    try:
        campaign = pickle.load(sys.stdin.buffer)
        _answer(_READY, answers)
        while True:
            for source in pickle.load(sys.stdin.buffer):
                # Where the parent is gone, nobody else ends a process that hangs in native code.
                faulthandler.dump_traceback_later(seconds + _ORPHAN_SECONDS, exit=True)
                _answer(_read(source, campaign), answers)
                faulthandler.cancel_dump_traceback_later()
    except (EOFError, OSError):
        return


def _read(source: Source, campaign: Campaign) -> Reading | str:
    """Return what a source holds, or what broke over it."""
    try:
        return read(source, campaign)
    except MemoryError:
        sys.exit(1)  # what is left of this process would fail the next file too
    except BaseException as error:  # noqa: BLE001  (a panic of calamine's is no Exception)
        return type(error).__name__


def _answer(answer: Reading | str, answers: IO[bytes]) -> None:
    pickle.dump(answer, answers, pickle.HIGHEST_PROTOCOL)
    answers.flush()


def _limit_memory(memory: int) -> None:
    with suppress(ImportError, ValueError, OSError):  # there is none on Windows
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
