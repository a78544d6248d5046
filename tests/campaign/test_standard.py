"""The standard as offices type it: merged or empty groups, no numbers, rows of sums."""

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from greenxl.campaign import shipped
from greenxl.campaign.checks import campaign_of, load
from greenxl.campaign.model import Campaign, Kind
from greenxl.campaign.schemas import StandardRow
from greenxl.campaign.standard import SumRow, first_wrong_sum, without_sums
from greenxl.campaign.tables import CampaignTables, Row, read_tables
from tests.tools.campaigns import type_another_county, typed
from tests.tools.office import Office


def of_lines(*lines: tuple[str, str, str, str], max_score: str = "") -> CampaignTables:
    """Return the shipped tables with another standard, of groups, numbers, criteria and points."""
    tables = read_tables(shipped())
    names = ("group", "number", "criterion", "points")
    rows = tuple(Row(n, dict(zip(names, line, strict=True))) for n, line in enumerate(lines, 2))
    settings = tables["settings"]
    stated = tuple(
        replace(row, cells={**row.cells, "value": {"max_score": max_score, "pass_score": "5"}[name]})
        if (name := row.cells["setting"]) in ("max_score", "pass_score")
        else row
        for row in settings.rows
    )
    del tables["departments"]
    return {
        **tables,
        "standard": replace(tables["standard"], rows=rows),
        "settings": replace(settings, rows=stated),
    }


def shape(campaign: Campaign) -> list[tuple[str, list[int]]]:
    return [(group.title, [c.number for c in group.criteria]) for group in campaign.groups]


def test_an_empty_group_is_that_above_and_numbers_run_on() -> None:
    """However a group's name is spaced where it is repeated."""
    tables = of_lines(
        ("甲\n组", "", "一", "5"), ("", "", "二", "5"), ("甲 组", "3", "三", "5"), ("乙组", "", "四", "5")
    )
    assert shape(campaign_of(tables, "typed")) == [("甲组", [1, 2, 3]), ("乙组", [4])]


@pytest.mark.parametrize(
    "sum_row",
    [
        ("合计", "", "", "10"),
        ("", "", "合 计（满分）", "10"),
        ("", "总计", "", ""),
        ("合计分值", "", "", "=SUM(D2:D3)"),
        ("", "", "小计", "10.0"),
    ],
    ids=["group", "criterion", "without a sum", "formula", "subtotal"],
)
def test_a_row_of_sums_is_no_criterion(sum_row: tuple[str, str, str, str]) -> None:
    """Whether its label stands in the first, the second or the third column."""
    tables = of_lines(("甲", "", "一", "5"), ("", "", "二", "5"), sum_row)
    assert shape(campaign_of(tables, "typed")) == [("甲", [1, 2])]


def test_rows_of_sums_are_taken_out_with_what_they_sum() -> None:
    """A subtotal what follows the last one, a total everything."""
    tables, sums = without_sums(
        of_lines(
            ("甲", "", "一", "5"),
            ("小计", "", "", "5"),
            ("乙", "", "二", "4"),
            ("小计", "", "", "4"),
            ("合计", "", "", "9"),
        )
    )
    assert [row.number for row in tables["standard"].rows] == [2, 4]
    assert sums == (
        SumRow(3, "小计", "5", 0),
        SumRow(5, "小计", "4", 3),
        SumRow(6, "合计", "9", 0),
    )


def row(line: int) -> StandardRow:
    """Return a row of five points."""
    return StandardRow(
        line=line,
        group="",
        number=line,
        criterion="",
        points=Decimal(5),
        subgroup="",
        method="",
        evidence="",
        kind=Kind.SCORED,
        veto=None,
        choices=(),
        not_applicable=False,
    )


def test_the_first_wrong_sum_is_found() -> None:
    """One that is no number is wrong too, one that is empty is not."""
    rows = [row(n) for n in (2, 3)]
    right, empty = SumRow(4, "合计", "10", 0), SumRow(4, "合计", "", 0)
    wrong = SumRow(4, "合计", "十分", 0)
    assert first_wrong_sum([right, empty], rows) is None
    assert first_wrong_sum([right, wrong], rows) == (wrong, Decimal(10))


def test_a_subtotal_sums_what_follows_the_last_one() -> None:
    """The second of two, of a group of its own."""
    rows = [row(n) for n in (2, 3, 5)]
    assert first_wrong_sum([SumRow(4, "小计", "10", 0), SumRow(6, "小计", "5", 4)], rows) is None
    wrong = SumRow(6, "小计", "15", 4)
    assert first_wrong_sum([wrong], rows) == (wrong, Decimal(5))


def expect_gaoqing(campaign: Campaign) -> None:
    assert shape(campaign) == [
        ("组织领导", [1, 2, 3, 4]),
        ("设施建设", [5, 6, 7, 8, 9]),
        ("环境整治", [10, 11, 12, 13]),
        ("宣传培训", [14, 15, 16]),
    ]
    assert campaign.max_score == 110
    assert campaign.note == "说明：绿色社区创建得分须不低于85分。"
    assert campaign.labels.points == "标准分\n（110分）"
    assert [(c.number, c.town, c.name) for c in campaign.communities] == [
        (1, "田庄镇", "田庄第1社区"),
        (2, "田庄镇", "田庄第2社区"),
        (3, "田庄镇", "田庄第3社区"),
        (4, "新城镇", "新城第1社区"),
        (5, "新城镇", "新城第2社区"),
    ]


def test_another_county_is_typed_into_merged_cells(tmp_path: Path) -> None:
    """Sixteen criteria over the shipped ones; no table of departments, targets or recipients."""
    expect_gaoqing(load(typed(tmp_path / "campaign.xlsx", type_another_county)))


@pytest.mark.parametrize("suffix", [".xlsx", ".ods", ".xls"])
def test_an_office_saves_the_typed_campaign(office: Office, tmp_path: Path, suffix: str) -> None:
    """In any format: what is merged there is read alike."""
    source = typed(tmp_path / "typed.xlsx", type_another_county)
    target = tmp_path / f"campaign{suffix}"
    office.convert(source, target)
    expect_gaoqing(load(target))
