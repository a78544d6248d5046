"""What a cell shows of its value, and whether that is still the value; two other programs are asked too."""

import re
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest
import xlsxwriter

from greenxl.workbooks.cells import Format, address
from greenxl.workbooks.formats.number_format import (
    GENERAL,
    UNKNOWN,
    Epoch,
    built_in,
    iso_value,
    kept_code,
    number_look,
    text_look,
)
from tests.tools.office import Office

PLAIN, ROUNDED, PERCENT = Format.PLAIN, Format.ROUNDED, Format.PERCENT
DATE, HIDDEN, OTHER = Format.DATE, Format.HIDDEN, Format.OTHER


@pytest.mark.parametrize(
    ("code", "value", "kind", "shown"),
    [
        (GENERAL, 4.5, PLAIN, ""),
        ("@", 4.5, PLAIN, ""),
        ("0.00", 4.5, PLAIN, ""),
        ("#,##0.00", 1234.5, PLAIN, ""),
        ("0_ ", 4.0, PLAIN, ""),
        ("0.00_ ;[Red]\\-0.00\\ ", 4.5, PLAIN, ""),
        ('_ * #,##0.00_ ;_ * -#,##0.00_ ;_ * "-"??_ ;_ @_ ', 4.5, PLAIN, ""),
        ('0"分"', 4.0, PLAIN, ""),
        ('General"分"', 4.5, PLAIN, ""),
        ("[Red]0.0", 4.5, PLAIN, ""),
        ("0.00E+00", 4.5, PLAIN, ""),
        ("000", 7.0, PLAIN, ""),
        (".00", 1.5, PLAIN, ""),
        ("¥0.00", 5.0, PLAIN, ""),
        ("[$¥-804]0", 5.0, PLAIN, ""),
        ("0", 4.5, ROUNDED, "5"),
        ("0.0", 4.05, ROUNDED, "4.1"),
        ("0", 4.49, ROUNDED, "4"),
        ("0.0E+0", 4.56, ROUNDED, "4.6E+0"),
        ('0"分"', 4.5, ROUNDED, "5分"),
        ("0%", 0.8, PERCENT, "80%"),
        ("0.0%", 0.856, PERCENT, "85.6%"),
        ("0\\%", 4.0, PERCENT, "4%"),
        ("0.0\\ \\%", 4.0, PERCENT, "4.0 %"),
        ('0"％"', 4.0, PERCENT, "4％"),
        ("[<1]0%;0", 0.5, PERCENT, "50%"),
        ("[<1]0%;0", 4.0, PLAIN, ""),
        (";;;", 4.0, HIDDEN, ""),
        ("0;;", 0.0, HIDDEN, ""),
        ("#", 0.0, HIDDEN, ""),
        ('""', 4.0, HIDDEN, ""),
        ("0;;", -4.0, HIDDEN, ""),
        ('"1"', 5.0, OTHER, "1"),
        ('[>=3]"优";"差"', 4.0, OTHER, "优"),
        ('[>=3]"优";"差"', 2.0, OTHER, "差"),
        ("0,", 4500.0, OTHER, "5"),
        ("0.0,", 4500.0, OTHER, "4.5"),
        ("# ?/?", 4.5, OTHER, "4 1/2"),
        ("# ?/?", 4.0, PLAIN, ""),
        ("?/8", 4.5, OTHER, "36/8"),
        ("000-0000", 1234567.0, OTHER, "123-4567"),
        ('0"/5"', 4.0, OTHER, "4/5"),
        ("(0)", 4.0, OTHER, "(4)"),
        ("-0", 4.0, OTHER, "-4"),
        ("0;0", -4.0, OTHER, "4"),
        ("0;(0)", -4.0, PLAIN, ""),
        ("0;-0", -4.0, PLAIN, ""),
        ('[>=60]0;-0;"其他"', 70.0, PLAIN, ""),
        ('[>=60]0;-0;"其他"', -4.0, PLAIN, ""),
        ('[>=60]0;-0;"其他"', 4.0, OTHER, "其他"),
        ('0;[<-2]-0;"其他"', 4.0, PLAIN, ""),
        ('0;[<-2]-0;"其他"', 0.0, OTHER, "其他"),
        ("0", -4.0, PLAIN, ""),
        ('0;-0;"零"', 0.0, OTHER, "零"),
        ("[DBNum1]General", 4.0, OTHER, ""),
        (UNKNOWN, 4.0, OTHER, ""),
        ("zz", 4.0, OTHER, ""),
        ("0" * 2000, 4.0, OTHER, ""),
        ("[=1]0", 4.0, OTHER, "########"),
    ],
)
def test_a_number_is_what_is_read_off_the_sheet(code: str, value: float, kind: Format, shown: str) -> None:
    """Words around a number leave it the number that it is; all else is told, with what is shown."""
    assert number_look(code, value)[:2] == (kind, shown)


