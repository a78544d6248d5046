"""The texts of mails: Jinja2 templates in ``templates/mail``.

A file of the same name in the folder ``mail`` of a round goes before the shipped one.
"""

from datetime import date
from pathlib import Path

import jinja2
from jinja2.sandbox import SandboxedEnvironment

from greenxl.campaign.model import Campaign
from greenxl.errors import WrongUseError
from greenxl.i18n import _
from greenxl.names import bare
from greenxl.scoring.vocabulary import subject, words

FOLDER = "mail"
"""The folder of templates in a round folder, and in the package of the shipped ones."""
_EXPRESSION_ERRORS = (TypeError, ValueError, AttributeError, LookupError, ArithmeticError)
"""What the expressions of a template can raise beside Jinja2's own errors."""


class MailTemplates:
    """The templates, those of ``folder`` first; ``as_of`` is their date, up to which they count lateness."""

    def __init__(self, campaign: Campaign, folder: Path, as_of: date) -> None:
        self.late = max(0, (as_of - campaign.deadline).days)
        """Days since the deadline."""
        self._common = {
            "campaign": campaign,
            "about": subject(campaign),
            "words": words(campaign),
            "written": as_of,
            "late": self.late,
        }
        loaders = [jinja2.FileSystemLoader(folder), jinja2.PackageLoader("greenxl.templates", FOLDER)]
        self._environment = SandboxedEnvironment(
            loader=jinja2.ChoiceLoader(loaders),
            autoescape=lambda name: bool(name and name.endswith(".html.j2")),
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._environment.filters |= {"day": _day, "month_day": _month_day, "percent": _percent, "bare": bare}

    def render(self, template: str, **values: object) -> str:
        """Return the text that a template (``blank.subject``) makes of the values.

        :raises WrongUseError: a template of the round is wrong; says which line.
        """
        try:
            return self._environment.get_template(f"{template}.j2").render(**self._common, **values)
        except (jinja2.TemplateError, *_EXPRESSION_ERRORS) as error:
            raise WrongUseError(
                _(
                    "mail/{template}.j2{line}: the template cannot be used (“{reason}”). "
                    "Correct it, or delete it to use the shipped one."
                ).format(template=template, line=_line_number(error), reason=error)
            ) from error

    def render_plain(self, template: str, **values: object) -> str:
        """Return the plain text of a template, with one blank line at most in a row.

        :raises WrongUseError: as :meth:`render`.
        """
        lines: list[str] = []
        for line in self.render(template, **values).strip().splitlines():
            if line.strip() or lines[-1]:
                lines.append(line.rstrip())
        return "\n".join(lines) + "\n"


def _line_number(error: Exception) -> str:
    return f":{error.lineno}" if isinstance(error, jinja2.TemplateSyntaxError) else ""


def _day(value: date) -> str:
    return f"{value.year}年{value.month}月{value.day}日"


def _month_day(value: date) -> str:
    return f"{value.month}月{value.day}日"


def _percent(value: float) -> str:
    return f"{value:.1%}"
