"""Keeps the page on returned files, in both languages.

What one sees and what to do are the catalogue's own words (findings.py), filled with an example;
what came back is told here, a line per code, in the order of the page.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from greenxl.catalogue import CATALOGUE, Severity
from greenxl.findings import Finding, Term, finding
from greenxl.i18n import CHINESE, ENGLISH

DOCS = Path(__file__).parent.parent.parent / "docs"
PAGES = {ENGLISH: DOCS / "returned-files.md", CHINESE: DOCS / "returned-files.zh-CN.md"}
BESIDE = (
    "[中文说明](returned-files.zh-CN.md) · [back](../README.md)",
    "[English](returned-files.md) · [返回](../README.zh-CN.md)",
)


@dataclass(frozen=True, slots=True)
class Row:
    """What came back, in English and Chinese; what becomes of it; an example of the message's values."""

    english: str
    chinese: str
    outcome: str = "read"
    values: Mapping[str, str] = field(default_factory=dict)


def row(english: str, chinese: str, outcome: str = "read", **values: str) -> Row:
    return Row(english, chinese, outcome, values)


OUTCOMES = {
    "read": "读取",
    "rejected": "拒收",
    "skipped": "跳过",
    "not counted": "不计入",
    "incomplete": "填报不全",
    "invalid": "有误",
    "conflict": "重复待定",
    "missing": "未报送",
}
SEVERITIES = {Severity.ERROR: "错误", Severity.WARNING: "提醒", Severity.NOTE: "说明"}

