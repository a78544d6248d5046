"""What the sheets of all units share."""

from dataclasses import replace

import pytest

from greenxl.campaign.model import Campaign
from greenxl.form.blank import blank, blanks
from greenxl.form.layout import Layout, Part
from greenxl.form.paper import paper_of
from greenxl.form.standard_form import StandardForm


def test_a_line_states_what_its_criterion_states(huantai: Campaign) -> None:
    """Number, text and points of every criterion stand on its line, in the form's columns."""
    form = StandardForm(huantai)
    assert [line.label for line in form.lines] == list(range(1, 21))
    texts = [[(one.column, one.text) for one in line.texts] for line in form.lines]
    column = form.layout.column(Part.TEXT)
    assert texts == [[(column, criterion.text)] for criterion in huantai.criteria]


def test_a_number_of_its_own_stays_a_text(huantai: Campaign) -> None:
    """A criterion that its form calls 1.1 is not called 1."""
    first, *others = huantai.criteria
    groups = (replace(huantai.groups[0], criteria=(replace(first, label="1.1"), *others[:3])),)
    assert StandardForm(replace(huantai, groups=groups)).lines[0].label == "1.1"


def test_what_is_filled_in_makes_its_own_paper(huantai: Campaign) -> None:
    """A long text in a column to fill in raises its row, and leaves the other sheets as they are."""
    with_reasons = replace(huantai, entry_columns=("扣分原因",))
    form, layout = StandardForm(with_reasons), Layout(with_reasons)
    entries = {column: ["很长的说明" * 40] * len(huantai.criteria) for column in layout.of(Part.ENTRY)}
    blank_paper = form.paper({})
    assert form.paper(entries) == paper_of(layout, entries)
    assert form.paper(entries) != blank_paper == form.paper({})


@pytest.mark.parametrize("per_community", [False, True], ids=["per town", "per community"])
def test_workbooks_that_share_a_form_are_as_those_of_their_own(
    schools: Campaign, per_community: bool
) -> None:
    """To the byte: nothing of one workbook is left over in the next."""
    town = schools.towns[0].name
    communities = schools.communities_of(town)
    shared = [one.data for one in blanks(schools, [town], per_community=per_community)]
    parts = [[one] for one in communities] if per_community else [communities]
    assert shared == [blank(schools, town, part) for part in parts]
