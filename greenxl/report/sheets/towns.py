"""街道（镇）汇总: counts and rates per town and for the county, the target, the distribution of totals."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import groupby

from xlsxwriter.utility import xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from greenxl.campaign import rules
from greenxl.campaign.model import Basis, Campaign, plain
from greenxl.names import bare
from greenxl.report.layout import (
    AVERAGE,
    Column,
    Properties,
    Table,
    TableRow,
    cell_of,
    range_of,
    title_of,
    towns_sheet,
)
from greenxl.report.sheets.bands import bands, in_bands
from greenxl.report.sheets.counted import (
    Condition,
    average_formula,
    average_of_any_formula,
    count_formula,
    equals,
    equals_cell,
    is_filled,
    is_plain,
)
from greenxl.report.sheets.score_table import GRADE, VETO, ScoreTable, score_table
from greenxl.report.style import (
    BESIDE_BAR,
    BOLD,
    CENTRED,
    HALF_BAR,
    HEAD,
    HEADING,
    NOTE,
    NUMBER,
    Style,
    open_sheet,
    set_page,
    shortened,
    width_for,
    write_grouped,
    write_headings,
    write_record,
    write_records,
)
from greenxl.rounds.stage import Stage, stage_of
from greenxl.scoring.choosing import Status
from greenxl.scoring.tables import Counts, CountyRow, DistrictRow, Tables, TownRow
from greenxl.scoring.vocabulary import status_words, words
from greenxl.xlsx import text_width, write_cell, write_formula

LABEL, FIGURE = 0, 1
"""The columns of the small tables under the large one."""
_STATUS_WIDTHS = dict(zip(Status, (8, 9, 10, 8, 10, 9), strict=True))
MET, MISSED = "已达到", "未达到"
_UNDECIDED = {Stage.NOTHING: "尚无报送", Stage.OPEN: "报送未截止"}
"""Instead of missed, while that cannot be known."""
_FRACTION: Properties = {**NUMBER, "bold": False}
_HEADER_ROW = 2
_BASIS_WORDS = {Basis.ROSTER: "roster", Basis.URBAN_TOTAL: "whole"}
"""By what name a campaign's words have it."""
UNGRADED = "无等次"
"""Of a unit that has a total and no grade, be it too low or vetoed."""
DISTRICT = "县（市、区）"
"""The heading over the counties of a campaign of several."""
MOST_LONG = 12
"""Towns that have a row each with every status on the first page."""
_WITHOUT_TOWNS = "范围"
"""The heading over the county's name where no towns are above it."""


@dataclass(frozen=True)
class TownTable(Table[Counts]):
    """The table of the towns, the county's row under it, and where the small tables below are.

    Of a campaign of several counties a row of sums follows the towns of each.
    """

    campaign: Campaign

    @property
    def county_row(self) -> int:
        """The row of all together."""
        return self.first_row + _rows_above(self.campaign)

    @property
    def town_rows(self) -> list[int]:
        """The row of each town, in the order of the campaign."""
        rows: list[int] = []
        row = self.first_row
        for county in self.campaign.counties or ("",):
            towns = len(self.campaign.towns_of(county))
            rows += range(row, row + towns)
            row += towns + 1
        return rows

    @property
    def district_rows(self) -> list[int]:
        """The row of the sums of each county, in the order of the campaign."""
        rows, row = [], self.first_row - 1
        for county in self.campaign.counties:
            row += len(self.campaign.towns_of(county)) + 1
            rows.append(row)
        return rows

    @property
    def part_rows(self) -> list[int]:
        """The rows that the first page shows beside the one of all together."""
        return self.district_rows if shows_counties(self.campaign) else self.town_rows

    @property
    def target_row(self) -> int:
        return _target_row(self.campaign)

    @property
    def bands_row(self) -> int:
        """The row of the headings of the distribution of totals, of grades where the campaign has them."""
        return self.target_row + 6

    def county(self, name: str) -> str:
        """Return a reference to a cell of the county's row, valid on every sheet."""
        return self.cell(self.county_row, name)

    @property
    def target(self) -> str:
        """A reference to the target in percent, valid on every sheet."""
        return cell_of(self.sheet, self.target_row, FIGURE)

    @property
    def needed(self) -> str:
        """A reference to the number of communities that must pass."""
        return cell_of(self.sheet, self.target_row + 1, FIGURE)

    @property
    def ahead(self) -> str:
        """A reference to by how many communities the target is passed, negative where it is missed."""
        return cell_of(self.sheet, self.target_row + 2, FIGURE)

    def bands(self, column: int) -> str:
        """Return a reference to the words (``LABEL``) or the counts (``FIGURE``) of all bands or grades."""
        grades, first = self.campaign.grades, self.bands_row + 1
        rows = len(grades) + 1 if grades else len(bands(self.campaign))
        return range_of(self.sheet, first, column, self.bands_row + rows, column)


