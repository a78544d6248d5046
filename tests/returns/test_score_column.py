"""Which column holds the scores: by headings and contents; what is not plain is asked for, never guessed."""

import time
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from greenxl.campaign.model import Campaign, Kind
from greenxl.returns.criteria_text import CriteriaIndex
from greenxl.returns.form_finder import find_form
from greenxl.returns.model import FoundForm, Grid, Hit
from greenxl.returns.score_column import Columns, Header, bare, find_columns, printed_number
from tests.tools.river import CRITERIA, GOOD, YES_NO, river, typed, with_columns
from tests.tools.typed_forms import HEAD, PLACE, SCORES, Rows, body, form, grid_of

OTHER = [5.0] * 20
"""What may be the points or full marks as well."""
NOTES = ["见附件"] * 20
BLANK = [""] * 20


def found(rows: Rows, campaign: Campaign) -> Columns | None:
    """Return the columns of a form that stands alone on its sheet, a row for each criterion."""
    grid = grid_of(rows)
    index = CriteriaIndex.of(campaign)
    lines = [Hit(r, c, number) for r, c, text in grid.texts() if (number := index.number_of(text))]
    header = Header.above(grid, campaign, lines[0].row, lines[0].column)
    return find_columns(grid, campaign, lines, lines[0].column, header)


def told(rows: Rows, campaign: Campaign) -> tuple[str, list[str]]:
    """Return the column of the scores by its letter, and what is told beside them by address."""
    columns = found(rows, campaign)
    assert columns
    assert columns.rivals == ()
    grid = grid_of(rows)
    return "ABCDEFGH"[columns.score], [grid.cell(*place).address for place in columns.beside]


def rivals(rows: Rows, campaign: Campaign) -> list[str]:
    """Return the letters of the columns any of which may hold the scores."""
    columns = found(rows, campaign)
    assert columns
    assert columns.beside == ()
    return ["ABCDEFGH"[column] for column in columns.rivals]


def arranged(rows: Rows, order: Sequence[int]) -> Rows:
    return [[(row + [""] * 9)[column] for column in order] for row in rows]


# The form's own heading

PLAIN: dict[str, tuple[list[str], list[Sequence[Any]], str]] = {
    "after-evidence": ([*HEAD, "佐证材料", "得分"], [NOTES, SCORES], "F"),
    "after-reasons": ([*HEAD, "得分依据", "得分"], [NOTES, SCORES], "F"),
    "after-rates": ([*HEAD, "得分率", "得分"], [[0.5] * 20, SCORES], "F"),
    "after-deductions": ([*HEAD, "扣分", "得分"], [OTHER, SCORES], "F"),
    "before-reasons": ([*HEAD, "得 分", "扣分原因"], [SCORES, NOTES], "E"),
    "before-remarks": ([*HEAD, "得分", "备注"], [SCORES, ["3张照片", "见附件2", *NOTES[2:]]], "E"),
    "before-rates": ([*HEAD, "得分", "得分率"], [SCORES, [0.5] * 20], "E"),
    "before-ranks": ([*HEAD, "得分", "排名"], [SCORES, [1, 2, 3, 4] * 5], "E"),
    "before-remarks-without-heading": ([*HEAD, "得分"], [SCORES, NOTES], "E"),
    "the-filled-of-two": ([*HEAD, "得分", "得分"], [BLANK, SCORES], "F"),
    "before-a-blank-review": ([*HEAD, "得分", "复核得分"], [SCORES, BLANK], "E"),
}


@pytest.mark.parametrize(("head", "beside", "letter"), PLAIN.values(), ids=PLAIN)
def test_the_column_headed_score_is_read(
    huantai: Campaign, head: list[str], beside: list[Sequence[Any]], letter: str
) -> None:
    """Texts, rates, ranks and deductions beside it are nothing to be told."""
    assert told([*PLACE, head, *body(huantai, *beside)], huantai) == (letter, [])


