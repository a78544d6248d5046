"""The tables of a round as Parquet files, for programs: exact decimals, and what is missing is null, never 0.

A column is declared once, with its type. Rows become columns in batches, so that a long table takes little
more memory than its file.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from itertools import islice
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from greenxl.campaign.model import Answer, Campaign, Criterion, Kind
from greenxl.findings import Finding
from greenxl.i18n import LANGUAGE, Words
from greenxl.names import clean
from greenxl.returns.intake import Entry
from greenxl.rounds.evaluate import Round
from greenxl.scoring.choosing import Status
from greenxl.scoring.tables import CommunityRow, LossRow, Tables, TownRow
from greenxl.scoring.vocabulary import words

FORMAT = "1"
"""Of the tables, in their metadata: a column may be added, none is renamed or dropped without a new one."""
_BATCH = 20_000
"""Rows that are columns at once, and a row group of the file."""

_TEXT, _WHOLE, _LONG, _YES, _PART = pa.string(), pa.int32(), pa.int64(), pa.bool_(), pa.float64()
_POINTS = pa.decimal128(18, 2)
_TEXTS, _NUMBERS = pa.list_(pa.string()), pa.list_(pa.int32())
_KINDS = {
    Kind.SCORED: "scored",
    Kind.BONUS: "bonus",
    Kind.DEDUCTION: "deduction",
    Kind.CONDITION: "condition",
}


@dataclass(frozen=True, slots=True)
class _Column:
    """A column: its name, its type, how its value follows from a row, and what people call it."""

    name: str
    type: pa.DataType
    of: Callable[[Any], object]
    title: str = ""

    def field(self) -> pa.Field:
        return pa.field(self.name, self.type, metadata={"title": self.title} if self.title else None)

    def values(self, rows: Iterable[object]) -> pa.Array:
        return pa.array([self.of(row) for row in rows], self.type)


def table_bytes(name: str, result: Round, tables: Tables) -> bytes:
    """Return the Parquet file of a table: communities, towns, criteria, losses, findings or files."""
    columns, rows = _table(name, result, tables)
    return _bytes(columns, rows, _metadata(result.campaign, name))


def _table(name: str, result: Round, tables: Tables) -> tuple[Iterable[_Column], Iterable[object]]:
    campaign = result.campaign
    match name:
        case "communities":
            return _communities(campaign), tables.communities
        case "towns":
            return _TOWNS, tables.towns
        case "criteria":
            return _criteria(campaign, tables), campaign.criteria
        case "losses":
            return _losses(campaign), tables.losses
        case "findings":
            return _findings(words(campaign)), result.findings
        case "files":
            return _files(words(campaign)), result.entries
    raise AssertionError(name)


def _metadata(campaign: Campaign, name: str) -> dict[str, str]:
    return {
        "greenxl.format": FORMAT,
        "greenxl.table": name,
        "greenxl.campaign": campaign.id,
        "greenxl.year": str(campaign.year),
        "greenxl.standard": campaign.standard_hash,
    }


def _bytes(columns: Iterable[_Column], rows: Iterable[object], metadata: dict[str, str]) -> bytes:
    columns = tuple(columns)
    schema = pa.schema([column.field() for column in columns], metadata=metadata)
    output = pa.BufferOutputStream()
    with pq.ParquetWriter(output, schema) as writer:
        for batch in _batches(rows):
            writer.write_batch(pa.record_batch([one.values(batch) for one in columns], schema=schema))
    data: bytes = output.getvalue().to_pybytes()
    return data


def _batches(rows: Iterable[object]) -> Iterator[list[object]]:
    left = iter(rows)
    while batch := list(islice(left, _BATCH)):
        yield batch


# What a value is.


def _shown(text: str | None) -> str | None:
    """Return a text as people may see it; an empty one is none."""
    return clean(text) if text else None


def _score(answers: tuple[Decimal | Answer | None, ...] | None, criterion: Criterion) -> Decimal | None:
    """Return the number of an answer; what is answered by a word, or not at all, is null."""
    answer = answers[criterion.number - 1] if answers else None
    return answer if isinstance(answer, Decimal) else None


def _word(row: CommunityRow, criterion: Criterion) -> str | None:
    """Return how a condition is answered that is, and applies."""
    answer = row.answers[criterion.number - 1]
    return str(answer) if answer in (Answer.FULFILLED, Answer.UNFULFILLED) else None


def _vetoes(row: CommunityRow) -> list[str]:
    """Return what fails a community: numbers of criteria and titles of groups."""
    return [
        str(veto.criterion.number) if veto.criterion else veto.group.title if veto.group else ""
        for veto in row.vetoes
    ]


# The tables.


def _communities(campaign: Campaign) -> Iterator[_Column]:
    yield from (
        _Column("no", _WHOLE, lambda row: row.community.number),
        _Column("town", _TEXT, lambda row: row.community.town, campaign.parent),
        _Column("community", _TEXT, lambda row: row.community.name, campaign.unit),
        _Column("pilot", _YES, lambda row: row.community.pilot),
        _Column("status", _TEXT, lambda row: str(row.status)),
        _Column("total", _POINTS, lambda row: row.total),
        _Column("passed", _YES, lambda row: row.status is Status.PASSED if row.judged else None),
        _Column("rank", _WHOLE, lambda row: row.rank),
        _Column("grade", _TEXT, lambda row: row.grade),
        _Column("bonus", _POINTS, lambda row: row.bonus),
        _Column("deduction", _POINTS, lambda row: row.deduction),
        _Column("vetoed", _TEXTS, _vetoes),
        _Column("not_applicable", _NUMBERS, lambda row: list(row.not_applicable)),
        _Column("file", _TEXT, lambda row: _shown(row.file)),
        _Column("sheet", _TEXT, lambda row: _shown(row.sheet)),
    )
    for place, group in enumerate(campaign.groups):
        subtotal = partial(_subtotal, place=place)
        yield _Column(f"subtotal_{place + 1}", _POINTS, subtotal, group.title)
    for one in campaign.criteria:
        if one.kind is Kind.CONDITION:
            yield _Column(f"answer_{one.number}", _TEXT, partial(_word, criterion=one), one.text)
        else:
            yield _Column(f"score_{one.number}", _POINTS, partial(_counting, criterion=one), one.text)
    for place, heading in enumerate(campaign.score_columns, 1):
        for one in campaign.criteria:
            of = partial(_other, heading=heading, criterion=one)
            yield _Column(f"column_{place}_{one.number}", _POINTS, of, heading)
    for place, heading in enumerate(campaign.entry_columns, 1):
        for one in campaign.criteria:
            entry = partial(_entry, heading=heading, criterion=one)
            yield _Column(f"entry_{place}_{one.number}", _TEXT, entry, heading)


def _subtotal(row: CommunityRow, place: int) -> Decimal | None:
    return row.subtotals[place]


def _counting(row: CommunityRow, criterion: Criterion) -> Decimal | None:
    return _score(row.answers, criterion)


def _other(row: CommunityRow, heading: str, criterion: Criterion) -> Decimal | None:
    return _score(row.columns.get(heading), criterion)


def _entry(row: CommunityRow, heading: str, criterion: Criterion) -> str | None:
    texts = row.entries.get(heading)
    return _shown(texts[criterion.number - 1]) if texts else None


def _figure(name: str) -> Callable[[TownRow], object]:
    return lambda row: row.figures()[name]


_TOWNS = (
    _Column("town", _TEXT, lambda row: row.name),
    *(
        _Column(name, _WHOLE, _figure(name))
        for name in (
            "listed",
            "participating",
            "passed",
            "failed",
            "incomplete",
            "invalid",
            "conflict",
            "missing",
            "denominator",
        )
    ),
    _Column("denominator_basis", _TEXT, lambda row: str(row.denominator_basis)),
    _Column("participation_rate", _PART, _figure("participation_rate")),
    _Column("pass_rate", _PART, _figure("pass_rate")),
    _Column("average", _POINTS, lambda row: row.average),
    _Column("vetoed", _WHOLE, lambda row: row.vetoed),
)


def _criteria(campaign: Campaign, tables: Tables) -> Iterator[_Column]:
    """Yield the columns of all criteria; what is no part of the full mark has no losses."""
    found = {row.criterion.number: row for row in tables.criteria}

    def of(name: str) -> Callable[[Criterion], object]:
        return lambda one: getattr(found[one.number], name) if one.number in found else None

    yield from (
        _Column("criterion", _WHOLE, lambda one: one.number),
        _Column("label", _TEXT, lambda one: one.label or str(one.number)),
        _Column("group", _WHOLE, lambda one: one.group + 1),
        _Column("group_title", _TEXT, lambda one: campaign.groups[one.group].title),
        _Column("subgroup", _TEXT, lambda one: _shown(one.subgroup)),
        _Column("text", _TEXT, lambda one: one.text),
        _Column("kind", _TEXT, lambda one: _KINDS[one.kind]),
        _Column("points", _POINTS, lambda one: one.points),
        _Column("scored", _WHOLE, of("scored")),
        _Column("average", _PART, of("average")),
        _Column("lost", _POINTS, of("lost")),
        _Column("loss_rate", _PART, of("loss_rate")),
        _Column("losers", _WHOLE, lambda one: len(found[one.number].losers) if one.number in found else None),
    )


def _losses(campaign: Campaign) -> Iterator[_Column]:
    yield from (
        _Column("no", _WHOLE, lambda row: row.community.number),
        _Column("town", _TEXT, lambda row: row.community.town, campaign.parent),
        _Column("community", _TEXT, lambda row: row.community.name, campaign.unit),
        _Column("criterion", _WHOLE, lambda row: row.criterion.number),
        _Column("points", _POINTS, lambda row: row.criterion.points),
        _Column("score", _POINTS, lambda row: row.score),
        _Column("lost", _POINTS, lambda row: row.lost),
    )
    for place, heading in enumerate(campaign.entry_columns):
        yield _Column(f"entry_{place + 1}", _TEXT, partial(_beside, place=place), heading)


def _beside(row: LossRow, place: int) -> str | None:
    return _shown(row.entries[place]) if place < len(row.entries) else None


def _findings(said: Words) -> Iterator[_Column]:
    def message(one: Finding) -> str:
        return clean(one.line(LANGUAGE, said))

    yield from (
        _Column("code", _TEXT, lambda one: one.code),
        _Column("severity", _TEXT, lambda one: str(one.severity)),
        _Column("file", _TEXT, lambda one: _shown(one.file)),
        _Column("sheet", _TEXT, lambda one: _shown(one.sheet)),
        _Column("cell", _TEXT, lambda one: _shown(one.cell)),
        _Column("town", _TEXT, lambda one: _shown(one.town)),
        _Column("community", _TEXT, lambda one: _shown(one.community)),
        _Column("criteria", _NUMBERS, lambda one: list(one.criteria)),
        _Column("found", _TEXT, lambda one: _shown(one.shown_found(LANGUAGE))),
        _Column("message", _TEXT, message),
    )


def _files(said: Words) -> Iterator[_Column]:
    def reason(entry: Entry) -> str | None:
        return clean(entry.reason.message(LANGUAGE, said)) if entry.reason else None

    yield from (
        _Column("file", _TEXT, lambda entry: _shown(entry.file)),
        _Column("sha256", _TEXT, lambda entry: entry.sha256),
        _Column("bytes", _LONG, lambda entry: entry.bytes),
        _Column("outcome", _TEXT, lambda entry: str(entry.outcome)),
        _Column("sheets_read", _WHOLE, lambda entry: entry.sheets_read),
        _Column("reason", _TEXT, reason),
    )
