"""Correction copies: the official form with what counted in it, marked, that comes back as a successor."""

import hashlib
import io
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from greenxl.campaign.model import Campaign, Community
from greenxl.form.blank import blank
from greenxl.form.layout import IDENTITY_SHEET, SENDBACK_SHEET, parse_identity
from greenxl.i18n import CHINESE
from greenxl.rounds.evaluate import Round, evaluate
from greenxl.sendback.copies import Copy
from tests.conftest import SAMPLES
from tests.tools.copies import copies_of, evaluated, issue
from tests.tools.forms import three_levels, yes_or_no
from tests.tools.make_samples import by_hand, scores
from tests.tools.office import Office

TOWN = "果里镇"
COMMUNITY = "鸿嘉社区"
ORANGE, YELLOW, BLUE, NONE = "FFF8CBAD", "FFFFF7D6", "FFDDEBF7", "00000000"

Book = openpyxl.Workbook
Spoil = Callable[[Worksheet], object]


def full(campaign: Campaign, town: str) -> dict[Community, list[Decimal | None]]:
    """Return 4 points for every criterion of every community."""
    return {c: [Decimal(4)] * len(campaign.criteria) for c in campaign.communities_of(town)}


def filled(campaign: Campaign, town: str = TOWN) -> Book:
    data = blank(campaign, town, campaign.communities_of(town), scores=full(campaign, town))
    return openpyxl.load_workbook(io.BytesIO(data))


def spoiled(campaign: Campaign, cells: Mapping[str, Any]) -> Book:
    """Return the workbook of one community with these values in its cells."""
    book = filled(campaign)
    for cell, value in cells.items():
        book[COMMUNITY][cell] = value
    return book


def copies(campaign: Campaign, folder: Path) -> tuple[Round, list[Copy]]:
    """Return the round of a folder and the copies that are issued for it."""
    result = evaluated(campaign, folder)
    return result, issue(result, folder)


def only_copy(campaign: Campaign, folder: Path) -> Book:
    [copy] = copies(campaign, folder)[1]
    return openpyxl.load_workbook(io.BytesIO(copy.data))


def marked(sheet: Worksheet) -> dict[str, str]:
    """Return the comments of a sheet by cell."""
    return {c.coordinate: c.comment.text for row in sheet.iter_rows() for c in row if c.comment}


def fill(sheet: Worksheet, cell: str) -> str:
    return str(sheet[cell].fill.start_color.rgb)


def explained(book: Book) -> list[tuple[str, ...]]:
    """Return the filled rows of the explaining sheet, as texts."""
    rows = book[SENDBACK_SHEET].iter_rows(values_only=True)
    return [tuple(str(v) for v in row if v is not None) for row in rows]


def status(result: Round, name: str = COMMUNITY) -> str:
    return next(c.status for c in result.choices if c.community.name == name)


def found(result: Round) -> list[tuple[str, str]]:
    return [(f.code, Path(f.file).name) for f in result.findings]


WRONG = {
    "E4": "五",
    "E5": "4-5",
    "E6": 6,
    "E7": -1,
    "E8": 4.333,
    "E9": True,
    "E10": date(2021, 4, 5),
    "E11": "=1+",
    "E12": "#REF!",
    "E13": None,
    "E14": "/",
}


def test_every_wrong_cell_is_empty_marked_and_can_be_typed_into(huantai: Campaign, tmp_path: Path) -> None:
    """A mark per cell, with what was found; the sheet stays protected, the score cells open."""
    spoiled(huantai, WRONG).save(tmp_path / "果里.xlsx")
    result, [copy] = copies(huantai, tmp_path)
    sheet = openpyxl.load_workbook(io.BytesIO(copy.data))[COMMUNITY]
    assert (copy.town, copy.file_name) == (TOWN, "果里镇-退回修改-2021.xlsx")
    messages = {f.cell: f"请填写：{f.message(CHINESE)}" for f in result.findings}
    dated = (
        "报送的表中第7条的得分显示为“2021-04-05”（百分数、日期或其他格式）。请在此填写，0 到 5 之间的数字。"
    )
    assert marked(sheet) == messages | {"E10": f"请填写：{dated}"}
    assert marked(sheet).keys() == WRONG.keys()
    assert {sheet[cell].value for cell in WRONG} == {None}
    assert [sheet.cell(row, 5).value for row in range(15, 24)] == [4] * 9
    fills = {cell: fill(sheet, cell) for cell in [*WRONG, "E15"]}
    assert fills == {**dict.fromkeys(WRONG, ORANGE), "E13": YELLOW, "E15": NONE}
    assert sheet.protection.sheet
    assert not any(sheet[cell].protection.locked for cell in WRONG)
    assert {sheet[cell].number_format for cell in WRONG} == {"General"}


