"""One file to its score sheets: whose form it is, what was read of it, and what is told about the file."""

import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from greenxl.campaign.model import Campaign, Choice, Criterion, Group, Kind
from greenxl.catalogue import CATALOGUE
from greenxl.findings import Finding
from greenxl.form.blank import blank
from greenxl.report.book import consolidate, leader_copy
from greenxl.returns.intake import Source
from greenxl.returns.reader import Reading, read, read_bytes
from greenxl.rounds.evaluate import evaluate
from greenxl.scoring.checking import Checked, check
from greenxl.scoring.tables import build
from tests.tools.notices import book_of
from tests.tools.programmes import answers, programmes, scores_of
from tests.tools.river import GOOD, typed, with_columns
from tests.tools.rounds import of_counties, round_of
from tests.tools.spoil import SPOILED, Spoiled, good, packed
from tests.tools.typed_forms import HEAD, PLACE, SCORES, Rows, body, form, workbook_of

Change = Callable[[openpyxl.Workbook, Worksheet], None]


def unchanged(_book: openpyxl.Workbook, _sheet: Worksheet) -> None:
    """Leave a workbook as it is."""


def issued(campaign: Campaign, change: Change = unchanged, town: str = "索镇", count: int = 1) -> bytes:
    """Return a town's workbook with sheets filled with 4.5 throughout, of which the first was changed."""
    communities = campaign.communities_of(town)[:count]
    scores = {c: [Decimal("4.5")] * len(campaign.criteria) for c in communities}
    book = openpyxl.load_workbook(io.BytesIO(blank(campaign, town, communities, scores=scores)))
    change(book, book.worksheets[1])
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def reading_of(campaign: Campaign, data: bytes) -> Reading:
    return read_bytes("x.xlsx", data, campaign)


def only(reading: Reading, campaign: Campaign) -> Checked:
    (sheet,) = reading.sheets
    return check(sheet, campaign)


def told(findings: tuple[Finding, ...]) -> list[tuple[str, str]]:
    return [(one.code, one.cell) for one in findings]


def test_an_issued_workbook_is_read_without_a_word(huantai: Campaign) -> None:
    """The ledger's line, and all that a score sheet carries on."""
    data = issued(huantai)
    reading = reading_of(huantai, data)
    [sheet] = reading.sheets
    assert (reading.entry.outcome, reading.entry.sheets_read, reading.entry.bytes) == ("read", 1, len(data))
    assert (reading.findings, list(reading.all())) == ((), [reading])
    assert (sheet.file, sheet.sha256, sheet.sheet) == ("x.xlsx", reading.entry.sha256, "永安社区")
    assert sheet.community
    assert sheet.town
    assert (sheet.community.value, sheet.town.value) == ("永安社区", "索镇")
    assert [(line.number, line.score.address, line.score.value) for line in sheet.lines] == [
        (number, f"E{number + 3}", 4.5) for number in range(1, 21)
    ]
    assert (sheet.total and sheet.total.address, len(sheet.headings), len(sheet.groups)) == ("E24", 4, 5)
    assert (sheet.extra, sheet.rivals, sheet.beside, sheet.headed, sheet.named_too) == ((), (), (), None, ())
    assert sheet.saved


def insert(rows: int, columns: int) -> Change:
    def change(_book: openpyxl.Workbook, sheet: Worksheet) -> None:
        for merged in list(sheet.merged_cells.ranges):
            sheet.unmerge_cells(str(merged))
        if rows:
            sheet.insert_rows(1, rows)
        if columns:
            sheet.insert_cols(1, columns)

    return change


@pytest.mark.parametrize(("rows", "columns"), [(3, 0), (0, 2), (4, 5)])
def test_inserted_rows_and_columns_do_not_matter(huantai: Campaign, rows: int, columns: int) -> None:
    """The form is found where it was moved to, and cells are named where their sender sees them."""
    checked = only(reading_of(huantai, issued(huantai, insert(rows, columns))), huantai)
    assert checked.total == 90
    first = get_column_letter(5 + columns) + str(4 + rows)
    assert checked.sheet.cells.scores[0] == first
    assert told(checked.findings) == [("form-moved", first)]


