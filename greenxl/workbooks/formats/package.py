"""The container of .xlsx, .xlsm and .xlsb: its parts, what they are and how they refer to each other.

Nothing is found by its usual place: the relations say where a part is and the content types what it is, as
an office reads them (ECMA-376 part 2). What two programs may take for two things is refused.
"""

import posixpath
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from functools import cached_property
from typing import Literal
from urllib.parse import unquote
from xml.etree.ElementTree import Element

from greenxl.workbooks.cells import Ambiguous
from greenxl.workbooks.formats.xml_part import kept, local, tree
from greenxl.workbooks.safe_zip import Archive, Member

CONTENT_TYPES = "[content_types].xml"
COUNTY_TIME = timezone(timedelta(hours=8))
"""For the times that a file states without a zone."""

_TYPES = "{http://schemas.openxmlformats.org/package/2006/content-types}"
_RELATIONS = "{http://schemas.openxmlformats.org/package/2006/relationships}"
_KINDS = (
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships/",
    "http://purl.oclc.org/ooxml/officeDocument/relationships/",
    "http://schemas.microsoft.com/office/2006/relationships/",
    "http://schemas.openxmlformats.org/package/2006/relationships/metadata/",
    "http://purl.oclc.org/ooxml/officeDocument/relationships/metadata/",
    "http://schemas.openxmlformats.org/officedocument/2006/relationships/metadata/",
)
"""How the types of relations begin that an office knows, in the transitional and in the strict form."""
_WORKBOOKS: Mapping[str, Literal["xlsx", "xlsm", "xlsb"]] = {
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml": "xlsx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.template.main+xml": "xlsx",
    "application/vnd.ms-excel.sheet.macroenabled.main+xml": "xlsm",
    "application/vnd.ms-excel.template.macroenabled.main+xml": "xlsm",
    "application/vnd.ms-excel.addin.macroenabled.main+xml": "xlsm",
    "application/vnd.ms-excel.sheet.binary.macroenabled.main": "xlsb",
}


@dataclass(frozen=True, slots=True)
class Relation:
    kind: str
    """The last word of a type that is known (``worksheet``, ``vbaProject``), the whole of any other."""
    target: str
    """The part that it leads to, in lower case; where it leads out of the package, the address."""
    external: bool


class Package:
    """A zip as Open Packaging Conventions have it; part names are compared without regard to case."""

    def __init__(self, box: Archive) -> None:
        """:raises Ambiguous: two parts differ in case alone, or the content types contradict themselves."""
        self._box = box
        self._members: dict[str, Member] = {}
        for member in box.members:
            name = member.name.lower().lstrip("/")
            if name in self._members:
                raise Ambiguous(f"{self._members[name].name}, {member.name}")
            self._members[name] = member
        if CONTENT_TYPES not in self._members:
            raise Ambiguous("[Content_Types].xml")
        self._defaults, self._overrides = _content_types(self.bytes(CONTENT_TYPES))
        self._relations: dict[str, Mapping[str, Relation]] = {}

    def __contains__(self, part: str) -> bool:
        return part in self._members

    def holds(self, names: Iterable[str]) -> bool:
        """Whether some part has one of these in its name, whatever refers to it."""
        return any(name in part for name in names for part in self._members)

    def bytes(self, part: str) -> bytes:
        """:raises Ambiguous: there is no such part."""
        if part not in self._members:
            raise Ambiguous(part)
        return self._box.inflate(self._members[part])

    def tree(self, part: str) -> Element:
        return tree(self.bytes(part), part)

    def content_type(self, part: str) -> str:
        """Return what a part is, in lower case; '' where it is not said."""
        extension = part.rpartition("/")[2].rpartition(".")[2]
        return self._overrides.get(part) or self._defaults.get(extension, "")

    def relations(self, part: str = "") -> Mapping[str, Relation]:
        """Return the relations of a part, or of the package itself, by their ids.

        :raises Ambiguous: two of them have one id.
        """
        if part not in self._relations:
            folder, name = posixpath.split(part)
            where = f"{folder}/_rels/{name}.rels".lstrip("/")
            known = where in self._members
            self._relations[part] = _relations(self.bytes(where), where, folder) if known else {}
        return self._relations[part]

    def one(self, kind: str, part: str = "") -> str | None:
        """Return the one part of a kind that another part, or the package, refers to.

        :raises Ambiguous: there are several.
        """
        targets = {r.target for r in self.relations(part).values() if r.kind == kind and not r.external}
        if len(targets) > 1:
            raise Ambiguous(", ".join(sorted(targets)))
        return next(iter(targets), None)

    @cached_property
    def workbook(self) -> str:
        """The main part.

        :raises Ambiguous: there is not exactly one.
        """
        part = self.one("officeDocument")
        if part is None or part not in self._members:
            raise Ambiguous(f"_rels/.rels: {part or 'officeDocument'}")
        return part

    @property
    def kind(self) -> Literal["xlsx", "xlsm", "xlsb"] | None:
        """Which workbook it is, None where the main part is none."""
        return _WORKBOOKS.get(self.content_type(self.workbook))

    def saved(self) -> datetime | None:
        """Return when it was last saved, by its own properties."""
        part = self.one("core-properties")
        if part is None or part not in self._members:
            return None
        texts = (e.text for e in self.tree(part) if local(e.tag) == "modified")
        return saved_time(next(texts, None))


def saved_time(text: str | None) -> datetime | None:
    """Return a moment of ISO 8601 with its zone, None where it is none."""
    try:
        found = datetime.fromisoformat((text or "").strip())
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=COUNTY_TIME)


@kept
def _content_types(part: bytes) -> tuple[Mapping[str, str], Mapping[str, str]]:
    """Return content types by extension and by part.

    :raises Ambiguous: two are given for one.
    """
    defaults: dict[str, str] = {}
    overrides: dict[str, str] = {}
    for element in tree(part, CONTENT_TYPES):
        kind = element.get("ContentType", "").lower()
        if element.tag == f"{_TYPES}Default":
            key, into = element.get("Extension", "").lower(), defaults
        elif element.tag == f"{_TYPES}Override":
            key, into = element.get("PartName", "").lower().lstrip("/"), overrides
        else:
            continue
        if into.setdefault(key, kind) != kind:
            raise Ambiguous(f"[Content_Types].xml: {key}")
    return defaults, overrides


@kept
def _relations(part: bytes, where: str, folder: str) -> Mapping[str, Relation]:
    """:raises Ambiguous: two relations have one id."""
    found: dict[str, Relation] = {}
    for element in tree(part, where):
        if element.tag != f"{_RELATIONS}Relationship":
            continue
        key = element.get("Id", "")
        if key in found:
            raise Ambiguous(f'{where}: Id="{key[:40]}"')
        found[key] = _relation(element, folder)
    return found


def _relation(element: Element, folder: str) -> Relation:
    kind, target = element.get("Type", ""), element.get("Target", "")
    short = kind.rpartition("/")[2] if kind.startswith(_KINDS) else kind
    if element.get("TargetMode", "Internal") != "Internal":
        return Relation(short, target, external=True)
    path = unquote(target.replace("\\", "/")).partition("#")[0].lower()
    return Relation(short, posixpath.normpath(posixpath.join("/", folder, path)).lstrip("/"), external=False)
