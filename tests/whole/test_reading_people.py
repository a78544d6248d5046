"""What people make of a form, from the workbook to its scores: read where it is plain, told where not."""

import io
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.worksheet.worksheet import Worksheet

from greenxl.campaign import shipped
from greenxl.campaign.checks import load
from greenxl.campaign.model import Campaign
from greenxl.form.blank import blank
from greenxl.returns.reader import Reading, read_bytes
from greenxl.rounds.evaluate import Round, evaluate
from greenxl.scoring.checking import Checked, check
from tests.tools.copies import copies_of
from tests.tools.office import Office
from tests.tools.typed_forms import HEAD, PLACE, SCORES, Rows, body, form, workbook_of

OTHER = [5.0] * 20
NOTES = ["见附件"] * 20


def read(rows: Rows, campaign: Campaign, name: str = "Sheet1") -> Reading:
    return read_bytes("x.xlsx", workbook_of({name: rows}), campaign)


def checked(rows: Rows, campaign: Campaign, name: str = "Sheet1") -> Checked:
    (sheet,) = read(rows, campaign, name).sheets
    return check(sheet, campaign)


def arrived(one: Checked) -> list[float]:
    return [float(score.value) for score in one.scores if score.value is not None]


def codes(one: Checked) -> list[str]:
    return [found.code for found in one.findings]


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


def first(data: bytes, campaign: Campaign) -> Checked:
    return check(read_bytes("x.xlsx", data, campaign).sheets[0], campaign)


# Which column holds the scores


@pytest.mark.parametrize(
    ("head", "scores", "found"),
    [
        ([*HEAD, "自评得分", "复核得分"], [OTHER, SCORES], "E2 自评得分、F2 复核得分"),
        ([*HEAD, "得分"], [[""] * 20, SCORES], "E2 得分、F2"),
        ([*HEAD, "自评得分", "得分"], [SCORES, [""] * 20], "F2 得分、E2 自评得分"),
    ],
    ids=["self and review", "one column on", "blank beside self"],
)
def test_a_score_column_that_is_not_plain_is_asked_for(
    huantai: Campaign, head: list[str], scores: list[Sequence[Any]], found: str
) -> None:
    """The form is nobody's empty return, and none of its numbers is a score; the columns are named."""
    one = checked([*PLACE, head, *body(huantai, *scores)], huantai)
    assert one.community is not None
    assert (arrived(one), one.total, one.returned) == ([], None, True)
    (told,) = one.findings
    assert (told.code, told.found) == ("score-column-unclear", found)


def test_scores_under_another_heading_count_and_it_is_told(huantai: Campaign) -> None:
    """The only column that is headed like a score is plain."""
    one = checked([*PLACE, [*HEAD, "自评得分"], *body(huantai, SCORES)], huantai)
    assert (arrived(one), codes(one)) == (SCORES, ["heading-changed"])


def test_a_review_beside_the_scores_is_told_at_its_cells(huantai: Campaign) -> None:
    """The column that is headed as it was issued counts, and nobody is sure that it is meant."""
    review = [4.5, "", "3分", *[""] * 17]
    one = checked([*PLACE, [*HEAD, "得分", "街道复核"], *body(huantai, SCORES, review)], huantai)
    assert arrived(one) == SCORES
    (told,) = one.findings
    assert (told.code, told.cells, told.found) == ("scores-beside", ("F3", "F5"), "F3 4.5、F5 3分")


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

    Only a column that is headed like the scores may be meant where theirs is not; a further column that is
    headed so and filled is told.
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
    rows = [
        *PLACE,
        head,
        *body(CAMPAIGN, *(values for _title, values in columns), points=False),
    ]
    reading = read(rows, CAMPAIGN)
    found = [check(sheet, CAMPAIGN) for sheet in reading.sheets]
    doubts = [one for one in reading.findings if one.code != "identity-missing"]
    assert len(found) + len(doubts) == 1
    for one in found:
        assert arrived(one) == (SCORES if one.total else [])
        unclear = {"score-column-unclear", "score-column-doubtful"}
        assert one.total or unclear & {*codes(one)}
    if heading.startswith(("得分", "得 分")) and "复核" not in heading:
        assert found[0].total
        second = any(title.endswith("得分") or title == "复核分" for title, kind in extra if kind != "blank")
        assert not second or "scores-beside" in codes(found[0])


# The shape of the sheet


def test_columns_cut_off_before_the_criteria_do_no_harm(huantai: Campaign) -> None:
    """Where group and number columns were deleted, there is nothing left of the criteria to look at."""

    def change(_book: openpyxl.Workbook, sheet: Worksheet) -> None:
        for merged in list(sheet.merged_cells.ranges):
            sheet.unmerge_cells(str(merged))
        sheet.delete_cols(1, 2)

    assert arrived(first(issued(huantai, change), huantai)) == SCORES


def test_a_reworded_criterion_near_to_two_is_told_missing(other: Campaign) -> None:
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


def test_a_changed_number_is_a_changed_criterion(huantai: Campaign) -> None:
    """「1.5分钟」 is not 「15分钟」: the criterion is known by its likeness, and told."""
    rows = form(huantai)
    rows[14][2] = rows[14][2].replace("15分钟", "1.5分钟")
    one = checked(rows, huantai)
    assert arrived(one) == SCORES
    assert [(f.code, f.cell) for f in one.findings] == [("criterion-changed", "C15")]


# The community


