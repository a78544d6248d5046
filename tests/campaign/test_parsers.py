"""What one cell of a campaign's tables may hold."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from greenxl.campaign.parsers import (
    Fault,
    Parser,
    amount,
    choice_list,
    day,
    mail_address,
    matching,
    name_list,
    one_of,
    optional,
    pair_of_words,
    percentage,
    short_word,
    short_word_or_none,
    shown_name,
    veto,
    whole_number,
    yes_or_no,
)

BAD = Fault("bad")


@pytest.mark.parametrize(
    ("parse", "cell", "value"),
    [
        (whole_number("bad"), "0", 0),
        (whole_number("bad"), "２０２１", 2021),
        (whole_number("bad"), "1.0", BAD),
        (whole_number("bad"), "-1", BAD),
        (whole_number("bad"), "1234567890", BAD),
        (whole_number("bad", 1, 100), "100", 100),
        (whole_number("bad", 1, 100), "101", BAD),
        (whole_number("bad", 1), "0", BAD),
        (amount("bad"), "7.25", Decimal("7.25")),
        (amount("bad"), "５", Decimal(5)),
        (amount("bad"), "0", BAD),
        (amount("bad"), "7.250", BAD),
        (amount("bad"), "1e2", BAD),
        (amount("bad"), "1000000", BAD),
        (day("bad"), "2021-09-30", date(2021, 9, 30)),
        (day("bad"), "2021年9月3日", date(2021, 9, 3)),
        (day("bad"), "２０２１/9/3", date(2021, 9, 3)),
        (day("bad"), "2021-02-30", BAD),
        (day("bad"), "30.9.2021", BAD),
        (yes_or_no("bad"), "√", True),
        (yes_or_no("bad"), " YES", True),
        (yes_or_no("bad"), "", False),
        (yes_or_no("bad"), "也许", BAD),
        (one_of("bad", {"领导": 1, "leadership": 1}), "Leadership ", 1),
        (one_of("bad", {"领导": 1}), "同事", BAD),
        (matching("bad", "[a-z]+"), "abc", "abc"),
        (matching("bad", "[a-z]+"), "abc1", BAD),
        (mail_address, "", ""),
        (mail_address, "name@example.cn", "name@example.cn"),
        (mail_address, "first.last+tag@mail.example-1.cn", "first.last+tag@mail.example-1.cn"),
        (optional(amount("bad")), "", None),
        (optional(amount("bad")), "x", BAD),
        (optional(amount("bad")), "5", Decimal(5)),
        (name_list, "甲、 乙，丙;丁\n戊、", ("甲", "乙", "丙", "丁", "戊")),
        (name_list, "", ()),
        (shown_name, "索 \xa0镇", "索镇"),
    ],
)
def test_a_cell_is_its_value_or_a_fault(parse: Parser[Any], cell: str, value: object) -> None:
    """Digits may be full width; anything else is a fault of the code that the parser was made for."""
    assert parse(cell) == value


ONLY = Fault("email-not-alone", wanted="a@example.cn")


@pytest.mark.parametrize(
    ("cell", "fault"),
    [
        pytest.param("mailto:a@example.cn", ONLY, id="link"),
        pytest.param("mailto:a@example.cn?subject=x", ONLY, id="link-with-subject"),
        pytest.param("a＠example.cn", ONLY, id="full-width-at"),
        pytest.param("ａ@ｅｘａｍｐｌｅ．ｃｎ", ONLY, id="full-width-letters"),
        pytest.param("张三<a@example.cn>", ONLY, id="name"),
        pytest.param("张三 0533-8180000 a@example.cn", ONLY, id="telephone"),
        pytest.param("邮箱：a@example.cn", ONLY, id="label"),
        pytest.param("“a@example.cn”", ONLY, id="quotes"),
        pytest.param("'a@example.cn", ONLY, id="apostrophe"),
        pytest.param("a@example.cn.", ONLY, id="full-stop"),
        pytest.param("a@example.cn。", ONLY, id="Chinese-full-stop"),
        pytest.param("a@example.cn；", ONLY, id="semicolon"),
        pytest.param("a@example.cn\n", ONLY, id="line-break"),
        pytest.param("a@exam\u200bple.cn", ONLY, id="zero-width-space"),
        pytest.param("a@example.cn、a@example.cn", ONLY, id="same-twice"),
        pytest.param("a@example.cn; b@example.cn", Fault("email-several"), id="two"),
        pytest.param("a@example.cn、b@example.cn", Fault("email-several"), id="two-Chinese-comma"),
        pytest.param("a@example", Fault("email-bad"), id="no-domain"),
        pytest.param("a@b", Fault("email-bad"), id="short"),
        pytest.param("a..b@example.cn", Fault("email-bad"), id="two-dots"),
        pytest.param("a@example..cn", Fault("email-bad"), id="two-dots-in-domain"),
        pytest.param("a@@example.cn", Fault("email-bad"), id="two-ats"),
        pytest.param("a @ example.cn", Fault("email-bad"), id="spaces"),
        pytest.param("a@example.cn@example.cn", Fault("email-bad"), id="domain-twice"),
        pytest.param("@example.cn", Fault("email-bad"), id="no-name"),
        pytest.param("张三@example.cn", Fault("email-bad"), id="Chinese-name"),
        pytest.param("微信", Fault("email-bad"), id="no-address"),
    ],
)
def test_an_address_with_something_around_it_is_told(cell: str, fault: Fault) -> None:
    """Where one address is clear, it is what to write; part of another address never is."""
    assert mail_address(cell) == fault


@pytest.mark.parametrize(
    ("text", "percent"),
    [("30", 30), ("30%", 30), ("３０％", 30), ("30 %", 30), ("0.3", 30), (".65", 65), ("0.05", 5)],
)
def test_a_percentage_is_read_as_offices_hold_it(text: str, percent: int) -> None:
    """A cell that shows 30% holds 0.3."""
    assert percentage("percent-bad")(text) == percent


@pytest.mark.parametrize("text", ["0", "101", "0.305", "30.5", "三十", "", "%", "1.5"])
def test_what_is_no_whole_percentage_is_a_fault(text: str) -> None:
    """A target is a whole number from 1 to 100."""
    assert percentage("percent-bad")(text) == Fault("percent-bad")


def test_units_may_be_written_behind_numbers() -> None:
    """85分, 2026年."""
    assert amount("score-bad")("８５ 分") == Decimal(85)
    assert whole_number("year-bad", 1900, 9999, "年")("2026年") == 2026
    assert whole_number("order-bad")("3年") == Fault("order-bad")


@pytest.mark.parametrize(
    ("text", "choices"),
    [
        ("5、3、0", [("5", 5), ("3", 3), ("0", 0)]),
        ("５.0，３ 分; 0", [("5", 5), ("3", 3), ("0", 0)]),
        ("是=5、否=0", [("是", 5), ("否", 0)]),
        ("符合＝10、 基本 符合=6.5、不符合=0", [("符合", 10), ("基本符合", Decimal("6.5")), ("不符合", 0)]),
        ("5.0=5、无=0", [("5", 5), ("无", 0)]),
        ("", []),
    ],
)
def test_choices_are_numbers_or_words_with_numbers(text: str, choices: list[tuple[str, Decimal]]) -> None:
    """However they are separated and spaced; a number stands for itself."""
    assert choice_list("choices-bad")(text) == tuple(choices)


@pytest.mark.parametrize(
    "text",
    ["5", "5、5", "是=5、是=0", "是=5、否=-1", "是、否", "5=3、0", "是=5、不适用=0", ">3=5、0", "=5、0"],
)
def test_choices_that_cannot_be_told_apart_are_none(text: str) -> None:
    """One alone, the same twice, a number that means another, words that a formula would not count."""
    assert choice_list("choices-bad")(text) == Fault("choices-bad")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("合格、不合格", ("合格", "不合格")),
        ("通过，不通过", ("通过", "不通过")),
        ("合格、合格以下", Fault("pass-words-bad")),
        ("达标", Fault("pass-words-bad")),
        ("达标、有误", Fault("pass-words-bad")),
        ("好、中、差", Fault("pass-words-bad")),
    ],
)
def test_pass_words_are_two_of_which_none_begins_the_other(text: str, words: object) -> None:
    """Formulas count what begins with them."""
    assert pair_of_words("pass-words-bad")(text) == words


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("零分", "零分"),
        ("是", "是"),
        ("3.5", Decimal("3.5")),
        ("", None),
        ("0", Fault("v")),
        ("一票", Fault("v")),
    ],
)
def test_a_veto_is_a_word_or_a_number(text: str, found: object) -> None:
    """0 would be a veto that nothing can meet."""
    assert veto("v")(text) == found


@pytest.mark.parametrize(
    "word",
    ["1-2", "1/2", "50%", "1e1", "12:30", "￥5", "(1)", "+a", "-1", "@x", "'是", "#N/A", "true", "1月2日",
     "2021年1月", "3时", "是" * 101],
)  # fmt: skip
def test_a_word_that_an_office_changes_is_no_choice(word: str) -> None:
    """It takes them for numbers, dates, formulas or errors, or cuts them off."""
    assert choice_list("choices-bad")(f"{word}=5、否=0") == Fault("choices-bad")


@pytest.mark.parametrize("word", ["1次", "2次以上", "一月", "A", "√", "第1档", "3-5次", "月", "优（90分）"])
def test_a_word_with_numbers_in_it_is_a_choice(word: str) -> None:
    """An office leaves it as it is typed."""
    made = choice_list("choices-bad")(f"{word}=5、否=0")
    assert not isinstance(made, Fault)


def test_no_parent_is_a_word_of_its_own() -> None:
    """An empty cell means the usual parent."""
    assert (short_word_or_none(" 无 "), short_word_or_none("学区")) == ("", "学区")
    assert short_word("市/区") == Fault("word-bad")
