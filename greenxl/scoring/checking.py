"""A score sheet held against the campaign: the scores that can be accepted, and what is wrong. Pure."""

import difflib
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, time, timedelta
from decimal import Decimal
from enum import StrEnum

from greenxl.campaign import rules
from greenxl.campaign.model import Campaign, Community, Criterion, Group, plain
from greenxl.findings import Finding, finding
from greenxl.names import key, one_line
from greenxl.returns.criteria_text import says
from greenxl.returns.model import Broken, Cell, Line, Merged, Percent, ScoreSheet, Value


class Mark(StrEnum):
    """Whether a score can be accepted."""

    ACCEPTED = "accepted"
    BLANK = "blank"
    WRONG = "wrong"


_NO_NUMBERS: tuple[tuple[type | tuple[type, ...], str], ...] = (
    (Broken, "score-broken"),
    (Percent, "score-percent"),
    (bool, "score-boolean"),
    ((date, time, timedelta), "score-date"),
)

_NUMBER = re.compile(r"(-?[0-9]{1,15}(?:\.[0-9]{1,15})?)\s*分?")
_COUNTED = re.compile(r"^[0-9]+[.、_ -]*|\s*[(（][0-9]+[)）]$")
"""What Excel puts behind the name of a copied sheet, and people before it."""


@dataclass(frozen=True, slots=True)
class Score:
    """What one criterion's cell comes to."""

    mark: Mark
    value: Decimal | None = None
    shown: str = ""
    """As it was found, where it was not accepted."""


BLANK = Score(Mark.BLANK)


@dataclass(frozen=True, slots=True)
class Checked:
    """A sheet, whose it is, and its scores in the order of the standard."""

    sheet: ScoreSheet
    community: Community | None
    scores: tuple[Score, ...]
    findings: tuple[Finding, ...]

    @property
    def returned(self) -> bool:
        """Whether it holds at least one score, right or wrong."""
        return rules.takes_part(sum(s.mark != Mark.BLANK for s in self.scores))

    @property
    def total(self) -> Decimal | None:
        """The exact sum, None while a score is blank or wrong."""
        return rules.total([s.value for s in self.scores])


def check(sheet: ScoreSheet, campaign: Campaign) -> Checked:
    """Return the sheet's scores and everything that is wrong with it."""
    community, about = _whose(sheet, campaign)
    scores, wrong = _scores(sheet, campaign)
    checked = Checked(sheet, community, scores, ())
    if not checked.returned:
        wrong = []
    findings = [*about, *wrong, *_stated_total(checked), *_changed(sheet, campaign)]
    if community:
        findings = [f.at(town=community.town, community=community.name) for f in findings]
    return replace(checked, findings=tuple(findings))


def _whose(sheet: ScoreSheet, campaign: Campaign) -> tuple[Community | None, list[Finding]]:
    """Return the community of a sheet: the one it names, else the one it was distributed for."""
    issued = _issued_for(sheet, campaign)
    town, findings = _town_of(sheet, campaign)
    label = _label(sheet.community)
    called = _found(sheet.sheet, town, campaign) or _found(_COUNTED.sub("", sheet.sheet), town, campaign)
    matches = _found(str(label.value), town, campaign) if label else called or tuple(filter(None, [issued]))
    name = label or Cell("", sheet.sheet)
    found, place = str(name.value), (sheet.file, sheet.sheet, name.address)
    if not matches and label is None:
        return None, [*findings, finding("community-unnamed", sheet.file, sheet.sheet)]
    if not matches:
        nearest = _nearest(found, town, campaign)
        return None, [*findings, finding("community-unknown", *place, found, nearest=nearest)]
    if len(matches) > 1:
        towns = "、".join(c.town for c in matches)
        return None, [*findings, finding("community-ambiguous", *place, found, towns=towns)]
    community = matches[0]
    if town and community.town != town:
        told = finding("community-other-town", *place, found, owner=community.town, town=town)
        return None, [*findings, told]
    if sheet.named_too:
        told = finding("community-twice", *place, found, other=sheet.named_too[0].value)
        return None, [*findings, told]
    others = called or tuple(filter(None, [issued]))
    if others and community not in others:
        told = finding("community-label-differs", *place, found, wanted=others[0].name)
        return None, [*findings, told]
    if issued is None and sheet.identity:
        findings += _renamed(sheet, community)
    return community, findings


