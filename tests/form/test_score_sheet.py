"""The sheet of a community: the official form, what may be typed into it, how it prints."""

from dataclasses import replace
from decimal import Decimal

from greenxl.campaign.model import Campaign, Community, Town
from greenxl.form.layout import COVER_SHEET, FIELD_LABELS, Layout
from greenxl.form.score_sheet import CellMark
from greenxl.form.style import MISSING, WRONG
from greenxl.names import key
from tests.tools.blanks import blank_of
from tests.tools.books import opened
from tests.tools.forms import three_levels, with_methods
from tests.tools.rounds import longest


def test_the_form_is_attachment_1(huantai: Campaign) -> None:
    """Title, four header cells, merged groups with their line breaks, criteria, points, total and note."""
    sheet = opened(blank_of(huantai, "索镇"))["永安社区"]
    layout = Layout(huantai)
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
    sheet = opened(blank_of(huantai, "索镇"))["永安社区"]
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
    sheet = opened(blank_of(other, "东城街"))["莲塘社区"]
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


def test_empty_and_impossible_scores_are_coloured(huantai: Campaign) -> None:
    """What is impossible comes first, and stops the colour of what is empty."""
    sheet = opened(blank_of(huantai, "索镇"))["永安社区"]
    [area] = [one for one in sheet.conditional_formatting if str(one.sqref) == "E4:E23"]
    wrong, empty = area.rules
    assert wrong.formula == ["IF(ISBLANK(E4),FALSE,IF(ISNUMBER(E4),OR(E4<0,E4>D4,ROUND(E4,2)<>E4),TRUE))"]
    assert wrong.stopIfTrue
    assert empty.formula == ["ISBLANK(E4)"]


def test_a_form_prints_on_one_page_unless_it_is_long(huantai: Campaign) -> None:
    """A4 portrait, one page per sheet; a standard of paragraphs takes as many as it needs to be read."""
    sheet = opened(blank_of(huantai, "索镇"))["永安社区"]
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("portrait", 9)
    assert (sheet.page_setup.fitToWidth or 1, sheet.page_setup.fitToHeight is None) == (1, True)
    assert sheet.print_title_rows == "$3:$3"
    assert sheet.print_area == "'永安社区'!$A$1:$E$29"
    campaign = longest(huantai)
    unit = campaign.communities[0]
    sheet = opened(blank_of(campaign, unit.town)).worksheets[1]
    assert sheet.page_setup.scale > 70
    assert [one.id for one in sheet.row_breaks.brk] == [11, 19]
    assert sheet.oddFooter.left.text == unit.name
    assert sheet.oddFooter.right.text == "第 &P 页，共 &N 页"


def test_a_form_of_another_programme_prints_what_its_standard_says(huantai: Campaign) -> None:
    """Parts of groups merged, its own numbers, method and evidence locked, kinds in the cells of points."""
    campaign = with_methods(huantai)
    sheet = opened(blank_of(campaign, "果里镇"))["鸿嘉社区"]
    assert [cell.value for cell in sheet[3]][:10] == [
        *("内容", "分项", "创建标准", None, "评分方法", "佐证要求", "标准分\n（100分）", "得分\n（分）"),
        *("扣分原因", "佐证材料"),
    ]
    first = [cell.value for cell in sheet[4]][:7]
    criterion = campaign.criteria[0]
    assert first[1:] == [criterion.subgroup, "1.1.1", criterion.text, criterion.method, criterion.evidence, 2]
    merged = {str(area) for area in sheet.merged_cells.ranges}
    assert {"B4:B6", "C3:D3"} <= merged
    shown = [(sheet.cell(row, 7).value, sheet.cell(row, 7).number_format) for row in (60, 61, 62, 63)]
    assert shown == [(2, "General"), (5, '"加分 最多5分"'), (10, '"扣分 最多10分"'), (0, '"条件 否决"')]
    labels = {row: sheet.cell(row, 1).value for row in (66, 67, 68, 69)}
    assert labels == {66: "填报状态", 67: "否决情况", 68: "等次", 69: "填报人"}


