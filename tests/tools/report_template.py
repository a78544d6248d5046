"""Makes the shipped template of the annual report, templates/report/annual.docx, from its text below.

A line is a paragraph; what it begins with says of what kind. The headings are those of the plan.
"""

import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from xml.sax.saxutils import escape

TARGET = Path(__file__).parent.parent.parent / "templates" / "report" / "annual.docx"
W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
KIND = "application/vnd.openxmlformats-officedocument.wordprocessingml"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
WIDTH = 8845
"""Of the text, in twentieths of a point: A4 within the margins of an official document."""

TEXT = """
= {{ 简称 }}{{ 年度 }}年度总结评估报告
~ {{ 主管部门 }}
~ {{ 日期 }}
现将{{ 年度 }}年度{{ 简称 }}工作总结评估如下，各项数据截至{{ 日期 }}。
# 一、{{ 活动 }}目标
{{ 目标说明 }}
【请填写：本年度目标任务的分解和落实情况】
* {{ 结论 }}
{{ 概况 }}
- 说明：{{ 口径 }}
^ 主要指标
| 指标>24 | 数值>10 | 指标>18 | 数值>48 |
| {{ 名单名称 }}{{ 对象 }}数 | {{ 名单数 }} | 参与{{ 对象 }}数 | {{ 参与数 }} |
| {{ 达标用语 }} | {{ 达标数 }} | {{ 达标用语 }}率 | {{ 达标率 }} |
| {{ 未达标用语 }} | {{ 未达标数 }} | 参与率 | {{ 参与率 }} |
| 待补正 | {{ 待补正数 }} | 目标 | {{ 目标 }} |
| 未报送 | {{ 未报送数 }} | 平均得分 | {{ 平均分 }} |
{% if 有上级 %}
^ 各{{ 上级 }}情况
| {{ 上级 }}>22 | 名单>9 | 参与>9 | {{ 达标用语 }}>10 | {{ 未达标用语 }}>11 | 待补正>10 | 未报送>9 | {{ 达标用语 }}率>10 | 平均分>10 |
| {% for 行 in 各上级 %}{{ 行.名称 }} | {{ 行.名单数 }} | {{ 行.参与数 }} | {{ 行.达标数 }} | {{ 行.未达标数 }} | {{ 行.待补正数 }} | {{ 行.未报送数 }} | {{ 行.达标率 }} | {{ 行.平均分 }}{% endfor %} |
{% endif %}
! {{ 结果图 }}
# 二、{{ 活动 }}内容
{% for 组 in 内容 %}
## （{{ 组.序号 }}）{{ 组.名称 }}
{% if 有报送 %}
满分{{ 组.满分 }}，各{{ 对象 }}平均得分{{ 组.平均得分 }}，失分率{{ 组.失分率 }}，失分最多的一条：{{ 组.失分最多 }}。（涉及部门：{{ 组.部门 }}）
{% else %}
尚未收到得分。（涉及部门：{{ 组.部门 }}）
{% endif %}
【请填写：“{{ 组.名称 }}”方面的主要做法和成效】
{% endfor %}
# 三、实施步骤
【请填写：各阶段工作安排和开展情况】
{% if 试点名单 %}
试点示范情况：{% for 行 in 试点名单 %}{{ 行.全称 }}{{ 行.情况 }}{% if not loop.last %}；{% endif %}{% endfor %}。
{% endif %}
报送截止日期为{{ 截止日期 }}，{{ 名单数 }}个{{ 对象 }}中参与{{ 参与数 }}个、未报送{{ 未报送数 }}个。共收到文件{{ 文件数 }}个，核对发现错误{{ 错误数 }}条、提醒{{ 提醒数 }}条。
{% if 达标名单 %}
^ {{ 达标用语 }}名单
| 排名>12 | {{ 对象 }}>58 | {{ 合计名称 }}>18 | 试点>12 |
| {% for 行 in 达标名单 %}{{ 行.排名 }} | {{ 行.全称 }} | {{ 行.合计 }} | {{ 行.试点 }}{% endfor %} |
{% else %}
目前没有{{ 达标用语 }}的{{ 对象 }}。
{% endif %}
# 四、存在问题
{% if 全部达标 %}
{{ 名单名称 }}{{ 名单数 }}个{{ 对象 }}全部{{ 达标用语 }}。
{% endif %}
{% if 未达标名单 %}
^ {{ 未达标用语 }}名单（按差距从小到大）
| {{ 对象 }}>42 | {{ 合计名称 }}>18 | 差距>40 |
| {% for 行 in 未达标名单 %}{{ 行.全称 }} | {{ 行.合计 }} | {{ 行.差距 }}{% endfor %} |
{% endif %}
{% if 待补正名单 %}
待补正的{{ 对象 }}（{{ 待补正数 }}个）：{% for 行 in 待补正名单 %}{{ 行.全称 }}（{{ 行.状态 }}）{% if not loop.last %}、{% endif %}{% endfor %}。
{% endif %}
{% if 未报送名单 %}
未报送的{{ 对象 }}（{{ 未报送数 }}个）：{{ 未报送名单文字 }}。
{% endif %}
{% if 失分最多 %}
^ 失分率最高的条目
| 条目>10 | 标准>37 | 失分率>9 | 失分{{ 对象 }}数>10 | 涉及部门>34 |
| {% for 行 in 失分最多 %}{{ 行.条 }} | {{ 行.标准 }} | {{ 行.失分率 }} | {{ 行.失分数 }}/{{ 行.得分数 }} | {{ 行.部门 }}{% endfor %} |
! {{ 失分图 }}
{% else %}
{{ 失分图 }}
{% endif %}
【请填写：主要问题及原因分析】
# 五、下一步措施
{% for 行 in 失分最多 %}
{{ 行.条 }}“{{ 行.标准 }}”：【请填写：整改措施、完成时限和责任单位】
{% endfor %}
{% if 未达标名单 %}
对{{ 未达标数 }}个{{ 未达标用语 }}{{ 对象 }}：【请填写：帮扶措施和再次评分的安排】
{% endif %}
& 【请填写：下一年度工作安排】
+ {{ 主管部门 }}
+ {{ 日期 }}
"""

