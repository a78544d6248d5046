"""A result is printed for people."""

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from greenxl.campaign.model import Campaign
from greenxl.cli.results import print_result
from greenxl.report.book import consolidate
from tests.cli.conftest import Run
from tests.conftest import SAMPLES
from tests.tools.programmes import FULL, Typed, mixed
from tests.tools.rounds import round_of


def test_the_table_of_towns_is_plain_text(run: Run) -> None:
    """Also on a terminal: the old console of Windows would print the codes of bold headings."""
    shown = run("check", SAMPLES / "returned", FORCE_COLOR="1", COLUMNS="120").stdout
    assert "Town      listed" in shown
    assert "\x1b" not in shown


def test_denominators_of_two_kinds_are_named(huantai: Campaign, capsys: pytest.CaptureFixture[str]) -> None:
    """Where only some towns state how many urban communities they have."""
    first, *rest = huantai.towns
    campaign = replace(huantai, towns=(replace(first, urban_total=20), *rest))
    result, tables = round_of(campaign, {c: [5] * 20 for c in campaign.communities[:7]})
    print_result(result, tables, as_of=date(2021, 10, 9), notes=False)
    assert capsys.readouterr().out.splitlines()[1] == (
        "Pass rate 7 of 21 = 33.3% (on the 21 communities of the roster); target 30 %: met. Without urban "
        "total: 果里镇、索镇; every other town has its own denominator, so they need not add up to the "
        "county’s."
    )


@pytest.mark.parametrize(
    ("passed", "day", "words"),
    [
        (
            0,
            date(2021, 9, 30),
            "Nothing that counts has been returned yet; the deadline, 2021-09-30, has not passed.",
        ),
        (
            0,
            date(2021, 10, 1),
            "Nothing that counts has been returned yet; the deadline, 2021-09-30, has passed.",
        ),
        (
            6,
            date(2021, 9, 30),
            "So far (the deadline, 2021-09-30, has not passed): Pass rate 6 of 21 = 28.6% "
            "(on the 21 communities of the roster); the target of 30 % needs 7.",
        ),
        (
            6,
            date(2021, 10, 1),
            "Pass rate 6 of 21 = 28.6% (on the 21 communities of the roster); target 30 %: not met.",
        ),
    ],
    ids=["nothing, open", "nothing, late", "some, open", "some, late"],
)
def test_a_round_is_judged_when_it_is_over(
    huantai: Campaign, capsys: pytest.CaptureFixture[str], passed: int, day: date, words: str
) -> None:
    """Before the deadline, and where nothing came, no target is missed."""
    result, tables = round_of(huantai, {c: [5] * 20 for c in huantai.communities[:passed]})
    print_result(result, tables, as_of=day, notes=False)
    assert capsys.readouterr().out.splitlines()[1] == words


@pytest.mark.parametrize("as_json", [False, True], ids=["console", "json"])
def test_merge_reports_what_changed(run: Run, tmp_path: Path, huantai: Campaign, as_json: bool) -> None:
    """One line after the rates, or the key “changes” with every community."""
    [returned] = SAMPLES.glob("returned/果里镇*")
    [one] = huantai.communities_of("果里镇")
    old = tmp_path / "old.xlsx"
    old.write_bytes(consolidate(*round_of(huantai, {one: [1] * 20}), date(2021, 9, 1)))
    words = ["merge", returned, "-o", tmp_path / "new.xlsx", "--previous", old]
    done = run(*words, "--json") if as_json else run(*words)
    assert done.returncode == 0, done.stderr
    if not as_json:
        line = "Since the earlier workbook: 0 newly returned, 1 newly passed, 0 no longer passed."
        assert done.stdout.splitlines()[3] == line
        return
    changes = json.loads(done.stdout)["changes"]
    moved = [c for c in changes.pop("communities") if c["status_then"] != "missing"]
    assert changes == {"newly_returned": 0, "newly_passed": 1, "fallen": 0}
    assert [(c["community"], c["total_then"], c["difference"]) for c in moved] == [("鸿嘉社区", 20, 65)]


def test_what_only_another_level_scored_is_named_so(
    huantai: Campaign, capsys: pytest.CaptureFixture[str]
) -> None:
    """Beside the units that are incomplete otherwise."""
    campaign = mixed(huantai)
    one, two, *_rest = campaign.communities
    blank: list[Typed] = [None] * 7
    given = {one: blank, two: [*FULL[:6], None]}
    result, tables = round_of(campaign, given, {one: {"自评分": FULL, "县核定分": blank}})
    print_result(result, tables, as_of=date(2021, 10, 9), notes=False)
    assert f"incomplete: {one.town} {one.name}（待核定）、{two.name}\n" in capsys.readouterr().out
