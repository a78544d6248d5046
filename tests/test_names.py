"""Names compare as people mean them and are safe as file and sheet names."""

import pytest

from greenxl.names import (
    bare,
    clean,
    joined,
    key,
    quoted,
    remembered,
    safe_file_name,
    shown,
    unique_sheet_names,
)


@pytest.mark.parametrize(
    "spelling",
    ["索镇", "索\xa0\xa0镇", "索　镇", " 索镇\n", "索\u200b镇"],
    ids=["plain", "no-break", "ideographic", "edges", "zero-width"],
)
def test_every_kind_of_space_is_gone_from_a_key(spelling: str) -> None:
    """All spellings of one town have one key."""
    assert key(spelling) == key("索镇")


def test_full_width_forms_have_the_key_of_plain_ones() -> None:
    """Keys are compared after NFKC."""
    assert key("Ａ１（镇）") == key("a1(镇)")


def test_a_name_is_shown_without_stray_spaces() -> None:
    """The roster's 「索  镇」 is shown as 索镇; a space between words stays."""
    assert shown("索\xa0\xa0镇") == "索镇"
    assert shown(" New  Town ") == "New Town"


@pytest.mark.parametrize(
    ("label", "heading"),
    [("标准分\n（100分）", "标准分"), ("得分(分)", "得分"), ("合计分值", "合计分值"), ("（分）", "（分）")],
    ids=["two-lines", "half-width", "nothing", "nothing-else"],
)
def test_a_label_is_bare_without_what_stands_in_brackets(label: str, heading: str) -> None:
    """At its end, and only where something is left."""
    assert bare(label) == heading


def test_a_name_that_repeats_another_is_left_out() -> None:
    """However it is spaced; an empty one leaves no mark either."""
    assert joined("音坑乡", "音坑\xa0乡", between="-") == "音坑\xa0乡"
    assert joined("索镇", "永安社区", between="-") == "索镇-永安社区"
    assert joined("", "永安社区", between="-") == "永安社区"


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("a/b\\c:d*e?f", "a_b_c_d_e_f"),
        ("../../x.xlsx", "_.._x.xlsx"),
        ("CON", "_CON"),
        ("nul.xlsx", "_nul.xlsx"),
        ("尾点. ", "尾点"),
        ("", "_"),
        ("\u202egnp.exe", "_gnp.exe"),
        ("长" * 300, "长" * 80),
        ("𠮷" * 80, "𠮷" * 60),
    ],
    ids=[
        *("separators", "climbing", "device", "device-suffix", "edge", "empty", "right-to-left", "long"),
        "long in bytes",
    ],
)
def test_file_names_are_safe_on_windows(name: str, safe: str) -> None:
    """No separator, device name, control mark or endless name survives."""
    assert safe_file_name(name) == safe


def test_sheet_names_are_accepted_by_excel_and_unique() -> None:
    """At most 31 characters, no forbidden sign, told apart without regard to case."""
    names = unique_sheet_names(["A/B", "a_b", "长" * 40, "长" * 40, "History", "'x'", ""])
    assert names == ["A_B", "a_b(2)", "长" * 31, "长" * 28 + "(2)", "History(2)", "x", "_"]


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("索\u00a0\u3000镇", "索\u00a0\u3000镇"),
        ("五\x1b[31m分\x07", "五\ufffd[31m分\ufffd"),
        ("\x9b2J", "\ufffd2J"),
        ("甲\u202e乙\u2066", "甲\ufffd乙\ufffd"),
        ("\udce9", "\ufffd"),
        ("一\r\n二\t三", "一\n二\t三"),
    ],
    ids=["spaces", "escape", "c1", "bidi", "surrogate", "lines"],
)
def test_what_nobody_can_see_is_shown_as_such(text: str, seen: str) -> None:
    """Spaces and line breaks stay; what moves a cursor or turns writing round does not."""
    assert clean(text) == seen


def test_a_quotation_is_one_bounded_line() -> None:
    """Sixty characters at most, however long the text is and however many lines it has."""
    assert quoted("一\n二") == "一 二"
    assert quoted("五" * 60) == "五" * 60
    assert quoted("五" * 6_000_000) == "五" * 59 + "…"


def test_what_was_made_of_long_texts_is_not_kept() -> None:
    """Thousands of them would take a worker's memory."""
    asked: list[int] = []

    @remembered(2)
    def length(text: str) -> int:
        asked.append(len(text))
        return len(text)

    assert [length(text) for text in ("甲", "甲", "甲" * 5_000, "甲" * 5_000)] == [1, 1, 5_000, 5_000]
    assert asked == [1, 5_000, 5_000]
