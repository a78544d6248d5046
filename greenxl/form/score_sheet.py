"""The sheet of one community: Attachment 1 of the plan, with live total and state, and who filled it in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from xlsxwriter.utility import xl_cell_to_rowcol
from xlsxwriter.worksheet import Worksheet

from greenxl.campaign import rules
from greenxl.campaign.model import Answer, Campaign, Community, Criterion
from greenxl.campaign.rules import Scores, State
from greenxl.errors import GreenxlError
from greenxl.form.input_rules import filled_in
from greenxl.form.layout import (
    COVER_SHEET,
    FIELD_LABELS,
    FIRST_ROW,
    GRADE_LABEL,
    HEADER_ROW,
    PLACE_ROW,
    STATE_LABEL,
    TITLE_ROW,
    VETO_LABEL,
    Layout,
    Part,
    reference,
    town_label,
    unit_label,
)
from greenxl.form.paper import LINE_ROW, Paper
from greenxl.form.standard_form import PrintedLine, StandardForm
from greenxl.form.style import (
    CHECK,
    GREY,
    LINE_HEIGHT,
    LINKED,
    PASSED,
    WRONG,
    number_pages,
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


@dataclass(frozen=True, slots=True)
class CellMark:
    """How a cell of a correction copy is pointed out."""

    colour: str
    comment: str
    until_scored: bool = False
    """Whether it turns green once it holds a possible score."""


CellMarks = Mapping[str, CellMark]
"""By the A1 address of a cell that is filled in, or of the total."""
Typed = Mapping[str, Sequence[str | Decimal | None]]
"""What stands beside the criteria in other columns than that of the scores that count, by their headings."""


@dataclass(frozen=True, slots=True)
class Form:
    """One community's sheet: its name, whose it is, the scores that it is issued with, and its marks."""

    sheet_name: str
    community: Community
    scores: Scores
    marks: CellMarks = field(default_factory=dict)
    fields: Mapping[str, str] = field(default_factory=dict)
    """What stands beside the labels under the table when it is issued."""
    typed: Typed = field(default_factory=dict)
    """What the columns to fill in and the other score columns hold when it is issued."""

    def link(self, layout: Layout) -> str:
        """Return the target that opens the sheet at its first score."""
        return f"internal:{reference(self.sheet_name, address(FIRST_ROW, layout.column(Part.SCORE)))}"

    def state(self, layout: Layout) -> State:
        """Return what the formulas of the sheet show of it."""
        counted = rules.state(self.scores, layout.campaign)
        others = (self.typed.get(heading, ()) for heading in layout.other_scores)
        begun = not counted.filled and any(one is not None for typed in others for one in typed)
        return replace(counted, words=rules.TO_BE_DECIDED) if begun else counted


@dataclass(frozen=True)
class _Page:
    """A sheet in the making, and what all that is written on it needs to know."""

    book: Book
    sheet: Worksheet
    standard: StandardForm
    paper: Paper
    form: Form
    state: State

    @property
    def campaign(self) -> Campaign:
        return self.standard.campaign

    @property
    def layout(self) -> Layout:
        return self.standard.layout

    def width(self, first: int, last: int) -> float:
        """Return the width of some columns, in characters."""
        return sum(self.paper.widths[first : last + 1])

    def label(self, row: int, text: str) -> None:
        """Write a label at the left edge; one that is too long is broken before its bracket."""
        last = self.layout.column(Part.NUMBER) - 1
        if line_count(text, self.width(0, last)) > 1:
            text = text.replace("（", "\n（")
        write_merged(self.sheet, (row, 0, row, last), text, self.book.format(align="center", text_wrap=True))


