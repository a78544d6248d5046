"""The tables of a campaign: each is declared once, with its columns, their explanations and their parsers.

A table's rows become records of its class here; a column is a field of it. A field is None where its text is
no such value, which is a fault of its own, so that whatever else is wrong can still be found.
"""

from collections.abc import Callable, Mapping
from dataclasses import Field, dataclass, field, fields, replace
from decimal import Decimal
from functools import cached_property
from typing import Any, Generic, TypeVar

from greenxl.campaign.model import ROLE_WORDS, Kind, Role
from greenxl.campaign.parsers import (
    Parser,
    amount,
    amount_or_none_at_all,
    any_text,
    choice_list,
    counted_on,
    mail_address,
    name_list,
    one_of,
    optional,
    percentage,
    shown_name,
    unchecked,
    veto,
    whole_number,
    whole_number_or_text,
    yes_or_no,
)
from greenxl.campaign.settings import SETTINGS
from greenxl.names import key


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column of a table."""

    title: str
    explained: str
    parse: Parser[Any]
    width: int
    filled: bool = True
    """Every row needs a value here."""
    but_not: Callable[[Mapping[str, str]], bool] | None = None
    """The rows, by their cells, that need none."""
    if_empty: Callable[[str], str] | None = None
    """What an empty cell means, given the text above it."""
    merged: bool = False
    """Offices merge its cells downwards: the covered ones mean the same as the first."""
    choices: tuple[str, ...] = ()
    """The words that a clerk's workbook offers in a list."""
    chosen_from: str = ""
    """The table whose column of the same name is that list."""
    words: Mapping[str, str] = field(default_factory=dict)
    """The words of a clerk's workbook for the English ones."""
    also: tuple[str, ...] = ()
    """What forms call it, for suggestions: such a heading is not taken for it unasked."""
    name: str = ""
    """Its English key: that of its field where none is given."""
    field: str = ""
    """The field of its table's record."""
    holds: Any = str
    """The type of its values: that of its field."""

    def lacks(self, cells: Mapping[str, str]) -> bool:
        """Whether a row needs a value here and has none."""
        return self.filled and not cells[self.name] and not (self.but_not and self.but_not(cells))


def _column(title: str, explained: str, parse: Parser[Any] = any_text, **more: Any) -> Any:
    return field(metadata={"column": Column(title=title, explained=explained, parse=parse, **more)})


@dataclass(frozen=True, slots=True, kw_only=True)
class TableRow:
    line: int
    """As a spreadsheet counts: the header is row 1."""


R = TypeVar("R", bound=TableRow)


@dataclass(frozen=True)
class Schema(Generic[R]):
    """A table: its English and its Chinese name, what it is for, the record that a row becomes."""

    name: str
    title: str
    explained: str
    record: type[R]
    may_be_missing: bool = False
    """A campaign needs no row of it."""

    @cached_property
    def columns(self) -> tuple[Column, ...]:
        found = [one for one in fields(self.record) if "column" in one.metadata]
        return tuple(_of_field(one) for one in found)


def _of_field(one: Field[Any]) -> Column:
    declared: Column = one.metadata["column"]
    return replace(declared, name=declared.name or one.name, field=one.name, holds=one.type)


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingRow(TableRow):
    setting: str = _column(
        "项目", "见本页下方“设置项目”", width=22, words={one.name: one.title for one in SETTINGS}
    )
    value: str = _column("内容", "该项目的内容", unchecked, width=60, filled=False)


_GROUP_TOO = ("考评项目", "考核项目", "检查项目", "类别", "大项", "一级指标")


