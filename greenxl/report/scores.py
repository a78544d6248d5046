"""社区得分: a row per community, its scores, subtotals, total, verdict and rank."""

from collections.abc import Mapping
from typing import Any

from xlsxwriter.utility import xl_range, xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from greenxl.campaign import rules
from greenxl.campaign.model import plain
from greenxl.report.layout import (
    COMMUNITY,
    FINDINGS,
    NO,
    PILOT,
    PILOT_FLAG,
    SCORES,
    STATUS,
    SUBTOTAL,
    TOWN,
    UNJUDGED,
    ScoreGrid,
    cell_of,
    title_of,
)
from greenxl.report.style import (
    EMPTY,
    LOSS,
    STATUS_FILLS,
    Style,
    as_table,
    heading_row,
    height,
    open_sheet,
    set_page,
)
from greenxl.scoring.choosing import Status
from greenxl.scoring.tables import Tables, group_columns, points, score_columns
from greenxl.scoring.vocabulary import STATUS_WORDS
from greenxl.xlsx import text_width, write_cell, write_formula, write_link, write_merged

Row = Mapping[Any, Any]

SCORE_WIDTH = 4.6
SUBTOTAL_WIDTH = 8.5


def write_scores(style: Style, tables: Tables, found: Mapping[tuple[str, str], int]) -> None:
    """Write the sheet; ``found`` leads a community to the row of its first finding."""
    campaign, grid = style.campaign, style.scores
    widths = _widths(style, tables)
    sheet = _open(style, widths)
    _groups(sheet, style, grid)
    tall = height(*((f"{g.title}{SUBTOTAL}", SUBTOTAL_WIDTH, 10) for g in campaign.groups))
    heading_row(sheet, style, grid.header_row, grid.headings(), tall)
    for row, community in enumerate(tables.communities.to_dict("records"), grid.first_row):
        _place(sheet, style, row, community, found.get((community["town"], community["community"])))
        _scores(sheet, style, grid, row, community)
        _sums(sheet, style, grid, row, community)
        names = (community["town"], widths[TOWN], 10), (community["community"], widths[COMMUNITY], 10)
        sheet.set_row(row, max(20, height(*names)))
    as_table(sheet, style, "Scores", grid.header_row, grid.last_row, grid.headings())
    _colours(sheet, style, grid)
    set_page(sheet, style, grid.header_row)
    sheet.repeat_rows(grid.group_row, grid.header_row)
    sheet.repeat_columns(NO, STATUS)
    sheet.print_area(0, NO, grid.last_row, grid.rank)
    sheet.freeze_panes(grid.first_row, STATUS + 1)


def _widths(style: Style, tables: Tables) -> list[float]:
    campaign = style.campaign
    towns = max(text_width(t.name) for t in campaign.towns) * 1.08 + 1
    names = max(text_width(c.name) for c in campaign.communities) * 1.08 + 1
    widths = [4.5, min(20, max(9.5, towns)), min(26, max(10, names)), 5, 9.5]
    widths += [SCORE_WIDTH] * len(campaign.criteria) + [SUBTOTAL_WIDTH] * len(campaign.groups)
    sources = (text_width(_source(row)) * 0.8 for row in tables.communities.to_dict("records"))
    return [*widths, 7.5, 8, 5, min(80, max(14, *sources))]


def _open(style: Style, widths: list[float]) -> Worksheet:
    campaign = style.campaign
    note = (
        f"满分{plain(campaign.max_score)}分，{plain(campaign.pass_score)}分及以上为达标。"
        "灰格为未填或不能采用的得分，不按0分计；颜色越深失分越多。点击社区名称查看该社区的问题。"
    )
    return open_sheet(style, SCORES, widths, title_of(campaign, SCORES), note)


def _groups(sheet: Worksheet, style: Style, grid: ScoreGrid) -> None:
    """Write the groups over their criteria, and under them the points and the pass mark."""
    campaign, head, number = style.campaign, style.head, style.number(italic=True)
    write_merged(sheet, (grid.group_row, NO, grid.group_row, STATUS), "内容", head)
    write_merged(sheet, (grid.points_row, NO, grid.points_row, STATUS), "标准分", head)
    for index, group in enumerate(campaign.groups):
        first, last = group.criteria[0].number, group.criteria[-1].number
        box = (grid.group_row, grid.score(first), grid.group_row, grid.score(last))
        write_merged(sheet, box, group.title, head)
        inside = xl_range(grid.points_row, grid.score(first), grid.points_row, grid.score(last))
        write_formula(
            sheet,
            grid.points_row,
            grid.subtotal(index),
            f"={rules.points_formula(inside)}",
            number,
            group.points,
        )
    write_merged(sheet, (grid.group_row, grid.subtotal(0), grid.group_row, grid.total - 1), "各项小计", head)
    write_merged(sheet, (grid.group_row, grid.total, grid.group_row, grid.rank), "结果", head)
    write_cell(sheet, grid.group_row, grid.source, "来源", head)
    for criterion in campaign.criteria:
        write_cell(sheet, grid.points_row, grid.score(criterion.number), criterion.points, number)
    subtotals = xl_range(grid.points_row, grid.subtotal(0), grid.points_row, grid.total - 1)
    write_formula(
        sheet, grid.points_row, grid.total, f"={rules.points_formula(subtotals)}", number, campaign.max_score
    )
    mark = style.number(italic=True, num_format='"≥"General')
    write_cell(sheet, grid.points_row, grid.verdict, campaign.pass_score, mark)
    write_cell(sheet, grid.points_row, grid.rank, None, number)
    write_cell(sheet, grid.points_row, grid.source, None, number)
    spans = [(g.title, SCORE_WIDTH * len(g.criteria), 10.0) for g in campaign.groups]
    sheet.set_row(grid.group_row, height(*spans))
    sheet.set_row(grid.points_row, 18)