def shows_counties(campaign: Campaign) -> bool:
    """Whether the first page shows the counties in place of the towns, which are too many for it."""
    return bool(campaign.counties) and len(campaign.towns) > MOST_LONG


def parts_of(campaign: Campaign, tables: Tables) -> Sequence[TownRow | DistrictRow]:
    """Return the counts that the first page shows beside those of all together."""
    if not campaign.has_towns:
        return ()
    return tables.districts if shows_counties(campaign) else tables.towns


def part_word(campaign: Campaign) -> str:
    """Return what these parts are called."""
    return DISTRICT if shows_counties(campaign) else campaign.parent


def town_table(campaign: Campaign) -> TownTable:
    """Return the table with all its columns, from left to right."""
    scores, said, passed = score_table(campaign), words(campaign), campaign.pass_words[0]
    columns: tuple[Column[Counts], ...] = (
        Column(
            name="town",
            heading=campaign.parent or _WITHOUT_TOWNS,
            width=_names_width(campaign),
            value=lambda row: _name(row, campaign),
            format=_name_format if campaign.counties else BOLD,
        ),
        _counting(
            campaign,
            scores,
            name="listed",
            heading=campaign.roster_name,
            width=width_for([f"{campaign.unit}数"], 10, 26),
            value=lambda row: row.listed,
            conditions=[],
        ),
        _counting(
            campaign,
            scores,
            name="participating",
            heading="参与",
            width=8,
            value=lambda row: row.participating,
        ),
        *(_status_column(campaign, status, width, scores) for status, width in _STATUS_WIDTHS.items()),
        *_further_counts(campaign, scores),
        Column(
            name="denominator",
            heading="分母",
            width=8,
            value=lambda row: row.denominator,
            format=_bold_for_county(NUMBER),
            formula=lambda row, cells: _denominator_formula(campaign, row, cells),
        ),
        Column(
            name="basis",
            heading="分母口径",
            width=width_for((said["roster"], said["whole"]), 14, 26),
            value=lambda row: said[_BASIS_WORDS[row.denominator_basis]],
            format=_bold_for_county(CENTRED),
        ),
        Column(
            name="participation_rate",
            heading="参与率",
            width=12,
            value=lambda row: row.participation_rate,
            format=_bold_for_county(BESIDE_BAR),
            formula=lambda _row, cells: rules.rate_formula(cells["participating"], cells["denominator"]),
        ),
        Column(
            name="pass_rate",
            heading=f"{passed}率",
            width=12,
            value=lambda row: row.pass_rate,
            format=_bold_for_county(BESIDE_BAR),
            formula=lambda _row, cells: rules.rate_formula(cells["passed"], cells["denominator"]),
        ),
        _target_column(campaign),
        Column(
            name="average",
            heading=AVERAGE,
            width=9,
            value=lambda row: row.average,
            format=_bold_for_county({**_FRACTION, "num_format": "0.00"}),
            formula=lambda row, cells: _average_formula(scores, row, cells),
        ),
    )
    return TownTable(
        sheet=towns_sheet(campaign),
        name="Towns",
        header_row=_HEADER_ROW,
        length=max(1, _rows_above(campaign)),
        columns=columns,
        campaign=campaign,
    )


