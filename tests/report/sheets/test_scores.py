"""社区得分: its published header, the figures of every community, its links."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from openpyxl.utils import get_column_letter

from greenxl.campaign.model import Campaign, Criterion, Group
from greenxl.report.book import consolidate
from greenxl.report.sheets.score_table import score, score_rows, score_table
from greenxl.scoring.vocabulary import status_words
from tests.tools.programmes import mixed
from tests.tools.reports import DAY, Report, cells, opened
from tests.tools.rounds import round_of


def test_the_table_has_the_published_header(huantai: Campaign) -> None:
    """序号 to 来源文件, the criteria as text, a subtotal per group."""
    table = score_table(huantai)
    header = cells(consolidate(*round_of(huantai, {}), DAY), "社区得分")[table.header_row]
    assert header == [
        *("序号", "街道（镇）", "社区", "试点", "状态"),
        *(str(number) for number in range(1, 21)),
        "建立健全社区人居环境建设和整治机制小计",
        "推进社区基础设施绿色化小计",
        "营造社区宜居环境小计",
        "提高社区信息化智能化水平小计",
        "培育社区绿色文化小计",
        *("合计分值", "是否达标", "排名", "来源文件"),
    ]


def test_every_community_has_its_figures(report: Report) -> None:
    """Scores, subtotals, totals, verdicts and ranks; what is missing is blank and never a zero."""
    table = score_table(report.campaign)
    first, total = table.place(score(1)), table.place("total")
    rows = report.cells("社区得分")[table.first_row :]
    for row, one in zip(rows, report.tables.communities, strict=True):
        word = status_words(report.campaign)[one.status]
        place = one.community
        assert row[:first] == [place.number, place.town, place.name, "试点" if place.pilot else None, word]
        assert [_decimal(value) for value in row[first:total]] == [*one.scores, *one.subtotals]
        assert _decimal(row[total]) == one.total
        verdict = word if one.judged else "—"
        assert (row[total + 1], row[total + 2] or None) == (verdict, one.rank)
        assert row[total + 3] == (f"{one.file} › {one.sheet}" if one.file else None)


def _decimal(value: Any) -> Decimal | None:
    return None if value in (None, "") else Decimal(str(value))


def test_what_follows_from_scores_is_a_formula(report: Report) -> None:
    """Subtotals, total, verdict and rank; a reviewer can trace them."""
    table = score_table(report.campaign)
    last = table.place(score(len(report.campaign.criteria)))
    for row in report.cells("社区得分", values=False)[table.first_row :]:
        assert all(str(value).startswith("=") for value in row[last + 1 : table.place("source")])


def test_what_is_not_known_is_grey(huantai: Campaign) -> None:
    """A blank score is seen as one, and not taken for a zero."""
    made = round_of(huantai, {huantai.communities[0]: [None, 0, *[5] * 18]})
    sheet, table = opened(consolidate(*made, DAY))["社区得分"], score_table(huantai)
    row = sheet[table.first_row + 1]
    blank, zero = row[table.place(score(1))], row[table.place(score(2))]
    assert (blank.value, blank.fill.fgColor.rgb) == (None, "FFE7E6E6")
    assert (zero.value, zero.fill.fill_type) == (0, None)


def test_a_name_leads_to_its_first_finding(huantai: Campaign) -> None:
    """Only where there is one."""
    result, tables = round_of(huantai, {huantai.communities[4]: [None, "五", *[5] * 18]})
    sheet, table = opened(consolidate(result, tables, DAY))["社区得分"], score_table(huantai)
    links = {cell.row - 1: cell.hyperlink for [cell] in sheet.iter_rows(min_col=3, max_col=3)}
    assert links[table.first_row + 4].location == "'问题清单'!$A$4"
    assert links[table.first_row + 3] is None


def test_the_rows_are_those_of_the_table(huantai: Campaign) -> None:
    """Other sheets refer to a community by its row."""
    rows, table = score_rows(huantai), score_table(huantai)
    assert sorted(rows.values()) == list(range(table.first_row, table.last_row + 1))
    assert rows["城区街道", "宝龙社区"] == table.first_row


@pytest.mark.parametrize(("criteria", "pages"), [(20, 1), (35, 2), (164, 8), (345, 14)])
def test_many_criteria_are_printed_on_pages_side_by_side(
    huantai: Campaign, criteria: int, pages: int
) -> None:
    """In type of 8 points, a page beginning with a group, whose row and number it repeats."""
    size = 5
    groups = tuple(
        Group(
            f"第{g + 1}项",
            (),
            tuple(Criterion(n, g, f"标准{n}", Decimal(5)) for n in range(size * g + 1, size * g + size + 1)),
        )
        for g in range(criteria // size)
    )
    campaign = replace(huantai, groups=groups)
    table = score_table(campaign)
    sheet = opened(consolidate(*round_of(campaign, {}), DAY))[table.sheet]
    breaks = [one.id for one in sheet.col_breaks.brk]
    assert len(breaks) + 1 >= pages
    assert sheet.print_title_cols == "$A:$E"
    assert sheet.page_setup.scale == (80 if pages > 1 else None)
    firsts = {table.place(score(group.criteria[0].number)) for group in groups}
    of_scores = [place for place in breaks if place <= table.place(score(len(campaign.criteria)))]
    assert set(of_scores) <= firsts


def test_a_total_above_the_full_score_is_seen_as_one(huantai: Campaign) -> None:
    """By its colour, of which the line above tells."""
    campaign = mixed(huantai)
    table = score_table(campaign)
    sheet = opened(consolidate(*round_of(campaign, {}), DAY))[table.sheet]
    column = get_column_letter(table.place("total") + 1)
    first = f"{column}{table.first_row + 1}"
    rules = [rule for cells_, found in sheet.conditional_formatting._cf_rules.items() for rule in found]
    assert [f"AND(ISNUMBER({first}),{first}>100)"] in [rule.formula for rule in rules]
    assert "合计超过满分的为绿底" in sheet["A2"].value


def test_only_scores_are_coloured_by_what_is_lost(huantai: Campaign) -> None:
    """A bonus that is not had is no loss; a condition is red where it is not fulfilled."""
    campaign = mixed(huantai)
    table = score_table(campaign)
    sheet = opened(consolidate(*round_of(campaign, {}), DAY))[table.sheet]
    found = {str(one.sqref).split(":")[0]: rules[0].type for one, rules in _conditions(sheet)}
    kinds = [
        found.get(f"{get_column_letter(table.place(score(n)) + 1)}{table.first_row + 1}")
        for n in (1, 5, 6, 7)
    ]
    assert kinds == ["colorScale", None, "colorScale", "cellIs"]


def _conditions(sheet: Any) -> list[tuple[Any, Any]]:
    return list(sheet.conditional_formatting._cf_rules.items())
