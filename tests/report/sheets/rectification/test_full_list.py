"""The full list of 整改清单: every lost point as a row, marked for the departments concerned."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from greenxl.campaign.model import Campaign
from greenxl.report.book import consolidate
from tests.tools.programmes import FULL, Typed, mixed
from tests.tools.reports import DAY, Report, opened
from tests.tools.rounds import round_of, samples, with_six_criteria
from tests.tools.sections import full_list


def test_every_lost_point_is_a_row(report: Report) -> None:
    """With a mark in the column of each department of its group; without losses there is no list."""
    if not report.tables.losses:
        assert not opened(report.data)["整改清单"].tables
        return
    rows = full_list(report.data)
    unit, parent = report.campaign.unit, report.campaign.parent
    assert [(row[parent], row[unit], row["条目"], Decimal(str(row["失分"]))) for row in rows] == [
        (loss.community.town, loss.community.name, loss.criterion.number, loss.lost)
        for loss in report.tables.losses
    ]
    assert [row["序号"] for row in rows] == list(range(1, len(rows) + 1))
    for row in rows:
        group = report.campaign.groups[report.campaign.criteria[row["条目"] - 1].group]
        assert {name for name, mark in row.items() if mark == "●"} == set(group.departments)


def test_it_is_below_and_beside_what_is_printed(report: Report) -> None:
    """Its filter hides no printed row, and nothing of it is on paper."""
    sheet = opened(report.data)["整改清单"]
    printed = sheet[sheet.print_area.split("!")[-1].replace("$", "")]
    for table in sheet.tables.values():
        first = sheet[table.ref][0][0]
        assert first.row > printed[-1][-1].row
        assert first.column > printed[-1][-1].column


def test_the_sums_are_of_what_the_filter_shows(huantai: Campaign) -> None:
    """Above the headings: how many places, and how many points."""
    made = with_six_criteria(huantai)
    sheet = opened(consolidate(*made, DAY), values=False)["整改清单"]
    [table] = sheet.tables.values()
    header = sheet[table.ref][0]
    above = {cell.value: sheet.cell(cell.row - 1, cell.column).value for cell in header}
    assert above["条目"].startswith("=SUBTOTAL(103,")
    assert above["失分"].startswith("=ROUND(SUBTOTAL(109,")
    shown = opened(consolidate(*made, DAY))["整改清单"]
    assert [shown.cell(header[0].row - 1, header[i].column).value for i in (1, 5, 9)] == ["合计", 126, 126]


def test_a_list_that_outgrows_a_sheet_goes_on_in_the_next(
    huantai: Campaign, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No lost point is cut off: the rows of all the sheets together are the losses, once each."""
    monkeypatch.setattr("greenxl.report.layout.MOST_RECORDS", 180)
    result, tables = samples(huantai, "returned")
    data = consolidate(result, tables, date(2021, 9, 30))
    names = [name for name in opened(data).sheetnames if name.startswith("整改清单")]
    assert names == ["整改清单", "整改清单2"]
    rows = [row for name in names for row in full_list(data, name)]
    assert len(rows) == len(tables.losses)
    assert len({(row["街道（镇）"], row["社区"], row["条目"]) for row in rows}) == len(rows)


def test_a_department_may_be_called_as_a_column_is(huantai: Campaign) -> None:
    """The list of losses stays a table, which two headings alike would undo."""
    groups = tuple(replace(group, departments=("社区", "街道（镇）")) for group in huantai.groups)
    campaign = replace(huantai, groups=groups)
    data = consolidate(*round_of(campaign, {campaign.communities[0]: [4] * 20}), DAY)
    [table] = opened(data)["整改清单"].tables.values()
    assert table.column_names[-2:] == ["社区（部门）", "街道（镇）（部门）"]


def test_texts_stand_beside_the_lost_points(huantai: Campaign) -> None:
    """What the town wrote as the reason, to the letter, and never as a formula; who leads is marked so."""
    campaign = mixed(huantai)
    first = campaign.communities[0]
    typed: list[Typed] = [15, *FULL[1:]]
    reasons: list[Typed] = ["=1+1", *[None] * 6]
    made = round_of(campaign, {first: typed}, {first: {"县核定分": typed, "扣分原因": reasons}})
    [row] = full_list(consolidate(*made, DAY), values=False)
    assert (row["扣分原因"], row["县水利局"], row["县住建局"]) == ("=1+1", "牵头", "●")