def _names_width(campaign: Campaign) -> float:
    """Return the width of the names of towns and county, with the words of the small tables under them."""
    names = (campaign.area, *(town.name for town in campaign.towns))
    return max(
        18, *(text_width(name) * 1.1 + 2 for name in names), width_for(_target_labels(campaign), 18, 60)
    )


def _target_labels(campaign: Campaign) -> tuple[str, str]:
    passed = campaign.pass_words[0]
    return f"目标{passed}率（%）", f"需{passed}{campaign.unit}数"


def _name(row: Counts, campaign: Campaign) -> str:
    return row.name if isinstance(row, TownRow | DistrictRow) else campaign.area


def _rows_above(campaign: Campaign) -> int:
    """Return how many rows are above the one of all together."""
    return len(campaign.towns) + len(campaign.counties) if campaign.has_towns else 0


def _target_row(campaign: Campaign) -> int:
    return _HEADER_ROW + _rows_above(campaign) + 4


def _bold_for_county(properties: Properties) -> Callable[[Counts], Properties]:
    sums, shaded = {**properties, "bold": True}, {**properties, "bold": True, "bg_color": HEAD}
    by_kind = {CountyRow: sums, DistrictRow: shaded}
    return lambda row: by_kind.get(type(row), properties)


def _name_format(row: Counts) -> Properties:
    return {**BOLD, "indent": 1, "bold": False} if isinstance(row, TownRow) else _bold_for_county(BOLD)(row)


def _town_conditions(scores: ScoreTable, row: Counts, cells: TableRow) -> list[Condition]:
    """Return that a row of 社区得分 is of this row's town; every row is of all together."""
    if isinstance(row, TownRow):
        return [equals_cell(scores.cells("town"), cells.fixed("town"), row.name)]
    return []


def _sum_formula(campaign: Campaign, row: Counts, cells: TableRow, name: str) -> str:
    """Return the sum of the towns above; ``SUBTOTAL`` leaves out the sums of counties among them."""
    if isinstance(row, DistrictRow):
        return f"SUBTOTAL(9,{cells.above(name, len(campaign.towns_of(row.name)))})"
    above = cells.table.own_cells(name)
    return f"SUBTOTAL(9,{above})" if campaign.counties else f"SUM({above})"


def _counting(
    campaign: Campaign,
    scores: ScoreTable,
    *,
    name: str,
    heading: str,
    width: float,
    value: Callable[[Counts], int],
    conditions: Sequence[Condition] | None = None,
) -> Column[Counts]:
    """Return a column of counts: of a town by a formula of its own, of several by adding up.

    ``conditions`` are those on the counted rows of 社区得分, None for those that take part.
    """

    def formula(row: Counts, cells: TableRow) -> str:
        if campaign.has_towns and not isinstance(row, TownRow):
            return _sum_formula(campaign, row, cells, name)
        if conditions is None:
            return rules.participating_formula(cells["listed"], cells["missing"])
        own = _town_conditions(scores, row, cells)
        return count_formula([*own, *conditions] or [is_filled(scores.cells("community"))])

    return Column(
        name=name, heading=heading, width=width, value=value, format=_bold_for_county(NUMBER), formula=formula
    )


def _status_column(campaign: Campaign, status: Status, width: float, scores: ScoreTable) -> Column[Counts]:
    word = status_words(campaign)[status]
    where = scores.cells("verdict" if status in (Status.PASSED, Status.FAILED) else "status")
    return _counting(
        campaign,
        scores,
        name=str(status),
        heading=word,
        width=width,
        value=lambda row: row.statuses[status],
        conditions=[equals(where, word)],
    )


def _further_counts(campaign: Campaign, scores: ScoreTable) -> Iterator[Column[Counts]]:
    """Yield the counts of what is vetoed and of each grade, where the campaign has them."""
    if campaign.has_vetoes:
        yield _counting(
            campaign,
            scores,
            name="vetoed",
            heading=f"其中{VETO}",
            width=9,
            value=lambda row: row.vetoed,
            conditions=[is_filled(scores.cells("veto"))],
        )
    for grade in campaign.grades:
        yield _grade_column(campaign, grade.name, scores)


