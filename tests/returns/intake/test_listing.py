"""Every file below the given paths stands once: to be read, skipped, or refused by name."""

from pathlib import Path

import pytest

from greenxl.errors import WrongUseError
from greenxl.returns.intake import listing, take_in
from tests.tools.intakes import names, put, told
from tests.tools.spoil import packed


def test_folders_of_any_depth_are_searched_in_the_order_of_names(folder: Path) -> None:
    """Files come in the order of their names, whatever folder they stand in."""
    put(folder, {"b.xlsx": b"1", "a/z.xlsx": b"2", "a/深/层/y.xlsx": b"3"})
    intake = take_in([folder])
    assert names(intake) == ["in/a/z.xlsx", "in/a/深/层/y.xlsx", "in/b.xlsx"]
    assert (intake.entries, intake.findings) == ((), ())


def test_a_file_given_twice_counts_once(folder: Path) -> None:
    """A path given twice, or once by itself and once by its folder, is one file."""
    put(folder, {"a.xlsx": b"1"})
    assert names(take_in([folder, folder / "a.xlsx", folder])) == ["in/a.xlsx"]


def test_a_missing_path_is_a_wrong_use(folder: Path) -> None:
    """What does not exist cannot be meant."""
    with pytest.raises(WrongUseError, match=r"in/no\.xlsx: there is no such file or folder"):
        take_in([folder / "no.xlsx"])


@pytest.mark.parametrize(
    ("limits", "left"),
    [({"MOST_FILES": 3}, 2), ({"MOST_BYTES_OF_RUN": 15}, 0), ({"MOST_BYTES_OF_RUN": 1_000}, 5)],
    ids=["files", "bytes", "enough"],
)
def test_a_run_reads_no_more_than_its_budget(
    limits: dict[str, int], left: int, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What goes beyond is named in the ledger, archives unopened, and told as a finding once."""
    for name, limit in limits.items():
        monkeypatch.setattr(listing, name, limit)
    put(
        folder,
        {"r.zip": packed({"a.xlsx": b"1", "b.xlsx": b"2"}), **{f"z{n}.xlsx": b"xyz" for n in range(3)}},
    )
    intake = take_in([folder])
    assert len(intake.sources) == left
    over = [file for file, outcome, code in told(intake) if (outcome, code) == ("rejected", "run-budget")]
    assert len(over) == (0 if left == 5 else 5 - left if left else 4)
    assert [f.code for f in intake.findings] == ["run-budget"] * (left < 5)
