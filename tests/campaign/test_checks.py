"""Campaigns load from folders and workbooks alike, and a wrong one is refused with every fault at once."""

import csv
import shutil
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from greenxl.campaign.checks import load, parse
from greenxl.campaign.model import Campaign
from greenxl.campaign.tables import read_tables, shipped, with_year
from greenxl.campaign.workbook import campaign_workbook
from greenxl.errors import CampaignError
from tests.conftest import SAMPLES

HERE = Path(__file__).parent.parent
SHIPPED = Path(str(shipped()))

Edit = Callable[[list[list[str]]], None]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(
        shutil.copytree(SHIPPED, tmp_path / "campaign", ignore=shutil.ignore_patterns("*.py", "mail"))
    )


def edit(file: Path, change: Edit, encoding: str = "utf-8") -> None:
    with file.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.reader(stream))
    change(rows)
    with file.open("w", encoding=encoding, newline="") as stream:
        csv.writer(stream).writerows(rows)


def faults(path: Path) -> tuple[str, ...]:
    with pytest.raises(CampaignError) as refused:
        load(path)
    return tuple(fault.line() for fault in refused.value.faults)


def set_cell(row: int, column: int, text: str) -> Edit:
    def change(rows: list[list[str]]) -> None:
        rows[row - 1][column] = text

    return change


def repeat(row: int) -> Edit:
    return lambda rows: rows.append(rows[row - 1])


def drop_column(column: int) -> Edit:
    def change(rows: list[list[str]]) -> None:
        for row in rows:
            del row[column]

    return change


