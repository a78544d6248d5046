"""Returns with faults to correction copies: the official form with what counted in it, marked and explained.

A copy names the files that it replaces, so that it counts instead of them when it comes back
(:mod:`greenxl.scoring.choosing`). What a town returned is never opened again, and never changed.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from greenxl.campaign.model import Community
from greenxl.form.blank import blank
from greenxl.names import safe_file_name
from greenxl.rounds.evaluate import Round
from greenxl.scoring.score import Score
from greenxl.sendback.explanation import write_explanation
from greenxl.sendback.marks import as_asked, marks_of
from greenxl.sendback.problems import TownProblems, problems_by_town


@dataclass(frozen=True, slots=True)
class Copy:
    town: str
    file_name: str
    data: bytes


def correction_copies(result: Round) -> Iterator[Copy]:
    """Yield a correction copy for every town that returned something which it has to correct."""
    for problems in problems_by_town(result):
        name = safe_file_name(f"{problems.town}-退回修改-{result.campaign.year}")
        yield Copy(problems.town, f"{name}.xlsx", _copy(problems))


def _copy(problems: TownProblems) -> bytes:
    asked = as_asked(problems)
    communities = problems.campaign.communities_of(problems.town)
    return blank(
        problems.campaign,
        problems.town,
        communities,
        scores=_scores(problems, communities),
        supersedes=problems.supersedes,
        marks=marks_of(asked, communities),
        write_first_sheet=lambda book: write_explanation(book, problems, asked),
    )


def _scores(
    problems: TownProblems, communities: Sequence[Community]
) -> dict[Community, list[Decimal | None]]:
    """Return the accepted scores by community, None where one is wrong or blank or returns disagree."""
    found = {}
    for community in communities:
        rows = [one.scores for one in problems.sheets if one.community == community]
        if rows:
            found[community] = [_agreed(scores) for scores in zip(*rows, strict=True)]
    return found


def _agreed(scores: Sequence[Score]) -> Decimal | None:
    return scores[0].value if len(set(scores)) == 1 else None