SOME = [4.5, "", "3分", *[""] * 17]
TWO = {
    "review": ([*HEAD, "得分", "复核得分"], [SCORES, SOME], "E", "F"),
    "changed": ([*HEAD, "得分", "修改后得分"], [SCORES, SOME], "E", "F"),
    "by-the-town": ([*HEAD, "得分", "街道复核"], [SCORES, SOME], "E", "F"),
    "decided": ([*HEAD, "得分", "县级审定"], [SCORES, SOME], "E", "F"),
    "self": ([*HEAD, "自评得分", "得分"], [SOME, SCORES], "F", "E"),
    "last-year": ([*HEAD, "上年得分", "得分"], [SOME, SCORES], "F", "E"),
    "in-brackets": ([*HEAD, "得分", "得分（复核）"], [SCORES, SOME], "E", "F"),
    "remarks": ([*HEAD, "得分", "备注"], [SCORES, SOME], "E", "F"),
    "no-heading": ([*HEAD, "得分"], [SCORES, SOME], "E", "F"),
    "words-for-a-change": ([*HEAD, "得分", "备注"], [SCORES, ["改为3分", "", "→4", *[""] * 17]], "E", "F"),
    "one-column-on": ([*HEAD, "得分"], [SCORES, BLANK, SOME], "E", "G"),
}


@pytest.mark.parametrize(("head", "beside", "score", "other"), TWO.values(), ids=TWO)
def test_what_may_be_taken_for_scores_is_told(
    huantai: Campaign, head: list[str], beside: list[Sequence[Any]], score: str, other: str
) -> None:
    """A second column of scores, filled in part or whole, or numbers that no heading explains."""
    rows = [*PLACE, head, *body(huantai, *beside)]
    assert told(rows, huantai) == (score, [f"{other}3", f"{other}5"])


def test_a_second_column_of_scores_is_told_whatever_stands_in_it(huantai: Campaign) -> None:
    """Words under a heading like that of the scores are no less meant than numbers."""
    rows = [*PLACE, [*HEAD, "得分", "复核得分"], *body(huantai, SCORES, ["优", *BLANK[1:]])]
    assert told(rows, huantai) == ("E", ["F3"])


def test_every_further_column_of_scores_is_told(huantai: Campaign) -> None:
    """自评得分 and 复核得分 before the one that counts."""
    rows = [*PLACE, [*HEAD, "自评得分", "复核得分", "得分"], *body(huantai, SOME, SOME, SCORES)]
    assert told(rows, huantai) == ("G", ["E3", "E5", "F3", "F5"])


def test_numbers_far_to_the_right_are_another_finding_s(huantai: Campaign) -> None:
    """What stands twenty columns on is astray, not beside."""
    far = [row + [""] * 19 + [3.0] for row in body(huantai, SCORES)]
    columns = found([*PLACE, [*HEAD, "得分"], *far], huantai)
    assert columns
    assert columns.beside == ()


def test_the_form_s_own_columns_are_nothing_beside(huantai: Campaign) -> None:
    """Groups counted 1, 2 …, the criteria's numbers and points are where they belong."""
    rows = [["", 1, *row[1:]] for row in form(huantai)[1:]]
    rows[0] = ["内容", "", "创建标准", "", "标准分", "得分"]
    assert told([*PLACE, *rows], huantai) == ("F", [])


# Where it is not plain

UNCLEAR: dict[str, tuple[Rows, list[Sequence[Any]], list[str]]] = {
    "self-and-review": ([[*HEAD, "自评得分", "复核得分"]], [OTHER, SCORES], ["E", "F"]),
    "in-brackets": ([[*HEAD, "得分（自评）", "得分(复核)"]], [OTHER, SCORES], ["E", "F"]),
    "twice": ([[*HEAD, "得分", "得分"]], [OTHER, SCORES], ["E", "F"]),
    "years": ([[*HEAD, "2020年得分", "2021年得分"]], [OTHER, SCORES], ["E", "F"]),
    "two-rows": ([[*HEAD, "得分"], ["", "", "", "", "自评", "复核"]], [OTHER, SCORES], ["E", "F"]),
    "deductions": ([[*HEAD, "扣分"]], [SCORES], ["E"]),
    "only-self-filled": ([[*HEAD, "自评得分", "复核得分"]], [SCORES, BLANK], ["E", "F"]),
    "one-column-on": ([[*HEAD, "得分"]], [BLANK, SCORES], ["E", "F"]),
    "review-by-another-word": ([[*HEAD, "自评得分", "县级复核"]], [OTHER, SCORES], ["E", "F"]),
    "under-a-common-word": (
        [["内容", "创建标准", "", "标准分", "评价情况"], ["", "", "", "", "自评分", "复核"]],
        [OTHER, SCORES],
        ["E", "F"],
    ),
    "blank-beside-self": ([[*HEAD, "自评得分", "得分"]], [SCORES, BLANK], ["F", "E"]),
}