@dataclass(frozen=True, slots=True, kw_only=True)
class StandardRow(TableRow):
    group: str = _column(
        "内容",
        "所属内容；与上一行相同的可以留空或向下合并；单元格内的换行即评分表中的换行",
        width=22,
        if_empty=str,
        merged=True,
        also=_GROUP_TOO,
    )
    number: int | str = _column(
        "序号",
        "从 1 起连续编号，或方案自己的编号（如 1.1、C12，全表各不相同）；留空即自动编号",
        whole_number_or_text,
        width=8,
        filled=False,
        if_empty=counted_on,
        also=("编号", "条目编号", "指标编号"),
    )
    criterion: str = _column(
        "创建标准",
        "标准原文",
        width=70,
        also=(
            *("考评内容", "考核内容", "检查内容", "评价内容", "评分内容", "评分项目", "评价标准", "考评标准"),
            *("指标", "评价指标", "考核指标", "三级指标", "条文"),
        ),
    )
    points: Decimal | None = _column(
        "标准分",
        "该条满分，最多两位小数；加分、扣分填最多可加、可扣的分；条件留空",
        optional(amount("points-bad")),
        width=10,
        but_not=lambda cells: key(cells["kind"]) == Kind.CONDITION,
        also=("分值", "满分", "应得分", "标准分值", "权重", "分数"),
    )
    subgroup: str = _column(
        "分项",
        "内容之下的第二级；与上一行相同的可以留空或向下合并",
        width=16,
        filled=False,
        merged=True,
        also=("子项", "小项", "二级指标"),
    )
    method: str = _column(
        "评分方法",
        "印在评分表上，不可改动",
        width=40,
        filled=False,
        merged=True,
        also=("评分标准", "扣分标准", "考核办法", "评分办法", "计分办法", "评分细则", "扣分办法"),
    )
    evidence: str = _column(
        "佐证要求",
        "印在评分表上，不可改动",
        width=30,
        filled=False,
        merged=True,
        also=("检查方式", "检查方法", "佐证材料", "资料要求", "验证方式", "考核方式", "查验资料"),
    )
    kind: Kind | None = _column(
        "类型",
        "留空即计入满分；加分、扣分在满分之外，扣分也填正数；条件不计分，填 符合 或 不符合",
        one_of("kind-bad", {"": Kind.SCORED, **{kind.value: kind for kind in Kind}}),
        width=8,
        filled=False,
        also=("条目类型", "指标类型"),
        choices=tuple(kind.value for kind in Kind if kind.value),
    )
    veto: Decimal | str | None = _column(
        "否决",
        "零分（得0分即不达标）、一个数（低于此数即不达标）；条件填“是”（不符合即不达标）",
        veto("veto-bad"),
        width=8,
        filled=False,
        also=("一票否决", "否决项"),
    )
    choices: tuple[tuple[str, Decimal], ...] | None = _column(
        "可选分",
        "只能选填的得分，如 5、3、0 或 是=5、否=0；最高的等于标准分",
        choice_list("choices-bad"),
        width=18,
        filled=False,
    )
    not_applicable: bool | None = _column(
        "可不适用",
        "填“是”：可以填 不适用，合计按适用的标准分折算",
        yes_or_no("yes-no-bad"),
        width=10,
        filled=False,
        choices=("是", "否"),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class RosterRow(TableRow):
    number: int | None = _column(
        "序号",
        "不重复的整数，报表按此排序；留空即接上一行编号",
        whole_number("number-bad"),
        width=8,
        filled=False,
        if_empty=counted_on,
    )
    town: str = _column(
        "街道（镇）", "须在“街道（镇）”表中；可以向下合并", width=16, merged=True, chosen_from="towns"
    )
    community: str = _column("社区", "社区名称", shown_name, width=22)
    pilot: bool | None = _column(
        "试点",
        "试点社区填“是”，其余留空",
        yes_or_no("pilot-bad"),
        width=8,
        filled=False,
        choices=("是", "否"),
    )
    aliases: tuple[str, ...] = _column(
        "别名", "允许的其他写法，用顿号分隔", name_list, width=30, filled=False
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class TownRow(TableRow):
    order: int | None = _column(
        "顺序",
        "报表中的先后顺序；留空即接上一行编号",
        whole_number("order-bad"),
        width=8,
        filled=False,
        if_empty=counted_on,
    )
    town: str = _column("街道（镇）", "名称", shown_name, width=16)
    aliases: tuple[str, ...] = _column(
        "别名", "允许的其他写法，用顿号分隔", name_list, width=36, filled=False
    )
    urban_total: int | None = _column(
        "城市社区总数",
        "达标率的分母；不清楚时留空，以创建名单为分母",
        optional(whole_number("urban-total-bad", least=1)),
        width=16,
        filled=False,
    )
    contact: str = _column("联系人", "姓名、电话", width=20, filled=False)
    email: str = _column("邮箱", "下发和退回用的邮箱", mail_address, width=30, filled=False)
    county: str = _column(
        "县（市、区）",
        "市、省汇总用：所属县（市、区），报表按此分组；要填就每行都填",
        shown_name,
        width=16,
        filled=False,
        also=("县", "区县", "县区", "区市县", "所属县", "所属区县", "所在县", "所属县（市、区）"),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetRow(TableRow):
    year: int | None = _column("年份", "四位年份", whole_number("year-bad", 1900, 9999, "年"), width=10)
    percent: int | None = _column("目标百分比", "1 到 100 的整数，如 30", percentage("percent-bad"), width=14)


@dataclass(frozen=True, slots=True, kw_only=True)
class DepartmentsRow(TableRow):
    group: str = _column("内容", "与“创建标准”表中的内容一致（换行不计）", width=40, also=_GROUP_TOO)
    departments: tuple[str, ...] = _column(
        "部门",
        "用顿号分隔",
        name_list,
        width=80,
        filled=False,
        also=("责任单位", "责任部门", "配合单位", "配合部门", "涉及部门"),
    )
    lead: str = _column(
        "牵头部门",
        "其中牵头的一个部门",
        shown_name,
        width=26,
        filled=False,
        also=("牵头单位", "牵头责任单位"),
    )
    minimum: Decimal | None = _column(
        "最低分",
        "该项内容的得分低于此分即不达标",
        optional(amount("minimum-bad")),
        width=10,
        filled=False,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class GradeRow(TableRow):
    grade: str = _column("等次", "如 优秀、良好", shown_name, width=16)
    least: Decimal | None = _column(
        "最低分",
        "合计达到此分即为该等次，从高到低",
        amount_or_none_at_all("grade-bad"),
        width=10,
        name="from",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class RecipientRow(TableRow):
    name: str = _column("姓名或单位", "称呼", width=26)
    email: str = _column("邮箱", "发送前须填写", mail_address, width=30, filled=False)
    role: Role | None = _column(
        "角色",
        "领导（收件）或 主管部门（抄送）",
        one_of("role-bad", {name: role for role, word in ROLE_WORDS.items() for name in (role, word)}),
        width=14,
        choices=tuple(ROLE_WORDS.values()),
        words={role.value: word for role, word in ROLE_WORDS.items()},
    )


SETTINGS_TABLE = Schema("settings", "设置", "方案的基本信息，每行一项；项目名称请勿改动。", SettingRow)
STANDARD = Schema(
    "standard",
    "创建标准",
    "评分表的正文，每行一条标准，同一内容的各条须连续；末尾可以有合计行。",
    StandardRow,
)
ROSTER = Schema(
    "roster", "创建名单", "参与统计的全部社区，每行一个；名单之外的社区不计入任何比率。", RosterRow
)
TOWNS = Schema("towns", "街道（镇）", "下发与催报的对象，每行一个街道（镇）。", TownRow)
TARGETS = Schema(
    "targets", "目标", "方案规定的年度目标；没有目标的年份不作结论。", TargetRow, may_be_missing=True
)
DEPARTMENTS = Schema(
    "departments",
    "涉及部门",
    "每项内容涉及的部门（按职责分工负责），以及该项的最低分。",
    DepartmentsRow,
    may_be_missing=True,
)
GRADES = Schema(
    "grades", "等次", "按合计分值划分的等次，从高到低；没有等次的留空。", GradeRow, may_be_missing=True
)
RECIPIENTS = Schema("recipients", "收件人", "汇总结果发给谁。", RecipientRow, may_be_missing=True)

SCHEMAS: tuple[Schema[Any], ...] = (
    SETTINGS_TABLE,
    STANDARD,
    ROSTER,
    TOWNS,
    TARGETS,
    DEPARTMENTS,
    GRADES,
    RECIPIENTS,
)
"""In the order of the workbook's sheets."""
SCHEMA_BY_NAME = {schema.name: schema for schema in SCHEMAS}
