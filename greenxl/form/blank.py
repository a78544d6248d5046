"""Campaign to blank score workbooks: Attachment 1 of the plan, once per community, and how to fill it in."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from xlsxwriter.format import Format
from xlsxwriter.utility import xl_range, xl_range_abs, xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from greenxl.campaign.model import Campaign, Community, Criterion, plain
from greenxl.form.layout import (
    COMMUNITY_LABEL,
    COVER_SHEET,
    FIELD_LABELS,
    FIRST_ROW,
    GROUP,
    HEADER_ROW,
    IDENTITY_SHEET,
    NUMBER,
    PLACE_ROW,
    POINTS,
    SCORE,
    STATE_LABEL,
    TEXT,
    TITLE_ROW,
    TOWN_LABEL,
    Identity,
    Layout,
    community_sheet_names,
    identity_of,
)
from greenxl.names import safe_file_name
from greenxl.xlsx import Book, line_count, size_to_fit, write_cell, write_formula, write_link, write_merged

WIDTHS = (18, 5, 50, 11, 13)
LINK = SCORE + 1
"""The column beside the form, not printed, from which one gets to other sheets."""
COVER_WIDTHS = (7, 26, 16, 14, 30)
LINE_HEIGHT = 16.0
LEGIBLE = 900
"""Points of rows that still read on one page; a longer standard is printed on as many as it needs."""
INPUT = {"locked": False, "border": 1, "align": "center"}
MISSING = "#FFF7D6"
WRONG = "#F8CBAD"
PASSED = "#E2F0D9"
GREY = "#F2F2F2"
LINKED = {"font_color": "#0563C1", "underline": 1, "text_wrap": True}
DONE = ("达标", "未达标")

Scores = Mapping[Community, Sequence[Decimal | None]]


@dataclass(frozen=True, slots=True)
class Blank:
    """A blank workbook: what to call it and its bytes."""

    file_name: str
    town: str
    data: bytes


def blanks(campaign: Campaign, towns: Iterable[str], *, per_community: bool = False) -> Iterator[Blank]:
    """Yield the blank workbooks of these towns: one per town, or one per community."""
    for town in towns:
        communities = campaign.communities_of(town)
        if per_community:
            for community in communities:
                name = safe_file_name(f"{town}-{community.name}-评分表-{campaign.year}")
                yield Blank(f"{name}.xlsx", town, blank(campaign, town, [community]))
        else:
            name = safe_file_name(f"{town}-评分表-{campaign.year}")
            yield Blank(f"{name}.xlsx", town, blank(campaign, town, communities))


def blank(
    campaign: Campaign,
    town: str,
    communities: Sequence[Community],
    *,
    scores: Scores | None = None,
    supersedes: tuple[str, ...] = (),
) -> bytes:
    """Return the score workbook of a town, prefilled where ``scores`` holds any."""
    identity = identity_of(campaign, town, communities, supersedes)
    book = Book(
        campaign.fonts.body,
        date(campaign.year, 1, 1),
        {"title": campaign.title, "subject": f"{town} {campaign.year}", "author": campaign.authority},
    )
    sheets = dict(zip(community_sheet_names(communities), communities, strict=True))
    given = {name: (scores or {}).get(c, [None] * len(campaign.criteria)) for name, c in sheets.items()}
    _cover(book, campaign, town, sheets, given)
    names = list(sheets)
    for index, (name, community) in enumerate(sheets.items()):
        sheet = _form(book, name, campaign, community, given[name])
        _beside(book, sheet, names[max(0, index - 1) : index], names[index + 1 : index + 2])
    _identity(book, identity)
    return book.bytes()


def _cover(
    book: Book,
    campaign: Campaign,
    town: str,
    sheets: Mapping[str, Community],
    given: Mapping[str, Sequence[Decimal | None]],
) -> None:
    sheet = book.sheet(COVER_SHEET)
    for column, width in enumerate(COVER_WIDTHS):
        sheet.set_column(column, column, width)
    alone = next(iter(sheets.values())).name if len(sheets) == 1 else ""
    title = f"{town}{alone}评分表填报说明"
    write_merged(sheet, (0, 0, 0, 4), title, _title(book, campaign, title, sum(COVER_WIDTHS)))
    sheet.set_row(0, 44)
    line = book.format(text_wrap=True, font_size=12)
    row = 1
    for text in _instructions(campaign, alone=bool(alone)):
        write_merged(sheet, (row, 0, row, 4), text, line)
        sheet.set_row(row, 17 * line_count(text, sum(COVER_WIDTHS) * 11 / 12 - 2) + 8)
        row += 1
    sheet.set_row(row, 10)
    if alone:
        _only_one(book, sheet, campaign, sheets, given, row + 1)
    else:
        _listed(book, sheet, campaign, sheets, given, row + 1)
    _page(sheet, campaign)
    sheet.protect("", {"format_columns": True, "format_rows": True})


def _title(book: Book, campaign: Campaign, text: str, width: float) -> Format:
    size = size_to_fit(text, width, 20)
    return book.format(font_name=campaign.fonts.title, font_size=size, align="center")


def _listed(
    book: Book,
    sheet: Worksheet,
    campaign: Campaign,
    sheets: Mapping[str, Community],
    given: Mapping[str, Sequence[Decimal | None]],
    row: int,
) -> None:
    """Write a line per community with its live state, and how many are done."""
    count = len(campaign.criteria)
    head = book.format(border=1, align="center", bold=True, bg_color=GREY, text_wrap=True)
    headings = ("序号", "社区", f"已填条数\n（共{count}条）", campaign.labels.total, "状态")
    for column, heading in enumerate(headings):
        write_cell(sheet, row, column, heading, head)
    sheet.set_row(row, 36)
    first = row + 1
    for row, (name, community) in enumerate(sheets.items(), first):
        write_cell(sheet, row, 0, community.number, book.format(border=1, align="center"))
        _open(book, sheet, row, 1, name, community)
        for column, (formula, value) in enumerate(_live(name, campaign, given[name]), 2):
            write_formula(sheet, row, column, formula, book.format(border=1, align="center"), value)
        sheet.set_row(row, max(22, LINE_HEIGHT * line_count(community.name, COVER_WIDTHS[1]) + 4))
    _coloured(book, sheet, first, row, 4)
    states = xl_range(first, 4, row, 4)
    done = sum(state_of(scores, campaign).words in DONE for scores in given.values())
    formula = "&".join(
        ['="填报进度：已填完"', f"({'+'.join(f'COUNTIF({states},{_quoted(word)})' for word in DONE)})"]
        + [_quoted(f"个社区，共{len(sheets)}个。")]
    )
    words = f"填报进度：已填完{done}个社区，共{len(sheets)}个。"
    look = book.format(border=1, bold=True, align="center")
    write_merged(sheet, (row + 1, 0, row + 1, 4), "", look)
    write_formula(sheet, row + 1, 0, formula, look, words)
    sheet.set_row(row + 1, 26)


def _only_one(
    book: Book,
    sheet: Worksheet,
    campaign: Campaign,
    sheets: Mapping[str, Community],
    given: Mapping[str, Sequence[Decimal | None]],
    row: int,
) -> None:
    """Write the state of a workbook's only community, a line for each thing to know."""
    label = book.format(border=1, bold=True, bg_color=GREY, align="center")
    value = book.format(border=1, align="center", bold=True)
    [(name, community)] = sheets.items()
    write_merged(sheet, (row, 0, row, 1), "社区", label)
    _open(book, sheet, row, 2, name, community)
    write_merged(sheet, (row, 2, row, 4), community.name, book.format(border=1, align="center", **LINKED))
    _open(book, sheet, row, 2, name, community)
    labels = (f"已填条数（共{len(campaign.criteria)}条）", campaign.labels.total, "状态")
    live = _live(name, campaign, given[name])
    for line, (words, (formula, now)) in enumerate(zip(labels, live, strict=True), row + 1):
        write_merged(sheet, (line, 0, line, 1), words, label)
        write_merged(sheet, (line, 2, line, 4), "", value)
        write_formula(sheet, line, 2, formula, value, now)
    for line in range(row, row + 4):
        sheet.set_row(line, 28)
    _coloured(book, sheet, row + 3, row + 3, 2)


