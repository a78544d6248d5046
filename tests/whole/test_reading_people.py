"""What people make of a form: read where it is plain, told where it is not, never guessed."""

import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.worksheet.worksheet import Worksheet

from greenxl.campaign.checks import load
from greenxl.campaign.model import Campaign
from greenxl.campaign.tables import shipped
from greenxl.form.blank import blank
from greenxl.report.book import consolidate
from greenxl.returns.reader import Reading, read_bytes
from greenxl.rounds.evaluate import evaluate
from greenxl.scoring.checking import Checked, check
from greenxl.scoring.score import judge
from greenxl.scoring.tables import build
from greenxl.sendback.copies import correction_copies
from tests.tools.office import Office

Rows = list[list[Any]]
SCORES = [round(0.5 + 0.2 * index, 2) for index in range(20)]
"""A different one for each criterion, so that no two cells are confused."""
PLACE = [["社区名称：永安社区"]]
HEAD = ["内容", "创建标准", "", "标准分"]


def body(campaign: Campaign, *scores: Sequence[Any]) -> Rows:
    """The criteria, each with as many scores as are given."""
    beside = zip(*scores, strict=True)
    return [
        ["", c.number, c.text, float(c.points), *s] for c, s in zip(campaign.criteria, beside, strict=True)
    ]


def body_of(campaign: Campaign, *values: Sequence[Any]) -> Rows:
    """The criteria without their points, each with what is given."""
    return [
        ["", c.number, c.text, *v] for c, v in zip(campaign.criteria, zip(*values, strict=True), strict=True)
    ]


def form(campaign: Campaign, place: Rows = PLACE, scores: Sequence[Any] = SCORES) -> Rows:
    return [*place, [*HEAD, "得分"], *body(campaign, scores), ["合计分值", "", "", 100, sum(scores)]]


def book(sheets: Mapping[str, Rows]) -> bytes:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"strings_to_formulas": False}) as made:
        for name, rows in sheets.items():
            sheet = made.add_worksheet(name)
            for index, row in enumerate(rows):
                sheet.write_row(index, 0, row)
    return buffer.getvalue()


def read(rows: Rows, campaign: Campaign, name: str = "Sheet1") -> Reading:
    return read_bytes("x.xlsx", book({name: rows}), campaign)


def checked(rows: Rows, campaign: Campaign, name: str = "Sheet1") -> Checked:
    (sheet,) = read(rows, campaign, name).sheets
    return check(sheet, campaign)


def arrived(one: Checked) -> list[float]:
    return [float(score.value) for score in one.scores if score.value is not None]


def codes(one: Checked) -> list[str]:
    return [found.code for found in one.findings]


def columns(rows: Rows, order: Sequence[int]) -> Rows:
    return [[(row + [""] * 9)[column] for column in order] for row in rows]


def issued(
    campaign: Campaign, change: Callable[[openpyxl.Workbook, Worksheet], None] = lambda book, sheet: None
) -> bytes:
    """A blank for 永安社区 and 新民社区, the first filled in, changed afterwards."""
    communities = campaign.communities_of("索镇")[:2]
    scores = {communities[0]: [Decimal(str(score)) for score in SCORES]}
    made = openpyxl.load_workbook(io.BytesIO(blank(campaign, "索镇", communities, scores=scores)))
    change(made, made.worksheets[1])
    buffer = io.BytesIO()
    made.save(buffer)
    return buffer.getvalue()


def first(data: bytes, campaign: Campaign) -> tuple[Reading, Checked]:
    reading = read_bytes("x.xlsx", data, campaign)
    return reading, check(reading.sheets[0], campaign)


# Which column holds the scores

OTHER = [5.0] * 20
NOTES = ["见附件"] * 20

