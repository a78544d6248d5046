"""The sentences of the consolidated workbook: the verdict, the counts, what must be known beside them. Pure.

A live sentence is a list of parts, so that its figures can be formulas and still be read as words.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

import pandas as pd

from greenxl.campaign.model import Campaign, plain
from greenxl.campaign.rules import needed
from greenxl.catalogue import Severity
from greenxl.findings import count
from greenxl.report.layout import (
    CHANGES,
    COUNTY,
    FINDINGS,
    RETURNED_WORDS,
    TOWNS,
    VERDICT_WORDS,
    ChangesGrid,
    TownGrid,
    cell_of,
)
from greenxl.report.previous import Change, Previous
from greenxl.report.style import shortened
from greenxl.rounds.evaluate import Round
from greenxl.scoring.tables import Tables, towns_without_total
from greenxl.scoring.vocabulary import OUTCOME_WORDS, SEVERITY_WORDS

Part = str | tuple[str, str]
"""A piece of a live sentence: words, or an expression and the words that it gives now."""
BASIS_WORDS = {"roster": "创建名单", "urban_total": "城市社区总数"}


def percent_words(part: int, whole: int) -> str:
    """Return a rate as TEXT(…, "0.0%") writes it: a half goes upwards."""
    tenths = (part * 2000 + whole) // (2 * whole)
    return f"{tenths // 10}.{tenths % 10}%"


def day(date: date) -> str:
    return f"{date.year}年{date.month}月{date.day}日"


def verdict(campaign: Campaign, county: "pd.Series[Any]") -> list[Part]:
    """Return the sentence that the page is about: the rate, and the target met or missed by how much."""
    grid = TownGrid(campaign)
    passed, whole = int(county["passed"]), int(county["denominator"])
    basis = "，按创建名单口径" if county["denominator_basis"] == "roster" else ""
    rate: list[Part] = [
        "达标率",
        (f'TEXT({grid.county(grid.pass_rate)},"0.0%")', percent_words(passed, whole)),
        "（",
        (grid.county(grid.passed), str(passed)),
        "/",
        (grid.county(grid.denominator), str(whole)),
        f"{basis}）",
    ]
    percent = county["target_percent"]
    if percent is None:
        return [*rate, f"；{campaign.year}年没有规定目标，不作结论。"]
    ahead = passed - needed(whole, percent)
    target, wants, gap = (cell_of(TOWNS, grid.target_row + k, 1) for k in range(3))
    met = f'IF({gap}>=0,"已达到","未达到")'
    far = f'IF({gap}>0,"，多"&{gap}&"个",IF({gap}=0,"，恰好达到","，还差"&-{gap}&"个"))'
    return [
        (met, "已达到" if ahead >= 0 else "未达到"),
        f"{campaign.year}年",
        (target, str(percent)),
        "%的目标：",
        *rate,
        "，需",
        (wants, str(needed(whole, percent))),
        "个",
        (far, f"，多{ahead}个" if ahead > 0 else "，恰好达到" if ahead == 0 else f"，还差{-ahead}个"),
        "。",
    ]


def counts(campaign: Campaign, county: "pd.Series[Any]") -> list[Part]:
    """Return how many are listed, take part, passed and failed, and how many are open."""
    grid = TownGrid(campaign)

    def figure(column: int, name: str) -> Part:
        return grid.county(column), str(county[name])

    left = f"{grid.county(grid.listed)}-{grid.county(grid.passed)}-{grid.county(grid.failed)}"
    undecided = county["listed"] - county["passed"] - county["failed"]
    rate = percent_words(int(county["participating"]), int(county["denominator"]))
    return [
        f"{COUNTY}创建名单",
        figure(grid.listed, "listed"),
        "个社区，参与",
        figure(grid.participating, "participating"),
        "个（参与率",
        (f'TEXT({grid.county(grid.participation_rate)},"0.0%")', rate),
        "），达标",
        figure(grid.passed, "passed"),
        "个，未达标",
        figure(grid.failed, "failed"),
        "个，",
        (
            f'IF({left}>0,"其余"&({left})&"个尚无结论。","全部已有结论。")',
            f"其余{undecided}个尚无结论。" if undecided else "全部已有结论。",
        ),
    ]


def basis_words(county: "pd.Series[Any]") -> str:
    """Return what the county's rates are a fraction of, such as 以创建名单21个社区为分母."""
    if county["denominator_basis"] == "roster":
        return f"以创建名单{county['denominator']}个社区为分母"
    return f"以城市社区总数{county['denominator']}个为分母"


