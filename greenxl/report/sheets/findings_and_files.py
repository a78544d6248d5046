"""问题清单 and 文件台账: everything that was found, and every file that came in."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from greenxl.campaign.model import Campaign
from greenxl.catalogue import Severity
from greenxl.findings import Finding, count
from greenxl.i18n import CHINESE
from greenxl.report.layout import (
    FINDINGS,
    LEDGER,
    NO,
    Column,
    ListPart,
    Record,
    Table,
    cell_of,
    list_parts,
    title_of,
    with_towns,
)
from greenxl.report.sheets.score_table import Cells, score_rows, score_table
from greenxl.report.style import (
    CENTRED,
    NUMBER,
    TEXT,
    Style,
    fits_upright,
    open_sheet,
    set_page,
    write_headings,
    write_nothing,
    write_records,
)
from greenxl.returns.intake import Entry, Outcome
from greenxl.scoring.vocabulary import OUTCOME_WORDS, SEVERITY_WORDS, words

_SEVERITY_FILLS = {Severity.ERROR: "#F4B183", Severity.WARNING: "#FFE9A8", Severity.NOTE: "#FFFFFF"}
_SEVERITIES = {
    severity: {**CENTRED, "bold": True, "bg_color": fill} for severity, fill in _SEVERITY_FILLS.items()
}
_HEADER_ROW = 2
_FINDINGS_OF_A_PAGE, _FILES_OF_A_PAGE = 12, 30
"""That are printed in any case."""


def in_order(findings: Sequence[Finding], campaign: Campaign) -> list[Finding]:
    """Return the findings as a clerk works them off: errors first, then by roster."""
    places = {(c.town, c.name): c.number for c in campaign.communities}
    severities = list(Severity)
    last = len(places) + 1
    return sorted(
        findings, key=lambda f: (severities.index(f.severity), places.get((f.town, f.community), last))
    )


def first_cells(findings: Sequence[Finding]) -> Cells:
    """Return the cell of each community's first finding."""
    cells: dict[tuple[str, str], str] = {}
    for part in list_parts(len(findings)):
        for row, one in enumerate(findings[part.first : part.end], _HEADER_ROW + 1):
            if (one.town, one.community) not in cells:
                cells[one.town, one.community] = cell_of(f"{FINDINGS}{part.suffix}", row, 0)
    return cells


def _findings_table(campaign: Campaign, part: ListPart) -> Table[Finding]:
    """Return the table of 问题清单 with all its columns, from left to right."""
    scores, rows, said = score_table(campaign), score_rows(campaign), words(campaign)

    def scores_of(one: Finding) -> str | None:
        """Return the cell on 社区得分 of its community, None where it has none."""
        row = rows.get((one.town, one.community))
        return None if row is None else scores.cell(row, "community")

    columns: tuple[Column[Finding], ...] = (
        Column(name="number", heading=NO, width=6, value=None, format=CENTRED),
        Column(
            name="severity",
            heading="类别",
            width=8,
            value=lambda one: SEVERITY_WORDS[one.severity],
            format=lambda one: _SEVERITIES[one.severity],
        ),
        Column(
            name="town",
            heading=campaign.parent,
            width=14,
            value=lambda one: one.town,
            format=TEXT,
            grows=10,
        ),
        Column(
            name="community",
            heading=campaign.unit,
            width=16,
            value=lambda one: one.community,
            format=TEXT,
            link=scores_of,
            grows=10,
        ),
        Column(
            name="file",
            heading="文件",
            width=34,
            value=lambda one: one.file,
            format=TEXT,
            grows=10,
        ),
        Column(name="sheet", heading="工作表", width=16, value=lambda one: one.sheet, format=TEXT, grows=10),
        Column(
            name="cells",
            heading="单元格",
            width=9,
            value=lambda one: one.shown_cells(),
            format=TEXT,
            grows=10,
        ),
        Column(
            name="found",
            heading="原填内容",
            width=16,
            value=lambda one: one.shown_found(),
            format=TEXT,
            grows=10,
        ),
        Column(
            name="message",
            heading="问题与处理办法",
            width=60,
            value=lambda one: one.message(CHINESE, said),
            format=TEXT,
            grows=10,
        ),
    )
    return Table(
        sheet=f"{FINDINGS}{part.suffix}",
        name=f"Findings{part.suffix}",
        header_row=_HEADER_ROW,
        length=part.end - part.first,
        columns=with_towns(campaign, columns),
        first_number=part.first + 1,
    )