KINDS = {
    "= ": "Title", "~ ": "Sender", "# ": "Heading1", "## ": "Heading2", "* ": "Verdict", "- ": "Note",
    "^ ": "Caption", "! ": "Picture", "& ": "Kept", "+ ": "Signed",
}  # fmt: skip
"""The style of a paragraph by what its line begins with."""


def template() -> bytes:
    parts = {
        "[Content_Types].xml": _content_types(),
        "_rels/.rels": _relations(("officeDocument", "word/document.xml")),
        "word/document.xml": _document(),
        "word/_rels/document.xml.rels": _relations(
            ("styles", "styles.xml"), ("footer", "footer1.xml"), ("settings", "settings.xml")
        ),
        "word/settings.xml": _settings(),
        "word/styles.xml": _styles(),
        "word/footer1.xml": _footer(),
    }
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as package:
        for name, text in parts.items():
            info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            package.writestr(info, HEAD + text, zipfile.ZIP_DEFLATED)
    return target.getvalue()


def update() -> None:
    TARGET.parent.mkdir(exist_ok=True)
    TARGET.write_bytes(template())


def _content_types() -> str:
    kinds = (
        ("document", "document.main"),
        ("styles", "styles"),
        ("footer1", "footer"),
        ("settings", "settings"),
    )
    overrides = "".join(
        f'<Override PartName="/word/{part}.xml" ContentType="{KIND}.{kind}+xml"/>' for part, kind in kinds
    )
    return (
        f'<Types xmlns="{PACKAGE}/content-types">'
        f'<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{overrides}</Types>'
    )


def _relations(*targets: tuple[str, str]) -> str:
    all_of_them = "".join(
        f'<Relationship Id="rId{number}" Type="{R}/{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(targets, 1)
    )
    return f'<Relationships xmlns="{PACKAGE}/relationships">{all_of_them}</Relationships>'