PLAIN: dict[str, tuple[list[str], list[Sequence[Any]]]] = {
    "the-final-of-three": ([*HEAD, "自评得分", "复核得分", "得分"], [OTHER, OTHER, SCORES]),
    "after-last-year": ([*HEAD, "上年得分", "得分"], [OTHER, SCORES]),
    "after-evidence": ([*HEAD, "佐证材料", "得分"], [NOTES, SCORES]),
    "after-reasons": ([*HEAD, "得分依据", "得分"], [NOTES, SCORES]),
    "after-rates": ([*HEAD, "得分率", "得分"], [[0.5] * 20, SCORES]),
    "after-deductions": ([*HEAD, "扣分", "得分"], [OTHER, SCORES]),
    "before-reasons": ([*HEAD, "得 分", "扣分原因"], [SCORES, NOTES]),
    "the-filled-of-two": ([*HEAD, "得分", "得分"], [[""] * 20, SCORES]),
}


@pytest.mark.parametrize(("head", "scores"), PLAIN.values(), ids=PLAIN)
def test_the_column_headed_score_is_read(
    huantai: Campaign, head: list[str], scores: list[Sequence[Any]]
) -> None:
    """Whatever stands beside it, the column with the form's own heading counts."""
    one = checked([*PLACE, head, *body(huantai, *scores)], huantai)
    assert (arrived(one), codes(one)) == (SCORES, [])


UNCLEAR: dict[str, tuple[Rows, list[Sequence[Any]], str]] = {
    "self-and-review": ([[*HEAD, "自评得分", "复核得分"]], [OTHER, SCORES], "E2 自评得分、F2 复核得分"),
    "in-brackets": ([[*HEAD, "得分（自评）", "得分(复核)"]], [OTHER, SCORES], "E2 得分（自评）、F2 得分(复核)"),  # noqa: E501
    "twice": ([[*HEAD, "得分", "得分"]], [OTHER, SCORES], "E2 得分、F2 得分"),
    "years": ([[*HEAD, "2020年得分", "2021年得分"]], [OTHER, SCORES], "E2 2020年得分、F2 2021年得分"),
    "two-rows": ([[*HEAD, "得分"], ["", "", "", "", "自评", "复核"]], [OTHER, SCORES], "E2 得分、F2"),
    "deductions": ([[*HEAD, "扣分"]], [SCORES], "E2 扣分"),
    "only-self-filled": ([[*HEAD, "自评得分", "复核得分"]], [SCORES, [""] * 20], "E2 自评得分、F2 复核得分"),
    "one-column-on": ([[*HEAD, "得分"]], [[""] * 20, SCORES], "E2 得分、F2"),
    "review-by-another-word": ([[*HEAD, "自评得分", "县级复核"]], [OTHER, SCORES], "E2 自评得分、F2 县级复核"),  # noqa: E501
    "under-a-common-word": (
        [["内容", "创建标准", "", "标准分", "评价情况"], ["", "", "", "", "自评分", "复核"]],
        [OTHER, SCORES],
        "E3 自评分、F3 复核",
    ),
    "blank-beside-self": ([[*HEAD, "自评得分", "得分"]], [SCORES, [""] * 20], "F2 得分、E2 自评得分"),
}  # fmt: skip


@pytest.mark.parametrize(("head", "scores", "found"), UNCLEAR.values(), ids=UNCLEAR)
def test_a_score_column_that_is_not_plain_is_asked_for(
    huantai: Campaign, head: Rows, scores: list[Sequence[Any]], found: str
) -> None:
    """Nobody's self-assessment, last year or deduction becomes a score; the columns are named."""
    one = checked([*PLACE, *head, *body(huantai, *scores)], huantai)
    assert one.community is not None
    assert (arrived(one), one.total, one.returned) == ([], None, True)
    (told,) = one.findings
    assert (told.code, told.found) == ("score-column-unclear", found)