def test_all_else_is_the_official_form(huantai: Campaign, tmp_path: Path) -> None:
    """Every cell and guard of the blank with the scores that counted, whatever the town's own looked like."""
    changed = spoiled(huantai, {"E4": "五", "G1": "=1+1", "B26": "张三"})
    changed[COMMUNITY].column_dimensions["C"].width = 5
    changed.create_sheet("备注")["A1"] = "见附件"
    changed.save(tmp_path / "果里.xlsx")
    counted = full(huantai, TOWN)
    next(iter(counted.values()))[0] = None
    data = blank(huantai, TOWN, huantai.communities_of(TOWN), scores=counted)
    form, copy = openpyxl.load_workbook(io.BytesIO(data)), only_copy(huantai, tmp_path)
    assert copy.sheetnames == [SENDBACK_SHEET, *form.sheetnames]
    for name in form.sheetnames[:-1]:
        for row in form[name].iter_rows():
            for cell in row:
                other = copy[name][cell.coordinate]
                assert (other.value, other.number_format) == (cell.value, cell.number_format)
        assert copy[name].merged_cells.ranges == form[name].merged_cells.ranges
        assert len(copy[name].data_validations.dataValidation) == len(
            form[name].data_validations.dataValidation
        )
    assert copy[IDENTITY_SHEET].sheet_state == "veryHidden"


def test_it_opens_on_what_there_is_to_do(huantai: Campaign, tmp_path: Path) -> None:
    """退回说明 stands first and is alone selected."""
    spoiled(huantai, {"E4": "五"}).save(tmp_path / "果里.xlsx")
    book = only_copy(huantai, tmp_path)
    assert book.active is book[SENDBACK_SHEET]
    assert [s.title for s in book.worksheets if s.sheet_view.tabSelected] == [SENDBACK_SHEET]


def test_corrected_it_counts_without_latest(huantai: Campaign, tmp_path: Path) -> None:
    """The corrected copy beside the old file: no error, one note that the old sheet was replaced."""
    spoiled(huantai, WRONG).save(tmp_path / "果里.xlsx")
    book = only_copy(huantai, tmp_path)
    for cell in WRONG:
        book[COMMUNITY][cell] = 3
    book.save(tmp_path / "改好.xlsx")
    result, left = copies(huantai, tmp_path)
    assert status(result) == "failed"
    assert result.choices[14].chosen
    assert result.choices[14].chosen.total == Decimal(11 * 3 + 9 * 4)
    assert found(result) == [("superseded", "果里.xlsx")]
    assert left == []


def test_uncorrected_it_is_still_the_successor(huantai: Campaign, tmp_path: Path) -> None:
    """Its faults are told once, in the copy, and the next copy carries only what is still wrong."""
    spoiled(huantai, {"E4": "五", "E6": None}).save(tmp_path / "果里.xlsx")
    book = only_copy(huantai, tmp_path)
    book[COMMUNITY]["E4"] = 5
    book.save(tmp_path / "改了一处.xlsx")
    result, [second] = copies(huantai, tmp_path)
    assert status(result) == "incomplete"
    assert set(found(result)) == {("superseded", "果里.xlsx"), ("score-blank", "改了一处.xlsx")}
    again = openpyxl.load_workbook(io.BytesIO(second.data))
    assert marked(again[COMMUNITY]).keys() == {"E6"}
    assert (again[COMMUNITY]["E4"].value, fill(again[COMMUNITY], "E4")) == (5, NONE)
    assert again.sheetnames.count(SENDBACK_SHEET) == 1


