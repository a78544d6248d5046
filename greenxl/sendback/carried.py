"""What a copy carries over of a return besides its scores, and what of the return it leaves out. Pure."""

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

from greenxl.campaign.model import Campaign, Community
from greenxl.findings import Finding, finding
from greenxl.form.layout import FIELD_LABELS, Layout
from greenxl.form.score_sheet import Typed
from greenxl.scoring.checking import Checked
from greenxl.scoring.score import Score


def fields_of(sheets: Iterable[Checked], community: Community) -> dict[str, str]:
    """Return who filled in a community's sheet, when and so on, by label, where its returns agree."""
    own = [one.sheet.fields.split("\n") for one in sheets if one.community == community and one.sheet.fields]
    typed = ({text for text in texts if text} for texts in zip(*own, strict=True))
    return {label: texts.pop() for label, texts in zip(FIELD_LABELS, typed, strict=False) if len(texts) == 1}


def typed_of(sheets: Iterable[Checked], community: Community, campaign: Campaign) -> Typed:
    """Return what a community's sheet holds in columns to fill in and in scores that do not count.

    Where its returns differ, all their texts, but none of their scores.
    """
    own, layout = [one for one in sheets if one.community == community], Layout(campaign)
    texts = {name: [one.entries[name] for one in own if name in one.entries] for name in layout.entry_columns}
    scores = {name: [one.columns[name] for one in own if name in one.columns] for name in layout.other_scores}
    found: dict[str, list[str | Decimal | None]] = {
        **{name: [_all_texts(row) for row in zip(*rows, strict=True)] for name, rows in texts.items()},
        **{name: [_agreed(row) for row in zip(*rows, strict=True)] for name, rows in scores.items()},
    }
    return {name: typed for name, typed in found.items() if any(one is not None for one in typed)}


def _all_texts(texts: Iterable[str]) -> str | None:
    return "／".join(dict.fromkeys(filter(None, texts))) or None


def _agreed(scores: Sequence[Score]) -> Decimal | str | None:
    """Return what returns have alike, also what is no possible score."""
    one = scores[0]
    if len(set(scores)) > 1:
        return None
    return one.shown or None if one.value is None else one.value


def carried_columns(sheets: Sequence[Checked], campaign: Campaign) -> list[str]:
    """Return the headings of the columns of which anything is carried over, from left to right."""
    found = {name for one in sheets if one.community for name in typed_of(sheets, one.community, campaign)}
    return [heading for _part, heading in Layout(campaign).columns if heading in found]


def carries_fields(sheets: Sequence[Checked]) -> bool:
    """Whether any of the sheets says who filled it in, when and so on."""
    return any(fields_of(sheets, one.community) for one in sheets if one.community)


def remarks_of(sheets: Iterable[Checked]) -> Iterator[Finding]:
    """Yield what stood beside the scores of returned sheets and is in no copy, a line for each sheet."""
    for one in sheets:
        if one.sheet.remarks:
            yield one.located(finding("text-left-out", *one.place, found=one.sheet.remarks))
