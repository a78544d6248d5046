"""填报说明: how to fill the blank in, and how far it is."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from greenxl.campaign.model import Answer, Campaign, Kind
from greenxl.form.blank import blank
from greenxl.form.layout import COVER_SHEET
from tests.tools.blanks import blank_of
from tests.tools.books import opened
from tests.tools.forms import three_levels, with_methods, yes_or_no


def texts(data: bytes) -> list[str]:
    """Return what the cover's cells hold, row by row."""
    sheet = opened(data)[COVER_SHEET]
    return [str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value is not None]


def test_the_deadline_and_the_way_back_are_printed(huantai: Campaign) -> None:
    """填报说明 says until when and to whom, and how, where the campaign says how."""
    campaign = replace(huantai, deadline=date(2021, 8, 5), return_to="发送至 a@example.cn")
    found = texts(blank_of(campaign, "索镇"))
    assert "四、请于2021年8月5日前填写完毕，将本工作簿原样报送桓台县住房和城乡建设局。" in found
    assert "五、报送方式：发送至 a@example.cn" in found
    assert not any(text.startswith("五、") for text in texts(blank_of(huantai, "索镇")))


def test_a_workbook_of_one_community_has_the_same_cover(huantai: Campaign) -> None:
    """The same list of one row; the title names the community, so that such workbooks can be told apart."""
    of_town = texts(blank_of(huantai, "果里镇"))
    of_one = texts(blank(huantai, "索镇", huantai.communities_of("索镇")[:1]))
    assert of_town[0] == "果里镇鸿嘉社区评分表填报说明"
    assert of_one[0] == "索镇永安社区评分表填报说明"
    assert texts(blank_of(huantai, "索镇"))[0] == "索镇评分表填报说明"
    assert of_town[1:10] == texts(blank_of(huantai, "索镇"))[1:10]


def test_every_community_has_a_row_with_its_state(huantai: Campaign) -> None:
    """Number, linked name, how many scores, total, state; the last row counts the complete ones."""
    first, second, *_others = huantai.communities_of("索镇")
    scores = {first: [Decimal(4)] * 20, second: [*[Decimal(4)] * 3, *[None] * 17]}
    sheet = opened(blank_of(huantai, "索镇", scores=scores))[COVER_SHEET]
    [head] = [row for row in sheet.iter_rows() if row[0].value == "序号"]
    assert [cell.value for cell in head] == ["序号", "社区", "已填条数\n（共20条）", "合计分值", "状态"]
    row = head[0].row + 1
    assert [cell.value for cell in sheet[row]][:3] == [16, "永安社区", "=COUNT('永安社区'!$E$4:$E$23)"]
    states = f"E{row}:E{row + 5}"
    assert sheet.cell(row + 6, 1).value == (
        f'="填报进度：已填完"&(COUNTIF({states},"达标")+COUNTIF({states},"未达标"))&"个社区，共6个。"'
    )


def test_the_cover_is_locked_without_a_password(huantai: Campaign) -> None:
    """Nothing is typed there."""
    sheet = opened(blank_of(huantai, "索镇"))[COVER_SHEET]
    assert sheet.protection.sheet
    assert sheet.protection.password is None
    assert all(cell.protection.locked for row in sheet.iter_rows() for cell in row)


def test_a_cover_of_many_units_takes_pages_that_can_be_read(huantai: Campaign) -> None:
    """A hundred and twenty: as wide as the page, the header and the number of the page on each."""
    sheet = opened(blank_of(yes_or_no(huantai), "城关学区"))[COVER_SHEET]
    assert sheet.page_setup.fitToHeight == 0
    assert sheet.print_title_rows == "$8:$8"
    assert (sheet.oddFooter.left.text, sheet.oddFooter.right.text) == ("城关学区", "第 &P 页，共 &N 页")
    assert [cell.value for cell in sheet[8]][:2] == ["序号", "学校"]


def test_answers_in_words_are_counted_too(huantai: Campaign) -> None:
    """Where words are typed, whatever is typed counts as filled in."""
    sheet = opened(blank_of(yes_or_no(huantai, schools=1), "城关学区"))[COVER_SHEET]
    assert sheet["C9"].value == "=COUNTA('第1小学'!$E$4:$E$9)"


def test_every_column_of_scores_is_watched(huantai: Campaign) -> None:
    """How much is filled in of each; the total and the state are of the one that counts."""
    sheet = opened(blank_of(three_levels(huantai), "果里镇"))[COVER_SHEET]
    heads = [cell.value for cell in sheet[9]]
    assert heads[2:5] == ["自评分\n已填条数", "镇复核分\n已填条数", "县核定分\n已填条数"]
    assert [sheet.cell(10, column).value for column in (3, 5, 6)] == [
        "=COUNT('鸿嘉社区'!$E$4:$E$23)",
        "=COUNT('鸿嘉社区'!$G$4:$G$23)",
        "=IF('鸿嘉社区'!$G$24=\"\",\"\",'鸿嘉社区'!$G$24)",
    ]


def test_a_unit_that_something_fails_counts_as_complete(huantai: Campaign) -> None:
    """Its state goes on after the word; what is too long for the list ends in dots."""
    campaign = with_methods(huantai)
    unit = campaign.find_communities("鸿嘉社区")[0]
    scores = [Answer.UNFULFILLED if c.kind is Kind.CONDITION else Decimal(0) for c in campaign.criteria]
    data = blank_of(campaign, "果里镇", scores={unit: scores})
    sheet, shown = (opened(data, values=values)[COVER_SHEET] for values in (False, True))
    assert 'COUNTIF(E12,"达标")+COUNTIF(E12,"未达标*")' in sheet["A13"].value
    assert shown["A13"].value == "填报进度：已填完1个社区，共1个。"
    assert shown["E12"].value == "未达标（否决：第1.1.2条0分、第1.3.3条0分…"[:25] + "…"