def test_a_score_turns_green_once_it_is_possible(huantai: Campaign, tmp_path: Path) -> None:
    """The marked cell's own conditions come first: a number within its points and two decimals, or orange."""
    spoiled(huantai, {"E4": "五"}).save(tmp_path / "果里.xlsx")
    formats = only_copy(huantai, tmp_path)[COMMUNITY].conditional_formatting
    rules = sorted((rule for f in formats for rule in f.rules), key=lambda rule: rule.priority)
    own = [(r.formula, r.dxf.fill.bgColor.rgb, r.stopIfTrue) for r in rules[:2]]
    assert own == [
        (["AND(ISNUMBER(E4),NOT(OR(E4<0,E4>D4,ROUND(E4,2)<>E4)))"], "FFE2F0D9", True),
        (["ISBLANK(E4)"], ORANGE, True),
    ]


@pytest.mark.parametrize("suffix", [".xlsx", ".xls", ".ods"])
def test_returned_and_corrected_in_any_format(
    office: Office, huantai: Campaign, tmp_path: Path, suffix: str
) -> None:
    """Whatever format a return has, the copy is the form; a clerk types over it and saves it as any other."""
    returned = tmp_path / "returned"
    spoiled(huantai, {"E4": "五", "E5": 3, "E6": None}).save(tmp_path / "a.xlsx")
    office.convert(tmp_path / "a.xlsx", returned / f"果里{suffix}")
    book = only_copy(huantai, returned)
    assert [book[COMMUNITY].cell(row, 5).value for row in range(4, 8)] == [None, 3, None, 4]
    assert marked(book[COMMUNITY]).keys() == {"E4", "E6"}
    book.save(tmp_path / "copy.xlsx")
    typed = {COMMUNITY: {"E4": 4.5, "E6": 4.5}}
    office.fill(tmp_path / "copy.xlsx", returned / f"改好{suffix}", typed)
    result, left = copies(huantai, returned)
    assert found(result) == [("superseded", f"果里{suffix}")]
    assert result.choices[14].chosen
    assert result.choices[14].chosen.total == Decimal("80")
    assert (status(result), left) == ("passed", [])


def test_what_the_town_typed_besides_is_carried_over_or_named(huantai: Campaign, tmp_path: Path) -> None:
    """Who filled it in, when, the telephone; a remark beside a score is told to be left out."""
    typed = {"B27": "张三", "E27": "李四", "B28": 13812345678, "E28": date(2021, 9, 9), "B29": "王五"}
    spoiled(huantai, {"E4": "五", "F6": "见附件三", **typed}).save(tmp_path / "果里.xlsx")
    book = only_copy(huantai, tmp_path)
    values = {cell: book[COMMUNITY][cell].value for cell in typed}
    assert values == {**typed, "B28": "13812345678", "E28": "2021-09-09"}
    rows = explained(book)
    assert any("填报人等信息已照原件填入" in row[0] for row in rows)
    assert [row for row in rows if "见附件三" in "".join(row)] == [
        (
            "整张表",
            "F6 见附件三",
            "报送的表中的“F6 见附件三”不属于评分表，没有带入。如果不是得分，不必处理。",
        )
    ]


@pytest.mark.parametrize("suffix", [".xlsx", ".xls", ".ods"])
def test_a_copy_whose_sheet_was_renamed_and_copied_is_known(
    office: Office, huantai: Campaign, tmp_path: Path, suffix: str
) -> None:
    """Its number and what it stands for survive an office and its formats."""
    returned = tmp_path / "returned"
    returned.mkdir()
    spoiled(huantai, {"E4": "五"}).save(returned / "果里.xlsx")
    book = only_copy(huantai, returned)
    book[COMMUNITY]["E4"] = 4
    twin = book.copy_worksheet(book[COMMUNITY])
    book[COMMUNITY].title, twin.title = "鸿嘉", "鸿嘉 (2)"
    book.save(tmp_path / "copy.xlsx")
    office.convert(tmp_path / "copy.xlsx", returned / f"改好{suffix}")
    result, left = copies(huantai, returned)
    assert sorted(found(result)) == [
        ("returned-twice", f"改好{suffix}"),
        ("sheet-renamed", f"改好{suffix}"),
        ("sheet-renamed", f"改好{suffix}"),
        ("superseded", "果里.xlsx"),
    ]
    assert (status(result), left) == ("passed", [])


