"""Keeps the lists of fields in docs/annual-report*.md: every field with what the sample round makes of it."""

import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path

from greenxl.campaign import shipped
from greenxl.campaign.checks import load
from greenxl.report.annual.fields import fields
from greenxl.report.annual.values import Chart, Listed, Value, Values
from tests.tools.rounds import samples

ROOT = Path(__file__).parent.parent.parent
PAGES = {"en": ROOT / "docs" / "annual-report.md", "zh": ROOT / "docs" / "annual-report.zh-CN.md"}
BEGIN = "<!-- fields of the sample round: python -m tests.tools.renew fields -->"
END = "<!-- end -->"
AS_OF = date(2021, 10, 8)
HEADS = {
    "en": ("field", "is", "example"),
    "zh": ("字段", "含义", "样例"),
}
LISTS = {"en": ("list", "walks through", "columns and first entry"), "zh": ("名单", "内容", "各列及第一行")}
YES = {"en": {True: "yes", False: "no"}, "zh": {True: "是", False: "否"}}
A_CHART = {"en": "a chart", "zh": "图"}

MEANINGS = {
    "简称": ("the programme’s short title", "活动简称"),
    "活动": ("创建 where the short title ends so, else empty", "简称以“创建”结尾时为“创建”，否则为空"),
    "县": ("the county", "县（区）"),
    "主管部门": ("the authority", "主管部门"),
    "年度": ("the year (a number)", "年份（数字）"),
    "日期": ("the day up to which the figures count", "数据截至的日期"),
    "截止日期": ("the deadline", "报送截止日期"),
    "对象": ("what is scored", "评分对象"),
    "上级": ("what the units belong to, 无 without", "对象所属的上级，没有则为“无”"),
    "全域": ("the whole area", "全域的称呼"),
    "名单名称": ("what the roster is called", "名单的称呼"),
    "达标用语": ("the word for passed", "达标的用语"),
    "未达标用语": ("the word for failed", "未达标的用语"),
    "满分": ("the full mark", "满分"),
    "达标分": ("the pass mark", "达标分"),
    "合计名称": ("what the total is called", "合计的称呼"),
    "有上级": ("condition: are there towns", "条件：是否分上级"),
    "名单数": ("units of the roster", "名单中的对象数"),
    "参与数": ("units that returned a score", "报来得分的对象数"),
    "达标数": ("units that passed", "达标的对象数"),
    "未达标数": ("units that failed", "未达标的对象数"),
    "填报不全数": ("of which a score is blank", "有得分未填的对象数"),
    "有误数": ("of which a score cannot be accepted", "有得分不能采用的对象数"),
    "重复待定数": ("of which two returns differ", "两份报送不一致的对象数"),
    "未报送数": ("units that returned nothing", "未报送的对象数"),
    "待补正数": ("incomplete, invalid and conflict together", "填报不全、有误、重复待定三者之和"),
    "分母": ("what the rates are fractions of", "比率的分母"),
    "参与率": ("participation rate with its counts", "参与率及其依据"),
    "达标率": ("pass rate with its counts", "达标率及其依据"),
    "平均分": ("average of the totals", "合计的平均"),
    "有报送": ("condition: did anything come back", "条件：是否有报送"),
    "全部达标": ("condition: did all pass", "条件：是否全部达标"),
    "文件数": ("files received", "收到的文件数"),
    "错误数": ("findings that are errors", "错误条数"),
    "提醒数": ("findings that are warnings", "提醒条数"),
    "说明数": ("findings that are notes", "说明条数"),
    "有目标": ("condition: has the year a target", "条件：当年是否有目标"),
    "目标": ("the target, 未规定 without", "目标，没有则为“未规定”"),
    "目标数": ("units that the target asks for", "目标要求达标的对象数"),
    "目标说明": ("the target in a sentence", "目标的一句话说明"),
    "结论": ("the workbook’s first sentence", "汇总工作簿首页的结论"),
    "概况": ("its second: the counts", "汇总工作簿首页的各项数量"),
    "口径": ("what must be known beside the rates", "比率的口径说明"),
    "达标名单文字": ("the names, by town", "达标对象，按上级列出"),
    "未达标名单文字": ("the names, by town", "未达标对象，按上级列出"),
    "待补正名单文字": ("the names, by town", "待补正对象，按上级列出"),
    "未报送名单文字": ("the names, by town", "未报送对象，按上级列出"),
    "结果图": ("units by result, in each town", "各上级的结果图"),
    "失分图": ("the ten highest loss rates", "失分率最高的十条"),
    "各上级": ("the towns; none where there are none", "各上级；不分上级时为空"),
    "达标名单": ("passed, by rank", "达标对象，按排名"),
    "未达标名单": ("failed, the nearest to passing first", "未达标对象，差距小的在前"),
    "待补正名单": ("incomplete, invalid or in conflict", "填报不全、有误或重复待定的对象"),
    "未报送名单": ("returned nothing", "未报送的对象"),
    "试点名单": ("the pilots and how they did", "试点及其情况"),
    "内容": ("the groups of the standard", "标准的各项内容"),
    "失分最多": ("the ten criteria that lost most", "失分率最高的十条标准"),
}
"""What each field is, in English and Chinese."""


def page(language: str) -> str:
    """Return the page with the fields of today."""
    text = PAGES[language].read_text("utf-8")
    before, _begin, rest = text.partition(BEGIN)
    _old, _end, after = rest.partition(END)
    return f"{before}{BEGIN}\n\n{_tables(language)}\n\n{END}{after}"


def _tables(language: str) -> str:
    values = fields(*samples(load(shipped())), AS_OF)
    plain = [name for name, value in values.items() if not isinstance(value, Listed)]
    lists = [name for name, value in values.items() if isinstance(value, Listed)]
    return "\n\n".join(
        _table(head, names, values, language) for head, names in ((HEADS, plain), (LISTS, lists))
    )


def _table(head: Mapping[str, tuple[str, ...]], names: list[str], values: Values, language: str) -> str:
    place = list(PAGES).index(language)
    rows = [(f"`{name}`", MEANINGS[name][place], _example(values[name], language)) for name in names]
    return "\n".join(map(_row, [head[language], ("---",) * 3, *rows]))


def _row(cells: tuple[str, ...]) -> str:
    return f"| {' | '.join(cells)} |"


def _example(value: Value, language: str) -> str:
    if isinstance(value, Listed):
        first = value.rows[0]
        return "；".join(f"`{name}` {cell}".strip() for name, cell in zip(value.columns, first, strict=True))
    if isinstance(value, Chart):
        return A_CHART[language]
    if isinstance(value, bool):
        return YES[language][value]
    return re.sub(r"(?<=.{60}).+", "…", str(value))


def update() -> None:
    for language, path in PAGES.items():
        path.write_text(page(language), encoding="utf-8")
