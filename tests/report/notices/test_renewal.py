"""The folder of notices from one merge to the next."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from greenxl.campaign.model import Campaign
from greenxl.errors import GreenxlError
from greenxl.journals import open_journal
from greenxl.report.notices.journal import NOTICES_LOG, read_notices
from greenxl.report.notices.renewal import RenewedNotices, renew_notices
from tests.tools.campaigns import without_towns
from tests.tools.reports import all_of
from tests.tools.rounds import Given, round_of

DAY, LATER = date(2021, 10, 9), date(2021, 10, 20)
NAMES = ("城区街道", "果里镇", "索镇", "各部门")
CITY, VILLAGE, OTHER, ALL = (f"{name}-整改通知-2021.xlsx" for name in NAMES)
DATED = "索镇-整改通知-2021-10-20.xlsx"


def scores(campaign: Campaign, **totals: int) -> Given:
    """Return the same score for each criterion of a town's units; others returned nothing."""
    return {
        unit: values
        for town, score in totals.items()
        for unit, values in all_of(score, campaign.communities_of(town)).items()
    }


def renewed(
    campaign: Campaign, given: Given, folder: Path, day: date = DAY, *, in_round: bool = True
) -> RenewedNotices:
    _result, tables = round_of(campaign, given)
    report = folder / "report" / f"汇总-{day}.xlsx"
    return renew_notices(campaign, tables, report, day, folder if in_round else None)


def place(folder: Path) -> Path:
    return folder / "report" / "整改通知"


def type_into(path: Path) -> bytes:
    """Type a measure into a notice, as a town does in its office; return the file."""
    book = openpyxl.load_workbook(path)
    book["整改任务"]["K4"] = "十月底前补齐"
    book.save(path)
    return path.read_bytes()


def test_each_town_with_something_to_do_gets_a_notice(huantai: Campaign, tmp_path: Path) -> None:
    """And the departments get theirs; a town where all is well gets none, and is named."""
    done = renewed(huantai, scores(huantai, 索镇=3, 果里镇=5), tmp_path)
    assert [path.name for path in done.written] == [CITY, OTHER, ALL]
    assert sorted(path.name for path in place(tmp_path).iterdir()) == sorted([CITY, OTHER, ALL])
    assert (done.clear, done.unchanged, done.retired, done.in_the_way) == (("果里镇",), (), (), ())


def test_where_nothing_was_lost_the_departments_get_none(huantai: Campaign, tmp_path: Path) -> None:
    """Towns that returned nothing are asked to; no department can see to that."""
    assert [path.name for path in renewed(huantai, {}, tmp_path).written] == [CITY, VILLAGE, OTHER]


def test_units_without_towns_get_a_notice_each(huantai: Campaign, tmp_path: Path) -> None:
    """Under their own names."""
    campaign = without_towns(huantai)
    first, *others = campaign.communities
    done = renewed(campaign, all_of(5, others) | {first: [3] * 20}, tmp_path)
    assert [path.name for path in done.written] == [f"{first.name}-整改通知-2021.xlsx", ALL]


def test_what_holds_the_same_stays_the_same_file(huantai: Campaign, tmp_path: Path) -> None:
    """On another day, too: the day alone makes no other notice."""
    given = scores(huantai, 索镇=3)
    renewed(huantai, given, tmp_path)
    before = {path: path.read_bytes() for path in place(tmp_path).iterdir()}
    done = renewed(huantai, given, tmp_path, LATER)
    assert (done.written, len(done.unchanged)) == ((), 4)
    assert {path: path.read_bytes() for path in place(tmp_path).iterdir()} == before


def test_what_nobody_typed_into_is_renewed(huantai: Campaign, tmp_path: Path) -> None:
    """Under its name; what is settled by then goes to the settled ones."""
    renewed(huantai, scores(huantai, 索镇=3), tmp_path)
    done = renewed(huantai, scores(huantai, 索镇=2, 果里镇=5), tmp_path, LATER)
    assert [path.name for path in done.written] == [OTHER, ALL]
    assert done.retired == (place(tmp_path) / "已了结" / VILLAGE,)
    assert done.retired[0].is_file()
    assert not (place(tmp_path) / VILLAGE).exists()