# Whose form it is


def test_a_form_typed_by_hand_is_read_with_a_note(huantai: Campaign) -> None:
    """No hidden sheet: headings and criteria are enough."""
    reading = reading_of(huantai, workbook_of({"Sheet1": form(huantai)}))
    checked = only(reading, huantai)
    assert checked.community
    assert (checked.community.name, checked.findings) == ("永安社区", ())
    [note] = reading.findings
    assert (note.code, note.severity, note.sheet) == ("identity-missing", "note", "")


def set_identity(row: int, column: int, value: str | None) -> Change:
    def change(book: openpyxl.Workbook, _sheet: Worksheet) -> None:
        book["_greenxl"].cell(row, column).value = value

    return change


@pytest.mark.parametrize(
    ("place", "value", "codes", "found"),
    [
        ((1, 2), "2", ["form-version"], "2"),
        ((3, 2), "0" * 16, ["standard-changed"], ""),
        ((3, 1), None, ["identity-damaged", "sheet-ignored"], ""),
        ((4, 2), "2019", ["identity-unknown"], "2019"),
        ((5, 2), "火星镇", ["identity-unknown"], "火星镇"),
        ((6, 3), "9" * 5000, [], ""),
        ((6, 3), "17", [], ""),
    ],
    ids=[
        "newer form",
        "older standard",
        "half deleted",
        "another year",
        "unknown town",
        "endless number",
        "renumbered",
    ],
)
def test_an_identity_that_does_not_fit_is_told_and_the_form_read(
    huantai: Campaign, place: tuple[int, int], value: str | None, codes: list[str], found: str
) -> None:
    """What stands on the sheet counts; what the hidden sheet says against the campaign is a warning."""
    reading = reading_of(huantai, issued(huantai, set_identity(*place, value)))
    checked = only(reading, huantai)
    assert checked.community
    assert (checked.community.name, checked.total, told(checked.findings)) == ("永安社区", Decimal(90), [])
    assert [one.code for one in reading.findings] == codes
    assert not codes or (reading.findings[0].severity, reading.findings[0].found) == ("warning", found)


def test_a_form_of_another_campaign_is_rejected(huantai: Campaign, other: Campaign) -> None:
    """Its identity says which form it is, and the message says which was expected."""
    reading = reading_of(huantai, issued(other, town="东城街"))
    assert (reading.entry.outcome, reading.sheets) == ("rejected", ())
    assert reading.entry.reason is not None
    assert "qingyuan-2023; expected is huantai-2021" in reading.entry.reason.message("en")


def test_a_renamed_sheet_is_known_by_its_label(huantai: Campaign) -> None:
    """The new name is a note."""

    def change(_book: openpyxl.Workbook, sheet: Worksheet) -> None:
        sheet.title = "最终版"

    checked = only(reading_of(huantai, issued(huantai, change)), huantai)
    assert (checked.total, told(checked.findings)) == (Decimal(90), [("sheet-renamed", "")])


def test_an_issued_form_is_known_though_every_criterion_was_reworded(huantai: Campaign) -> None:
    """Its identity says that it is the campaign's form, so near texts are looked for, and told."""

    def change(_book: openpyxl.Workbook, sheet: Worksheet) -> None:
        for row in range(4, 24):
            sheet.cell(row, 3).value = f"{sheet.cell(row, 3).value}等"

    checked = only(reading_of(huantai, issued(huantai, change)), huantai)
    assert checked.total == 90
    assert [one.code for one in checked.findings] == ["criterion-changed"] * 20


# The sheets of a file


def test_a_workbook_without_a_form_is_rejected(huantai: Campaign) -> None:
    """Any other table is no score sheet; nothing else is told of such a file."""
    reading = reading_of(huantai, workbook_of({"Sheet1": [["a", "b"], [1, 2]]}))
    assert (reading.entry.outcome, told(reading.findings)) == ("rejected", [("no-form", "")])
    assert reading.entry.reason == reading.findings[0]


