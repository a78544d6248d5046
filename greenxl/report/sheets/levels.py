"""各级评分对比: where the score columns of a form differ, by how much, the largest difference first."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from xlsxwriter.worksheet import Worksheet

from greenxl.campaign import rules
from greenxl.campaign.model import Answer, Campaign, Community, Criterion
from greenxl.names import bare, one_line
from greenxl.report.layout import LEVELS, NO, Column, Table, TableRow, title_of, with_towns
from greenxl.report.sheets.columns import label_columns
from greenxl.report.sheets.score_table import score_rows, score_table
from greenxl.report.style import (
    BOLD_NUMBER,
    CENTRED,
    NUMBER,
    TEXT,
    Style,
    open_sheet,
    set_page,
    wide_enough,
    width_for,
    write_headings,
    write_nothing,
    write_records,
)
from greenxl.scoring.tables import CommunityRow, Tables
from greenxl.xlsx import write_cell

_Answers = Mapping[str, Decimal | Answer | None]
"""By the heading of the score column."""
_OTHERWISE = "答复不同"
"""The difference of answers that are no numbers."""
_HEADER_ROW = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """What the score columns say of one unit, or of one of its criteria."""

    community: Community
    criterion: Criterion | None = None
    """None where it is the total."""
    answers: _Answers

    @property
    def difference(self) -> Decimal | None:
        """Between the highest and the lowest number; None where there are not two."""
        numbers = [one for one in self.answers.values() if isinstance(one, Decimal)]
        return max(numbers) - min(numbers) if len(numbers) > 1 else None

    @property
    def differs(self) -> bool:
        """Whether two columns hold different answers; a blank one says nothing."""
        return len({one for one in self.answers.values() if one is not None}) > 1


def level_totals(campaign: Campaign, tables: Tables) -> list[Level]:
    """Return the totals of each unit that was scored in any column, in roster order."""
    return [
        Level(
            community=row.community,
            answers={name: rules.judge(answers, campaign).total for name, answers in row.columns.items()},
        )
        for row in tables.communities
        if any(one is not None for answers in row.columns.values() for one in answers)
    ]


def level_differences(campaign: Campaign, tables: Tables) -> list[Level]:
    """Return each criterion of a unit that was not answered alike in all columns, most different first."""
    found = [one for row in tables.communities for one in _of_one(row, campaign) if one.differs]
    return sorted(found, key=lambda one: one.difference or Decimal(0), reverse=True)


def _of_one(row: CommunityRow, campaign: Campaign) -> Iterator[Level]:
    for index, criterion in enumerate(campaign.criteria):
        answers = {name: of_column[index] for name, of_column in row.columns.items()}
        yield Level(community=row.community, criterion=criterion, answers=answers)


def level_words(campaign: Campaign, tables: Tables, sheets: Collection[str]) -> str:
    """Return in one sentence how many units were not scored alike in all columns, and by how much.

    ``sheets`` are those of the workbook.
    """
    differing = level_differences(campaign, tables)
    names = "、".join(map(bare, campaign.score_columns))
    if not any(_compared(row) for row in tables.communities):
        return f"各级评分：{names}中还没有两栏都已填写的条目，不作比较。"
    if not differing:
        return f"各级评分：{names}之间没有不一致的得分。"
    units = len({one.community for one in differing})
    by_totals = [one.difference or Decimal(0) for one in level_totals(campaign, tables)]
    total, most = max(by_totals, default=Decimal(0)), differing[0].difference
    words = f"各级评分：{names}之间有{units}个{campaign.unit}、{len(differing)}处得分不一致"
    if most:
        words += f"，单条最多相差{_shown(most)}分"
    if total:
        words += f"，{bare(campaign.labels.total)}最多相差{_shown(total)}分"
    return f"{words}，详见“{LEVELS}”。" if LEVELS in sheets else f"{words}。"


def _compared(row: CommunityRow) -> bool:
    """Whether any criterion of a unit is answered in two columns."""
    return any(
        sum(one is not None for one in answers) > 1 for answers in zip(*row.columns.values(), strict=True)
    )


def _shown(value: Decimal) -> str:
    return f"{value.normalize():f}"


def write_levels(style: Style, tables: Tables) -> None:
    """Write the totals side by side, and under them where the columns differ."""
    campaign = style.campaign
    totals, differing = level_totals(campaign, tables), level_differences(campaign, tables)
    above = _totals_table(campaign, len(totals))
    below = _differences_table(campaign, above, len(differing))
    counting = bare(campaign.counting_heading)
    note = (
        f"上表为各得分栏的{bare(campaign.labels.total)}，下表只列各栏得分不一致的条目，相差大的在前；"
        f"计分的是“{counting}”，空白的栏不作比较。"
    )
    sheet = open_sheet(style, below, title_of(campaign, LEVELS), note)
    _write(sheet, style, above, totals, "没有可以比较的得分。")
    heading = f"得分不一致的条目（{len(differing)}处）"
    write_cell(sheet, below.header_row - 1, 0, heading, style.format(bold=True))
    _write(sheet, style, below, differing, "各栏得分没有不一致的。")
    set_page(sheet, style, above.header_row, repeat=False)
    sheet.freeze_panes(0, below.place("community") + 1)
    sheet.print_area(0, 0, max(below.last_row, below.first_row), len(below.columns) - 1)


def _write(sheet: Worksheet, style: Style, table: Table[Level], levels: Sequence[Level], none: str) -> None:
    write_headings(sheet, style, table, 24)
    if levels:
        write_records(sheet, style, table, levels)
    else:
        write_nothing(sheet, style, table.first_row, len(table.columns), none)


def _totals_table(campaign: Campaign, length: int) -> Table[Level]:
    columns = (*_about(campaign), *_answer_columns(campaign))
    return Table(
        sheet=LEVELS,
        name="LevelTotals",
        header_row=_HEADER_ROW,
        length=length,
        columns=with_towns(campaign, columns),
    )


def _differences_table(campaign: Campaign, above: Table[Level], length: int) -> Table[Level]:
    """Return the table of the criteria, under that of the totals and in the same columns."""
    labels = campaign.labels
    columns: tuple[Column[Level], ...] = (
        *_about(campaign),
        *_answer_columns(campaign),
        Column(
            name="criterion",
            heading="条目",
            width=6,
            value=lambda one: one.criterion.number if one.criterion else None,
            format=CENTRED,
        ),
        *label_columns(campaign, _criterion),
        Column(
            name="group",
            heading=bare(labels.group),
            width=20,
            value=lambda one: campaign.groups[one.criterion.group].title if one.criterion else None,
            format=TEXT,
            grows=10,
        ),
        Column(
            name="text",
            heading=bare(labels.standard),
            width=wide_enough((c.text for c in campaign.criteria), 48, 10),
            value=lambda one: one.criterion.text if one.criterion else None,
            format=TEXT,
            grows=10,
        ),
    )
    return Table(
        sheet=LEVELS,
        name="Levels",
        header_row=max(above.last_row, above.first_row) + 3,
        length=length,
        columns=with_towns(campaign, columns),
    )


def _criterion(one: Level) -> Criterion | None:
    return one.criterion


def _about(campaign: Campaign) -> Iterator[Column[Level]]:
    scores, rows = score_table(campaign), score_rows(campaign)
    yield Column(name="number", heading=NO, width=6, value=None, format=CENTRED)
    yield Column(
        name="town",
        heading=campaign.parent,
        width=width_for((town.name for town in campaign.towns), 10, 20),
        value=lambda one: one.community.town,
        format=TEXT,
        grows=10,
    )
    yield Column(
        name="community",
        heading=campaign.unit,
        width=width_for((community.name for community in campaign.communities), 12, 26),
        value=lambda one: one.community.name,
        format=TEXT,
        link=lambda one: scores.cell(rows[one.community.town, one.community.name], "community"),
        grows=10,
    )


def _answer_columns(campaign: Campaign) -> Iterator[Column[Level]]:
    """Yield a column for each score column, and the difference."""
    for heading in campaign.score_columns:
        yield Column(
            name=_answer(heading),
            heading=one_line(heading),
            width=width_for([heading], 9, 16),
            value=lambda one, heading=heading: one.answers.get(heading),  # type: ignore[misc]
            format=BOLD_NUMBER if heading == campaign.counting_heading else NUMBER,
        )
    yield Column(
        name="difference",
        heading="相差",
        width=10,
        value=_difference,
        format=BOLD_NUMBER,
        formula=lambda one, cells: _difference_formula(one, cells, campaign),
    )


def _answer(heading: str) -> str:
    return f"answer {heading}"


def _difference(one: Level) -> Decimal | str | None:
    if one.criterion and one.differs and not one.difference:
        return _OTHERWISE
    return one.difference


def _difference_formula(one: Level, cells: TableRow, campaign: Campaign) -> str | None:
    if not isinstance(_difference(one), Decimal):
        return None
    span = cells.span(_answer(campaign.score_columns[0]), _answer(campaign.score_columns[-1]))
    return f"ROUND(MAX({span})-MIN({span}),2)"
