"""init, template and demo as people run them."""

from pathlib import Path

from tests.cli.conftest import Run


def test_another_year_gets_its_own_campaign(run: Run, tmp_path: Path) -> None:
    """``init --year 2022`` asks for 60 % and another form."""
    assert run("init", "r", "--year", "2022").returncode == 0
    assert run("check", cwd=tmp_path / "r").stdout.startswith("Campaign: huantai-2022")
    assert "target 60 %" in run("check", cwd=tmp_path / "r").stdout


def test_one_blank_per_community(run: Run, tmp_path: Path) -> None:
    """``--per community`` writes one workbook for each."""
    assert run("template", "--per", "community", "--town", "索镇街道", "-o", "out").returncode == 0
    assert len(list((tmp_path / "out").iterdir())) == 6