@pytest.mark.parametrize(("head", "beside", "letters"), UNCLEAR.values(), ids=UNCLEAR)
def test_a_score_column_that_is_not_plain_is_asked_for(
    huantai: Campaign, head: Rows, beside: list[Sequence[Any]], letters: list[str]
) -> None:
    """Nobody's self-assessment, last year or deduction becomes a score; the columns are named."""
    assert rivals([*PLACE, *head, *body(huantai, *beside)], huantai) == letters


def test_scores_typed_over_the_points_are_not_lost(huantai: Campaign) -> None:
    """A blank score column beside changed points is asked about, not taken for an empty form."""
    rows = [*PLACE, [*HEAD, "得分"], *([*row[:3], row[4]] for row in body(huantai, SCORES))]
    assert rivals(rows, huantai) == ["E", "D"]


def test_scores_below_their_criteria_are_not_lost(huantai: Campaign) -> None:
    """Two rows for each criterion, the score in the lower: asked about, not taken for an empty form."""
    rows = [part for row in body(huantai, SCORES) for part in (row[:4], ["", "", "", "", row[4]])]
    assert rivals([*PLACE, [*HEAD, "得分"], *rows], huantai) == ["E"]


def test_a_blank_form_is_plain(huantai: Campaign) -> None:
    """Where there is nothing to lose, nothing is asked."""
    assert told([*PLACE, [*HEAD, "得分"], *body(huantai, BLANK)], huantai) == ("E", [])
    assert told([*PLACE, [*HEAD, "自评得分", "复核得分"], *body(huantai, BLANK, BLANK)], huantai)[0] == "E"


@pytest.mark.parametrize("beginning", ["1.", "２、", "100分"], ids=["dot", "wide", "points"])
def test_groups_that_begin_with_a_number_are_no_scores_of_a_blank_form(
    huantai: Campaign, beginning: str
) -> None:
    """The campaign prints them left of its criteria."""
    groups = tuple(replace(group, name=f"{beginning}{group.name}") for group in huantai.groups)
    campaign = replace(huantai, groups=groups)
    rows = zip(campaign.criteria, body(campaign, BLANK), strict=True)
    named = [[groups[c.group].name if c is groups[c.group].criteria[0] else "", *row[1:]] for c, row in rows]
    assert told([*PLACE, [*HEAD, "得分"], *named], campaign) == ("E", [])


# Other headings, none, and other orders


@pytest.mark.parametrize(
    ("points", "score", "otherwise"),
    [
        ("标准分", "得分", False),
        ("标 准 分（100分）", "得　分\n（分）", False),
        ("应得分", "实得分", True),
        ("分值", "评分", True),
        ("满分", "自评得分", True),
        ("分值", "分数", True),
    ],
)
def test_the_only_score_column_is_read_under_another_heading(
    huantai: Campaign, points: str, score: str, otherwise: bool
) -> None:
    """One column that is headed like a score is plain; that its heading is another is known."""
    columns = found([*PLACE, ["内容", "创建标准", "", points, score], *body(huantai, SCORES)], huantai)
    assert columns
    assert (columns.points, columns.score, columns.rivals) == (3, 4, ())
    assert columns.headed_otherwise is otherwise


@pytest.mark.parametrize(
    ("upper", "lower"),
    [("得分", ["", "", "", "（100分）", "（分）"]), ("得", ["", "", "", "", "分"])],
    ids=["unit", "split word"],
)
def test_a_heading_may_be_split_over_two_rows(huantai: Campaign, upper: str, lower: list[str]) -> None:
    """「得分」 over 「（分）」, and 「得」 over 「分」, head the scores."""
    columns = found([*PLACE, [*HEAD, upper], lower, *body(huantai, SCORES)], huantai)
    assert columns
    assert (columns.score, columns.rivals, columns.headed_otherwise) == (4, (), False)


ORDERS: dict[str, tuple[list[int], str]] = {
    "scores-before-points": ([0, 1, 2, 4, 3], "D"),
    "scores-before-criteria": ([0, 1, 4, 2, 3], "C"),
    "numbers-after-criteria": ([0, 2, 1, 3, 4], "E"),
    "no-points": ([0, 1, 2, 4], "D"),
}


@pytest.mark.parametrize(("order", "letter"), ORDERS.values(), ids=ORDERS)
def test_columns_may_stand_in_any_order(huantai: Campaign, order: list[int], letter: str) -> None:
    """Headings say what a column is, wherever it stands."""
    assert told(arranged(form(huantai), order), huantai) == (letter, [])


