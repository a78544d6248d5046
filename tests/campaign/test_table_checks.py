"""What is checked of every table alike, in workbooks with Chinese headings."""

from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl.workbook import Workbook

from greenxl.campaign.checks import load
from greenxl.campaign.model import Campaign
from greenxl.errors import CampaignError
from tests.tools.campaigns import typed

Change = Callable[[Workbook], object]


def faults(path: Path) -> list[str]:
    with pytest.raises(CampaignError) as refused:
        load(path)
    return [fault.line() for fault in refused.value.faults]


def heading(sheet: str, cell: str, text: str) -> Change:
    def change(book: Workbook) -> None:
        book[sheet][cell].value = text

    return change


def rename(sheet: str, title: str) -> Change:
    def change(book: Workbook) -> None:
        book[sheet].title = title

    return change


def title_above(book: Workbook) -> None:
    book["创建名单"].insert_rows(1)
    book["创建名单"]["A1"].value = "绿色社区创建名单"


def copy_of_the_roster(book: Workbook) -> None:
    book.copy_worksheet(book["创建名单"]).title = "roster"


FAULTS: dict[str, tuple[Change, str]] = {
    "column of another name": (
        heading("创建标准", "C1", "标准内容"),
        "创建标准, row 1: the column “标准内容” is not known. Perhaps this is meant: 创建标准. "
        "Correct the heading, or move the column to a sheet of your own.",
    ),
    "column of quite another name": (
        heading("创建标准", "D1", "权重"),
        "创建标准, row 1: the column “权重” is not known. Perhaps this is meant: 标准分. "
        "Correct the heading, or move the column to a sheet of your own.",
    ),
    "columns missing": (
        lambda book: book["创建名单"].delete_cols(2, 2),
        "创建名单, row 1: the column “街道（镇）、社区” is missing. Add it to the header row.",
    ),
    "title above the header": (
        title_above,
        "创建名单, row 1: the column “街道（镇）、社区” is missing. Add it to the header row.",
    ),
    "column without a heading": (
        heading("街道（镇）", "H3", "已问过"),
        "街道（镇）, row 1: column H holds something, but has no heading. "
        "Give it one, or move it to a sheet of your own.",
    ),
    "needed sheet of another name": (
        rename("创建名单", "社区名单"),
        "社区名单: the table “创建名单” is missing, and this may be it under another name. "
        "Call it “创建名单” (a CSV file: roster.csv).",
    ),
    "other sheet of another name": (
        rename("涉及部门", "部门分工"),
        "部门分工: the table “涉及部门” is missing, and this may be it under another name. "
        "Call it “涉及部门” (a CSV file: departments.csv).",
    ),
    "needed sheet gone": (
        lambda book: book.remove(book["创建名单"]),
        "创建名单: the table is missing. Add the sheet “创建名单” or the file roster.csv.",
    ),
    "two sheets of one table": (
        copy_of_the_roster,
        "roster: the table is here twice, the other is 创建名单. Keep one of them.",
    ),
    "empty sheet": (
        lambda book: book["创建名单"].delete_rows(1, 30),
        "创建名单: the table has no rows. Fill it in.",
    ),
    "a row that lacks much": (
        heading("创建标准", "A22", "说明：得分不低于80分。"),
        "创建标准, row 22: “创建标准、标准分” is empty. Fill it in or delete the row.",
    ),
    "one mistake in many rows": (
        lambda book: [heading("创建名单", f"D{row}", "试点社区")(book) for row in (3, 5, 7)],
        "创建名单, rows 3, 5, 7: “试点” is “试点社区”. Write 是 for a pilot community, nothing for others.",
    ),
    "misspelled setting": (
        heading("设置", "A7", "达标分数"),
        "设置, row 7: there is no setting “达标分数”. Perhaps “达标分” is meant. "
        "Correct its name or delete the row.",
    ),
    "formula without a value": (
        heading("设置", "B3", '=B4&"标准"'),
        '设置, row 3: “标题” is the formula =B4&"标准" without a value. '
        "Open the file in Excel or WPS and save it, or type the value.",
    ),
}


@pytest.mark.parametrize("name", FAULTS)
def test_one_cause_is_one_fault_in_the_words_of_the_workbook(tmp_path: Path, name: str) -> None:
    """The sheet, its Chinese heading, and what is meant instead."""
    change, message = FAULTS[name]
    assert faults(typed(tmp_path / "campaign.xlsx", change)) == [message]


