"""greenxl beside what people use instead, on rounds of any size: whole processes, in turn, in one run.

``python -m benchmarks.compare`` takes the 21 sample sheets and 3, 100 and 1,000 returns; name other sizes to
have others (100000 takes a quarter of an hour). It prints the tables and the targets, and exits with 1 where
a target is missed by more than ``--slack``. ``--docs`` puts them into docs/benchmarks*.md.
"""

import argparse
import os
import platform
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

from benchmarks import pages
from benchmarks.processes import BenchmarkError, Taken, medians, python, run
from benchmarks.recipes import keep_tables, totals_in
from benchmarks.returns import make_round

ROOT = Path(__file__).parent.parent
SAMPLES = 21
SIZES = (3, 100, 1_000)
_RUNS = {3: 7, 100: 5, 1_000: 3}
"""Times that everything is run in turn, at sizes up to these; once at larger ones."""
_MOST_CSVKIT = 3
_MOST_BY_OTHERS = 10_000
"""Returns that the recipes read or write: more take them hours, or the memory of the machine."""
_TOTALS = ("pandas_openpyxl", "pandas_calamine", "polars_loop")
"""The recipes that add the scores up."""

Results = dict[int, dict[str, Taken]]
"""By size and by what was run."""


@dataclass(frozen=True, slots=True)
class Target:
    """A figure that is to be at least, or at most, another."""

    size: int
    words: str
    measure: Callable[[Results], float]
    wanted: float
    held: float
    """What has been reached, where that is less than what is wanted: a run that falls behind it fails."""
    at_most: bool = False

    def misses(self, found: float) -> bool:
        return found > self.wanted if self.at_most else found < self.wanted

    def fails(self, found: float, slack: float) -> bool:
        return found > self.held * (1 + slack) if self.at_most else found < self.held * (1 - slack)


def _times(size: int, slow: str, fast: str) -> Callable[[Results], float]:
    return lambda results: results[size][slow].seconds / results[size][fast].seconds


def _growth(size: int, base: int, name: str) -> Callable[[Results], float]:
    return lambda results: results[size][name].seconds / size / (results[base][name].seconds / base)


TARGETS = (
    Target(SAMPLES, "merge : imports", _times(SAMPLES, "merge", "imports"), 2, 2, at_most=True),
    Target(1_000, "pandas_openpyxl : check", _times(1_000, "pandas_openpyxl", "check"), 8, 8),
    Target(1_000, "pandas_calamine : check", _times(1_000, "pandas_calamine", "check"), 1.5, 1.5),
    Target(1_000, "pandas_openpyxl : merge", _times(1_000, "pandas_openpyxl", "merge"), 6, 6),
    Target(1_000, "pandas_calamine : merge", _times(1_000, "pandas_calamine", "merge"), 1.2, 0.95),
    Target(10_000, "check: ms at 10,000 : 1,000", _growth(10_000, 1_000, "check"), 1.1, 1.1, at_most=True),
    Target(10_000, "merge: ms at 10,000 : 1,000", _growth(10_000, 1_000, "merge"), 1.1, 1.1, at_most=True),
    Target(10_000, "merge: first process, MB", lambda found: found[10_000]["merge"].parent, 400, 400, True),
    Target(100_000, "merge: all processes, MB", lambda found: found[100_000]["merge"].all, 1074, 1074, True),
)
"""What is wanted of greenxl, and what it holds."""


def compare(sizes: Sequence[int], folder: Path, most_runs: int = 7) -> Results:
    """Run everything at every size, in turn, so many times at most, and return the medians."""
    _progress(f"{SAMPLES} sample sheets")
    results: Results = {SAMPLES: _measure(_of_samples(folder), most_runs)}
    for size in sizes:
        place = folder / str(size)
        place.mkdir(exist_ok=True)
        make_round(place, size)
        if size <= _MOST_BY_OTHERS:
            _keep_tables(place)
        runs = next((times for most, times in _RUNS.items() if size <= most), 1)
        _progress(f"{size:,} returns")
        results[size] = _measure(_of_returns(size, place), min(runs, most_runs))
        if size <= _MOST_BY_OTHERS:
            _check_totals(place)
    return results


