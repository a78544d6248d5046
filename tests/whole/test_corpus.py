"""The public test files of Apache POI and calamine, real and malformed, among good returns."""

import json
from pathlib import Path

import pytest

from greenxl.campaign.model import Campaign
from greenxl.returns.intake import Source
from greenxl.returns.pool import read_all
from greenxl.returns.reader import Reading
from tests.tools.corpus import CORPUS, FILES, OUTCOMES, missing, outcomes, read_corpus
from tests.tools.spoil import good

pytestmark = [pytest.mark.slow, pytest.mark.skipif(bool(missing()), reason=missing() or "")]


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[Source], list[Reading]]:
    return read_corpus(tmp_path_factory.mktemp("good"))


def test_every_public_file_has_the_outcome_that_is_kept(corpus: tuple[list[Source], list[Reading]]) -> None:
    """A change of any file's outcome is seen; ``python -m tests.tools.renew corpus`` accepts it."""
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
