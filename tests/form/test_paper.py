"""How a form lies on paper: no text is cut, none is too small, every page says what it belongs to."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from greenxl.campaign.model import Campaign, Choice, Group
from greenxl.form.layout import Layout, Part
from greenxl.form.paper import CONTINUED, Paper, paper_of, size_of
from greenxl.form.style import A3, A4, TALLEST
from tests.tools.forms import three_levels, with_methods, yes_or_no


def paper(campaign: Campaign, entries: Any = None) -> Paper:
    return paper_of(Layout(campaign), entries or {})


def test_the_official_form_takes_one_page_upright(huantai: Campaign) -> None:
    """The columns of Attachment 1 as they always were."""
    found = paper(huantai)
    assert list(found.widths) == [18, 5, 50, 11, 13]
    assert (found.landscape, found.size, found.scale) == (False, A4, 0)
    assert not found.breaks


@pytest.mark.parametrize(
    ("longest", "landscape", "size"),
    [(40, True, A4), (400, True, A4), (700, True, A3), (1500, True, A3)],
    ids=["short", "400 characters", "700", "1500"],
)
def test_a_form_takes_the_paper_that_its_longest_text_needs(
    huantai: Campaign, longest: int, landscape: bool, size: int
) -> None:
    """No row is taller than a spreadsheet has it, and no text smaller than 8 points."""
    campaign = with_methods(huantai, longest=longest)
    found, layout = paper(campaign), Layout(campaign)
    assert (found.landscape, found.size) == (landscape, size)
    assert max(found.heights) <= TALLEST
    texts = [(c.text, layout.column(Part.TEXT)) for c in campaign.criteria]
    texts += [(c.method, layout.column(Part.METHOD)) for c in campaign.criteria]
    assert min(size_of(text, found.widths[column]) for text, column in texts) >= (11 if longest < 99 else 8)
    assert max(found.widths) <= 255


def test_a_text_of_many_lines_alone_needs_no_wider_paper(huantai: Campaign) -> None:
    """What fits upright stays upright: a criterion of 400 characters beside short ones."""
    first, *others = huantai.groups
    long = replace(first.criteria[0], text="坚持共同缔造理念，" * 45)
    campaign = replace(huantai, groups=(replace(first, criteria=(long, *first.criteria[1:])), *others))
    found = paper(campaign)
    assert (found.landscape, found.size) == (False, A4)
    assert 290 <= max(found.heights) <= TALLEST


def test_three_columns_of_scores_stay_on_one_page(huantai: Campaign) -> None:
    """Upright, in a somewhat smaller print."""
    found = paper(three_levels(huantai))
    assert (found.landscape, found.scale, sum(found.widths)) == (False, 0, 116)


def test_names_come_again_on_every_page(huantai: Campaign) -> None:
    """Of groups and of their parts, marked as continued; no merged cell crosses the end of a page."""
    campaign = with_methods(huantai)
    found = paper(campaign)
    assert found.scale > 60
    assert len(found.breaks) > 3
    for name in found.merged:
        assert not any(name.first < number <= name.last for number in found.breaks)
    groups = [name for name in found.merged if name.part is Part.GROUP]
    covered = [n for name in groups for n in range(name.first, name.last + 1)]
    assert covered == [criterion.number for criterion in campaign.criteria]
    again = [name for name in groups if name.continued]
    assert again
    assert all(name.text.endswith(CONTINUED) for name in again)
    firsts = {group.criteria[0].number for group in campaign.groups}
    assert all(name.first in found.breaks and name.first not in firsts for name in again)


def test_a_page_ends_before_a_group_that_it_would_break_late(huantai: Campaign) -> None:
    """Nine groups of three rows: all breaks stand before groups."""
    text = "坚持共同缔造理念，" * 30
    criteria = [
        replace(huantai.criteria[0], number=n, group=(n - 1) // 3, text=f"{text}{n}") for n in range(1, 28)
    ]
    groups = tuple(Group(f"第{g + 1}组", (), tuple(criteria[3 * g : 3 * g + 3])) for g in range(9))
    found = paper(replace(huantai, groups=groups))
    assert found.breaks
    assert all(number % 3 == 1 for number in found.breaks)


def test_a_name_fits_beside_its_rows_on_every_page(huantai: Campaign) -> None:
    """A long name of a group of one row makes the row taller; typed line breaks go where they make towers."""
    name = "建立\n健全\n社区\n人居\n环境\n建设"
    only = Group(name, (), (replace(huantai.criteria[0], text="有"),))
    rest = Group("其他" * 40, (), (replace(huantai.criteria[1], text="无"),))
    found = paper(replace(huantai, groups=(only, rest)))
    assert found.merged[0].text == "建立健全社区人居环境建设"
    assert found.heights[0] < 60
    assert found.heights[1] > 160


def test_a_group_keeps_its_line_breaks_where_there_is_room(huantai: Campaign) -> None:
    """As the plan prints it."""
    assert paper(huantai).merged[0].text == huantai.groups[0].name


def test_what_is_filled_in_makes_its_row_taller(huantai: Campaign) -> None:
    """The texts that a correction copy carries, up to the tallest row of a spreadsheet."""
    campaign = three_levels(huantai)
    column = Layout(campaign).entry_columns["扣分原因"]
    entries = ["资料不齐，" * 20, "缺" * 5000, *[""] * 18]
    plain, filled = paper(campaign), paper(campaign, {column: entries})
    assert filled.heights[0] > 3 * plain.heights[0]
    assert filled.heights[1] == TALLEST
    assert filled.heights[2:] == plain.heights[2:]


@pytest.mark.parametrize("label", ["7", "C12", "1.1.3"])
def test_a_number_of_the_forms_own_fits_its_column(huantai: Campaign, label: str) -> None:
    """In one line."""
    first, *others = huantai.groups
    own = replace(first.criteria[0], label=label)
    campaign = replace(huantai, groups=(replace(first, criteria=(own, *first.criteria[1:])), *others))
    assert paper(campaign).widths[1] == max(5, len(label) + 2)


def test_points_with_words_have_room(huantai: Campaign) -> None:
    """扣分 最多10分 is shown by a number's format, which is never wrapped."""
    campaign = with_methods(huantai)
    assert paper(campaign).widths[Layout(campaign).column(Part.POINTS)] >= 15
    assert paper(yes_or_no(huantai)).widths[3] == 13  # 5 可不适用
    assert paper(huantai).widths[3] == 11
    assert Decimal(10) in {c.points for c in campaign.criteria}


@pytest.mark.parametrize(
    ("characters", "size"), [(20, 11), (380, 10), (460, 9), (600, 8), (2000, 8)], ids=lambda value: str(value)
)
def test_a_text_is_as_large_as_its_row_allows(characters: int, size: int) -> None:
    """Eight points at least."""
    assert size_of("字" * characters, 32) == size


def test_a_long_word_to_choose_has_room(huantai: Campaign) -> None:
    """Its row is as high as the word needs in the column of scores."""
    words = (Choice("已建立并严格执行，记录完整，群众反映良好", Decimal(5)), Choice("无", Decimal(0)))
    first, *others = huantai.groups
    chosen = replace(first.criteria[0], choices=words, text="有制度")
    found = paper(replace(huantai, groups=(replace(first, criteria=(chosen, *first.criteria[1:])), *others)))
    assert found.widths[4] == 18
    assert found.heights[0] >= 48
