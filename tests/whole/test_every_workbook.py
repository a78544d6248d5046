"""Every workbook that greenxl writes opens in Excel without repair and stores what its formulas compute."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from greenxl.campaign.model import Campaign, Community
from greenxl.campaign.workbook import campaign_workbook
from greenxl.form.blank import blank
from greenxl.report.book import consolidate
from greenxl.report.previous import read_previous
from greenxl.rounds.evaluate import evaluate
from tests.conftest import SAMPLES
from tests.tools import forms, oracles
from tests.tools.copies import copies_of
from tests.tools.make_samples import with_addresses
from tests.tools.office import Formulas, Office
from tests.tools.rounds import drawn, large, longest, round_of, samples, small
from tests.tools.spoil import SHEET, good, replaced

DAY = date(2021, 10, 9)
Make = Callable[[Campaign, Campaign, Path], list[bytes]]


def blank_of_one(huantai: Campaign, _other: Campaign, _folder: Path) -> list[bytes]:
    return [blank(huantai, "果里镇", huantai.communities_of("果里镇"))]


def blank_of_many(huantai: Campaign, _other: Campaign, _folder: Path) -> list[bytes]:
    return [blank(huantai, "城区街道", huantai.communities_of("城区街道"))]


def blank_with_scores(huantai: Campaign, _other: Campaign, _folder: Path) -> list[bytes]:
    full, half, *_rest = communities = huantai.communities_of("索镇")
    given: dict[Community, list[Decimal | None]] = {full: [Decimal("4.25")] * 20}
    given[half] = [*[Decimal(5)] * 4, *[None] * 16]
    return [blank(huantai, "索镇", communities, scores=given)]


def blanks_of_another_campaign(_huantai: Campaign, other: Campaign, _folder: Path) -> list[bytes]:
    return [blank(other, town.name, other.communities_of(town.name)) for town in other.towns]


def blanks_of_longest_names(huantai: Campaign, _other: Campaign, _folder: Path) -> list[bytes]:
    campaign = longest(huantai)
    return [blank(campaign, town.name, campaign.communities_of(town.name)) for town in campaign.towns]


def forms_of_other_programmes(huantai: Campaign, _other: Campaign, _folder: Path) -> list[bytes]:
    made = (forms.with_methods(huantai), forms.three_levels(huantai), forms.yes_or_no(huantai))
    return [data for campaign in made for data in forms.filled_in_stages(campaign)]


def campaign(_huantai: Campaign, _other: Campaign, _folder: Path) -> list[bytes]:
    return [campaign_workbook(with_addresses())]


def report_of_samples(huantai: Campaign, _other: Campaign, _folder: Path) -> list[bytes]:
    return [consolidate(*samples(huantai), DAY)]


def report_of_spoiled_samples(huantai: Campaign, _other: Campaign, _folder: Path) -> list[bytes]:
    return [consolidate(*samples(huantai, "spoiled"), DAY)]


def report_of_six(huantai: Campaign, _other: Campaign, _folder: Path) -> list[bytes]:
    return [report(small(huantai), 2)]


def report_of_120(huantai: Campaign, _other: Campaign, _folder: Path) -> list[bytes]:
    return [report(large(huantai), 1)]


def report_of_longest_names(huantai: Campaign, _other: Campaign, _folder: Path) -> list[bytes]:
    return [report(longest(huantai), 5)]


def report_of_another_campaign(_huantai: Campaign, other: Campaign, _folder: Path) -> list[bytes]:
    return [report(other, 3)]


def report_without_returns(huantai: Campaign, _other: Campaign, _folder: Path) -> list[bytes]:
    return [consolidate(*round_of(huantai, {}), DAY)]


def report_with_changes(huantai: Campaign, _other: Campaign, folder: Path) -> list[bytes]:
    county, earlier = large(huantai), folder / "earlier.xlsx"
    earlier.write_bytes(report(county, 1))
    return [consolidate(*round_of(county, drawn(county, 2)), DAY, read_previous(earlier))]


def copies_of_spoiled_samples(huantai: Campaign, _other: Campaign, _folder: Path) -> list[bytes]:
    return [copy.data for copy in copies_of(evaluate(huantai, [SAMPLES / "spoiled"]))]


def report(county: Campaign, seed: int) -> bytes:
    return consolidate(*round_of(county, drawn(county, seed)), DAY)


QUICK: list[Make] = [campaign, blank_of_one, report_of_six]
SLOW: list[Make] = [
    blank_of_many,
    blank_with_scores,
    blanks_of_another_campaign,
    blanks_of_longest_names,
    forms_of_other_programmes,
    report_of_samples,
    report_of_spoiled_samples,
    report_of_120,
    report_of_longest_names,
    report_of_another_campaign,
    report_without_returns,
    report_with_changes,
    copies_of_spoiled_samples,
]
"""Together well over five seconds."""
MAKES = [*QUICK, *(pytest.param(make, marks=pytest.mark.slow) for make in SLOW)]


def named(made: Make) -> str:
    return made.__name__


@pytest.fixture(scope="module", params=MAKES, ids=named)
def workbooks(
    request: pytest.FixtureRequest,
    huantai: Campaign,
    other: Campaign,
    tmp_path_factory: pytest.TempPathFactory,
) -> list[Path]:
    """The workbooks of one kind, made once for all judges."""
    folder = tmp_path_factory.mktemp(named(request.param))
    made: list[bytes] = request.param(huantai, other, folder)
    paths = [folder / f"{number}.xlsx" for number in range(len(made))]
    for path, data in zip(paths, made, strict=True):
        path.write_bytes(data)
    assert paths
    return paths


@pytest.fixture
def computing(request: pytest.FixtureRequest, workbooks: list[Path]) -> list[Path]:
    """The same, where there is something to compute in each."""
    make = request.node.callspec.params["workbooks"]
    with_formulas = [any(oracles.stored(path).values()) for path in workbooks]
    assert with_formulas == [make is not campaign] * len(workbooks)
    return workbooks


def test_excel_opens_it_without_repair(workbooks: list[Path]) -> None:
    """openxml-audit finds nothing that Excel would repair."""
    assert [found for path in workbooks for found in oracles.repairs(path)] == []


@pytest.mark.slow
def test_an_engine_like_excel_computes_what_is_stored(computing: list[Path]) -> None:
    """formulon recalculates every formula to its stored value; none is an error."""
    for path in computing:
        judge(path, oracles.formulas(path))


def test_libreoffice_computes_what_is_stored(computing: list[Path], office: Office) -> None:
    """LibreOffice recalculates every formula to its stored value; none is an error."""
    for path in computing:
        judge(path, office.formulas(path))


def judge(path: Path, computed: Formulas) -> None:
    there = {(sheet, a1) for sheet, cells in oracles.stored(path).items() for a1 in cells}
    assert {(sheet, a1) for sheet, cells in computed.items() for a1 in cells} == there
    assert oracles.differing(computed) == []


@pytest.mark.parametrize(
    ("part", "old", "new"),
    [
        (SHEET, "<sheetData>", "<sheetData/><sheetData>"),
        (SHEET, "<mergeCells", "<oddHeader/><mergeCells"),
        ("xl/styles.xml", "<font>", "<font><stripes/>"),
        ("xl/workbook.xml", 'r:id="rId2"', 'r:id="rId99"'),
        ("[Content_Types].xml", "spreadsheetml.sheet.main+xml", "spreadsheetml.sheet.mian+xml"),
    ],
    ids=["sheet-data-twice", "strange-element", "strange-element-in-font", "lost-sheet", "content-type"],
)
def test_what_excel_would_repair_is_seen(
    huantai: Campaign, tmp_path: Path, part: str, old: str, new: str
) -> None:
    """A judge that finds nothing in a good workbook finds something in a broken one."""
    (tmp_path / "good.xlsx").write_bytes(good(huantai))
    (tmp_path / "broken.xlsx").write_bytes(replaced(part, old, new)(good(huantai)))
    assert oracles.repairs(tmp_path / "good.xlsx") == []
    assert oracles.repairs(tmp_path / "broken.xlsx") != []


def test_a_value_that_no_formula_gives_is_seen(huantai: Campaign, tmp_path: Path, office: Office) -> None:
    """Both engines compute anew what the file stores, and the difference names the cell."""
    path = tmp_path / "wrong.xlsx"
    path.write_bytes(replaced(SHEET, "<v>90.0</v>", "<v>91</v>")(good(huantai)))
    for computed in (oracles.formulas(path), office.formulas(path)):
        (told,) = oracles.differing(computed)
        assert told.endswith("is stored as 91.0, computed as 90.0")
