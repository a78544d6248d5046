"""A form that came back as it was issued is found by its rows, as it would be by its texts and headings."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from greenxl.campaign.model import Campaign, Criterion, Group
from greenxl.returns.form_finder import find_form
from greenxl.returns.issued_form import IssuedForm
from greenxl.returns.model import Doubt, FoundForm, Hit
from tests.tools.typed_forms import Rows, grid_of


def issued(campaign: Campaign, scores: list[object]) -> Rows:
    """Return the rows of a form as they are issued, with these scores."""
    labels = campaign.labels
    rows: Rows = [
        [campaign.title],
        ["社区名称", "永安社区", "", "所属街道\n（镇）", "索镇"],
        [labels.group, labels.standard, "", labels.points, labels.score],
    ]
    for criterion, score in zip(campaign.criteria, scores, strict=True):
        group = campaign.groups[criterion.group]
        name = group.name if group.criteria[0] == criterion else ""
        rows.append([name, criterion.number, criterion.text, float(criterion.points), score])
    return [
        *rows,
        [labels.total, "", "", 100],
        [campaign.note],
        ["填报状态", "达标"],
        ["填报人", "", "", "审核人"],
    ]


def moved(form: FoundForm | Doubt | None, down: int) -> FoundForm | Doubt | None:
    """Return where a form is if it begins so many rows lower."""
    if not isinstance(form, FoundForm):
        return form and replace(form, cell=form.cell._replace(address=""))
    return replace(
        form,
        header_row=None if form.header_row is None else form.header_row + down,
        total_row=None if form.total_row is None else form.total_row + down,
        lines=tuple(Hit(hit.row + down, hit.column, hit.number) for hit in form.lines),
        beside=tuple((row + down, column) for row, column in form.beside),
    )


def one_by_one(campaign: Campaign) -> Campaign:
    """Return the campaign with a point for each criterion."""
    groups = [
        replace(g, criteria=tuple(replace(c, points=Decimal(1)) for c in g.criteria)) for g in campaign.groups
    ]
    return replace(campaign, groups=tuple(groups))


def of_labels(campaign: Campaign) -> Campaign:
    """Return the campaign with one heading for points and scores."""
    return replace(campaign, labels=replace(campaign.labels, points=campaign.labels.score))


def named_twice(campaign: Campaign) -> Campaign:
    """Return the campaign with two criteria of one text."""
    first, *others = campaign.groups
    text = first.criteria[0].text
    same: tuple[Criterion, ...] = tuple(replace(c, text=text) for c in first.criteria[:2])
    return replace(campaign, groups=(Group(first.name, (), (*same, *first.criteria[2:])), *others))


PROGRAMMES = [lambda campaign: campaign, one_by_one, of_labels, named_twice]
NAMES = ["as shipped", "a point each", "one heading for two columns", "two criteria of one text"]


@pytest.mark.parametrize("programme", PROGRAMMES, ids=NAMES)
@settings(deadline=None, max_examples=60)
@given(data=st.data())
def test_a_form_at_its_own_place_is_found_as_it_is_a_row_lower(
    huantai: Campaign, programme: Callable[[Campaign], Campaign], data: st.DataObject
) -> None:
    """Whatever the scores are, and whatever else is typed anywhere."""
    campaign = programme(huantai)
    numbers = st.sampled_from([0.0, 1.0, 4.5, 5.0, -1.0])
    texts = st.sampled_from(
        ["", "5分", True, "好", "得分", "小计", "改为3分", campaign.criteria[3].text, "永安社区"]
    )
    kind = data.draw(st.sampled_from(["numbers", "full marks", "counted", "blank", "mixed"]))
    of_kind: dict[str, Callable[[Criterion], object]] = {
        "numbers": lambda _c: data.draw(numbers),
        "full marks": lambda c: float(c.points),
        "counted": lambda c: float(c.number),
        "blank": lambda _c: "",
        "mixed": lambda _c: data.draw(numbers | texts),
    }
    rows = issued(campaign, [of_kind[kind](criterion) for criterion in campaign.criteria])
    for _change in range(data.draw(st.integers(0, 2))):
        row = rows[data.draw(st.integers(0, len(rows) - 1))]
        column = data.draw(st.integers(0, 6))
        row += [""] * (column + 1 - len(row))
        row[column] = data.draw(numbers | texts)
    known = data.draw(st.booleans())
    here, below = (find_form(grid_of(one), campaign, issued=known) for one in (rows, [[], *rows]))
    assert moved(here, 1) == moved(below, 0)


def test_a_form_is_known_by_the_rows_of_its_criteria(huantai: Campaign) -> None:
    """Numbers or nothing may stand as scores, no text; what is printed must be the same."""
    form = IssuedForm.of(huantai)
    assert form
    full = [float(criterion.points) for criterion in huantai.criteria]
    assert form.is_on(grid_of(issued(huantai, [*full])))
    assert form.is_on(grid_of(issued(huantai, [""] * len(full))))
    assert not form.is_on(grid_of(issued(huantai, ["5分", *full[1:]])))
    assert not form.is_on(grid_of(issued(huantai, [True, *full[1:]])))
    assert not form.is_on(grid_of([[], *issued(huantai, [*full])]))
    changed = issued(huantai, [*full])
    changed[5][2] += "。"
    assert not form.is_on(grid_of(changed))
    beside = issued(huantai, [*full])
    beside[5].append("已核")
    assert not form.is_on(grid_of(beside))


def test_true_is_no_number_of_a_criterion(huantai: Campaign) -> None:
    """Though it equals 1."""
    form, rows = IssuedForm.of(huantai), issued(huantai, [1.0] * len(huantai.criteria))
    assert form
    assert form.is_on(grid_of(rows))
    rows[3][1] = True
    assert not form.is_on(grid_of(rows))


def test_a_form_with_more_to_fill_in_is_searched(huantai: Campaign) -> None:
    """Its other columns hold anything."""
    assert IssuedForm.of(replace(huantai, entry_columns=("扣分原因",))) is None
    assert IssuedForm.of(replace(huantai, score_columns=("自评分", "核定分"))) is None
