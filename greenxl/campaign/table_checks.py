"""What is checked of every table alike: that it is there, its columns, and what each cell may hold.

What a single value may be is declared with its column or setting (:mod:`greenxl.campaign.schemas`,
:mod:`greenxl.campaign.settings`).
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from greenxl.campaign.parsers import Fault, is_formula, unchecked
from greenxl.campaign.schemas import SCHEMAS, SETTINGS_TABLE, STANDARD, Column, R, Schema
from greenxl.campaign.settings import Setting
from greenxl.campaign.tables import CampaignTables, Row, Table, nearest
from greenxl.findings import Finding, finding
from greenxl.names import key


class TableChecks:
    """The tables as far as they can be used, and the faults found so far."""

    def __init__(self, tables: CampaignTables) -> None:
        self._faults: list[Finding] = []
        self._tables: CampaignTables = {}
        self._unusable: set[str] = set()
        for schema in SCHEMAS:
            found = tables.get(schema.name)
            self._tables[schema.name] = found or Table(name=schema.name, place=schema.title)
            if self._is_usable(schema, found):
                self._tables[schema.name] = self._filled(schema, found)
            else:
                self._tables[schema.name] = replace(self._tables[schema.name], rows=())
                self._unusable.add(schema.name)

    @property
    def faults(self) -> tuple[Finding, ...]:
        """What was found, in the order of finding; what is alike but for its row is one fault."""
        alike: dict[Finding, list[int]] = {}
        for fault in self._faults:
            alike.setdefault(replace(fault, rows=()), []).extend(fault.rows)
        return tuple(replace(fault, rows=tuple(dict.fromkeys(rows))) for fault, rows in alike.items())

    def usable(self, schema: Schema[Any]) -> bool:
        """Whether a table is there, if only empty, and has its columns."""
        return schema.name not in self._unusable

    def is_right(self, schema: Schema[Any]) -> bool:
        """Whether no fault of a table was found so far."""
        return not any(fault.file == self._tables[schema.name].place for fault in self._faults)

    def rows(self, schema: Schema[R]) -> Iterator[R]:
        """Yield the usable rows of a table; what cannot be a value is a fault, and None in the record."""
        for row in self._tables[schema.name].rows:
            values = {c.field: self.value(schema, row.number, row.cells[c.name], c) for c in schema.columns}
            yield schema.record(line=row.number, **values)

    def value(self, schema: Schema[Any], line: int | None, text: str, declared: Column | Setting) -> Any:
        """Return what a cell's text means, None where that is a fault; of a formula as a name, its text."""
        value = declared.parse(text)
        formula = is_formula(text) and declared.parse is not unchecked
        if formula or isinstance(value, Fault):
            fault = value if isinstance(value, Fault) and not formula else Fault("formula-value")
            self.fault(schema, line, fault.code, text, name=self.shown(schema, declared), wanted=fault.wanted)
        return None if isinstance(value, Fault) else value

    def check_lengths(self, schema: Schema[R], row: R, **most: int) -> None:
        """Find texts and names of a row that have more characters than the columns named may have."""
        for column in schema.columns:
            value, longest = getattr(row, column.field), most.get(column.field)
            names = value if isinstance(value, tuple) else (str(value or ""),)
            for name in names if longest else ():
                if len(name) > (longest or 0):
                    self.fault(
                        schema, row.line, "too-long", name, name=self.shown(schema, column), wanted=longest
                    )

    def typed(self, schema: Schema[Any], line: int, column: str) -> str:
        """Return what a cell of a usable row holds, as it was typed."""
        return next(row.cells[column] for row in self._tables[schema.name].rows if row.number == line)

    def shown(self, schema: Schema[Any], declared: Column | Setting) -> str:
        """Return what the table itself calls a column or setting."""
        return declared.title if self._tables[schema.name].chinese else declared.name

    def fault(
        self,
        schema: Schema[Any],
        line: int | tuple[int, ...] | None,
        code: str,
        found: str | Sequence[str] = "",
        **values: Any,
    ) -> None:
        """Add a fault, placed in rows of a table or in the table as a whole; row 0 is none."""
        rows = line if isinstance(line, tuple) else () if line is None else (line,)
        fault = finding(code, self._tables[schema.name].place, found=found, **values)
        self._faults.append(replace(fault, rows=tuple(row for row in rows if row)))

    def meanings(
        self,
        schema: Schema[Any],
        unknown: Iterable[str],
        declared: Sequence[Column | Setting],
        missing: Sequence[Column | Setting],
    ) -> dict[str, str]:
        """Return for each unknown name the one that is meant, "" where none is near.

        One by which forms call a column, else one that is spelled like it, rather a missing one.
        """
        called = {word: self.shown(schema, one) for one in declared for word in _also(one)}

        def near(name: str, among: Sequence[Column | Setting]) -> str:
            spelled = {text: self.shown(schema, one) for one in among for text in (one.name, one.title)}
            return spelled.get(nearest(name, spelled), "")

        return {n: called.get(_bare(n)) or near(n, missing) or near(n, declared) for n in unknown}

    def _is_usable(self, schema: Schema[Any], table: Table | None) -> bool:
        if table is None:
            if not schema.may_be_missing:
                self.fault(schema, None, "table-missing", title=schema.title, name=schema.name)
            return schema.may_be_missing
        if table.misnamed:
            self.fault(schema, None, "table-misnamed", title=schema.title, name=schema.name)
        elif table.others:
            self.fault(schema, None, "table-twice", list(table.others))
        elif not table.headings:
            self.fault(schema, None, "table-empty")
        else:
            return self._has_its_columns(schema, table)
        return False

    def _has_its_columns(self, schema: Schema[Any], table: Table) -> bool:
        """Find columns that are unknown, unnamed or there twice; return whether none is missing or twice."""
        headings = [heading for heading in table.headings if heading]
        known = {column.name: self.shown(schema, column) for column in schema.columns}
        twice = sorted({known.get(name, name) for name in headings if headings.count(name) > 1})
        if twice:
            self.fault(schema, 1, "column-twice", twice)
        missing = [column for column in schema.columns if column.filled and column.name not in headings]
        strange = list(dict.fromkeys(heading for heading in headings if heading not in known))
        self._check_names(schema, strange, missing)
        if table.unnamed and not missing:
            self.fault(schema, 1, "column-unnamed", list(table.unnamed))
        return not (missing or twice)

    def _check_names(self, schema: Schema[Any], strange: Sequence[str], missing: Sequence[Column]) -> None:
        """Find missing and unknown columns, a missing one under another name only once."""
        strange = [name for name in strange if not self._is_of_another_table(schema, name)]
        meant = self.meanings(schema, strange, schema.columns, missing)
        lost = [name for column in missing if (name := self.shown(schema, column)) not in meant.values()]
        far = [name for name, near in meant.items() if not near]
        if len(lost) == len(far) == 1:  # the one can only be meant for the other
            meant[far[0]] = lost.pop()
        for name, near in meant.items():
            if near:
                self.fault(schema, 1, "column-unknown", name, near=near)
            elif not lost:
                self.fault(schema, 1, "column-unheard", name)
        if lost:
            self.fault(schema, 1, "column-missing", lost)

    def _is_of_another_table(self, schema: Schema[Any], name: str) -> bool:
        """Find a column that one of the lists beside the standard has, by its title or as forms call it."""
        if any(_bare(name) in _also(column) for column in schema.columns):
            return False
        others = [one for one in SCHEMAS if one not in (schema, STANDARD, SETTINGS_TABLE)]
        columns = ((other, column) for other in others for column in other.columns)
        found = next((pair for pair in columns if _bare(name) in (key(pair[1].title), *_also(pair[1]))), None)
        if found:
            title = self.shown(schema, found[1])
            self.fault(schema, 1, "column-elsewhere", name, table=found[0].title, title=title)
        return found is not None

    def _filled(self, schema: Schema[Any], table: Table | None) -> Table:
        """Return a table with what its empty cells mean; rows that lack a needed value are faults."""
        if table is None or not (table.rows or schema.may_be_missing):
            if table is not None:
                self.fault(schema, None, "table-empty")
            return self._tables[schema.name]
        rows = [row for row in _completed(schema, table.rows) if self._is_filled(schema, row)]
        return replace(table, rows=tuple(rows))

    def _is_filled(self, schema: Schema[Any], row: Row) -> bool:
        empty = [self.shown(schema, c) for c in schema.columns if c.lacks(row.cells)]
        if empty:
            self.fault(schema, row.number, "value-missing", empty)
        return not empty


def _bare(name: str) -> str:
    """Return the key of a heading without what stands in brackets."""
    return re.sub(r"\(.*", "", key(name))


def _also(declared: Column | Setting) -> tuple[str, ...]:
    """Return the keys of what forms call a column."""
    return tuple(map(key, declared.also)) if isinstance(declared, Column) else ()


def _completed(schema: Schema[Any], rows: Iterable[Row]) -> Iterator[Row]:
    """Yield rows with all columns of their table and, where a cell is empty, what that means."""
    above: dict[str, str] = {}
    for row in rows:
        cells = {column.name: row.cells.get(column.name, "") for column in schema.columns}
        meant = {c.name: c.if_empty(above.get(c.name, "")) for c in schema.columns if c.if_empty}
        above = {name: text or meant.get(name, "") for name, text in cells.items()}
        yield Row(row.number, above)
