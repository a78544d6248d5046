"""整改清单: every lost point as a task, marked for the departments concerned."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from greenxl.campaign.model import Campaign
from greenxl.report.book import consolidate
from greenxl.report.sheets.rectification import rectification_table
from tests.tools.reports import DAY, Report, all_of, cells, numbered, opened
from tests.tools.rounds import round_of, samples, with_six_criteria


def test_every_lost_point_is_a_row(report: Report) -> None:
    """With the departments of its group and a mark in each one's column."""
    rows = numbered(report.cells("整改清单")[3:])
    assert [(row[1], row[2], row[5], Decimal(str(row[9]))) for row in rows] == [
        (loss.community.town, loss.community.name, loss.criterion.number, loss.lost)
        for loss in report.tables.losses
    ]
    assert [row[0] for row in rows] == list(range(1, len(rows) + 1))
    for row in rows:
        criterion = report.campaign.criteria[row[5] - 1]
        departments = report.campaign.groups[criterion.group].departments
        assert row[11:].count("●") == len(departments)


def test_the_sums_are_above_the_list(huantai: Campaign) -> None:
    """At its end they might be alone on a page."""
    rows = cells(consolidate(*with_six_criteria(huantai), DAY), "整改清单")
    assert [rows[2][column] for column in (1, 5, 9)] == ["合计", 126, 126]
    assert (rows[3][0], rows[4][0], rows[-1][0]) == ("序号", 1, 126)


def test_a_list_without_losses_says_so(huantai: Campaign) -> None:
    """Instead of a table without rows."""
    rows = cells(consolidate(*round_of(huantai, {}), DAY), "整改清单")
    assert rows[4][0] == "没有失分。"


def test_a_page_begins_with_every_town(huantai: Campaign) -> None:
    """A page can be handed to the town that it is about."""
    given = all_of(4, [huantai.communities_of(town.name)[0] for town in huantai.towns])
    sheet = opened(consolidate(*round_of(huantai, given), DAY))["整改清单"]
    first = rectification_table(huantai, ()).first_row
    assert [one.id for one in sheet.row_breaks.brk] == [first + 20, first + 40]


def test_a_list_that_outgrows_a_sheet_goes_on_in_the_next(
    huantai: Campaign, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No lost point is cut off: the rows of all the sheets together are the losses, once each."""
    monkeypatch.setattr("greenxl.report.sheets.rectification._MOST_ROWS", 100)
    result, tables = samples(huantai, "returned")
    data = consolidate(result, tables, date(2021, 9, 30))
    names = [name for name in opened(data).sheetnames if name.startswith("整改清单")]
    assert names == ["整改清单", "整改清单2", "整改清单3"]
    rows = [row for name in names for row in numbered(cells(data, name)[3:])]
    assert len(rows) == len(tables.losses)
    assert len({(row[1], row[2], row[5]) for row in rows}) == len(rows)


def test_a_department_may_be_called_as_a_column_is(huantai: Campaign) -> None:
    """The list of losses stays a table, which two headings alike would undo."""
    groups = tuple(replace(group, departments=("社区", "街道（镇）")) for group in huantai.groups)
    campaign = replace(huantai, groups=groups)
    data = consolidate(*round_of(campaign, {campaign.communities[0]: [4] * 20}), DAY)
    [table] = opened(data)["整改清单"].tables.values()
    assert table.column_names[-2:] == ["社区（部门）", "街道（镇）（部门）"]
