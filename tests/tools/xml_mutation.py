"""Returns changed inside their XML: intact containers that say something else, or the same in another way.

Each change takes the tokens of one part, or the parts of the package, and gives them back changed; what it
makes need not be well-formed, but mostly is. The same chance gives the same file.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from random import Random
from typing import Literal, NamedTuple

from greenxl.campaign.model import Campaign
from greenxl.form.blank import blank
from tests.tools.packages import zipped
from tests.tools.spoil import SHEET, TOWN, with_part

Kind = Literal["xlsx", "ods"]
Parts = dict[str, bytes]
Tokens = list[str]
"""Tags with all that stands in them, comments and the like, and the texts between them."""

MOST_CHANGES = 3
_TOKEN = re.compile(r"<!--.*?-->|<!\[CDATA\[.*?\]\]>|<[^>]*>|[^<]+", re.S)
_ATTRIBUTE = re.compile(r'\s([^\s=<>"/]+)="([^"]*)"')
_NAME = re.compile(r"</?([^\s/>]+)")

_HOT: Mapping[Kind, tuple[str, ...]] = {
    "xlsx": ("c", "v", "row", "x:c", "x:v"),
    "ods": ("table:table-cell", "table:table-row", "text:p"),
}
"""The elements that half of the changes are made to."""
_SCORE = re.compile(r'r="E[0-9]|office:value-type="float"')
"""In the tag of a score cell: half of the cells that are changed are such."""


_SCORE_TABLE = 'table:name="鸿嘉社区"'


class Span(NamedTuple):
    """An element: its tokens from the first to before the last."""

    name: str
    start: int
    end: int


def tokens_of(text: str) -> Tokens:
    return _TOKEN.findall(text)


def spans(tokens: Sequence[str]) -> list[Span]:
    """Return the elements in the order of their ends."""
    found, open_tags = [], list[tuple[str, int]]()
    for at, token in enumerate(tokens):
        if token[:1] != "<" or token[1] in "!?":
            continue
        match = _NAME.match(token)
        name = match[1] if match else ""
        if token.startswith("</"):
            while open_tags:
                opened, start = open_tags.pop()
                if opened == name:
                    found.append(Span(name, start, at + 1))
                    break
        elif token.endswith("/>"):
            found.append(Span(name, at, at + 1))
        else:
            open_tags.append((name, at))
    return found


class Markup:
    """A part to be changed, with the chance that says where and how."""

    def __init__(self, kind: Kind, tokens: Tokens, chance: Random) -> None:
        self.kind, self.tokens, self.chance = kind, tokens, chance
        self.spans = spans(tokens)
        self.by_name: dict[str, list[Span]] = {}
        for span in self.spans:
            self.by_name.setdefault(span.name, []).append(span)
        tables = self.by_name.get("table:table", [])
        score_tables = [span for span in tables if _SCORE_TABLE in tokens[span.start]]
        self.table = score_tables[0] if score_tables else Span("", 0, len(tokens))
        """Where the scores are."""

    def pick(self, *names: str) -> Span:
        """Return an element of these names, else of any: every name is as likely, those of cells more."""
        if not names:
            names = tuple(self.by_name)
            hot = [name for name in _HOT[self.kind] if name in self.by_name]
            if hot and self.chance.random() < 0.5:
                names = tuple(hot)
        there = [name for name in names if name in self.by_name]
        found = self._within(self.by_name[self.chance.choice(there)])
        scores = [span for span in found if self._of_a_score(span)]
        return self.chance.choice(scores if scores and self.chance.random() < 0.5 else found)

    def _within(self, found: list[Span]) -> list[Span]:
        """Return those of some elements that are in the score table, three times of four."""
        within = [span for span in found if self.table.start <= span.start < self.table.end]
        return within if within and self.chance.random() < 0.75 else found

    def _of_a_score(self, span: Span) -> bool:
        return any(map(_SCORE.search, self.tokens[max(0, span.start - 1) : span.start + 1]))

    def pick_like(self, span: Span) -> Span:
        """Return another element of the same name, where there is one."""
        others = [one for one in self.by_name[span.name] if one != span]
        return self.chance.choice(others) if others else span

    def of(self, span: Span) -> Tokens:
        return self.tokens[span.start : span.end]

    def with_span(self, span: Span, new: Tokens) -> Tokens:
        return [*self.tokens[: span.start], *new, *self.tokens[span.end :]]

    def place(self) -> int:
        """Return a place between two tokens inside the root."""
        return self.chance.randrange(2, max(3, len(self.tokens)))

    def child_place(self) -> int:
        """Return the place before the first or behind the last child of an element."""
        span = self.pick()
        if span.end == span.start + 1:
            return span.start + self.chance.randrange(2)
        return self.chance.choice((span.start + 1, span.end - 1, span.start, span.end))


# What is changed.

_FORMATS = ("0.0%", "yyyy/m/d", "0", ";;;", "@", "0.00")
_STRUCK_TEXT = "<is><r><t>4</t></r><r><rPr><strike/></rPr><t>5</t></r></is>"


def returned(campaign: Campaign) -> bytes:
    """Return a return with scores from 0 to 5, each once or twice, and under the form cells of many formats.

    So there is something for a changed style to lead to.
    """
    communities = campaign.communities_of(TOWN)
    scores = [Decimal(number % 20) / 4 for number, _criterion in enumerate(campaign.criteria)]
    data = blank(campaign, TOWN, communities, scores=dict.fromkeys(communities, scores))
    return with_part(with_part(data, "xl/styles.xml", _with_formats), SHEET, _with_examples)


def _with_formats(styles: str) -> str:
    """Return styles with a struck font, and for each format and that font a style at the end."""
    first = int(re.findall(r'<cellXfs count="(\d+)"', styles)[0])
    assert first == _FIRST_STYLE
    codes = "".join(f'<numFmt numFmtId="{170 + n}" formatCode="{code}"/>' for n, code in enumerate(_FORMATS))
    fonts = int(re.findall(r'<fonts count="(\d+)"', styles)[0])
    xfs = "".join(
        f'<xf numFmtId="{170 + n}" fontId="4" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
        for n in range(len(_FORMATS))
    )
    xfs += f'<xf numFmtId="0" fontId="{fonts}" fillId="0" borderId="0" xfId="0" applyFont="1"/>'
    changes = (
        ("<fonts ", f'<numFmts count="{len(_FORMATS)}">{codes}</numFmts><fonts '),
        (f'<fonts count="{fonts}"', f'<fonts count="{fonts + 1}"'),
        ("</fonts>", '<font><strike/><sz val="11"/><name val="Calibri"/><family val="2"/></font></fonts>'),
        (f'<cellXfs count="{first}"', f'<cellXfs count="{first + len(_FORMATS) + 1}"'),
        ("</cellXfs>", f"{xfs}</cellXfs>"),
    )
    for old, new in changes:
        styles = styles.replace(old, new, 1)
    return styles


_FIRST_STYLE = 16


def _with_examples(sheet: str) -> str:
    """Return a score sheet with a row far under the form: a cell in each of the new styles."""
    styled = "".join(
        f'<c r="{column}45" s="{_FIRST_STYLE + n}"><v>0.75</v></c>' for n, column in enumerate("ABCDEFG")
    )
    texts = f'<c r="H45" t="inlineStr">{_STRUCK_TEXT}</c><c r="I45" t="str"><f>"a"</f><v>a</v></c>'
    return sheet.replace("</sheetData>", f'<row r="45">{styled}{texts}</row></sheetData>')


# Elements.


def delete_element(part: Markup) -> Tokens:
    return part.with_span(part.pick(), [])


def unwrap_element(part: Markup) -> Tokens:
    span = part.pick()
    return part.with_span(span, part.of(span)[1:-1])


def duplicate_element(part: Markup) -> Tokens:
    """Beside itself, before or behind, at times with a change."""
    span = part.pick()
    copy = part.of(span)
    if part.chance.random() < 0.5:
        copy = [
            re.sub("[0-9]", lambda _m: str(part.chance.randrange(1, 6)), t)
            if part.chance.random() < 0.3
            else t
            for t in copy
        ]
    pair = [*copy, *part.of(span)] if part.chance.random() < 0.5 else [*part.of(span), *copy]
    return part.with_span(span, pair)


def swap_elements(part: Markup) -> Tokens:
    one, other = sorted((span := part.pick(), part.pick_like(span)), key=lambda s: s.start)
    if other.start < one.end:
        return part.tokens
    tokens = part.tokens
    return [
        *tokens[: one.start], *part.of(other), *tokens[one.end : other.start], *part.of(one), *tokens[other.end :],
    ]  # fmt: skip


def move_element(part: Markup) -> Tokens:
    """To before or behind another, or into it."""
    span, at = part.pick(), part.child_place()
    if span.start <= at <= span.end:
        return part.tokens
    rest = part.with_span(span, [])
    at -= (span.end - span.start) * (at > span.end)
    return [*rest[:at], *part.of(span), *rest[at:]]


def reverse_children(part: Markup) -> Tokens:
    """Or in any other order."""
    span = (
        part.pick(
            *(
                n
                for n in (
                    "sheetData",
                    "row",
                    "c",
                    "cols",
                    "mergeCells",
                    "cellXfs",
                    "sst",
                    "sheets",
                    "table:table",
                    "table:table-row",
                    "table:table-cell",
                )
                if n in part.by_name
            )
        )
        if part.chance.random() < 0.7
        else part.pick()
    )
    children = [one for one in part.spans if span.start < one.start and one.end < span.end]
    outer = [c for c in children if not any(o.start < c.start and c.end <= o.end for o in children if o != c)]
    order = outer[:]
    if part.chance.random() < 0.5 and len(order) > 1:
        at, to = part.chance.sample(range(len(order)), 2)
        order[at], order[to] = order[to], order[at]
    else:
        part.chance.shuffle(order)
    if not outer:
        return part.tokens
    inner = [token for one in order for token in part.of(one)]
    outer.sort(key=lambda one: one.start)
    return [*part.tokens[: outer[0].start], *inner, *part.tokens[outer[-1].end :]]


def rename_element(part: Markup) -> Tokens:
    """To another name that there is, or to one that differs in case or prefix."""
    span = part.pick()
    names = [
        *part.by_name,
        span.name.upper(),
        span.name.capitalize(),
        f"x:{span.name}",
        span.name.rpartition(":")[2],
    ]
    return part.with_span(span, _renamed(part.of(span), span.name, part.chance.choice(names)))


def _renamed(tokens: Tokens, old: str, new: str) -> Tokens:
    first = re.sub(rf"^<{re.escape(old)}(?=[\s/>])", f"<{new}", tokens[0])
    last = [f"</{new}>"] if len(tokens) > 1 else []
    return [first, *tokens[1 : len(tokens) - len(last)], *last]


_MC = "http://schemas.openxmlformats.org/markup-compatibility/2006"


def wrap_element(part: Markup) -> Tokens:
    """In a foreign element, an alternative for older programs, or one that is known."""
    span = part.pick()
    mc = f'<mc:AlternateContent xmlns:mc="{_MC}">'
    x14 = 'xmlns:x14="http://schemas.microsoft.com/office/spreadsheetml/2009/9/main"'
    known = part.chance.choice([*part.by_name])
    start, end = part.chance.choice(
        (
            ('<w:a xmlns:w="urn:w">', "</w:a>"),
            ('<a xmlns="urn:w">', "</a>"),
            (f'{mc}<mc:Choice {x14} Requires="x14">', "</mc:Choice></mc:AlternateContent>"),
            (
                f'{mc}<mc:Choice xmlns:zz="urn:zz" Requires="zz"/><mc:Fallback>',
                "</mc:Fallback></mc:AlternateContent>",
            ),
            (
                f'{mc}<mc:Choice xmlns:zz="urn:zz" Requires="zz">',
                "</mc:Choice><mc:Fallback/></mc:AlternateContent>",
            ),
            (f'<w:a xmlns:w="urn:w" xmlns:mc="{_MC}" mc:Ignorable="w" mc:ProcessContent="w:a">', "</w:a>"),
            ('<extLst><ext uri="{1}">', "</ext></extLst>"),
            (f"<{known}>", f"</{known}>"),
        )
    )
    return part.with_span(span, [start, *part.of(span), end])


def alternative(part: Markup) -> Tokens:
    """The element for older programs, another one for those that know a namespace."""
    span = part.pick()
    other = part.of(part.pick_like(span))
    requires, declared = part.chance.choice(
        (("x14", "http://schemas.microsoft.com/office/spreadsheetml/2009/9/main"), ("zz", "urn:zz"))
    )
    return part.with_span(
        span,
        [
            f'<mc:AlternateContent xmlns:mc="{_MC}" xmlns:{requires}="{declared}">',
            f'<mc:Choice Requires="{requires}">', *other, "</mc:Choice>",
            "<mc:Fallback>", *part.of(span), "</mc:Fallback></mc:AlternateContent>",
        ],
    )  # fmt: skip


_INSERTED: Mapping[Kind, tuple[str, ...]] = {
    "xlsx": (
        "<v>3</v>", "<v/>", "<f>1+2</f>", "<f/>", '<f t="shared" si="0"/>', '<f t="array" ref="E4:E23">1</f>',
        "<is><t>3</t></is>", "<t>3</t>", "<r><t>3</t></r>", '<rPh sb="0" eb="1"><t>3</t></rPh>',
        '<c r="E8"><v>3</v></c>', "<c><v>3</v></c>", "<c/>", '<c r="E9" t="s"><v>3</v></c>', '<c r="H8"><v>3</v></c>',
        '<row r="8"><c r="E8"><v>3</v></c></row>', "<row/>", "<row><c><v>3</v></c></row>", '<row r="9" hidden="1"/>',
        '<sheetData><row r="8"><c r="E8"><v>3</v></c></row></sheetData>', "<sheetData/>",
        '<mergeCells><mergeCell ref="E4:E6"/></mergeCells>', '<mergeCell ref="E4:E6"/>', '<mergeCell ref="D8:E8"/>',
        '<cols><col min="5" max="5" hidden="1" width="9"/></cols>', '<col min="5" max="5" width="0"/>',
        '<col min="1" max="16384" hidden="1"/>', '<sheetFormatPr defaultRowHeight="15" zeroHeight="1"/>',
        '<sheetFormatPr defaultRowHeight="15" zeroHeight="1" customHeight="1"/>', '<dimension ref="A1"/>',
        '<sheetViews><sheetView workbookViewId="0" showZeros="0"/></sheetViews>', '<sheetView workbookViewId="0" showFormulas="1"/>',
        '<conditionalFormatting sqref="E4:E23"><cfRule type="expression" dxfId="0" priority="1"><formula>TRUE</formula></cfRule></conditionalFormatting>',
        '<autoFilter ref="A3:E23"><filterColumn colId="4"><filters><filter val="1"/></filters></filterColumn></autoFilter>',
        '<extLst><ext uri="{2}" xmlns:x14="http://schemas.microsoft.com/office/spreadsheetml/2009/9/main"/></extLst>',
        '<numFmt numFmtId="200" formatCode="0%"/>', '<numFmt numFmtId="0" formatCode="0%"/>', '<numFmts count="1"><numFmt numFmtId="0" formatCode="0%"/></numFmts>',
        '<xf numFmtId="9" fontId="0"/>', '<xf/>', "<font><strike/></font>", "<strike/>", '<strike val="1"/>', '<strike val="0"/>',
        "<dxf><numFmt numFmtId=\"200\" formatCode=\"0%\"/></dxf>", "<dxf><font><strike/></font></dxf>",
        "<si><t>3</t></si>", "<si/>", "<si><r><t>3</t></r><r><rPr><strike/></rPr><t>4</t></r></si>",
        '<calcPr fullCalcOnLoad="1"/>', '<calcPr calcMode="manual" calcOnSave="0"/>', '<workbookPr date1904="1"/>', '<workbookPr/>',
        '<sheet name="x" sheetId="99" r:id="rId2"/>', '<sheet name="鸿嘉社区" sheetId="98" r:id="rId3"/>',
        '<Relationship Id="rId2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/>',
        '<Relationship Id="rId77" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings" Target="worksheets/sheet1.xml"/>',
        '<Relationship Id="rId78" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="theme/theme1.xml"/>',
        '<Relationship Id="rId79" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/>',
        '<Override PartName="/xl/worksheets/sheet2.xml" ContentType="application/xml"/>', '<Default Extension="xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>',
    ),
    "ods": (
        "<text:p>3</text:p>", "<text:p/>", "<text:span>3</text:span>", '<text:s text:c="2"/>', "<text:tab/>", "<text:line-break/>",
        "<office:annotation><text:p>3</text:p></office:annotation>", "<text:note><text:note-body><text:p>3</text:p></text:note-body></text:note>",
        "<text:ruby><text:ruby-base>3</text:ruby-base><text:ruby-text>4</text:ruby-text></text:ruby>",
        "<table:table-cell/>", '<table:table-cell office:value-type="float" office:value="3"><text:p>3</text:p></table:table-cell>',
        '<table:table-cell office:value-type="float" office:value="3" table:number-columns-repeated="2"/>',
        '<table:covered-table-cell office:value-type="float" office:value="3"><text:p>3</text:p></table:covered-table-cell>',
        "<table:covered-table-cell/>", "<table:table-row/>", "<table:table-row><table:table-cell/></table:table-row>",
        '<table:table-row><table:table-cell office:value-type="float" office:value="3"/></table:table-row>',
        '<table:table-column/>', '<table:table-column table:visibility="collapse"/>', '<table:table-column table:number-columns-repeated="4"/>',
        "<table:table-header-rows/>", "<table:table-rows/>", "<text:soft-page-break/>", "<table:shapes/>",
        '<table:table-row-group table:display="false"/>', '<table:named-expressions/>',
        '<table:table table:name="x"><table:table-row><table:table-cell office:value-type="float" office:value="3"/></table:table-row></table:table>',
        '<table:table-source xlink:href="file:///a.ods" table:table-name="x"/>',
        '<table:calculation-settings><table:null-date table:date-value="1904-01-01"/></table:calculation-settings>',
        '<table:calculation-settings table:automatic-find-labels="false"/>',
        '<calcext:conditional-formats><calcext:conditional-format calcext:target-range-address="x.E4:x.E23"><calcext:condition calcext:apply-style-name="a" calcext:value="&gt;0"/></calcext:conditional-format></calcext:conditional-formats>',
        '<style:map style:condition="cell-content()&gt;0" style:apply-style-name="Default"/>', '<style:text-properties style:text-line-through-style="solid"/>',
        '<number:number number:decimal-places="0" number:min-integer-digits="1"/>', "<number:text>%</number:text>",
        '<office:spreadsheet/>', "<office:body/>", "<office:automatic-styles/>", "<office:styles/>",
        '<manifest:file-entry manifest:full-path="x.xml" manifest:media-type="text/xml"/>', "<manifest:encryption-data/>",
        "<table:tracked-changes/>", "<table:content-validations/>", '<draw:frame><draw:text-box><text:p>3</text:p></draw:text-box></draw:frame>',
    ),
}  # fmt: skip
"""What stands where it is known, or where it is not."""


def insert_element(part: Markup) -> Tokens:
    """Something that an office knows, there or elsewhere."""
    at = part.child_place() if part.chance.random() < 0.8 else part.place()
    return [*part.tokens[:at], part.chance.choice(_INSERTED[part.kind]), *part.tokens[at:]]


def second_list(part: Markup) -> Tokens:
    """A whole list a second time, before or behind, with a digit changed here and there."""
    lists = ("sheetData", "sheets", "cellXfs", "numFmts", "fonts", "cols", "mergeCells", "dxfs", "table:table",
             "office:body", "office:spreadsheet", "office:automatic-styles", "sheetViews", "sheetFormatPr",
             "table:table-row", "table:table-column", "row", "Relationships", "Types", "sst", "worksheet")  # fmt: skip
    there = [name for name in lists if name in part.by_name]
    if not there:
        return part.tokens
    span = part.pick(*there)
    inner = part.of(span)
    changed = [
        re.sub(r"(?<=>|\")[0-9.]+(?=<|\")|^[0-9.]+$", lambda _m: str(part.chance.randrange(6)), t)
        if part.chance.random() < 0.2
        else t
        for t in inner
    ]
    pair = [*changed, *inner] if part.chance.random() < 0.5 else [*inner, *changed]
    return part.with_span(span, pair)


# Attributes.


def _variants(value: str, chance: Random) -> str:
    """Return another value of an attribute or a text: the same to some programs, another one to others."""
    digits = int(value) if re.fullmatch("[0-9]{1,9}", value) else None
    found = [
        "", "0", "1", "2", "5", "-1", "true", "false", "TRUE", "on", "off", f" {value}", f"{value} ", f"\u00a0{value}",
        f"0{value}", f"+{value}", f"-{value}", f"{value}.0", f"{value}e0", f"{value}E-1", value.upper(), value.lower(),
        value.swapcase(), value * 2, value + "9" * 30, value[:-1], value[1:], value.replace(".", ","), f"${value}",
        "".join(f"&#{ord(c)};" for c in value), "".join(f"&#x{ord(c):x};" for c in value[:1]) + value[1:], f"{value}\t", f"\n{value}",
        re.sub("[0-9]", lambda m: chr(ord(m[0]) + 0xFEE0), value), f"{value}x", f"x{value}", value.replace("/", "\\"), f"/xl/{value}", f"./{value}", f"../xl/{value}",
        re.sub("[a-z]$", lambda m: f"%{ord(m[0]):x}", value), f"{value}#a", f"{value}?a", "9" * 400, "1e400", "NaN", "INF", "0x5",
    ]  # fmt: skip
    if digits is not None:
        found += [str(digits + one) for one in (1, -1, 2**16, 2**31, 2**32, 2**64, 10)] * 2
    return chance.choice(found)


def _attributes(part: Markup) -> tuple[int, list[tuple[str, str]]] | None:
    """Return the place of a tag with attributes, and those."""
    at = part.pick().start
    found = _ATTRIBUTE.findall(part.tokens[at])
    return (at, found) if found else None


def _with_token(part: Markup, at: int, token: str) -> Tokens:
    return [*part.tokens[:at], token, *part.tokens[at + 1 :]]


def delete_attribute(part: Markup) -> Tokens:
    place = _attributes(part)
    if place is None:
        return part.tokens
    at, found = place
    name, value = part.chance.choice(found)
    return _with_token(part, at, part.tokens[at].replace(f' {name}="{value}"', "", 1))


def change_attribute(part: Markup) -> Tokens:
    """To what it is elsewhere, or to a variant."""
    place = _attributes(part)
    if place is None:
        return part.tokens
    at, found = place
    name, value = part.chance.choice(found)
    others = sorted(
        {v for token in part.tokens if token[0] == "<" for n, v in _ATTRIBUTE.findall(token) if n == name}
        - {value}
    )
    known = _KNOWN_VALUES.get(name, ())
    match part.chance.randrange(3):
        case 0 if others:
            new = part.chance.choice(others)
        case 1 if known:
            new = part.chance.choice(known)
        case _:
            new = _variants(value, part.chance)
    return _with_token(part, at, part.tokens[at].replace(f' {name}="{value}"', f' {name}="{new}"', 1))


_KNOWN_VALUES: Mapping[str, tuple[str, ...]] = {
    "t": ("n", "s", "str", "b", "e", "d", "inlineStr", "N", "z"),
    "r": ("E8", "e8", "$E$8", "E08", "R8C5", "XFE8", "E1048577", "E0", "8", "08", "AE8", "A8"),
    "s": ("0", "1", "2", "3", "16", "17", "18", "19", "20", "21", "22", "99999", "00"),
    "state": ("visible", "hidden", "veryHidden", "Hidden"),
    "hidden": ("1", "0", "true", "false", "TRUE"),
    "formatCode": ("0%", "0", "General", "GENERAL", "@", ";;;", "yyyy/m/d", '"5"', "0.0", "0\\%", "[$-804]aaaa;@", "#", "?", "0.00_ ", "[Red]0.0", "0,", "0;0;;@"),
    "numFmtId": ("0", "1", "2", "9", "10", "12", "14", "22", "46", "49", "164", "165", "200", "5"),
    "ref": ("E4:E6", "D8:E8", "A1", "A1:Z60", "E8", "e4:e6", "$E$4:$E$6", "E6:E4"),
    "sqref": ("E4:E23", "A1:XFD1048576", "E8"),
    "office:value-type": ("float", "percentage", "currency", "date", "time", "boolean", "string", "void", "Float"),
    "calcext:value-type": ("float", "percentage", "string", "error", "date", "boolean"),
    "table:visibility": ("visible", "collapse", "filter", "hidden"),
    "table:number-columns-repeated": ("1", "2", "3", "0", "16384", "20000"),
    "table:number-rows-repeated": ("1", "2", "3", "0", "1048576", "2000000"),
    "table:number-columns-spanned": ("1", "2", "5", "0"),
    "table:number-rows-spanned": ("1", "2", "5", "0"),
    "office:date-value": ("2021-04-05", "1899-12-30", "2021-04-05T00:00:00"),
    "table:display": ("true", "false"),
    "number:decimal-places": ("0", "1", "2", "20"),
    "number:min-integer-digits": ("0", "1", "3"),
    "style:text-line-through-style": ("solid", "none", "dash"),
}  # fmt: skip


def swap_attributes(part: Markup) -> Tokens:
    """The value of an attribute of two elements exchanged."""
    one = part.pick()
    other = part.pick_like(one)
    mine, theirs = (dict(_ATTRIBUTE.findall(part.tokens[s.start])) for s in (one, other))
    shared = sorted(name for name in mine.keys() & theirs.keys() if mine[name] != theirs[name])
    if not shared:
        return part.tokens
    name = part.chance.choice(shared)
    tokens = part.tokens[:]
    for span, old, new in ((one, mine, theirs), (other, theirs, mine)):
        tokens[span.start] = tokens[span.start].replace(f' {name}="{old[name]}"', f' {name}="{new[name]}"', 1)
    return tokens


def add_attribute(part: Markup) -> Tokens:
    """One that is known, or a foreign one of the same name."""
    at = part.pick().start
    added = part.chance.choice(_ADDED[part.kind])
    return _with_token(part, at, re.sub(r"^<[^\s/>]+", lambda m: f"{m[0]} {added}", part.tokens[at]))


_ADDED: Mapping[Kind, tuple[str, ...]] = {
    "xlsx": (
        't="s"', 't="str"', 't="b"', 't="e"', 't="n"', 't="d"', 't="inlineStr"', 's="2"', 's="1"', 'r="E8"', 'r="8"', 'hidden="1"',
        'hidden="true"', 'ht="0"', 'ht="1" customHeight="1"', 'width="0"', 'collapsed="1"', 'zeroHeight="1"', 'showZeros="0"', 'showFormulas="1"',
        'xmlns:w="urn:w" w:r="E8"', 'xmlns:w="urn:w" w:t="s"', 'xmlns:w="urn:w" w:hidden="1"', 'xml:space="preserve"', 'customFormat="1" s="2"',
        'xmlns="urn:w"', 'xmlns=""', 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"', 'xmlns="http://purl.oclc.org/ooxml/spreadsheetml/main"',
        'xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main"', 'count="0"', 'uniqueCount="1"', 'count="4000000000"', 'quotePrefix="1"',
        'applyNumberFormat="0"', 'applyFont="0"', 'xfId="1"', 'cm="1"', 'vm="1"', 'ph="1"', 'date1904="1"', 'TargetMode="External"', 'TargetMode="internal"',
        f'xmlns:mc="{_MC}" mc:Ignorable="x14"', f'xmlns:mc="{_MC}" xmlns:q="urn:q" mc:Ignorable="q"', f'xmlns:mc="{_MC}" xmlns:q="urn:q" mc:MustUnderstand="q"',
        'fullCalcOnLoad="1"', 'state="hidden"', 'state="veryHidden"', 'conformance="strict"', 'val="0"', 'val="1"', 'spans="1:1"', 'outlineLevel="1"',
    ),
    "ods": (
        'table:number-columns-repeated="2"', 'table:number-rows-repeated="2"', 'table:number-columns-spanned="2"', 'table:number-rows-spanned="3"',
        'table:number-matrix-columns-spanned="1" table:number-matrix-rows-spanned="1"', 'office:value="3"', 'office:string-value="3"',
        'office:value-type="percentage"', 'office:value-type="string"', 'office:boolean-value="true"', 'office:date-value="2021-04-05"',
        'office:time-value="PT5H"', 'office:currency="CNY"', 'table:formula="of:=1+2"', 'table:formula="1+2"', 'table:formula=""',
        'calcext:value-type="error"', 'calcext:value-type="string"', 'table:style-name="ce1"', 'table:style-name="nope"', 'table:visibility="collapse"',
        'table:default-cell-style-name="ce2"', 'table:display="false"', 'table:print="false"', 'table:protected="true"', 'xml:id="a"', 'xml:space="preserve"',
        'xmlns:w="urn:w" w:value="3"', 'xmlns:office="urn:w"', 'xmlns:table="urn:w"', 'xmlns:text="urn:w"', 'style:data-style-name="N10"',
        'style:parent-style-name="Default"', 'office:value="3" office:value-type="float"', 'table:content-validation-name="val1"',
    ),
}  # fmt: skip


# Texts.


def _text_places(part: Markup) -> list[int]:
    found = [at for at, token in enumerate(part.tokens) if token[0] != "<" and token.strip()]
    hot = [at for at in found if re.fullmatch("[0-9.]+", part.tokens[at])]
    return hot if hot and part.chance.random() < 0.6 else found


def change_text(part: Markup) -> Tokens:
    """Of a cell: another number, or the same in other letters."""
    places = _text_places(part)
    if not places:
        return part.tokens
    at = part.chance.choice(places)
    return _with_token(part, at, _variants(part.tokens[at], part.chance) or " ")


def split_text(part: Markup) -> Tokens:
    """With a comment, an instruction, a section or an element inside."""
    places = _text_places(part)
    if not places:
        return part.tokens
    at = part.chance.choice(places)
    text = part.tokens[at]
    cut = part.chance.randrange(len(text) + 1)
    first, last = text[:cut], text[cut:]
    new = part.chance.choice(
        (
            f"{first}<!-- 3 -->{last}", f"{first}<?x 3?>{last}", f"{first}<![CDATA[{last}]]>", f"<![CDATA[{text}]]>",
            f"{first}<w xmlns='urn:w'/>{last}", f"{first}<w xmlns='urn:w'>{last}</w>", f"{first}<b/>{last}", f"{first}\n{last}",
            f"{first}&#10;{last}", f"{first}&#0;{last}", f"{first}&lt;{last}", f"{first}\u200b{last}", f"{first}_x000D_{last}", f"{first}&#xFFFE;{last}",
        )
    )  # fmt: skip
    return _with_token(part, at, new)


def insert_markup(part: Markup) -> Tokens:
    """A comment, an instruction, a section or white space between the elements."""
    new = part.chance.choice(
        (
            "<!-- <c r='E8'><v>3</v></c> -->",
            "<?x y?>",
            "<![CDATA[3]]>",
            "\n ",
            "3",
            "<!---->",
            '<?xml version="1.0"?>',
            "&#160;",
        )
    )
    at = part.place()
    return [*part.tokens[:at], new, *part.tokens[at:]]


def cut_text(part: Markup) -> Tokens:
    """A piece of the part's text gone, without regard to tags."""
    text = "".join(part.tokens)
    start = part.chance.randrange(len(text))
    return [text[:start] + text[start + part.chance.choice((1, 1, 2, 5, 20, 10**9)) :]]


