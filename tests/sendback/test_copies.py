"""Correction copies: what is marked in them, what is kept, and that they come back as successors."""

import hashlib
import io
import subprocess
import sys
from collections.abc import Callable, Mapping
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
from greenxl.sendback.copies import Copy, send_back
from tests.conftest import SAMPLES
from tests.tools.fitting import too_full
from tests.tools.make_samples import by_hand, scores
from tests.tools.office import Office

TOWN = "果里镇"
COMMUNITY = "鸿嘉社区"

Book = openpyxl.Workbook
LOOK = ("font", "border", "fill", "alignment", "protection")

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
    result = evaluate(campaign, [folder])
    return result, list(send_back(result, lambda name: Path(name).read_bytes()))


def only_copy(campaign: Campaign, folder: Path) -> Book:
    [copy] = copies(campaign, folder)[1]
    return openpyxl.load_workbook(io.BytesIO(copy.data))


def marked(sheet: Worksheet) -> dict[str, str]:
    """Return the comments of a sheet by cell."""
    return {c.coordinate: c.comment.text for row in sheet.iter_rows() for c in row if c.comment}


def explained(book: Book) -> list[tuple[str, ...]]:
    """Return the filled rows of the explaining sheet, as texts."""
    rows = book[SENDBACK_SHEET].iter_rows(values_only=True)
    return [tuple(str(v) for v in row if v is not None) for row in rows]


def status(result: Round, name: str = COMMUNITY) -> str:
    return next(c.status for c in result.choices if c.community.name == name)


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


def test_every_wrong_cell_is_filled_commented_and_can_be_typed_into(
    huantai: Campaign, tmp_path: Path
) -> None:
    """A cell per finding, with its message in Chinese; the sheet stays protected, the marked cells open."""
    spoiled(huantai, WRONG).save(tmp_path / "果里.xlsx")
    result, [copy] = copies(huantai, tmp_path)
    sheet = openpyxl.load_workbook(io.BytesIO(copy.data))[COMMUNITY]
    assert (copy.town, copy.file_name) == (TOWN, "果里镇-退回修改-2021.xlsx")
    assert marked(sheet) == {f.cell: f"需修改：{f.message(CHINESE)}" for f in result.findings}
    assert marked(sheet).keys() == WRONG.keys()
    fills = {cell: sheet[cell].fill.start_color.rgb for cell in [*WRONG, "E15"]}
    assert fills == {**dict.fromkeys(WRONG, "00F8CBAD"), "E13": "00FFF7D6", "E15": "00000000"}
    assert sheet.protection.sheet
    assert not any(sheet[cell].protection.locked for cell in WRONG)


def test_all_else_is_as_it_was_sent(huantai: Campaign, tmp_path: Path) -> None:
    """Every value, formula, look, width, merged box and guard outside the marked cells is kept."""
    spoiled(huantai, {"E4": "五", "B26": "张三"}).save(tmp_path / "果里.xlsx")
    old, new = openpyxl.load_workbook(tmp_path / "果里.xlsx"), only_copy(huantai, tmp_path)
    assert new.sheetnames == [SENDBACK_SHEET, *old.sheetnames]
    for name in old.sheetnames[:-1]:
        for row in old[name].iter_rows():
            for cell in (c for c in row if (name, c.coordinate) != (COMMUNITY, "E4")):
                other = new[name][cell.coordinate]
                assert (other.value, other.number_format) == (cell.value, cell.number_format)
                assert [repr(getattr(other, part)) for part in LOOK] == [
                    repr(getattr(cell, part)) for part in LOOK
                ]
        assert {str(r) for r in new[name].merged_cells.ranges} == {
            str(r) for r in old[name].merged_cells.ranges
        }
        assert [d.width for d in new[name].column_dimensions.values()] == [
            d.width for d in old[name].column_dimensions.values()
        ]
        assert [d.height for d in new[name].row_dimensions.values()] == [
            d.height for d in old[name].row_dimensions.values()
        ]
        assert new[name].print_area == old[name].print_area
        assert new[name].print_title_rows == old[name].print_title_rows
        assert new[name].freeze_panes == old[name].freeze_panes
        assert new[name].page_setup.fitToWidth == old[name].page_setup.fitToWidth
        assert len(new[name].data_validations.dataValidation) == len(
            old[name].data_validations.dataValidation
        )
    assert new[COMMUNITY]["E4"].value == "五"


