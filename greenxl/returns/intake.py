"""From the paths that the command was pointed at to a list in which every file stands once.

Folders are walked and zips listed here, within a budget; what a file is and holds is found out later, by
the workers, who also list what mails hold.
"""

import hashlib
import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from fnmatch import fnmatchcase
from functools import lru_cache
from itertools import chain
from pathlib import Path, PurePath, PurePosixPath

from greenxl.catalogue import Severity
from greenxl.errors import WrongUseError
from greenxl.findings import Finding, finding
from greenxl.i18n import _
from greenxl.names import clean
from greenxl.returns import folders, safe_zip
from greenxl.returns.folders import shown
from greenxl.returns.inspection import MOST_BYTES, refusal, size_text
from greenxl.returns.kinds import FIRST_MEMBERS, is_document
from greenxl.returns.mail_file import Mail
from greenxl.returns.safe_zip import Archive, ArchiveError, Box, Member


class Outcome(StrEnum):
    """What became of a file; the JSON document's words."""

    READ = "read"
    REJECTED = "rejected"
    SKIPPED = "skipped"


DEEPEST = 1
"""How many archives inside archives are opened."""

_SYSTEM_FILES = {"thumbs.db", "desktop.ini", ".ds_store"}
_PLACEHOLDER = ".icloud"
"""What a file is called, hidden, that is in iCloud and not on this computer."""
MOST_FILES = 20_000
"""Of one run, members of archives included."""
MOST_BYTES_OF_RUN = 8 * 1024**3


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
    given = list(paths)
    listing = _Listing([os.path.realpath(path) for path in given], tuple(exclude))
    for one in chain.from_iterable(map(listing.below, given)):
        if isinstance(one, Source):
            sources.append(one)
        elif isinstance(one, Entry):
            entries.append(one)
        else:
            notes.append(one)
    sources.sort(key=lambda source: source.name)
    entries.sort(key=lambda entry: entry.file)
    reasons = (e.reason for e in entries if e.outcome == Outcome.REJECTED and e.reason)
    return Intake(tuple(sources), tuple(entries), (*_budget_once(reasons), *notes))


def _budget_once(reasons: Iterable[Finding]) -> Iterator[Finding]:
    """Yield the reasons, but only the first file over the budget: there may be a million more."""
    spent = False
    for reason in reasons:
        if reason.code != "run-budget" or not spent:
            yield reason
        spent = spent or reason.code == "run-budget"


@dataclass(slots=True)
class _Budget:
    """What is left to take in, of one run or of one archive."""

    files: int
    bytes: int

    def take(self, size: int) -> bool:
        """Take one more file off; return whether it was still to be had."""
        self.files -= 1
        self.bytes -= size
        return self.files >= 0 and self.bytes >= 0


@dataclass(slots=True)
class _Listing:
    """One run's files as they are found."""

    given: Sequence[str]
    """The real paths to stay below."""
    exclude: tuple[str, ...]
    walked: set[str] = field(default_factory=set)
    """The real paths of the folders that were searched."""
    listed: set[Path] = field(default_factory=set)
    opened: dict[str, Path] = field(default_factory=dict)
    """The files by their real paths."""
    budget: _Budget = field(default_factory=lambda: _Budget(MOST_FILES, MOST_BYTES_OF_RUN))

    def below(self, path: Path) -> Iterator[Source | Entry | Finding]:
        if not os.path.exists(path):  # noqa: PTH110  (Path.exists raises where the folder is closed to us)
            raise WrongUseError(
                _("{path}: there is no such file or folder. Check the name.").format(path=path)
            )
        for file in folders.files(path, self.walked):
            if isinstance(file, Finding):
                yield _not_a_file(file)
            elif file not in self.listed:
                self.listed.add(file)
                source = Source(shown(file), file, exclude=self.exclude)
                inside = file.relative_to(path) if file != path else PurePath(file.name)
                reason = _reason_to_skip(source.name, inside, self.exclude)
                yield from [_skipped(source, reason)] if reason else self._file(source)

    def _file(self, source: Source) -> Iterator[Source | Entry | Finding]:
        """Yield a file, or what is in it where it is an archive, or why it is not opened."""
        problem = folders.problem(source.path, self.given)
        if problem:
            yield _not_a_file(problem)
            return
        same = self.opened.setdefault(os.path.normcase(os.path.realpath(source.path)), source.path)
        if same != source.path:
            yield _skipped(source, finding("skipped-same", source.name, found=shown(same)))
            return
        source = replace(source, size=_size(source.path))
        if not self.budget.take(min(source.size, MOST_BYTES)):
            yield _over_budget(source)
            return
        for one in _opened(source):
            if isinstance(one, Source) and one is not source and not self.budget.take(one.size):
                yield _over_budget(one)
            else:
                yield one


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _over_budget(source: Source) -> Entry:
    entry = Entry(source.name, None, source.size, Outcome.READ)
    limit = size_text(MOST_BYTES_OF_RUN)
    return rejected(entry, finding("run-budget", source.name, files=f"{MOST_FILES:,}", limit=limit))


