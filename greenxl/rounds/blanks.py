"""The blanks of a round, written where nobody's work is lost: one that was typed into stays."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from greenxl.campaign.model import Campaign
from greenxl.form.blank import blanks
from greenxl.output_files import write_unless_there, write_whole
from greenxl.rounds import folder as round_folder
from greenxl.rounds.written import record_written


@dataclass(frozen=True, slots=True)
class WrittenBlank:
    """Where a blank is now."""

    wanted: Path
    """The place of its name."""
    path: Path
    """Where it is: elsewhere, if another file has that place."""
    is_new: bool


def write_blanks(
    campaign: Campaign,
    towns: Iterable[str],
    folder: Path,
    *,
    per_community: bool = False,
    force: bool = False,
) -> Iterator[WrittenBlank]:
    """Write the blanks of towns and yield where each is; in a round they are recorded before.

    :param force: write over what has their names.
    :raises GreenxlError: the folder cannot be written, or the journal is damaged.
    """
    made = list(blanks(campaign, towns, per_community=per_community))
    if round_folder.is_round(Path()):
        record_written(Path(), ((blank.file_name, blank.data) for blank in made))
    for blank in made:
        target = folder / blank.file_name
        if force:
            write_whole(target, blank.data)
            yield WrittenBlank(target, target, True)
        else:
            yield WrittenBlank(target, *write_unless_there(target, blank.data))