def test_the_first_sheet_lists_every_fault_with_a_link(huantai: Campaign, tmp_path: Path) -> None:
    """退回说明 stands first and alone selected; like faults are one line that leads to the first of them."""
    spoiled(huantai, {"E4": "五", "E6": None, "E9": None}).save(tmp_path / "果里.xlsx")
    result, [copy] = copies(huantai, tmp_path)
    book = openpyxl.load_workbook(io.BytesIO(copy.data))
    page = book[SENDBACK_SHEET]
    assert book.active is page
    assert [s.title for s in book.worksheets if s.sheet_view.tabSelected] == [SENDBACK_SHEET]
    text = next(f for f in result.findings if f.code == "score-text").message(CHINESE)
    rows = explained(book)
    assert rows[4] == ("单元格", "原填内容", "问题和处理办法")
    assert rows[5] == ("鸿嘉社区（原件：果里.xlsx › 鸿嘉社区）",)
    assert {row[0] for row in rows[6:]} == {"E4", "E6、E9"}
    assert ("E4", "五", text) in rows
    links = {c.value: c.hyperlink.location for row in page.iter_rows() for c in row if c.hyperlink}
    assert links == {"E4": "'鸿嘉社区'!E4", "E6、E9": "'鸿嘉社区'!E6"}
    assert page.protection.sheet
    assert (page.page_setup.fitToWidth, page.page_setup.fitToHeight) == (1, 0)


def test_mended_it_counts_without_latest(huantai: Campaign, tmp_path: Path) -> None:
    """The mended copy beside the old file: passed, no error, one note that the old sheet was replaced."""
    spoiled(huantai, WRONG).save(tmp_path / "果里.xlsx")
    book = only_copy(huantai, tmp_path)
    for cell in WRONG:
        book[COMMUNITY][cell] = 3
    book.save(tmp_path / "改好.xlsx")
    result, left = copies(huantai, tmp_path)
    assert status(result) == "failed"
    assert result.choices[14].chosen
    assert result.choices[14].chosen.total == Decimal(11 * 3 + 9 * 4)
    assert [(f.code, Path(f.file).name) for f in result.findings] == [("superseded", "果里.xlsx")]
    assert left == []


def test_unmended_it_is_still_the_successor(huantai: Campaign, tmp_path: Path) -> None:
    """Its faults are told once, in the copy, and the next copy carries only what is still wrong."""
    spoiled(huantai, {"E4": "五", "E6": None}).save(tmp_path / "果里.xlsx")
    book = only_copy(huantai, tmp_path)
    book[COMMUNITY]["E4"] = 5
    book.save(tmp_path / "改了一处.xlsx")
    result, [second] = copies(huantai, tmp_path)
    assert status(result) == "incomplete"
    assert {(f.code, Path(f.file).name) for f in result.findings} == {
        ("superseded", "果里.xlsx"),
        ("score-blank", "改了一处.xlsx"),
    }
    again = openpyxl.load_workbook(io.BytesIO(second.data))
    assert marked(again[COMMUNITY]).keys() == {"E6"}
    assert again[COMMUNITY]["E4"].fill.fill_type is None
    assert again.sheetnames.count(SENDBACK_SHEET) == 1
    identity = parse_identity([[v or "" for v in row] for row in again[IDENTITY_SHEET].values])
    assert identity
    digests = {e.sha256 for e in result.entries}
    assert set(identity.supersedes) == digests


def test_a_score_turns_green_once_it_is_possible(huantai: Campaign, tmp_path: Path) -> None:
    """The marked cell's own condition asks for a number within its points and two decimals."""
    spoiled(huantai, {"E4": "五"}).save(tmp_path / "果里.xlsx")
    formats = only_copy(huantai, tmp_path)[COMMUNITY].conditional_formatting
    rules = {str(f.sqref): rule for f in formats for rule in f.rules if str(f.sqref) == "E4"}
    assert rules["E4"].formula == ["AND(ISNUMBER(E4),NOT(OR(E4<0,E4>5,ROUND(E4,2)<>E4)))"]


def test_a_date_becomes_an_open_cell(huantai: Campaign, tmp_path: Path) -> None:
    """A cell with a date format is emptied and set to General: a number typed there stays a number."""
    spoiled(huantai, {"E4": date(2021, 4, 5)}).save(tmp_path / "果里.xlsx")
    cell = only_copy(huantai, tmp_path)[COMMUNITY]["E4"]
    assert (cell.value, cell.number_format) == (None, "General")
    assert "2021" in cell.comment.text


