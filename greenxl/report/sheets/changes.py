"""变化: what changed since an earlier workbook, and how each criterion moved."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from xlsxwriter.utility import xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from greenxl.campaign.model import Campaign, Criterion, plain
from greenxl.names import bare
from greenxl.report.comparison import Change, Previous, departed
from greenxl.report.layout import (
    CHANGES,
    NO,
    UNJUDGED,
    Column,
    Properties,
    Table,
    TableRow,
    title_of,
    with_towns,
)
from greenxl.report.sheets.score_table import score, score_rows, score_table
from greenxl.report.style import (
    BOLD,
    BOLD_NUMBER,
    CENTRED,
    EMPTY,
    LOSS,
    NOTE,
    NUMBER,
    STATUS_FILLS,
    TEXT,
    Style,
    height,
    open_sheet,
    page_scale,
    set_page,
    width_for,
    write_headings,
    write_nothing,
    write_records,
)
from greenxl.scoring.choosing import Status
from greenxl.scoring.tables import CommunityRow, Tables, average
from greenxl.scoring.vocabulary import status_words
from greenxl.xlsx import write_cell, write_formula, write_merged

RETURNED_WORDS = ("新报送", "转为未报送")
UNLISTED = "未列入"
_SIGNED = "+General;-General;0"
_SIGNED_NUMBER: Properties = {**NUMBER, "num_format": _SIGNED}
_SIGNED_BOLD: Properties = {**BOLD_NUMBER, "num_format": _SIGNED}
_UNKNOWN: Properties = {**NUMBER, "bg_color": EMPTY}


@dataclass(frozen=True, slots=True)
class _Moved:
    """A community then and now, with its scores now."""

    change: Change
    now: CommunityRow

    def score_change(self, number: int) -> Decimal | None:
        """Return how far a score moved, None where one of the two is not known."""
        then, now = self.change.scores.get(number), self.now.scores[number - 1]
        return None if then is None or now is None else now - then


def verdict_changes(campaign: Campaign) -> tuple[str, str]:
    """Return the words for a unit that newly passes, and for one that no longer does."""
    passed = campaign.pass_words[0]
    return f"新{passed}", f"不再{passed}"


def changes_table(campaign: Campaign, changes: Sequence[Change]) -> Table[_Moved]:
    """Return the table with all its columns, from left to right; its rows are what changed.

    Where nothing did, it has the room for one row.
    """
    scores, rows = score_table(campaign), score_rows(campaign)
    statuses, verdicts = status_words(campaign), verdict_changes(campaign)

    def now_cell(row: _Moved, name: str) -> str:
        """Return the cell of the community on 社区得分."""
        community = row.change.community
        return scores.cell(rows[community.town, community.name], name)

    def total_formula(row: _Moved, _cells: TableRow) -> str:
        total = now_cell(row, "total")
        return f'IF({total}="","",{total})'

    def score_formula(row: _Moved, number: int) -> str | None:
        if row.score_change(number) is None:
            return None
        now, then = now_cell(row, score(number)), plain(row.change.scores[number])
        return f'IF({now}="","",ROUND({now}-{then},2))'

    columns: tuple[Column[_Moved], ...] = (
        Column(
            name="no", heading=NO, width=4.5, value=lambda row: row.change.community.number, format=CENTRED
        ),
        Column(
            name="town",
            heading=campaign.parent,
            width=width_for((town.name for town in campaign.towns), 9.5, 20),
            value=lambda row: row.change.community.town,
            format=TEXT,
            grows=10,
        ),
        Column(
            name="community",
            heading=campaign.unit,
            width=width_for((community.name for community in campaign.communities), 10, 26),
            value=lambda row: row.change.community.name,
            format=TEXT,
            link=lambda row: now_cell(row, "community"),
            grows=10,
        ),
        Column(
            name="then",
            heading="上次状态",
            width=width_for(campaign.pass_words, 9.5, 24),
            value=lambda row: statuses[row.change.then.status] if row.change.then else UNLISTED,
            format=CENTRED,
        ),
        Column(
            name="now",
            heading="本次状态",
            width=width_for(campaign.pass_words, 9.5, 24),
            value=lambda row: statuses[row.change.now],
            format=CENTRED,
            formula=lambda row, _cells: now_cell(row, "status"),
        ),
        Column(
            name="returned",
            heading="报送变化",
            width=11,
            value=lambda row: _word(RETURNED_WORDS, row.change.newly_returned, row.change.withdrawn),
            format=CENTRED,
            same_formula=lambda cells: _returned_formula(statuses[Status.MISSING], cells),
        ),
        Column(
            name="verdict",
            heading=f"{campaign.pass_words[0]}变化",
            width=width_for(verdicts, 9.5, 26),
            value=lambda row: _word(verdicts, row.change.newly_passed, row.change.fallen),
            format={**CENTRED, "bold": True},
            same_formula=lambda cells: _verdict_formula(verdicts, statuses[Status.PASSED], cells),
        ),
        Column(
            name="before",
            heading="上次合计",
            width=8,
            value=lambda row: row.change.then.total if row.change.then else None,
            format=NUMBER,
        ),
        Column(
            name="total",
            heading="本次合计",
            width=8,
            value=lambda row: row.change.total,
            format=NUMBER,
            formula=total_formula,
        ),
        Column(
            name="difference",
            heading="增减",
            width=7,
            value=lambda row: UNJUDGED if row.change.difference is None else row.change.difference,
            format=lambda row: CENTRED if row.change.difference is None else _SIGNED_BOLD,
            formula=_difference_formula,
        ),
        *(_score_column(criterion, score_formula) for criterion in campaign.criteria),
    )
    return Table(
        sheet=CHANGES,
        name="Changes",
        header_row=2,
        length=max(1, sum(change.is_change for change in changes)),
        columns=with_towns(campaign, columns),
    )


def _score_column(criterion: Criterion, formula: Callable[[_Moved, int], str | None]) -> Column[_Moved]:
    """Return the column of how far a criterion's scores moved, grey where it is not known."""
    number = criterion.number
    return Column(
        name=score(number),
        heading=criterion.name,
        width=5.5,
        value=lambda row: row.score_change(number),
        format=lambda row: _UNKNOWN if row.score_change(number) is None else _SIGNED_NUMBER,
        formula=lambda row, _cells: formula(row, number),
    )


