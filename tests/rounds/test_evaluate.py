"""From paths to a round: every file accounted for, every sheet checked, what is closed left out."""

import hashlib
from pathlib import Path

import openpyxl
import pytest

from greenxl.campaign.model import Campaign
from greenxl.errors import WrongUseError
from greenxl.form.blank import blank
from greenxl.rounds.evaluate import Round, evaluate
from tests.conftest import SAMPLES

TOWN = "果里镇"


def issued(campaign: Campaign, file: Path, score: int = 4) -> None:
    """Write the workbook of 果里镇 with this in every score cell."""
    file.write_bytes(blank(campaign, TOWN, campaign.communities_of(TOWN)))
    book = openpyxl.load_workbook(file)
    for row in range(4, 24):
        book["鸿嘉社区"][f"E{row}"] = score
    book.save(file)


def codes(result: Round) -> list[tuple[str, str]]:
    return [(Path(one.file).name, one.code) for one in result.findings]


def test_the_samples_make_a_round(huantai: Campaign) -> None:
    """A choice for each community in roster order, an entry for each file in the order of names."""
    result = evaluate(huantai, [SAMPLES / "returned"])
    assert [choice.community for choice in result.choices] == list(huantai.communities)
    files = [entry.file for entry in result.entries]
    assert [Path(file).name for file in files] == sorted(p.name for p in (SAMPLES / "returned").iterdir())
    assert [source.name for source in result.sources] == files
    assert {one.sheet.file for one in result.checked} == set(files)


def test_progress_is_reported_after_each_file(huantai: Campaign) -> None:
    """So that a bar can be shown: how many are done of how many, and how many were rejected so far."""
    steps: list[tuple[int, int, int]] = []
    evaluate(huantai, [SAMPLES / "returned"], lambda *numbers: steps.append(numbers))
    assert steps == [(1, 4, 0), (2, 4, 0), (3, 4, 0), (4, 4, 0)]


def test_the_same_bytes_are_read_once(huantai: Campaign, tmp_path: Path) -> None:
    """The second name of a file is skipped and says which counts; nothing is found on it twice."""
    issued(huantai, tmp_path / "a.xlsx", 6)
    (tmp_path / "b.xlsx").write_bytes((tmp_path / "a.xlsx").read_bytes())
    result = evaluate(huantai, [tmp_path])
    assert [(entry.outcome, entry.sheets_read) for entry in result.entries] == [("read", 1), ("skipped", 0)]
    assert result.entries[1].reason
    assert result.entries[1].reason.found == result.entries[0].file
    assert codes(result) == [("a.xlsx", "score-high")] * 20


def test_the_same_rejected_bytes_are_rejected_under_each_name(huantai: Campaign, tmp_path: Path) -> None:
    """None of two broken files counts, so neither is told to be the other's twin."""
    for name in ("a.xlsx", "b.xlsx"):
        (tmp_path / name).write_bytes(b"")
    assert {entry.outcome for entry in evaluate(huantai, [tmp_path]).entries} == {"rejected"}


def test_what_a_copy_replaces_is_closed(huantai: Campaign, tmp_path: Path) -> None:
    """The faults of a replaced sheet are no finding of the round any more, only that it is replaced."""
    [community] = huantai.communities_of(TOWN)
    issued(huantai, tmp_path / "a.xlsx", 6)
    digest = evaluate(huantai, [tmp_path]).entries[0].sha256 or ""
    full = {community: [huantai.criteria[0].points] * 20}
    copy = blank(huantai, TOWN, [community], scores=full, supersedes=(digest,))
    (tmp_path / "b.xlsx").write_bytes(copy)
    result = evaluate(huantai, [tmp_path])
    assert codes(result) == [("a.xlsx", "superseded"), ("b.xlsx", "copy-believed")]
    assert {Path(file).name for file, _sheet in result.replaced} == {"a.xlsx"}


def test_latest_and_exclude_are_passed_on(huantai: Campaign, tmp_path: Path) -> None:
    """Two returns that differ: with the one left out nothing is in conflict."""
    issued(huantai, tmp_path / "a.xlsx", 4)
    issued(huantai, tmp_path / "b.xlsx", 5)
    [number] = [index for index, c in enumerate(huantai.communities) if c.town == TOWN]
    statuses = [
        evaluate(huantai, [tmp_path], latest=latest, exclude=exclude).choices[number].status
        for latest, exclude in ((False, ()), (False, ("b*",)))
    ]
    assert statuses == ["conflict", "passed"]


def test_a_path_that_does_not_exist_is_wrong_use(huantai: Campaign, tmp_path: Path) -> None:
    """It is said before anything is read."""
    with pytest.raises(WrongUseError):
        evaluate(huantai, [tmp_path / "returned"])


@pytest.mark.parametrize("copy", ["果里镇(1).xlsx", "果里镇 - 副本.xlsx"])
def test_of_equal_files_the_original_counts(huantai: Campaign, tmp_path: Path, copy: str) -> None:
    """Though the name of a copy may come first."""
    issued(huantai, tmp_path / copy)
    (tmp_path / "果里镇.xlsx").write_bytes((tmp_path / copy).read_bytes())
    outcomes = {Path(e.file).name: e.outcome for e in evaluate(huantai, [tmp_path]).entries}
    assert outcomes == {"果里镇.xlsx": "read", copy: "skipped"}


def test_of_equal_scores_the_original_s_count(huantai: Campaign, tmp_path: Path) -> None:
    """A copy that was saved again has other bytes; its scores came twice all the same."""
    issued(huantai, tmp_path / "果里镇(1).xlsx")
    book = openpyxl.load_workbook(tmp_path / "果里镇(1).xlsx")
    book["鸿嘉社区"]["B27"] = "张三"
    book.save(tmp_path / "果里镇.xlsx")
    result = evaluate(huantai, [tmp_path])
    [chosen] = [c.chosen for c in result.choices if c.chosen]
    assert Path(chosen.sheet.file).name == "果里镇.xlsx"
    assert codes(result) == [("果里镇(1).xlsx", "returned-twice")]


def test_a_workbook_in_another_town_s_folder_is_told(huantai: Campaign, tmp_path: Path) -> None:
    """It counts for the community that it names, and the town that sent it is asked about."""
    (tmp_path / "索镇").mkdir()
    issued(huantai, tmp_path / "索镇" / "a.xlsx")
    result = evaluate(huantai, [tmp_path])
    assert codes(result) == [("a.xlsx", "town-differs")]
    assert next(c for c in result.choices if c.community.town == TOWN).status == "passed"


def test_a_file_that_is_not_to_be_read_is_in_the_ledger_with_its_own_reason(
    huantai: Campaign, tmp_path: Path
) -> None:
    """Also where its bytes are those of a file that the round wrote itself."""
    data = blank(huantai, "索镇", huantai.communities_of("索镇"))
    (tmp_path / "~$a.xlsx").write_bytes(data)
    found = evaluate(huantai, [tmp_path], own=[hashlib.sha256(data).hexdigest()])
    assert [one.reason.code for one in found.entries if one.reason] == ["skipped-temporary"]
