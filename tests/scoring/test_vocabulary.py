"""The Chinese words of reports and mails: one for each status, severity and outcome."""

from dataclasses import replace
from enum import StrEnum

import pytest

from greenxl.campaign.model import Campaign
from greenxl.campaign.parsers import Fault, pair_of_words
from greenxl.catalogue import Severity
from greenxl.i18n import WORDS
from greenxl.returns.intake import Outcome
from greenxl.scoring.choosing import Status
from greenxl.scoring.vocabulary import (
    OPEN_STATUS_WORDS,
    OUTCOME_WORDS,
    SEVERITY_WORDS,
    status_words,
    subject,
    words,
)


@pytest.mark.parametrize(
    ("said", "meanings"),
    [(SEVERITY_WORDS, Severity), (OUTCOME_WORDS, Outcome)],
    ids=["severity", "outcome"],
)
def test_every_meaning_has_a_word_of_its_own(said: dict[StrEnum, str], meanings: type[StrEnum]) -> None:
    """None is missing, and no two share one."""
    assert list(said) == list(meanings)
    assert len(set(said.values())) == len(said)


def test_every_status_has_a_word_of_its_own(huantai: Campaign) -> None:
    """None is missing, and no two share one: the workbook is read back by its words."""
    said = status_words(replace(huantai, pass_words=("合格", "不合格")))
    assert list(said) == list(Status)
    assert len(set(said.values())) == len(said)
    assert (said[Status.PASSED], said[Status.FAILED]) == ("合格", "不合格")


def test_messages_without_a_campaign_speak_as_one_that_says_nothing(huantai: Campaign) -> None:
    """What the catalogue has for every place is what the settings have by default."""
    assert words(huantai) == WORDS


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


def test_no_verdict_is_called_like_another_status() -> None:
    """Earlier workbooks are read by these words; a campaign cannot take one of them."""
    parse = pair_of_words("bad")
    assert all(parse(f"达标、{word}") == Fault("bad") for word in OPEN_STATUS_WORDS.values())
