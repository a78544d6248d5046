"""The layout that writer and reader share: addresses, sheet names, the identity of a workbook."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from xlsxwriter.utility import xl_cell_to_rowcol

from greenxl.campaign.model import Answer, Campaign, Community, Grade, Kind
from greenxl.form.layout import (
    Identity,
    Layout,
    Part,
    absolute,
    community_sheet_names,
    identity_of,
    parse_identity,
    reference,
)
from greenxl.returns.reader import read_bytes
from greenxl.scoring.checking import check
from greenxl.workbooks.cells import address
from tests.tools.blanks import blank_of
from tests.tools.forms import three_levels, with_methods, yes_or_no

TEXT = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), max_size=12)


@given(st.integers(0, 1_048_575), st.integers(0, 16_383))
def test_an_address_is_that_of_a_spreadsheet(row: int, column: int) -> None:
    """Counted from 0, to the last cell of a sheet."""
    assert xl_cell_to_rowcol(address(row, column)) == (row, column)


def test_a_layout_names_its_cells(huantai: Campaign) -> None:
    """Rows follow from the number of criteria."""
    layout = Layout(huantai)
    assert (layout.cells_of(layout.score), layout.score_cell(20)) == ("E4:E23", "E23")
    assert (layout.total_cell, layout.state_cell, layout.field_rows) == ("E24", "B26", (26, 27, 28))


def test_columns_follow_from_the_campaign(huantai: Campaign) -> None:
    """Only those that something stands in; texts to fill in to the right of all scores."""
    plain = [Part.GROUP, Part.NUMBER, Part.TEXT, Part.POINTS, Part.SCORE]
    assert [part for part, _heading in Layout(huantai).columns] == plain
    assert [heading for _part, heading in Layout(with_methods(huantai)).columns] == [
        *(
            "内容",
            "分项",
            "创建标准",
            "创建标准",
            "评分方法",
            "佐证要求",
            "标准分\n（100分）",
            "得分\n（分）",
        ),
        *("扣分原因", "佐证材料"),
    ]
    levels = Layout(three_levels(huantai))
    assert levels.score_columns == {"自评分": 4, "镇复核分": 5, "县核定分": 6}
    assert (levels.score, levels.other_scores, levels.entry_columns) == (
        6,
        {"自评分": 4, "镇复核分": 5},
        {"扣分原因": 7},
    )


def test_the_counting_column_is_found_however_it_is_spaced(huantai: Campaign) -> None:
    """The setting names a column as its reader would."""
    campaign = replace(three_levels(huantai), counting_column="镇 复核分")
    assert Layout(campaign).score_cell(1) == "F4"


def test_rows_are_added_only_where_a_campaign_needs_them(huantai: Campaign) -> None:
    """What fails a unit, and its grade, stand under the state; the fields follow."""
    grades = (Grade("优秀", Decimal(95)),)
    groups = (replace(huantai.groups[0], minimum=Decimal(5)), *huantai.groups[1:])
    plain, graded = Layout(huantai), Layout(replace(huantai, grades=grades))
    both = Layout(replace(huantai, grades=grades, groups=groups))
    assert (plain.veto_row, plain.grade_row, plain.field_rows[0], plain.veto_cell) == (None, None, 26, "")
    assert (graded.veto_row, graded.grade_row, graded.field_rows[0]) == (None, 26, 27)
    assert (both.veto_row, both.grade_row, both.field_rows[0], both.veto_cell) == (26, 27, 28, "B27")


def test_only_the_scores_that_count_are_vetoed(huantai: Campaign) -> None:
    """The rules are given the cells of each column of scores, with the points of all."""
    groups = (replace(huantai.groups[0], minimum=Decimal(5)), *huantai.groups[1:])
    layout = Layout(replace(three_levels(huantai), groups=groups))
    counting, other = layout.cells, layout.cells_in(4)
    assert (counting.veto, counting.total, counting.span(1, 3)) == ("B27", "G24", "G4:G6")
    assert (other.veto, other.total, other.span(2, 2), other.points(1, 2)) == ("", "E24", "E5", "D4:D5")


def test_cells_of_another_sheet_are_quoted() -> None:
    """An apostrophe inside the sheet's name is doubled."""
    assert reference("O'Neil 社区", absolute("E4:E23")) == "'O''Neil 社区'!$E$4:$E$23"