@pytest.mark.parametrize(
    ("code", "value", "shown", "read"),
    [
        ("yyyy-m-d", 44469.0, "2021-9-30", date(2021, 9, 30)),
        ('yyyy"年"m"月"d"日";@', 44469.0, "2021年9月30日", date(2021, 9, 30)),
        ("m/d", 44291.0, "4/5", date(2021, 4, 5)),
        ("aaaa", 44469.0, "星期四", date(2021, 9, 30)),
        ("[$-804]aaaa;@", 44469.0, "星期四", date(2021, 9, 30)),
        ("[$-804]dddd", 44469.0, "星期四", date(2021, 9, 30)),
        ("[$-409]ddd", 44469.0, "Thu", date(2021, 9, 30)),
        ("d-mmm-yy", 44469.0, "30-Sep-21", date(2021, 9, 30)),
        ("gggee", 44469.0, "", date(2021, 9, 30)),
        ("e", 44469.0, "2021", date(2021, 9, 30)),
        ("[$-F800]dddd, mmmm dd, yyyy", 44469.0, "2021年9月30日", date(2021, 9, 30)),
        ("yyyy-m-d h:mm", 44469.75, "2021-9-30 18:00", datetime(2021, 9, 30, 18)),
        ("h:mm", 0.75, "18:00", time(18)),
        ("h:mm:ss", 0.7506134259259259, "18:00:53", time(18, 0, 53)),
        ("h:mm:ss", 0.7673611111111112, "18:25:00", time(18, 25)),
        ("yyy-m", 44469.0, "2021-9", date(2021, 9, 30)),
        ("h:mm AM/PM", 0.75, "6:00 PM", time(18)),
        ('上午/下午h"时"mm"分"', 0.75, "下午6时00分", time(18)),
        ("mm:ss.0", 0.5 / 86400, "00:00.5", time(microsecond=500_000)),
        ("[h]:mm", 1.5, "36:00", timedelta(days=1.5)),
        ("[mm]:ss", 1.5, "2160:00", timedelta(days=1.5)),
        ("[s]", 0.001, "86", timedelta(seconds=86.4)),
        ("yyyy-m-d", 4.0, "1900-1-4", date(1900, 1, 4)),
        ("yyyy-m-d", 60.0, "1900-2-29", 60.0),
        ("yyyy-m-d", 0.0, "1900-1-0", time()),
        ("yyyy-m-d", 20210930.0, "########", 20210930.0),
        ("yyyy-m-d", -1.0, "########", -1.0),
        ("[$-804][DBNum1]yyyy", 44469.0, "", date(2021, 9, 30)),
    ],
)
def test_a_date_format_makes_dates(code: str, value: float, shown: str, read: object) -> None:
    """Weekdays, eras and durations too; a number beyond every date stays a number, and is told as a date."""
    assert number_look(code, value) == (DATE, shown, read)


