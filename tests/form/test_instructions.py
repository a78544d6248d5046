"""What the cover says of how to fill in: all that a form has, and nothing that it has not."""

from dataclasses import replace
from decimal import Decimal

from greenxl.campaign.model import Campaign, Kind
from greenxl.form.instructions import instructions, possible_vetoes
from tests.tools.forms import three_levels, with_methods, yes_or_no


def test_the_official_form_is_explained_as_ever(huantai: Campaign) -> None:
    """Four sentences; none about anything else."""
    assert instructions(huantai) == [
        "一、每个社区一张评分表，点击下表中的社区名称即可打开，表旁链接可返回本页。"
        "只能填写“得分”一列和表下的填报信息，其余内容已锁定。",
        "二、每条得分填数字，从 0 到该条标准分，最多两位小数；没有做到的填 0，不能留空。"
        "黄色表示未填，橙色表示填写有误。",
        "三、合计分值自动计算，达到80分为达标。请勿改动标准内容、分值和工作表名称。",
        "四、请于2021年9月30日前填写完毕，将本工作簿原样报送桓台县住房和城乡建设局。",
    ]


def test_a_list_to_choose_from_is_explained(huantai: Campaign) -> None:
    """Choices instead of numbers; what is not applicable, and what then becomes of the total."""
    found = instructions(yes_or_no(huantai))
    assert found[1] == "二、每条从下拉列表中选择，不能留空。黄色表示未填，橙色表示填写有误。"
    assert found[2] == (
        "三、标“可不适用”的条目确实不适用的可填“不适用”，合计分值按适用的条目折算成满分30分。"
    )
    assert found[3].startswith("四、合计分值自动计算，达到24分为合格。")


def test_kinds_reasons_vetoes_and_grades_are_explained(huantai: Campaign) -> None:
    """Each in a sentence of its own, with the form's own numbers."""
    found = "\n".join(instructions(with_methods(huantai)))
    for text in (
        "“得分”“扣分原因”“佐证材料”各栏",
        "标“条件”的条目填“符合”或“不符合”",
        "标“加分”的条目填加几分，没有的填 0，加分合计最多计3分",
        "标“扣分”的条目填扣几分，不带负号，没有的填 0",
        "没有得满分的条目须在“扣分原因”栏写明原因；“佐证材料”填写文字说明，没有的可空着。",
        "有下列情形之一的一票否决，不论总分多少均为未达标：第1.1.2条0分、第1.3.3条0分、",
        "“二、社区人居环境建设和整治”低于6分",
        "。分值旁标有“否决”的即是。",
        "分以上为优秀，",
        "被否决的不评等次",
    ):
        assert text in found


def test_a_condition_that_fails_nobody_is_no_threat(huantai: Campaign) -> None:
    """Only those that are marked fail a unit."""
    campaign, harmless = with_methods(huantai), without_vetoes(with_methods(huantai))
    assert "不影响结论" not in "".join(instructions(campaign))
    assert "填“符合”或“不符合”，填“不符合”不影响结论；" in instructions(harmless)[2]
    first, *others = harmless.groups
    condition = replace(first.criteria[0], kind=Kind.CONDITION, points=Decimal(0), veto=Decimal(1))
    mixed = replace(harmless, groups=(replace(first, criteria=(condition, *first.criteria[1:])), *others))
    assert "，没有标“否决”的，填“不符合”不影响结论；" in instructions(mixed)[2]


def without_vetoes(campaign: Campaign) -> Campaign:
    groups = tuple(
        replace(g, minimum=None, criteria=tuple(replace(c, veto=None) for c in g.criteria))
        for g in campaign.groups
    )
    return replace(campaign, groups=groups)


def test_a_least_score_with_what_may_be_not_applicable_is_scaled(huantai: Campaign) -> None:
    """The sentence that names it says so; where nothing in the group can be 不适用, it does not."""
    first, *others = yes_or_no(huantai).groups
    groups = (replace(first, minimum=Decimal(3)), *others)
    campaign = replace(yes_or_no(huantai), groups=groups)
    scaled = "其中有条目填“不适用”的，最低分按适用的分值折算。"
    assert scaled not in "".join(instructions(campaign))
    groups = (first, replace(others[0], minimum=Decimal(3)), *others[1:])
    assert instructions(replace(campaign, groups=groups))[4].endswith(f"“消防安全”低于3分。{scaled}")


def test_several_columns_of_scores_are_explained(huantai: Campaign) -> None:
    """Who fills in which, and which counts."""
    found = instructions(three_levels(huantai))
    assert found[2] == (
        "三、“自评分”“镇复核分”“县核定分”各栏由相应的单位填写，每栏都要填满；"
        "以“县核定分”计分，未填以前状态为待核定。"
    )
    assert found[3] == "四、“扣分原因”填写文字说明，没有的可空着。"


def test_of_many_vetoes_the_first_are_named(huantai: Campaign) -> None:
    """A sentence of a hundred numbers would not be read."""
    groups = tuple(
        replace(g, criteria=tuple(replace(c, veto=Decimal(1)) for c in g.criteria)) for g in huantai.groups
    )
    campaign = replace(huantai, groups=groups)
    assert len(possible_vetoes(campaign)) == 20
    assert "第12条低于1分等。" in instructions(campaign)[3]