EXTRA = (
    "自评得分",
    "上年得分",
    "复核分",
    "扣分",
    "得分率",
    "得分依据",
    "佐证材料",
    "备注",
    "权重",
    "次数",
    "",
)
KINDS = st.sampled_from(["numbers", "texts", "blank", "points"])
CAMPAIGN = load(shipped())


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from(EXTRA), KINDS), max_size=4),
    st.sampled_from(
        ["得分", "得分（分）", "得 分", "得分（复核）", "实得分", "评分", "分数", "县级复核", "扣分", ""]
    ),
    st.randoms(use_true_random=False),
)
def test_whatever_columns_are_added_no_other_number_becomes_a_score(
    extra: list[tuple[str, str]], heading: str, draw: Any
) -> None:
    """In any order, with any columns of numbers and texts beside: the scores, or none and an error.

    Only a column that is headed like the scores may be meant where theirs is not.
    """
    made: dict[str, Callable[[], list[Any]]] = {
        "numbers": lambda: [draw.choice([0, 1, 2.5, 4, 5]) for _ in SCORES],
        "texts": lambda: NOTES,
        "blank": lambda: [""] * 20,
        "points": lambda: OTHER,
    }
    columns = [(heading, SCORES), ("标准分", OTHER), *((title, made[kind]()) for title, kind in extra)]
    draw.shuffle(columns)
    head = ["内容", "序号", "创建标准", *(title for title, _values in columns)]
    rows = [*PLACE, head, *body_of(CAMPAIGN, *(values for _title, values in columns))]
    reading = read(rows, CAMPAIGN)
    found = [check(sheet, CAMPAIGN) for sheet in reading.sheets]
    assert len(found) + len(reading.findings) == 1
    for one in found:
        assert arrived(one) == (SCORES if one.total else [])
        assert one.total or "score-column-unclear" in codes(one)
    if heading.startswith(("得分", "得 分")) and "复核" not in heading:
        assert found[0].total


def test_scores_typed_over_the_points_are_not_lost(huantai: Campaign) -> None:
    """A blank score column beside changed points is asked about, not taken for an empty form."""
    rows = [*PLACE, [*HEAD, "得分"], *([*row[:3], row[4]] for row in body(huantai, SCORES))]
    (told,) = checked(rows, huantai).findings
    assert (told.code, told.found) == ("score-column-unclear", "E2 得分、D2 标准分")


@pytest.mark.parametrize(
    ("headings", "warned"),
    [
        (("标准分", "得分"), []),
        (("标 准 分（100分）", "得　分\n（分）"), []),
        (("应得分", "实得分"), ["heading-changed"]),
        (("分值", "评分"), ["heading-changed"]),
        (("满分", "自评得分"), ["heading-changed"]),
    ],
    ids=["plain", "spaced", "earned", "grades", "self"],
)
def test_the_only_score_column_is_read_under_another_heading(
    huantai: Campaign, headings: tuple[str, str], warned: list[str]
) -> None:
    """One column that is headed like a score is plain; that its heading is another is said."""
    one = checked([*PLACE, ["内容", "创建标准", "", *headings], *body(huantai, SCORES)], huantai)
    assert (arrived(one), codes(one)) == (SCORES, warned)


@pytest.mark.parametrize(
    "lower", [["", "", "", "（100分）", "（分）"], ["", "", "", "", "分"]], ids=["unit", "split-word"]
)
def test_a_heading_may_be_split_over_two_rows(huantai: Campaign, lower: list[str]) -> None:
    """「得分」 over 「（分）」, and 「得」 over 「分」, head the scores."""
    upper = [*HEAD, "得" if lower[4] == "分" else "得分"]
    one = checked([*PLACE, upper, lower, *body(huantai, SCORES)], huantai)
    assert (arrived(one), codes(one)) == (SCORES, [])


ORDERS = {
    "scores-before-points": [0, 1, 2, 4, 3],
    "scores-before-criteria": [0, 1, 4, 2, 3],
    "numbers-after-criteria": [0, 2, 1, 3, 4],
    "no-points": [0, 1, 2, 4],
}


