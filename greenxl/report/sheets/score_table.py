"""The table of 社区得分: its columns, and where other sheets find what is in it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from xlsxwriter.utility import xl_rowcol_to_cell

from greenxl.campaign import rules
from greenxl.campaign.model import Answer, Campaign, Criterion, Group, Kind, plain
from greenxl.report.layout import (
    NO,
    PILOT,
    STATUS,
    UNJUDGED,
    WHETHER,
    Column,
    Properties,
    Table,
    TableRow,
    scores_sheet,
    with_towns,
)
from greenxl.report.style import (
    BOLD_NUMBER,
    CENTRED,
    EMPTY,
    NUMBER,
    ORANGE,
    TEXT,
    wide_enough,
    width_for,
)
from greenxl.scoring.tables import CommunityRow
from greenxl.scoring.vocabulary import status_words
from greenxl.xlsx import line_count, text_width

Rows = Mapping[tuple[str, str], int]
"""The row of a community on some sheet, by town and name."""
Cells = Mapping[tuple[str, str], str]
"""A cell of a community on some sheet, by town and name."""

BONUS, DEDUCTION, VETO, GRADE = "加分", "扣分", "否决", "等次"
"""Headings of the columns that only some campaigns have."""
GROUP_ROW = 2
_HEADER_ROW = 4
"""Of a form whose numbers are ours; one row more where it has its own."""
_SCORE_WIDTH, _SUBTOTAL_WIDTH = 4.4, 7
_WIDEST_SCORE = 11
_MOST_LINES = 4
"""Of a group's name over its criteria, before these are widened for it."""
_UNKNOWN: Properties = {**NUMBER, "bg_color": EMPTY}


@dataclass(frozen=True)
class ScoreTable(Table[CommunityRow]):
    """The table of the scores, and what is above its headings."""

    campaign: Campaign

    @property
    def labels_row(self) -> int | None:
        """The row of the form's own numbers, None where they are ours."""
        return GROUP_ROW + 1 if has_labels(self.campaign) else None

    @property
    def points_row(self) -> int:
        """The row of points and marks, to which formulas refer."""
        return self.header_row - 1

    def has(self, name: str) -> bool:
        return any(column.name == name for column in self.columns)

    def points(self) -> TableRow:
        return TableRow(self, self.points_row)


def has_labels(campaign: Campaign) -> bool:
    """Whether the form numbers its criteria otherwise than from 1 on."""
    return any(criterion.label not in ("", str(criterion.number)) for criterion in campaign.criteria)


def score(number: int) -> str:
    """Return the name of a criterion's column."""
    return f"score {number}"


def subtotal(index: int) -> str:
    """Return the name of a group's column; groups count from 0."""
    return f"subtotal {index}"


def summed_groups(campaign: Campaign) -> list[tuple[int, Group]]:
    """Return the groups that have a subtotal, each with its index."""
    return [(index, group) for index, group in enumerate(campaign.groups) if group.scored]


def score_table(
    campaign: Campaign, communities: Sequence[CommunityRow] = (), findings: Cells | None = None
) -> ScoreTable:
    """Return the table with all its columns, from left to right.

    The places of cells depend on the campaign alone. ``communities`` is what the columns of names,
    reasons and sources must be wide enough for; ``findings`` has the cell of each community's first finding,
    to which its name leads.
    """
    columns = (
        *_about(campaign, communities, findings or {}),
        *(_score_column(criterion, campaign) for criterion in campaign.criteria),
        *(_subtotal_column(index, group, campaign) for index, group in summed_groups(campaign)),
        *_results(campaign, communities),
        Column(
            name="source",
            heading="来源文件",
            width=min(80, max([14, *(text_width(_source(row)) * 0.8 for row in communities)])),
            value=_source,
            format={**TEXT, "font_size": 8, "text_wrap": False},
        ),
    )
    return ScoreTable(
        sheet=scores_sheet(campaign),
        name="Scores",
        header_row=_header_row(campaign),
        length=len(campaign.communities),
        columns=with_towns(campaign, columns),
        campaign=campaign,
    )


def _header_row(campaign: Campaign) -> int:
    return _HEADER_ROW + has_labels(campaign)


def score_rows(campaign: Campaign) -> Rows:
    """Return the row of each community."""
    first = _header_row(campaign) + 1
    return {(c.town, c.name): row for row, c in enumerate(campaign.communities, first)}