def test_a_sheet_in_doubt_is_the_reason_where_none_is_read(huantai: Campaign) -> None:
    """Two forms on one sheet, and a part of one on another: the first is the reason, both are told."""
    two = form(huantai) + form(huantai)
    reading = reading_of(huantai, workbook_of({"甲": two, "乙": form(huantai)[:8], "丙": [["备注"]]}))
    assert (reading.entry.outcome, told(reading.findings)) == (
        "rejected",
        [("forms-several", "C3"), ("form-partial", "C3")],
    )
    assert reading.entry.reason == reading.findings[0]
    assert "6 of the 20" in reading.findings[1].message("en")


def test_a_sheet_in_doubt_is_told_beside_one_that_is_read(huantai: Campaign) -> None:
    """The smaller part of a form is no silent leftover."""
    rows = body(huantai, SCORES)
    head = [*PLACE, [*HEAD, "得分"]]
    reading = reading_of(huantai, workbook_of({"上": head + rows[:9], "下": head + rows[9:]}))
    assert [(one.code, one.sheet, one.found) for one in reading.findings] == [
        ("identity-missing", "", ""),
        ("form-partial", "上", "9"),
    ]
    assert [one.code for one in only(reading, huantai).findings] == ["criterion-missing"] * 9


def test_other_sheets_are_told_but_for_our_own(huantai: Campaign) -> None:
    """The cover and the hidden sheet are no news, nor is a sheet without a value."""

    def change(book: openpyxl.Workbook, _sheet: Worksheet) -> None:
        book.create_sheet("备注")["B2"] = "见附件"
        book.create_sheet("空白")

    reading = reading_of(huantai, issued(huantai, change))
    assert [(one.code, one.sheet) for one in reading.findings] == [("sheet-ignored", "备注")]


def test_without_an_identity_a_cover_may_be_anything(huantai: Campaign) -> None:
    """Only in a workbook that was issued are the sheets of our own names our own."""
    reading = reading_of(huantai, workbook_of({"填报说明": [["请填写"]], "表": form(huantai)}))
    assert [(one.code, one.sheet) for one in reading.findings] == [
        ("identity-missing", ""),
        ("sheet-ignored", "填报说明"),
    ]


def test_a_consolidated_workbook_is_no_return(huantai: Campaign, tmp_path: Path) -> None:
    """Its analysis has every criterion with numbers beside it; put among the returns, it is skipped."""
    (tmp_path / "x.xlsx").write_bytes(issued(huantai))
    result = evaluate(huantai, [tmp_path])
    report = consolidate(result, build(huantai, result.choices), date(2021, 9, 30))
    reading = reading_of(huantai, report)
    assert (reading.entry.outcome, told(reading.findings)) == ("skipped", [("skipped-report", "")])
    assert reading.entry.own_report
    copy = leader_copy(result, build(huantai, result.choices), date(2021, 9, 30))
    for campaign, code in ((huantai, "skipped-report"), (of_counties(huantai, 2, 1), "rollup-without-data")):
        reading = reading_of(campaign, copy)
        assert (reading.entry.outcome, told(reading.findings)) == ("skipped", [(code, "")])


def notice(campaign: Campaign, change: Callable[[openpyxl.Workbook], object]) -> bytes:
    """Return the notice of a town whose first unit lost points in every criterion, changed."""
    unit = campaign.communities_of("索镇")[0]
    book = openpyxl.load_workbook(io.BytesIO(book_of(round_of(campaign, {unit: [1] * 20}), "索镇")))
    book["整改任务"]["K4"] = "十月底前补齐"
    change(book)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda book: None, id="filled-in"),
        pytest.param(lambda book: book.create_sheet("照片").append(["见附件"]), id="with-a-sheet"),
        pytest.param(lambda book: book.remove(book["整改任务"]), id="without-tasks"),
    ],
)
def test_a_notice_that_comes_back_is_no_return(
    huantai: Campaign, change: Callable[[openpyxl.Workbook], object]
) -> None:
    """It has every criterion with points and scores beside it; it is skipped, and said to be what it is."""
    reading = reading_of(huantai, notice(huantai, change))
    assert (reading.entry.outcome, told(reading.findings)) == ("skipped", [("skipped-notice", "")])
    assert reading.sheets == ()


