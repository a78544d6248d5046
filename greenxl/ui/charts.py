"""The two charts of the consolidated workbook's first page, as lengths and words to be drawn. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from greenxl.campaign.model import Campaign, plain
from greenxl.i18n import _
from greenxl.names import bare
from greenxl.report.sheets.bands import bands
from greenxl.report.sheets.sentences import percent_words
from greenxl.report.sheets.towns import distribution, town_table
from greenxl.scoring.tables import CountyRow, Tables, TownRow
from greenxl.scoring.vocabulary import words

WIDTH = 520
_NAMES = 140
"""The width of the names at the left."""
_ROW, _BAR = 40, 12
_TOP, _BOTTOM = 34, 8
_MOST_TOWNS = 20
_SHORT = 8
"""Characters of a town's name for which there is room."""
_CEILING, _HIGH, _FOOT = 52, 150, 30
"""Of the columns: where the highest one ends, its length, and the room for the names."""
_NUMBERS = 60
"""What the figures behind a bar take at the right."""


@dataclass(frozen=True, slots=True)
class Bar:
    x: float
    y: float
    width: float
    height: float
    label: str
    kind: str
    """What its colour says: a class of the style sheet."""


@dataclass(frozen=True, slots=True)
class Name:
    x: float
    y: float
    text: str


@dataclass(frozen=True, slots=True)
class Chart:
    title: str
    words: str
    """All that it shows, for who cannot see it."""
    width: int
    height: int
    bars: tuple[Bar, ...]
    names: tuple[Name, ...]
    line: float | None = None
    """Where the target is, from the left."""


def rates_chart(campaign: Campaign, tables: Tables) -> Chart:
    """Return the participation and the pass rate of every town and of the whole, bars from left to right."""
    rows: Sequence[TownRow | CountyRow] = [*tables.towns[:_MOST_TOWNS], tables.county]
    if not campaign.has_towns:
        rows = [tables.county]
    said, passed = words(campaign), campaign.pass_words[0]
    room = WIDTH - _NAMES - _NUMBERS
    bars, names, spoken = [], [], []
    for place, row in enumerate(rows):
        name, top = row.name if isinstance(row, TownRow) else campaign.area, _TOP + place * _ROW
        names.append(Name(_NAMES - 10, top + _BAR + 5, _shortened(name)))
        for number, (part, kind) in enumerate(((row.participating, "took-part"), (row.passed, "passed"))):
            shown = percent_words(part, row.denominator)
            width = round(room * min(1.0, part / row.denominator), 1)
            bars.append(Bar(_NAMES, top + number * (_BAR + 3), width, _BAR, shown, kind))
        spoken.append(
            _("{town}: participation {participation}, {pass_word} {passed}").format(
                town=name,
                participation=percent_words(row.participating, row.denominator),
                passed=percent_words(row.passed, row.denominator),
                **said,
            )
        )
    title = _("Participation and pass rate by town").format(**said)
    if not campaign.has_towns:
        title = f"参与率、{passed}率"
    percent = campaign.target_percent
    return Chart(
        title=title,
        words=_("; ").join(spoken),
        width=WIDTH,
        height=_TOP + len(rows) * _ROW + _BOTTOM,
        bars=tuple(bars),
        names=tuple(names),
        line=None if percent is None else round(_NAMES + room * min(100, percent) / 100, 1),
    )


def _shortened(name: str) -> str:
    return name if len(name) <= _SHORT else name[: _SHORT - 1] + "…"


def totals_chart(campaign: Campaign, tables: Tables) -> Chart:
    """Return how many have a total in each band, or each grade, as columns."""
    found = [(label, count) for label, _formula, count in distribution(town_table(campaign), tables)]
    most = max([count for _label, count in found], default=0) or 1
    step = (WIDTH - 20) / max(1, len(found))
    least = [grade.least for grade in campaign.grades] or [band.low for band in bands(campaign)]
    passing = [low >= campaign.pass_score for low in least] + [False]
    bars, names = [], []
    for place, ((label, count), good) in enumerate(zip(found, passing, strict=False)):
        height = round(_HIGH * count / most, 1)
        x = 10 + place * step
        bars.append(
            Bar(round(x + step * 0.15, 1), _CEILING + _HIGH - height, round(step * 0.7, 1), height,
                str(count), "passed" if good else "failed")
        )  # fmt: skip
        names.append(Name(round(x + step / 2, 1), _CEILING + _HIGH + 18, label))
    about = bare(campaign.labels.total)
    title = _("Distribution of {total_word} (dark: {pass_score} and above)").format(
        total_word=about, pass_score=plain(campaign.pass_score)
    )
    spoken = (_("{label}: {count}").format(label=label, count=count) for label, count in found)
    return Chart(
        title=title,
        words=_("; ").join(spoken),
        width=WIDTH,
        height=_CEILING + _HIGH + _FOOT,
        bars=tuple(bars),
        names=tuple(names),
    )
