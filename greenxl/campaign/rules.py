"""The rules of scoring: each once as a function and, beside it, as the Excel formula that says the same.

The functions judge what came back; the formulas judge a form while it is being filled in and let a reader of
the report trace its figures. Amounts are exact decimals, None where there is none; a formula rounds its sums
to the two decimals that a score may have. A formula is an expression without its leading ``=``, and what it
refers to comes in as a formula writes it (``E4``, ``$E$4:$E$23``, ``80``).

A further rule (a veto, a bonus, the least score of a group) belongs in :func:`judge` and in the formulas of
the total and of the verdict; both sides know all scores and the campaign.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from greenxl.campaign.model import Basis, Campaign, Group, plain

WRONG = "有误"
"""The form's state while it holds something that is no possible score."""
_UNFINISHED = "未填完（已填{filled}条，共{count}条）"
_DECIMALS = 2
"""Of a score, a total and a pass mark, at most."""

Scores = Sequence[Decimal | None]
"""Of one community in the order of the standard, None where one is missing or cannot be accepted."""


@dataclass(frozen=True, slots=True)
class ScoreCells:
    """Where a workbook holds the scores of one community and what belongs to them."""

    scores: str
    """The range of its scores, in the order of the standard."""
    total: str


def text_formula(template: str, **values: str | int) -> str:
    """Return the formula of a text in which each ``{name}`` is what an expression gives, or a number."""
    joined = {name: value if isinstance(value, int) else f'"&{value}&"' for name, value in values.items()}
    parts = f'"{template}"'.format(**joined)
    return parts.removeprefix('""&').removesuffix('&""')


# what may be typed


def score_range(points: Decimal) -> tuple[Decimal, Decimal]:
    """Return the least and the most that the score of a criterion of these points may be."""
    return Decimal(0), points


def score_fault(score: Decimal, points: Decimal) -> str | None:
    """Return the code of the finding about a number that cannot be a score of these points, None if it can.

    The digits count as they are written: 3.000 has three decimals.
    """
    least, most = score_range(points)
    exponent = score.as_tuple().exponent
    if score < least:
        return "score-negative"
    if not isinstance(exponent, int) or -exponent > _DECIMALS:
        return "score-decimals"
    return "score-high" if score > most else None


def impossible_formula(cell: str, points: str) -> str:
    """Whether the number in a cell cannot be a score; ``points`` is the cell or number of the criterion's."""
    return f"OR({','.join(_faults(cell, points))})"


def any_impossible_formula(cells: str, points: str) -> str:
    """Whether any number of a range cannot be a score; ``points`` is the range of theirs."""
    return f"SUMPRODUCT({'+'.join(f'({fault})' for fault in _faults(cells, points))})>0"


def possible_formula(cell: str, points: str) -> str:
    """Whether a cell holds a number that can be a score."""
    return f"AND(ISNUMBER({cell}),NOT({impossible_formula(cell, points)}))"


def _faults(cells: str, points: str) -> tuple[str, str, str]:
    return f"{cells}<0", f"{cells}>{points}", f"ROUND({cells},{_DECIMALS})<>{cells}"


# the result of one community


@dataclass(frozen=True, slots=True)
class Verdict:
    """The result of one community's scores."""

    subtotals: tuple[Decimal | None, ...]
    """Of the groups, None where one of its scores is missing."""
    total: Decimal | None
    """None while a score is missing."""
    passed: bool | None
    """None while there is no total."""


def judge(scores: Scores, campaign: Campaign) -> Verdict:
    """Return the subtotals, the total and whether it passes."""
    subtotals = tuple(_subtotal(scores, group) for group in campaign.groups)
    summed = total(scores)
    return Verdict(subtotals, summed, None if summed is None else _passes(summed, campaign))


def _subtotal(scores: Scores, group: Group) -> Decimal | None:
    return total([scores[criterion.number - 1] for criterion in group.criteria])


def total(scores: Scores) -> Decimal | None:
    """Return the exact sum, None while a score is missing."""
    known = [score for score in scores if score is not None]
    return sum(known, Decimal(0)) if len(known) == len(scores) else None


def subtotal_formula(scores: str, group: Group) -> str:
    """The sum of a group's scores, nothing while one is missing."""
    return _sum_if_complete_formula(scores, len(group.criteria), scores)


def total_formula(scores: str, subtotals: str, campaign: Campaign) -> str:
    """The sum of the groups, nothing while a score is missing."""
    return _sum_if_complete_formula(scores, len(campaign.criteria), subtotals)


def _sum_if_complete_formula(scores: str, count: int, addends: str) -> str:
    return f'IF(COUNT({scores})={count},ROUND(SUM({addends}),{_DECIMALS}),"")'


def points_formula(points: str) -> str:
    """The full mark of the criteria in a range, as :attr:`Group.points` and :attr:`Campaign.max_score`."""
    return f"SUM({points})"


def _passes(total: Decimal, campaign: Campaign) -> bool:
    return total >= campaign.pass_score


def verdict_words(passed: bool, campaign: Campaign) -> str:
    """Return what workbooks and mails call a complete unit that passed or did not."""
    return campaign.pass_words[0 if passed else 1]


