"""A round of any size: N communities in towns of fifty, and a filled workbook of one sheet from each.

``python -m benchmarks.returns FOLDER COUNT`` writes it: ``campaign/`` (CSV tables) and ``returned/``. The
scores are drawn with a fixed seed, so that a community loses points at ten or so of its twenty criteria.
"""

import csv
import random
import sys
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from decimal import Decimal
from functools import partial
from importlib.resources import as_file
from pathlib import Path
from shutil import copytree

from greenxl.campaign.checks import load
from greenxl.campaign.model import Campaign, Community
from greenxl.campaign.tables import shipped
from greenxl.form.blank import blank

TOWN_SIZE = 50
_HALF = Decimal("0.5")


def make_round(folder: Path, count: int) -> None:
    """Write a round of ``count`` communities into a folder, unless it is there already."""
    if (folder / "complete").exists():
        return
    names = [(f"第{number // TOWN_SIZE + 1:04}街道", f"第{number + 1:06}社区") for number in range(count)]
    _write_campaign(folder / "campaign", names)
    (folder / "returned").mkdir()
    campaign = load(folder / "campaign")
    with ProcessPoolExecutor() as processes:
        list(processes.map(partial(_write_return, folder / "returned", campaign), range(count), chunksize=50))
    (folder / "complete").touch()


def _write_campaign(folder: Path, names: Sequence[tuple[str, str]]) -> None:
    with as_file(shipped()) as source:
        copytree(source, folder, ignore=lambda _folder, names: [n for n in names if n.startswith("__")])
    roster = [{"number": str(n), "town": town, "community": name} for n, (town, name) in enumerate(names, 1)]
    towns = [{"town": town} for town in dict.fromkeys(town for town, _name in names)]
    _write_rows(folder / "roster.csv", roster)
    _write_rows(folder / "towns.csv", towns)


def _write_rows(table: Path, rows: Sequence[Mapping[str, str]]) -> None:
    """Replace the rows of a table."""
    with table.open(encoding="utf-8-sig", newline="") as file:
        header = next(csv.reader(file))
    with table.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, header, restval="")
        writer.writeheader()
        writer.writerows(rows)


def _write_return(folder: Path, campaign: Campaign, index: int) -> None:
    community = campaign.communities[index]
    # The blank of one community needs none of the others.
    alone = replace(campaign, communities=(community,))
    data = blank(alone, community.town, [community], scores={community: _scores(campaign, community)})
    (folder / f"{community.name}.xlsx").write_bytes(data)


def _scores(campaign: Campaign, community: Community) -> list[Decimal]:
    drawn = random.Random(community.number)
    return [
        one.points - min(one.points, drawn.randint(1, 5) * _HALF) * drawn.randint(0, 1)
        for one in campaign.criteria
    ]


if __name__ == "__main__":
    make_round(Path(sys.argv[1]), int(sys.argv[2]))
