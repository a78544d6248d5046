"""填报说明, the first sheet of a blank: how to fill it in, and how far every community is, live."""

from collections.abc import Sequence
from decimal import Decimal

from xlsxwriter.utility import xl_range
from xlsxwriter.worksheet import Worksheet

from greenxl.campaign import rules
from greenxl.campaign.model import Campaign, plain
from greenxl.form.layout import COVER_SHEET, Layout, absolute, reference
from greenxl.form.score_sheet import Form
from greenxl.form.style import (
    GREY,
    LINE_HEIGHT,
    LINKED,
    MISSING,
    PASSED,
    WRONG,
    protect,
    set_page,
    title_format,
)
from greenxl.names import bare, joined
from greenxl.xlsx import Book, line_count, write_cell, write_formula, write_link, write_merged

_WIDTHS = (7, 26, 16, 14, 30)
_NUMBER, _NAME, _FILLED, _TOTAL, _STATE = range(5)
_UNTOUCHED = "未填"


def write_cover(book: Book, campaign: Campaign, town: str, forms: Sequence[Form]) -> None:
    """Write the cover of a town's workbook; that of one community alone bears its name too."""
    sheet = book.sheet(COVER_SHEET)
    for column, width in enumerate(_WIDTHS):
        sheet.set_column(column, column, width)
    alone = forms[0].community.name if len(forms) == 1 else ""
    title = f"{joined(town, alone)}评分表填报说明"
    write_merged(sheet, (0, 0, 0, _STATE), title, title_format(book, campaign, title, sum(_WIDTHS)))
    sheet.set_row(0, 44)
    line = book.format(text_wrap=True, font_size=12)
    row = 1
    for text in _instructions(campaign):
        write_merged(sheet, (row, 0, row, _STATE), text, line)
        sheet.set_row(row, 17 * line_count(text, sum(_WIDTHS) * 11 / 12 - 2) + 8)
        row += 1
    sheet.set_row(row, 10)
    _header(book, sheet, campaign, row + 1)
    _list(book, sheet, campaign, forms, row + 2)
    set_page(sheet, campaign)
    protect(sheet)


def _instructions(campaign: Campaign) -> list[str]:
    deadline, unit = campaign.deadline, campaign.unit
    score, points = bare(campaign.labels.score), bare(campaign.labels.points)
    texts = [
        f"一、每个{unit}一张评分表，点击下表中的{unit}名称即可打开，表旁链接可返回本页。"
        f"只能填写“{score}”一列和表下的填报信息，其余内容已锁定。",
        f"二、每条{score}填数字，从 0 到该条{points}，最多两位小数；没有做到的填 0，不能留空。"
        "黄色表示未填，橙色表示填写有误。",
        f"三、{bare(campaign.labels.total)}自动计算，达到{plain(campaign.pass_score)}分为{campaign.pass_words[0]}。"
        "请勿改动标准内容、分值和工作表名称。",
        f"四、请于{deadline.year}年{deadline.month}月{deadline.day}日前填写完毕，将本工作簿原样报送{campaign.authority}。",
    ]
    return [*texts, f"五、报送方式：{campaign.return_to}"] if campaign.return_to else texts


def _header(book: Book, sheet: Worksheet, campaign: Campaign, row: int) -> None:
    head = book.format(border=1, align="center", bold=True, bg_color=GREY, text_wrap=True)
    filled = f"已填条数\n（共{len(campaign.criteria)}条）"
    for column, heading in enumerate(("序号", campaign.unit, filled, campaign.labels.total, "状态")):
        write_cell(sheet, row, column, heading, head)
    sheet.set_row(row, 36)


def _list(book: Book, sheet: Worksheet, campaign: Campaign, forms: Sequence[Form], first: int) -> None:
    """Write a row per community with its live state, and under them how many are complete."""
    cell, linked = (book.format(border=1, align="center", **more) for more in ({}, LINKED))
    for row, form in enumerate(forms, first):
        write_cell(sheet, row, _NUMBER, form.community.number, cell)
        write_link(sheet, row, _NAME, form.link, form.community.name, linked)
        for column, (formula, value) in enumerate(_live(form, campaign), _FILLED):
            write_formula(sheet, row, column, f"={formula}", cell, value)
        sheet.set_row(row, max(22, LINE_HEIGHT * line_count(form.community.name, _WIDTHS[_NAME]) + 4))
    last = first + len(forms) - 1
    _colour(book, sheet, campaign, first, last)
    _progress(book, sheet, campaign, forms, xl_range(first, _STATE, last, _STATE), last + 1)


def _live(form: Form, campaign: Campaign) -> list[tuple[str, str | int | Decimal | None]]:
    """Return the formulas that watch a community's sheet, each with its value now."""
    layout, state = Layout(len(campaign.criteria)), rules.state(form.scores, campaign)
    scores, total, words = (
        reference(form.sheet_name, absolute(cells))
        for cells in (layout.score_cells, layout.total_cell, layout.state_cell)
    )
    return [
        (f"COUNT({scores})", state.filled),
        (f'IF({total}="","",{total})', state.total),
        (f'IF({words}="","{_UNTOUCHED}",{words})', state.words or _UNTOUCHED),
    ]


def _colour(book: Book, sheet: Worksheet, campaign: Campaign, first: int, last: int) -> None:
    """Show a state's kind by colour as well as by its words."""
    passed, failed = campaign.pass_words
    colours = {passed: PASSED, _UNTOUCHED: MISSING, failed: WRONG, rules.WRONG: WRONG}
    for beginning, colour in colours.items():
        rule = {"type": "text", "criteria": "begins with", "value": beginning}
        shown = {**rule, "format": book.condition_format(bg_color=colour)}
        sheet.conditional_format(first, _STATE, last, _STATE, shown)


def _progress(
    book: Book, sheet: Worksheet, campaign: Campaign, forms: Sequence[Form], states: str, row: int
) -> None:
    """Write how many communities are complete, live; ``states`` is the range of their states."""
    complete = "+".join(f'COUNTIF({states},"{word}")' for word in campaign.pass_words)
    words = f"填报进度：已填完{{complete}}个{campaign.unit}，共{{count}}个。"
    formula = rules.text_formula(words, complete=f"({complete})", count=len(forms))
    done = sum(rules.state(form.scores, campaign).complete for form in forms)
    line = book.format(border=1, bold=True, align="center")
    write_merged(sheet, (row, 0, row, _STATE), "", line)
    write_formula(sheet, row, 0, f"={formula}", line, words.format(complete=done, count=len(forms)))
    sheet.set_row(row, 26)
