"""What each town still owes: communities missing or to be decided, cells to correct, unusable files. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from greenxl.campaign.model import Campaign, Town
from greenxl.campaign.rules import TO_BE_DECIDED
from greenxl.catalogue import Severity
from greenxl.findings import Finding, grouped
from greenxl.i18n import CHINESE, Words
from greenxl.returns.intake import Outcome
from greenxl.rounds.evaluate import Round
from greenxl.rounds.origin import town_of_folder
from greenxl.scoring.choosing import Choice, Status
from greenxl.scoring.vocabulary import status_words, words

PENDING: tuple[Status, ...] = (Status.INCOMPLETE, Status.INVALID, Status.CONFLICT)
_MOST_CELLS = 4
"""So many cells of two returns that differ are named to a town."""


@dataclass(frozen=True, slots=True)
class ToCorrect:
    """A community that has to correct something, and what."""

    community: str
    status: str
    """In Chinese."""
    lines: tuple[str, ...]
    places: int
    """Its cells that are wrong, 处."""


@dataclass(frozen=True, slots=True)
class Owed:
    """All that a town still owes; false where that is nothing."""

    town: Town
    missing: tuple[str, ...]
    undecided: tuple[str, ...]
    """Communities of which other score columns are filled in, but not the one that counts."""
    wrong: tuple[ToCorrect, ...]
    files: tuple[str, ...]
    """About files and sheets of the town that could not be used at all."""
    places: int
    """Everything that has to be corrected, by the same count."""

    def __bool__(self) -> bool:
        return bool(self.missing or self.undecided or self.to_correct)

    @property
    def to_correct(self) -> bool:
        """Whether anything that it returned is wrong."""
        return bool(self.wrong or self.files)


def owed_by(result: Round, towns: Iterable[Town]) -> list[Owed]:
    """Return what each town still owes, in the order of ``towns``."""
    owners = _owners(result)
    errors: dict[str, list[Finding]] = {}
    for one in result.findings:
        if one.severity is Severity.ERROR:
            errors.setdefault(one.town or owners.get(one.file, ""), []).append(one)
    return [_owed(result, town, errors.get(town.name, ())) for town in towns]


def _owed(result: Round, town: Town, errors: Sequence[Finding]) -> Owed:
    said = words(result.campaign)
    choices = [c for c in result.choices if c.community.town == town.name]
    pending = [(c, _to_correct(c, errors, result.campaign)) for c in choices if c.status in PENDING]
    wrong = tuple(one for choice, one in pending if one.lines or not to_be_decided(choice))
    unplaced = [f for f in errors if not f.community]
    return Owed(
        town=town,
        missing=tuple(c.community.name for c in choices if c.status == Status.MISSING),
        undecided=tuple(c.community.name for c in choices if to_be_decided(c)),
        wrong=wrong,
        files=tuple(_line_about_file(one, said) for one in grouped(unplaced)),
        places=sum(one.places for one in wrong) + count_places(unplaced),
    )


def to_be_decided(choice: Choice) -> bool:
    """Whether other score columns are filled in, but not the one that counts."""
    return choice.status is Status.INCOMPLETE and choice.chosen is not None and not choice.chosen.decided


def _status_word(choice: Choice, campaign: Campaign) -> str:
    """Return what the campaign calls the status; of what only another level scored, that too."""
    word = status_words(campaign)[choice.status]
    return f"{word}（{TO_BE_DECIDED}）" if to_be_decided(choice) else word


def _to_correct(choice: Choice, errors: Iterable[Finding], campaign: Campaign) -> ToCorrect:
    own = [f for f in errors if f.community == choice.community.name]
    return ToCorrect(
        community=choice.community.name,
        status=_status_word(choice, campaign),
        lines=town_lines(own, campaign),
        places=count_places(own),
    )


def town_lines(findings: Iterable[Finding], campaign: Campaign) -> tuple[str, ...]:
    """Return the findings about a community as its town needs them, like ones in one line."""
    said = words(campaign)
    return tuple(dict.fromkeys(_line(one, said) for one in grouped(findings)))


def count_places(findings: Sequence[Finding]) -> int:
    """Return how many cells are wrong; what is wrong with a sheet or file as a whole is one place.

    A cell of a community counts once, in however many returns it is wrong.
    """
    cells = {(f.community or (f.file, f.sheet), cell) for f in findings for cell in f.cells}
    return len(cells) + len({f for f in findings if not f.cells})


def _line(one: Finding, said: Words) -> str:
    """Return the finding as its town needs it: without our folders and what only the county can do."""
    if one.entry.for_town:
        few = "、".join(one.cells[:_MOST_CELLS])
        more = len(one.cells) > _MOST_CELLS
        return one.message_for_town(f"{few}等{len(one.cells)}处" if more else few, words=said)
    cells = one.shown_cells()
    message = one.message(CHINESE, said)
    return f"{cells}：{message}" if cells else message


def _line_about_file(one: Finding, said: Words) -> str:
    where = "›".join(part for part in (PurePosixPath(one.file).name, one.sheet) if part)
    return f"{where}：{one.message(CHINESE, said)}"


def towns_by_file(result: Round) -> dict[str, set[str]]:
    """Return the towns of each file: those whose communities it holds, else the one that owns it."""
    held: dict[str, set[str]] = {}
    for one in result.checked:
        if one.community:
            held.setdefault(one.sheet.file, set()).add(one.community.town)
    return {file: {town} for file, town in _owners(result).items()} | held


def _owners(result: Round) -> dict[str, str]:
    """Return the town of each file: by the identity in it, else by a folder that is named for the town."""
    campaign = result.campaign
    by_folder = {
        entry.file: town
        for entry in result.entries
        if entry.outcome != Outcome.SKIPPED and (town := town_of_folder(entry.file, campaign))
    }
    by_identity = {
        one.sheet.file: issued.name
        for one in result.checked
        if one.sheet.issued_to is not None and (issued := campaign.find_town(one.sheet.issued_to))
    }
    return by_folder | by_identity
