"""What a sheet says of its community and town: by the labels beside, below and around the names."""

import time
from dataclasses import replace

import pytest

from greenxl.campaign.model import Campaign, Town
from greenxl.returns.form_finder import find_form
from greenxl.returns.labels import community_cells, field_cells, remark_cells, town_cell
from greenxl.returns.model import FoundForm, Grid
from tests.tools.river import GOOD, typed, with_columns
from tests.tools.typed_forms import Rows, form, grid_of


def found(rows: Rows, campaign: Campaign) -> tuple[Grid, FoundForm]:
    grid = grid_of(rows)
    one = find_form(grid, campaign)
    assert isinstance(one, FoundForm)
    return grid, one


def communities(rows: Rows, campaign: Campaign) -> list[tuple[str, object]]:
    """Return where the sheet names its community, and what it says there."""
    return [(cell.address, cell.value) for cell in community_cells(*found(rows, campaign), campaign)]


def town(rows: Rows, campaign: Campaign) -> tuple[str, object] | None:
    cell = town_cell(*found(rows, campaign), campaign)
    return (cell.address, cell.value) if cell else None


NAMED: dict[str, tuple[Rows, str]] = {
    "in one cell": ([["社区名称：永安社区"]], "A1"),
    "beside": ([["社区名称", "永安社区"]], "B1"),
    "two cells on": ([["社区名称", "", "永安社区"]], "C1"),
    "below": ([["社区名称", "所属街道（镇）", "填报人"], ["永安社区", "索镇", "张三"]], "A2"),
    "no colon": ([["社区名称 永安社区"]], "A1"),
    "a bare cell": ([["绿色社区创建"], ["永安社区"]], "A2"),
    "both in a cell": ([["所属街道（镇）：索镇    社区名称：永安社区"]], "A1"),
    "with the writer": ([["社区名称：永安社区 填报人：张三"]], "A1"),
    "label with seal": ([["社区名称（盖章）：永安社区"]], "A1"),
    "name with seal": ([["社区名称：永安社区（公章）"]], "A1"),
    "underlined": ([["社区名称：___永安社区___"]], "A1"),
    "starred": ([["*社区名称：“永安社区”"]], "A1"),
    "unit": ([["填报单位：永安社区"]], "A1"),
    "unit is the town": ([["填报单位：索镇"], ["永安社区"]], "A2"),
    "town before": ([["社区名称：索镇永安社区"]], "A1"),
    "county before": ([["社区名称：桓台县索镇街道永安社区居委会"]], "A1"),
    "committee": ([["社区名称：永安社区居民委员会"]], "A1"),
    "short": ([["社区名称：永安"]], "A1"),
    "label left empty": ([["社区名称", "", "", "所属街道（镇）", "索镇"], ["永安社区"]], "A2"),
    "twice": ([["社区名称：永安社区"], ["社区", "永安社区"]], "A1"),
    "seal below": ([["社区（盖章）", "永安社区"]], "B1"),
}


@pytest.mark.parametrize(("place", "address"), NAMED.values(), ids=NAMED)
def test_a_community_is_known_as_people_write_it(huantai: Campaign, place: Rows, address: str) -> None:
    """Beside, below or within its label; with its town, its committee, a seal, or shortened."""
    [(at, value)] = communities(form(huantai, place), huantai)
    assert at == address
    assert [one.name for one in huantai.find_communities(str(value))] == ["永安社区"]


def test_it_may_be_named_below_the_form(huantai: Campaign) -> None:
    """As the one who signs and seals."""
    rows = [*form(huantai, [["绿色社区"]]), ["社区（盖章）：永安社区"]]
    assert communities(rows, huantai) == [("A24", "永安社区")]


