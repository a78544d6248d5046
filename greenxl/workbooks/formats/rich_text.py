"""Texts of cells that are struck through in part."""

from functools import lru_cache
from typing import NamedTuple

from greenxl.workbooks.cells import Struck
from greenxl.workbooks.formats.number_format import MOST_SHOWN


class Rich(NamedTuple):
    """A text of several runs; each struck or not, None where that is as the cell's font has it."""

    text: str
    runs: tuple[tuple[str, bool | None], ...]


Text = str | Rich


@lru_cache(maxsize=64)
def struck_runs(rich: Rich, by_cell: bool) -> tuple[Struck, str]:
    """Return how much of a text is struck through and, where it is a part, the rest.

    ``by_cell`` says whether the cell's font strikes it.
    """
    seen = [(text, by_cell if own is None else own) for text, own in rich.runs if text.strip()]
    kinds = {struck for _text, struck in seen}
    if kinds == {True, False}:
        return Struck.PART, "".join(text for text, struck in seen if not struck).strip()[:MOST_SHOWN]
    return (Struck.WHOLE if kinds == {True} else Struck.NO), ""
