"""The consolidated workbook's words and places: its writers and the reader of an earlier one share them.

Rows and columns count from 0, as XlsxWriter does.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property

from xlsxwriter.utility import xl_range_abs, xl_rowcol_to_cell

from greenxl.campaign.model import Campaign, plain
from greenxl.scoring.vocabulary import STATUS_WORDS, subject

OVERVIEW = "总览"
TOWNS = "街道（镇）汇总"
SCORES = "社区得分"
CRITERIA = "指标分析"
RECTIFICATION = "整改清单"
FINDINGS = "问题清单"
LEDGER = "文件台账"
CHANGES = "变化"
"""Stands last, where an earlier workbook was given."""
SHEETS = (OVERVIEW, TOWNS, SCORES, CRITERIA, RECTIFICATION, FINDINGS, LEDGER)

PILOT = "试点"
UNJUDGED = "—"
"""Stands where a community has no total to judge."""
COUNTY = "全县"

NO, TOWN, COMMUNITY, PILOT_FLAG, STATUS = range(5)
PLACE_HEADINGS = ("序号", "街道（镇）", "社区", "试点", "状态")
SUBTOTAL = "小计"
VERDICT, RANK, SOURCE = "是否达标", "排名", "来源文件"


def mean(values: Sequence[Decimal]) -> Decimal | None:
    """Return the mean as ROUND(AVERAGE(…), 2) gives it, None where there is nothing to average."""
    if not values:
        return None
    return (sum(values, Decimal(0)) / len(values)).quantize(Decimal("0.01"), ROUND_HALF_UP)


def title_of(campaign: Campaign, sheet: str) -> str:
    return f"{subject(campaign)}　{sheet}（{campaign.year}年）"


def cell_of(sheet: str, row: int, column: int) -> str:
    """Return a reference to a cell of any sheet."""
    return f"'{sheet}'!{xl_rowcol_to_cell(row, column, True, True)}"


def range_of(sheet: str, first_row: int, first_column: int, last_row: int, last_column: int) -> str:
    return f"'{sheet}'!{xl_range_abs(first_row, first_column, last_row, last_column)}"


@dataclass(frozen=True)
class ScoreGrid:
    """Where everything stands on 社区得分."""

    campaign: Campaign

    note_row = 1
    group_row = 2
    points_row = 3
    header_row = 4
    first_row = 5
    first_score = STATUS + 1

    @property
    def last_row(self) -> int:
        return self.first_row + len(self.campaign.communities) - 1

    def score(self, number: int) -> int:
        """Return the column of a criterion."""
        return self.first_score + number - 1

    @property
    def last_score(self) -> int:
        return self.score(len(self.campaign.criteria))

    def subtotal(self, group: int) -> int:
        """Return the column of a group's subtotal; groups count from 0."""
        return self.last_score + 1 + group

    @property
    def total(self) -> int:
        return self.subtotal(len(self.campaign.groups))

    @property
    def verdict(self) -> int:
        return self.total + 1

    @property
    def rank(self) -> int:
        return self.total + 2

    @property
    def source(self) -> int:
        return self.total + 3

    def headings(self) -> list[str]:
        return [
            *PLACE_HEADINGS,
            *(str(c.number) for c in self.campaign.criteria),
            *(f"{group.title}{SUBTOTAL}" for group in self.campaign.groups),
            self.campaign.labels.total,
            VERDICT,
            RANK,
            SOURCE,
        ]

    def column(self, column: int) -> str:
        """Return a reference to all communities' cells of a column."""
        return range_of(SCORES, self.first_row, column, self.last_row, column)

    @cached_property
    def rows(self) -> dict[tuple[str, str], int]:
        """The row of each community, by town and name."""
        return {(c.town, c.name): row for row, c in enumerate(self.campaign.communities, self.first_row)}


TOWN_HEADINGS = (
    "街道（镇）",
    "创建名单",
    "参与",
    *STATUS_WORDS.values(),
    "分母",
    "分母口径",
    "参与率",
    "达标率",
    "全县目标",
    "平均分",
)