@pytest.mark.parametrize(
    "place",
    [
        [["绿色社区"]],
        [["社区名称", "", "", "所属街道（镇）", "索镇"]],
        [["填报单位：索镇"]],
        [["永安社区"], ["新民社区"]],
    ],
    ids=["no label", "an empty label beside the next", "a unit that is no community", "two bare names"],
)
def test_a_sheet_may_name_none(huantai: Campaign, place: Rows) -> None:
    """No name is taken from another label, and of two that stand bare neither is preferred."""
    assert communities(form(huantai, place), huantai) == []


def test_a_name_that_nobody_bears_is_told_where_no_known_one_is(huantai: Campaign) -> None:
    """So that a finding can quote it; beside a known one it is a slip of the pen."""
    assert communities(form(huantai, [["社区名称：甲乙社区"]]), huantai) == [("A1", "甲乙社区")]
    rows = form(huantai, [["社区名称：甲乙社区"], ["社区", "永安社区"]])
    assert communities(rows, huantai) == [("B2", "永安社区")]


def test_two_names_are_both_told(huantai: Campaign) -> None:
    """Above and below the form, forgotten in copying; a name repeated is one."""
    rows = [*form(huantai), ["社区（盖章）：新民社区"], ["单位：永安社区"]]
    assert communities(rows, huantai) == [("A1", "永安社区"), ("A24", "新民社区")]


def test_a_town_is_not_the_community_called_after_it(huantai: Campaign) -> None:
    """Where 索镇社区 is in the roster, 「索镇」 is still the town."""
    renamed = [replace(c, name="索镇社区") if c.name == "新民社区" else c for c in huantai.communities]
    campaign = replace(huantai, communities=tuple(renamed))
    place = [["社区名称", "永安社区", "所属街道（镇）", "索镇"]]
    assert communities(form(campaign, place), campaign) == [("B1", "永安社区")]


@pytest.mark.parametrize(
    ("place", "where"),
    [
        ([["所属街道（镇）", "索镇"]], ("B1", "索镇")),
        ([["所属街道（镇）：索镇  社区名称：永安社区"]], ("A1", "索镇")),
        ([["街道", "火星镇"]], ("B1", "火星镇")),
        ([["街道", "火星镇"], ["镇", "果里镇"]], ("B2", "果里镇")),
        ([["填报单位：索镇"]], None),
        ([["索镇"]], None),
    ],
    ids=["beside", "in a cell", "unknown", "the known of two", "a unit", "bare"],
)
def test_the_town_stands_by_its_label(huantai: Campaign, place: Rows, where: tuple[str, str] | None) -> None:
    """A town that is not labelled as one is not looked for."""
    assert town(form(huantai, place), huantai) == where


def test_what_stands_far_away_names_nothing(huantai: Campaign) -> None:
    """More than fifty rows above or below the form is another page."""
    rows = [["社区名称：新民社区"], *[[]] * 60, *form(huantai, []), *[[]] * 60, ["社区名称：新民社区"]]
    assert communities(rows, huantai) == []


