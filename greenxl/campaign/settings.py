"""The settings of a campaign: each is declared once, with its title, explanation, parser and default.

The declaration is a field of :class:`Settings`, which :class:`greenxl.campaign.model.Campaign` extends. A new
setting is a field here and its use (``campaign.short_title``): table, workbook, checks and records follow.
"""

from collections.abc import Iterator, Mapping
from dataclasses import Field, dataclass, field, fields, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import partial
from typing import Any

from greenxl.campaign.parsers import (
    Parser,
    amount,
    any_text,
    at_most,
    day,
    matching,
    name_list,
    one_of,
    optional,
    pair_of_words,
    percentage,
    short_word,
    short_word_or_none,
    whole_number,
    yes_or_no,
)
from greenxl.names import key


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """One row of the table of settings."""

    title: str
    explained: str
    parse: Parser[Any] = any_text
    default: str | None = None
    """What an empty or missing value means; None: the campaign must state it."""
    numbered: bool = False
    """A text in which {达标分} and {满分} stand for the numbers, {达标} for the word."""
    name: str = ""
    """Its English key; that of the field where it is not given."""
    holds: Any = str
    """The type of its values: that of the field."""


def _setting(title: str, explained: str, parse: Parser[Any] = any_text, **more: Any) -> Any:
    declared = Setting(title=title, explained=explained, parse=parse, **more)
    if declared.default is None:
        return field(metadata={"setting": declared})
    return field(default=parse(declared.default), metadata={"setting": declared})


_LONGEST_HEADING = 100
"""Characters of a column's heading: of a table's Excel takes 255."""
_words = partial(_setting, numbered=True)
_label = partial(_setting, parse=at_most(_LONGEST_HEADING, any_text), numbered=True)


def _section(record: type, prefix: str) -> Any:
    """A field that holds a record of settings whose keys begin with ``prefix``."""
    return field(default_factory=record, metadata={"section": record, "prefix": prefix})


@dataclass(frozen=True, slots=True, kw_only=True)
class Labels:
    """The words of the form's header row and last row (Attachment 1 of the plan)."""

    group: str = _label("表头：内容", "评分表表头第一格", default="内容")
    standard: str = _label("表头：创建标准", "评分表表头第二格（跨两列）", default="创建标准")
    points: str = _label("表头：标准分", "评分表表头第三格", default="标准分\n（{满分}分）")
    score: str = _label("表头：得分", "评分表表头第四格", default="得分\n（分）")
    subgroup: str = _label("表头：分项", "有分项时的表头", default="分项")
    method: str = _label("表头：评分方法", "有评分方法时的表头，如 扣分标准", default="评分方法")
    evidence: str = _label("表头：佐证要求", "有佐证要求时的表头，如 检查方式", default="佐证要求")
    total: str = _label("末行：合计", "评分表末行名称", default="合计分值")


@dataclass(frozen=True, slots=True)
class Fonts:
    title: str = _setting("标题字体", "电脑中须已安装", default="方正小标宋简体")
    body: str = _setting("正文字体", "电脑中须已安装", default="仿宋")


@dataclass(frozen=True, slots=True)
class MailSettings:
    """The servers and the sender, "" where the campaign has none; a password is never among them."""

    server: str = _setting("发信服务器", "如 smtps://smtp.qq.com:465；密码（授权码）不要写在这里", default="")
    user: str = _setting("邮箱账号", "登录发信和收信服务器的账号，一般是完整的邮箱地址", default="")
    sender: str = _setting("发件人", "如 县住建局 <name@example.cn>；留空为邮箱账号", default="")
    imap: str = _setting("收信服务器", "如 imaps://imap.qq.com:993", default="")


class Attached(StrEnum):
    """What goes out with the report's mails."""

    LEADER_COPY = "领导版"
    ALL = "全部"


