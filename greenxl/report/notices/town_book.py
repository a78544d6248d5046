"""The notice of a town, a workbook: how far its units are, and a list of tasks with columns to fill in."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from functools import partial

from xlsxwriter.utility import xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from greenxl.campaign.model import Answer, Campaign, plain
from greenxl.form.layout import NOTICE_SHEET, TASKS_SHEET
from greenxl.names import bare
from greenxl.report.layout import NO, STATUS, Column, Properties, Table, Value, cell_of
from greenxl.report.notices.choosing import TownNotice, UnitNotice
from greenxl.report.notices.sheets import (
    FILLED_IN,
    item_number,
    item_text,
    notice_style,
    protect,
    write_sentences,
)
from greenxl.report.sheets.columns import departments_of, has_departments, subgroup_columns
from greenxl.report.sheets.score_table import score, score_rows, score_table, subtotal
from greenxl.report.sheets.sentences import day
from greenxl.report.sheets.tasks import Task
from greenxl.report.style import (
    BOLD_NUMBER,
    CENTRED,
    NUMBER,
    STATUS_FILLS,
    TEXT,
    Style,
    clipped,
    open_sheet,
    set_page,
    wide_enough,
    width_for,
    write_headings,
    write_records,
)
from greenxl.scoring.vocabulary import status_words, subject

_FILLED_IN = (("整改措施", 20.0), ("责任人", 8.0), ("完成时限", 9.0), ("完成情况", 15.0))
"""Headings and widths of what a town types."""
_LONGEST_ENTRY = 1000
"""Characters of a text beside a score that a row shows; two for a Chinese one."""


def town_book(campaign: Campaign, notice: TownNotice, as_of: date, source: str) -> bytes:
    """Return the workbook of a town's notice; the same input gives the same bytes.

    :param source: the name of the consolidated workbook in which the figures are.
    """
    style = notice_style(campaign, notice.town, as_of)
    tasks = _tasks_table(campaign, notice.tasks)
    _write_units(style, notice, tasks, as_of, source)
    if notice.tasks:
        _write_tasks(style, notice, tasks, source)
    return style.book.bytes()


def _write_units(style: Style, notice: TownNotice, tasks: Table[Task], as_of: date, source: str) -> None:
    """Write the first sheet: what is asked of the town, and a line per unit."""
    campaign = style.campaign
    first_rows = _first_rows(notice, tasks)
    columns = _unit_columns(campaign, notice, lambda unit: first_rows.get(unit.row.community.key))
    texts = list(_sentences(campaign, notice, as_of))
    table = Table(
        sheet=NOTICE_SHEET,
        name="Units",
        header_row=2 + len(texts),
        length=len(notice.units),
        columns=columns,
    )
    title = f"{subject(campaign)}整改通知（{campaign.year}年）"
    sheet = open_sheet(style, table, title, _origin(campaign, source))
    write_sentences(sheet, style, texts, 2, [column.width for column in columns])
    write_headings(sheet, style, table, 26)
    write_records(sheet, style, table, notice.units, least_height=22)
    _colour(sheet, style, table)
    set_page(sheet, style, table.header_row)
    protect(sheet)


def _origin(campaign: Campaign, source: str) -> str:
    return f"{campaign.authority}　　依据：{source}"


def _first_rows(notice: TownNotice, tasks: Table[Task]) -> dict[tuple[str, str], int]:
    """Return the row of each unit's first task."""
    found: dict[tuple[str, str], int] = {}
    for row, task in enumerate(notice.tasks, tasks.first_row):
        found.setdefault(task.community.key, row)
    return found