def _not_a_file(reason: Finding) -> Entry:
    """Return the line of what is no file that can be read."""
    outcome = Outcome.SKIPPED if reason.severity is Severity.NOTE else Outcome.REJECTED
    return Entry(reason.file, None, None, outcome, reason=reason)


def _reason_to_skip(name: str, inside: PurePath, exclude: Sequence[str]) -> Finding | None:
    """Return why a file is left alone; ``inside`` is its way below what was given."""
    pattern = next((pattern for pattern in exclude if _matches(name, pattern)), None)
    if pattern is not None:
        return finding("skipped-excluded", name, pattern=pattern)
    base = inside.name.lower()
    parts = [part for part in inside.parts if part not in (".", "..")]
    hidden = any(part.startswith((".", "~$")) or part.lower() == "__macosx" for part in parts)
    if base.endswith(_PLACEHOLDER) or not (hidden or base.endswith(".tmp") or base in _SYSTEM_FILES):
        return None
    return finding("skipped-temporary", name)


def _matches(name: str, pattern: str) -> bool:
    """Whether a pattern matches the name from any folder on, without regard to case."""
    parts = name.casefold().split("/")
    return any(fnmatchcase("/".join(parts[i:]), pattern.casefold()) for i in range(len(parts)))


def _skipped(source: Source, reason: Finding) -> Entry:
    digest, size = fingerprint(source.path) if not source.inside else (None, source.size)
    return Entry(source.name, digest, size, Outcome.SKIPPED, reason=reason)


def _opened(source: Source) -> Iterator[Source | Entry | Finding]:
    """Yield a file, or what is in it where it is an archive."""
    box = _archive(source)
    if box is None:
        yield source
        return
    try:
        found = list(members(source, box))
    except ArchiveError as error:  # one limit holds for an archive with all that is nested in it
        yield _refused(source, refusal(source.name, error))
        return
    if any(not isinstance(one, Finding) for one in found):
        yield _archive_entry(source, *fingerprint(source.path))
        yield from found
    else:
        yield _refused(source, finding("archive-empty", source.name))


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
        if not _may_be_archive(head):
            return None
        box = container_at(source)
    except (OSError, ArchiveError):
        return None
    return box if isinstance(box, Archive) and not is_document(box) else None


def _may_be_archive(head: bytes) -> bool:
    """Whether a file may be an archive of files by how it begins; most workbooks may not."""
    return head.startswith(_MAGIC) and not head[30:].startswith(FIRST_MEMBERS)


_MAGIC = (safe_zip.MAGIC, safe_zip.EMPTY_MAGIC)


