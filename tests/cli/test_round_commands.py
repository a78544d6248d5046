"""init, template and demo as people run them."""

import json
import shutil
from pathlib import Path

import openpyxl
import pytest
from openpyxl.workbook import Workbook

from greenxl.campaign import templates
from greenxl.campaign.checks import load
from greenxl.report.readback import read_back
from tests.cli.conftest import Run
from tests.tools.campaigns import state, typed
from tests.tools.office import Office


def test_another_year_gets_its_own_campaign(run: Run, tmp_path: Path) -> None:
    """``init --year 2022`` asks for 60 % and another form."""
    assert run("init", "r", "--year", "2022").returncode == 0
    assert run("check", cwd=tmp_path / "r").stdout.startswith("Campaign: huantai-2022")
    county = json.loads(run("check", "--json", cwd=tmp_path / "r").stdout)["county"]
    assert county["target_percent"] == 60


def test_a_round_that_was_begun_is_kept(run: Run, round_: Path) -> None:
    """A second init changes nothing, and names the command that begins next year's round: it works."""
    before = (round_ / "campaign.xlsx").read_bytes()
    again = run("init", cwd=round_)
    command = "greenxl init ../桓台县2022 --from . --year 2022"
    assert (again.returncode, again.stderr) == (
        2,
        "Error: campaign.xlsx: the round of 2021 was begun already, and its campaign stays as it is. "
        f"To begin the next one: {command}\n",
    )
    assert (round_ / "campaign.xlsx").read_bytes() == before
    assert run(*command.split()[1:], cwd=round_).returncode == 0
    assert load(round_.parent / "桓台县2022").year == 2022
    assert "--year 2027" in run("init", "--year", "2027", cwd=round_).stderr


def test_with_force_the_old_campaign_stays_beside_the_new_one(run: Run, round_: Path) -> None:
    """Each that differs keeps its bytes under a dated name; the round still has one campaign."""
    campaign = round_ / "campaign.xlsx"
    for data in (b"first", b"second", b"second"):
        campaign.write_bytes(data)
        assert run("init", "--force", cwd=round_).returncode == 0
    kept = sorted(path.read_bytes() for path in round_.glob("*-campaign*.xlsx"))
    assert kept == [b"first", b"second"]
    assert run("check", cwd=round_).returncode == 0


def test_a_campaign_of_another_name_is_in_the_way(run: Run, tmp_path: Path) -> None:
    """No second campaign comes beside one that a clerk has saved otherwise."""
    (tmp_path / "campaign.xls").write_bytes(b"typed")
    for words in (["init"], ["init", "--force"]):
        done = run(*words)
        assert (done.returncode, "only campaign.xls" in done.stderr) == (2, True)
    assert [path.name for path in tmp_path.iterdir()] == ["campaign.xls"]


def test_no_round_begins_among_the_returns(run: Run, round_: Path) -> None:
    """A campaign in ``returned`` would be read as a return."""
    done = run("init", cwd=round_ / "returned")
    assert (done.returncode, "this is inside the round" in done.stderr) == (2, True)


def test_no_round_begins_inside_another(run: Run, round_: Path) -> None:
    """Commands would find now the one, now the other; beside it there is room."""
    done = run("init", "2022", cwd=round_)
    assert (done.returncode, "Begin a round in a folder outside of it" in done.stderr) == (2, True)
    assert run("init", "../2022", cwd=round_).returncode == 0
    (round_.parent / "campaign notes.pdf").write_bytes(b"")
    assert run("init", "../2023", cwd=round_).returncode == 0


def test_an_empty_campaign_says_what_is_to_be_replaced(run: Run, tmp_path: Path) -> None:
    """Its blanks can be made at once, and the examples are named as such."""
    begun = run("init", "高青县", "--empty", "--year", "2026")
    assert "replace the examples" in begun.stdout
    made = run("template", cwd=tmp_path / "高青县")
    assert (made.returncode, "examples are still in these tables" in made.stderr) == (0, True)


def test_next_year_s_round_keeps_the_clerk_s_own_workbook(run: Run, round_: Path) -> None:
    """``--from .`` copies formats, notes and sheets; what was changed and what to look at is printed."""

    def change(book: Workbook) -> None:
        book.create_sheet("备忘")["A1"] = "下周催报"
        state(book, 报送方式="2021年请发到 QQ 邮箱")

    typed(round_ / "campaign.xlsx", change)
    done = run("init", "../next", "--from", ".", "--year", "2022", cwd=round_)
    assert done.returncode == 0
    assert "the year 2021 is also written in: 设置!B11." in done.stderr
    book = openpyxl.load_workbook(round_.parent / "next" / "campaign.xlsx")
    assert book["备忘"]["A1"].value == "下周催报"
    assert load(round_.parent / "next").year == 2022


