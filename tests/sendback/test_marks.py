"""What a copy asks, at its own cells, and how it marks them."""

from dataclasses import replace

import pytest

from greenxl.campaign.model import Campaign
from greenxl.catalogue import CATALOGUE
from greenxl.findings import Finding, finding
from greenxl.form.score_sheet import CellMark
from greenxl.form.style import CHECK, MISSING, WRONG
from greenxl.i18n import CHINESE
from greenxl.returns.model import ScoreSheet
from greenxl.sendback.marks import as_asked, marks_of
from greenxl.sendback.problems import problems_by_town
from greenxl.workbooks.cells import Format
from tests.tools.cells import cell
from tests.tools.score_sheets import Scored, round_of_sheets, score_sheet

TOWN = "果里镇"
NAME = "鸿嘉社区"


def issued(campaign: Campaign, *scores: Scored) -> ScoreSheet:
    [community] = campaign.communities_of(TOWN)
    return score_sheet(community, campaign, scores)


def asked(campaign: Campaign, sheet: ScoreSheet, *found: Finding) -> list[Finding]:
    [problems] = problems_by_town(round_of_sheets(campaign, sheet, found=found))
    return as_asked(problems)


@pytest.mark.parametrize(
    ("found", "cells"),
    [
        pytest.param(
            finding("criterion-changed", "a.xlsx", NAME, "C9", "改了", wanted="原文", criterion=2),
            ("E5",),
            id="criterion",
        ),
        pytest.param(finding("total-differs", "a.xlsx", NAME, "G30", "95", value="80"), ("E24",), id="total"),
        pytest.param(
            finding("scores-hidden", "a.xlsx", NAME, cells=["E4", "E8"], found="E4、E8"),
            ("E4", "E8"),
            id="scores",
        ),
        pytest.param(finding("sheet-hidden", "a.xlsx", NAME), (), id="sheet"),
        pytest.param(finding("stray-value", "a.xlsx", NAME, "AZ99", "备忘"), (), id="beside the form"),
    ],
)
def test_a_finding_belongs_to_cells_of_the_copy(
    huantai: Campaign, found: Finding, cells: tuple[str, ...]
) -> None:
    """Wherever the town's own table stood."""
    [one] = asked(huantai, issued(huantai), found.at(town=TOWN, community=NAME))
    assert one.cells == cells


def test_a_score_is_asked_for_where_the_form_has_it(huantai: Campaign) -> None:
    """Not where it stood on the return, which may be a table of another layout."""
    first, *others = issued(huantai).lines
    sheet = replace(issued(huantai), lines=(replace(first, score=cell("H11", "五")), *others))
    assert [one.cells for one in asked(huantai, replace(sheet, identity=None))] == [("E4",)]


@pytest.mark.parametrize(
    ("score", "message"),
    [
        pytest.param(
            cell(merged_into="E3"),
            "报送的表中第1条的得分单元格与 E3 合并，看不出得分。请在此填写，0 到 5 之间的数字。",
            id="merged",
        ),
        pytest.param(
            cell(value=4.0, format=Format.OTHER, shown="1"),
            "报送的表中第1条的得分显示为“1”（百分数、日期或其他格式）。请在此填写，0 到 5 之间的数字。",
            id="a format",
        ),
        pytest.param(
            cell(value=4.5, format=Format.ROUNDED, shown="5"),
            "报送的表中第1条的得分是“5”，按 4.5 读取。请核对。",
            id="rounded",
        ),
        pytest.param(
            cell(value=4.5, formula="=3+1.5"),
            "报送的表中第1条的得分是“=3+1.5”，按 4.5 读取。请核对。",
            id="formula",
        ),
        pytest.param("五", "第1条的得分是“五”，不是数字。请填 0 到 5 之间的数字。", id="text"),
    ],
)
def test_a_new_form_needs_other_words(huantai: Campaign, score: Scored, message: str) -> None:
    """What was wrong with the town's own cell is told, but nothing is asked that has no place in the copy."""
    [one] = asked(huantai, issued(huantai, score))
    assert one.message(CHINESE) == message


def test_a_criterion_that_was_missing_is_asked_for(huantai: Campaign) -> None:
    """The copy has its row again; the points are the campaign's."""
    sheet = issued(huantai)
    [one] = asked(huantai, replace(sheet, lines=sheet.lines[:4] + sheet.lines[5:]))
    assert (one.code, one.cells, dict(one.values)["points"]) == ("score-row-missing", ("E8",), "5")


def test_a_sheet_that_is_not_in_the_copy_has_no_cells(huantai: Campaign) -> None:
    """Its scores are to be typed on the sheet of its community, wherever that is."""
    sheet = replace(issued(huantai), sheet="Sheet1", community=cell("B2", "甲乙社区"))
    [one] = asked(huantai, sheet)
    assert (one.code, one.cells, one.found) == ("sheet-left-out", (), "甲乙社区")


def test_every_question_is_in_the_catalogue() -> None:
    """What is said instead exists and is itself said as it is."""
    instead = {entry.asked_as for entry in CATALOGUE.values() if entry.asked_as}
    assert instead <= CATALOGUE.keys()
    assert {CATALOGUE[code].asked_as for code in instead} == {""}


BLANK = finding("score-blank", "a.xlsx", NAME, criterion=1, points=5)
TEXT = finding("score-text", "a.xlsx", NAME, found="五", criterion=1, points=5)
CHANGED = finding("points-changed", "a.xlsx", NAME, found="10", criterion=1, wanted="5")


@pytest.mark.parametrize(
    ("findings", "colour", "until_scored"),
    [
        pytest.param([BLANK], MISSING, True, id="blank"),
        pytest.param([TEXT], WRONG, True, id="wrong"),
        pytest.param([CHANGED], CHECK, False, id="to be checked"),
        pytest.param([CHANGED, BLANK], MISSING, True, id="to be checked and scored"),
    ],
)
def test_a_cell_is_marked_once(
    huantai: Campaign, findings: list[Finding], colour: str, until_scored: bool
) -> None:
    """Whatever is asked there: the colour of the worst, every message in one comment."""
    [community] = huantai.communities_of(TOWN)
    placed = [replace(one, cells=("E4",), community=NAME) for one in findings]
    word = "请填写" if until_scored else "请核对"
    comment = f"{word}：" + "\n".join(one.message(CHINESE) for one in findings)
    assert marks_of(placed, [community], huantai) == {
        community: {"E4": CellMark(colour=colour, comment=comment, until_scored=until_scored)}
    }