def write_score_sheet(
    book: Book, standard: StandardForm, form: Form, before: Form | None, after: Form | None
) -> None:
    """Write the sheet of a community; ``before`` and ``after`` are those that it leads to."""
    layout, sheet, campaign = standard.layout, book.sheet(form.sheet_name), standard.campaign
    entries = {
        column: [str(one or "") for one in form.typed[heading]]
        for heading, column in layout.entry_columns.items()
        if heading in form.typed
    }
    page = _Page(
        book=book,
        sheet=sheet,
        standard=standard,
        paper=standard.paper(entries),
        form=form,
        state=form.state(layout),
    )
    for column, width in enumerate(page.paper.widths):
        sheet.set_column(column, column, width)
    title = title_format(book, campaign, campaign.title, page.paper.width)
    write_merged(sheet, (TITLE_ROW, 0, TITLE_ROW, layout.last_column), campaign.title, title)
    sheet.set_row(TITLE_ROW, 38)
    _place(page)
    _header(page)
    _criteria(page)
    _total_and_note(page)
    _state(page)
    _fields(page)
    _validate(page)
    _mark(page)
    _colour(page)
    _print(page)
    sheet.freeze_panes(FIRST_ROW, 0)
    first = layout.column(Part.SCORE)
    sheet.set_selection(FIRST_ROW, first, FIRST_ROW, first)
    protect(sheet)
    _links(page, before, after)


def _print(page: _Page) -> None:
    sheet, paper, layout = page.sheet, page.paper, page.layout
    set_page(sheet, page.campaign, landscape=paper.landscape, paper=paper.size)
    if paper.scale:
        sheet.set_print_scale(paper.scale)
        sheet.set_h_pagebreaks([FIRST_ROW + number - 1 for number in paper.breaks])
        number_pages(sheet, page.campaign, page.form.community.name)
    sheet.repeat_rows(HEADER_ROW)
    sheet.print_area(TITLE_ROW, 0, layout.field_rows[-1], layout.last_column)


def _place(page: _Page) -> None:
    """Write whose form it is, and of which town where there are towns."""
    sheet, layout, community = page.sheet, page.layout, page.form.community
    label = page.book.format(align="center", text_wrap=True)
    value = page.book.format(bold=True, bottom=1, text_wrap=True)
    first, points, last = layout.column(Part.NUMBER), layout.column(Part.POINTS), layout.last_column
    own, has_towns = unit_label(page.campaign.unit), page.campaign.has_towns
    end = points - 1 if has_towns else last
    lines = [line_count(own, page.width(0, first - 1)), line_count(community.name, page.width(first, end))]
    page.label(PLACE_ROW, own)
    write_merged(sheet, (PLACE_ROW, first, PLACE_ROW, end), community.name, value)
    if has_towns:
        town = town_label(page.campaign.parent).replace("（", "\n（")
        write_cell(sheet, PLACE_ROW, points, town, label)
        write_merged(sheet, (PLACE_ROW, points + 1, PLACE_ROW, last), community.town, value)
        lines.append(line_count(town, page.paper.widths[points]))
        lines.append(line_count(community.town, page.width(points + 1, last)))
    sheet.set_row(PLACE_ROW, max(36, LINE_HEIGHT * max(lines) + 4))


def _header(page: _Page) -> None:
    """Write the headings; where there are several score columns, that of the counting one is coloured."""
    sheet, layout = page.sheet, page.layout
    head = {"border": 1, "align": "center", "bold": True, "bg_color": GREY, "text_wrap": True}
    lines = [1]
    for column, (part, heading) in enumerate(layout.columns):
        if part is Part.NUMBER:
            write_merged(
                sheet, (HEADER_ROW, column, HEADER_ROW, column + 1), heading, page.book.format(**head)
            )
        elif part is not Part.TEXT:
            counting = column == layout.score and layout.other_scores
            look = {**head, "bg_color": CHECK} if counting else head
            write_cell(sheet, HEADER_ROW, column, heading, page.book.format(**look))
            lines.append(line_count(heading, page.paper.widths[column]))
    sheet.set_row(HEADER_ROW, max(36, LINE_HEIGHT * max(lines) + 4))


def _criteria(page: _Page) -> None:
    centred = page.book.format(border=1, align="center", text_wrap=True)
    for row, line in enumerate(page.standard.lines, FIRST_ROW):
        for name in page.paper.merged:
            first, last = name.rows
            if first == row:
                column = page.layout.column(name.part)
                write_merged(page.sheet, (first, column, last, column), name.text, centred)
        _printed(page, row, line)
        _to_fill_in(page, row, line.criterion)
        page.sheet.set_row(row, page.paper.heights[line.criterion.number - 1])
    if any(not c.label.isdecimal() for c in page.campaign.criteria if c.label):
        numbers = page.layout.cells_of(page.layout.column(Part.NUMBER))
        page.sheet.ignore_errors({"number_stored_as_text": numbers})  # 1.1 is a number of its form


