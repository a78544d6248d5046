"""A score sheet held against the campaign: the scores that can be accepted, and what is wrong. Pure."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import lru_cache, partial
from typing import Any

from greenxl.campaign import rules
from greenxl.campaign.model import Answer, Campaign, Community, Criterion, Group, Kind, plain
from greenxl.findings import ALSO, ANSWERS, Finding, finding
from greenxl.form.instructions import marks_of
from greenxl.form.layout import FORM_VERSION, Layout
from greenxl.names import key, one_line, quoted
from greenxl.returns.criteria_text import same_criterion
from greenxl.returns.model import Line, ScoreSheet
from greenxl.scoring.beside import (
    Columns,
    about_columns,
    about_entries,
    about_reasons,
    columns_of,
    entries_of,
)
from greenxl.scoring.identification import identify
from greenxl.scoring.score import Mark, Score, judge, number_in, show, written
from greenxl.scoring.sheet_facts import SheetFacts, facts_of
from greenxl.workbooks.cells import Cell, Format, Struck

_NUMBERS = re.compile(r"[0-9]+(?:\.[0-9]+)?", re.ASCII)
_LONGEST_POINTS = 60
"""Characters of what stands in place of points: 加分，最多5分."""
_MOST_RIVALS = 8
"""Columns of which a message names the headings, where any may hold the scores."""
_MOST_BESIDE = 3
"""Cells beside the scores that a message quotes."""


@dataclass(frozen=True, slots=True)
class Checked:
    """A sheet, the community that it is for, and its scores in the order of the standard."""

    sheet: SheetFacts
    community: Community | None
    """None where it is not plain which."""
    scores: tuple[Score, ...]
    findings: tuple[Finding, ...]
    verdict: rules.Verdict
    """What its scores come to."""
    columns: Mapping[str, tuple[Score, ...]] = field(default_factory=dict)
    """Where the campaign has several score columns: the scores in each by its name, in their order."""
    entries: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """By the campaign's columns of texts to fill in: what stands beside each criterion, "" for nothing."""

    @property
    def place(self) -> tuple[str, str]:
        """Its file and its name."""
        return self.sheet.file, self.sheet.sheet

    @property
    def returned(self) -> bool:
        """Whether it holds at least one score, right or wrong, in any score column."""
        columns = (self.scores, *self.columns.values())
        return rules.takes_part(sum(score.mark != Mark.BLANK for scores in columns for score in scores))

    @property
    def decided(self) -> bool:
        """Whether the score column that counts holds anything."""
        return any(score.mark != Mark.BLANK for score in self.scores)

    @property
    def without_total(self) -> bool:
        """Whether all is answered and there is no total: nothing that has points applies."""
        return self.verdict.total is None and all(score.value is not None for score in self.scores)

    @property
    def beside(self) -> tuple[tuple[Score | str, ...], ...]:
        """What stands beside each score, in several score columns and as text to fill in."""
        return tuple(zip(*self.columns.values(), *self.entries.values(), strict=True))

    def located(self, found: Finding) -> Finding:
        """Return a finding with the town and community of the sheet, where it has one."""
        one = self.community
        return found.at(town=one.town, community=one.name) if one else found

    @property
    def total(self) -> Decimal | None:
        """As it is shown, None while a score is blank or wrong."""
        return self.verdict.total


def check(sheet: ScoreSheet, campaign: Campaign) -> Checked:
    """Return the sheet's scores and everything that is wrong with it."""
    community, about_names = identify(sheet, campaign)
    scores, about_scores = _scores(sheet, campaign)
    columns, entries = columns_of(sheet, campaign, scores), entries_of(sheet, campaign)
    checked = Checked(
        sheet=facts_of(sheet),
        community=community,
        scores=scores,
        findings=(),
        verdict=rules.judge([score.value for score in scores], campaign),
        columns=columns,
        entries=entries,
    )
    returned = checked.returned
    if returned and not checked.decided:
        about_scores = [_to_be_decided(sheet, columns, campaign)]
    findings = [
        *about_names,
        *(about_scores if returned else ()),
        *(about_columns(sheet, campaign, columns) if returned else ()),
        *(about_entries(sheet, campaign) if returned else ()),
        *about_reasons(sheet, campaign, scores, entries),
        *_nothing_applies(checked, campaign),
        *_stated_total(sheet, checked.total),
        *_beside(sheet, campaign),
        *_changed(sheet, campaign),
        *_moved(sheet, campaign),
    ]
    located = tuple(checked.located(one) for one in findings)
    return replace(checked, findings=located) if located else checked


