"""The JSON document of check and merge (its keys are published: none is renamed or dropped)."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from greenxl.campaign.model import Answer, Campaign, Kind
from greenxl.campaign.rules import Veto
from greenxl.findings import Finding
from greenxl.i18n import LANGUAGE, Words
from greenxl.report.comparison import Change, tally
from greenxl.returns.intake import Entry
from greenxl.rounds.evaluate import Round
from greenxl.scoring.tables import CommunityRow, Tables, TownRow
from greenxl.scoring.vocabulary import words

FORMAT = 1


def document(
    result: Round,
    tables: Tables,
    output: str | None,
    language: str = LANGUAGE,
    changes: Sequence[Change] | None = None,
    leader_copy: str | None = None,
) -> dict[str, Any]:
    """Return the whole result as plain JSON values; rates are fractions, not rounded.

    ``changes`` are those since an earlier workbook, None where there is none to compare with.
    """
    campaign, said = result.campaign, words(result.campaign)
    return {
        "format": FORMAT,
        "campaign": {
            "id": campaign.id,
            "title": campaign.title,
            "county": campaign.county,
            "year": campaign.year,
            "pass_score": number(campaign.pass_score),
            "max_score": number(campaign.max_score),
        },
        "county": tables.county.figures(),
        **_counties(tables),
        "towns": [_town(town) for town in tables.towns],
        "communities": [_community(row, campaign) for row in tables.communities],
        "files": [_file(entry, language, said) for entry in result.entries],
        "findings": [_finding(one, language, said) for one in result.findings],
        "changes": None if changes is None else _changes(changes),
        "output": output,
        "leader_copy": leader_copy,
    }


def _counties(tables: Tables) -> dict[str, object]:
    """Return the counties of a campaign of several, of any other nothing."""
    rows = [{"county": row.name, **row.figures()} for row in tables.districts]
    return {"counties": rows} if rows else {}


def _town(town: TownRow) -> dict[str, object]:
    own = {"county": town.county} if town.county else {}
    return {"town": town.name, **own, **town.figures()}


def number(value: Decimal | None) -> int | float | None:
    """Return a decimal as a JSON number that prints as the decimal does."""
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else float(value)


def _numbers(values: Iterable[Decimal | None]) -> list[int | float | None]:
    return [number(value) for value in values]


def _scores(answers: Iterable[Decimal | Answer | None]) -> list[int | float | None]:
    """Return the numbers; what is answered by a word, or not at all, is null."""
    return _numbers(one if isinstance(one, Decimal) else None for one in answers)


def _conditions(row: CommunityRow, campaign: Campaign) -> dict[str, str]:
    """Return by number how each condition is answered that is, and applies."""
    answers = ((one.number, row.answers[one.number - 1]) for one in campaign.of_kind(Kind.CONDITION))
    fulfilled = (Answer.FULFILLED, Answer.UNFULFILLED)
    return {str(number): str(answer) for number, answer in answers if answer in fulfilled}


def _community(row: CommunityRow, campaign: Campaign) -> dict[str, object]:
    return {
        "no": row.community.number,
        "town": row.community.town,
        "community": row.community.name,
        "pilot": row.community.pilot,
        "status": row.status,
        "total": number(row.total),
        "rank": row.rank,
        "scores": _numbers(row.scores),
        "subtotals": _numbers(row.subtotals),
        "file": row.file,
        "sheet": row.sheet,
        **_further(row, campaign),
    }


def _further(row: CommunityRow, campaign: Campaign) -> dict[str, object]:
    """Return what only some campaigns have."""
    found: dict[str, object] = {}
    if campaign.grades:
        found["grade"] = row.grade
    if campaign.of_kind(Kind.CONDITION):
        found["conditions"] = _conditions(row, campaign)
    if campaign.has_vetoes:
        found["vetoed"] = [_fails(veto) for veto in row.vetoes]
    if campaign.of_kind(Kind.BONUS):
        found["bonus"] = number(row.bonus)
    if campaign.of_kind(Kind.DEDUCTION):
        found["deduction"] = number(row.deduction)
    if campaign.score_columns:
        blank = (None,) * len(campaign.criteria)
        found["columns"] = {name: _scores(row.columns.get(name, blank)) for name in campaign.score_columns}
    if campaign.entry_columns:
        empty = ("",) * len(campaign.criteria)
        found["entries"] = {
            name: [text or None for text in row.entries.get(name, empty)] for name in campaign.entry_columns
        }
    if any(criterion.not_applicable for criterion in campaign.criteria):
        found["not_applicable"] = list(row.not_applicable)
    return found


def _fails(veto: Veto) -> int | str:
    """Return the number of the criterion that fails a unit, or the title of the group."""
    if veto.criterion:
        return veto.criterion.number
    return veto.group.title if veto.group else ""


def _changes(changes: Sequence[Change]) -> dict[str, object]:
    return {
        **tally(changes),
        "communities": [
            {
                "no": change.community.number,
                "town": change.community.town,
                "community": change.community.name,
                "status_then": change.then.status if change.then else None,
                "total_then": number(change.then.total) if change.then else None,
                "difference": number(change.difference),
            }
            for change in changes
        ],
    }


def _file(entry: Entry, language: str, said: Words) -> dict[str, object]:
    return {
        "file": entry.file,
        "sha256": entry.sha256,
        "bytes": entry.bytes,
        "outcome": entry.outcome,
        "sheets_read": entry.sheets_read,
        "reason": entry.reason.message(language, said) if entry.reason else None,
    }


def _finding(one: Finding, language: str, said: Words) -> dict[str, object]:
    return {
        "code": one.code,
        "severity": str(one.severity),
        "file": one.file or None,
        "sheet": one.sheet or None,
        "cell": one.cell or None,
        "town": one.town or None,
        "community": one.community or None,
        "found": one.shown_found(language),
        "message": one.line(language, said),
    }
