"""A score sheet held against the campaign: the scores that can be accepted, and what is wrong. Pure."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, time, timedelta
from decimal import Decimal
from enum import StrEnum
from functools import partial

from greenxl.campaign import rules
from greenxl.campaign.model import Campaign, Community, Criterion, Group, plain
from greenxl.findings import Finding, finding
from greenxl.form.layout import FIRST_ROW, FORM_VERSION, SCORE, address
from greenxl.names import key, one_line
from greenxl.returns.criteria_text import says
from greenxl.returns.model import Broken, Cell, Line, Merged, Percent, ScoreSheet, Value
from greenxl.scoring.identification import identify


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


@dataclass(frozen=True, slots=True)
class Score:
    """The score of one criterion."""

    mark: Mark
    value: Decimal | None = None
    """None unless accepted."""
    shown: str = ""
    """As it was found, where it was not accepted."""


BLANK = Score(Mark.BLANK)


@dataclass(frozen=True, slots=True)
class Checked:
    """A sheet, the community that it is for, and its scores in the order of the standard."""

    sheet: ScoreSheet
    community: Community | None
    """None where it is not plain which."""
    scores: tuple[Score, ...]
    findings: tuple[Finding, ...]

    @property
    def place(self) -> tuple[str, str]:
        """Its file and its name."""
        return self.sheet.file, self.sheet.sheet

    @property
    def returned(self) -> bool:
        """Whether it holds at least one score, right or wrong."""
        return rules.takes_part(sum(s.mark != Mark.BLANK for s in self.scores))

    def located(self, found: Finding) -> Finding:
        """Return a finding with the town and community of the sheet, where it has one."""
        one = self.community
        return found.at(town=one.town, community=one.name) if one else found

    @property
    def total(self) -> Decimal | None:
        """The exact sum, None while a score is blank or wrong."""
        return rules.total([s.value for s in self.scores])


def check(sheet: ScoreSheet, campaign: Campaign) -> Checked:
    """Return the sheet's scores and everything that is wrong with it."""
    community, about_names = identify(sheet, campaign)
    scores, about_scores = _scores(sheet, campaign)
    checked = Checked(sheet, community, scores, ())
    findings = [
        *about_names,
        *(about_scores if checked.returned else ()),
        *_stated_total(checked),
        *_changed(sheet, campaign),
        *_moved(sheet),
    ]
    return replace(checked, findings=tuple(checked.located(one) for one in findings))


def _scores(sheet: ScoreSheet, campaign: Campaign) -> tuple[tuple[Score, ...], list[Finding]]:
    """Return a score for each criterion, and what is wrong with them."""
    if sheet.rivals:
        return tuple(Score(Mark.WRONG) for _criterion in campaign.criteria), [_unclear(sheet, campaign)]
    pairs = [_score(sheet, criterion) for criterion in campaign.criteria]
    return tuple(score for score, _found in pairs), [found for _score, found in pairs if found]


def _unclear(sheet: ScoreSheet, campaign: Campaign) -> Finding:
    columns = [f"{cell.address} {one_line(show(cell.value))}".strip() for cell in sheet.rivals]
    wanted = one_line(campaign.labels.score)
    place = sheet.file, sheet.sheet, sheet.rivals[0].address
    return finding("score-column-unclear", *place, columns, wanted=wanted)


def _score(sheet: ScoreSheet, criterion: Criterion) -> tuple[Score, Finding | None]:
    cells = [line.score for line in sheet.lines if line.number == criterion.number]
    about = partial(finding, file=sheet.file, sheet=sheet.sheet, criterion=criterion.number)
    if not cells:
        return Score(Mark.WRONG), about("criterion-missing", text=criterion.text)
    first, *others = cells
    if others:
        both = f"{show(first.value)}／{show(others[0].value)}"
        twice = about("criterion-twice", cell=others[0].address, first=first.address)
        return Score(Mark.WRONG, shown=both), twice
    score, code = judge(first.value, criterion.points)
    if code is None:
        return score, None
    points, value = plain(criterion.points), plain(score.value)
    return score, about(code, cell=first.address, found=show(first.value), points=points, value=value)


def judge(value: Value | Broken | Merged | Percent, points: Decimal) -> tuple[Score, str | None]:
    """Return the score that a cell's value is, and the code of the finding about it, if any.

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


def _moved(sheet: ScoreSheet) -> list[Finding]:
    """Return a note where the scores of an issued form begin in another cell than they were issued in."""
    issued = sheet.identity if sheet.identity and sheet.identity.form == FORM_VERSION else None
    found, wanted = sheet.lines[0].score.address, address(FIRST_ROW, SCORE)
    if sheet.rivals or not issued or sheet.sheet not in issued.sheets or found == wanted:
        return []
    return [finding("form-moved", sheet.file, sheet.sheet, found, found, wanted=wanted)]


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