def _sentences(campaign: Campaign, notice: TownNotice, as_of: date) -> Iterator[str]:
    unit, count, until = campaign.unit, len(notice.units), f"截至{day(as_of)}"
    statuses = status_words(campaign)
    counts = "，".join(f"{statuses[status]}{number}个" for status, number in notice.statuses.items())
    if notice.is_unit:
        (own,) = notice.units
        yield f"{notice.town}：{until}，你处{statuses[own.row.status]}，{own.wanted}。"
    elif notice.returned_nothing:
        names = "、".join(one.row.community.name for one in notice.units)
        yield f"{notice.town}：{until}，你处{count}个{unit}均未报送评分表，请尽快报送：{names}。"
    else:
        yield f"{notice.town}：{until}，你处{count}个{unit}中，{counts}。"
    if notice.tasks:
        yield from _about_tasks(campaign, len(notice.tasks))


def _about_tasks(campaign: Campaign, count: int) -> Iterator[str]:
    unit, failed, points = campaign.unit, campaign.pass_words[1], bare(campaign.labels.points)
    always = "否决项和不符合的条件全部列出；" if campaign.has_vetoes else ""
    yield (
        f"须整改{count}处，见“{TASKS_SHEET}”：{failed}的{unit}列出全部失分，"
        f"其他{unit}只列失分达到该条{points}{campaign.notice_share}%的；{always}"
        f"请逐条填写{'、'.join(heading for heading, _width in _FILLED_IN)}。"
    )


def _unit_columns(
    campaign: Campaign, notice: TownNotice, first_row: Callable[[UnitNotice], int | None]
) -> list[Column[UnitNotice]]:
    statuses = status_words(campaign)
    names = (unit.row.community.name for unit in notice.units)
    wanted = [unit.wanted for unit in notice.units]

    def link(unit: UnitNotice) -> str | None:
        row = first_row(unit)
        return None if row is None else cell_of(TASKS_SHEET, row, 0)

    columns: list[Column[UnitNotice]] = [
        _column(NO, 6, lambda unit: unit.row.community.number, CENTRED),
        Column(
            name="unit",
            heading=campaign.unit,
            width=width_for(names, 20, 34),
            value=lambda unit: unit.row.community.name,
            format=TEXT,
            link=link,
            grows=10,
        ),
        _column(STATUS, 14, lambda unit: statuses[unit.row.status], CENTRED),
        _column(bare(campaign.labels.total), 10, lambda unit: unit.row.total, BOLD_NUMBER),
    ]
    if campaign.grades:
        columns.append(_column("等次", 10, lambda unit: unit.row.grade, CENTRED))
    wide = width_for(wanted, 30, 60)
    return [
        *columns,
        Column(
            name="wanted",
            heading="还差什么",
            width=wide,
            value=lambda unit: unit.wanted,
            format=TEXT,
            grows=10,
        ),
        _column("须整改（处）", 13, lambda unit: len(unit.tasks) or None, NUMBER),
        _column("其中失分（分）", 15, lambda unit: unit.lost or None, NUMBER),
    ]


def _column(
    heading: str, width: float, value: Callable[[UnitNotice], Value], properties: Properties
) -> Column[UnitNotice]:
    return Column(name=heading, heading=heading, width=width, value=value, format=properties)


def _colour(sheet: Worksheet, style: Style, table: Table[UnitNotice]) -> None:
    place = table.place(STATUS)
    for status, word in status_words(style.campaign).items():
        fill = style.book.condition_format(bg_color=STATUS_FILLS[status])
        rule = {"type": "cell", "criteria": "==", "value": f'"{word}"', "format": fill}
        sheet.conditional_format(table.first_row, place, table.last_row, place, rule)


def _write_tasks(style: Style, notice: TownNotice, table: Table[Task], source: str) -> None:
    """Write the second sheet: a row per task, with cells for what is done about it."""
    title = f"{notice.town}　{TASKS_SHEET}（{style.campaign.year}年）"
    note = f"每行一处，黄色栏由你处填写。“出处”是《{source}》中得分所在的单元格。"
    if has_departments(style.campaign):
        note += "部门按方案的职责分工逐项共同负责，列出仅供联系，不作责任认定。"
    sheet = open_sheet(style, table, title, note)
    write_headings(sheet, style, table, 26)
    write_records(sheet, style, table, notice.tasks, least_height=34)
    set_page(sheet, style, table.header_row)
    protect(sheet)


