"""街道（镇）汇总: counts and rates per town and for the county, the target, the distribution of totals."""

from decimal import Decimal
from typing import Any

import pandas as pd
from xlsxwriter.utility import xl_range, xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from greenxl.campaign import rules
from greenxl.campaign.model import plain
from greenxl.report.layout import (
    COUNTY,
    STATUS,
    TOWN,
    TOWN_HEADINGS,
    TOWNS,
    TownGrid,
    bands,
    in_bands,
    mean,
    title_of,
)
from greenxl.report.sentences import BASIS_WORDS, basis_words, mixed_basis
from greenxl.report.style import RATE, Style, as_table, heading_row, open_sheet, set_page
from greenxl.scoring.choosing import Status
from greenxl.scoring.tables import Tables, totals_of
from greenxl.scoring.vocabulary import STATUS_WORDS
from greenxl.xlsx import text_width, write_cell, write_formula

WIDTHS = (18, 10, 8, 8, 9, 10, 8, 10, 9, 8, 14, 12, 12, 10, 9)


def write_towns(style: Style, tables: Tables) -> None:
    grid = TownGrid(style.campaign)
    campaign = style.campaign
    widths = [max(WIDTHS[0], *(text_width(t.name) * 1.1 + 2 for t in campaign.towns)), *WIDTHS[1:]]
    mixed = mixed_basis(tables)
    basis = "的分母见“分母口径”一栏" if mixed else basis_words(tables.county)
    note = (
        f"参与率、达标率{basis}；参与指报送了至少一条得分；未报送不按0分计，仍在分母内。"
        "平均分只计得分齐全的社区。"
    )
    title = title_of(campaign, TOWNS)
    sheet = open_sheet(style, TOWNS, widths, title, note)
    heading_row(sheet, style, grid.header_row, TOWN_HEADINGS, 34)
    for row, (name, town) in enumerate(tables.towns.iterrows(), grid.first_row):
        _town(sheet, style, grid, row, str(name), town, tables)
    as_table(sheet, style, "Towns", grid.header_row, grid.last_row, TOWN_HEADINGS)
    _county(sheet, style, grid, tables)
    if mixed:
        write_cell(sheet, grid.county_row + 1, 0, f"{mixed}。", style.note)
    _target(sheet, style, grid, tables.county)
    _bands(sheet, style, grid, tables)
    for column in (grid.participation_rate, grid.pass_rate):
        bar = {"type": "data_bar", "min_type": "num", "min_value": 0, "max_type": "num", "max_value": 1}
        look = {"bar_color": "#9CC5AE", "bar_solid": True}
        sheet.conditional_format(grid.first_row, column, grid.county_row, column, {**bar, **look})
    set_page(sheet, style, grid.header_row)


def _town(
    sheet: Worksheet,
    style: Style,
    grid: TownGrid,
    row: int,
    name: str,
    town: "pd.Series[Any]",
    tables: Tables,
) -> None:
    scores, number = style.scores, style.number()
    write_cell(sheet, row, grid.name, name, style.cell(bold=True))
    mine = f"({scores.column(TOWN)}={xl_rowcol_to_cell(row, grid.name, col_abs=True)})"
    write_formula(sheet, row, grid.listed, f"=SUMPRODUCT({mine}*1)", number, int(town["listed"]))
    listed, missing = xl_rowcol_to_cell(row, grid.listed), xl_rowcol_to_cell(row, grid.missing)
    formula = f"={rules.participating_formula(listed, missing)}"
    write_formula(sheet, row, grid.participating, formula, number, int(town["participating"]))
    for column, (status, word) in enumerate(STATUS_WORDS.items(), grid.passed):
        where = scores.verdict if status in (Status.PASSED, Status.FAILED) else STATUS
        formula = f'=SUMPRODUCT({mine}*({scores.column(where)}="{word}"))'
        write_formula(sheet, row, column, formula, number, int(town[status]))
    if town["denominator_basis"] == "roster":
        write_formula(sheet, row, grid.denominator, f"={listed}", number, int(town["denominator"]))
    else:
        write_cell(sheet, row, grid.denominator, int(town["denominator"]), number)
    write_cell(sheet, row, grid.basis, BASIS_WORDS[town["denominator_basis"]], style.cell(align="center"))
    _rates(sheet, style, grid, row, town, bold=False)
    frame = tables.communities
    _average(sheet, style, grid, row, mine, frame.loc[frame["town"] == name, "total"], bold=False)
    sheet.set_row(row, 20)


def _rates(
    sheet: Worksheet, style: Style, grid: TownGrid, row: int, counts: "pd.Series[Any]", *, bold: bool
) -> None:
    look = style.number(num_format=RATE, bold=bold)
    below = xl_rowcol_to_cell(row, grid.denominator)
    for column, above, name in (
        (grid.participation_rate, grid.participating, "participation_rate"),
        (grid.pass_rate, grid.passed, "pass_rate"),
    ):
        formula = f"={rules.rate_formula(xl_rowcol_to_cell(row, above), below)}"
        write_formula(sheet, row, column, formula, look, float(counts[name]))
    percent = style.campaign.target_percent
    if percent is None:
        write_cell(sheet, row, grid.target, "无", style.cell(align="center"))
    else:
        formula = f"={xl_rowcol_to_cell(grid.target_row, 1, True, True)}/100"
        target = style.number(num_format="0%", bold=bold)
        write_formula(sheet, row, grid.target, formula, target, Decimal(percent) / 100)


