"""The rules of scoring: each once as a function and, beside it, as the Excel formula that says the same.

The functions judge what came back; the formulas judge a form while it is being filled in and let a reader of
the report trace its figures. Amounts are exact decimals, None where there is none; a formula rounds its sums
to the two decimals that a score may have. A formula is an expression without its leading ``=``, and what it
refers to comes in as a formula writes it (``E4``, ``$E$4:$E$23``, ``80``).

What may be typed is in :mod:`.answers`, totals in :mod:`.totals`, what fails a unit and its grade in
:mod:`.verdicts`, a form while it is being filled in in :mod:`.states`, rates in :mod:`.rates`.
"""

from greenxl.campaign.rules.answers import (
    ScoreCells,
    Scores,
    answer_in,
    answered_formula,
    answers_to,
    impossible_formula,
    possible_formula,
    quoted,
    score_fault,
    score_range,
    text_formula,
)
from greenxl.campaign.rules.rates import (
    Denominator,
    county_denominator,
    denominator_formula,
    needed,
    needed_formula,
    participating_formula,
    rate,
    rate_formula,
    takes_part,
    target_met,
    target_met_formula,
    town_denominator,
)
from greenxl.campaign.rules.states import (
    TO_BE_DECIDED,
    WRONG,
    State,
    formulas_of_a_form,
    running_total_formula,
    state,
    state_formula,
)
from greenxl.campaign.rules.totals import (
    amount_formula,
    bonus_formula,
    deduction_formula,
    points_formula,
    subtotal_formula,
    total_formula,
)
from greenxl.campaign.rules.verdicts import (
    Verdict,
    Veto,
    grade_formula,
    judge,
    rank_formula,
    ranks,
    verdict_formula,
    verdict_words,
    veto_formula,
)

__all__ = [
    "TO_BE_DECIDED",
    "WRONG",
    "Denominator",
    "ScoreCells",
    "Scores",
    "State",
    "Verdict",
    "Veto",
    "amount_formula",
    "answer_in",
    "answered_formula",
    "answers_to",
    "bonus_formula",
    "county_denominator",
    "deduction_formula",
    "denominator_formula",
    "formulas_of_a_form",
    "grade_formula",
    "impossible_formula",
    "judge",
    "needed",
    "needed_formula",
    "participating_formula",
    "points_formula",
    "possible_formula",
    "quoted",
    "rank_formula",
    "ranks",
    "rate",
    "rate_formula",
    "running_total_formula",
    "score_fault",
    "score_range",
    "state",
    "state_formula",
    "subtotal_formula",
    "takes_part",
    "target_met",
    "target_met_formula",
    "text_formula",
    "total_formula",
    "town_denominator",
    "verdict_formula",
    "verdict_words",
    "veto_formula",
]
