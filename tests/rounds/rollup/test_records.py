"""Records of files, sheets and findings: exact there and back, and nothing taken that was not written so."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from greenxl.campaign.model import Answer, Campaign
from greenxl.findings import Term, finding
from greenxl.returns.intake import Entry, Outcome
from greenxl.rounds.rollup.records import (
    DamagedError,
    common_of,
    file_of,
    file_record,
    finding_of,
    finding_record,
    sheet_of,
    sheet_record,
    text_of,
    value_of,
)
from greenxl.scoring.checking import check
from tests.tools import rounds
from tests.tools.programmes import FULL, mixed


def test_a_finding_comes_back_as_it_was() -> None:
    """With every typed field; a sentence of ours is still translated."""
    one = replace(
        finding("score-text", "a.xlsx", "表", "E4", "五", criterion=3, label="1.1", points="5"),
        town="索镇",
        community="永安社区",
    )
    ours = finding("file-damaged", "a.xlsx", found=Term("it ends too early"), kind="x")
    for found in (one, finding("file-links", "a.xlsx")):
        assert finding_of(value_of(text_of(finding_record(found))), "a.xlsx") == found
    record = finding_record(ours)
    assert record["found"] == ["it ends too early"]


@pytest.mark.parametrize(
    "record",
    [
        {},
        {"code": "town-twice", "values": {"name": "a", "other": "1"}},
        {"code": "no-such"},
        {"code": "score-text", "cells": ["=1+1"]},
        {"code": "score-text", "found": 5},
        {"code": "score-text", "found": ["{unit.__class__}"]},
        {"code": "score-text", "criteria": [True]},
        {"code": "other-campaign"},
        {"code": "score-text", "found": "x" * 40_000},
    ],
    ids=["empty", "campaign's", "unknown", "cell", "number", "template", "truth", "no values", "long"],
)
def test_what_is_no_finding_is_refused(record: dict[str, Any]) -> None:
    """By its type, its length, its code or what its message needs."""
    with pytest.raises(DamagedError):
        finding_of(record, "a.xlsx")


def test_what_nobody_sees_in_a_text_is_cleaned() -> None:
    """Escapes and bidi marks never reach a console or a workbook."""
    found = finding_of({"code": "score-text", "found": "\x1b[31m", "values": {"points": "5"}}, "a.xlsx")
    assert found.found == "\ufffd[31m"


@pytest.mark.parametrize("text", ["", "[]", "5", "{", '{"a":NaN}', "[" * 100_000], ids=str)
def test_what_is_no_object_is_refused(text: str) -> None:
    """However deep or strange."""
    with pytest.raises(DamagedError):
        value_of(text)


def test_what_cannot_be_seen_is_written_by_its_number() -> None:
    """A cell keeps only what can be seen."""
    text = text_of({"a": "x\x07\u202e索镇"})
    assert text.isprintable()
    assert value_of(text) == {"a": "x\x07\u202e索镇"}


def sheets(campaign: Campaign) -> list[Any]:
    """Return checked sheets of a campaign of every kind of criterion: full, wrong, blank, elsewhere."""
    one, two, three, *_rest = campaign.communities
    typed: list[list[Any]] = [FULL, ["五", "否", "不适用", None, 3, 2, "不符合"], [None] * 7]
    beside: dict[str, list[Any]] = {
        "自评分": [*FULL],
        "县核定分": [*FULL],
        "扣分原因": ["见台账", *[None] * 6],
    }
    made = [
        rounds.sheet_of(campaign, community, values, {**beside, "县核定分": values})
        for community, values in zip((one, two, three), typed, strict=True)
    ]
    moved = replace(made[0].lines[0], score=made[0].lines[0].score._replace(address="Z9"))
    made.append(replace(made[0], lines=(moved, *made[0].lines[1:])))
    return [check(sheet, campaign) for sheet in made]


def test_a_sheet_comes_back_as_it_was(huantai: Campaign) -> None:
    """Its scores, right and wrong, in every column, its texts, where they were typed."""
    campaign = mixed(huantai)
    for one in sheets(campaign):
        record = value_of(text_of(sheet_record(one, common_of(campaign), counts=True, is_copy=True)))
        back = sheet_of(record, campaign)
        assert (back.sheet, back.scores, back.columns) == (one.sheet.sheet, one.scores, one.columns)
        assert (back.entries, back.cells, back.counts) == (one.entries, one.sheet.cells, True)
        assert back.place == ("", one.community.town, one.community.name)
        assert (back.town, back.issued_to, back.saved) == (one.sheet.town, one.sheet.issued_to, None)


@pytest.mark.parametrize(
    "changed",
    [
        {"scores": ["5"]},
        {"scores": ["21", "40", "10", "30", "0", "0", "符合"]},
        {"scores": ["20", "39", "10", "30", "0", "0", "符合"]},
        {"scores": ["20", "40", "10", "30", "0", "0", "不适用"]},
        {"scores": ["20", "40", "10", "30", "0", "0", "5"]},
        {"scores": ["1e1", "40", "10", "30", "0", "0", "符合"]},
        {"scores": [20, "40", "10", "30", "0", "0", "符合"]},
        {"columns": {}},
        {"entries": {"扣分原因": ["x"]}},
        {"entries": {"别的": [""] * 7}},
        {"of": ["索镇"]},
        {"saved": "yesterday"},
        {"cells": {"numbers": [1], "scores": [], "entries": []}},
        {"sheet": None},
    ],
    ids=str,
)
def test_what_no_form_can_hold_is_refused(huantai: Campaign, changed: dict[str, Any]) -> None:
    """A score that the criterion cannot have was never accepted."""
    campaign = mixed(huantai)
    record = sheet_record(sheets(campaign)[0], common_of(campaign), counts=True, is_copy=True)
    assert sheet_of(value_of(text_of(record)), campaign)
    with pytest.raises(DamagedError):
        sheet_of(value_of(text_of({**record, **changed})), campaign)


def test_answers_are_exact(huantai: Campaign) -> None:
    """To the digit, and words as words."""
    campaign = mixed(huantai)
    record = sheet_record(sheets(campaign)[0], common_of(campaign), counts=False, is_copy=False)
    back = sheet_of(
        {**record, "scores": ["19.99", "40", "不适用", "30", "", ["wrong", "五"], "符合"]}, campaign
    )
    assert back.scores[0].value == Decimal("19.99")
    assert back.scores[2].value is Answer.NOT_APPLICABLE
    assert [one.shown for one in back.scores[4:6]] == ["", "五"]


def test_a_file_comes_back_behind_the_workbook_s_name(huantai: Campaign) -> None:
    """Its line of the ledger, its findings; a hash must be one."""
    found = finding("file-links", "a.xlsx")
    entry = Entry("a.xlsx", "0" * 64, 5, Outcome.REJECTED, reason=found)
    record = value_of(text_of(file_record(entry, (), [found])))
    back = file_of(record, "县.xlsx/", huantai)
    moved = replace(found, file="县.xlsx/a.xlsx")
    assert back.entry == replace(entry, file="县.xlsx/a.xlsx", reason=moved)
    assert back.findings == (moved,)
    others: list[tuple[str, Any]] = [
        ("sha256", "../../x"),
        ("bytes", -1),
        ("outcome", "won"),
        ("file", 5),
        ("sheets", {}),
    ]
    for name, value in others:
        with pytest.raises(DamagedError):
            file_of({**record, name: value}, "", huantai)
