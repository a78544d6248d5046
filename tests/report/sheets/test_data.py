"""The very hidden sheet of a consolidated workbook: what merging it again takes."""

from dataclasses import replace
from pathlib import Path

from greenxl.campaign.model import Campaign
from greenxl.form.layout import DATA_SHEET
from greenxl.report.book import consolidate, leader_copy
from greenxl.report.sheets.data import shown_scores
from greenxl.returns.intake import Outcome
from greenxl.returns.model import ScoreSheet
from greenxl.rounds.evaluate import evaluate
from greenxl.rounds.rollup.storing import texts_of
from greenxl.scoring.choosing import Status
from greenxl.scoring.tables import build
from tests.tools.office import Office
from tests.tools.reports import DAY, Report, opened
from tests.tools.rollups import county_of, digest, merged, returned
from tests.tools.rounds import drawn, of_counties, sheet_of


def test_nobody_sees_it_and_it_holds_the_round(report: Report) -> None:
    """Each text in the first cell of a row, longer ones go on to the right; the leader's copy has none."""
    book = opened(report.data)
    sheet = book[DATA_SHEET]
    assert sheet.sheet_state == "veryHidden"
    texts = ["".join(str(cell.value or "") for cell in row) for row in sheet.iter_rows()]
    assert texts == list(texts_of(report.result, *shown_scores(report.campaign)))
    assert DATA_SHEET not in opened(leader_copy(report.result, report.tables, DAY)).sheetnames


def filled(campaign: Campaign, seed: int) -> list[ScoreSheet]:
    """Return drawn sheets, each in a file of its own."""
    made = []
    for community, scores in drawn(campaign, seed).items():
        file = f"{community.town}{community.name}.xlsx"
        made.append(replace(sheet_of(campaign, community, scores, {}), file=file, sha256=digest(file)))
    return made


def test_a_city_merges_its_counties_workbooks(office: Office, tmp_path: Path, huantai: Campaign) -> None:
    """As files, one of them saved again by an office; what was typed over in one is refused with its cell."""
    city = of_counties(huantai, 2, 2)
    folder = tmp_path / "returned"
    folder.mkdir()
    wanted: list[Status] = []
    for name in city.counties:
        county = county_of(city, name, (town.name for town in city.towns_of(name)))
        result = merged(county, returned(county, filled(county, seed=len(wanted))))
        tables = build(county, result.choices)
        (folder / f"{name}.xlsx").write_bytes(consolidate(result, tables, DAY))
        wanted += [choice.status for choice in result.choices]
    saved = tmp_path / "saved.xlsx"
    office.recalculate(folder / "第2县.xlsx", saved)
    saved.replace(folder / "第2县.xlsx")
    made = evaluate(city, [folder])
    assert [choice.status for choice in made.choices] == wanted
    lines = [one for one in made.entries if one.reason and one.reason.code == "rollup-opened"]
    assert [(one.outcome, one.own_report) for one in lines] == [(Outcome.READ, False)] * 2
    book = opened((folder / "第1县.xlsx").read_bytes(), values=False)
    book["社区得分"]["F6"] = 0.5
    book.save(folder / "第1县.xlsx")
    made = evaluate(city, [folder])
    [refused] = [one for one in made.findings if one.code == "rollup-changed"]
    assert (refused.cell, refused.found) == ("F6", "0.5")
    assert {choice.status for choice in made.choices[:4]} == {Status.MISSING}
