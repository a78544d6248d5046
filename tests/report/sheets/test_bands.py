"""The distribution of totals: tenths of the full score around the pass mark."""

from dataclasses import replace
from decimal import Decimal

import pytest

from greenxl.campaign.model import Campaign
from greenxl.report.sheets.bands import bands, in_bands
from tests.tools.programmes import mixed


@pytest.mark.parametrize(
    ("mark", "full", "words"),
    [
        ("80", "100", ["0–59.99", "60–69.99", "70–79.99", "80–89.99", "90–100"]),
        ("70", "110", ["0–47.99", "48–58.99", "59–69.99", "70–80.99", "81–91.99", "92–102.99", "103–110"]),
        ("100", "100", ["0–79.99", "80–89.99", "90–99.99", "100–100"]),
        ("5", "100", ["0–4.99", "5–14.99"]),
    ],
)
def test_bands_break_at_the_pass_mark(huantai: Campaign, mark: str, full: str, words: list[str]) -> None:
    """And the last one takes in the full score."""
    campaign = replace(huantai, pass_score=Decimal(mark))
    campaign.__dict__["max_score"] = Decimal(full)
    assert [band.words for band in bands(campaign)][: len(words)] == words


def test_every_total_is_in_one_band(huantai: Campaign) -> None:
    """Bounds belong to the upper band, a hundredth less to the lower one."""
    totals = [Decimal(total) for total in ("0", "59.99", "60", "79.99", "80", "100")]
    assert in_bands(huantai, totals) == [2, 1, 1, 1, 1]


@pytest.mark.parametrize(
    ("mark", "full", "words"),
    [
        ("58.8", "73.5", ["0–29.99", "30–39.99", "40–49.99", "50–58.79", "58.8–69.99", "70–73.5"]),
        ("45", "73.5", ["0–19.99", "20–29.99", "30–44.99", "45–59.99", "60–69.99", "70–73.5"]),
        ("137.6", "172", ["0–79.99", "80–99.99", "100–119.99", "120–137.59", "137.6–159.99", "160–172"]),
        ("2.5", "4", ["0–0.99", "1–2.49", "2.5–4"]),
    ],
    ids=["decimals", "decimal-full-score", "172", "few-points"],
)
def test_bands_of_odd_scores_end_at_round_numbers(
    huantai: Campaign, mark: str, full: str, words: list[str]
) -> None:
    """But for the pass mark, which stands for itself, and has no round number close by."""
    campaign = replace(huantai, pass_score=Decimal(mark))
    campaign.__dict__["max_score"] = Decimal(full)
    assert [band.words for band in bands(campaign)] == words


def test_totals_above_the_full_score_have_a_band(huantai: Campaign) -> None:
    """Where there is a bonus; the full score itself is not above."""
    campaign = mixed(huantai)
    assert [band.words for band in bands(campaign)][-2:] == ["90–100", "超过100"]
    assert in_bands(campaign, [Decimal(100), Decimal("100.01"), Decimal(103)])[-2:] == [1, 2]
