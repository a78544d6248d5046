"""From the paths that the command was pointed at to a list in which every file stands once.

Folders are walked and zips listed here; what a file is and holds is found out later, by the workers.
"""

import hashlib
import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from fnmatch import fnmatchcase
from functools import lru_cache
from pathlib import Path, PurePath, PurePosixPath

from greenxl.errors import WrongUseError
from greenxl.findings import Finding, finding
from greenxl.i18n import _
from greenxl.names import clean
from greenxl.returns import safe_zip
from greenxl.returns.inspection import MOST_BYTES, is_workbook, size_text
from greenxl.returns.safe_zip import Archive, ArchiveError, Member


class Outcome(StrEnum):
    """What became of a file; the JSON document's words."""

    READ = "read"
    REJECTED = "rejected"
    SKIPPED = "skipped"


DEEPEST = 1
"""How many archives inside archives are opened."""

_SYSTEM_FILES = {"thumbs.db", "desktop.ini", ".ds_store"}
_FIRST_MEMBERS = (b"[Content_Types].xml", b"mimetype", b"_rels/", b"xl/", b"docProps/")
"""What a workbook's zip begins with: such a file need not be opened to know that it is no archive."""


@dataclass(frozen=True, slots=True)
class Source:
    """A file to read, on the disk or inside an archive."""

    name: str
    """As reports name it: the path that was given, then the way inside."""
    path: Path
    inside: tuple[str, ...] = ()
    """The member, after the archive that holds it where that is in an archive itself."""


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


@dataclass(frozen=True, slots=True)
class Intake:
    sources: tuple[Source, ...]
    entries: tuple[Entry, ...]
    """Of what is not to be read."""
    findings: tuple[Finding, ...]


def take_in(paths: Iterable[Path], exclude: Sequence[str] = ()) -> Intake:
    """Return every file below ``paths`` once, in the order of names; ``exclude`` are patterns of names.

    :raises WrongUseError: a path does not exist.
    """
    sources: list[Source] = []
    entries: list[Entry] = []
    notes: list[Finding] = []
    for one in _all(paths, exclude):
        if isinstance(one, Source):
            sources.append(one)
        elif isinstance(one, Entry):
            entries.append(one)
        else:
            notes.append(one)
    sources.sort(key=lambda source: source.name)
    entries.sort(key=lambda entry: entry.file)
    reasons = (e.reason for e in entries if e.outcome == Outcome.REJECTED and e.reason)
    return Intake(tuple(sources), tuple(entries), (*reasons, *notes))


def _all(paths: Iterable[Path], exclude: Sequence[str]) -> Iterator[Source | Entry | Finding]:
    walked: set[str] = set()
    seen: dict[str, Path] = {}
    for path in paths:
        if not os.path.exists(path):  # noqa: PTH110  (Path.exists raises where the folder is closed to us)
            raise WrongUseError(
                _("{path}: there is no such file or folder. Check the name.").format(path=path)
            )
        for file in _files(path, walked):
            if isinstance(file, Entry):
                yield file
                continue
            source = Source(shown(file), file)
            where = os.path.normcase(os.path.realpath(file))
            first = seen.setdefault(where, file)
            inside = file.relative_to(path) if file != path else PurePath(file.name)
            reason = _reason_to_skip(source.name, inside, exclude)
            if first is not file and first == file:
                continue
            if first != file:
                reason = reason or finding("skipped-same", source.name, found=shown(first))
            if reason:
                yield _skipped(source, reason)
            else:
                yield from _opened(source, exclude)


def _files(path: Path, walked: set[str]) -> Iterator[Path | Entry]:
    """Yield the files at and below a path, folders that are links included, each folder once."""
    if not path.is_dir():
        yield path
        return
    folders = [path]
    while folders:
        folder = folders.pop()
        where = os.path.realpath(folder)
        if where in walked:
            continue
        walked.add(where)
        try:
            with os.scandir(folder) as found:
                items = sorted(found, key=lambda item: item.name)
        except OSError as error:
            name = shown(folder)
            reason = finding("folder-unreadable", name, found=error.strerror or str(error))
            yield rejected(Entry(name, None, None, Outcome.READ), reason)
            continue
        folders += [folder / item.name for item in reversed(items) if item.is_dir()]
        yield from (folder / item.name for item in items if not item.is_dir())


def _reason_to_skip(name: str, inside: PurePath, exclude: Sequence[str]) -> Finding | None:
    """Return why a file is left alone; ``inside`` is its way below what was given."""
    pattern = next((pattern for pattern in exclude if _matches(name, pattern)), None)
    if pattern is not None:
        return finding("skipped-excluded", name, pattern=pattern)
    base = inside.name.lower()
    parts = [part for part in inside.parts if part not in (".", "..")]
    hidden = any(part.startswith((".", "~$")) or part.lower() == "__macosx" for part in parts)
    if hidden or base.endswith(".tmp") or base in _SYSTEM_FILES:
        return finding("skipped-temporary", name)
    return None


def _matches(name: str, pattern: str) -> bool:
    """Whether a pattern matches the name from any folder on, without regard to case."""
    parts = name.casefold().split("/")
    return any(fnmatchcase("/".join(parts[i:]), pattern.casefold()) for i in range(len(parts)))


def _skipped(source: Source, reason: Finding) -> Entry:
    digest, size = fingerprint(source.path) if not source.inside else (None, None)
    return Entry(source.name, digest, size, Outcome.SKIPPED, reason=reason)