def test_an_empty_campaign_is_of_examples(run: Run, tmp_path: Path) -> None:
    """Its blanks can be looked at; ``template`` tells that the examples are still there."""
    assert run("init", "r", "--empty", "--year", "2027").returncode == 0
    done = run("template", cwd=tmp_path / "r")
    assert done.returncode == 0
    assert "examples are still in these tables" in done.stderr
    assert "示例镇-评分表-2027.xlsx" in done.stdout
    assert run("init", "s", "--empty", "--from", "r").returncode == 2


@pytest.mark.parametrize("name", templates())
def test_a_round_begins_with_the_form_of_another_programme(run: Run, tmp_path: Path, name: str) -> None:
    """Of the year asked for; its blanks can be made at once, and what is to be replaced is named."""
    begun = run("init", "r", "--template", name, "--year", "2031")
    assert (begun.returncode, "replace the examples" in begun.stdout) == (0, True)
    assert load(tmp_path / "r").year == 2031
    made = run("template", cwd=tmp_path / "r")
    assert (made.returncode, "examples are still in these tables" in made.stderr) == (0, True)
    assert made.stdout.count("Wrote blank/") == len(load(tmp_path / "r").towns)


def test_a_template_is_one_of_those_listed(run: Run) -> None:
    """Any other name lists them, as the help does; two beginnings at once are refused."""
    wrong = run("init", "r", "--template", "tree-chief")
    assert (wrong.returncode, ", ".join(templates()) in wrong.stderr) == (2, True)
    help_text = " ".join(run("init", "--help").stdout.split())
    assert ", ".join(templates()) in help_text
    both = run("init", "r", "--template", "river-chief", "--empty")
    assert both.returncode == 2
    assert "--empty and --template cannot both be meant." in both.stderr


def test_one_blank_per_community(run: Run, tmp_path: Path) -> None:
    """``--per community`` writes one workbook for each."""
    assert run("template", "--per", "community", "--town", "索镇街道", "-o", "out").returncode == 0
    assert len(list((tmp_path / "out").iterdir())) == 6


def test_blanks_again_are_unchanged(run: Run, round_: Path) -> None:
    """A second run writes nothing and says so."""
    run("template", cwd=round_)
    before = {path: path.stat().st_mtime_ns for path in (round_ / "blank").iterdir()}
    again = run("template", cwd=round_)
    assert again.returncode == 0
    assert again.stdout.count("Unchanged: blank/") == 3
    assert "Wrote" not in again.stdout
    assert {path: path.stat().st_mtime_ns for path in (round_ / "blank").iterdir()} == before


def test_a_blank_that_somebody_typed_in_is_kept(run: Run, round_: Path, office: Office) -> None:
    """The right blank goes beside it, once, and both are named."""
    run("template", "--town", "索镇", cwd=round_)
    [blank] = (round_ / "blank").iterdir()
    fresh = blank.read_bytes()
    office.recalculate(blank, blank)
    typed = blank.read_bytes()
    for word in ("Wrote", "Unchanged:"):
        done = run("template", "--town", "索镇", cwd=round_)
        beside = blank.with_stem(f"{blank.stem}（2）")
        assert (done.returncode, f"{word} blank/{beside.name}" in done.stdout) == (0, True)
        assert f"blank/{blank.name}: this file differs from the blank of the campaign" in done.stderr
        assert (blank.read_bytes(), beside.read_bytes()) == (typed, fresh)


def test_a_demonstration_has_the_clock_of_its_samples(run: Run, tmp_path: Path) -> None:
    """Nobody is years late, in what is printed, the workbook and the mails; a day may be named."""
    done = run("demo")
    assert "run “greenxl merge --as-of 2021-10-08” in greenxl-demo." in done.stdout
    [report] = (tmp_path / "greenxl-demo" / "report").glob("*-2021-10-08.xlsx")
    stated = read_back(load(tmp_path / "greenxl-demo"), report.name, report.read_bytes())
    assert "（截至2021年10月8日，已逾期8天）" in stated.deadline
    [text] = (tmp_path / "greenxl-demo" / "drafts").glob("上报-*领导.txt")
    assert "截至2021年10月8日，" in text.read_text("utf-8-sig")
    run("demo", "other", "--as-of", "2021-09-30")
    assert list((tmp_path / "other" / "report").glob("*-2021-09-30.xlsx"))


def test_a_demonstration_costs_nothing_that_was_typed(run: Run, tmp_path: Path) -> None:
    """It takes a free folder; a named one is refused, or with --force kept under a dated name."""
    for name in ("greenxl-demo", "greenxl-demo（2）"):
        assert f"A round was begun in {name}," in run("demo").stdout
    (tmp_path / "greenxl-demo" / "typed").write_text("mine")
    refused = run("demo", "greenxl-demo")
    assert (refused.returncode, "there is something already" in refused.stderr) == (2, True)
    assert run("demo", "greenxl-demo", "--force").returncode == 0
    [kept] = tmp_path.glob("greenxl-demo-*/typed")
    assert kept.read_text() == "mine"
    assert run("demo", ".", "--force", cwd=tmp_path / "greenxl-demo").returncode == 2
    shutil.rmtree(tmp_path / "greenxl-demo")
