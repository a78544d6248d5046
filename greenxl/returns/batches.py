"""Batches of files on an executor, a cluster's say, whose computers need have no disk in common with us.

A batch takes its files' bytes along, and is read through contained processes where it runs. What does not
come back is read here, so that the answers are those of this computer in any case: a batch that failed, was
cancelled or lost, a file that failed there (of too little memory, perhaps), and one too large for the way.
"""

import io
import logging
import pickle
import time
from collections import deque
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import Executor, Future, wait
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Generic, Protocol, TypeVar

from greenxl import __version__
from greenxl.i18n import _
from greenxl.returns.intake import Source
from greenxl.returns.worker import Failure

_FILES = 200
"""Of one batch: some tenths of a second's work, against a tenth for the processes that it starts."""
_BYTES = 8 * 1024**2
"""Of one batch, and so of one file that is sent."""
_IN_FLIGHT = 16
"""Batches that are out at once: more computers than this one can send files to."""
_PATIENCE = 120.0
"""Seconds without any answer, after which a batch is read here."""
_MOST_FAILED = 3
"""Batches that fail one after the other, before all others are read here."""
_WAIT = 0.5
"""Seconds of waiting at a time: on Windows Ctrl-C has no effect meanwhile."""

_MISSING = Failure()
_LOG = logging.getLogger(__name__)

_Answer = TypeVar("_Answer")


class _Run(Protocol):
    """:func:`greenxl.returns.pool.run_all`, with its limits given."""

    def __call__(
        self, job: Callable[[Source], _Answer], items: Sequence[Source]
    ) -> Generator[_Answer | Failure, None, None]: ...


def in_batches(
    run: _Run, job: Callable[[Source], _Answer], sources: Sequence[Source], executor: Executor
) -> Generator[_Answer | Failure, None, None]:
    """Yield what ``run(job, sources)`` yields, most of it worked out by the executor.

    ``run`` and ``job`` are pickled, as are the answers; paths of files in them are those of this computer.
    """
    sender = _Sender(run=run, job=job, executor=executor)
    try:
        yield from sender.answers(deque(_batches(sources)))
    finally:
        for sent in sender.sent:
            sent.cancel()


@dataclass(frozen=True, slots=True)
class _Sent(Generic[_Answer]):
    batch: Sequence[Source]
    paths: Sequence[Path]
    """Of the files that were sent; the others are read here."""
    future: "Future[bytes] | None"
    """None where nothing could be sent."""

    def cancel(self) -> None:
        if self.future:
            self.future.cancel()


@dataclass(slots=True, kw_only=True)
class _Sender(Generic[_Answer]):
    run: _Run
    job: Callable[[Source], _Answer]
    executor: Executor
    sent: deque[_Sent[_Answer]] = field(default_factory=deque)
    failed: int = 0
    """Batches, one after the other."""
    heard: float = field(default_factory=time.monotonic)
    """When the executor last answered, on the monotonic clock."""

    def answers(self, waiting: deque[list[Source]]) -> Iterator[_Answer | Failure]:
        while waiting or self.sent:
            while waiting and len(self.sent) < _IN_FLIGHT and self.failed < _MOST_FAILED:
                self.sent.append(self._submit(waiting.popleft()))
            if self.sent:
                yield from self._receive(self.sent.popleft())
            else:
                _LOG.warning(_("The other computers do not answer as they should: all else is read here."))
                yield from self.run(self.job, [source for batch in waiting for source in batch])
                waiting.clear()

    def _submit(self, batch: list[Source]) -> _Sent[_Answer]:
        files = _contents(batch)
        paths = list(files)
        if not files:
            return _Sent(batch, paths, None)
        sources = [source for source in batch if source.path in files]
        task = _dump((self.run, self.job, sources), paths)
        future: Future[bytes]
        try:
            future = self.executor.submit(_read_there, __version__, task, tuple(files.values()))
        except Exception as error:  # noqa: BLE001  (each kind of executor refuses in its own way)
            future = Future()
            future.set_exception(error)
        return _Sent(batch, paths, future)

    def _receive(self, sent: _Sent[_Answer]) -> Iterator[_Answer | Failure]:
        """Yield a batch's answers; those that did not come are worked out here."""
        came = iter(self._result(sent))
        sendable = set(sent.paths)
        answers = [next(came, _MISSING) if source.path in sendable else _MISSING for source in sent.batch]
        missing = [
            source for source, one in zip(sent.batch, answers, strict=True) if isinstance(one, Failure)
        ]
        here = self.run(self.job, missing)
        for answer in answers:
            yield next(here) if isinstance(answer, Failure) else answer

    def _result(self, sent: _Sent[_Answer]) -> list[_Answer | Failure]:
        """Return the answers of what was sent, none where the batch failed."""
        if sent.future is None:
            return []
        try:
            answers: list[_Answer | Failure] = _load(self._wait(sent.future), sent.paths)
        except Exception as error:  # noqa: BLE001  (whatever it is, the files can be read here)
            sent.cancel()
            self.failed += 1
            text = _("{count} files came back unread from another computer ({reason}): they are read here.")
            _LOG.warning(text.format(count=len(sent.batch), reason=type(error).__name__))
            return []
        self.failed, self.heard = 0, time.monotonic()
        return answers

    def _wait(self, future: "Future[bytes]") -> bytes:
        """:raises TimeoutError: nothing has been heard of the executor for too long."""
        while not wait([future], timeout=_WAIT).done:
            if time.monotonic() > self.heard + _PATIENCE:
                raise TimeoutError
        return future.result()


