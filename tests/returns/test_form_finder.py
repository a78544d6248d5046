"""Where a form stands on a sheet: by its criteria and headings; another shape is a doubt, never a guess."""

import time
from dataclasses import replace

import pytest

from greenxl.campaign.model import Campaign, Group
from greenxl.returns.form_finder import extra, find_form, groups, headings
from greenxl.returns.model import Doubt, FoundForm, Grid
from tests.tools.river import GOOD, river, typed, with_columns
from tests.tools.typed_forms import HEAD, PLACE, SCORES, Rows, body, form, grid_of


def found(rows: Rows, campaign: Campaign, *, issued: bool = False) -> tuple[Grid, FoundForm]:
    grid = grid_of(rows)
    one = find_form(grid, campaign, issued=issued)
    assert isinstance(one, FoundForm)
    return grid, one


def doubt(rows: Rows, campaign: Campaign) -> tuple[str, str, str]:
    one = find_form(grid_of(rows), campaign)
    assert isinstance(one, Doubt)
    return one.code, one.cell.address, one.found


def scores(rows: Rows, campaign: Campaign, *, issued: bool = False) -> dict[int, object]:
    """Return the score of each criterion that was found."""
    grid, one = found(rows, campaign, issued=issued)
    return {hit.number: grid.value(hit.row, one.score_column) for hit in one.lines}


ALL = dict(enumerate(SCORES, 1))


def shifted(rows: Rows, down: int, right: int) -> Rows:
    return [*[[]] * down, *([""] * right + row for row in rows)]


@pytest.mark.parametrize(("down", "right"), [(0, 0), (3, 0), (0, 2), (40, 15)])
def test_a_form_is_found_wherever_it_stands(huantai: Campaign, down: int, right: int) -> None:
    """Its rows and columns are those of the sheet."""
    rows = shifted(form(huantai), down, right)
    _grid, one = found(rows, huantai)
    assert (one.header_row, one.text_column, one.points_column, one.score_column) == (
        1 + down,
        2 + right,
        3 + right,
        4 + right,
    )
    assert (one.lines[0].row, one.last_row, one.total_row) == (2 + down, 21 + down, 22 + down)
    assert scores(rows, huantai) == ALL


@pytest.mark.parametrize(
    "rows",
    [[], [["a", "b"], [1, 2]], [["内容", "创建标准", "标准分", "得分"]]],
    ids=["nothing", "another table", "headings alone"],
)
def test_a_sheet_without_criteria_holds_no_form(huantai: Campaign, rows: Rows) -> None:
    """It is no doubt either."""
    assert find_form(grid_of(rows), huantai) is None


def test_less_than_a_quarter_of_the_criteria_is_no_form(huantai: Campaign) -> None:
    """Four of twenty may be quoted in a letter; five are a part of the form, which is told."""
    rows = form(huantai)
    assert find_form(grid_of(rows[:6]), huantai) is None
    assert doubt(rows[:7], huantai) == ("form-partial", "C3", "5")
    assert scores(rows[:12], huantai) == {number: ALL[number] for number in range(1, 11)}


# Other shapes


def test_two_forms_on_a_sheet_are_in_doubt(huantai: Campaign) -> None:
    """Stacked or side by side: the second form is not lost, nor is the first believed."""
    one, two = form(huantai), form(huantai, [["社区名称：新民社区"]], [1.0] * 20)
    beside = [(a + [""] * 6)[:6] + b for a, b in zip(one, two, strict=True)]
    assert doubt(one + two, huantai) == ("forms-several", "C3", "C3、C26")
    assert doubt(beside, huantai) == ("forms-several", "C3", "C3、I3")


def test_a_table_of_another_shape_is_in_doubt(huantai: Campaign) -> None:
    """Communities across, criteria across, criteria in two blocks."""
    towns = ["永安社区", "新民社区", "西镇社区"]
    five = [5.0] * 20
    wide = [*PLACE, [*HEAD, *towns], *body(huantai, five, SCORES, five)]
    below = [*PLACE, [*HEAD, "得分"], ["", "", "", "", *towns], *body(huantai, five, SCORES, five)]
    long: Rows = [["社区", *(c.text for c in huantai.criteria)], ["永安社区", *SCORES], ["新民社区", *SCORES]]
    half = body(huantai, SCORES)
    blocks = [*PLACE, [*HEAD, "得分"] * 2, *(a + b for a, b in zip(half[:10], half[10:], strict=True))]
    assert doubt(wide, huantai) == ("form-across", "E2", "永安社区、新民社区、西镇社区")
    assert doubt(below, huantai) == ("form-across", "E3", "永安社区、新民社区、西镇社区")
    assert doubt(long, huantai)[0] == "form-across"
    assert doubt(blocks, huantai) == ("form-across", "C3", "C3、H3")


