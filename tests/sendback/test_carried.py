"""What goes into a copy besides scores, and what of the return does not."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

import pytest

from greenxl.campaign.model import Campaign
from greenxl.i18n import CHINESE
from greenxl.returns.model import ScoreSheet
from greenxl.scoring.checking import Checked, check
from greenxl.scoring.score import BLANK, Mark, Score
from greenxl.sendback.carried import carried_columns, carries_fields, fields_of, remarks_of, typed_of
from greenxl.workbooks.cells import Cell, Format
from tests.tools.cells import cell
from tests.tools.forms import three_levels
from tests.tools.score_sheets import score_sheet


def returned(campaign: Campaign, *fields: Mapping[str, Cell]) -> list[Checked]:
    """Return a sheet of 永安社区 for each set of fields."""
    community = campaign.communities_of("索镇")[0]
    sheets: list[ScoreSheet] = [
        replace(score_sheet(community, campaign, file=f"{n}.xlsx"), fields=one)
        for n, one in enumerate(fields)
    ]
    return [check(sheet, campaign) for sheet in sheets]


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        pytest.param(cell(value="张三"), "张三", id="a name"),
        pytest.param(cell(value=13812345678.0), "13812345678", id="a number"),
        pytest.param(
            cell(value=date(2021, 9, 9), format=Format.DATE, shown="2021年9月9日"),
            "2021年9月9日",
            id="as shown",
        ),
        pytest.param(cell(value=datetime(2021, 9, 9)), "2021-09-09", id="a day"),
        pytest.param(cell(value="长" * 100), "长" * 59 + "…", id="far too long"),
    ],
)
def test_a_field_is_carried_over_as_it_showed(huantai: Campaign, typed: Cell, text: str) -> None:
    """A telephone number stays one, a date the date that the town typed."""
    sheets = returned(huantai, {"填报人": typed})
    assert fields_of(sheets, huantai.communities_of("索镇")[0]) == {"填报人": text}
    assert carries_fields(sheets)


def test_where_returns_disagree_the_town_types_it_anew(huantai: Campaign) -> None:
    """Nobody chooses between two names; what one of them alone says is carried over."""
    sheets = returned(
        huantai, {"填报人": cell(value="张三")}, {"填报人": cell(value="李四"), "审核人": cell(value="王五")}
    )
    assert fields_of(sheets, huantai.communities_of("索镇")[0]) == {"审核人": "王五"}
    assert not carries_fields(returned(huantai, {}))


def test_remarks_are_named_as_left_out(huantai: Campaign) -> None:
    """With the cell of the original that each stood in."""
    [one] = returned(huantai, {})
    few = replace(one, sheet=replace(one.sheet, remarks=("F5 见附件", "F9 无物业")))
    [found] = remarks_of([one, few])
    assert found.message(CHINESE).startswith("报送的表中的“F5 见附件、F9 无物业”")
    assert (found.cells, found.community) == ((), "永安社区")


def beside(campaign: Campaign, *sheets: tuple[Sequence[str], Sequence[Score]]) -> list[Checked]:
    """Return sheets of 永安社区 with these texts as reasons and these scores of the town itself."""
    return [
        replace(one, entries={"扣分原因": tuple(texts)}, columns={"自评分": tuple(scores)})
        for one, (texts, scores) in zip(returned(campaign, *[{} for _one in sheets]), sheets, strict=True)
    ]


def test_what_stands_beside_the_scores_is_carried_over(huantai: Campaign) -> None:
    """Texts as they are, scores of other levels even where they are none."""
    campaign = three_levels(huantai)
    scores = [Score(Mark.ACCEPTED, Decimal(4)), Score(Mark.WRONG, shown="四"), *[BLANK] * 18]
    sheets = beside(campaign, (["资料不齐", *[""] * 19], scores))
    community = campaign.communities_of("索镇")[0]
    assert typed_of(sheets, community, campaign) == {
        "扣分原因": ["资料不齐", *[None] * 19],
        "自评分": [Decimal(4), "四", *[None] * 18],
    }
    assert carried_columns(sheets, campaign) == ["自评分", "扣分原因"]


def test_of_returns_that_differ_all_texts_are_carried_over_but_no_score(huantai: Campaign) -> None:
    """Nothing that a town wrote is lost, and nobody chooses between two scores."""
    campaign = three_levels(huantai)
    four, three = Score(Mark.ACCEPTED, Decimal(4)), Score(Mark.ACCEPTED, Decimal(3))
    sheets = beside(
        campaign,
        (["缺台账", "同样", *[""] * 18], [four, four, *[BLANK] * 18]),
        (["缺照片", "同样", *[""] * 18], [three, four, *[BLANK] * 18]),
    )
    assert typed_of(sheets, campaign.communities_of("索镇")[0], campaign) == {
        "扣分原因": ["缺台账／缺照片", "同样", *[None] * 18],
        "自评分": [None, Decimal(4), *[None] * 18],
    }


def test_a_form_without_such_columns_carries_none(huantai: Campaign) -> None:
    """Nor are they spoken of."""
    sheets = returned(huantai, {})
    assert typed_of(sheets, huantai.communities_of("索镇")[0], huantai) == {}
    assert carried_columns(sheets, huantai) == []
