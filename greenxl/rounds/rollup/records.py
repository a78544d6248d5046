"""A returned file, its checked sheets and its findings as texts of JSON, and strictly back. Pure.

What is read back came from a file that anybody may have changed: each value has its type, its bounds and its
words, or the whole is refused. Nothing in it is ever looked up, opened or formatted as a template, but for
messages of the catalogue and sentences that greenxl itself has.
"""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, TypeVar

from greenxl.campaign import rules
from greenxl.campaign.model import Answer, Campaign, Criterion, Kind
from greenxl.catalogue import CATALOGUE, Subject
from greenxl.findings import Finding, Term
from greenxl.form.layout import Identity, Layout
from greenxl.i18n import CHINESE, ENGLISH, translate
from greenxl.names import clean
from greenxl.returns.intake import Entry, Outcome
from greenxl.scoring.checking import Checked
from greenxl.scoring.score import BLANK, Mark, Score
from greenxl.scoring.sheet_facts import LineCells

T = TypeVar("T")
Json = dict[str, Any]
VERSION = 1
"""Of the texts; another where an older greenxl would read them wrongly."""
_LONGEST, _LONGEST_NAME = 32_767, 1_000
"""Characters of a text, and of a name or path."""
_MOST = 100_000
"""Things in one list."""
_CELL = re.compile(r"[A-Z]{1,3}[1-9][0-9]{0,6}", re.ASCII)
_HASH = re.compile(r"[0-9a-f]{64}", re.ASCII)
_NUMBER = re.compile(r"[0-9]{1,9}(?:\.[0-9]{1,2})?", re.ASCII)


class DamagedError(Exception):
    """The texts are not those that were written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredSheet:
    """A checked sheet with its community by the names that it had."""

    sheet: str
    place: tuple[str, str, str] | None
    """County, town and community; the county "" where its campaign has one alone; None where not plain."""
    scores: tuple[Score, ...]
    columns: Mapping[str, tuple[Score, ...]]
    entries: Mapping[str, tuple[str, ...]]
    cells: LineCells
    saved: datetime | None
    issued_to: str | None
    town: str | None
    copy: Identity | None
    counts: bool
    """Whether it is the one that counts for its community."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredFile:
    entry: Entry
    sheets: tuple[StoredSheet, ...]
    findings: tuple[Finding, ...]


