"""A file to read, and the line of the ledger that says what became of it."""

import hashlib
import os
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path

from greenxl.findings import Finding
from greenxl.workbooks.opening import MOST_BYTES


class Outcome(StrEnum):
    """What became of a file; the JSON document's words."""

    READ = "read"
    REJECTED = "rejected"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class Source:
    """A file to read, on the disk or inside an archive or a mail."""

    name: str
    """As reports name it: the path that was given, then the way inside."""
    path: Path
    inside: tuple[str, ...] = ()
    """The member, after the archive that holds it where that is in an archive itself."""
    size: int = 0
    """Bytes, as its folder or archive says."""
    exclude: tuple[str, ...] = ()
    """Patterns of what is left out of it, where it is a mail."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the ledger: what became of one file."""

    file: str
    sha256: str | None
    bytes: int | None
    outcome: Outcome
    sheets_read: int = 0
    reason: Finding | None = None
    own_report: bool = False
    """Whether it is a consolidated workbook of ours."""


def rejected(entry: Entry, reason: Finding) -> Entry:
    return replace(entry, outcome=Outcome.REJECTED, reason=reason)


def refused(source: Source, reason: Finding) -> Entry:
    """Return the line of a source that is not read."""
    digest, size = (None, source.size) if source.inside else fingerprint(source.path)
    return rejected(Entry(source.name, digest, size, Outcome.READ), reason)


def skipped(source: Source, reason: Finding) -> Entry:
    """Return the line of a source that is left alone."""
    digest, size = fingerprint(source.path) if not source.inside else (None, source.size)
    return Entry(source.name, digest, size, Outcome.SKIPPED, reason=reason)


def fingerprint(path: Path) -> tuple[str | None, int | None]:
    """Return SHA-256 and size of a file, None for what cannot be read or is too big to be read here."""
    try:
        if not path.is_file():
            return None, None
        with path.open("rb") as file:
            size = os.fstat(file.fileno()).st_size
            digest = hashlib.file_digest(file, "sha256").hexdigest() if size <= MOST_BYTES else None
            return digest, size
    except OSError:
        return None, None
