"""Journals in the round folder: a line of JSON per event, on disk before the event may happen.

A run that was killed leaves at most a torn last line; that event was never acted upon, so it is dropped.
"""

import json
import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from greenxl.errors import GreenxlError
from greenxl.i18n import _
from greenxl.system_errors import reason_of

Record = dict[str, Any]


def read_journal(path: Path, is_complete: Callable[[Record], bool]) -> list[Record]:
    """Return the records of a journal, none where it does not exist yet.

    ``is_complete`` tells whether a record has what every record of that journal has.

    :raises GreenxlError: a line in it was damaged; going on could do a thing twice.
    """
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return []
    except OSError as error:
        raise _failed(path, error) from error
    whole = data[: data.rfind(b"\n") + 1]
    return [
        _record(path, number, line, is_complete)
        for number, line in enumerate(whole.splitlines(), 1)
        if line.strip()
    ]


def _record(path: Path, number: int, line: bytes, is_complete: Callable[[Record], bool]) -> Record:
    try:
        record = json.loads(line)
    except ValueError:
        record = None
    if not isinstance(record, dict) or not is_complete(record):
        raise GreenxlError(
            _(
                "{path}, line {number}: the journal is damaged. Restore it from a copy, or delete that line "
                "if you know what was sent or collected."
            ).format(path=path, number=number)
        )
    return record


@contextmanager
def open_journal(path: Path) -> Iterator["Journal"]:
    """Give the journal to write to, to one process at a time.

    :raises GreenxlError: another process has it, or the folder cannot be written.
    """
    from filelock import FileLock, Timeout

    with ExitStack() as stack:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            stack.enter_context(FileLock(path.with_name(f".{path.name}.lock"), timeout=0))
            journal = Journal(path, stack.enter_context(path.open("ab")).fileno())
        except Timeout as error:
            raise GreenxlError(
                _("{path}: another greenxl is running in this folder. Wait until it is done.").format(
                    path=path
                )
            ) from error
        except PermissionError as error:
            raise _failed(path, error) from error
        yield journal


class Journal:
    """A journal that is open for writing."""

    def __init__(self, path: Path, handle: int) -> None:
        self._path = path
        self._handle = handle
        self._drop_torn_line()

    def _drop_torn_line(self) -> None:
        data = self._path.read_bytes()
        whole = data.rfind(b"\n") + 1
        if whole < len(data):
            os.ftruncate(self._handle, whole)

    def write(self, record: Record) -> None:
        """Write a record with the moment of writing; when this returns, it is on the disk.

        :raises GreenxlError: the disk is full.
        """
        line = json.dumps({"time": _now(), **record}, ensure_ascii=False).encode() + b"\n"
        try:
            while line:
                line = line[os.write(self._handle, line) :]
            os.fsync(self._handle)
        except OSError as error:
            raise _failed(self._path, error) from error


def _now() -> str:
    """Return the moment with its offset from UTC, so that it can be read anywhere."""
    return datetime.now(UTC).astimezone().isoformat(timespec="seconds")


def _failed(path: Path, error: OSError) -> GreenxlError:
    return GreenxlError(
        _(
            "{path}: the journal cannot be read or written ({reason}). Close other programs that use it."
        ).format(path=path, reason=_(reason_of(error)))
    )
