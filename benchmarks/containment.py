"""A hanging and a killing file among 500 good returns: they may cost their time limit, and little else.

``python -m benchmarks.containment`` prints the times and fails where the run with the two takes more than
1.5 times the run without them plus the limit.
"""

import os
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from greenxl.campaign import shipped
from greenxl.campaign.checks import load
from greenxl.campaign.model import Campaign
from greenxl.returns.intake import Source
from greenxl.returns.pool import read_all
from tests.tools.spoil import far, good

GOOD = 500
SECONDS = 5.0
MEMORY = 160 * 1024**2


def timed(sources: list[Source], campaign: Campaign) -> tuple[float, Counter[str]]:
    start = time.perf_counter()
    readings = list(read_all(sources, campaign, seconds=SECONDS, memory=MEMORY))
    took = time.perf_counter() - start
    return took, Counter(r.entry.reason.code if r.entry.reason else "read" for r in readings)


def main(folder: Path) -> None:
    campaign = load(shipped())
    data = good(campaign, "索镇")
    for number in range(GOOD):
        (folder / f"{number:03}.xlsx").write_bytes(data)
    (folder / "250-killing.xlsx").write_bytes(far("AKR5000")(good(campaign)))
    os.mkfifo(folder / "250-hanging.xlsx")
    everything = [Source(path.name, path) for path in sorted(folder.iterdir())]
    calm, codes = timed([source for source in everything if "ing" not in source.name], campaign)
    print(f"{GOOD} good returns of six sheets: {calm:.2f} s, {dict(codes)}")
    disturbed, codes = timed(everything, campaign)
    print(f"with one that hangs and one that kills: {disturbed:.2f} s, {dict(codes)}")
    assert codes == {"read": GOOD, "file-timeout": 1, "file-crashed": 1}
    limit = 1.5 * calm + SECONDS
    print(f"limit: 1.5 x {calm:.2f} + {SECONDS:g} = {limit:.2f} s")
    if disturbed > limit:
        sys.exit("too slow")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as temporary:
        main(Path(temporary))