def _grade_column(campaign: Campaign, name: str, scores: ScoreTable) -> Column[Counts]:
    return _counting(
        campaign,
        scores,
        name=f"grade {name}",
        heading=f"{GRADE}：{name}",
        width=width_for([f"{GRADE}："], 8, 20),
        value=lambda row: row.grades[name],
        conditions=[equals(scores.cells("grade"), name)],
    )


def _denominator_formula(campaign: Campaign, row: Counts, cells: TableRow) -> str | None:
    """Return the formula that gives it; None for the number that a town states."""
    alone = isinstance(row, TownRow) or not campaign.has_towns
    if alone:
        return None if row.denominator_basis == Basis.URBAN_TOTAL else cells["listed"]
    towns = _sum_formula(campaign, row, cells, "denominator")
    return rules.denominator_formula(row.denominator_basis, cells["listed"], towns)


def _target_column(campaign: Campaign) -> Column[Counts]:
    percent, row = campaign.target_percent, _target_row(campaign)
    heading = f"{campaign.area}目标"
    if percent is None:
        return Column(name="target", heading=heading, width=10, value=lambda _row: "无", format=CENTRED)
    return Column(
        name="target",
        heading=heading,
        width=10,
        value=lambda _row: Decimal(percent) / 100,
        format=_bold_for_county({**_FRACTION, "num_format": "0%"}),
        formula=lambda _row, _cells: f"{xl_rowcol_to_cell(row, FIGURE, True, True)}/100",
    )


def _average_formula(scores: ScoreTable, row: Counts, cells: TableRow) -> str | None:
    """Return the formula of the average of the totals that there are; None where none would be right."""
    totals = scores.cells("total")
    if not isinstance(row, DistrictRow):
        return average_formula(totals, _town_conditions(scores, row, cells))
    towns = [town.name for town in scores.campaign.towns_of(row.name)]
    if not is_plain(*towns):
        return None
    return average_of_any_formula(totals, scores.cells("town"), cells.above("town", len(towns)))


def basis_words(campaign: Campaign, county: Counts) -> str:
    """Return what the county's rates are a fraction of, such as 以创建名单21个社区为分母."""
    if county.denominator_basis == Basis.ROSTER:
        return f"以{campaign.roster_name}{county.denominator}个{campaign.unit}为分母"
    return f"以{words(campaign)['whole']}{county.denominator}个为分母"


def mixed_basis(campaign: Campaign, tables: Tables) -> str:
    """Return how the denominators differ where only some of the towns state their total, else nothing."""
    unstated = tables.towns_without_total
    if len(unstated) in (0, len(tables.towns)) or not campaign.has_towns:
        return ""
    parent, whole, area = campaign.parent, words(campaign)["whole"], campaign.area
    names = shortened(unstated, 60, f"见“{towns_sheet(campaign)}”")
    sentence = (
        f"部分{parent}未提供{whole}（{names}），{area}{basis_words(campaign, tables.county)}；"
        f"其余{parent}按各自{whole}计算"
    )
    added = sum(town.denominator for town in tables.towns)
    if added != tables.county.denominator:
        sentence += f"，各{parent}分母相加为{added}个，与{area}分母不一致"
    return sentence


def write_towns(style: Style, tables: Tables, as_of: date) -> None:
    campaign, table = style.campaign, town_table(style.campaign)
    mixed = mixed_basis(campaign, tables)
    basis = "的分母见“分母口径”一栏" if mixed else basis_words(campaign, tables.county)
    note = (
        f"参与率、{campaign.pass_words[0]}率{basis}；参与指报送了至少一条得分；未报送不按0分计，仍在分母内。"
        f"平均分只计得分齐全的{campaign.unit}。"
    )
    sheet = open_sheet(style, table, title_of(campaign, table.sheet), note)
    write_headings(sheet, style, table, 34)
    if campaign.counties:
        towns = {county: list(own) for county, own in groupby(tables.towns, key=lambda town: town.county)}
        write_grouped(sheet, style, table, ((towns[one.name], one) for one in tables.districts))
    elif campaign.has_towns:
        write_records(sheet, style, table, tables.towns, least_height=20)
    if campaign.has_towns:
        write_record(sheet, style, table, table.county_row, tables.county, least_height=22)
    else:
        write_records(sheet, style, table, [tables.county], least_height=22)
    if mixed:
        write_cell(sheet, table.county_row + 1, 0, f"{mixed}。", style.format(NOTE))
    stage = stage_of(campaign, tables.county.participating, as_of)
    _write_target(sheet, style, table, tables.county, stage)
    _write_bands(sheet, style, table, tables)
    for name in ("participation_rate", "pass_rate"):
        place = table.place(name)
        sheet.conditional_format(table.first_row, place, table.county_row, place, HALF_BAR)
    set_page(sheet, style, table.header_row)


