"""What a run does in the folder of notices, decided before anything is written. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path

from greenxl.output_files import names_of
from greenxl.report.notices.journal import CurrentNotice, WrittenNotices

Files = Mapping[str, str | None]
"""The SHA-256 of each file by its name; None of what is no file or cannot be read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A notice as it is now to be."""

    about: CurrentNotice
    """Under the name that it gets if nobody's work is there."""
    dated: str
    """The name that it gets otherwise."""
    data: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is to be done."""

    write: tuple[Draft, ...]
    """Under the names that are free for them, or whose file is greenxl's own."""
    unchanged: tuple[CurrentNotice, ...]
    retire: tuple[str, ...]
    """Files of greenxl's own that are nobody's notice any more."""
    in_the_way: tuple[tuple[str, str], ...]
    """Files into which somebody typed, and the notices that are written beside them."""

    @property
    def current(self) -> tuple[CurrentNotice, ...]:
        return (*(draft.about for draft in self.write), *self.unchanged)


def plan_notices(drafts: Sequence[Draft], files: Files, written: WrittenNotices) -> Plan:
    """Return what to do: what nobody changed is renewed, and what somebody did stays as it is.

    Where a notice would hold the same as before, its file stays, whoever typed into it.
    """
    write: list[Draft] = []
    unchanged: list[CurrentNotice] = []
    in_the_way = []
    for draft in drafts:
        kept = _kept(draft, files, written)
        if kept:
            unchanged.append(kept)
            continue
        taken = {one.file for one in unchanged} | {one.about.file for one in write}
        name = next(name for name in _names(draft) if name not in taken and _is_free(name, files, written))
        write.append(replace(draft, about=replace(draft.about, file=name)))
        if name != draft.about.file:
            in_the_way.append((_last_file(draft, files, written), name))
    plan = Plan(write=tuple(write), unchanged=tuple(unchanged), retire=(), in_the_way=tuple(in_the_way))
    current = {one.file for one in plan.current}
    own = (name for name, digest in files.items() if (name, digest) in written.known)
    return replace(plan, retire=tuple(sorted(set(own) - current)))


def _kept(draft: Draft, files: Files, written: WrittenNotices) -> CurrentNotice | None:
    """Return the notice of the last run where it holds the same and its file is there."""
    before = written.of(draft.about.town)
    if before and before.content == draft.about.content and before.file in files:
        return before
    if files.get(draft.about.file) == sha256(draft.data).hexdigest():
        return draft.about
    return None


def _last_file(draft: Draft, files: Files, written: WrittenNotices) -> str:
    """Return the file that would be renewed if nobody had typed into it."""
    before = written.of(draft.about.town)
    return before.file if before and before.file in files else draft.about.file


def _names(draft: Draft) -> Iterator[str]:
    yield draft.about.file
    yield from (path.name for path in names_of(Path(draft.dated)))


def _is_free(name: str, files: Files, written: WrittenNotices) -> bool:
    """Whether no file has that name, or one that is as greenxl wrote it."""
    return name not in files or (name, files[name]) in written.known
