"""What may be typed beside a criterion, and how formulas count and find it."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby

from greenxl.campaign.model import Answer, Campaign, Criterion, Kind, plain
from greenxl.names import key

DECIMALS = 2
"""Of a score, a total and a pass mark, at most."""

Scores = Sequence[Decimal | Answer | None]
"""Of one unit in the order of the standard, None where one is missing or cannot be accepted."""


@dataclass(frozen=True, slots=True)
class ScoreCells:
    """Where a workbook holds the scores of one unit and what belongs to them."""

    span: Callable[[int, int], str]
    """The cells of the scores of two criteria, by their numbers, and all between."""
    points: Callable[[int, int], str]
    """The cells of their points."""
    total: str
    veto: str = ""
    """The cell that says what fails it, whatever its total; "" where there are no vetoes."""
    worded: bool = True
    """Whether chosen words stand there as they were typed, as in a form, or as the scores that they mean."""

    def all(self, campaign: Campaign) -> str:
        return self.span(1, len(campaign.criteria))


def text_formula(template: str, **values: str | int) -> str:
    """Return the formula of a text in which each ``{name}`` is what an expression gives, or a number."""
    joined = {name: value if isinstance(value, int) else f'"&{value}&"' for name, value in values.items()}
    parts = f'"{template}"'.format(**joined)
    return parts.removeprefix('""&').removesuffix('&""')


def quoted(text: str) -> str:
    """Return a text as a formula holds it."""
    doubled = text.replace('"', '""')
    return f'"{doubled}"'


# one answer


def score_range(points: Decimal) -> tuple[Decimal, Decimal]:
    """Return the least and the most that the score of a criterion of these points may be."""
    return Decimal(0), points


def score_fault(score: Decimal, criterion: Criterion) -> str | None:
    """Return the code of the finding about a number that cannot be a criterion's score, None if it can.

    The digits count as they are written: 3.000 has three decimals.
    """
    if criterion.kind is Kind.CONDITION:
        return "answer-condition"
    if criterion.choices:
        chosen = {choice.score for choice in criterion.choices if choice.is_number}
        return None if score in chosen else "answer-choice"
    least, most = score_range(criterion.points)
    exponent = score.as_tuple().exponent
    if score < least:
        return "score-negative"
    if not isinstance(exponent, int) or -exponent > DECIMALS:
        return "score-decimals"
    return "score-high" if score > most else None


def answer_in(text: str, criterion: Criterion) -> Decimal | Answer | str | None:
    """Return what a text that is no number answers: a chosen word's score, or what stands for a score.

    None where it is no answer to anything, the code of a finding where it is none to this criterion.
    """
    said = key(text)
    for choice in criterion.choices:
        if key(choice.word) == said:
            return choice.score
    answer = next((one for one in Answer if said == one), None)
    if answer is Answer.NOT_APPLICABLE:
        return answer if criterion.not_applicable else "answer-not-applicable"
    if answer and criterion.kind is not Kind.CONDITION:
        return "answer-misplaced"
    if answer is None and criterion.kind is Kind.CONDITION:
        return "answer-condition"
    return "answer-choice" if answer is None and criterion.choices else answer


def answers_to(criterion: Criterion) -> tuple[str, ...]:
    """Return all that may be typed, () where any number up to the points may."""
    if criterion.kind is Kind.CONDITION:
        words: tuple[str, ...] = (Answer.FULFILLED, Answer.UNFULFILLED)
    else:
        words = tuple(choice.word for choice in criterion.choices)
    return (*words, Answer.NOT_APPLICABLE) if words and criterion.not_applicable else words


def possible_formula(cell: str, points: str, criterion: Criterion) -> str:
    """Whether a cell holds what can be accepted; ``points`` is the cell or number of the criterion's."""
    words = [f"{cell}={quoted(word)}" for word in _words(criterion, worded=True)]
    word = f"OR({','.join(words)})" if len(words) > 1 else words[0] if words else "FALSE"
    if _answers(criterion, worded=True).numbers is None:
        return word
    impossible = impossible_formula(cell, points, criterion)
    if not words and not criterion.choices:
        return f"AND(ISNUMBER({cell}),NOT({impossible}))"
    return f"IF(ISNUMBER({cell}),NOT({impossible}),{word})"