def _write_target(sheet: Worksheet, style: Style, table: TownTable, county: CountyRow, stage: Stage) -> None:
    """Write what the year's target asks for and whether it is met."""
    row, percent, label = table.target_row, county.target_percent, style.format(BOLD)
    write_cell(sheet, row - 1, LABEL, f"{style.campaign.year}年目标", style.format(bold=True))
    if percent is None:
        write_cell(sheet, row, LABEL, "方案没有规定本年度的目标，不作结论。", style.format())
        return
    cells = TableRow(table, table.county_row)
    passed, below = cells["passed"], cells["denominator"]
    target, wants = xl_rowcol_to_cell(row, FIGURE), xl_rowcol_to_cell(row + 1, FIGURE)
    number, signed = style.format(NUMBER), style.format(NUMBER, num_format="+0;-0;0")
    verdict = style.format(CENTRED, bold=True, text_wrap=False, shrink=True)
    wanted = rules.needed(county.denominator, percent)
    rate_label, needed_label = _target_labels(style.campaign)
    write_cell(sheet, row, LABEL, rate_label, label)
    write_cell(sheet, row, FIGURE, percent, number)
    write_cell(sheet, row + 1, LABEL, needed_label, label)
    write_formula(sheet, row + 1, FIGURE, f"={rules.needed_formula(below, target)}", number, wanted)
    write_cell(sheet, row + 2, LABEL, "与目标相差（个）", label)
    write_formula(sheet, row + 2, FIGURE, f"={passed}-{wants}", signed, county.passed - wanted)
    write_cell(sheet, row + 3, LABEL, "结论", label)
    missed = _UNDECIDED.get(stage, MISSED)
    formula = f'=IF({rules.target_met_formula(passed, below, target)},"{MET}","{missed}")'
    write_formula(sheet, row + 3, FIGURE, formula, verdict, MET if county.target_met else missed)


def _write_bands(sheet: Worksheet, style: Style, table: TownTable, tables: Tables) -> None:
    """Write how many communities have a total in each band, or each grade where the campaign has grades."""
    campaign, row = style.campaign, table.bands_row
    heading = GRADE if campaign.grades else f"{bare(campaign.labels.total)}（分）"
    write_cell(sheet, row, LABEL, heading, style.format(HEADING))
    write_cell(sheet, row, FIGURE, f"{campaign.unit}数", style.format(HEADING))
    for line, (label, formula, count) in enumerate(distribution(table, tables), row + 1):
        write_cell(sheet, line, LABEL, label, style.format(CENTRED))
        write_formula(sheet, line, FIGURE, f"={formula}", style.format(NUMBER), count)


def distribution(table: TownTable, tables: Tables) -> list[tuple[str, str, int]]:
    """Return how the results are distributed: of each grade or band its words, the count and its formula."""
    campaign, county = table.campaign, tables.county
    if not campaign.grades:
        totals, counts = score_table(campaign).cells("total"), in_bands(campaign, tables.totals)
        return [
            (band.words, f'COUNTIFS({totals},">={plain(band.low)}",{totals},"<{plain(band.end)}")', count)
            for band, count in zip(bands(campaign), counts, strict=True)
        ]
    cells = {name: table.county(f"grade {name}") for name in county.grades}
    judged = county.passed + county.statuses[Status.FAILED]
    none = "-".join([f"{table.county('passed')}+{table.county('failed')}", *cells.values()])
    graded = [(name, cell, county.grades[name]) for name, cell in cells.items()]
    return [*graded, (UNGRADED, none, judged - sum(county.grades.values()))]