def test_a_form_beside_a_notice_is_read(huantai: Campaign) -> None:
    """A town may have put both into one workbook: nothing passes unseen."""

    def add_form(book: openpyxl.Workbook) -> None:
        sheet = book.create_sheet("表")
        for row in form(huantai):
            sheet.append(list(row))

    reading = reading_of(huantai, notice(huantai, add_form))
    assert (reading.entry.outcome, len(reading.sheets)) == ("read", 1)


def test_a_sheet_called_as_one_of_a_notice_is_read(huantai: Campaign) -> None:
    """In a workbook that is no notice."""
    reading = reading_of(huantai, workbook_of({"整改任务": form(huantai)}))
    assert (reading.entry.outcome, len(reading.sheets)) == ("read", 1)


# What nobody sees, and what stands astray


def hide_sheet(_book: openpyxl.Workbook, sheet: Worksheet) -> None:
    sheet.sheet_state = "hidden"


def hide_rows(_book: openpyxl.Workbook, sheet: Worksheet) -> None:
    sheet.row_dimensions[5].hidden = True
    sheet.row_dimensions[9].height = 0
    sheet["E9"] = None
    sheet.row_dimensions[10].height = 0.75


def hide_column(_book: openpyxl.Workbook, sheet: Worksheet) -> None:
    sheet.column_dimensions["E"].hidden = True


@pytest.mark.parametrize(
    ("change", "code", "cells"),
    [
        pytest.param(hide_sheet, "sheet-hidden", (), id="the sheet"),
        pytest.param(hide_rows, "scores-hidden", ("E5", "E10"), id="rows with a score"),
        pytest.param(
            hide_column, "scores-hidden", tuple(f"E{row}" for row in range(4, 24)), id="their column"
        ),
    ],
)
def test_scores_that_nobody_sees_are_read_and_told(
    huantai: Campaign, change: Change, code: str, cells: tuple[str, ...]
) -> None:
    """Each of them by its cell; what is blank hides nothing, and a hidden sheet is told as that."""
    reading = reading_of(huantai, issued(huantai, change))
    assert [(one.code, one.cells) for one in reading.findings] == [(code, cells)]
    assert reading.sheets[0].lines[1].score.value == 4.5


@pytest.mark.parametrize(
    ("cell", "stray"), [("Z9", True), ("E90", True), ("G9", False), ("X9", False), ("E70", False)]
)
def test_what_stands_far_outside_the_form_is_told(huantai: Campaign, cell: str, stray: bool) -> None:
    """Fifty rows below or twenty columns right of it, not nearer."""

    def change(_book: openpyxl.Workbook, sheet: Worksheet) -> None:
        sheet[cell] = "备忘"

    reading = reading_of(huantai, issued(huantai, change))
    assert [(one.code, one.cell, one.found) for one in reading.findings] == (
        [("stray-value", cell, "备忘")] if stray else []
    )


def test_what_may_be_taken_for_scores_is_handed_on(huantai: Campaign) -> None:
    """A review typed right of the scores: the sheet has its cells, and they are told with the scores."""

    def change(_book: openpyxl.Workbook, sheet: Worksheet) -> None:
        sheet["F3"], sheet["F4"], sheet["F9"] = "复核得分", 3, 4

    reading = reading_of(huantai, issued(huantai, change))
    [sheet], checked = reading.sheets, only(reading, huantai)
    assert [cell.address for cell in sheet.beside] == ["F4", "F9"]
    assert (checked.total, told(checked.findings)) == (Decimal(90), [("scores-beside", "F4")])


# The cells