def _about(
    campaign: Campaign, communities: Sequence[CommunityRow], findings: Cells
) -> tuple[Column[CommunityRow], ...]:
    """Return the columns that say whose row it is."""
    statuses = status_words(campaign)
    return (
        Column(name="no", heading=NO, width=4.2, value=lambda row: row.community.number, format=CENTRED),
        Column(
            name="town",
            heading=campaign.parent,
            width=width_for((town.name for town in campaign.towns), 9.5, 20),
            value=lambda row: row.community.town,
            format=TEXT,
            grows=10,
        ),
        Column(
            name="community",
            heading=campaign.unit,
            width=width_for(["", *(row.community.name for row in communities)], 10, 26),
            value=lambda row: row.community.name,
            format=TEXT,
            link=lambda row: findings.get((row.community.town, row.community.name)),
            grows=10,
        ),
        Column(
            name="pilot",
            heading=PILOT,
            width=5,
            value=lambda row: PILOT if row.community.pilot else "",
            format=CENTRED,
        ),
        Column(
            name="status",
            heading=STATUS,
            width=width_for(campaign.pass_words, 9.5, 24),
            value=lambda row: statuses[row.status],
            format=CENTRED,
        ),
    )


def _score_column(criterion: Criterion, campaign: Campaign) -> Column[CommunityRow]:
    index = criterion.number - 1
    return Column(
        name=score(criterion.number),
        heading=str(criterion.number),
        width=_score_width(criterion, campaign.groups[criterion.group]),
        value=lambda row: row.answers[index],
        format=lambda row: _UNKNOWN if row.answers[index] is None else NUMBER,
        by=lambda row: row.answers[index],
    )


def _score_width(criterion: Criterion, group: Group) -> float:
    """Return the width in which all that may stand above and in a criterion's column can be read.

    Where few criteria have a group of a long name, they share what it needs.
    """
    own = max([_SCORE_WIDTH, *(text_width(text) + 0.3 for text in _long_texts(criterion))])
    count = len(group.criteria)
    if line_count(group.title, _SCORE_WIDTH * count * 1.1 - 1) <= _MOST_LINES:
        return own
    lines = text_width(group.title) * 1.08 / _MOST_LINES
    return max(own, min(_WIDEST_SCORE, (lines + 3) / 1.1 / count))


def _long_texts(criterion: Criterion) -> Iterator[str]:
    if criterion.kind is Kind.CONDITION:
        yield Answer.UNFULFILLED
    elif criterion.not_applicable:
        yield Answer.NOT_APPLICABLE
    if criterion.points >= 10 or criterion.kind is not Kind.SCORED:
        yield points_format(criterion)[1] + plain(criterion.points)
    if criterion.label not in ("", str(criterion.number)):
        yield criterion.label[:12]


def points_format(criterion: Criterion) -> tuple[str, str]:
    """Return the number format of a criterion's points, and the word that it puts before them."""
    word = {Kind.BONUS: "加≤", Kind.DEDUCTION: "扣≤"}.get(criterion.kind, "")
    return (f'"{word}"General' if word else "General"), word


def _subtotal_column(index: int, group: Group, campaign: Campaign) -> Column[CommunityRow]:
    return Column(
        name=subtotal(index),
        heading=f"{group.title}小计",
        width=_SUBTOTAL_WIDTH,
        value=lambda row: row.subtotals[index],
        format=NUMBER,
        same_formula=lambda cells: rules.subtotal_formula(_cells(campaign, cells), group),
    )


def _results(campaign: Campaign, communities: Sequence[CommunityRow]) -> Iterator[Column[CommunityRow]]:
    """Yield the columns of what the scores come to, those of rules that the campaign has."""
    statuses = status_words(campaign)
    yield from _beside(campaign)
    yield Column(
        name="total",
        heading=campaign.labels.total,
        width=7.2,
        value=lambda row: row.total,
        format=BOLD_NUMBER,
        same_formula=lambda cells: rules.total_formula(
            _cells(campaign, cells), rules.points_formula(subtotals(campaign, cells)), campaign
        ),
    )
    yield Column(
        name="verdict",
        heading=f"{WHETHER}{campaign.pass_words[0]}",
        width=width_for(campaign.pass_words, 8, 24),
        value=lambda row: statuses[row.status] if row.judged else UNJUDGED,
        format={**CENTRED, "bold": True},
        same_formula=lambda cells: _verdict_formula(campaign, cells),
    )
    yield from _vetoes_and_grades(campaign, communities)
    yield Column(
        name="rank",
        heading="排名",
        width=4.6,
        value=lambda row: row.rank,
        format=NUMBER,
        same_formula=lambda cells: _rank_formula(campaign, cells),
    )