@pytest.mark.parametrize("suffix", [".xlsx", ".xls", ".ods"])
def test_mended_and_saved_by_libreoffice(
    office: Office, huantai: Campaign, tmp_path: Path, suffix: str
) -> None:
    """A clerk types over every marked cell and saves as any format: the scores arrive."""
    returned = tmp_path / "returned"
    returned.mkdir()
    spoiled(huantai, WRONG).save(returned / "果里.xlsx")
    only_copy(huantai, returned).save(tmp_path / "copy.xlsx")
    office.fill(tmp_path / "copy.xlsx", returned / f"改好{suffix}", {COMMUNITY: dict.fromkeys(WRONG, 4.5)})
    result, left = copies(huantai, returned)
    assert [(f.code, Path(f.file).name) for f in result.findings] == [("superseded", "果里.xlsx")]
    assert status(result) == "passed"
    assert result.choices[14].chosen
    assert result.choices[14].chosen.total == Decimal("85.5")
    assert left == []


@pytest.mark.parametrize("suffix", [".xls", ".ods"])
def test_another_format_comes_back_as_a_new_blank(
    office: Office, huantai: Campaign, tmp_path: Path, suffix: str
) -> None:
    """What is no .xlsx is not rewritten: a blank with the good scores in it, the wrong cell marked."""
    spoiled(huantai, {"E4": "五", "E5": 3}).save(tmp_path / "a.xlsx")
    office.convert(tmp_path / "a.xlsx", tmp_path / "returned" / f"果里{suffix}")
    book = only_copy(huantai, tmp_path / "returned")
    sheet = book[COMMUNITY]
    assert [sheet.cell(row, 5).value for row in range(4, 8)] == [None, 3, 4, 4]
    assert marked(sheet).keys() == {"E4"}
    assert any("一份新表" in text for row in explained(book) for text in row)
    sheet["E4"] = 5
    book.save(tmp_path / "returned" / "改好.xlsx")
    result, left = copies(huantai, tmp_path / "returned")
    assert [f.code for f in result.findings] == ["superseded"]
    assert (status(result), left) == ("passed", [])


def test_a_form_typed_by_hand_keeps_its_layout(office: Office, huantai: Campaign, tmp_path: Path) -> None:
    """Rows above, columns in front, no identity: the copy has both, and is recognised when it comes back."""
    returned = tmp_path / "returned"
    cells = by_hand(huantai, scores(huantai)["五里社区"])
    cells |= {"G8": "良", "G28": "=SUM(G8:G27)"}
    office.new(tmp_path / "a.xlsx", {"五里": cells})
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    book["五里"]["G28"] = "=SUM(G8:G27)"
    returned.mkdir()
    book.save(returned / "手工.xlsx")
    copy = only_copy(huantai, returned)
    assert copy.sheetnames == [SENDBACK_SHEET, "五里", IDENTITY_SHEET]
    assert copy[IDENTITY_SHEET].sheet_state == "veryHidden"
    assert (copy["五里"]["A1"].value, copy["五里"]["G8"].value) == ("索镇上报材料", "良")
    scores_summed = ",".join(f"G{row}" for row in range(8, 28))
    assert copy["五里"]["G28"].value == f'=IF(COUNT({scores_summed})=0,"",ROUND(SUM({scores_summed}),2))'
    copy.save(tmp_path / "copy.xlsx")
    office.fill(tmp_path / "copy.xlsx", returned / "改好.xlsx", {"五里": {"G8": 1.0}})
    result, left = copies(huantai, returned)
    assert ("superseded", "手工.xlsx") in [(f.code, Path(f.file).name) for f in result.findings]
    assert not [f for f in result.findings if f.severity == "error" or f.code == "total-differs"]
    assert status(result, "五里社区") in ("passed", "failed")
    assert left == []


def test_several_files_of_a_town_become_one_new_blank(huantai: Campaign, tmp_path: Path) -> None:
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
    told = [text for row in explained(book) for text in row]
    assert f"尚未报送的社区（{len(others)} 个）" in told
    assert f"{'、'.join(c.name for c in others)}。请在本簿相应的表中填报。" in told
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


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        pytest.param(lambda s: s.delete_rows(9), "score-row-missing", id="missing"),
        pytest.param(
            lambda s: s.__setitem__("C9", s["C10"].value), "score-row-twice", id="one twice, one missing"
        ),
    ],
)
def test_a_broken_form_comes_back_as_a_new_blank(
    huantai: Campaign, tmp_path: Path, spoil: Spoil, code: str
) -> None:
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
    book = only_copy(huantai, tmp_path)
    assert (book[COMMUNITY]["C4"].value, book[COMMUNITY]["D5"].value) == (text, points)
    assert marked(book[COMMUNITY]).keys() == {"C4", "D5"}
    book.save(tmp_path / "改好.xlsx")
    assert [f.code for f in evaluate(huantai, [tmp_path]).findings] == ["superseded"]


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
    assert (sheet["E4"].value, sheet["E4"].data_type, sheet["E6"].value) == (4.5, "n", "五")