def _printed(page: _Page, row: int, line: PrintedLine) -> None:
    """Write what a form states of a criterion."""
    layout, sheet = page.layout, page.sheet
    look = {"border": 1, "align": "center", "text_wrap": True}
    write_cell(sheet, row, layout.column(Part.NUMBER), line.label, page.book.format(**look))
    for one in line.texts:
        text_format = page.book.format(border=1, text_wrap=True, font_size=one.size)
        write_cell(sheet, row, one.column, one.text, text_format)
    shown = {"num_format": line.points_format} if line.points_format else {}
    points = page.book.format(**look, **shown)
    write_cell(sheet, row, layout.column(Part.POINTS), line.criterion.points, points)


def _to_fill_in(page: _Page, row: int, criterion: Criterion) -> None:
    """Write the cells that are filled in, with what they hold when the form is issued."""
    layout, place = page.layout, criterion.number - 1
    look = {"locked": False, "border": 1}
    words = {"text_wrap": True} if criterion.worded else {}
    for heading, column in layout.score_columns.items():
        score = page.form.scores[place] if column == layout.score else _typed(page, heading, place)
        value = (
            score if isinstance(score, str) and not isinstance(score, Answer) else filled_in(score, criterion)
        )
        fill = _fill(page.form.marks, address(row, column))
        scored = page.book.format(**look, align="center", **words, **fill)
        write_cell(page.sheet, row, column, value, scored)
    for heading, column in layout.entry_columns.items():
        fill = _fill(page.form.marks, address(row, column))
        text = page.book.format(**look, align="left", text_wrap=True, **fill)
        write_cell(page.sheet, row, column, _typed(page, heading, place), text)


def _typed(page: _Page, heading: str, place: int) -> str | Decimal | None:
    typed = page.form.typed.get(heading)
    return typed[place] if typed else None


def _total_and_note(page: _Page) -> None:
    """Write a running total under every score column, and the note."""
    sheet, layout, row = page.sheet, page.layout, page.layout.total_row
    bold = {"border": 1, "align": "center", "bold": True}
    points = layout.column(Part.POINTS)
    write_merged(sheet, (row, 0, row, points - 1), page.campaign.labels.total, page.book.format(**bold))
    write_cell(sheet, row, points, page.campaign.max_score, page.book.format(**bold))
    for heading, column in layout.score_columns.items():
        formula = page.standard.totals[column]
        fill = _fill(page.form.marks, address(row, column))
        total = page.state.total if column == layout.score else _other_total(page, heading)
        write_formula(sheet, row, column, f"={formula}", page.book.format(**bold, **fill), total)
    for column in layout.of(Part.ENTRY):
        write_cell(sheet, row, column, None, page.book.format(border=1))
    sheet.set_row(row, 24)
    note = layout.note_row
    lines = line_count(page.campaign.note, page.paper.width)
    wrapped = {"text_wrap": True} if lines > 1 else {}
    write_merged(sheet, (note, 0, note, layout.last_column), page.campaign.note, page.book.format(**wrapped))
    sheet.set_row(note, max(24, LINE_HEIGHT * lines + 4))


def _other_total(page: _Page, heading: str) -> Decimal | None:
    """Return the total of a score column that does not count."""
    typed = page.form.typed.get(heading, ())
    answers = [
        rules.answer_in(one, criterion) if isinstance(one, str) else one
        for one, criterion in zip(typed, page.campaign.criteria, strict=False)
    ]
    scores = [one if isinstance(one, Decimal | Answer) else None for one in answers]
    return rules.state(scores, page.campaign).total if scores else None


def _state(page: _Page) -> None:
    """Write the state, what fails the unit and its grade, each where the campaign has any."""
    layout, standard = page.layout, page.standard
    height = standard.state_height
    _live(page, layout.state_row, STATE_LABEL, standard.state, page.state.words, height)
    if layout.veto_row is not None:
        _live(page, layout.veto_row, VETO_LABEL, standard.veto, page.state.veto, height)
    if layout.grade_row is not None:
        _live(page, layout.grade_row, GRADE_LABEL, standard.grade, page.state.grade, LINE_ROW)