def _average(
    sheet: Worksheet,
    style: Style,
    grid: TownGrid,
    row: int,
    mine: str,
    totals: "pd.Series[Any]",
    *,
    bold: bool,
) -> None:
    """Write the mean of the totals there are; no mean where there is none."""
    cells = style.scores.column(style.scores.total)
    there = f"{mine}*ISNUMBER({cells})" if mine else f"ISNUMBER({cells})*1"
    sums = f"SUMPRODUCT({mine}*1,{cells})" if mine else f"SUM({cells})"
    formula = f'=IF(SUMPRODUCT({there})=0,"",ROUND({sums}/SUMPRODUCT({there}),2))'
    known = totals.dropna()
    average = mean([Decimal(int(total)) / 100 for total in known])
    write_formula(sheet, row, grid.average, formula, style.number(num_format="0.00", bold=bold), average)


def _county(sheet: Worksheet, style: Style, grid: TownGrid, tables: Tables) -> None:
    county, number, row = tables.county, style.number(bold=True), grid.county_row
    write_cell(sheet, row, grid.name, COUNTY, style.cell(bold=True))
    names = ("listed", "participating", *Status)
    for column, name in enumerate(names, grid.listed):
        total = f"=SUM({xl_range(grid.first_row, column, grid.last_row, column)})"
        write_formula(sheet, row, column, total, number, int(county[name]))
    denominators = xl_range(grid.first_row, grid.denominator, grid.last_row, grid.denominator)
    listed = xl_rowcol_to_cell(row, grid.listed)
    formula = f"={rules.denominator_formula(county['denominator_basis'], listed, denominators)}"
    write_formula(sheet, row, grid.denominator, formula, number, int(county["denominator"]))
    basis = BASIS_WORDS[county["denominator_basis"]]
    write_cell(sheet, row, grid.basis, basis, style.cell(bold=True, align="center"))
    _rates(sheet, style, grid, row, county, bold=True)
    _average(sheet, style, grid, row, "", tables.communities["total"], bold=True)
    sheet.set_row(row, 22)


def _target(sheet: Worksheet, style: Style, grid: TownGrid, county: "pd.Series[Any]") -> None:
    """Write what the year's target asks for and whether it is met, in integers."""
    row, percent, label = grid.target_row, county["target_percent"], style.cell(bold=True)
    write_cell(sheet, row - 1, 0, f"{style.campaign.year}年目标", style.format(bold=True))
    if percent is None:
        write_cell(sheet, row, 0, "方案没有规定本年度的目标，不作结论。", style.format())
        return
    passed, below = (
        xl_rowcol_to_cell(grid.county_row, grid.passed),
        xl_rowcol_to_cell(grid.county_row, grid.denominator),
    )
    target, needs = xl_rowcol_to_cell(row, 1), xl_rowcol_to_cell(row + 1, 1)
    wanted = rules.needed(int(county["denominator"]), percent)
    write_cell(sheet, row, 0, "目标达标率（%）", label)
    write_cell(sheet, row, 1, percent, style.number())
    write_cell(sheet, row + 1, 0, "需达标社区数", label)
    write_formula(sheet, row + 1, 1, f"={rules.needed_formula(below, target)}", style.number(), wanted)
    write_cell(sheet, row + 2, 0, "与目标相差（个）", label)
    ahead = int(county["passed"]) - wanted
    write_formula(sheet, row + 2, 1, f"={passed}-{needs}", style.number(num_format="+0;-0;0"), ahead)
    write_cell(sheet, row + 3, 0, "结论", label)
    conclusion = style.cell(bold=True, align="center", text_wrap=False, shrink=True)
    formula = f'=IF({rules.target_met_formula(passed, below, target)},"已达到","未达到")'
    write_formula(sheet, row + 3, 1, formula, conclusion, "已达到" if county["target_met"] else "未达到")


def _bands(sheet: Worksheet, style: Style, grid: TownGrid, tables: Tables) -> None:
    """Write how many communities have a total in each band."""
    scores, row = style.scores, grid.bands_row
    write_cell(sheet, row, 0, "合计分值（分）", style.head)
    write_cell(sheet, row, 1, "社区数", style.head)
    counts = in_bands(style.campaign, totals_of(tables))
    cells = scores.column(scores.total)
    for line, ((low, high, words), count) in enumerate(
        zip(bands(style.campaign), counts, strict=True), row + 1
    ):
        formula = f'=COUNTIFS({cells},">={plain(low)}",{cells},"<{plain(high)}")'
        write_cell(sheet, line, 0, words, style.cell(align="center"))
        write_formula(sheet, line, 1, formula, style.number(), count)
