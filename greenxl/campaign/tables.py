"""The tables of a campaign: CSV files in a folder or sheets of one workbook, one loader, one set of checks.

The first row of a table is its header. A heading is the English key or the Chinese title below,
so that a clerk's workbook reads Chinese and a script's CSV stays ASCII. Every fault is collected,
each with its table, row and remedy, before the campaign is refused.
"""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path

from greenxl.errors import CampaignError
from greenxl.findings import finding
from greenxl.names import key, shown

SHIPPED = "huantai-2021"
WORKBOOK = "campaign.xlsx"
"""What a round folder's campaign is called."""
WORKBOOK_SUFFIXES = {".xlsx", ".xlsm", ".xls", ".ods"}


@dataclass(frozen=True, slots=True)
class Column:
    name: str
    title: str
    explained: str
    width: int = 14
    filled: bool = True
    """Every row needs a value here."""


@dataclass(frozen=True, slots=True)
class Schema:
    name: str
    title: str
    explained: str
    columns: tuple[Column, ...]


SCHEMAS = (
    Schema(
        "settings",
        "设置",
        "方案的基本信息，每行一项；项目名称请勿改动。",
        (
            Column("setting", "项目", "见本页下方“设置项目”", 22),
            Column("value", "内容", "该项目的内容", 60, filled=False),
        ),
    ),
    Schema(
        "standard",
        "创建标准",
        "评分表的正文，每行一条标准，同一内容的各条须连续。",
        (
            Column("group", "内容", "所属内容；单元格内的换行即评分表中的换行", 22),
            Column("number", "序号", "从 1 起连续编号", 8),
            Column("criterion", "创建标准", "标准原文", 70),
            Column("points", "标准分", "该条满分，最多两位小数", 10),
        ),
    ),
    Schema(
        "roster",
        "创建名单",
        "参与统计的全部社区，每行一个；名单之外的社区不计入任何比率。",
        (
            Column("number", "序号", "不重复的整数，报表按此排序", 8),
            Column("town", "街道（镇）", "须在“街道（镇）”表中", 16),
            Column("community", "社区", "社区名称", 22),
            Column("pilot", "试点", "试点社区填“是”，其余留空", 8, filled=False),
            Column("aliases", "别名", "允许的其他写法，用顿号分隔", 30, filled=False),
        ),
    ),
    Schema(
        "towns",
        "街道（镇）",
        "下发与催报的对象，每行一个街道（镇）。",
        (
            Column("order", "顺序", "报表中的先后顺序", 8),
            Column("town", "街道（镇）", "名称", 16),
            Column("aliases", "别名", "允许的其他写法，用顿号分隔", 36, filled=False),
            Column(
                "urban_total",
                "城市社区总数",
                "达标率的分母；不清楚时留空，以创建名单为分母",
                16,
                filled=False,
            ),
            Column("contact", "联系人", "姓名、电话", 20, filled=False),
            Column("email", "邮箱", "下发和退回用的邮箱", 30, filled=False),
        ),
    ),
    Schema(
        "targets",
        "目标",
        "方案规定的年度目标；没有目标的年份不作结论。",
        (
            Column("year", "年份", "四位年份", 10),
            Column("percent", "目标百分比", "1 到 100 的整数，如 30", 14),
        ),
    ),
    Schema(
        "departments",
        "涉及部门",
        "每项内容涉及的部门（按职责分工负责）。",
        (
            Column("group", "内容", "与“创建标准”表中的内容一致（换行不计）", 40),
            Column("departments", "部门", "用顿号分隔", 80),
        ),
    ),
    Schema(
        "recipients",
        "收件人",
        "汇总结果发给谁。",
        (
            Column("name", "姓名或单位", "称呼", 26),
            Column("email", "邮箱", "发送前须填写", 30, filled=False),
            Column("role", "角色", "领导（收件）或 主管部门（抄送）", 14),
        ),
    ),
)


@dataclass(frozen=True, slots=True)
class Setting:
    name: str
    title: str
    explained: str
    default: str | None = None
    """None: the campaign must say it."""


