"""Two ratios, taken side by side in one run: what a merge costs, and what reading a sheet costs.

1. Merging the 21 sample sheets as a whole process, against a process that only imports pandas and
   xlsxwriter (limit 2.5).
2. Reading alone: milliseconds a sheet, over copies of the samples' xlsx return (limit 1).

Prints both and exits with 1 where a limit is broken.
"""

import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from greenxl.campaign.checks import load
from greenxl.campaign.tables import shipped
from greenxl.returns.reader import read_bytes

SAMPLES = Path(__file__).parent.parent / "samples"
RUNS = 7
PROCESS_LIMIT = 2.5
SHEET_LIMIT = 1.0


def seconds(command: list[str]) -> float:
    start = time.perf_counter()
    done = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False)
    taken = time.perf_counter() - start
    if done.returncode > 1:
        sys.exit(done.stderr.decode())
    return taken


def process_ratio() -> float:
    """Return the median ratio of merging to importing, in turn."""
    with tempfile.TemporaryDirectory() as folder:
        output = str(Path(folder) / "out.xlsx")
        merge = ["-m", "greenxl", "merge", str(SAMPLES / "returned"), "-o", output, "--force"]
        bare = ["-c", "import pandas, xlsxwriter"]
        ratios = [
            seconds([sys.executable, *merge]) / seconds([sys.executable, *bare]) for _ in range(RUNS + 1)
        ][1:]
    return statistics.median(ratios)


def reading_cost() -> float:
    """Return the median milliseconds that reading one full sheet takes."""
    campaign = load(shipped())
    data = (SAMPLES / "returned" / "城区街道-评分表-2021.xlsx").read_bytes()
    costs = []
    for _ in range(RUNS):
        start = time.perf_counter()
        for _ in range(10):
            reading = read_bytes("x.xlsx", data, campaign)
        costs.append((time.perf_counter() - start) * 1000 / 10 / len(reading.sheets))
    return statistics.median(costs)


def main() -> None:
    ratio, cost = process_ratio(), reading_cost()
    print(f"merge of 21 sheets : import of pandas and xlsxwriter = {ratio:.2f} (limit {PROCESS_LIMIT})")
    print(f"reading one sheet = {cost:.2f} ms (limit {SHEET_LIMIT})")
    sys.exit(int(ratio > PROCESS_LIMIT or cost > SHEET_LIMIT))


if __name__ == "__main__":
    main()
