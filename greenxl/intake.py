"""From the paths that the command was pointed at to a list in which every file stands once."""

import hashlib
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from greenxl.errors import WrongUseError
from greenxl.findings import Finding, finding
from greenxl.i18n import _

Outcome = Literal["read", "rejected", "skipped"]

_SYSTEM_FILES = {"thumbs.db", "desktop.ini", ".ds_store"}


@dataclass(frozen=True, slots=True)
class Source:
    """A file to read."""

    name: str
    """As reports name it: the path that was given, then the way inside."""
    path: Path


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the ledger: what became of one file."""

    file: str
    sha256: str | None
    bytes: int | None
    outcome: Outcome
    sheets_read: int = 0
    reason: Finding | None = None


@dataclass(frozen=True, slots=True)
class Intake:
    sources: tuple[Source, ...]
    skipped: tuple[Entry, ...]


def take_in(paths: Iterable[Path]) -> Intake:
    """Return every file below ``paths`` once, in the order of names.

    :raises WrongUseError: a path does not exist.
    """
    sources: list[Source] = []
    skipped: list[Entry] = []
    seen: set[str] = set()
    for path in paths:
        if not path.exists():
            raise WrongUseError(
                _("{path}: there is no such file or folder. Check the name.").format(path=path)
            )
        for file in _files(path):
            where = os.path.realpath(file)
            if where in seen:
                continue
            seen.add(where)
            source = Source(file.as_posix(), file)
            reason = _reason_to_skip(source)
            if reason:
                digest, size = fingerprint(file)
                skipped.append(Entry(source.name, digest, size, "skipped", reason=reason))
            else:
                sources.append(source)
    return Intake(tuple(sources), tuple(skipped))


def _files(path: Path) -> Iterator[Path]:
    if path.is_file():
        yield path
        return
    for folder, folders, files in os.walk(path):
        folders.sort()
        yield from (Path(folder, name) for name in sorted(files))


def _reason_to_skip(source: Source) -> Finding | None:
    name = source.path.name.lower()
    hidden = name.startswith((".", "~$")) or "__macosx" in (part.lower() for part in source.path.parts)
    if hidden or name.endswith(".tmp") or name in _SYSTEM_FILES:
        return finding("skipped-temporary", source.name)
    return None


def fingerprint(path: Path) -> tuple[str | None, int | None]:
    """Return SHA-256 and size of a file, None where it cannot be read."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest(), path.stat().st_size
    except OSError:
        return None, None


def rejected(entry: Entry, reason: Finding) -> Entry:
    return replace(entry, outcome="rejected", reason=reason)
