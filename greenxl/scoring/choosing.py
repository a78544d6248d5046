"""Which sheet counts for which community: duplicates, conflicts, missing. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from greenxl.campaign import rules
from greenxl.campaign.model import Campaign, Community
from greenxl.findings import Finding, finding
from greenxl.scoring.checking import Checked, Mark


class Status(StrEnum):
    """Where a community stands in the round; the JSON document's words."""

    PASSED = "passed"
    FAILED = "failed"
    INCOMPLETE = "incomplete"
    INVALID = "invalid"
    CONFLICT = "conflict"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Choice:
    """What counts for one community."""

    community: Community
    status: Status
    chosen: Checked | None
    """The sheet that counts; None while conflicting or missing."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """What counts for every community, in roster order, and what the choosing found."""

    choices: tuple[Choice, ...]
    findings: tuple[Finding, ...]
    replaced: frozenset[tuple[str, str]]
    """File and sheet of what a corrected copy replaces."""


def choose(checked: Iterable[Checked], campaign: Campaign, *, latest: bool = False) -> Chosen:
    """Return what counts for every community.

    Where returns differ, none of them counts, or with ``latest`` the one that was last saved.
    """
    checked = list(checked)
    successors = _successors(checked)
    returns: dict[Community, list[Checked]] = {community: [] for community in campaign.communities}
    for one in checked:
        if one.community and _name(one) not in successors:
            returns[one.community].append(one)
    choices = []
    findings = [
        _at(one, finding("superseded", *_name(one), chosen=successors[_name(one)].sheet.file))
        for one in checked
        if _name(one) in successors
    ]
    for community, sheets in returns.items():
        candidates = [one for one in sheets if one.returned]
        choice, told = _choose(community, candidates, campaign, latest)
        choices.append(choice)
        findings += told if candidates else map(_empty, sheets)
    return Chosen(tuple(choices), tuple(findings), frozenset(successors))


def still_open(findings: Iterable[Finding], checked: Iterable[Checked], chosen_ones: Chosen) -> list[Finding]:
    """Return the findings but those of sheets in whose place another return counts.

    That is a corrected copy, or the one last saved of those that differ.
    """
    gone = set(chosen_ones.replaced)
    counts = {choice.community: choice.chosen for choice in chosen_ones.choices}
    for one in checked:
        chosen = counts.get(one.community) if one.community else None
        if chosen and one.returned and one.scores != chosen.scores:
            gone.add(_name(one))
    return [one for one in findings if (one.file, one.sheet) not in gone]


def _successors(checked: list[Checked]) -> dict[tuple[str, str], Checked]:
    """Return the sheets that a corrected copy replaces, by file and sheet, with the last such copy."""
    copies: dict[str, list[Checked]] = {}
    for one in checked:
        for digest in one.sheet.identity.supersedes if one.sheet.identity else ():
            copies.setdefault(digest, []).append(one)
    found = {}
    for one in checked:
        replacing = [copy for copy in copies.get(one.sheet.sha256, ()) if _replaces(copy, one)]
        if replacing:
            found[_name(one)] = max(replacing, key=_generation)
    return found


def _replaces(copy: Checked, old: Checked) -> bool:
    """Whether a copy's sheet stands for the old one; an emptied one does not unmake a return."""
    if old.community is None:
        return True
    return copy.community == old.community and (copy.returned or not old.returned)


def _generation(checked: Checked) -> int:
    return len(checked.sheet.identity.supersedes) if checked.sheet.identity else 0


def _choose(
    community: Community, candidates: list[Checked], campaign: Campaign, latest: bool
) -> tuple[Choice, list[Finding]]:
    if not candidates:
        return Choice(community, Status.MISSING, None), []
    first, *others = candidates
    if any(other.scores != first.scores for other in others):
        last = _last_saved(candidates) if latest else None
        if last is None:
            return Choice(community, Status.CONFLICT, None), [_differ("returns-differ", candidates)]
        values = {"chosen": _place(last), "saved": f"{last.sheet.saved:%Y-%m-%d %H:%M}"}
        told = _differ("returns-differ-latest", candidates, **values)
        return Choice(community, status_of(last, campaign), last), [told]
    twice = [_at(o, finding("returned-twice", *_name(o), chosen=_place(first))) for o in others]
    return Choice(community, status_of(first, campaign), first), twice


def _last_saved(candidates: list[Checked]) -> Checked | None:
    """Return the return that was saved last; None where times are missing, or as late a one differs."""
    times = [one.sheet.saved for one in candidates]
    known = [moment for moment in times if moment]
    if len(known) < len(times):
        return None
    first, *others = (one for one in candidates if one.sheet.saved == max(known))
    return None if any(other.scores != first.scores for other in others) else first


def _empty(checked: Checked) -> Finding:
    return _at(checked, finding("sheet-empty", *_name(checked)))


def status_of(checked: Checked, campaign: Campaign) -> Status:
    marks = {score.mark for score in checked.scores}
    if Mark.WRONG in marks:
        return Status.INVALID
    passed = rules.judge([score.value for score in checked.scores], campaign).passed
    if passed is None:
        return Status.INCOMPLETE
    return Status.PASSED if passed else Status.FAILED


def _differ(code: str, candidates: list[Checked], **values: Any) -> Finding:
    """Return the finding that names every return and the cells in which they differ."""
    first = candidates[0]
    differing = [
        index
        for index, scores in enumerate(zip(*(c.scores for c in candidates), strict=True))
        if len(set(scores)) > 1
    ]
    cells = [line.score.address for line in first.sheet.lines if line.number - 1 in differing]
    files = "；".join(map(_place, candidates))
    return _at(first, finding(code, *_name(first), cells=cells, files=files, **values))


def _at(checked: Checked, told: Finding) -> Finding:
    community = checked.community
    return told.at(town=community.town, community=community.name) if community else told


def _name(checked: Checked) -> tuple[str, str]:
    return checked.sheet.file, checked.sheet.sheet


def _place(checked: Checked) -> str:
    return " › ".join(_name(checked))
