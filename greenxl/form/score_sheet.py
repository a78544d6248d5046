"""The sheet of one community: Attachment 1 of the plan, with live total and state, and who filled it in."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from xlsxwriter.utility import xl_cell_to_rowcol
from xlsxwriter.worksheet import Worksheet

from greenxl.campaign import rules
from greenxl.campaign.model import Campaign, Community, Criterion, Group, plain
from greenxl.campaign.rules import Scores, State
from greenxl.form.layout import (
    COVER_SHEET,
    FIELD_LABELS,
    FIRST_ROW,
    GROUP,
    HEADER_ROW,
    NUMBER,
    PLACE_ROW,
    POINTS,
    SCORE,
    STATE_LABEL,
    TEXT,
    TITLE_ROW,
    Layout,
    reference,
    town_label,
    unit_label,
)
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
from greenxl.workbooks.cells import address
from greenxl.xlsx import (
    Book,
    line_count,
    write_cell,
    write_comment,
    write_formula,
    write_link,
    write_merged,
)

_WIDTHS = (18, 5, 50, 11, 13)
_LINK = SCORE + 1
"""The column beside the form, not printed, from which one gets to other sheets."""
_LEGIBLE = 900
"""Points of rows that still read on one page; a longer standard is printed on as many as it needs."""


@dataclass(frozen=True, slots=True)
class CellMark:
    """How a cell of a correction copy is pointed out."""

    colour: str
    comment: str
    until_scored: bool = False
    """Whether it turns green once it holds a possible score."""


CellMarks = Mapping[str, CellMark]
"""By the A1 address of a cell in the score column."""


@dataclass(frozen=True, slots=True)
class Form:
    """One community's sheet: its name, whose it is, the scores that it is issued with, and its marks."""

    sheet_name: str
    community: Community
    scores: Scores
    marks: CellMarks = field(default_factory=dict)
    fields: Mapping[str, str] = field(default_factory=dict)
    """What stands beside the labels under the table when it is issued."""

    @property
    def link(self) -> str:
        """The target that opens the sheet at its first score."""
        return f"internal:{reference(self.sheet_name, address(FIRST_ROW, SCORE))}"


def write_score_sheet(
    book: Book, campaign: Campaign, form: Form, before: Form | None, after: Form | None
) -> None:
    """Write the sheet of a community; ``before`` and ``after`` are those that it leads to."""
    sheet, layout = book.sheet(form.sheet_name), Layout(len(campaign.criteria))
    for column, width in enumerate(_WIDTHS):
        sheet.set_column(column, column, width)
    title = title_format(book, campaign, campaign.title, sum(_WIDTHS))
    write_merged(sheet, (TITLE_ROW, GROUP, TITLE_ROW, SCORE), campaign.title, title)
    sheet.set_row(TITLE_ROW, 38)
    _place(book, sheet, campaign, form.community)
    _header(book, sheet, campaign)
    heights = _row_heights(campaign)
    _criteria(book, sheet, campaign, form, heights)
    state = rules.state(form.scores, campaign)
    _total_and_note(book, sheet, campaign, layout, state, _fill(form.marks, layout.total_cell))
    _state(book, sheet, campaign, layout, state)
    _fields(book, sheet, layout, form.fields)
    _validate(sheet, campaign)
    _mark(book, sheet, campaign, form.marks)
    _colour(book, sheet, campaign, layout)
    set_page(sheet, campaign)
    if sum(heights) > _LEGIBLE:
        sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(HEADER_ROW)
    sheet.print_area(TITLE_ROW, GROUP, layout.field_rows[-1], SCORE)
    sheet.freeze_panes(FIRST_ROW, 0)
    sheet.set_selection(FIRST_ROW, SCORE, FIRST_ROW, SCORE)
    protect(sheet)
    _links(book, sheet, before, after)


def _place(book: Book, sheet: Worksheet, campaign: Campaign, community: Community) -> None:
    """Write whose form it is, and of which town where there are towns."""
    label = book.format(align="center", text_wrap=True)
    value = book.format(bold=True, bottom=1, text_wrap=True)
    own, lines = unit_label(campaign.unit), [0]
    write_cell(sheet, PLACE_ROW, GROUP, own, label)
    lines.append(line_count(own, _WIDTHS[GROUP]))
    last = TEXT if campaign.has_towns else SCORE
    write_merged(sheet, (PLACE_ROW, NUMBER, PLACE_ROW, last), community.name, value)
    if campaign.has_towns:
        towns = town_label(campaign.parent).replace("（", "\n（")
        write_cell(sheet, PLACE_ROW, POINTS, towns, label)
        write_cell(sheet, PLACE_ROW, SCORE, community.town, value)
        lines += [line_count(towns, _WIDTHS[POINTS]), line_count(community.town, _WIDTHS[SCORE])]
    sheet.set_row(PLACE_ROW, max(36, LINE_HEIGHT * max(lines) + 4))


