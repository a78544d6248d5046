"""Merging consolidated workbooks: the same as merging all returns at once, and nothing that was changed."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import PurePosixPath
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from greenxl.campaign.model import Campaign
from greenxl.catalogue import Subject
from greenxl.findings import Finding
from greenxl.form.layout import DATA_SHEET
from greenxl.returns.intake import Entry, Outcome
from greenxl.returns.model import ScoreSheet
from greenxl.rounds.evaluate import Round
from greenxl.rounds.rollup.merging import merged_files
from greenxl.scoring.choosing import Status
from greenxl.scoring.tables import build
from greenxl.workbooks.cells import SheetCells, Value, WorkbookCells
from tests.tools.programmes import answers, programmes
from tests.tools.rollups import county_of, digest, merged, returned, rolled_up, workbook
from tests.tools.rounds import of_counties, sheet_of

FIRST = datetime(2021, 9, 1)


def sheet(
    campaign: Campaign,
    number: int,
    values: Sequence[Any],
    file: str,
    minutes: int = 0,
    beside: Mapping[str, Sequence[Any]] | None = None,
) -> ScoreSheet:
    """Return the sheet of a community, by its place in the roster, in a file of its own."""
    made = sheet_of(campaign, campaign.communities[number], values, beside or {})
    return replace(made, file=file, sha256=digest(file), saved=FIRST + timedelta(minutes=minutes))


def outcome(result: Round) -> dict[str, Any]:
    """Return all that must be the same however returns were merged; files by their own names."""
    tables = build(result.campaign, result.choices)
    return {
        "communities": [
            (c.community.key, c.status, r.answers, r.total, r.rank, r.columns, r.entries)
            for c, r in zip(result.choices, tables.communities, strict=True)
        ],
        "towns": [(one.name, one.figures()) for one in tables.towns],
        "county": tables.county.figures(),
        "findings": Counter(map(fact, result.findings)),
    }


def fact(one: Finding) -> tuple[Any, ...]:
    """Return a finding without what depends on the way a file came, and on which of equals came first."""
    if one.code.startswith(("rollup", "skipped")):
        return ("way",)
    if one.entry.subject is Subject.ROUND:
        return one.code, one.town, one.community, one.cells
    return replace(one, file=PurePosixPath(one.file).name), one.severity


def without_way(found: dict[str, Any]) -> dict[str, Any]:
    return {**found, "findings": Counter({k: n for k, n in found["findings"].items() if k != ("way",)})}


@st.composite
def with_columns(draw: st.DrawFn, campaign: Campaign) -> Campaign:
    """Draw whether a form has several score columns, and texts to fill in."""
    levels = draw(st.sampled_from([(), ("自评分", "县核定分")]))
    texts = draw(st.sampled_from([(), ("扣分原因",)]))
    counting = levels[-1] if levels else ""
    return replace(campaign, score_columns=levels, counting_column=counting, entry_columns=texts)


@st.composite
def typed(draw: st.DrawFn, campaign: Campaign) -> tuple[list[Any], dict[str, list[Any]]]:
    """Draw what is typed beside each criterion, and in the columns beside."""
    scores: list[Any] = [*draw(answers(campaign, wrong=True))]
    columns: dict[str, list[Any]] = {name: [*draw(answers(campaign))] for name in campaign.score_columns}
    columns |= {campaign.counting_column: scores} if columns else {}
    texts = st.sampled_from([None, "台账不全", "=1+1"])
    columns |= {name: [draw(texts) for _one in scores] for name in campaign.entry_columns}
    return scores, columns


@st.composite
def returns(draw: st.DrawFn, campaign: Campaign) -> list[ScoreSheet]:
    """Draw what came of each community: nothing, one return, equal ones or several that differ."""
    found: list[ScoreSheet] = []
    for place, _community in enumerate(campaign.communities):
        scores, beside = draw(typed(campaign))
        for again in range(draw(st.integers(0, 3))):
            if draw(st.integers(0, 3)) == 0:
                scores, beside = draw(typed(campaign))
            found.append(sheet(campaign, place, scores, f"{place}-{again}.xlsx", len(found), beside))
    return found


@settings(max_examples=25, deadline=None)
@given(st.data())
def test_any_grouping_gives_what_merging_all_at_once_gives(huantai: Campaign, data: st.DataObject) -> None:
    """Towns into counties, these into cities, these into the province, some directly, in any order."""
    province = data.draw(with_columns(data.draw(programmes(of_counties(huantai, 3, 2)))))
    sheets = data.draw(returns(province))
    at_once = outcome(merged(province, returned(province, data.draw(st.permutations(sheets)))))
    direct = [one for one in sheets if data.draw(st.integers(0, 5)) == 0]
    ways = [returned(province, direct)]
    through_city = data.draw(st.booleans())
    city = county_of(province, "淄博市", (t.name for t in province.towns if t.county != "第3县"), named=True)
    city_ways = []
    for name in province.counties:
        towns = {town.name for town in province.towns_of(name)}
        own = [one for one in sheets if one not in direct and one.town and one.town.value in towns]
        county = county_of(province, name, towns)
        result = merged(county, returned(county, data.draw(st.permutations(own))))
        if through_city and name != "第3县":
            city_ways.append(rolled_up(result, city))
        else:
            ways.append([*rolled_up(result, province)])
    if through_city:
        ways.append([*rolled_up(merged(city, *data.draw(st.permutations(city_ways))), province)])
    result = merged(province, *data.draw(st.permutations(ways)))
    assert without_way(outcome(result)) == without_way(at_once)


def two_counties(huantai: Campaign) -> tuple[Campaign, Campaign, Round]:
    """Return a city, one of its counties, and the round of that: one passed, one wrong, one in conflict."""
    city = of_counties(huantai, 2, 2)
    county = county_of(city, "第1县", ("第1县1街道", "第1县2街道"))
    sheets = [
        sheet(county, 0, [4.5] * 20, "甲.xlsx"),
        sheet(county, 1, ["五", *[4] * 19], "乙.xlsx"),
        sheet(county, 2, [3] * 20, "丙.xlsx"),
        sheet(county, 2, [4] * 20, "丙(1).xlsx"),
    ]
    return city, county, merged(county, returned(county, sheets))


def test_its_files_are_in_the_ledger_behind_its_name(huantai: Campaign) -> None:
    """As members of an archive are; its own line says how many they are."""
    city, _county, result = two_counties(huantai)
    first, *files = rolled_up(result, city)
    assert first.entry.outcome is Outcome.READ
    assert first.entry.reason
    assert dict(first.entry.reason.values) == {"county": "第1县", "files": "4", "sheets": "4"}
    assert [one.entry.file for one in files][0] == "第1县汇总.xlsx/甲.xlsx"
    made = merged(city, [first, *files])
    statuses = [choice.status for choice in made.choices]
    assert statuses[:4] == [Status.PASSED, Status.INVALID, Status.CONFLICT, Status.MISSING]
    chosen = made.choices[0].chosen
    assert chosen
    assert chosen.place == ("第1县汇总.xlsx/甲.xlsx", "1号社区")


def test_the_same_return_counts_once(huantai: Campaign) -> None:
    """Where it came directly, too: the same bytes are read once, whichever came first."""
    city, county, result = two_counties(huantai)
    [direct] = returned(city, [sheet(county, 0, [4.5] * 20, "甲.xlsx")])
    for ways in ([direct, *rolled_up(result, city)], [*rolled_up(result, city), direct]):
        made = merged(city, ways)
        assert sum(one.outcome is Outcome.SKIPPED for one in made.entries) == 1
        assert len(made.checked) == 4


def test_a_campaign_s_own_workbook_is_left_alone(huantai: Campaign) -> None:
    """Known by campaign and county: a county that copied the code of the city's is merged all the same."""
    city, county, result = two_counties(huantai)
    [own] = rolled_up(result, county)
    assert (own.entry.outcome, own.entry.own_report) == (Outcome.SKIPPED, True)
    alike = replace(city, code=county.code)
    assert len(rolled_up(result, alike)) == 5


