"""Correction copies that came back as they went out, saved again by an office or not."""

import io
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from types import MappingProxyType

import openpyxl
import pytest

from greenxl.campaign.model import Campaign
from greenxl.form.blank import blank
from greenxl.returns.reader import read_bytes
from greenxl.rounds.copies_journal import read_issued
from greenxl.scoring.checking import check
from greenxl.scoring.unchanged import asks_for_scores, contents_hash
from greenxl.sendback.copies import Copy
from tests.tools.cells import cell
from tests.tools.copies import evaluated, issue, journal_of
from tests.tools.office import Office
from tests.tools.river import GOOD, with_columns
from tests.tools.score_sheets import score_sheet
from tests.tools.spoil import good

TOWN, SHEET = "果里镇", "鸿嘉社区"


def edited(data: bytes, cells: Mapping[str, str | float] = MappingProxyType({})) -> bytes:
    """Return a workbook with other values in cells, saved by openpyxl: other bytes in any case."""
    book = openpyxl.load_workbook(io.BytesIO(data))
    for at, value in cells.items():
        book[SHEET][at] = value
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def copy_of(campaign: Campaign, folder: Path, cells: Mapping[str, str | float]) -> Copy:
    """Return the copy that a return with 4 points everywhere but in these cells calls for."""
    [community] = campaign.communities_of(TOWN)
    scores = {community: [Decimal(4)] * 20}
    (folder / "a.xlsx").write_bytes(edited(blank(campaign, TOWN, [community], scores=scores), cells))
    [copy] = issue(evaluated(campaign, folder), folder)
    return copy


def unchanged(campaign: Campaign, folder: Path) -> list[str]:
    issued = read_issued(journal_of(folder))
    result = evaluated(campaign, folder)
    assert issued
    reasons = {Path(one.file).name: one.reason.code for one in result.entries if one.reason}
    skipped = [name for name, code in reasons.items() if code in ("skipped-own", "copy-unchanged")]
    assert not {Path(one.sheet.file).name for one in result.checked} & {*skipped}, "nothing of ours counts"
    return skipped


def status(campaign: Campaign, folder: Path) -> str:
    choices = evaluated(campaign, folder).choices
    return next(one.status for one in choices if one.community.town == TOWN)


def test_a_copy_that_was_saved_again_is_known_by_its_contents(
    huantai: Campaign, tmp_path: Path, office: Office
) -> None:
    """LibreOffice and openpyxl write other bytes of the same; what the town returned still counts, once."""
    copy = copy_of(huantai, tmp_path, {"E4": "五"})
    (tmp_path / "b.xlsx").write_bytes(edited(copy.data))
    source = tmp_path / ".copy.xlsx"
    source.write_bytes(copy.data)
    office.convert(source, tmp_path / "c.xlsx", tmp_path / "d.ods", tmp_path / "e.xls")
    names = ["b.xlsx", "c.xlsx", "d.ods", "e.xls"]
    assert unchanged(huantai, tmp_path) == names
    result = evaluated(huantai, tmp_path)
    assert [Path(one.file).name for one in result.findings if one.code == "copy-unchanged"] == names
    assert result.replaced == frozenset()
    assert status(huantai, tmp_path) == "invalid"


CHANGES: dict[str, dict[str, str | float]] = {
    "a score": {"E4": 5},
    "another score": {"E5": 3},
    "a name": {"B27": "张三"},
    "a remark": {"F6": "见附件"},
    "a word for a score": {"E4": "五"},
}


@pytest.mark.parametrize("cells", CHANGES.values(), ids=CHANGES.keys())
def test_any_change_makes_it_a_return(
    huantai: Campaign, tmp_path: Path, cells: dict[str, str | float]
) -> None:
    """A score, who filled it in, a word beside the scores: it replaces what it was issued for."""
    copy = copy_of(huantai, tmp_path, {"E4": "五"})
    (tmp_path / "b.xlsx").write_bytes(edited(copy.data, cells))
    assert unchanged(huantai, tmp_path) == []
    assert {Path(file).name for file, _sheet in evaluated(huantai, tmp_path).replaced} == {"a.xlsx"}


def test_an_unchanged_copy_does_not_contradict_the_corrected_one(huantai: Campaign, tmp_path: Path) -> None:
    """Though both say that they are the same copy."""
    copy = copy_of(huantai, tmp_path, {"E4": "五"})
    (tmp_path / "b.xlsx").write_bytes(edited(copy.data, {"E4": 5}))
    (tmp_path / "c.xlsx").write_bytes(edited(copy.data))
    assert (unchanged(huantai, tmp_path), status(huantai, tmp_path)) == (["c.xlsx"], "passed")


def test_a_copy_that_only_asks_to_check_is_answered_by_saving_it(huantai: Campaign, tmp_path: Path) -> None:
    """Nothing had to be filled in (无误的不必改动); beside a changed one it is nothing."""
    copy = copy_of(huantai, tmp_path, {"E24": 95})
    assert not asks_for_scores(copy.issued)
    (tmp_path / "b.xlsx").write_bytes(edited(copy.data))
    assert unchanged(huantai, tmp_path) == []
    (tmp_path / "c.xlsx").write_bytes(edited(copy.data, {"E4": 4.5}))
    assert (unchanged(huantai, tmp_path), status(huantai, tmp_path)) == (["b.xlsx"], "passed")


def test_a_copy_of_an_older_journal_is_known_by_its_bytes_alone(huantai: Campaign, tmp_path: Path) -> None:
    """Its contents were not recorded, so they are not guessed."""
    copy = copy_of(huantai, tmp_path, {"E4": "五"})
    log = journal_of(tmp_path) / "copieslog.jsonl"
    log.write_text(log.read_text("utf-8").replace(f'"contents": "{copy.issued.contents}", ', ""), "utf-8")
    (tmp_path / "b.xlsx").write_bytes(copy.data)
    (tmp_path / "c.xlsx").write_bytes(edited(copy.data))
    assert unchanged(huantai, tmp_path) == ["b.xlsx"]


def test_the_hash_does_not_depend_on_the_order_of_sheets(huantai: Campaign) -> None:
    """An office may move them."""
    sheets = read_bytes("a.xlsx", good(huantai, "索镇"), huantai).sheets
    both = [(sheet, check(sheet, huantai)) for sheet in sheets]
    assert contents_hash(both) == contents_hash(reversed(both))
    assert contents_hash(both) != contents_hash(both[1:])


def test_contents_hold_what_stands_beside_the_scores(huantai: Campaign) -> None:
    """Another reason or another self-assessment is a change; in Huantai's form the hash is as it was."""
    campaign = with_columns(huantai)

    def hashed(reason: str, own: float) -> str:
        sheet = score_sheet(campaign.communities[0], campaign, GOOD)
        first, *others = sheet.lines
        line = replace(
            first, columns=(cell("G4", own), None, first.score), entries=(cell("I4", reason), None)
        )
        sheet = replace(sheet, lines=(line, *others))
        return contents_hash([(sheet, check(sheet, campaign))])

    assert len({hashed("", 1.0), hashed("缺1份", 1.0), hashed("", 2.0)}) == 3
    assert hashed(" 缺1份", 1.0) == hashed("缺1份", 1.0)
