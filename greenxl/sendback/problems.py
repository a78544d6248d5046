"""What each town has to correct in what it returned. Pure."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter

from greenxl.campaign.model import Campaign, Community
from greenxl.catalogue import Audience, Severity
from greenxl.findings import Finding, finding
from greenxl.rounds.evaluate import Round
from greenxl.scoring.checking import Checked
from greenxl.scoring.choosing import Choice, Place, Status, shown_score
from greenxl.scoring.issued import IssuedCopies, claim_of


@dataclass(frozen=True, slots=True)
class TownProblems:
    """What one town has to correct, and what its copy needs to know of the returns."""

    campaign: Campaign
    town: str
    sheets: tuple[Checked, ...]
    """Its sheets that count, contradict each other, came empty or could not be placed."""
    file_names: Mapping[str, str]
    """What the town calls the files of these sheets: without the folders of this computer."""
    findings: tuple[Finding, ...]
    """Each on one of the sheets."""
    left_out: tuple[Finding, ...]
    """What the files held beside the forms."""
    missing: tuple[Community, ...]
    """Communities of which no sheet came, not even an empty one."""
    originals: Mapping[str, frozenset[str]]
    """SHA-256 of all files that the copy replaces -> their sheets."""


def problems_by_town(result: Round) -> Iterator[TownProblems]:
    """Yield the problems of every town that returned something which it has to correct.

    Not of one whose returns came in a consolidated workbook: its county asks for them, and knows the files.
    """
    towns = _towns(result)
    sent: dict[str | None, list[Checked]] = {}
    for one in result.checked:
        sent.setdefault(towns[one.place], []).append(one)
    about = _about_files(result.findings)
    choices = {choice.community: choice for choice in result.choices}
    for town in result.campaign.towns:
        sheets = sent.get(town.name, [])
        if sheets and not any(one.sheet.merged_from for one in sheets):
            problems = _problems(result, town.name, sheets, choices, about)
            if problems.findings:
                yield problems


_AboutFiles = Mapping[str, Sequence[tuple[int, Finding]]]
"""Findings by their file, each with its place among all."""


def _about_files(findings: Iterable[Finding]) -> _AboutFiles:
    found: dict[str, list[tuple[int, Finding]]] = {}
    for numbered in enumerate(findings):
        found.setdefault(numbered[1].file, []).append(numbered)
    return found


def towns_read(result: Round) -> set[str]:
    """Return the towns of which anything was read: what the others have to correct is not known."""
    returned = (one for one in result.checked if not one.sheet.merged_from)
    return {one.community.town for one in returned if one.community}


def merged_workbooks(result: Round) -> list[str]:
    """Return the consolidated workbooks in which returns came: copies of these are not made here."""
    found = (one.sheet.merged_from for one in result.checked if one.sheet.merged_from)
    return list(dict.fromkeys(found))


def _towns(result: Round) -> dict[Place, str | None]:
    """Return the town of every sheet: its community's, its workbook's, or that of the sheets beside it."""
    towns = {one.place: _stated_town(one, result.campaign) for one in result.checked}
    beside: dict[str, set[str]] = {}
    for (file, _sheet), town in towns.items():
        beside.setdefault(file, set()).update([town] if town else [])
    only = {file: next(iter(found)) for file, found in beside.items() if len(found) == 1}
    return {place: town or only.get(place[0]) for place, town in towns.items()}


def _stated_town(one: Checked, campaign: Campaign) -> str | None:
    if one.community:
        return one.community.town
    stated = one.sheet.town if one.sheet.issued_to is None else one.sheet.issued_to
    town = None if stated is None else campaign.find_town(stated)
    return town.name if town else None


def _problems(
    result: Round,
    town: str,
    sent: Sequence[Checked],
    choices: Mapping[Community, Choice],
    about: _AboutFiles,
) -> TownProblems:
    communities = result.campaign.communities_of(town)
    sheets = tuple(one for one in sent if one.place not in result.replaced and _takes_part(one, choices))
    files = {one.sheet.file for one in sheets}
    names = _short_names(files)
    numbered = sorted((each for file in files for each in about.get(file, ())), key=itemgetter(0))
    findings = [one for _place, one in numbered]
    contradictions = [
        _contradictions([one for one in sheets if one.community == community], names, result.campaign)
        for community in communities
        if choices[community].status == Status.CONFLICT
    ]
    disputed = [one for found in contradictions for one in found]
    returned = {one.community for one in sheets}
    absent = [c for c in communities if c not in returned]
    return TownProblems(
        campaign=result.campaign,
        town=town,
        sheets=sheets,
        file_names=names,
        findings=(*_to_correct(findings, sheets, disputed), *disputed),
        left_out=tuple(one for one in findings if one.entry.left_out),
        missing=tuple(absent) if sheets else (),
        originals=_originals(sent, result.issued),
    )


def _takes_part(one: Checked, choices: Mapping[Community, Choice]) -> bool:
    """Whether a sheet counts, contradicts another, came empty or is nobody's."""
    if one.community is None:
        return True
    choice = choices[one.community]
    if choice.chosen:
        return choice.chosen.place == one.place
    return one.returned or choice.status == Status.MISSING


