"""No file can stop, slow or falsify the others: each is read in a process that may hang, swell or die."""

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

from greenxl.campaign.model import Campaign
from greenxl.errors import GreenxlError
from greenxl.returns import pool
from greenxl.returns.intake import Source, take_in
from greenxl.returns.reader import Reading, read
from greenxl.rounds.evaluate import merge
from tests.tools.spoil import SPOILED, far, good, packed

SMALL = 160 * 1024**2
"""Memory enough for any honest return, too little for the swelling one."""


def swelling(campaign: Campaign) -> bytes:
    """A return within every limit, whose values lie so far apart that calamine asks for 150 MiB at once."""
    return far("AKR5000")(good(campaign))


def sources(folder: Path, files: dict[str, bytes]) -> list[Source]:
    for name, data in files.items():
        (folder / name).write_bytes(data)
    return [Source(name, folder / name) for name in sorted(files)]


def outcomes(readings: list[Reading]) -> list[tuple[str, str]]:
    return [(r.entry.file, r.entry.reason.code if r.entry.reason else r.entry.outcome) for r in readings]


@pytest.fixture
def pipe(tmp_path: Path) -> Source:
    """A file that whoever opens it waits for in vain."""
    if not hasattr(os, "mkfifo"):
        pytest.skip("this system has no pipes in folders")
    path = tmp_path / "5-hanging.xlsx"
    os.mkfifo(path)
    return Source(path.name, path)


def test_readings_are_those_of_the_own_process_in_order(huantai: Campaign, tmp_path: Path) -> None:
    """What workers read is what the reader reads, file by file, in the order that was asked for."""
    files = {f"{n:02}.xlsx": good(huantai, town) for n, town in enumerate(["果里镇", "索镇"] * 20)}
    asked = sources(tmp_path, files)
    assert list(pool.read_all(asked, huantai)) == [read(source, huantai) for source in asked]
    backwards = asked[::-1]
    assert [r.entry.file for r in pool.read_all(backwards, huantai)] == [s.name for s in backwards]