# Namespaces.


def change_prefix(part: Markup) -> Tokens:
    """One element, or all, by another prefix of the same namespace, or of none that is known."""
    root = next((token for token in part.tokens if token[0] == "<" and token[1] not in "?!"), "")
    match = re.search(r'xmlns="([^"]*)"', root)
    if match is None:
        return _other_prefix(part)
    space = part.chance.choice(
        (match[1], match[1], match[1], "urn:w", match[1].replace("/2006/main", "/2006/Main"))
    )
    span = part.pick()
    if part.chance.random() < 0.5:
        whole = [re.sub(r"^<(/?)(?=[^\s:?!/>]+[\s/>])", r"<\1q:", token) for token in part.tokens]
        return [
            token.replace('xmlns="', f'xmlns:q="{space}" xmlns="', 1) if "xmlns=" in token else token
            for token in whole
        ]
    new = _renamed(part.of(span), span.name, f"q:{span.name}")
    new[0] = re.sub(r"^<[^\s/>]+", lambda m: f'{m[0]} xmlns:q="{space}"', new[0])
    return part.with_span(span, new)


def _other_prefix(part: Markup) -> Tokens:
    declared = sorted({m for token in part.tokens for m in re.findall(r'xmlns:(\w+)="', token)})
    if not declared:
        return part.tokens
    old = part.chance.choice(declared)
    new = part.chance.choice((f"{old}x", *declared))
    return tokens_of(
        re.sub(
            rf"(?<=[\s</]){old}:|(?<=xmlns:){old}(?==)",
            lambda m: m[0].replace(old, new),
            "".join(part.tokens),
        )
    )


