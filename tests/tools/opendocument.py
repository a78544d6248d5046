"""OpenDocument spreadsheets by hand: as Excel saves them, and as a script writes them."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from xml.sax.saxutils import escape, quoteattr

from tests.tools.packages import ods_parts, zipped
from tests.tools.sheets import Book, Put, Sheet, box, letters, place

_WHOLE = '<number:number number:decimal-places="0" number:min-integer-digits="1"/>'
_TENTHS = '<number:number number:decimal-places="1" number:min-integer-digits="1"/>'
_CENTS = '<number:number number:decimal-places="2" number:min-integer-digits="1"/>'
_GENERAL = '<number:number number:min-integer-digits="1"/>'
_YEAR, _MONTH, _DAY = (f'<number:{part} number:style="long"/>' for part in ("year", "month", "day"))
_CLOCK = '<number:hours/><number:text>:</number:text><number:minutes number:style="long"/>'


ACCOUNTING = '_(* #,##0.00_);_(* (#,##0.00);_(* "-"??_);_(@_)'


def _said(text: str) -> str:
    return f"<number:text>{text}</number:text>"


_STYLES = {
    "General": ("number", _GENERAL),
    "@": ("text", "<number:text-content/>"),
    "0": ("number", _WHOLE),
    "0.0": ("number", _TENTHS),
    "0.00": ("number", _CENTS),
    "0%": ("percentage", _WHOLE + _said("%")),
    "0.00%": ("percentage", _CENTS + _said("%")),
    "0\\%": ("number", _WHOLE + _said("%")),
    '0"分"': ("number", _WHOLE + _said("分")),
    "[Red]0.0": ("number", '<style:text-properties fo:color="#ff0000"/>' + _TENTHS),
    ACCOUNTING: ("number", _said(" ") + _CENTS.replace("/>", ' number:grouping="true"/>') + _said(" ")),
    "\\￥0.00": ("currency", "<number:currency-symbol>￥</number:currency-symbol>" + _CENTS),
    '"1"': ("number", _said("1")),
    ";;;": ("text", _said("")),
    '@"%"': ("text", "<number:text-content/>" + _said("%")),
    "0;0": ("number", _WHOLE),
    '0"/5"': ("number", _WHOLE + _said("/5")),
    '[>=4]"满";0': ("number", _WHOLE),
    "[DBNum1][$-804]General": ("number", _GENERAL),
    "0,": ("number", _WHOLE.replace("/>", ' number:display-factor="1000"/>')),
    "# ?/?": (
        "number",
        '<number:fraction number:min-integer-digits="0" number:min-numerator-digits="1" '
        'number:min-denominator-digits="1"/>',
    ),
    "0.00E+00": (
        "number",
        '<number:scientific-number number:decimal-places="2" number:min-integer-digits="1" '
        'number:min-exponent-digits="2"/>',
    ),
    "yyyy-mm-dd": ("date", _YEAR + _said("-") + _MONTH + _said("-") + _DAY),
    'm"月"d"日"': ("date", "<number:month/>" + _said("月") + "<number:day/>" + _said("日")),
    "[$-804]aaaa": ("date", '<number:day-of-week number:style="long"/>'),
    "h:mm": ("time", _CLOCK),
    "[h]:mm": ("time", _CLOCK),
}
"""Number format -> the family of its data style, and what that consists of."""
_TYPES = {"percentage": "percentage", "date": "date", "time": "time", "currency": "currency"}


def as_excel(book: Book) -> bytes:
    """As Excel: cells to the end of the sheet, percentages and dates with types of their own."""
    return _written(book, excel=True)


def by_script(book: Book) -> bytes:
    """As scripts: numbers are numbers, whatever their styles make of them; nothing is shown beside a value.

    The style of a cell is that of its row, where others than that cell have their own.
    """
    return _written(book, excel=False)


def _written(book: Book, *, excel: bool) -> bytes:
    codes = dict.fromkeys(put.code for put in book.puts() if put.code in _STYLES)
    names = {code: n for n, code in enumerate(["General", *(c for c in codes if c != "General")])}
    tables = "".join(_Table(sheet, book, names, excel=excel).text() for sheet in book.sheets)
    common = "".join(_data_style(code, n) for code, n in names.items())
    if "0%" in names:
        common += _cell_style("in_percent", names["0%"])
    automatic = "".join(
        _cell_style(f"ce{n}", n) + _cell_style(f"ce{n}s", n, _STRUCK) + _cell_style(f"cm{n}", n, _MAP)
        for n in names.values()
    )
    parts = ods_parts(
        _EPOCH * book.from_1904 + tables + _LINK * book.links,
        automatic=(common if excel else "") + automatic + _AUTOMATIC,
        common="" if excel else common,
    )
    if not all(sheet.zeros for sheet in book.sheets):
        parts["settings.xml"] = _SETTINGS
    if book.macros:
        parts["Basic/script-lc.xml"] = "<l/>"
    return zipped(parts)


def _cell_style(name: str, number: int, inside: str = "") -> str:
    """Return a style of cells with the data style of a number."""
    return (
        f'<style:style style:name="{name}" style:family="table-cell" style:data-style-name="N{number}">'
        f"{inside}</style:style>"
    )


_EPOCH = (
    '<table:calculation-settings><table:null-date table:date-value="1904-01-01"/>'
    "</table:calculation-settings>"
)
_LINK = (
    '<table:table table:name="本地"><table:table-source xlink:type="simple" xlink:href="../2020.ods"/>'
    "</table:table>"
)
_STRUCK = '<style:text-properties style:text-line-through-style="solid"/>'
_SETTINGS = (
    '<office:document-settings xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:config="urn:oasis:names:tc:opendocument:xmlns:config:1.0"><office:settings>'
    '<config:config-item-set config:name="ooo:configuration-settings"><config:config-item '
    'config:name="ShowZeroValues" config:type="boolean">false</config:config-item></config:config-item-set>'
    "</office:settings></office:document-settings>"
)
_MAP = '<style:map style:condition="cell-content()&gt;0" style:apply-style-name="in_percent"/>'
_AUTOMATIC = (
    '<style:style style:name="struck" style:family="text"><style:text-properties '
    'style:text-line-through-style="solid" style:text-line-through-type="single"/></style:style>'
    '<style:style style:name="low" style:family="table-row"><style:table-row-properties '
    'style:row-height="0in"/></style:style>'
    '<style:style style:name="narrow" style:family="table-column"><style:table-column-properties '
    'style:column-width="0in"/></style:style>'
    '<style:style style:name="ta1" style:family="table"><style:table-properties table:display="true"/>'
    '</style:style><style:style style:name="ta2" style:family="table"><style:table-properties '
    'table:display="false"/></style:style>'
)


def _data_style(code: str, number: int) -> str:
    """Return a data style; of a code with several sections, each but the last is a style of its own."""
    family, content = _STYLES[code]
    attributes = "".join(text for mark, text in _ATTRIBUTES.items() if mark in code)
    sections = _SECTIONS.get(code, {})
    shown = "".join(
        f'<number:number-style style:name="N{number}P{at}">{part}</number:number-style>'
        for at, part in enumerate(sections.values())
    )
    applied = "".join(
        f'<style:map style:condition="value(){condition}" style:apply-style-name="N{number}P{at}"/>'
        for at, condition in enumerate(sections)
    )
    style = f'<number:{family}-style style:name="N{number}"{attributes}>'
    return f"{shown}{style}{content}{applied}</number:{family}-style>"


_ATTRIBUTES = {
    "[h]": ' number:truncate-on-overflow="false"',
    "[$-804]": ' number:language="zh" number:country="CN"',
    "[DBNum1]": ' number:transliteration-format="一" number:transliteration-style="short"',
}
_SECTIONS = {
    "0;0": {"&gt;=0": _WHOLE},
    '[>=4]"满";0': {"&gt;=4": _said("满")},
    ";;;": {"&gt;0": _said(""), "&lt;0": _said(""), "=0": _said("")},
}


class _Table:
    def __init__(self, sheet: Sheet, book: Book, names: dict[str, int], *, excel: bool) -> None:
        self._sheet, self._names, self._excel = sheet, names, excel
        self._first_day = datetime(1904, 1, 1) if book.from_1904 else datetime(1899, 12, 30)
        self._spans = {ref.partition(":")[0]: box(ref) for ref in sheet.merges}
        self._covered = {
            (row, column)
            for top, left, bottom, right in self._spans.values()
            for row in range(top, bottom + 1)
            for column in range(left, right + 1)
            if (row, column) != (top, left)
        }

    def text(self) -> str:
        rows = self._sheet.rows()
        last = max(place(ref.rpartition(":")[2])[1] for ref in ("J1", *self._sheet.merges))
        last = max([last, *(max(cells) for cells in rows.values())])
        lines = "".join(self._row(row, rows.get(row, {}), last) for row in range(1, max(rows) + 1))
        style = "ta1" if self._sheet.state == "visible" else "ta2"
        name = quoteattr(self._sheet.name)
        return (
            f'<table:table table:name={name} table:style-name="{style}">{"".join(self._columns(last))}{lines}'
            + '<table:table-row table:number-rows-repeated="1048500"><table:table-cell '
            'table:number-columns-repeated="16384"/></table:table-row>'
            * (self._excel and len(rows) < 70)
            + "".join(
                f"<calcext:conditional-formats>{part}</calcext:conditional-formats>"
                for part in self._instead()
            )
            + "</table:table>"
        )

    def _instead(self) -> Iterator[str]:
        """Yield the conditional formats that show no number but a picture, as LibreOffice writes them."""
        for kind, cells in (("icon-set", self._sheet.icons), ("data-bar", self._sheet.bars)):
            for a1 in cells:
                where = quoteattr(f"'{self._sheet.name}'.{a1}:'{self._sheet.name}'.{a1}")
                yield (
                    f"<calcext:conditional-format calcext:target-range-address={where}>{_INSTEAD[kind]}"
                    "</calcext:conditional-format>"
                )

    def _columns(self, last: int) -> Iterator[str]:
        for column in map(letters, range(1, last + 1)):
            hidden = ' table:visibility="collapse"' * (column in self._sheet.hidden_columns)
            narrow = ' table:style-name="narrow"' * (column in self._sheet.narrow_columns)
            yield f'<table:table-column{hidden}{narrow} table:default-cell-style-name="ce0"/>'

    def _row(self, row: int, cells: dict[int, Put], last: int) -> str:
        hidden = ' table:visibility="collapse"' * (row in self._sheet.hidden_rows)
        low = ' table:style-name="low"' * (row in self._sheet.low_rows)
        styles = [self._style(f"{letters(column)}{row}", put) for column, put in cells.items()]
        common = "" if self._excel else next((style for style in styles if style != "ce0"), "")
        inside = "".join(
            self._cell(row, column, cells.get(column, Put()), common) for column in range(1, last + 1)
        )
        rest = f'<table:table-cell table:number-columns-repeated="{16384 - last}"/>' * self._excel
        default = f' table:default-cell-style-name="{common}"' if common else ""
        return f"<table:table-row{hidden}{low}{default}>{inside}{rest}</table:table-row>"

    def _style(self, a1: str, put: Put) -> str:
        kind = "cm" if a1 in self._sheet.conditional else "ce"
        return f"{kind}{self._names[put.code]}{'s' * put.struck}"

    def _cell(self, row: int, column: int, put: Put, common: str) -> str:
        name = "covered-table-cell" if (row, column) in self._covered else "table-cell"
        a1 = f"{letters(column)}{row}"
        spans = _spanned(self._spans[a1]) if a1 in self._spans else ""
        own = self._style(a1, put)
        style = f' table:style-name="{own}"' if own != common else ""
        said = put.formula or put.error  # an error is always what a formula gives
        formula = f" table:formula={quoteattr('of:=' + said)}" if said else ""
        array = ' table:number-matrix-columns-spanned="1" table:number-matrix-rows-spanned="1"' * put.array
        stated, text = self._content(put)
        return f"<table:{name}{spans}{style}{formula}{array}{stated}>{text}</table:{name}>"

    def _content(self, put: Put) -> tuple[str, str]:
        """Return what a cell states as attributes, and what it shows."""
        if put.error:
            return ' office:value-type="string" office:string-value=""', f"<text:p>{put.error}</text:p>"
        value = put.value
        if value is None:
            return "", ""
        if isinstance(value, str):
            stated = f" office:string-value={quoteattr(value)}" if put.formula and self._excel else ""
            return f' office:value-type="string"{stated}', f"<text:p>{_marked(put)}</text:p>"
        if isinstance(value, bool):
            word = str(value).lower()
            return (
                f' office:value-type="boolean" office:boolean-value="{word}"',
                f"<text:p>{word.upper()}</text:p>",
            )
        return self._number(put), f"<text:p>{_shown(put)}</text:p>" if self._excel else ""

    def _number(self, put: Put) -> str:
        family = _TYPES.get(_STYLES[put.code][0], "float") if self._excel else "float"
        if family == "date" or isinstance(put.value, date):
            moment = put.value if isinstance(put.value, date) else self._first_day + timedelta(put.number())
            day = moment if isinstance(moment, datetime) else datetime(moment.year, moment.month, moment.day)
            return f' office:value-type="date" office:date-value="{day.isoformat()}"'
        if family == "time" or isinstance(put.value, time | timedelta):
            minutes = round(put.number() * 24 * 60)
            return f' office:value-type="time" office:time-value="PT{minutes // 60}H{minutes % 60}M0S"'
        return f' office:value-type="{family}" office:value="{put.number()!r}"'


_UNSEEN = ' calcext:show-value="false"'
_BOUNDS = [f' calcext:value="{bound}" calcext:type="percent"/>' for bound in (0, 33, 67)]
_INSTEAD = {
    "icon-set": '<calcext:icon-set calcext:icon-set-type="3TrafficLights1">'
    f"<calcext:formatting-entry{_UNSEEN}{'<calcext:formatting-entry'.join(_BOUNDS)}</calcext:icon-set>",
    "data-bar": f"<calcext:data-bar{_UNSEEN}><calcext:formatting-entry{_BOUNDS[0]}"
    f"<calcext:formatting-entry{_BOUNDS[2]}</calcext:data-bar>",
}


def _spanned(cells: tuple[int, int, int, int]) -> str:
    top, left, bottom, right = cells
    rows, columns = bottom - top + 1, right - left + 1
    return f' table:number-columns-spanned="{columns}" table:number-rows-spanned="{rows}"'


def _marked(put: Put) -> str:
    if not put.runs:
        return escape(str(put.value))
    return "".join(
        f'<text:span text:style-name="struck">{escape(text)}</text:span>' if struck else escape(text)
        for text, struck in put.runs
    )


def _shown(put: Put) -> str:
    """Return what stands beside a number; readers go by the number."""
    return escape(str(put.value))
