"""Forms are found by identity, headings and criteria wherever they stand, never by position."""

import io
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
import xlsxwriter
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from greenxl.campaign.model import Campaign
from greenxl.form.blank import blank
from greenxl.returns.reader import Reading, read_bytes
from greenxl.scoring.checking import Checked, check


def workbook(campaign: Campaign, town: str = "索镇", count: int = 1) -> bytes:
    """A town's workbook, its first sheets filled with 4.5 throughout."""
    communities = campaign.communities_of(town)[:count]
    scores = {c: [Decimal("4.5")] * len(campaign.criteria) for c in communities}
    return blank(campaign, town, communities, scores=scores)


def edited(data: bytes, change: Callable[[openpyxl.Workbook, Worksheet], None]) -> bytes:
    book = openpyxl.load_workbook(io.BytesIO(data))
    change(book, book.worksheets[1])
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def only(reading: Reading, campaign: Campaign) -> Checked:
    (sheet,) = reading.sheets
    return check(sheet, campaign)


def codes(reading: Reading, campaign: Campaign) -> list[str]:
    found = [f.code for f in reading.findings]
    return found + [f.code for s in reading.sheets for f in check(s, campaign).findings]


def typed(rows: list[list[Any]], name: str = "Sheet1") -> bytes:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as book:
        sheet = book.add_worksheet(name)
        for index, row in enumerate(rows):
            sheet.write_row(index, 0, row)
    return buffer.getvalue()


def by_hand(campaign: Campaign, **changes: Any) -> list[list[Any]]:
    """A form typed by hand: header row, criteria, total; no identity, no group on most rows."""
    rows: list[list[Any]] = [["社区名称：永安社区"], ["内容", "创建标准", "", "标准分", "得分"]]
    rows += [["", c.number, c.text, float(c.points), 4] for c in campaign.criteria]
    rows.append(["合计", "", "", 100, 80])
    return rows


def insert(rows: int, columns: int) -> Callable[[openpyxl.Workbook, Worksheet], None]:
    def change(_book: openpyxl.Workbook, sheet: Worksheet) -> None:
        for merged in list(sheet.merged_cells.ranges):
            sheet.unmerge_cells(str(merged))
        if rows:
            sheet.insert_rows(1, rows)
        if columns:
            sheet.insert_cols(1, columns)

    return change


@pytest.mark.parametrize(("rows", "columns"), [(0, 0), (3, 0), (0, 2), (4, 5)])
def test_inserted_rows_and_columns_do_not_matter(huantai: Campaign, rows: int, columns: int) -> None:
    """The form is found where it was moved to, and cells are named where their sender sees them."""
    checked = only(read_bytes("x.xlsx", edited(workbook(huantai), insert(rows, columns)), huantai), huantai)
    assert checked.community is not None
    assert checked.community.name == "永安社区"
    assert checked.total == 90
    first = checked.sheet.lines[0].score.address
    assert first == get_column_letter(5 + columns) + str(4 + rows)


def test_a_form_typed_by_hand_is_read(huantai: Campaign) -> None:
    """No identity, no hidden sheet: headings and criteria are enough."""
    checked = only(read_bytes("x.xlsx", typed(by_hand(huantai)), huantai), huantai)
    assert checked.community is not None
    assert (checked.community.name, checked.total, checked.findings) == ("永安社区", Decimal(80), ())


def test_numbers_typed_into_the_criterion_do_not_matter(huantai: Campaign) -> None:
    """「1、坚持…」 and 「（2）搭建…」 are criteria 1 and 2."""
    rows = by_hand(huantai)
    for index, row in enumerate(rows[2:-1]):
        row[2] = (f"{index + 1}、" if index % 2 else f"（{index + 1}）") + row[2]
        row[1] = ""
    assert only(read_bytes("x.xlsx", typed(rows), huantai), huantai).total == 80


def test_a_changed_text_is_still_its_criterion(huantai: Campaign) -> None:
    """A criterion reworded a little is recognised by its number and likeness."""
    rows = by_hand(huantai)
    rows[5][2] = rows[5][2].replace("违法违规", "违规")
    assert only(read_bytes("x.xlsx", typed(rows), huantai), huantai).total == 80