@pytest.mark.parametrize("sheet", ["永安社区", "永安社区 (2)", "16.永安社区", "永安", "索镇-永安社区"])
@pytest.mark.parametrize(
    "place",
    [[["绿色社区"]], [["社区名称", "", "", "所属街道（镇）", "索镇"]]],
    ids=["no label", "label left empty"],
)
def test_a_sheet_may_be_called_after_its_community(huantai: Campaign, sheet: str, place: Rows) -> None:
    """Copies and counted names speak for their community where no label does."""
    one = checked(form(huantai, place), huantai, sheet)
    assert one.community is not None
    assert (one.community.name, codes(one)) == ("永安社区", [])


@pytest.mark.parametrize("name", ["果里镇永安社区", "小永安社区", "索镇", "永安社区居委会大院"])
def test_a_name_that_may_be_anothers_is_not_stretched(huantai: Campaign, name: str) -> None:
    """Another town before it, or more around it than town and committee, makes it no name of the roster."""
    one = checked(form(huantai, [[f"社区名称：{name}"]]), huantai)
    assert (one.community, codes(one)) == (None, ["community-unknown"])


def test_a_sheet_that_names_two_communities_counts_for_neither(huantai: Campaign) -> None:
    """One label above the form and another one below it, forgotten in copying."""
    one = checked([*form(huantai), ["社区（盖章）：新民社区"]], huantai)
    assert one.community is None
    assert [(f.code, f.message("en")) for f in one.findings] == [
        (
            "community-twice",
            "The sheet names two communities, “永安社区” and “新民社区”; it counts for neither. "
            "Keep only one of the names.",
        )
    ]


def test_a_sheet_called_after_another_community_than_it_names_counts_for_neither(huantai: Campaign) -> None:
    """A copied form whose label or sheet name was forgotten is asked about."""
    one = checked(form(huantai), huantai, "新民社区")
    assert one.community is None
    assert [(f.code, f.cell) for f in one.findings] == [("community-label-differs", "A1")]
    assert "“新民社区” but names “永安社区”; it counts for neither" in one.findings[0].message("en")


# What is shown and what is stored


def of_scores(result: Round) -> list[tuple[str, str, str]]:
    return [(f.code, f.cell, f.found) for f in result.findings if f.code.startswith("score-")]


def status(result: Round) -> str:
    return next(c.status for c in result.choices if c.community.name == "永安社区")


@pytest.mark.parametrize("shape", ["0%", "0.00%", '0.0"约"%'])
@pytest.mark.parametrize("suffix", [".xlsx", ".xls", ".ods"])
def test_a_percentage_is_no_score(
    office: Office, tmp_path: Path, huantai: Campaign, shape: str, suffix: str
) -> None:
    """80% is stored as 0.8, which would pass for a score of 0.8 out of 5; it is quoted as it is shown."""

    def change(_book: openpyxl.Workbook, sheet: Worksheet) -> None:
        sheet["E4"] = 0.8
        sheet["E4"].number_format = shape

    (tmp_path / "made.xlsx").write_bytes(issued(huantai, change))
    office.convert(tmp_path / "made.xlsx", tmp_path / "returned" / f"x{suffix}")
    result = evaluate(huantai, [tmp_path / "returned"])
    shown = {"0%": "80%", "0.00%": "80.00%", '0.0"约"%': "80.0约%"}[shape]
    assert (of_scores(result), status(result)) == ([("score-percent", "E4", shown)], "invalid")


SHOWN: Mapping[str, tuple[float, tuple[str, str] | None]] = {
    '"¥"#,##0.00': (4.5, None),
    "0.00E+00": (4.5, None),
    '0.0"分"': (4.5, None),
    "00": (4.0, None),
    '0"分"': (4.5, ("score-rounded", "5分")),
    "0": (4.5, ("score-rounded", "5")),
    '"1"': (4.5, ("score-format", "1")),
    ";;;": (4.5, ("score-format", "")),
    r"0\%": (4.0, ("score-percent", "4%")),
    '0" 100%"': (4.0, ("score-percent", "4 100%")),
    "yyyy-mm-dd": (4.0, ("score-date", "1900-01-04")),
    "aaaa": (4.0, ("score-date", "星期三")),
}


@pytest.mark.parametrize(("shape", "score"), SHOWN.items(), ids=SHOWN)
def test_a_number_counts_as_it_is_shown(
    huantai: Campaign, shape: str, score: tuple[float, tuple[str, str] | None]
) -> None:
    """Money, exponents and units show the number that is stored; what shows another is told or refused."""
    value, told = score

    def change(_book: openpyxl.Workbook, sheet: Worksheet) -> None:
        sheet["E4"], sheet["E4"].number_format = value, shape

    one = first(issued(huantai, change), huantai)
    assert [(f.code, f.found) for f in one.findings if f.cell == "E4"] == ([told] if told else [])
    accepted = told is None or told[0] == "score-rounded"
    assert one.scores[0].value == (Decimal(str(value)) if accepted else None)


def test_a_percentage_does_not_come_back_as_a_score(huantai: Campaign, tmp_path: Path) -> None:
    """The correction copy shows no 0.8 that would count if it were returned untouched."""

    def change(_book: openpyxl.Workbook, sheet: Worksheet) -> None:
        sheet["E4"] = 0.8
        sheet["E4"].number_format = "0%"

    (tmp_path / "x.xlsx").write_bytes(issued(huantai, change))
    result = evaluate(huantai, [tmp_path])
    (copy,) = copies_of(result)
    cell = openpyxl.load_workbook(io.BytesIO(copy.data))["永安社区"]["E4"]
    assert (cell.value, cell.number_format) == (None, "General")
