"""A criterion is known however it is spaced, numbered or punctuated, and no other is taken for it."""

import time
from collections.abc import Callable
from dataclasses import replace

import pytest

from greenxl.campaign.model import Campaign
from greenxl.names import key
from greenxl.returns.criteria_text import CriteriaIndex, reworded, same_criterion, sense, spellings

WRITTEN: dict[str, Callable[[int, str], str]] = {
    "as issued": lambda number, text: text,
    "full stop": lambda number, text: f"{text}。",
    "line breaks": lambda number, text: f"{text[:8]}\n{text[8:]}",
    "half width": lambda number, text: text.replace("，", ",").replace("、", "､"),
    "quotes": lambda number, text: text.replace("“", "＂").replace("”", '"'),
    "points behind": lambda number, text: f"{text}（5分）",
    "points without brackets": lambda number, text: f"{text} 5.0分",
    "number and space": lambda number, text: f"{number} {text}",
    "number and comma": lambda number, text: f"{number}、{text}",
    "number in brackets": lambda number, text: f"（{number}）{text}",
    "circled": lambda number, text: f"{chr(0x245F + number)}{text}",
    "chinese numeral": lambda number, text: f"{'一二三四五六七八九十'[number % 10]}、{text}",
    "two level number": lambda number, text: f"1.{number} {text}",
    "counted": lambda number, text: f"第{number}条 {text}（5分）。",
}


@pytest.mark.parametrize("write", WRITTEN.values(), ids=WRITTEN)
def test_a_criterion_is_known_however_it_is_written(
    huantai: Campaign, write: Callable[[int, str], str]
) -> None:
    """Punctuation, a number before and the points behind are not what a criterion says."""
    index = CriteriaIndex.of(huantai)
    for criterion in huantai.criteria:
        text = write(criterion.number, criterion.text)
        assert index.number_of(key(text)) == criterion.number
        assert same_criterion(text, criterion.text)


@pytest.mark.parametrize(
    "write",
    [
        lambda text: text[:-3],
        lambda text: f"{text}等",
        lambda text: text.replace("15分钟", "1.5分钟"),
        lambda _text: "得分",
        lambda _text: "",
    ],
    ids=["cut", "more", "another number", "a short word", "nothing"],
)
def test_another_text_is_no_criterion(huantai: Campaign, write: Callable[[str], str]) -> None:
    """「1.5分钟」 is not 「15分钟」."""
    criterion = next(c for c in huantai.criteria if "15分钟" in c.text)
    text = write(criterion.text)
    assert CriteriaIndex.of(huantai).number_of(key(text)) is None
    assert not same_criterion(text, criterion.text)


def test_a_decimal_point_is_no_punctuation() -> None:
    """Punctuation between digits makes another number."""
    assert sense("1、开展了“30%以上”的社区。") == "1开展了30%以上的社区"
    assert sense("1.5") != sense("15")
    assert sense("≥ 30 %") == "≥30%"


def test_numbers_and_points_are_each_left_out_alone() -> None:
    """A criterion may itself begin or end with what looks like one."""
    assert spellings("3、栽种5分") == ("3栽种5分", "栽种5分", "3栽种", "栽种")
    assert spellings("绿化") == ("绿化",)
    assert spellings("5") == ("5",)


def test_criteria_that_are_spelled_alike_are_known_by_their_keys_alone(huantai: Campaign) -> None:
    """Where only punctuation tells two apart, punctuation counts."""
    first, second, *others = huantai.groups[0].criteria
    alike = (replace(first, text="水，电"), replace(second, text="水电"), *others)
    campaign = replace(huantai, groups=(replace(huantai.groups[0], criteria=alike), *huantai.groups[1:]))
    index = CriteriaIndex.of(campaign)
    assert [index.number_of(key(text)) for text in ("水，电", "水电", "水、电")] == [1, 2, None]


# Texts that were changed


def test_a_reworded_criterion_is_still_itself(huantai: Campaign) -> None:
    """By its likeness, whatever number stands before it."""
    for criterion in huantai.criteria:
        text = criterion.text[:-2] + "等"
        assert reworded(text, None, huantai) in (criterion.number, None)
        assert reworded(text, criterion.number, huantai) == criterion.number
        assert reworded(f"{criterion.number}、{text}", criterion.number, huantai) == criterion.number


@pytest.mark.parametrize("text", ["", "合计分值", "按时完成其他任务", "一" * 5_000])
def test_what_is_like_none_is_none(huantai: Campaign, text: str) -> None:
    """The number before it makes no criterion of it."""
    assert reworded(text, 3, huantai) is None


def test_a_text_between_two_criteria_goes_by_its_number(other: Campaign) -> None:
    """Where two come as near, the number decides between those alone, and nothing does without one."""
    text = other.criteria[3].text.replace("第4条要求", "要求")
    assert [reworded(text, number, other) for number in (None, 4)] == [None, 4]
    assert reworded(text, 999, other) is None


@pytest.mark.parametrize(
    "text",
    [part * (32_000 // len(part)) for part in ("1", "1.", "1分", "第1", "，", "1，", "一")],
    ids=lambda text: text[:2],
)
def test_a_text_of_any_kind_is_compared_in_no_time(huantai: Campaign, text: str) -> None:
    """No pattern goes over a text again and again (digits alone took half a minute)."""
    began = time.process_time()
    CriteriaIndex.of(huantai).number_of(text)
    same_criterion(text, huantai.criteria[0].text)
    reworded(text, 1, huantai)
    assert time.process_time() - began < 2


@pytest.mark.parametrize("number", ["C12", "c12.", "1.1 ", "1-2、", "AB3 ", "第七条 "])
def test_numbers_of_a_form_s_own_are_no_part_of_the_text(number: str) -> None:
    """Letters before digits, or digits with dots and dashes."""
    assert same_criterion(f"{number}开展社区道路治理", "开展社区道路治理")


@pytest.mark.parametrize("text", ["ABC开展社区道路治理", "PM2.5开展社区道路治理达标"])
def test_other_letters_before_a_text_change_it(text: str) -> None:
    """They are words."""
    assert not same_criterion(text, "开展社区道路治理")
