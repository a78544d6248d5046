"""Sums of one unit's scores: of its groups, of bonus and deductions, and its total.

A total is out of the full mark; where criteria do not apply, the scores are out of the applicable points and
scaled up to it. It is exact (a fraction) wherever it decides, and rounded only where it is shown.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from functools import lru_cache

from greenxl.campaign.model import Answer, Campaign, Criterion, Group, Kind, plain
from greenxl.campaign.rules.answers import DECIMALS, ScoreCells, Scores, answered_formula, quoted, runs


@dataclass(frozen=True, slots=True)
class Sums:
    """What one unit's answers add up to."""

    got: Decimal
    """Of the scored criteria."""
    applicable: Decimal
    """The points of those that apply."""
    bonus: Decimal = Decimal(0)
    """At most the campaign's cap."""
    deduction: Decimal = Decimal(0)

    def total(self, campaign: Campaign) -> Fraction | None:
        """Return the exact total, never below 0; None where nothing applies."""
        return _total(self, campaign.max_score)


@lru_cache(maxsize=4096)
def _total(sums: Sums, full: Decimal) -> Fraction | None:
    if not sums.applicable:
        return None
    scaled = Fraction(sums.got) * Fraction(full) / Fraction(sums.applicable)
    return max(Fraction(0), scaled + Fraction(sums.bonus) - Fraction(sums.deduction))


def sums(scores: Scores, campaign: Campaign) -> Sums:
    """Return the sums of what is answered."""
    bonus = amount(scores, campaign.of_kind(Kind.BONUS))
    return Sums(
        got=amount(scores, campaign.scored),
        applicable=applicable(scores, campaign.scored),
        bonus=bonus if campaign.bonus_cap is None else min(bonus, campaign.bonus_cap),
        deduction=amount(scores, campaign.of_kind(Kind.DEDUCTION)),
    )


def amount(scores: Scores, criteria: Iterable[Criterion]) -> Decimal:
    """Return the sum of the numbers among these criteria's answers."""
    answers = [scores[criterion.number - 1] for criterion in criteria]
    return sum([one for one in answers if isinstance(one, Decimal)], Decimal(0))


def applicable(scores: Scores, criteria: Iterable[Criterion]) -> Decimal:
    """Return the points of those that were not answered with 不适用."""
    points = [c.points for c in criteria if scores[c.number - 1] is not Answer.NOT_APPLICABLE]
    return sum(points, Decimal(0))


def is_answered(scores: Scores, criteria: Iterable[Criterion]) -> bool:
    return all(scores[criterion.number - 1] is not None for criterion in criteria)


def subtotal(scores: Scores, group: Group) -> Decimal | None:
    """Return the sum of a group's scored criteria; None while one is missing, or where it has none."""
    if not group.scored or not is_answered(scores, group.scored):
        return None
    return amount(scores, group.scored)


@lru_cache(maxsize=4096)
def rounded(total: Fraction) -> Decimal:
    """Return an exact total as it is shown."""
    hundred = Fraction(10) ** DECIMALS
    whole = Decimal((total * hundred).numerator) / Decimal((total * hundred).denominator)
    return whole.quantize(Decimal(1), ROUND_HALF_UP) / Decimal(int(hundred))


# formulas


def points_formula(points: str) -> str:
    """The full mark of the criteria in a range, as :attr:`Group.points` and :attr:`Campaign.max_score`."""
    return f"SUM({points})"


def amount_formula(cells: ScoreCells, criteria: Sequence[Criterion]) -> str:
    """The sum of these criteria's scores, chosen words among them."""
    spans = [cells.span(run[0].number, run[-1].number) for run in runs(criteria, lambda _one: None)]
    return "+".join([f"SUM({','.join(spans)})", *(_worded(cells, criteria) if cells.worded else [])])


