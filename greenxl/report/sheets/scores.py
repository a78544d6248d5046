"""社区得分: a row per community, its scores, subtotals, total, verdict and rank."""

from collections.abc import Iterator, Mapping

from xlsxwriter.worksheet import Worksheet

from greenxl.campaign import rules
from greenxl.campaign.model import Answer, Campaign, Criterion, Group, Kind, plain
from greenxl.names import bare
from greenxl.report.layout import title_of
from greenxl.report.sheets.score_table import (
    GROUP_ROW,
    Cells,
    ScoreTable,
    ends_of_subtotals,
    points_cells,
    points_format,
    score,
    score_table,
    subtotal,
    subtotals,
    summed_groups,
)
from greenxl.report.style import (
    CENTRED,
    HEADING,
    LOSS,
    NOTE,
    NUMBER,
    PALE_GREEN,
    STATUS_FILLS,
    Style,
    height,
    open_sheet,
    page_scale,
    print_across,
    set_page,
    write_headings,
    write_records,
)
from greenxl.scoring.tables import Tables
from greenxl.scoring.vocabulary import status_words
from greenxl.xlsx import write_cell, write_formula, write_merged


def write_scores(style: Style, tables: Tables, findings: Cells) -> None:
    """Write the sheet; ``findings`` has the cell of each community's first finding."""
    campaign = style.campaign
    table = score_table(campaign, tables.communities, findings)
    sheet = open_sheet(style, table, title_of(campaign, table.sheet), _note(campaign, findings))
    _write_groups(sheet, style, table)
    _write_labels(sheet, style, table)
    _write_points(sheet, style, table)
    sums = (table.columns[table.place(subtotal(index))] for index, _group in summed_groups(campaign))
    write_headings(sheet, style, table, height(*((one.heading, one.width, 10) for one in sums)))
    write_records(sheet, style, table, tables.communities, least_height=20)
    _colour(sheet, style, table)
    _set_page(sheet, style, table, _note(campaign, findings))


def _note(campaign: Campaign, findings: Cells) -> str:
    note = (
        f"满分{plain(campaign.max_score)}分，{plain(campaign.pass_score)}分及以上为{campaign.pass_words[0]}。"
        "灰格为未填或不能采用的得分，不按0分计；颜色越深失分越多。"
    )
    if campaign.has_vetoes:
        note += f"被否决的不论合计多少均为{campaign.pass_words[1]}，不排名。"
    if campaign.of_kind(Kind.BONUS):
        note += "加分不计入满分，合计超过满分的为绿底。"
    if campaign.scaled:
        note += f"有“{Answer.NOT_APPLICABLE}”的按适用条目折算，合计为舍入后的数，结论按舍入前的数判定。"
    return f"{note}点击{campaign.unit}名称查看该{campaign.unit}的问题。" if findings else note


def _set_page(sheet: Worksheet, style: Style, table: ScoreTable, note: str) -> None:
    """Print as wide as the paper; where that would be too small to read, on several pages side by side."""
    last = table.place("rank")
    set_page(sheet, style, table.header_row)
    sheet.repeat_rows(GROUP_ROW, table.header_row)
    sheet.repeat_columns(table.place("no"), table.place("status"))
    sheet.print_area(0, 0, table.last_row, last)
    sheet.freeze_panes(table.first_row, table.place("status") + 1)
    widths = [column.width for column in table.columns[: last + 1]]
    if page_scale(widths) < 1:
        print_across(sheet, widths, table.place("status") + 1, list(_parts(table)))
        _write_repeated_head(sheet, style, table, note)


def _write_repeated_head(sheet: Worksheet, style: Style, table: ScoreTable, note: str) -> None:
    """Write title and note once more into the columns that every page repeats, so that none cuts them off."""
    last, campaign = table.place("status"), style.campaign
    width = sum(column.width for column in table.columns[: last + 1])
    title = title_of(campaign, table.sheet)
    head = {"font_name": campaign.fonts.title, "font_size": 14, "text_wrap": True}
    small = {**NOTE, "text_wrap": True}
    for row, (text, properties) in enumerate(((title, head), (note, small))):
        write_merged(sheet, (row, 0, row, last), text, style.format(properties))
        sheet.set_row(row, height((text, width, properties["font_size"])))


def _parts(table: ScoreTable) -> Iterator[int]:
    """Yield the columns before which a page may begin: those of groups, of subtotals and of results."""
    for group in table.campaign.groups:
        yield table.place(score(group.criteria[0].number))
    first, last = ends_of_subtotals(table.campaign)
    yield table.place(first)
    yield table.place(last) + 1


def _ends(group: Group) -> tuple[str, str]:
    """Return the names of the columns of a group's first and last criterion."""
    return score(group.criteria[0].number), score(group.criteria[-1].number)


def _write_groups(sheet: Worksheet, style: Style, table: ScoreTable) -> None:
    """Write over the headings what they belong to, each group over its criteria."""
    campaign, head = style.campaign, style.format(HEADING)

    def over(row: int, first: str, last: str, words: str) -> None:
        write_merged(sheet, (row, table.place(first), row, table.place(last)), words, head)

    over(GROUP_ROW, "no", "status", bare(campaign.labels.group))
    over(table.points_row, "no", "status", bare(campaign.labels.points))
    for group in campaign.groups:
        over(GROUP_ROW, *_ends(group), group.title)
    first, last = ends_of_subtotals(campaign)
    over(GROUP_ROW, first, last, "各项小计")
    over(GROUP_ROW, table.columns[table.place(last) + 1].name, "rank", "结果")
    over(GROUP_ROW, "source", "source", "来源")
    sheet.set_row(
        GROUP_ROW, height(*((group.title, _width(table, group), 10.0) for group in campaign.groups))
    )


