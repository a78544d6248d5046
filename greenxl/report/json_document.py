"""The JSON document of check and merge (its keys are published: none is renamed or dropped)."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pandas as pd

from greenxl.findings import Finding
from greenxl.i18n import LANGUAGE
from greenxl.returns.intake import Entry
from greenxl.rounds.evaluate import Round
from greenxl.scoring.tables import Tables, group_columns, points, score_columns

if TYPE_CHECKING:
    from greenxl.report.previous import Change

FORMAT = 1
COUNTS = ("listed", "participating", "passed", "failed", "incomplete", "invalid", "conflict", "missing")


def document(
    result: Round,
    tables: Tables,
    output: str | None,
    language: str = LANGUAGE,
    changes: "Sequence[Change] | None" = None,
) -> dict[str, Any]:
    """Return the whole result as plain JSON values; rates are fractions, not rounded.

    ``changes`` are those since an earlier workbook, None where there is none to compare with.
    """
    campaign = result.campaign
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
        "county": {
            **_counts(tables.county),
            "target_percent": tables.county["target_percent"],
            "target_met": tables.county["target_met"],
        },
        "towns": [{"town": town, **_counts(row)} for town, row in tables.towns.iterrows()],
        "communities": [_community(row, result, tables) for row in tables.communities.to_dict("records")],
        "files": [_file(entry, language) for entry in result.entries],
        "findings": [_finding(one, language) for one in result.findings],
        "changes": None if changes is None else _changes(changes),
        "output": output,
    }


def number(value: Decimal | None) -> int | float | None:
    """Return a decimal as a JSON number that prints as the decimal does."""
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else float(value)


def _counts(row: "pd.Series[Any]") -> dict[str, object]:
    return {
        **{name: int(row[name]) for name in COUNTS},
        "denominator": int(row["denominator"]),
        "denominator_basis": row["denominator_basis"],
        "participation_rate": float(row["participation_rate"]),
        "pass_rate": float(row["pass_rate"]),
    }


def _community(row: Mapping[Any, Any], result: Round, tables: Tables) -> dict[str, object]:
    def scores(names: list[str]) -> list[int | float | None]:
        return [number(points(row[name])) for name in names]

    return {
        "no": int(row["no"]),
        "town": row["town"],
        "community": row["community"],
        "pilot": bool(row["pilot"]),
        "status": row["status"],
        "total": number(points(row["total"])),
        "rank": None if pd.isna(row["rank"]) else int(row["rank"]),
        "scores": scores(score_columns(result.campaign)),
        "subtotals": scores(group_columns(result.campaign)),
        "file": _text(row["file"]),
        "sheet": _text(row["sheet"]),
    }


def _changes(changes: "Sequence[Change]") -> dict[str, object]:
    from greenxl.report.previous import tally

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


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _file(entry: Entry, language: str) -> dict[str, object]:
    return {
        "file": entry.file,
        "sha256": entry.sha256,
        "bytes": entry.bytes,
        "outcome": entry.outcome,
        "sheets_read": entry.sheets_read,
        "reason": entry.reason.message(language) if entry.reason else None,
    }


def _finding(one: Finding, language: str) -> dict[str, object]:
    return {
        "code": one.code,
        "severity": str(one.severity),
        "file": one.file or None,
        "sheet": one.sheet or None,
        "cell": one.cell or None,
        "town": one.town or None,
        "community": one.community or None,
        "found": one.found,
        "message": one.line(language),
    }