def _live(page: _Page, row: int, label: str, formula: str, value: str, height: float) -> None:
    """Write a line whose text is what a formula gives."""
    wrapped = {"text_wrap": True} if height > LINE_ROW else {}
    value_format = page.book.format(bold=True, bottom=1, **wrapped)
    first = page.layout.column(Part.NUMBER)
    page.label(row, label)
    write_merged(page.sheet, (row, first, row, page.layout.last_column), "", value_format)
    write_formula(page.sheet, row, first, f"={formula}", value_format, value)
    page.sheet.set_row(row, height)


def _fields(page: _Page) -> None:
    """Write the lines for who filled in, who checked, when, and the seal."""
    sheet, layout, given = page.sheet, page.layout, page.form.fields
    label = page.book.format(align="center", text_wrap=True)
    field = page.book.format(locked=False, bottom=1)
    first, points, last = layout.column(Part.NUMBER), layout.column(Part.POINTS), layout.last_column
    filler, checker, phone, day, seal = FIELD_LABELS
    *rows, seal_row = layout.field_rows
    for row, left, right in zip(rows, (filler, phone), (checker, day), strict=True):
        page.label(row, left)
        write_merged(sheet, (row, first, row, points - 1), given.get(left, ""), field)
        write_cell(sheet, row, points, right, label)
        write_merged(sheet, (row, points + 1, row, last), given.get(right, ""), field)
        sheet.set_row(row, 24)
    page.label(seal_row, seal)
    write_merged(sheet, (seal_row, first, seal_row, last), given.get(seal, ""), field)
    sheet.set_row(seal_row, 34)


def _validate(page: _Page) -> None:
    """Let a score cell take what its criterion allows, with a prompt."""
    columns = page.layout.of(Part.SCORE)
    for row, line in enumerate(page.standard.lines, FIRST_ROW):
        code = page.sheet.data_validation(row, columns[0], row, columns[-1], {**line.validation})
        if code:
            raise GreenxlError(f"{page.sheet.name}!{row + 1}: XlsxWriter refused the validation ({code})")


def _fill(marks: CellMarks, cell: str) -> dict[str, str]:
    """Return the format properties of a cell's mark, none where it has no mark."""
    mark = marks.get(cell)
    return {"bg_color": mark.colour} if mark else {}


def _mark(page: _Page) -> None:
    """Comment the marked cells; what is to be scored keeps its colour until it is, then turns green.

    The conditions come before those of the form, which would otherwise outweigh them.
    """
    sheet, campaign = page.sheet, page.campaign
    for cell, mark in page.form.marks.items():
        row, column = xl_cell_to_rowcol(cell)
        write_comment(sheet, row, column, mark.comment, campaign.authority, campaign.fonts.body)
        if mark.until_scored:
            points = address(row, page.layout.column(Part.POINTS))
            possible = rules.possible_formula(cell, points, campaign.criteria[row - FIRST_ROW])
            for condition, colour in ((possible, PASSED), (f"ISBLANK({cell})", mark.colour)):
                rule = {"type": "formula", "criteria": f"={condition}", "stop_if_true": True}
                coloured = {**rule, "format": page.book.condition_format(bg_color=colour)}
                sheet.conditional_format(row, column, row, column, coloured)


def _colour(page: _Page) -> None:
    """Show at a glance which scores are empty or impossible."""
    for *box, rule, colour in page.standard.colour_rules:
        bold = {"bold": True} if colour == WRONG else {}
        shown = page.book.condition_format(bg_color=colour, **bold)
        page.sheet.conditional_format(*box, {**rule, "format": shown})


def _links(page: _Page, before: Form | None, after: Form | None) -> None:
    """Write links to the cover and the neighbouring forms, beside the rows that stay on the screen."""
    sheet, column = page.sheet, page.layout.last_column + 1
    linked = page.book.format(**{**LINKED, "font_size": 10, "text_wrap": False})
    sheet.set_column(column, column, 26)
    write_link(sheet, TITLE_ROW, column, f"internal:'{COVER_SHEET}'!A1", f"返回{COVER_SHEET}", linked)
    for row, words, form in ((PLACE_ROW, "上一张", before), (HEADER_ROW, "下一张", after)):
        if form:
            target = form.link(page.layout)
            write_link(sheet, row, column, target, f"{words}：{form.sheet_name}", linked)
