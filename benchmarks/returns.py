"""A round of any size: N communities in towns of fifty, and a filled workbook of one sheet from each.

``python -m benchmarks.returns FOLDER COUNT`` writes it: ``campaign/`` (CSV tables) and ``returned/``. Each
return is ``return.xlsx`` with other names and scores; that is the blank of one community, filled by greenxl,
then opened and saved by LibreOffice, because offices save more than what was issued. The scores are drawn
with a fixed seed, so that a community loses points at ten or so of its twenty criteria.
"""

import csv
import random
import re
import sys
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from decimal import Decimal
from functools import partial
from importlib.resources import as_file
from pathlib import Path
from shutil import copytree
from zipfile import ZIP_DEFLATED, ZipFile

from greenxl.campaign import shipped
from greenxl.campaign.checks import load
from greenxl.campaign.model import Campaign, Community, plain

TOWN_SIZE = 50
_HALF = Decimal("0.5")
_DIGITS = str.maketrans("0123456789", "零一二三四五六七八九")
_TOWN, _COMMUNITY = "第零零零零零一街道", "第零零零零零一社区"
"""Of the pattern."""
_COVER, _SCORES = "xl/worksheets/sheet1.xml", "xl/worksheets/sheet2.xml"
_FIRST_ROW = 4


def make_round(folder: Path, count: int) -> None:
    """Write a round of ``count`` communities into a folder, unless it is there already."""
    if (folder / "complete").exists():
        return
    names = [(_name("街道", 1 + number // TOWN_SIZE), _name("社区", 1 + number)) for number in range(count)]
    _write_campaign(folder / "campaign", names)
    (folder / "returned").mkdir()
    campaign = load(folder / "campaign")
    standard = replace(campaign, communities=(), towns=())  # it goes with every chunk
    write = partial(_write_return, folder / "returned", standard, _pattern())
    with ProcessPoolExecutor() as processes:
        list(processes.map(write, campaign.communities, chunksize=50))
    (folder / "complete").touch()


def _name(what: str, number: int) -> str:
    """Return a name without digits, which LibreOffice would save as runs of another font."""
    return f"第{number:06}{what}".translate(_DIGITS)


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


def _write_return(folder: Path, campaign: Campaign, parts: Mapping[str, bytes], community: Community) -> None:
    scores = _scores(campaign, community)
    total = sum(scores, Decimal(0))
    verdict = campaign.pass_words[total < campaign.pass_score]
    values = {f"E{row}": plain(score) for row, score in enumerate((*scores, total), _FIRST_ROW)}
    changes = {_SCORES: {**values, "B26": verdict}, _COVER: {"D8": plain(total), "E8": verdict}}
    with ZipFile(folder / f"{community.name}.xlsx", "w", ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            text = data.decode().replace(_COMMUNITY, community.name).replace(_TOWN, community.town)
            for cell, value in changes.get(name, {}).items():
                text, found = re.subn(rf'(<c r="{cell}"[^>]*>(?:<f.*?</f>)?<v>)[^<]*', rf"\g<1>{value}", text)
                assert found == 1, cell
            archive.writestr(name, text)


def _pattern() -> dict[str, bytes]:
    with ZipFile(Path(__file__).with_name("return.xlsx")) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _scores(campaign: Campaign, community: Community) -> list[Decimal]:
    drawn = random.Random(community.number)
    return [
        one.points - min(one.points, drawn.randint(1, 5) * _HALF) * drawn.randint(0, 1)
        for one in campaign.criteria
    ]


if __name__ == "__main__":
    make_round(Path(sys.argv[1]), int(sys.argv[2]))
