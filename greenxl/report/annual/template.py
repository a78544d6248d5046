"""A template's fields filled in: Jinja2's braces in the text of a Word document, of Jinja2 only four things.

``{{ field }}``, ``{{ entry.column }}``, ``{% for entry in list %}`` and ``{% if … %}`` are understood, in a
paragraph, around paragraphs or around the rows of a table. What else the language can do (calls, arithmetic,
filters, attributes that are no columns) is refused by name before anything is filled in.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from xml.dom import minidom
from xml.parsers.expat import ExpatError

import jinja2
from jinja2.sandbox import SandboxedEnvironment
from markupsafe import Markup

from greenxl.i18n import _
from greenxl.names import quoted
from greenxl.report.annual.package import (
    ChartParts,
    Document,
    UnusableTemplateError,
    open_document,
    write_document,
)
from greenxl.report.annual.paragraphs import (
    CLOSE,
    MARK,
    OPEN,
    Node,
    mark_tags,
    move_out,
    paragraphs,
    parsed,
    repair,
    text_of,
)
from greenxl.report.annual.tags import faults, is_open
from greenxl.report.annual.values import Chart, Listed, Value, Values

TO_BE_FILLED = "【请填写"
"""How a place begins that only people can fill."""
_MOST_OUTPUT = 8 * 1024 * 1024
"""Characters of a part that is filled in; of a report of 120 units it has 150,000."""
_MOST_TAGS = 2_000
"""Of a part."""
_WIDTH = 5_486_400
"""Of a chart, in English Metric Units: six inches, the text of an A4 page."""
_DRAWING = (
    '</w:t><w:drawing><wp:inline xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"'
    ' distT="0" distB="0" distL="0" distR="0"><wp:extent cx="{width}" cy="{height}"/>'
    '<wp:effectExtent l="0" t="0" r="0" b="0"/><wp:docPr id="{number}" name="{name}" descr="{words}"/>'
    '<wp:cNvGraphicFramePr/><a:graphic xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main">'
    '<a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/chart">'
    '<c:chart xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart"'
    ' xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" r:id="{key}"/>'
    '</a:graphicData></a:graphic></wp:inline></w:drawing><w:t xml:space="preserve">'
)
_FIRST_DRAWING = 90_000
"""Added to a chart's number it is the id of its drawing: a template's own have lower ones."""


@dataclass(frozen=True, slots=True)
class Filled:
    """A document with its fields filled in."""

    data: bytes
    to_be_filled: int
    """Places that only people can fill."""


def fill(name: str, template: bytes, values: Values) -> Filled:
    """Return the template with every field filled in; ``name`` is what messages call it.

    :raises UnusableTemplateError: it is no .docx, unsafe, or has a field that there is not.
    """
    document = open_document(name, template)
    charts = ChartParts(document)
    filling = _Filling(name, values, charts)
    try:
        changed = {part: filling.fill(part == document.main, document.parts[part]) for part in document.texts}
    except RecursionError as error:
        raise filling.fault(_("something in it is nested too deeply")) from error
    changed |= charts.changed()
    return Filled(write_document(document, changed), _blanks(document, changed))


def _blanks(document: Document, changed: Mapping[str, bytes]) -> int:
    main = minidom.parseString(changed[document.main])
    return sum(text_of(paragraph).count(TO_BE_FILLED) for paragraph in paragraphs(main))


@dataclass
class _Filling:
    """The filling of one template's parts."""

    name: str
    values: Values
    charts: ChartParts
    tags: list[str] = field(default_factory=list)
    """Of the part that is being filled, in their order."""

    def fill(self, main: bool, part: bytes) -> bytes:
        dom: Node = parsed(part)
        self.tags = []
        for paragraph in paragraphs(dom):
            if is_open(text_of(paragraph)):
                raise self.fault(
                    _("braces are not closed in the same paragraph, or not opened: {text}").format(
                        text=quoted(text_of(paragraph))
                    )
                )
            mark_tags(paragraph, self.tags)
        if not self.tags:
            return part
        if len(self.tags) > _MOST_TAGS:
            raise self.fault(_("it has more than {limit} fields").format(limit=f"{_MOST_TAGS:,}"))
        move_out(dom, self.tags)
        filled = self._rendered(dom.documentElement.toxml(), main=main)
        try:
            done = minidom.parseString(filled.encode())
        except ExpatError as error:
            raise self.fault(
                _(
                    "a list or condition begins and ends at places that do not match; put each of its tags "
                    "into a paragraph of its own, or into the first and the last cell of a row"
                )
            ) from error
        repair(done)
        return bytes(done.toxml(encoding="UTF-8"))

    def _rendered(self, marked: str, *, main: bool) -> str:
        environment = _environment(partial(self._shown, main=main))
        source = MARK.sub(lambda mark: _for_jinja(self.tags[int(mark[1])]), marked)
        try:
            tree = environment.parse(source)
        except jinja2.TemplateSyntaxError as error:
            raise self.fault(
                _(
                    "“{tag}” is not understood: it is misspelled, or its “endfor” or “endif” is missing"
                ).format(tag=self._tag_at(source, error.lineno))
            ) from error
        for found in faults(tree, self.values):
            raise self.fault(_(found.words).format(tag=self._tag_at(source, found.line), **found.more))
        pieces, length = [], 0
        for piece in environment.from_string(tree).generate({n: _given(v) for n, v in self.values.items()}):
            length += len(piece)
            if length > _MOST_OUTPUT:
                raise self.fault(_("it becomes too long"))
            pieces.append(piece)
        return "".join(pieces)

    def _tag_at(self, source: str, line: int) -> str:
        """Return the tag whose words are in a line of what Jinja2 reads; it opens in the line before."""
        opened = sum(piece.count(OPEN) for piece in source.split("\n")[: line - 1])
        return quoted(self.tags[max(opened, 1) - 1])

    def _shown(self, value: object, *, main: bool) -> object:
        """Return a value as the document has it."""
        if isinstance(value, Chart):
            return self._drawing(value, main=main)
        if isinstance(value, bool):
            return "是" if value else "否"
        return value

    def _drawing(self, chart: Chart, *, main: bool) -> Markup:
        if not main:
            raise self.fault(_("a chart cannot be in a header, footer or note"))
        number, key = self.charts.add(chart.part, chart.workbook)
        return Markup(_DRAWING).format(  # noqa: S704  (our own words; what is put in is escaped)
            width=_WIDTH,
            height=chart.height,
            number=_FIRST_DRAWING + number,
            name=f"Chart {number}",
            words=chart.words,
            key=key,
        )

    def fault(self, reason: str) -> UnusableTemplateError:
        return UnusableTemplateError(
            _("{path}: the template cannot be used: {reason}. Correct it in Word or WPS.").format(
                path=self.name, reason=reason
            )
        )


def _environment(shown: Callable[[object], object]) -> jinja2.Environment:
    environment = SandboxedEnvironment(
        block_start_string=f"{OPEN}%",
        block_end_string=f"%{CLOSE}",
        variable_start_string=f"{OPEN}{{",
        variable_end_string=f"}}{CLOSE}",
        comment_start_string=f"{OPEN}#",
        comment_end_string=f"#{CLOSE}",
        undefined=jinja2.StrictUndefined,
        autoescape=True,
        keep_trailing_newline=True,
        finalize=shown,
    )
    environment.globals.clear()
    return environment


def _for_jinja(tag: str) -> str:
    """Return a tag as Jinja2 is given it: in a line of its own, so that its errors say which."""
    return f"{OPEN}{tag[1]}\n{tag[2:-2]}{tag[-2]}{CLOSE}"


def _given(value: Value) -> object:
    if not isinstance(value, Listed):
        return value
    return [dict(zip(value.columns, row, strict=True)) for row in value.rows]
