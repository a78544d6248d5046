"""Other score columns and texts are read beside the scores; what is wrong there decides nothing."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from greenxl.campaign.model import Answer, Campaign
from greenxl.findings import grouped
from greenxl.i18n import CHINESE
from greenxl.returns.model import ScoreSheet
from greenxl.scoring.beside import about_columns, about_reasons, columns_of, entries_of
from greenxl.scoring.checking import check
from greenxl.scoring.score import BLANK, Mark, Score
from greenxl.workbooks.cells import Cell, Struck
from tests.tools.cells import cell
from tests.tools.river import GOOD, with_columns
from tests.tools.score_sheets import Scored, score_sheet

SELF = (9.0, "否", 15.0, "不适用", None, -1.0, "符合")


def sheet_with(
    campaign: Campaign,
    scores: Sequence[Scored] = GOOD,
    own: Sequence[Scored] | None = SELF,
    reasons: Sequence[Scored] = ("",) * 7,
) -> ScoreSheet:
    """Return a sheet with its scores, a self-assessment in G4 … (None: no such column), reasons in I4 …"""
    sheet = score_sheet(campaign.communities[0], campaign, scores)
    lines = []
    for row, line in enumerate(sheet.lines, 4):
        beside = None if own is None else _cell(f"G{row}", own[row - 4])
        texts = (_cell(f"I{row}", reasons[row - 4]), cell(f"J{row}"))
        lines.append(replace(line, columns=(beside, None, line.score), entries=texts))
    return replace(sheet, lines=tuple(lines))


def _cell(address: str, value: Scored) -> Cell:
    return value._replace(address=address) if isinstance(value, Cell) else cell(address, value)


def accepted(score: str) -> Score:
    return Score(Mark.ACCEPTED, Decimal(score))


def test_every_score_column_is_judged_as_the_one_that_counts(huantai: Campaign) -> None:
    """In the campaign's order; a column that is not on the sheet is blank."""
    campaign = with_columns(huantai)
    counting = tuple(accepted("1") for _ in GOOD)
    columns = columns_of(sheet_with(campaign), campaign, counting)
    assert [*columns] == ["自评分", "镇复核分", "县核定分"]
    assert columns["自评分"] == (
        accepted("9"),
        accepted("0"),
        accepted("15"),
        Score(Mark.ACCEPTED, Answer.NOT_APPLICABLE),
        BLANK,
        Score(Mark.WRONG, shown="-1"),
        Score(Mark.ACCEPTED, Answer.FULFILLED),
    )
    assert columns["镇复核分"] == (BLANK,) * 7
    assert columns["县核定分"] is counting


def test_what_is_wrong_in_them_is_a_warning_of_the_county(huantai: Campaign) -> None:
    """A missing column, a negative deduction; never a blank. The unit passes all the same."""
    campaign = with_columns(huantai)
    checked = check(sheet_with(campaign), campaign)
    assert [(one.code, one.cell, one.found, one.severity) for one in checked.findings] == [
        ("column-score", "G9", "-1", "warning"),
        ("score-column-missing", "", "镇复核分", "warning"),
    ]
    assert checked.findings[0].message("en") == (
        "In the column “自评分”, which does not count, criterion K1 has “-1”, which is no possible score; "
        "it was left out of the comparison. Check it if it matters."
    )
    assert (checked.total, checked.verdict.passed) == (Decimal("90.5"), True)


def test_where_it_is_not_plain_which_counts_no_column_is_read(huantai: Campaign) -> None:
    """The scores may be in any of them."""
    campaign = with_columns(huantai)
    sheet = replace(sheet_with(campaign), rivals=(cell("G3", "自评分"), cell("H3", "分")))
    checked = check(sheet, campaign)
    assert {*checked.columns["自评分"], *checked.columns["镇复核分"]} == {BLANK}
    assert [one.code for one in checked.findings] == ["score-column-unclear"]