@pytest.mark.parametrize("order", ORDERS.values(), ids=ORDERS)
def test_columns_may_stand_in_any_order(huantai: Campaign, order: list[int]) -> None:
    """Headings say what a column is, wherever it stands."""
    one = checked(columns(form(huantai), order), huantai)
    assert (arrived(one), codes(one)) == (SCORES, [])


@pytest.mark.parametrize(
    "order", [[0, 1, 2, 3, 4], [0, 2, 1, 3, 4], [0, 1, 2, 3, 5, 4]], ids=["form", "numbers-last", "evidence"]
)
def test_without_headings_the_only_column_of_numbers_is_read(huantai: Campaign, order: list[int]) -> None:
    """Neither the criteria's numbers nor texts are taken for scores, and the label right above is seen."""
    one = checked(columns([*PLACE, *body(huantai, SCORES, NOTES)], order), huantai)
    assert one.community is not None
    assert (arrived(one), codes(one)) == (SCORES, [])


def test_scores_below_their_criteria_are_not_lost(huantai: Campaign) -> None:
    """Two rows for each criterion, the score in the lower: asked about, not taken for an empty form."""
    rows = [part for row in body(huantai, SCORES) for part in (row[:4], ["", "", "", "", row[4]])]
    (told,) = checked([*PLACE, [*HEAD, "得分"], *rows], huantai).findings
    assert (told.code, told.found) == ("score-column-unclear", "E2 得分")


def test_without_headings_the_points_alone_are_no_scores(huantai: Campaign) -> None:
    """One column of fives may be the points or full marks: it is asked for, neither 100 nor nothing."""
    reading = read([*PLACE, *(row[:4] for row in body(huantai, SCORES))], huantai)
    assert [(f.code, f.found) for f in reading.findings] == [("no-score-column", "得分（分）")]


# The shape of the sheet


def test_two_forms_on_a_sheet_are_refused(huantai: Campaign) -> None:
    """Stacked or side by side: the second form is not lost, nor is the first believed."""
    one, two = form(huantai), form(huantai, [["社区名称：新民社区"]], [1.0] * 20)
    beside = [(a + [""] * 6)[:6] + b for a, b in zip(one, two, strict=True)]
    for rows, found in ((one + two, "C3、C26"), (beside, "C3、I3")):
        reading = read(rows, huantai)
        assert [(f.code, f.cell, f.found) for f in reading.findings] == [("forms-several", "C3", found)]
        assert (reading.sheets, reading.entry.outcome) == ((), "rejected")


def test_a_table_of_another_shape_is_refused(huantai: Campaign) -> None:
    """Communities across, criteria across, criteria in two blocks: none is misread, each is told."""
    towns = ["永安社区", "新民社区", "西镇社区"]
    wide = [*PLACE, [*HEAD, *towns], *body(huantai, OTHER, SCORES, OTHER)]
    below = [*PLACE, [*HEAD, "得分"], ["", "", "", "", *towns], *body(huantai, OTHER, SCORES, OTHER)]
    long: Rows = [["社区", *(c.text for c in huantai.criteria)], ["永安社区", *SCORES], ["新民社区", *SCORES]]
    half = body(huantai, SCORES)
    blocks = [*PLACE, [*HEAD, "得分"] * 2, *(a + b for a, b in zip(half[:10], half[10:], strict=True))]
    for rows in (wide, below, long, blocks):
        reading = read(rows, huantai, "永安社区")
        assert [f.code for f in reading.findings] == ["form-across"]
        assert reading.sheets == ()


def test_criteria_split_over_two_sheets_are_told(huantai: Campaign) -> None:
    """The smaller part is no silent leftover."""
    rows = body(huantai, SCORES)
    head = [*PLACE, [*HEAD, "得分"]]
    reading = read_bytes("x.xlsx", book({"上": head + rows[:9], "下": head + rows[9:]}), huantai)
    assert [(f.code, f.sheet, f.found) for f in reading.findings] == [("form-partial", "上", "9")]
    assert codes(check(reading.sheets[0], huantai)) == ["criterion-missing"] * 9


