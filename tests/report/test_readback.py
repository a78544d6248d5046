from dataclasses import replace
from datetime import date

import pytest

from greenxl.campaign.model import Campaign
from greenxl.errors import GreenxlError, WrongUseError
from greenxl.report.book import consolidate
from greenxl.report.readback import read_back
from greenxl.rounds.evaluate import Round
from tests.conftest import SAMPLES
from tests.tools.rounds import round_of, samples


@pytest.fixture(scope="module")
def reported(huantai: Campaign) -> tuple[Round, bytes]:
    result, tables = samples(huantai)
    return result, consolidate(result, tables, date(2021, 10, 8))


def test_every_status_is_read_back_as_it_was_written(
    huantai: Campaign, reported: tuple[Round, bytes]
) -> None:
    """The workbook's statuses are the round's, in roster order; so are its lines on target and deadline."""
    result, data = reported
    stated = read_back(huantai, "汇总表.xlsx", data)
    assert [(c.community, c.status) for c in stated.choices] == [
        (c.community, c.status) for c in result.choices
    ]
    assert stated.headline.startswith("已达到2021年30%的目标：达标率71.4%（15/21，")
    assert stated.deadline.startswith("报送时限：2021年9月30日（截至2021年10月8日，已逾期8天）")
    assert stated.conclusion == "已达到2021年30%的目标：达标率71.4%（15/21），需7个，多8个。"
    assert stated.as_of == "2021年10月8日"


@pytest.mark.parametrize(
    ("day", "score", "target", "met"),
    [
        pytest.param(date(2021, 10, 8), 4, 30, True, id="met"),
        pytest.param(date(2021, 10, 8), 3, 30, False, id="missed"),
        pytest.param(date(2021, 10, 8), 4, None, None, id="no-target"),
        pytest.param(date(2021, 9, 20), 4, 30, None, id="before-the-deadline"),
        pytest.param(date(2021, 10, 8), None, 30, None, id="nothing-returned"),
    ],
)
def test_the_verdict_is_read_back(
    huantai: Campaign, day: date, score: int | None, target: int | None, met: bool | None
) -> None:
    """The target is met or missed only where the first page says so."""
    campaign = replace(huantai, targets=((2021, target),) if target else ())
    given = {community: [score] * 20 for community in campaign.communities if score}
    data = consolidate(*round_of(campaign, given), day)
    assert read_back(campaign, "汇总表.xlsx", data).target_met is met


def test_a_workbook_of_another_roster_is_refused(huantai: Campaign, reported: tuple[Round, bytes]) -> None:
    """A community that the workbook does not have says that it is of another campaign."""
    renamed = tuple(replace(c, name=f"{c.name}甲") for c in huantai.communities)
    with pytest.raises(
        WrongUseError,
        match=r"汇总表\.xlsx: this is not a consolidated workbook of this campaign \(宝龙社区甲 ",
    ):
        read_back(replace(huantai, communities=renamed), "汇总表.xlsx", reported[1])


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"no workbook", id="no-workbook"),
        pytest.param((SAMPLES / "blank" / "索镇-评分表-2021.xlsx").read_bytes(), id="another-workbook"),
    ],
)
def test_what_is_no_consolidated_workbook_is_one_sentence(huantai: Campaign, data: bytes) -> None:
    """A file without the sheets of a consolidated workbook is named, with what to do."""
    with pytest.raises(GreenxlError, match=r"甲\.xlsx: the consolidated workbook cannot be read"):
        read_back(huantai, "甲.xlsx", data)
