"""Texts in cells are measured by the columns that they take."""

import pytest

from greenxl.xlsx import line_count, size_to_fit, text_width


def test_texts_are_measured_in_characters_of_a_column() -> None:
    """A Chinese character takes two; a line break begins a line; an empty text is one line."""
    assert [text_width(text) for text in ("", "abc", "社区", "社区A1")] == [0, 3, 4, 6]
    assert [line_count(text, 10) for text in ("", "一二三四", "一二三四五", "一\n二\n")] == [1, 1, 2, 3]


@pytest.mark.parametrize("character", "“”‘’—…·×±≤≥→①Ⅱ℃●■※")
def test_signs_that_chinese_fonts_draw_wide_take_two(character: str) -> None:
    """Else a row with many of them is too low for its text."""
    assert text_width(character) == 2
    assert [line_count(character * count, 10) for count in (4, 5)] == [1, 2]


def test_signs_that_are_narrow_in_every_font_take_one() -> None:
    """What is on an English keyboard, in ASCII or beside a sign that is not."""
    assert text_width("a-1.5%\"'") == 8
    assert text_width("“A-1”") == 7


def test_a_title_is_made_smaller_until_it_fits() -> None:
    """In half points, and never larger than wanted."""
    assert size_to_fit("短", 80, 20) == 20
    assert size_to_fit("一二三四五六七八九十" * 5, 80, 20) == 8
