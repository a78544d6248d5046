"""Blank -> filled by LibreOffice as a clerk would -> read: what went in comes out, to the digit."""

import io
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from functools import cache
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from greenxl.campaign import shipped
from greenxl.campaign.checks import load
from greenxl.campaign.model import Campaign
from greenxl.catalogue import CATALOGUE, Subject
from greenxl.form.blank import blank
from greenxl.form.layout import Layout, community_sheet_names
from greenxl.returns.reader import read_bytes
from greenxl.rounds.evaluate import evaluate
from greenxl.scoring.checking import check
from tests.tools.make_samples import by_hand, cells, scores
from tests.tools.office import Office, OfficeError
from tests.tools.programmes import Typed, answers, programmes, scores_of

CAMPAIGNS = ["huantai", "other"]


def drawn(campaign: Campaign) -> dict[int, list[float]]:
    """Legal scores for every community, different for each: no two cells of a sheet are confused."""
    return {
        community.number: [
            round(float(c.points) * ((c.number * 7 + community.number * 3) % 20) / 20, 2)
            for c in campaign.criteria
        ]
        for community in campaign.communities
    }


@pytest.mark.parametrize("suffix", [".xlsx", ".xls", ".ods"])
@pytest.mark.parametrize("name", CAMPAIGNS)
def test_every_community_comes_back_to_the_digit(
    office: Office, tmp_path: Path, request: pytest.FixtureRequest, name: str, suffix: str
) -> None:
    """Every town's blank, filled and saved in each format, gives the scores that were typed."""
    campaign: Campaign = request.getfixturevalue(name)
    typed = drawn(campaign)
    for town in campaign.towns:
        communities = campaign.communities_of(town.name)
        source = tmp_path / "blank.xlsx"
        source.write_bytes(blank(campaign, town.name, communities))
        filled: dict[str, Mapping[str, float | str]] = {
            sheet: cells([*typed[c.number]])
            for sheet, c in zip(community_sheet_names(communities), communities, strict=True)
        }
        office.fill(source, tmp_path / "returned" / f"{town.name}{suffix}", filled)
    result = evaluate(campaign, [tmp_path / "returned"])
    read = {
        c.community.number: [float(s.value) for s in c.chosen.scores if s.value is not None]
        for c in result.choices
        if c.chosen
    }
    assert read == typed
    assert [f.message("en") for f in result.findings if f.severity != "note"] == []


def test_a_form_typed_by_hand_in_libreoffice_is_read(
    office: Office, tmp_path: Path, huantai: Campaign
) -> None:
    """Rows above it, columns in front of it, no identity: every score arrives."""
    typed = scores(huantai)["五里社区"]
    office.new(tmp_path / "五里.ods", {"随便": by_hand(huantai, typed)})
    result = evaluate(huantai, [tmp_path])
    choice = next(c for c in result.choices if c.community.name == "五里社区")
    assert choice.chosen is not None
    assert [s.value for s in choice.chosen.scores] == [Decimal(str(v)) for v in typed]
    assert [one.code for one in result.findings] == ["identity-missing"]


def test_only_score_cells_and_fields_can_be_typed_into(
    office: Office, tmp_path: Path, huantai: Campaign
) -> None:
    """LibreOffice refuses to change a criterion, the points or the total of a protected sheet."""
    source = tmp_path / "blank.xlsx"
    source.write_bytes(blank(huantai, "果里镇", huantai.communities_of("果里镇")))
    for locked in ("C4", "D4", "E24", "A1", "B2"):
        with pytest.raises(OfficeError):
            office.fill(source, tmp_path / "out.xlsx", {"鸿嘉社区": {locked: 1.0}})
    office.fill(source, tmp_path / "out.xlsx", {"鸿嘉社区": {"E4": 1.0, "E23": 5.0}})


CAMPAIGN = load(shipped())