SECTIONS: dict[tuple[str, str], dict[str, Row]] = {
    ("The file", "文件"): {
        "file-empty": row("An empty file", "空文件", "rejected"),
        "file-kind": row(
            "A picture, PDF, Word document or anything else that is not a spreadsheet",
            "图片、PDF、Word 文档等不是电子表格的文件",
            "rejected",
            kind=Term("a PDF document"),
        ),
        "file-resave": row(
            "A web page, XML or text that only bears the name of a workbook; "
            ".xlsb, .fods, UOF, Apple Numbers; an .xls not written in the usual way",
            "名为工作簿、实为网页、XML 或文本的文件；"
            ".xlsb、.fods、UOF、苹果 Numbers 表格；写法特殊的 .xls 文件",
            "rejected",
            kind=Term("a web page (HTML)"),
        ),
        "file-ambiguous": row(
            "A workbook that programs may read in different ways",
            "不同软件打开可能显示不同内容的工作簿",
            "rejected",
            found="E9 0x203",
        ),
        "file-encrypted": row(
            "A workbook that an office’s security software encrypted on its way out",
            "被单位安全软件（透明加密）加密后发出的工作簿",
            "rejected",
            found="62 14 23 65",
        ),
        "file-placeholder": row(
            "What only stands for the file: an iCloud placeholder, a shortcut, a login page, an error answer",
            "只是文件的替身：iCloud 占位文件、快捷方式、存下来的登录页面、服务器的错误提示",
            "rejected",
            kind=Term("a web page without a table, such as a login page,"),
        ),
        "file-mail": row(
            "An Outlook message (.msg) or winmail.dat",
            "Outlook 邮件（.msg）或 winmail.dat",
            "rejected",
            kind=Term("an Outlook message"),
        ),
        "file-damaged": row(
            "A file cut off on its way, or damaged",
            "传输中断或已损坏的文件",
            "rejected",
            found=Term("its end is missing"),
        ),
        "file-password": row("A workbook with a password", "设有打开密码的工作簿", "rejected"),
        "file-too-big": row(
            "A very large file", "特别大的文件", "rejected", found="57.3 MiB", limit="40 MiB"
        ),
        "file-timeout": row(
            "A file that takes too long to read", "长时间读不完的文件", "rejected", seconds="30"
        ),
        "file-crashed": row(
            "A file that breaks the reading program", "使读取程序出错的文件", "rejected", limit="2 GiB"
        ),
        "file-locked": row(
            "A file that is open in Excel or WPS", "正在 Excel 或 WPS 中打开的文件", "rejected"
        ),
        "file-unreadable": row(
            "A file that the computer cannot read, as on a bad USB stick",
            "电脑读不出的文件，如 U 盘损坏",
            "rejected",
            found=Term("the disk or device reported an error"),
        ),
        "no-form": row(
            "A workbook without this campaign’s score sheet", "没有本方案评分表的工作簿", "rejected"
        ),
        "other-campaign": row(
            "The form of another year or county",
            "其他年份或其他县的评分表",
            "rejected",
            found="huantai-2020",
            wanted="huantai-2021",
        ),
        "standard-changed": row("A blank of before the standard was changed", "标准修改之前下发的表"),
        "form-version": row(
            "A blank of another version of greenxl", "其他版本软件生成的表", found="2", wanted="1"
        ),
        "identity-damaged": row(
            "A workbook whose hidden sheet was changed", "隐藏的标识工作表被改动的工作簿"
        ),
        "identity-missing": row(
            "A form typed or pasted into another workbook", "手工录入或粘贴到其他工作簿的表"
        ),
        "identity-unknown": row(
            "A blank of a town or year that the campaign does not know",
            "方案中没有的街道（镇）或年份的表",
            found="2020",
        ),
        "file-macros": row("A workbook with macros", "含有宏的工作簿"),
        "file-links": row("A workbook that refers to other workbooks", "引用其他工作簿的工作簿"),
        "file-extension": row(
            "A workbook under the wrong extension, such as .xlsx called .xls",
            "扩展名不对的工作簿，如 .xlsx 文件叫作 .xls",
            found=".xls",
            wanted=".xlsx",
        ),
        "file-default-password": row(
            "A workbook whose structure is protected with Excel’s default password",
            "用 Excel 默认密码加密的工作簿",
        ),
    },
    ("Files that may do harm", "可能有害的文件"): {
        "unsafe-members": row(
            "A file of very many parts", "部件过多的文件", "rejected", found="20,000", limit="1,000"
        ),
        "unsafe-inflation": row(
            "A file that swells when it is unpacked (“zip bomb”)",
            "解压后急剧膨胀的文件（“压缩炸弹”）",
            "rejected",
            found="xl/worksheets/sheet1.xml",
        ),
        "unsafe-size": row(
            "A file that is huge when unpacked", "解压后特别大的文件", "rejected", found="300 MiB"
        ),
        "unsafe-directory": row(
            "A file whose parts overlap or are not what its directory says",
            "各部分重叠、与目录不符的文件",
            "rejected",
            found="xl/workbook.xml",
        ),
        "unsafe-dtd": row(
            "A file that defines entities (DTD)",
            "自定义实体（DTD）的文件",
            "rejected",
            found="xl/workbook.xml",
        ),
        "unsafe-strings": row(
            "A file that claims to hold more texts than can be",
            "声称含有过多文字的文件",
            "rejected",
            found="4,000,000,000",
            limit="5,000,000",
        ),
        "unsafe-box": row(
            "A workbook of millions of filled cells",
            "填有数百万个单元格的工作簿",
            "rejected",
            found="5,000,001",
            limit="5,000,000",
        ),
    },
    ("Folders and archives", "文件夹和压缩包"): {
        "file-archive": row(
            "A RAR, 7z or other archive", "RAR、7z 等压缩包", "rejected", kind=Term("a RAR archive")
        ),
        "archive-opened": row("A zip", "zip 压缩包"),
        "archive-empty": row("An empty zip", "空的 zip 压缩包", "rejected"),
        "archive-nested": row("A zip in a zip in a zip", "嵌套超过两层的 zip 压缩包", "rejected"),
        "archive-volumes": row(
            "A volume of a split archive (.z01, .zip.001, .part1.rar)",
            "分卷压缩包的一卷（.z01、.zip.001、.part1.rar）",
            "rejected",
        ),
        "archive-method": row(
            "A zip packed in an unusual way (Deflate64, PPMd, Zstandard)",
            "用特殊方式压缩的 zip 压缩包（Deflate64、PPMd、Zstandard）",
            "rejected",
            found="Deflate64",
        ),
        "mail-opened": row("A mail that was saved as a file (.eml)", "存为文件的邮件（.eml）"),
        "mail-empty": row("A mail without an attachment", "没有附件的邮件", "rejected"),
        "link-outside": row(
            "A link that leads out of the folder",
            "指向文件夹以外的链接",
            "rejected",
            target="/home/zhang/索镇.xlsx",
        ),
        "link-loop": row(
            "A link that leads in a circle", "指回自身或上级文件夹的链接", "skipped", target="returned"
        ),
        "run-budget": row(
            "More files than one run reads",
            "一次运行读不完的大量文件",
            "rejected",
            files="20,000",
            limit="8 GiB",
        ),
        "archive-password": row("A zip with a password", "设有密码的 zip 压缩包", "rejected"),
        "folder-unreadable": row(
            "A folder that may not be opened", "没有权限打开的文件夹", "rejected", found=Term("no permission")
        ),
        "names-guessed": row(
            "A zip packed by an old Chinese program", "旧版中文软件打的 zip 压缩包", found="索镇.xlsx"
        ),
        "skipped-temporary": row(
            "What Excel, Windows or macOS leave behind (~$…, Thumbs.db, .DS_Store)",
            "Excel、Windows、macOS 留下的文件（~$…、Thumbs.db、.DS_Store）",
            "skipped",
        ),
        "skipped-notice": row(
            "A notice that a town filled in and sent back", "街道（镇）填好交回的整改通知", "skipped"
        ),
        "skipped-report": row(
            "A consolidated workbook among the returns", "混在报送文件中的汇总工作簿", "skipped"
        ),
        "rollup-opened": row(
            "A county’s consolidated workbook, whole, where a city merges",
            "市级汇总时收到的县级汇总工作簿",
            "read",
            county="桓台县",
            files="3",
            sheets="21",
        ),
        "rollup-standard": row(
            "One whose campaign has another standard",
            "评分标准与本级方案不同的汇总工作簿",
            "rejected",
            county="桓台县",
            found="达标分 75≠80、第3条",
        ),
        "rollup-changed": row(
            "One in which somebody typed another score",
            "有人改过得分的汇总工作簿",
            "rejected",
            found="4.5",
        ),
        "rollup-damaged": row(
            "One whose hidden part is damaged or of another version",
            "隐藏数据损坏或版本不同的汇总工作簿",
            "rejected",
        ),
        "rollup-without-data": row(
            "A leader’s copy, or one of an older version, where a city merges",
            "市级汇总时收到的领导用表或旧版汇总工作簿",
            "skipped",
        ),
        "rollup-community-unknown": row(
            "A community of a county that the city’s roster does not have",
            "县级汇总中有、市级名单中没有的社区",
            found="桓台县索镇永安社区",
        ),
        "skipped-settled": row(
            "A correction copy that is settled, in its folder",
            "“已了结”文件夹中的退回修改表",
            "skipped",
        ),
        "skipped-own": row(
            "A blank or a correction copy that came back as it went out (in a bounce, an automatic reply)",
            "原样退回的空白表或退回修改表（如随退信、自动回复而来）",
            "skipped",
        ),
        "skipped-same": row(
            "The same file once more", "同一个文件又来一次", "skipped", found="returned/索镇.xlsx"
        ),
        "skipped-special": row("A broken shortcut or a device", "失效的链接或设备", "skipped"),
        "skipped-excluded": row(
            "A file that --exclude names", "用 --exclude 指定不读的文件", "skipped", pattern="*旧*"
        ),
    },
    ("The sheet", "工作表"): {
        "community-unnamed": row("A sheet without a community’s name", "没有写社区名称的表", "not counted"),
        "community-unknown": row(
            "A community that is not in the roster",
            "创建名单以外的社区",
            "not counted",
            found="永安小区",
            nearest="永安社区",
        ),
        "community-ambiguous": row(
            "A name that several towns have, without the town",
            "几个街道（镇）同名的社区，没有写街道（镇）",
            "not counted",
            found="永安社区",
            towns="果里镇、索镇",
        ),
        "community-other-town": row(
            "A community in another town’s workbook",
            "填在别的街道（镇）工作簿中的社区",
            "not counted",
            found="永安社区",
            owner="索镇",
            town="果里镇",
        ),
        "form-across": row(
            "Communities or criteria side by side in one table",
            "社区或标准横向排列的汇总表",
            "not counted",
            found="永安社区、西镇社区",
        ),
        "forms-several": row(
            "The forms of several communities on one sheet",
            "几个社区的评分表放在一张工作表上",
            "not counted",
            found="B4、B30",
        ),
        "form-partial": row(
            "A form spread over several sheets",
            "一张评分表分放在几张工作表上",
            "not counted",
            found="8",
            all="20",
        ),
        "no-score-column": row(
            "A form without a column of scores", "没有得分列的表", "not counted", found="得分（分）"
        ),
        "answers-ticked": row(
            "Ticks under 是, 否 and 不适用 instead of answers in one column",
            "在“是”“否”“不适用”几列里打勾、没有把结果填在一列的表",
            "not counted",
            found="D3 是、E3 否",
            wanted="得分（分）",
        ),
        "sheet-empty": row("A form without a single score", "一个得分也没有填的表", "missing"),
        "community-label-differs": row(
            "One community’s sheet that names another",
            "下发给甲社区、写着乙社区的表",
            "not counted",
            found="永安社区",
            wanted="西苑社区",
        ),
        "community-twice": row(
            "One sheet that names two communities",
            "写有两个社区名称的表",
            "not counted",
            found="永安社区",
            other="西苑社区",
        ),
        "town-differs": row(
            "A workbook in another town’s folder or mail",
            "放在其他街道（镇）文件夹中或由其发来的表",
            found="果里镇",
            owner="索镇",
        ),
        "town-unknown": row("An unknown town on the sheet", "方案中没有的街道（镇）", found="索家镇"),
        "sheet-hidden": row("A hidden score sheet", "隐藏的评分表"),
        "sheet-renamed": row("A sheet that was renamed", "改了名称的工作表", wanted="永安社区"),
        "sheet-ignored": row("A sheet that is not a score sheet", "不是评分表的工作表", "skipped"),
    },
    ("The form on the sheet", "表格本身"): {
        "criterion-missing": row(
            "A form with a row deleted", "删了一行的表", "invalid", text="开展了社区道路综合治理"
        ),
        "criterion-twice": row("A form with a row copied", "一条标准出现两次的表", "invalid", first="E9"),
        "criterion-changed": row(
            "A criterion that was reworded",
            "标准内容被改动的表",
            found="开展了道路治理",
            wanted="开展了社区道路综合治理",
        ),
        "points-changed": row("Points that were changed", "标准分被改动的表", found="10", wanted="5"),
        "criterion-extra": row("A criterion that was added", "自行增加标准的表", found="社区特色工作"),
        "group-changed": row(
            "A group that was renamed", "“内容”一栏被改动的表", found="绿色文化", wanted="培育社区绿色文化"
        ),
        "heading-changed": row(
            "A heading that was changed", "表头被改动的表", found="自评分", wanted="得分（分）"
        ),
        "total-differs": row(
            "A total that was typed over and is not the sum",
            "合计分值与各条得分之和不符的表",
            found="95",
            value="90",
        ),
        "form-moved": row(
            "A form with rows or columns put in before it", "前面插入了行或列的表", found="F4", wanted="E4"
        ),
        "stray-value": row("Something typed far outside the form", "表格以外很远处填有内容", found="备忘"),
    },
    ("The scores", "得分"): {
        "score-column-unclear": row(
            "Several columns that may hold the scores, such as 自评分 and 复核分",
            "有几列都可能是得分，如自评分、复核分",
            "invalid",
            found="E3 自评分、F3 复核分",
            wanted="得分（分）",
        ),
        "score-column-doubtful": row(
            "A single column that may hold the scores, under a heading that does not say so",
            "只有一列可能是得分，但表头看不出来",
            "invalid",
            found="E3 检查结果",
            wanted="得分（分）",
        ),
        "score-blank": row("A blank score", "没有填的得分", "incomplete"),
        "answer-blank": row(
            "A criterion with choices or a condition that was not answered",
            "没有填的可选项或条件",
            "incomplete",
            answers="符合、不符合",
        ),
        "answer-choice": row(
            "Something else than the choices of a criterion",
            "填了可选范围以外的内容",
            "invalid",
            found="4",
            answers="5、3、0",
        ),
        "answer-condition": row(
            "A number or another word for a condition",
            "条件一栏填了数字或别的字",
            "invalid",
            found="5",
            answers="符合、不符合",
        ),
        "answer-not-applicable": row(
            "不适用 where the form does not allow it",
            "不允许填“不适用”的条目填了“不适用”",
            "invalid",
            found="不适用",
        ),
        "answer-misplaced": row(
            "符合 or 不符合 for a score", "得分填成“符合”或“不符合”", "invalid", found="符合"
        ),
        "answer-struck": row(
            "A chosen word struck through", "加了删除线的选项", "invalid", found="是", answers="是、否"
        ),
        "deduction-blank": row("A deduction that was not filled in", "没有填的扣分", "incomplete"),
        "deduction-negative": row("A deduction with a minus sign", "带负号的扣分", "invalid", found="-2"),
        "nothing-applies": row(
            "A form in which everything that has points is answered 不适用",
            "所有计分的条目都填“不适用”的表",
            "invalid",
        ),
        "to-be-decided": row(
            "A form in which another score column is filled, but not the one that counts",
            "只填了其他得分栏、计分栏空着的表",
            "incomplete",
            found="自评分",
            wanted="县核定分",
        ),
        "score-column-missing": row(
            "A form without one of the score columns that do not count",
            "缺少某个不计分的得分栏的表",
            found="自评分",
        ),
        "entry-column-missing": row(
            "A form without one of the columns of texts to fill in, or with another heading above it",
            "缺少某个填写栏或改了其表头的表",
            found="扣分原因",
        ),
        "column-score": row(
            "Something else than a score in a column that does not count",
            "不计分的得分栏中填了得分以外的内容",
            found="优",
            column="自评分",
        ),
        "reason-missing": row(
            "Lost points without a reason, where the form asks for one",
            "要求写明原因而没有写的失分",
            wanted="扣分原因",
        ),
        "score-merged": row("Score cells that were merged", "合并了的得分单元格", "incomplete", found="E8"),
        "score-text": row(
            "A word, range or sign: 五, 优, 4-5, /", "文字、范围或符号：五、优、4-5、/", "invalid", found="优"
        ),
        "score-broken": row(
            "A formula without a value, or an error such as #REF!",
            "没有结果的公式，或 #REF! 等错误",
            "invalid",
            found="#REF!",
        ),
        "score-boolean": row("TRUE or FALSE", "逻辑值 TRUE 或 FALSE", "invalid", found="TRUE"),
        "score-date": row(
            "A date or time, as Excel makes of 4-5",
            "日期或时间，如 Excel 把 4-5 变成的日期",
            "invalid",
            found="2021-04-05",
        ),
        "score-percent": row("A percentage, such as 90%", "百分数，如 90%", "invalid", found="90%"),
        "score-decimals": row("More than two decimals", "小数超过两位", "invalid", found="4.333"),
        "score-high": row("More than the criterion’s points", "超过标准分", "invalid", found="6"),
        "score-negative": row("A negative number", "负数", "invalid", found="-1"),
        "scores-beside": row(
            "A second column of scores, or numbers beside the scores",
            "另有一栏得分，或得分旁边另有数字",
            found="F4 复核得分",
            wanted="得分（分）",
        ),
        "score-struck": row("A score struck through", "加了删除线的得分", "invalid", found="4"),
        "score-format": row(
            "A number format that shows something else",
            "显示内容与数值不同的单元格格式",
            "invalid",
            found="4%",
            value="4",
        ),
        "score-rounded": row(
            "A number format that rounds", "四舍五入显示的单元格格式", found="5", value="4.5"
        ),
        "score-formula": row("A formula for a score", "用公式计算的得分", found="=3+1.5", value="4.5"),
        "scores-hidden": row("Scores in hidden rows or columns", "隐藏的行或列中的得分", found="E8、E9"),
        "score-spelling": row(
            "A number in full width, with a space or with 分",
            "全角数字、带空格或带“分”字的得分",
            found="４．５分",
            value="4.5",
        ),
    },
    ("More than one return of a community", "一个社区报送了几份"): {
        "returns-differ": row(
            "Returns that differ",
            "得分不一致的几份报送",
            "conflict",
            cells="E9、E12",
            files="旧/索镇.xlsx › 永安社区；索镇.xlsx › 永安社区",
            advice=Term("Keep only the right file, or run again with --latest."),
        ),
        "returns-differ-latest": row(
            "Returns that differ, read with --latest",
            "得分不一致的几份报送，加了 --latest",
            cells="E9、E12",
            files="旧/索镇.xlsx › 永安社区；索镇.xlsx › 永安社区",
            chosen="索镇.xlsx › 永安社区",
            saved="2021-09-20 16:05",
        ),
        "returned-twice": row(
            "Returns with the same scores", "得分相同的几份报送", "skipped", chosen="索镇.xlsx › 永安社区"
        ),
        "texts-differ": row(
            "Returns with the same scores, but other texts beside them",
            "得分相同、旁边填写的内容不同的几份报送",
            cells="E9、E12",
            files="旧/索镇.xlsx › 永安社区；索镇.xlsx › 永安社区",
            chosen="索镇.xlsx › 永安社区",
        ),
        "undecided-too": row(
            "A return in which the score column that counts is blank, beside one in which it is filled",
            "计分栏空着的一份，另有一份已填计分栏",
            "skipped",
            wanted="县核定分",
            chosen="索镇.xlsx › 永安社区",
        ),
        "superseded": row(
            "A return of which a corrected copy came back",
            "退回修改后已重新交回的表",
            "skipped",
            chosen="索镇-退回修改-2021.xlsx",
        ),
        "copy-changed": row(
            "A correction copy in which accepted scores were changed too",
            "连已采用的得分也改了的退回修改表",
            found="E9 4→5",
        ),
        "copy-unknown": row(
            "A workbook that only says it is a correction copy",
            "自称是退回修改表、本轮却没有发出过的工作簿",
            reason=Term("its number is none that this round issued"),
        ),
        "copy-unchanged": row(
            "A correction copy that was only saved again, with none of the scores it asks for",
            "只是重新保存、要求填写的得分一处也没有填的退回修改表",
            "skipped",
        ),
        "copy-believed": row(
            "A correction copy in a round without a journal of them",
            "没有退回修改记录的轮次中交回的退回修改表",
        ),
    },
    ("In a correction copy, for the town", "退回修改表中给街道（镇）看的话"): {
        "score-differs": row(
            "Returns that differ", "得分不一致的几份报送", "conflict", files="旧/索镇.xlsx、索镇.xlsx"
        ),
        "score-row-missing": row("A form with a row deleted", "删了一行的表", "invalid"),
        "score-row-twice": row("A form with a row copied", "一条标准出现两次的表", "invalid"),
        "score-was-merged": row(
            "Score cells that were merged", "合并了的得分单元格", "incomplete", found="E8"
        ),
        "score-was-formatted": row(
            "A percentage, a date or another format", "百分数、日期或其他格式", "invalid", found="90%"
        ),
        "score-was-read": row(
            "A formula, or a number format that rounds",
            "公式，或四舍五入显示的格式",
            found="=3+1.5",
            value="4.5",
        ),
        "scores-left-out": row(
            "Several columns that may hold the scores, such as 自评分 and 复核分",
            "有几列都可能是得分，如自评分、复核分",
            "invalid",
            found="E3 自评分、F3 复核分",
        ),
        "sheet-left-out": row(
            "A sheet of which it is not plain which community it is for",
            "认不出是哪个社区的表",
            "not counted",
        ),
        "text-left-out": row(
            "An added criterion, an unknown town, something typed far outside the form",
            "自行增加的标准、方案中没有的街道（镇）、表格以外很远处填的内容",
            found="社区特色工作",
        ),
    },
}