def _word(words: tuple[str, str], first: bool, second: bool) -> str:
    return words[0] if first else words[1] if second else UNJUDGED


def _word_formula(words: tuple[str, str], first: str, second: str) -> str:
    """Return the formula that gives the same word."""
    return f'IF({first},"{words[0]}",IF({second},"{words[1]}","{UNJUDGED}"))'


def _returned_formula(missing: str, cells: TableRow) -> str:
    then, now = cells["then"], cells["now"]
    absent = f'OR({then}="{missing}",{then}="{UNLISTED}")'
    return _word_formula(
        RETURNED_WORDS, f'AND({absent},{now}<>"{missing}")', f'AND(NOT({absent}),{now}="{missing}")'
    )


def _verdict_formula(words: tuple[str, str], passed: str, cells: TableRow) -> str:
    then, now = cells["then"], cells["now"]
    return _word_formula(
        words,
        f'AND({then}<>"{passed}",{now}="{passed}")',
        f'AND({then}="{passed}",{now}<>"{passed}")',
    )


def _difference_formula(row: _Moved, cells: TableRow) -> str | None:
    if row.change.difference is None:
        return None
    return f'IF({cells["total"]}="","",ROUND({cells["total"]}-{cells["before"]},2))'


def write_changes(style: Style, previous: Previous, changes: Sequence[Change], tables: Tables) -> None:
    campaign, table = style.campaign, changes_table(style.campaign, changes)
    moved = [_Moved(change, now) for change, now in zip(changes, tables.communities, strict=True)]
    shown = [one for one in moved if one.change.is_change]
    others = [one for one in moved if not one.change.is_change]
    note = _note(campaign, previous, len(shown), len(others))
    sheet = open_sheet(style, table, title_of(campaign, CHANGES), note)
    write_headings(sheet, style, table, 34)
    if shown:
        write_records(sheet, style, table, shown, least_height=20)
        _colour(sheet, style, table)
    else:
        words = f"状态和{bare(campaign.labels.total)}都没有变化。"
        write_nothing(sheet, style, table.first_row, table.place("difference") + 1, words)
    _write_averages(sheet, style, table, shown, others)
    gone, last_row = "、".join(departed(previous, campaign)), table.last_row + 1
    if gone:
        last_row = table.last_row + 3
        words = f"上次列入、本次名单已不含的{campaign.unit}：{gone}。"
        write_cell(sheet, last_row, 0, words, style.format(NOTE))
    _set_page(sheet, style, table, note, last_row)


