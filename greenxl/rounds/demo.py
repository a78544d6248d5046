"""The demonstration's data: the sample campaign, whose mail goes nowhere, and the sample returns."""

import shutil
from datetime import date
from importlib import resources
from pathlib import Path

from greenxl.errors import GreenxlError, WrongUseError
from greenxl.i18n import _
from greenxl.output_files import free_name
from greenxl.system_errors import reason_of

AS_OF = date(2021, 10, 8)
"""The day on which the sample round is reported: after its deadline, when all that is to come has come."""
_SAMPLES = resources.files("greenxl.samples")


def campaign() -> bytes:
    """Return the workbook of the shipped campaign with an invented address for everyone."""
    return (_SAMPLES / "campaign.xlsx").read_bytes()


def free_folder(folder: Path | None, today: date, *, force: bool) -> Path:
    """Return the folder for the demonstration; what is there already is kept, and may hold what was typed.

    :param folder: as it was named; None for the first free ``greenxl-demo``.
    :raises WrongUseError: the named one is not empty, and ``force`` does not ask to rename it.
    :raises GreenxlError: it cannot be renamed.
    """
    if folder is None:
        return free_name(Path("greenxl-demo"))
    if not folder.exists() or (folder.is_dir() and not any(folder.iterdir())):
        return folder
    if not force or folder.resolve() in (Path.cwd(), *Path.cwd().parents):
        raise WrongUseError(
            _("{folder}: there is something already. Name a new folder for the demonstration.").format(
                folder=folder
            )
        )
    try:
        folder.rename(free_name(folder.with_name(f"{folder.name}-{today:%Y-%m-%d}")))
    except OSError as error:
        raise GreenxlError(
            _("{folder}: the folder cannot be renamed ({reason}). Close what is open in it.").format(
                folder=folder, reason=_(reason_of(error))
            )
        ) from error
    return folder


def copy_returns(folder: Path) -> int:
    """Copy the sample returns into a round's folder and return how many there are."""
    with resources.as_file(_SAMPLES / "returned") as samples:
        files = sorted(samples.iterdir())
        for file in files:
            shutil.copy(file, folder)
    return len(files)
