"""How the consolidated workbook looks: its colours, its cells by role, the set-up of a page and a table.

Colours differ in lightness, not only in hue, so that they read in a grey print.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from greenxl.campaign.model import Campaign
from greenxl.report.layout import ScoreGrid
from greenxl.scoring.choosing import Status
from greenxl.xlsx import Book, line_count, text_width, write_cell, write_merged

GREEN = "#2F6B4F"
"""Passed, and what leads the eye."""
PALE_GREEN = "#9CC5AE"
ORANGE = "#C55A11"
"""Lost, failed, the target's line."""
INK = "#1F2A24"
FAINT = "#6B7570"
RULE = "#B8C2BC"
HEAD = "#E3ECE6"
EMPTY = "#E7E6E6"
LOSS = "#F2A36B"
"""A score of nothing; a full score is white."""
LINK = "#1F5F8B"

STATUS_FILLS: dict[Status, str] = {
    Status.PASSED: "#D6EADD",
    Status.FAILED: "#F4B183",
    Status.INCOMPLETE: "#FFE9A8",
    Status.INVALID: "#F8CBAD",
    Status.CONFLICT: "#E2D4EC",
    Status.MISSING: "#D0CECE",
}

POINTS = "General"
"""Two decimals at most, and none where there are none (0.## would leave a lone point)."""
RATE = "0.0%"


@dataclass(frozen=True)
class Style:
    """The cells of a report, by what they are for."""

    book: Book
    campaign: Campaign
    base: dict[str, Any] = field(default_factory=lambda: {"font_color": INK})

    @cached_property
    def scores(self) -> ScoreGrid:
        return ScoreGrid(self.campaign)

    def format(self, **look: Any) -> Format:
        return self.book.format(**{**self.base, **look})

    def cell(self, **look: Any) -> Format:
        """Return a cell of a table: text to the left, wrapped."""
        return self.format(**{"border": 1, "border_color": RULE, "text_wrap": True, "font_size": 10, **look})

    def number(self, **look: Any) -> Format:
        return self.cell(**{"align": "center", "num_format": POINTS, **look})

    @property
    def head(self) -> Format:
        return self.cell(bold=True, align="center", bg_color=HEAD)

    def link(self, **look: Any) -> Format:
        return self.cell(font_color=LINK, underline=1, **look)

    def chart_font(self, size: float) -> dict[str, Any]:
        return {"name": self.campaign.fonts.body, "size": size, "bold": size > 9, "color": INK}

    def axis(self, name: str) -> dict[str, Any]:
        """Return what the axes of every chart share: a name, small figures, no grid."""
        small = {**self.chart_font(8)}
        return {
            "name": name,
            "name_font": small,
            "num_font": small,
            "line": {"color": RULE},
            "major_gridlines": {"visible": False},
        }

    @property
    def title(self) -> Format:
        return self.format(font_name=self.campaign.fonts.title, font_size=16)

    @property
    def note(self) -> Format:
        return self.format(font_size=9, font_color=FAINT)


def height(*cells: tuple[str, float, float]) -> float:
    """Return the height of a row, given each cell's (text, column width, font size)."""
    return min(
        409, max(size * 1.35 * line_count(text, width * 11 / size - 1) for text, width, size in cells) + 6
    )


def shortened(names: Sequence[str], room: float, where: str) -> str:
    """Return the names that fit into ``room`` characters; how many there are if not all do."""
    text = "、".join(names)
    if text_width(text) <= room:
        return text
    shown: list[str] = []
    for name in names:
        if text_width("、".join([*shown, name])) > room - text_width(where) - 12:
            break
        shown.append(name)
    return f"{'、'.join(shown)}等{len(names)}个，{where}"


def clipped(text: str, room: float) -> str:
    """Return a text as far as it fits into ``room`` characters; dots say that it goes on."""
    if text_width(text) <= room:
        return text
    while text_width(text) > room - 2:
        text = text[:-1]
    return f"{text}…"


def open_sheet(style: Style, name: str, widths: Sequence[float], title: str, note: str) -> Worksheet:
    """Add a sheet with its column widths, a title and a line that explains it."""
    sheet = style.book.sheet(name)
    for column, width in enumerate(widths):
        sheet.set_column(column, column, width, style.format())
    write_cell(sheet, 0, 0, title, style.title)
    write_cell(sheet, 1, 0, note, style.note)
    sheet.set_row(0, 28)
    sheet.set_row(1, 18)
    return sheet


def heading_row(sheet: Worksheet, style: Style, row: int, headings: Sequence[str], height: float) -> None:
    for column, heading in enumerate(headings):
        write_cell(sheet, row, column, heading, style.head)
    sheet.set_row(row, height)


def as_table(
    sheet: Worksheet, style: Style, name: str, header_row: int, last_row: int, headings: Sequence[str]
) -> None:
    """Make a table of rows that were written: filter, banding, structured names."""
    columns = [{"header": heading, "header_format": style.head} for heading in headings]
    options = {"name": f"greenxl_{name}", "columns": columns, "style": "Table Style Light 1"}
    sheet.add_table(header_row, 0, last_row, len(headings) - 1, options)


def nothing(sheet: Worksheet, style: Style, row: int, columns: int, words: str) -> None:
    """Say in words that a table has no rows."""
    write_merged(sheet, (row, 0, row, columns - 1), words, style.cell(align="center", font_color=FAINT))
    sheet.set_row(row, 24)


def set_page(
    sheet: Worksheet, style: Style, header_row: int, *, landscape: bool = True, repeat: bool = True
) -> None:
    """Print on A4, as wide as the paper, with the header row on every page that ``repeat`` asks for."""
    if landscape:
        sheet.set_landscape()
    else:
        sheet.set_portrait()
    sheet.set_paper(9)
    sheet.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.7)
    sheet.center_horizontally()
    sheet.fit_to_pages(1, 0)
    sheet.hide_gridlines(2)
    if repeat:
        sheet.repeat_rows(header_row)
    sheet.freeze_panes(header_row + 1, 0)
    authority = style.campaign.authority.replace("&", "&&")
    sheet.set_footer(f"&L&9{authority}&C&9&A&R&9第 &P 页，共 &N 页")
