"""The fields of the annual report: their figures are those of the JSON document, and what is absent is said."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from greenxl.campaign.model import LEAST_SCORE, Campaign
from greenxl.report.annual.fields import fields
from greenxl.report.annual.values import Chart, Listed, Values
from greenxl.report.json_document import document
from tests.tools.reports import Made, all_of
from tests.tools.rounds import drawn, round_of, samples

DAY = date(2021, 10, 9)


def entries(values: Values, name: str) -> list[dict[str, str | int]]:
    found = values[name]
    assert isinstance(found, Listed)
    return [dict(zip(found.columns, row, strict=True)) for row in found.rows]


def shapes(values: Values) -> dict[str, object]:
    return {name: one.columns if isinstance(one, Listed) else None for name, one in values.items()}


def test_every_round_has_the_same_fields(made: Made, huantai: Campaign) -> None:
    """And the same columns in its lists: a template that is right once is right always."""
    assert shapes(fields(*made, DAY)) == shapes(fields(*samples(huantai), DAY))


def test_no_text_is_missing_or_has_lines(made: Made) -> None:
    """Only two may be empty: the plan's word for its activity, and that a unit is no pilot."""
    found = fields(*made, DAY)
    texts = [(name, one) for name, one in found.items() if isinstance(one, str)]
    for name, one in found.items():
        if isinstance(one, Listed):
            texts += [(key, cell) for row in entries(found, name) for key, cell in row.items()
                      if isinstance(cell, str)]  # fmt: skip
    assert {name for name, text in texts if not text} <= {"活动", "试点"}
    assert [text for _name, text in texts if "\n" in text or "None" in text] == []


def test_the_counts_are_the_documents(made: Made) -> None:
    """Of the county and of each town, rates with their counts."""
    result, tables = made
    found, printed = fields(*made, DAY), document(result, tables, None)
    county = printed["county"]
    pairs = {
        "名单数": "listed", "参与数": "participating", "达标数": "passed", "未达标数": "failed", "填报不全数": "incomplete",
        "有误数": "invalid", "重复待定数": "conflict", "未报送数": "missing", "分母": "denominator",
    }  # fmt: skip
    assert {name: found[name] for name in pairs} == {name: county[key] for name, key in pairs.items()}
    rate = str(found["达标率"])
    assert rate.startswith(
        f"{county['pass_rate'] * 100 + 1e-9:.1f}%（{county['passed']}/{county['denominator']}"
    )
    assert ("口径" in rate) == (county["denominator_basis"] == "roster")
    towns = printed["towns"] if result.campaign.has_towns else []
    assert [
        (t["名称"], t["名单数"], t["达标数"], t["未报送数"], t["分母"]) for t in entries(found, "各上级")
    ] == [(t["town"], t["listed"], t["passed"], t["missing"], t["denominator"]) for t in towns]


def test_every_unit_is_in_one_list(made: Made) -> None:
    """Passed by rank, failed by how near they are, and what is still open; totals are the document's."""
    result, tables = made
    found, printed = fields(*made, DAY), document(result, tables, None)["communities"]
    lists = ("达标名单", "未达标名单", "待补正名单", "未报送名单")
    numbers = [row["序号"] for name in lists for row in entries(found, name)]
    assert sorted(map(int, numbers)) == sorted(row["no"] for row in printed)
    totals = {row["no"]: row["total"] for row in printed}
    for name in lists[:2]:
        shown = [(row["序号"], float(row["合计"])) for row in entries(found, name)]
        assert shown == [(number, totals[number]) for number, _total in shown]
        assert [total for _number, total in shown] == sorted((t for _n, t in shown), reverse=True)