def verdict_formula(cells: ScoreCells, campaign: Campaign, pass_score: str = "") -> str:
    """The words of :func:`verdict_words` for a complete community; ``pass_score`` is the cell of the mark."""
    passed, failed = campaign.pass_words
    return f'IF({cells.total}>={pass_score or plain(campaign.pass_score)},"{passed}","{failed}")'


def ranks(totals: Iterable[Decimal | None]) -> list[int | None]:
    """Return the place of each total, the highest first; equal ones share a place, none has none."""
    totals = list(totals)
    falling = sorted((total for total in totals if total is not None), reverse=True)
    places = {total: place for place, total in reversed(list(enumerate(falling, 1)))}
    return [None if total is None else places[total] for total in totals]


def rank_formula(total: str, totals: str) -> str:
    """The place of a total among those of a range."""
    return f'IF({total}="","",RANK({total},{totals}))'


# a form while it is being filled in


@dataclass(frozen=True, slots=True)
class State:
    """What a form shows of itself while it is being filled in."""

    filled: int
    """How many scores it holds."""
    total: Decimal | None
    """Of the scores so far, None while there is none."""
    words: str
    """Empty while nothing is filled in."""
    complete: bool = False


def state(scores: Scores, campaign: Campaign) -> State:
    """Return what the formulas of a form show for these numbers; none at all is an untouched form."""
    known = [score for score in scores if score is not None]
    if not takes_part(len(known)):
        return State(filled=0, total=None, words="")
    words = _state_words(scores, campaign)
    return State(
        filled=len(known),
        total=sum(known, Decimal(0)),
        words=words,
        complete=words in campaign.pass_words,
    )


def _state_words(scores: Scores, campaign: Campaign) -> str:
    typed = zip(scores, campaign.criteria, strict=True)
    if any(score is not None and score_fault(score, criterion.points) for score, criterion in typed):
        return WRONG
    passed = judge(scores, campaign).passed
    if passed is None:
        filled = sum(score is not None for score in scores)
        return _UNFINISHED.format(filled=filled, count=len(scores))
    return verdict_words(passed, campaign)


def state_formula(cells: ScoreCells, points: str, campaign: Campaign) -> str:
    """The words of a form's state; ``points`` is the range of the criteria's points."""
    scores, count = cells.scores, len(campaign.criteria)
    unfinished = text_formula(_UNFINISHED, filled=f"COUNT({scores})", count=count)
    return (
        f'IF(COUNTA({scores})=0,"",IF(COUNTA({scores})>COUNT({scores}),"{WRONG}",'
        f'IF({any_impossible_formula(scores, points)},"{WRONG}",'
        f"IF(COUNT({scores})<{count},{unfinished},{verdict_formula(cells, campaign)}))))"
    )


def running_total_formula(scores: str) -> str:
    """The sum of the scores so far, nothing while there is none."""
    return f'IF(COUNT({scores})=0,"",ROUND(SUM({scores}),{_DECIMALS}))'


# towns and county


def takes_part(scores: int) -> bool:
    """Whether a community that returned so many scores, right or wrong, takes part."""
    return scores > 0


def participating_formula(listed: str, missing: str) -> str:
    """How many of the listed communities take part: all but those that returned no score."""
    return f"{listed}-{missing}"


@dataclass(frozen=True, slots=True)
class Denominator:
    """What rates are a fraction of."""

    communities: int
    basis: Basis


def town_denominator(listed: int, urban_total: int | None) -> Denominator:
    """Return all urban communities of a town, or those of the roster where their number is not known."""
    if urban_total is None:
        return Denominator(listed, Basis.ROSTER)
    return Denominator(urban_total, Basis.URBAN_TOTAL)


def county_denominator(listed: int, towns: Iterable[Denominator]) -> Denominator:
    """Return all urban communities if every town states its own, else those of the roster."""
    towns = list(towns)
    if all(town.basis == Basis.URBAN_TOTAL for town in towns):
        return Denominator(sum(town.communities for town in towns), Basis.URBAN_TOTAL)
    return Denominator(listed, Basis.ROSTER)


def denominator_formula(basis: Basis, listed: str, towns: str) -> str:
    """The county's denominator: the sum of its towns' or its own listed communities."""
    return f"SUM({towns})" if basis == Basis.URBAN_TOTAL else listed


def rate(part: int, denominator: int) -> float:
    """Return a rate as a fraction, not rounded."""
    return part / denominator


def rate_formula(part: str, denominator: str) -> str:
    return f"{part}/{denominator}"


def target_met(passed: int, denominator: int, percent: int) -> bool:
    """Whether ``passed`` is ``percent`` of the denominator or more (以上 includes the bound), in integers."""
    return passed * 100 >= percent * denominator


def target_met_formula(passed: str, denominator: str, percent: str) -> str:
    return f"{passed}*100>={percent}*{denominator}"


def needed(denominator: int, percent: int) -> int:
    """Return the least number of communities that meets the target."""
    return -(-percent * denominator // 100)


def needed_formula(denominator: str, percent: str) -> str:
    return f"INT(({percent}*{denominator}+99)/100)"