@pytest.mark.parametrize(
    ("epoch", "value", "read"),
    [
        (Epoch.FROM_1900, 1.0, date(1900, 1, 1)),
        (Epoch.FROM_1904, 1.0, date(1904, 1, 2)),
        (Epoch.FROM_1904, 0.0, date(1904, 1, 1)),
        (Epoch.OPEN_DOCUMENT, 1.0, date(1899, 12, 31)),
        (Epoch.OPEN_DOCUMENT, 44469.0, date(2021, 9, 30)),
    ],
)
def test_days_are_counted_from_where_the_file_does(epoch: Epoch, value: float, read: object) -> None:
    """Excel's two date systems, and OpenDocument's."""
    assert number_look("yyyy-m-d", value, epoch).value == read


@pytest.mark.parametrize(
    ("code", "text", "kind", "shown"),
    [
        (GENERAL, "优", PLAIN, ""),
        ("0.00", "优", PLAIN, ""),
        ("@", "优", PLAIN, ""),
        ('0;-0;0;"x"', "优", OTHER, "x"),
        ('@"分"', "5", OTHER, "5分"),
        ('@"%"', "5", PERCENT, "5%"),
        (";;;", "优", HIDDEN, ""),
        (";;;", " ", PLAIN, ""),
        ("0;;;@", "优", PLAIN, ""),
        ("0;@", "优", PLAIN, ""),
        ("@@@@", "字" * 1_000_000, OTHER, "字" * 255),
        (UNKNOWN, "优", PLAIN, ""),
    ],
    ids=[
        "general", "numbers only", "text", "another", "with a word", "with a sign", "hidden", "a blank",
        "as it is", "two sections", "a long one", "unknown",
    ],
)  # fmt: skip
def test_texts_have_a_section_of_their_own(code: str, text: str, kind: Format, shown: str) -> None:
    """Most formats show a text as it is."""
    assert text_look(code, text)[:2] == (kind, shown)


def test_built_in_formats_are_those_of_a_chinese_excel() -> None:
    """No file spells them out; what none defines is not known."""
    kinds = {n: number_look(built_in(n), 0.8).format for n in range(60)}
    assert {n for n, kind in kinds.items() if kind is PERCENT} == {9, 10}
    dates = {*range(14, 23), *range(27, 37), 45, 46, 47, *range(50, 59)}
    assert {n for n, kind in kinds.items() if kind is DATE} == dates
    assert {n for n in range(60) if built_in(n) == UNKNOWN} == {23, 24, 25, 26, 59}


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("2021-09-30", date(2021, 9, 30)),
        ("2021-09-30T18:00:00", datetime(2021, 9, 30, 18)),
        ("2021-09-30T18:00:00.5", datetime(2021, 9, 30, 18, 0, 0, 500_000)),
        ("2021-09-30T18:00Z", datetime(2021, 9, 30, 18)),
        ("18:00:00", time(18)),
    ],
)
def test_iso_moments_are_read(text: str, read: object) -> None:
    """As they stand in files."""
    assert iso_value(text) == read


@pytest.mark.parametrize("text", ["", "2021-9-30", "20210930", "2021-W39-4", "2021-99-99", "٢٠٢١-٠٩-٣٠"])
def test_what_only_python_takes_for_a_moment_is_none(text: str) -> None:
    """Nor what no calendar has."""
    with pytest.raises(ValueError, match=f"month|{text}$"):
        iso_value(text)


# The oracles.

