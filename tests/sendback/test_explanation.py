"""退回说明, the first sheet of a copy: what there is to do, each with a link to its cell."""

import io
from dataclasses import replace

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from greenxl.campaign.model import Campaign
from greenxl.findings import Finding, finding
from greenxl.form.layout import SENDBACK_SHEET
from greenxl.i18n import CHINESE
from greenxl.returns.model import ScoreSheet
from greenxl.sendback.explanation import _ranges
from greenxl.sendback.marks import as_asked
from greenxl.sendback.problems import problems_by_town
from tests.tools.cells import cell
from tests.tools.copies import copies_of
from tests.tools.fitting import too_full
from tests.tools.score_sheets import Scored, round_of_sheets, score_sheet

TOWN = "索镇"


def copy_of(campaign: Campaign, *sheets: ScoreSheet, found: tuple[Finding, ...] = ()) -> bytes:
    [copy] = copies_of(round_of_sheets(campaign, *sheets, found=found))
    return copy.data


def page_of(data: bytes) -> Worksheet:
    return openpyxl.load_workbook(io.BytesIO(data))[SENDBACK_SHEET]


def texts(page: Worksheet) -> list[tuple[str, ...]]:
    """Return the filled cells of each row."""
    return [tuple(str(v) for v in row if v is not None) for row in page.iter_rows(values_only=True)]


def first(campaign: Campaign, *scores: Scored, file: str = "a.xlsx") -> ScoreSheet:
    return score_sheet(campaign.communities_of(TOWN)[0], campaign, scores, file=file)


def test_it_lists_everything_with_links(huantai: Campaign) -> None:
    """A band for each sheet, a row for what is alike, a link to the first of its cells."""
    result = round_of_sheets(huantai, first(huantai, "五", 4.0, None, 4.0, 4.0, None))
    [problems] = problems_by_town(result)
    [text, blank, *_rest] = [one.message(CHINESE) for one in as_asked(problems)]
    page = page_of(copy_of(huantai, first(huantai, "五", 4.0, None, 4.0, 4.0, None)))
    rows = texts(page)
    start = rows.index(("单元格", "原填内容", "问题和处理办法"))
    assert rows[0] == ("索镇评分表退回说明",)
    assert rows[start + 1] == ("永安社区（原件：a.xlsx › 永安社区）",)
    assert rows[start + 2] == ("E4", "五", text)
    assert rows[start + 3][0] == "E6、E9"
    assert blank in {one.message(CHINESE) for one in as_asked(problems)}
    links = {c.value: c.hyperlink.location for row in page.iter_rows() for c in row if c.hyperlink}
    assert links == {"E4": "'永安社区'!E4", "E6、E9": "'永安社区'!E6"}


def test_who_is_missing_is_listed_last(huantai: Campaign) -> None:
    """The copy has their sheets too, to be filled in."""
    rows = texts(page_of(copy_of(huantai, first(huantai, "五"))))
    names = "、".join(c.name for c in huantai.communities_of(TOWN)[1:])
    assert rows[-2:] == [("尚未报送的社区（5 个）",), (f"{names}。请在本簿相应的表中填报。",)]


def test_a_sheet_of_no_community_comes_first_without_a_link(huantai: Campaign) -> None:
    """The introduction says what that means; nothing in the copy belongs to it."""
    unknown = replace(first(huantai), sheet="Sheet1", community=cell("B2", "甲乙社区"))
    wrong = score_sheet(huantai.communities_of(TOWN)[1], huantai, ["五"])
    page = page_of(copy_of(huantai, wrong, unknown))
    rows = texts(page)
    start = rows.index(("单元格", "原填内容", "问题和处理办法"))
    assert rows[start + 1] == ("Sheet1（原件：a.xlsx › Sheet1）",)
    assert rows[start + 2][:2] == ("整张表", "甲乙社区")
    assert any("认不出社区的表没有带入本簿" in text for row in rows for text in row)
    assert [c.coordinate for row in page.iter_rows() for c in row if c.hyperlink] == [f"A{start + 5}"]


@pytest.mark.parametrize(
    ("found", "words"),
    [
        pytest.param((), "原件中评分表以外的内容没有带入本簿。", id="nothing known"),
        pytest.param(
            (finding("sheet-ignored", "a.xlsx", "备注"), finding("file-macros", "a.xlsx")),
            "原件中评分表以外的内容没有带入本簿（工作表“备注”、宏）。",
            id="a sheet and macros",
        ),
    ],
)
def test_what_stayed_behind_is_named(huantai: Campaign, found: tuple[Finding, ...], words: str) -> None:
    """Nothing of the original is lost: the county keeps it."""
    rows = texts(page_of(copy_of(huantai, first(huantai, "五"), found=found)))
    line = f"四、{words}原件未作改动，仍由桓台县住房和城乡建设局保存。"
    assert (line,) in rows


def test_where_to_return_it(huantai: Campaign) -> None:
    """As the campaign says."""
    campaign = replace(huantai, return_to="微信群")
    rows = texts(page_of(copy_of(campaign, first(campaign, "五"))))
    words = "改好后把本工作簿交回桓台县住房和城乡建设局（微信群），它会自动代替原来报送的文件。"
    assert (f"三、{words}",) in rows


@pytest.mark.parametrize("text", ["=cmd|'/C calc'!A0", "{=1}", "http://evil.example/", "+1", "@SUM(A1)"])
def test_a_text_of_the_return_stays_a_text(huantai: Campaign, text: str) -> None:
    """It is quoted in the table and in a comment, and acts nowhere."""
    data = copy_of(huantai, first(huantai, text))
    book = openpyxl.load_workbook(io.BytesIO(data))
    cell = next(c for row in book[SENDBACK_SHEET].iter_rows() for c in row if c.value == text)
    assert (cell.data_type, cell.hyperlink) == ("s", None)
    assert text in book["永安社区"]["E4"].comment.text


def test_it_is_one_page_wide_and_nothing_is_cut(huantai: Campaign) -> None:
    """Its columns are no wider than the paper between the margins; long texts wrap in rows high enough."""
    many = [
        score_sheet(c, huantai, ["很长" * 40, None, 6.0, -1.0, 4.333]) for c in huantai.communities_of(TOWN)
    ]
    data = copy_of(huantai, *many)
    page = page_of(data)
    wide = sum(page.column_dimensions[letter].width * 7 * 0.75 for letter in "ABC")
    assert wide <= (8.27 - page.page_margins.left - page.page_margins.right) * 72
    assert [cut for cut in too_full(data) if cut.startswith(SENDBACK_SHEET)] == []
    assert page.sheet_properties.pageSetUpPr
    assert (page.sheet_properties.pageSetUpPr.fitToPage, page.page_setup.fitToHeight) == (True, 0)
    assert page.print_title_rows == "$6:$6"
    assert page.protection.sheet


@pytest.mark.parametrize(
    ("cells", "shown"),
    [
        ([], []),
        (["E4"], ["E4"]),
        (["E4", "E5"], ["E4:E5"]),
        (["E4", "E6", "E7", "E8", "F9"], ["E4", "E6:E8", "F9"]),
        (["E9", "E10", "AA1"], ["E9:E10", "AA1"]),
    ],
    ids=["none", "one", "two", "runs", "letters"],
)
def test_cells_in_a_row_are_one_range(cells: list[str], shown: list[str]) -> None:
    """So that the column of cells holds a sheet's twenty."""
    assert _ranges(cells) == shown
