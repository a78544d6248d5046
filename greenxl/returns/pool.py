"""Jobs over untrusted input run in a pool of worker processes, which may hang, swallow memory or die of it.

A worker is sent a batch of items, so that it never waits for the next, and answers for each before it begins
another: where it dies or takes too long, the item that it was at is known. It is killed, and a new worker
goes on with the rest. An item that took too long has failed; one at which a worker died is a suspect and is
run once more, as the first in a new worker, because something else may have ended the other.

Not :mod:`multiprocessing`, nor pebble on top of it: both run the caller's main program again in every worker,
so that a program that uses greenxl as a library without ``if __name__ == "__main__":`` would start itself
over and over; and their workers share pipes and locks, so that one that is killed can block all the others.
"""

import os
import pickle
import queue
import subprocess
import threading
import time
from collections import deque
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, field, replace
from enum import Enum, auto
from functools import partial
from typing import IO, TYPE_CHECKING, Any, Generic, TypeVar

from greenxl.campaign.model import Campaign
from greenxl.findings import finding
from greenxl.i18n import _
from greenxl.returns.intake import Entry, Outcome, Source, fingerprint, rejected
from greenxl.returns.reader import Reading, read
from greenxl.returns.starting import no_worker, start
from greenxl.returns.worker import Failure
from greenxl.workbooks.opening import size_text

if TYPE_CHECKING:
    from concurrent.futures import Executor

_SECONDS = 30.0
"""For one file (with a process of its own and a memory limit: Apache POI's advice)."""
_MEMORY = 2 * 1024**3
"""Bytes of one worker, where the system can limit it (not on Windows)."""
_BATCH = 16
"""Items that a worker is sent at once, where there are plenty."""
_MOST_WORKERS = 8
"""More would wait for the parent, which collects what they found."""

_START_SECONDS = 60.0
_MOST_FAILED_STARTS = 3
_WAIT = 0.5
"""Seconds of waiting at a time: on Windows Ctrl-C has no effect meanwhile."""
_OVERSLEPT = 5.0
"""Seconds past a deadline that show that this machine slept, and the workers with it."""

_Item = TypeVar("_Item")
_Answer = TypeVar("_Answer")


def read_all(
    sources: Sequence[Source],
    campaign: Campaign,
    *,
    seconds: float = _SECONDS,
    memory: int = _MEMORY,
    workers: int | None = None,
    executor: "Executor | None" = None,
) -> Generator[Reading, None, None]:
    """Yield what each source holds, in their order (parameters and errors of :func:`process_all`)."""
    return process_all(
        _as_read, sources, campaign, seconds=seconds, memory=memory, workers=workers, executor=executor
    )


def process_all(
    process: Callable[[Reading, Campaign], _Answer],
    sources: Sequence[Source],
    campaign: Campaign,
    *,
    seconds: float = _SECONDS,
    memory: int = _MEMORY,
    workers: int | None = None,
    executor: "Executor | None" = None,
) -> Generator[_Answer, None, None]:
    """Yield what a function makes of each source's reading, in their order (see :func:`run_all`).

    :param process: a function of a module; it runs in the workers, where the source is read.
    :param executor: takes the sources in batches (:func:`greenxl.returns.batches.in_batches`).
    """
    job = partial(_read_and_process, process, campaign)
    run = partial(run_all, seconds=seconds, memory=memory, workers=workers)
    if executor:
        from greenxl.returns.batches import in_batches

        run = partial(in_batches, run, executor=executor)
    with closing(run(job, sources)) as answers:
        for source, answer in zip(sources, answers, strict=True):
            if isinstance(answer, Failure):
                yield process(_rejected(source, answer, seconds, memory), campaign)
            else:
                yield answer


def _as_read(reading: Reading, _campaign: Campaign) -> Reading:
    return replace(reading, report=None)  # which is as large as its file


def _read_and_process(
    process: Callable[[Reading, Campaign], _Answer], campaign: Campaign, source: Source
) -> _Answer:
    return process(read(source, campaign), campaign)


def _rejected(source: Source, failure: Failure, seconds: float, memory: int) -> Reading:
    reason = finding(
        "file-timeout" if failure.timed_out else "file-crashed",
        source.name,
        found=failure.error,
        seconds=f"{seconds:g}",
        limit=size_text(memory),
    )
    digest, size = (None, None) if source.inside else fingerprint(source.path)
    return Reading(rejected(Entry(source.name, digest, size, Outcome.READ), reason), findings=(reason,))