def _open(book: Book, sheet: Worksheet, row: int, column: int, name: str, community: Community) -> None:
    """Write the name of a community so that a click leads to its first score."""
    target = f"internal:'{_escaped(name)}'!{xl_rowcol_to_cell(FIRST_ROW, SCORE)}"
    write_link(sheet, row, column, target, community.name, book.format(border=1, align="center", **LINKED))


def _live(
    name: str, campaign: Campaign, scores: Sequence[Decimal | None]
) -> list[tuple[str, str | int | Decimal | None]]:
    """Return the formulas that watch a community's sheet, each with its value now."""
    layout, state, place = Layout(len(campaign.criteria)), state_of(scores, campaign), f"'{_escaped(name)}'!"
    cells = f"{place}{xl_range_abs(FIRST_ROW, SCORE, layout.last_row, SCORE)}"
    total = f"{place}{xl_rowcol_to_cell(layout.total_row, SCORE, True, True)}"
    words = f"{place}{xl_rowcol_to_cell(layout.state_row, NUMBER, True, True)}"
    return [
        (f"=COUNT({cells})", state.filled),
        (f'=IF({total}="","",{total})', state.total),
        (f'=IF({words}="","未填",{words})', state.words or "未填"),
    ]


def _coloured(book: Book, sheet: Worksheet, first: int, last: int, column: int) -> None:
    """Show a state's kind by colour as well as by its words."""
    for beginning, colour in (("达标", PASSED), ("未填", MISSING), ("未达标", WRONG), ("有误", WRONG)):
        rule = {"type": "text", "criteria": "begins with", "value": beginning}
        sheet.conditional_format(
            first, column, last, column, {**rule, "format": book.condition_format(bg_color=colour)}
        )