@given(
    st.builds(
        Identity,
        form=TEXT,
        campaign=TEXT,
        standard=TEXT,
        year=TEXT,
        town=TEXT,
        sheets=st.dictionaries(TEXT, st.integers(0, 999_999_999)),
        supersedes=st.lists(TEXT).map(tuple),
    )
)
def test_an_identity_is_read_as_it_was_written(identity: Identity) -> None:
    """Every field comes back from the rows of the hidden sheet."""
    assert parse_identity(identity.rows()) == identity


@pytest.mark.parametrize(
    "rows",
    [
        [],
        [["greenxl", "1"]],
        [["greenxl", "1"], ["campaign"], ["standard", "x"], ["year", "2021"], ["town", "a"]],
    ],
    ids=["empty", "one fact", "a fact without value"],
)
def test_a_sheet_that_lacks_a_fact_is_no_identity(rows: list[list[object]]) -> None:
    """A damaged identity is none; the reader says so."""
    assert parse_identity(rows) is None


def test_an_identity_of_numbers_and_strange_rows_is_read(huantai: Campaign) -> None:
    """Excel may have stored a year as a number; a sheet without a number is left out."""
    written = identity_of(huantai, "果里镇", huantai.communities_of("果里镇"))
    rows: list[list[object]] = [list(row) for row in written.rows()]
    rows[3][1] = 2021.0
    assert parse_identity([*rows, ["sheet", "别的"], ["sheet", "坏的", "x"], [], ["?"]]) == written


def test_sheet_names_are_unique_and_never_our_own() -> None:
    """Two communities of one name, and one called as the cover is, get names that Excel accepts."""
    named = [Community(n, "镇", name, False) for n, name in enumerate(("东城", "东城", "填报说明"), 1)]
    assert community_sheet_names(named) == ["东城", "东城(2)", "填报说明(2)"]


def test_what_the_writer_places_the_reader_finds(other: Campaign) -> None:
    """Every score, the community, the town and the total are read where the layout has them."""
    first, *_others = other.communities_of("东城街")
    scores = {first: [c.points - Decimal("0.5") for c in other.criteria]}
    reading = read_bytes("a.xlsx", blank_of(other, "东城街", scores=scores), other)
    sheet = reading.sheets[0]
    layout = Layout(other)
    assert [line.score.address for line in sheet.lines] == [
        address(row, 4) for row in range(3, layout.last_row + 1)
    ]
    assert [line.score.value for line in sheet.lines] == [float(s) for s in scores[first]]
    assert sheet.community is not None
    assert sheet.total is not None
    assert (sheet.community.address, sheet.total.address) == ("B2", layout.total_cell)


@pytest.mark.parametrize("make", [with_methods, three_levels, yes_or_no], ids=lambda make: make.__name__)
def test_the_form_of_another_programme_is_read_as_it_was_issued(
    make: Callable[[Campaign], Campaign], huantai: Campaign
) -> None:
    """Every answer where the layout has it; nothing of the form seems changed, moved or to be a score."""
    campaign = make(huantai)
    layout, unit = Layout(campaign), campaign.communities[0]
    best = {Kind.CONDITION: Answer.FULFILLED, Kind.DEDUCTION: Decimal(0)}
    full = [best.get(c.kind, c.points) for c in campaign.criteria]
    data = blank_of(campaign, unit.town, scores={unit: full})
    sheet = read_bytes("a.xlsx", data, campaign).sheets[0]
    assert [line.score.address for line in sheet.lines] == [
        layout.score_cell(criterion.number) for criterion in campaign.criteria
    ]
    checked = check(sheet, campaign)
    assert [(one.code, one.cell, one.found) for one in checked.findings] == []
    assert [score.value for score in checked.scores] == full