def _opened(source: Source, exclude: Sequence[str]) -> Iterator[Source | Entry | Finding]:
    """Yield a file, or what is in it where it is an archive."""
    if not source.path.is_file():
        yield Entry(source.name, None, None, Outcome.SKIPPED, reason=finding("skipped-special", source.name))
        return
    box = _archive(source)
    if box is None:
        yield source
        return
    found = list(_members(source, box, exclude))
    files = [one for one in found if not isinstance(one, Finding)]
    if len(files) > safe_zip.MOST_MEMBERS:  # the inner archives' members count with those of the outer
        limit = f"{safe_zip.MOST_MEMBERS:,}"
        yield _refused(source, finding("unsafe-members", source.name, found=f"{len(files):,}", limit=limit))
    elif not files:
        yield _refused(source, finding("archive-empty", source.name))
    else:
        yield _archive_entry(source, *fingerprint(source.path))
        yield from found


def _archive_entry(source: Source, digest: str | None, size: int | None) -> Entry:
    """Return an archive's own line; what it holds has lines of its own."""
    return Entry(source.name, digest, size, Outcome.READ, reason=finding("archive-opened", source.name))


def _archive(source: Source) -> Archive | None:
    """Return the archive that a file on the disk is, None where it is none or cannot be opened.

    What cannot be opened is left to those who read it, and say why it cannot.
    """
    try:
        with source.path.open("rb") as file:
            head = file.read(64)
        if not head.startswith((safe_zip.MAGIC, safe_zip.EMPTY_MAGIC)) or head[30:].startswith(
            _FIRST_MEMBERS
        ):
            return None
        box = archive_at(source)
    except (OSError, ArchiveError):
        return None
    return None if is_workbook(box) else box


def _members(
    source: Source, box: Archive, exclude: Sequence[str], depth: int = 0
) -> Iterator[Source | Entry | Finding]:
    guessed = next((m.name for m in box.members if m.guessed), None)
    if guessed is not None:
        yield finding("names-guessed", source.name, found=guessed)
    for member in sorted(box.members, key=lambda m: m.name):
        name = f"{source.name}/{clean(member.name)}"
        one = Source(name, source.path, (*source.inside, member.name))
        reason = _reason_to_skip(name, PurePosixPath(member.name), exclude)
        if reason:
            yield _skipped(one, reason)
            continue
        try:
            inner = _inner(box, member)
        except ArchiveError as error:
            reason = finding(error.code, name, found=error.found, limit=error.limit)
            yield _refused(one, reason, member.size)
            continue
        if inner is None:
            yield one
        elif depth == DEEPEST:
            yield _refused(one, finding("archive-nested", name), member.size)
        else:
            yield _archive_entry(one, None, member.size)
            yield from _members(one, inner, exclude, depth + 1)


def _inner(box: Archive, member: Member) -> Archive | None:
    """Return the archive that a member is, None where it is none."""
    first = next(box.pieces(member), b"")
    if not first.startswith(safe_zip.MAGIC) or first[30:].startswith(_FIRST_MEMBERS):
        return None
    inner = Archive(box.inflate(member))
    return None if is_workbook(inner) else inner


def _refused(source: Source, reason: Finding, size: int | None = None) -> Entry:
    digest, length = (None, size) if source.inside else fingerprint(source.path)
    return rejected(Entry(source.name, digest, length, Outcome.READ), reason)


def content(source: Source) -> bytes:
    """Return a source's bytes.

    :raises OSError: it cannot be read.
    :raises ArchiveError: it is too big, or its archive is damaged.
    """
    if not source.inside:
        return _file_content(source.path)
    outer = replace(source, inside=source.inside[:-1])
    box = archive_at(outer)
    member = next((m for m in box.members if m.name == source.inside[-1]), None)
    if member is None:
        raise ArchiveError("file-damaged", source.inside[-1])
    if member.size > MOST_BYTES:
        raise ArchiveError("file-too-big", size_text(member.size), size_text(MOST_BYTES))
    return box.inflate(member)


def archive_at(source: Source) -> Archive:
    """Return the archive at a source, kept until another one is asked for (its members come in turn)."""
    stat = source.path.stat()
    return _archive_at(source, stat.st_mtime_ns, stat.st_size)


@lru_cache(maxsize=2)
def _archive_at(source: Source, _changed: int, _size: int) -> Archive:
    return Archive(content(source))


def _file_content(path: Path) -> bytes:
    with path.open("rb") as file:
        data = file.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        size = path.stat().st_size
        raise ArchiveError("file-too-big", size_text(size), size_text(MOST_BYTES))
    return data


def fingerprint(path: Path) -> tuple[str | None, int | None]:
    """Return SHA-256 and size of a file, None where it cannot be read."""
    try:
        if not path.is_file():
            return None, None
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest(), path.stat().st_size
    except OSError:
        return None, None


def rejected(entry: Entry, reason: Finding) -> Entry:
    return replace(entry, outcome=Outcome.REJECTED, reason=reason)


def shown(path: Path) -> str:
    """Return a path as reports show it: names that are no UTF-8 are taken as Chinese Windows writes them."""
    name = path.as_posix()
    try:
        name.encode()
    except UnicodeEncodeError:
        name = os.fsencode(name).decode("gb18030", "replace")
    return clean(name)