# The package.


def _named(parts: Parts, chance: Random) -> str:
    return chance.choice(sorted(parts))


def part_case(parts: Parts, chance: Random) -> Parts:
    """A part by a name in other case, in its place or beside it."""
    name = _named(parts, chance)
    other = chance.choice(
        (name.upper(), name.swapcase(), name.capitalize(), f"/{name}", name.replace("/", "\\"))
    )
    kept = parts if chance.random() < 0.3 else {n: p for n, p in parts.items() if n != name}
    return {**kept, other: parts[name]}


def part_gone(parts: Parts, chance: Random) -> Parts:
    name = _named(parts, chance)
    return {n: part for n, part in parts.items() if n != name}


def parts_swapped(parts: Parts, chance: Random) -> Parts:
    """The contents of two parts exchanged, or one of them twice."""
    sheets = [name for name in parts if "sheets/sheet" in name]
    one, other = chance.sample(sheets if len(sheets) > 1 and chance.random() < 0.7 else sorted(parts), 2)
    twice = chance.random() < 0.4
    return {**parts, one: parts[other], other: parts[other] if twice else parts[one]}


def part_added(parts: Parts, chance: Random) -> Parts:
    """A part that nobody refers to, or that is found by its usual place alone."""
    usual = ("xl/sharedStrings.xml", "xl/styles.xml", "xl/calcChain.xml", "xl/worksheets/sheet9.xml", "content.xml",
             "xl/vbaProject.bin", "mimetype", "META-INF/manifest.xml", "Basic/script-lc.xml", "x/content.xml")  # fmt: skip
    name = chance.choice(usual)
    return parts if name in parts else {**parts, name: parts[_named(parts, chance)]}