def mixed_basis(tables: Tables) -> str:
    """Return how the denominators differ where only some of the towns state their total, else nothing."""
    unstated = towns_without_total(tables)
    if len(unstated) in (0, len(tables.towns)):
        return ""
    names = shortened(unstated, 60, f"见“{TOWNS}”")
    words = (
        f"部分街道（镇）未提供城市社区总数（{names}），全县{basis_words(tables.county)}；"
        "其余街道（镇）按各自城市社区总数计算"
    )
    added = tables.towns["denominator"].sum()
    if added != tables.county["denominator"]:
        words += f"，各街道（镇）分母相加为{added}个，与全县分母不一致"
    return words


def caveats(campaign: Campaign, tables: Tables) -> str:
    """Return what must be known to read the rates right."""
    county, mixed = tables.county, mixed_basis(tables)
    base = f"达标：得分齐全且合计不低于{plain(campaign.pass_score)}分。"
    if county["target_percent"] is None:
        base += f"方案没有规定{campaign.year}年的目标，不作结论。"
    if county["denominator_basis"] == "roster":
        base += f"{mixed}，" if mixed else f"方案未给出城市社区总数，比率{basis_words(county)}，"
        base += "结论仅按创建名单口径。" if county["target_percent"] is not None else "仅按创建名单口径。"
    else:
        base += f"比率{basis_words(county)}。"
    return f"{base}未报送的社区不按0分计，仍在分母内。"


def reporting(result: Round, tables: Tables, as_of: date) -> Iterable[str]:
    """Return the sentences about how well the towns reported."""
    counts = count(result.findings)
    found = "、".join(f"{SEVERITY_WORDS[s]}{counts[s]}条" for s in Severity)
    files = "、".join(
        f"{word}{sum(e.outcome == outcome for e in result.entries)}个"
        for outcome, word in OUTCOME_WORDS.items()
    )
    yield f"填报质量：收到文件{len(result.entries)}个（{files}）；发现{found}，详见“{FINDINGS}”。"
    deadline, missing = result.campaign.deadline, int(tables.county["missing"])
    late = (as_of - deadline).days
    when = f"已逾期{late}天" if late > 0 else "当日截止" if late == 0 else f"距截止还有{-late}天"
    yield f"报送时限：{day(deadline)}（截至{day(as_of)}，{when}）；未报送{missing}个社区。"


def since(campaign: Campaign, previous: Previous, changes: Sequence[Change]) -> list[Part]:
    """Return in one sentence what changed since the earlier workbook; what did not is left out."""
    grid = ChangesGrid(campaign)

    def tally(words: str, column: int, criterion: str, count: int) -> Part:
        cells = f'COUNTIF({grid.column(column)},"{criterion}")'
        return f'IF({cells}=0,"","{words}"&{cells}&"个，")', f"{words}{count}个，" if count else ""

    moved = [change.difference for change in changes if change.difference]
    came, went = RETURNED_WORDS
    better, worse = VERDICT_WORDS
    tallies = (
        (came, grid.returned, came, sum(c.newly_returned for c in changes)),
        (went, grid.returned, went, sum(c.withdrawn for c in changes)),
        (better, grid.verdict, better, sum(c.newly_passed for c in changes)),
        (worse, grid.verdict, worse, sum(c.fallen for c in changes)),
        ("合计分值上升", grid.difference, ">0", sum(d > 0 for d in moved)),
        ("合计分值下降", grid.difference, "<0", sum(d < 0 for d in moved)),
    )
    every = "+".join(f'COUNTIF({grid.column(column)},"{of}")' for _words, column, of, _count in tallies)
    none = "状态和合计分值都没有变化，"
    when = f"，数据截至{previous.as_of}" if previous.as_of else ""
    return [
        f"与上次相比（{previous.file[:60]}{when}）：",
        *(tally(*one) for one in tallies),
        (f'IF({every}=0,"{none}","")', "" if any(count for *_where, count in tallies) else none),
        f"详见“{CHANGES}”。",
    ]
