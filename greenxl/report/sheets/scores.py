"""社区得分: a row per community, its scores, subtotals, total, verdict and rank."""

from collections.abc import Mapping, Sequence
from functools import partial

from xlsxwriter.utility import xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from greenxl.campaign import rules
from greenxl.campaign.model import Campaign, Criterion, Group, plain
from greenxl.names import bare
from greenxl.report.layout import (
    FINDINGS,
    NO,
    PILOT,
    STATUS,
    UNJUDGED,
    WHETHER,
    Column,
    Properties,
    Table,
    TableRow,
    cell_of,
    scores_sheet,
    title_of,
    with_towns,
)
from greenxl.report.style import (
    BOLD_NUMBER,
    CENTRED,
    EMPTY,
    HEADING,
    LOSS,
    NUMBER,
    STATUS_FILLS,
    TEXT,
    Style,
    height,
    open_sheet,
    set_page,
    width_for,
    write_headings,
    write_records,
)
from greenxl.scoring.tables import CommunityRow, Tables
from greenxl.scoring.vocabulary import status_words
from greenxl.xlsx import text_width, write_cell, write_formula, write_merged

Rows = Mapping[tuple[str, str], int]
"""The row of a community on some sheet, by town and name."""

_GROUP_ROW, _POINTS_ROW, _HEADER_ROW = 2, 3, 4
_SCORE_WIDTH, _SUBTOTAL_WIDTH = 4.6, 8.5
_UNKNOWN: Properties = {**NUMBER, "bg_color": EMPTY}


def score_table(
    campaign: Campaign, communities: Sequence[CommunityRow] = (), findings: Rows | None = None
) -> Table[CommunityRow]:
    """Return the table with all its columns, from left to right.

    The places of cells depend on the campaign alone. ``communities`` is what the last column must be wide
    enough for; ``findings`` has the row of each community's first finding, to which its name leads.
    """
    statuses = status_words(campaign)
    columns: tuple[Column[CommunityRow], ...] = (
        Column(name="no", heading=NO, width=4.5, value=lambda row: row.community.number, format=CENTRED),
        Column(
            name="town",
            heading=campaign.parent,
            width=width_for((town.name for town in campaign.towns), 9.5, 20),
            value=lambda row: row.community.town,
            format=TEXT,
            grows=10,
        ),
        Column(
            name="community",
            heading=campaign.unit,
            width=width_for((community.name for community in campaign.communities), 10, 26),
            value=lambda row: row.community.name,
            format=TEXT,
            link=lambda row: _first_finding(row, findings or {}),
            grows=10,
        ),
        Column(
            name="pilot",
            heading=PILOT,
            width=5,
            value=lambda row: PILOT if row.community.pilot else "",
            format=CENTRED,
        ),
        Column(
            name="status",
            heading=STATUS,
            width=width_for(campaign.pass_words, 9.5, 24),
            value=lambda row: statuses[row.status],
            format=CENTRED,
        ),
        *map(_score_column, campaign.criteria),
        *(_subtotal_column(campaign, index) for index in range(len(campaign.groups))),
        Column(
            name="total",
            heading=campaign.labels.total,
            width=7.5,
            value=lambda row: row.total,
            format=BOLD_NUMBER,
            formula=lambda _row, cells: rules.total_formula(
                _cells(cells), f"SUM({_subtotals(campaign, cells)})", campaign
            ),
        ),
        Column(
            name="verdict",
            heading=f"{WHETHER}{campaign.pass_words[0]}",
            width=width_for(campaign.pass_words, 8, 24),
            value=lambda row: statuses[row.status] if row.judged else UNJUDGED,
            format={**CENTRED, "bold": True},
            formula=lambda _row, cells: _verdict_formula(campaign, cells),
        ),
        Column(
            name="rank",
            heading="排名",
            width=5,
            value=lambda row: row.rank,
            format=NUMBER,
            formula=lambda _row, cells: rules.rank_formula(cells["total"], cells.column("total")),
        ),
        Column(
            name="source",
            heading="来源文件",
            width=min(80, max([14, *(text_width(_source(row)) * 0.8 for row in communities)])),
            value=_source,
            format={**TEXT, "font_size": 8, "text_wrap": False},
        ),
    )
    return Table(
        sheet=scores_sheet(campaign),
        name="Scores",
        header_row=_HEADER_ROW,
        length=len(campaign.communities),
        columns=with_towns(campaign, columns),
    )


def score(number: int) -> str:
    """Return the name of a criterion's column."""
    return f"score {number}"


def _subtotal(index: int) -> str:
    """Return the name of a group's column; groups count from 0."""
    return f"subtotal {index}"


def _score_column(criterion: Criterion) -> Column[CommunityRow]:
    index = criterion.number - 1
    return Column(
        name=score(criterion.number),
        heading=str(criterion.number),
        width=_SCORE_WIDTH,
        value=lambda row: row.scores[index],
        format=lambda row: _UNKNOWN if row.scores[index] is None else NUMBER,
    )


def _subtotal_column(campaign: Campaign, index: int) -> Column[CommunityRow]:
    group = campaign.groups[index]
    return Column(
        name=_subtotal(index),
        heading=f"{group.title}小计",
        width=_SUBTOTAL_WIDTH,
        value=lambda row: row.subtotals[index],
        format=NUMBER,
        formula=lambda _row, cells: rules.subtotal_formula(_cells(cells), group),
    )


def _ends(group: Group) -> tuple[str, str]:
    """Return the names of the columns of a group's first and last criterion."""
    return score(group.criteria[0].number), score(group.criteria[-1].number)


