"""The fields that a template of the annual report can have: a round's figures in the words people read. Pure.

Their names are Chinese, as the template is: docs/annual-report.md lists them. A figure that there is not is
said in words, never 0.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from greenxl.campaign import rules
from greenxl.campaign.model import Basis, Campaign, Group, plain
from greenxl.catalogue import Severity
from greenxl.findings import count
from greenxl.names import bare, clean, joined, one_line
from greenxl.report.annual.charts import UNDECIDED, losses_chart, results_chart
from greenxl.report.annual.values import Chart, Listed, Value, Values
from greenxl.report.sheets.sentences import (
    caveats,
    counts,
    day,
    on_roster,
    percent_words,
    verdict,
    words_of,
)
from greenxl.rounds.evaluate import Round
from greenxl.scoring.choosing import Status
from greenxl.scoring.tables import CommunityRow, Counts, CriterionRow, Tables, average
from greenxl.scoring.vocabulary import OPEN_STATUS_WORDS, status_words, subject

_NONE = "无"
_NO_SCORE = "尚无得分"
_UNNAMED = "未指定"
_NO_TARGET = "未规定"
_WORST = 10
_PROGRAMME = "创建"
"""What the plan calls its activity; other programmes' headings do without."""
_OPEN = tuple(status for status in OPEN_STATUS_WORDS if status is not Status.MISSING)


@dataclass(frozen=True, slots=True)
class _Made:
    """What the fields are made of."""

    result: Round
    tables: Tables
    as_of: date

    @property
    def campaign(self) -> Campaign:
        return self.result.campaign

    def of(self, *statuses: Status) -> list[CommunityRow]:
        """Return the units of these statuses, in roster order."""
        return [row for row in self.tables.communities if row.status in statuses]


def fields(result: Round, tables: Tables, as_of: date) -> Values:
    """Return every field by its name; texts are clean, in one line."""
    made = _Made(result, tables, as_of)
    found = {
        **_names(made),
        **_counts(made),
        **_target(made),
        **_sentences(made),
        **_lists(made),
        **_criteria(made),
    }
    return {name: _cleaned(value) for name, value in found.items()}


def _cleaned(value: Value) -> Value:
    if isinstance(value, str):
        return clean(one_line(value))
    if isinstance(value, Listed):
        rows = ([clean(one_line(v)) if isinstance(v, str) else v for v in row] for row in value.rows)
        return Listed(value.columns, tuple(tuple(row) for row in rows))
    return value


def _names(made: _Made) -> dict[str, Value]:
    campaign = made.campaign
    about = subject(campaign)
    return {
        "简称": about,
        "活动": _PROGRAMME if about.endswith(_PROGRAMME) else "",
        "县": campaign.county,
        "主管部门": campaign.authority,
        "年度": campaign.year,
        "日期": day(made.as_of),
        "截止日期": day(campaign.deadline),
        "对象": campaign.unit,
        "上级": campaign.parent or _NONE,
        "全域": campaign.area,
        "名单名称": campaign.roster_name,
        "达标用语": campaign.pass_words[0],
        "未达标用语": campaign.pass_words[1],
        "满分": plain(campaign.max_score),
        "达标分": plain(campaign.pass_score),
        "合计名称": bare(campaign.labels.total),
        "有上级": campaign.has_towns,
    }


def _counts(made: _Made) -> dict[str, Value]:
    county, found = made.tables.county, count(made.result.findings)
    return {
        "名单数": county.listed,
        "参与数": county.participating,
        "达标数": county.passed,
        "未达标数": county.statuses[Status.FAILED],
        **{f"{OPEN_STATUS_WORDS[status]}数": county.statuses[status] for status in OPEN_STATUS_WORDS},
        f"{UNDECIDED}数": _undecided(county),
        "分母": county.denominator,
        "参与率": _rate(county.participating, county, made),
        "达标率": _rate(county.passed, county, made),
        "平均分": _points(county.average),
        "有报送": county.participating > 0,
        "全部达标": county.passed == county.listed,
        "文件数": len(made.result.entries),
        "错误数": found[Severity.ERROR],
        "提醒数": found[Severity.WARNING],
        "说明数": found[Severity.NOTE],
    }


