"""A wrong campaign is refused with every fault at once, each with its table, row and remedy."""

import csv
import shutil
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from greenxl.campaign import shipped
from greenxl.campaign.checks import campaign_of, load
from greenxl.campaign.model import LEAST_SCORE, Campaign, Choice, Grade, Kind
from greenxl.campaign.tables import read_tables
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


def add_column(heading: str, texts: dict[int, str]) -> Edit:
    """Return what adds a column that holds these texts, by row."""

    def change(rows: list[list[str]]) -> None:
        for number, row in enumerate(rows, 1):
            row.append(heading if number == 1 else texts.get(number, ""))

    return change


def counties(*names: str) -> Edit:
    """Return the change that gives the towns these counties."""
    return add_column("县（市、区）", dict(enumerate(names, 2)))


def both(*changes: Edit) -> Edit:
    def change(rows: list[list[str]]) -> None:
        for one in changes:
            one(rows)

    return change


OF_OTHER_PROGRAMMES = {
    "an unknown kind": (
        "standard",
        add_column("kind", {3: "奖励"}),
        "standard.csv, row 3: the kind is “奖励”. Write 加分, 扣分 or 条件, or leave it blank.",
    ),
    "a condition with points": (
        "standard",
        add_column("类型", {3: "条件"}),
        "standard.csv, row 3: a condition (条件) has neither points nor choices; it is answered 符合 or "
        "不符合. Leave them empty, or change its kind.",
    ),
    "a veto larger than the points": (
        "standard",
        add_column("veto", {3: "6"}),
        "standard.csv, row 3: a score below 6 fails the unit, but the criterion has only 5 points. "
        "Correct one of them.",
    ),
    "a text that fits no row": (
        "standard",
        add_column("method", {3: "查阅资料，" * 301}),
        "standard.csv, row 3: the text has 1505 characters in 1 lines; a row of the form holds 1500 in 20 "
        "lines. Shorten it, or make two criteria of it.",
    ),
    "choices too varied for a formula": (
        "standard",
        add_column("choices", {row: f"{'完' * 98}{row}=5、{'未' * 98}{row}=0" for row in range(2, 22)}),
        "standard.csv: the form would need a formula of 14387 characters to judge itself; a spreadsheet "
        "takes 8000. Use fewer different choices, vetoes and answers 不适用, or put criteria of one kind "
        "next to each other.",
    ),
    "a veto that is none": (
        "standard",
        add_column("否决", {3: "一票"}),
        "standard.csv, row 3: the veto is “一票”. Write 零分 where a score of 0 fails the unit, "
        "a number above 0 where less than that does, 是 for a condition, or leave it blank.",
    ),
    "a veto of a condition on a score": (
        "standard",
        add_column("veto", {3: "是"}),
        "standard.csv, row 3: the veto “是” does not fit a criterion of this kind (计分): a score can have "
        "零分 or a number, a condition 是, bonus and deductions none. Correct one of them.",
    ),
    "choices below the points": (
        "standard",
        add_column("choices", {3: "4、2、0"}),
        "standard.csv, row 3: the highest choice is 4, but the points are 5. Correct one of them.",
    ),
    "choices that are none": (
        "standard",
        add_column("可选分", {3: "5、五"}),
        "standard.csv, row 3: the choices are “5、五”. Write two scores or more, such as 5、3、0 or "
        "是=5、否=0, each once, in words of 100 characters at most that no spreadsheet takes for a number or "
        "a date (1-2, 50%), without any of < > = * ? ~ and quotation marks.",
    ),
    "what is bonus and need not apply": (
        "standard",
        both(add_column("kind", {3: "加分"}), add_column("not_applicable", {3: "是"})),
        "standard.csv, row 3: what is 加分 cannot be 不适用. "
        "Leave “not_applicable” (可不适用) empty, or change the kind.",
    ),
    "a number of the form's own twice": (
        "standard",
        both(set_cell(2, 1, "1.1"), set_cell(3, 1, "1.1")),
        "standard.csv, row 3: the number “1.1” is in row 2 too. Give every criterion its own; "
        "type one like 1.10 as text, or leave all numbers empty.",
    ),
    "a least score above the points of its group": (
        "departments",
        add_column("minimum", {2: "21"}),
        "departments.csv, row 2: the least score 21 is above the 20 points of the group "
        "“建立健全社区人居环境建设和整治机制”. Correct one of them.",
    ),
    "a least score that is none": (
        "departments",
        add_column("最低分", {2: "六成"}),
        "departments.csv, row 2: the least score is “六成”. Give a number above 0 with two decimals at most.",
    ),
    "a lead that is no department": (
        "departments",
        add_column("牵头部门", {3: "县水务局"}),
        "departments.csv, row 3: the lead department “县水务局” is none of the departments of the row "
        "(县住房和城乡建设局、县水利局、县综合行政执法局、县住房保障事务中心). Write it as there, or add it.",
    ),
    "a counting column that is none": (
        "settings",
        lambda rows: rows.extend([["得分栏", "自评分、县核定分"], ["计分栏", "镇复核分"]]),
        "settings.csv, row 21: the counting column “镇复核分” is none of the score columns "
        "(自评分、县核定分). Write it as there.",
    ),
    "several columns of which none is said to count": (
        "settings",
        lambda rows: rows.append(["得分栏", "自评分、县核定分"]),
        "settings.csv, row 20: there are several score columns (自评分、县核定分), but it is not said which "
        "of them counts. Fill in the setting “counting_column” (计分栏).",
    ),
    "a column that is scored and filled in": (
        "settings",
        lambda rows: rows.extend([["score_columns", "自评分"], ["entry_columns", "扣分原因、自评分"]]),
        "settings.csv, row 20: two columns of the form would be headed “自评分”. Give each its own name in "
        "“score_columns” (得分栏), “entry_columns” (填写栏) and the headings (表头).",
    ),
    "a column to fill in that is headed like the scores": (
        "settings",
        lambda rows: rows.append(["填写栏", "佐证材料、得 分"]),
        "settings.csv, row 20: two columns of the form would be headed “得分”. Give each its own name in "
        "“score_columns” (得分栏), “entry_columns” (填写栏) and the headings (表头).",
    ),
    "scores headed like the points": (
        "settings",
        lambda rows: rows.extend([["得分栏", "标准分（分）、核定分"], ["计分栏", "核定分"]]),
        "settings.csv, row 20: two columns of the form would be headed “标准分（分）”. Give each its own "
        "name in “score_columns” (得分栏), “entry_columns” (填写栏) and the headings (表头).",
    ),
    "a heading longer than any table's": (
        "settings",
        lambda rows: rows.append(["填写栏", "原因、" + "材料" * 51]),
        f"settings.csv, row 20: “entry_columns” is “原因、{'材料' * 28}…”. "
        "Write it in 100 characters at most; a form or a table takes no more.",
    ),
    "a name that no formula can hold": (
        "standard",
        add_column("subgroup", {3: "项" * 201}),
        f"standard.csv, row 3: “subgroup” is “{'项' * 59}…”. "
        "Write it in 200 characters at most; a form or a table takes no more.",
    ),
    "a number of 21 characters": (
        "standard",
        set_cell(2, 1, "第一百二十三条第四十五款第六项之七的甲小项"),
        "standard.csv, row 2: “number” is “第一百二十三条第四十五款第六项之七的甲小项”. "
        "Write it in 20 characters at most; a form or a table takes no more.",
    ),
    "nothing that is scored": (
        "standard",
        add_column("类型", dict.fromkeys(range(2, 22), "加分")),
        "standard.csv: no criterion adds to the full mark, so that no unit can have a total: there are only "
        "bonus, deductions or conditions. Leave the kind of those that are scored blank.",
    ),
    "reasons without a column": (
        "settings",
        lambda rows: rows.append(["失分须写原因", "是"]),
        "settings.csv, row 20: reasons for lost points are asked for, but there is no column to write them "
        "in. Name one in the setting “entry_columns” (填写栏).",
    ),
    "a share that is none": (
        "settings",
        lambda rows: rows.append(["重点失分比例", "一半"]),
        "settings.csv, row 20: “notice_share” is “一半”. Give a whole percentage from 1 to 100, such as 40%.",
    ),
    "a cap without bonus": (
        "settings",
        lambda rows: rows.append(["加分上限", "5"]),
        "settings.csv, row 20: there is a cap on bonus, but the standard has no bonus (加分). "
        "Delete the cap, or mark the criteria that are bonus.",
    ),
}
FAULTS = {
    **OF_OTHER_PROGRAMMES,
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
    "neither a leader's copy nor all": (
        "settings",
        lambda rows: rows.append(["附件内容", "首页"]),
        "settings.csv, row 20: “report_attachment” is “首页”. Write 领导版 or 全部, or leave it blank.",
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
        "towns.csv, row 1: the column “x” is not known, and none is like it. Delete it, or move it to a "
        "sheet of your own; a column that is filled in beside the scores is named in the setting "
        "“entry_columns” (填写栏).",
    ),
    "column of another table": (
        "standard",
        add_column("责任单位", {3: "县住建局"}),
        "standard.csv, row 1: the column “责任单位” is one of another table. Move it to the sheet “涉及部门” "
        "and head it “departments” there.",
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
    "counties of some towns": (
        "towns",
        counties("桓台县", "", "淄川区"),
        "towns.csv, row 3: the towns “果里镇” have no county, others have one. "
        "Give every town its county, or none.",
    ),
    "a name in two counties": (
        "towns",
        both(counties("桓台县", "桓台县", "淄川区"), set_cell(4, 2, "果里")),
        "towns.csv, row 4: the name or alias “果里” is in row 3 too, of another county. A name can mean one "
        "town only: write the county before it, “淄川区果里” here and “桓台县果里” there, also in the "
        "roster.",
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
        *("parent-without-towns", "county-without-towns"),
        *("table-missing", "table-empty", "table-misnamed", "table-twice"),
        *("grade-bad", "grade-high", "grade-twice", "grades-many", "grades-not-falling"),
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
    assert campaign_of(tables, "reversed").contents() == load(shipped()).contents()


GRADES = {
    "rising": (["良好,80", "优秀,95"], "row 3: the grade begins at 95, and the one above it at 80."),
    "too high": (["优秀,101"], "row 2: the grade begins at 101, but the full mark is 100."),
    "twice": (["优秀,95", "优 秀,80"], "row 3: the grade “优秀” is in row 2 too."),
    "many": ([f"第{n}等,{100 - n}" for n in range(21)], "row 22: there are more than 20 grades."),
    "no number": (["优秀,九十五"], "row 2: the least total is “九十五”."),
}


@pytest.mark.parametrize("case", GRADES)
def test_grades_fall_and_can_be_reached(folder: Path, case: str) -> None:
    """Each named once."""
    rows, message = GRADES[case]
    (folder / "grades.csv").write_text("\n".join(["grade,from", *rows]), "utf-8")
    [fault] = faults(folder)
    assert fault.removeprefix("grades.csv, ").startswith(message)


def test_other_programmes_load_whole(folder: Path) -> None:
    """What their columns say is in the records; the form's own numbers stand beside ours."""
    edit(
        folder / "standard.csv",
        both(
            add_column("kind", {5: "条件", 6: "加分", 7: "扣分"}),
            add_column("veto", {2: "零分", 3: "2.5", 5: "是"}),
            add_column("choices", {4: "是=5、否=0"}),
            add_column("not_applicable", {4: "是"}),
            add_column("分项", {2: "组织领导", 4: "协商"}),
            add_column("method", {2: "查台账"}),
            set_cell(5, 3, ""),
            lambda rows: [row.__setitem__(1, f"C{n}") for n, row in enumerate(rows[1:], 1)],
        ),
    )
    edit(folder / "settings.csv", lambda rows: rows.append(["加分上限", "3"]))
    edit(folder / "settings.csv", lambda rows: rows.pop(7))
    (folder / "grades.csv").write_text("等次,最低分\n优秀,90\n不合格,0\n", "utf-8")
    campaign = load(folder)
    kinds = [c.kind for c in campaign.criteria[:6]]
    assert kinds == [Kind.SCORED, Kind.SCORED, Kind.SCORED, Kind.CONDITION, Kind.BONUS, Kind.DEDUCTION]
    assert [c.veto for c in campaign.criteria[:4]] == [LEAST_SCORE, Decimal("2.5"), None, Decimal(1)]
    assert [c.subgroup for c in campaign.criteria[:5]] == ["组织领导", "组织领导", "协商", "协商", ""]
    assert campaign.criteria[2].choices == (Choice("是", Decimal(5)), Choice("否", Decimal(0)))
    assert (campaign.criteria[2].name, campaign.criteria[2].number) == ("第C3条", 3)
    assert campaign.max_score == 85
    assert campaign.bonus_cap == 3
    assert campaign.grades == (Grade("优秀", Decimal(90)), Grade("不合格", Decimal(0)))


@pytest.mark.parametrize("stated", [True, False], ids=["无", "nothing said"])
def test_a_campaign_without_towns_has_each_unit_as_its_own(folder: Path, stated: bool) -> None:
    """Where 上级 is 无, or neither roster nor towns name any; addresses stand in the towns all the same."""
    edit(folder / "roster.csv", drop_column(1))
    if stated:
        edit(folder / "settings.csv", lambda rows: rows.append(["parent", "无"]))
        towns = "town,aliases,urban_total,contact,email\n西苑社区,,,,xiyuan@example.cn\n"
        (folder / "towns.csv").write_text(towns, "utf-8")
    else:
        (folder / "towns.csv").unlink()
    campaign = load(folder)
    assert not campaign.has_towns
    assert {town.name for town in campaign.towns} == {c.name for c in campaign.communities}
    assert all(c.town == c.name for c in campaign.communities)
    addresses = [town.email for town in campaign.towns if town.email]
    assert addresses == (["xiyuan@example.cn"] if stated else [])


def test_a_town_that_is_typed_without_towns_is_not_dropped(folder: Path) -> None:
    """It is one fault for each table, in the rows that are wrong: the one or the other is."""
    edit(folder / "settings.csv", lambda rows: rows.append(["上级", "无"]))
    remedy = (
        "Delete the rows of the table of towns that are no unit and empty the column of towns in the "
        "roster; or write what the parent is called."
    )
    assert faults(folder) == (
        "roster.csv, rows 2, 3, 4, 5, 6 … (21 in all): the parent (上级) is 无, so that there are no towns, "
        f"but here are 城区街道、果里镇、索镇. {remedy}",
        "towns.csv, rows 2, 3, 4: the parent (上级) is 无, so that there are no towns, "
        f"but here are 城区街道、果里镇、索镇. {remedy}",
    )


def test_a_row_that_nobody_typed_is_not_shown(folder: Path) -> None:
    """Two units whose files would be one, where each unit is a town of its own."""
    edit(folder / "settings.csv", lambda rows: rows.append(["上级", "无"]))
    edit(folder / "roster.csv", drop_column(1))
    edit(folder / "roster.csv", set_cell(3, 1, "甲/乙社区"))
    edit(folder / "roster.csv", set_cell(4, 1, "甲*乙社区"))
    (folder / "towns.csv").unlink()
    [fault] = faults(folder)
    assert fault.startswith("街道（镇）: the names “甲*乙社区” and “甲/乙社区” differ only")


def test_the_towns_of_a_county_are_together(folder: Path) -> None:
    """In the order of the counties' first towns; a county is one however it is spaced."""
    edit(folder / "towns.csv", counties("桓台县", "淄川区", "桓台 县"))
    campaign = load(folder)
    assert campaign.counties == ("桓台县", "淄川区")
    assert [(town.county, town.name) for town in campaign.towns] == [
        ("桓台县", "城区街道"),
        ("桓台县", "索镇"),
        ("淄川区", "果里镇"),
    ]
    assert [town.name for town in campaign.towns_of("桓台县")] == ["城区街道", "索镇"]


def test_counties_are_above_towns_only(folder: Path) -> None:
    """Where nothing is above the units, the county itself can be."""
    edit(folder / "roster.csv", drop_column(1))
    edit(folder / "settings.csv", lambda rows: rows.append(["parent", "无"]))
    (folder / "towns.csv").write_text("town,county\n西苑社区,桓台县\n", "utf-8")
    assert faults(folder) == (
        "towns.csv, row 2: the counties “桓台县” are named, but nothing is above what is scored. "
        "Leave the column empty; to count by county, name it as what is above (上级).",
    )