def test_a_form_without_a_column_of_scores_is_in_doubt(huantai: Campaign) -> None:
    """One column of fives may be the points or full marks."""
    rows = [*PLACE, *(row[:4] for row in body(huantai, SCORES))]
    assert doubt(rows, huantai) == ("no-score-column", "C2", "得分（分）")


def test_ticks_in_columns_of_their_own_are_named(huantai: Campaign) -> None:
    """Under 是 and 否; a few ticks beside a form without scores are nothing."""
    yes, no = ["√"] * 12 + [""] * 8, [""] * 12 + ["✔"] * 8
    rows = [*PLACE, ["内容", "", "创建标准", "是", "否"], *body(huantai, yes, no, points=False)]
    assert doubt(rows, huantai) == ("answers-ticked", "D2", "D2 是、E2 否")
    few = [*PLACE, ["内容", "", "创建标准", "是"], *body(huantai, ["√"] * 9 + [""] * 11, points=False)]
    assert doubt(few, huantai)[0] == "no-score-column"


# The rows


def test_subtotals_headings_and_repeated_headers_are_no_criteria(huantai: Campaign) -> None:
    """A person's own rows between the groups neither end the form nor are called invented criteria."""
    rows = body(huantai, SCORES)
    between: Rows = [
        ["合计", "", "", 20, 3],
        ["", "", "小计", 20, 3],
        [*HEAD, "得分"],
        ["", "", "二、推进社区基础设施绿色化"],
    ]
    whole = [*PLACE, [*HEAD, "得分"], *rows[:4], *between, *rows[4:], ["总计", "", "", 100, sum(SCORES)]]
    grid, one = found(whole, huantai)
    assert scores(whole, huantai) == ALL
    assert one.total_row == 26
    assert extra(grid, one, huantai) == ()


@pytest.mark.parametrize("label", ["合计分值", "合 计", "总计", "总分", "合计得分（分）"])
def test_the_total_stands_below_under_many_names(huantai: Campaign, label: str) -> None:
    """In any column; far below there is none."""
    total = ["", label, "", 100, sum(SCORES)]
    assert found([*form(huantai)[:-1], total], huantai)[1].total_row == 22
    assert found([*form(huantai)[:-1], *[[]] * 60, total], huantai)[1].total_row is None


def test_a_row_that_is_no_criterion_is_extra(huantai: Campaign) -> None:
    """An invented one is named, whatever stands in its other cells."""
    rows = form(huantai)
    rows.insert(7, ["", 21, "按时完成其他任务", 5, 5])
    grid, one = found(rows, huantai)
    assert [(cell.address, cell.value) for cell in extra(grid, one, huantai)] == [("C8", "按时完成其他任务")]
    assert scores(rows, huantai) == ALL


def test_criteria_in_another_order_keep_their_scores(huantai: Campaign) -> None:
    """A score belongs to the criterion beside it, not to the row it stands in."""
    rows = form(huantai)
    rows[2:22] = reversed(rows[2:22])
    assert scores(rows, huantai) == ALL


def test_a_criterion_typed_one_cell_off_keeps_its_score(huantai: Campaign) -> None:
    """Its row tells which score is its own."""
    rows = form(huantai)
    rows[8][1:3] = [rows[8][2], ""]
    assert scores(rows, huantai) == ALL


def test_a_criterion_that_stands_twice_is_found_twice(huantai: Campaign) -> None:
    """Which of the two counts is not decided here."""
    rows = form(huantai)
    rows.insert(7, rows[6])
    assert [hit.number for hit in found(rows, huantai)[1].lines].count(5) == 2


def test_a_criterion_on_thousands_of_rows_is_refused_and_costs_little(huantai: Campaign) -> None:
    """One repeated row of OpenDocument writes it so often; few of the rows are quoted."""
    rows = form(huantai)
    code, _address, quoted = doubt([*rows[:7], *[rows[6]] * 3000, *rows[7:]], huantai)
    assert (code, quoted.count("、")) == ("forms-several", 49)


