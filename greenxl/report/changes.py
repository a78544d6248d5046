"""变化: every community then and now, and how each criterion moved."""

from collections.abc import Sequence
from decimal import Decimal

from xlsxwriter.utility import xl_range, xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from greenxl.campaign.model import plain
from greenxl.report.layout import (
    CHANGES,
    COMMUNITY,
    RETURNED_WORDS,
    SCORES,
    STATUS,
    UNJUDGED,
    VERDICT_WORDS,
    ChangesGrid,
    cell_of,
    mean,
    title_of,
)
from greenxl.report.previous import Change, Previous, departed
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
from greenxl.scoring.tables import Tables, points
from greenxl.scoring.vocabulary import STATUS_WORDS
from greenxl.xlsx import text_width, write_cell, write_formula, write_link

UNLISTED = "未列入"
SIGNED = "+General;-General;0"


def write_changes(style: Style, previous: Previous, changes: Sequence[Change], tables: Tables) -> None:
    grid, campaign = ChangesGrid(style.campaign), style.campaign
    names = max(text_width(c.name) for c in campaign.communities) * 1.08 + 1
    towns = max(text_width(t.name) for t in campaign.towns) * 1.08 + 1
    widths = [
        4.5,
        min(20, max(9.5, towns)),
        min(26, max(10, names)),
        9.5,
        9.5,
        11,
        9.5,
        8,
        8,
        7,
        *[5.5] * len(campaign.criteria),
    ]
    sheet = open_sheet(style, CHANGES, widths, title_of(campaign, CHANGES), _note(style, previous))
    heading_row(sheet, style, grid.header_row, grid.headings(), 34)
    rows = tables.communities.to_dict("records")
    for row, (change, now) in enumerate(zip(changes, rows, strict=True), grid.first_row):
        _community(sheet, style, grid, row, change)
        for criterion in campaign.criteria:
            score = points(now[f"c{criterion.number}"])
            _moved(sheet, style, grid, row, change, criterion.number, score)
        place = change.community
        names_of = (place.town, widths[grid.town], 10.0), (place.name, widths[grid.community], 10.0)
        sheet.set_row(row, max(20, height(*names_of)))
    as_table(sheet, style, "Changes", grid.header_row, grid.last_row, grid.headings())
    _means(sheet, style, grid, changes, tables)
    _colours(sheet, style, grid)
    gone = "、".join(departed(previous, campaign))
    if gone:
        write_cell(sheet, grid.last_row + 3, 0, f"上次列入、本次名单已不含的社区：{gone}。", style.note)
    set_page(sheet, style, grid.header_row)
    sheet.freeze_panes(grid.first_row, grid.community + 1)


def _note(style: Style, previous: Previous) -> str:
    when = f"（数据截至{previous.as_of}）" if previous.as_of else ""
    note = f"与“{previous.file}”{when}相比；增减＝本次减上次，只比较两次都有的得分和文字相同的标准。"
    if previous.max_score is not None and previous.max_score != style.campaign.max_score:
        note += f"上次满分{plain(previous.max_score)}分，与本次不同，合计不作比较。"
    return note


def _community(sheet: Worksheet, style: Style, grid: ChangesGrid, row: int, change: Change) -> None:
    centred, number, scores = style.cell(align="center"), style.number(), style.scores
    community, then = change.community, change.then
    where = scores.rows[community.town, community.name]
    write_cell(sheet, row, grid.number, community.number, centred)
    write_cell(sheet, row, grid.town, community.town, style.cell())
    target = f"internal:{cell_of(SCORES, where, COMMUNITY)}"
    write_link(sheet, row, grid.community, target, community.name, style.link())
    write_cell(sheet, row, grid.then, STATUS_WORDS[then.status] if then else UNLISTED, centred)
    now = f"={cell_of(SCORES, where, STATUS)}"
    write_formula(sheet, row, grid.now, now, centred, STATUS_WORDS[change.now])
    _words(sheet, style, grid, row, change)
    before, after = (xl_rowcol_to_cell(row, column) for column in (grid.before, grid.total))
    total = cell_of(SCORES, where, scores.total)
    write_cell(sheet, row, grid.before, then.total if then else None, number)
    write_formula(sheet, row, grid.total, f'=IF({total}="","",{total})', number, change.total)
    if change.difference is None:
        write_cell(sheet, row, grid.difference, UNJUDGED, centred)
    else:
        formula = f'=IF({after}="","",ROUND({after}-{before},2))'
        signed = style.number(num_format=SIGNED, bold=True)
        write_formula(sheet, row, grid.difference, formula, signed, change.difference)