CODES = """General|0|0.0|0.00|0.##|#|.00|#,##0|#,##0.00|0,|0,,|#,##0,|0%|0.00%|0\\%|0.0\\ \\%|0"%"|0.00E+00|# ?/?
# ??/??|?/?|# ?/8|@|"优"|0"分"|General"分"|;;;|0;;|0;0|0;[Red]-0|(0)|-0|0.00_);(0.00)|[Red]0.00|[>=60]"合格";"不合格"
[<1]0%;0|[=1]"是";[=0]"否";0|_ * #,##0.00_ ;_ * -#,##0.00_ ;_ * "-"??_ ;_ @_ |000-0000|000|0000\\.00|¥#,##0.00
0.0"x"0|yyyy-m-d|yyyy/mm/dd|m"月"d"日"|yyyy"年"m"月"d"日";@|[$-409]dddd|[$-409]d-mmm-yy|h:mm|h:mm:ss|hh:mm:ss AM/PM
[h]:mm|[mm]:ss|mm:ss.0|yyyy-m-d h:mm|"第"0"条"|0"/5"|00000000|#0.0#;-#0.0#;"零";@"""
VALUES = [0.0, 1.0, 4.0, 4.5, 4.05, 4.994, 4.995, 0.8, 0.005, 0.5, 12.25, 100.0, 1234.5678, 44463.0, 44463.75]


def codes() -> list[str]:
    return CODES.replace("\n", "|").split("|")


def seen(code: str, value: float, shown: str) -> tuple[str, str]:
    """Return what we say that a number shows, and what another program says, so that they can be compared.

    A plain number is compared as one, for we do not say how it is written.
    """
    look = number_look(code, value)
    theirs = re.sub(r"\s+", " ", shown).strip()
    if look.format is PLAIN:
        number = re.search(r"\d[\d,]*\.?\d*(?:E[+-]?\d+)?|\.\d+", theirs)
        same = number is not None and abs(float(number[0].replace(",", "")) - value) <= 1e-9 * value
        return f"{value:g}", f"{value:g}" if same else theirs
    return re.sub(r"\s+", " ", look.shown).strip(), theirs


def test_formulon_shows_the_same() -> None:
    """Except: it drops the whole number before a lone point (Excel and LibreOffice show .00 of 1.5 as 1.50),
    and prefers 5 to 4 98/99 for 4.994."""
    formulon = pytest.importorskip("formulon")
    book = formulon.Workbook.create_for_profile("win-365-zh_CN")
    differing = set()
    for code in codes():
        for value in VALUES:
            number = formulon.Value(formulon.ValueKind.NUMBER, number=value)
            text, _status = book.format_value(number, "" if code == GENERAL else code)
            ours, theirs = seen(code, value, text)
            if ours != theirs:
                differing.add((code, value))
    assert {code for code, _value in differing} == {".00", "# ??/??"}
    assert {value for code, value in differing if code == "# ??/??"} == {4.994}


def test_libreoffice_shows_the_same(office: Office, tmp_path: Path) -> None:
    """Except: it counts days before March 1900 otherwise, cuts seconds instead of rounding them, drops a
    point that stands alone, and shows 5 thousandths in hundredths as none."""
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("S")
        sheet.set_column(0, len(VALUES), 60)
        for row, code in enumerate(codes()):
            style = book.add_format({"num_format": code})
            for column, value in enumerate(VALUES):
                sheet.write_number(row, column, value, style)
    shown = office.shown(path)["S"]
    differing = {
        (code, value)
        for row, code in enumerate(codes())
        for column, value in enumerate(VALUES)
        if len(set(seen(code, value, shown[address(row, column)]))) > 1
    }
    days = {c for c in codes() if re.search("[yd]", c) and "General" not in c and "Red" not in c}
    unexplained = {
        (code, value)
        for code, value in differing
        if not (code in days and value < 61)
        and not (code in ("h:mm:ss", "hh:mm:ss AM/PM") and value in (4.994, 1234.5678))
        and not (code == "0.##" and value == 4.995)
    }
    assert unexplained == set()


def test_a_code_that_is_too_long_is_not_kept() -> None:
    """It is not understood anyway: what it shows is as unknown as that of a format that is not given."""
    long = '"' + "x" * 1_000 + '"0'
    assert kept_code(long) == UNKNOWN
    assert kept_code("0.0") == "0.0"
    assert number_look(long, 4.5) == number_look(UNKNOWN, 4.5)
    assert text_look(long, "优") == text_look(UNKNOWN, "优")
