"""An earlier consolidated workbook is read back, however it was saved, and compared."""

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner

from greenxl.campaign.model import Campaign, Community, Group
from greenxl.cli.app import cli
from greenxl.errors import GreenxlError, WrongUseError
from greenxl.report.book import consolidate
from greenxl.report.previous import Change, Previous, compare, departed, previous_of, read_previous
from greenxl.scoring.tables import points
from tests.conftest import SAMPLES
from tests.tools.office import Office
from tests.tools.rounds import Given, drawn, round_of

DAY = date(2021, 9, 1)
pytestmark = pytest.mark.filterwarnings("ignore:.*extension is not supported:UserWarning")


def written(folder: Path, campaign: Campaign, given: Given) -> Path:
    path = folder / "old.xlsx"
    path.write_bytes(consolidate(*round_of(campaign, given), DAY))
    return path


def compared(old: Path, campaign: Campaign, given: Given) -> dict[str, Change]:
    result, _tables = round_of(campaign, given)
    return {c.community.name: c for c in compare(read_previous(old), campaign, result.choices)}


@pytest.mark.parametrize("suffix", ["as written", ".xlsx", ".xls", ".ods"])
def test_an_earlier_workbook_reads_as_it_was(
    request: pytest.FixtureRequest, tmp_path: Path, huantai: Campaign, suffix: str
) -> None:
    """Statuses, totals and scores come back to the digit, also after LibreOffice saved the file."""
    given = drawn(huantai, 4)
    _result, tables = round_of(huantai, given)
    path = written(tmp_path, huantai, given)
    if suffix != "as written":
        office: Office = request.getfixturevalue("office")
        saved = tmp_path / f"saved{suffix}"
        office.recalculate(path, saved)
        path = saved
    found = read_previous(path)
    assert (found.file, found.as_of, found.max_score) == (path.name, "2021年9月1日", Decimal(100))
    assert list(found.criteria.values()) == list(range(1, 21))
    assert [(c.town, c.community, c.status, c.total) for c in found.communities] == [
        (row["town"], row["community"], row["status"], points(row["total"]))
        for row in tables.communities.to_dict("records")
    ]
    assert [dict(c.scores) for c in found.communities] == [
        {n: score for n in range(1, 21) if (score := points(row[f"c{n}"])) is not None}
        for row in tables.communities.to_dict("records")
    ]


def test_a_workbook_of_another_county_reads_as_well(tmp_path: Path, other: Campaign) -> None:
    """Other words in the form's last row, other groups and points."""
    found = read_previous(
        written(tmp_path, other, {other.communities[0]: [float(c.points) for c in other.criteria]})
    )
    assert (found.max_score, len(found.criteria)) == (Decimal(110), 16)
    assert found.communities[0].total == Decimal(110)


@pytest.mark.parametrize(
    ("then", "now", "returned", "passed", "fallen", "difference"),
    [
        (None, [5] * 20, True, True, False, None),
        (None, [3] * 20, True, False, False, None),
        ([3] * 20, [4.5] * 20, False, True, False, Decimal(30)),
        ([4.5] * 20, [3.25] * 20, False, False, True, Decimal(-25)),
        ([4.5] * 20, [5] * 19 + [None], False, False, True, None),
        ([5] * 20, [4.99] * 20, False, False, False, Decimal("-0.2")),
        ([5] * 20, None, False, False, True, None),
        ([5] * 20, [5] * 20, False, False, False, Decimal(0)),
    ],
    ids=["new and passed", "new and failed", "up", "down", "now incomplete", "a little", "gone", "same"],
)
def test_a_community_is_compared_with_itself(
    tmp_path: Path,
    huantai: Campaign,
    then: list[float] | None,
    now: list[float | None] | None,
    returned: bool,
    passed: bool,
    fallen: bool,
    difference: Decimal | None,
) -> None:
    """Newly returned, newly passed, fallen below, and by how much the total moved."""
    one = huantai.communities[0]
    old = written(tmp_path, huantai, {one: then} if then else {})
    change = compared(old, huantai, {one: now} if now else {})[one.name]
    assert (change.newly_returned, change.newly_passed, change.fallen) == (returned, passed, fallen)
    assert change.withdrawn == (now is None)
    assert change.difference == difference