SETTINGS = (
    Setting("code", "方案代号", "英文小写字母、数字和连字符，写入评分表的隐藏标识"),
    Setting("title", "标题", "评分表标题"),
    Setting("county", "县（区）", "汇总表中的地区名称"),
    Setting("authority", "主管部门", "组织评分并汇总上报的单位"),
    Setting("year", "年份", "本轮评分的年份"),
    Setting("pass_score", "达标分", "合计分值达到此分即达标"),
    Setting("max_score", "满分", "须等于各条标准分之和"),
    Setting("deadline", "报送截止日期", "如 2021-09-30；留空为当年 9 月 30 日", ""),
    Setting("note", "说明", "评分表下方的说明文字", ""),
    Setting("return_to", "报送方式", "写入填报说明，如邮箱、联系人和电话", ""),
    Setting("label_group", "表头：内容", "评分表表头第一格", "内容"),
    Setting("label_standard", "表头：创建标准", "评分表表头第二格（跨两列）", "创建标准"),
    Setting("label_points", "表头：标准分", "评分表表头第三格", "标准分"),
    Setting("label_score", "表头：得分", "评分表表头第四格", "得分"),
    Setting("label_total", "末行：合计", "评分表末行名称", "合计分值"),
    Setting("font_title", "标题字体", "电脑中须已安装", "方正小标宋简体"),
    Setting("font_body", "正文字体", "电脑中须已安装", "仿宋"),
    Setting("mail_server", "发信服务器", "如 smtps://smtp.qq.com:465；密码（授权码）不要写在这里", ""),
    Setting("mail_user", "邮箱账号", "登录发信和收信服务器的账号，一般是完整的邮箱地址", ""),
    Setting("mail_sender", "发件人", "如 县住建局 <name@example.cn>；留空为邮箱账号", ""),
    Setting("mail_imap", "收信服务器", "如 imaps://imap.qq.com:993", ""),
)
SETTING_BY_KEY = {key(name): s.name for s in SETTINGS for name in (s.name, s.title)}


@dataclass(frozen=True, slots=True)
class Row:
    number: int
    """As a spreadsheet counts: the header is row 1."""
    cells: dict[str, str]


@dataclass(frozen=True, slots=True)
class Table:
    name: str
    place: str
    """The file or sheet that a fault names."""
    headings: tuple[str, ...]
    rows: tuple[Row, ...]


Tables = dict[str, Table]


def shipped() -> Traversable:
    """Return the folder of the shipped Huantai campaign."""
    return resources.files("greenxl.templates") / SHIPPED


def read_tables(path: Path | Traversable) -> Tables:
    """Return the raw tables at ``path``, text in every cell, empty rows left out.

    :raises CampaignError: nothing there can be read as tables.
    """
    if path.is_dir():
        book = path / WORKBOOK
        return _read_workbook(book) if book.is_file() else _read_folder(path)
    if not path.is_file():
        raise CampaignError(finding("campaign-missing", str(path)).line())
    if Path(path.name).suffix.lower() not in WORKBOOK_SUFFIXES:
        raise CampaignError(finding("campaign-suffix", str(path)).line())
    return _read_workbook(path)


def _read_folder(folder: Path | Traversable) -> Tables:
    tables = {}
    for schema in SCHEMAS:
        for name in (schema.name, schema.title):
            file = folder / f"{name}.csv"
            if file.is_file():
                tables[schema.name] = _table(
                    schema, file.name, csv.reader(io.StringIO(_decode(file), newline=""))
                )
                break
    return tables


def _decode(file: Path | Traversable) -> str:
    """Return the text of a CSV file: UTF-8, or GB18030 as Excel and WPS save it on Chinese Windows."""
    data = file.read_bytes()
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise CampaignError(finding("campaign-encoding", str(file)).line())


def _read_workbook(path: Path | Traversable) -> Tables:
    import python_calamine

    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(path.read_bytes()))
        sheets = {key(name): name for name in book.sheet_names}
        tables = {}
        for schema in SCHEMAS:
            for name in (schema.name, schema.title):
                if key(name) in sheets:
                    sheet = sheets[key(name)]
                    rows = book.get_sheet_by_name(sheet).to_python(skip_empty_area=False)
                    tables[schema.name] = _table(schema, sheet, ([_text(v) for v in row] for row in rows))
                    break
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:  # a panic of calamine's is no Exception
        raise CampaignError(finding("campaign-unreadable", str(path), found=str(error)).line()) from error
    return tables


def _text(value: object) -> str:
    """Return a workbook's cell as the text that a CSV file would hold."""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, float):
        return f"{Decimal(repr(value)).normalize():f}"
    if isinstance(value, datetime):
        return value.date().isoformat()
    return str(value)


def _table(schema: Schema, place: str, lines: Iterator[list[str]]) -> Table:
    known = {key(name): column.name for column in schema.columns for name in (column.name, column.title)}
    headings = tuple(known.get(key(cell), shown(cell)) for cell in next(lines, []))
    rows = tuple(
        Row(number, {h: cell.strip() for h, cell in zip(headings, line, strict=False) if h})
        for number, line in enumerate(lines, 2)
        if any(cell.strip() for cell in line)
    )
    return Table(schema.name, place, headings, rows)


def with_year(tables: Tables, year: int) -> Tables:
    """Return the tables of the same campaign for another year; a stated deadline moves with it."""

    def moved(row: Row) -> Row:
        name = SETTING_BY_KEY.get(key(row.cells.get("setting", "")))
        value = row.cells.get("value", "")
        if name == "year":
            value = str(year)
        elif name == "deadline" and value:
            value = re.sub(r"^\d{4}", str(year), value)
        return Row(row.number, {**row.cells, "value": value})

    settings = tables.get("settings")
    if settings is None:
        return tables
    return {**tables, "settings": replace(settings, rows=tuple(map(moved, settings.rows)))}