def test_hidden_wrong_cells_are_shown(huantai: Campaign, tmp_path: Path) -> None:
    """Sheet, row and column of a marked cell are visible in the copy."""
    book = spoiled(huantai, {"E4": "五"})
    book[COMMUNITY].sheet_state = "hidden"
    book[COMMUNITY].row_dimensions[4].hidden = True
    book[COMMUNITY].column_dimensions["E"].hidden = True
    book.save(tmp_path / "果里.xlsx")
    sheet = only_copy(huantai, tmp_path)[COMMUNITY]
    assert sheet.sheet_state == "visible"
    assert not sheet.row_dimensions[4].hidden
    assert not sheet.column_dimensions["E"].hidden


def hide_sheet(sheet: Worksheet) -> None:
    sheet.sheet_state = "hidden"


def hide_rows(sheet: Worksheet) -> None:
    for row in (4, 5, 9):
        sheet.row_dimensions[row].hidden = True


@pytest.mark.parametrize("hide", [hide_sheet, hide_rows])
def test_hidden_scores_are_shown_and_then_forgotten(huantai: Campaign, tmp_path: Path, hide: Spoil) -> None:
    """What was hidden is seen in the copy; returned as it is, nothing is left to say."""
    book = filled(huantai)
    hide(book[COMMUNITY])
    book.save(tmp_path / "果里.xlsx")
    new = only_copy(huantai, tmp_path)
    assert new[COMMUNITY].sheet_state == "visible"
    assert not any(new[COMMUNITY].row_dimensions[row].hidden for row in range(1, 30))
    assert any(row[0].startswith("鸿嘉社区（") for row in explained(new) if row)
    new.save(tmp_path / "看过.xlsx")
    result, left = copies(huantai, tmp_path)
    assert ([f.code for f in result.findings], left) == (["superseded"], [])


def test_the_towns_own_comment_stays(huantai: Campaign, tmp_path: Path) -> None:
    """A comment that the town wrote on a wrong cell stands below ours."""
    book = spoiled(huantai, {"E4": "五"})
    book[COMMUNITY]["E4"].comment = openpyxl.comments.Comment("待核实", "张三")
    book[COMMUNITY]["E7"].comment = openpyxl.comments.Comment("已核实", "张三")
    book.save(tmp_path / "果里.xlsx")
    comments = marked(only_copy(huantai, tmp_path)[COMMUNITY])
    assert comments["E4"].endswith("\n（原有批注：待核实）")
    assert comments["E7"] == "已核实"


def test_an_unknown_community_is_listed_for_its_town(huantai: Campaign, tmp_path: Path) -> None:
    """A name outside the roster is marked where it stands, in the workbook of the town it came from."""
    spoiled(huantai, {"B2": "鸿家园"}).save(tmp_path / "果里.xlsx")
    book = only_copy(huantai, tmp_path)
    assert marked(book[COMMUNITY]).keys() == {"B2"}
    book[COMMUNITY]["B2"] = COMMUNITY
    book.save(tmp_path / "改好.xlsx")
    result, left = copies(huantai, tmp_path)
    assert ([f.code for f in result.findings], status(result), left) == (["superseded"], "passed", [])


@pytest.mark.parametrize(
    "cells",
    [
        pytest.param({}, id="nothing wrong"),
        pytest.param({"E4": "５"}, id="notes only"),
    ],
)
def test_no_copy_without_a_fault(huantai: Campaign, tmp_path: Path, cells: Mapping[str, Any]) -> None:
    """A town with nothing to mend is left alone."""
    spoiled(huantai, cells).save(tmp_path / "果里.xlsx")
    assert copies(huantai, tmp_path)[1] == []


@pytest.mark.parametrize("gone", [True, False], ids=["gone", "changed"])
def test_a_file_that_changed_since_becomes_a_new_blank(huantai: Campaign, tmp_path: Path, gone: bool) -> None:
    """The copy is made from what was read or not at all."""
    spoiled(huantai, {"E4": "五"}).save(tmp_path / "果里.xlsx")
    result = evaluate(huantai, [tmp_path])
    spoiled(huantai, {"E4": "六"}).save(tmp_path / "果里.xlsx")
    [copy] = send_back(result, lambda name: None if gone else Path(name).read_bytes())
    book = openpyxl.load_workbook(io.BytesIO(copy.data))
    assert book[COMMUNITY]["E4"].value is None
    assert book[COMMUNITY]["E5"].value == 4


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
    only_copy(huantai, tmp_path).save(tmp_path / "未改.xlsx")
    (tmp_path / "果里.xlsx").unlink()
    second = hashlib.sha256((tmp_path / "未改.xlsx").read_bytes()).hexdigest()
    rows = only_copy(huantai, tmp_path)[IDENTITY_SHEET].values
    identity = parse_identity([[v or "" for v in row] for row in rows])
    assert identity
    assert set(identity.supersedes) == {first, second}


