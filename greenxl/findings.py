"""What never stops a run: a finding says where, what was found and what to do.

Its code names its entry in :mod:`greenxl.catalogue`. Place, criteria and values are typed; what is shown
of them is joined here and never parsed again.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from greenxl.catalogue import CATALOGUE, CatalogueEntry, Severity
from greenxl.i18n import CHINESE, ENGLISH, LANGUAGE, N_, WORDS, Words, translate
from greenxl.names import is_ordinal, quoted


class Term(str):
    """A word inside a message that is translated with it."""

    __slots__ = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    code: str
    file: str = ""
    """A returned file, or the sheet or file of a campaign's table."""
    sheet: str = ""
    cells: tuple[str, ...] = ()
    """A1 addresses in the returned sheet as its sender sees it; the first is where the finding is shown."""
    rows: tuple[int, ...] = ()
    """Of a campaign's table, as a spreadsheet counts: all that it concerns."""
    town: str = ""
    community: str = ""
    criteria: tuple[int, ...] = ()
    """Numbers of the criteria concerned."""
    labels: tuple[str, ...] = ()
    """What the form prints as their numbers, where these are known."""
    found: str = ""
    values: tuple[tuple[str, str], ...] = ()
    """What else its message shows."""
    like: int = 1
    """How many like findings are put into this one (see :func:`grouped`)."""

    @property
    def entry(self) -> CatalogueEntry:
        return CATALOGUE[self.code]

    @property
    def severity(self) -> Severity:
        return self.entry.severity

    @property
    def cell(self) -> str:
        """The address at which it is shown, "" where it has none."""
        return self.cells[0] if self.cells else ""

    @property
    def criterion(self) -> int | None:
        return self.criteria[0] if self.criteria else None

    def where(self, language: str = LANGUAGE) -> str:
        """Return the place in one line: ``returned/索镇.xlsx › 永安社区!E7`` or ``创建标准, row 5``."""
        if self.rows:
            return self._in_rows(language)
        cells = self.shown_cells(language)
        inside = f"{self.sheet}!{cells}" if self.sheet and cells else self.sheet
        return " › ".join(part for part in (self.file, inside) if part)

    def _in_rows(self, language: str) -> str:
        """Return the table and the row, of many rows the first and their number."""
        first = _BETWEEN[language].join(map(str, self.rows[:_SHOWN_ROWS]))
        place = (
            N_("{place}, row {rows}")
            if len(self.rows) == 1
            else N_("{place}, rows {rows}")
            if len(self.rows) <= _SHOWN_ROWS
            else N_("{place}, rows {rows} … ({count} in all)")
        )
        return translate(place, language).format(place=self.file, rows=first, count=len(self.rows))

    def shown_cells(self, language: str = CHINESE) -> str:
        """Return where on the sheet it is shown: the cells of all like findings, else the first."""
        return _BETWEEN[language].join(self.cells) if self.like > 1 else self.cell

    def shown_found(self, language: str = CHINESE) -> str:
        """Return what was found, as it stood there; where these are our words, in that language."""
        return _worded(self.found, language)

    def message(self, language: str = LANGUAGE, words: Words = WORDS) -> str:
        """Return what was found and what to do, in one of the catalogue's languages.

        ``words`` are what its campaign calls its own things.
        """
        template = self.entry.many if self.like > 1 else self.entry.message
        return self._filled(template, "、".join(self.cells), language, words)

    def message_for_town(self, cells: str, language: str = CHINESE, words: Words = WORDS) -> str:
        """Return the message as the town needs it; ``cells`` is how their addresses are shown."""
        return (
            self._filled(self.entry.for_town, cells, language, words)
            if self.entry.for_town
            else self.message(language, words)
        )

    def left_out(self, language: str = CHINESE) -> str:
        """Return what a correction copy leaves out of the return, "" where that is nothing."""
        return (
            translate(self.entry.left_out, language).format(sheet=self.sheet) if self.entry.left_out else ""
        )

    def _filled(self, template: str, cells: str, language: str, words: Words) -> str:
        numbers = _BETWEEN[language].join(self.labels or map(str, self.criteria))
        values = {name: _worded(value, language, words) for name, value in self.values}
        template = translate(template, language)
        if not all(map(is_ordinal, self.labels)):
            template = _NUMBERED.sub(r"\1", template)
        allowed = translate(self._allowed, language).format_map({**words, "points": "", **values})
        shown = {"found": self.shown_found(language), "count": self.like, "cells": cells, "allowed": allowed}
        if not allowed[:1].isascii():
            template = template.replace(" {allowed}", "{allowed}")  # no space before a Chinese quotation mark
        return template.format_map({**words, **values, **shown, "number": numbers, "numbers": numbers})

    @property
    def _allowed(self) -> str:
        """What may be typed as the score: one of the ``answers`` that there are, else any number.

        With a number also the word that stands for none.
        """
        if ANSWERS in dict(self.values):
            return N_("one of {answers}")
        if ALSO in dict(self.values):
            many = N_("a number from 0 to the points of each, or {also}")
            return many if self.like > 1 else N_("a number from 0 to {points}, or {also}")
        many = N_("a number from 0 to the points of each")
        return many if self.like > 1 else N_("a number from 0 to {points}")

    def line(self, language: str = LANGUAGE, words: Words = WORDS) -> str:
        """Return the place, as far as it is known, and the message in one line."""
        where, what = self.where(language), self.message(language, words)
        return translate(N_("{where}: {what}"), language).format(where=where, what=what) if where else what

    def at(self, *, town: str, community: str) -> "Finding":
        return replace(self, town=town, community=community)