FAULTS = {
    "duplicate community": (
        "roster",
        lambda rows: rows.append(["22", "城区街道", " 宝龙 社区", "", ""]),
        "roster.csv, row 23: the community “宝龙社区” of 城区街道 stands in row 2 too. "
        "Delete one of the rows, or the alias.",
    ),
    "number taken": (
        "roster",
        lambda rows: rows.append(["21", "城区街道", "新社区", "", ""]),
        "roster.csv, row 23: the number 21 stands in row 22 too. Give every community its own.",
    ),
    "unknown town": (
        "roster",
        set_cell(2, 1, "唐山镇"),
        "roster.csv, row 2: the town “唐山镇” is not in the table of towns. "
        "Add it there or correct the name.",
    ),
    "unknown group": (
        "departments",
        set_cell(3, 0, "绿色设施"),
        "departments.csv, row 3: the group “绿色设施” is not in the standard. Write it as there.",
    ),
    "points and total": (
        "standard",
        set_cell(2, 3, "6"),
        "settings.csv, row 8: the stated total is 100, but the points of the standard add up to 101. "
        "Correct the points or the total.",
    ),
    "points no number": (
        "standard",
        set_cell(2, 3, "5.001"),
        "standard.csv, row 2: the points are “5.001”. Give a number above 0 with two decimals at most.",
    ),
    "gap in numbers": (
        "standard",
        set_cell(4, 1, "4"),
        "standard.csv, row 4: the number is “4” where 3 must follow. "
        "Number the criteria 1, 2, 3 … without a gap.",
    ),
    "missing column": (
        "roster",
        drop_column(2),
        "roster.csv, row 1: the column “community” (社区) is missing. Add it to the header row.",
    ),
    "percent of 3000": (
        "targets",
        set_cell(2, 1, "3000"),
        "targets.csv, row 2: the target is “3000” percent. Give a whole number from 1 to 100.",
    ),
    "mail address without @": (
        "recipients",
        set_cell(2, 1, "leader.example.cn"),
        "recipients.csv, row 2: “leader.example.cn” is no mail address. "
        "Write one like name@example.cn, or leave it blank.",
    ),
    "unknown setting": (
        "settings",
        lambda rows: rows.append(["colour", "green"]),
        "there is no setting “colour”. Correct its name or delete the row.",
    ),
    "no value": (
        "settings",
        set_cell(3, 1, ""),
        "settings.csv, row 3: the setting “title” (标题) has no value. Fill it in.",
    ),
    "bad year": (
        "settings",
        set_cell(6, 1, "二〇二一"),
        "settings.csv, row 6: the year is “二〇二一”. Give four digits, such as 2021.",
    ),
    "bad deadline": (
        "settings",
        set_cell(9, 1, "2021-02-30"),
        "settings.csv, row 9: the deadline is “2021-02-30”. Write a date like 2021-09-30, or leave it blank.",
    ),
    "unused town": (
        "towns",
        lambda rows: rows.append(["4", "唐山镇", "", "", "", ""]),
        "towns.csv, row 5: the town “唐山镇” has no community in the roster. "
        "Add its communities or delete the row.",
    ),
    "urban total too low": (
        "towns",
        set_cell(2, 3, "13"),
        "towns.csv, row 2: the town has 13 urban communities but 14 in the roster. Correct one of them.",
    ),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_named_with_its_table_row_and_remedy(folder: Path, name: str) -> None:
    """Each kind of fault refuses the campaign with one whole message."""
    table, change, message = FAULTS[name]
    edit(folder / f"{table}.csv", change)
    found = faults(folder)
    assert any(fault == message or fault.endswith(f": {message}") for fault in found), found
    assert len(found) == 1


def test_every_fault_is_told_at_once(folder: Path) -> None:
    """A missing table, a bad percent and a duplicate come in one refusal."""
    (folder / "departments.csv").unlink()
    edit(folder / "targets.csv", set_cell(2, 1, "3000"))
    edit(folder / "roster.csv", repeat(2))
    found = faults(folder)
    assert "departments: the table is missing. Add the sheet “涉及部门” or the file departments.csv." in found
    assert sum("3000" in fault for fault in found) == 1
    assert sum("stands in row 2 too" in fault for fault in found) == 2


def test_the_workbook_loads_as_the_folder_does(tmp_path: Path) -> None:
    """The tables written as campaign.xlsx give the same campaign as the CSV files."""
    for source in (SHIPPED, HERE / "campaigns" / "other"):
        book = tmp_path / "campaign.xlsx"
        book.write_bytes(campaign_workbook(read_tables(source)))
        assert load(book) == load(source)


def test_a_round_folder_is_its_campaign(tmp_path: Path) -> None:
    """Who names the folder of a round means the campaign.xlsx in it."""
    (tmp_path / "campaign.xlsx").write_bytes(campaign_workbook(read_tables(SHIPPED)))
    assert load(tmp_path) == load(SHIPPED)


def test_a_csv_saved_by_excel_on_chinese_windows_loads(folder: Path) -> None:
    """GB18030 and a byte order mark are understood."""
    edit(folder / "roster.csv", lambda rows: None, encoding="gb18030")
    edit(folder / "standard.csv", lambda rows: None, encoding="utf-8-sig")
    assert load(folder) == load(SHIPPED)


def test_another_campaign_needs_no_change_of_code(other: Campaign) -> None:
    """Unequal and decimal points, sixteen criteria, another pass mark, Chinese headings, urban totals."""
    assert other.id == "qingyuan-2023"
    assert len(other.criteria) == 16
    assert other.criteria[1].points == Decimal("7.5")
    assert [other.pass_score, other.max_score] == [70, 110]
    assert [t.name for t in other.towns] == ["东城街", "洲心街"]
    assert other.target_percent is None
    assert str(other.deadline) == "2023-11-05"
    assert other.find_communities("沙田 村")[0].name == "沙田社区"
    assert [c.town for c in other.find_communities("莲塘社区")] == ["东城街", "洲心街"]
    assert other.labels.total == "合计分值"


def test_another_year_moves_year_and_deadline() -> None:
    """with_year changes the year, the id and a stated deadline, and nothing else."""
    later = parse(with_year(read_tables(HERE / "campaigns" / "other"), 2024), "later")
    assert (later.id, str(later.deadline)) == ("qingyuan-2024", "2024-11-05")
    assert parse(with_year(read_tables(shipped()), 2022), "later").target_percent == 60


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("nowhere", None, "there is no campaign here"),
        ("campaign.txt", b"x", "this is no campaign workbook"),
        ("campaign.xlsx", b"PK\x03\x04junk", "the workbook cannot be read"),
    ],
    ids=["missing", "suffix", "junk"],
)
def test_what_is_no_campaign_is_refused_in_one_sentence(
    tmp_path: Path, name: str, content: bytes | None, said: str
) -> None:
    """A wrong path names itself and says what to do."""
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(CampaignError, match=said):
        load(tmp_path / name)


def test_the_hash_of_the_standard_changes_with_any_point(folder: Path) -> None:
    """Two standards that differ in one criterion's points have different hashes."""
    before = load(folder).standard_hash
    edit(folder / "standard.csv", set_cell(2, 3, "4"))
    edit(folder / "standard.csv", set_cell(3, 3, "6"))
    assert load(folder).standard_hash != before


def test_a_cut_off_workbook_is_one_sentence(tmp_path: Path) -> None:
    """Its reader panics over such a beginning, which is no Exception."""
    [whole] = (SAMPLES / "returned").glob("*.xls")
    (tmp_path / "c.xls").write_bytes(whole.read_bytes()[:519])
    with pytest.raises(CampaignError, match=r"c\.xls: the workbook cannot be read"):
        load(tmp_path / "c.xls")