def test_the_second_copy_is_made_from_the_first_alone(huantai: Campaign, tmp_path: Path) -> None:
    """What was replaced takes no part any more, not even a sheet that was nobody's."""
    spoiled(huantai, {"B2": "鸿家园", "B27": "张三", "E4": "五"}).save(tmp_path / "果里.xlsx")
    book = only_copy(huantai, tmp_path)
    book[COMMUNITY]["B2"] = COMMUNITY
    book.save(tmp_path / "改了一处.xlsx")
    again = only_copy(huantai, tmp_path)[COMMUNITY]
    assert marked(again).keys() == {"E4"}
    assert again["B27"].value == "张三"


def test_of_two_equal_returns_the_one_that_counts_is_copied(huantai: Campaign, tmp_path: Path) -> None:
    """Its twin makes no second line and no new blank, and is replaced with it."""
    for name in ("甲", "乙"):
        spoiled(huantai, {"B27": name, "E4": "五"}).save(tmp_path / f"{name}.xlsx")
    book = only_copy(huantai, tmp_path)
    assert book[COMMUNITY]["B27"].value == "乙"
    assert len([row for row in explained(book) if row and row[0] == "E4"]) == 1
    book[COMMUNITY]["E4"] = 5
    book.save(tmp_path / "改好.xlsx")
    result, left = copies(huantai, tmp_path)
    assert ([f.code for f in result.findings], left) == (["superseded"] * 2, [])


def test_a_typed_total_is_left_to_the_town(huantai: Campaign, tmp_path: Path) -> None:
    """A total that does not fit its scores is marked and open; only the town knows which is right."""
    spoiled(huantai, {"E24": 95}).save(tmp_path / "果里.xlsx")
    sheet = only_copy(huantai, tmp_path)[COMMUNITY]
    assert marked(sheet).keys() == {"E24"}
    assert (sheet["E24"].value, sheet["E24"].protection.locked) == (95, False)


def test_a_workbook_of_two_towns(huantai: Campaign, tmp_path: Path) -> None:
    """Each town gets a new blank with its own communities, never a look at the other's."""
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


def test_files_are_called_as_their_sender_knows_them(huantai: Campaign, tmp_path: Path) -> None:
    """The folders of this computer are left out, unless two files would have one name."""
    for folder, value in (("一", 5), ("二", 3)):
        (tmp_path / folder).mkdir()
        spoiled(huantai, {"E4": value}).save(tmp_path / folder / "果里.xlsx")
    text = marked(only_copy(huantai, tmp_path)[COMMUNITY])["E4"]
    assert "一/果里.xlsx：5；二/果里.xlsx：3" in text
    assert str(tmp_path) not in text


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
    """Every town of the spoiled samples gets a copy that opens and reads without a stray sheet."""
    result, made = copies(huantai, SAMPLES / "spoiled")
    assert [copy.town for copy in made] == [t.name for t in huantai.towns]
    assert {c.status for c in result.choices} >= {"invalid", "conflict"}
    for copy in made:
        assert openpyxl.load_workbook(io.BytesIO(copy.data)).sheetnames[0] == SENDBACK_SHEET


def test_the_explanation_prints_at_full_size(huantai: Campaign) -> None:
    """Its columns are no wider than the paper between the margins, and no text is cut."""
    _result, [copy, *_rest] = copies(huantai, SAMPLES / "spoiled")
    book = openpyxl.load_workbook(io.BytesIO(copy.data))
    page = book[SENDBACK_SHEET]
    wide = sum(d.width * 7 * 0.75 for d in page.column_dimensions.values())
    a4 = 8.27 - page.page_margins.left - page.page_margins.right
    assert wide <= a4 * 72
    assert [told for told in too_full(copy.data) if told.startswith(SENDBACK_SHEET)] == []


def test_openpyxl_is_not_imported_before_it_is_needed() -> None:
    """Importing the module is cheap: openpyxl comes with the first copy."""
    code = "import sys, greenxl.sendback.copies; print('openpyxl' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
