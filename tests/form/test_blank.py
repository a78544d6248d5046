"""The blank workbook: the official form, what may be filled in, what it says while it is being filled."""

import io
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from greenxl.campaign.model import Campaign
from greenxl.form.blank import blank, blanks, state_of
from greenxl.form.layout import COVER_SHEET, FIELD_LABELS, IDENTITY_SHEET, Layout, address, parse_identity
from greenxl.names import key
from tests.tools.fitting import too_full
from tests.tools.office import Office
from tests.tools.rounds import longest


def opened(data: bytes) -> Any:
    return openpyxl.load_workbook(io.BytesIO(data))


def of_town(campaign: Campaign, town: str, **more: Any) -> bytes:
    return blank(campaign, town, campaign.communities_of(town), **more)


def test_a_workbook_holds_a_cover_and_a_form_per_community(huantai: Campaign) -> None:
    """填报说明 first, the communities in roster order, the identity very hidden."""
    book = opened(of_town(huantai, "索镇"))
    names = [c.name for c in huantai.communities_of("索镇")]
    assert book.sheetnames == [COVER_SHEET, *names, IDENTITY_SHEET]
    assert book[IDENTITY_SHEET].sheet_state == "veryHidden"
    identity = parse_identity([[c.value for c in row] for row in book[IDENTITY_SHEET].iter_rows()])
    assert identity is not None
    assert (identity.campaign, identity.town) == ("huantai-2021", "索镇")
    assert identity.sheets == {name: number for number, name in enumerate(names, 16)}


def test_the_form_is_attachment_1(huantai: Campaign) -> None:
    """Title, four header cells, merged groups with their line breaks, criteria, points, total and note."""
    sheet = opened(of_town(huantai, "索镇"))["永安社区"]
    layout = Layout(20)
    assert sheet["A1"].value == "桓台县绿色社区创建标准（试行）"
    assert [c.value for c in sheet[3]][:5] == ["内容", "创建标准", None, "标准分\n（100分）", "得分\n（分）"]
    assert [sheet.cell(4 + i, 3).value for i in range(20)] == [c.text for c in huantai.criteria]
    assert [sheet.cell(4 + i, 4).value for i in range(20)] == [5] * 20
    assert [sheet.cell(4 + i, 5).value for i in range(20)] == [None] * 20
    merged = {str(area) for area in sheet.merged_cells.ranges}
    assert {"A1:E1", "B3:C3", "A4:A7", "A8:A12", "A13:A16", "A17:A19", "A20:A23", "A24:C24"} <= merged
    assert sheet["A4"].value == "建立健全\n社区人居\n环境建设\n和整治机制"
    assert [sheet.cell(layout.total_row + 1, c).value for c in (1, 4)] == ["合计分值", 100]
    assert sheet.cell(layout.note_row + 1, 1).value == "说明：绿色社区创建得分须不低于80分。"
    texts = {key(str(cell.value)) for row in sheet.iter_rows() for cell in row if cell.value}
    assert {key(label) for label in (*FIELD_LABELS, "社区名称", "所属街道（镇）")} <= texts


def test_scores_and_fields_alone_are_open(huantai: Campaign) -> None:
    """Tab leads from score to score and on through the fields; all else is locked, without a password."""
    sheet = opened(of_town(huantai, "索镇"))["永安社区"]
    assert sheet.protection.sheet
    assert sheet.protection.password is None
    merged = {cell for area in sheet.merged_cells.ranges for cell in list(area.cells)[1:]}
    unlocked = [
        cell.coordinate
        for row in sheet.iter_rows()
        for cell in row
        if not cell.protection.locked and (cell.row, cell.column) not in merged
    ]
    assert unlocked == [*(f"E{row}" for row in range(4, 24)), "B27", "E27", "B28", "E28", "B29"]


def test_each_score_takes_what_its_criterion_allows(other: Campaign) -> None:
    """A decimal from 0 to the criterion's points, with a Chinese prompt and error."""
    sheet = opened(of_town(other, "东城街"))["莲塘社区"]
    rules = {str(rule.sqref): rule for rule in sheet.data_validations.dataValidation}
    assert len(rules) == 16
    rule = rules["E5"]
    assert (rule.type, rule.operator or "between", rule.formula1, rule.formula2) == (
        "decimal",
        "between",
        "0",
        "7.5",
    )
    assert rule.prompt == "请填 0 到 7.5 之间的数字，最多两位小数；没有做到的填 0。"
    assert rule.error == "第2条满分 7.5 分，请填 0 到 7.5 之间的数字。"


@pytest.mark.parametrize(
    ("scores", "total", "words"),
    [
        ([None] * 20, "", ""),
        ([5] * 16 + [0] * 4, 80.0, "达标"),
        ([5] * 15 + [4.99] + [0] * 4, 79.99, "未达标"),
        ([5] * 3 + [None] * 17, 15.0, "未填完（已填3条，共20条）"),
        (["五"] + [5] * 19, 95.0, "有误"),
        ([6] + [5] * 19, 101.0, "有误"),
        ([-1] + [5] * 19, 94.0, "有误"),
        ([4.001] + [5] * 19, 99.0, "有误"),
        ([4.35] + [4.1] * 19, 82.25, "达标"),
    ],
    ids=["empty", "80", "79.99", "three", "word", "too much", "negative", "decimals", "hundredths"],
)
def test_the_state_is_live(
    office: Office, tmp_path: Path, huantai: Campaign, scores: list[Any], total: float | str, words: str
) -> None:
    """Total and state follow what is typed, nothing foolish while empty; the cover follows too."""
    source, filled = tmp_path / "blank.xlsx", tmp_path / "filled.xlsx"
    source.write_bytes(of_town(huantai, "索镇"))
    typed = {f"E{row}": value for row, value in enumerate(scores, 4) if value is not None}
    office.fill(source, filled, {"永安社区": typed})
    formulas = office.formulas(filled)
    assert [formulas["永安社区"][cell][2] for cell in ("E24", "B26")] == [total, words]
    cover = formulas[COVER_SHEET]
    row = next(int(cell[1:]) for cell in cover if cell.startswith("C"))
    assert cover[f"C{row}"][2] == sum(isinstance(s, int | float) for s in scores)
    assert cover[f"E{row}"][2] == (words or "未填")
    done = int(words in ("达标", "未达标"))
    assert cover[f"A{row + 6}"][2] == f"填报进度：已填完{done}个社区，共6个。"