def _undecided(row: Counts) -> int:
    return sum(row.statuses[status] for status in _OPEN)


def _rate(part: int, row: Counts, made: _Made) -> str:
    """Return a rate with its counts and, where that is the roster, what they are counts of."""
    basis = on_roster(made.campaign) if row.denominator_basis == Basis.ROSTER else ""
    return f"{percent_words(part, row.denominator)}（{part}/{row.denominator}{basis}）"


def _points(value: Decimal | None) -> str:
    return _NO_SCORE if value is None else plain(value)


def _target(made: _Made) -> dict[str, Value]:
    county, passed = made.tables.county, made.campaign.pass_words[0]
    percent = county.target_percent
    if percent is None:
        sentence = f"方案没有规定{made.campaign.year}年的{passed}目标。"
        return {"有目标": False, "目标": _NO_TARGET, "目标数": _NO_TARGET, "目标说明": sentence}
    needed = rules.needed(county.denominator, percent)
    sentence = (
        f"{made.campaign.year}年{made.campaign.area}{passed}率目标为{percent}%，"
        f"按{county.denominator}个{made.campaign.unit}计，应有{needed}个以上（含{needed}个）{passed}。"
    )
    return {"有目标": True, "目标": f"{percent}%", "目标数": needed, "目标说明": sentence}


def _sentences(made: _Made) -> dict[str, Value]:
    return {
        "结论": words_of(verdict(made.result, made.tables, made.as_of)),
        "概况": words_of(counts(made.campaign, made.tables.county)),
        "口径": caveats(made.campaign, made.tables),
    }


_UNIT = ("序号", "上级", "名称", "全称", "试点")
_TOTAL = ("合计", "排名")


def _lists(made: _Made) -> dict[str, Value]:
    nearest = sorted(
        made.of(Status.FAILED), key=lambda row: (-(row.total or Decimal(0)), row.community.number)
    )
    passed = sorted(made.of(Status.PASSED), key=lambda row: (row.rank or 0, row.community.number))
    opened, missing = made.of(*_OPEN), made.of(Status.MISSING)
    pilots = [row for row in made.tables.communities if row.community.pilot]
    states = status_words(made.campaign)

    def state(row: CommunityRow) -> tuple[str]:
        total = "" if row.total is None else f"（{plain(row.total)}分）"
        return (f"{states[row.status]}{total}",)

    return {
        "各上级": _towns(made),
        "达标名单": _units(passed, _TOTAL, lambda row: (plain(row.total), row.rank or _NONE)),
        "未达标名单": _units(nearest, ("合计", "差距"), lambda row: (plain(row.total), _gap(row, made))),
        "待补正名单": _units(opened, ("状态",), lambda row: (states[row.status],)),
        "未报送名单": _units(missing, (), lambda _row: ()),
        "试点名单": _units(pilots, ("情况",), state),
        "达标名单文字": _named(passed, made),
        "未达标名单文字": _named(nearest, made),
        "待补正名单文字": _named(opened, made),
        "未报送名单文字": _named(missing, made),
    }


def _units(
    rows: Iterable[CommunityRow],
    more: tuple[str, ...],
    values: Callable[[CommunityRow], tuple[str | int, ...]],
) -> Listed:
    return Listed((*_UNIT, *more), tuple((*_unit(row), *values(row)) for row in rows))


def _unit(row: CommunityRow) -> tuple[str | int, ...]:
    one = row.community
    return one.number, one.town, one.name, joined(one.town, one.name), "试点" if one.pilot else ""


def _gap(row: CommunityRow, made: _Made) -> str:
    """Return what a unit misses to pass: 差1.5分；否决：第7条0分."""
    missed, vetoes = made.campaign.pass_score - (row.total or 0), _vetoes(row, made)
    short = f"差{plain(missed)}分" if missed > 0 else "" if vetoes else f"略低于{made.campaign.pass_score}分"
    return "；".join(filter(None, (short, vetoes and f"否决：{vetoes}")))


def _vetoes(row: CommunityRow, made: _Made) -> str:
    return rules.judge(row.scores, made.campaign).veto_words


