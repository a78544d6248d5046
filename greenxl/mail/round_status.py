"""The status of a round from its folder: what its journals say went out and came in, and its returns."""

from datetime import UTC, datetime
from pathlib import Path

from greenxl.mail.journal import COLLECTED_LOG, SEND_LOG, read_journal
from greenxl.rounds.bounces import undelivered, with_bounces
from greenxl.rounds.evaluate import Round
from greenxl.rounds.sendings import Sending
from greenxl.rounds.status import Collected, RoundStatus, round_status


def status_of_round(result: Round, folder: Path) -> RoundStatus:
    """Return the status of the round in a folder.

    :raises GreenxlError: a journal is damaged.
    """
    sent, collected = read_journal(folder / SEND_LOG), read_journal(folder / COLLECTED_LOG)
    saved = dict(filter(None, (_changed(Path(entry.file)) for entry in result.entries)))
    return round_status(
        result,
        map(Sending.of, with_bounces(sent, collected)),
        map(Collected.of, collected),
        saved,
        undelivered(sent, collected, result.campaign),
    )


def _changed(file: Path) -> tuple[str, datetime] | None:
    """Return a file, or the archive that it is in, and when that was last changed."""
    for path in (file, *file.parents):
        if path.is_file():
            return path.as_posix(), datetime.fromtimestamp(path.stat().st_mtime, UTC).astimezone()
    return None