def test_a_table_typed_by_hand_comes_back_as_the_form(
    office: Office, huantai: Campaign, tmp_path: Path
) -> None:
    """Rows above, columns in front, no identity: its scores stand in the form, the wrong one is asked for."""
    returned = tmp_path / "returned"
    cells = by_hand(huantai, scores(huantai)["五里社区"]) | {"G8": "良"}
    office.new(returned / "手工.xlsx", {"五里": cells})
    copy = only_copy(huantai, returned)
    sheet = copy["五里社区"]
    assert marked(sheet).keys() == {"E4"}
    assert [sheet.cell(row, 5).value for row in range(5, 24)] == [
        float(str(cells[f"G{row}"])) for row in range(9, 28)
    ]
    sheet["E4"] = 1
    copy.save(returned / "改好.xlsx")
    result, left = copies(huantai, returned)
    assert ("superseded", "手工.xlsx") in found(result)
    assert {code for code, _file in found(result)} == {"identity-missing", "superseded", "sheet-empty"}
    assert status(result, "五里社区") in ("passed", "failed")
    assert [copy.town for copy in left] == ["索镇"]  # its other communities are still empty


def test_several_files_of_a_town_become_one_copy(huantai: Campaign, tmp_path: Path) -> None:
    """Right scores of every file are in it, missing communities have a sheet and are listed."""
    town = "索镇"
    first, second, *others = huantai.communities_of(town)
    for community, value in ((first, None), (second, 4)):
        book = openpyxl.load_workbook(
            io.BytesIO(blank(huantai, town, [community], scores=full(huantai, town)))
        )
        book[community.name]["E4"] = value
        book.save(tmp_path / f"{community.name}.xlsx")
    book = only_copy(huantai, tmp_path)
    assert marked(book[first.name]).keys() == {"E4"}
    assert [book[second.name].cell(row, 5).value for row in range(4, 24)] == [4] * 20
    assert book[others[0].name]["E4"].value is None
    assert (f"尚未报送的社区（{len(others)} 个）",) in explained(book)
    book[first.name]["E4"] = 4
    book.save(tmp_path / "改好.xlsx")
    result, left = copies(huantai, tmp_path)
    assert {c.status for c in result.choices if c.community in (first, second)} == {"passed"}
    assert {f.code for f in result.findings} == {"superseded", "sheet-empty"}
    assert {Path(f.file).name for f in result.findings if f.code == "sheet-empty"} == {"改好.xlsx"}
    assert [copy.town for copy in left] == [town]


def test_returns_that_differ_are_put_side_by_side(huantai: Campaign, tmp_path: Path) -> None:
    """Where two returns agree, the score is filled in; where not, the cell says what each has."""
    spoiled(huantai, {"E4": 5, "E5": "五"}).save(tmp_path / "甲.xlsx")
    spoiled(huantai, {"E4": 3, "E5": "五"}).save(tmp_path / "乙.xlsx")
    book = only_copy(huantai, tmp_path)
    sheet = book[COMMUNITY]
    assert [sheet.cell(row, 5).value for row in range(4, 7)] == [None, None, 4]
    assert marked(sheet).keys() == {"E4", "E5"}
    assert "乙.xlsx：3；甲.xlsx：5" in marked(sheet)["E4"]
    assert str(tmp_path) not in "".join(text for row in explained(book) for text in row)
    sheet["E4"], sheet["E5"] = 5, 5
    book.save(tmp_path / "改好.xlsx")
    result, left = copies(huantai, tmp_path)
    assert ({f.code for f in result.findings}, status(result), left) == ({"superseded"}, "passed", [])


