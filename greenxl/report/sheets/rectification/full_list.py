"""The full list of 整改清单: every lost point as a row to look up, filter and sort; it is not printed."""

from collections.abc import Collection, Iterator, Sequence
from decimal import Decimal

from greenxl.campaign.model import Campaign, Criterion, Group, Kind
from greenxl.names import bare
from greenxl.report.layout import (
    NO,
    PILOT,
    RECTIFICATION,
    UNJUDGED,
    Column,
    ListPart,
    Table,
    Value,
    list_parts,
    with_towns,
)
from greenxl.report.sheets.columns import (
    has_departments,
    label_columns,
    subgroup_columns,
)
from greenxl.report.sheets.score_table import DEDUCTION, VETO, score, score_rows, score_table, subtotal
from greenxl.report.sheets.tasks import Task, least_words
from greenxl.report.style import (
    BOLD,
    BOLD_NUMBER,
    CENTRED,
    NOTE,
    NUMBER,
    ORANGE,
    TEXT,
    Style,
    clipped,
    set_columns,
    set_page,
    wide_enough,
    width_for,
    write_headings,
    write_records,
)
from greenxl.xlsx import Sheet, write_cell, write_formula

_FILTER = "department "
"""How the names of the columns begin by which departments filter."""
_HEAD = 3
"""Rows above the headings: a title, a note, the sums."""
_LONGEST_ENTRY = 2000
"""Characters of a text that was filled in, of which a row still shows all; two for a Chinese one."""


def full_list_table(
    campaign: Campaign, tasks: Sequence[Task], header_row: int, left: int, part: ListPart
) -> Table[Task]:
    """Return the table of a part of all tasks with all its columns, from left to right."""
    scores, rows, labels = score_table(campaign), score_rows(campaign), campaign.labels

    def score_cell(task: Task, name: str) -> str:
        return scores.cell(rows[task.community.town, task.community.name], name)

    columns: tuple[Column[Task], ...] = (
        Column(name="number", heading=NO, width=6, value=None, format=CENTRED),
        Column(
            name="town",
            heading=campaign.parent,
            width=12,
            value=lambda task: task.community.town,
            format=TEXT,
            by=lambda task: task.community.town,
            grows=10,
        ),
        Column(
            name="community",
            heading=campaign.unit,
            width=14,
            value=lambda task: task.community.name,
            format=TEXT,
            link=lambda task: score_cell(task, "community"),
            grows=10,
        ),
        Column(
            name="pilot",
            heading=PILOT,
            width=6,
            value=lambda task: PILOT if task.community.pilot else "",
            format=CENTRED,
            by=lambda task: task.community.pilot,
        ),
        Column(
            name="group",
            heading=bare(labels.group),
            width=20,
            value=lambda task: task.group.title,
            format=TEXT,
            by=_about,
            grows=10,
        ),
        *subgroup_columns(campaign, _criterion),
        Column(
            name="criterion",
            heading="条目",
            width=6,
            value=lambda task: task.criterion.number if task.criterion else UNJUDGED,
            format=CENTRED,
            by=_about,
        ),
        *label_columns(campaign, _criterion),
        Column(
            name="text",
            heading=bare(labels.standard),
            width=wide_enough((c.text for c in campaign.criteria), 44, 10),
            value=lambda task: task.criterion.text if task.criterion else least_words(task.group),
            format=TEXT,
            by=_about,
            grows=10,
        ),
        Column(
            name="points",
            heading=bare(labels.points),
            width=8,
            value=_points,
            format=NUMBER,
            by=_about,
        ),
        Column(
            name="score",
            heading=bare(labels.score),
            width=8,
            value=lambda task: task.answer,
            format=NUMBER,
            formula=lambda task, _cells: score_cell(task, _score_column(campaign, task)),
        ),
        Column(
            name="lost",
            heading="失分",
            width=8,
            value=lambda task: task.lost,
            format=BOLD_NUMBER,
            formula=lambda task, cells: (
                None if task.lost is None else f"ROUND({cells['points']}-{cells['score']},2)"
            ),
            by=lambda task: task.lost,
        ),
        *_further_columns(campaign),
        *_entry_columns(campaign, tasks),
    )
    headings = {column.heading for column in columns}
    filters = (_filter(department, headings) for department in _all_departments(campaign))
    return Table(
        sheet=f"{RECTIFICATION}{part.suffix}",
        name=f"Rectification{part.suffix}",
        header_row=header_row,
        length=part.end - part.first,
        first_number=part.first + 1,
        columns=with_towns(campaign, (*columns, *filters)),
        left=left,
    )


def _filter(department: str, headings: Collection[str]) -> Column[Task]:
    """Return the column in which a department's tasks are marked; no two headings of a table may be alike."""

    return Column(
        name=f"{_FILTER}{department}",
        heading=f"{department}（部门）" if department in headings else department,
        width=10,
        value=lambda task: _mark(task.group, department),
        format=CENTRED,
        sparse=True,
        by=_about,
    )


def _mark(group: Group, department: str) -> str | None:
    """Return how a department is marked at the tasks of a group."""
    return "牵头" if department == group.lead else "●" if department in group.departments else None


