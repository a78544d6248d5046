"""What is in an archive or a mail: listed within one budget for all that is nested in it."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

from greenxl.findings import Finding, finding
from greenxl.names import clean
from greenxl.returns.intake.contents import ZIPS, container_at
from greenxl.returns.intake.entries import Entry, Outcome, Source, fingerprint, refused, skipped
from greenxl.returns.intake.skipping import reason_to_skip
from greenxl.workbooks import safe_zip
from greenxl.workbooks.kinds import FIRST_MEMBERS, is_document
from greenxl.workbooks.opening import MOST_BYTES, refusal, size_text
from greenxl.workbooks.safe_zip import Archive, ArchiveError, Box, Member

DEEPEST = 1
"""How many archives inside archives are opened."""


@dataclass(slots=True)
class Budget:
    """What is left to take in, of one run or of one archive."""

    files: int
    bytes: int

    def take(self, size: int) -> bool:
        """Take one more file off; return whether it was still to be had."""
        self.files -= 1
        self.bytes -= size
        return self.files >= 0 and self.bytes >= 0


def opened(source: Source) -> Iterator[Source | Entry | Finding]:
    """Yield a file, or what is in it where it is an archive."""
    box = _archive(source)
    if box is None:
        yield source
        return
    try:
        found = list(members(source, box))
    except ArchiveError as error:  # one limit holds for an archive with all that is nested in it
        yield refused(source, refusal(source.name, error))
        return
    if any(not isinstance(one, Finding) for one in found):
        yield _archive_entry(source, *fingerprint(source.path))
        yield from found
    else:
        yield refused(source, finding("archive-empty", source.name))


def _archive_entry(source: Source, digest: str | None, size: int | None) -> Entry:
    """Return an archive's own line; what it holds has lines of its own."""
    return Entry(source.name, digest, size, Outcome.READ, reason=finding("archive-opened", source.name))


def _archive(source: Source) -> Archive | None:
    """Return the archive that a file on the disk is, None where it is none or cannot be opened.

    What cannot be opened is left to those who read it, and say why it cannot.
    """
    try:
        with source.path.open("rb", buffering=0) as file:
            head = file.read(64)
        if not _may_be_archive(head):
            return None
        box = container_at(source)
    except (OSError, ArchiveError):
        return None
    return box if isinstance(box, Archive) and not is_document(box) else None


def _may_be_archive(head: bytes) -> bool:
    """Whether a file may be an archive of files by how it begins; most workbooks may not."""
    return head.startswith(ZIPS) and not head[30:].startswith(FIRST_MEMBERS)


def members(source: Source, box: Box, budget: Budget | None = None) -> Iterator[Source | Entry | Finding]:
    """Yield what is in an archive or a mail and in the archives in it, down to the deepest that are opened.

    :raises ArchiveError: together they hold more than one archive may.
    """
    budget = budget or Budget(safe_zip.MOST_MEMBERS, safe_zip.MOST_INFLATED)
    guessed = next((m.name for m in box.members if m.guessed), None)
    if guessed is not None:
        yield finding("names-guessed", source.name, found=guessed)
    for member in sorted(box.members, key=lambda m: m.name):
        if not budget.take(member.size):
            raise _spent(budget)
        name = f"{source.name}/{clean(member.name)}"
        inside = (*source.inside, member.name)
        one = replace(source, name=name, inside=inside, size=member.size)
        reason = reason_to_skip(name, PurePosixPath(member.name).parts, source.exclude)
        yield from [skipped(one, reason)] if reason else _member(one, box, member, budget)


def _spent(budget: Budget) -> ArchiveError:
    if budget.files < 0:
        limit = safe_zip.MOST_MEMBERS
        return ArchiveError("unsafe-members", f"{limit - budget.files:,}", f"{limit:,}")
    return ArchiveError("unsafe-size", size_text(safe_zip.MOST_INFLATED))


def _member(one: Source, box: Box, member: Member, budget: Budget) -> Iterator[Source | Entry | Finding]:
    """Yield a member, or what is in it where it is an archive."""
    try:
        inner = _inner(box, member)
    except ArchiveError as error:
        yield refused(one, refusal(one.name, error))
        return
    if inner is None:
        yield one
    elif len(one.inside) > DEEPEST:
        yield refused(one, finding("archive-nested", one.name))
    else:
        yield _archive_entry(one, None, one.size)
        yield from members(one, inner, budget)


def _inner(box: Box, member: Member) -> Archive | None:
    """Return the archive that a member is, None where it is none."""
    if member.size > MOST_BYTES or not _may_be_archive(next(box.pieces(member), b"")):
        return None
    inner = Archive(box.inflate(member))
    return None if is_document(inner) else inner
