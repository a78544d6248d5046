"""What counts, as pandas frames: communities, towns, county, criteria, lost points. Pure.

Scores are whole hundredths in nullable integers (``Int64``), so that sums and ranks are exact;
:func:`points` gives them back as decimals.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, cast

import pandas as pd

from greenxl.campaign import rules
from greenxl.campaign.model import Campaign
from greenxl.scoring.choosing import Choice, Status


@dataclass(frozen=True)
class Tables:
    communities: pd.DataFrame
    """A row per community in roster order: no, town, community, pilot, status, c1 … cn (accepted scores),
    g1 … gm (subtotals, where all of a group is accepted), total and rank (where passed or failed),
    file, sheet."""
    towns: pd.DataFrame
    """A row per town in campaign order, indexed by its name: listed, participating, the six statuses,
    denominator, denominator_basis, participation_rate, pass_rate (fractions)."""
    county: "pd.Series[Any]"
    """As a row of ``towns``, with target_percent and target_met (None where the year has no target)."""
    criteria: pd.DataFrame
    """A row per criterion, indexed by its number: group (index), text, points, scored (communities with an
    accepted score), average, lost (sum of lost hundredths), loss_rate (lost of scored * points), losers."""
    losses: pd.DataFrame
    """A row per lost point of a community: no, town, community, pilot, criterion, points, score, lost;
    the heaviest loss of a community first."""


def hundredths(value: Decimal) -> int:
    return int(value * 100)


def points(value: object) -> Decimal | None:
    """Return whole hundredths as a decimal, None for a missing value."""
    return None if pd.isna(value) else Decimal(int(cast(int, value))) / 100  # type: ignore[call-overload]


def build(campaign: Campaign, choices: Sequence[Choice]) -> Tables:
    communities = _communities(campaign, choices)
    towns = _towns(campaign, communities)
    return Tables(
        communities,
        towns,
        _county(campaign, towns),
        _criteria(campaign, communities),
        _losses(campaign, communities),
    )


def score_columns(campaign: Campaign) -> list[str]:
    return [f"c{c.number}" for c in campaign.criteria]


def group_columns(campaign: Campaign) -> list[str]:
    return [f"g{number}" for number in range(1, len(campaign.groups) + 1)]


def _communities(campaign: Campaign, choices: Sequence[Choice]) -> pd.DataFrame:
    columns = score_columns(campaign)
    accepted = [_accepted(choice, campaign) for choice in choices]
    verdicts = [rules.judge(scores, campaign) for scores in accepted]
    ranks = rules.ranks(verdict.total for verdict in verdicts)
    rows = [
        {
            "no": choice.community.number,
            "town": choice.community.town,
            "community": choice.community.name,
            "pilot": choice.community.pilot,
            "status": choice.status,
            "file": choice.chosen.sheet.file if choice.chosen else None,
            "sheet": choice.chosen.sheet.sheet if choice.chosen else None,
            **dict(zip(columns, scores, strict=True)),
            **dict(zip(group_columns(campaign), verdict.subtotals, strict=True)),
            "total": verdict.total,
            "rank": rank,
        }
        for choice, scores, verdict, rank in zip(choices, accepted, verdicts, ranks, strict=True)
    ]
    frame = pd.DataFrame(rows)
    for name in (*columns, *group_columns(campaign), "total"):
        frame[name] = frame[name].map(hundredths, na_action="ignore")
    return frame.astype(dict.fromkeys([*columns, *group_columns(campaign), "total", "rank"], "Int64"))


def _accepted(choice: Choice, campaign: Campaign) -> list[Decimal | None]:
    if choice.chosen is None:
        return [None] * len(campaign.criteria)
    return [score.value for score in choice.chosen.scores]


def _towns(campaign: Campaign, communities: pd.DataFrame) -> pd.DataFrame:
    names = [town.name for town in campaign.towns]
    counts = pd.crosstab(communities["town"], communities["status"])
    frame = counts.reindex(index=names, columns=list(Status), fill_value=0)
    frame.insert(0, "listed", frame.sum(axis=1))
    frame.insert(1, "participating", frame["listed"] - frame["missing"])
    denominators = [
        rules.town_denominator(listed, town.urban_total)
        for listed, town in zip(frame["listed"], campaign.towns, strict=True)
    ]
    frame["denominator"] = [denominator.communities for denominator in denominators]
    frame["denominator_basis"] = [denominator.basis for denominator in denominators]
    return _with_rates(frame)


def _with_rates(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.assign(
        participation_rate=list(map(rules.rate, frame["participating"], frame["denominator"])),
        pass_rate=list(map(rules.rate, frame["passed"], frame["denominator"])),
    )


def _county(campaign: Campaign, towns: pd.DataFrame) -> "pd.Series[Any]":
    """Return the county's row: on the urban totals if every town states one, else on the roster."""
    counts = towns[["listed", "participating", *Status]].sum().to_frame().T
    of_towns = map(rules.Denominator, towns["denominator"], towns["denominator_basis"])
    denominator = rules.county_denominator(int(counts["listed"].iloc[0]), of_towns)
    counts["denominator"] = denominator.communities
    counts["denominator_basis"] = denominator.basis
    county = _with_rates(counts).iloc[0].astype(object)
    percent = campaign.target_percent
    county["target_percent"] = percent
    county["target_met"] = (
        None if percent is None else rules.target_met(int(county["passed"]), denominator.communities, percent)
    )
    return county