def _quoted(words: str) -> str:
    return f'"{words}"'


def _escaped(name: str) -> str:
    return name.replace("'", "''")


def _instructions(campaign: Campaign, *, alone: bool) -> list[str]:
    deadline = campaign.deadline
    where = "本工作簿只有一张评分表，点击下方社区名称即可打开。" if alone else ""
    where = where or "每个社区一张评分表，点击下表中的社区名称即可打开，表旁链接可返回本页。"
    told = [
        f"一、{where}只能填写“得分”一列和表下的填报信息，其余内容已锁定。",
        "二、每条得分填数字，从 0 到该条标准分，最多两位小数；没有做到的填 0，不能留空。"
        "黄色表示未填，橙色表示填写有误。",
        f"三、合计分值自动计算，达到{plain(campaign.pass_score)}分为达标。请勿改动标准内容、分值和工作表名称。",
        f"四、请于{deadline.year}年{deadline.month}月{deadline.day}日前填写完毕，将本工作簿原样报送{campaign.authority}。",
    ]
    return [*told, f"五、报送方式：{campaign.return_to}"] if campaign.return_to else told


@dataclass(frozen=True, slots=True)
class State:
    """What the live cells of a sheet show."""

    filled: int
    total: Decimal | None
    words: str


def state_of(scores: Sequence[Decimal | None], campaign: Campaign) -> State:
    """Return what the sheet's formulas show for these scores (all of them within their points)."""
    values = [score for score in scores if score is not None]
    if not values:
        return State(0, None, "")
    total = sum(values, Decimal(0))
    if len(values) < len(scores):
        return State(len(values), total, f"未填完（已填{len(values)}条，共{len(scores)}条）")
    return State(len(values), total, "达标" if total >= campaign.pass_score else "未达标")


def _form(
    book: Book, name: str, campaign: Campaign, community: Community, given: Sequence[Decimal | None]
) -> Worksheet:
    sheet = book.sheet(name)
    layout = Layout(len(campaign.criteria))
    for column, width in enumerate(WIDTHS):
        sheet.set_column(column, column, width)
    title = _title(book, campaign, campaign.title, sum(WIDTHS))
    write_merged(sheet, (TITLE_ROW, GROUP, TITLE_ROW, SCORE), campaign.title, title)
    sheet.set_row(TITLE_ROW, 38)
    _place(book, sheet, community)
    _head(book, sheet, campaign)
    _body(book, sheet, campaign, given)
    _foot(book, sheet, campaign, layout, state_of(given, campaign))
    _guards(book, sheet, campaign, layout)
    _page(sheet, campaign)
    if sum(row_heights(campaign)) > LEGIBLE:
        sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(HEADER_ROW)
    sheet.print_area(TITLE_ROW, GROUP, layout.field_rows[-1], SCORE)
    sheet.freeze_panes(FIRST_ROW, 0)
    sheet.set_selection(FIRST_ROW, SCORE, FIRST_ROW, SCORE)
    sheet.protect("", {"format_columns": True, "format_rows": True})
    return sheet


