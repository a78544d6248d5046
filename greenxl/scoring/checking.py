"""A score sheet held against the campaign: the scores that can be accepted, and what is wrong. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import partial

from greenxl.campaign import rules
from greenxl.campaign.model import Campaign, Community, Criterion, Group, plain
from greenxl.findings import Finding, finding
from greenxl.form.layout import FIRST_ROW, FORM_VERSION, SCORE
from greenxl.names import key, one_line
from greenxl.returns.criteria_text import same_criterion
from greenxl.returns.model import Line, ScoreSheet
from greenxl.scoring.identification import identify
from greenxl.scoring.score import Mark, Score, judge, number_in, show, written
from greenxl.workbooks.cells import Cell, Format, Struck, address

_MOST_RIVALS = 8
"""Columns of which a message names the headings, where any may hold the scores."""
_MOST_BESIDE = 3
"""Cells beside the scores that a message quotes."""


@dataclass(frozen=True, slots=True)
class Checked:
    """A sheet, the community that it is for, and its scores in the order of the standard."""

    sheet: ScoreSheet
    community: Community | None
    """None where it is not plain which."""
    scores: tuple[Score, ...]
    findings: tuple[Finding, ...]
    verdict: rules.Verdict
    """What its scores come to."""

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
        """As it is shown, None while a score is blank or wrong."""
        return self.verdict.total


def check(sheet: ScoreSheet, campaign: Campaign) -> Checked:
    """Return the sheet's scores and everything that is wrong with it."""
    community, about_names = identify(sheet, campaign)
    scores, about_scores = _scores(sheet, campaign)
    verdict = rules.judge([score.value for score in scores], campaign)
    checked = Checked(sheet, community, scores, (), verdict)
    findings = [
        *about_names,
        *(about_scores if checked.returned else ()),
        *_stated_total(checked),
        *_beside(sheet, campaign),
        *_changed(sheet, campaign),
        *_moved(sheet),
    ]
    return replace(checked, findings=tuple(checked.located(one) for one in findings))


def _scores(sheet: ScoreSheet, campaign: Campaign) -> tuple[tuple[Score, ...], list[Finding]]:
    """Return a score for each criterion, and what is wrong with them."""
    if sheet.rivals:
        return tuple(Score(Mark.WRONG) for _criterion in campaign.criteria), [_unclear(sheet, campaign)]
    pairs = [_score(sheet, criterion) for criterion in campaign.criteria]
    return tuple(score for score, _found in pairs), [one for _score, found in pairs for one in found]


def _unclear(sheet: ScoreSheet, campaign: Campaign) -> Finding:
    columns = [f"{cell.address} {one_line(show(cell))}".strip() for cell in sheet.rivals[:_MOST_RIVALS]]
    columns += ["…"] * (len(sheet.rivals) > _MOST_RIVALS)
    wanted = one_line(campaign.labels.score)
    place = sheet.file, sheet.sheet, sheet.rivals[0].address
    return finding("score-column-unclear", *place, columns, wanted=wanted)


def _score(sheet: ScoreSheet, criterion: Criterion) -> tuple[Score, list[Finding]]:
    cells = [line.score for line in sheet.lines if line.number == criterion.number]
    about = partial(finding, file=sheet.file, sheet=sheet.sheet, criterion=criterion.number)
    if not cells:
        return Score(Mark.WRONG), [about("criterion-missing", text=criterion.text)]
    first, *others = cells
    if others:
        both = f"{show(first)}／{show(others[0])}"
        twice = about("criterion-twice", cell=others[0].address, first=first.address)
        return Score(Mark.WRONG, shown=both), [twice]
    score, codes = judge(first, criterion, calculated=sheet.calculated)
    points = plain(criterion.points)
    return score, [
        about(code, cell=first.address, found=_quoted(first, code), points=points, value=_held(first))
        for code in codes
    ]


def _quoted(cell: Cell, code: str) -> str:
    """Return what a message quotes: what the cell shows, of a formula the formula, as its value may be stale.

    Of a score that is struck through, what is not; 「…」 where what a format shows is not known.
    """
    if code == "score-struck":
        return cell.shown if cell.struck is Struck.PART else ""
    if code == "score-format":
        return cell.shown or ("" if cell.format is Format.HIDDEN else "…")
    return cell.error or cell.formula if code in ("score-formula", "score-broken") else show(cell)


def _held(cell: Cell) -> str:
    """Return the number that a cell holds, whatever it shows."""
    number = number_in(cell.value)
    return "" if number is None else written(number)


def _stated_total(checked: Checked) -> list[Finding]:
    """Return a warning where a complete sheet states another total than its scores add up to."""
    cell, total, sheet = checked.sheet.total, checked.total, checked.sheet
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
    wanted = one_line(campaign.labels.score)
    cells = [cell.address for cell in sheet.beside]
    return [finding("scores-beside", sheet.file, sheet.sheet, cells=cells, found=found, wanted=wanted)]


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
    if not same_criterion(show(line.text), criterion.text):
        yield _change("criterion-changed", sheet, line.text, criterion.text, criterion.number)
    if line.points and line.points.value is not None and not _states(line.points, criterion.points):
        yield _change("points-changed", sheet, line.points, plain(criterion.points), criterion.number)


def _changed_words(
    code: str, sheet: ScoreSheet, cells: Sequence[Cell], words: Sequence[str]
) -> Iterator[Finding]:
    for cell, wanted in zip(cells, words, strict=False):
        if key(_text(cell)) != key(wanted):
            yield _change(code, sheet, cell, one_line(wanted))


def _change(code: str, sheet: ScoreSheet, cell: Cell, wanted: str, number: int | None = None) -> Finding:
    found = _text(cell)
    return finding(code, sheet.file, sheet.sheet, cell.address, found, wanted=wanted, criterion=number)


def _text(cell: Cell) -> str:
    """Return what a cell of the form shows: nothing where another one covers it."""
    return "" if cell.merged_into else show(cell)


def _states(cell: Cell, points: Decimal) -> bool:
    return number_in(cell.value) == points


def _groups_present(sheet: ScoreSheet, campaign: Campaign) -> list[Group]:
    present = {line.number for line in sheet.lines}
    return [group for group in campaign.groups if group.criteria[0].number in present]


def _header(campaign: Campaign) -> tuple[str, str, str, str]:
    labels = campaign.labels
    return labels.group, labels.standard, labels.points, labels.score