Change = Callable[[Campaign], Campaign]


def with_criterion(**changes: Any) -> Change:
    def change(campaign: Campaign) -> Campaign:
        group, *others = campaign.groups
        first, *rest = group.criteria
        changed = replace(group, criteria=(replace(first, **changes), *rest))
        return replace(campaign, groups=(changed, *others))

    return change


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (lambda campaign: replace(campaign, pass_score=campaign.pass_score + 5), "达标分 80≠85"),
        (lambda campaign: replace(campaign, year=2022), "年份 2021≠2022"),
        (with_criterion(text="另一条"), "第1条"),
        (lambda campaign: replace(campaign, entry_columns=("扣分原因",)), "填写栏"),
    ],
    ids=["pass mark", "year", "criterion", "columns"],
)
def test_another_standard_is_refused_by_what_differs(huantai: Campaign, change: Change, named: str) -> None:
    """The message names it."""
    city, _county, result = two_counties(huantai)
    [refused] = rolled_up(result, change(city))
    assert refused.entry.outcome is Outcome.REJECTED
    [found] = refused.findings
    assert (found.code, found.found) == ("rollup-standard", named)


def test_what_is_not_in_the_roster_is_named(huantai: Campaign) -> None:
    """Its scores count for nobody; the others do."""
    city, _county, result = two_counties(huantai)
    without = replace(city, communities=city.communities[1:])
    made = merged(without, rolled_up(result, without))
    [found] = [one for one in made.findings if one.code == "rollup-community-unknown"]
    assert (found.found, found.file) == ("第1县第1县1街道1号社区", "第1县汇总.xlsx/甲.xlsx")
    assert made.choices[0].status is Status.INVALID


