"""The result of one unit: whether it passes, what fails it whatever its total, its grade and its rank."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from greenxl.campaign.model import LEAST_SCORE, Answer, Campaign, Criterion, Group, Kind, plain
from greenxl.campaign.rules.answers import ScoreCells, Scores, answered_formula, quoted
from greenxl.campaign.rules.totals import (
    amount,
    amount_formula,
    applicable,
    applicable_formula,
    is_answered,
    reaches,
    reaches_formula,
    rounded,
    subtotal,
    sums,
)


@dataclass(frozen=True, slots=True)
class Veto:
    """Something that fails a unit whatever its total."""

    criterion: Criterion | None
    group: Group | None
    """One of the two."""

    @property
    def words(self) -> str:
        """What is wrong: 第7条0分, 第9条不符合, “社区环境”低于12分."""
        if self.group:
            return f"“{self.group.title}”低于{plain(self.group.minimum)}分"
        return _veto_words(self.criterion) if self.criterion else ""


def _veto_words(criterion: Criterion) -> str:
    if criterion.kind is Kind.CONDITION:
        return f"{criterion.name}{Answer.UNFULFILLED}"
    zero = criterion.veto == LEAST_SCORE
    return f"{criterion.name}{'0分' if zero else f'低于{plain(criterion.veto)}分'}"


@dataclass(frozen=True, slots=True)
class Verdict:
    """The result of one unit's answers."""

    subtotals: tuple[Decimal | None, ...]
    """Of the groups, None where one of its scores is missing or it has none."""
    total: Decimal | None
    """As it is shown; None while an answer is missing, or where nothing applies."""
    passed: bool | None
    """None while there is no total."""
    bonus: Decimal | None = None
    """None while one is missing, or where the campaign has none."""
    deduction: Decimal | None = None
    vetoes: tuple[Veto, ...] = ()
    """What fails it, once all is answered."""
    grade: str | None = None

    @property
    def veto_words(self) -> str:
        """What fails it: 第7条0分、第9条不符合."""
        return "、".join(veto.words for veto in self.vetoes)


def judge(scores: Scores, campaign: Campaign) -> Verdict:
    """Return what the answers of one unit come to."""
    subtotals = tuple(subtotal(scores, group) for group in campaign.groups)
    bonus, deduction = (_beside(scores, campaign, kind) for kind in (Kind.BONUS, Kind.DEDUCTION))
    if any(score is None for score in scores):
        return Verdict(subtotals, None, None, bonus, deduction)
    exact = sums(scores, campaign).total(campaign)
    if exact is None:
        return Verdict(subtotals, None, None, bonus, deduction)
    vetoes = tuple(_vetoes(scores, campaign))
    return Verdict(
        subtotals=subtotals,
        total=rounded(exact),
        passed=not vetoes and reaches(exact, campaign.pass_score),
        bonus=bonus,
        deduction=deduction,
        vetoes=vetoes,
        grade=None if vetoes else _grade(exact, campaign),
    )


def _beside(scores: Scores, campaign: Campaign, kind: Kind) -> Decimal | None:
    criteria = campaign.of_kind(kind)
    if not criteria or not is_answered(scores, criteria):
        return None
    found = sums(scores, campaign)
    return found.bonus if kind is Kind.BONUS else found.deduction


def _vetoes(scores: Scores, campaign: Campaign) -> Iterator[Veto]:
    for criterion in campaign.criteria:
        if criterion.veto is not None and _fails(scores[criterion.number - 1], criterion.veto):
            yield Veto(criterion, None)
    for group in campaign.groups:
        if group.minimum is not None and _is_below(scores, group, group.minimum):
            yield Veto(None, group)


def _fails(answer: Decimal | Answer | None, least: Decimal) -> bool:
    return answer is Answer.UNFULFILLED or (isinstance(answer, Decimal) and answer < least)


def _is_below(scores: Scores, group: Group, minimum: Decimal) -> bool:
    """Whether a group has less than its least score, which is out of all its points."""
    return amount(scores, group.scored) * group.points < minimum * applicable(scores, group.scored)


def _grade(total: Fraction, campaign: Campaign) -> str | None:
    return next((grade.name for grade in campaign.grades if reaches(total, grade.least)), None)


