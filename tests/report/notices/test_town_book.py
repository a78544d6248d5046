"""The workbook of a town's notice, as the town opens and prints it."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from openpyxl.utils.cell import coordinate_to_tuple

from greenxl.campaign.model import Campaign
from greenxl.report.book import consolidate
from tests.tools import oracles
from tests.tools.campaigns import without_towns
from tests.tools.fitting import too_full
from tests.tools.notices import book_of, books_of
from tests.tools.office import Office, png
from tests.tools.programmes import rounds
from tests.tools.reports import DAY, Made, Report, all_of, cells, numbered, opened
from tests.tools.river import GOOD, river, with_columns
from tests.tools.rounds import drawn, longest, round_of, samples, small

TYPED = ("整改措施", "责任人", "完成时限", "完成情况")
FEW = [5, 0, 4, *[5] * 17]
"""95 points, five of them lost at once."""


def head_and_rows(data: bytes, sheet: str = "整改任务") -> tuple[list[Any], list[dict[str, Any]]]:
    """Return the headings of a sheet's table and its rows by them."""
    rows = cells(data, sheet)
    head = next(row for row in rows if row[0] == "序号")
    return head, [dict(zip(head, row, strict=True)) for row in numbered(rows)]


def sentences(data: bytes) -> list[str]:
    rows = cells(data, "整改通知")
    return [row[0] for row in rows[2 : next(n for n, row in enumerate(rows) if row[0] == "序号")]]


def test_a_task_says_what_was_lost_and_who_is_concerned(huantai: Campaign) -> None:
    """One row a task, with the criterion, its points, score and loss, and the departments of its group."""
    unit = huantai.communities_of("索镇")[0]
    _head, (row,) = head_and_rows(book_of(round_of(huantai, {unit: FEW}), "索镇"))
    assert [row[name] for name in ("社区", "条目", "标准分", "得分", "失分")] == [unit.name, "2", 5, 0, 5]
    assert row["创建标准"] == huantai.criteria[1].text
    assert row["涉及部门"] == "、".join(huantai.groups[0].departments)


def test_a_line_a_unit_says_how_far_it_is(huantai: Campaign) -> None:
    """Also of one that passed without a loss that matters; a name leads to its first task."""
    one, two, *_others = units = huantai.communities_of("索镇")
    data = book_of(round_of(huantai, all_of(5, units) | {one: FEW, two: [3] * 20}), "索镇")
    _head, rows = head_and_rows(data, "整改通知")
    assert [(row["状态"], row["合计分值"], row["还差什么"]) for row in rows] == [
        ("达标", 94, "重点失分1处"),
        ("未达标", 60, "差20分"),
        *[("达标", 100, "无重点失分")] * 4,
    ]
    assert [row["须整改（处）"] for row in rows] == [1, 20, None, None, None, None]
    names = [row[1].hyperlink for row in opened(data)["整改通知"].iter_rows()]
    assert [link.location for link in names if link] == ["'整改任务'!$A$4", "'整改任务'!$A$5"]


def test_only_what_a_town_types_is_unlocked(huantai: Campaign) -> None:
    """The columns of what is done about a task; both sheets are protected without a password."""
    unit = huantai.communities_of("索镇")[0]
    book = opened(book_of(round_of(huantai, {unit: FEW}), "索镇"))
    assert [sheet.protection.sheet for sheet in book] == [True, True]
    assert book["整改任务"].protection.password is None
    head = [cell.value for cell in book["整改任务"][3]]
    unlocked = [head[cell.column - 1] for cell in book["整改任务"][4] if not cell.protection.locked]
    assert tuple(unlocked) == TYPED
    assert not [c for row in book["整改通知"] for c in row if not c.protection.locked]


@pytest.mark.parametrize("number", [0, 7, 20])
def test_a_task_names_the_cell_of_its_score(huantai: Campaign, number: int) -> None:
    """In the consolidated workbook of the same round; of a group's least score that of its subtotal."""
    first, *others = huantai.groups
    campaign = replace(huantai, groups=(replace(first, minimum=Decimal(18)), *others))
    given = {unit: [4, 4, 4, 4, *[3] * 16] for unit in campaign.communities_of("索镇")[1:3]}
    made = round_of(campaign, given)
    report = opened(consolidate(*made, DAY), values=True)
    _head, rows = head_and_rows(book_of(made, "索镇"))
    label = str(number) if number else "—"
    found = [row for row in rows if row["条目"] == label]
    assert len(found) == 2
    for row in found:
        sheet, cell = row["出处"].split("!")
        assert report[sheet][cell].value == row["得分"]
        assert report[sheet].cell(coordinate_to_tuple(cell)[0], 3).value == row["社区"]


def test_texts_beside_the_scores_come_along(huantai: Campaign) -> None:
    """Each column that the campaign has towns fill in, beside what they lost; a formula stays a text."""
    campaign = with_columns(huantai)
    unit = campaign.communities_of("索镇")[0]
    scores = (*GOOD[:3], 20, *GOOD[4:])
    beside = {
        unit: {
            **dict.fromkeys(campaign.score_columns, scores),
            "扣分原因": [*[None] * 3, "=1+1", None, None, None],
            "佐证材料": [*[None] * 3, "照片三张", None, None, None],
        }
    }
    data = book_of(round_of(campaign, {unit: scores}, beside), "索镇")
    row = next(row for row in head_and_rows(data)[1] if row["条目"] == "2.2")
    assert (row["扣分原因"], row["佐证材料"], row["分项"]) == ("=1+1", "照片三张", "岸线")