def test_scores_and_texts_of_all_columns_are_open(huantai: Campaign) -> None:
    """Every column of scores and of texts to fill in, which are wrapped; each score column has its total."""
    sheet = opened(blank_of(three_levels(huantai), "果里镇"))["鸿嘉社区"]
    assert not any(
        sheet.cell(row, column).protection.locked for row in range(4, 24) for column in range(5, 9)
    )
    assert all(sheet.cell(row, column).protection.locked for row in range(4, 24) for column in range(1, 5))
    assert sheet["H4"].alignment.wrap_text
    assert [sheet.cell(24, column).value for column in (5, 6, 7)] == [
        f'=IF(COUNT({c}4:{c}23)=0,"",ROUND(SUM({c}4:{c}23),2))' for c in "EFG"
    ]
    assert 'IF(COUNTA(E4:E23,F4:F23)=0,"","待核定")' in sheet["B26"].value
    ranges = {str(one.sqref) for one in sheet.data_validations.dataValidation}
    assert ranges == {f"E{row}:G{row}" for row in range(4, 24)}


def test_a_form_is_issued_with_what_stands_beside_the_scores(huantai: Campaign) -> None:
    """Other scores with their totals, texts; the state says that the counting column is to be decided."""
    campaign = three_levels(huantai)
    unit = campaign.find_communities("鸿嘉社区")[0]
    typed = {"自评分": [Decimal(4)] * 19 + ["五"], "扣分原因": ["资料不齐", *[None] * 19]}
    data = blank_of(campaign, "果里镇", typed={unit: typed})
    sheet = opened(data, values=True)["鸿嘉社区"]
    assert [sheet[cell].value for cell in ("E4", "E23", "E24", "G4", "G24", "H4")] == [
        *(4, "五", 76, None, None, "资料不齐"),
    ]
    assert sheet["B26"].value == "待核定"
    assert [opened(data, values=True)[COVER_SHEET].cell(10, column).value for column in range(3, 8)] == [
        *(20, 0, 0, None, "待核定"),
    ]


def test_a_form_without_towns_names_none(huantai: Campaign) -> None:
    """The name takes the line."""
    campaign = replace(
        huantai, parent="", towns=(Town("一中"),), communities=(Community(1, "一中", "一中", False),)
    )
    sheet = opened(blank_of(campaign, "一中"))["一中"]
    assert [sheet["A2"].value, sheet["B2"].value, sheet["D2"].value] == ["社区名称", "一中", None]
    assert "B2:E2" in {str(area) for area in sheet.merged_cells.ranges}


def test_marks_are_coloured_and_commented_until_the_cell_is_scored(huantai: Campaign) -> None:
    """In a correction copy: green once a possible score is typed, before the form's own colours."""
    first = huantai.communities_of("索镇")[0]
    marks = {
        "E5": CellMark(colour=MISSING, comment="请填写：第2条", until_scored=True),
        "E24": CellMark(colour=WRONG, comment="请核对：合计"),
    }
    sheet = opened(blank_of(huantai, "索镇", marks={first: marks}))["永安社区"]
    assert [sheet[cell].fill.start_color.rgb[2:] for cell in ("E5", "E24")] == [MISSING[1:], WRONG[1:]]
    assert sheet["E4"].fill.patternType is None
    comments = {cell: sheet[cell].comment for cell in ("E5", "E24")}
    assert {cell: (c.text, c.author) for cell, c in comments.items()} == {
        "E5": ("请填写：第2条", huantai.authority),
        "E24": ("请核对：合计", huantai.authority),
    }
    rules = {str(area.sqref): area.rules for area in sheet.conditional_formatting}
    assert [rule.formula for rule in rules["E5"]] == [
        ["AND(ISNUMBER(E5),NOT(OR(E5<0,E5>D5,ROUND(E5,2)<>E5)))"],
        ["ISBLANK(E5)"],
    ]
    assert max(rule.priority for rule in rules["E5"]) < min(rule.priority for rule in rules["E4:E23"])
    assert "E24" not in rules