def _all_departments(campaign: Campaign) -> list[str]:
    """Return every department once, in the order in which the groups name them."""
    return list(dict.fromkeys(name for group in campaign.groups for name in group.departments))


def _criterion(task: Task) -> Criterion | None:
    return task.criterion


def _about(task: Task) -> int | str:
    """Return what a task is about: the number of a criterion, of a least score the group's title."""
    return task.criterion.number if task.criterion else task.group.title


def _points(task: Task) -> Value:
    """Return what could be had, of what is outside the full mark what it is."""
    if task.criterion is None:
        return task.group.points
    return task.criterion.kind.value or task.criterion.points


def _score_column(campaign: Campaign, task: Task) -> str:
    """Return the column of 社区得分 that has the score."""
    return score(task.criterion.number) if task.criterion else subtotal(campaign.groups.index(task.group))


def _further_columns(campaign: Campaign) -> Iterator[Column[Task]]:
    """Yield the columns of what is taken off and of what fails a unit, where the campaign has that."""
    if campaign.of_kind(Kind.DEDUCTION):
        yield Column(
            name="deducted",
            heading=DEDUCTION,
            width=7,
            value=lambda task: task.deducted,
            format=BOLD_NUMBER,
            formula=lambda task, cells: None if task.deducted is None else cells["score"],
        )
    if campaign.has_vetoes:
        yield Column(
            name="fails",
            heading=VETO,
            width=16,
            value=lambda task: task.fails,
            format={**TEXT, "font_color": ORANGE},
            grows=10,
        )


def _entry_columns(campaign: Campaign, tasks: Sequence[Task]) -> Iterator[Column[Task]]:
    """Yield the columns that people filled in with texts; one that nobody filled is narrow."""
    for heading in campaign.entry_columns:
        texts = [_entry(task, heading) for task in tasks]
        yield Column(
            name=f"entry {heading}",
            heading=heading,
            width=wide_enough(texts, width_for([*texts, heading], 10, 30), 9),
            value=lambda task, heading=heading: _entry(task, heading),  # type: ignore[misc]
            format={**TEXT, "font_size": 9},
            grows=9,
        )


def _entry(task: Task, heading: str) -> str:
    return clipped(task.entries.get(heading, ""), _LONGEST_ENTRY)


def write_full_list(style: Style, sheet: Sheet, tasks: Sequence[Task], row: int, left: int) -> None:
    """Write every task from a row and column of a sheet on; what outgrows it goes on in further sheets."""
    for part in list_parts(len(tasks), row):
        head, column = (row + _HEAD, left) if part.number == 1 else (_HEAD, 0)
        table = full_list_table(style.campaign, tasks, head, column, part)
        on = sheet if part.number == 1 else style.book.sheet(table.sheet)
        _write_tasks(style, on, table, tasks[part.first : part.end])
        if part.number > 1:
            set_page(on, style, table.header_row)


def _note(campaign: Campaign) -> str:
    order = "、".join(filter(None, (campaign.parent, campaign.unit)))
    further = ["不符合的条件"] if campaign.of_kind(Kind.CONDITION) else []
    further += ["低于最低分的项"] if any(g.minimum is not None for g in campaign.groups) else []
    further += ["扣分"] if campaign.of_kind(Kind.DEDUCTION) else []
    beside = f"（{'、'.join(further)}也各占一行）" if further else ""
    note = f"每行一处失分{beside}，按{order}、失分多少排列；"
    if has_departments(campaign):
        note += "按部门查看请在右侧部门列筛选“●”和“牵头”。"
    return note


def _write_tasks(style: Style, sheet: Sheet, table: Table[Task], tasks: Sequence[Task]) -> None:
    """Write title, sums and table."""
    campaign, left = style.campaign, table.left
    row = table.header_row - _HEAD
    set_columns(sheet, style, (column.width for column in table.columns), left)
    write_cell(sheet, row, left, "完整清单", style.format(bold=True, font_size=12))
    write_cell(sheet, row + 1, left, _note(campaign), style.format(NOTE))
    write_headings(sheet, style, table, 44)
    write_records(sheet, style, table, tasks)
    _write_sums(sheet, style, table, tasks)


def _write_sums(sheet: Sheet, style: Style, table: Table[Task], tasks: Sequence[Task]) -> None:
    """Write above the table how many places and points are lost of what the filter shows."""
    row = table.header_row - 1
    shown = [column for column in table.columns if not column.name.startswith(_FILTER)]
    for place in range(table.left, table.left + len(shown)):
        write_cell(sheet, row, place, None, style.format(BOLD))
    write_cell(sheet, row, table.left + 1, "合计", style.format(BOLD))
    places = table.own_cells("criterion")
    count, number = style.format(BOLD_NUMBER, num_format='0"处"'), style.format(BOLD_NUMBER)
    write_formula(sheet, row, table.place("criterion"), f"=SUBTOTAL(103,{places})", count, len(tasks))
    for name in ("lost", "deducted"):
        if any(column.name == name for column in table.columns):
            values = [getattr(task, name) for task in tasks]
            total = sum((value for value in values if value is not None), Decimal(0))
            formula = f"=ROUND(SUBTOTAL(109,{table.own_cells(name)}),2)"
            write_formula(sheet, row, table.place(name), formula, number, total)
    sheet.set_row(row, 22)