def _named(rows: Sequence[CommunityRow], made: _Made) -> str:
    """Return the names by town: 城区街道：宝龙社区、西苑社区；索镇：永安社区."""
    if not made.campaign.has_towns:
        return "、".join(row.community.name for row in rows) or _NONE
    by_town = {
        town.name: [row.community.name for row in rows if row.community.town == town.name]
        for town in made.campaign.towns
    }
    return "；".join(f"{town}：{'、'.join(names)}" for town, names in by_town.items() if names) or _NONE


def _towns(made: _Made) -> Listed:
    columns = (
        *("名称", "名单数", "参与数", "达标数", "未达标数", f"{UNDECIDED}数", "未报送数"),
        *("分母", "参与率", "达标率", "平均分"),
    )
    rows = [
        (
            *(row.name, row.listed, row.participating, row.passed, row.statuses[Status.FAILED]),
            *(_undecided(row), row.statuses[Status.MISSING], row.denominator),
            percent_words(row.participating, row.denominator),
            percent_words(row.passed, row.denominator),
            _points(row.average),
        )
        for row in (made.tables.towns if made.campaign.has_towns else ())
    ]
    return Listed(columns, tuple(rows))


def _criteria(made: _Made) -> dict[str, Value]:
    lost = [row for row in made.tables.criteria if row.lost > 0]
    worst = sorted(lost, key=lambda row: row.loss_rate or 0, reverse=True)[:_WORST]
    return {
        "内容": _groups(made),
        "失分最多": _worst(worst, made.campaign),
        "结果图": results_chart(made.campaign, made.tables, made.as_of),
        "失分图": _losses_chart(worst, made),
    }


def _losses_chart(worst: Sequence[CriterionRow], made: _Made) -> Chart | str:
    if worst:
        return losses_chart(made.campaign, worst, made.as_of)
    return "没有失分，不作图。" if made.tables.county.participating else "尚无得分，不作图。"


def _worst(worst: Sequence[CriterionRow], campaign: Campaign) -> Listed:
    columns = ("条", "标准", "内容", "失分率", "失分", "失分数", "得分数", "部门", "牵头部门")
    rows = []
    for row in worst:
        group = campaign.groups[row.criterion.group]
        figures = (_loss_rate([row]), plain(row.lost), len(row.losers), row.scored)
        rows.append((row.criterion.name, row.criterion.text, group.title, *figures, *_departments(group)))
    return Listed(columns, tuple(rows))


def _departments(group: Group) -> tuple[str, str]:
    return "、".join(group.departments) or _UNNAMED, group.lead or _UNNAMED


def _groups(made: _Made) -> Listed:
    columns = ("序号", "名称", "满分", "平均得分", "失分率", "失分最多", "部门", "牵头部门")
    rows = []
    for place, group in enumerate(made.campaign.groups):
        got = [row.subtotals[place] for row in made.tables.communities]
        mean = average([value for value in got if value is not None])
        of_group = [row for row in made.tables.criteria if row.criterion.group == place]
        figures = (_points(mean), *_losses(of_group))
        full = plain(group.points) if group.scored else "不计分"
        rows.append((_numeral(place + 1), group.title, full, *figures, *_departments(group)))
    return Listed(columns, tuple(rows))


def _losses(rows: Sequence[CriterionRow]) -> tuple[str, str]:
    """Return the loss rate of some criteria together, and the one that lost most: 第6条（失分率30.0%）."""
    rate = _loss_rate(rows)
    if rate == _NO_SCORE:
        return rate, rate
    worst = max(rows, key=lambda row: row.loss_rate or 0)
    return rate, f"{worst.criterion.name}（失分率{_loss_rate([worst])}）" if worst.lost > 0 else _NONE


def _loss_rate(rows: Iterable[CriterionRow]) -> str:
    """Return the part that was lost of all points that the scored units could have."""
    lost, possible = Decimal(0), Decimal(0)
    for row in rows:
        lost += row.lost
        possible += row.criterion.points * row.scored
    return percent_words(int(100 * lost), int(100 * possible)) if possible else _NO_SCORE


def _numeral(number: int) -> str:
    """Return a number below 100 as headings have it: 一, 十, 二十一."""
    tens, ones = divmod(number, 10)
    digits = " 一二三四五六七八九"
    return f"{digits[tens] if tens > 1 else ''}{'十' if tens else ''}{digits[ones]}".strip()