def members(source: Source, box: Box, budget: _Budget | None = None) -> Iterator[Source | Entry | Finding]:
    """Yield what is in an archive or a mail and in the archives in it, down to the deepest that are opened.

    :raises ArchiveError: together they hold more than one archive may.
    """
    budget = budget or _Budget(safe_zip.MOST_MEMBERS, safe_zip.MOST_INFLATED)
    guessed = next((m.name for m in box.members if m.guessed), None)
    if guessed is not None:
        yield finding("names-guessed", source.name, found=guessed)
    for member in sorted(box.members, key=lambda m: m.name):
        if not budget.take(member.size):
            raise _spent(budget)
        name = f"{source.name}/{clean(member.name)}"
        inside = (*source.inside, member.name)
        one = replace(source, name=name, inside=inside, size=member.size)
        reason = _reason_to_skip(name, PurePosixPath(member.name), source.exclude)
        yield from [_skipped(one, reason)] if reason else _member(one, box, member, budget)


def _spent(budget: _Budget) -> ArchiveError:
    if budget.files < 0:
        limit = safe_zip.MOST_MEMBERS
        return ArchiveError("unsafe-members", f"{limit - budget.files:,}", f"{limit:,}")
    return ArchiveError("unsafe-size", size_text(safe_zip.MOST_INFLATED))


def _member(one: Source, box: Box, member: Member, budget: _Budget) -> Iterator[Source | Entry | Finding]:
    """Yield a member, or what is in it where it is an archive."""
    try:
        inner = _inner(box, member)
    except ArchiveError as error:
        yield _refused(one, refusal(one.name, error))
        return
    if inner is None:
        yield one
    elif len(one.inside) > DEEPEST:
        yield _refused(one, finding("archive-nested", one.name))
    else:
        yield _archive_entry(one, None, one.size)
        yield from members(one, inner, budget)


def _inner(box: Box, member: Member) -> Archive | None:
    """Return the archive that a member is, None where it is none."""
    if member.size > MOST_BYTES or not _may_be_archive(next(box.pieces(member), b"")):
        return None
    inner = Archive(box.inflate(member))
    return None if is_document(inner) else inner


def _refused(source: Source, reason: Finding) -> Entry:
    digest, size = (None, source.size) if source.inside else fingerprint(source.path)
    return rejected(Entry(source.name, digest, size, Outcome.READ), reason)


def content(source: Source) -> bytes:
    """Return a source's bytes.

    :raises OSError: it cannot be read.
    :raises ArchiveError: it is too big, or its archive is damaged.
    """
    return _content(source.path, source.inside)


def container_at(source: Source) -> Box:
    """Return the archive or mail at a source, kept until others are asked for (its members come in turn)."""
    return _container_at(source.path, source.inside)


def _container_at(path: Path, inside: tuple[str, ...]) -> Box:
    stat = path.stat()
    return _container(path, inside, stat.st_mtime_ns, stat.st_size)


@lru_cache(maxsize=2)
def _container(path: Path, inside: tuple[str, ...], _changed: int, _size: int) -> Box:
    data = _content(path, inside)
    return Archive(data) if data.startswith(_MAGIC) else Mail(data)


def _content(path: Path, inside: tuple[str, ...]) -> bytes:
    if not inside:
        return _file_content(path)
    box = _container_at(path, inside[:-1])
    member = next((m for m in box.members if m.name == inside[-1]), None)
    if member is None:
        raise ArchiveError("file-damaged", inside[-1])
    if member.size > MOST_BYTES:
        raise _too_big(member.size)
    return box.inflate(member)


def _file_content(path: Path) -> bytes:
    with path.open("rb") as file:
        size = os.fstat(file.fileno()).st_size
        data = b"" if size > MOST_BYTES else file.read(MOST_BYTES + 1)
    if max(size, len(data)) > MOST_BYTES:
        raise _too_big(max(size, len(data)))
    return data


def _too_big(size: int) -> ArchiveError:
    return ArchiveError("file-too-big", size_text(size), size_text(MOST_BYTES))


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


def rejected(entry: Entry, reason: Finding) -> Entry:
    return replace(entry, outcome=Outcome.REJECTED, reason=reason)