def towns_without_total(tables: Tables) -> list[str]:
    """Return the towns whose denominator is the roster, for want of their number of urban communities."""
    return [str(name) for name in tables.towns.index[tables.towns["denominator_basis"] == "roster"]]


def totals_of(tables: Tables) -> list[Decimal]:
    """Return the totals of the communities that have one."""
    return [Decimal(int(total)) / 100 for total in tables.communities["total"].dropna()]


def _criteria(campaign: Campaign, communities: pd.DataFrame) -> pd.DataFrame:
    scores = communities[score_columns(campaign)]
    full = [hundredths(c.points) for c in campaign.criteria]
    scored = scores.count().to_numpy()
    sums = scores.sum().to_numpy()
    frame = pd.DataFrame(
        {
            "group": [c.group for c in campaign.criteria],
            "text": [c.text for c in campaign.criteria],
            "points": full,
            "scored": scored,
            "lost": [p * int(n) - int(s) for p, n, s in zip(full, scored, sums, strict=True)],
            "losers": [
                tuple(communities.loc[(scores[name] < p).fillna(False), "community"])
                for name, p in zip(scores.columns, full, strict=True)
            ],
        },
        index=pd.Index([c.number for c in campaign.criteria], name="criterion"),
    )
    available = (frame["points"] * frame["scored"]).replace(0, pd.NA)
    frame["average"] = (available - frame["lost"]) / frame["scored"].replace(0, pd.NA)
    frame["loss_rate"] = frame["lost"] / available
    return frame


def _losses(campaign: Campaign, communities: pd.DataFrame) -> pd.DataFrame:
    """Return every accepted score below its points, by town and community, the heaviest loss first."""
    who = ["no", "town", "community", "pilot"]
    long = communities.melt(who, score_columns(campaign), "criterion", "score").dropna(subset="score")
    long["criterion"] = long["criterion"].str[1:].astype(int)
    long["points"] = long["criterion"].map({c.number: hundredths(c.points) for c in campaign.criteria})
    long["lost"] = long["points"] - long["score"]
    lost = long[long["lost"] > 0]
    order = {town.name: index for index, town in enumerate(campaign.towns)}
    return (
        lost.assign(order=lost["town"].map(order))
        .sort_values(["order", "no", "lost", "criterion"], ascending=[True, True, False, True])
        .drop(columns="order")
        .reset_index(drop=True)
    )
