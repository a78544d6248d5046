"""The rates of towns and of the whole: who takes part, out of how many, and whether a target is met."""

from collections.abc import Iterable
from dataclasses import dataclass

from greenxl.campaign.model import Basis


def takes_part(scores: int) -> bool:
    """Whether a community that returned so many scores, right or wrong, takes part."""
    return scores > 0


def participating_formula(listed: str, missing: str) -> str:
    """How many of the listed communities take part: all but those that returned no score."""
    return f"{listed}-{missing}"


@dataclass(frozen=True, slots=True)
class Denominator:
    """What rates are a fraction of."""

    communities: int
    basis: Basis


def town_denominator(listed: int, urban_total: int | None) -> Denominator:
    """Return all urban communities of a town, or those of the roster where their number is not known."""
    if urban_total is None:
        return Denominator(listed, Basis.ROSTER)
    return Denominator(urban_total, Basis.URBAN_TOTAL)


def county_denominator(listed: int, towns: Iterable[Denominator]) -> Denominator:
    """Return all urban communities if every town states its own, else those of the roster."""
    towns = list(towns)
    if all(town.basis == Basis.URBAN_TOTAL for town in towns):
        return Denominator(sum(town.communities for town in towns), Basis.URBAN_TOTAL)
    return Denominator(listed, Basis.ROSTER)


def denominator_formula(basis: Basis, listed: str, towns: str) -> str:
    """The county's denominator: ``towns``, which adds up its towns', or its own listed communities."""
    return towns if basis == Basis.URBAN_TOTAL else listed


def rate(part: int, denominator: int) -> float:
    """Return a rate as a fraction, not rounded."""
    return part / denominator


def rate_formula(part: str, denominator: str) -> str:
    return f"{part}/{denominator}"


def target_met(passed: int, denominator: int, percent: int) -> bool:
    """Whether ``passed`` is ``percent`` of the denominator or more (以上 includes the bound), in integers."""
    return passed * 100 >= percent * denominator


def target_met_formula(passed: str, denominator: str, percent: str) -> str:
    return f"{passed}*100>={percent}*{denominator}"


def needed(denominator: int, percent: int) -> int:
    """Return the least number of communities that meets the target."""
    return -(-percent * denominator // 100)


def needed_formula(denominator: str, percent: str) -> str:
    return f"INT(({percent}*{denominator}+99)/100)"
