"""The public test files of Apache POI and calamine, real and malformed, among good returns.

They are not part of the project: ``../shared/corpus`` beside the checkout, or where ``GREENXL_CORPUS`` says.
What becomes of each is kept in corpus-outcomes.json; ``… test_corpus update`` rewrites it.
"""

import json
import os
import sys
from functools import cache
from pathlib import Path

import pytest

from greenxl.campaign.checks import load
from greenxl.campaign.model import Campaign
from greenxl.campaign.tables import shipped
from greenxl.returns.intake import Source, take_in
from greenxl.returns.pool import read_all
from greenxl.returns.reader import Reading
from tests.tools.spoil import good

ROOT = Path(__file__).parent.parent.parent
CORPUS = Path(os.environ.get("GREENXL_CORPUS", ROOT.parent / "shared" / "corpus"))
OUTCOMES = Path(__file__).parent.parent / "corpus-outcomes.json"
FILES = ("calamine", "poi")

pytestmark = pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus of public spreadsheets is not here")


@cache
def read_corpus(folder: Path) -> tuple[list[Source], list[Reading]]:
    """Read the corpus with a good return between any hundred of its files."""
    campaign = load(shipped())
    sources = list(take_in([CORPUS / name for name in FILES]).sources)
    for place in range(0, len(sources), 100):
        path = folder / f"good{place}.xlsx"
        path.write_bytes(good(campaign))
        sources.insert(place, Source(path.name, path))
    return sources, list(read_all(sources, campaign))


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[Source], list[Reading]]:
    return read_corpus(tmp_path_factory.mktemp("good"))


def outcomes(readings: list[Reading]) -> dict[str, str]:
    """Return what became of each file of the corpus, by its name below it."""
    return {
        Path(entry.file).relative_to(CORPUS.as_posix()).as_posix(): (
            f"{entry.outcome} {entry.reason.code}" if entry.reason else entry.outcome
        )
        for entry in (reading.entry for reading in readings)
        if entry.file.startswith(CORPUS.as_posix())
    }


def test_every_public_file_has_the_outcome_that_is_kept(corpus: tuple[list[Source], list[Reading]]) -> None:
    """A change of any file's outcome, for better or worse, is seen."""
    assert outcomes(corpus[1]) == json.loads(OUTCOMES.read_text())


def test_every_public_file_has_exactly_one_outcome(corpus: tuple[list[Source], list[Reading]]) -> None:
    """None is lost, none is told twice, and each is told why it was not read."""
    sources, readings = corpus
    assert [reading.entry.file for reading in readings] == [source.name for source in sources]
    there = sum(1 for name in FILES for path in (CORPUS / name).rglob("*") if path.is_file())
    assert len(outcomes(readings)) == there
    assert all(r.entry.reason for r in readings if r.entry.outcome != "read")


def test_good_returns_among_public_files_come_out_unchanged(
    corpus: tuple[list[Source], list[Reading]], huantai: Campaign, tmp_path: Path
) -> None:
    """Whatever stands beside them, they are read as if they were alone."""
    path = tmp_path / "good.xlsx"
    path.write_bytes(good(huantai))
    (alone,) = read_all([Source("good", path)], huantai)
    among = [reading for reading in corpus[1] if not reading.entry.file.startswith(CORPUS.as_posix())]
    assert len(among) == -(-len(outcomes(corpus[1])) // 100)
    for reading in among:
        assert (reading.entry.outcome, reading.findings) == ("read", ())
        assert [s.lines for s in reading.sheets] == [s.lines for s in alone.sheets]


def test_no_message_about_a_public_file_fails(corpus: tuple[list[Source], list[Reading]]) -> None:
    """Every message can be told in both languages, whatever was found."""
    for reading in corpus[1]:
        for one in reading.findings:
            assert one.message("en")
            assert one.message("zh_CN")


def update(folder: Path) -> None:
    told = outcomes(read_corpus(folder)[1])
    OUTCOMES.write_text(json.dumps(told, indent=1, ensure_ascii=False, sort_keys=True) + "\n")
    print(f"{len(told)} outcomes in {OUTCOMES}")


if __name__ == "__main__":
    import tempfile

    if sys.argv[1:] != ["update"]:
        sys.exit(__doc__)
    with tempfile.TemporaryDirectory() as temporary:
        update(Path(temporary))