@pytest.mark.parametrize("town", ["索镇", "果里镇"])
@pytest.mark.parametrize("filled", [False, True], ids=["empty", "prefilled"])
def test_office_computes_every_formula_to_its_stored_value(
    office: Office, tmp_path: Path, huantai: Campaign, town: str, filled: bool
) -> None:
    """What a preview of the workbook shows is what LibreOffice computes."""
    first, *others = huantai.communities_of(town)
    scores = {first: [Decimal("4.25")] * 20}
    if others:
        scores[others[0]] = [Decimal(5)] * 4  # the rest is blank
    given = {c: [*s, *[None] * (20 - len(s))] for c, s in scores.items()}
    path = tmp_path / "blank.xlsx"
    path.write_bytes(of_town(huantai, town, scores=given if filled else None))
    found = [
        (sheet, cell, stored, anew)
        for sheet, cells in office.formulas(path).items()
        for cell, (_formula, stored, anew) in cells.items()
    ]
    assert len(found) == (6 * 5 + 1 if others else 5)
    assert [one for one in found if (one[2] or "") != one[3] and one[2] != one[3]] == []


def test_a_town_of_one_community_gets_a_fitting_cover(huantai: Campaign) -> None:
    """No list of one: the cover names the community and its state."""
    sheet = opened(of_town(huantai, "果里镇"))[COVER_SHEET]
    texts = [cell.value for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert texts[0] == "果里镇鸿嘉社区评分表填报说明"
    assert {"社区", "鸿嘉社区", "已填条数（共20条）", "合计分值", "状态"} <= set(texts)
    assert "序号" not in texts


def test_links_lead_there_and_back(huantai: Campaign) -> None:
    """From the cover to each first score, from each form to the cover and its neighbours."""
    book = opened(of_town(huantai, "索镇"))
    names = [c.name for c in huantai.communities_of("索镇")]
    cover = [c.hyperlink.location for row in book[COVER_SHEET].iter_rows() for c in row if c.hyperlink]
    assert cover == [f"'{name}'!E4" for name in names]
    beside = [c.hyperlink.location for row in book["新民社区"].iter_rows() for c in row if c.hyperlink]
    assert beside == [f"'{COVER_SHEET}'!A1", "'永安社区'!E4", "'西镇社区'!E4"]
    assert book["新民社区"].print_area == "'新民社区'!$A$1:$E$29"


@pytest.mark.parametrize("which", ["huantai", "other", "longest"])
def test_every_printed_text_fits_its_cell(which: str, huantai: Campaign, other: Campaign) -> None:
    """No text is cut on the cover or on a form, however long the names."""
    campaign = {"huantai": huantai, "other": other, "longest": longest(huantai)}[which]
    for town in campaign.towns:
        assert too_full(of_town(campaign, town.name)) == []


def test_a_form_prints_on_one_page_unless_it_is_long(huantai: Campaign) -> None:
    """A4 portrait, one page per sheet; a standard of paragraphs takes as many as it needs to be read."""
    sheet = opened(of_town(huantai, "索镇"))["永安社区"]
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("portrait", 9)
    assert (sheet.page_setup.fitToWidth or 1, sheet.page_setup.fitToHeight is None) == (1, True)
    assert sheet.print_title_rows == "$3:$3"
    campaign = longest(huantai)
    sheet = opened(of_town(campaign, campaign.towns[0].name)).worksheets[1]
    assert sheet.page_setup.fitToHeight == 0


def test_the_deadline_and_the_way_back_are_told(huantai: Campaign) -> None:
    """填报说明 says until when and to whom, and how, where the campaign says how."""
    campaign = replace(huantai, deadline=date(2021, 8, 5), return_to="发送至 a@example.cn")
    sheet = opened(of_town(campaign, "索镇"))[COVER_SHEET]
    texts = [str(row[0].value) for row in sheet.iter_rows(max_row=7)]
    assert "四、请于2021年8月5日前填写完毕，将本工作簿原样报送桓台县住房和城乡建设局。" in texts
    assert "五、报送方式：发送至 a@example.cn" in texts


def test_blanks_come_per_town_or_per_community(huantai: Campaign) -> None:
    """One workbook per town, or one per community; the same campaign gives the same bytes."""
    names = [b.file_name for b in blanks(huantai, ["果里镇", "索镇"])]
    assert names == ["果里镇-评分表-2021.xlsx", "索镇-评分表-2021.xlsx"]
    single = [b.file_name for b in blanks(huantai, ["索镇"], per_community=True)]
    assert single[0] == "索镇-永安社区-评分表-2021.xlsx"
    assert len(single) == 6
    assert of_town(huantai, "索镇") == of_town(huantai, "索镇")


def test_the_state_of_scores_is_that_of_the_sheet(huantai: Campaign) -> None:
    """What the writer stores as a formula's value."""
    full = [Decimal(4)] * 20
    assert state_of([], huantai).words == ""
    assert state_of(full, huantai).words == "达标"
    assert state_of([*full[:19], None], huantai).words == "未填完（已填19条，共20条）"
    assert address(3, 4) == "E4"
