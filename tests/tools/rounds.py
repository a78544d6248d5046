"""Rounds made in memory, without files, as large and as long-worded as a county can be."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from functools import cache
from pathlib import Path

from greenxl.campaign.model import Campaign, Community, Criterion, Group, Town
from greenxl.findings import finding
from greenxl.form.layout import FIRST_ROW, Layout, Part
from greenxl.returns.intake import Entry, Outcome
from greenxl.returns.model import Line, ScoreSheet
from greenxl.rounds.evaluate import Round, evaluate
from greenxl.scoring.checking import check
from greenxl.scoring.choosing import choose
from greenxl.scoring.tables import Tables, build
from greenxl.workbooks.cells import Cell, Value, address
from tests.tools.cells import cell

SAMPLES = Path(__file__).parent.parent.parent / "samples"
TOWN_NAMES = [f"{a}{b}" for a in "龙青望清明" for b in "泉山江"]
Given = Mapping[Community, Sequence[Value]]
Beside = Mapping[Community, Mapping[str, Sequence[Value]]]


def round_of(campaign: Campaign, given: Given, beside: Beside | None = None) -> tuple[Round, Tables]:
    """Return the round in which each community gave these scores.

    ``beside`` are the other score columns and the columns of texts by heading, of some communities.
    """
    checked = [
        check(sheet_of(campaign, community, values, (beside or {}).get(community, {})), campaign)
        for community, values in given.items()
    ]
    chosen = choose(checked, campaign)
    findings = [f for one in checked for f in one.findings]
    entries = [
        Entry(
            f"returned/{town.name}.xlsx",
            "0" * 64,
            20_480,
            Outcome.READ,
            len(campaign.communities_of(town.name)),
        )
        for town in campaign.towns
    ]
    entries.append(
        Entry(
            "returned/照片.png",
            "1" * 64,
            1_048_576,
            Outcome.REJECTED,
            0,
            finding("no-form", "returned/照片.png"),
        )
    )
    result = Round(campaign, chosen.choices, tuple(entries), (*findings, *chosen.findings), tuple(checked))
    return result, build(campaign, chosen.choices)


def sheet_of(
    campaign: Campaign, community: Community, values: Sequence[Value], beside: Mapping[str, Sequence[Value]]
) -> ScoreSheet:
    """Return a sheet on which these values stand beside the criteria."""
    layout = Layout(campaign)
    lines = tuple(
        Line(
            criterion.number,
            cell(address(row, layout.column(Part.TEXT)), criterion.text),
            None,
            cell(address(row, layout.score), value),
            _cells_beside(layout.score_columns, beside, row),
            _cells_beside(layout.entry_columns, beside, row),
        )
        for row, (criterion, value) in enumerate(zip(campaign.criteria, values, strict=True), FIRST_ROW)
    )
    return ScoreSheet(
        file=f"returned/{community.town}.xlsx",
        sha256="0" * 64,
        sheet=community.name,
        community=cell("B2", community.name),
        town=cell("E2", community.town),
        lines=lines,
        total=None,
        identity=None,
    )


def _cells_beside(
    columns: Mapping[str, int], beside: Mapping[str, Sequence[Value]], row: int
) -> tuple[Cell | None, ...]:
    return tuple(
        cell(address(row, column), beside[heading][row - FIRST_ROW]) if heading in beside else None
        for heading, column in columns.items()
    )


def drawn(campaign: Campaign, seed: int) -> Given:
    """Return scores for most communities: some miss, some are blank in places, some hold a word."""
    draw = random.Random(seed)
    given: dict[Community, list[Value]] = {}
    for community in campaign.communities:
        fate, least = draw.random(), draw.choice([0.4, 0.6, 0.7, 0.8])
        scores: list[Value] = [
            round(float(c.points) * min(1, draw.uniform(least, 1.3)), 1) for c in campaign.criteria
        ]
        if fate < 0.12:
            continue
        if fate < 0.2:
            scores[3] = scores[-2] = None
        elif fate < 0.25:
            scores[1] = "五"
        given[community] = scores
    return given


@cache
def samples(campaign: Campaign, *folders: str) -> tuple[Round, Tables]:
    """Return the round of the shipped samples, those of ``returned`` unless others are named."""
    result = evaluate(campaign, [SAMPLES / folder for folder in folders or ("returned",)])
    return result, build(campaign, result.choices)


def with_six_criteria(huantai: Campaign) -> tuple[Round, Tables]:
    """Return the round of a standard of six criteria in two groups, in which every community has 24 of 30."""
    four, five, *_rest = huantai.groups
    rest = tuple(replace(criterion, number=number) for number, criterion in enumerate(five.criteria[:2], 5))
    campaign = replace(huantai, groups=(four, replace(five, criteria=rest)), pass_score=Decimal(24))
    return round_of(campaign, {community: [4] * 6 for community in campaign.communities})


def small(huantai: Campaign) -> Campaign:
    """Return the campaign of one town with six communities."""
    town = huantai.towns[-1]
    return replace(huantai, towns=(town,), communities=huantai.communities_of(town.name))


def large(huantai: Campaign) -> Campaign:
    """Return a county of 15 towns with 120 communities."""
    names = TOWN_NAMES
    towns = tuple(Town(f"{name}{'镇' if i % 3 == 0 else '街道'}") for i, name in enumerate(names))
    communities = tuple(
        Community(
            8 * i + j + 1, town.name, f"{names[(7 * i + 3 * j) % 15]}{'一二三四五六七八'[j]}里社区", j == i
        )
        for i, town in enumerate(towns)
        for j in range(8)
    )
    return replace(huantai, towns=towns, communities=communities)


def of_counties(huantai: Campaign, counties: int, towns: int, units: int = 2) -> Campaign:
    """Return a city of so many counties with as many towns each, and as many units in each of these."""
    names = [f"第{place}县" for place in range(1, counties + 1)]
    rows = [(county, f"{county}{n}街道") for county in names for n in range(1, towns + 1)]
    communities = tuple(
        Community(units * at + n, town, f"{n}号社区", False)
        for at, (_county, town) in enumerate(rows)
        for n in range(1, units + 1)
    )
    return replace(
        huantai,
        county="淄博市",
        area="全市",
        towns=tuple(Town(town, county=county) for county, town in rows),
        communities=communities,
    )


def longest(huantai: Campaign) -> Campaign:
    """Return a campaign of words as long as official names can be.

    The county's is the longest of China's (15 characters); a town may be named after a development
    zone, a community after a residential quarter; a criterion is a paragraph.
    """
    county = "积石山保安族东乡族撒拉族自治县"
    paragraph = (
        "坚持美好环境与幸福生活共同缔造理念，搭建沟通议事平台，开展多种形式基层协商，推动决策共谋、发展共建、建设共管、"
        "效果共评、成果共享，各主体共同参与社区人居环境建设和整治工作，并有完整的会议记录、影像资料和居民满意度调查结果"
    )
    towns = (Town("高新技术产业开发区管理委员会街道办事处"), Town("郭干镇"))
    communities = (
        Community(1, towns[0].name, "国际生态城滨河花园第二期东区居民委员会社区", True),
        *(
            Community(n, towns[0].name, f"国际生态城滨河花园第{n}期居民委员会社区", False)
            for n in range(2, 9)
        ),
        Community(9, towns[1].name, "郭干社区", False),
    )
    departments = tuple(f"{county}住房和城乡建设局第{n}分局" for n in "一二三四五六七")
    groups = tuple(
        Group(
            "".join(f"{line}\n" for line in ("建立健全社区人居环境建设", "和整治长效机制")).strip(),
            departments,
            tuple(
                Criterion(4 * g + k, g, f"{paragraph}（{4 * g + k}）", c.points)
                for k, c in enumerate(four, 1)
            ),
        )
        for g, four in enumerate([huantai.criteria[4 * i : 4 * i + 4] for i in range(5)])
    )
    groups = tuple(replace(g, name=f"{g.name}之{'一二三四五'[i]}") for i, g in enumerate(groups))
    return replace(
        huantai,
        title=f"{county}绿色社区创建标准（试行）",
        county=county,
        authority=f"{county}住房和城乡建设局",
        towns=towns,
        communities=communities,
        groups=groups,
    )
