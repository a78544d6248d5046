"""Whose the correction copies in a folder are: by the round's journal, never by their names."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from greenxl.campaign.model import Campaign
from greenxl.findings import Finding
from greenxl.form.layout import Identity
from greenxl.i18n import _
from greenxl.returns.reader import identity_in
from greenxl.rounds.evaluate import Round
from greenxl.scoring.issued import IssuedCopies
from greenxl.sendback.copies import Draft, drafts
from greenxl.workbooks.opening import MOST_BYTES, open_workbook


@dataclass(frozen=True, slots=True)
class FoundCopy:
    path: Path
    data: bytes


@dataclass(frozen=True, slots=True)
class FoundCopies:
    by_town: Mapping[str, FoundCopy]
    wanted: Mapping[str, Draft]
    """The copies that the towns need now, which "check" writes: these and no others are sent."""
    outdated: frozenset[str]
    """The towns whose copy would come out otherwise by now."""
    problems: tuple[str, ...] = ()
    """Sentences about workbooks that are nobody's copy."""


def find_copies(result: Round, files: Iterable[Path]) -> FoundCopies:
    """Return the copy of each town among workbooks, the one issued last; ``files`` have the newest last.

    A round without journal believes what a workbook says of itself; then none is known to be outdated.
    """
    wanted = {draft.town: draft for draft in drafts(result)}
    if result.issued is None:
        return _believed(result.campaign, files, wanted)
    return _issued(result.issued, files, wanted)


def _issued(issued: IssuedCopies, files: Iterable[Path], wanted: Mapping[str, Draft]) -> FoundCopies:
    places = {copy.sha256: place for place, copy in enumerate(issued.copies) if copy.id}
    found: dict[int, FoundCopy] = {}
    problems = []
    for file in files:
        data = _bytes(file)
        place = places.get(hashlib.sha256(data).hexdigest()) if data else None
        if data is None or place is None:
            problems.append(_problem(file, data, issued))
        else:
            found[place] = FoundCopy(file, data)
    last = {issued.copies[place].content.town: place for place in sorted(found)}
    return FoundCopies(
        by_town={town: found[place] for town, place in last.items()},
        wanted=wanted,
        outdated=frozenset(
            town
            for town, place in last.items()
            if town not in wanted or wanted[town].content != issued.copies[place].content
        ),
        problems=tuple(problems),
    )


def _problem(file: Path, data: bytes | None, issued: IssuedCopies) -> str:
    if data is None:
        line = _("{path}: cannot be read, so it is not sent. Close it elsewhere and run again.")
        return line.format(path=file)
    identity = _identity(file, data)
    if identity and identity.copy_id in {copy.id for copy in issued.copies if copy.id}:
        line = _("{path}: changed since greenxl wrote it, so it is not sent. Move it elsewhere.")
        return line.format(path=file)
    return _no_copy(file)


def _no_copy(file: Path) -> str:
    line = _("{path}: no correction copy that this round issued, so it is not sent. Move it elsewhere.")
    return line.format(path=file)


def _believed(campaign: Campaign, files: Iterable[Path], wanted: Mapping[str, Draft]) -> FoundCopies:
    found, problems = {}, []
    for file in files:
        data = _bytes(file)
        identity = _identity(file, data) if data else None
        town = _town(identity, campaign) if identity else None
        if data is None or town is None:
            problems.append(_no_copy(file))
        else:
            found[town] = FoundCopy(file, data)
    return FoundCopies(found, wanted, frozenset(), tuple(problems))


def _town(identity: Identity, campaign: Campaign) -> str | None:
    """Return the town of a copy of this campaign."""
    is_copy = identity.supersedes and identity.campaign == campaign.id
    town = campaign.find_town(identity.town) if is_copy else None
    return town.name if town else None


def _bytes(file: Path) -> bytes | None:
    """Return what a file holds, None where it cannot be read or is larger than any copy."""
    try:
        with file.open("rb") as opened:
            data = opened.read(MOST_BYTES + 1)
    except OSError:
        return None
    return data if len(data) <= MOST_BYTES else None


def _identity(file: Path, data: bytes) -> Identity | None:
    book = open_workbook(file.name, data)
    return None if isinstance(book, Finding) else identity_in(book.cells)
