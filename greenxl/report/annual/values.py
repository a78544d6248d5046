"""What a field of the template can be."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Listed:
    """A list that a template walks through; its columns are known also where it has no entries."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str | int, ...], ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """A native chart: its part, and the workbook with its figures that Word opens to change them."""

    words: str
    """What it shows, for those who cannot see it."""
    part: bytes
    workbook: bytes
    height: int
    """In English Metric Units (914,400 to an inch); a chart is as wide as the text of an A4 page."""


Value = str | int | bool | Listed | Chart
Values = Mapping[str, Value]
