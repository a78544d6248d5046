"""What was typed becomes campaign, returns and dates."""

from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from greenxl.campaign.model import Campaign
from greenxl.cli.inputs import chosen_date, town_named
from greenxl.errors import WrongUseError
from tests.cli.conftest import Run
from tests.conftest import SAMPLES


def test_the_first_line_says_which_campaign_is_used(run: Run, round_: Path) -> None:
    """Outside a round the shipped campaign is used, and said."""
    outside = run("check", SAMPLES / "returned").stdout.splitlines()[0]
    assert outside == "Campaign: huantai-2021 桓台县绿色社区创建标准（试行） (the shipped one)"
    assert run("check", cwd=round_).stdout.splitlines()[0].endswith("(campaign.xlsx)")


def test_an_unusable_campaign_tells_every_fault(run: Run, tmp_path: Path) -> None:
    """All faults at once, exit code 2."""
    (tmp_path / "c").mkdir()
    (tmp_path / "c" / "targets.csv").write_text("year,percent\n2021,3000\n")
    done = run("template", "-c", "c")
    assert done.returncode == 2
    assert (
        "targets.csv, row 2: the target is “3000” percent. Give a whole number from 1 to 100." in done.stderr
    )
    assert done.stderr.count("the table is missing") == 4


def test_a_date_that_was_typed_is_the_commands_date() -> None:
    """--as-of decides; without it the day is today's."""
    assert chosen_date(datetime(2021, 9, 30)) == date(2021, 9, 30)
    assert abs(chosen_date(None) - date.today()) <= timedelta(days=1)  # midnight may pass


def test_a_town_is_found_by_any_of_its_names(huantai: Campaign) -> None:
    """An alias gives the campaign's own spelling; an unknown name tells those that there are."""
    assert town_named(huantai, "索  镇") == "索镇"
    with pytest.raises(WrongUseError, match="Its towns are: 城区街道、果里镇、索镇"):
        town_named(huantai, "唐山镇")
