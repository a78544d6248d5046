"""Campaign to blank score workbooks: a cover, a sheet per community and the hidden identity."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from greenxl.campaign.model import Campaign, Community
from greenxl.campaign.rules import Scores
from greenxl.form.cover import write_cover
from greenxl.form.layout import IDENTITY_SHEET, Identity, community_sheet_names, identity_of
from greenxl.form.score_sheet import CellMarks, Form, Typed, write_score_sheet
from greenxl.form.standard_form import StandardForm
from greenxl.names import joined, safe_file_name
from greenxl.xlsx import Book, write_cell


@dataclass(frozen=True, slots=True)
class Blank:
    """A blank workbook: what to call it and its bytes."""

    file_name: str
    town: str
    data: bytes


def blanks(campaign: Campaign, towns: Iterable[str], *, per_community: bool = False) -> Iterator[Blank]:
    """Yield the blank workbooks of these towns: one per town, or one per community."""
    names = _community_file_names(campaign) if per_community else {}
    standard = StandardForm(campaign)
    for town in towns:
        communities = campaign.communities_of(town)
        if per_community:
            for community in communities:
                data = blank(campaign, town, [community], standard=standard)
                yield Blank(f"{names[community]}.xlsx", town, data)
        else:
            yield Blank(
                town_file_name(campaign, town), town, blank(campaign, town, communities, standard=standard)
            )


def town_file_name(campaign: Campaign, town: str) -> str:
    """Return what a town's blank workbook is called."""
    return f"{safe_file_name(f'{town}-评分表-{campaign.year}')}.xlsx"


def _community_file_names(campaign: Campaign) -> dict[Community, str]:
    """Return what each community's workbook is called; those that would share a name are numbered.

    Of all communities, so that a name does not depend on which of them are asked for.
    """
    names: dict[Community, str] = {}
    taken: set[str] = set()
    for community in campaign.communities:
        name = joined(community.town, community.name, between="-")
        base = safe_file_name(f"{name}-评分表-{campaign.year}")
        numbered = (f"{base}（{count}）" for count in range(2, len(campaign.communities) + 2))
        name = next(one for one in (base, *numbered) if one.casefold() not in taken)
        taken.add(name.casefold())
        names[community] = name
    return names


def blank(
    campaign: Campaign,
    town: str,
    communities: Sequence[Community],
    *,
    scores: Mapping[Community, Scores] | None = None,
    supersedes: tuple[str, ...] = (),
    copy_id: str = "",
    marks: Mapping[Community, CellMarks] | None = None,
    fields: Mapping[Community, Mapping[str, str]] | None = None,
    typed: Mapping[Community, Typed] | None = None,
    write_first_sheet: Callable[[Book], None] = lambda book: None,
    standard: StandardForm | None = None,
) -> bytes:
    """Return the score workbook of a town, prefilled where ``scores`` holds any.

    A correction copy also ``supersedes`` files (by their SHA-256), has an id of its own (``copy_id``),
    ``marks``, filled ``fields`` and what was ``typed`` in other columns than that of the scores that count
    on the sheets of its communities and, before the cover, a sheet of its own. ``standard`` is that of the
    campaign, where several workbooks share it.
    """
    book = Book(
        campaign.fonts.body,
        date(campaign.year, 1, 1),
        {"title": campaign.title, "subject": f"{town} {campaign.year}", "author": campaign.authority},
    )
    given, marked, filled, beside = scores or {}, marks or {}, fields or {}, typed or {}
    empty: Scores = [None] * len(campaign.criteria)
    names = community_sheet_names(communities)
    forms = [
        Form(
            sheet_name=name,
            community=community,
            scores=given.get(community, empty),
            marks=marked.get(community, {}),
            fields=filled.get(community, {}),
            typed=beside.get(community, {}),
        )
        for name, community in zip(names, communities, strict=True)
    ]
    write_first_sheet(book)
    standard = standard or StandardForm(campaign)
    write_cover(book, campaign, town, forms)
    for before, form, after in zip([None, *forms], forms, [*forms[1:], None], strict=False):
        write_score_sheet(book, standard, form, before, after)
    _write_identity(book, identity_of(campaign, town, communities, supersedes, copy_id))
    return book.bytes()


def _write_identity(book: Book, identity: Identity) -> None:
    sheet, plain = book.sheet(IDENTITY_SHEET), book.format()
    for row, line in enumerate(identity.rows()):
        for column, text in enumerate(line):
            write_cell(sheet, row, column, text, plain)
    sheet.very_hidden()
    sheet.protect()
