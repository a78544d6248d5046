"""What stands above and below the form: community and town, by the labels beside them."""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache

from greenxl.campaign.model import Campaign
from greenxl.form.layout import FIELD_LABELS, town_label, unit_label
from greenxl.names import key, remembered
from greenxl.returns.model import FAR_COLUMNS, FAR_ROWS, FoundForm, Grid
from greenxl.workbooks.cells import Cell

_EITHER_LABELS = ("填报单位", "申报单位", "创建单位", "报送单位", "单位名称", "单位")
"""They may be a town's as well: only a known name counts."""


_USUAL_TOWN_LABELS = ("所属街道", "所属镇", "街道(镇)", "街道(乡镇)", "镇(街道)", "街道", "乡镇", "镇")


def _unit_labels(unit: str) -> tuple[str, ...]:
    return unit_label(unit), f"{unit}名", f"所属{unit}", unit


def _town_labels(unit: str, parent: str) -> tuple[str, ...]:
    own = (town_label(parent), f"{parent}名称", parent) if parent else ()
    return tuple(one for one in (*own, *_USUAL_TOWN_LABELS) if one not in _unit_labels(unit))


def _pattern(labels: Iterable[str]) -> str:
    return "|".join(re.escape(key(label)) for label in sorted(labels, key=len, reverse=True))


class _Labels:
    """All labels of a campaign's forms, as patterns."""

    def __init__(self, unit: str, parent: str) -> None:
        """``unit`` is the campaign's word for what is scored, ``parent`` for what that belongs to."""
        self.unit, self.town = _unit_labels(unit), _town_labels(unit, parent)
        every = (*self.unit, *_EITHER_LABELS, *self.town, *FIELD_LABELS)
        self._alone = re.compile(rf"({_pattern(every)})(?:\([^()]{{0,40}}\))?")
        self._label = re.compile(self._alone.pattern + ":")
        self.stated = remembered(1024)(self._stated)

    def _stated(self, text: str) -> list[tuple[str, str]]:
        """Return the (label, value) of a text such as 「街道：索镇 社区：永安社区」."""
        text = text.lstrip("*※●★☆")
        alone = self._alone.fullmatch(text)
        if alone:
            return [(alone[1], "")]
        labels = list(self._label.finditer(text)) if self._label.match(text) else []
        ends = [*(label.start() for label in labels[1:]), len(text)]
        return [(m[1], _SEAL.sub("", text[m.end() : end])) for m, end in zip(labels, ends, strict=False)]


def _labels_of(campaign: Campaign) -> _Labels:
    return _labels(campaign.unit, campaign.parent)


_labels = lru_cache(maxsize=8)(_Labels)


_FIELDS = {key(label): label for label in FIELD_LABELS}


_SEAL = re.compile(r"\((?:[加请]?盖?[公签]?章)\)$")


def community_cells(grid: Grid, form: FoundForm, campaign: Campaign) -> tuple[Cell, ...]:
    """Return the cells that name the community: by their label, else the only one that is such a name.

    Several only where they name several communities; one of an unknown name only where none is known.
    """

    def known(name: str) -> bool:
        return bool(campaign.find_communities(name))

    def named(cells: Sequence[Cell]) -> tuple[Cell, ...]:
        found = {campaign.find_communities(str(cell.value)): cell for cell in reversed(cells)}
        found.pop((), None)
        return tuple(found.values())[::-1]

    every = _labels_of(campaign)
    labelled = _labelled(grid, form, every, every.unit, known)
    stated = named(labelled) or named(_labelled(grid, form, every, _EITHER_LABELS, known))
    if stated or labelled:
        return stated or tuple(labelled[:1])
    bare = named([grid.cell(row, column) for row, column, _text in _over(grid, form)])
    return bare if len(bare) == 1 else ()


def _over(grid: Grid, form: FoundForm) -> Iterator[tuple[int, int, str]]:
    return grid.texts(max(0, form.top - FAR_ROWS), form.top)