def _width(table: ScoreTable, group: Group) -> float:
    first, last = map(table.place, _ends(group))
    return sum(column.width for column in table.columns[first : last + 1])


def _write_labels(sheet: Worksheet, style: Style, table: ScoreTable) -> None:
    """Write the numbers that the form itself has, where they are others than ours."""
    if table.labels_row is None:
        return
    head = style.format(CENTRED, font_size=9)
    write_merged(sheet, (table.labels_row, 0, table.labels_row, table.place("status")), "原编号", head)
    for place in range(table.place("status") + 1, len(table.columns)):
        write_cell(sheet, table.labels_row, place, None, head)
    for criterion in style.campaign.criteria:
        write_cell(sheet, table.labels_row, table.place(score(criterion.number)), criterion.label, head)
    sheet.set_row(
        table.labels_row,
        height(
            *(
                (criterion.label, table.columns[table.place(score(criterion.number))].width, 9.0)
                for criterion in style.campaign.criteria
            )
        ),
    )


def _write_points(sheet: Worksheet, style: Style, table: ScoreTable) -> None:
    """Write the points of criteria, groups and all, and the pass mark, to which the verdicts refer."""
    campaign, row = style.campaign, table.points_row
    for place in range(table.place("status") + 1, len(table.columns)):
        write_cell(sheet, row, place, None, style.format(NUMBER, italic=True))
    _write_criteria_points(sheet, style, table)
    number, points = style.format(NUMBER, italic=True), points_cells(table)
    for index, group in summed_groups(campaign):
        formula = rules.amount_formula(points, group.scored)
        write_formula(sheet, row, table.place(subtotal(index)), f"={formula}", number, group.points)
    full = rules.points_formula(subtotals(campaign, table.points()))
    write_formula(sheet, row, table.place("total"), f"={full}", number, campaign.max_score)
    mark = style.format(NUMBER, italic=True, num_format='"≥"General')
    write_cell(sheet, row, table.place("verdict"), campaign.pass_score, mark)
    if campaign.bonus_cap is not None and table.has("bonus"):
        cap = style.format(NUMBER, italic=True, num_format='"≤"General')
        write_cell(sheet, row, table.place("bonus"), campaign.bonus_cap, cap)
    sheet.set_row(row, 18)


def _write_criteria_points(sheet: Worksheet, style: Style, table: ScoreTable) -> None:
    """Write what each criterion gives: its points, what it may add or take off, or that it is a condition."""
    for criterion in style.campaign.criteria:
        place = table.place(score(criterion.number))
        shown = style.format(NUMBER, italic=True, num_format=points_format(criterion)[0])
        value = Kind.CONDITION.value if criterion.kind is Kind.CONDITION else criterion.points
        write_cell(sheet, table.points_row, place, value, shown)


def _colour(sheet: Worksheet, style: Style, table: ScoreTable) -> None:
    """Colour lost points by how much is lost, statuses and verdicts by what they are."""

    def condition(name: str, rule: Mapping[str, object]) -> None:
        place = table.place(name)
        sheet.conditional_format(table.first_row, place, table.last_row, place, dict(rule))

    for criterion in style.campaign.criteria:
        if criterion.kind is Kind.CONDITION:
            fill = style.book.condition_format(bg_color=LOSS)
            condition(score(criterion.number), _equal(Answer.UNFULFILLED, fill))
        elif criterion.kind is not Kind.BONUS:
            condition(score(criterion.number), _colour_scale(criterion))
    for name in ("status", "verdict"):
        for status, word in status_words(style.campaign).items():
            condition(name, _equal(word, style.book.condition_format(bg_color=STATUS_FILLS[status])))
    if table.has("bonus"):
        cell, full = _first(table, "total"), plain(style.campaign.max_score)
        # A total that is not known is a text, which is more than any number.
        more = {"type": "formula", "criteria": f"=AND(ISNUMBER({cell}),{cell}>{full})"}
        condition("total", {**more, "format": style.book.condition_format(bg_color=PALE_GREEN)})


def _first(table: ScoreTable, name: str) -> str:
    """Return the relative reference to a column's first record, as conditions have it."""
    first, _colon, _last = table.own_cells(name).partition(":")
    return first


def _equal(word: str, fill: object) -> Mapping[str, object]:
    return {"type": "cell", "criteria": "==", "value": f'"{word}"', "format": fill}


def _colour_scale(criterion: Criterion) -> Mapping[str, object]:
    """Return the colours of lost points; of a deduction what is taken off."""
    worst, best = (LOSS, "#FFFFFF") if criterion.kind is not Kind.DEDUCTION else ("#FFFFFF", LOSS)
    return {
        "type": "2_color_scale",
        "min_type": "num",
        "min_value": 0,
        "min_color": worst,
        "max_type": "num",
        "max_value": float(criterion.points),
        "max_color": best,
    }