def _scores(sheet: ScoreSheet, campaign: Campaign) -> tuple[tuple[Score, ...], list[Finding]]:
    """Return a score for each criterion, and what is wrong with them."""
    if sheet.rivals:
        return tuple(Score(Mark.WRONG) for _criterion in campaign.criteria), [_unclear(sheet, campaign)]
    cells: dict[int, list[Cell]] = {}
    for line in sheet.lines:
        cells.setdefault(line.number, []).append(line.score)
    pairs = [_score(sheet, criterion, cells.get(criterion.number, ())) for criterion in campaign.criteria]
    return tuple([score for score, _found in pairs]), [one for _score, found in pairs for one in found]


def _unclear(sheet: ScoreSheet, campaign: Campaign) -> Finding:
    columns = [f"{cell.address} {one_line(show(cell))}".strip() for cell in sheet.rivals[:_MOST_RIVALS]]
    columns += ["…"] * (len(sheet.rivals) > _MOST_RIVALS)
    wanted = one_line(campaign.counting_heading)
    place = sheet.file, sheet.sheet, sheet.rivals[0].address
    another = key(show(sheet.rivals[0])) in map(key, campaign.score_columns)  # it must not be renamed
    code = "score-column-unclear" if another or len(columns) > 1 else "score-column-doubtful"
    return finding(code, *place, columns, wanted=wanted)


def _score(sheet: ScoreSheet, criterion: Criterion, cells: Sequence[Cell]) -> tuple[Score, Sequence[Finding]]:
    """Return the score in a criterion's cells, of which there is one if all is well."""
    about = partial(_about, sheet, criterion)
    if not cells:
        return Score(Mark.WRONG), [about("criterion-missing", text=criterion.text, **_allowed(criterion))]
    first, *others = cells
    if others:
        both = f"{show(first)}／{show(others[0])}"
        twice = about("criterion-twice", cell=others[0].address, first=first.address, **_allowed(criterion))
        return Score(Mark.WRONG, shown=both), [twice]
    score, codes = judge(first, criterion, calculated=sheet.calculated)
    return score, [
        about(
            code,
            cell=first.address,
            found=_quoted(first, code),
            points=plain(criterion.points),
            value=_held(first),
            **_allowed(criterion),
        )
        for code in codes
    ]


def _about(sheet: ScoreSheet, criterion: Criterion, code: str, **values: Any) -> Finding:
    """Return a finding about a criterion on a sheet, by the number that its form prints."""
    number, label = criterion.number, criterion.label
    return finding(code, sheet.file, sheet.sheet, criterion=number, label=label, **values)


def _allowed(criterion: Criterion) -> dict[str, str]:
    """Return what may be typed as the value of a finding, where that is not any number or more than one."""
    answers = rules.answers_to(criterion)
    if answers:
        return {ANSWERS: "、".join(answers)}
    return {ALSO: Answer.NOT_APPLICABLE.value} if criterion.not_applicable else {}


def _quoted(cell: Cell, code: str) -> str:
    """Return what a message quotes: what the cell shows, of a formula the formula, as its value may be stale.

    Of a score that is struck through, what is not; 「…」 where what a format shows is not known.
    """
    if code in ("score-struck", "answer-struck"):
        return cell.shown if cell.struck is Struck.PART else ""
    if code == "score-format":
        return cell.shown or ("" if cell.format is Format.HIDDEN else "…")
    return cell.error or cell.formula if code in ("score-formula", "score-broken") else show(cell)


def _held(cell: Cell) -> str:
    """Return the number or the word that a cell holds, whatever it shows."""
    number = number_in(cell.value)
    if number is not None:
        return written(number)
    return quoted(key(cell.value)) if isinstance(cell.value, str) else ""


def _to_be_decided(sheet: ScoreSheet, columns: Columns, campaign: Campaign) -> Finding:
    """Return what is found where other score columns are filled, but not the one that counts."""
    wanted = one_line(campaign.counting_heading)
    filled = [name for name, scores in columns.items() if any(s.mark != Mark.BLANK for s in scores)]
    cell = sheet.lines[0].score.address
    return finding("to-be-decided", sheet.file, sheet.sheet, cell, filled, wanted=wanted)


def _nothing_applies(checked: Checked, campaign: Campaign) -> list[Finding]:
    """Return an error where all is answered, but nothing that has points applies."""
    if not checked.without_total:
        return []
    scored = {criterion.number for criterion in campaign.scored}
    return [finding("nothing-applies", *checked.place, cells=checked.sheet.cells.scores_of(scored))]


