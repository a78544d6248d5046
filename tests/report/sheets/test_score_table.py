"""The columns of 社区得分 that only some campaigns have."""

from dataclasses import replace
from decimal import Decimal

import pytest

from greenxl.campaign.model import Campaign, Kind
from greenxl.report.book import consolidate
from greenxl.report.sheets.score_table import (
    has_labels,
    points_format,
    score,
    score_rows,
    score_table,
    summed_groups,
    veto_words,
)
from tests.tools.programmes import FULL, Typed, mixed
from tests.tools.reports import DAY, cells
from tests.tools.rounds import round_of


def test_the_columns_are_those_that_the_campaign_has(huantai: Campaign) -> None:
    """Bonus and deduction before the total, veto and grade after the verdict, no subtotal of nothing."""
    table = score_table(mixed(huantai))
    names = [column.heading for column in table.columns]
    assert names[names.index("7") :] == [
        *("7", "管理小计", "社区环境小计", "加分", "扣分", "合计分值", "是否达标"),
        *("否决", "等次", "排名", "来源文件"),
    ]


def test_the_forms_own_numbers_stand_over_ours(huantai: Campaign) -> None:
    """In a row of their own, where they differ; the points stay right above the headings."""
    campaign = mixed(huantai)
    table = score_table(campaign)
    rows = cells(consolidate(*round_of(campaign, {}), DAY), table.sheet)
    first, last = table.place(score(1)), table.place(score(7))
    assert table.labels_row is not None
    assert rows[table.labels_row][first : last + 1] == ["1.1", "1.2", "2.1", "2.2", "B1", "K1", "T1"]
    assert rows[table.points_row][first : last + 1] == [20, 40, 10, 30, 5, 8, "条件"]
    assert (has_labels(campaign), has_labels(huantai)) == (True, False)
    assert min(score_rows(campaign).values()) == table.first_row == score_table(huantai).first_row + 1


@pytest.mark.parametrize(
    ("change", "total", "verdict", "words", "grade", "rank"),
    [
        ({}, 100, "达标", "", "优秀", 1),
        ({5: 5}, 103, "达标", "", "优秀", 1),
        ({6: 8}, 92, "达标", "", "良好", 1),
        ({2: "否"}, 60, "未达标", "第1.2条0分", None, None),
        ({7: "不符合"}, 100, "未达标", "第T1条不符合", None, None),
        ({3: 0, 4: 11.99}, 71.99, "未达标", "“社区环境”低于12分", None, None),
        ({3: "不适用", 4: 8.99}, 76.66, "未达标", "“社区环境”低于12分", None, None),
        ({3: "不适用"}, 100, "达标", "", "优秀", 1),
    ],
    ids=["full", "bonus-capped", "deduction", "zero", "condition", "least", "least-scaled", "not-applicable"],
)
def test_what_the_rules_say_is_shown(
    huantai: Campaign,
    change: dict[int, Typed],
    total: float,
    verdict: str,
    words: str,
    grade: str | None,
    rank: int | None,
) -> None:
    """Total, verdict, what fails it, grade and rank."""
    campaign = mixed(huantai)
    typed = [change.get(number, one) for number, one in enumerate(FULL, 1)]
    result, tables = round_of(campaign, {campaign.communities[0]: typed})
    table = score_table(campaign)
    row = cells(consolidate(result, tables, DAY), table.sheet)[table.first_row]
    shown = {column.name: value or None for column, value in zip(table.columns, row, strict=True)}
    found = (shown["total"], shown["verdict"], shown["veto"] or "", shown["grade"], shown["rank"])
    assert found == (total, verdict, words, grade, rank)
    assert veto_words(tables.communities[0]) == words


def test_a_single_criterion_makes_room_for_its_groups_name(huantai: Campaign) -> None:
    """Instead of a tower of two characters; a name that has room changes nothing."""
    group = replace(huantai.groups[0], name="建立健全社区人居环境建设和整治机制")
    alone = replace(huantai, groups=(replace(group, criteria=group.criteria[:1]),))
    widths = [one.columns[one.place(score(1))].width for one in (score_table(huantai), score_table(alone))]
    assert widths[0] == 4.4
    assert widths[1] > 8


def test_points_say_what_they_are_for(huantai: Campaign) -> None:
    """What may be added or taken off is no part of the full mark."""
    campaign = mixed(huantai)
    words = {c.kind: points_format(c) for c in campaign.criteria}
    assert words[Kind.BONUS] == ('"加≤"General', "加≤")
    assert words[Kind.DEDUCTION] == ('"扣≤"General', "扣≤")
    assert words[Kind.SCORED] == ("General", "")
    assert [group.points for _index, group in summed_groups(campaign)] == [Decimal(60), Decimal(40)]
