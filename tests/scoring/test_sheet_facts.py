"""What is kept of a score sheet: enough for choosing and for copies, and little."""

import pickle
from dataclasses import replace

import pytest

from greenxl.campaign.model import Campaign
from greenxl.form.layout import Identity
from greenxl.returns.model import ScoreSheet
from greenxl.scoring.sheet_facts import SheetFacts, facts_of
from tests.tools.cells import cell
from tests.tools.score_sheets import score_sheet


@pytest.fixture
def sheet(huantai: Campaign) -> ScoreSheet:
    return score_sheet(huantai.communities_of("索镇")[0], huantai)


def test_where_a_sheet_is_from(sheet: ScoreSheet) -> None:
    """Its file, and the town by its workbook and by what is written on it."""
    facts = facts_of(sheet)
    assert (facts.file, facts.sheet, facts.sha256) == (sheet.file, sheet.sheet, sheet.sha256)
    assert (facts.issued_to, facts.town, facts.copy) == ("索镇", "索镇", None)
    typed = facts_of(replace(sheet, identity=None, town=cell("E2", 5.0)))
    assert (typed.issued_to, typed.town) == (None, None)


@pytest.mark.parametrize("says", [{"copy_id": "1f"}, {"supersedes": ("aa",)}], ids=["a number", "files"])
def test_the_identity_of_a_copy_is_kept(sheet: ScoreSheet, says: dict[str, str]) -> None:
    """By its number or by the files that it replaces; of other workbooks nobody asks for it."""
    assert isinstance(sheet.identity, Identity)
    identity = replace(sheet.identity, **says)  # type: ignore[arg-type]
    assert facts_of(replace(sheet, identity=identity)).copy == identity


def test_the_cells_of_criteria(sheet: ScoreSheet) -> None:
    """Downwards; of a criterion that is there twice the first."""
    first, second, *_others = sheet.lines
    cells = facts_of(replace(sheet, lines=(first, second, replace(second, number=1)))).cells
    assert cells.scores_of({1}) == ["E4", "E5"]
    assert cells.scores_of({2, 3}) == ["E5"]
    assert (cells.first_score_of(1), cells.first_score_of(20)) == ("E4", "")


def test_who_filled_it_in(sheet: ScoreSheet) -> None:
    """A line for each of the form's labels, in their order; nothing where nobody said anything."""
    fields = {"审核人": cell("E27", "王五"), "填报人": cell("B27", "张三")}
    assert facts_of(replace(sheet, fields=fields)).fields == "张三\n王五\n\n\n"
    assert facts_of(sheet).fields == ""


def test_remarks_are_kept_as_they_are_quoted(sheet: ScoreSheet) -> None:
    """With their cells, twenty of a sheet at most."""
    assert facts_of(replace(sheet, remarks=(cell("F5", "见附件"),))).remarks == ("F5 见附件",)
    many = facts_of(replace(sheet, remarks=(cell("F5", "见附件"),) * 21)).remarks
    assert (len(many), many[-1]) == (21, "…")


def test_equal_cells_are_one_object_wherever_they_come_from(sheet: ScoreSheet) -> None:
    """So that ten thousand forms as they were issued hold their addresses once."""
    facts = facts_of(sheet)
    again = pickle.loads(pickle.dumps(facts))
    assert isinstance(again, SheetFacts)
    assert again == facts
    assert again.cells is facts.cells