@pytest.mark.parametrize(
    ("order", "letter"),
    [([0, 1, 2, 3, 4], "E"), ([0, 2, 1, 3, 4], "E"), ([0, 1, 2, 3, 5, 4], "F")],
    ids=["form", "numbers last", "evidence"],
)
def test_without_headings_the_only_column_of_numbers_is_read(
    huantai: Campaign, order: list[int], letter: str
) -> None:
    """Neither the criteria's numbers nor texts are taken for scores, and the points lead to them."""
    assert told(arranged([*PLACE, *body(huantai, SCORES, NOTES)], order), huantai) == (letter, [])


def test_without_headings_the_points_alone_are_no_scores(huantai: Campaign) -> None:
    """One column of fives may be the points or full marks: it is neither 100 nor nothing."""
    assert found([*PLACE, *(row[:4] for row in body(huantai, SCORES))], huantai) is None


NEARLY_FULL = [5.0] * 17 + [4.0, 3.5, 4.5]


@pytest.mark.parametrize("heading", ["得分", "得分（分）", "得分\n（分）", "实得分"])
def test_nearly_full_marks_under_the_heading_of_the_scores_are_no_points(
    huantai: Campaign, heading: str
) -> None:
    """On a form without a column of points; without such a heading they may be either."""
    rows = [["内容", "", "创建标准", heading], *body(huantai, NEARLY_FULL, points=False)]
    columns = found([*PLACE, *rows], huantai)
    assert columns
    assert (columns.points, columns.score, columns.rivals) == (None, 3, ())
    rows[0][3] = "检查结果"
    assert found([*PLACE, *rows], huantai) is None


# Headings


def header(rows: Rows, campaign: Campaign) -> Header | None:
    return Header.above(Grid(grid_of(rows).sheet), campaign, len(rows), 2)


@pytest.mark.parametrize(
    ("rows", "row"),
    [
        ([["绿色社区评分表"], ["内容", "创建标准", "", "标准分", "得分"]], 1),
        ([["序号", "得分"], ["内容", "创建标准", "", "标准分", "得分"]], 1),
        ([["内容", "创建标准", "", "标准分", "得分"], ["", "", "", "", "（分）"], []], 0),
        ([["得分"]], None),
        ([["社区名称", "永安社区"]], None),
        ([["内容", "创建标准", "", "标准分", "得分"], *[[]] * 60], None),
    ],
    ids=["below a title", "the nearest", "over a row of units", "one word alone", "no headings", "too far"],
)
def test_headings_stand_in_the_nearest_row_of_several(huantai: Campaign, rows: Rows, row: int | None) -> None:
    """One word alone may be anything, and what stands far above belongs to another table."""
    top = header(rows, huantai)
    assert (top.row if top else None) == row


def test_a_heading_over_several_columns_heads_each(huantai: Campaign) -> None:
    """What stands over several columns is read with what stands below it."""
    top = header([["内容", "创建标准", "", "标准分", "得分"], ["", "", "", "", "自评", "复核"]], huantai)
    assert top
    assert [top.heading(column) for column in (3, 4, 5)] == ["标准分", "得分自评", "得分复核"]
    assert not top.plain(4, "得分（分）")


@pytest.mark.parametrize(
    ("text", "left"),
    [("得分(分)", "得分"), ("得分[自评](分)", "得分"), ("得分(", "得分"), ("合计分值", "合计分值"), ("", "")],
)
def test_what_stands_in_brackets_is_left_out(text: str, left: str) -> None:
    """Closed or not."""
    assert bare(text) == left


def test_endless_headings_are_cut(huantai: Campaign) -> None:
    """Thousands of brackets cost no more than sixty characters."""
    assert bare("(" * 32_000) == ""
    rows = [*PLACE, [*HEAD, "得分" + "(" * 32_000, "[得分" * 8_000], *body(huantai, SCORES, BLANK)]
    assert found(rows, huantai)


# Other programmes: several score columns, columns of texts


def several(campaign: Campaign, **columns: Sequence[Any]) -> Columns:
    """Return the columns of a form that a person typed with these further columns."""
    rows = typed(campaign, columns)
    grid = grid_of(rows)
    assert (one := find_form(grid, campaign))
    assert isinstance(one, FoundForm)
    lines = [Hit(row, 3, number) for number, row in enumerate(range(2, len(rows)), 1)]
    assert [*one.lines] == lines
    found_too = find_columns(grid, campaign, lines, 3, Header.above(grid, campaign, 2, 3))
    assert found_too
    return found_too