def finding(
    code: str,
    file: str = "",
    sheet: str = "",
    cell: str = "",
    found: str | Sequence[str] = "",
    *,
    cells: Iterable[str] = (),
    row: int | None = None,
    criterion: int | None = None,
    label: str = "",
    **values: object,
) -> Finding:
    """Return a finding; keyword values fill its message.

    ``found`` is quoted in one line of bounded length, of several texts each; ``label`` is what the form
    prints as the criterion's number.
    """
    return Finding(
        code=code,
        file=file,
        sheet=sheet,
        cells=(cell,) if cell else tuple(cells),
        rows=() if row is None else (row,),
        criteria=() if criterion is None else (criterion,),
        labels=(label,) if label else (),
        found=found if isinstance(found, Term) else _quoted(found),
        values=tuple((name, v if isinstance(v, Term) else str(v)) for name, v in values.items()),
    )


def _quoted(found: str | Sequence[str]) -> str:
    return "、".join(map(quoted, [found] if isinstance(found, str) else found))


def _worded(value: str, language: str, words: Words = WORDS) -> str:
    return translate(value, language).format_map(words) if isinstance(value, Term) else value


ANSWERS = "answers"
"""The value that names what may be typed as a score, where that is not any number up to the points."""
ALSO = "also"
"""The value that names what may be typed instead of such a number."""
_NUMBERED = re.compile("第({numbers?})条")
"""Criteria in the Chinese messages, by numbers."""
_SHOWN_ROWS = 5
_BETWEEN = {ENGLISH: ", ", CHINESE: "、"}


def grouped(
    findings: Iterable[Finding], language: str = CHINESE, *, across_sheets: bool = True
) -> list[Finding]:
    """Return the findings with the like ones of a sheet put into one, errors first, then by place.

    Their cells, what was found and their values are listed as the language does, each thing once.
    """
    groups: dict[object, list[Finding]] = {}
    for index, one in enumerate(findings):
        if not one.entry.many:
            groups[index] = [one]
        else:
            sheet = "" if across_sheets and one.entry.across_sheets else one.sheet
            asked = [dict(one.values).get(name) for name in (ANSWERS, ALSO)]
            groups.setdefault((one.code, one.file, sheet, *asked), []).append(one)
    severities = list(Severity)
    return sorted(
        (_as_one(group, _BETWEEN[language]) for group in groups.values()),
        key=lambda one: (severities.index(one.severity), one.file, one.sheet),
    )


def _as_one(like: list[Finding], between: str) -> Finding:
    first = like[0]
    if len(like) == 1:
        return first

    def listed(values: Iterable[str]) -> str:
        return between.join(dict.fromkeys(v for v in values if v))

    names = dict.fromkeys(name for one in like for name, _value in one.values)
    return replace(
        first,
        sheet=listed(one.sheet for one in like),
        cells=tuple(dict.fromkeys(cell for one in like for cell in one.cells)),
        community=listed(one.community for one in like),
        criteria=tuple(dict.fromkeys(number for one in like for number in one.criteria)),
        labels=tuple(dict.fromkeys(label for one in like for label in one.labels)),
        found=listed(one.found for one in like),
        values=tuple((name, listed(dict(one.values).get(name, "") for one in like)) for name in names),
        like=len(like),
    )


def count(findings: Iterable[Finding]) -> dict[Severity, int]:
    """Return how many there are of each severity, those told as one each for itself."""
    counts = dict.fromkeys(Severity, 0)
    for one in findings:
        counts[one.severity] += one.like
    return counts