@pytest.mark.parametrize(
    ("value", "code", "found"),
    [
        ("=3+2", "score-broken", "=3+2"),
        ("#REF!", "score-broken", "#REF!"),
        (None, "score-blank", ""),
        (datetime(2021, 4, 5), "score-date", "2021-04-05 0:00:00"),
        (date(2021, 4, 5), "score-date", "2021-04-05"),
        (True, "score-boolean", "TRUE"),
        ("五", "score-text", "五"),
    ],
    ids=["uncalculated", "error", "blank", "time", "date", "boolean", "text"],
)
def test_a_cell_is_told_as_what_it_is(huantai: Campaign, value: Any, code: str, found: str) -> None:
    """A blank, an error and a formula that nobody calculated are three things."""

    def change(_book: openpyxl.Workbook, sheet: Worksheet) -> None:
        sheet["E9"] = value

    findings = only(reading_of(huantai, issued(huantai, change)), huantai).findings
    assert [(one.code, one.cell, one.found) for one in findings] == [(code, "E9", found)]


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
            "Nothing needs to be done unless the form was rewritten.",
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

    checked = only(reading_of(huantai, issued(huantai, change)), huantai)
    assert checked.total == 90
    assert [(f.code, f.cell, f.severity, f.message("en")) for f in checked.findings] == [
        (code, cell, "warning", message)
    ]


def test_a_form_without_points_or_headings_has_none_to_compare(huantai: Campaign) -> None:
    """No finding is made of what is not there."""
    rows: Rows = [*PLACE, *([*row[:3], row[4]] for row in body(huantai, SCORES))]
    [sheet] = reading_of(huantai, workbook_of({"表": rows})).sheets
    assert ({line.points for line in sheet.lines}, sheet.total, sheet.headings) == ({None}, None, ())


# Files that are spoiled


@pytest.mark.parametrize("spoiled", SPOILED, ids=lambda spoiled: spoiled.name)
def test_each_spoiled_return_gets_its_finding_at_its_cell(spoiled: Spoiled, huantai: Campaign) -> None:
    """Each class of spoiled return has the outcome, the code and the cell that the specification gives it."""
    reading = read_bytes(spoiled.file, spoiled.make(good(huantai)), huantai)
    found = [*reading.findings, *(f for sheet in reading.sheets for f in check(sheet, huantai).findings)]
    assert (spoiled.code, spoiled.cell) in [(one.code, one.cell) for one in found]
    assert reading.entry.outcome == ("read" if spoiled.read else "rejected")
    if not spoiled.read:
        assert reading.entry.reason
        assert (reading.entry.reason.code, reading.sheets) == (spoiled.code, ())


# Files that cannot be read


def test_a_file_that_is_no_workbook_is_rejected_with_its_reason(huantai: Campaign) -> None:
    """Its bytes are counted and named all the same."""
    reading = reading_of(huantai, b"%PDF-1.7")
    assert (reading.entry.outcome, reading.entry.bytes, told(reading.findings)) == (
        "rejected",
        8,
        [("file-kind", "")],
    )
    assert reading.entry.sha256


@pytest.mark.parametrize("name", ["a.xlsx", ""], ids=["a file that is gone", "a folder"])
def test_a_file_that_cannot_be_read_is_no_exception(huantai: Campaign, tmp_path: Path, name: str) -> None:
    """It has a line that says what the system said."""
    reading = read(Source("returned/a.xlsx", tmp_path / name), huantai)
    assert (reading.entry.outcome, reading.entry.sha256) == ("rejected", None)
    assert [(one.code, bool(one.found)) for one in reading.findings] == [("file-unreadable", True)]


def test_a_file_over_the_limit_is_not_read(huantai: Campaign, tmp_path: Path) -> None:
    """Sixty gigabytes of nothing are refused at once, without a digest."""
    with (tmp_path / "a.xlsx").open("wb") as file:
        file.truncate(60 * 1024**3)
    reading = read(Source("a.xlsx", tmp_path / "a.xlsx"), huantai)
    assert told(reading.findings) == [("file-too-big", "")]
    assert (reading.entry.sha256, reading.entry.bytes) == (None, 60 * 1024**3)


def test_a_member_that_is_gone_has_no_digest(huantai: Campaign, tmp_path: Path) -> None:
    """The archive was replaced between listing and reading."""
    (tmp_path / "a.zip").write_bytes(packed({"a.xlsx": issued(huantai)}))
    reading = read(Source("a.zip/b.xlsx", tmp_path / "a.zip", ("b.xlsx",)), huantai)
    assert (told(reading.findings), reading.entry.sha256) == ([("file-damaged", "")], None)


# Other programmes