def delete_row(sheet: Worksheet) -> None:
    sheet.delete_rows(9)


def double_row(sheet: Worksheet) -> None:
    sheet["C9"] = sheet["C10"].value


@pytest.mark.parametrize("spoil", [delete_row, double_row])
def test_a_broken_form_comes_back_whole(huantai: Campaign, tmp_path: Path, spoil: Spoil) -> None:
    """Where criteria are missing or double, the copy is whole again and asks for their scores."""
    book = filled(huantai)
    for box in list(book[COMMUNITY].merged_cells.ranges):
        book[COMMUNITY].unmerge_cells(box.coord)
    spoil(book[COMMUNITY])
    book.save(tmp_path / "果里.xlsx")
    new = only_copy(huantai, tmp_path)
    assert "E9" in marked(new[COMMUNITY])
    assert new[COMMUNITY]["C9"].value == huantai.criteria[5].text
    assert new[COMMUNITY]["E9"].value is None
    assert new[COMMUNITY]["E4"].value == 4


def test_changed_texts_and_points_are_put_back(huantai: Campaign, tmp_path: Path) -> None:
    """The town need not type what it changed, only look at what it scored; then nothing is left to say."""
    text, points = huantai.criteria[0].text, huantai.criteria[1].points
    spoiled(huantai, {"C4": f"{text}（修改）", "D5": 10}).save(tmp_path / "果里.xlsx")
    sheet = (book := only_copy(huantai, tmp_path))[COMMUNITY]
    assert (sheet["C4"].value, sheet["D5"].value) == (text, points)
    assert marked(sheet).keys() == {"E4", "E5"}
    assert ([sheet[cell].value for cell in ("E4", "E5")], fill(sheet, "E4")) == ([4, 4], BLUE)
    book.save(tmp_path / "改好.xlsx")
    assert [f.code for f in evaluated(huantai, tmp_path).findings] == ["superseded"]


def test_a_rounded_score_is_shown_whole(huantai: Campaign, tmp_path: Path) -> None:
    """The copy shows the number that was read, to be checked; returned so, nothing is left to say."""
    book = spoiled(huantai, {"E4": 4.5})
    book[COMMUNITY]["E4"].number_format = "0"
    book.save(tmp_path / "果里.xlsx")
    copy = only_copy(huantai, tmp_path)
    cell = copy[COMMUNITY]["E4"]
    assert (cell.value, cell.number_format, fill(copy[COMMUNITY], "E4")) == (4.5, "General", BLUE)
    assert "得分是“5”，按 4.5 读取" in marked(copy[COMMUNITY])["E4"]
    copy.save(tmp_path / "改好.xlsx")
    assert [f.code for f in evaluated(huantai, tmp_path).findings] == ["superseded"]


def test_a_merged_score_is_freed(huantai: Campaign, tmp_path: Path) -> None:
    """Scores under one merged box can be typed one by one in the copy."""
    book = filled(huantai)
    book[COMMUNITY].merge_cells("E4:E6")
    book.save(tmp_path / "果里.xlsx")
    sheet = only_copy(huantai, tmp_path)[COMMUNITY]
    assert marked(sheet).keys() == {"E5", "E6"}
    assert not any(box.coord.startswith("E") for box in sheet.merged_cells.ranges)
    assert sheet["E4"].value == 4


def test_a_score_that_was_understood_becomes_a_number(huantai: Campaign, tmp_path: Path) -> None:
    """「４.５分」 counted as 4.5, and so it stands in the copy, where the live total counts it too."""
    spoiled(huantai, {"E4": "４.５分", "E6": "五"}).save(tmp_path / "a.xlsx")
    sheet = only_copy(huantai, tmp_path)[COMMUNITY]
    assert (sheet["E4"].value, sheet["E4"].data_type) == (4.5, "n")


def hide_sheet(sheet: Worksheet) -> None:
    sheet.sheet_state = "hidden"


