"""填报说明, the first sheet of a blank: how to fill it in, and how far every community is, live."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from xlsxwriter.utility import xl_range
from xlsxwriter.worksheet import Worksheet

from greenxl.campaign import rules
from greenxl.campaign.model import Campaign
from greenxl.form.instructions import instructions
from greenxl.form.layout import COVER_SHEET, Layout, absolute, reference
from greenxl.form.score_sheet import Form
from greenxl.form.style import (
    GREY,
    LINE_HEIGHT,
    LINKED,
    MISSING,
    PASSED,
    TALLEST,
    WRONG,
    number_pages,
    protect,
    set_page,
    title_format,
)
from greenxl.names import joined, one_line
from greenxl.xlsx import Book, line_count, write_cell, write_formula, write_link, write_merged

_WIDTHS = {"number": 7, "name": 26, "filled": 16, "total": 14, "state": 30}
_NUMBER, _NAME, _FILLED = range(3)
_SEVERAL_FILLED = 12
"""The width of the column of how many are filled in, where there are several."""
_UNTOUCHED = "未填"
_ROW_HEIGHT = 22
_LONGEST_STATE = 26
"""Characters of a state that are shown: what fails a unit is on its own sheet."""
_LEGIBLE = 900
"""Points of the list that are printed on one page with the instructions; a longer one takes several pages."""


@dataclass(frozen=True)
class _Columns:
    """The columns of the list: how much is filled in of every score column, the total and the state."""

    layout: Layout

    @property
    def widths(self) -> list[float]:
        several = len(self.layout.score_columns)
        filled = [_WIDTHS["filled"]] if several == 1 else [_SEVERAL_FILLED] * several
        return [_WIDTHS["number"], _WIDTHS["name"], *filled, _WIDTHS["total"], _WIDTHS["state"]]

    @property
    def state(self) -> int:
        return len(self.widths) - 1


def write_cover(book: Book, campaign: Campaign, town: str, forms: Sequence[Form]) -> None:
    """Write the cover of a town's workbook; that of one community alone bears its name too."""
    sheet, columns = book.sheet(COVER_SHEET), _Columns(Layout(campaign))
    width = sum(columns.widths)
    for column, one in enumerate(columns.widths):
        sheet.set_column(column, column, one)
    alone = forms[0].community.name if len(forms) == 1 else ""
    title = f"{joined(town, alone)}评分表填报说明"
    write_merged(sheet, (0, 0, 0, columns.state), title, title_format(book, campaign, title, width))
    sheet.set_row(0, 44)
    line = book.format(text_wrap=True, font_size=12)
    row = 1
    for text in instructions(campaign):
        write_merged(sheet, (row, 0, row, columns.state), text, line)
        sheet.set_row(row, min(17 * line_count(text, width * 11 / 12 - 2) + 8, TALLEST))
        row += 1
    sheet.set_row(row, 10)
    _header(book, sheet, columns, row + 1)
    _list(book, sheet, columns, forms, row + 2)
    set_page(sheet, campaign)
    if sum(_row_height(form, columns) for form in forms) > _LEGIBLE:
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(row + 1)
        number_pages(sheet, campaign, town)
    protect(sheet)


def _header(book: Book, sheet: Worksheet, columns: _Columns, row: int) -> None:
    head = book.format(border=1, align="center", bold=True, bg_color=GREY, text_wrap=True)
    campaign = columns.layout.campaign
    count = len(campaign.criteria)
    filled = [f"已填条数\n（共{count}条）"]
    if columns.layout.other_scores:
        filled = [f"{one_line(heading)}\n已填条数" for heading in columns.layout.score_columns]
    headings = ("序号", campaign.unit, *filled, campaign.labels.total, "状态")
    for column, heading in enumerate(headings):
        write_cell(sheet, row, column, heading, head)
    lines = max(line_count(text, width) for text, width in zip(headings, columns.widths, strict=True))
    sheet.set_row(row, max(36, LINE_HEIGHT * lines + 4))


