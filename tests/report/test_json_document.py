"""The JSON document: its published keys, exact numbers, nothing that JSON does not know."""

import json
from decimal import Decimal
from typing import Any

import pytest

from greenxl.campaign.model import Campaign
from greenxl.report.comparison import compare
from greenxl.report.json_document import document, number
from tests.tools.programmes import Typed, mixed
from tests.tools.reports import Report, all_of, earlier
from tests.tools.rounds import of_counties, round_of

COUNTS = ["listed", "participating", "passed", "failed", "incomplete", "invalid", "conflict", "missing"]
RATES = ["denominator", "denominator_basis", "participation_rate", "pass_rate"]

FURTHER = {"grade", "conditions", "vetoed", "bonus", "deduction", "columns", "entries", "not_applicable"}


def test_the_keys_are_the_published_ones(report: Report) -> None:
    """In every round, whatever it holds; only keys of the interface."""
    made = document(report.result, report.tables, "out.xlsx")
    assert list(made) == [
        *("format", "campaign", "county", "towns", "communities", "files", "findings", "changes", "output"),
        "leader_copy",
    ]
    assert (made["format"], made["changes"], made["output"]) == (1, None, "out.xlsx")
    assert list(made["campaign"]) == ["id", "title", "county", "year", "pass_score", "max_score"]
    assert list(made["county"]) == [*COUNTS, *RATES, "target_percent", "target_met"]
    assert all(list(town) == ["town", *COUNTS, *RATES] for town in made["towns"])
    keys = ["no", "town", "community", "pilot", "status", "total", "rank", "scores", "subtotals"]
    assert all(list(one) == [*keys, "file", "sheet"] for one in made["communities"])
    keys = ["file", "sha256", "bytes", "outcome", "sheets_read", "reason"]
    assert all(list(one) == keys for one in made["files"])
    keys = ["code", "severity", "file", "sheet", "cell", "town", "community", "found", "message"]
    assert all(list(one) == keys for one in made["findings"])


def test_it_is_json_as_it_is(report: Report) -> None:
    """No value needs a conversion, and none is lost by one."""
    made = document(report.result, report.tables, None)
    assert json.loads(json.dumps(made, ensure_ascii=False)) == made


def test_a_community_has_its_scores_or_null(huantai: Campaign) -> None:
    """Every community once, in roster order; a total and a rank only where it is complete."""
    first, second = huantai.communities[:2]
    result, tables = round_of(huantai, {first: [4.5] * 20, second: [None, *[5] * 19]})
    made = document(result, tables, None)["communities"]
    assert [one["no"] for one in made] == [c.number for c in huantai.communities]
    assert figures(made[0]) == ("passed", 90, 1, [4.5] * 20, [18, 22.5, 18, 13.5, 18])
    assert figures(made[1]) == ("incomplete", None, None, [None, *[5] * 19], [None, 25, 20, 15, 20])
    assert figures(made[2]) == ("missing", None, None, [None] * 20, [None] * 5)
    assert (made[1]["pilot"], made[2]["file"]) == (True, None)


def figures(one: dict[str, Any]) -> tuple[object, ...]:
    return one["status"], one["total"], one["rank"], one["scores"], one["subtotals"]


def test_changes_are_there_with_an_earlier_workbook(huantai: Campaign) -> None:
    """Counted, and by community."""
    result, tables = round_of(huantai, all_of(5, huantai.communities[:1]))
    old = earlier(huantai, all_of(3, huantai.communities[:1]))
    changes = compare(old, huantai, result.choices)
    made = document(result, tables, None, changes=changes)["changes"]
    communities = made.pop("communities")
    assert made == {"newly_returned": 0, "newly_passed": 1, "fallen": 0}
    assert communities[0] == {
        "no": 1,
        "town": "城区街道",
        "community": "宝龙社区",
        "status_then": "failed",
        "total_then": 60,
        "difference": 40,
    }


@pytest.mark.parametrize(
    ("value", "shown"), [("5", "5"), ("5.00", "5"), ("4.50", "4.5"), ("79.99", "79.99"), ("0", "0")]
)
def test_a_number_is_printed_as_the_decimal(value: str, shown: str) -> None:
    """Whole ones without a point, others to their last digit."""
    assert json.dumps(number(Decimal(value))) == shown


def test_what_only_some_campaigns_have_is_there_with_them_alone(huantai: Campaign) -> None:
    """Grade, conditions, vetoes, bonus and deduction, all score columns, texts, what does not apply."""
    campaign = mixed(huantai)
    one, two, *_rest = campaign.communities
    typed: list[Typed] = [20, "否", "不适用", 8, 4, 2.5, "不符合"]
    own: list[Typed] = [19, "是", None, 30, 0, 0, "符合"]
    columns: dict[str, list[Typed]] = {
        "自评分": own,
        "县核定分": typed,
        "扣分原因": ["台账不全", *[None] * 6],
    }
    made = document(*round_of(campaign, {one: typed}, {one: columns}), None)
    assert {
        name: value for name, value in made["communities"][0].items() if name in FURTHER | {"scores"}
    } == {
        "scores": [20, 0, None, 8, 4, 2.5, None],
        "conditions": {"7": "不符合"},
        "grade": None,
        "vetoed": [2, 7, "社区环境"],
        "bonus": 3,
        "deduction": 2.5,
        "columns": {
            "自评分": [19, 40, None, 30, 0, 0, None],
            "县核定分": [20, 0, None, 8, 4, 2.5, None],
        },
        "entries": {"扣分原因": ["台账不全", *[None] * 6]},
        "not_applicable": [3],
    }
    assert set(made["communities"][1]) >= FURTHER
    plain = document(*round_of(huantai, {}), None)["communities"][0]
    assert not FURTHER & set(plain)


def test_a_city_lists_its_counties(huantai: Campaign) -> None:
    """Each once with its counts, and the county of every town; of one county nothing is added."""
    campaign = of_counties(huantai, 2, 2)
    made = document(*round_of(campaign, all_of(5, campaign.communities[:3])), None)
    assert [(one["county"], one["listed"], one["passed"]) for one in made["counties"]] == [
        ("第1县", 4, 3),
        ("第2县", 4, 0),
    ]
    assert [town["county"] for town in made["towns"]] == ["第1县", "第1县", "第2县", "第2县"]
    one = document(*round_of(huantai, {}), None)
    assert "counties" not in one
    assert "county" not in one["towns"][0]