def run_all(
    job: Callable[[_Item], _Answer],
    items: Sequence[_Item],
    *,
    seconds: float = _SECONDS,
    memory: int = _MEMORY,
    workers: int | None = None,
) -> Generator[_Answer | Failure, None, None]:
    """Yield what the job returns for each item, or why it returned nothing, in their order.

    :param job: a function of a module, or a :func:`functools.partial` of one. It is pickled, as are items and
        answers.
    :param seconds: for one item.
    :param memory: bytes of address space of one worker.
    :param workers: processes at most; by default as many as there are processors, up to 8.
    :raises GreenxlError: the system does not let a worker start.
    """
    if not items:
        return
    most = workers or min(os.cpu_count() or 1, _MOST_WORKERS)
    pool: _Pool[_Item, _Answer] = _Pool(
        job=job,
        items=items,
        seconds=seconds,
        memory=memory,
        size=min(most, -(-len(items) // 4)),
    )
    try:
        yield from pool.answers()
    finally:
        pool.close()


class _Event(Enum):
    """What a worker's thread reports besides answers."""

    READY = auto()
    GONE = auto()


@dataclass(eq=False, slots=True, kw_only=True)
class _Worker:
    """A process that starts, then is busy with the first item of ``pending``; without any it is ended."""

    process: subprocess.Popen[bytes]
    deadline: float
    """On the monotonic clock: for being ready, then for the next answer."""
    ready: bool = False
    pending: deque[int] = field(default_factory=deque)
    """Indices of the items that it has still to answer for."""
    batches: "queue.SimpleQueue[list[Any]]" = field(default_factory=queue.SimpleQueue)
    """Items for its thread to send; an empty batch ends the thread."""


@dataclass(slots=True, kw_only=True)
class _Pool(Generic[_Item, _Answer]):
    job: Callable[[_Item], _Answer]
    items: Sequence[_Item]
    seconds: float
    memory: int
    size: int
    waiting: deque[int] = field(default_factory=deque)
    """Indices of the items that no worker has."""
    suspects: set[int] = field(default_factory=set)
    """Indices of items at which a worker died once."""
    done: dict[int, _Answer | Failure] = field(default_factory=dict)
    workers: list[_Worker] = field(default_factory=list)
    """Each with an item at least."""
    events: "queue.SimpleQueue[tuple[_Worker, Any]]" = field(default_factory=queue.SimpleQueue)
    """Answers and :class:`_Event` of the workers, those of ended ones among them."""
    failed_starts: int = 0

    def answers(self) -> Iterator[_Answer | Failure]:
        self.waiting.extend(range(len(self.items)))
        for _number in range(self.size):
            self._spawn()
        for index in range(len(self.items)):
            while index not in self.done:
                self._poll()
            yield self.done.pop(index)

    def close(self) -> None:
        for worker in self.workers:
            worker.process.kill()
        for worker in self.workers:
            _reap(worker)

    # From an item to a worker.

    def _spawn(self) -> None:
        process = start()
        worker = _Worker(process=process, deadline=time.monotonic() + _START_SECONDS)
        self._assign(worker)
        job = (self.job, self.seconds, self.memory)
        threading.Thread(target=_exchange, args=(worker, job, self.events), daemon=True).start()
        self.workers.append(worker)

    def _assign(self, worker: _Worker) -> None:
        share = -(-len(self.waiting) // (2 * self.size))
        batch = [self.waiting.popleft() for _n in range(min(_BATCH, share))]
        worker.pending.extend(batch)
        worker.batches.put([self.items[index] for index in batch])

    # From a worker to an answer.

    def _poll(self) -> None:
        """Take one event, or see to the workers that are past their deadline."""
        wait = min(worker.deadline for worker in self.workers) - time.monotonic()
        try:
            worker, event = self.events.get(timeout=min(_WAIT, max(0.0, wait)))
        except queue.Empty:
            self._check_deadlines(time.monotonic())
            return
        if worker not in self.workers:
            return
        if event is _Event.GONE:
            self._handle_death(worker)
        else:
            worker.deadline = time.monotonic() + self.seconds
            if event is _Event.READY:
                worker.ready = True
            else:
                self._receive(worker, event)

    def _receive(self, worker: _Worker, answer: _Answer | Failure) -> None:
        self.done[worker.pending.popleft()] = answer
        if not worker.pending:
            if self.waiting:
                self._assign(worker)
            else:
                self._replace(worker)

    def _handle_death(self, worker: _Worker) -> None:
        """Blame the item that a worker was at, if one has died of it before."""
        if not worker.ready:
            self._replace_unready(worker)
            return
        if worker.pending[0] in self.suspects:
            self.done[worker.pending.popleft()] = Failure()
        else:
            self.suspects.add(worker.pending[0])
        self._replace(worker)

    def _check_deadlines(self, now: float) -> None:
        for worker in [each for each in self.workers if each.deadline <= now]:
            if now - worker.deadline > _OVERSLEPT:
                worker.deadline = now + self.seconds
            elif worker.ready:
                self.done[worker.pending.popleft()] = Failure(timed_out=True)
                self._replace(worker)
            else:
                self._replace_unready(worker)

    def _replace_unready(self, worker: _Worker) -> None:
        """Start another worker where no item can be to blame, but not for ever."""
        self.failed_starts += 1
        if self.failed_starts > _MOST_FAILED_STARTS:
            raise no_worker(_("it did not start"))
        self._replace(worker)

    def _replace(self, worker: _Worker) -> None:
        """End a worker; a new one goes on with its items, a suspect first, and with those that wait."""
        self.workers.remove(worker)
        _reap(worker)
        self.waiting.extendleft(reversed(worker.pending))
        if self.waiting:
            self._spawn()


def _exchange(worker: _Worker, job: object, events: "queue.SimpleQueue[tuple[_Worker, Any]]") -> None:
    """Send a worker its job and batches, and pass on what it answers: in a thread, for it may never read."""
    requests, answers = worker.process.stdin, worker.process.stdout
    assert requests
    assert answers
    try:
        # It is gone, perhaps in the middle of an answer.
        with suppress(OSError, EOFError, pickle.UnpicklingError), requests, answers:
            _send(job, requests)
            pickle.load(answers)
            events.put((worker, _Event.READY))
            while batch := worker.batches.get():
                _send(batch, requests)
                for _item in batch:
                    events.put((worker, pickle.load(answers)))
    finally:
        events.put((worker, _Event.GONE))


def _send(message: object, requests: IO[bytes]) -> None:
    pickle.dump(message, requests, pickle.HIGHEST_PROTOCOL)
    requests.flush()


def _reap(worker: _Worker) -> None:
    """End a worker's process, and its thread with it."""
    worker.process.kill()
    worker.process.wait()
    worker.batches.put([])