def text_of(value: Json) -> str:
    """Return a text of JSON in which every character can be seen, as a cell keeps it."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return text if text.isprintable() else json.dumps(value, separators=(",", ":"))


def value_of(text: str) -> Json:
    """Return the object that a text is.

    :raises DamagedError: it is none.
    """
    try:
        value = json.loads(text, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise DamagedError from None
    if not isinstance(value, dict):
        raise DamagedError
    return value


def _no_constant(_name: str) -> None:
    raise DamagedError


# one value, strictly


def string(value: object, longest: int = _LONGEST) -> str:
    if not isinstance(value, str) or len(value) > longest:
        raise DamagedError
    return clean(value)


def _number(value: object, most: int = 2**53) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= most:
        raise DamagedError
    return value


def _list(value: object, each: Callable[[Any], T]) -> tuple[T, ...]:
    if not isinstance(value, list) or len(value) > _MOST:
        raise DamagedError
    return tuple([each(one) for one in value])


def mapping(value: object, each: Callable[[Any], T]) -> dict[str, T]:
    if not isinstance(value, dict) or len(value) > _MOST:
        raise DamagedError
    return {string(name, _LONGEST_NAME): each(one) for name, one in value.items()}


def _optional(value: object, one: Callable[[Any], T]) -> T | None:
    return None if value is None else one(value)


def name(value: object) -> str:
    return string(value, _LONGEST_NAME)


def _matching(pattern: re.Pattern[str]) -> Callable[[object], str]:
    def parse(value: object) -> str:
        if not isinstance(value, str) or not pattern.fullmatch(value):
            raise DamagedError
        return value

    return parse


_cell, _hash = _matching(_CELL), _matching(_HASH)


# findings


def finding_record(one: Finding) -> Json:
    """Return a finding without its file, and without what is empty."""
    facts: Json = {
        "code": one.code,
        "sheet": one.sheet,
        "cells": [*one.cells],
        "town": one.town,
        "community": one.community,
        "criteria": [*one.criteria],
        "labels": [*one.labels],
        "found": _worded(one.found),
        "values": {name: _worded(value) for name, value in one.values},
    }
    return {name: value for name, value in facts.items() if value}


def _worded(text: str) -> str | list[str]:
    """Return a text, in a list of its own where it is one of our sentences."""
    return [str(text)] if isinstance(text, Term) else text


def _words(value: object) -> str:
    if not isinstance(value, list):
        return string(value)
    if len(value) != 1 or not isinstance(value[0], str) or translate(value[0], CHINESE) == value[0]:
        raise DamagedError
    return Term(value[0])


def finding_of(record: object, file: str) -> Finding:
    """Return the finding of a record, in a file.

    :raises DamagedError: it is none that greenxl makes of a return.
    """
    facts = mapping(record, lambda value: value)
    entry = CATALOGUE.get(facts.get("code", ""))
    if entry is None or entry.subject is Subject.CAMPAIGN:
        raise DamagedError
    found = Finding(
        code=facts["code"],
        file=file,
        sheet=name(facts.get("sheet", "")),
        cells=_list(facts.get("cells", []), _cell),
        town=name(facts.get("town", "")),
        community=name(facts.get("community", "")),
        criteria=_list(facts.get("criteria", []), _number),
        labels=_list(facts.get("labels", []), name),
        found=_words(facts.get("found", "")),
        values=tuple(mapping(facts.get("values", {}), _words).items()),
    )
    try:
        for language in (CHINESE, ENGLISH):
            found.message(language)
    except (KeyError, ValueError, IndexError, AttributeError, TypeError):
        raise DamagedError from None
    return found


# scores


def _score_record(score: Score) -> str | list[str]:
    """Return an accepted answer as a text, "" for a blank; what is wrong as a list of what it shows."""
    if score.mark is Mark.ACCEPTED:
        return score.value.value if isinstance(score.value, Answer) else str(score.value)
    return "" if score == BLANK else [score.mark.value, score.shown]


def _score_of(record: object, criterion: Criterion) -> Score:
    if isinstance(record, list):
        mark, shown = _list(record, string)
        return Score(Mark.BLANK if mark == Mark.BLANK.value else Mark.WRONG, shown=shown)
    text = string(record, 20)
    return Score(Mark.ACCEPTED, _answer(text, criterion)) if text else BLANK


def _answer(text: str, criterion: Criterion) -> Decimal | Answer:
    """Return an accepted answer; one that the criterion cannot have was never accepted."""
    if text in list(Answer):
        answer = rules.answer_in(text, criterion)
        if answer != text or not isinstance(answer, Answer):
            raise DamagedError
        return answer
    if not _NUMBER.fullmatch(text):
        raise DamagedError
    score = Decimal(text)
    chosen = {choice.score for choice in criterion.choices}
    if criterion.kind is Kind.CONDITION or (
        score not in chosen if chosen else rules.score_fault(score, criterion)
    ):
        raise DamagedError
    return score


def _scores_of(record: object, campaign: Campaign) -> tuple[Score, ...]:
    found = _list(record, lambda one: one)
    if len(found) != len(campaign.criteria):
        raise DamagedError
    return tuple([_score_of(one, c) for one, c in zip(found, campaign.criteria, strict=True)])


# sheets


@dataclass(frozen=True, slots=True)
class Common:
    """What most sheets of a campaign have in common, or share with many."""

    cells: LineCells
    """Of a form as it is issued."""
    counties: Mapping[str, str]
    """By town."""


def common_of(campaign: Campaign) -> Common:
    return Common(_issued_cells(campaign), {town.name: town.county for town in campaign.towns})


def sheet_record(one: Checked, common: Common, *, counts: bool, is_copy: bool) -> Json:
    """Return a sheet, without what is as most are; ``is_copy`` keeps what it says that it is a copy of."""
    sheet, community = one.sheet, one.community
    county = common.counties.get(community.town, "") if community else ""
    facts: Json = {
        "sheet": sheet.sheet,
        "of": [county, community.town, community.name] if community else None,
        "scores": [_score_record(score) for score in one.scores],
        "columns": {name: [*map(_score_record, scores)] for name, scores in one.columns.items()},
        "entries": {name: [*texts] for name, texts in one.entries.items() if any(texts)},
        "cells": None if sheet.cells == common.cells else _cells_record(sheet.cells),
        "saved": sheet.saved.isoformat() if sheet.saved else None,
        "issued": sheet.issued_to if not community or sheet.issued_to != community.town else 1,
        "town": sheet.town if not community or sheet.town != community.town else 1,
        "copy": _identity_record(sheet.copy) if sheet.copy and is_copy else None,
        "counts": 1 if counts else None,
    }
    return {name: value for name, value in facts.items() if value not in (None, {}, "")}


def sheet_of(record: object, campaign: Campaign) -> StoredSheet:
    """Return the sheet of a record.

    :raises DamagedError: it is none of a form like the campaign's.
    """
    facts = mapping(record, lambda value: value)
    place = _optional(facts.get("of"), lambda value: _list(value, name))
    if place is not None and len(place) != 3:  # noqa: PLR2004  (county, town, community)
        raise DamagedError
    entries = mapping(facts.get("entries", {}), lambda value: _list(value, string))
    columns = mapping(facts.get("columns", {}), lambda value: _scores_of(value, campaign))
    nothing = ("",) * len(campaign.criteria)
    if set(entries) - set(campaign.entry_columns) or set(columns) ^ set(campaign.score_columns):
        raise DamagedError
    if any(len(texts) != len(nothing) for texts in entries.values()):
        raise DamagedError
    return StoredSheet(
        sheet=name(facts.get("sheet")),
        place=(place[0], place[1], place[2]) if place else None,
        scores=_scores_of(facts.get("scores"), campaign),
        columns={column: columns[column] for column in campaign.score_columns},
        entries={column: entries.get(column, nothing) for column in campaign.entry_columns},
        cells=_cells_of(facts["cells"]) if "cells" in facts else _issued_cells(campaign),
        saved=_optional(facts.get("saved"), _moment),
        issued_to=_named(facts.get("issued"), place),
        town=_named(facts.get("town"), place),
        copy=_optional(facts.get("copy"), _identity_of),
        counts="counts" in facts,
    )


def _named(value: object, place: Sequence[str] | None) -> str | None:
    """Return a town's name; 1 is that of its community."""
    if value == 1 and place:
        return place[1]
    return _optional(value, name)