@pytest.mark.parametrize(
    "text",
    ["社区名称（", "社区名称：", "社区名称：甲", "社区：（", "（章", "（", "所属街道（镇）", "＊", "索镇"],
)
def test_a_text_of_labels_is_read_in_no_time(huantai: Campaign, text: str) -> None:
    """32,000 characters of one label after the other, or of brackets that none closes."""
    long = text * (32_000 // len(text))
    began = time.process_time()
    for place in ([[long]], [["社区名称", long]], [[f"社区名称：{long}"]]):
        one = found(form(huantai, place), huantai)
        community_cells(*one, huantai)
        town_cell(*one, huantai)
    assert time.process_time() - began < 2


def test_a_row_of_labels_is_read_in_no_time(huantai: Campaign) -> None:
    """In every column of it there is one, and the name stands in the last."""
    rows = form(huantai, [["社区名称"] * 16_000 + ["永安社区"]] * 2)
    one = found(rows, huantai)
    began = time.process_time()
    assert len(community_cells(*one, huantai)) == 1
    assert time.process_time() - began < 2


FIELDS: dict[str, tuple[Rows, dict[str, object]]] = {
    "beside": ([["填报人", "张三", "", "审核人", "李四"]], {"填报人": "张三", "审核人": "李四"}),
    "with colons": ([["填报人：", "Zhang San"]], {"填报人": "Zhang San"}),
    "in one cell": ([["联系电话： 0533-8210000"]], {"联系电话": "0533-8210000"}),
    "a number": ([["联系电话", 13812345678.0]], {"联系电话": 13812345678.0}),
    "left empty": ([["填报人", "", "", "审核人", ""]], {}),
    "the first": ([["填报人", "张三"], ["填报人", "李四"]], {"填报人": "张三"}),
}


@pytest.mark.parametrize(("below", "fields"), FIELDS.values(), ids=FIELDS)
def test_who_filled_it_in_is_read(huantai: Campaign, below: Rows, fields: dict[str, object]) -> None:
    """By the labels under the table; a label is never taken for what stands beside another."""
    grid, one = found([*form(huantai, [["永安社区"]]), *below], huantai)
    assert {label: cell.value for label, cell in field_cells(grid, one, huantai).items()} == fields


def test_remarks_stand_beside_the_scores(huantai: Campaign) -> None:
    """Texts alone, in the rows of the criteria; a number there is taken for a score that is not plain."""
    rows = form(huantai, [["永安社区"]])
    first = next(i for i, row in enumerate(rows) if huantai.criteria[0].text in row)
    rows[first] = [*rows[first], "见附件"]
    rows[first + 1] = [*rows[first + 1], "改为3分"]
    grid, one = found(rows, huantai)
    assert [cell.value for cell in remark_cells(grid, one)] == ["见附件"]


SCHOOLS: dict[str, tuple[Rows, str]] = {
    "in one cell": ([["学校名称：永安小学"]], "A1"),
    "beside": ([["所属学区", "东区", "学校名称", "永安小学"]], "D1"),
    "the word alone": ([["学校：永安小学"]], "A1"),
    "unit": ([["填报单位：永安小学"]], "A1"),
    "both": ([["学区：东区 学校：永安小学"]], "A1"),
}


@pytest.mark.parametrize(("place", "address"), SCHOOLS.values(), ids=SCHOOLS)
def test_units_are_known_by_the_campaign_s_own_words(huantai: Campaign, place: Rows, address: str) -> None:
    """学校名称 and 所属学区 where schools of districts are scored."""
    campaign = schools(huantai)
    assert communities(form(campaign, place), campaign) == [(address, "永安小学")]


def schools(base: Campaign, parent: str = "学区") -> Campaign:
    own = tuple(replace(c, name=c.name.replace("社区", "小学"), town="东区") for c in base.communities)
    return replace(base, unit="学校", parent=parent, communities=own, towns=(Town("东区"),))


def test_towns_are_known_by_the_campaign_s_own_word(huantai: Campaign) -> None:
    """And by what people write everywhere."""
    campaign = schools(huantai)
    assert town(form(campaign, [["学区：东区"]]), campaign) == ("A1", "东区")
    assert town(form(campaign, [["街道", "东区"]]), campaign) == ("B1", "东区")


def test_where_there_are_no_towns_none_is_named(huantai: Campaign) -> None:
    """Whatever 街道 stands on a form, it is not asked about."""
    campaign = schools(huantai, parent="")
    assert town(form(campaign, [["街道：索镇"], ["学校", "永安小学"]]), campaign) is None


def test_texts_of_the_form_s_own_columns_are_no_remarks(huantai: Campaign) -> None:
    """Reasons, and what stands in the score columns that do not count."""
    campaign = with_columns(huantai)
    columns = {"县核定分": GOOD, "扣分原因": ["缺2份"] * 7, "自评分": ["优"] * 7, "备注": ["见附件"] * 7}
    grid, one = found(typed(campaign, columns), campaign)
    assert {cell.value for cell in remark_cells(grid, one)} == {"见附件"}