def encoded(parts: Parts, chance: Random) -> Parts:
    """A part in another encoding, rightly or wrongly declared."""
    name = chance.choice([n for n, p in sorted(parts.items()) if p.lstrip()[:1] == b"<"])
    text = re.sub(r"^\s*<\?xml[^>]*\?>", "", parts[name].decode("utf-8", "replace"))
    declared, used = chance.choice(
        (("UTF-8", "utf-8-sig"), ("UTF-16", "utf-16"), ("UTF-16LE", "utf-16-le"), ("ISO-8859-1", "utf-8"), ("US-ASCII", "utf-8"),
         ("GB18030", "gb18030"), ("GBK", "utf-8"), ("utf8", "utf-8"), ("UTF-8", "utf-16"), ("UTF-32", "utf-32"), ("UTF-16", "utf-8"))
    )  # fmt: skip
    return {**parts, name: f'<?xml version="1.0" encoding="{declared}"?>{text}'.encode(used, "replace")}


Change = Callable[[Markup], Tokens]
_CHANGES: tuple[tuple[Change, int], ...] = (
    (delete_element, 3), (unwrap_element, 1), (duplicate_element, 4), (swap_elements, 3), (move_element, 4),
    (reverse_children, 3), (rename_element, 3), (wrap_element, 3), (alternative, 2), (insert_element, 8),
    (second_list, 3), (delete_attribute, 4), (change_attribute, 14), (swap_attributes, 4), (add_attribute, 8),
    (change_text, 6), (split_text, 4), (insert_markup, 3), (cut_text, 1), (change_prefix, 3),
)  # fmt: skip
"""Each with its weight."""
_PACKAGE = (part_case, part_gone, parts_swapped, part_added, encoded)
_PACKAGE_SHARE = 0.08