def _document() -> str:
    page = (
        '<w:sectPr><w:footerReference w:type="default" r:id="rId2"/><w:pgSz w:w="11906" w:h="16838"/>'
        '<w:pgMar w:top="2098" w:right="1474" w:bottom="1985" w:left="1587" w:header="851" w:footer="992"'
        ' w:gutter="0"/></w:sectPr>'
    )
    body = "".join(_blocks(TEXT.strip().splitlines()))
    return f'<w:document {W} xmlns:r="{R}"><w:body>{body}{page}</w:body></w:document>'


def _blocks(lines: Sequence[str]) -> Iterator[str]:
    rows: list[list[str]] = []
    for line in [*lines, ""]:
        if line.startswith("| "):
            rows.append([cell.strip() for cell in line.strip("| ").split(" | ")])
            continue
        if rows:
            yield _table(rows)
            rows = []
        if line:
            start = next((start for start in KINDS if line.startswith(start)), "")
            yield _paragraph(line.removeprefix(start), KINDS.get(start, ""))


def _paragraph(text: str, style: str) -> str:
    properties = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    return f"<w:p>{properties}{''.join(_runs(text))}</w:p>"


def _runs(text: str) -> Iterator[str]:
    """Yield a text's runs; what only people can write is highlighted."""
    for piece in re.split("(【[^】]*】)", text):
        if piece:
            marked = '<w:rPr><w:highlight w:val="yellow"/></w:rPr>' if piece.startswith("【") else ""
            yield f'<w:r>{marked}<w:t xml:space="preserve">{escape(piece)}</w:t></w:r>'