def test_headings_of_a_form_are_known_by_what_forms_call_them(tmp_path: Path) -> None:
    """All of them at once, each with its own: 考评内容 is no 内容 and 分值 no 分项."""

    def change(book: Workbook) -> None:
        row = ["考评项目", "序号", "考评内容", "分值", "扣分标准（办法）", "检查方式", "牵头单位"]
        for column, heading in enumerate(row, 1):
            book["创建标准"].cell(1, column).value = heading

    meant = {
        "考评项目": "内容",
        "考评内容": "创建标准",
        "分值": "标准分",
        "扣分标准（办法）": "评分方法",
        "检查方式": "佐证要求",
    }
    assert sorted(faults(typed(tmp_path / "campaign.xlsx", change))) == sorted(
        [
            "创建标准, row 1: the column “牵头单位” is one of another table. "
            "Move it to the sheet “涉及部门” and head it “牵头部门” there.",
            *(
                f"创建标准, row 1: the column “{name}” is not known. Perhaps this is meant: {own}. "
                "Correct the heading, or move the column to a sheet of your own."
                for name, own in meant.items()
            ),
        ]
    )


def reordered(book: Workbook) -> None:
    """Move the sheets and the columns of the roster about, and add sheets and an unused column."""
    for sheet in book.worksheets:
        book.move_sheet(sheet, -book.index(sheet))
    book.create_sheet("备忘", 0)["A1"] = "下周催报"
    roster = book["创建名单"]
    for row in roster.iter_rows():
        values = [cell.value for cell in row]
        for cell, value in zip(row, reversed(values), strict=True):
            cell.value = value


@pytest.mark.parametrize(
    "change",
    [
        reordered,
        lambda book: book["创建名单"].delete_cols(4, 2),
        lambda book: book["街道（镇）"].delete_cols(1),
        heading("创建标准", "D1", "标准分（100分）"),
        heading("创建标准", "A1", "内 容"),
    ],
    ids=["another order", "no optional columns", "no order", "unit in the heading", "spaced heading"],
)
def test_what_means_the_same_is_read_alike(tmp_path: Path, huantai: Campaign, change: Change) -> None:
    """Sheets and columns in any order, optional ones left out, sheets of one's own."""
    campaign = load(typed(tmp_path / "campaign.xlsx", change))
    assert campaign.groups == huantai.groups
    assert campaign.towns[0].name == huantai.towns[0].name
    names = [(c.number, c.town, c.name) for c in campaign.communities]
    assert names == [(c.number, c.town, c.name) for c in huantai.communities]


def test_numbers_left_empty_are_counted_on(tmp_path: Path, huantai: Campaign) -> None:
    """Of criteria, communities and towns."""

    def change(book: Workbook) -> None:
        for sheet, column in (("创建标准", "B"), ("创建名单", "A"), ("街道（镇）", "A")):
            for cell in book[sheet][column][1:]:
                cell.value = None

    assert load(typed(tmp_path / "campaign.xlsx", change)).contents() == huantai.contents()


def test_departments_targets_and_recipients_may_be_missing(tmp_path: Path) -> None:
    """A round can be scored without them."""

    def change(book: Workbook) -> None:
        for name in ("涉及部门", "目标", "收件人"):
            book.remove(book[name])

    campaign = load(typed(tmp_path / "campaign.xlsx", change))
    assert (campaign.targets, campaign.recipients, campaign.groups[0].departments) == ((), (), ())


@pytest.mark.parametrize(
    ("sheet", "column"),
    [
        *(("创建名单", column) for column in "ABCE"),
        *(("街道（镇）", column) for column in "BC"),
        *(("创建标准", column) for column in "ABCD"),
        *(("涉及部门", column) for column in "AB"),
        *(("收件人", column) for column in "AC"),
        *(("目标", column) for column in "AB"),
        *(("设置", column) for column in "AB"),
    ],
    ids="".join,
)
def test_a_formula_without_a_value_is_a_fault_in_every_column(
    tmp_path: Path, sheet: str, column: str
) -> None:
    """As programs write them that do not calculate; first among the faults of its table."""
    campaign = typed(tmp_path / "campaign.xlsx", heading(sheet, f"{column}2", "=Z9"))
    found = [fault for fault in faults(campaign) if fault.startswith(f"{sheet}, row 2: ")]
    assert "is the formula =Z9 without a value" in found[0]


def test_marks_that_nobody_sees_are_no_part_of_a_name(tmp_path: Path, huantai: Campaign) -> None:
    """As they come with what is pasted from a chat or a web page."""

    def change(book: Workbook) -> None:
        book["创建名单"]["C2"].value = "宝龙社区\u200b"
        book["街道（镇）"]["B2"].value = "\ufeff城区街道"
        book["设置"]["B3"].value = f"\u202a{huantai.title}\u202c"

    assert load(typed(tmp_path / "campaign.xlsx", change)).contents() == huantai.contents()