def hide_rows(sheet: Worksheet) -> None:
    for row in (4, 5, 9):
        sheet.row_dimensions[row].hidden = True


@pytest.mark.parametrize(
    ("hide", "cells"), [(hide_sheet, set()), (hide_rows, {"E4", "E5", "E9"})], ids=["sheet", "rows"]
)
def test_hidden_scores_are_shown_and_then_forgotten(
    huantai: Campaign, tmp_path: Path, hide: Spoil, cells: set[str]
) -> None:
    """What was hidden is seen in the copy, to be checked; returned as it is, nothing is left to say."""
    book = filled(huantai)
    hide(book[COMMUNITY])
    book.save(tmp_path / "果里.xlsx")
    new = only_copy(huantai, tmp_path)
    assert new[COMMUNITY].sheet_state == "visible"
    assert not any(new[COMMUNITY].row_dimensions[row].hidden for row in range(1, 30))
    assert marked(new[COMMUNITY]).keys() == cells
    new.save(tmp_path / "看过.xlsx")
    result, left = copies(huantai, tmp_path)
    assert ([f.code for f in result.findings], left) == (["superseded"], [])


def test_scores_of_an_unknown_community_are_typed_on_its_sheet(huantai: Campaign, tmp_path: Path) -> None:
    """They did not count, so they are not in the copy; the copy of the town's closes the old sheet."""
    spoiled(huantai, {"B2": "鸿家园"}).save(tmp_path / "果里.xlsx")
    book = only_copy(huantai, tmp_path)
    assert marked(book[COMMUNITY]) == {}
    assert book[COMMUNITY]["E4"].value is None
    for row in range(4, 24):
        book[COMMUNITY].cell(row, 5).value = 4
    book.save(tmp_path / "改好.xlsx")
    result, left = copies(huantai, tmp_path)
    assert ([f.code for f in result.findings], status(result), left) == (["superseded"], "passed", [])


@pytest.mark.parametrize(
    "cells",
    [pytest.param({}, id="nothing wrong"), pytest.param({"E4": "５"}, id="notes only")],
)
def test_no_copy_without_a_fault(huantai: Campaign, tmp_path: Path, cells: Mapping[str, Any]) -> None:
    """A town with nothing to correct is left alone."""
    spoiled(huantai, cells).save(tmp_path / "果里.xlsx")
    assert copies(huantai, tmp_path)[1] == []


def test_the_returns_are_not_opened_again(huantai: Campaign, tmp_path: Path) -> None:
    """The copy is made from what was read: it comes out the same when the file is gone."""
    spoiled(huantai, {"E4": "五"}).save(tmp_path / "果里.xlsx")
    result = evaluate(huantai, [tmp_path])
    before = copies_of(result)
    (tmp_path / "果里.xlsx").unlink()
    assert copies_of(result) == before


def test_two_sheets_of_one_community_in_one_file(huantai: Campaign, tmp_path: Path) -> None:
    """Where a workbook contradicts itself, the copy has one sheet to decide it on."""
    book = filled(huantai)
    book.copy_worksheet(book[COMMUNITY])["E4"] = 3
    book.save(tmp_path / "果里.xlsx")
    new = only_copy(huantai, tmp_path)
    assert [name for name in new.sheetnames if name.startswith(COMMUNITY)] == [COMMUNITY]
    assert marked(new[COMMUNITY]).keys() == {"E4"}
    assert new[COMMUNITY]["E4"].value is None


def test_a_copy_of_a_copy_names_the_first_file_too(huantai: Campaign, tmp_path: Path) -> None:
    """The county may have deleted the first file meanwhile; it stays replaced if it turns up again."""
    spoiled(huantai, {"E4": "五"}).save(tmp_path / "果里.xlsx")
    first = hashlib.sha256((tmp_path / "果里.xlsx").read_bytes()).hexdigest()
    again = only_copy(huantai, tmp_path)
    again[COMMUNITY]["E4"] = "六"
    again.save(tmp_path / "未改.xlsx")
    (tmp_path / "果里.xlsx").unlink()
    second = hashlib.sha256((tmp_path / "未改.xlsx").read_bytes()).hexdigest()
    rows = only_copy(huantai, tmp_path)[IDENTITY_SHEET].values
    identity = parse_identity([[v or "" for v in row] for row in rows])
    assert identity
    assert set(identity.supersedes) == {first, second}