def test_a_town_may_be_called_after_its_county(huantai: Campaign) -> None:
    """Where two counties have one of a name, the city writes the county before it."""
    city, county, result = two_counties(huantai)

    def named(town: str) -> str:
        return town if town.startswith("第2县") else f"第1县{town}"

    renamed = replace(
        city,
        towns=tuple(replace(town, name=named(town.name)) for town in city.towns),
        communities=tuple(replace(one, town=named(one.town)) for one in city.communities),
    )
    made = merged(renamed, rolled_up(result, renamed))
    assert [choice.status for choice in made.choices[:2]] == [Status.PASSED, Status.INVALID]
    assert {one.town for one in made.findings if one.community} == {named(t.name) for t in county.towns}


def test_a_town_of_the_same_name_in_another_county_is_not_meant(huantai: Campaign) -> None:
    """The county above it decides."""
    city, _county, result = two_counties(huantai)
    swapped = replace(
        city,
        towns=tuple(
            replace(town, county="第2县" if town.county == "第1县" else "第1县") for town in city.towns
        ),
    )
    made = merged(swapped, rolled_up(result, swapped))
    assert {choice.status for choice in made.choices} == {Status.MISSING}


def changed(book: WorkbookCells, row: int, column: int, value: Value) -> WorkbookCells:
    """Return a workbook in which a cell of the scores is another."""
    scores, hidden = book.sheets
    rows = {**scores.rows, row: {**scores.rows[row], column: value}}
    return replace(book, sheets=(replace(scores, rows=rows), hidden))


def taken(book: WorkbookCells, city: Campaign) -> list[tuple[str, str, str]]:
    files = merged_files(Entry("县.xlsx", "0" * 64, 1, Outcome.READ), book, city)
    return [(one.code, one.cell, one.found) for one in files[0].findings]


@pytest.mark.parametrize(
    ("row", "value", "found"),
    [(5, 5.0, ("F6", "5")), (5, None, ("F6", "")), (6, 4.0, ("F7", "4")), (7, 3.0, ("F8", "3"))],
    ids=["another score", "none", "a wrong one put right", "a conflict decided"],
)
def test_what_people_typed_over_is_refused_with_its_cell(
    huantai: Campaign, row: int, value: float | None, found: tuple[str, str]
) -> None:
    """Nobody knows which counts: the return itself is to be corrected."""
    city, _county, result = two_counties(huantai)
    assert taken(changed(workbook(result), row, 5, value), city) == [("rollup-changed", *found)]


def test_sorted_rows_are_no_change_and_lost_ones_are(huantai: Campaign) -> None:
    """Rows are known by town and unit."""
    city, _county, result = two_counties(huantai)
    book = workbook(result)
    scores, hidden = book.sheets
    rows = {**scores.rows, 5: scores.rows[6], 6: scores.rows[5]}
    assert taken(replace(book, sheets=(replace(scores, rows=rows), hidden)), city)[0][0] == "rollup-opened"
    rows = {row: cells for row, cells in scores.rows.items() if row != 5}
    lost = taken(replace(book, sheets=(replace(scores, rows=rows), hidden)), city)
    assert lost == [("rollup-changed", "", "第1县1街道1号社区")]
    assert taken(replace(book, sheets=(hidden,)), city) == [("rollup-changed", "", "社区得分")]


def test_a_damaged_hidden_part_is_refused(huantai: Campaign) -> None:
    """A row that is changed, lost, added or no text."""
    city, _county, result = two_counties(huantai)
    book = workbook(result)
    hidden = book.sheets[1]
    text = str(hidden.rows[1][0])
    broken: list[Mapping[int, Mapping[int, Value]]] = [
        {**hidden.rows, 1: {0: text.replace("4.5", "5", 1)}},
        {row: cells for row, cells in hidden.rows.items() if row != 1},
        {**hidden.rows, 99: {0: "{}"}},
        {**hidden.rows, 1: {0: 1.0}},
        {},
    ]
    for rows in broken:
        damaged = SheetCells(DATA_SHEET, hidden.state, rows)
        assert taken(replace(book, sheets=(book.sheets[0], damaged)), city)[0][0] == "rollup-damaged"
