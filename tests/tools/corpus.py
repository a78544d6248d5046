"""What becomes of the public test files of Apache POI and calamine, real and malformed, among good returns.

They are not part of the project: ``../shared/corpus`` beside the checkout, or where ``GREENXL_CORPUS`` says.
"""

import json
import os
from pathlib import Path
from tempfile import TemporaryDirectory

from greenxl.campaign import shipped
from greenxl.campaign.checks import load
from greenxl.returns.intake import Source, take_in
from greenxl.returns.pool import read_all
from greenxl.returns.reader import Reading
from tests.tools.spoil import good

ROOT = Path(__file__).parent.parent.parent
CORPUS = Path(os.environ.get("GREENXL_CORPUS", ROOT.parent / "shared" / "corpus"))
OUTCOMES = ROOT / "tests" / "corpus-outcomes.json"
FILES = ("calamine", "poi")


def missing() -> str | None:
    """Why the corpus cannot be read here, or None."""
    return None if CORPUS.is_dir() else "the corpus of public spreadsheets is not here"


def read_corpus(folder: Path) -> tuple[list[Source], list[Reading]]:
    """Read the corpus with a good return, put into the folder, between any hundred of its files."""
    campaign = load(shipped())
    sources = list(take_in([CORPUS / name for name in FILES]).sources)
    for place in range(0, len(sources), 100):
        path = folder / f"good{place}.xlsx"
        path.write_bytes(good(campaign))
        sources.insert(place, Source(path.name, path))
    return sources, list(read_all(sources, campaign))


def outcomes(readings: list[Reading]) -> dict[str, str]:
    """Return what became of each file of the corpus, by its name below it."""
    return {
        Path(entry.file).relative_to(CORPUS.as_posix()).as_posix(): (
            f"{entry.outcome} {entry.reason.code}" if entry.reason else entry.outcome
        )
        for entry in (reading.entry for reading in readings)
        if entry.file.startswith(CORPUS.as_posix())
    }


def update() -> None:
    with TemporaryDirectory() as folder:
        told = outcomes(read_corpus(Path(folder))[1])
    OUTCOMES.write_text(json.dumps(told, indent=1, ensure_ascii=False, sort_keys=True) + "\n")