def test_a_typed_total_is_a_sum_again(huantai: Campaign, tmp_path: Path) -> None:
    """It is marked, because a score may be wrong; the sum of those that counted stands there."""
    spoiled(huantai, {"E24": 95}).save(tmp_path / "果里.xlsx")
    [copy] = copies(huantai, tmp_path)[1]
    sheet = openpyxl.load_workbook(io.BytesIO(copy.data))[COMMUNITY]
    assert marked(sheet).keys() == {"E24"}
    assert fill(sheet, "E24") == BLUE
    assert str(sheet["E24"].value).startswith("=IF(COUNT(")
    values = openpyxl.load_workbook(io.BytesIO(copy.data), data_only=True)
    assert values[COMMUNITY]["E24"].value == 80


def test_a_workbook_of_two_towns(huantai: Campaign, tmp_path: Path) -> None:
    """Each town gets a form with its own communities, never a look at the other's."""
    book = Book()
    for town in (TOWN, "索镇"):
        source = filled(huantai, town)
        for name in source.sheetnames[1:2]:
            page = book.create_sheet(name)
            for row in source[name].iter_rows():
                for cell in row:
                    page[cell.coordinate].value = cell.value
            page["E4"] = "五"
    book.save(tmp_path / "两镇.xlsx")
    made = copies(huantai, tmp_path)[1]
    assert [copy.town for copy in made] == ["果里镇", "索镇"]
    for copy, own, others in zip(made, (COMMUNITY, "永安社区"), ("永安社区", COMMUNITY), strict=True):
        sheets = openpyxl.load_workbook(io.BytesIO(copy.data))
        assert marked(sheets[own]).keys() == {"E4"}
        assert others not in sheets.sheetnames


def test_another_campaign(other: Campaign, tmp_path: Path) -> None:
    """Unequal points, other labels and towns: the copy follows the campaign."""
    town = other.towns[0].name
    community = other.communities_of(town)[0]
    book = openpyxl.load_workbook(io.BytesIO(blank(other, town, other.communities_of(town))))
    book[community.name]["E4"] = 1000
    book.save(tmp_path / "a.xlsx")
    new = only_copy(other, tmp_path)
    assert "E4" in marked(new[community.name])
    assert len(marked(new[community.name])) == len(other.criteria)


def test_the_samples(huantai: Campaign) -> None:
    """Every town of the spoiled samples gets a copy that opens."""
    result = evaluate(huantai, [SAMPLES / "spoiled"])
    made = copies_of(result)
    assert [copy.town for copy in made] == [t.name for t in huantai.towns]
    assert {c.status for c in result.choices} >= {"invalid", "conflict"}
    for copy in made:
        assert openpyxl.load_workbook(io.BytesIO(copy.data)).sheetnames[0] == SENDBACK_SHEET