def _batches(sources: Sequence[Source]) -> Iterator[list[Source]]:
    """Yield the sources in batches within the limits; a larger file takes no room, for it is not sent."""
    batch: list[Source] = []
    sizes: dict[Path, int] = {}
    for source in sources:
        size = _size(source.path)
        if batch and (len(batch) == _FILES or sum(sizes.values()) + size > _BYTES):
            yield batch
            batch, sizes = [], {}
        batch.append(source)
        sizes[source.path] = size
    if batch:
        yield batch


def _size(path: Path) -> int:
    """Return the size of a file that can be sent, else 0."""
    try:
        return path.stat().st_size if path.is_file() and path.stat().st_size <= _BYTES else 0
    except OSError:
        return 0


def _contents(batch: Sequence[Source]) -> dict[Path, bytes]:
    """Return the bytes of a batch's files, without those that cannot be sent."""
    found = {path: _bytes(path) for path in dict.fromkeys(source.path for source in batch)}
    return {path: data for path, data in found.items() if data is not None}


def _bytes(path: Path) -> bytes | None:
    try:
        if not path.is_file():  # a pipe would never open
            return None
        with path.open("rb") as file:
            data = file.read(_BYTES + 1)
    except OSError:
        return None
    return data if len(data) <= _BYTES else None


def _read_there(version: str, task: bytes, files: Sequence[bytes]) -> bytes:
    """Work a batch out where it came to, and return its answers."""
    if version != __version__:
        raise RuntimeError(f"greenxl {version} sent this batch; here is {__version__}")
    with TemporaryDirectory(prefix="greenxl-") as folder:
        paths = [Path(folder, f"{number}") for number in range(len(files))]
        for path, data in zip(paths, files, strict=True):
            path.write_bytes(data)
        run, job, sources = _load(task, paths)
        return _dump(list(run(job, sources)), paths)


def _dump(value: object, paths: Sequence[Path]) -> bytes:
    """Pickle a value in which each of these paths is only its number: it is another one elsewhere."""
    file = io.BytesIO()
    _Pickler(file, paths).dump(value)
    return file.getvalue()


def _load(data: bytes, paths: Sequence[Path]) -> Any:
    return _Unpickler(data, paths).load()


class _Pickler(pickle.Pickler):
    def __init__(self, file: io.BytesIO, paths: Sequence[Path]) -> None:
        super().__init__(file, pickle.HIGHEST_PROTOCOL)
        self._numbers = {path: number for number, path in enumerate(paths)}

    def persistent_id(self, obj: Any) -> int | None:
        return self._numbers.get(obj) if isinstance(obj, Path) else None


class _Unpickler(pickle.Unpickler):
    def __init__(self, data: bytes, paths: Sequence[Path]) -> None:
        super().__init__(io.BytesIO(data))
        self._paths = paths

    def persistent_load(self, pid: Any) -> Path:
        number: int = pid
        return self._paths[number]