HEADS = (
    """# Returned files: what came back, what you see, what to do

Every file that comes back ends read, rejected or skipped, and the ledger says why; none stops the others.
Below is everything that greenxl can say about one, each message with an example in it; the small print
gives the code by which a script finds it, whether it is an error, a warning or a note, and what becomes
of the file, the sheet or the community.""",
    """# 收到的文件：收到什么、看到什么、怎么办

每个收到的文件不是读取，就是拒收或跳过，台账中写明原因，一个文件出问题不影响其他文件。
下面列出软件可能给出的全部提示（括号和引号中的内容为举例）；小字依次是代码（供脚本查找）、类别（错误、提醒、说明），
以及文件、工作表或社区的处理结果。""",
)
HEADINGS = (("What came back", "What you see", "What to do"), ("收到什么", "看到什么", "怎么办"))
NOTHING = ("Nothing.", "不需要处理。")


def page(language: str) -> str:
    """Return the page in a language."""
    at = 0 if language == ENGLISH else 1
    return "\n".join([HEADS[at], "", BESIDE[at], *_tables(language, at), ""])


def _tables(language: str, at: int) -> Iterator[str]:
    for titles, rows in SECTIONS.items():
        yield f"\n## {titles[at]}\n"
        yield _line(HEADINGS[at])
        yield _line(["---"] * 3)
        yield from (_told(code, one, language, at) for code, one in rows.items())