def verdict_words(passed: bool, campaign: Campaign) -> str:
    """Return what workbooks and mails call a complete unit that passed or did not."""
    return campaign.pass_words[0 if passed else 1]


def ranks(totals: Iterable[Decimal | None]) -> list[int | None]:
    """Return the place of each total, the highest first; equal ones share a place, none has none."""
    totals = list(totals)
    falling = sorted((total for total in totals if total is not None), reverse=True)
    places = {total: place for place, total in reversed(list(enumerate(falling, 1)))}
    return [None if total is None else places[total] for total in totals]


# formulas


def veto_formula(cells: ScoreCells, campaign: Campaign) -> str:
    """What fails a unit, once all is answered, in the words of :attr:`Verdict.veto_words`; else nothing."""
    found = [
        f'IF({_fails_formula(cells, c)},{quoted(f"、{Veto(c, None).words}")},"")'
        for c in campaign.criteria
        if c.veto is not None
    ]
    found += [
        f'IF({_below_formula(cells, group)},{quoted(f"、{Veto(None, group).words}")},"")'
        for group in campaign.groups
        if group.minimum is not None
    ]
    return _once_all_is_answered(f"MID({'&'.join(found)},2,{_LONGEST})", cells, campaign)


def _once_all_is_answered(formula: str, cells: ScoreCells, campaign: Campaign) -> str:
    """The formula where all is answered and something applies, else nothing."""
    complete = f"{answered_formula(cells, campaign.criteria)}={len(campaign.criteria)}"
    if campaign.scaled:
        complete = f'AND({complete},{cells.total}<>"")'
    return f'IF({complete},{formula},"")'


_LONGEST = 5000
"""Characters of what fails a unit."""


def _fails_formula(cells: ScoreCells, criterion: Criterion) -> str:
    """Whether an answer fails the unit; a word is more than any number, and so is not below one."""
    cell, least = cells.span(criterion.number, criterion.number), criterion.veto or Decimal(0)
    if criterion.kind is Kind.CONDITION:
        return f"{cell}={quoted(Answer.UNFULFILLED)}"
    low = [c.word for c in criterion.choices if cells.worded and not c.is_number and c.score < least]
    words = [f"{cell}={quoted(word)}" for word in low]
    below = f"{cell}=0" if least == LEAST_SCORE else f"{cell}<{plain(least)}"
    return f"OR({','.join([below, *words])})" if words else below


def _below_formula(cells: ScoreCells, group: Group) -> str:
    got, least = amount_formula(cells, group.scored), plain(group.minimum)
    if not any(c.not_applicable for c in group.scored):
        return f"ROUND({got},2)<{least}"
    out_of = applicable_formula(cells, group.scored, group.points)
    return f"ROUND(({got})*{plain(group.points)},4)<ROUND({least}*{out_of},4)"


def verdict_formula(cells: ScoreCells, campaign: Campaign, pass_score: str = "") -> str:
    """The words of :func:`verdict_words` for a complete unit; ``pass_score`` is the cell of the mark."""
    passed, failed = campaign.pass_words
    reached = reaches_formula(cells, pass_score or plain(campaign.pass_score), campaign)
    if cells.veto:
        reached = f'AND({cells.veto}="",{reached})'
    return f'IF({reached},"{passed}","{failed}")'


def grade_formula(cells: ScoreCells, campaign: Campaign) -> str:
    """The grade of a complete unit, nothing where it has none."""
    found = '""'
    for grade in reversed(campaign.grades):
        found = f"IF({reaches_formula(cells, plain(grade.least), campaign)},{quoted(grade.name)},{found})"
    found = f'IF({cells.veto}<>"","",{found})' if cells.veto else found
    return _once_all_is_answered(found, cells, campaign)


def rank_formula(total: str, totals: str, veto: str = "", vetoes: str = "") -> str:
    """The place of a total among those of a range; what is vetoed has none, and takes none."""
    if not veto:
        return f'IF({total}="","",RANK({total},{totals}))'
    return f'IF(OR({total}="",{veto}<>""),"",COUNTIFS({totals},">"&{total},{vetoes},"")+1)'