@dataclass(frozen=True, kw_only=True, eq=False)
class Settings:
    """What the table of settings holds, a field for each; the order is that of the workbook."""

    code: str = _setting(
        "方案代号",
        "英文小写字母、数字和连字符，写入评分表的隐藏标识",
        matching("code-bad", r"[a-z0-9][a-z0-9-]{0,39}"),
    )
    title: str = _setting("标题", "评分表标题")
    county: str = _setting("县（区）", "汇总表中的地区名称")
    authority: str = _setting("主管部门", "组织评分并汇总上报的单位")
    year: int = _setting("年份", "本轮评分的年份", whole_number("year-bad", 1900, 9999, "年"))
    pass_score: Decimal = _setting("达标分", "合计分值达到此分即达标", amount("score-bad"))
    stated_max_score: Decimal | None = _setting(
        "满分",
        "须等于各条标准分之和；留空即各条标准分之和",
        optional(amount("score-bad")),
        default="",
        name="max_score",
    )
    deadline: date | None = _setting(
        "报送截止日期", "如 2021-09-30；留空为当年 9 月 30 日", optional(day("deadline-bad")), default=""
    )
    note: str = _words(
        "说明",
        "评分表下方的说明文字；其中的 {达标分}、{满分} 自动换成数字，{达标} 换成达标用语",
        default="说明：满分{满分}分，得分不低于{达标分}分为{达标}。",
    )
    return_to: str = _setting("报送方式", "写入填报说明，如邮箱、联系人和电话", default="")
    short_title: str = _setting(
        "简称", "汇总表、邮件和文件名中对本项工作的称呼，如 桓台县绿色社区创建；留空即取自标题", default=""
    )
    unit: str = _setting("对象", "评分的对象，如 社区、学校、村、项目", short_word, default="社区")
    parent: str = _setting(
        "上级",
        "对象所属的一级，如 街道（镇）、学区；没有上级的填“无”，名单中不写上级，每个对象一个工作簿",
        short_word_or_none,
        default="街道（镇）",
    )
    area: str = _setting("全域", "全部对象所在的范围，如 全县、全市、全区", short_word, default="全县")
    roster_name: str = _setting("名单名称", "对全部对象的名单的称呼", short_word, default="创建名单")
    pass_words: tuple[str, str] = _setting(
        "达标用语",
        "两个词，如 达标、未达标 或 合格、不合格",
        pair_of_words("pass-words-bad"),
        default="达标、未达标",
    )
    entry_columns: tuple[str, ...] = _setting(
        "填写栏",
        "得分右侧由填报人填写文字的栏目，用顿号分隔，如 扣分原因、佐证材料；留空即没有",
        at_most(_LONGEST_HEADING, name_list),
        default="",
    )
    reason_required: bool = _setting(
        "失分须写原因", "填“是”：失分而第一个填写栏空着的给出提醒", yes_or_no("yes-no-bad"), default=""
    )
    score_columns: tuple[str, ...] = _setting(
        "得分栏",
        "有几个得分栏的依次写出，用顿号分隔，如 自评分、镇复核分、县核定分；只有一个的留空",
        at_most(_LONGEST_HEADING, name_list),
        default="",
    )
    counting_column: str = _setting("计分栏", "以上得分栏中哪一栏计分；有几个得分栏时必填", default="")
    bonus_cap: Decimal | None = _setting(
        "加分上限", "全部加分合计最多计几分；留空即不限", optional(amount("score-bad")), default=""
    )
    notice_share: int = _setting(
        "重点失分比例",
        "整改清单和整改通知列出未达标对象的全部失分，其他对象只列失分达到该条标准分这个比例的，如 40%",
        percentage("share-bad"),
        default="40",
    )
    report_attachment: Attached = _setting(
        "附件内容",
        "上报邮件所附的汇总表：领导版（总览、上级汇总、得分、整改清单）或 全部（另有问题清单、文件台账等）",
        one_of("attachment-bad", {key(one): one for one in Attached}),
        default=Attached.LEADER_COPY,
    )
    labels: Labels = _section(Labels, "label_")
    fonts: Fonts = _section(Fonts, "font_")
    mail: MailSettings = _section(MailSettings, "mail_")


def _declared(record: type, prefix: str = "") -> Iterator[Setting]:
    """Yield the settings of a record and of its sections, in the order of the table."""
    for one in fields(record):
        if "section" in one.metadata:
            yield from _declared(one.metadata["section"], one.metadata["prefix"])
        else:
            yield _named(one, prefix)


def _named(one: Field[Any], prefix: str) -> Setting:
    declared: Setting = one.metadata["setting"]
    return replace(declared, name=declared.name or f"{prefix}{one.name}", holds=one.type)


SETTINGS = tuple(_declared(Settings))
SETTING_BY_NAME = {setting.name: setting for setting in SETTINGS}
SETTING_BY_KEY = {key(name): s.name for s in SETTINGS for name in (s.name, s.title)}
"""From the key of a name or title, as a table holds it, to the name."""


def arguments(values: Mapping[str, Any], record: type = Settings, prefix: str = "") -> dict[str, Any]:
    """Return the arguments that make a record of the values of the settings, which come by name."""
    found = {}
    for one in fields(record):
        section = one.metadata.get("section")
        if section:
            found[one.name] = section(**arguments(values, section, one.metadata["prefix"]))
        else:
            found[one.name] = values[_named(one, prefix).name]
    return found
