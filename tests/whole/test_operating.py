"""The page for the one who installs greenxl: its crontab line, completion and limits are tried and true."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from greenxl.mail.journal import COLLECTED_LOG, DRAFT_LOG, SEND_LOG
from greenxl.returns import pool
from greenxl.returns.intake import listing
from greenxl.rounds.folder import reports
from greenxl.workbooks import cells, opening, safe_zip
from tests.conftest import SAMPLES
from tests.tools import commands

DOCS = SAMPLES.parent / "docs"
PAGES = [DOCS / "operating.md", DOCS / "operating.zh-CN.md"]

pytestmark = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)


def block(page: Path, language: str) -> str:
    """Return the only block of a language on a page."""
    [found] = re.findall(rf"```{language}\n(.*?)\n```", page.read_text("utf-8"), re.DOTALL)
    return str(found)


def shell(text: str, home: Path) -> subprocess.CompletedProcess[str]:
    """Run a line as cron does: by sh, with next to nothing in the environment."""
    environment = {"HOME": str(home), "PATH": "/usr/bin:/bin", "SHELL": "/bin/sh"}
    command = ["/bin/sh", "-c", text]
    return subprocess.run(
        command, cwd=home, env=environment, capture_output=True, encoding="utf-8", timeout=60
    )


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Return a home with the environment and the round of the page."""
    if os.name == "nt" or not shutil.which("flock"):
        pytest.skip("sh and flock are not here")
    commands.run(tmp_path, "init", "round", "--from", SAMPLES / "campaign.xlsx")
    for file in (SAMPLES / "returned").iterdir():
        shutil.copy(file, tmp_path / "round" / "returned")
    program = tmp_path / "greenxl" / "bin" / "greenxl"
    program.parent.mkdir(parents=True)
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m greenxl "$@"\n')
    program.chmod(0o755)
    return tmp_path


def test_the_crontab_line_makes_the_report_and_is_quiet(page: Path, home: Path) -> None:
    """Findings are in the log, the workbook in report, and cron has nothing to mail."""
    line = block(page, "crontab").split(" ", 5)[5]
    done = shell(line, home)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    [report] = reports(home / "round" / "report")
    assert report.name in (home / "round" / "greenxl.log").read_text("utf-8")


def test_the_crontab_line_says_what_failed(page: Path, home: Path) -> None:
    """A campaign that cannot be used is one line for cron to mail; what was wrong is in the log."""
    (home / "round" / "campaign.xlsx").write_bytes(b"no workbook")
    done = shell(block(page, "crontab").split(" ", 5)[5], home)
    assert done.stdout == "greenxl failed: see round/greenxl.log\n"
    assert "campaign.xlsx" in (home / "round" / "greenxl.log").read_text("utf-8")


def test_completion_in_bash_offers_commands_and_options(page: Path, home: Path) -> None:
    """The line of the page defines a completion, and it completes."""
    bash = shutil.which("bash")
    if not bash:
        pytest.skip("bash is not here")
    script = (
        f'PATH="{home}/greenxl/bin:$PATH"\n{block(page, "bash")}\n'
        "COMP_WORDS=(greenxl merge --pre); COMP_CWORD=2; _greenxl_completion greenxl --pre merge\n"
        'complete -p greenxl; echo "${COMPREPLY[@]}"\n'
    )
    done = subprocess.run([bash, "-c", script], capture_output=True, encoding="utf-8", timeout=60)
    assert done.stdout.splitlines()[-1] == "--previous", done.stderr
    assert done.stdout.startswith("complete ")


def test_the_limits_are_those_of_the_code(page: Path) -> None:
    """Each number of the page as the code has it."""
    text = page.read_text("utf-8").replace(",", "").replace("500 万", "5000000")
    numbers = set(map(int, re.findall(r"\d+", text)))
    assert {
        opening.MOST_BYTES // 1024**2,
        safe_zip.MOST_MEMBERS,
        safe_zip.MOST_INFLATED // 1024**2,
        safe_zip.MOST_INFLATION,
        cells.MOST_CELLS,
        listing.MOST_FILES,
        listing.MOST_BYTES_OF_RUN // 1024**3,
        int(pool._SECONDS),
        pool._MEMORY // 1024**3,
        pool._MOST_WORKERS,
    } <= numbers


def test_the_journals_and_variables_are_named(page: Path) -> None:
    """Every journal that is kept, and every variable that the code asks for."""
    text = page.read_text("utf-8")
    code = "".join(path.read_text("utf-8") for path in (SAMPLES.parent / "greenxl").rglob("*.py"))
    variables = set(re.findall(r"\"(GREENXL_[A-Z_]+[A-Z])\"", code)) | {"SSL_CERT_FILE", "PYTHONUTF8"}
    assert {word for word in {SEND_LOG, COLLECTED_LOG, DRAFT_LOG, *variables} if word not in text} == set()


def test_no_registry_and_no_path_of_a_machine_is_named(page: Path) -> None:
    """Addresses are examples only, and folders are below the home or the round."""
    text = page.read_text("utf-8")
    hosts = re.findall(r"https?://([\w.]+)", text)
    assert all(host.endswith("example.cn") for host in hosts)
    assert not re.search(r"(?<![\w.~\"$}])/(?:home|root|work|tmp|opt|usr|srv|var)/", text)
