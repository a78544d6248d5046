"""No file can stop, slow down or change the others: each is read in a process that may hang, swell or die."""

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import psutil
import pytest

from greenxl.campaign.model import Campaign
from greenxl.errors import GreenxlError
from greenxl.i18n import LANGUAGE
from greenxl.returns import pool
from greenxl.returns.intake import Source, take_in
from greenxl.returns.reader import Reading, read
from greenxl.returns.worker import Failure
from greenxl.rounds.evaluate import evaluate
from tests.tools.jobs import die_once, outcome_and_process
from tests.tools.spoil import SHEET, SPOILED, good, packed, replaced

ROOT = Path(__file__).parent.parent.parent
SMALL = 160 * 1024**2
"""Memory enough for any honest return, too little for the swelling one."""


def swelling(campaign: Campaign) -> bytes:
    """A return within every limit, that holds more values than fit."""
    draw = random.Random(1)
    rows = "".join(f'<row r="{n}"><c r="A{n}"><v>{draw.random()}</v></c></row>' for n in range(100, 400_000))
    return replaced(SHEET, "</sheetData>", f"{rows}</sheetData>")(good(campaign))


def sources(folder: Path, files: dict[str, bytes]) -> list[Source]:
    for name, data in files.items():
        (folder / name).write_bytes(data)
    return [Source(name, folder / name) for name in sorted(files)]


def outcomes(readings: list[Reading]) -> list[tuple[str, str]]:
    return [(r.entry.file, r.entry.reason.code if r.entry.reason else r.entry.outcome) for r in readings]


@pytest.fixture
def pipe(tmp_path: Path) -> Source:
    """A file that never opens."""
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


def test_readings_are_processed_where_they_are_read(huantai: Campaign, tmp_path: Path, pipe: Source) -> None:
    """In the worker; of a file that gave no answer the parent processes its rejection."""
    asked = [*sources(tmp_path, {"1.xlsx": good(huantai)}), pipe]
    done = list(pool.process_all(outcome_and_process, asked, huantai, seconds=1))
    assert [outcome for outcome, _campaign, _process in done] == ["read", "rejected"]
    assert {campaign for _outcome, campaign, _process in done} == {huantai.id}
    assert [process == os.getpid() for _outcome, _campaign, process in done] == [False, True]


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
    codes = dict(outcomes(readings))
    assert codes.pop("5-swelling.xlsx") == "file-crashed"
    assert set(codes.values()) == {"read"}
    assert len(codes) == 12


