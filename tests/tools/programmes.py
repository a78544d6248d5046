"""Campaigns of other programmes with any mix of features, and what people may type into their forms."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from greenxl.campaign import rules
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
from greenxl.rounds.evaluate import Round
from greenxl.scoring.tables import Tables
from tests.tools.rounds import round_of

Typed = float | str | None
"""What stands in a score cell."""
_POINTS = st.sampled_from([Decimal(number) for number in ("1", "2.5", "5", "7.25", "10", "33.33")])
_NUMBERED = (("5", "3", "0"), ("10", "6.5", "1"), ("2", "0"))
_WORDED = (
    (("是", "5"), ("否", "0")),
    (("好", "10"), ("中", "6"), ("差", "0")),
    (("是", "5"), ("3", "3"), ("否", "0")),
)


def mixed(base: Campaign) -> Campaign:
    """Return a campaign of six units like ``base`` with one of each: 60 points of 100 pass.

    1.1 and 1.2 are scored (1.2 with choices, 0 points fail), 2.1 may not apply and has a least score with
    2.2; B1 is a bonus, K1 a deduction, T1 a condition that fails a unit.
    """
    ten, zero = Choice("是", Decimal(40)), Choice("否", Decimal(0))
    first = (
        Criterion(1, 0, "制度健全", Decimal(20), label="1.1", subgroup="制度"),
        Criterion(
            2, 0, "台账完整", Decimal(40), label="1.2", subgroup="制度", veto=LEAST_SCORE, choices=(ten, zero)
        ),
    )
    second = (
        Criterion(3, 1, "设施完好", Decimal(10), label="2.1", not_applicable=True),
        Criterion(4, 1, "环境整洁", Decimal(30), label="2.2"),
    )
    beside = (
        Criterion(5, 2, "受到表彰", Decimal(5), label="B1", kind=Kind.BONUS),
        Criterion(6, 2, "被通报", Decimal(8), label="K1", kind=Kind.DEDUCTION),
        Criterion(7, 2, "无重大事故", Decimal(0), label="T1", kind=Kind.CONDITION, veto=Decimal(1)),
    )
    town = base.towns[-1]
    return replace(
        base,
        groups=(
            Group("管理", ("县住建局", "县水利局"), first, lead="县水利局"),
            Group("社区环境", (), second, minimum=Decimal(12)),
            Group("其他", (), beside),
        ),
        towns=(town,),
        communities=base.communities_of(town.name),
        pass_score=Decimal(60),
        bonus_cap=Decimal(3),
        grades=(Grade("优秀", Decimal(95)), Grade("良好", Decimal(80))),
        score_columns=("自评分", "县核定分"),
        counting_column="县核定分",
        entry_columns=("扣分原因",),
    )


FULL: list[Typed] = [20, "是", 10, 30, 0, 0, "符合"]
"""What earns a unit of :func:`mixed` all of its points."""


@st.composite
def programmes(draw: st.DrawFn, base: Campaign) -> Campaign:
    """Draw a campaign like ``base`` with groups of any kinds of criteria, vetoes, minimums and grades."""
    groups: list[Group] = []
    number = 0
    for index in range(draw(st.integers(1, 4))):
        size = draw(st.integers(1, 5))
        criteria = tuple(draw(_criteria(number + place + 1, index)) for place in range(size))
        number += size
        departments = draw(st.sampled_from([("县住建局",), ("县住建局", "县水利局"), ()]))
        lead = draw(st.sampled_from(["", *departments]))
        group = Group(f"第{index + 1}项“内容”", departments, criteria, lead=lead)
        low = draw(st.integers(0, 100)) if group.points and draw(st.booleans()) else 0
        minimum = (group.points * low / 100).quantize(LEAST_SCORE)
        groups.append(replace(group, minimum=minimum or None))
    if not any(group.points for group in groups):
        first = Criterion(number + 1, len(groups), f"标准{number + 1}", Decimal(5), label=str(number + 1))
        groups.append(Group("补充", (), (first,)))
    full = sum((group.points for group in groups), Decimal(0))
    return replace(
        base,
        groups=tuple(groups),
        pass_score=draw(_part_of(full)),
        bonus_cap=draw(st.sampled_from([None, Decimal(3), Decimal("0.5")])),
        grades=draw(_grades(full)),
    )


@st.composite
def _part_of(draw: st.DrawFn, full: Decimal) -> Decimal:
    return max(LEAST_SCORE, (full * draw(st.integers(30, 100)) / 100).quantize(LEAST_SCORE))


@st.composite
def _grades(draw: st.DrawFn, full: Decimal) -> tuple[Grade, ...]:
    marks = draw(st.lists(st.just(Decimal(0)) | _part_of(full), max_size=3, unique=True))
    names = ("优秀", "良好", "合格")
    return tuple(Grade(name, mark) for name, mark in zip(names, sorted(marks, reverse=True), strict=False))


@st.composite
def _criteria(draw: st.DrawFn, number: int, group: int) -> Criterion:
    kind = draw(st.sampled_from([*[Kind.SCORED] * 5, Kind.BONUS, Kind.DEDUCTION, Kind.CONDITION]))
    label = draw(st.sampled_from([str(number), f"C{number}", f"{group + 1}.{number}"]))
    subgroup = draw(st.sampled_from(["", "", "制度"]))
    plain = Criterion(
        number, group, f"标准{number}", draw(_POINTS), label=label, subgroup=subgroup, kind=kind
    )
    if kind is Kind.CONDITION:
        veto = draw(st.sampled_from([None, Decimal(1)]))
        return replace(plain, points=Decimal(0), veto=veto, not_applicable=draw(st.booleans()))
    choices = draw(st.sampled_from([(), (), *map(_numbered, _NUMBERED), *map(_worded, _WORDED)]))
    points = max(choice.score for choice in choices) if choices else plain.points
    if kind is not Kind.SCORED:
        return replace(plain, points=points, choices=choices)
    veto = draw(st.sampled_from([None, None, LEAST_SCORE, (points / 2).quantize(LEAST_SCORE)]))
    unasked = draw(st.sampled_from([False, False, True]))
    return replace(plain, points=points, choices=choices, veto=veto, not_applicable=unasked)


def _numbered(scores: tuple[str, ...]) -> tuple[Choice, ...]:
    return tuple(Choice(score, Decimal(score)) for score in scores)


def _worded(pairs: tuple[tuple[str, str], ...]) -> tuple[Choice, ...]:
    return tuple(Choice(word, Decimal(score)) for word, score in pairs)


@st.composite
def answers(draw: st.DrawFn, campaign: Campaign, *, wrong: bool = False, blank: bool = True) -> list[Typed]:
    """Draw what is typed beside each criterion: answers, blanks, and with ``wrong`` what is no answer."""
    typed: list[Typed] = [draw(st.sampled_from(_possible(criterion))) for criterion in campaign.criteria]
    if blank and draw(st.booleans()):
        typed = [None if draw(st.integers(0, 3)) == 0 else one for one in typed]
    if wrong and draw(st.booleans()):
        place = draw(st.integers(0, len(typed) - 1))
        others: list[Typed] = [-1.0, 0.005, 999.0, "已完成", "符合", "不适用", "是", 1.25]
        typed[place] = draw(st.sampled_from(others))
    return typed


def _possible(criterion: Criterion) -> list[Typed]:
    """Return answers to a criterion, the full score three times, so that many pass."""
    found: list[Typed]
    if criterion.kind is Kind.CONDITION:
        found = [*[Answer.FULFILLED.value] * 3, Answer.UNFULFILLED.value]
    elif criterion.choices:
        words = [float(one.score) if one.is_number else one.word for one in criterion.choices]
        found = [words[0], words[0], *words]
    else:
        points = criterion.points
        shares = (points, points, points, points / 2, points / 3, LEAST_SCORE, Decimal(0))
        found = [float(share.quantize(LEAST_SCORE)) for share in shares]
    return [*found, Answer.NOT_APPLICABLE.value] if criterion.not_applicable else found


def scores_of(campaign: Campaign, typed: list[Typed]) -> list[Any]:
    """Return the answers that the check accepts; of what is none, the code of the finding."""
    found: list[Any] = []
    for criterion, one in zip(campaign.criteria, typed, strict=True):
        if one is None:
            found.append(None)
        elif isinstance(one, str):
            answer = rules.answer_in(one, criterion)
            found.append("score-text" if answer is None else answer)
        else:
            number = Decimal(repr(one))
            number = number.to_integral_value() if number == number.to_integral_value() else number
            found.append(rules.score_fault(number, criterion) or number)
    return found


@st.composite
def rounds(draw: st.DrawFn, base: Campaign) -> tuple[Round, Tables]:
    """Draw a round of any programme: some units missing, some incomplete, with or without towns."""
    campaign = draw(_with_beside(draw(programmes(base))))
    given: dict[Community, list[Typed]] = {}
    beside: dict[Community, dict[str, list[Typed]]] = {}
    for community in campaign.communities:
        if draw(st.integers(0, 9)) == 0:
            continue
        given[community] = draw(answers(campaign, wrong=draw(st.integers(0, 9)) == 0))
        columns = {name: draw(answers(campaign)) for name in campaign.score_columns}
        columns |= {
            name: given[community] for name in campaign.score_columns if name == campaign.counting_column
        }
        texts = st.sampled_from([None, None, "台账不全", "=1+1"])
        columns |= {name: [draw(texts) for _one in campaign.criteria] for name in campaign.entry_columns}
        beside[community] = columns
    return round_of(campaign, given, beside)


@st.composite
def _with_beside(draw: st.DrawFn, campaign: Campaign) -> Campaign:
    """Draw what stands beside the scores, and whether the units belong to towns; eight units are enough."""
    communities = campaign.communities[:4] + campaign.communities[-4:]
    towns = tuple(town for town in campaign.towns if any(c.town == town.name for c in communities))
    levels = draw(st.sampled_from([(), (), ("自评分", "镇复核分", "县核定分")]))
    found = replace(
        campaign,
        communities=communities,
        towns=towns,
        score_columns=levels,
        counting_column=levels[-1] if levels else "",
        entry_columns=draw(st.sampled_from([(), ("扣分原因",), ("扣分原因", "佐证材料")])),
    )
    if draw(st.booleans()):
        return found
    alone = tuple(replace(community, town=community.name) for community in communities)
    return replace(found, parent="", communities=alone, towns=tuple(Town(one.name) for one in alone))