def test_criteria_in_another_order_keep_their_scores(huantai: Campaign) -> None:
    """A score belongs to the criterion beside it, not to the row it stands in."""
    rows = by_hand(huantai)
    rows[2][4], rows[21][4] = 1, 3
    rows[2:22] = reversed(rows[2:22])
    scores = only(read_bytes("x.xlsx", typed(rows), huantai), huantai).scores
    assert [scores[0].value, scores[19].value] == [1, 3]


def test_without_headings_the_printed_points_lead_to_the_scores(huantai: Campaign) -> None:
    """Where the header row was deleted, the column right of the points is read."""
    rows = by_hand(huantai)
    del rows[1]
    assert only(read_bytes("x.xlsx", typed(rows), huantai), huantai).total == 80


def test_a_sheet_named_after_its_community_needs_no_label(huantai: Campaign) -> None:
    """The sheet's name speaks where nothing else does."""
    rows = by_hand(huantai)[1:]
    checked = only(read_bytes("x.xlsx", typed(rows, "新民社区"), huantai), huantai)
    assert checked.community is not None
    assert checked.community.name == "新民社区"
    nameless = read_bytes("x.xlsx", typed(rows), huantai)
    assert codes(nameless, huantai) == ["community-unnamed"]


@pytest.mark.parametrize(
    ("label", "code"),
    [("永安社区居委会大院", "community-unknown"), ("宝龙社区", "community-other-town")],
)
def test_a_name_that_cannot_be_meant_is_an_error(huantai: Campaign, label: str, code: str) -> None:
    """A community outside the roster, or of another town, is never guessed."""

    def change(_book: openpyxl.Workbook, sheet: Worksheet) -> None:
        sheet["B2"] = label

    reading = read_bytes("x.xlsx", edited(workbook(huantai), change), huantai)
    checked = only(reading, huantai)
    assert checked.community is None
    assert [(f.code, f.cell) for f in checked.findings] == [(code, "B2")]


def test_an_unknown_community_is_told_with_the_nearest_names(huantai: Campaign) -> None:
    """The message names the roster's spelling."""

    def change(_book: openpyxl.Workbook, sheet: Worksheet) -> None:
        sheet["B2"] = "永按社区"

    checked = only(read_bytes("x.xlsx", edited(workbook(huantai), change), huantai), huantai)
    assert checked.findings[0].message("en") == (
        "The community “永按社区” is not in the roster. "
        "Write a name as the roster spells it, such as 永安社区、永和社区、赵家社区."
    )


def test_a_listed_alias_is_accepted(other: Campaign) -> None:
    """沙田村 is 沙田社区 because the campaign says so; town aliases settle a name that two towns share."""
    rows = [["社区", "沙田村", "", "所属街道", "洲心街道办事处"], ["内容", "创建标准", "", "标准分", "得分"]]
    body = [["", c.number, c.text, float(c.points), 2] for c in other.criteria]
    checked = only(read_bytes("x.xlsx", typed([*rows, *body]), other), other)
    assert checked.community is not None
    assert checked.community.number == 7
    rows[0][1] = "莲塘社区"
    checked = only(read_bytes("x.xlsx", typed([*rows, *body]), other), other)
    assert checked.community is not None
    assert checked.community.number == 3


def test_a_name_of_two_towns_needs_its_town(other: Campaign) -> None:
    """Without a town the community is ambiguous, and the message names the towns."""
    rows = [["社区：莲塘社区"], ["内容", "创建标准", "", "标准分", "得分"]]
    body = [["", c.number, c.text, float(c.points), 2] for c in other.criteria]
    checked = only(read_bytes("x.xlsx", typed([*rows, *body]), other), other)
    assert [f.code for f in checked.findings] == ["community-ambiguous"]


def test_a_renamed_sheet_is_recognised_and_said(huantai: Campaign) -> None:
    """The label on the sheet counts; the new name is a note."""

    def change(_book: openpyxl.Workbook, sheet: Worksheet) -> None:
        sheet.title = "最终版"

    reading = read_bytes("x.xlsx", edited(workbook(huantai), change), huantai)
    assert only(reading, huantai).total == 90
    assert codes(reading, huantai) == ["sheet-renamed"]


