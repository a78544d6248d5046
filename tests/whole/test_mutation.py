"""Real returns with random damage: no crash, one outcome each, and never a wrong score from a checked file.

``GREENXL_SEED`` chooses another seed; the one that was used is printed with any failure.
"""

import os
import random
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from greenxl.campaign.model import Campaign
from greenxl.returns.intake import Source
from greenxl.returns.pool import read_all
from greenxl.returns.reader import Reading
from tests.conftest import SAMPLES
from tests.tools.spoil import good, members, packed

SEED = int(os.environ.get("GREENXL_SEED", "20210107"))
COUNT = 700
"""Of each kind of file."""

Change = Callable[[bytes, random.Random], bytes]


def flipped(data: bytes, chance: random.Random) -> bytes:
    """One to eight bytes changed."""
    spoilt = bytearray(data)
    for _n in range(chance.randint(1, 8)):
        spoilt[chance.randrange(len(spoilt))] ^= chance.randint(1, 255)
    return bytes(spoilt)


def cut(data: bytes, chance: random.Random) -> bytes:
    """The end, the beginning or a piece from the middle gone."""
    first, last = sorted(chance.sample(range(len(data) + 1), 2))
    return chance.choice((data[:first], data[last:], data[:first] + data[last:]))


def overwritten(data: bytes, chance: random.Random) -> bytes:
    """A piece overwritten with zeros, or with another piece."""
    length = chance.randint(1, 600)
    to, source = (chance.randrange(max(1, len(data) - length)) for _n in range(2))
    piece = chance.choice((bytes(length), data[source : source + length]))
    return data[:to] + piece + data[to + length :]


def swapped(data: bytes, chance: random.Random) -> bytes:
    """Two members of the zip exchanged, one gone, or one doubled, and all packed properly again."""
    parts = members(data)
    one, other = chance.sample(sorted(parts), 2)
    match chance.randrange(3):
        case 0:
            parts[one], parts[other] = parts[other], parts[one]
        case 1:
            del parts[one]
        case _:
            parts[one] = parts[other]
    return packed(parts)


def rewritten(data: bytes, chance: random.Random) -> bytes:
    """Bytes changed inside a member, with the checksum of what they became."""
    parts = members(data)
    name = chance.choice(sorted(parts))
    parts[name] = chance.choice((flipped, cut, overwritten))(parts[name], chance) if parts[name] else b"x"
    return packed(parts)


RAW: tuple[Change, ...] = (flipped, cut, overwritten)
"""Damage on the way, which a zip's own checksums show."""
ZIPPED: tuple[Change, ...] = (*RAW, swapped, rewritten)


def original(kind: str, campaign: Campaign) -> bytes:
    if kind == "xlsx":
        return good(campaign)
    return next((SAMPLES / "returned").glob(f"*.{kind}")).read_bytes()


def scores(reading: Reading) -> dict[str, list[object]]:
    return {sheet.sheet: [line.score.value for line in sheet.lines] for sheet in reading.sheets}


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["xlsx", "xls", "ods"])
def test_damaged_returns_end_in_one_outcome_each(kind: str, huantai: Campaign, tmp_path: Path) -> None:
    """Seven hundred ways of damage: none stops the run, and the good returns between them are unchanged."""
    print(f"GREENXL_SEED={SEED}")
    chance = random.Random(f"{SEED} {kind}")
    data = original(kind, huantai)
    changes = RAW if kind == "xls" else ZIPPED
    damage: dict[str, Change | None] = {}
    for number in range(COUNT):
        change = None if number % 100 == 50 else chance.choice(changes)
        name = f"{number:04}-{change.__name__ if change else 'good'}.{kind}"
        damage[name] = change
        (tmp_path / name).write_bytes(change(data, chance) if change else data)
    readings = list(read_all([Source(name, tmp_path / name) for name in damage], huantai))
    assert [reading.entry.file for reading in readings] == list(damage)
    wanted = scores(readings[50])
    assert wanted
    for reading, change in zip(readings, damage.values(), strict=True):
        entry = reading.entry
        assert (entry.outcome == "rejected") == (entry.reason is not None), entry.file
        assert entry.outcome in ("read", "rejected"), entry.file
        if change is None or (entry.outcome == "read" and change in RAW and kind != "xls"):
            assert scores(reading) == wanted, entry.file
    print(Counter(r.entry.reason.code if r.entry.reason else "read" for r in readings))