# Texts that were changed


@pytest.mark.parametrize("number", [4, "4", "4.", "（4）", "４、", None], ids=repr)
def test_a_reworded_criterion_is_known_by_its_place(huantai: Campaign, number: object) -> None:
    """By its likeness and the number before it, however that is written."""
    rows = form(huantai)
    rows[5][1:3] = [number, rows[5][2].replace("违法违规", "违规")]
    assert scores(rows, huantai) == ALL


def test_a_reworded_criterion_near_to_two_is_nobodys(other: Campaign) -> None:
    """Deleted, renumbered and reworded: a text between two criteria is not given to the one of its number."""
    rows = body(other, [1.0] * 16)
    del rows[2]
    for index, row in enumerate(rows, 1):
        row[1] = index
    rows[2][2] = rows[2][2].replace("第4条要求", "要求")
    whole = [["社区：沙田社区"], [*HEAD, "得分"], *rows]
    assert not {3, 4} & scores(whole, other).keys()
    rows[2][1] = 4
    assert 4 in scores(whole, other)


def test_of_an_issued_form_near_texts_are_looked_for(huantai: Campaign) -> None:
    """Where every criterion was reworded since, the sheet would else hold no form."""
    rows = form(huantai)
    for row in rows[2:22]:
        row[2] = f"{row[2]}等"
    assert find_form(grid_of(rows), huantai) is None
    assert scores(rows, huantai, issued=True) == ALL


def test_short_criteria_and_those_called_like_a_total_are_found(huantai: Campaign) -> None:
    """A standard of one or two characters each, 「合计」 and 「得分」 among them, is read row by row."""
    words = ["水", "电", "合计", "得分", "小计", "水电", "电水", "水。电", "内容", "满分"] * 2
    texts = [word if index < 10 else f"{word}乙" for index, word in enumerate(words)]
    renamed = [replace(c, text=text) for c, text in zip(huantai.criteria, texts, strict=True)]
    own = tuple(
        replace(group, criteria=tuple(c for c in renamed if c.group == index))
        for index, group in enumerate(huantai.groups)
    )
    campaign = replace(huantai, groups=own)
    assert scores(form(campaign), campaign) == ALL


# What is around them


def test_headings_and_groups_are_those_of_the_form(huantai: Campaign) -> None:
    """The four header cells, and the cell beside the first criterion of each group."""
    rows = form(huantai)
    grid, one = found(rows, huantai)
    assert [cell.address for cell in headings(grid, one, huantai)] == ["A2", "B2", "D2", "E2"]
    assert [cell.address for cell in groups(grid, one, huantai)] == ["A3", "A7", "A12", "A16", "A19"]
    del rows[2]
    grid, one = found(rows, huantai)
    assert [cell.address for cell in groups(grid, one, huantai)] == ["A6", "A11", "A15", "A18"]


def test_where_columns_were_cut_off_there_is_nothing_around(huantai: Campaign) -> None:
    """The criteria stand in the first column: neither headings nor groups are looked for left of it."""
    grid, one = found([row[2:] for row in form(huantai)], huantai)
    assert (headings(grid, one, huantai), groups(grid, one, huantai)) == ((), ())
    assert [grid.value(hit.row, one.score_column) for hit in one.lines] == SCORES


def test_a_form_without_headings_has_none(huantai: Campaign) -> None:
    """The points and scores are found by what stands in them."""
    grid, one = found([*PLACE, *body(huantai, SCORES)], huantai)
    assert (one.header_row, one.points_column, one.score_column) == (None, 3, 4)
    assert headings(grid, one, huantai) == ()


def test_rows_without_end_among_the_criteria_cost_no_time(huantai: Campaign) -> None:
    """Of a hundred thousand the first are told; the criteria around them keep their scores."""
    rows = form(huantai)
    rows[3:3] = [["", "", f"其他任务第{n}号"] for n in range(100_000)]
    began = time.process_time()
    grid, one = found(rows, huantai)
    assert len(extra(grid, one, huantai)) == 100
    assert {hit.number: grid.value(hit.row, one.score_column) for hit in one.lines} == ALL
    assert time.process_time() - began < 5