def _tasks_table(campaign: Campaign, tasks: Sequence[Task]) -> Table[Task]:
    return Table(
        sheet=TASKS_SHEET,
        name="Tasks",
        header_row=2,
        length=len(tasks),
        columns=[*_about(campaign), *_scored(campaign, tasks), *_to_fill_in(campaign)],
    )


def _task_column(
    heading: str,
    width: float,
    value: Callable[[Task], Value] | None,
    properties: Properties = TEXT,
    size: float = 10,
) -> Column[Task]:
    properties = {**properties, "font_size": size}
    return Column(name=heading, heading=heading, width=width, value=value, format=properties, grows=size)


def _about(campaign: Campaign) -> Iterator[Column[Task]]:
    """Yield what a task is about."""
    yield _task_column(NO, 5, None, CENTRED)
    names = (community.name for community in campaign.communities)
    yield _task_column(campaign.unit, width_for(names, 11, 16), lambda task: task.community.name)
    titles = (group.title for group in campaign.groups)
    yield _task_column(bare(campaign.labels.group), width_for(titles, 9, 13), lambda task: task.group.title)
    parts = [criterion.subgroup for criterion in campaign.criteria]
    subgroups: Iterator[Column[Task]] = subgroup_columns(campaign, lambda task: task.criterion)
    yield from (replace(column, width=width_for(parts, 7, 13)) for column in subgroups)
    labels = (criterion.label for criterion in campaign.criteria)
    yield _task_column("条目", width_for(labels, 5, 10), item_number, CENTRED)
    texts = (criterion.text for criterion in campaign.criteria)
    yield _task_column(bare(campaign.labels.standard), wide_enough(texts, 32, 10), item_text)


def _scored(campaign: Campaign, tasks: Sequence[Task]) -> Iterator[Column[Task]]:
    """Yield how it was scored, what was written beside it, and who is concerned."""
    yield _task_column(bare(campaign.labels.points), 6.5, _points, NUMBER)
    yield _task_column(bare(campaign.labels.score), 6.5, _answer, NUMBER)
    yield _task_column("失分", 6.5, _lost, BOLD_NUMBER)
    for heading in campaign.entry_columns:
        texts = [_entry(heading, task) for task in tasks]
        yield _task_column(heading, wide_enough(texts, 12, 10), partial(_entry, heading))
    if has_departments(campaign):
        size = 10 if campaign.entry_columns else 9  # what is wider prints smaller
        width = width_for(map(departments_of, campaign.groups), 10, 24)
        yield _task_column("涉及部门", width, lambda task: departments_of(task.group), size=size)


def _to_fill_in(campaign: Campaign) -> Iterator[Column[Task]]:
    for heading, width in _FILLED_IN:
        yield _task_column(heading, width, lambda _task: None, FILLED_IN)
    yield _task_column("出处", 11, partial(_source, campaign), size=9)


def _points(task: Task) -> Value:
    if task.criterion is None:
        return task.group.points
    return task.criterion.points or "—"


def _answer(task: Task) -> Value:
    return str(task.answer) if isinstance(task.answer, Answer) else task.answer


def _lost(task: Task) -> Value:
    if task.deducted is not None:
        return f"扣{plain(task.deducted)}"
    return "—" if task.lost is None else task.lost


def _entry(heading: str, task: Task) -> str:
    return clipped(task.entries.get(heading, ""), _LONGEST_ENTRY)


def _source(campaign: Campaign, task: Task) -> str:
    """Return the cell of the consolidated workbook from which a task is: 社区得分!F12."""
    table, row = score_table(campaign), score_rows(campaign)[task.community.town, task.community.name]
    index = campaign.groups.index(task.group)
    column = score(task.criterion.number) if task.criterion else subtotal(index)
    return f"{table.sheet}!{xl_rowcol_to_cell(row, table.place(column))}"