def _moment(value: object) -> datetime:
    try:
        return datetime.fromisoformat(string(value, 40))
    except ValueError:
        raise DamagedError from None


def _issued_cells(campaign: Campaign) -> LineCells:
    """Return the cells of a form as it is issued."""
    layout = Layout(campaign)
    numbers = tuple(criterion.number for criterion in campaign.criteria)
    return LineCells(
        numbers,
        tuple(layout.score_cell(number) for number in numbers),
        tuple(tuple(layout.cell(n, c) for c in layout.entry_columns.values()) for n in numbers),
    )


def _cells_record(cells: LineCells) -> Json:
    return {"numbers": cells.numbers, "scores": cells.scores, "entries": cells.entries}


def _cells_of(record: object) -> LineCells:
    facts = mapping(record, lambda value: value)
    found = LineCells(
        _list(facts.get("numbers"), _number),
        _list(facts.get("scores"), _cell),
        _list(facts.get("entries"), lambda one: _list(one, lambda cell: _optional(cell, _cell))),
    )
    if not len(found.numbers) == len(found.scores) == len(found.entries):
        raise DamagedError
    return found


def _identity_record(one: Identity) -> Json:
    return {
        "form": one.form,
        "campaign": one.campaign,
        "standard": one.standard,
        "year": one.year,
        "town": one.town,
        "supersedes": [*one.supersedes],
        "copy": one.copy_id,
    }


def _identity_of(record: object) -> Identity:
    facts = mapping(record, lambda value: value)
    return Identity(
        form=name(facts.get("form")),
        campaign=name(facts.get("campaign")),
        standard=name(facts.get("standard")),
        year=name(facts.get("year")),
        town=name(facts.get("town")),
        supersedes=_list(facts.get("supersedes"), name),
        copy_id=name(facts.get("copy")),
    )


# files


def file_record(entry: Entry, sheets: Sequence[Json], findings: Sequence[Finding]) -> Json:
    """Return a file with its sheets' records and its findings; its reason is one of these, or its own."""
    facts: Json = {
        "file": entry.file,
        "sha256": entry.sha256,
        "bytes": entry.bytes,
        "outcome": None if entry.outcome is Outcome.READ else entry.outcome.value,
        "reason": finding_record(entry.reason) if entry.reason else None,
        "sheets": [*sheets],
        "findings": [finding_record(one) for one in findings],
    }
    return {name: value for name, value in facts.items() if value not in (None, [])}


def file_of(record: Json, prefix: str, campaign: Campaign) -> StoredFile:
    """Return the file of a record; ``prefix`` is what stands before its name from now on.

    :raises DamagedError: it is none.
    """
    file = f"{prefix}{name(record.get('file'))}"
    sheets = _list(record.get("sheets", []), lambda one: sheet_of(one, campaign))
    try:
        outcome = Outcome(record.get("outcome", Outcome.READ.value))
    except ValueError:
        raise DamagedError from None
    entry = Entry(
        file,
        _optional(record.get("sha256"), _hash),
        _optional(record.get("bytes"), _number),
        outcome,
        len(sheets),
        _optional(record.get("reason"), lambda one: finding_of(one, file)),
    )
    findings = _list(record.get("findings", []), lambda one: finding_of(one, file))
    return StoredFile(entry=entry, sheets=sheets, findings=findings)
