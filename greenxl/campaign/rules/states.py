"""What a form says of itself while it is being filled in."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from greenxl.campaign.model import Campaign, Criterion
from greenxl.campaign.rules.answers import (
    ScoreCells,
    Scores,
    answered_formula,
    any_impossible_formula,
    score_fault,
    text_formula,
)
from greenxl.campaign.rules.rates import takes_part
from greenxl.campaign.rules.totals import amount_formula, rounded, shown_total_formula, sums
from greenxl.campaign.rules.verdicts import (
    Verdict,
    grade_formula,
    judge,
    verdict_formula,
    verdict_words,
    veto_formula,
)

WRONG = "有误"
"""The form's state while it holds something that is no possible score."""
TO_BE_DECIDED = "待核定"
"""The form's state while another score column is filled, but not the one that counts."""
_UNFINISHED = "未填完（已填{filled}条，共{count}条）"
_VETOED = "（否决：{words}）"


@dataclass(frozen=True, slots=True)
class State:
    """What a form shows of itself while it is being filled in."""

    filled: int
    """How many answers it holds."""
    total: Decimal | None
    """Of the scores so far, None while there is none."""
    words: str
    """Empty while nothing is filled in."""
    complete: bool = False
    veto: str = ""
    """What fails it, whatever its total."""
    grade: str = ""


def state(scores: Scores, campaign: Campaign) -> State:
    """Return what the formulas of a form show for these answers; none at all is an untouched form."""
    filled = sum(score is not None for score in scores)
    if not takes_part(filled):
        return State(filled=0, total=None, words="")
    exact, verdict = sums(scores, campaign).total(campaign), judge(scores, campaign)
    words = _state_words(scores, verdict, campaign, nothing_applies=exact is None)
    return State(
        filled=filled,
        total=None if exact is None else rounded(exact),
        words=words,
        complete=verdict.passed is not None and words != WRONG,
        veto=verdict.veto_words,
        grade=verdict.grade or "",
    )


def _state_words(scores: Scores, verdict: Verdict, campaign: Campaign, *, nothing_applies: bool) -> str:
    answered = sum(score is not None for score in scores)
    if _is_wrong(scores, campaign) or (nothing_applies and answered == len(scores)):
        return WRONG
    if verdict.passed is None:
        return _UNFINISHED.format(filled=answered, count=len(scores))
    vetoed = _VETOED.format(words=verdict.veto_words) if verdict.vetoes else ""
    return verdict_words(verdict.passed, campaign) + vetoed


def _is_wrong(scores: Scores, campaign: Campaign) -> bool:
    typed = zip(scores, campaign.criteria, strict=True)
    return any(isinstance(score, Decimal) and _is_impossible(score, c) for score, c in typed)


def _is_impossible(score: Decimal, criterion: Criterion) -> bool:
    if criterion.choices:
        return score not in {choice.score for choice in criterion.choices}
    return score_fault(score, criterion) is not None


def state_formula(cells: ScoreCells, campaign: Campaign, others: Sequence[str] = ()) -> str:
    """The words of a form's state; ``others`` are the cells of the score columns that do not count."""
    scores, count = cells.all(campaign), len(campaign.criteria)
    answered = answered_formula(cells, campaign.criteria)
    unfinished = text_formula(_UNFINISHED, filled=answered, count=count)
    empty = f'IF(COUNTA({",".join(others)})=0,"","{TO_BE_DECIDED}")' if others else '""'
    verdict = verdict_formula(cells, campaign)
    if cells.veto:
        words = text_formula(_VETOED, words=cells.veto)
        verdict += f'&IF({cells.veto}="","",{words})'
    if campaign.scaled:
        verdict = f'IF({cells.total}="","{WRONG}",{verdict})'
    return (
        f'IF(COUNTA({scores})=0,{empty},IF(COUNTA({scores})>{answered},"{WRONG}",'
        f'IF({any_impossible_formula(cells, campaign)},"{WRONG}",'
        f"IF({answered}<{count},{unfinished},{verdict}))))"
    )


def formulas_of_a_form(campaign: Campaign, cells: ScoreCells) -> list[str]:
    """Return the formulas by which a form judges itself; ``cells`` may have a veto where there are none."""
    cells = cells if campaign.has_vetoes else replace(cells, veto="")
    found = [running_total_formula(cells, campaign), state_formula(cells, campaign, [cells.total])]
    found += [veto_formula(cells, campaign)] if campaign.has_vetoes else []
    return found + ([grade_formula(cells, campaign)] if campaign.grades else [])


def running_total_formula(cells: ScoreCells, campaign: Campaign) -> str:
    """The total of the scores so far, nothing while there is none."""
    answered = answered_formula(cells, campaign.criteria)
    got = amount_formula(cells, campaign.scored)
    return f'IF({answered}=0,"",{shown_total_formula(cells, got, campaign)})'