def river_book(campaign: Campaign, columns: Mapping[str, Sequence[Any]], change: Change = unchanged) -> bytes:
    """Return a form of another programme that a person typed, with these further columns from H on."""
    book = openpyxl.load_workbook(io.BytesIO(workbook_of({"永安": typed(campaign, columns)})))
    change(book, book.worksheets[0])
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


NO_TEXT = ("",) * 7
SELF = (9.0, "否", 15.0, 45.0, 0.0, 0.0, "符合")
COLUMNS = {"自评分": SELF, "镇复核分": NO_TEXT, "县核定分": GOOD, "扣分原因": NO_TEXT, "佐证材料": NO_TEXT}


def river_read(campaign: Campaign, change: Change, columns: Mapping[str, Sequence[Any]] = COLUMNS) -> Checked:
    reading = reading_of(campaign, river_book(campaign, columns, change))
    assert {one.code for one in reading.findings} <= {"identity-missing"}
    return only(reading, campaign)


def test_a_hand_typed_form_of_another_programme_is_read_whole(huantai: Campaign) -> None:
    """Scores, the other columns and the texts; nothing beside them is told, and nothing is a remark."""
    campaign = with_columns(huantai)

    def fill_in(_book: openpyxl.Workbook, sheet: Worksheet) -> None:
        sheet["K3"], sheet["L6"] = "缺1份", "照片3张"

    checked = river_read(campaign, fill_in)
    assert (checked.total, checked.findings, checked.sheet.remarks) == (Decimal("90.5"), (), ())
    assert [score.value for score in checked.columns["自评分"]][:2] == [Decimal(9), Decimal(0)]
    assert checked.entries == {
        "扣分原因": ("缺1份", *[""] * 6),
        "佐证材料": ("", "", "", "照片3张", "", "", ""),
    }


def test_reasons_merged_downwards_stand_beside_each_criterion(huantai: Campaign) -> None:
    """One reason for three lost points is one for each; merged sideways it is the first column's alone."""
    campaign = with_columns(huantai, reason_required=True)

    def merge(_book: openpyxl.Workbook, sheet: Worksheet) -> None:
        sheet["K3"], sheet["K8"] = "缺1份", "通报"
        sheet.merge_cells("K3:K6")
        sheet.merge_cells("K8:L8")

    checked = river_read(campaign, merge)
    assert checked.entries["扣分原因"] == ("缺1份", "缺1份", "缺1份", "缺1份", "", "通报", "")
    assert checked.entries["佐证材料"] == NO_TEXT
    assert checked.findings == ()


def test_merged_scores_of_words_are_told(huantai: Campaign) -> None:
    """The value belongs to the first criterion; the others are asked for as they are answered."""
    campaign = with_columns(huantai)

    def merge(_book: openpyxl.Workbook, sheet: Worksheet) -> None:
        sheet.merge_cells("J3:J4")

    [one] = river_read(campaign, merge).findings
    assert (one.code, one.cell, one.found, one.labels) == ("score-merged", "J4", "J3", ("1.2",))
    assert one.message("en").endswith("type one of 是、否、不适用.")


def test_odd_entries_are_read_or_left(huantai: Campaign) -> None:
    """A formula that nobody calculated, ten thousand characters, a date."""
    campaign = with_columns(huantai)

    def fill_in(_book: openpyxl.Workbook, sheet: Worksheet) -> None:
        sheet["K3"], sheet["K4"], sheet["K5"] = '="缺"&1', "长" * 10_000, date(2021, 9, 1)

    texts = river_read(campaign, fill_in).entries["扣分原因"]
    assert (texts[0], texts[1], texts[2][:10]) == ("", "长" * 10_000, "2021-09-01")


@pytest.mark.parametrize(
    ("typed_in", "codes"),
    [
        ("不适用", []),
        (" 不 适用", ["score-spelling"]),
        ("１０", ["answer-choice"]),
        ("Ｎ", ["answer-choice"]),
    ],
)
def test_odd_answers_are_read_or_told(huantai: Campaign, typed_in: str, codes: list[str]) -> None:
    """不适用 with spaces among it, full-width digits where words are asked for."""

    def fill_in(_book: openpyxl.Workbook, sheet: Worksheet) -> None:
        sheet["J4"] = typed_in

    assert [one.code for one in river_read(with_columns(huantai), fill_in).findings] == codes