def impossible_formula(cell: str, points: str, criterion: Criterion) -> str:
    """Whether the number in a cell cannot be a score; ``points`` is the cell or number of the criterion's."""
    if criterion.choices:
        chosen = "*".join(f"({cell}<>{plain(c.score)})" for c in criterion.choices if c.is_number)
        return f"{chosen}=1" if chosen else "TRUE"  # OR takes 255 of them
    return f"OR({','.join(_faults(cell, points))})"


def _faults(cells: str, points: str) -> tuple[str, str, str]:
    return f"{cells}<0", f"{cells}>{points}", f"ROUND({cells},{DECIMALS})<>{cells}"


# all answers of a unit


@dataclass(frozen=True, slots=True)
class _Answers:
    """How criteria may be answered; those that follow each other alike are treated in one."""

    numbers: tuple[Decimal, ...] | None
    """The numbers that there are to choose from, () for any; None where no number is an answer."""
    words: tuple[str, ...]


def runs(criteria: Iterable[Criterion], same: Callable[[Criterion], object]) -> Iterator[list[Criterion]]:
    """Yield the criteria in runs whose numbers follow each other and of which something is the same."""
    numbered = ((criterion, same(criterion)) for criterion in criteria)
    for _alike, pairs in groupby(enumerate(numbered), lambda p: (p[1][0].number - p[0], p[1][1])):
        yield [criterion for _place, (criterion, _same) in pairs]


def _runs(cells: ScoreCells, criteria: Iterable[Criterion]) -> Iterator[tuple[_Answers, str, str]]:
    """Yield how each run is answered, with its cells and those of its points."""
    for run in runs(criteria, lambda criterion: _answers(criterion, worded=cells.worded)):
        first, last = run[0].number, run[-1].number
        yield _answers(run[0], worded=cells.worded), cells.span(first, last), cells.points(first, last)


def _answers(criterion: Criterion, *, worded: bool) -> _Answers:
    as_numbers = () if not worded else tuple(c.score for c in criterion.choices if c.is_number)
    only_words = criterion.kind is Kind.CONDITION or (worded and criterion.worded and not as_numbers)
    return _Answers(None if only_words else as_numbers, tuple(_words(criterion, worded=worded)))


def _words(criterion: Criterion, *, worded: bool) -> Iterator[str]:
    """Yield the words that answer a criterion."""
    if criterion.kind is Kind.CONDITION:
        yield from (Answer.FULFILLED, Answer.UNFULFILLED)
    if worded:
        yield from (choice.word for choice in criterion.choices if not choice.is_number)
    if criterion.not_applicable:
        yield Answer.NOT_APPLICABLE


def answered_formula(cells: ScoreCells, criteria: Iterable[Criterion]) -> str:
    """How many of these criteria are answered in their kind: by a number or by one of their words."""
    counts = []
    for answers, span, _points in _runs(cells, criteria):
        counts += [f"COUNT({span})"] if answers.numbers is not None else []
        counts += [f"COUNTIF({span},{quoted(word)})" for word in answers.words]
    return "+".join(counts)


def any_impossible_formula(cells: ScoreCells, campaign: Campaign) -> str:
    """Whether any number cannot be a score, where everything is answered in its kind."""
    sums = [
        f"SUMPRODUCT({_impossible(span, points, answers)})"
        for answers, span, points in _runs(cells, campaign.criteria)
        if answers.numbers is not None
    ]
    return f"{'+'.join(sums)}>0" if sums else "FALSE"


def _impossible(span: str, points: str, answers: _Answers) -> str:
    """How many numbers of a range cannot be scores."""
    if answers.numbers:
        others = "*".join(f"({span}<>{plain(number)})" for number in answers.numbers)
        return f"ISNUMBER({span})*{others}"
    if answers.words:  # ROUND of a word is an error
        decimals = f'(RIGHT(TEXT({span},"0.{"0" * 12}"),10)<>"{"0" * 10}")'
        return f"ISNUMBER({span})*(({span}<0)+({span}>{points})+{decimals})"
    return "+".join(f"({fault})" for fault in _faults(span, points))
