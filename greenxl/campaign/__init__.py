"""What a round is about, as data: tables, checks, rules of scoring. Here: where campaigns are.

Light, for every command asks for its round first.
"""

from importlib import resources
from importlib.resources.abc import Traversable

WORKBOOK = "campaign.xlsx"
"""The name of a round folder's campaign."""
_SHIPPED = "huantai-2021"
_EXAMPLE = "example"


def shipped() -> Traversable:
    """Return the folder of the shipped Huantai campaign."""
    return resources.files("greenxl.templates") / _SHIPPED


def example() -> Traversable:
    """Return the folder of the empty campaign: two example rows in each table that needs any."""
    return resources.files("greenxl.templates") / _EXAMPLE


def templates() -> dict[str, Traversable]:
    """Return the folders of the shipped forms of other programmes, by name."""
    folders = {one.name: one for one in resources.files("greenxl.templates").iterdir() if one.is_dir()}
    names = sorted(name for name in folders if (folders[name] / "standard.csv").is_file())
    return {name: folders[name] for name in names if name not in (_SHIPPED, _EXAMPLE)}