@cache
def blank_of_one() -> openpyxl.Workbook:
    """The blank of one community, opened once; every score cell of it is typed into each time."""
    community = CAMPAIGN.communities[0]
    return openpyxl.load_workbook(io.BytesIO(blank(CAMPAIGN, community.town, [community])))


@settings(max_examples=15, deadline=None)
@given(st.lists(st.decimals(0, 5, places=2), min_size=20, max_size=20))
def test_any_legal_scores_survive(values: list[Decimal]) -> None:
    """Any legal set of scores typed into the blank is read back exactly, and so is its total."""
    book = blank_of_one()
    sheet = book.worksheets[1]
    for number, value in enumerate(values, 1):
        sheet[Layout(CAMPAIGN).score_cell(number)] = float(value)
    buffer = io.BytesIO()
    book.save(buffer)
    (read,) = read_bytes("x.xlsx", buffer.getvalue(), CAMPAIGN).sheets
    checked = check(read, CAMPAIGN)
    assert [s.value for s in checked.scores] == values
    assert checked.total == sum(values)
    assert checked.findings == ()


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_the_blank_of_any_programme_comes_back_as_it_was_filled_in(
    huantai: Campaign, data: st.DataObject
) -> None:
    """The scores that count, those beside them and the texts, each where it was typed; nothing is odd."""
    campaign = data.draw(_with_columns(data.draw(programmes(huantai))))
    layout, [community] = Layout(campaign), campaign.communities_of("果里镇")
    book = openpyxl.load_workbook(io.BytesIO(blank(campaign, "果里镇", [community])))
    typed = {name: data.draw(answers(campaign, wrong=True)) for name in campaign.score_headings}
    reasons = {name: [f"{name}{c.number}" for c in campaign.criteria] for name in campaign.entry_columns}
    columns: list[tuple[str, Sequence[Typed]]] = [*typed.items(), *reasons.items()]
    for name, values in columns:
        column = {**layout.score_columns, **layout.entry_columns}[name]
        for number, value in enumerate(values, 1):
            book.worksheets[1][layout.cell(number, column)] = value
    buffer = io.BytesIO()
    book.save(buffer)
    reading = read_bytes("a.xlsx", buffer.getvalue(), campaign)
    [sheet] = reading.sheets
    checked = check(sheet, campaign)
    wanted = {name: _accepted(campaign, values) for name, values in typed.items()}
    assert [score.value for score in checked.scores] == wanted[campaign.counting_heading]
    for name, scores_beside in checked.columns.items():
        assert [score.value for score in scores_beside] == wanted[name]
    assert {name: [*texts] for name, texts in checked.entries.items()} == reasons
    odd = {one.code for one in checked.findings if one.entry.subject is not Subject.SCORE}
    assert odd <= {"nothing-applies", "to-be-decided", "column-score"}
    assert reading.findings == ()
    assert (sheet.rivals, sheet.beside, sheet.remarks) == ((), (), ())


@st.composite
def _with_columns(draw: st.DrawFn, campaign: Campaign) -> Campaign:
    """Draw what else the form prints and asks for."""
    levels = draw(st.sampled_from([(), ("自评分", "核定分"), ("自评分", "镇复核分", "县核定分")]))
    method, evidence = draw(st.sampled_from([("", ""), ("3分起，每处2分", "5张照片"), ("", "2份")]))
    groups = tuple(
        replace(group, criteria=tuple(replace(c, method=method, evidence=evidence) for c in group.criteria))
        for group in campaign.groups
    )
    return replace(
        campaign,
        groups=groups,
        score_columns=levels,
        counting_column=draw(st.sampled_from(levels)) if levels else "",
        entry_columns=draw(st.sampled_from([(), ("扣分原因",), ("备注", "佐证材料")])),
    )


def _accepted(campaign: Campaign, typed: list[Typed]) -> list[object]:
    """Return the answers that the rules accept, None for the others."""
    return [None if one in CATALOGUE else one for one in scores_of(campaign, typed)]
