"""What each town has to mend in what it returned. Pure."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from greenxl.campaign.model import Campaign, Community, plain
from greenxl.catalogue import Audience, Severity
from greenxl.findings import Finding, finding
from greenxl.rounds.evaluate import Round
from greenxl.scoring.checking import Checked, Score
from greenxl.scoring.choosing import Choice, Status


@dataclass(frozen=True, slots=True)
class Case:
    """What there is to say to one town."""

    campaign: Campaign
    town: str
    sheets: tuple[Checked, ...]
    """Its sheets that count, contradict each other or could not be placed."""
    called: Mapping[str, str]
    """Their files as the town knows them: without the folders of this computer."""
    flaws: tuple[Finding, ...]
    conflicts: tuple[Community, ...]
    missing: tuple[Community, ...]
    """Communities of which no sheet came, not even an empty one."""
    supersedes: tuple[str, ...]
    alone: bool
    """Whether no other town's sheet came in its files."""


def cases(result: Round) -> Iterator[Case]:
    """Yield a case for every town that returned something which it has to mend."""
    towns = _towns(result)
    for town in result.campaign.towns:
        case = _case(result, town.name, towns)
        if case.flaws:
            yield case


def _towns(result: Round) -> dict[tuple[str, str], str | None]:
    """Return the town of every sheet that was read: its community's, else what its workbook says."""
    towns = {_name(one): _stated_town(one, result.campaign) for one in result.checked}
    for file, sheet in [place for place, town in towns.items() if town is None]:
        beside = {town for (other, _sheet), town in towns.items() if other == file and town}
        towns[file, sheet] = beside.pop() if len(beside) == 1 else None
    return towns


def _stated_town(one: Checked, campaign: Campaign) -> str | None:
    if one.community:
        return one.community.town
    label = one.sheet.town.value if one.sheet.town else None
    stated = one.sheet.identity.town if one.sheet.identity else label
    town = campaign.find_town(stated) if isinstance(stated, str) else None
    return town.name if town else None


def _case(result: Round, town: str, towns: Mapping[tuple[str, str], str | None]) -> Case:
    choices = {choice.community: choice for choice in result.choices}
    sent = [one for one in result.checked if towns[_name(one)] == town]
    sheets = tuple(one for one in sent if _name(one) not in result.replaced and _open(one, choices))
    called = _called({one.sheet.file for one in sheets})
    conflicts = tuple(
        c.community for c in result.choices if c.status == Status.CONFLICT and c.community.town == town
    )
    disputed = {c: _disputed([one for one in sheets if one.community == c], called) for c in conflicts}
    own = {one.sheet.sha256 for one in sent}
    inherited = {digest for one in sent if one.sheet.identity for digest in one.sheet.identity.supersedes}
    seen = {one.community for one in sheets}
    return Case(
        result.campaign,
        town,
        sheets,
        called,
        tuple(_flaws(result, sheets, disputed)),
        conflicts,
        tuple(c for c in result.campaign.communities_of(town) if c not in seen) if sheets else (),
        tuple(sorted(own | inherited)),
        all(other == town for (file, _sheet), other in towns.items() if file in called),
    )


def _called(files: Collection[str]) -> dict[str, str]:
    """Return as much of the end of each name as tells the files apart."""
    longest = max((file.count("/") for file in files), default=0) + 1
    for count in range(1, longest + 1):
        names = {file: "/".join(file.split("/")[-count:]) for file in files}
        if len(set(names.values())) == len(files):
            return names
    return {}


def _open(one: Checked, choices: Mapping[Community, Choice]) -> bool:
    """Whether a sheet takes part: it counts, contradicts another, came empty or is nobody's."""
    if one.community is None:
        return True
    choice = choices[one.community]
    if choice.chosen:
        return _name(choice.chosen) == _name(one)
    return one.returned or choice.status == Status.MISSING


def _flaws(
    result: Round, sheets: Sequence[Checked], disputed: Mapping[Community, Mapping[int, Finding]]
) -> Iterator[Finding]:
    """Yield what the town can act on, sheet by sheet; what returns disagree on is told once."""
    places = {_name(one): one for one in sheets}
    seen = set()
    for flaw in result.findings:
        one = places.get((flaw.file, flaw.sheet))
        if one is None or flaw.severity is Severity.NOTE or flaw.entry.audience is Audience.COUNTY:
            continue
        if one.community and one.community in disputed:
            same = (flaw.code, one.community, flaw.criteria, flaw.found, flaw.values)
            if same in seen or flaw.criterion in disputed[one.community]:
                continue
            seen.add(same)
        yield flaw if flaw.community else _of(one, flaw)
    for numbers in disputed.values():
        yield from numbers.values()


def _disputed(candidates: Sequence[Checked], called: Mapping[str, str]) -> dict[int, Finding]:
    """Return a finding for every criterion that the returns of a community score differently."""
    found = {}
    for number, scores in enumerate(zip(*(one.scores for one in candidates), strict=True), 1):
        if len(set(scores)) > 1:
            first, shown = candidates[0], [_shown(score) for score in scores]
            files = "；".join(f"{called[c.sheet.file]}：{s}" for c, s in zip(candidates, shown, strict=True))
            place = (*_name(first), _score_cell(first, number))
            flaw = finding("score-differs", *place, "／".join(shown), criterion=number, files=files)
            found[number] = _of(first, flaw)
    return found


def _of(one: Checked, flaw: Finding) -> Finding:
    return flaw.at(town=one.community.town, community=one.community.name) if one.community else flaw


def _shown(score: Score) -> str:
    return score.shown or plain(score.value) or "空"


def _score_cell(one: Checked, number: int) -> str:
    return next((line.score.address for line in one.sheet.lines if line.number == number), "")


def _name(one: Checked) -> tuple[str, str]:
    return one.sheet.file, one.sheet.sheet