def test_criteria_are_compared_by_their_words(tmp_path: Path, huantai: Campaign) -> None:
    """A criterion that moved to another number is still itself; one of other words is not compared."""
    one = huantai.communities[0]
    old = written(tmp_path, huantai, {one: [n / 4 for n in range(20)]})
    first, *rest = huantai.groups
    a, b, c, d = first.criteria
    swapped = (replace(a, text=b.text), replace(b, text=a.text), replace(c, text="全新的标准"), d)
    campaign = replace(huantai, groups=(Group(first.name, first.departments, swapped), *rest))
    scores = compared(old, campaign, {one: [5] * 20})[one.name].scores
    assert [scores.get(n) for n in (1, 2, 3, 4)] == [Decimal("0.25"), Decimal(0), None, Decimal("0.75")]


def test_totals_out_of_another_full_score_are_not_compared(tmp_path: Path, huantai: Campaign) -> None:
    """90 of 100 and 90 of 95 are not the same."""
    one = huantai.communities[0]
    old = written(tmp_path, huantai, {one: [4.5] * 20})
    *others, last = huantai.groups
    shorter = replace(huantai, groups=(*others, replace(last, criteria=last.criteria[:-1])))
    change = compared(old, shorter, {one: [4.5] * 19})[one.name]
    assert (change.difference, change.scores[1]) == (None, Decimal("4.5"))


def test_a_roster_may_grow_and_shrink(tmp_path: Path, huantai: Campaign) -> None:
    """A community that was not listed then is new; one that is listed no more is named."""
    old = written(tmp_path, huantai, {})
    newcomer = Community(22, "索镇", "新城社区", False)
    campaign = replace(huantai, communities=(*huantai.communities[1:], newcomer))
    changes = compared(old, campaign, {newcomer: [5] * 20})
    assert changes["新城社区"].then is None
    assert changes["新城社区"].newly_passed
    assert departed(read_previous(old), campaign) == ("宝龙社区",)


def test_the_first_page_and_the_last_sheet_tell_what_changed(tmp_path: Path, huantai: Campaign) -> None:
    """One line on 总览, every community on 变化."""
    one, two, three, four, *_rest = huantai.communities
    old = written(tmp_path, huantai, {one: [3] * 20, two: [5] * 20, four: [4] * 20})
    made = round_of(huantai, {one: [5] * 20, two: [3] * 20, three: [1] * 20, four: [4] * 20})
    new = tmp_path / "new.xlsx"
    new.write_bytes(consolidate(*made, date(2021, 10, 9), read_previous(old)))
    book = openpyxl.load_workbook(new, data_only=True)
    assert book.sheetnames[-1] == "变化"
    words = [c.value for row in book["总览"].iter_rows() for c in row if isinstance(c.value, str)]
    assert [word for word in words if word.startswith("与上次相比")] == [
        "与上次相比（old.xlsx，数据截至2021年9月1日）：新报送1个，新达标1个，不再达标1个，合计分值上升1个，合计分值下降1个，详见“变化”。"
    ]
    rows = [[c.value for c in row] for row in book["变化"].iter_rows(min_row=4, max_row=7)]
    assert [row[2:10] for row in rows] == [
        ["宝龙社区", "未达标", "达标", "—", "新达标", 60, 100, 40],
        ["西苑社区", "达标", "未达标", "—", "不再达标", 100, 60, -40],
        ["兴华社区", "未报送", "未达标", "新报送", "—", None, 20, "—"],
        ["恒星社区", "达标", "达标", "—", "—", 80, 80, 0],
    ]
    assert rows[0][10:] == [2] * 20


def since_line(path: Path) -> str:
    rows = openpyxl.load_workbook(path, data_only=True)["总览"].iter_rows(values_only=True)
    [line] = (str(v) for row in rows for v in row if str(v).startswith("与上次相比"))
    return line.split("：", 1)[1]


def test_what_did_not_change_is_left_out(office: Office, tmp_path: Path, huantai: Campaign) -> None:
    """No zeros beside what improved; nothing at all is said in words; a spread sheet reckons the same."""
    one, two, *_rest = huantai.communities
    old = written(tmp_path, huantai, {one: [4] * 20})
    for given, words in (
        ({one: [4] * 20, two: [5] * 20}, "新报送1个，新达标1个，详见“变化”。"),
        ({one: [4] * 20}, "状态和合计分值都没有变化，详见“变化”。"),
        ({}, "转为未报送1个，不再达标1个，详见“变化”。"),
    ):
        new, anew = tmp_path / "new.xlsx", tmp_path / "anew.xlsx"
        new.write_bytes(consolidate(*round_of(huantai, given), DAY, read_previous(old)))
        assert since_line(new) == words
        office.recalculate(new, anew)
        assert since_line(anew) == words


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