def _beside(campaign: Campaign) -> Iterator[Column[CommunityRow]]:
    """Yield the columns of what is added to the scores and taken off."""
    if campaign.of_kind(Kind.BONUS):
        yield Column(
            name="bonus",
            heading=BONUS,
            width=6.5,
            value=lambda row: row.bonus,
            format=NUMBER,
            same_formula=lambda cells: _sum_formula(campaign, cells, Kind.BONUS),
        )
    if campaign.of_kind(Kind.DEDUCTION):
        yield Column(
            name="deduction",
            heading=DEDUCTION,
            width=6.5,
            value=lambda row: row.deduction,
            format=NUMBER,
            same_formula=lambda cells: _sum_formula(campaign, cells, Kind.DEDUCTION),
        )


def _vetoes_and_grades(
    campaign: Campaign, communities: Sequence[CommunityRow]
) -> Iterator[Column[CommunityRow]]:
    if campaign.has_vetoes:
        yield Column(
            name="veto",
            heading=VETO,
            width=_veto_width([veto_words(row) for row in communities]),
            value=veto_words,
            format={**TEXT, "font_size": 9, "font_color": ORANGE},
            same_formula=lambda cells: rules.veto_formula(_cells(campaign, cells), campaign),
            grows=9,
        )
    if campaign.grades:
        yield Column(
            name="grade",
            heading=GRADE,
            width=width_for((grade.name for grade in campaign.grades), 7, 20),
            value=lambda row: row.grade,
            format=CENTRED,
            same_formula=lambda cells: rules.grade_formula(_cells(campaign, cells), campaign),
        )


def _veto_width(reasons: Sequence[str]) -> float:
    """Return the width of the reasons, which is little where nothing is vetoed."""
    return wide_enough(reasons, width_for([VETO, *reasons], 8, 18), 9)


def veto_words(row: CommunityRow) -> str:
    """Return what fails a unit, whatever its total: 第7条0分、第9条不符合; "" where nothing does."""
    return "、".join(veto.words for veto in row.vetoes)


def _cells(campaign: Campaign, cells: TableRow) -> rules.ScoreCells:
    """Return where the table holds the scores of a row and what belongs to them."""

    def span(row: TableRow, first: int, last: int) -> str:
        return row.span(score(first), score(last))

    points = TableRow(cells.table, _header_row(campaign) - 1)
    return rules.ScoreCells(
        span=partial(span, cells),
        points=partial(span, points),
        total=cells["total"],
        veto=cells["veto"] if campaign.has_vetoes else "",
        worded=False,
    )


def points_cells(table: ScoreTable) -> rules.ScoreCells:
    """Return where the table holds the points, for formulas that add them up as they do scores."""
    row = table.points()

    def span(first: int, last: int) -> str:
        return row.span(score(first), score(last))

    return rules.ScoreCells(span=span, points=span, total="", worded=False)


def subtotals(campaign: Campaign, cells: TableRow) -> str:
    """Return the cells of all subtotals of a row."""
    return cells.span(*ends_of_subtotals(campaign))


def ends_of_subtotals(campaign: Campaign) -> tuple[str, str]:
    """Return the names of the first and the last column of subtotals."""
    indices = [index for index, _group in summed_groups(campaign)]
    return subtotal(indices[0]), subtotal(indices[-1])


def _sum_formula(campaign: Campaign, row: TableRow, kind: Kind) -> str:
    """The sum of bonus or deductions, nothing while one of them is blank."""
    cells, criteria = _cells(campaign, row), campaign.of_kind(kind)
    formula = rules.bonus_formula if kind is Kind.BONUS else rules.deduction_formula
    answered = rules.answered_formula(cells, criteria)
    return f'IF({answered}={len(criteria)},ROUND({formula(cells, campaign)},2),"")'


def _verdict_formula(campaign: Campaign, cells: TableRow) -> str:
    place = _cells(campaign, cells)
    mark = xl_rowcol_to_cell(_header_row(campaign) - 1, cells.table.place("verdict"), True, True)
    return f'IF({place.total}="","{UNJUDGED}",{rules.verdict_formula(place, campaign, mark)})'


def _rank_formula(campaign: Campaign, cells: TableRow) -> str:
    vetoes = (cells["veto"], cells.column("veto")) if campaign.has_vetoes else ()
    return rules.rank_formula(cells["total"], cells.column("total"), *vetoes)


def _source(row: CommunityRow) -> str:
    return "" if row.file is None else f"{row.file} › {row.sheet}"