def _ledger_table(campaign: Campaign, part: ListPart) -> Table[Entry]:
    """Return the table of 文件台账 with all its columns, from left to right."""
    said = words(campaign)
    columns: tuple[Column[Entry], ...] = (
        Column(name="number", heading=NO, width=6, value=None, format=CENTRED),
        Column(name="file", heading="文件", width=50, value=lambda one: one.file, format=TEXT, grows=10),
        Column(
            name="outcome",
            heading="结果",
            width=8,
            value=lambda one: OUTCOME_WORDS[one.outcome],
            format=CENTRED,
        ),
        Column(
            name="sheets", heading="评分表数", width=10, value=lambda one: one.sheets_read, format=CENTRED
        ),
        Column(
            name="reason",
            heading="原因",
            width=46,
            value=lambda one: one.reason.message(CHINESE, said) if one.reason else "",
            format=TEXT,
            grows=10,
        ),
        Column(
            name="bytes",
            heading="大小（字节）",
            width=13,
            value=lambda one: one.bytes,
            format={**NUMBER, "num_format": "#,##0"},
        ),
        Column(
            name="sha256",
            heading="SHA-256",
            width=36,
            value=lambda one: one.sha256 or "",
            format={**TEXT, "font_size": 8},
            grows=8,
        ),
    )
    return Table(
        sheet=f"{LEDGER}{part.suffix}",
        name=f"Ledger{part.suffix}",
        header_row=_HEADER_ROW,
        length=part.end - part.first,
        columns=columns,
        first_number=part.first + 1,
    )


def write_findings(style: Style, findings: Sequence[Finding]) -> None:
    """Write every finding; those that ask nothing of anybody are not printed beyond the first page."""
    campaign, counts = style.campaign, count(findings)
    note = "，".join(f"{SEVERITY_WORDS[severity]}{counts[severity]}条" for severity in Severity)
    note += f"。错误须退回更正，提醒须核对，说明仅供了解。点击{campaign.unit}名称查看其得分。"
    needed = sum(one.severity is not Severity.NOTE for one in findings)
    printed = _Printed(max(needed, _FINDINGS_OF_A_PAGE), "message")
    _write(style, partial(_findings_table, campaign), note, findings, "没有发现问题。", printed)


def in_ledger(entries: Sequence[Entry]) -> list[Entry]:
    """Return the files that came in, those that were not read first."""
    return sorted(entries, key=lambda one: one.outcome is Outcome.READ)


def write_ledger(style: Style, entries: Sequence[Entry]) -> None:
    """Write every file; those that were read are not printed beyond the first page, and no hash is."""
    counts = "，".join(
        f"{word}{sum(e.outcome == outcome for e in entries)}个" for outcome, word in OUTCOME_WORDS.items()
    )
    note = f"共{len(entries)}个文件：{counts}。每个文件列一次，没有读取的在前。"
    needed = sum(one.outcome is not Outcome.READ for one in entries)
    printed = _Printed(max(needed, _FILES_OF_A_PAGE), "reason")
    table = partial(_ledger_table, style.campaign)
    _write(style, table, note, in_ledger(entries), "没有收到文件。", printed)


@dataclass(frozen=True)
class _Printed:
    """What of a list is printed."""

    rows: int
    """At most."""
    last: str
    """The last column."""


def _write(
    style: Style,
    table_of: Callable[[ListPart], Table[Record]],
    note: str,
    records: Sequence[Record],
    without_records: str,
    printed: _Printed,
) -> None:
    """Write the sheet that is one list, and further ones where it outgrows it."""
    left_out = len(records) - printed.rows
    more = f"其余{left_out}条不打印。" if left_out > 0 else ""
    for part in list_parts(len(records)):
        table = table_of(part)
        sheet = open_sheet(style, table, title_of(style.campaign, table.sheet), f"{note}{more}")
        write_headings(sheet, style, table, 24)
        last = table.place(printed.last)
        if records:
            write_records(sheet, style, table, records[part.first : part.end])
        else:
            write_nothing(sheet, style, table.first_row, last + 1, without_records)
        widths = [column.width for column in table.columns[: last + 1]]
        set_page(sheet, style, table.header_row, upright=fits_upright(widths))
        shown = max(1, min(table.length, printed.rows - part.first))
        sheet.print_area(0, 0, table.header_row + shown, last)