def _stated_total(sheet: ScoreSheet, total: Decimal | None) -> list[Finding]:
    """Return a warning where a complete sheet states another total than its scores add up to."""
    cell = sheet.total
    stale = cell is None or (cell.formula and not sheet.calculated)
    stated = None if cell is None or stale else number_in(cell.value)
    if cell is None or total is None or stated is None or stated == total:
        return []
    return [finding("total-differs", sheet.file, sheet.sheet, cell.address, show(cell), value=plain(total))]


def _beside(sheet: ScoreSheet, campaign: Campaign) -> list[Finding]:
    """Return a warning where other numbers beside the scores may be taken for them."""
    if not sheet.beside:
        return []
    found = [f"{cell.address} {one_line(show(cell))}" for cell in sheet.beside[:_MOST_BESIDE]]
    wanted = one_line(campaign.counting_heading)
    cells = [cell.address for cell in sheet.beside]
    return [finding("scores-beside", sheet.file, sheet.sheet, cells=cells, found=found, wanted=wanted)]


def _moved(sheet: ScoreSheet, campaign: Campaign) -> list[Finding]:
    """Return a note where the scores of an issued form begin in another cell than they were issued in."""
    issued = sheet.identity if sheet.identity and sheet.identity.form == FORM_VERSION else None
    found, wanted = sheet.lines[0].score.address, _first_score(campaign)
    if sheet.rivals or not issued or sheet.sheet not in issued.sheets or found == wanted:
        return []
    return [finding("form-moved", sheet.file, sheet.sheet, found, found, wanted=wanted)]


@lru_cache(maxsize=1)
def _first_score(campaign: Campaign) -> str:
    return Layout(campaign).score_cell(1)


def _changed(sheet: ScoreSheet, campaign: Campaign) -> list[Finding]:
    """Return a warning for each cell of the form that is not as it was issued; the campaign's words count."""
    if sheet.rivals:
        return []
    criteria = campaign.criteria
    found = [one for line in sheet.lines for one in _changed_line(sheet, line, criteria[line.number - 1])]
    found += [_change("criterion-extra", sheet, cell, "") for cell in sheet.extra]
    if sheet.headed:
        found.append(_change("heading-changed", sheet, sheet.headed, one_line(campaign.counting_heading)))
    if sheet.identity:
        groups = [group.name for group in _groups_present(sheet, campaign)]
        found += _changed_words("group-changed", sheet, sheet.groups, groups)
        printed = sheet.headings[:-1] if sheet.headed else sheet.headings
        found += _changed_words("heading-changed", sheet, printed, _header(campaign))
    return found


def _changed_line(sheet: ScoreSheet, line: Line, criterion: Criterion) -> Iterator[Finding]:
    if not same_criterion(show(line.text), criterion.text):
        yield _change("criterion-changed", sheet, line.text, criterion.text, criterion)
    if line.points and line.points.value is not None and not _states(line.points, criterion):
        yield _change("points-changed", sheet, line.points, plain(criterion.points), criterion)


def _changed_words(
    code: str, sheet: ScoreSheet, cells: Sequence[Cell], words: Sequence[str]
) -> Iterator[Finding]:
    for cell, wanted in zip(cells, words, strict=False):
        if key(_text(cell)) != key(wanted):
            yield _change(code, sheet, cell, one_line(wanted))


def _change(
    code: str, sheet: ScoreSheet, cell: Cell, wanted: str, criterion: Criterion | None = None
) -> Finding:
    place, found = cell.address, _text(cell)
    if criterion is None:
        return finding(code, sheet.file, sheet.sheet, place, found, wanted=wanted)
    return _about(sheet, criterion, code, cell=place, found=found, wanted=wanted)


def _text(cell: Cell) -> str:
    """Return what a cell of the form shows: nothing where another one covers it."""
    return "" if cell.merged_into else show(cell)


def _states(cell: Cell, criterion: Criterion) -> bool:
    """Whether a cell states a criterion's points; with or without words where it prints any."""
    number = number_in(cell.value)
    if number is not None or (criterion.kind is Kind.SCORED and not marks_of(criterion)):
        return number == criterion.points
    said = [Decimal(found) for found in _NUMBERS.findall(key(show(cell)[:_LONGEST_POINTS]))]
    return criterion.points in said or (not said and criterion.kind is not Kind.SCORED)


def _groups_present(sheet: ScoreSheet, campaign: Campaign) -> list[Group]:
    present = {line.number for line in sheet.lines}
    return [group for group in campaign.groups if group.criteria[0].number in present]


def _header(campaign: Campaign) -> tuple[str, str, str, str]:
    labels = campaign.labels
    return labels.group, labels.standard, labels.points, campaign.counting_heading
