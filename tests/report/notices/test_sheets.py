"""What the sheets of all notices share."""

from datetime import date

import pytest

from greenxl.campaign.model import Campaign
from greenxl.report.notices.choosing import town_notices
from greenxl.report.notices.sheets import item_number, item_text, notice_style, write_sentences
from tests.tools.reports import opened
from tests.tools.river import GOOD, river
from tests.tools.rounds import round_of


def test_a_notice_says_whose_it_is_and_of_which_day(huantai: Campaign) -> None:
    """In the properties that a mail program shows."""
    style = notice_style(huantai, "索镇", date(2021, 10, 9))
    style.book.sheet("x")
    properties = opened(style.book.bytes()).properties
    assert (properties.title, properties.creator) == ("索镇整改通知（2021年）", huantai.authority)
    assert properties.created.date() == date(2021, 10, 9)


def test_sentences_take_the_height_that_they_need(huantai: Campaign) -> None:
    """A row each over the width of the table; the row after them is returned."""
    style = notice_style(huantai, "索镇", date(2021, 10, 9))
    sheet = style.book.sheet("x")
    assert write_sentences(sheet, style, ["短", "长" * 100], 2, [10.0, 30.0]) == 4
    written = opened(style.book.bytes())["x"]
    assert {str(box) for box in written.merged_cells.ranges} == {"A3:B3", "A4:B4"}
    assert written.row_dimensions[4].height > 4 * written.row_dimensions[3].height


@pytest.mark.parametrize(
    ("answers", "number", "text"),
    [
        pytest.param((*GOOD[:6], "不符合"), "T1", "未发生重大事故\n（否决项）", id="veto"),
        pytest.param((0, *GOOD[1:]), "1.1", "建立河长体系", id="loss"),
    ],
)
def test_an_item_is_called_as_the_form_calls_it(
    huantai: Campaign, answers: tuple[object, ...], number: str, text: str
) -> None:
    """By the number that is printed there; what fails the unit says so."""
    campaign = river(huantai)
    _result, tables = round_of(campaign, {campaign.communities[0]: answers})  # type: ignore[dict-item]
    task = town_notices(campaign, tables)[0].tasks[0]
    assert (item_number(task), item_text(task)) == (number, text)
