"""The demonstration's data: the sample returns, and a campaign whose mail goes nowhere."""

import shutil
from dataclasses import replace
from importlib import resources
from pathlib import Path

from greenxl.campaign_tables import Row, Tables, read_tables, shipped

ADDRESSES = {
    "towns": ("email", ("chengqu@example.cn", "guoli@example.cn", "suozhen@example.cn")),
    "recipients": ("email", ("leader@example.cn", "zhujian@example.cn")),
}
"""Addresses of a domain that is reserved for examples (RFC 2606)."""


def tables() -> Tables:
    """Return the shipped campaign's tables with an invented address for everyone."""
    found = read_tables(shipped())
    for name, (column, addresses) in ADDRESSES.items():
        rows = tuple(
            Row(row.number, {**row.cells, column: address})
            for row, address in zip(found[name].rows, addresses, strict=True)
        )
        found[name] = replace(found[name], rows=rows)
    return found


def copy_returns(folder: Path) -> int:
    """Copy the sample returns into a round's folder and return how many there are."""
    count = 0
    with resources.as_file(resources.files("greenxl.samples") / "returned") as samples:
        for sample in sorted(samples.iterdir()):
            shutil.copy(sample, folder)
            count += 1
    return count