def test_subtotals_headings_and_repeated_headers_are_no_criteria(huantai: Campaign) -> None:
    """A person's own rows between the groups neither end the form nor are called invented criteria."""
    rows = body(huantai, SCORES)
    between: Rows = [
        ["合计", "", "", 20, 3],
        ["", "", "小计", 20, 3],
        [*HEAD, "得分"],
        ["", "", "二、推进社区基础设施绿色化"],
    ]
    total = ["总计", "", "", 100, sum(SCORES)]
    one = checked([*PLACE, [*HEAD, "得分"], *rows[:4], *between, *rows[4:], total], huantai)
    assert (arrived(one), codes(one)) == (SCORES, [])
    assert one.sheet.total is not None
    assert one.sheet.total.address == "E27"


def test_a_consolidated_workbook_is_no_return(huantai: Campaign, tmp_path: Path) -> None:
    """Its analysis has every criterion with numbers beside it; put among the returns, it is skipped."""
    (tmp_path / "x.xlsx").write_bytes(issued(huantai))
    result = evaluate(huantai, [tmp_path])
    report = read_bytes(
        "report.xlsx", consolidate(result, build(huantai, result.choices), date(2021, 9, 30)), huantai
    )
    assert (report.entry.outcome, [f.code for f in report.findings]) == ("skipped", ["skipped-report"])


def test_a_criterion_typed_one_cell_off_keeps_its_score(huantai: Campaign) -> None:
    """Its row tells which score is its own."""
    rows = form(huantai)
    rows[8][1:3] = [rows[8][2], ""]
    one = checked(rows, huantai)
    assert (arrived(one), codes(one)) == (SCORES, [])


def test_columns_cut_off_before_the_criteria_do_no_harm(huantai: Campaign) -> None:
    """Where group and number columns were deleted, there is nothing left of the criteria to look at."""

    def change(_book: openpyxl.Workbook, sheet: Worksheet) -> None:
        for merged in list(sheet.merged_cells.ranges):
            sheet.unmerge_cells(str(merged))
        sheet.delete_cols(1, 2)

    assert arrived(first(issued(huantai, change), huantai)[1]) == SCORES


# The criteria

WRITTEN: dict[str, Callable[[int, str], str]] = {
    "full-stop": lambda number, text: f"{text}。",
    "line-breaks": lambda number, text: f"{text[:8]}\n{text[8:]}",
    "half-width": lambda number, text: text.replace("，", ",").replace("、", "､"),
    "quotes": lambda number, text: text.replace("“", "＂").replace("”", '"'),
    "points-behind": lambda number, text: f"{text}（5分）",
    "number-and-space": lambda number, text: f"{number} {text}",
    "circled": lambda number, text: f"{chr(0x245F + number)}{text}",
    "chinese-numeral": lambda number, text: f"{'一二三四五六七八九十'[number % 10]}、{text}",
    "two-level-number": lambda number, text: f"1.{number} {text}",
}


@pytest.mark.parametrize("write", WRITTEN.values(), ids=WRITTEN)
def test_a_criterion_is_known_however_it_is_written(
    huantai: Campaign, write: Callable[[int, str], str]
) -> None:
    """Punctuation, a number before and the points behind are not what a criterion says."""
    rows = body(huantai, SCORES)
    for row in rows:
        row[2] = write(row[1], row[2])
    one = checked([*PLACE, [*HEAD, "得分"], *rows], huantai)
    assert (arrived(one), codes(one)) == (SCORES, [])


def test_a_decimal_point_is_no_punctuation(huantai: Campaign) -> None:
    """「1.5分钟」 is not 「15分钟」: the changed criterion is told."""
    rows = form(huantai)
    rows[14][2] = rows[14][2].replace("15分钟", "1.5分钟")
    one = checked(rows, huantai)
    assert (arrived(one), [(f.code, f.cell) for f in one.findings]) == (
        SCORES,
        [("criterion-changed", "C15")],
    )


