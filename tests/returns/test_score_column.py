"""Which column holds the scores: by headings and contents; what is not plain is asked for, never guessed."""

from collections.abc import Sequence
from typing import Any

import pytest

from greenxl.campaign.model import Campaign
from greenxl.returns.criteria_text import CriteriaIndex
from greenxl.returns.model import Grid, Hit
from greenxl.returns.score_column import Columns, Header, bare, find_columns
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
