"""Tags as people type them."""

import pytest

from greenxl.report.annual.tags import begins, ends, is_block, is_open, normal


@pytest.mark.parametrize(
    ("typed", "tag"),
    [
        ("{{ 县 }}", "{{ 县 }}"),
        ("｛｛县｝｝", "{{县}}"),
        ("｛％ if 甲 == “乙” ％｝", '{% if 甲 == "乙" %}'),
        ("{{\u00a0县\n}}", "{{ 县 }}"),
        ("{%- endfor -%}", "{% endfor %}"),
        ("{%+ if 甲 +%}", "{% if 甲 %}"),
    ],
)
def test_a_tag_is_put_into_half_width(typed: str, tag: str) -> None:
    """With plain quotation marks, in one line, without control of spaces."""
    assert normal(typed) == tag


@pytest.mark.parametrize("text", ["{{ 县", "县 }}", "{% for", "%}", "｛｛县", "{{ 甲 }} {{"])
def test_braces_that_are_left_are_seen(text: str) -> None:
    """Half-width or full-width, opened or closed."""
    assert is_open(text)


@pytest.mark.parametrize("text", ["", "{{ 县 }}{% if 甲 %}", "{ 一个 }", "100%"])
def test_other_braces_are_text(text: str) -> None:
    """A single one begins nothing."""
    assert not is_open(text)


def test_what_begins_and_what_ends() -> None:
    """A list or a condition; a field does neither."""
    tags = ("{% for a in b %}", "{% if a %}", "{% endfor %}", "{% endif %}", "{% else %}", "{{ for }}")
    assert [begins(tag) for tag in tags] == [True, True, False, False, False, False]
    assert [ends(tag) for tag in tags] == [False, False, True, True, False, False]
    assert [is_block(tag) for tag in tags] == [True] * 5 + [False]
