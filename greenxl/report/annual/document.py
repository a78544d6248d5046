"""The annual report of a round: the template, its own or the shipped one, filled with the round's figures."""

from datetime import date
from importlib.resources import files

from greenxl.campaign.model import Campaign
from greenxl.report.annual.fields import fields
from greenxl.report.annual.template import Filled, fill
from greenxl.rounds.evaluate import Round
from greenxl.scoring.choosing import choose
from greenxl.scoring.tables import Tables, build


def shipped_template() -> bytes:
    """Return the template that is used where a round has none of its own."""
    return files("greenxl.templates").joinpath("report", "annual.docx").read_bytes()


def annual_report(name: str, template: bytes, result: Round, tables: Tables, as_of: date) -> Filled:
    """Return the report; the same input gives the same bytes. ``name`` is what messages call the template.

    :raises UnusableTemplateError: the template cannot be used.
    """
    return fill(name, template, fields(result, tables, as_of))


def try_template(name: str, template: bytes, campaign: Campaign, as_of: date) -> None:
    """Fill a template with a round in which nothing came back, to find its faults before returns are read.

    :raises UnusableTemplateError: the template cannot be used.
    """
    choices = choose((), campaign).choices
    annual_report(name, template, Round(campaign, choices, (), (), ()), build(campaign, choices), as_of)