def _place(sheet: Worksheet, style: Style, row: int, community: Row, found: int | None) -> None:
    centred = style.cell(align="center")
    write_cell(sheet, row, NO, int(community["no"]), centred)
    write_cell(sheet, row, TOWN, community["town"], style.cell())
    if found is None:
        write_cell(sheet, row, COMMUNITY, community["community"], style.cell())
    else:
        target = f"internal:{cell_of(FINDINGS, found, 0)}"
        write_link(sheet, row, COMMUNITY, target, community["community"], style.link())
    write_cell(sheet, row, PILOT_FLAG, PILOT if community["pilot"] else "", centred)
    write_cell(sheet, row, STATUS, STATUS_WORDS[community["status"]], centred)


def _scores(sheet: Worksheet, style: Style, grid: ScoreGrid, row: int, community: Row) -> None:
    known, unknown = style.number(), style.number(bg_color=EMPTY)
    for column, name in enumerate(score_columns(style.campaign), grid.first_score):
        score = points(community[name])
        write_cell(sheet, row, column, score, unknown if score is None else known)


def _sums(sheet: Worksheet, style: Style, grid: ScoreGrid, row: int, community: Row) -> None:
    number, bold = style.number(), style.number(bold=True)
    for index, (name, group) in enumerate(
        zip(group_columns(style.campaign), style.campaign.groups, strict=True)
    ):
        cells = xl_range(
            row, grid.score(group.criteria[0].number), row, grid.score(group.criteria[-1].number)
        )
        formula = f"={rules.subtotal_formula(cells, group)}"
        write_formula(sheet, row, grid.subtotal(index), formula, number, points(community[name]))
    scores = xl_range(row, grid.first_score, row, grid.last_score)
    subtotals = xl_range(row, grid.subtotal(0), row, grid.total - 1)
    total = xl_rowcol_to_cell(row, grid.total)
    formula = f"={rules.total_formula(scores, subtotals, style.campaign)}"
    write_formula(sheet, row, grid.total, formula, bold, points(community["total"]))
    mark = xl_rowcol_to_cell(grid.points_row, grid.verdict, True, True)
    verdict_formula = rules.verdict_formula(rules.ScoreCells(scores, total), style.campaign, mark)
    formula = f'=IF({total}="","{UNJUDGED}",{verdict_formula})'
    judged = community["status"] in (Status.PASSED, Status.FAILED)
    verdict = STATUS_WORDS[community["status"]] if judged else UNJUDGED
    write_formula(sheet, row, grid.verdict, formula, style.cell(align="center", bold=True), verdict)
    formula = f"={rules.rank_formula(total, _absolute(grid))}"
    rank = int(community["rank"]) if judged else None
    write_formula(sheet, row, grid.rank, formula, number, rank)
    write_cell(sheet, row, grid.source, _source(community), style.cell(font_size=8, text_wrap=False))


def _source(community: Row) -> str:
    return f"{community['file']} › {community['sheet']}" if isinstance(community["file"], str) else ""


def _absolute(grid: ScoreGrid) -> str:
    return grid.column(grid.total).partition("!")[2]


def _colours(sheet: Worksheet, style: Style, grid: ScoreGrid) -> None:
    for criterion in style.campaign.criteria:
        column = grid.score(criterion.number)
        sheet.conditional_format(
            grid.first_row,
            column,
            grid.last_row,
            column,
            {
                "type": "2_color_scale",
                "min_type": "num",
                "min_value": 0,
                "min_color": LOSS,
                "max_type": "num",
                "max_value": float(criterion.points),
                "max_color": "#FFFFFF",
            },
        )
    for column in (STATUS, grid.verdict):
        for status, word in STATUS_WORDS.items():
            look = style.book.condition_format(bg_color=STATUS_FILLS[status])
            sheet.conditional_format(
                grid.first_row,
                column,
                grid.last_row,
                column,
                {"type": "cell", "criteria": "==", "value": f'"{word}"', "format": look},
            )