def _found(name: str, town: str | None, campaign: Campaign) -> tuple[Community, ...]:
    """Return the communities of that name, those of the town alone where it has any."""
    matches = campaign.find_communities(name)
    return tuple(c for c in matches if c.town == town) or matches


def _label(cell: Cell | None) -> Cell | None:
    return cell if cell and isinstance(cell.value, str) and key(cell.value) else None


def _issued_for(sheet: ScoreSheet, campaign: Campaign) -> Community | None:
    number = sheet.identity.sheets.get(sheet.sheet) if sheet.identity else None
    return campaign.community_numbered(number)


def _renamed(sheet: ScoreSheet, community: Community) -> list[Finding]:
    sheets = sheet.identity.sheets if sheet.identity else {}
    wanted = [name for name, number in sheets.items() if number == community.number]
    return [finding("sheet-renamed", sheet.file, sheet.sheet, wanted=name) for name in wanted]


def _town_of(sheet: ScoreSheet, campaign: Campaign) -> tuple[str | None, list[Finding]]:
    """Return the town that the workbook is from: by its identity, else by what the sheet says."""
    issued = campaign.find_town(sheet.identity.town) if sheet.identity else None
    if issued:
        return issued.name, []
    label = _label(sheet.town)
    if label is None:
        return None, []
    town = campaign.find_town(str(label.value))
    if town is None:
        return None, [finding("town-unknown", sheet.file, sheet.sheet, label.address, str(label.value))]
    return town.name, []


def _nearest(found: str, town: str | None, campaign: Campaign) -> str:
    """Return the names that come nearest, else the first of the town's."""
    names = [c.name for c in campaign.communities if town in (None, c.town)]
    return "、".join(difflib.get_close_matches(found, names, n=3, cutoff=0.5) or [*names[:5], "…"])


def _scores(sheet: ScoreSheet, campaign: Campaign) -> tuple[tuple[Score, ...], list[Finding]]:
    scores: list[Score] = []
    findings: list[Finding] = []
    if sheet.rivals:
        return tuple(Score(Mark.WRONG) for _criterion in campaign.criteria), [_unclear(sheet, campaign)]
    for criterion in campaign.criteria:
        lines = [line for line in sheet.lines if line.number == criterion.number]
        score, told = _score(lines, criterion, sheet)
        scores.append(score)
        findings += told
    return tuple(scores), findings


def _unclear(sheet: ScoreSheet, campaign: Campaign) -> Finding:
    columns = "、".join(f"{cell.address} {one_line(show(cell.value))}".strip() for cell in sheet.rivals)
    wanted = one_line(campaign.labels.score)
    place = sheet.file, sheet.sheet, sheet.rivals[0].address
    return finding("score-column-unclear", *place, columns, wanted=wanted)


def _score(lines: list[Line], criterion: Criterion, sheet: ScoreSheet) -> tuple[Score, list[Finding]]:
    number = criterion.number
    if not lines:
        told = finding("criterion-missing", sheet.file, sheet.sheet, criterion=number, text=criterion.text)
        return Score(Mark.WRONG), [told]
    if len(lines) > 1:
        first, second = lines[0].score, lines[1].score
        told = finding(
            "criterion-twice", sheet.file, sheet.sheet, second.address, criterion=number, first=first.address
        )
        return Score(Mark.WRONG, shown=f"{show(first.value)}／{show(second.value)}"), [told]
    cell = lines[0].score
    score, code = judge(cell.value, criterion.points)
    if code is None:
        return score, []
    place = sheet.file, sheet.sheet, cell.address
    points, value = plain(criterion.points), plain(score.value)
    return score, [finding(code, *place, show(cell.value), criterion=number, points=points, value=value)]


def judge(value: Value | Broken | Merged | Percent, points: Decimal) -> tuple[Score, str | None]:
    """Return the score that a cell's value comes to, and the code of the finding about it, if any.

    Accepted are the numbers from 0 to ``points`` with two decimals at most; a text that spells such
    a number (full width, spaces, 分) is accepted with a note.
    """
    if value is None or (isinstance(value, str) and not key(value)):
        return BLANK, "score-blank"
    if isinstance(value, Merged):
        return BLANK, "score-merged"
    wrong = Score(Mark.WRONG, shown=show(value))
    code = next((code for kinds, code in _NO_NUMBERS if isinstance(value, kinds)), None)
    if code or not isinstance(value, str | int | float):
        return wrong, code or "score-text"
    number = _NUMBER.fullmatch(value_text(value))
    if not number:
        return wrong, "score-text"
    exact = Decimal(number[1])
    if fault := rules.score_fault(exact, points):
        return wrong, fault
    return Score(Mark.ACCEPTED, exact), "score-spelling" if isinstance(value, str) else None


