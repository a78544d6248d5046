"""The annual report of a round: the template, its own or the shipped one, filled with the round's figures."""

from dataclasses import dataclass
from datetime import date
from importlib.resources import files
from pathlib import Path

from greenxl.campaign.model import Campaign
from greenxl.errors import GreenxlError
from greenxl.i18n import _
from greenxl.report.annual.fields import fields
from greenxl.report.annual.package import MOST_BYTES
from greenxl.report.annual.template import Filled, fill
from greenxl.rounds.evaluate import Round
from greenxl.scoring.choosing import choose
from greenxl.scoring.tables import Tables, build
from greenxl.system_errors import reason_of


@dataclass(frozen=True, slots=True)
class Template:
    """A Word document with fields."""

    name: str
    """What messages call it."""
    data: bytes


def shipped_template() -> Template:
    """Return the template that is used where a round has none of its own."""
    data = files("greenxl.templates").joinpath("report", "annual.docx").read_bytes()
    return Template(_("the shipped template"), data)


def read_template(file: Path | None) -> Template:
    """Return the template in a file, the shipped one where none is named.

    :raises GreenxlError: the file cannot be read.
    """
    if file is None:
        return shipped_template()
    try:
        with file.open("rb") as opened:
            return Template(str(file), opened.read(MOST_BYTES + 1))
    except OSError as error:
        raise GreenxlError(
            _("{path}: the template cannot be read ({reason}). Close it in Word, and check its name.").format(
                path=file, reason=_(reason_of(error))
            )
        ) from error


def annual_report(template: Template, result: Round, tables: Tables, as_of: date) -> Filled:
    """Return the report; the same input gives the same bytes.

    :raises UnusableTemplateError: the template cannot be used.
    """
    return fill(template.name, template.data, fields(result, tables, as_of))


def try_template(template: Template, campaign: Campaign, as_of: date) -> None:
    """Fill a template with a round in which nothing came back, to find its faults before returns are read.

    :raises UnusableTemplateError: the template cannot be used.
    """
    choices = choose((), campaign).choices
    annual_report(template, Round(campaign, choices, (), (), ()), build(campaign, choices), as_of)