def bands(campaign: Campaign) -> list[tuple[Decimal, Decimal, str]]:
    """Return the bands of the distribution of totals: (from, below, words).

    They are tenths of the full score, counted from the pass mark. The last one takes in the full
    score: it ends a hundredth above.
    """
    step = campaign.max_score / 10
    steps = (campaign.pass_score + k * step for k in range(-2, 10))
    edges = [Decimal(0), *(e for e in steps if 0 < e < campaign.max_score)]
    if campaign.pass_score == campaign.max_score:
        edges.append(campaign.pass_score)
    cent = Decimal("0.01")
    ends = [*edges[1:], campaign.max_score + cent]
    return [(a, b, f"{plain(a)}–{plain(b - cent)}") for a, b in zip(edges, ends, strict=True)]


def in_bands(campaign: Campaign, totals: Sequence[Decimal]) -> list[int]:
    """Return how many of the totals lie in each band."""
    return [sum(low <= total < high for total in totals) for low, high, _words in bands(campaign)]


@dataclass(frozen=True)
class TownGrid:
    """Where everything stands on 街道（镇）汇总."""

    campaign: Campaign

    header_row = 2
    first_row = 3
    name, listed, participating, passed, failed, incomplete, invalid, conflict, missing = range(9)
    denominator, basis, participation_rate, pass_rate, target, average = range(9, 15)

    @property
    def last_row(self) -> int:
        return self.first_row + len(self.campaign.towns) - 1

    @property
    def county_row(self) -> int:
        return self.last_row + 1

    @property
    def target_row(self) -> int:
        return self.county_row + 3

    @property
    def bands_row(self) -> int:
        """Return the row of the heading of the distribution of scores."""
        return self.target_row + 6

    @property
    def last_band_row(self) -> int:
        return self.bands_row + len(bands(self.campaign))

    def county(self, column: int) -> str:
        return cell_of(TOWNS, self.county_row, column)

    def column(self, column: int) -> str:
        return range_of(TOWNS, self.first_row, column, self.last_row, column)


CRITERIA_HEADINGS = (
    "序号",
    "内容",
    "创建标准",
    "标准分",
    "已评社区数",
    "平均分",
    "失分合计",
    "失分率",
    "失分社区数",
    "失分社区",
    "涉及部门",
)


@dataclass(frozen=True)
class CriteriaGrid:
    """Where everything stands on 指标分析."""

    campaign: Campaign

    header_row = 2
    first_row = 3
    number, group, text, points, scored, average, lost, loss_rate, losers, names, departments = range(11)

    @property
    def last_row(self) -> int:
        return self.first_row + len(self.campaign.criteria) - 1

    def row(self, number: int) -> int:
        return self.first_row + number - 1

    def cell(self, number: int, column: int) -> str:
        return cell_of(CRITERIA, self.row(number), column)


@dataclass(frozen=True)
class ChangesGrid:
    """Where everything stands on 变化."""

    campaign: Campaign

    header_row = 2
    first_row = 3
    number, town, community, then, now, returned, verdict, before, total, difference = range(10)
    first_score = 10

    @property
    def last_row(self) -> int:
        return self.first_row + len(self.campaign.communities) - 1

    def column(self, column: int) -> str:
        return range_of(CHANGES, self.first_row, column, self.last_row, column)

    def headings(self) -> list[str]:
        return [*CHANGES_HEADINGS, *(f"第{c.number}条" for c in self.campaign.criteria)]


CHANGES_HEADINGS = (
    "序号",
    "街道（镇）",
    "社区",
    "上次状态",
    "本次状态",
    "报送变化",
    "达标变化",
    "上次合计",
    "本次合计",
    "增减",
)
RETURNED_WORDS = ("新报送", "转为未报送")
VERDICT_WORDS = ("新达标", "不再达标")