def test_a_reworded_criterion_near_to_two_is_nobodys(other: Campaign) -> None:
    """Deleted, renumbered and reworded: a text between two criteria is not given to the one of its number."""
    place: Rows = [["社区：沙田社区"], [*HEAD, "得分"]]
    rows = body(other, [1.0] * 16)
    del rows[2]
    for index, row in enumerate(rows, 1):
        row[1] = index
    rows[2][2] = rows[2][2].replace("第4条要求", "要求")
    one = checked([*place, *rows], other)
    assert sorted(codes(one)) == ["criterion-extra", "criterion-missing", "criterion-missing"]
    rows[2][1] = 4
    assert "criterion-changed" in codes(checked([*place, *rows], other))


def test_short_criteria_and_those_called_like_a_total_are_read(huantai: Campaign) -> None:
    """A standard of one or two characters each, 「合计」 and 「得分」 among them, is read row by row."""
    words = ["水", "电", "合计", "得分", "小计", "水电", "电水", "水。电", "内容", "满分"] * 2
    texts = [word if index < 10 else f"{word}乙" for index, word in enumerate(words)]
    renamed = [replace(c, text=text) for c, text in zip(huantai.criteria, texts, strict=True)]
    groups = tuple(
        replace(group, criteria=tuple(c for c in renamed if c.group == index))
        for index, group in enumerate(huantai.groups)
    )
    campaign = replace(huantai, groups=groups)
    one = checked(form(campaign), campaign)
    assert (arrived(one), codes(one)) == (SCORES, [])


# The community

NAMED: dict[str, Rows] = {
    "two-cells-on": [["社区名称", "", "永安社区"]],
    "below": [["社区名称", "所属街道（镇）", "填报人"], ["永安社区", "索镇", "张三"]],
    "no-colon": [["社区名称 永安社区"]],
    "bare-cell": [["绿色社区创建"], ["永安社区"]],
    "both-in-a-cell": [["所属街道（镇）：索镇    社区名称：永安社区"]],
    "with-the-writer": [["社区名称：永安社区 填报人：张三"]],
    "label-with-seal": [["社区名称（盖章）：永安社区"]],
    "name-with-seal": [["社区名称：永安社区（公章）"]],
    "underlined": [["社区名称：___永安社区___"]],
    "starred": [["*社区名称：“永安社区”"]],
    "unit": [["填报单位：永安社区"]],
    "unit-is-town": [["填报单位：索镇"], ["永安社区"]],
    "town-before": [["社区名称：索镇永安社区"]],
    "county-before": [["社区名称：桓台县索镇街道永安社区居委会"]],
    "committee": [["社区名称：永安社区居民委员会"]],
    "short": [["社区名称：永安"]],
    "label-left-empty": [["社区名称", "", "", "所属街道（镇）", "索镇"], ["永安社区"]],
}


@pytest.mark.parametrize("place", NAMED.values(), ids=NAMED)
def test_a_community_is_known_as_people_write_it(huantai: Campaign, place: Rows) -> None:
    """Beside, below or within its label; with its town, its committee, a seal, or shortened."""
    one = checked(form(huantai, place), huantai)
    assert one.community is not None
    assert (one.community.name, codes(one)) == ("永安社区", [])


def test_an_empty_label_is_not_filled_with_the_next_one(huantai: Campaign) -> None:
    """「社区名称」 without a name, beside 「所属街道（镇）」: the name of the sheet speaks."""
    one = checked(form(huantai, [["社区名称", "", "", "所属街道（镇）", "索镇"]]), huantai, "永安社区")
    assert one.community is not None
    assert (one.community.name, codes(one)) == ("永安社区", [])


