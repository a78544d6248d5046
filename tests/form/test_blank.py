"""The blank workbook as a whole: its sheets, its identity, its formulas, what it is called."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from greenxl.campaign import rules
from greenxl.campaign.model import Answer, Campaign
from greenxl.form.blank import blanks
from greenxl.form.layout import COVER_SHEET, IDENTITY_SHEET, Layout, Part, parse_identity
from greenxl.workbooks.cells import address
from tests.tools.blanks import blank_of
from tests.tools.books import opened
from tests.tools.fitting import too_full
from tests.tools.forms import filled_in_stages, three_levels, with_methods, yes_or_no
from tests.tools.office import Office
from tests.tools.programmes import answers, programmes, scores_of
from tests.tools.rounds import longest


def test_a_workbook_holds_a_cover_and_a_form_per_community(huantai: Campaign) -> None:
    """填报说明 first, the communities in roster order, the identity very hidden."""
    book = opened(blank_of(huantai, "索镇", supersedes=("ab" * 32,)))
    names = [c.name for c in huantai.communities_of("索镇")]
    assert book.sheetnames == [COVER_SHEET, *names, IDENTITY_SHEET]
    assert book[IDENTITY_SHEET].sheet_state == "veryHidden"
    identity = parse_identity([[c.value for c in row] for row in book[IDENTITY_SHEET].iter_rows()])
    assert identity is not None
    assert (identity.campaign, identity.town) == ("huantai-2021", "索镇")
    assert identity.sheets == {name: number for number, name in enumerate(names, 16)}
    assert identity.supersedes == ("ab" * 32,)


def test_communities_whose_names_differ_in_forbidden_characters_have_files_of_their_own(
    huantai: Campaign,
) -> None:
    """Numbered, whichever of them are asked for."""
    first, second, *rest = huantai.communities
    alike = (replace(first, name="一/二社区"), replace(second, name="一:二社区"), *rest)
    campaign = replace(huantai, communities=alike)
    names = [made.file_name for made in blanks(campaign, [first.town], per_community=True)]
    assert names[:2] == ["城区街道-一_二社区-评分表-2021.xlsx", "城区街道-一_二社区-评分表-2021（2）.xlsx"]
    assert len({name.casefold() for name in names}) == len(names)


@pytest.mark.parametrize(
    ("scores", "total", "words"),
    [
        ([None] * 20, "", ""),
        ([5] * 16 + [0] * 4, 80.0, "达标"),
        ([5] * 15 + [4.99] + [0] * 4, 79.99, "未达标"),
        ([5] * 3 + [None] * 17, 15.0, "未填完（已填3条，共20条）"),
        (["五"] + [5] * 19, 95.0, "有误"),
        ([6] + [5] * 19, 101.0, "有误"),
        ([-1] + [5] * 19, 94.0, "有误"),
        ([4.001] + [5] * 19, 99.0, "有误"),
        ([4.35] + [4.1] * 19, 82.25, "达标"),
    ],
    ids=["empty", "80", "79.99", "three", "word", "too much", "negative", "decimals", "hundredths"],
)
def test_the_state_is_live(
    office: Office, tmp_path: Path, huantai: Campaign, scores: list[Any], total: float | str, words: str
) -> None:
    """Total and state follow what is typed, nothing foolish while empty; the cover follows too."""
    source, filled = tmp_path / "blank.xlsx", tmp_path / "filled.xlsx"
    source.write_bytes(blank_of(huantai, "索镇"))
    typed = {f"E{row}": value for row, value in enumerate(scores, 4) if value is not None}
    office.fill(source, filled, {"永安社区": typed})
    formulas = office.formulas(filled)
    assert [formulas["永安社区"][cell][2] for cell in ("E24", "B26")] == [total, words]
    cover = formulas[COVER_SHEET]
    row = next(int(cell[1:]) for cell in cover if cell.startswith("C"))
    assert cover[f"C{row}"][2] == sum(isinstance(s, int | float) for s in scores)
    assert cover[f"E{row}"][2] == (words or "未填")
    done = int(words in ("达标", "未达标"))
    assert cover[f"A{row + 6}"][2] == f"填报进度：已填完{done}个社区，共6个。"


@pytest.mark.slow
@settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_the_form_of_any_programme_judges_itself(
    office: Office, huantai: Campaign, tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    """Total, state, what fails it and grade are what the functions say of what is typed; the cover counts."""
    campaign = data.draw(programmes(huantai))
    layout = Layout(campaign)
    units = campaign.communities_of("索镇")
    rows = data.draw(st.lists(answers(campaign, wrong=True), min_size=len(units), max_size=len(units)))
    folder = tmp_path_factory.mktemp("form")
    source, filled = folder / "blank.xlsx", folder / "filled.xlsx"
    source.write_bytes(blank_of(campaign, "索镇"))
    typed = {
        unit.name: {layout.score_cell(n): one for n, one in enumerate(row, 1) if one is not None}
        for unit, row in zip(units, rows, strict=True)
    }
    office.fill(source, filled, typed)
    formulas = office.formulas(filled)
    for unit, row in zip(units, rows, strict=True):
        own, scores = formulas[unit.name], scores_of(campaign, row)
        wrong = any(isinstance(one, str) and not isinstance(one, Answer) for one in scores)
        now = rules.State(filled=0, total=None, words=rules.WRONG) if wrong else rules.state(scores, campaign)
        assert own[layout.state_cell][2] == now.words, (row, campaign.groups)
        if not wrong:
            assert own[layout.total_cell][2] == ("" if now.total is None else float(now.total))
            assert own.get(layout.veto_cell, ("", "", ""))[2] == now.veto
        if not wrong and layout.grade_row is not None:
            assert own[address(layout.grade_row, layout.column(Part.NUMBER))][2] == now.grade
    cover = [cell[2] for cell in formulas[COVER_SHEET].values()]
    done = sum(str(formulas[u.name][layout.state_cell][2]).startswith(campaign.pass_words) for u in units)
    assert f"填报进度：已填完{done}个社区，共6个。" in cover


@pytest.mark.parametrize("make", [with_methods, three_levels, yes_or_no], ids=lambda make: make.__name__)
def test_no_text_of_another_programme_is_cut(make: Callable[[Campaign], Campaign], huantai: Campaign) -> None:
    """Blank, and with what a correction copy carries."""
    campaign = make(huantai)
    for data in filled_in_stages(campaign):
        assert too_full(data) == []


@pytest.mark.parametrize("town", ["索镇", "果里镇"])
@pytest.mark.parametrize("filled", [False, True], ids=["empty", "prefilled"])
def test_office_computes_every_formula_to_its_stored_value(
    office: Office, tmp_path: Path, huantai: Campaign, town: str, filled: bool
) -> None:
    """What a preview of the workbook shows is what LibreOffice computes."""
    first, *others = huantai.communities_of(town)
    scores = {first: [Decimal("4.25")] * 20}
    if others:
        scores[others[0]] = [Decimal(5)] * 4  # the rest is blank
    given = {c: [*s, *[None] * (20 - len(s))] for c, s in scores.items()}
    path = tmp_path / "blank.xlsx"
    path.write_bytes(blank_of(huantai, town, scores=given if filled else None))
    found = [
        (sheet, cell, stored, anew)
        for sheet, cells in office.formulas(path).items()
        for cell, (_formula, stored, anew) in cells.items()
    ]
    assert len(found) == (1 + len(others)) * 5 + 1
    assert [one for one in found if (one[2] or "") != one[3] and one[2] != one[3]] == []


def test_a_correction_copy_has_a_sheet_before_the_cover(huantai: Campaign) -> None:
    """Whoever makes the copy writes it."""
    book = opened(blank_of(huantai, "果里镇", write_first_sheet=lambda book: book.sheet("退回说明")))
    assert book.sheetnames == ["退回说明", COVER_SHEET, "鸿嘉社区", IDENTITY_SHEET]


def test_links_lead_there_and_back(huantai: Campaign) -> None:
    """From the cover to each first score, from each form to the cover and its neighbours."""
    book = opened(blank_of(huantai, "索镇"))
    names = [c.name for c in huantai.communities_of("索镇")]

    def links(sheet: str) -> list[str]:
        return [c.hyperlink.location for row in book[sheet].iter_rows() for c in row if c.hyperlink]

    assert links(COVER_SHEET) == [f"'{name}'!E4" for name in names]
    assert links("新民社区") == [f"'{COVER_SHEET}'!A1", "'永安社区'!E4", "'西镇社区'!E4"]
    assert links("永安社区") == [f"'{COVER_SHEET}'!A1", "'新民社区'!E4"]
    assert links("五里社区") == [f"'{COVER_SHEET}'!A1", "'赵家社区'!E4"]


@pytest.mark.parametrize("which", ["huantai", "other", "longest"])
def test_every_printed_text_fits_its_cell(which: str, huantai: Campaign, other: Campaign) -> None:
    """No text is cut on the cover or on a form, however long the names."""
    campaign = {"huantai": huantai, "other": other, "longest": longest(huantai)}[which]
    for town in campaign.towns:
        assert too_full(blank_of(campaign, town.name)) == []


def test_blanks_come_per_town_or_per_community(huantai: Campaign) -> None:
    """One workbook per town, or one per community; the same campaign gives the same bytes."""
    names = [b.file_name for b in blanks(huantai, ["果里镇", "索镇"])]
    assert names == ["果里镇-评分表-2021.xlsx", "索镇-评分表-2021.xlsx"]
    single = [b.file_name for b in blanks(huantai, ["索镇"], per_community=True)]
    assert single[0] == "索镇-永安社区-评分表-2021.xlsx"
    assert len(single) == 6
    assert blank_of(huantai, "索镇") == blank_of(huantai, "索镇")