def test_texts_without_end_among_the_criteria_cost_no_time(huantai: Campaign) -> None:
    """A hundred of them, each as long as a cell can be."""
    rows = form(huantai)
    rows[3:3] = [["", n, f"{n}" * 10_000] for n in range(100, 200)]
    began = time.process_time()
    assert scores(rows, huantai, issued=True) == ALL
    assert time.process_time() - began < 5


# Other programmes


@pytest.mark.parametrize("own", [True, False], ids=["ours", "theirs"])
def test_a_form_of_three_levels_with_methods_is_found(huantai: Campaign, own: bool) -> None:
    """Its criteria stand in the fourth column; a method that repeats one with its points is no second."""
    campaign = river(huantai) if own else replace(river(huantai), groups=_all_alike(huantai))
    grid, one = found(typed(campaign, {"得分": GOOD}), campaign)
    assert (one.header_row, one.text_column, one.points_column, one.score_column) == (1, 3, 6, 7)
    assert [hit.number for hit in one.lines] == [1, 2, 3, 4, 5, 6, 7]
    assert [cell.address for cell in headings(grid, one, campaign)] == ["A2", "C2", "G2", "H2"]
    assert [cell.address for cell in groups(grid, one, campaign)] == ["A3", "A5", "A7", "A9"]
    assert extra(grid, one, campaign) == ()


def _all_alike(base: Campaign) -> tuple[Group, ...]:
    """Return the groups with criteria whose subgroup, method and evidence say the same as they."""
    return tuple(
        replace(
            group,
            criteria=tuple(
                replace(c, subgroup=c.text, method=f"{c.text}5分", evidence=c.text) for c in group.criteria
            ),
        )
        for group in river(base).groups
    )


def test_groups_called_like_their_only_criterion_are_no_criteria(huantai: Campaign) -> None:
    """A short form of two columns: the group says what its criterion says."""
    named = tuple(replace(group, name=group.criteria[0].text) for group in river(huantai).groups)
    campaign = replace(river(huantai), groups=named)
    _grid, one = found(typed(campaign, {"得分": GOOD}), campaign)
    assert (one.text_column, len(one.lines)) == (3, 7)


@pytest.mark.parametrize("label", ["{}", "{}.", "（{}）", "第{}条"])
def test_numbers_of_the_form_s_own_stand_before_the_text(huantai: Campaign, label: str) -> None:
    """In one cell with it, however they are framed."""
    campaign = river(huantai)
    rows = typed(campaign, {"得分": GOOD})
    for row, criterion in zip(rows[2:], campaign.criteria, strict=True):
        row[3] = f"{label.format(criterion.label)} {criterion.text}"
        row[2] = ""
    assert scores(rows, campaign) == dict(enumerate(GOOD, 1))


@pytest.mark.parametrize(("label", "number"), [("C4", 4), ("C9", None)])
def test_a_reworded_criterion_is_known_by_the_form_s_own_number(
    other: Campaign, label: str, number: int | None
) -> None:
    """Near to two, it is the one whose number stands before it."""
    labelled = tuple(
        replace(group, criteria=tuple(replace(c, label=f"C{c.number}") for c in group.criteria))
        for group in other.groups
    )
    campaign = replace(other, groups=labelled)
    rows = body(campaign, [1.0] * 16)
    del rows[2]
    rows[2][1:3] = [label, rows[2][2].replace("第4条要求", "要求")]
    whole = [["社区：沙田社区"], [*HEAD, "得分"], *rows]
    assert {3, 4} & scores(whole, campaign).keys() == ({number} if number else set())


def test_columns_of_a_form_reach_to_the_last(huantai: Campaign) -> None:
    """What stands right of the scores is the form's own."""
    columns = {"县核定分": GOOD, "自评分": GOOD, "扣分原因": [""] * 7}
    campaign = with_columns(huantai)
    _grid, one = found(typed(campaign, columns), campaign)
    assert (one.score_columns, one.entry_columns, one.last_column) == ((8, None, 7), (9, None), 9)


def test_a_form_without_the_column_that_counts_names_it(huantai: Campaign) -> None:
    """By the campaign's word."""
    campaign = with_columns(huantai)
    assert doubt([row[:7] for row in typed(campaign, {"": GOOD})], campaign) == (
        "no-score-column",
        "D3",
        "县核定分",
    )
