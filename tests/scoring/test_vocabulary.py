"""The Chinese words of reports and mails: one for each status, severity and outcome."""

from dataclasses import replace
from enum import StrEnum

import pytest

from greenxl.campaign.model import Campaign
from greenxl.catalogue import Severity
from greenxl.returns.intake import Outcome
from greenxl.scoring.choosing import Status
from greenxl.scoring.vocabulary import OUTCOME_WORDS, SEVERITY_WORDS, STATUS_WORDS, subject


@pytest.mark.parametrize(
    ("words", "meanings"),
    [(STATUS_WORDS, Status), (SEVERITY_WORDS, Severity), (OUTCOME_WORDS, Outcome)],
    ids=["status", "severity", "outcome"],
)
def test_every_meaning_has_a_word_of_its_own(words: dict[StrEnum, str], meanings: type[StrEnum]) -> None:
    """None is missing, and no two share one: the workbook is read back by its words."""
    assert list(words) == list(meanings)
    assert len(set(words.values())) == len(words)


@pytest.mark.parametrize(
    ("title", "about"),
    [
        ("桓台县绿色社区创建标准（试行）", "桓台县绿色社区创建"),
        ("高青县节水型单位评价标准", "高青县节水型单位"),
        ("垃圾分类考核评分细则（2026年）", "垃圾分类考核"),
        ("安全生产评分表", "安全生产"),
        ("标准化学校创建", "标准化学校创建"),
    ],
)
def test_the_subject_is_the_title_without_its_kind(huantai: Campaign, title: str, about: str) -> None:
    """What the standard is called at its end is left out, and only there."""
    assert subject(replace(huantai, title=title)) == about


def test_a_short_title_goes_before_the_title(huantai: Campaign) -> None:
    """What a campaign calls itself is not guessed; neither is of more than one line."""
    assert subject(replace(huantai, short_title="绿色\n社区")) == "绿色社区"
    assert subject(replace(huantai, title="桓台县\n绿色社区创建标准")) == "桓台县绿色社区创建"