def value_text(value: str | float) -> str:
    """Return a number as it is written, at the digits that a spreadsheet shows; a text in NFKC.

    What shows as a number without being one (「⑤」, 「5²」) and what does not show at all stay out of it.
    """
    if isinstance(value, str):
        seen = [c for c in value if unicodedata.category(c) != "Cf"]
        return "".join(c if _exponent(c) else unicodedata.normalize("NFKC", c) for c in seen).strip()
    return f"{Decimal(f'{round(value, 9) + 0.0:.15g}'):f}"


def _exponent(character: str) -> bool:
    return character.isdigit() and not character.isdecimal()


def show(value: Value | Broken | Merged | Percent) -> str:
    """Return a cell's value as its sender sees it."""
    if value is None:
        return ""
    if isinstance(value, Broken | Percent):
        return value.text
    if isinstance(value, Merged):
        return value.into
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, int | float):
        return value_text(value)
    return str(value)


def _stated_total(checked: Checked) -> list[Finding]:
    """Return a warning where a complete sheet states another total than its scores add up to."""
    cell, total, sheet = checked.sheet.total, checked.total, checked.sheet
    if cell is None or total is None or not isinstance(cell.value, str | int | float):
        return []
    stated = _NUMBER.fullmatch(value_text(cell.value))
    if not stated or Decimal(stated[1]) == total:
        return []
    return [
        finding("total-differs", sheet.file, sheet.sheet, cell.address, show(cell.value), value=plain(total))
    ]


def _changed(sheet: ScoreSheet, campaign: Campaign) -> list[Finding]:
    """Return a warning for each cell of the form that is not as it was issued; the campaign's words count."""
    if sheet.rivals:
        return []
    criteria = {c.number: c for c in campaign.criteria}
    found = [one for line in sheet.lines for one in _changed_line(sheet, line, criteria[line.number])]
    found += [_change("criterion-extra", sheet, cell, "") for cell in sheet.extra]
    if sheet.headed:
        found.append(_change("heading-changed", sheet, sheet.headed, one_line(campaign.labels.score)))
    if sheet.identity:
        groups = [group.name for group in _groups_present(sheet, campaign)]
        found += _changed_words("group-changed", sheet, sheet.groups, groups)
        printed = sheet.headings[:-1] if sheet.headed else sheet.headings
        found += _changed_words("heading-changed", sheet, printed, _header(campaign))
    return found


def _changed_line(sheet: ScoreSheet, line: Line, criterion: Criterion) -> Iterator[Finding]:
    if not says(show(line.text.value), criterion.text):
        yield _change("criterion-changed", sheet, line.text, criterion.text, criterion.number)
    if line.points and line.points.value is not None and not _states(line.points, criterion.points):
        yield _change("points-changed", sheet, line.points, plain(criterion.points), criterion.number)


def _changed_words(
    code: str, sheet: ScoreSheet, cells: Sequence[Cell], words: Sequence[str]
) -> Iterator[Finding]:
    for cell, wanted in zip(cells, words, strict=False):
        if key(show(cell.value)) != key(wanted):
            yield _change(code, sheet, cell, one_line(wanted))


def _change(code: str, sheet: ScoreSheet, cell: Cell, wanted: str, number: int | None = None) -> Finding:
    found = show(cell.value)
    return finding(code, sheet.file, sheet.sheet, cell.address, found, wanted=wanted, criterion=number)


def _states(cell: Cell, points: Decimal) -> bool:
    score, _code = judge(cell.value, points)
    return score.value == points


def _groups_present(sheet: ScoreSheet, campaign: Campaign) -> list[Group]:
    present = {line.number for line in sheet.lines}
    return [group for group in campaign.groups if group.criteria[0].number in present]


def _header(campaign: Campaign) -> tuple[str, str, str, str]:
    labels = campaign.labels
    return labels.group, labels.standard, labels.points, labels.score