def _worded(cells: ScoreCells, criteria: Iterable[Criterion]) -> list[str]:
    """Return an addend for each word that stands for a score."""
    worth = (c for c in criteria if c.worded)
    return [
        f"{plain(choice.score)}*COUNTIF({cells.span(run[0].number, run[-1].number)},{quoted(choice.word)})"
        for run in runs(worth, lambda criterion: criterion.choices)
        for choice in run[0].choices
        if choice.score and not choice.is_number
    ]


def applicable_formula(cells: ScoreCells, criteria: Iterable[Criterion], points: Decimal) -> str:
    """The points of these criteria, of which ``points`` is the sum, without those that do not apply."""
    word = quoted(Answer.NOT_APPLICABLE)
    lost = [
        f"SUMPRODUCT(({cells.span(run[0].number, run[-1].number)}={word})"
        f"*{cells.points(run[0].number, run[-1].number)})"
        for run in runs((c for c in criteria if c.not_applicable), lambda _one: None)
    ]
    return f"({'-'.join([plain(points), *lost])})" if lost else plain(points)


def bonus_formula(cells: ScoreCells, campaign: Campaign) -> str:
    """The sum of all bonus, at most the cap."""
    added = amount_formula(cells, campaign.of_kind(Kind.BONUS))
    return added if campaign.bonus_cap is None else f"MIN({plain(campaign.bonus_cap)},{added})"


def deduction_formula(cells: ScoreCells, campaign: Campaign) -> str:
    return amount_formula(cells, campaign.of_kind(Kind.DEDUCTION))


def beside_formula(cells: ScoreCells, campaign: Campaign) -> str:
    """What bonus and deductions add to the total, with its sign; "" where the campaign has neither."""
    plus = f"+{bonus_formula(cells, campaign)}" if campaign.of_kind(Kind.BONUS) else ""
    minus = f"-({deduction_formula(cells, campaign)})" if campaign.of_kind(Kind.DEDUCTION) else ""
    return plus + minus


def subtotal_formula(cells: ScoreCells, group: Group) -> str:
    """The sum of a group's scored criteria, nothing while one is missing."""
    answered = answered_formula(cells, group.scored)
    return f'IF({answered}={len(group.scored)},ROUND({amount_formula(cells, group.scored)},{DECIMALS}),"")'


def total_formula(cells: ScoreCells, got: str, campaign: Campaign) -> str:
    """The total, nothing while an answer is missing; ``got`` sums the scored criteria."""
    answered = answered_formula(cells, campaign.criteria)
    return f'IF({answered}={len(campaign.criteria)},{shown_total_formula(cells, got, campaign)},"")'


def shown_total_formula(cells: ScoreCells, got: str, campaign: Campaign) -> str:
    """The total of what is answered, rounded; nothing where nothing applies."""
    whole = got
    if campaign.scaled:
        out_of = applicable_formula(cells, campaign.scored, campaign.max_score)
        whole = f"({got})/{out_of}*{plain(campaign.max_score)}"
    whole += beside_formula(cells, campaign)
    if campaign.of_kind(Kind.DEDUCTION):
        whole = f"MAX(0,{whole})"
    shown = f"ROUND({whole},{DECIMALS})"
    return f'IF({out_of}=0,"",{shown})' if campaign.scaled else shown


def reaches(total: Fraction, least: Decimal) -> bool:
    return total >= _exact(least)


_exact = lru_cache(maxsize=64)(Fraction)


def reaches_formula(cells: ScoreCells, least: str, campaign: Campaign) -> str:
    """Whether the exact total, which is not the one that is shown where it is scaled, is ``least`` or more.

    Both sides are multiplied by the applicable points; the products have four decimals at most. No total is
    below 0, whatever is taken off.
    """
    if not campaign.scaled:
        return f"{cells.total}>={least}"
    if least == "0":
        return "TRUE"
    out_of = applicable_formula(cells, campaign.scored, campaign.max_score)
    got = amount_formula(cells, campaign.scored)
    beside = beside_formula(cells, campaign)
    more = f"+(0{beside})*{out_of}" if beside else ""
    return f"ROUND(({got})*{plain(campaign.max_score)}{more},4)>=ROUND({least}*{out_of},4)"