def _beside(book: Book, sheet: Worksheet, before: list[str], after: list[str]) -> None:
    """Write links to the cover and the neighbouring forms, beside the rows that stay on the screen."""
    look = book.format(**{**LINKED, "font_size": 10, "text_wrap": False})
    sheet.set_column(LINK, LINK, 26)
    write_link(sheet, TITLE_ROW, LINK, f"internal:'{COVER_SHEET}'!A1", f"返回{COVER_SHEET}", look)
    first = xl_rowcol_to_cell(FIRST_ROW, SCORE)
    for row, words, names in ((PLACE_ROW, "上一张", before), (HEADER_ROW, "下一张", after)):
        for name in names:
            write_link(sheet, row, LINK, f"internal:'{_escaped(name)}'!{first}", f"{words}：{name}", look)


def _place(book: Book, sheet: Worksheet, community: Community) -> None:
    label = book.format(align="center", text_wrap=True)
    value = book.format(bold=True, bottom=1, text_wrap=True)
    write_cell(sheet, PLACE_ROW, GROUP, COMMUNITY_LABEL, label)
    write_merged(sheet, (PLACE_ROW, NUMBER, PLACE_ROW, TEXT), community.name, value)
    write_cell(sheet, PLACE_ROW, POINTS, TOWN_LABEL.replace("（", "\n（"), label)
    write_cell(sheet, PLACE_ROW, SCORE, community.town, value)
    sheet.set_row(PLACE_ROW, max(36, LINE_HEIGHT * line_count(community.town, WIDTHS[SCORE]) + 4))


def _head(book: Book, sheet: Worksheet, campaign: Campaign) -> None:
    look = book.format(border=1, align="center", bold=True, bg_color=GREY, text_wrap=True)
    labels = campaign.labels
    write_cell(sheet, HEADER_ROW, GROUP, labels.group, look)
    write_merged(sheet, (HEADER_ROW, NUMBER, HEADER_ROW, TEXT), labels.standard, look)
    write_cell(sheet, HEADER_ROW, POINTS, labels.points, look)
    write_cell(sheet, HEADER_ROW, SCORE, labels.score, look)
    sheet.set_row(HEADER_ROW, 36)


def _body(book: Book, sheet: Worksheet, campaign: Campaign, given: Sequence[Decimal | None]) -> None:
    centred = book.format(border=1, align="center", text_wrap=True)
    text = book.format(border=1, text_wrap=True)
    score = book.format(**INPUT)
    row = FIRST_ROW
    heights = row_heights(campaign)
    for group in campaign.groups:
        write_merged(sheet, (row, GROUP, row + len(group.criteria) - 1, GROUP), group.name, centred)
        for criterion in group.criteria:
            write_cell(sheet, row, NUMBER, criterion.number, centred)
            write_cell(sheet, row, TEXT, criterion.text, text)
            write_cell(sheet, row, POINTS, criterion.points, centred)
            write_cell(sheet, row, SCORE, given[criterion.number - 1], score)
            sheet.set_row(row, heights[criterion.number - 1])
            row += 1


def row_heights(campaign: Campaign) -> list[float]:
    """Return the heights of the criteria's rows: each fits its text, together they fit the group's name."""
    return [
        max(_group_height(group.name, group.criteria), LINE_HEIGHT * line_count(c.text, WIDTHS[TEXT]) + 2)
        for group in campaign.groups
        for c in group.criteria
    ]


def _group_height(name: str, criteria: Sequence[Criterion]) -> float:
    """Return the least height of a group's rows, so that its name fits beside them."""
    needed = LINE_HEIGHT * line_count(name, WIDTHS[GROUP])
    return max(LINE_HEIGHT + 10, (needed + 6) / len(criteria))


