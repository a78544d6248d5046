"""The workbook for the departments: a sheet for each with the criteria that it must see to."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import partial

from greenxl.campaign.model import Campaign, plain
from greenxl.form.layout import NOTICE_SHEET
from greenxl.names import bare, key, unique_sheet_names
from greenxl.report.layout import NO, Column, Properties, Table, Value, cell_of
from greenxl.report.notices.choosing import DepartmentNotice
from greenxl.report.notices.sheets import (
    FILLED_IN,
    item_number,
    item_text,
    notice_style,
    protect,
    write_sentences,
)
from greenxl.report.sheets.sentences import day
from greenxl.report.sheets.tasks import Concern, Task
from greenxl.report.style import (
    BOLD_NUMBER,
    CENTRED,
    NUMBER,
    TEXT,
    Style,
    open_sheet,
    set_page,
    shortened,
    width_for,
    write_headings,
    write_records,
)
from greenxl.scoring.vocabulary import subject
from greenxl.xlsx import text_width

_MOST_UNITS = 700
"""Characters in which the units of a criterion are named; where they take more, they are counted by town."""
_FILLED_IN = (("督促措施", 20.0), ("进展情况", 18.0))


def department_book(
    campaign: Campaign, notices: Sequence[DepartmentNotice], as_of: date, source: str
) -> bytes:
    """Return the workbook; the same input gives the same bytes.

    :param source: the name of the consolidated workbook in which the figures are.
    """
    style = notice_style(campaign, "各部门", as_of)
    _first, *names = unique_sheet_names([NOTICE_SHEET, *(one.department for one in notices)])
    sheets = dict(zip((one.department for one in notices), names, strict=True))
    _write_list(style, notices, sheets, as_of, source)
    for number, notice in enumerate(notices, 1):
        _write_department(style, notice, sheets[notice.department], number, source)
    return style.book.bytes()


def _write_list(
    style: Style, notices: Sequence[DepartmentNotice], sheets: Mapping[str, str], as_of: date, source: str
) -> None:
    """Write the first sheet: a line per department, which leads to its own."""
    campaign = style.campaign
    columns: list[Column[DepartmentNotice]] = [
        Column(name="no", heading=NO, width=6, value=None, format=CENTRED),
        Column(
            name="department",
            heading="部门",
            width=width_for(sheets, 24, 40),
            value=lambda one: one.department,
            format=TEXT,
            link=lambda one: cell_of(sheets[one.department], 0, 0),
            grows=10,
        ),
        _count("涉及条目", lambda one: len(one.concerns)),
        _count(f"涉及{campaign.unit}", _units),
        _count("失分合计", lambda one: sum((concern.lost for concern in one.concerns), Decimal(0))),
    ]
    if _has_leads(campaign):
        columns.insert(3, _count("其中牵头", lambda one: sum(map(one.leads, one.concerns))))
    text = (
        f"{subject(campaign)}：截至{day(as_of)}，以下条目须督促整改，每个部门一张表。同一条目由几个部门共同负责的，各部门表中都列出，"
        "各部门的数不能相加。"
    )
    table = Table(sheet=NOTICE_SHEET, name="Departments", header_row=3, length=len(notices), columns=columns)
    title = f"各部门整改事项（{campaign.year}年）"
    sheet = open_sheet(style, table, title, f"{campaign.authority}　　依据：{source}")
    write_sentences(sheet, style, [text], 2, [column.width for column in columns])
    write_headings(sheet, style, table, 26)
    write_records(sheet, style, table, notices, least_height=22)
    set_page(sheet, style, table.header_row)
    protect(sheet)


def _count(heading: str, value: Callable[[DepartmentNotice], Value]) -> Column[DepartmentNotice]:
    return Column(name=heading, heading=heading, width=14, value=value, format=NUMBER)


def _units(notice: DepartmentNotice) -> int:
    """Return how many units a department's criteria are about, each counted once."""
    return len({task.community.key for concern in notice.concerns for task in concern.tasks})