def _short_names(files: Collection[str]) -> dict[str, str]:
    """Return as much of the end of each path as distinguishes the files."""
    longest = max((file.count("/") for file in files), default=0) + 1
    for count in range(1, longest + 1):
        names = {file: "/".join(file.split("/")[-count:]) for file in files}
        if len(set(names.values())) == len(files):
            return names
    return {}


def _originals(sent: Sequence[Checked], issued: IssuedCopies | None) -> dict[str, frozenset[str]]:
    """Return the sheets that a copy replaces by their files, with those that they replace themselves."""
    found: dict[str, frozenset[str]] = {}
    for one in sent:
        digest = one.sheet.sha256
        found[digest] = found.get(digest, frozenset()) | {one.sheet.sheet}
        claim = claim_of(one.sheet, one.community.name if one.community else None, issued)
        for older, sheets in claim.originals.items() if claim else ():
            found[older] = found.get(older, frozenset()) | (sheets or frozenset())
    return dict(sorted(found.items()))


def _contradictions(
    candidates: Sequence[Checked], file_names: Mapping[str, str], campaign: Campaign
) -> list[Finding]:
    """Return a finding for every criterion that the returns of a community score differently."""
    found = []
    for number, scores in enumerate(zip(*(one.scores for one in candidates), strict=True), 1):
        if len(set(scores)) > 1:
            first, shown = candidates[0], [shown_score(score) for score in scores]
            named = zip((file_names[one.sheet.file] for one in candidates), shown, strict=True)
            files = "；".join(f"{name}：{score}" for name, score in named)
            one = finding(
                "score-differs",
                *first.place,
                found="／".join(shown),
                criterion=number,
                label=campaign.criteria[number - 1].label,
                files=files,
            )
            found.append(first.located(one))
    return found


def _to_correct(
    findings: Iterable[Finding], sheets: Sequence[Checked], disputed: Sequence[Finding]
) -> Iterator[Finding]:
    """Yield what the town can act on; what is wrong alike in contradicting returns comes once."""
    places = {one.place: one for one in sheets}
    in_dispute = {(one.community, number) for one in disputed for number in one.criteria}
    contradicting = {one.community for one in disputed}
    seen = set()
    for one in findings:
        sheet = places.get((one.file, one.sheet))
        if sheet is None or one.severity is Severity.NOTE or one.entry.audience is Audience.COUNTY:
            continue
        if one.community in contradicting:
            same = (one.code, one.community, one.criteria, one.found, one.values)
            if same in seen or (one.community, one.criterion) in in_dispute:
                continue
            seen.add(same)
        yield sheet.located(one)
