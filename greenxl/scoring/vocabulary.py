"""The Chinese words for statuses, severities and outcomes that reports and mails share."""

import re

from greenxl.campaign.model import Campaign
from greenxl.catalogue import Severity
from greenxl.names import one_line
from greenxl.returns.intake import Outcome
from greenxl.scoring.choosing import Status

STATUS_WORDS: dict[Status, str] = {
    Status.PASSED: "达标",
    Status.FAILED: "未达标",
    Status.INCOMPLETE: "填报不全",
    Status.INVALID: "有误",
    Status.CONFLICT: "重复待定",
    Status.MISSING: "未报送",
}


SEVERITY_WORDS = {Severity.ERROR: "错误", Severity.WARNING: "提醒", Severity.NOTE: "说明"}


OUTCOME_WORDS: dict[Outcome, str] = {Outcome.READ: "读取", Outcome.REJECTED: "拒收", Outcome.SKIPPED: "跳过"}


def subject(campaign: Campaign) -> str:
    """Return what the round is about, its short title or that in the title: 「桓台县绿色社区创建」."""
    if campaign.short_title:
        return one_line(campaign.short_title)
    return re.sub(r"(评价|评分|打分)?(标准|细则|表)(（[^（）]*）)?$", "", one_line(campaign.title))