SELF = (9.0, "否", 15.0, 45.0, 0.0, 0.0, "符合")
EMPTY = ("",) * 7
WHY = ("缺1份", "", "", "违建2处", "", "通报1次", "")
THREE = {"自评分": SELF, "镇复核分": EMPTY, "县核定分": GOOD, "扣分原因": WHY, "佐证材料": EMPTY}


def test_each_score_column_is_found_by_its_heading(huantai: Campaign) -> None:
    """The one that counts, the others and the texts; none of them stands beside the scores."""
    found_too = several(with_columns(huantai), **THREE)
    assert (found_too.points, found_too.score, found_too.several) == (6, 9, (7, 8, 9))
    assert (found_too.entries, found_too.rivals, found_too.beside) == ((10, 11), (), ())


@pytest.mark.parametrize("counting", ["自评分", "镇复核分", "县核定分"])
def test_any_of_them_may_count(huantai: Campaign, counting: str) -> None:
    """Whichever the campaign names, wherever it stands, filled or not."""
    found_too = several(with_columns(huantai, counting_column=counting), **THREE)
    assert found_too.score == {"自评分": 7, "镇复核分": 8, "县核定分": 9}[counting]
    assert (found_too.several, found_too.rivals, found_too.beside) == ((7, 8, 9), (), ())


def test_headings_may_be_spelled_otherwise(huantai: Campaign) -> None:
    """With a unit, spaces or a line break, and in another order."""
    columns = {
        "县核定分（100分）": GOOD,
        "佐 证\n材 料（附件）": EMPTY,
        "自 评 分\n（分）": SELF,
        "扣分原因": WHY,
    }
    found_too = several(with_columns(huantai), **columns)
    assert (found_too.score, found_too.several, found_too.entries) == (7, (9, None, 7), (10, 8))
    assert (found_too.rivals, found_too.beside) == ((), ())


def test_they_may_stand_below_one_heading(huantai: Campaign) -> None:
    """「得分」 over three columns, its parts below."""
    campaign = with_columns(huantai, score_columns=("自评", "镇复核", "县核定"), counting_column="县核定")
    head, *body_rows = typed(campaign, {"得分": SELF, "": EMPTY, " ": GOOD}, place=[])
    rows = [*PLACE, head, [""] * 7 + ["自评", "镇复核", "县核定"], *body_rows]
    lines = [Hit(row, 3, number) for number, row in enumerate(range(3, 10), 1)]
    grid = grid_of(rows)
    found_too = find_columns(grid, campaign, lines, 3, Header.above(grid, campaign, 3, 3))
    assert found_too
    assert (found_too.score, found_too.several, found_too.rivals) == (9, (7, 8, 9), ())


LOST: dict[str, tuple[dict[str, Sequence[Any]], tuple[int, ...]]] = {
    "deleted": ({"自评分": SELF, "镇复核分": SELF}, (7, 8)),
    "deleted, one left": ({"自评分": SELF}, (7,)),
    "renamed": ({"自评分": SELF, "县里定的分": GOOD}, (7, 8)),
    "a plain word": ({"自评分": SELF, "得分": GOOD}, (7, 8)),
    "no heading": ({"自评分": EMPTY, "": GOOD}, (7, 8)),
    "twice": ({"自评分": SELF, "县核定分": GOOD, "县核定分（分）": SELF}, (8, 9)),
}


@pytest.mark.parametrize(("columns", "rivals"), LOST.values(), ids=LOST)
def test_where_the_one_that_counts_is_not_plain_it_is_asked_for(
    huantai: Campaign, columns: dict[str, Sequence[Any]], rivals: tuple[int, ...]
) -> None:
    """The only score column that was left may be the self-assessment: it is never taken for the other."""
    assert several(with_columns(huantai), **columns).rivals == rivals


def test_a_blank_form_without_it_is_a_blank_form(huantai: Campaign) -> None:
    """There is nothing to lose."""
    assert several(with_columns(huantai), 自评分=EMPTY, 镇复核分=EMPTY).rivals == ()


def test_a_blank_column_that_counts_is_plain(huantai: Campaign) -> None:
    """What is filled in the others is theirs, not scores one column off."""
    found_too = several(with_columns(huantai), 自评分=SELF, 镇复核分=SELF, 县核定分=EMPTY)
    assert (found_too.score, found_too.rivals, found_too.beside) == (9, (), ())


