"""问题清单 and 文件台账: everything that was found and every file, as text."""

from dataclasses import replace

import pytest

from greenxl.campaign.model import Campaign
from greenxl.findings import finding, grouped
from greenxl.report.book import consolidate
from greenxl.report.sheets.findings_and_files import first_cells, in_order
from greenxl.report.sheets.score_table import score_table
from greenxl.returns.intake import Outcome
from greenxl.scoring.vocabulary import OUTCOME_WORDS
from tests.tools.reports import DAY, Report, cells, numbered, opened
from tests.tools.rounds import Given, round_of


def test_every_finding_is_listed(report: Report) -> None:
    """Like ones of a sheet in one row, with all their cells."""
    result = report.result
    rows = numbered(report.cells("问题清单")[3:])
    assert sorted((row[4] or "", row[6] or "") for row in rows) == sorted(
        (one.file, one.shown_cells()) for one in grouped(result.findings, across_sheets=False)
    )
    named = {cell for row in rows for cell in (row[6] or "").split("、")}
    assert named == {one.cell for one in result.findings}


def test_every_file_is_listed(report: Report) -> None:
    """With its outcome, its size and its hash, those that were not read first."""
    found = [(row[1], row[2], row[5], row[6]) for row in numbered(report.cells("文件台账")[3:])]
    entries = report.result.entries
    assert sorted(found) == sorted(
        (entry.file, OUTCOME_WORDS[entry.outcome], entry.bytes, entry.sha256) for entry in entries
    )
    read = [outcome == OUTCOME_WORDS[Outcome.READ] for _file, outcome, _bytes, _hash in found]
    assert read == sorted(read)


def test_sizes_and_hashes_of_files_are_not_printed(report: Report) -> None:
    """They are there to look up."""
    sheet = opened(report.data)["文件台账"]
    *_printed, last = sheet[sheet.print_area.split("!")[-1].replace("$", "")][0]
    if report.result.entries:
        beside = [sheet.cell(3, last.column + more).value for more in range(3)]
        assert beside == ["原因", "大小（字节）", "SHA-256"]


@pytest.mark.parametrize(
    ("errors", "notes", "rows"),
    [(0, 3, 3), (0, 60, 12), (5, 60, 12), (40, 60, 40), (0, 0, 1)],
    ids=["few", "notes-alone", "errors-and-notes", "errors-beyond-the-page", "nothing"],
)
def test_what_asks_nothing_is_not_printed_beyond_a_page(
    huantai: Campaign, errors: int, notes: int, rows: int
) -> None:
    """Every error is; the line above says how many rows are not."""
    result, tables = round_of(huantai, {})
    found = [finding("score-text", f"{n}", f"{n}", "E4", "五", criterion=1, points=5) for n in range(errors)]
    found += [
        finding("score-spelling", f"n{n}", f"n{n}", "E4", "５", criterion=1, value="5") for n in range(notes)
    ]
    sheet = opened(consolidate(replace(result, findings=tuple(found)), tables, DAY))["问题清单"]
    printed = sheet[sheet.print_area.split("!")[-1].replace("$", "")]
    assert len(printed) == 3 + rows
    left_out = errors + notes - rows
    assert (f"其余{left_out}条不打印" in sheet["A2"].value) == (left_out > 0)


def test_empty_lists_say_so(huantai: Campaign) -> None:
    """Instead of tables without rows."""
    result, tables = round_of(huantai, {})
    data = consolidate(replace(result, findings=(), entries=()), tables, DAY)
    assert cells(data, "问题清单")[3][0] == "没有发现问题。"
    assert cells(data, "文件台账")[3][0] == "没有收到文件。"


def test_errors_come_first_then_the_order_of_the_roster(huantai: Campaign) -> None:
    """As a clerk works them off; what belongs to no community comes last among its like."""
    first, second = huantai.communities[:2]
    found = [
        finding("no-form", "a.xlsx"),
        finding("score-text", "b", "b", "E4", "五", criterion=1, points=5).at(
            town=second.town, community=second.name
        ),
        finding("returned-twice", "c", "c", chosen="d").at(town=first.town, community=first.name),
        finding("score-text", "e", "e", "E4", "五", criterion=1, points=5).at(
            town=first.town, community=first.name
        ),
    ]
    ordered = in_order(found, huantai)
    assert [one.file for one in ordered] == ["e", "b", "a.xlsx", "c"]
    assert first_cells(ordered)[first.town, first.name] == "'问题清单'!$A$4"


def test_a_name_leads_to_its_scores(huantai: Campaign) -> None:
    """The community's name on 问题清单 leads to its row on 社区得分."""
    result, tables = round_of(huantai, {huantai.communities[4]: [None, "五", *[5] * 18]})
    book = opened(consolidate(result, tables, DAY))
    row = score_table(huantai).first_row + 5
    assert book["问题清单"]["D4"].hyperlink.location == f"'社区得分'!$C${row}"


def test_text_from_returns_stays_text(huantai: Campaign) -> None:
    """What looks like a formula, a link or an array is written as the text that it is."""
    evil = ["=cmd|' /C calc'!A0", "{=1+1}", "internal:'总览'!A1", "https://example.cn/", "+1", "@SUM(A1)"]
    result, tables = round_of(huantai, {})
    found = [finding("score-text", text, text, "E4", text, criterion=1, points=5) for text in evil]
    data = consolidate(replace(result, findings=tuple(found)), tables, DAY)
    sheet = opened(data, values=False)["问题清单"]
    for row, text in enumerate(sorted(evil), 4):
        shown = [sheet.cell(row, column) for column in (5, 6, 8)]
        assert [(cell.value, cell.data_type, cell.hyperlink) for cell in shown] == [(text, "s", None)] * 3


def test_lists_that_outgrow_a_sheet_go_on_in_the_next(
    huantai: Campaign, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No finding and no file is cut off; numbers run on, and names lead to the sheet where the finding is."""
    monkeypatch.setattr("greenxl.report.layout.MOST_RECORDS", 2)
    given: Given = {one: ["五", *[5] * 19] for one in huantai.communities[:5]}
    made = round_of(huantai, given)
    data = consolidate(*made, DAY)
    book = opened(data)
    assert [name for name in book.sheetnames if name.startswith(("问题清单", "文件台账"))] == [
        "问题清单", "问题清单2", "问题清单3", "文件台账", "文件台账2",
    ]  # fmt: skip
    parts = [numbered(cells(data, name)[3:]) for name in ("问题清单", "问题清单2", "问题清单3")]
    assert [row[0] for rows in parts for row in rows] == [1, 2, 3, 4, 5]
    assert [row[3] for rows in parts for row in rows] == [one.name for one in huantai.communities[:5]]
    files = [row[1] for name in ("文件台账", "文件台账2") for row in numbered(cells(data, name)[3:])]
    assert sorted(files) == sorted(entry.file for entry in made[0].entries)
    links = {cell.value: cell.hyperlink.location for (cell,) in book["社区得分"]["C6:C10"]}
    assert links[huantai.communities[4].name] == "'问题清单3'!$A$4"