def _has_leads(campaign: Campaign) -> bool:
    return any(group.lead for group in campaign.groups)


def _write_department(
    style: Style, notice: DepartmentNotice, sheet_name: str, number: int, source: str
) -> None:
    """Write a department's sheet: a row per criterion, the worst first."""
    campaign = style.campaign
    table = Table(
        sheet=sheet_name,
        name=f"Department{number}",
        header_row=2,
        length=len(notice.concerns),
        columns=[*_about(campaign, notice), *_concerned(campaign), *_to_fill_in()],
    )
    title = f"{notice.department}　整改事项（{campaign.year}年）"
    note = (
        f"只列{campaign.pass_words[1]}{campaign.unit}的失分和重点失分，依据：{source}。"
        "部门按方案的职责分工逐项共同负责，列出仅供联系，不作责任认定。"
    )
    sheet = open_sheet(style, table, title, note)
    write_headings(sheet, style, table, 26)
    write_records(sheet, style, table, notice.concerns, least_height=34)
    set_page(sheet, style, table.header_row)
    protect(sheet)


def _column(
    heading: str,
    width: float,
    value: Callable[[Concern], Value] | None,
    properties: Properties = TEXT,
    size: float = 10,
) -> Column[Concern]:
    properties = {**properties, "font_size": size}
    return Column(name=heading, heading=heading, width=width, value=value, format=properties, grows=size)


def _about(campaign: Campaign, notice: DepartmentNotice) -> Iterator[Column[Concern]]:
    """Yield what a criterion is."""
    yield _column(NO, 5, None, CENTRED)
    if _has_leads(campaign):
        yield _column("分工", 6, lambda one: "牵头" if notice.leads(one) else "参与", CENTRED)
    yield _column(bare(campaign.labels.group), 16, lambda one: one.group.title)
    labels = (criterion.label for criterion in campaign.criteria)
    yield _column("条目", width_for(labels, 5, 10), lambda one: item_number(one.tasks[0]), CENTRED)
    yield _column(bare(campaign.labels.standard), 38, lambda one: item_text(one.tasks[0]))


def _concerned(campaign: Campaign) -> Iterator[Column[Concern]]:
    """Yield whom it is about, and how much they lost."""
    yield _column(f"涉及{campaign.unit}数", 8, lambda one: len(one.tasks), NUMBER)
    yield _column("失分合计", 8, lambda one: one.lost or "—", BOLD_NUMBER)
    heading = f"{campaign.unit}（失分）"
    yield _column(heading, 50, partial(_names, campaign), size=9)


def _to_fill_in() -> Iterator[Column[Concern]]:
    for heading, width in _FILLED_IN:
        yield _column(heading, width, lambda _one: None, FILLED_IN)


def _names(campaign: Campaign, concern: Concern) -> str:
    """Return the units by town, the worst first; how many there are where they are too many to be named."""
    towns: dict[str, list[Task]] = {}
    for task in concern.tasks:
        alone = key(task.community.town) == key(task.community.name)
        towns.setdefault("" if alone else task.community.town, []).append(task)
    named = "；".join(_of_town(town, "、".join(map(_unit, tasks))) for town, tasks in towns.items())
    if text_width(named) <= _MOST_UNITS:
        return named
    if "" in towns:
        return shortened([_unit(task) for task in concern.tasks], _MOST_UNITS, "其余见各自的整改通知")
    counted = "、".join(f"{town}{len(tasks)}个" for town, tasks in towns.items())
    return f"{counted}（名单见各{campaign.parent}的整改通知）"


def _of_town(town: str, names: str) -> str:
    return f"{town}：{names}" if town else names


def _unit(task: Task) -> str:
    if task.deducted is not None:
        return f"{task.community.name}（扣{plain(task.deducted)}）"
    if task.lost is not None:
        return f"{task.community.name}（{plain(task.lost)}）"
    return task.community.name