def test_what_somebody_typed_stays(huantai: Campaign, tmp_path: Path) -> None:
    """The new notice is beside it under a dated name, and is renewed itself while nobody types into it."""
    renewed(huantai, scores(huantai, 索镇=3), tmp_path)
    typed = type_into(place(tmp_path) / OTHER)
    done = renewed(huantai, scores(huantai, 索镇=2), tmp_path, LATER)
    assert done.in_the_way == ((place(tmp_path) / OTHER, place(tmp_path) / DATED),)
    third = renewed(huantai, scores(huantai, 索镇=1), tmp_path, LATER)
    assert place(tmp_path) / DATED in third.written
    settled = renewed(huantai, scores(huantai, 索镇=5), tmp_path, LATER)
    assert place(tmp_path) / "已了结" / DATED in settled.retired
    assert (place(tmp_path) / OTHER).read_bytes() == typed
    notice = read_notices(tmp_path).of("索镇")
    assert notice is None


def test_a_town_goes_on_in_its_file_while_nothing_changed(huantai: Campaign, tmp_path: Path) -> None:
    """No second notice beside the one that is being filled in."""
    renewed(huantai, scores(huantai, 索镇=3), tmp_path)
    typed = type_into(place(tmp_path) / OTHER)
    done = renewed(huantai, scores(huantai, 索镇=3), tmp_path, LATER)
    assert (done.written, done.in_the_way) == ((), ())
    assert (place(tmp_path) / OTHER).read_bytes() == typed


def test_a_run_that_was_stopped_is_made_up_for(
    huantai: Campaign, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What it wrote is known as greenxl's own, and what it did not write is written by the next."""
    renewed(huantai, scores(huantai, 索镇=3), tmp_path)
    given = scores(huantai, 索镇=2, 城区街道=3)

    def stopped(target: Path, data: bytes) -> None:
        if target.name == OTHER:
            raise GreenxlError("the disk is full")
        target.write_bytes(data)

    with monkeypatch.context() as patch:
        patch.setattr("greenxl.report.notices.renewal.write_whole", stopped)
        with pytest.raises(GreenxlError):
            renewed(huantai, given, tmp_path, LATER)
    done = renewed(huantai, given, tmp_path, LATER)
    assert done.in_the_way == ()
    assert {OTHER, ALL} <= {path.name for path in done.written}
    assert sorted(path.name for path in place(tmp_path).iterdir()) == sorted([CITY, VILLAGE, OTHER, ALL])


def test_outside_of_a_round_nothing_is_replaced(huantai: Campaign, tmp_path: Path) -> None:
    """There is no journal by which a file would be known."""
    renewed(huantai, scores(huantai, 索镇=3), tmp_path, in_round=False)
    before = (place(tmp_path) / OTHER).read_bytes()
    done = renewed(huantai, scores(huantai, 索镇=2), tmp_path, LATER, in_round=False)
    assert (place(tmp_path) / OTHER, place(tmp_path) / DATED) in done.in_the_way
    assert (place(tmp_path) / OTHER).read_bytes() == before
    assert not (tmp_path / NOTICES_LOG).exists()


def test_two_runs_at_once_do_not_share_the_journal(huantai: Campaign, tmp_path: Path) -> None:
    """The second says so, and writes nothing."""
    with (
        open_journal(tmp_path / NOTICES_LOG),
        pytest.raises(GreenxlError, match="another greenxl is running"),
    ):
        renewed(huantai, scores(huantai, 索镇=3), tmp_path)
    assert not place(tmp_path).exists()


def test_a_mail_knows_what_is_asked_of_whom(huantai: Campaign, tmp_path: Path) -> None:
    """The most urgent first; units that have nothing to do are not named."""
    units = huantai.communities_of("索镇")
    given = all_of(5, units[:3]) | {units[1]: [3] * 20, units[2]: [*[5] * 19, 0]}
    campaign = replace(huantai, notice_share=50)
    renewed(campaign, given, tmp_path)
    notice = read_notices(tmp_path).of("索镇")
    assert notice
    assert notice.listed == 6
    assert [(one.name, one.status, one.wanted) for one in notice.units] == [
        (units[1].name, "未达标", "差20分，须整改20处"),
        *((unit.name, "未报送", "请尽快报送") for unit in units[3:]),
        (units[2].name, "达标", "重点失分1处"),
    ]