def test_a_second_column_of_one_name_is_told(huantai: Campaign) -> None:
    """The filled one is read; where both are, the other is not passed over."""
    columns = {"自评分": EMPTY, "自评分（分）": SELF, "县核定分": GOOD}
    assert several(with_columns(huantai), **columns).several == (8, None, 9)
    columns["自评分"] = GOOD
    found_too = several(with_columns(huantai), **columns)
    assert found_too.several == (7, None, 9)
    assert {column for _row, column in found_too.beside} == {8}


def test_two_columns_called_alike_are_asked_for(huantai: Campaign) -> None:
    """Both 得分, both filled: neither counts. The same without several score columns."""
    assert several(river(huantai), **{"得分": GOOD, "得 分": SELF}).rivals == (7, 8)
    named = with_columns(huantai, score_columns=("自评分", "得分"), counting_column="得分")
    assert several(named, **{"得分": GOOD, "得 分": SELF}).rivals == (7, 8)


@pytest.mark.parametrize("heading", ["得分", "", "评定情况"], ids=["plain", "none", "another"])
def test_numbers_in_methods_and_evidence_are_no_scores(huantai: Campaign, heading: str) -> None:
    """「60分起」 and 「3张照片」 begin like scores; the campaign prints them."""
    found_too = several(river(huantai), **{heading: GOOD})
    assert (found_too.score, found_too.beside) == (7, ())
    assert found_too.rivals == (() if heading in ("得分", "") else (7,))


def test_methods_that_were_shortened_are_known_by_their_heading(huantai: Campaign) -> None:
    """Texts that are not the campaign's, below its own heading or a usual one."""
    rows = [[*row[:4], "5分/处", "3张", *row[6:]] for row in typed(river(huantai), {"得分": GOOD}, [])]
    rows[0][4:6] = ["扣分细则（每处）", "检查方式"]
    campaign = river(huantai, labels=replace(huantai.labels, method="扣分细则（每处）"))
    lines = [Hit(row, 3, number) for number, row in enumerate(range(1, 8), 1)]
    grid = grid_of(rows)
    found_too = find_columns(grid, campaign, lines, 3, Header.above(grid, campaign, 1, 3))
    assert found_too
    assert (found_too.score, found_too.rivals, found_too.beside) == (7, (), ())


def test_words_alone_are_scores_where_they_answer(huantai: Campaign) -> None:
    """Without headings a column of 是 and 符合 is the scores; in Huantai's form such words are remarks."""
    own = tuple(replace(c, choices=YES_NO, kind=Kind.SCORED, points=Decimal(10)) for c in CRITERIA)
    groups = tuple(
        replace(g, criteria=tuple(own[c.number - 1] for c in g.criteria)) for g in river(huantai).groups
    )
    campaign = replace(huantai, groups=groups)
    rows = typed(campaign, {"": ["是", "否", *["是"] * 5]}, [])[1:]
    lines = [Hit(row, 3, number) for number, row in enumerate(range(7), 1)]
    found_too = find_columns(grid_of(rows), campaign, lines, 3, None)
    assert found_too
    assert (found_too.score, found_too.rivals) == (7, ())


def test_headings_without_end_cost_no_time(huantai: Campaign) -> None:
    """Sixteen thousand columns named like the campaign's own."""
    rows = typed(with_columns(huantai), THREE)
    rows[1] += ["自评分", "扣分原因"] * 8_000
    grid = grid_of(rows)
    began = time.process_time()
    assert find_form(grid, with_columns(huantai))
    assert time.process_time() - began < 3


@pytest.mark.parametrize(
    ("value", "number"),
    [
        ("C12", "c12"), ("c 12、", "c12"), ("（3）", "3"), ("第3条", "3"), (1.1, "1.1"),
        ("１.１", "1.1"), (11.0, "11"), ("", ""), (None, ""), (True, ""), ("1" * 32_000, ""),
    ],
    ids=lambda one: repr(one)[:10],
)  # fmt: skip
def test_numbers_are_known_as_forms_print_them(value: Any, number: str) -> None:
    """In brackets or not, as text or number."""
    assert printed_number(value) == number


def test_columns_of_texts_are_told_apart_by_what_stands_in_brackets(huantai: Campaign) -> None:
    """Where names differ in brackets alone, headings must too; otherwise more may stand there."""
    campaign = with_columns(huantai, entry_columns=("说明（一）", "说明（二）"))
    columns = {"县核定分": GOOD, "说明（二）": WHY, "说明（一）": EMPTY}
    assert several(campaign, **columns).entries == (9, 8)
    assert several(campaign, **{"县核定分": GOOD, "说明（请写明）": WHY}).entries == (8, None)
