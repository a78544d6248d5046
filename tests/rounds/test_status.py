from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from greenxl.campaign.model import Campaign
from greenxl.form.layout import IDENTITY_SHEET
from greenxl.rounds.evaluate import Round, merge
from greenxl.rounds.status import Event, Standing, Whole, reported, standings, wanting
from tests.conftest import SAMPLES

MOMENT = datetime(2021, 9, 20, 8, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def returned(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The samples, 果里镇's as a mail brought it, 索镇's with a broken file beside, a temporary one."""
    folder = tmp_path_factory.mktemp("round") / "returned"
    for town, name in (
        ("城区街道", "城区街道-评分表-2021.xlsx"),
        ("果里镇", "果里镇-评分表-2021.xls"),
        ("索镇", "索镇-评分表-2021.ods"),
    ):
        (folder / town).mkdir(parents=True)
        (folder / town / name).write_bytes((SAMPLES / "returned" / name).read_bytes())
    (folder / "索镇" / "坏.xlsx").write_bytes(b"")
    (folder / "果里镇" / "~$果里镇.xlsx").write_bytes(b"open in Excel")
    return folder


@pytest.fixture(scope="module")
def result(huantai: Campaign, returned: Path) -> Round:
    return merge(huantai, [returned])


def sent(kind: str, name: str, *states: str) -> list[dict[str, str]]:
    return [
        {"kind": kind, "name": name, "state": state, "time": f"2021-09-0{day}T08:00:00+08:00"}
        for day, state in enumerate(states, 1)
    ]


def test_each_town_stands_where_its_journals_and_files_say(result: Round, returned: Path) -> None:
    """Blank sent when, returned when and how, accepted, errors, missing, reminded when: one line per town."""
    log = [*sent("blank", "城区街道", "sending", "sent"), *sent("reminders", "城区街道", "sending")]
    path = (returned / "果里镇" / "果里镇-评分表-2021.xls").as_posix()
    mailed: list[dict[str, Any]] = [{"day": "20210915", "files": [{"file": path}]}, {"uids": [1, 2]}]
    saved = {entry.file: MOMENT for entry in result.entries}
    town, village, other = standings(result, log, mailed, saved)
    assert town == Standing(
        "城区街道",
        Event("2021-09-02T08:00:00+08:00", "sent"),
        Event("2021-09-20T08:00:00+00:00", "file"),
        files=1,
        listed=14,
        accepted=12,
        errors=2,
        missing=("玫瑰城社区",),
        reminded=Event("2021-09-01T08:00:00+08:00", "unknown"),
        sent_back=None,
    )
    assert (village.blank, village.returned) == (None, Event("2021-09-15", "mail"))
    assert village.files == 1
    assert (other.files, other.errors) == (2, 1)


def test_a_file_is_counted_for_the_towns_whose_communities_it_holds(
    huantai: Campaign, returned: Path, tmp_path: Path
) -> None:
    """A workbook typed by hand says no town and lies in no town's folder: its communities tell."""
    book = openpyxl.load_workbook(returned / "城区街道" / "城区街道-评分表-2021.xlsx")
    for sheet in book.worksheets:
        if sheet.title == IDENTITY_SHEET:
            book.remove(sheet)
    book.save(tmp_path / "手工.xlsx")
    found = merge(huantai, [returned, tmp_path / "手工.xlsx"])
    assert [one.files for one in standings(found, [], [], {})] == [2, 1, 2]


def test_errors_are_counted_by_the_cell(huantai: Campaign, returned: Path, tmp_path: Path) -> None:
    """Status and reminder count alike: two wrong cells are two, and so are two in which returns differ."""
    file = returned / "城区街道" / "城区街道-评分表-2021.xlsx"
    book = openpyxl.load_workbook(file)
    for cell in ("E5", "E6"):
        book["西苑社区"][cell] = 1.25
    book.save(tmp_path / "另一份.xlsx")
    for paths, count in (([file], 2), ([file, tmp_path / "另一份.xlsx"], 4)):
        result = merge(huantai, paths)
        assert standings(result, [], [], {})[0].errors == count
        assert wanting(result, huantai.towns)[0].places == count


def test_the_report_stands_with_its_last_answer() -> None:
    """Refused first and sent later is sent; each recipient has its own state."""
    log = [*sent("report", "领导", "sending", "refused", "sending", "sent"), *sent("report", "局", "sending")]
    assert {name: event.how for name, event in reported(log).items()} == {"领导": "sent", "局": "unknown"}


def test_the_document_holds_plain_values(result: Round) -> None:
    """The JSON document has the campaign, a line per town, the report and the links to fetch by hand."""
    whole = Whole(result.campaign, tuple(standings(result, [], [], {})), {}, ("https://x",))
    document = whole.document()
    assert document["campaign"]["id"] == "huantai-2021"
    assert document["towns"][2] == {
        "town": "索镇", "blank": None, "returned": None, "files": 2, "listed": 6, "accepted": 5, "errors": 1,
        "missing": ("五里社区",), "reminded": None, "sent_back": None,
    }  # fmt: skip
    assert document["links"] == ["https://x"]


def test_a_town_owes_what_is_missing_wrong_or_unusable(result: Round, huantai: Campaign) -> None:
    """Missing names, wrong communities and broken files are owed by their town; who is done owes nothing."""
    town, village, other = wanting(result, huantai.towns)
    assert (town.missing, [one.community for one in town.wrong]) == (("玫瑰城社区",), ["宝发社区"])
    assert not village
    assert (other.missing, other.wrong, len(other.files)) == (("五里社区",), (), 1)


def test_a_file_in_a_folder_named_by_an_address_is_its_towns(huantai: Campaign, tmp_path: Path) -> None:
    """Collected files that say no town lie in a folder named for their sender, which tells the town."""
    campaign = replace(
        huantai, towns=tuple(replace(t, email=f"T{n}@x.cn") for n, t in enumerate(huantai.towns))
    )
    (tmp_path / "t1@x.cn").mkdir()
    (tmp_path / "t1@x.cn" / "a.xlsx").write_bytes(b"")
    found = wanting(merge(campaign, [tmp_path]), campaign.towns)
    assert [len(one.files) for one in found] == [0, 1, 0]
