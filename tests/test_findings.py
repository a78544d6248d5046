"""Findings tell where, what and what to do; like ones are told as one."""

import re
from dataclasses import replace

import pytest

from greenxl.catalogue import CATALOGUE, Severity
from greenxl.findings import Finding, Term, count, finding, grouped
from greenxl.i18n import CHINESE, ENGLISH

FIELDS = re.compile(r"\{(\w+)\}")


def blank(cell: str, number: int, sheet: str = "永安社区") -> Finding:
    return finding("score-blank", "a.xlsx", sheet, cell, criterion=number, points="5")


def told(findings: list[Finding], language: str = ENGLISH) -> list[str]:
    return [one.line(language) for one in grouped(findings, language)]


def test_a_finding_tells_where_and_what_in_both_languages() -> None:
    """Its words come from the catalogue, the values from what was found."""
    one = finding("score-text", "a.xlsx", "永安社区", "E6", "五", criterion=3, points="4.5")
    assert one.where() == "a.xlsx › 永安社区!E6"
    assert one.message(ENGLISH) == (
        "The score of criterion 3 is “五”, which is not a number. Type a number from 0 to 4.5."
    )
    assert one.message(CHINESE) == "第3条的得分是“五”，不是数字。请填 0 到 4.5 之间的数字。"


def test_a_word_inside_a_message_is_translated_with_it() -> None:
    """A term speaks the language of its message, a found text does not change."""
    one = finding("file-kind", "a.xlsx", kind=Term("a picture"))
    assert one.message(CHINESE) == "这是图片，不是电子表格。请对方报送 .xlsx 格式的评分表。"
    assert "这是a picture" in finding("file-kind", "a.xlsx", kind="a picture").message(CHINESE)


@pytest.mark.parametrize(
    ("found", "place"),
    [
        (finding("file-empty", "a.xlsx"), "a.xlsx"),
        (finding("no-form", "a.zip/b.xlsx", "甲"), "a.zip/b.xlsx › 甲"),
        (finding("file-macros", "", "甲", "E4"), "甲!E4"),
        (finding("file-macros"), ""),
        (finding("table-empty", "创建名单", row=3), "创建名单, row 3"),
        (replace(finding("table-empty", "创建名单"), rows=(3, 5)), "创建名单, rows 3, 5"),
        (
            replace(finding("table-empty", "创建名单"), rows=tuple(range(2, 42))),
            "创建名单, rows 2, 3, 4, 5, 6 … (40 in all)",
        ),
    ],
    ids=["file", "sheet", "no-file", "nowhere", "row", "rows", "many rows"],
)
def test_a_place_names_what_is_known(found: Finding, place: str) -> None:
    """Only the parts that are known are told, without empty separators."""
    assert found.where() == place
    assert found.line(ENGLISH) == (f"{place}: " if place else "") + found.message(ENGLISH)


def test_like_findings_of_a_sheet_are_one_line() -> None:
    """Cells and criteria are listed as the language does; those of another sheet stay apart."""
    findings = [blank("E4", 1), blank("E7", 4), blank("E4", 1, "西苑社区")]
    assert told(findings) == [
        "a.xlsx › 永安社区!E4, E7: The scores of criteria 1, 4 are blank. "
        "Type a number from 0 to the points of each; 0 if nothing was achieved.",
        "a.xlsx › 西苑社区!E4: The score of criterion 1 is blank. "
        "Type a number from 0 to 5; 0 if nothing was achieved.",
    ]
    assert told(findings, CHINESE)[0] == (
        "a.xlsx › 永安社区!E4、E7：第1、4条没有填得分。请填 0 到各条标准分之间的数字，没有做到的填 0。"
    )


def test_empty_forms_of_a_file_are_one_line() -> None:
    """What concerns whole sheets is told once a file."""
    findings = [finding("sheet-empty", "a.xlsx", name) for name in ("甲", "乙")]
    assert told(findings) == [
        "a.xlsx › 甲, 乙: 2 forms came back without a single score and count as not returned. "
        "Fill in every score and return them."
    ]


