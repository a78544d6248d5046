"""A template's bytes to the parts of a Word document, and back. Nothing outside is followed.

A template is somebody's file: macros, embedded objects, fields that fetch data and links to anything but web
pages are refused, and so is whatever unpacks without bound.
"""

import io
import posixpath
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from xml.dom import minidom

from greenxl.errors import WrongUseError
from greenxl.i18n import _
from greenxl.names import quoted
from greenxl.workbooks import safe_zip
from greenxl.workbooks.cells import Refused
from greenxl.workbooks.formats.package import CONTENT_TYPES, Package
from greenxl.workbooks.formats.xml_part import tree
from greenxl.workbooks.safe_zip import Archive, ArchiveError

MOST_BYTES = 10 * 1024 * 1024
"""Of a template; one with pictures has a few MiB."""
_MOST_TEXT = 4 * 1024 * 1024
"""Bytes of a part with text, unpacked; a report of a hundred pages has one."""
_DOCUMENT = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_TEXTS = ("header", "footer", "footnotes", "endnotes")
"""The kinds of parts with text beside the main one."""
_ACTIVE = {"vbaProject", "oleObject", "aFChunk", "control", "subDocument", "frame"}
"""Kinds of relations whose targets are run, or taken in when the document is opened."""
_HARMLESS = {"hyperlink", "attachedTemplate"}
"""The kinds of relations that may lead out: to where somebody clicks, and to the template's own template,
which is left out of what is written."""
_FETCHING = re.compile(r"\b(DDE|DDEAUTO|INCLUDETEXT|INCLUDEPICTURE|LINK|IMPORT|DATABASE|RD)\b", re.IGNORECASE)
"""Instructions of fields that take in other files."""
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_CHART = "application/vnd.openxmlformats-officedocument.drawingml.chart+xml"
_SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
_EPOCH = (1980, 1, 1, 0, 0, 0)
"""The date of every part that is written, so that the same input gives the same bytes."""


class UnusableTemplateError(WrongUseError):
    """The template cannot be used: the message says which, why, and what to do."""

    code = "template-unusable"


@dataclass(frozen=True, slots=True)
class Document:
    """A document's parts by their names, in their order."""

    parts: Mapping[str, bytes]
    main: str
    texts: tuple[str, ...]
    """The parts that may have fields, the main one first."""


def open_document(name: str, data: bytes) -> Document:
    """Return the parts of a template that can be trusted to be opened; ``name`` is what messages call it.

    :raises UnusableTemplateError: it is no .docx, damaged, unsafe, or takes in something from outside.
    """
    if len(data) > MOST_BYTES:
        limit = f"{MOST_BYTES // 1024**2} MiB"
        raise UnusableTemplateError(
            _("{path}: the template is larger than {limit}. Make its pictures smaller.").format(
                path=name, limit=limit
            )
        )
    if not data.startswith(safe_zip.MAGIC):
        raise _no_document(name)
    try:
        return _opened(name, data)
    except (ArchiveError, Refused) as error:
        raise UnusableTemplateError(
            _(
                "{path}: the template is damaged, or made to do harm ({reason}), and was not used. "
                "Open it in Word or WPS and save it again as .docx."
            ).format(path=name, reason=quoted(error.found) or error.code)
        ) from error


def _no_document(name: str) -> UnusableTemplateError:
    return UnusableTemplateError(
        _("{path}: this is no Word document. Save the template in Word or WPS as .docx.").format(path=name)
    )


def _opened(name: str, data: bytes) -> Document:
    box = Archive(data)
    for member in box.members:
        if member.method not in safe_zip.USUAL_METHODS or member.size > safe_zip.most_inflated(member):
            raise ArchiveError("unsafe-inflation", member.name)
    package = Package(box)
    main = package.one("officeDocument")
    if main is None or package.content_type(main) != _DOCUMENT:
        raise _no_document(name)
    _check_relations(name, package, box)
    known = {member.name.lower().lstrip("/"): member for member in box.members}
    beside = [r.target for r in package.relations(main).values() if r.kind in _TEXTS and r.target in known]
    texts = [main, *sorted(set(beside))]
    for part in texts:
        if known[part].size > _MOST_TEXT:
            raise ArchiveError("unsafe-size", part)
        _check_fields(name, package, part)
    parts = {member.name.lstrip("/"): box.inflate(member) for member in box.members}
    parts = {part: _without_own_template(part, content) for part, content in parts.items()}
    return Document(parts, known[main].name.lstrip("/"), tuple(known[t].name.lstrip("/") for t in texts))


