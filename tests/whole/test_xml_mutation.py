"""Returns changed inside their XML: one outcome each, and no score that another program does not see.

``GREENXL_SEED`` chooses another seed; each is clean by itself. What counts without a finding at its cell is
held against formulon and calamine, and of every fourth file against openpyxl, each in a worker process.
"""

import os
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from random import Random

import pytest

from greenxl.campaign.model import Campaign
from greenxl.returns.intake import Source
from greenxl.returns.pool import read_all, run_all
from greenxl.returns.worker import Failure
from tests.conftest import SAMPLES
from tests.tools.agreement import counted, formulon_cells, verdict, verdicts
from tests.tools.spoil import members
from tests.tools.xml_mutation import Kind, Mutated, mutated, returned

SEED = os.environ.get("GREENXL_SEED", "20210107")
COUNTS: Mapping[Kind, int] = {"xlsx": 1_400, "ods": 600}
OPENPYXL_SHARE = 4
KNOWN = {
    ("ods", "calamine"): "it knows elements by their usual prefixes, not by their namespaces",
    ("xlsx", "formulon"): "it shows nothing where it does not know the styles",
    ("xlsx", "calamine"): "it takes no account of ignorable namespaces, nor of what stands between elements",
}
"""The programs that see nothing where every office sees what was read; a number is never excused."""

pytestmark = pytest.mark.slow


def parts(kind: Kind, campaign: Campaign) -> dict[str, bytes]:
    if kind == "xlsx":
        return members(returned(campaign))
    [file] = (SAMPLES / "returned").glob("*.ods")
    return {
        name: part for name, part in members(file.read_bytes()).items() if not name.endswith(("/", ".png"))
    }


def changed(kind: Kind, campaign: Campaign) -> list[Mutated]:
    whole = parts(kind, campaign)
    return [mutated(kind, dict(whole), Random(f"{SEED} {kind} {n}")) for n in range(COUNTS[kind])]


def excused(kind: Kind, program: str, differing: tuple[str, ...]) -> bool:
    """Whether a program that is known for it sees nothing where something was read."""
    return (kind, program) in KNOWN and all(map(_sees_nothing, differing))


def _sees_nothing(one: str) -> bool:
    """Whether what differs is that a program has no value there, or shows nothing of the same value."""
    read, _is, other = one.partition(" is ")
    return other.startswith(("None ", "'' ", "''", "'None'")) or other.endswith(" shown ''")


@pytest.mark.parametrize("kind", COUNTS)
def test_no_score_counts_that_another_program_does_not_see(
    huantai: Campaign, tmp_path: Path, kind: Kind
) -> None:
    """Every file has one outcome; where one is read, what counts is what others see in those cells."""
    files = changed(kind, huantai)
    sources = []
    for number, one in enumerate(files):
        path = tmp_path / f"{number}.{kind}"
        path.write_bytes(one.data)
        sources.append(Source(f"{number}.{kind}", path))
    readings = list(read_all(sources, huantai))
    codes = Counter(r.entry.reason.code if r.entry.reason else "read" for r in readings)
    assert "file-crashed" not in codes, SEED
    assert "file-timeout" not in codes, SEED
    assert codes["read"] > COUNTS[kind] // 4, codes
    asked = [(n, files[n].data, tuple(counted(r, huantai))) for n, r in enumerate(readings) if r.sheets]
    some = [one for one in asked if kind == "ods" or one[0] % OPENPYXL_SHARE == 0]
    answers = run_all(verdicts, [(kind, data, sheets) for _number, data, sheets in some], seconds=60.0)
    wrong = []
    for (number, data, sheets), answer in zip(some, answers, strict=True):
        programs = {} if isinstance(answer, Failure) else dict(answer)
        if kind == "xlsx":
            programs["formulon"] = verdict(formulon_cells, data, sheets)
        for program, found in programs.items():
            if found.differing and not excused(kind, program, found.differing):
                wrong.append((number, files[number].changes, program, found.differing[:3]))
    assert not wrong, "\n".join([SEED, *map(str, wrong)])