def _table(rows: Sequence[Sequence[str]]) -> str:
    """Return a table; its first row has the headings, each with its width in hundredths."""
    headings, shares = zip(*(cell.split(">") for cell in rows[0]), strict=True)
    widths = [WIDTH * int(share) // 100 for share in shares]
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    body = "".join(_row(row, widths, "Cell") for row in rows[1:])
    return (
        f'<w:tbl><w:tblPr><w:tblStyle w:val="Grid"/><w:tblW w:w="{sum(widths)}" w:type="dxa"/>'
        f'<w:tblLayout w:type="fixed"/></w:tblPr><w:tblGrid>{grid}</w:tblGrid>'
        f"{_row(headings, widths, 'CellHead')}{body}</w:tbl>"
    )


def _row(cells: Sequence[str], widths: Sequence[int], style: str) -> str:
    again = "<w:tblHeader/>" if style == "CellHead" else ""
    fill = '<w:shd w:val="clear" w:color="auto" w:fill="E3ECE6"/>' if style == "CellHead" else ""
    filled = "".join(
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{fill}<w:vAlign w:val="center"/></w:tcPr>'
        f"{_paragraph(cell, style)}</w:tc>"
        for cell, width in zip(cells, widths, strict=True)
    )
    return f"<w:tr><w:trPr><w:cantSplit/>{again}</w:trPr>{filled}</w:tr>"


def _settings() -> str:
    """Return that the document is as Word 2013 and later have it, which shows others as of an older Word."""
    mode = "compatibilityMode"
    uri = "http://schemas.microsoft.com/office/word"
    setting = f'<w:compatSetting w:name="{mode}" w:uri="{uri}" w:val="15"/>'
    return f"<w:settings {W}><w:compat>{setting}</w:compat></w:settings>"


def _footer() -> str:
    number = (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText xml:space="preserve"> PAGE </w:instrText>'
        '</w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>1</w:t></w:r>'
        '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )
    dash = '<w:r><w:t xml:space="preserve">{}</w:t></w:r>'
    line = dash.format("— ") + number + dash.format(" —")
    return f'<w:ftr {W}><w:p><w:pPr><w:pStyle w:val="Footer"/></w:pPr>{line}</w:p></w:ftr>'


def _styles() -> str:
    """Return the styles of an official document: 方正小标宋, 黑体, 楷体, 仿宋 of 16 points."""
    indented = '<w:ind w:firstLineChars="200" w:firstLine="640"/>'
    lines = '<w:spacing w:line="560" w:lineRule="exact"/>'
    close = '<w:spacing w:line="300" w:lineRule="exact"/><w:ind w:firstLine="0"/>'
    right = '<w:ind w:firstLine="0" w:right="640"/><w:jc w:val="right"/>'
    middle = '<w:ind w:firstLine="0"/><w:jc w:val="center"/>'
    styles = [
        _style("Normal", "Normal", f'<w:widowControl w:val="0"/>{lines}{indented}<w:jc w:val="both"/>', "仿宋", 32),
        _style("Title", "Title", f'<w:spacing w:after="240" w:line="680" w:lineRule="exact"/>{middle}', "方正小标宋简体", 44),
        _style("Sender", "Sender", middle, "楷体", 32),
        _style("Heading1", "heading 1", '<w:keepNext/><w:outlineLvl w:val="0"/>', "黑体", 32),
        _style("Heading2", "heading 2", '<w:keepNext/><w:outlineLvl w:val="1"/>', "楷体", 32, bold=True),
        _style("Verdict", "Verdict", "", "仿宋", 32, bold=True),
        _style("Note", "Note", '<w:spacing w:line="360" w:lineRule="exact"/>', "仿宋", 24),
        _style("Caption", "caption", f'<w:keepNext/><w:spacing w:before="160" w:line="400" w:lineRule="exact"/>{middle}', "黑体", 24),
        _style("Picture", "Picture", f'<w:spacing w:before="160" w:after="160" w:line="240" w:lineRule="auto"/>{middle}', "仿宋", 24),
        _style("Kept", "Kept", "<w:keepNext/>", "仿宋", 32),
        _style("Signed", "Signed", f"<w:keepNext/>{right}", "仿宋", 32),
        _style("Cell", "Cell", f'{close}<w:jc w:val="center"/>', "仿宋", 21),
        _style("CellHead", "Cell Head", f'<w:keepNext/>{close}<w:jc w:val="center"/>', "黑体", 21),
        _style("Footer", "footer", '<w:spacing w:line="240" w:lineRule="auto"/><w:ind w:firstLine="0"/><w:jc w:val="center"/>', "宋体", 24),
    ]  # fmt: skip
    edges = "".join(
        f'<w:{edge} w:val="single" w:sz="4" w:space="0" w:color="808080"/>'
        for edge in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    margins = '<w:tblCellMar><w:left w:w="70" w:type="dxa"/><w:right w:w="70" w:type="dxa"/></w:tblCellMar>'
    grid = (
        f'<w:style w:type="table" w:styleId="Grid"><w:name w:val="Table Grid"/>'
        f'<w:tblPr><w:jc w:val="center"/><w:tblBorders>{edges}</w:tblBorders>{margins}</w:tblPr></w:style>'
    )
    return f"<w:styles {W}>{''.join(styles)}{grid}</w:styles>"


def _style(key: str, name: str, paragraph: str, font: str, size: int, *, bold: bool = False) -> str:
    """Return a paragraph style; ``size`` in half points."""
    base = ' w:default="1"' if key == "Normal" else ""
    based = "" if key == "Normal" else '<w:basedOn w:val="Normal"/>'
    if 'w:firstLine="0"' in paragraph:
        paragraph = paragraph.replace('w:firstLine="0"', 'w:firstLineChars="0" w:firstLine="0"')
    fonts = f'<w:rFonts w:ascii="Times New Roman" w:hAnsi="Times New Roman" w:eastAsia="{font}"/>'
    weight = "<w:b/>" if bold else ""
    return (
        f'<w:style w:type="paragraph"{base} w:styleId="{key}"><w:name w:val="{name}"/>{based}<w:qFormat/>'
        f'<w:pPr>{_in_order(paragraph)}</w:pPr><w:rPr>{fonts}{weight}<w:sz w:val="{size}"/>'
        f'<w:szCs w:val="{size}"/><w:lang w:val="en-US" w:eastAsia="zh-CN"/></w:rPr></w:style>'
    )


ORDER = ("keepNext", "widowControl", "spacing", "ind", "jc", "outlineLvl")
"""Of a paragraph's properties, as the schema has them."""


def _in_order(properties: str) -> str:
    found = re.findall(r"<w:(\w+)[^>]*/>", properties)
    pieces = dict(zip(found, re.findall(r"<w:\w+[^>]*/>", properties), strict=True))
    return "".join(pieces[name] for name in ORDER if name in pieces)


if __name__ == "__main__":
    update()