def _cells(cells: TableRow) -> rules.ScoreCells:
    """Return where the table holds the scores of a row and what belongs to them."""
    points = TableRow(cells.table, _POINTS_ROW)

    def span(row: TableRow, first: int, last: int) -> str:
        return row.span(score(first), score(last))

    return rules.ScoreCells(
        span=partial(span, cells), points=partial(span, points), total=cells["total"], worded=False
    )


def _subtotals(campaign: Campaign, cells: TableRow) -> str:
    return cells.span(_subtotal(0), _subtotal(len(campaign.groups) - 1))


def _verdict_formula(campaign: Campaign, cells: TableRow) -> str:
    place = _cells(cells)
    mark = xl_rowcol_to_cell(_POINTS_ROW, cells.table.place("verdict"), True, True)
    return f'IF({place.total}="","{UNJUDGED}",{rules.verdict_formula(place, campaign, mark)})'


def _first_finding(row: CommunityRow, findings: Rows) -> str | None:
    first = findings.get((row.community.town, row.community.name))
    return None if first is None else cell_of(FINDINGS, first, 0)


def _source(row: CommunityRow) -> str:
    return "" if row.file is None else f"{row.file} › {row.sheet}"


def score_rows(campaign: Campaign) -> Rows:
    """Return the row of each community."""
    return {(c.town, c.name): row for row, c in enumerate(campaign.communities, _HEADER_ROW + 1)}


def write_scores(style: Style, tables: Tables, findings: Rows) -> None:
    """Write the sheet; ``findings`` has the row on 问题清单 of each community's first finding."""
    campaign = style.campaign
    table = score_table(campaign, tables.communities, findings)
    note = (
        f"满分{plain(campaign.max_score)}分，{plain(campaign.pass_score)}分及以上为{campaign.pass_words[0]}。"
        "灰格为未填或不能采用的得分，不按0分计；颜色越深失分越多。"
        f"点击{campaign.unit}名称查看该{campaign.unit}的问题。"
    )
    sheet = open_sheet(style, table, title_of(campaign, table.sheet), note)
    _write_groups(sheet, style, table)
    _write_points(sheet, style, table)
    subtotals = (table.columns[table.place(_subtotal(index))] for index in range(len(campaign.groups)))
    write_headings(sheet, style, table, height(*((one.heading, one.width, 10) for one in subtotals)))
    write_records(sheet, style, table, tables.communities, least_height=20)
    _colour(sheet, style, table)
    set_page(sheet, style, table.header_row)
    sheet.repeat_rows(_GROUP_ROW, table.header_row)
    sheet.repeat_columns(table.place("no"), table.place("status"))
    sheet.print_area(0, 0, table.last_row, table.place("rank"))
    sheet.freeze_panes(table.first_row, table.place("status") + 1)


def _write_groups(sheet: Worksheet, style: Style, table: Table[CommunityRow]) -> None:
    """Write over the headings what they belong to, each group over its criteria."""
    campaign, head = style.campaign, style.format(HEADING)

    def over(row: int, first: str, last: str, words: str) -> None:
        write_merged(sheet, (row, table.place(first), row, table.place(last)), words, head)

    over(_GROUP_ROW, "no", "status", bare(campaign.labels.group))
    over(_POINTS_ROW, "no", "status", bare(campaign.labels.points))
    for group in campaign.groups:
        over(_GROUP_ROW, *_ends(group), group.title)
    over(_GROUP_ROW, _subtotal(0), _subtotal(len(campaign.groups) - 1), "各项小计")
    over(_GROUP_ROW, "total", "rank", "结果")
    over(_GROUP_ROW, "source", "source", "来源")
    spans = [(group.title, _SCORE_WIDTH * len(group.criteria), 10.0) for group in campaign.groups]
    sheet.set_row(_GROUP_ROW, height(*spans))


def _write_points(sheet: Worksheet, style: Style, table: Table[CommunityRow]) -> None:
    """Write the points of criteria, groups and all, and the pass mark, to which the verdicts refer."""
    campaign, row = style.campaign, _POINTS_ROW
    number = style.format(NUMBER, italic=True)
    cells = TableRow(table, row)
    for criterion in campaign.criteria:
        write_cell(sheet, row, table.place(score(criterion.number)), criterion.points, number)
    for index, group in enumerate(campaign.groups):
        points = rules.points_formula(cells.span(*_ends(group)))
        write_formula(sheet, row, table.place(_subtotal(index)), f"={points}", number, group.points)
    full = rules.points_formula(_subtotals(campaign, cells))
    write_formula(sheet, row, table.place("total"), f"={full}", number, campaign.max_score)
    mark = style.format(NUMBER, italic=True, num_format='"≥"General')
    write_cell(sheet, row, table.place("verdict"), campaign.pass_score, mark)
    for name in ("rank", "source"):
        write_cell(sheet, row, table.place(name), None, number)
    sheet.set_row(row, 18)


def _colour(sheet: Worksheet, style: Style, table: Table[CommunityRow]) -> None:
    """Colour lost points by how much is lost, statuses and verdicts by what they are."""

    def condition(name: str, rule: Mapping[str, object]) -> None:
        place = table.place(name)
        sheet.conditional_format(table.first_row, place, table.last_row, place, dict(rule))

    for criterion in style.campaign.criteria:
        condition(score(criterion.number), _colour_scale(criterion))
    for name in ("status", "verdict"):
        for status, word in status_words(style.campaign).items():
            fill = style.book.condition_format(bg_color=STATUS_FILLS[status])
            condition(name, {"type": "cell", "criteria": "==", "value": f'"{word}"', "format": fill})


def _colour_scale(criterion: Criterion) -> Mapping[str, object]:
    return {
        "type": "2_color_scale",
        "min_type": "num",
        "min_value": 0,
        "min_color": LOSS,
        "max_type": "num",
        "max_value": float(criterion.points),
        "max_color": "#FFFFFF",
    }