def _list(book: Book, sheet: Worksheet, columns: _Columns, forms: Sequence[Form], first: int) -> None:
    """Write a row per community with its live state, and under them how many are complete."""
    cell, linked = (book.format(border=1, align="center", **more) for more in ({}, LINKED))
    campaign = columns.layout.campaign
    wrapped = book.format(border=1, align="center", text_wrap=True) if campaign.has_vetoes else cell
    for row, form in enumerate(forms, first):
        write_cell(sheet, row, _NUMBER, form.community.number, cell)
        write_link(sheet, row, _NAME, form.link(columns.layout), form.community.name, linked)
        for column, (formula, value) in enumerate(_live(form, columns.layout), _FILLED):
            shown = wrapped if column == columns.state else cell
            write_formula(sheet, row, column, f"={formula}", shown, value)
        sheet.set_row(row, _row_height(form, columns))
    last = first + len(forms) - 1
    states = (first, columns.state, last, columns.state)
    _colour(book, sheet, columns.layout, states)
    _progress(book, sheet, columns, forms, xl_range(*states), last + 1)


def _row_height(form: Form, columns: _Columns) -> float:
    """Return the points of a unit's row: for its name, and where there are vetoes a state of two lines."""
    least = 2 * _ROW_HEIGHT if columns.layout.campaign.has_vetoes else _ROW_HEIGHT
    lines = line_count(form.community.name, columns.widths[_NAME])
    return max(least, LINE_HEIGHT * lines + 4)


def _live(form: Form, layout: Layout) -> list[tuple[str, str | int | Decimal | None]]:
    """Return the formulas that watch a community's sheet, each with its value now."""
    state = form.state(layout)
    total, words = (
        reference(form.sheet_name, absolute(cells)) for cells in (layout.total_cell, layout.state_cell)
    )
    shown, now = words, state.words
    if layout.campaign.has_vetoes:
        shown = f'IF(LEN({words})>{_LONGEST_STATE},LEFT({words},{_LONGEST_STATE - 1})&"…",{words})'
        now = now if len(now) <= _LONGEST_STATE else f"{now[: _LONGEST_STATE - 1]}…"
    return [
        *(_filled(form, layout, heading) for heading in layout.score_columns),
        (f'IF({total}="","",{total})', state.total),
        (f'IF({words}="","{_UNTOUCHED}",{shown})', now or _UNTOUCHED),
    ]


def _filled(form: Form, layout: Layout, heading: str) -> tuple[str, int]:
    """Return the formula of how much is filled in of a score column, with its value now.

    Where only numbers are typed, what is no number is not counted.
    """
    campaign, column = layout.campaign, layout.score_columns[heading]
    cells = reference(form.sheet_name, absolute(layout.cells_of(column)))
    words = any(rules.answers_to(c) or c.not_applicable for c in campaign.criteria)
    typed = form.scores if column == layout.score else form.typed.get(heading, ())
    return f"{'COUNTA' if words else 'COUNT'}({cells})", sum(one is not None for one in typed)


def _colour(book: Book, sheet: Worksheet, layout: Layout, states: tuple[int, int, int, int]) -> None:
    """Show a state's kind by colour as well as by its words."""
    passed, failed = layout.campaign.pass_words
    colours = {passed: PASSED, _UNTOUCHED: MISSING, failed: WRONG, rules.WRONG: WRONG}
    if layout.other_scores:
        colours[rules.TO_BE_DECIDED] = MISSING
    for beginning, colour in colours.items():
        rule = {"type": "text", "criteria": "begins with", "value": beginning}
        shown = {**rule, "format": book.condition_format(bg_color=colour)}
        sheet.conditional_format(*states, shown)


def _progress(
    book: Book,
    sheet: Worksheet,
    columns: _Columns,
    forms: Sequence[Form],
    states: str,
    row: int,
) -> None:
    """Write how many communities are complete, live; ``states`` is the range of their states.

    What fails a unit whatever its total follows the word that says that it failed.
    """
    campaign = columns.layout.campaign
    passed, failed = campaign.pass_words
    words = (passed, f"{failed}*" if campaign.has_vetoes else failed)
    complete = "+".join(f'COUNTIF({states},"{word}")' for word in words)
    progress = f"填报进度：已填完{{complete}}个{campaign.unit}，共{{count}}个。"
    formula = rules.text_formula(progress, complete=f"({complete})", count=len(forms))
    done = sum(form.state(columns.layout).complete for form in forms)
    line = book.format(border=1, bold=True, align="center")
    write_merged(sheet, (row, 0, row, columns.state), "", line)
    write_formula(sheet, row, 0, f"={formula}", line, progress.format(complete=done, count=len(forms)))
    sheet.set_row(row, 26)