def _words(sheet: Worksheet, style: Style, grid: ChangesGrid, row: int, change: Change) -> None:
    """Write in words whether the community came in or went, passed or no longer does."""
    then, now = xl_rowcol_to_cell(row, grid.then), xl_rowcol_to_cell(row, grid.now)
    missing, passed = STATUS_WORDS[Status.MISSING], STATUS_WORDS[Status.PASSED]
    absent = f'OR({then}="{missing}",{then}="{UNLISTED}")'
    came, went = RETURNED_WORDS
    formula = (
        f'=IF(AND({absent},{now}<>"{missing}"),"{came}",'
        f'IF(AND(NOT({absent}),{now}="{missing}"),"{went}","{UNJUDGED}"))'
    )
    words = came if change.newly_returned else went if change.withdrawn else UNJUDGED
    write_formula(sheet, row, grid.returned, formula, style.cell(align="center"), words)
    better, worse = VERDICT_WORDS
    formula = (
        f'=IF(AND({then}<>"{passed}",{now}="{passed}"),"{better}",'
        f'IF(AND({then}="{passed}",{now}<>"{passed}"),"{worse}","{UNJUDGED}"))'
    )
    words = better if change.newly_passed else worse if change.fallen else UNJUDGED
    write_formula(sheet, row, grid.verdict, formula, style.cell(align="center", bold=True), words)


def _moved(
    sheet: Worksheet,
    style: Style,
    grid: ChangesGrid,
    row: int,
    change: Change,
    number: int,
    score: Decimal | None,
) -> None:
    """Write how far a score moved; grey where one of the two is not known."""
    column, then, scores = grid.first_score + number - 1, change.scores.get(number), style.scores
    if then is None or score is None:
        write_cell(sheet, row, column, None, style.number(bg_color=EMPTY))
        return
    where = scores.rows[change.community.town, change.community.name]
    now = cell_of(SCORES, where, scores.score(number))
    formula = f'=IF({now}="","",ROUND({now}-{plain(then)},2))'
    write_formula(sheet, row, column, formula, style.number(num_format=SIGNED), score - then)


def _means(
    sheet: Worksheet, style: Style, grid: ChangesGrid, changes: Sequence[Change], tables: Tables
) -> None:
    row, bold = grid.last_row + 1, style.number(num_format="+0.00;-0.00;0", bold=True, font_size=9)
    for column in range(grid.first_score):
        write_cell(sheet, row, column, None, style.cell())
    write_cell(sheet, row, grid.town, "平均增减", style.cell(bold=True))
    moved = [change.difference for change in changes if change.difference is not None]
    columns = {grid.difference: mean(moved)}
    for number in (c.number for c in style.campaign.criteria):
        now = [points(score) for score in tables.communities[f"c{number}"]]
        pairs = ((c.scores.get(number), score) for c, score in zip(changes, now, strict=True))
        both = [score - then for then, score in pairs if then is not None and score is not None]
        columns[grid.first_score + number - 1] = mean(both)
    for column, value in columns.items():
        cells = xl_range(grid.first_row, column, grid.last_row, column)
        formula = f'=IF(COUNT({cells})=0,"",ROUND(AVERAGE({cells}),2))'
        write_formula(sheet, row, column, formula, bold, value)
    sheet.set_row(row, 22)


def _colours(sheet: Worksheet, style: Style, grid: ChangesGrid) -> None:
    last = grid.first_score + len(style.campaign.criteria) - 1
    better = style.book.condition_format(bg_color=STATUS_FILLS[Status.PASSED])
    worse = style.book.condition_format(bg_color=LOSS)
    for criteria, look in ((">", better), ("<", worse)):
        # A text is above any number, so that blanks and dashes are kept out by what they are.
        for first, end in ((grid.difference, grid.difference), (grid.first_score, last)):
            cell = xl_rowcol_to_cell(grid.first_row, first)
            rule = {
                "type": "formula",
                "criteria": f"=AND(ISNUMBER({cell}),{cell}{criteria}0)",
                "format": look,
            }
            sheet.conditional_format(grid.first_row, first, grid.last_row, end, rule)
    for words, look in zip(VERDICT_WORDS, (better, worse), strict=True):
        rule = {"type": "cell", "criteria": "==", "value": f'"{words}"', "format": look}
        sheet.conditional_format(grid.first_row, grid.verdict, grid.last_row, grid.verdict, rule)