def test_a_town_is_not_the_community_called_after_it(huantai: Campaign) -> None:
    """Where 索镇社区 is in the roster, 「索镇」 is still the town."""
    renamed = [replace(c, name="索镇社区") if c.name == "新民社区" else c for c in huantai.communities]
    campaign = replace(huantai, communities=tuple(renamed))
    one = checked(form(campaign, [["社区名称", "永安社区", "所属街道（镇）", "索镇"]]), campaign)
    assert one.community is not None
    assert one.community.name == "永安社区"
    assert codes(checked(form(campaign, [["社区名称：索镇"]]), campaign)) == ["community-unknown"]


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("果里镇永安社区", "community-unknown"),
        ("小永安社区", "community-unknown"),
        ("索镇", "community-unknown"),
    ],
)
def test_a_name_that_may_be_anothers_is_not_stretched(huantai: Campaign, name: str, code: str) -> None:
    """Another town before it, or more before it than a town, makes it no name of the roster."""
    one = checked(form(huantai, [[f"社区名称：{name}"]]), huantai)
    assert (one.community, codes(one)) == (None, [code])


@pytest.mark.parametrize(
    "sheet", ["永安社区 (2)", "永安社区（3）", "16永安社区", "16.永安社区", "永安", "索镇-永安社区"]
)
def test_a_sheet_may_be_called_after_its_community(huantai: Campaign, sheet: str) -> None:
    """Copies and counted names speak for their community where no label does."""
    one = checked(form(huantai, [["绿色社区"]]), huantai, sheet)
    assert one.community is not None
    assert one.community.name == "永安社区"


def test_a_sheet_that_names_two_communities_counts_for_neither(huantai: Campaign) -> None:
    """One label above the form and another one below it, forgotten in copying."""
    one = checked([*form(huantai), ["社区（盖章）：新民社区"]], huantai)
    assert one.community is None
    assert [(f.code, f.message("en")) for f in one.findings] == [
        (
            "community-twice",
            "The sheet names two communities, “永安社区” and “新民社区”; it counts for neither. "
            "Leave the name of one.",
        )
    ]


def test_a_sheet_called_after_another_community_than_it_names_counts_for_neither(huantai: Campaign) -> None:
    """A copied form whose label or sheet name was forgotten is asked about."""
    one = checked(form(huantai), huantai, "新民社区")
    assert one.community is None
    assert [(f.code, f.cell) for f in one.findings] == [("community-label-differs", "A1")]
    assert "“新民社区” but names “永安社区”; it counts for neither" in one.findings[0].message("en")


# The identity


def set_identity(row: int, column: int, value: str | None) -> Callable[[openpyxl.Workbook, Worksheet], None]:
    def change(made: openpyxl.Workbook, _sheet: Worksheet) -> None:
        made["_greenxl"].cell(row, column).value = value

    return change


@pytest.mark.parametrize(
    ("place", "value", "told"),
    [
        ((1, 2), "2", ["form-version"]),
        ((3, 2), "0" * 16, ["standard-changed"]),
        ((3, 1), None, ["identity-damaged", "sheet-ignored"]),
        ((5, 2), "火星镇", []),
        ((6, 3), "9" * 5000, []),
        ((6, 3), "17", []),
    ],
    ids=["newer-form", "older-standard", "half-deleted", "unknown-town", "endless-number", "renumbered"],
)
def test_an_identity_that_does_not_fit_is_told_and_the_form_read(
    huantai: Campaign, place: tuple[int, int], value: str | None, told: list[str]
) -> None:
    """What stands on the sheet counts; what the hidden sheet says against the campaign is a warning."""
    reading, one = first(issued(huantai, set_identity(*place, value)), huantai)
    assert one.community is not None
    assert (one.community.name, arrived(one), codes(one)) == ("永安社区", SCORES, [])
    assert [f.code for f in reading.findings] == told


