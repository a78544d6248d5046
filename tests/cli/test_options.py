"""The options that several commands share, as they come to the work."""

import json
from collections.abc import Iterator
from pathlib import Path

import fsspec
import pytest

from greenxl.campaign.model import Campaign
from greenxl.cli.options import ReadingOptions, reads_at_once
from greenxl.returns import starting
from greenxl.rounds.sendings import LetterKind
from tests.cli.conftest import Run
from tests.conftest import SAMPLES
from tests.tools.spoil import good

READING = ["check", "merge", "report", "status"]


@pytest.fixture
def memory() -> Iterator[fsspec.AbstractFileSystem]:
    """What is below memory://."""
    system = fsspec.filesystem("memory")
    system.store.clear()
    yield system
    system.store.clear()


def test_returns_may_be_at_an_address_and_no_copy_is_left(
    memory: fsspec.AbstractFileSystem,
    run: Run,
    huantai: Campaign,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Beside paths of this computer; the copies are gone when the command ends."""
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(temporary))
    memory.pipe_file("/r/a.xlsx", good(huantai, "果里镇"))
    (tmp_path / "b.xlsx").write_bytes(good(huantai, "索镇"))
    done = run("check", "memory://r", "b.xlsx", "--json")
    files = {one["file"]: one["outcome"] for one in json.loads(done.stdout)["files"]}
    assert files == {"memory://r/a.xlsx": "read", "b.xlsx": "read"}
    assert run("check", "memory://none").returncode == 2
    assert list(temporary.iterdir()) == []


@pytest.mark.parametrize("command", READING)
def test_a_result_is_the_same_with_one_process_or_three(run: Run, round_: Path, command: str) -> None:
    """Every command that reads returns takes the number."""
    (round_ / "returned" / "a.xls").write_bytes(
        (SAMPLES / "returned" / "果里镇-评分表-2021.xls").read_bytes()
    )
    one, three = (
        run(
            command,
            "--workers",
            number,
            "--json",
            *(["--as-of", "2021-09-30"] * (command in "merge report")),
            cwd=round_,
        )
        for number in (1, 3)
    )
    assert one.returncode in (0, 1)
    for key in ("files", "communities", "towns"):
        assert json.loads(one.stdout).get(key) == json.loads(three.stdout).get(key)


@pytest.mark.parametrize("number", ["0", "-1", "many", "1000", "1.5"])
def test_a_number_of_processes_is_checked(run: Run, number: str) -> None:
    """One sentence says what is possible."""
    done = run("check", SAMPLES / "returned", f"--workers={number}")
    assert done.returncode == 2
    assert f"--workers: “{number}” is not a number of processes. Give one from 1 to 999." in done.stderr


@pytest.mark.parametrize("command", [*READING, f"send {LetterKind.REMINDERS.value}"])
def test_an_address_that_is_none_of_a_cluster_is_wrong_use(run: Run, round_: Path, command: str) -> None:
    """Before anything is read, and with the way to write one."""
    done = run(*command.split(), "--cluster", "10.0.0.5", cwd=round_)
    assert done.returncode == 2
    assert "“10.0.0.5” is no address of a cluster. Write it like tcp://10.0.0.5:8786." in done.stderr


@pytest.mark.parametrize(("cluster", "started"), [(None, 1), ("tcp://127.0.0.1:8786", 0)])
def test_a_worker_starts_while_a_command_prepares(cluster: str | None, started: int) -> None:
    """None where others read; none is left when the command ends without having read."""
    seen: list[int] = []

    @reads_at_once
    def command(*, reading: ReadingOptions) -> None:
        seen.append(len(starting._ahead))
        assert reading.cluster == cluster

    command(reading=ReadingOptions(latest=False, exclude=(), workers=None, cluster=cluster))
    assert seen == [started]
    assert not starting._ahead