def _foot(book: Book, sheet: Worksheet, campaign: Campaign, layout: Layout, state: State) -> None:
    total = book.format(border=1, align="center", bold=True)
    scores = xl_range(FIRST_ROW, SCORE, layout.last_row, SCORE)
    write_merged(sheet, (layout.total_row, GROUP, layout.total_row, TEXT), campaign.labels.total, total)
    write_cell(sheet, layout.total_row, POINTS, campaign.max_score, total)
    formula = f'=IF(COUNT({scores})=0,"",ROUND(SUM({scores}),2))'
    write_formula(sheet, layout.total_row, SCORE, formula, total, state.total)
    sheet.set_row(layout.total_row, 24)
    write_merged(sheet, (layout.note_row, GROUP, layout.note_row, SCORE), campaign.note, book.format())
    sheet.set_row(layout.note_row, 24)
    label, field = book.format(align="center", text_wrap=True), book.format(locked=False, bottom=1)
    write_cell(sheet, layout.state_row, GROUP, STATE_LABEL, label)
    box = (layout.state_row, NUMBER, layout.state_row, SCORE)
    write_merged(sheet, box, "", book.format(bold=True, bottom=1))
    words = _state_formula(campaign, layout)
    write_formula(sheet, layout.state_row, NUMBER, words, book.format(bold=True, bottom=1), state.words)
    first, second, third = layout.field_rows
    filler, checker, phone, day, seal = FIELD_LABELS
    for row, left, right in ((first, filler, checker), (second, phone, day)):
        write_cell(sheet, row, GROUP, left, label)
        write_merged(sheet, (row, NUMBER, row, TEXT), "", field)
        write_cell(sheet, row, POINTS, right, label)
        write_cell(sheet, row, SCORE, None, field)
    write_cell(sheet, third, GROUP, seal, label)
    write_merged(sheet, (third, NUMBER, third, SCORE), "", field)
    for row in (layout.state_row, *layout.field_rows):
        sheet.set_row(row, 34 if row == third else 24)


def _state_formula(campaign: Campaign, layout: Layout) -> str:
    scores = xl_range(FIRST_ROW, SCORE, layout.last_row, SCORE)
    points = xl_range(FIRST_ROW, POINTS, layout.last_row, POINTS)
    total = xl_rowcol_to_cell(layout.total_row, SCORE)
    impossible = f"SUMPRODUCT(({scores}<0)+({scores}>{points})+(ROUND({scores},2)<>{scores}))"
    return (
        f'=IF(COUNTA({scores})=0,"",IF(COUNTA({scores})>COUNT({scores}),"有误",IF({impossible}>0,"有误",'
        f'IF(COUNT({scores})<{layout.criteria},"未填完（已填"&COUNT({scores})&"条，共{layout.criteria}条）",'
        f'IF({total}>={plain(campaign.pass_score)},"达标","未达标")))))'
    )


def _guards(book: Book, sheet: Worksheet, campaign: Campaign, layout: Layout) -> None:
    """Let a score cell take what the plan allows, and show at a glance what is empty or impossible."""
    for row, criterion in enumerate(campaign.criteria, FIRST_ROW):
        points = plain(criterion.points)
        sheet.data_validation(
            row,
            SCORE,
            row,
            SCORE,
            {
                "validate": "decimal",
                "criteria": "between",
                "minimum": 0,
                "maximum": float(criterion.points),
                "input_title": f"第{criterion.number}条得分",
                "input_message": f"请填 0 到 {points} 之间的数字，最多两位小数；没有做到的填 0。",
                "error_title": "得分填写有误",
                "error_message": f"第{criterion.number}条满分 {points} 分，请填 0 到 {points} 之间的数字。",
            },
        )
    box = (FIRST_ROW, SCORE, layout.last_row, SCORE)
    score, points = xl_rowcol_to_cell(FIRST_ROW, SCORE), xl_rowcol_to_cell(FIRST_ROW, POINTS)
    impossible = f"OR({score}<0,{score}>{points},ROUND({score},2)<>{score})"
    wrong = f"=IF(ISBLANK({score}),FALSE,IF(ISNUMBER({score}),{impossible},TRUE))"
    look = book.condition_format(bg_color=WRONG, bold=True)
    sheet.conditional_format(
        *box, {"type": "formula", "criteria": wrong, "format": look, "stop_if_true": True}
    )
    empty = {
        "type": "formula",
        "criteria": f"=ISBLANK({score})",
        "format": book.condition_format(bg_color=MISSING),
    }
    sheet.conditional_format(*box, empty)


def _page(sheet: Worksheet, campaign: Campaign) -> None:
    sheet.set_portrait()
    sheet.set_paper(9)
    sheet.set_margins(left=0.7, right=0.7, top=0.8, bottom=0.7)
    sheet.center_horizontally()
    sheet.fit_to_pages(1, 1)
    sheet.hide_gridlines(2)
    sheet.set_footer(f"&C{campaign.authority.replace('&', '&&')}")


def _identity(book: Book, identity: Identity) -> None:
    sheet = book.sheet(IDENTITY_SHEET)
    look = book.format()
    for row, line in enumerate(identity.rows()):
        for column, text in enumerate(line):
            write_cell(sheet, row, column, text, look)
    sheet.very_hidden()
    sheet.protect()
