"""Returned files read and checked in one step, in the processes where that can do no harm."""

from greenxl.campaign.model import Campaign
from greenxl.returns.intake import take_in
from greenxl.returns.reader import read
from greenxl.rounds.checked_files import check_all, checked_files
from tests.conftest import SAMPLES


def test_workers_check_what_they_read(huantai: Campaign) -> None:
    """What comes back is what reading and checking give here, file by file in their order."""
    sources = take_in([SAMPLES / "returned"]).sources
    here = [checked_files(read(source, huantai), huantai) for source in sources]
    assert list(check_all(sources, huantai)) == here
    assert [file.entry.file for [file] in here] == [source.name for source in sources]
    assert sum(len(file.sheets) for [file] in here) == 22, (
        "one of them holds a community that another holds, too"
    )