def _header(book: Book, sheet: Worksheet, campaign: Campaign) -> None:
    head = book.format(border=1, align="center", bold=True, bg_color=GREY, text_wrap=True)
    labels = campaign.labels
    write_cell(sheet, HEADER_ROW, GROUP, labels.group, head)
    write_merged(sheet, (HEADER_ROW, NUMBER, HEADER_ROW, TEXT), labels.standard, head)
    write_cell(sheet, HEADER_ROW, POINTS, labels.points, head)
    write_cell(sheet, HEADER_ROW, SCORE, labels.score, head)
    sheet.set_row(HEADER_ROW, 36)


def _criteria(book: Book, sheet: Worksheet, campaign: Campaign, form: Form, heights: list[float]) -> None:
    centred = book.format(border=1, align="center", text_wrap=True)
    text = book.format(border=1, text_wrap=True)
    for group in campaign.groups:
        first, last = (FIRST_ROW + group.criteria[end].number - 1 for end in (0, -1))
        write_merged(sheet, (first, GROUP, last, GROUP), group.name, centred)
        for row, criterion in enumerate(group.criteria, first):
            write_cell(sheet, row, NUMBER, criterion.number, centred)
            write_cell(sheet, row, TEXT, criterion.text, text)
            write_cell(sheet, row, POINTS, criterion.points, centred)
            score = book.format(
                locked=False, border=1, align="center", **_fill(form.marks, address(row, SCORE))
            )
            write_cell(sheet, row, SCORE, form.scores[criterion.number - 1], score)
            sheet.set_row(row, heights[criterion.number - 1])


def _row_heights(campaign: Campaign) -> list[float]:
    """Return the heights of the criteria's rows: each fits its text, together they fit the group's name."""
    return [
        max(_least_height(group), LINE_HEIGHT * line_count(criterion.text, _WIDTHS[TEXT]) + 2)
        for group in campaign.groups
        for criterion in group.criteria
    ]


def _least_height(group: Group) -> float:
    """Return the least height of a group's rows, so that its name fits beside them."""
    needed = LINE_HEIGHT * line_count(group.name, _WIDTHS[GROUP])
    return max(LINE_HEIGHT + 10, (needed + 6) / len(group.criteria))


def _total_and_note(
    book: Book, sheet: Worksheet, campaign: Campaign, layout: Layout, state: State, fill: Mapping[str, str]
) -> None:
    row, total = layout.total_row, book.format(border=1, align="center", bold=True)
    sum_format = book.format(border=1, align="center", bold=True, **fill)
    write_merged(sheet, (row, GROUP, row, TEXT), campaign.labels.total, total)
    write_cell(sheet, row, POINTS, campaign.max_score, total)
    formula = f"={rules.running_total_formula(layout.cells, campaign)}"
    write_formula(sheet, row, SCORE, formula, sum_format, state.total)
    sheet.set_row(row, 24)
    write_merged(sheet, (layout.note_row, GROUP, layout.note_row, SCORE), campaign.note, book.format())
    sheet.set_row(layout.note_row, 24)


def _state(book: Book, sheet: Worksheet, campaign: Campaign, layout: Layout, state: State) -> None:
    row, value = layout.state_row, book.format(bold=True, bottom=1)
    write_cell(sheet, row, GROUP, STATE_LABEL, book.format(align="center", text_wrap=True))
    write_merged(sheet, (row, NUMBER, row, SCORE), "", value)
    formula = f"={rules.state_formula(layout.cells, campaign)}"
    write_formula(sheet, row, NUMBER, formula, value, state.words)
    sheet.set_row(row, 24)


