"""A campaign of another programme that has a bit of everything, and its form as a person types it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from greenxl.campaign.model import LEAST_SCORE, Campaign, Choice, Criterion, Grade, Group, Kind, plain
from tests.tools.typed_forms import PLACE, Rows

GROUPS = ("组织领导", "河道状况", "附加项", "基本条件")
YES_NO = (Choice("是", Decimal(10)), Choice("否", Decimal(0)))
CRITERIA = (
    Criterion(1, 0, "建立河长体系", Decimal(10), label="1.1", subgroup="体系", method="每缺一级扣2分",
              evidence="3张照片"),
    Criterion(2, 0, "落实巡河制度", Decimal(10), label="1.2", subgroup="体系", choices=YES_NO,
              method="落实巡河制度10分", evidence="2021年记录", not_applicable=True),
    Criterion(3, 1, "河面无漂浮物", Decimal(20), label="2.1", subgroup="水面", veto=LEAST_SCORE,
              method="5分一处", evidence="10处现场"),
    Criterion(4, 1, "岸线无违建", Decimal(60), label="2.2", subgroup="岸线", method="60分起",
              evidence="1份清单", not_applicable=True),
    Criterion(5, 2, "有创新做法", Decimal(5), label="J1", kind=Kind.BONUS),
    Criterion(6, 2, "被上级通报", Decimal(10), label="K1", kind=Kind.DEDUCTION),
    Criterion(7, 3, "未发生重大事故", Decimal(0), label="T1", kind=Kind.CONDITION, veto=Decimal(1)),
)  # fmt: skip
GOOD: tuple[float | str, ...] = (9.5, "是", 20.0, 50.0, 2.0, 1.0, "符合")
"""90.5 of 100: 89.5, two of bonus, one taken off."""


def river(base: Campaign, **changes: Any) -> Campaign:
    """Return a campaign like ``base`` with these criteria and grades."""
    groups = tuple(
        Group(name, ("县水利局",), tuple(c for c in CRITERIA if c.group == index))
        for index, name in enumerate(GROUPS)
    )
    grades = (Grade("优秀", Decimal(90)), Grade("良好", Decimal(80)))
    return replace(base, **{"groups": groups, "grades": grades, **changes})


def with_columns(base: Campaign, **changes: Any) -> Campaign:
    """Return the campaign with three score columns, of which the last counts, and two of texts to fill in."""
    return river(
        base,
        **{
            "score_columns": ("自评分", "镇复核分", "县核定分"),
            "counting_column": "县核定分",
            "entry_columns": ("扣分原因", "佐证材料"),
            **changes,
        },
    )


def typed(campaign: Campaign, columns: Mapping[str, Sequence[Any]], place: Rows = PLACE) -> Rows:
    """Return the form with these further columns, by their headings; row 3 is that of the first criterion."""
    head = ["内容", "分项", "序号", "创建标准", "评分方法", "佐证要求", "标准分", *columns]
    beside = zip(*columns.values(), strict=True)
    return [
        *place,
        head,
        *([*_printed(campaign, c), *own] for c, own in zip(campaign.criteria, beside, strict=True)),
    ]


def _printed(campaign: Campaign, criterion: Criterion) -> list[Any]:
    group = campaign.groups[criterion.group]
    first = criterion is group.criteria[0]
    points = {Kind.BONUS: f"加分\n最多{plain(criterion.points)}分", Kind.CONDITION: "条件"}
    return [
        group.name if first else "",
        criterion.subgroup,
        criterion.label,
        criterion.text,
        criterion.method,
        criterion.evidence,
        points.get(criterion.kind, float(criterion.points)),
    ]
