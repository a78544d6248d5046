"""Rows of cells over one or several columns, and what is lost in words."""

from decimal import Decimal

import pytest

from greenxl.campaign.model import Answer, Campaign, Kind
from greenxl.report.layout import RECTIFICATION
from greenxl.report.sheets.rectification.grid import LAST, LOSSES, WIDTHS, Box, Grid, grid_on
from greenxl.report.sheets.tasks import Task
from greenxl.report.style import Style, fits_upright
from greenxl.xlsx import Book
from tests.tools.books import opened
from tests.tools.programmes import mixed
from tests.tools.reports import DAY


def grid_of(campaign: Campaign) -> Grid:
    style = Style(Book("宋体", DAY, {}), campaign)
    return grid_on(style.book.sheet(RECTIFICATION), style)


def task(campaign: Campaign, number: int, **amounts: object) -> Task:
    """Return a task of the first unit at a criterion."""
    criterion = campaign.criteria[number - 1]
    fields: dict[str, object] = {"answer": None, "entries": {}, **amounts}
    return Task(
        community=campaign.communities[0],
        group=campaign.groups[criterion.group],
        criterion=criterion,
        **fields,  # type: ignore[arg-type]
    )


def test_the_columns_are_as_wide_as_a_page_upright() -> None:
    """Where 10 points are still 7 in print; one character more in each of them would be too small."""
    assert fits_upright(WIDTHS)
    assert not fits_upright([width + 1 for width in WIDTHS])


def test_a_row_is_as_high_as_its_longest_text(huantai: Campaign) -> None:
    """Several columns are merged; a formula keeps its value, a text that looks like one is none."""
    grid = grid_of(huantai)
    long = "坚持美好环境与幸福生活共同缔造理念，各主体共同参与社区人居环境建设和整治工作"
    grid.write_row(
        0,
        [
            Box(first=0, last=1, value=long),
            Box(first=2, last=2, value=3, formula="1+2"),
            Box(first=LOSSES, last=LAST, value="=1+1"),
        ],
    )
    sheet = opened(grid.style.book.bytes(), values=True)[RECTIFICATION]
    assert sorted(map(str, sheet.merged_cells.ranges)) == ["A1:B1", "E1:K1"]
    assert (sheet["A1"].value, sheet["C1"].value, sheet["E1"].value) == (long, 3, "=1+1")
    assert sheet.row_dimensions[1].height == pytest.approx(grid.heights[0], abs=0.5)
    assert grid.heights[0] == pytest.approx(3 * 13.5 + 6)


@pytest.mark.parametrize(
    ("label", "amounts", "words"),
    [
        ("1.1", {"answer": Decimal(15), "lost": Decimal("4.50")}, "第1.1条 4.5"),
        ("K1", {"answer": Decimal(3), "deducted": Decimal(3)}, "第K1条 扣3"),
        ("T1", {"answer": Answer.UNFULFILLED}, "第T1条 不符合"),
    ],
    ids=[Kind.SCORED.name, Kind.DEDUCTION.name, Kind.CONDITION.name],
)
def test_what_is_lost_is_said_with_its_criterion(
    huantai: Campaign, label: str, amounts: dict[str, object], words: str
) -> None:
    """As the form numbers it, by a formula that refers to 社区得分."""
    campaign = mixed(huantai)
    number = next(one.number for one in campaign.criteria if one.label == label)
    found, formula = grid_of(campaign).loss(task(campaign, number, **amounts))
    assert found == words
    assert formula is not None
    assert "'社区得分'!" in formula