def test_what_is_missing_to_pass_is_said(huantai: Campaign) -> None:
    """By points, by veto, by both."""
    six = replace(huantai.criteria[6], veto=LEAST_SCORE)
    group = replace(huantai.groups[1], minimum=Decimal(20))
    criteria = tuple(six if one.number == 7 else one for one in group.criteria)
    groups = (huantai.groups[0], replace(group, criteria=criteria), *huantai.groups[2:])
    campaign = replace(huantai, groups=groups)
    first, second, third, *_rest = campaign.communities
    given = {first: [4.0] * 19 + [2.5], second: [5.0] * 6 + [0] + [5.0] * 13, third: [3.0] * 20}
    made = round_of(campaign, given)
    rows = {row["名称"]: row["差距"] for row in entries(fields(*made, DAY), "未达标名单")}
    assert rows[first.name] == "差1.5分"
    assert rows[third.name] == f"差20分；否决：“{group.title}”低于20分"
    if second.name in rows:  # once its veto counts in the tables
        assert rows[second.name] == "否决：第7条0分"


def test_without_returns_nothing_is_made_up(huantai: Campaign) -> None:
    """No average, no loss, no chart of them."""
    found = fields(*round_of(huantai, {}), DAY)
    assert (found["平均分"], found["失分图"]) == ("尚无得分", "尚无得分，不作图。")
    assert {(g["平均得分"], g["失分率"], g["失分最多"]) for g in entries(found, "内容")} == {
        ("尚无得分",) * 3
    }
    assert {t["平均分"] for t in entries(found, "各上级")} == {"尚无得分"}
    assert (found["有报送"], found["全部达标"]) == (False, False)


def test_where_all_passed_nothing_is_lost(huantai: Campaign) -> None:
    """And no chart is made of nothing."""
    found = fields(*round_of(huantai, all_of(5, huantai.communities)), DAY)
    assert (found["全部达标"], found["失分图"]) == (True, "没有失分，不作图。")
    assert (entries(found, "失分最多"), found["未达标名单文字"]) == ([], "无")
    assert {(g["失分率"], g["失分最多"]) for g in entries(found, "内容")} == {("0.0%", "无")}


@pytest.mark.parametrize(
    ("percent", "sentence"),
    [
        (30, "2021年全县达标率目标为30%，按21个社区计，应有7个以上（含7个）达标。"),
        (None, "方案没有规定2021年的达标目标。"),
    ],
)
def test_the_target_is_said_or_that_there_is_none(
    huantai: Campaign, percent: int | None, sentence: str
) -> None:
    """A year without a target has no 0 %."""
    campaign = replace(huantai, targets=((2021, percent),) if percent else ())
    found = fields(*round_of(campaign, drawn(campaign, 1)), DAY)
    assert (found["目标说明"], found["有目标"]) == (sentence, percent is not None)
    assert found["目标"] == (f"{percent}%" if percent else "未规定")


def test_what_a_return_holds_goes_out_clean(huantai: Campaign) -> None:
    """No mark that turns writing round, no bell, no line of its own."""
    first = replace(huantai.communities[0], name="宝龙\u202e社\x07区\n二")
    campaign = replace(huantai, communities=(first, *huantai.communities[1:]))
    found = fields(*round_of(campaign, {}), DAY)
    assert entries(found, "未报送名单")[0]["名称"] == "宝龙\ufffd社\ufffd区二"


def test_groups_are_numbered_as_headings_are(huantai: Campaign) -> None:
    """Also beyond ten."""
    groups = tuple(huantai.groups[n % 5] for n in range(21))
    numbered = []
    number = 0
    for place, group in enumerate(groups):
        own = tuple(replace(c, number=number + k, group=place) for k, c in enumerate(group.criteria, 1))
        number += len(own)
        numbered.append(replace(group, name=f"{group.name}{place}", criteria=own))
    found = fields(*round_of(replace(huantai, groups=tuple(numbered)), {}), DAY)
    marks = [row["序号"] for row in entries(found, "内容")]
    assert [marks[n] for n in (0, 9, 10, 19, 20)] == ["一", "十", "十一", "二十", "二十一"]


def test_charts_are_charts(huantai: Campaign) -> None:
    """Where there is something to show."""
    found = fields(*samples(huantai), DAY)
    assert isinstance(found["结果图"], Chart)
    assert isinstance(found["失分图"], Chart)