def test_a_campaign_of_one_column_has_none_beside(huantai: Campaign) -> None:
    """Neither columns nor entries, nor anything to say of them."""
    sheet = score_sheet(huantai.communities[0], huantai)
    assert (columns_of(sheet, huantai, ()), entries_of(sheet, huantai)) == ({}, {})
    assert [*about_columns(sheet, huantai, {})] == []


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("缺1份\n已补", "缺1份\n已补"),
        ("  缺1份 ", "缺1份"),
        (3.0, "3"),
        (None, ""),
        (cell(value="缺1份", formula='="缺"&1&"份"'), "缺1份"),
        (cell(formula="=1+1"), ""),
        (cell(error="#REF!"), ""),
        (cell(value="作废", struck=Struck.WHOLE), ""),
        (cell(value="缺1份2份", struck=Struck.PART, shown="缺2份"), "缺2份"),
        ("=HYPERLINK(1)\x1b[31m", "=HYPERLINK(1)\ufffd[31m"),
        ("长" * 10_000, "长" * 10_000),
        ("长" * 40_000, "长" * 32_766 + "…"),
    ],
    ids=["lines", "spaces", "number", "nothing", "formula", "no value", "error", "struck", "struck in part",
         "control characters", "long", "longer than a cell"],
)  # fmt: skip
def test_texts_are_read_as_they_show(huantai: Campaign, value: Any, text: str) -> None:
    """Cleaned, and no longer than a cell of Excel can be."""
    campaign = with_columns(huantai)
    entries = entries_of(sheet_with(campaign, reasons=(value, *[""] * 6)), campaign)
    assert entries == {"扣分原因": (text, *[""] * 6), "佐证材料": ("",) * 7}


def test_a_formula_that_was_not_calculated_is_no_reason(huantai: Campaign) -> None:
    """Its stored value is not what an office shows."""
    campaign = with_columns(huantai)
    formula = cell(value="0", formula="=A1")
    sheet = replace(sheet_with(campaign, reasons=(formula,) * 7), calculated=False)
    assert entries_of(sheet, campaign)["扣分原因"] == ("",) * 7


LOW = (9.5, "否", 20.0, "不适用", 0.0, 1.0, "不符合")


@pytest.mark.parametrize(
    ("reasons", "told"),
    [
        (("",) * 7, [("1.1", "I4"), ("1.2", "I5"), ("K1", "I9"), ("T1", "I10")]),
        (("因", "因", "", "", "", "因", "因"), []),
        ((" ", "因", "因", "因", "因", "因", "因"), [("1.1", "I4")]),
    ],
    ids=["none", "all", "white space"],
)
def test_lost_points_need_a_reason_where_the_campaign_says_so(
    huantai: Campaign, reasons: tuple[str, ...], told: list[tuple[str, str]]
) -> None:
    """Less than the points, a deduction, a condition not fulfilled; neither a missing bonus nor 不适用."""
    campaign = with_columns(huantai, reason_required=True)
    found = check(sheet_with(campaign, LOW, None, reasons), campaign).findings
    missing = [one for one in found if one.code == "reason-missing"]
    assert [(one.labels[0], one.cell) for one in missing] == told
    assert {one.severity for one in missing} <= {"warning"}


def test_a_deduction_and_a_condition_lose_no_points(huantai: Campaign) -> None:
    """They need a reason all the same, and the message says nothing that is not so."""
    campaign = with_columns(huantai, reason_required=True)
    found = check(sheet_with(campaign, (*GOOD[:4], 0.0, 3.0, "不符合"), None), campaign).findings
    message = next(one for one in grouped(found) if one.code == "reason-missing").message(CHINESE)
    assert message == (
        "第1.1、2.2、K1、T1条没有得满分、有扣分或不符合，但“扣分原因”一栏空着。请逐条写明原因。"
    )


def test_reasons_are_asked_for_only_where_the_campaign_says_so(huantai: Campaign) -> None:
    """Without the setting, or without a column for them."""
    sheet = sheet_with(with_columns(huantai), LOW)
    for campaign in (with_columns(huantai), with_columns(huantai, reason_required=True, entry_columns=())):
        scores = check(sheet, campaign).scores
        assert [*about_reasons(sheet, campaign, scores, entries_of(sheet, campaign))] == []


def test_a_missing_reason_is_told_at_the_score_where_its_column_was_deleted(huantai: Campaign) -> None:
    """There is no other cell to show it at."""
    campaign = with_columns(huantai, reason_required=True)
    sheet = sheet_with(campaign, LOW)
    sheet = replace(sheet, lines=tuple(replace(line, entries=(None, None)) for line in sheet.lines))
    first = next(one for one in check(sheet, campaign).findings if one.code == "reason-missing")
    assert first.cell == sheet.lines[0].score.address


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({}, ["佐证材料"]),
        ({"identity": None}, []),
        ({"identity": None, "remarks": (cell("J4", "3张照片"),)}, ["佐证材料"]),
    ],
    ids=["issued", "typed without texts", "typed with texts"],
)
def test_a_missing_column_of_texts_is_told_where_texts_may_be_lost(
    huantai: Campaign, changes: dict[str, Any], told: list[str]
) -> None:
    """An issued form had it; on another the texts may stand under another heading."""
    campaign = with_columns(huantai)
    sheet = sheet_with(campaign)
    lines = tuple(replace(line, entries=(line.entries[0], None)) for line in sheet.lines)
    found = check(replace(sheet, lines=lines, **changes), campaign).findings
    assert [one.found for one in found if one.code == "entry-column-missing"] == told