def test_a_form_distributed_before_every_criterion_was_reworded_is_read(huantai: Campaign) -> None:
    """Its identity says that it is the campaign's form, so near texts are looked for, and told."""

    def change(_book: openpyxl.Workbook, sheet: Worksheet) -> None:
        for row in range(4, 24):
            sheet.cell(row, 3).value = f"{sheet.cell(row, 3).value}等"

    one = first(issued(huantai, change), huantai)[1]
    assert (arrived(one), codes(one)) == (SCORES, ["criterion-changed"] * 20)


# What is shown and what is stored


@pytest.mark.parametrize("shape", ["0%", "0.00%", '0.0"约"%'])
@pytest.mark.parametrize("suffix", [".xlsx", ".xls", ".ods"])
def test_a_percentage_is_no_score(
    office: Office, tmp_path: Path, huantai: Campaign, shape: str, suffix: str
) -> None:
    """80% is stored as 0.8, which would pass for a score of 0.8 out of 5."""

    def change(_book: openpyxl.Workbook, sheet: Worksheet) -> None:
        sheet["E4"] = 0.8
        sheet["E4"].number_format = shape

    (tmp_path / "made.xlsx").write_bytes(issued(huantai, change))
    office.convert(tmp_path / "made.xlsx", tmp_path / "returned" / f"x{suffix}")
    result = evaluate(huantai, [tmp_path / "returned"])
    told = [(f.code, f.cell, f.found) for f in result.findings if f.code.startswith("score-")]
    assert told == [("score-percent", "E4", "80%")]
    assert next(c.status for c in result.choices if c.community.name == "永安社区") == "invalid"


def test_a_percentage_does_not_come_back_as_a_score(huantai: Campaign, tmp_path: Path) -> None:
    """The correction copy shows no 0.8 that would count if it were returned untouched."""

    def change(_book: openpyxl.Workbook, sheet: Worksheet) -> None:
        sheet["E4"] = 0.8
        sheet["E4"].number_format = "0%"

    (tmp_path / "x.xlsx").write_bytes(issued(huantai, change))
    result = evaluate(huantai, [tmp_path])
    (copy,) = correction_copies(result)
    cell = openpyxl.load_workbook(io.BytesIO(copy.data))["永安社区"]["E4"]
    assert (cell.value, cell.number_format) == (None, "General")


@pytest.mark.parametrize("shape", ['"¥"#,##0.00', "0.00E+00", "# ?/?", '0"分"', '0" 100%"'])
def test_other_formats_change_nothing(huantai: Campaign, shape: str) -> None:
    """Money, exponents, fractions and units show the number that is stored."""

    def change(_book: openpyxl.Workbook, sheet: Worksheet) -> None:
        sheet["E4"].number_format = shape

    assert arrived(first(issued(huantai, change), huantai)[1]) == SCORES


@pytest.mark.parametrize(
    ("value", "mark", "found"),
    [
        (-0.0, "accepted", "0"),
        (5.5e-17, "accepted", "0"),
        (4.4999999999999996, "accepted", "4.5"),
        ("\u200b4.5", "accepted", "4.5"),
        ("4.5 分", "accepted", "4.5"),
        (10 / 3, "wrong", None),
        ("+5", "wrong", None),
        ("1²", "wrong", None),
        ("⑤", "wrong", None),
        ("4½", "wrong", None),
        ("4,5", "wrong", None),
        ("80%", "wrong", None),
    ],
    ids=repr,
)
def test_noise_is_no_decimal_and_a_sign_no_digit(value: Any, mark: str, found: str | None) -> None:
    """What a spreadsheet shows as 0 is 0; 「1²」 is not 12."""
    score, _code = judge(value, Decimal(20))
    assert (score.mark, score.value) == (mark, Decimal(found) if found else None)


def test_a_total_typed_as_text_is_compared_too(huantai: Campaign) -> None:
    """「90分」 is a statement like 90."""
    rows = form(huantai)
    rows[-1][4] = "90分"
    assert codes(checked(rows, huantai)) == ["total-differs"]