_PARTS: Mapping[Kind, tuple[tuple[str, int], ...]] = {
    "xlsx": (
        ("xl/worksheets/sheet2.xml", 50), ("xl/styles.xml", 14), ("xl/sharedStrings.xml", 8), ("xl/workbook.xml", 8),
        ("xl/_rels/workbook.xml.rels", 7), ("[Content_Types].xml", 6), ("_rels/.rels", 3), ("xl/worksheets/sheet3.xml", 2),
        ("xl/worksheets/sheet1.xml", 1), ("docProps/core.xml", 1),
    ),
    "ods": (("content.xml", 80), ("styles.xml", 12), ("META-INF/manifest.xml", 4), ("meta.xml", 2), ("settings.xml", 2)),
}  # fmt: skip
"""The parts that are changed, with their weights."""


class Mutated(NamedTuple):
    changes: tuple[str, ...]
    """What was done: ``change_attribute xl/styles.xml``."""
    data: bytes


def mutated(kind: Kind, parts: Parts, chance: Random) -> Mutated:
    """Return a workbook with one to three changes."""
    done = []
    for _number in range(chance.choice((1, 1, 1, 1, 2, 2, MOST_CHANGES))):
        if chance.random() < _PACKAGE_SHARE:
            change = chance.choice(_PACKAGE)
            parts = change(parts, chance)
            done.append(change.__name__)
        else:
            name, parts = _part_changed(kind, parts, chance)
            done.append(name)
    return Mutated(tuple(done), zipped(parts))


def _part_changed(kind: Kind, parts: Parts, chance: Random) -> tuple[str, Parts]:
    there = [(name, weight) for name, weight in _PARTS[kind] if parts.get(name)]
    if not there:
        return "nothing", parts
    name = chance.choices([n for n, _w in there], [w for _n, w in there])[0]
    tokens = tokens_of(parts[name].decode("utf-8", "surrogateescape"))
    for _attempt in range(8):
        change = chance.choices([c for c, _w in _CHANGES], [w for _c, w in _CHANGES])[0]
        part = Markup(kind, tokens, chance)
        if not part.spans:
            break
        new = change(part)
        if new != tokens:
            return f"{change.__name__} {name}", {
                **parts,
                name: "".join(new).encode("utf-8", "surrogateescape"),
            }
    return "nothing", parts
