"""What must be said of a score cell in each state, whatever program wrote it and in whatever format.

Each promise is a sheet of its own, which differs from the official form in one thing; the cell is E9, the
score of criterion 6.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, time, timedelta
from decimal import Decimal
from typing import Any

from tests.tools.opendocument import ACCOUNTING
from tests.tools.sheets import Put, Sheet
from tests.tools.writers import Writer

CELL, BELOW = "E9", "E10"
ALL = tuple(f"E{row}" for row in range(4, 24))


@dataclass(frozen=True, slots=True)
class Verdict:
    """The accepted scores by their cells, and what is found, as ``code cell quote``."""

    scores: Mapping[str, str]
    found: Sequence[str]


@dataclass(frozen=True, slots=True, eq=False)
class Promise:
    """A sheet that differs from the form, and what must come of it."""

    name: str
    cells: Mapping[str, Put]
    score: str = ""
    """The score that is accepted, '' for none."""
    found: tuple[str, ...] = ()
    change: Mapping[str, Any] = field(default_factory=dict)
    """What else of the sheet is different."""
    below: str = "4"
    """The score that is accepted of the next criterion."""

    def __str__(self) -> str:
        return self.name

    @property
    def put(self) -> Put:
        """What stands in the cell."""
        return self.cells.get(CELL, Put(4))

    def sheet(self, form: Sheet) -> Sheet:
        cells = {a1: put for a1, put in {**form.cells, **self.cells}.items() if put != GONE}
        changed = replace(form, name=self.name, cells=cells, **self.change)
        return replace(changed, merges=[*form.merges, *self.change.get("merges", ())])


GONE = Put(code="gone")
"""Put where nothing is to be left."""


def _is(name: str, put: Put, score: str = "", *found: str, **more: Any) -> Promise:
    """Return a promise about one cell; findings are ``code quote``."""
    at = tuple(f"{code} {CELL} {quote}" for code, _blank, quote in (one.partition(" ") for one in found))
    return Promise(name, {CELL: put}, score, at, **more)


def _not(name: str, put: Put, code: str, quote: str, **more: Any) -> Promise:
    return _is(name, put, "", f"{code} {quote}", **more)


def _sheet(
    name: str,
    *found: str,
    score: str = "4",
    below: str = "4",
    cells: Mapping[str, Put] | None = None,
    **change: Any,
) -> Promise:
    return Promise(name, cells or {}, score, found, change, below=below)


SHOWN = (
    _is("number", Put(4.5), "4.5"),
    _is("zero", Put(0), "0"),
    _is("one decimal", Put(4.5, "0.0"), "4.5"),
    _is("two decimals", Put(4.5, "0.00"), "4.5"),
    _is("whole", Put(3, "0"), "3"),
    _is("with a unit", Put(3, '0"分"'), "3"),
    _is("in red", Put(4.5, "[Red]0.0"), "4.5"),
    _is("accounting", Put(4.5, ACCOUNTING), "4.5"),
    _is("money", Put(4.5, "\\￥0.00"), "4.5"),
    _is("scientific", Put(3, "0.00E+00"), "3"),
    _is("number in a text format", Put(3, "@"), "3"),
    _is("text of a number", Put("3", "@"), "3", "score-spelling 3"),
    _is("text with a unit", Put("3分"), "3", "score-spelling 3分"),
    _is("full width", Put("４．５"), "4.5", "score-spelling ４．５"),
    _is("blanks around", Put(" 3 "), "3", "score-spelling 3"),
    _is("words", Put("优"), "", "score-text 优"),
    _is("typed percentage", Put("4%"), "", "score-text 4%"),
    _is("blank", GONE, "", "score-blank "),
    _is("white space", Put("\u3000"), "", "score-blank "),
    _not("high", Put(6), "score-high", "6"),
    _not("negative", Put(-1), "score-negative", "-1"),
    _not("three decimals", Put(3.125), "score-decimals", "3.125"),
    _not("phone number", Put(13812345678), "score-high", "13812345678"),
    _not("identity number", Put("370321199001011234"), "score-high", "370321199001011234"),
    _is("in several fonts", Put("34", runs=(("3", False), ("4", False))), "", "score-high 34"),
)
"""What a cell shows is what counts."""

FORMATS = (
    _not("percent", Put(0.04, "0%"), "score-percent", "4%"),
    _not("percent of decimals", Put(0.045, "0.00%"), "score-percent", "4.50%"),
    _not("literal percent", Put(4, "0\\%"), "score-percent", "4%"),
    _is("rounded", Put(4.5, "0"), "4.5", "score-rounded 5"),
    _is("rounded decimals", Put(3.25, "0.0"), "3.25", "score-rounded 3.3"),
    _not("nothing shown", Put(4, ";;;"), "score-format", ""),
    _not("text not shown", Put("3", ";;;"), "score-format", ""),
    _not("text with a sign", Put("3", '@"%"'), "score-percent", "3%"),
    _not("another number", Put(4, '"1"'), "score-format", "1"),
    _not("minus not shown", Put(-3, "0;0"), "score-format", "3"),
    _not("in thousands", Put(4, "0,"), "score-format", "0"),
    _not("fraction", Put(4.5, "# ?/?"), "score-format", "4 1/2"),
    _not("condition", Put(4, '[>=4]"满";0'), "score-format", "满"),
    _not("of five", Put(4, '0"/5"'), "score-format", "4/5"),
    _not("Chinese digits", Put(4, "[DBNum1][$-804]General"), "score-format", "…"),
    _not("date format", Put(4, "yyyy-mm-dd"), "score-date", "1900-01-04"),
    _not("date", Put(date(2021, 4, 5), "yyyy-mm-dd"), "score-date", "2021-04-05"),
    _not("month and day", Put(date(2021, 4, 5), 'm"月"d"日"'), "score-date", "4月5日"),
    _not("weekday", Put(date(2021, 4, 5), "[$-804]aaaa"), "score-date", "星期一"),
    _not("time", Put(time(4, 30), "h:mm"), "score-date", "4:30"),
    _not("duration", Put(timedelta(hours=28, minutes=30), "[h]:mm"), "score-date", "28:30"),
)
"""What a number format makes of it."""

ERRORS = {
    "REF": "#REF!", "DIV0": "#DIV/0!", "NAME": "#NAME?", "NA": "#N/A", "VALUE": "#VALUE!", "NUM": "#NUM!",
    "NULL": "#NULL!", "SPILL": "#SPILL!", "CALC": "#CALC!", "GETTING_DATA": "#GETTING_DATA",
}  # fmt: skip
OTHERS = (
    _not("true", Put(True), "score-boolean", "TRUE"),
    *(_not(f"error {name}", Put(error=error), "score-broken", error) for name, error in ERRORS.items()),
    _not("error 502", Put(error="Err:502", formula="FACT(-1)"), "score-broken", "Err:502"),
    _is("formula", Put(4.5, formula="4+0.5"), "4.5", "score-formula =4+0.5"),
    _is("array formula", Put(4.5, formula="4+0.5", array=True), "4.5", "score-formula =4+0.5"),
    _not("formula that failed", Put(error="#DIV/0!", formula="1/0"), "score-broken", "#DIV/0!"),
    _not("formula of a text", Put("4", formula='"4"'), "score-broken", '="4"'),
    _is("formula of an empty text", Put("", formula='""'), "", 'score-blank =""'),
    _not("formula of a percentage", Put(0.04, "0%", formula="4/100"), "score-percent", "4%"),
    _not("formula never calculated", Put(formula="4+0.5"), "score-broken", "=4+0.5"),
    _not("struck", Put(3, struck=True), "score-struck", ""),
    _not("struck text", Put("3", struck=True), "score-struck", ""),
    _not("struck in part", Put("34", runs=(("3", True), ("4", False))), "score-struck", "4"),
    _not("struck at the end", Put("34", runs=(("3", False), ("4", True))), "score-struck", "3"),
)  # fmt: skip
"""What stands in it that is no number."""

REVIEW = Put("复核得分")
SHEETS = (
    _sheet("hidden row", f"scores-hidden {CELL} {CELL}", hidden_rows=[9]),
    _sheet("low row", f"scores-hidden {CELL} {CELL}", low_rows=[9]),
    _sheet("hidden column", f"scores-hidden E4 {'、'.join(ALL)}", hidden_columns=["E"]),
    _sheet("narrow column", f"scores-hidden E4 {'、'.join(ALL)}", narrow_columns=["E"]),
    _sheet("hidden sheet", "sheet-hidden  ", state="hidden"),
    _sheet("very hidden sheet", "sheet-hidden  ", state="veryHidden"),
    _sheet("merged scores", f"score-merged {BELOW} {CELL}", below="", cells={BELOW: GONE}, merges=["E9:E10"]),
    _sheet("merged over a value", f"score-merged {BELOW} {CELL}", below="", merges=["E9:E10"]),
    _sheet("merged with the points", f"score-merged {CELL} D9", score="", merges=["D9:E9"]),
    _sheet("merged labels", cells={"D9": GONE}, merges=["C9:D9"]),
    _sheet("second column", "scores-beside F9 F9 3", cells={"F3": REVIEW, "F9": Put(3)}),
    _sheet("second column of texts", "scores-beside F9 F9 3分", cells={"F3": REVIEW, "F9": Put("3分")}),
    _sheet("unheaded numbers", "scores-beside F9 F9 3", cells={"F9": Put(3)}),
    _sheet("far value", "stray-value Z200 7", cells={"Z200": Put(7)}),
    _sheet("conditional format", f"score-format {CELL} …", score="", conditional={CELL: "0%"}),
    _sheet("icon instead", f"score-format {CELL} …", score="", icons=[CELL]),
    _sheet("bar instead", f"score-format {CELL} …", score="", bars=[CELL]),
)  # fmt: skip
"""What a sheet does to it."""

PROMISES = (*SHOWN, *FORMATS, *OTHERS, *SHEETS)
FROM_1904 = (
    _is("number", Put(4.5), "4.5"),
    _not("number as a date", Put(4, "yyyy-mm-dd"), "score-date", "1904-01-05"),
    _not("date", Put(date(2021, 4, 5), "yyyy-mm-dd"), "score-date", "2021-04-05"),
)
"""The same in a workbook whose dates count from 1904."""
WITHOUT_ZEROS = (
    _sheet("zero not shown", f"score-format {CELL} ", score="", cells={CELL: Put(0)}, zeros=False),
)
"""In a workbook of its own, as some programs know this of a whole workbook only."""


# What comes out otherwise.

_NEW_ERRORS = ("error SPILL", "error CALC")
_OF_LIBREOFFICE = "error 502"  # Excel has none such, so that nothing can be converted from it
_INSTEAD = ("icon instead", "bar instead")
_MERGES = ("merged scores", "merged over a value", "merged with the points", "merged labels")

CANNOT: Mapping[str, Sequence[str]] = {
    "ods": ("very hidden sheet",),
    "xlsx": (_OF_LIBREOFFICE,),
    "xlsm": (_OF_LIBREOFFICE,),
    "Excel-ods": (_OF_LIBREOFFICE, *_INSTEAD),
    "LibreOffice-ods": (_OF_LIBREOFFICE,),
    "xls": (*_NEW_ERRORS, _OF_LIBREOFFICE, "formula never calculated"),
    "Excel-5": (*_MERGES, "conditional format", *_INSTEAD),  # they came with Excel 97 and later
    "openpyxl": ("low row", "narrow column"),  # it leaves out what is 0
    "XlsxWriter": (*_NEW_ERRORS, "error GETTING_DATA"),
    "xlwt": ("error VALUE", "error GETTING_DATA", "conditional format", *_INSTEAD),  # its #VALUE! is #NUM!
    "formulon": (*_NEW_ERRORS, "error GETTING_DATA", "struck in part", "struck at the end"),
    "LibreOffice": (  # it knows fewer errors, calculates what it opens, and widens such a column
        *_NEW_ERRORS, "error GETTING_DATA", "formula never calculated", "narrow column",
    ),
    "LibreOffice-xls": ("conditional format", *_INSTEAD),
}  # fmt: skip
"""Format, program, or program and format -> what it cannot write."""
DIFFERENT: Mapping[tuple[str, str], tuple[str, ...]] = {
    ("ods", "date format"): (f"score-date {CELL} 1900-01-03",),  # there is no 29 February 1900
    ("LibreOffice-ods", "formula of an empty text"): (f'score-broken {CELL} =""',),  # as if never calculated
}
"""What is found instead."""


def keys_of(writer: Writer) -> tuple[str, str, str, str]:
    """Return by what a table may name a program, most general first."""
    return "", writer.format, writer.name.removesuffix("-in-rows"), str(writer)


def wanted(promise: Promise, writer: Writer) -> Verdict | None:
    """Return what must come of a promise where a program wrote it, None where that cannot write it."""
    keys = keys_of(writer)
    if any(promise.name in CANNOT.get(key, ()) for key in keys):
        return None
    put, score, found = promise.put, promise.score, promise.found
    found = next((DIFFERENT[key, promise.name] for key in keys if (key, promise.name) in DIFFERENT), found)
    kept = writer.formulas == "stale" and put.error
    if put.formula and writer.formulas != "calculated" and not kept:
        score, found = "", (f"score-broken {CELL} ={put.formula}",)
    if put.formula and writer.format == "xls":  # xlrd gives no formulas
        found = tuple(one.replace(f"={put.formula}", "=…") for one in found)
    scores = dict.fromkeys(ALL, "4") | {CELL: score, BELOW: promise.below}
    return Verdict(scores, found)


# What an office shows.

_EXCELS = ("xlsx", "xlsm", "xls")


def agrees(verdict: Verdict, shown: str) -> bool:
    """Whether an office shows in the cell what greenxl says: the accepted number, or the quote."""
    about = next((one for one in verdict.found if one.split(" ")[1] == CELL), "")
    code, _cell, quote = about.split(" ", 2) if about else ("", "", "")
    if verdict.scores[CELL] and code != "score-rounded":
        return _number(shown) == Decimal(verdict.scores[CELL])
    if code == "score-blank":
        return not shown.strip()
    if code == "score-struck":
        return quote in shown  # what is struck is shown, too
    if code == "score-merged" or quote == "…" or (code == "score-broken" and quote[0] == "="):
        return True  # what is shown is not known, and nothing is counted
    return quote == shown.strip()


def _number(shown: str) -> Decimal | None:
    found = re.fullmatch(
        r"[￥\s]*([-0-9.E+]+)[分\s]*", unicodedata.normalize("NFKC", shown).replace("¥", "￥")
    )
    return Decimal(found[1]) if found else None


LIBREOFFICE_SHOWS: Mapping[tuple[str, str], str] = {
    **{(key, "date format"): "1900-01-03" for key in _EXCELS},  # it counts all days from 30 December 1899
    **{(key, "true"): "1" for key in _EXCELS},  # a truth in the format General
    **{(key, name): "#NAME?" for key in ("xlsx", "xlsm", "openpyxl") for name in _NEW_ERRORS},
    **{(key, "error GETTING_DATA"): "Err:509" for key in ("xlsx", "xlsm", "ods")},
    ("xls", "error GETTING_DATA"): "Err:515",
    **{
        ("LibreOffice-xls", f"error {name}"): "#N/A"
        for name in ("REF", "DIV0", "NAME", "VALUE", "NUM", "NULL")
    },
}
"""What it shows of errors that it does not know, and what it shows otherwise than Excel."""
FORMULON_REFUSES = ("Excel-strict", "Power-BI")
"""Another namespace, and prefixes."""


def otherwise(explained: Mapping[tuple[str, str], str], writer: Writer) -> dict[str, str]:
    """Return what an office shows otherwise in the workbook of a program, by promise."""
    names = {promise.name for promise in PROMISES if wanted(promise, writer)}
    return {name: text for (key, name), text in explained.items() if key in keys_of(writer) and name in names}
