"""The losses that matter, unit by unit."""

from greenxl.campaign.model import Campaign, Community
from greenxl.report.book import consolidate
from greenxl.report.sheets.rectification.weighty_losses import weighty
from greenxl.report.sheets.tasks import Task, tasks_of
from tests.tools.reports import DAY
from tests.tools.rounds import Given, round_of
from tests.tools.sections import section, section_cells


def rows(campaign: Campaign, given: Given) -> list[list[object]]:
    return section(consolidate(*round_of(campaign, given), DAY), "三、")


def test_all_losses_of_what_failed_and_the_heavy_ones_of_others(huantai: Campaign) -> None:
    """A unit with light losses alone is not there."""
    failed, heavy, light, *_rest = huantai.communities
    given: Given = {failed: [*[5] * 10, *[3] * 9, 2.5], heavy: [3, 4, *[5] * 18], light: [4] * 20}
    _header, *found = rows(huantai, given)
    assert found == [
        ["城区街道", failed.name, 79.5, "未达标", "第20条 2.5", *(f"第{n}条 2" for n in range(11, 17))],
        ["城区街道", failed.name, "第17条 2", "第18条 2", "第19条 2"],
        ["城区街道", heavy.name, 97, "达标", "第1条 2"],
    ]
    _result, tables = round_of(huantai, given)
    by_unit: dict[Community, list[Task]] = {}
    for task in tasks_of(huantai, tables):
        by_unit.setdefault(task.community, []).append(task)
    assert [(row.community, len(tasks)) for row, tasks in weighty(huantai, tables, by_unit)] == [
        (failed, 10),
        (heavy, 1),
    ]


def test_heavy_losses_are_bold(huantai: Campaign) -> None:
    """Of a unit that failed they lead among all the others."""
    given: Given = {huantai.communities[0]: [2, 3, 3.01, *[3.9] * 17]}
    _header, first, *_rest = section_cells(consolidate(*round_of(huantai, given), DAY), "三、")
    shown = {cell.value: cell.font.b for cell in first[4:8]}
    assert shown == {"第1条 3": True, "第2条 2": True, "第3条 1.99": False, "第4条 1.1": False}


def test_it_says_why_there_is_nothing(huantai: Campaign) -> None:
    """Light losses are another thing than no score at all."""
    light = {one: [4] * 20 for one in huantai.communities}
    assert rows(huantai, light) == [["没有未达标的社区，也没有达到标准分40%的失分。"]]
    assert rows(huantai, {}) == [["尚无得分，不能判断失分。"]]