def test_the_same_thing_is_listed_once() -> None:
    """Two cells with the same wrong value name the value once."""
    findings = [
        finding("score-text", "a.xlsx", "甲", cell, "优", criterion=number, points="5")
        for cell, number in (("E4", 1), ("E5", 2))
    ]
    assert grouped(findings)[0].found == "优"


def merged(number: int, label: str, answers: str = "") -> Finding:
    found = finding("score-merged", "a.xlsx", "甲", criterion=number, label=label, points="5")
    return replace(found, values=(*found.values, ("answers", answers))) if answers else found


def test_a_message_names_what_may_be_typed() -> None:
    """A number up to the points, or one of the answers; the form's own number is shown."""
    message = merged(7, "C7").message(CHINESE)
    assert message.startswith("第C7条没有得分：")
    assert message.endswith("请取消合并，填 0 到 5 之间的数字。")
    assert merged(7, "C7", "符合、不符合").message(ENGLISH).endswith("and type one of 符合、不符合.")


def test_like_findings_are_told_as_one_where_the_same_may_be_typed() -> None:
    """Numbers and words apart, each by the numbers that the form prints."""
    found = [merged(1, "1.1"), merged(2, "1.2", "是、否"), merged(3, "2.1"), merged(4, "2.2", "是、否")]
    numbers, words = grouped(found)
    assert (numbers.criteria, numbers.labels, words.labels) == ((1, 3), ("1.1", "2.1"), ("1.2", "2.2"))
    assert numbers.message(ENGLISH).endswith("and type a number from 0 to the points of each.")
    assert words.message(ENGLISH).startswith("The scores of criteria 1.2, 2.2 are blank")
    assert words.message(ENGLISH).endswith("and type one of 是、否.")


def test_what_may_be_typed_instead_of_a_number_is_named() -> None:
    """不适用, where the criterion allows it; without a space before a Chinese quotation mark."""
    blank = finding("score-blank", "a.xlsx", "甲", criterion=7, label="C7", points="5")
    also = replace(blank, values=(*blank.values, ("also", "不适用")))
    assert blank.message(CHINESE) == "第C7条没有填得分。请填 0 到 5 之间的数字，没有做到的填 0。"
    assert also.message(CHINESE) == "第C7条没有填得分。请填 0 到 5 之间的数字，或“不适用”，没有做到的填 0。"
    assert also.message(ENGLISH).endswith("Type a number from 0 to 5, or 不适用; 0 if nothing was achieved.")
    assert [one.like for one in grouped([blank, also])] == [1, 1]
    assert merged(7, "C7", "符合、不符合").message(CHINESE).endswith("请取消合并，填“符合、不符合”之一。")


@pytest.mark.parametrize(
    ("labels", "named"),
    [(("1.1", "C12"), "第1.1、C12条"), (("否1", "2.1"), "否1、2.1"), (("一、1",), "一、1")],
    ids=["numbers", "a word among them", "a Chinese numeral"],
)
def test_labels_that_are_words_are_not_counted(labels: tuple[str, ...], named: str) -> None:
    """第否1条 is no Chinese."""
    found = [
        finding("criterion-missing", criterion=n, label=label, text="条文")
        for n, label in enumerate(labels, 1)
    ]
    assert grouped(found)[0].message(CHINESE).startswith(f"表中缺少{named}")


def test_errors_come_first() -> None:
    """Warnings never drown errors, whatever the order they were found in."""
    codes = ["score-spelling", "file-macros", "file-empty", "sheet-hidden"]
    ordered = grouped(finding(code, "a.xlsx", criterion=1, value=1) for code in codes)
    assert [one.severity for one in ordered] == [
        Severity.ERROR,
        Severity.WARNING,
        Severity.WARNING,
        Severity.NOTE,
    ]


def test_the_count_counts_every_finding() -> None:
    """Findings are counted before they are grouped; a severity without any is 0."""
    assert count([blank("E4", 1), blank("E5", 2)]) == {
        Severity.ERROR: 2,
        Severity.WARNING: 0,
        Severity.NOTE: 0,
    }


def test_a_message_for_many_has_its_values() -> None:
    """It names nothing that the single message and the grouping do not give."""
    for code, kind in CATALOGUE.items():
        given = {*FIELDS.findall(kind.message), "found", "count", "numbers"}
        assert set(FIELDS.findall(kind.many)) <= given, code