@pytest.mark.parametrize("as_json", [False, True], ids=["console", "json"])
def test_merge_tells_what_changed(tmp_path: Path, huantai: Campaign, as_json: bool) -> None:
    """One line after the rates, or the key “changes” with every community."""
    [returned] = SAMPLES.glob("returned/果里镇*")
    [one] = huantai.communities_of("果里镇")
    old = written(tmp_path, huantai, {one: [1] * 20})
    words = ["merge", str(returned), "-o", str(tmp_path / "new.xlsx"), "--previous", str(old)]
    ran = CliRunner().invoke(cli, [*words, "--json"] if as_json else words)
    assert ran.exit_code == 0, ran.output
    if not as_json:
        line = "Since the earlier workbook: 0 newly returned, 1 newly passed, 0 fallen below."
        assert ran.stdout.splitlines()[3] == line
        return
    changes = json.loads(ran.stdout)["changes"]
    moved = [c for c in changes.pop("communities") if c["status_then"] != "missing"]
    assert changes == {"newly_returned": 0, "newly_passed": 1, "fallen": 0}
    assert [(c["community"], c["total_then"], c["difference"]) for c in moved] == [("鸿嘉社区", 20, 65)]


def test_what_is_no_consolidated_workbook_is_refused(tmp_path: Path, huantai: Campaign) -> None:
    """Another workbook, a broken file and a missing one, each with what to do."""
    other = tmp_path / "other.xlsx"
    openpyxl.Workbook().save(other)
    with pytest.raises(WrongUseError, match="this is no consolidated workbook of greenxl"):
        read_previous(other)
    broken = tmp_path / "broken.xlsx"
    broken.write_bytes(b"PK\x03\x04 no workbook")
    with pytest.raises(GreenxlError, match="the earlier workbook cannot be read"):
        read_previous(broken)
    with pytest.raises(WrongUseError, match="there is no such file"):
        read_previous(tmp_path / "missing.xlsx")


def test_nothing_is_compared_with_an_empty_workbook(huantai: Campaign) -> None:
    """Every community is then unlisted."""
    result, _tables = round_of(huantai, {})
    previous = Previous("old.xlsx", "", None, {}, ())
    assert all(change.then is None for change in compare(previous, huantai, result.choices))


def test_communities_of_one_name_are_told_apart_by_their_towns(tmp_path: Path, huantai: Campaign) -> None:
    """Where one of two namesakes has left the roster, the other keeps its own past."""
    here, there = (
        Community(number, town.name, "和平社区", False) for number, town in enumerate(huantai.towns[:2], 1)
    )
    both = replace(huantai, towns=huantai.towns[:2], communities=(here, there))
    old = written(tmp_path, both, {here: [5] * 20, there: [4] * 20})
    for stays, total in ((here, 100), (there, 80)):
        today = replace(both, communities=(stays,))
        change = compared(old, today, {stays: [5] * 20})["和平社区"]
        assert change.then
        assert (change.then.town, change.then.total) == (stays.town, Decimal(total))
        assert departed(read_previous(old), today) == ("和平社区",)


def test_a_cut_off_workbook_is_one_sentence(tmp_path: Path) -> None:
    """Its reader panics over such a beginning, which is no Exception."""
    [whole] = (SAMPLES / "returned").glob("*.xls")
    (tmp_path / "old.xls").write_bytes(whole.read_bytes()[:519])
    with pytest.raises(GreenxlError, match=r"old\.xls: the earlier workbook cannot be read"):
        read_previous(tmp_path / "old.xls")


def test_a_slip_of_the_keyboard_is_no_score(tmp_path: Path, huantai: Campaign) -> None:
    """A number that no score can be is taken for none."""
    path = written(tmp_path, huantai, {huantai.communities[0]: [5] * 20})
    book = openpyxl.load_workbook(path)
    for row in book["社区得分"].iter_rows():
        if row[2].value == huantai.communities[0].name:
            row[5].value, row[6].value = 5e30, 4
    book.save(path)
    assert dict(read_previous(path).communities[0].scores)[2] == 4
    assert 1 not in read_previous(path).communities[0].scores