def test_a_form_of_another_year_is_rejected(huantai: Campaign, other: Campaign) -> None:
    """Its identity says which form it is, and the message says which was expected."""
    reading = read_bytes("x.xlsx", workbook(other, "东城街"), huantai)
    assert reading.entry.outcome == "rejected"
    assert reading.entry.reason is not None
    assert "qingyuan-2023; expected is huantai-2021" in reading.entry.reason.message("en")


def test_a_workbook_without_a_form_is_rejected(huantai: Campaign) -> None:
    """Any other table is no score sheet."""
    reading = read_bytes("x.xlsx", typed([["a", "b"], [1, 2]]), huantai)
    assert (reading.entry.outcome, codes(reading, huantai)) == ("rejected", ["no-form"])


def test_a_wrong_total_is_a_warning_and_the_scores_count(huantai: Campaign) -> None:
    """A total typed by hand is compared, never believed."""
    rows = by_hand(huantai)
    rows[-1][4] = 79
    checked = only(read_bytes("x.xlsx", typed(rows), huantai), huantai)
    assert checked.total == 80
    assert [(f.code, f.cell, f.found) for f in checked.findings] == [("total-differs", "E23", "79")]


@pytest.mark.parametrize(
    ("value", "code", "found"),
    [
        ("=3+2", "score-broken", "=3+2"),
        ("#REF!", "score-broken", "#REF!"),
        (None, "score-blank", ""),
        (datetime(2021, 4, 5), "score-date", "2021-04-05"),
        (True, "score-boolean", "TRUE"),
    ],
    ids=["uncalculated", "error", "blank", "date", "boolean"],
)
def test_broken_cells_are_told_from_blank_ones(huantai: Campaign, value: Any, code: str, found: str) -> None:
    """What calamine gives as nothing is looked at again."""

    def change(_book: openpyxl.Workbook, sheet: Worksheet) -> None:
        sheet["E9"] = value

    reading = read_bytes("x.xlsx", edited(workbook(huantai), change), huantai)
    told = [f for f in only(reading, huantai).findings if f.code != "total-differs"]
    assert [(f.code, f.cell, f.found) for f in told] == [(code, "E9", found)]


@pytest.mark.parametrize(
    ("cell", "value", "code", "message"),
    [
        (
            "C8",
            "社区内基础设施比较完善",
            "criterion-changed",
            "The text of criterion 5 was changed to “社区内基础设施比较完善”; the campaign’s text counts: "
            "社区内各类基础设施比较完善. Check what was scored.",
        ),
        (
            "D6",
            10,
            "points-changed",
            "The points of criterion 3 were changed to 10; the campaign’s 5 count. Check the score.",
        ),
        (
            "A8",
            "基础设施",
            "group-changed",
            "The group was changed to “基础设施”; the campaign’s counts: 推进社区基础设施绿色化. "
            "Nothing need be done unless the form was rewritten.",
        ),
        (
            "D3",
            "满分",
            "heading-changed",
            "The heading was changed to “满分”; it was issued as “标准分（100分）”. "
            "Check that the column means the same.",
        ),
    ],
)
def test_a_changed_form_is_a_warning_at_its_cell(
    huantai: Campaign, cell: str, value: Any, code: str, message: str
) -> None:
    """The scores are read, the campaign's words and points count, and the cell is named."""

    def change(_book: openpyxl.Workbook, sheet: Worksheet) -> None:
        sheet[cell] = value

    checked = only(read_bytes("x.xlsx", edited(workbook(huantai), change), huantai), huantai)
    assert checked.total == 90
    assert [(f.code, f.cell, f.severity, f.message("en")) for f in checked.findings] == [
        (code, cell, "warning", message)
    ]


def test_a_row_among_the_criteria_that_is_none_is_told(huantai: Campaign) -> None:
    """An invented twenty-first criterion is named and not read."""
    rows = by_hand(huantai)
    rows.insert(7, ["", 21, "按时完成其他任务", 5, 5])
    checked = only(read_bytes("x.xlsx", typed(rows), huantai), huantai)
    assert checked.total == 80
    assert [(f.code, f.cell, f.found) for f in checked.findings] == [
        ("criterion-extra", "C8", "按时完成其他任务")
    ]
