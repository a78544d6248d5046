"""What campaigns must agree in, and how it is named where they do not."""

from dataclasses import replace
from decimal import Decimal

from greenxl.campaign.model import Campaign
from greenxl.rounds.rollup.terms import differing, terms_of
from tests.tools.programmes import mixed


def test_towns_and_words_may_differ(huantai: Campaign) -> None:
    """A county and its city have other towns, titles, deadlines and people."""
    other = replace(huantai, towns=(), communities=(), title="另一个", county="淄博市", recipients=())
    assert differing(terms_of(huantai), other) == []


def test_each_difference_is_named_once_in_our_order(huantai: Campaign) -> None:
    """Short ones with both values, a criterion by its number."""
    group, *others = huantai.groups
    first, second, *rest = group.criteria
    criteria = (replace(first, text="另一条"), replace(second, points=Decimal(4)), *rest)
    changed = replace(
        huantai, groups=(replace(group, criteria=criteria), *others), pass_score=Decimal(75), year=2022
    )
    assert differing(terms_of(huantai), changed) == [
        "年份 2021≠2022",
        "达标分 80≠75",
        "第1条",
        "第2条",
    ]


def test_what_only_one_has_differs(huantai: Campaign) -> None:
    """Criteria more, columns, grades, least scores."""
    few = replace(huantai, groups=huantai.groups[:4])
    assert differing(terms_of(huantai), few) == [f"第{number}条" for number in range(17, 21)]
    names = {"加分上限 无≠3", "得分栏", "计分栏", "填写栏", "等次", "第2项内容的最低分"}
    assert names <= {*differing(terms_of(huantai), mixed(huantai))}