def _fields(book: Book, sheet: Worksheet, layout: Layout, given: Mapping[str, str]) -> None:
    """Write the lines for who filled in, who checked, when, and the seal."""
    label, field = book.format(align="center", text_wrap=True), book.format(locked=False, bottom=1)
    first, second, third = layout.field_rows
    filler, checker, phone, day, seal = FIELD_LABELS
    for row, left, right in ((first, filler, checker), (second, phone, day)):
        write_cell(sheet, row, GROUP, left, label)
        write_merged(sheet, (row, NUMBER, row, TEXT), given.get(left, ""), field)
        write_cell(sheet, row, POINTS, right, label)
        write_cell(sheet, row, SCORE, given.get(right), field)
        sheet.set_row(row, 24)
    write_cell(sheet, third, GROUP, seal, label)
    write_merged(sheet, (third, NUMBER, third, SCORE), given.get(seal, ""), field)
    sheet.set_row(third, 34)


def _validate(sheet: Worksheet, campaign: Campaign) -> None:
    """Let a score cell take what its criterion allows, with a prompt."""
    for row, criterion in enumerate(campaign.criteria, FIRST_ROW):
        sheet.data_validation(row, SCORE, row, SCORE, _validation(criterion))


def _validation(criterion: Criterion) -> dict[str, str | float]:
    least, most = rules.score_range(criterion.points)
    asked = f"请填 {plain(least)} 到 {plain(most)} 之间的数字"
    return {
        "validate": "decimal",
        "criteria": "between",
        "minimum": plain(least),
        "maximum": float(most),
        "input_title": f"第{criterion.number}条得分",
        "input_message": f"{asked}，最多两位小数；没有做到的填 0。",
        "error_title": "得分填写有误",
        "error_message": f"第{criterion.number}条满分 {plain(criterion.points)} 分，{asked}。",
    }


def _fill(marks: CellMarks, cell: str) -> dict[str, str]:
    """Return the format properties of a cell's mark, none where it has no mark."""
    mark = marks.get(cell)
    return {"bg_color": mark.colour} if mark else {}


def _mark(book: Book, sheet: Worksheet, campaign: Campaign, marks: CellMarks) -> None:
    """Comment the marked cells; what is to be scored keeps its colour until it is, then turns green.

    The conditions come before those of the form, which would otherwise outweigh them.
    """
    for cell, mark in marks.items():
        row, column = xl_cell_to_rowcol(cell)
        write_comment(sheet, row, column, mark.comment, campaign.authority, campaign.fonts.body)
        if mark.until_scored:
            possible = rules.possible_formula(cell, address(row, POINTS), campaign.criteria[row - FIRST_ROW])
            for condition, colour in ((possible, PASSED), (f"ISBLANK({cell})", mark.colour)):
                rule = {"type": "formula", "criteria": f"={condition}", "stop_if_true": True}
                coloured = {**rule, "format": book.condition_format(bg_color=colour)}
                sheet.conditional_format(row, column, row, column, coloured)


def _colour(book: Book, sheet: Worksheet, campaign: Campaign, layout: Layout) -> None:
    """Show at a glance which scores are empty or impossible."""
    box = (FIRST_ROW, SCORE, layout.last_row, SCORE)
    score = address(FIRST_ROW, SCORE)
    impossible = rules.impossible_formula(score, address(FIRST_ROW, POINTS), campaign.criteria[0])
    wrong = {
        "type": "formula",
        "criteria": f"=IF(ISBLANK({score}),FALSE,IF(ISNUMBER({score}),{impossible},TRUE))",
        "format": book.condition_format(bg_color=WRONG, bold=True),
        "stop_if_true": True,
    }
    empty = {
        "type": "formula",
        "criteria": f"=ISBLANK({score})",
        "format": book.condition_format(bg_color=MISSING),
    }
    sheet.conditional_format(*box, wrong)
    sheet.conditional_format(*box, empty)


def _links(book: Book, sheet: Worksheet, before: Form | None, after: Form | None) -> None:
    """Write links to the cover and the neighbouring forms, beside the rows that stay on the screen."""
    linked = book.format(**{**LINKED, "font_size": 10, "text_wrap": False})
    sheet.set_column(_LINK, _LINK, 26)
    write_link(sheet, TITLE_ROW, _LINK, f"internal:'{COVER_SHEET}'!A1", f"返回{COVER_SHEET}", linked)
    for row, words, form in ((PLACE_ROW, "上一张", before), (HEADER_ROW, "下一张", after)):
        if form:
            write_link(sheet, row, _LINK, form.link, f"{words}：{form.sheet_name}", linked)