def _check_relations(name: str, package: Package, box: Archive) -> None:
    """:raises UnusableTemplateError: something would be fetched from outside, or run."""
    for member in box.members:
        part = member.name.lower().lstrip("/")
        if part.endswith((".xml", ".rels")):
            tree(package.bytes(part), part)
        if part.endswith(".rels"):
            folder, file = posixpath.split(part)
            of = posixpath.join(posixpath.dirname(folder), file.removesuffix(".rels")).lstrip("/")
            for relation in package.relations(of).values():
                kind = relation.kind.rpartition("/")[2]
                if kind in _ACTIVE or (relation.external and kind not in _HARMLESS):
                    raise _taking_in(name, f"{kind}: {relation.target}")
    if package.holds(("vbaproject", "activex/")):
        raise _taking_in(name, "vbaProject")


def _without_own_template(part: str, content: bytes) -> bytes:
    """Return a part without what says where the template's own template is, which Word would fetch."""
    if b"attachedTemplate" not in content or not part.endswith(("settings.xml", "settings.xml.rels")):
        return content
    document: Any = minidom.parseString(content)
    for name in ("w:attachedTemplate", "Relationship"):
        for element in document.getElementsByTagName(name):
            if element.tagName != "Relationship" or element.getAttribute("Type").endswith("attachedTemplate"):
                element.parentNode.removeChild(element)
    return bytes(document.toxml(encoding="UTF-8"))


def _check_fields(name: str, package: Package, part: str) -> None:
    """:raises UnusableTemplateError: a field of Word's own takes in another file."""
    root = package.tree(part)
    typed = "".join(element.text or "" for element in root.iter(f"{_W}instrText"))
    simple = [element.get(f"{_W}instr", "") for element in root.iter(f"{_W}fldSimple")]
    found = _FETCHING.search(" ".join([typed, *simple]))
    if found:
        raise _taking_in(name, found[0])


def _taking_in(name: str, found: str) -> UnusableTemplateError:
    return UnusableTemplateError(
        _(
            "{path}: the template runs something or takes in something from outside ({found}), and was not "
            "used. Remove that in Word or WPS; insert a picture itself, not a link to it."
        ).format(path=name, found=quoted(found))
    )


def write_document(document: Document, changed: Mapping[str, bytes]) -> bytes:
    """Return the bytes of the document, some parts changed or added."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in {**document.parts, **changed}.items():
            package.writestr(zipfile.ZipInfo(name, _EPOCH), data, zipfile.ZIP_DEFLATED)
    return target.getvalue()


class ChartParts:
    """The parts that charts add to a document, and what the document must say of them."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._added: dict[str, bytes] = {}
        self._types: list[tuple[str, str]] = []
        self._relations: list[tuple[str, str]] = []

    def add(self, part: bytes, workbook: bytes) -> tuple[int, str]:
        """Add a chart with its workbook; return its number and the id of the main part's relation to it."""
        number = next(self._free_numbers())
        chart, book = f"word/charts/chart{number}.xml", f"word/embeddings/chart{number}.xlsx"
        target = f'Target="/{book}" Type="{_RELATIONS}/package" Id="rId1"'
        self._added |= {
            chart: part,
            f"word/charts/_rels/chart{number}.xml.rels": (
                f'<Relationships xmlns="{_PACKAGE}"><Relationship {target}/></Relationships>'.encode()
            ),
            book: workbook,
        }
        self._types += [(chart, _CHART), (book, _SHEET)]
        key = f"rIdChart{number}"
        self._relations.append((key, chart))
        return number, key

    def _free_numbers(self) -> Iterator[int]:
        """Yield the numbers that no chart has; a template may be an earlier report."""
        taken = {name.lower() for name in (*self._document.parts, *self._added)}
        for number in range(1, 10_000):
            if not {f"word/charts/chart{number}.xml", f"word/embeddings/chart{number}.xlsx"} & taken:
                yield number

    def changed(self) -> dict[str, bytes]:
        """Return the parts that are added, and those that name them."""
        if not self._added:
            return {}
        folder, file = posixpath.split(self._document.main)
        links, types = f"{folder}/_rels/{file}.rels", CONTENT_TYPES
        names = {name.lower(): name for name in self._document.parts}
        links, types = names.get(links.lower(), links), names[types.lower()]
        relations = [
            {"Id": key, "Type": f"{_RELATIONS}/chart", "Target": f"/{chart}"}
            for key, chart in self._relations
        ]
        overrides = [{"PartName": f"/{part}", "ContentType": kind} for part, kind in self._types]
        return {
            **self._added,
            links: _with(self._document.parts[links], "Relationship", relations),
            types: _with(self._document.parts[types], "Override", overrides),
        }


def _with(part: bytes, element: str, added: list[dict[str, str]]) -> bytes:
    """Return a list of elements with more at its end."""
    document: Any = minidom.parseString(part)
    root = document.documentElement
    for attributes in added:
        new = document.createElement(f"{root.prefix}:{element}" if root.prefix else element)
        for name, value in attributes.items():
            new.setAttribute(name, value)
        root.appendChild(new)
    return bytes(document.toxml(encoding="UTF-8"))
