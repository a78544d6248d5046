"""The Chinese words for statuses, severities and outcomes that reports and mails share."""

import re

from greenxl.campaign.model import Campaign
from greenxl.catalogue import Severity
from greenxl.i18n import WORDS, Words
from greenxl.names import bare, one_line
from greenxl.returns.intake import Outcome
from greenxl.scoring.choosing import Status

OPEN_STATUS_WORDS = {
    Status.INCOMPLETE: "填报不全",
    Status.INVALID: "有误",
    Status.CONFLICT: "重复待定",
    Status.MISSING: "未报送",
}
"""Of a unit without a verdict; the same in every campaign."""


def status_words(campaign: Campaign) -> dict[Status, str]:
    """Return what the campaign calls each status."""
    passed, failed = campaign.pass_words
    return {Status.PASSED: passed, Status.FAILED: failed, **OPEN_STATUS_WORDS}


def words(campaign: Campaign) -> Words:
    """Return what the campaign calls its own things, as messages have places for it.

    Where there are no towns, each unit is one of its own.
    """
    passed, failed = campaign.pass_words
    return {
        "unit": campaign.unit,
        "parent": campaign.parent or campaign.unit,
        "area": campaign.area,
        "roster": campaign.roster_name,
        "whole": _whole(campaign.unit),
        "pass_word": passed,
        "fail_word": failed,
        "points_word": bare(campaign.labels.points),
        "total_word": bare(campaign.labels.total),
    }


def _whole(unit: str) -> str:
    """Return what all units of the area are called; the plan counts a county's urban communities alone."""
    return WORDS["whole"] if unit == WORDS["unit"] else f"{unit}总数"


SEVERITY_WORDS = {Severity.ERROR: "错误", Severity.WARNING: "提醒", Severity.NOTE: "说明"}


OUTCOME_WORDS: dict[Outcome, str] = {Outcome.READ: "读取", Outcome.REJECTED: "拒收", Outcome.SKIPPED: "跳过"}


def subject(campaign: Campaign) -> str:
    """Return what the round is about, its short title or that in the title: 「桓台县绿色社区创建」."""
    if campaign.short_title:
        return one_line(campaign.short_title)
    return re.sub(r"(评价|评分|打分)?(标准|细则|表)(（[^（）]*）)?$", "", one_line(campaign.title))