def test_a_town_that_deleted_the_column_that_counts_is_asked(huantai: Campaign) -> None:
    """Its self-assessment does not become the result."""
    columns = {"自评分": SELF, "扣分原因": NO_TEXT}
    [one] = river_read(with_columns(huantai), unchanged, columns).findings
    assert (one.code, one.found) == ("score-column-unclear", "H2 自评分")
    assert one.message("en").endswith("Put the heading “县核定分” above that column alone.")


def test_a_town_that_deleted_another_column_is_told(huantai: Campaign) -> None:
    """The scores count."""
    columns = {"镇复核分": NO_TEXT, "县核定分": GOOD}
    checked = river_read(with_columns(huantai), unchanged, columns)
    assert [(one.code, one.found) for one in checked.findings] == [("score-column-missing", "自评分")]
    assert checked.total == Decimal("90.5")


def test_what_stands_far_right_is_measured_from_the_form_s_last_column(huantai: Campaign) -> None:
    """Nineteen columns on is a remark, twenty is astray."""
    campaign = with_columns(huantai)

    def fill_in(_book: openpyxl.Workbook, sheet: Worksheet) -> None:
        sheet.cell(4, 12 + 19, "见附件")
        sheet.cell(5, 12 + 20, "远处")

    reading = reading_of(campaign, river_book(campaign, COLUMNS, fill_in))
    assert [(one.code, one.found) for one in reading.findings[1:]] == [("stray-value", "远处")]
    assert [cell.value for cell in reading.sheets[0].remarks] == ["见附件"]


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_hand_typed_forms_of_any_programme_are_read_as_they_were_filled_in(
    huantai: Campaign, data: st.DataObject
) -> None:
    """Whatever they ask and however many score columns they have, the answers that count are found."""
    drawn = data.draw(programmes(huantai))
    several = data.draw(st.booleans())
    headings = ("自评分", "核定分") if several else ()
    campaign = replace(drawn, score_columns=headings, counting_column="核定分" if several else "")
    given_here = data.draw(answers(campaign, wrong=True))
    own = data.draw(answers(campaign, wrong=True))
    columns = {"自评分": own, "核定分": given_here} if several else {"得分": given_here}
    [sheet] = read_bytes("x.xlsx", workbook_of({"永安": typed(campaign, columns)}), campaign).sheets
    assert (sheet.rivals, sheet.beside, sheet.remarks) == ((), (), ())
    wanted = [None if one in CATALOGUE else one for one in scores_of(campaign, given_here)]
    assert [score.value for score in check(sheet, campaign).scores] == wanted


def test_points_printed_as_words_do_not_make_the_others_scores(huantai: Campaign) -> None:
    """A blank form of two bonuses and one number of points: nothing was typed into the column of points."""
    first = huantai.groups[0]
    two = tuple(replace(one, kind=Kind.BONUS) for one in first.criteria[:2])
    campaign = replace(huantai, groups=(replace(first, criteria=(*two, first.criteria[2])),))
    [sheet] = read_bytes(
        "x.xlsx", workbook_of({"永安": typed(campaign, {"得分": [None] * 3})}), campaign
    ).sheets
    assert sheet.rivals == ()


def test_numbers_of_which_some_are_ours_are_no_scores(huantai: Campaign) -> None:
    """Typed as texts, 1, 2 and 1.3: while the scores are blank, they are not asked about in their place."""
    yes_no = (Choice("是", Decimal(5)), Choice("否", Decimal(0)))
    asked = (
        Criterion(1, 0, "未发生重大事故", Decimal(0), label="1", kind=Kind.CONDITION),
        Criterion(2, 0, "制度健全", Decimal(10), label="2"),
        Criterion(3, 0, "台账齐全", Decimal(5), label="1.3", choices=yes_no),
    )
    campaign = replace(huantai, groups=(Group("管理", (), asked),))
    rows = typed(campaign, {"得分": [None] * 3})
    [sheet] = read_bytes("x.xlsx", workbook_of({"永安": rows}), campaign).sheets
    assert sheet.rivals == ()
    assert not check(sheet, campaign).returned
