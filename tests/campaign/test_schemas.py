"""The tables of a campaign are declared once: names, columns, parsers."""

from dataclasses import fields

import pytest

from greenxl.campaign.model import Kind
from greenxl.campaign.schemas import ROSTER, SCHEMAS, Schema, TableRow
from greenxl.names import key


@pytest.mark.parametrize("schema", SCHEMAS, ids=lambda schema: schema.name)
def test_every_field_of_a_row_is_a_column(schema: Schema[TableRow]) -> None:
    """Each with a title of its own, and in the order of its fields."""
    columns = schema.columns
    assert ["line", *(column.field for column in columns)] == [one.name for one in fields(schema.record)]
    assert len({key(name) for c in columns for name in (c.name, c.title)}) == 2 * len(columns)


def test_tables_have_names_of_their_own() -> None:
    """English for files, Chinese for sheets."""
    assert len({key(name) for schema in SCHEMAS for name in (schema.name, schema.title)}) == 2 * len(SCHEMAS)


def test_what_a_row_need_not_have_may_be_empty() -> None:
    """An optional column's parser takes an empty text."""
    optional = [column.name for column in ROSTER.columns if not column.filled]
    assert optional == ["number", "pilot", "aliases"]
    values = [
        c.parse(c.if_empty("") if c.if_empty else "") for s in SCHEMAS for c in s.columns if not c.filled
    ]
    standard = ["", 1, "", "", "", Kind.SCORED, None, (), False]
    assert values == [*standard, 1, False, (), 1, (), None, "", "", "", (), "", None, ""]
