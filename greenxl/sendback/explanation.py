"""The first sheet of a correction copy: 退回说明, every fault with a link to its cell."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from typing import TYPE_CHECKING, cast

from greenxl.findings import grouped
from greenxl.form.layout import SENDBACK_SHEET
from greenxl.form.style import GREY
from greenxl.i18n import CHINESE
from greenxl.sendback.clean_copy import put
from greenxl.sendback.marks import Mark
from greenxl.sendback.problems import Case
from greenxl.xlsx import fit_to_cell, line_count

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.cell import Cell
    from openpyxl.worksheet.worksheet import Worksheet

WIDTHS = (12, 20, 64)
"""Together as wide as the paper, so that it prints at full size."""
TALLEST = 409
"""Points of the tallest row that Excel accepts."""


def explain(book: "Workbook", case: Case, marks: Sequence[Mark], lost: str | None) -> None:
    page = book.create_sheet(SENDBACK_SHEET, 0)
    fonts = case.campaign.fonts
    pen = Pen(page, fonts.body)
    for letter, width in zip("ABC", WIDTHS, strict=True):
        page.column_dimensions[letter].width = width
    pen.across(f"{case.town}评分表{SENDBACK_SHEET}", size=18, font=fonts.title, centred=True)
    for number, text in zip("一二三四五六", _introduction(case, marks, lost), strict=False):
        pen.across(f"{number}、{text}")
    pen.row(("单元格", "原填内容", "问题和处理办法"), bold=True, grey=True)
    page.print_title_rows = f"{pen.at}:{pen.at}"
    for (file, sheet, community), band in groupby(_in_order(marks, case), key=_place):
        pen.across(f"{community or sheet}（原件：{case.called[file]} › {sheet}）", bold=True, boxed=True)
        together = list(band)
        target = together[0].sheet
        for flaw in grouped(replace(mark.flaw, cells=(mark.cell,) if mark.cell else ()) for mark in together):
            pen.row((flaw.shown_cells() or "整张表", flaw.found, flaw.message(CHINESE)))
            pen.link(target, flaw.cell or "A1")
    if case.missing:
        pen.across(f"尚未报送的社区（{len(case.missing)} 个）", bold=True, boxed=True)
        names = "、".join(c.name for c in case.missing)
        where = "请在本簿相应的表中填报。" if lost is None else "请用原来下发的空表填报。"
        pen.across(f"{names}。{where}", boxed=True)
    _set_page(book, page)


def _introduction(case: Case, marks: Sequence[Mark], lost: str | None) -> Iterator[str]:
    authority = case.campaign.authority
    yield f"本工作簿由{authority}退回修改。需要修改的地方列在下表，点击“单元格”一栏即可跳到该处。"
    yield (
        "只需修改标了底色的单元格，鼠标移到该处可看批注；其余内容照原样保留，不必重填。"
        "得分改成可以采用的数字后，底色变为绿色。"
    )
    back = f"（{case.campaign.return_to}）" if case.campaign.return_to else ""
    yield f"改好后把本工作簿交回{authority}{back}，它会自动代替原来报送的文件。"
    if lost is None:
        yield (
            f"原件（共 {len(case.called)} 个文件）不便直接标注，因此本簿是一份新表，"
            "已填入原件中可以采用的得分；填报人等信息请重新填写。"
        )
        if not all(mark.sheet for mark in marks):
            yield "原件中认不出社区的表没有带入本簿（下表中没有链接的各项），请在相应社区的表中补填。"
    elif lost:
        yield f"原件中的下列内容没有带入本簿：{lost}。原件未作改动，仍由{authority}保存。"


def _in_order(marks: Iterable[Mark], case: Case) -> list[Mark]:
    numbers = {c.name: c.number for c in case.campaign.communities_of(case.town)}
    return sorted(marks, key=lambda mark: (numbers.get(mark.flaw.community, 0), *_place(mark)))


def _place(mark: Mark) -> tuple[str, str, str]:
    return mark.flaw.file, mark.flaw.sheet, mark.flaw.community


class Pen:
    """Writes the explaining sheet downwards."""

    def __init__(self, page: "Worksheet", font: str) -> None:
        self.page, self.font, self.at = page, font, 0

    def across(
        self,
        text: str,
        *,
        size: int = 11,
        font: str = "",
        centred: bool = False,
        bold: bool = False,
        boxed: bool = False,
    ) -> None:
        """Write a text over all columns."""
        self.at += 1
        for column in range(1, len(WIDTHS) + 1):
            self._cell(column, "", bold=bold, size=size, font=font, boxed=boxed, centred=centred)
        put(cast("Cell", self.page.cell(self.at, 1)), fit_to_cell(text))
        self.page.merge_cells(start_row=self.at, end_row=self.at, start_column=1, end_column=len(WIDTHS))
        self._height(1.5 * size * line_count(text, sum(WIDTHS)) + 8)

    def row(self, texts: Sequence[str], *, bold: bool = False, grey: bool = False) -> None:
        self.at += 1
        for column, text in enumerate(texts, 1):
            self._cell(column, text, bold=bold, boxed=True, grey=grey, centred=grey or column == 1)
        most = max(line_count(text, width - 3) for text, width in zip(texts, WIDTHS, strict=True))
        self._height(16 * most + 10)

    def _height(self, points: float) -> None:
        self.page.row_dimensions[self.at].height = min(points, TALLEST)

    def link(self, sheet: str, cell: str) -> None:
        """Let the row's first cell lead to a place in the workbook."""
        from openpyxl.styles import Font
        from openpyxl.worksheet.hyperlink import Hyperlink

        if not sheet:
            return
        target = cast("Cell", self.page.cell(self.at, 1))
        quoted = sheet.replace("'", "''")
        target.hyperlink = Hyperlink(ref=target.coordinate, location=f"'{quoted}'!{cell}")
        target.font = Font(name=self.font, size=11, color="0563C1", underline="single")

    def _cell(
        self,
        column: int,
        text: str,
        *,
        bold: bool,
        size: int = 11,
        font: str = "",
        boxed: bool = False,
        grey: bool = False,
        centred: bool = False,
    ) -> None:
        from openpyxl.styles import Alignment, Border, Font, PatternFill, Side

        cell = cast("Cell", self.page.cell(self.at, column))
        put(cell, fit_to_cell(text) or None)
        cell.font = Font(name=font or self.font, size=size, bold=bold)
        cell.alignment = Alignment(
            wrap_text=True,
            vertical="center",
            horizontal="center" if centred else "left",
            indent=1 if boxed and not centred else 0,
        )
        if boxed:
            side = Side("thin", color="A6A6A6")
            cell.border = Border(side, side, side, side)
        if grey:
            cell.fill = PatternFill("solid", start_color=GREY.removeprefix("#"))


def _set_page(book: "Workbook", page: "Worksheet") -> None:
    """Open the workbook on this sheet, and print it one page wide."""
    from openpyxl.worksheet.header_footer import HeaderFooterItem, _HeaderFooterPart
    from openpyxl.worksheet.page import PageMargins
    from openpyxl.worksheet.properties import PageSetupProperties

    book.active = 0
    for sheet in book.worksheets:
        sheet.sheet_view.tabSelected = sheet is page
    page.sheet_view.showGridLines = False
    page.page_setup.orientation = "portrait"
    page.page_setup.paperSize = 9
    page.page_setup.fitToWidth, page.page_setup.fitToHeight = 1, 0
    page.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    page.page_margins = PageMargins(left=0.6, right=0.6, top=0.6, bottom=0.7)
    page.print_options.horizontalCentered = True
    page.HeaderFooter.oddFooter = HeaderFooterItem(center=_HeaderFooterPart("第 &P 页，共 &N 页"))
    page.protection.sheet = True
    page.protection.formatColumns = page.protection.formatRows = False