def test_the_refusal_of_a_file_that_broke_its_reader_says_what_to_do(
    huantai: Campaign, tmp_path: Path
) -> None:
    """The message names the limit, comforts about the others and shows a way out."""
    (reading,) = pool.read_all(sources(tmp_path, {"a.xlsx": swelling(huantai)}), huantai, memory=SMALL)
    assert reading.entry.reason
    assert reading.entry.reason.message("en") == (
        "The file crashed the program that read it, or needed more than 160 MiB of memory; the "
        "others were read. "
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
    codes = outcomes(readings)
    assert [name for name, _code in codes] == [source.name for source in asked]
    assert Counter(code for _name, code in codes) == {"read": 10, "file-timeout": 1}
    (hanging,) = (r.entry for r in readings if r.entry.file == pipe.name)
    assert hanging.reason
    assert hanging.reason.message("en").startswith(
        "Reading the file was given up after 1 seconds; the others"
    )


def test_a_killed_worker_costs_no_file(huantai: Campaign, tmp_path: Path) -> None:
    """Where something else ends a worker (the system, out of memory), its files are read by another."""
    others = set(children())  # an office that other tests use, say
    asked = sources(tmp_path, {f"{n:03}.xlsx": good(huantai, "索镇") for n in range(60)})
    readings = pool.read_all(asked, huantai, workers=2)
    first = next(readings)
    for process in set(children()) - others:
        os.kill(process, signal.SIGKILL)
    assert outcomes([first, *readings]) == [(source.name, "read") for source in asked]


@contextmanager
def hanging(folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A program in a process group of its own, one of whose workers hangs."""
    (folder / "script.py").write_text(
        "from pathlib import Path\n"
        "from greenxl.returns.pool import run_all\n"
        "from tests.tools.jobs import hang\n"
        "list(run_all(hang, [Path('marker')], seconds=4))\n"
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(
        [sys.executable, "script.py"],
        cwd=folder,
        env=environment,
        stderr=subprocess.PIPE,
        start_new_session=True,
    ) as process:
        wait_until((folder / "marker").exists)
        yield process


def wait_until(condition: Callable[[], bool]) -> None:
    for _tenth in range(200):
        if condition():
            return
        time.sleep(0.1)
    pytest.fail("nothing happened within 20 seconds")


def alive(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


needs_groups = pytest.mark.skipif(not hasattr(os, "killpg"), reason="this system has no process groups")


@needs_groups
def test_an_interrupted_program_ends_at_once(tmp_path: Path) -> None:
    """Ctrl-C while a worker hangs: the program ends, and so does its pool."""
    with hanging(tmp_path) as process:
        start = time.monotonic()
        os.killpg(process.pid, signal.SIGINT)
        _out, err = process.communicate(timeout=20)
        assert time.monotonic() - start < 3
    assert err.decode().rstrip().endswith("KeyboardInterrupt")
    assert not alive(process.pid)


@needs_groups
def test_a_worker_whose_parent_is_gone_ends_by_itself(tmp_path: Path) -> None:
    """Even one that hangs: nothing is left running when the program was killed."""
    with hanging(tmp_path) as process:
        process.kill()
    assert alive(process.pid)
    wait_until(lambda: not alive(process.pid))


def children() -> set[int]:
    return {process.pid for process in psutil.Process().children()}


def test_no_worker_outlives_its_pool(huantai: Campaign, tmp_path: Path) -> None:
    """Finished or left in the middle, its processes are gone."""
    before = children()
    asked = sources(tmp_path, {f"{n}.xlsx": good(huantai) for n in range(30)})
    half = pool.read_all(asked, huantai)
    next(half)
    assert children() > before
    half.close()
    list(pool.read_all(asked, huantai))
    assert children() == before


def test_items_that_fail_are_named_and_the_others_have_their_answers() -> None:
    """A job that raises, one that takes too long and one that ends its process, each costs its own item."""
    items = ["6 * 7", "1 / 0", "__import__('time').sleep(60)", "__import__('os')._exit(0)", "'the end'"]
    assert list(pool.run_all(eval, items, seconds=1, workers=1)) == [
        42,
        Failure(error="ZeroDivisionError"),
        Failure(timed_out=True),
        Failure(),
        "the end",
    ]


def test_an_item_whose_worker_died_is_run_again_first_in_a_new_one(tmp_path: Path) -> None:
    """It is not to blame for what another item or the system did; the items after it follow."""
    items = [None, None, None, tmp_path / "marker", None, None]
    assert list(pool.run_all(die_once, items, workers=1)) == [1, 2, 3, 1, 2, 3]


def test_workers_do_not_get_the_mail_password(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor an address of a server that holds one; the language and what is not ours they get."""
    monkeypatch.setenv("GREENXL_MAIL_PASSWORD", "secret")
    monkeypatch.setenv("GREENXL_IMAP_URL", "imaps://me:secret@localhost")
    monkeypatch.setenv("NOT_OURS", "kept")
    names = ["GREENXL_MAIL_PASSWORD", "GREENXL_IMAP_URL", "GREENXL_LANG", "NOT_OURS"]
    assert list(pool.run_all(os.getenv, names)) == [None, None, LANGUAGE, "kept"]


def test_a_worker_that_never_reads_is_one_plain_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A process that hangs before it takes its job, which is larger than a pipe holds, blocks nobody."""
    python = tmp_path / "python"
    python.write_text("#!/bin/sh\nexec sleep 60\n")
    python.chmod(0o700)
    monkeypatch.setattr(sys, "executable", str(python))
    monkeypatch.setattr(pool, "_START_SECONDS", 0.2)
    with pytest.raises(GreenxlError, match="it did not start"):
        list(pool.run_all(partial(isinstance, "x" * 2**20), [str]))


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
        "from greenxl.campaign import shipped\n"
        "from greenxl.rounds.evaluate import evaluate\n"
        "print('once')\n"
        "for entry in evaluate(load(shipped()), [Path('a.xlsx')]).entries:\n"
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
    monkeypatch.setattr(sys, "path", ["", *sys.path])  # as for "python -c"
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
    """Every spoiled file has its entry, and the good one beside them comes out unchanged."""
    alone = tmp_path / "alone"
    alone.mkdir()
    (alone / "good.xlsx").write_bytes(good(huantai, "索镇"))
    mixed = tmp_path / "mixed"
    mixed.mkdir()
    (mixed / "good.xlsx").write_bytes(good(huantai, "索镇"))
    for number, spoiled in enumerate(SPOILED):
        (mixed / f"{number:03}-{spoiled.file}").write_bytes(spoiled.make(good(huantai)))
    progress: list[tuple[int, int, int]] = []
    result = evaluate(huantai, [mixed], lambda *numbers: progress.append(numbers))
    files = Counter(entry.file for entry in result.entries)
    assert files.keys() == {path.as_posix() for path in mixed.iterdir()}
    assert set(files.values()) == {1}
    expected = [spoiled.read for spoiled in SPOILED]
    got = [e.outcome != "rejected" for e in result.entries if not e.file.endswith("good.xlsx")]
    assert got == expected
    wanted = [c.chosen.scores for c in evaluate(huantai, [alone]).choices if c.chosen]
    assert len(wanted) == 6
    assert [c.chosen.scores for c in result.choices if c.chosen and c.community.town == "索镇"] == wanted
    assert [one[:2] for one in progress] == [(n, len(SPOILED) + 1) for n in range(1, len(SPOILED) + 2)]
    assert progress[-1][2] == sum(entry.outcome == "rejected" for entry in result.entries)


def test_results_do_not_depend_on_how_many_workers_there_are(huantai: Campaign, tmp_path: Path) -> None:
    """One worker or four: the same readings in the same order, archives included."""
    inside = packed({f"{n}.xlsx": good(huantai) for n in range(8)})
    (tmp_path / "r.zip").write_bytes(packed({"inner.zip": inside, "z.xlsx": good(huantai)}))
    asked = take_in([tmp_path]).sources
    one, four = (list(pool.read_all(asked, huantai, workers=count)) for count in (1, 4))
    assert one == four
    assert [r.entry.outcome for r in one] == ["read"] * 9
