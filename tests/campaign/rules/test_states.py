"""A form says of itself, recalculated by LibreOffice, what the functions say of the same answers."""

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from xlsxwriter.utility import xl_range_abs, xl_rowcol_to_cell

from greenxl.campaign import rules
from greenxl.campaign.model import Answer, Campaign
from greenxl.campaign.rules import ScoreCells
from tests.tools.office import Office
from tests.tools.programmes import Typed, answers, programmes, scores_of

CENT = Decimal("0.01")
Rule = Callable[[ScoreCells, Campaign], str]
ON_A_FORM: dict[str, Rule] = {
    "total": rules.running_total_formula,
    "veto": lambda cells, c: rules.veto_formula(cells, c) if c.has_vetoes else '""',
    "grade": rules.grade_formula,
    "state": rules.state_formula,
}
"""In the order in which one needs the cell of the one before."""


def sheet_of(campaign: Campaign, rows: list[list[Typed]], formulas: dict[str, Rule], path: Path) -> None:
    """Write points, answers in rows, and behind each row the formulas about it; the first three are total,
    veto and grade."""
    book = openpyxl.Workbook()
    sheet: Any = book.active
    count = len(campaign.criteria)
    for column, criterion in enumerate(campaign.criteria, 1):
        sheet.cell(1, column, float(criterion.points))
    for row, typed in enumerate(rows, 1):
        for column, value in enumerate(typed, 1):
            sheet.cell(row + 1, column, value)
        for column, formula in enumerate(formulas.values(), count + 1):
            sheet.cell(row + 1, column, f"={formula(cells_of(campaign, row), campaign)}")
    book.save(path)


def cells_of(campaign: Campaign, row: int, *, worded: bool = True) -> ScoreCells:
    count = len(campaign.criteria)
    return ScoreCells(
        span=lambda first, last: xl_range_abs(row, first - 1, row, last - 1),
        points=lambda first, last: xl_range_abs(0, first - 1, 0, last - 1),
        total=xl_rowcol_to_cell(row, count),
        veto=xl_rowcol_to_cell(row, count + 1) if campaign.has_vetoes else "",
        worded=worded,
    )


def computed(office: Office, path: Path, campaign: Campaign, rows: int, formulas: int) -> list[list[Any]]:
    """Return what LibreOffice computes for each row."""
    found, count = office.formulas(path)["Sheet"], len(campaign.criteria)
    return [
        [found[xl_rowcol_to_cell(row, count + place)][2] for place in range(formulas)]
        for row in range(1, rows + 1)
    ]


def expected(campaign: Campaign, typed: list[Typed]) -> list[Any]:
    """Return total, veto, grade and state as the functions have them."""
    scores = scores_of(campaign, typed)
    if any(isinstance(one, str) and not isinstance(one, Answer) for one in scores):
        return [None, None, None, rules.WRONG]
    state = rules.state(scores, campaign)
    return [_number(state.total), state.veto, state.grade, state.words]


def _number(value: Decimal | None) -> float | str:
    return "" if value is None else float(value)


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_a_form_of_any_programme_says_what_the_functions_say(
    office: Office, huantai: Campaign, tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    """Total, what fails it, grade and state, for whatever is typed; of wrong answers, that they are wrong."""
    campaign = data.draw(programmes(huantai))
    rows = data.draw(st.lists(answers(campaign, wrong=True), min_size=20, max_size=20))
    path = tmp_path_factory.mktemp("form") / "form.xlsx"
    sheet_of(campaign, rows, ON_A_FORM, path)
    for typed, found in zip(rows, computed(office, path, campaign, len(rows), 4), strict=True):
        wanted = expected(campaign, typed)
        shown = [value if about is not None else None for value, about in zip(found, wanted, strict=True)]
        assert shown == wanted, (typed, campaign.groups, found)


@given(data=st.data())
def test_an_untouched_form_has_no_state(huantai: Campaign, data: st.DataObject) -> None:
    """No total either, so that nothing foolish is printed on a blank."""
    campaign = data.draw(programmes(huantai))
    empty: list[None] = [None] * len(campaign.criteria)
    assert rules.state(empty, campaign) == rules.State(filled=0, total=None, words="")


def test_a_form_is_complete_once_all_is_answered(huantai: Campaign) -> None:
    """With possible scores; what is missing is counted."""
    assert rules.state([Decimal(4)] * 20, huantai).complete
    assert not rules.state([Decimal(6)] * 20, huantai).complete
    holed = [Decimal(4), None, *[Decimal(4)] * 18]
    assert rules.state(holed, huantai).words == "未填完（已填19条，共20条）"


def test_a_form_of_which_only_another_column_is_filled_is_to_be_decided(
    office: Office, huantai: Campaign, tmp_path: Path
) -> None:
    """待核定 while the counting column is blank; nothing while all of them are."""
    book = openpyxl.Workbook()
    sheet: Any = book.active
    cells = cells_of(huantai, 1)
    sheet["A5"] = 4
    sheet["B9"] = f"={rules.state_formula(cells, huantai, ['A5:A6'])}"
    sheet["B10"] = f"={rules.state_formula(cells, huantai, ['A6:A7'])}"
    path = tmp_path / "form.xlsx"
    book.save(path)
    found = office.formulas(path)["Sheet"]
    assert (found["B9"][2], found["B10"][2]) == (rules.TO_BE_DECIDED, "")