def _progress(words: str) -> None:
    print(words, file=sys.stderr, flush=True)


def _measure(commands: Mapping[str, list[str]], runs: int) -> dict[str, Taken]:
    taken = [{name: run(command) for name, command in commands.items()} for _run in range(runs)]
    return {name: medians([one[name] for one in taken]) for name in commands}


def _of_samples(folder: Path) -> dict[str, list[str]]:
    returned, output = str(ROOT / "samples" / "returned"), str(folder / "samples.xlsx")
    return {
        "imports": _recipe("imports", folder),
        "check": python("-m", "greenxl", "check", returned),
        "merge": python("-m", "greenxl", "merge", returned, "-o", output, "--force"),
    }


def _of_returns(size: int, place: Path) -> dict[str, list[str]]:
    round_of = [str(place / "returned"), "-c", str(place / "campaign")]
    merge = python("-m", "greenxl", "merge", *round_of, "-o", str(place / "merge.xlsx"), "--force")
    recipes = [
        *(_TOTALS if size <= _MOST_BY_OTHERS else ()),
        *(("csvkit",) if size <= _MOST_CSVKIT else ()),
        "floor",
        *(("pandas_to_excel", "bare_xlsxwriter") if size <= _MOST_BY_OTHERS else ()),
    ]
    return {
        "check": python("-m", "greenxl", "check", *round_of),
        "merge": merge,
        **{name: _recipe(name, place) for name in recipes},
    }


def _recipe(name: str, place: Path) -> list[str]:
    return python("-m", "benchmarks.recipes", name, str(place), str(place / f"{name}.xlsx"))


def _keep_tables(place: Path) -> None:
    run(_of_returns(0, place)["merge"])
    keep_tables(place, place / "merge.xlsx")


def _check_totals(place: Path) -> None:
    """A comparison of unequal work is none: the recipes must find the totals that greenxl finds."""
    wanted = _totals(place)
    for name in _TOTALS:
        if totals_in(place / f"{name}.xlsx") != wanted:
            raise BenchmarkError(f"{name} finds other totals than greenxl.")


def _totals(place: Path) -> dict[str, float]:
    from benchmarks.recipes import tables

    _title, _note, *rows = tables(place)["社区得分"]
    header = next(row for row in rows if "合计分值" in row)
    name, total = header.index("社区"), header.index("合计分值")
    below = rows[rows.index(header) + 1 :]
    return {str(row[name]): float(Decimal(str(row[total]))) for row in below if row[total] != ""}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sizes", nargs="*", type=int, default=SIZES)
    parser.add_argument("--runs", type=int, default=7, help="times that everything is run, at most")
    parser.add_argument("--slack", type=float, default=0.0, help="part by which what is held may be missed")
    parser.add_argument("--folder", type=Path, help="where rounds are made, and kept for another run")
    parser.add_argument("--docs", action="store_true", help="put the tables into docs/benchmarks*.md")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = chosen.folder or Path(temporary)
        folder.mkdir(exist_ok=True)
        results = compare(chosen.sizes, folder, chosen.runs)
    judged = [(target, target.measure(results)) for target in TARGETS if target.size in results]
    print(pages.text(results, judged))
    if chosen.docs:
        pages.update(results, judged, machine(), date.today())
    sys.exit(int(any(target.fails(found, chosen.slack) for target, found in judged)))


def machine() -> str:
    return f"{os.cpu_count()} × {_processor()}, {platform.system()}, Python {platform.python_version()}"


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    lines = info.read_text().splitlines() if info.exists() else []
    named = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(named, platform.machine())


if __name__ == "__main__":
    main()
