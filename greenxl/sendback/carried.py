"""What a copy carries over of a return besides its scores, and what of the return it leaves out. Pure."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, time

from greenxl.campaign.model import Community
from greenxl.findings import Finding, finding
from greenxl.form.layout import FIELD_LABELS
from greenxl.names import quoted
from greenxl.scoring.checking import Checked
from greenxl.scoring.score import show
from greenxl.workbooks.cells import Cell


def fields_of(sheets: Iterable[Checked], community: Community) -> dict[str, str]:
    """Return who filled in a community's sheet, when and so on, by label, where its returns agree."""
    own = [one.sheet.fields for one in sheets if one.community == community]
    found = {}
    for label in FIELD_LABELS:
        texts = {_typed(fields[label]) for fields in own if label in fields}
        if len(texts) == 1:
            found[label] = texts.pop()
    return {label: text for label, text in found.items() if text}


def carries_fields(sheets: Sequence[Checked]) -> bool:
    """Whether any of the sheets says who filled it in, when and so on."""
    return any(fields_of(sheets, one.community) for one in sheets if one.community)


def _typed(cell: Cell) -> str:
    """Return what a cell shows; a day without its midnight."""
    value = cell.value
    if isinstance(value, datetime) and value.time() == time() and not cell.shown:
        return value.date().isoformat()
    return quoted(show(cell))


def remarks_of(sheets: Iterable[Checked]) -> Iterator[Finding]:
    """Yield what stood beside the scores of returned sheets and is in no copy, a line for each sheet."""
    for one in sheets:
        if one.sheet.remarks:
            found = [f"{cell.address} {quoted(show(cell))}" for cell in one.sheet.remarks[:_MOST_QUOTED]]
            found += ["…"] * (len(one.sheet.remarks) > _MOST_QUOTED)
            yield one.located(finding("text-left-out", *one.place, found=found))


_MOST_QUOTED = 20
"""Texts beside the scores that a copy names of one sheet."""