def _set_page(sheet: Worksheet, style: Style, table: Table[_Moved], note: str, last_row: int) -> None:
    """Print as wide as the paper; where that would be too small to read, how each criterion moved is not."""
    set_page(sheet, style, table.header_row)
    sheet.freeze_panes(table.first_row, table.place("community") + 1)
    widths = [column.width for column in table.columns]
    if page_scale(widths) < 1:
        last = table.place("difference")
        sheet.print_area(0, 0, last_row, last)
        write_merged(sheet, (1, 0, 1, last), note, style.format(NOTE, text_wrap=True))
        sheet.set_row(1, height((note, sum(widths[: last + 1]), 9)))


def _note(campaign: Campaign, previous: Previous, shown: int, others: int) -> str:
    when = f"（数据截至{previous.as_of}）" if previous.as_of else ""
    note = f"与“{previous.file}”{when}相比：{shown}个{campaign.unit}有变化"
    note += f"，其余{others}个没有变化，不列出，计入平均增减。" if others else "。"
    note += "增减＝本次减上次，只比较两次都有的得分和文字相同的标准。"
    if previous.max_score is not None and previous.max_score != campaign.max_score:
        note += f"上次满分{plain(previous.max_score)}分，与本次不同，合计不作比较。"
    return note


def _write_averages(
    sheet: Worksheet, style: Style, table: Table[_Moved], shown: Sequence[_Moved], others: Sequence[_Moved]
) -> None:
    """Write under the table by how much the totals and each criterion moved on average.

    That is of all communities: what ``others`` add, which have no row, is in the formulas as it is.
    """
    row = table.last_row + 1
    number = style.format(BOLD_NUMBER, num_format="+0.00;-0.00;0", font_size=9)
    listed, unlisted = (_differences(style.campaign, moved) for moved in (shown, others))
    for place, column in enumerate(table.columns):
        if column.name not in listed:
            words = "平均增减" if place == 1 else None
            write_cell(sheet, row, place, words, style.format(BOLD if words else TEXT))
            continue
        formula = _average_formula(table.own_cells(column.name), unlisted[column.name])
        value = average([*listed[column.name], *unlisted[column.name]])
        write_formula(sheet, row, place, f"={formula}", number, value)
    sheet.set_row(row, 22)


def _differences(campaign: Campaign, moved: Iterable[_Moved]) -> dict[str, list[Decimal]]:
    """Return the differences that are known, by the names of the columns that hold them."""
    rows = list(moved)
    found = {"difference": [one.change.difference for one in rows]}
    for criterion in campaign.criteria:
        found[score(criterion.number)] = [one.score_change(criterion.number) for one in rows]
    return {name: [one for one in column if one is not None] for name, column in found.items()}


def _average_formula(cells: str, unlisted: Sequence[Decimal]) -> str:
    if not unlisted:
        return f'IF(COUNT({cells})=0,"",ROUND(AVERAGE({cells}),2))'
    added = sum(unlisted, Decimal(0))
    return f"ROUND((SUM({cells}){added:+f})/(COUNT({cells})+{len(unlisted)}),2)"


def _colour(sheet: Worksheet, style: Style, table: Table[_Moved]) -> None:
    """Colour what became better and what became worse."""
    better = style.book.condition_format(bg_color=STATUS_FILLS[Status.PASSED])
    worse = style.book.condition_format(bg_color=LOSS)

    def condition(first: str, last: str, rule: dict[str, object]) -> None:
        box = (table.first_row, table.place(first), table.last_row, table.place(last))
        sheet.conditional_format(*box, rule)

    last = score(len(style.campaign.criteria))
    for sign, fill in ((">", better), ("<", worse)):
        for first, end in (("difference", "difference"), (score(1), last)):
            # A text is above any number, so that blanks and dashes are kept out by what they are.
            cell = xl_rowcol_to_cell(table.first_row, table.place(first))
            rule = f"=AND(ISNUMBER({cell}),{cell}{sign}0)"
            condition(first, end, {"type": "formula", "criteria": rule, "format": fill})
    for word, fill in zip(verdict_changes(style.campaign), (better, worse), strict=True):
        equal = {"type": "cell", "criteria": "==", "value": f'"{word}"', "format": fill}
        condition("verdict", "verdict", equal)