def _example(code: str, one: Row) -> Finding:
    values: dict[str, Any] = {"points": "5", **one.values}
    return finding(code, criterion=6, cells=str(values.pop("cells", "")).split("、"), **values)


def _told(code: str, one: Row, language: str, at: int) -> str:
    seen, remedy = parted(_example(code, one).message(language))
    severity = CATALOGUE[code].severity
    words = (severity.value, one.outcome) if at == 0 else (SEVERITIES[severity], OUTCOMES[one.outcome])
    small = f"<br><sub>`{code}` · {' · '.join(words)}</sub>"
    return _line(
        [_plain((one.english, one.chinese)[at]), _plain(seen) + small, _plain(remedy or NOTHING[at])]
    )


def parted(message: str) -> tuple[str, str]:
    """Return what a message found and what to do about it: its last sentence, where it has several."""
    match = re.fullmatch(r"(.+(?:\. (?=[A-Z])|。))(.+)", message)
    return (match[1].strip(), match[2]) if match else (message, "")


def _plain(text: str) -> str:
    return re.sub(r"([\\|*_<~])", r"\\\1", text)


def _line(cells: Iterator[str] | list[str] | tuple[str, ...]) -> str:
    return f"| {' | '.join(cells)} |"


def update() -> None:
    for language, path in PAGES.items():
        path.write_text(page(language), encoding="utf-8")
