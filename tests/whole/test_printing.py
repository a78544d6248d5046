"""What the consolidated workbook is on paper: few pages, all of them legible."""

from pathlib import Path

import pytest

from greenxl.campaign.model import Campaign
from greenxl.report.book import consolidate
from greenxl.report.layout import OVERVIEW, sheet_names
from tests.tools.office import Office
from tests.tools.printing import pages_by_sheet, printed_pages, smallest_type
from tests.tools.reports import DAY, Made, Make, from_samples, without_returns
from tests.tools.rounds import drawn, large, round_of

LEAST = 7
"""Points of the smallest type that can be read."""


def of_120(huantai: Campaign, _other: Campaign) -> Made:
    campaign = large(huantai)
    return round_of(campaign, drawn(campaign, 3))


def of_120_that_failed(huantai: Campaign, _other: Campaign) -> Made:
    """Return the round in which every unit lost points of every criterion, which is the longest list."""
    campaign = large(huantai)
    return round_of(
        campaign,
        {
            unit: [round(3.1 + 0.05 * ((7 * place + 3 * k) % 17), 2) for k in range(20)]
            for place, unit in enumerate(campaign.communities)
        },
    )


def of_full_scores(huantai: Campaign, _other: Campaign) -> Made:
    return round_of(huantai, {one: [5] * 20 for one in huantai.communities})


@pytest.mark.slow
@pytest.mark.parametrize(
    ("make", "most"),
    [
        (from_samples, 8),
        (of_120, 20),
        (of_120_that_failed, 20),
        (without_returns, 8),
        (of_full_scores, 8),
    ],
    ids=lambda one: getattr(one, "__name__", None),
)
def test_it_is_few_pages(office: Office, tmp_path: Path, huantai: Campaign, make: Make, most: int) -> None:
    """No number is clipped, every sheet is printed, and the first one is one page."""
    result, tables = make(huantai, huantai)
    pages = printed_pages(office, consolidate(result, tables, DAY), tmp_path)
    names = sheet_names(result.campaign)
    found = pages_by_sheet(pages, [name for name in names if name != OVERVIEW])
    assert len(pages) <= most
    assert not [page for page in pages if "###" in page]
    assert found[""] == 1
    assert all(found[name] for name in names if name != OVERVIEW)
    assert found["指标分析"] == 1


@pytest.mark.parametrize(
    "make", [from_samples, of_120, without_returns], ids=lambda one: getattr(one, "__name__", None)
)
def test_no_type_is_too_small_to_read(huantai: Campaign, make: Make) -> None:
    """A font's size times the scale at which its sheet is as wide as the paper."""
    found = smallest_type(consolidate(*make(huantai, huantai), DAY))
    assert {sheet: size for sheet, size in found.items() if size < LEAST} == {}
