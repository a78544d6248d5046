"""Texts in cells are measured by the columns that they take."""

from greenxl.xlsx import line_count, size_to_fit, text_width


def test_texts_are_measured_in_characters_of_a_column() -> None:
    """A Chinese character takes two; a line break begins a line; an empty text is one line."""
    assert [text_width(text) for text in ("", "abc", "社区", "社区A1")] == [0, 3, 4, 6]
    assert [line_count(text, 10) for text in ("", "一二三四", "一二三四五", "一\n二\n")] == [1, 1, 2, 3]


def test_a_title_is_made_smaller_until_it_fits() -> None:
    """In half points, and never larger than wanted."""
    assert size_to_fit("短", 80, 20) == 20
    assert size_to_fit("一二三四五六七八九十" * 5, 80, 20) == 8
