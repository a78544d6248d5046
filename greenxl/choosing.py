"""Which sheet counts for which community: duplicates, conflicts, missing. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from greenxl.campaign import Campaign, Community
from greenxl.checking import Checked
from greenxl.findings import Finding, finding

Status = Literal["passed", "failed", "incomplete", "invalid", "conflict", "missing"]


@dataclass(frozen=True, slots=True)
class Choice:
    """What counts for one community."""

    community: Community
    status: Status
    chosen: Checked | None
    """The sheet that counts; None while conflicting or missing."""


def choose(checked: Iterable[Checked], campaign: Campaign) -> tuple[tuple[Choice, ...], tuple[Finding, ...]]:
    """Return one choice per community in roster order, and what the choosing found."""
    returns: dict[Community, list[Checked]] = {community: [] for community in campaign.communities}
    for one in checked:
        if one.community:
            returns[one.community].append(one)
    choices = []
    findings: list[Finding] = []
    for community, sheets in returns.items():
        candidates = [one for one in sheets if one.returned]
        choice, told = _choose(community, candidates, campaign)
        choices.append(choice)
        findings += told if candidates else map(_empty, sheets)
    return tuple(choices), tuple(findings)


def _choose(
    community: Community, candidates: list[Checked], campaign: Campaign
) -> tuple[Choice, list[Finding]]:
    if not candidates:
        return Choice(community, "missing", None), []
    first, *others = candidates
    if any(other.scores != first.scores for other in others):
        return Choice(community, "conflict", None), [_conflict(community, candidates)]
    told = [
        finding("returned-twice", o.sheet.file, o.sheet.sheet, chosen=_place(first)).at(
            town=community.town, community=community.name
        )
        for o in others
    ]
    return Choice(community, status_of(first, campaign), first), told


def _empty(checked: Checked) -> Finding:
    return finding("sheet-empty", checked.sheet.file, checked.sheet.sheet).at(
        town=checked.community.town if checked.community else "",
        community=checked.community.name if checked.community else "",
    )


def status_of(checked: Checked, campaign: Campaign) -> Status:
    marks = {score.mark for score in checked.scores}
    if "wrong" in marks:
        return "invalid"
    if checked.total is None:
        return "incomplete"
    return "passed" if checked.total >= campaign.pass_score else "failed"


def _conflict(community: Community, candidates: list[Checked]) -> Finding:
    """Return the finding that names every return and the cells in which they differ."""
    first = candidates[0]
    differing = [
        index
        for index, scores in enumerate(zip(*(c.scores for c in candidates), strict=True))
        if len(set(scores)) > 1
    ]
    cells = [line.score.address for line in first.sheet.lines if line.number - 1 in differing]
    return finding(
        "returns-differ",
        first.sheet.file,
        first.sheet.sheet,
        cells[0] if cells else "",
        cells="、".join(cells),
        files="；".join(_place(c) for c in candidates),
    ).at(town=community.town, community=community.name)


def _place(checked: Checked) -> str:
    return f"{checked.sheet.file} › {checked.sheet.sheet}"
