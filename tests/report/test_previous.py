"""An earlier consolidated workbook is read back, however it was saved."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from greenxl.campaign.model import Campaign, Community
from greenxl.errors import GreenxlError, WrongUseError
from greenxl.report.book import consolidate
from greenxl.report.previous import previous_of, read_previous
from tests.conftest import SAMPLES
from tests.tools.office import Office
from tests.tools.reports import earlier
from tests.tools.rounds import Given, drawn, round_of

DAY = date(2021, 9, 1)


def written(folder: Path, campaign: Campaign, given: Given) -> Path:
    path = folder / "old.xlsx"
    path.write_bytes(consolidate(*round_of(campaign, given), DAY))
    return path


@pytest.mark.parametrize(
    "suffix", ["as written", *(pytest.param(s, marks=pytest.mark.slow) for s in (".xlsx", ".xls", ".ods"))]
)
def test_an_earlier_workbook_reads_as_it_was(
    request: pytest.FixtureRequest, tmp_path: Path, huantai: Campaign, suffix: str
) -> None:
    """Statuses, totals and scores come back to the digit, also after LibreOffice saved the file."""
    given = drawn(huantai, 4)
    path = written(tmp_path, huantai, given)
    if suffix != "as written":
        office: Office = request.getfixturevalue("office")
        saved = tmp_path / f"saved{suffix}"
        office.recalculate(path, saved)
        path = saved
    assert read_previous(path) == replace(earlier(huantai, given), file=path.name)


def test_a_workbook_of_another_county_reads_as_well(tmp_path: Path, other: Campaign) -> None:
    """Other words in the form's last row, other groups and points."""
    full = {other.communities[0]: [float(c.points) for c in other.criteria]}
    found = read_previous(written(tmp_path, other, full))
    assert (found.max_score, len(found.criteria)) == (Decimal(110), 16)
    assert found.communities[0].total == Decimal(110)


def test_the_workbook_of_another_county_is_refused(
    tmp_path: Path, huantai: Campaign, other: Campaign
) -> None:
    """Not one of its communities is in the roster: the file, what it holds, what to do."""
    old = written(tmp_path, other, {})
    with pytest.raises(WrongUseError) as refused:
        previous_of(huantai, old)
    names = "、".join(c.name for c in other.communities[:3])
    assert str(refused.value) == (
        f"{old}: none of its 4 communities ({names} …) is in the roster of 桓台县; it is of another "
        "county or campaign. Name an earlier consolidated workbook of this one."
    )
    assert previous_of(other, old) == read_previous(old)


def test_one_common_community_is_enough(tmp_path: Path, huantai: Campaign) -> None:
    """A roster may change almost whole from one year to the next."""
    old = written(tmp_path, huantai, {})
    newcomer = Community(22, "索镇", "新城社区", False)
    campaign = replace(huantai, communities=(huantai.communities[0], newcomer))
    assert previous_of(campaign, old).file == "old.xlsx"


def test_what_is_no_consolidated_workbook_is_refused(tmp_path: Path, huantai: Campaign) -> None:
    """Another workbook, a broken file and a missing one, each with what to do."""
    other = tmp_path / "other.xlsx"
    openpyxl.Workbook().save(other)
    with pytest.raises(WrongUseError, match="this is not a consolidated workbook of greenxl"):
        read_previous(other)
    broken = tmp_path / "broken.xlsx"
    broken.write_bytes(b"PK\x03\x04 no workbook")
    with pytest.raises(GreenxlError, match="the earlier workbook cannot be read"):
        read_previous(broken)
    with pytest.raises(WrongUseError, match="there is no such file"):
        read_previous(tmp_path / "missing.xlsx")


def test_a_cut_off_workbook_is_one_sentence(tmp_path: Path) -> None:
    """Its reader panics over such a beginning, which is no Exception."""
    [whole] = (SAMPLES / "returned").glob("*.xls")
    (tmp_path / "old.xls").write_bytes(whole.read_bytes()[:519])
    with pytest.raises(GreenxlError, match=r"old\.xls: the earlier workbook cannot be read"):
        read_previous(tmp_path / "old.xls")


def test_a_typing_error_is_no_score(tmp_path: Path, huantai: Campaign) -> None:
    """A number that no score can be is taken for none."""
    path = written(tmp_path, huantai, {huantai.communities[0]: [5] * 20})
    book = openpyxl.load_workbook(path)
    for row in book["社区得分"].iter_rows():
        if row[2].value == huantai.communities[0].name:
            row[5].value, row[6].value = 5e30, 4
    book.save(path)
    assert dict(read_previous(path).communities[0].scores)[2] == 4
    assert 1 not in read_previous(path).communities[0].scores
