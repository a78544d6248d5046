"""A wrong campaign is refused with every fault at once, each with its table, row and remedy."""

import csv
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from greenxl.campaign.checks import campaign_of, load
from greenxl.campaign.model import Campaign
from greenxl.campaign.tables import read_tables, shipped
from greenxl.catalogue import CATALOGUE, ERROR, Subject
from greenxl.errors import CampaignError

SHIPPED = Path(str(shipped()))

Edit = Callable[[list[list[str]]], object]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(
        shutil.copytree(SHIPPED, tmp_path / "campaign", ignore=shutil.ignore_patterns("*.py", "mail"))
    )


def edit(file: Path, change: Edit) -> None:
    with file.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.reader(stream))
    change(rows)
    with file.open("w", encoding="utf-8", newline="") as stream:
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
        "roster.csv, row 23: the community “宝龙社区” of 城区街道 is in row 2 too. "
        "Delete one of the rows, or the alias.",
    ),
    "number taken": (
        "roster",
        lambda rows: rows.append(["21", "城区街道", "新社区", "", ""]),
        "roster.csv, row 23: the number 21 is in row 22 too. Give every community its own.",
    ),
    "unknown town": (
        "roster",
        set_cell(2, 1, "唐山镇"),
        "roster.csv, row 2: the town “唐山镇” is not in the table of towns. "
        "Perhaps this is meant: 城区街道、果里镇、索镇. Correct the name, or add the town there.",
    ),
    "misspelled town": (
        "roster",
        lambda rows: [row.__setitem__(1, "城区街到") for row in rows[1:15]],
        "roster.csv, rows 2, 3, 4, 5, 6 … (14 in all): the town “城区街到” is not in the table of towns. "
        "Perhaps this is meant: 城区街道. Correct the name, or add the town there.",
    ),
    "unknown group": (
        "departments",
        set_cell(3, 0, "绿色设施"),
        "departments.csv, row 3: the group “绿色设施” is not in the standard. "
        "Write it as there, or delete the row.",
    ),
    "departments of another standard": (
        "departments",
        lambda rows: [row.__setitem__(0, f"第{n}项") for n, row in enumerate(rows[1:], 1)],
        "departments.csv, rows 2, 3, 4, 5, 6: the group “第1项、第2项、第3项、第4项、第5项” "
        "is not in the standard. Write it as there, or delete the row.",
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
        "Number the criteria 1, 2, 3 … without a gap, or leave all numbers empty.",
    ),
    "numbers that begin at 2": (
        "standard",
        lambda rows: [row.__setitem__(1, str(n)) for n, row in enumerate(rows[1:], 2)],
        "standard.csv, row 2: the number is “2” where 1 must follow. "
        "Number the criteria 1, 2, 3 … without a gap, or leave all numbers empty.",
    ),
    "a number twice": (
        "standard",
        lambda rows: [row.__setitem__(1, str(n)) for n, row in enumerate(rows[5:], 4)],
        "standard.csv, row 6: the number is “4” where 5 must follow. "
        "Number the criteria 1, 2, 3 … without a gap, or leave all numbers empty.",
    ),
    "sum that differs": (
        "standard",
        lambda rows: rows.append(["合计分值", "", "", "105"]),
        "standard.csv, row 22: the row “合计分值” says 105, but the points above it add up to 100. "
        "Correct the points or the sum.",
    ),
    "sum of a group that differs": (
        "standard",
        lambda rows: rows.insert(10, ["", "", "小 计", "20"]),
        "standard.csv, row 11: the row “小 计” says 20, but the points above it add up to 45. "
        "Correct the points or the sum.",
    ),
    "pass words of one word": (
        "settings",
        lambda rows: rows.append(["达标用语", "合格"]),
        "settings.csv, row 20: “pass_words” is “合格”. Give two different short words, such as 达标、未达标.",
    ),
    "a unit that no sheet can be named by": (
        "settings",
        lambda rows: rows.append(["对象", "学校/幼儿园"]),
        "settings.csv, row 20: “unit” is “学校/幼儿园”. Give a word of ten characters at most, "
        "without any of [ ] : * ? / \\ '{} and quotation marks.",
    ),
    "neither yes nor no": (
        "settings",
        lambda rows: rows.append(["失分须写原因", "视情况"]),
        "settings.csv, row 20: “reason_required” is “视情况”. Write 是 or 否, or leave it blank.",
    ),
    "missing column": (
        "roster",
        drop_column(2),
        "roster.csv, row 1: the column “community” is missing. Add it to the header row.",
    ),
    "missing column under another name": (
        "roster",
        set_cell(1, 2, "comunity"),
        "roster.csv, row 1: the column “comunity” is not known. Perhaps this is meant: community. "
        "Correct the heading, or move the column to a sheet of your own.",
    ),
    "column of one's own": (
        "towns",
        lambda rows: [row.append("x") for row in rows],
        "towns.csv, row 1: the column “x” is not known. "
        "Perhaps this is meant: order、town、aliases、urban_total、contact、email. "
        "Correct the heading, or move the column to a sheet of your own.",
    ),
    "column without a heading": (
        "towns",
        lambda rows: rows[2].extend(["", "问过"]),
        "towns.csv, row 1: column H holds something, but has no heading. "
        "Give it one, or move it to a sheet of your own.",
    ),
    "column twice": (
        "towns",
        lambda rows: [row.append(text) for row, text in zip(rows, ("邮箱", "", "", ""), strict=True)],
        "towns.csv, row 1: the heading “email” is there twice. Keep one of the columns.",
    ),
    "formula without a value": (
        "settings",
        set_cell(3, 1, "=B5&C5"),
        "settings.csv, row 3: “title” is the formula =B5&C5 without a value. "
        "Open the file in Excel or WPS and save it, or type the value.",
    ),
    "percent of 3000": (
        "targets",
        set_cell(2, 1, "3000"),
        "targets.csv, row 2: the target is “3000” percent. Give a whole number from 1 to 100.",
    ),
    "mail address of a link": (
        "recipients",
        set_cell(2, 1, "mailto:a@example.cn "),
        "recipients.csv, row 2: “mailto:a@example.cn” is more than a mail address, or typed in full-width "
        "characters. Write only a@example.cn.",
    ),
    "two mail addresses": (
        "towns",
        set_cell(2, 5, "a@example.cn；b@example.cn"),
        "towns.csv, row 2: “a@example.cn；b@example.cn” is more than one mail address. Keep one; it can pass "
        "mails on to the others.",
    ),
    "mail address without @": (
        "recipients",
        set_cell(2, 1, "leader.example.cn"),
        "recipients.csv, row 2: “leader.example.cn” is not a mail address. "
        "Write one like name@example.cn, or leave it blank.",
    ),
    "unknown setting": (
        "settings",
        lambda rows: rows.append(["xyz", "green"]),
        "there is no setting “xyz”, and none like it. Correct its name or delete the row.",
    ),
    "misspelled setting": (
        "settings",
        set_cell(7, 0, "达标分数"),
        "settings.csv, row 7: there is no setting “达标分数”. Perhaps “pass_score” is meant. "
        "Correct its name or delete the row.",
    ),
    "no value": (
        "settings",
        set_cell(3, 1, ""),
        "settings.csv, row 3: the setting “title” has no value. Fill it in.",
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
    "setting twice": (
        "settings",
        lambda rows: rows.append(["标题", "别的"]),
        "the setting “标题” is there twice. Delete one of the rows.",
    ),
    "bad code": (
        "settings",
        set_cell(2, 1, "Huantai 2021"),
        "settings.csv, row 2: the code is “Huantai 2021”. "
        "Use only lower-case English letters, digits and hyphens.",
    ),
    "pass mark no number": (
        "settings",
        set_cell(7, 1, "八十"),
        "settings.csv, row 7: “pass_score” is “八十”. Give a number above 0 with two decimals at most.",
    ),
    "pass mark above the total": (
        "settings",
        set_cell(7, 1, "100.01"),
        "settings.csv, row 7: the pass mark 100.01 is above the total 100. Correct one of them.",
    ),
    "community without a name": (
        "roster",
        set_cell(2, 2, ""),
        "roster.csv, row 2: “community” is empty. Fill it in or delete the row.",
    ),
    "group interrupted": (
        "standard",
        set_cell(21, 0, "营造社区宜居环境"),
        "standard.csv, row 21: the group “营造社区宜居环境” is interrupted by another group. "
        "Keep its criteria together.",
    ),
    "criterion twice": (
        "standard",
        lambda rows: rows[2].__setitem__(2, rows[1][2]),
        "standard.csv, row 3: the criterion is the same as in row 2. Word it differently or delete one.",
    ),
    "group of departments twice": (
        "departments",
        repeat(2),
        "departments.csv, row 7: the group “建立健全社区人居环境建设和整治机制” is there twice. "
        "Put its departments in one row.",
    ),
    "number of a community": (
        "roster",
        set_cell(2, 0, "一"),
        "roster.csv, row 2: the number is “一”. Give a whole number.",
    ),
    "pilot": (
        "roster",
        set_cell(2, 3, "也许"),
        "roster.csv, row 2: “pilot” is “也许”. Write 是 for a pilot community, nothing for others.",
    ),
    "order of a town": (
        "towns",
        set_cell(2, 0, "先"),
        "towns.csv, row 2: the order is “先”. Give a whole number.",
    ),
    "two towns of one name": (
        "towns",
        set_cell(3, 2, "索镇街道"),
        "towns.csv, row 4: the name or alias “索镇街道” is in row 3 too. A name can mean one town only.",
    ),
    "urban total": (
        "towns",
        set_cell(2, 3, "0"),
        "towns.csv, row 2: the number of urban communities is “0”. "
        "Give a whole number above 0, or leave it blank.",
    ),
    "year of a target twice": (
        "targets",
        repeat(2),
        "targets.csv, row 4: the year 2021 is there twice. Delete one of the rows.",
    ),
    "role": (
        "recipients",
        set_cell(2, 2, "同事"),
        "recipients.csv, row 2: the role is “同事”. Write leadership (领导) or authority (主管部门).",
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
    (folder / "settings.csv").unlink()
    edit(folder / "targets.csv", set_cell(2, 1, "3000"))
    edit(folder / "roster.csv", repeat(2))
    found = faults(folder)
    assert "设置: the table is missing. Add the sheet “设置” or the file settings.csv." in found
    assert sum("3000" in fault for fault in found) == 1
    assert sum("is in row 2 too" in fault for fault in found) == 2
    assert len(found) == 4


def test_every_fault_of_a_table_is_tried(folder: Path) -> None:
    """The catalogue's codes of campaigns, but those that another test or room produces."""
    codes = set()
    for table, change, _message in FAULTS.values():
        edit(folder / f"{table}.csv", change)
        with pytest.raises(CampaignError) as refused:
            load(folder)
        codes |= {fault.code for fault in refused.value.faults}
        shutil.copy(SHIPPED / f"{table}.csv", folder)
    elsewhere = {
        *("campaign-encoding", "campaign-missing", "campaign-suffix", "campaign-unreadable"),
        *("campaign-unusable", "campaign-no-tables", "email-missing", "town-file-name"),
        *("table-missing", "table-empty", "table-misnamed", "table-twice"),
    }
    faults = {c: e for c, e in CATALOGUE.items() if e.subject is Subject.CAMPAIGN and e.severity is ERROR}
    assert codes | elsewhere == faults.keys()


def test_towns_whose_blanks_would_share_a_file_name_are_a_fault(folder: Path) -> None:
    """Names that differ only in what no file name may have."""
    for number, town in ((2, "果里:镇"), (3, "果里/镇")):
        edit(folder / "towns.csv", set_cell(number + 1, 1, town))
    edit(folder / "roster.csv", lambda rows: [row.__setitem__(1, "果里:镇") for row in rows[15:18]])
    edit(folder / "roster.csv", lambda rows: [row.__setitem__(1, "果里/镇") for row in rows[18:]])
    assert faults(folder) == (
        "towns.csv, row 4: the names “果里/镇” and “果里:镇” differ only in characters that no file name may "
        "have, so that their workbooks would replace each other. Write one of them differently.",
    )


def test_an_empty_table_is_a_fault_unless_it_may_be_empty(folder: Path) -> None:
    """A round may have no targets, departments and recipients; it needs a roster."""
    for table in ("targets", "departments", "recipients", "roster"):
        edit(folder / f"{table}.csv", lambda rows: rows.__delitem__(slice(1, None)))
    assert faults(folder) == ("roster.csv: the table has no rows. Fill it in.",)


def test_a_fault_does_not_hide_another_of_its_row(folder: Path) -> None:
    """What each value says comes first, then what they have to do with each other."""
    edit(folder / "roster.csv", set_cell(2, 0, "一"))
    edit(folder / "roster.csv", set_cell(2, 1, "唐山镇"))
    edit(folder / "roster.csv", set_cell(2, 3, "也许"))
    edit(folder / "settings.csv", set_cell(6, 1, "二〇二一"))
    with pytest.raises(CampaignError) as refused:
        load(folder)
    codes = [fault.code for fault in refused.value.faults]
    assert codes == ["number-bad", "pilot-bad", "roster-town-unknown", "year-bad"]


def test_a_year_that_no_calendar_has_is_a_fault(folder: Path) -> None:
    """Although the deadline would be made of it."""
    edit(folder / "settings.csv", set_cell(6, 1, "1000000"))
    edit(folder / "settings.csv", set_cell(9, 1, ""))
    assert faults(folder) == ("settings.csv, row 6: the year is “1000000”. Give four digits, such as 2021.",)


def test_the_deadline_is_30_september_where_none_is_set(folder: Path) -> None:
    """The plan sets none for score sheets."""
    edit(folder / "settings.csv", set_cell(9, 1, ""))
    assert str(load(folder).deadline) == "2021-09-30"


def test_another_campaign_needs_no_change_of_code(other: Campaign) -> None:
    """Unequal and decimal points, sixteen criteria, another pass mark, Chinese headings, urban totals."""
    assert other.id == "qingyuan-2023"
    assert len(other.criteria) == 16
    assert str(other.criteria[1].points) == "7.5"
    assert [other.pass_score, other.max_score] == [70, 110]
    assert [t.name for t in other.towns] == ["东城街", "洲心街"]
    assert other.target_percent is None
    assert str(other.deadline) == "2023-11-05"
    assert other.labels.total == "合计分值"


def test_rows_come_in_the_order_of_their_numbers() -> None:
    """Towns by their order, communities by number, whatever the order of the rows."""
    tables = read_tables(shipped())
    for name in ("towns", "roster"):
        tables[name] = replace(tables[name], rows=tables[name].rows[::-1])
    assert campaign_of(tables, "reversed") == load(shipped())