def test_no_return_is_opened_in_the_main_process() -> None:
    """Neither openpyxl nor a reader of workbooks is imported to make the copies."""
    code = (
        "import sys\n"
        "import greenxl.sendback.copies\n"
        "print({'openpyxl', 'python_calamine', 'xlrd'} & {name.split('.')[0] for name in sys.modules})"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


ASKED: dict[str, tuple[Mapping[str, Any], set[int]]] = {
    "wrong and blank": ({"E4": "五", "E6": None}, {1, 3}),
    "to be checked": ({"D5": 10}, {2}),
    "the total": ({"E24": 95}, set(range(1, 21))),
}


@pytest.mark.parametrize(("cells", "asked"), ASKED.values(), ids=ASKED)
def test_the_record_of_a_copy_says_what_was_asked(
    huantai: Campaign, tmp_path: Path, cells: Mapping[str, Any], asked: set[int]
) -> None:
    """Whatever its town changes there was asked for; where the total is in doubt, every score is."""
    spoiled(huantai, cells).save(tmp_path / "果里.xlsx")
    [copy] = copies(huantai, tmp_path)[1]
    assert copy.issued.content.sheets[COMMUNITY].asked == asked


def test_of_a_hidden_sheet_every_score_is_asked(huantai: Campaign, tmp_path: Path) -> None:
    """Nobody saw any of them."""
    book = filled(huantai)
    hide_sheet(book[COMMUNITY])
    book.save(tmp_path / "果里.xlsx")
    [copy] = copies(huantai, tmp_path)[1]
    assert copy.issued.content.sheets[COMMUNITY].asked == set(range(1, 21))


def typed_over(campaign: Campaign, folder: Path, unit: str, cells: Mapping[str, Any]) -> Path:
    """Put a form of another programme into a folder, with these cells typed into one of its sheets."""
    [one] = campaign.find_communities(unit)
    book = openpyxl.load_workbook(io.BytesIO(blank(campaign, one.town, campaign.communities_of(one.town))))
    for cell, value in cells.items():
        book[unit][cell] = value
    folder.mkdir(exist_ok=True)
    book.save(folder / f"{one.town}.xlsx")
    return folder


def test_texts_and_other_scores_are_carried_over(huantai: Campaign, tmp_path: Path) -> None:
    """Beside the scores that count; what is no possible score of another level stays as it was typed."""
    campaign = three_levels(huantai)
    typed = {f"{column}{row}": 4 for column in "EFG" for row in range(4, 24)}
    folder = typed_over(
        campaign, tmp_path / "r", COMMUNITY, {**typed, "E5": "四", "F6": 3, "G7": "五", "H6": "资料不齐"}
    )
    book = only_copy(campaign, folder)
    sheet = book[COMMUNITY]
    assert [sheet[cell].value for cell in ("E5", "F6", "G6", "G7", "H6")] == ["四", 3, 4, None, "资料不齐"]
    assert [sheet[cell].fill.start_color.rgb for cell in ("E5", "G7", "G6")] == [NONE, ORANGE, NONE]
    told = [str(row[0].value) for row in book[SENDBACK_SHEET].iter_rows()]
    assert "二、“自评分”“镇复核分”“扣分原因”的内容已照原件填入，请核对。".replace("”“", "”、“") in told


def test_answers_in_words_come_back_as_words(huantai: Campaign, tmp_path: Path) -> None:
    """Chosen words, and what does not apply; one that is none of the choices is asked for."""
    campaign = yes_or_no(huantai, schools=1)
    answers = ["是", "不适用", "否", "是", "大概", "是"]
    cells = {f"E{row}": answer for row, answer in enumerate(answers, 4)}
    book = only_copy(campaign, typed_over(campaign, tmp_path / "r", "第1小学", cells))
    sheet = book["第1小学"]
    assert [sheet[f"E{row}"].value for row in range(4, 10)] == ["是", "不适用", "否", "是", None, "是"]
    assert "填成可以采用的内容后变为绿色" in str([cell.value for cell in book[SENDBACK_SHEET]["A"]])
    assert sheet["E8"].fill.start_color.rgb == ORANGE


def test_a_missing_reason_is_asked_for_where_it_belongs(huantai: Campaign, tmp_path: Path) -> None:
    """In the column of reasons, blue: the score itself may stay, or be changed instead."""
    campaign = replace(huantai, entry_columns=("扣分原因",), reason_required=True)
    cells = {**{f"E{row}": 5 for row in range(4, 24)}, "E9": 3}
    result, [copy] = copies(campaign, typed_over(campaign, tmp_path / "r", COMMUNITY, cells))
    sheet = openpyxl.load_workbook(io.BytesIO(copy.data))[COMMUNITY]
    assert [sheet[cell].fill.start_color.rgb for cell in ("E9", "F9", "F8")] == [NONE, BLUE, NONE]
    assert sheet["F9"].comment.text.startswith("请核对：")
    assert copy.issued.content.sheets[COMMUNITY].asked == {6}