def town_cell(grid: Grid, form: FoundForm, campaign: Campaign) -> Cell | None:
    """Return the cell that names the town, of a known name if there is one; None where there are no towns."""
    if not campaign.has_towns:
        return None

    def known(name: str) -> bool:
        return campaign.find_town(name) is not None

    every = _labels_of(campaign)
    cells = _labelled(grid, form, every, every.town, known)
    return next((cell for cell in cells if known(str(cell.value))), cells[0] if cells else None)


def field_cells(grid: Grid, form: FoundForm, campaign: Campaign) -> Mapping[str, Cell]:
    """Return what was typed beside or behind the labels under the form, such as who filled it in.

    Of each label the first place counts, so that a sheet of nothing but labels costs no more than another.
    """
    end, found = _end(form), dict[str, Cell | None]()
    for row, column, text in grid.texts(end + 1, end + FAR_ROWS):
        label = _FIELDS.get(text.partition(":")[0])
        if label and label not in found:
            found[label] = _typed(grid, row, column, _labels_of(campaign))
    return {label: cell for label, cell in found.items() if cell}


def _typed(grid: Grid, row: int, column: int, every: _Labels) -> Cell | None:
    """Return what stands behind the colon of a label, else in the next cell that is no label itself."""
    behind = re.split("[:：]", str(grid.value(row, column)), maxsplit=1)[1:]
    if behind and behind[0].strip():
        return grid.cell(row, column)._replace(value=behind[0].strip())
    right = next((one for one in grid.columns(row) if one > column), None)
    return None if right is None or every.stated(grid.text(row, right)) else grid.cell(row, right)


def remark_cells(grid: Grid, form: FoundForm) -> Iterator[Cell]:
    """Yield the texts right of the scores that are not taken for scores."""
    beside, own = set(form.beside), {*form.score_columns, *form.entry_columns}
    right = range(form.score_column + 1, form.last_column + FAR_COLUMNS)
    for hit in form.lines:
        if max(grid.sheet.rows[hit.row]) < right.start:
            continue
        for column in grid.columns(hit.row):
            place = hit.row, column
            if column in right and column not in own and grid.text(*place) and place not in beside:
                yield grid.cell(*place)


def _labelled(
    grid: Grid, form: FoundForm, every: _Labels, labels: tuple[str, ...], known: Callable[[str], bool]
) -> list[Cell]:
    """Return the cells with what follows the labels, in the sheet’s order; only known names lack a colon."""
    wanted, end = _longest_first(labels), _end(form)
    filled = lru_cache(maxsize=1)(grid.columns)  # a row may hold thousands of labels
    found: list[Cell] = []
    for row, column, text in (*_over(grid, form), *grid.texts(end + 1, end + FAR_ROWS)):
        stated = [(label, value) for label, value in every.stated(text) if label in wanted]
        if not stated and not text.startswith(wanted):
            continue
        if any(text in (label, f"{label}:") for label, _value in stated):
            found += _neighbours(grid, form, every, row, column, filled(row))
        rest = next((text.removeprefix(label) for label in wanted if text.startswith(label)), "")
        names = [value for _label, value in stated if value] + ([rest] if rest and known(rest) else [])
        if names:
            cell = grid.cell(row, column)
            found += (cell._replace(value=name) for name in names)
    return found


@lru_cache(maxsize=16)
def _longest_first(labels: tuple[str, ...]) -> tuple[str, ...]:
    """Return the keys of labels, so that the first with which a text begins is all of the label."""
    return tuple(sorted(map(key, labels), key=len, reverse=True))


def _neighbours(
    grid: Grid, form: FoundForm, every: _Labels, row: int, column: int, filled: Sequence[int]
) -> Iterator[Cell]:
    """Yield the texts beside a label: the next to the right, and the one below; never another label.

    ``filled`` are the columns of its row in which something stands, rising.
    """
    right = bisect_right(filled, column)
    places = [(row, one) for one in filled[right : right + 1]]
    if row + 1 < form.top or row > _end(form):
        places.append((row + 1, column))
    for place in places:
        text = grid.text(*place)
        if text and not every.stated(text):
            yield grid.cell(*place)


def _end(form: FoundForm) -> int:
    return form.last_row if form.total_row is None else form.total_row
