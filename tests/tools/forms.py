"""Campaigns whose forms have what the shipped one has not: methods, parts, choices, several score columns."""

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal

from greenxl.campaign.model import (
    LEAST_SCORE,
    Answer,
    Campaign,
    Choice,
    Community,
    Criterion,
    Grade,
    Group,
    Kind,
    Town,
)
from greenxl.form.blank import blank

_SENTENCE = "建立由社区党组织统一领导、居民委员会具体组织、居民共同参与的长效机制，有计划、有记录、有检查"
_METHOD = "查阅资料并现场检查：机制健全、记录齐全的得满分；缺一项扣1分，扣完为止；没有建立机制的不得分"
_EVIDENCE = "工作方案、会议记录、现场照片"


def with_methods(base: Campaign, *, criteria: int = 60, longest: int = 400) -> Campaign:
    """Return a form of six groups with parts, methods and evidence, of conditions, bonus and deductions.

    One criterion has ``longest`` characters, with a method as long.
    """
    each = criteria // 6
    groups = [_long_group(index, each, longest) for index in range(6)]
    last = replace(groups[-1], criteria=tuple(_beside(groups[-1].criteria)))
    full = sum((group.points for group in (*groups[:-1], last)), Decimal(0))
    return replace(
        base,
        groups=(*groups[:-1], last),
        pass_score=full * 8 / 10,
        bonus_cap=Decimal(3),
        entry_columns=("扣分原因", "佐证材料"),
        reason_required=True,
        grades=(Grade("优秀", full * 95 / 100), Grade("良好", full * 85 / 100)),
        note=f"说明：满分{full}分。",
    )


def _long_group(index: int, each: int, longest: int) -> Group:
    criteria = []
    for place in range(each):
        number = index * each + place + 1
        length = longest if number == 5 else 30 + 17 * (number % 5)
        criteria.append(
            Criterion(
                number=number,
                group=index,
                text=f"{number}.{(_SENTENCE * 40)[:length]}",
                points=Decimal(2),
                label=f"{index + 1}.{place // 3 + 1}.{place % 3 + 1}",
                subgroup=f"第{place // 3 + 1}部分：制度建设与日常管理",
                method=(_METHOD * 40)[: length + 20],
                evidence=_EVIDENCE,
                veto=LEAST_SCORE if number in (2, 9) else None,
            )
        )
    name = f"{'一二三四五六'[index]}、社区人居环境\n建设和整治"
    return Group(name, ("县住建局",), tuple(criteria), minimum=Decimal(6) if index == 1 else None)


def _beside(criteria: Iterable[Criterion]) -> Iterable[Criterion]:
    """Make the last three a bonus, a deduction and a condition."""
    *others, bonus, deduction, condition = criteria
    yield from others
    yield replace(bonus, kind=Kind.BONUS, points=Decimal(5))
    yield replace(deduction, kind=Kind.DEDUCTION, points=Decimal(10))
    yield replace(condition, kind=Kind.CONDITION, points=Decimal(0), veto=Decimal(1))


def yes_or_no(base: Campaign, *, schools: int = 120) -> Campaign:
    """Return a school's list: every answer is 是, 否 or 不适用; groups of one or two criteria."""
    yes, no = Choice("是", Decimal(5)), Choice("否", Decimal(0))
    texts = (
        "校门口有专人值守",
        "消防通道畅通",
        "食堂有留样记录",
        "校车有检验合格标志",
        "宿舍有夜间值班",
        "有应急预案",
    )
    names = ("校园\n安全", "消防\n安全", "食品\n安全\n与卫生", "交通安全")
    counts, groups, number = (1, 2, 1, 2), [], 0
    for index, (name, count) in enumerate(zip(names, counts, strict=True)):
        own = []
        for _place in range(count):
            number += 1
            text = texts[number - 1]
            own.append(
                Criterion(
                    number=number,
                    group=index,
                    text=text,
                    points=Decimal(5),
                    label=str(number),
                    choices=(yes, no),
                    not_applicable=number != 1,
                )
            )
        groups.append(Group(name, (), tuple(own)))
    units = tuple(Community(n, "城关学区", f"第{n}小学", False) for n in range(1, schools + 1))
    return replace(
        base,
        title="学校安全工作检查表",
        unit="学校",
        parent="学区",
        groups=tuple(groups),
        towns=(Town("城关学区"),),
        communities=units,
        pass_score=Decimal(24),
        pass_words=("合格", "不合格"),
        note="说明：满分30分，得分不低于24分为合格。",
    )


def three_levels(base: Campaign) -> Campaign:
    """Return the shipped form with three columns of scores, of which the last counts, and a reason."""
    return replace(
        base,
        score_columns=("自评分", "镇复核分", "县核定分"),
        counting_column="县核定分",
        entry_columns=("扣分原因",),
    )


def filled_in_stages(campaign: Campaign) -> list[bytes]:
    """Return the workbook of one unit: blank, with all scores, and with what stands beside them alone."""
    unit = campaign.communities[0]
    full = [Answer.FULFILLED if c.kind is Kind.CONDITION else c.points for c in campaign.criteria]
    others = [name for name in campaign.score_columns if name != campaign.counting_column]
    beside: dict[str, list[str | Decimal | None]] = {
        **{name: ["资料不齐，现场未见"] * len(full) for name in campaign.entry_columns},
        **{name: [Decimal(1)] * len(full) for name in others},
    }
    return [
        blank(campaign, unit.town, [unit]),
        blank(campaign, unit.town, [unit], scores={unit: full}),
        blank(campaign, unit.town, [unit], typed={unit: beside}),
    ]