@pytest.mark.parametrize(
    ("scores", "label", "shown"),
    [
        pytest.param((*GOOD[:6], "不符合"), "T1", ("—", "不符合", "—"), id="condition"),
        pytest.param((*GOOD[:5], 6, GOOD[6]), "K1", (10, 6, "扣6"), id="deduction"),
        pytest.param((*GOOD[:2], 0, *GOOD[3:]), "2.1", (20, 0, 20), id="veto"),
    ],
)
def test_what_is_no_lost_point_is_shown_as_what_it_is(
    huantai: Campaign, scores: Sequence[Any], label: str, shown: tuple[Any, ...]
) -> None:
    """Under the number that the form prints; what fails the unit is said with the criterion."""
    campaign = river(huantai)
    unit = campaign.communities_of("索镇")[0]
    _head, rows = head_and_rows(book_of(round_of(campaign, {unit: scores}), "索镇"))
    row = next(row for row in rows if row["条目"] == label)
    assert tuple(row[name] for name in ("标准分", "得分", "失分")) == shown
    assert ("（否决项）" in row["创建标准"]) is (label in ("T1", "2.1"))


def test_a_town_that_returned_nothing_is_told_so(huantai: Campaign) -> None:
    """Its units are named once, and there is no list of tasks."""
    data = book_of(round_of(huantai, {}), "索镇")
    (text,) = sentences(data)
    assert text.startswith("索镇：截至2021年10月9日，你处6个社区均未报送评分表，请尽快报送：")
    assert text.endswith("、".join(unit.name for unit in huantai.communities_of("索镇")) + "。")
    assert opened(data).sheetnames == ["整改通知"]


def test_a_town_reads_what_counts_as_heavy(huantai: Campaign) -> None:
    """The campaign's share; that conditions are always listed only where there are any."""
    campaign = replace(huantai, notice_share=25)
    units = campaign.communities_of("索镇")
    data = book_of(round_of(campaign, all_of(5, units) | {units[0]: FEW}), "索镇")
    first, second = sentences(data)
    assert first == "索镇：截至2021年10月9日，你处6个社区中，达标6个。"
    assert "其他社区只列失分达到该条标准分25%的；请逐条填写" in second


def test_a_unit_without_towns_reads_of_itself(huantai: Campaign) -> None:
    """It is not counted among one."""
    campaign = without_towns(huantai)
    unit = campaign.communities[0]
    first, *_others = sentences(book_of(round_of(campaign, {unit: FEW}), unit.name))
    assert first == f"{unit.name}：截至2021年10月9日，你处达标，重点失分1处。"


def of_samples(report: Report) -> Made:
    return report.result, report.tables


def test_every_printed_text_fits_its_cell(report: Report) -> None:
    """No text is wider or higher than its cell allows in print, however long the names."""
    for data in books_of(of_samples(report)):
        assert too_full(data) == []


def test_long_texts_beside_the_scores_fit(huantai: Campaign) -> None:
    """A reason may be a page long; its column grows, and what no cell could show ends in dots."""
    campaign = replace(longest(huantai), entry_columns=("扣分原因",))
    unit = campaign.communities[0]
    made = round_of(campaign, {unit: [2] * 20}, {unit: {"扣分原因": ["长" * 900] * 20}})
    data = book_of(made, unit.town)
    assert too_full(data) == []
    assert head_and_rows(data)[1][0]["扣分原因"].endswith("长…")


@pytest.mark.parametrize("sheet", ["整改通知", "整改任务"])
def test_it_prints_on_a4(huantai: Campaign, sheet: str) -> None:
    """Across, as wide as the paper, with the headings on every page."""
    campaign = small(huantai)
    page = opened(book_of(round_of(campaign, drawn(campaign, 2)), "索镇"))[sheet]
    assert (page.page_setup.paperSize, page.page_setup.orientation) == (9, "landscape")
    assert (page.sheet_properties.pageSetUpPr.fitToPage, page.page_setup.fitToHeight) == (True, 0)
    assert page.print_title_rows


def test_the_same_notice_gives_the_same_bytes(huantai: Campaign) -> None:
    """Dates come from the run's day only."""
    made = round_of(huantai, drawn(huantai, 1))
    assert book_of(made, "索镇") == book_of(made, "索镇")


@settings(
    deadline=None,
    suppress_health_check=list(HealthCheck),
    max_examples=4,
    phases=(Phase.explicit, Phase.generate),
)
@given(data=st.data())
def test_notices_of_any_programme_open(
    huantai: Campaign, tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    """Excel would not repair them, and nothing in them is cut."""
    folder = tmp_path_factory.mktemp("notices")
    for number, book in enumerate(books_of(data.draw(rounds(huantai)))):
        path: Path = folder / f"{number}.xlsx"
        path.write_bytes(book)
        assert oracles.repairs(path) == []
        assert too_full(book) == []


def test_libreoffice_prints_each(office: Office, huantai: Campaign, tmp_path: Path) -> None:
    """Those of the shipped samples; ten tasks a page, and two pages a department."""
    pages = []
    for number, book in enumerate(books_of(samples(huantai))):
        path = tmp_path / f"{number}.xlsx"
        path.write_bytes(book)
        office.pdf(path, path.with_suffix(".pdf"))
        pages.append(len(png(path.with_suffix(".pdf"), tmp_path / "pages", dpi=20)))
    city, village, other, departments = pages
    assert max(city, other) <= 6
    assert village == 2
    assert departments <= 1 + 2 * 12
