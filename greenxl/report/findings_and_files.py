"""问题清单 and 文件台账: everything that was found, and every file that came in."""

from collections.abc import Sequence

from greenxl.campaign.model import Campaign
from greenxl.catalogue import Severity
from greenxl.findings import Finding, count
from greenxl.i18n import CHINESE
from greenxl.report.layout import COMMUNITY, FINDINGS, LEDGER, SCORES, cell_of, title_of
from greenxl.report.style import (
    Style,
    as_table,
    heading_row,
    height,
    nothing,
    open_sheet,
    set_page,
)
from greenxl.returns.intake import Entry
from greenxl.scoring.vocabulary import OUTCOME_WORDS, SEVERITY_WORDS
from greenxl.xlsx import write_cell, write_link

FINDING_HEADINGS = (
    "序号",
    "类别",
    "街道（镇）",
    "社区",
    "文件",
    "工作表",
    "单元格",
    "原填内容",
    "问题与处理办法",
)
FINDING_WIDTHS = (6, 8, 14, 16, 34, 16, 9, 16, 60)
LEDGER_HEADINGS = ("序号", "文件", "结果", "评分表数", "大小（字节）", "原因", "SHA-256")
LEDGER_WIDTHS = (6, 50, 8, 10, 13, 46, 36)
SEVERITY_FILLS = {Severity.ERROR: "#F4B183", Severity.WARNING: "#FFE9A8", Severity.NOTE: "#FFFFFF"}
HEADER_ROW = 2


def in_order(findings: Sequence[Finding], campaign: Campaign) -> list[Finding]:
    """Return the findings as a clerk works them off: errors first, then by roster."""
    places = {(c.town, c.name): c.number for c in campaign.communities}
    severities = list(Severity)
    last = len(places) + 1
    return sorted(
        findings, key=lambda f: (severities.index(f.severity), places.get((f.town, f.community), last))
    )


def rows_by_community(findings: Sequence[Finding]) -> dict[tuple[str, str], int]:
    """Return the row of each community's first finding."""
    rows: dict[tuple[str, str], int] = {}
    for row, one in enumerate(findings, HEADER_ROW + 1):
        rows.setdefault((one.town, one.community), row)
    return rows


def write_findings(style: Style, findings: Sequence[Finding]) -> None:
    campaign, counts = style.campaign, count(findings)
    note = "，".join(f"{SEVERITY_WORDS[severity]}{counts[severity]}条" for severity in Severity)
    note += "。错误须退回更正，提醒须核对，说明仅供了解。点击社区名称查看其得分。"
    title = title_of(campaign, FINDINGS)
    sheet = open_sheet(style, FINDINGS, FINDING_WIDTHS, title, note)
    heading_row(sheet, style, HEADER_ROW, FINDING_HEADINGS, 24)
    rows = style.scores.rows
    centred, text, small = style.cell(align="center"), style.cell(), style.cell(font_size=9)
    for row, one in enumerate(findings, HEADER_ROW + 1):
        message = one.message(CHINESE)
        cells = (one.file, one.sheet, one.shown_cells(), one.found, message)
        write_cell(sheet, row, 0, row - HEADER_ROW, centred)
        write_cell(
            sheet,
            row,
            1,
            SEVERITY_WORDS[one.severity],
            style.cell(align="center", bold=True, bg_color=SEVERITY_FILLS[one.severity]),
        )
        write_cell(sheet, row, 2, one.town, text)
        where = rows.get((one.town, one.community))
        if where is None:
            write_cell(sheet, row, 3, one.community, text)
        else:
            target = f"internal:{cell_of(SCORES, where, COMMUNITY)}"
            write_link(sheet, row, 3, target, one.community, style.link())
        for column, value in enumerate(cells, 4):
            write_cell(sheet, row, column, value, small if column == 4 else text)
        texts = (one.town, one.community, *cells)
        sheet.set_row(row, height(*((v, w, 10) for v, w in zip(texts, FINDING_WIDTHS[2:], strict=True))))
    if findings:
        as_table(sheet, style, "Findings", HEADER_ROW, HEADER_ROW + len(findings), FINDING_HEADINGS)
    else:
        nothing(sheet, style, HEADER_ROW + 1, len(FINDING_HEADINGS), "没有发现问题。")
    set_page(sheet, style, HEADER_ROW)


def write_ledger(style: Style, entries: Sequence[Entry]) -> None:
    campaign = style.campaign
    counts = "，".join(
        f"{word}{sum(e.outcome == outcome for e in entries)}个" for outcome, word in OUTCOME_WORDS.items()
    )
    note = f"共{len(entries)}个文件：{counts}。每个文件列一次；SHA-256用于核对文件是否被改动。"
    title = title_of(campaign, LEDGER)
    sheet = open_sheet(style, LEDGER, LEDGER_WIDTHS, title, note)
    heading_row(sheet, style, HEADER_ROW, LEDGER_HEADINGS, 24)
    centred, text, small = style.cell(align="center"), style.cell(), style.cell(font_size=8)
    for row, entry in enumerate(entries, HEADER_ROW + 1):
        reason = entry.reason.message(CHINESE) if entry.reason else ""
        write_cell(sheet, row, 0, row - HEADER_ROW, centred)
        write_cell(sheet, row, 1, entry.file, text)
        write_cell(sheet, row, 2, OUTCOME_WORDS[entry.outcome], centred)
        write_cell(sheet, row, 3, entry.sheets_read, centred)
        write_cell(sheet, row, 4, entry.bytes, style.number(num_format="#,##0"))
        write_cell(sheet, row, 5, reason, text)
        write_cell(sheet, row, 6, entry.sha256 or "", small)
        widths = LEDGER_WIDTHS
        sheet.set_row(
            row,
            height((entry.file, widths[1], 10), (reason, widths[5], 10), (entry.sha256 or "", widths[6], 8)),
        )
    if entries:
        as_table(sheet, style, "Ledger", HEADER_ROW, HEADER_ROW + len(entries), LEDGER_HEADINGS)
    else:
        nothing(sheet, style, HEADER_ROW + 1, len(LEDGER_HEADINGS), "没有收到文件。")
    set_page(sheet, style, HEADER_ROW)