def test_nothing_to_read_starts_no_process(huantai: Campaign, monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty folder costs no process."""
    monkeypatch.setattr(sys, "executable", "/no/such/python")
    assert list(pool.read_all([], huantai)) == []


def test_a_file_that_swallows_memory_is_named_and_the_others_are_read(
    huantai: Campaign, tmp_path: Path
) -> None:
    """It alone is rejected, and those that its worker still had to read are read by the next."""
    files = {f"{n}.xlsx": good(huantai) for n in range(12)} | {"5-swelling.xlsx": swelling(huantai)}
    readings = list(pool.read_all(sources(tmp_path, files), huantai, memory=SMALL, workers=2))
    told = dict(outcomes(readings))
    assert told.pop("5-swelling.xlsx") == "file-crashed"
    assert set(told.values()) == {"read"}
    assert len(told) == 12


def test_the_refusal_of_a_file_that_broke_its_reader_says_what_to_do(
    huantai: Campaign, tmp_path: Path
) -> None:
    """The message names the limit, comforts about the others and shows a way out."""
    (reading,) = pool.read_all(sources(tmp_path, {"a.xlsx": swelling(huantai)}), huantai, memory=SMALL)
    assert reading.entry.reason
    assert reading.entry.reason.message("en") == (
        "The file broke the program that read it, or took more than 160 MiB of memory; the others were read. "
        "Open it in Excel or WPS, copy the scores into this round’s blank workbook and return that."
    )
    assert reading.entry.bytes == len(swelling(huantai))
    assert reading.entry.sha256


def test_the_same_file_is_read_with_the_memory_it_needs(huantai: Campaign, tmp_path: Path) -> None:
    """It is the memory that decides above, nothing else about the file."""
    (reading,) = pool.read_all(sources(tmp_path, {"a.xlsx": swelling(huantai)}), huantai)
    assert (reading.entry.outcome, [f.code for f in reading.findings]) == ("read", ["stray-value"])


def test_a_file_that_hangs_is_given_up(huantai: Campaign, tmp_path: Path, pipe: Source) -> None:
    """It is rejected after its time; before and behind it everything is read."""
    asked = sorted(
        [*sources(tmp_path, {f"{n}.xlsx": good(huantai) for n in range(10)}), pipe], key=lambda s: s.name
    )
    readings = list(pool.read_all(asked, huantai, seconds=1, workers=2))
    told = outcomes(readings)
    assert [name for name, _code in told] == [source.name for source in asked]
    assert Counter(code for _name, code in told) == {"read": 10, "file-timeout": 1}
    (hanging,) = (r.entry for r in readings if r.entry.file == pipe.name)
    assert hanging.reason
    assert hanging.reason.message("en").startswith(
        "Reading the file was given up after 1 seconds; the others"
    )


def test_a_killed_worker_costs_no_file(huantai: Campaign, tmp_path: Path) -> None:
    """Where something else ends a worker (the system, out of memory), its files are read by another."""
    asked = sources(tmp_path, {f"{n:03}.xlsx": good(huantai, "索镇") for n in range(60)})
    readings = pool.read_all(asked, huantai, workers=2)
    told = [next(readings)]
    for process in children():
        os.kill(process, 9)
    told += readings
    assert outcomes(told) == [(source.name, "read") for source in asked]


def test_an_interrupted_round_ends_at_once(tmp_path: Path, pipe: Source) -> None:
    """Ctrl-C while a file hangs: the program ends, and so do its pool."""
    script = tmp_path / "script.py"
    script.write_text(
        "from pathlib import Path\n"
        "from greenxl.campaign.checks import load\n"
        "from greenxl.campaign.tables import shipped\n"
        "from greenxl.returns.intake import Source\n"
        "from greenxl.returns.pool import read_all\n"
        "print('reading', flush=True)\n"
        f"list(read_all([Source('a', Path({str(pipe.path)!r}))], load(shipped())))\n"
    )
    with subprocess.Popen(
        [sys.executable, script], stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True
    ) as process:
        assert process.stdout
        assert process.stdout.readline() == b"reading\n"
        time.sleep(0.5)
        os.killpg(process.pid, signal.SIGINT)
        _out, err = process.communicate(timeout=20)
    assert err.decode().rstrip().endswith("KeyboardInterrupt")
    assert not alive(process.pid)


def alive(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


def test_a_worker_whose_parent_is_gone_ends_by_itself(
    tmp_path: Path, pipe: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Even one that hangs: nothing is left running when the command was killed."""
    script = tmp_path / "script.py"
    script.write_text(
        "import os, signal, threading\n"
        "from pathlib import Path\n"
        "from greenxl.campaign.checks import load\n"
        "from greenxl.campaign.tables import shipped\n"
        "from greenxl.returns.intake import Source\n"
        "from greenxl.returns.pool import read_all\n"
        "threading.Timer(1, os.kill, (os.getpid(), signal.SIGKILL)).start()\n"
        f"list(read_all([Source('a', Path({str(pipe.path)!r}))], load(shipped()), seconds=3))\n"
    )
    with subprocess.Popen([sys.executable, script], start_new_session=True) as process:
        assert process.wait(timeout=20) == -signal.SIGKILL
    for _tenth in range(100):
        if not alive(process.pid):
            return
        time.sleep(0.1)
    pytest.fail("the worker is still there")


def children() -> list[int]:
    if not Path("/proc").is_dir():
        pytest.skip("this system does not tell a process's children")
    tasks = Path("/proc/self/task").glob("*/children")
    return [int(number) for task in tasks for number in task.read_text().split()]


def test_no_worker_outlives_its_round(huantai: Campaign, tmp_path: Path) -> None:
    """Done or left in the middle, the processes are gone and their pipes closed."""
    before = set(children())
    asked = sources(tmp_path, {f"{n}.xlsx": good(huantai) for n in range(30)})
    half = pool.read_all(asked, huantai)
    next(half)
    assert set(children()) > before
    half.close()  # type: ignore[attr-defined]
    list(pool.read_all(asked, huantai))
    assert set(children()) == before


def test_a_python_that_cannot_start_is_one_plain_error(
    huantai: Campaign, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No file is blamed for a system that starts no process."""
    asked = sources(tmp_path, {"a.xlsx": good(huantai)})
    monkeypatch.setattr(sys, "executable", "/no/such/python")
    with pytest.raises(GreenxlError, match="No process could be started to read the returns"):
        list(pool.read_all(asked, huantai))
    monkeypatch.setattr(sys, "executable", "/bin/true")
    with pytest.raises(GreenxlError, match="it did not start"):
        list(pool.read_all(asked, huantai))


def test_a_program_without_a_main_guard_may_merge(huantai: Campaign, tmp_path: Path) -> None:
    """greenxl is a library too: workers do not run the caller's program again."""
    sources(tmp_path, {"a.xlsx": good(huantai)})
    script = tmp_path / "script.py"
    script.write_text(
        "from pathlib import Path\n"
        "from greenxl.campaign.checks import load\n"
        "from greenxl.campaign.tables import shipped\n"
        "from greenxl.rounds.evaluate import merge\n"
        "print('once')\n"
        "for entry in merge(load(shipped()), [Path('a.xlsx')]).entries:\n"
        "    print(entry.file, entry.outcome)\n"
    )
    done = subprocess.run(
        [sys.executable, "-W", "error", script], cwd=tmp_path, capture_output=True, text=True, timeout=60
    )
    assert (done.stdout.splitlines(), done.stderr) == (["once", "a.xlsx read"], "")


def test_a_program_in_the_folder_of_returns_is_not_run(
    huantai: Campaign, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file called zipfile.py that came with the returns is no module of ours."""
    asked = sources(tmp_path, {"a.xlsx": good(huantai)})
    (tmp_path / "zipfile.py").write_text("open('ran', 'w')")
    monkeypatch.chdir(tmp_path)
    (reading,) = pool.read_all(asked, huantai)
    assert reading.entry.outcome == "read"
    assert not (tmp_path / "ran").exists()


def test_workers_load_neither_pandas_nor_the_command_line() -> None:
    """A worker starts at once because it imports only what reads."""
    code = "import sys, greenxl.returns.pool as w; print(*sys.modules)"
    loaded = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout.split()
    assert not {"pandas", "numpy", "openpyxl", "xlsxwriter", "click", "rich", "greenxl.cli.app"} & set(loaded)


def test_spoiled_and_good_returns_in_one_folder_each_have_one_outcome(
    huantai: Campaign, tmp_path: Path
) -> None:
    """Every spoiled file has its line in the ledger, and what is good beside them comes out unchanged."""
    alone = tmp_path / "alone"
    alone.mkdir()
    (alone / "good.xlsx").write_bytes(good(huantai, "索镇"))
    mixed = tmp_path / "mixed"
    mixed.mkdir()
    (mixed / "good.xlsx").write_bytes(good(huantai, "索镇"))
    for number, spoiled in enumerate(SPOILED):
        (mixed / f"{number:03}-{spoiled.file}").write_bytes(spoiled.make(good(huantai)))
    told: list[tuple[int, int]] = []
    result = merge(huantai, [mixed], lambda done, all: told.append((done, all)))
    files = Counter(entry.file for entry in result.entries)
    assert files.keys() == {path.as_posix() for path in mixed.iterdir()}
    assert set(files.values()) == {1}
    expected = [spoiled.read for spoiled in SPOILED]
    got = [e.outcome != "rejected" for e in result.entries if not e.file.endswith("good.xlsx")]
    assert got == expected
    wanted = [c.chosen.scores for c in merge(huantai, [alone]).choices if c.chosen]
    assert len(wanted) == 6
    assert [c.chosen.scores for c in result.choices if c.chosen and c.community.town == "索镇"] == wanted
    assert told == [(n, len(SPOILED) + 1) for n in range(1, len(SPOILED) + 2)]


def test_results_do_not_depend_on_how_many_workers_there_are(huantai: Campaign, tmp_path: Path) -> None:
    """One worker or four: the same readings in the same order, archives included."""
    inside = packed({f"{n}.xlsx": good(huantai) for n in range(8)})
    (tmp_path / "r.zip").write_bytes(packed({"inner.zip": inside, "z.xlsx": good(huantai)}))
    asked = take_in([tmp_path]).sources
    one, four = (list(pool.read_all(asked, huantai, workers=count)) for count in (1, 4))
    assert one == four
    assert [r.entry.outcome for r in one] == ["read"] * 9
