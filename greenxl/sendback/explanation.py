"""The first sheet of a correction copy: 退回说明, everything to correct with a link to its cell."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from greenxl.campaign.model import Campaign, Kind
from greenxl.findings import Finding, grouped
from greenxl.form.layout import SENDBACK_SHEET, Layout, community_sheet_names, reference
from greenxl.form.style import GREY, LINKED, TALLEST, protect, title_format
from greenxl.i18n import CHINESE
from greenxl.names import bare
from greenxl.scoring.vocabulary import words
from greenxl.sendback.carried import carried_columns, carries_fields
from greenxl.sendback.problems import TownProblems
from greenxl.xlsx import Book, line_count, write_cell, write_link, write_merged

_WIDTHS = (12, 20, 62)
"""Together as wide as the paper, so that it prints at full size."""
_HEADINGS = ("单元格", "原填内容", "问题和处理办法")
_BOXED = {"border": 1, "border_color": "#A6A6A6", "text_wrap": True}


def write_explanation(book: Book, problems: TownProblems, asked: Sequence[Finding]) -> None:
    """Add the sheet to a copy; ``asked`` are the findings as the copy words them."""
    unit, table = problems.campaign.unit, _Table(book, problems.campaign)
    title = f"{problems.town}评分表{SENDBACK_SHEET}"
    table.across(title, title_format(book, problems.campaign, title, sum(_WIDTHS)), height=44)
    for number, text in zip("一二三四五六", _introduction(problems, asked), strict=False):
        table.across(f"{number}、{text}", book.format(text_wrap=True))
    table.head(_HEADINGS)
    communities = problems.campaign.communities_of(problems.town)
    sheets = {c.name: name for c, name in zip(communities, community_sheet_names(communities), strict=True)}
    band = book.format(**_BOXED, bold=True)
    for (file, sheet, community), together in groupby(_in_order(asked, problems), key=_place):
        table.across(f"{community or sheet}（原件：{problems.file_names[file]} › {sheet}）", band)
        for one in grouped(together):
            table.row(one, sheets.get(community))
    if problems.missing:
        table.across(f"尚未报送的{unit}（{len(problems.missing)} 个）", band)
        names = "、".join(community.name for community in problems.missing)
        table.across(f"{names}。请在本簿相应的表中填报。", book.format(**_BOXED))


def _introduction(problems: TownProblems, asked: Iterable[Finding]) -> Iterator[str]:
    campaign = problems.campaign
    carried = carries_fields(problems.sheets)
    fields = "填报人等信息已照原件填入，请核对" if carried else "填报人等信息请重新填写"
    yield (
        f"本工作簿由{campaign.authority}退回修改，是一份新的评分表，"
        f"已填入原件（共 {len(problems.file_names)} 个文件）中可以采用的得分；{fields}。"
    )
    columns = carried_columns(problems.sheets, campaign)
    if columns:
        yield f"{'、'.join(f'“{bare(name)}”' for name in columns)}的内容已照原件填入，请核对。"
    plain = all(
        not c.choices and not c.not_applicable and c.kind is not Kind.CONDITION for c in campaign.criteria
    )
    answers = "数字" if plain else "内容"
    yield (
        "需要处理的地方列在下表，点击“单元格”一栏即可跳到该处，鼠标移到标了底色的单元格可看批注。"
        f"橙色、黄色的请填写得分，填成可以采用的{answers}后变为绿色；蓝色的请核对，无误的不必改动。"
    )
    back = f"（{campaign.return_to}）" if campaign.return_to else ""
    yield f"改好后把本工作簿交回{campaign.authority}{back}，它会自动代替原来报送的文件。"
    if not all(one.community for one in asked):
        yield (
            f"原件中认不出{campaign.unit}的表没有带入本簿（下表中没有链接的各项），"
            f"请在相应{campaign.unit}的表中补填。"
        )
    beside = "、".join(dict.fromkeys(one.left_out(CHINESE) for one in problems.left_out))
    yield (
        f"原件中评分表以外的内容没有带入本簿{f'（{beside}）' if beside else ''}。"
        f"原件未作改动，仍由{campaign.authority}保存。"
    )


def _in_order(asked: Iterable[Finding], problems: TownProblems) -> list[Finding]:
    """Return the findings by community in roster order, those of no community first."""
    numbers = {c.name: c.number for c in problems.campaign.communities_of(problems.town)}
    return sorted(asked, key=lambda one: (numbers.get(one.community, 0), *_place(one)))


def _place(one: Finding) -> tuple[str, str, str]:
    return one.file, one.sheet, one.community


class _Table:
    """The sheet, written downwards."""

    def __init__(self, book: Book, campaign: Campaign) -> None:
        self._book, self._said = book, words(campaign)
        self._first_score = Layout(campaign).score_cell(1)
        self._sheet = book.sheet(SENDBACK_SHEET)
        self._next = 0
        for column, width in enumerate(_WIDTHS):
            self._sheet.set_column(column, column, width)
        _set_page(self._sheet)

    def across(self, text: str, cell_format: Format, *, height: float = 0) -> None:
        """Write a text over all columns, in a row that is as high as it needs or as told in points."""
        row = self._begin_row(height or 16.5 * line_count(text, sum(_WIDTHS)) + 8)
        write_merged(self._sheet, (row, 0, row, len(_WIDTHS) - 1), text, cell_format)

    def head(self, headings: Sequence[str]) -> None:
        """Write the headings, which are printed on every page."""
        row = self._begin_row(26)
        for column, heading in enumerate(headings):
            head = self._book.format(**_BOXED, bold=True, align="center", bg_color=GREY)
            write_cell(self._sheet, row, column, heading, head)
        self._sheet.repeat_rows(row)

    def row(self, one: Finding, sheet: str | None) -> None:
        """Write a finding; its cells lead to the sheet where it has one in the copy."""
        texts = "、".join(_ranges(one.cells)) or "整张表", one.found, one.message(CHINESE, self._said)
        height = max(line_count(text, width - 3) for text, width in zip(texts, _WIDTHS, strict=True))
        row = self._begin_row(16 * height + 10)
        for column, text in enumerate(texts):
            cell_format = {"align": "left", "indent": 1} if column else {"align": "center"}
            write_cell(self._sheet, row, column, text, self._book.format(**_BOXED, **cell_format))
        if sheet:
            target = f"internal:{reference(sheet, one.cell or self._first_score)}"
            linked = self._book.format(**{**_BOXED, **LINKED, "align": "center"})
            write_link(self._sheet, row, 0, target, texts[0], linked)

    def _begin_row(self, points: float) -> int:
        row = self._next
        self._sheet.set_row(row, min(points, TALLEST))
        self._next += 1
        return row


def _ranges(cells: Iterable[str]) -> list[str]:
    """Return addresses of cells, those that follow each other downwards as one: E12:E19."""
    runs: list[list[str]] = []
    for cell in cells:
        if runs and _below(runs[-1][-1]) == cell:
            runs[-1].append(cell)
        else:
            runs.append([cell])
    return [run[0] if len(run) == 1 else f"{run[0]}:{run[-1]}" for run in runs]


def _below(cell: str) -> str:
    row = cell.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    return f"{cell.removesuffix(row)}{int(row) + 1}" if row.isdecimal() else ""


def _set_page(sheet: Worksheet) -> None:
    """Let it print one page wide, and protect it."""
    sheet.set_portrait()
    sheet.set_paper(9)
    sheet.set_margins(left=0.6, right=0.6, top=0.6, bottom=0.7)
    sheet.fit_to_pages(1, 0)
    sheet.center_horizontally()
    sheet.set_footer("&C第 &P 页，共 &N 页")
    sheet.hide_gridlines(2)
    protect(sheet)
