"""Which correction copies are written anew, which stay, and which nobody needs any more. Pure."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from greenxl.output_files import names_of
from greenxl.scoring.issued import IssuedCopies, IssuedCopy
from greenxl.sendback.copies import Copy, Draft


@dataclass(frozen=True, slots=True)
class Folder:
    """The folder of copies as it is."""

    files: Mapping[str, str | None]
    """The names in it -> the SHA-256 of a file, None where it is not greenxl's to touch."""
    settled: Collection[str] = ()
    """The names in its folder of settled copies."""


@dataclass(frozen=True, slots=True)
class Plan:
    write: tuple[Copy, ...]
    """Each under its name, which is free or that of a copy which it takes the place of."""
    unchanged: tuple[str, ...]
    """The names of those that would come out the same."""
    retire: tuple[tuple[str, str], ...]
    """The names of those that nobody needs any more, and their names among the settled."""
    in_the_way: tuple[tuple[str, str], ...]
    """The names of files that greenxl did not write so, and of the copies written beside them."""


def plan_copies(
    drafts: Sequence[Draft],
    issued: IssuedCopies,
    folder: Folder,
    returned: Collection[str],
    new_id: Callable[[], str],
) -> Plan:
    """Return what to do with a folder, so that it holds the one copy that each town now needs.

    Only files that are as greenxl wrote them (``issued``) are replaced or moved. ``returned`` are the towns
    of which anything was read: of the others it is not known whether they still need theirs.
    """
    written = issued.by_file()
    own = {name: written[digest] for name, digest in folder.files.items() if digest in written}
    foreign = {name.casefold() for name in folder.files if name not in own}
    write: list[Copy] = []
    unchanged: list[str] = []
    for draft in drafts:
        same = _same(draft, issued)
        lies = next((name for name in own if own[name] == same), None)
        if lies is None:
            taken = foreign | _of_others(own, draft.town) | {one.file_name.casefold() for one in write}
            name = _free(draft.file_name, taken)
            write.append(_again(draft, same, name) or draft.copy(new_id(), name))
        else:
            unchanged.append(lies)
    kept = {name.casefold() for name in (*unchanged, *(one.file_name for one in write))}
    over = [n for n in own if n.casefold() not in kept and own[n].content.town in returned]
    return Plan(
        write=tuple(write),
        unchanged=tuple(unchanged),
        retire=tuple(_moves(over, folder.settled)),
        in_the_way=tuple(_in_the_way(drafts, write, foreign)),
    )


def _same(draft: Draft, issued: IssuedCopies) -> IssuedCopy | None:
    """Return the copy that the town was issued last, where that has the same content."""
    last = issued.last_of(draft.town)
    return last if last and last.content == draft.content else None


def _in_the_way(
    drafts: Iterable[Draft], write: Iterable[Copy], foreign: Collection[str]
) -> Iterator[tuple[str, str]]:
    names = {draft.town: draft.file_name for draft in drafts}
    for copy in write:
        if names[copy.town].casefold() in foreign:
            yield names[copy.town], copy.file_name


def _again(draft: Draft, same: IssuedCopy | None, name: str) -> Copy | None:
    """Return a copy that was issued and is no longer there, where it comes out to the byte."""
    copy = draft.copy(same.id, name) if same else None
    return copy if same and copy and copy.issued.sha256 == same.sha256 else None


def _of_others(own: Mapping[str, IssuedCopy], town: str) -> set[str]:
    return {name.casefold() for name, copy in own.items() if copy.content.town != town}


def _moves(names: Sequence[str], settled: Collection[str]) -> Iterator[tuple[str, str]]:
    taken = {name.casefold() for name in settled}
    for name in names:
        free = _free(name, taken)
        taken.add(free.casefold())
        yield name, free


def _free(name: str, taken: Collection[str]) -> str:
    """Return a name, or the next one that is not taken."""
    return next(path.name for path in names_of(Path(name)) if path.name.casefold() not in taken)
