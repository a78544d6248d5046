"""What is written to whom: the campaign and the state of its round to letters. Pure but for the templates.

A letter is not yet a message: mail_message.py gives it headers and bytes. Texts are Jinja2 templates in
``templates/mail``; a file of the same name in the folder ``mail`` of a round goes before the shipped one.
"""

import hashlib
import io
import json
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Literal

import jinja2
from jinja2.sandbox import SandboxedEnvironment

from greenxl.campaign.model import Campaign, Recipient, Town
from greenxl.errors import WrongUseError
from greenxl.form.blank import blanks
from greenxl.form.layout import identity_of
from greenxl.i18n import _
from greenxl.names import one_line, safe_file_name
from greenxl.report.readback import reporting, statuses
from greenxl.rounds.evaluate import Round
from greenxl.rounds.status import PENDING, Wanting, wanting
from greenxl.scoring import tables
from greenxl.scoring.choosing import Choice, Status
from greenxl.scoring.vocabulary import STATUS_WORDS, subject

Kind = Literal["blank", "reminders", "sendback", "report"]

TEMPLATES = "mail"
"""The folder of a round whose templates go before the shipped ones."""
_TEMPLATE_FAULTS = (TypeError, ValueError, AttributeError, LookupError, ArithmeticError)
"""What the expressions of a template can raise beside Jinja2's own errors."""


@dataclass(frozen=True, slots=True)
class Attachment:
    name: str
    data: bytes

    @property
    def size(self) -> str:
        return size(len(self.data))


@dataclass(frozen=True, slots=True)
class Letter:
    """What one recipient gets."""

    kind: Kind
    name: str
    """The town or recipient, as the campaign names it."""
    address: str
    """"" where the campaign has none."""
    subject: str
    text: str
    html: str
    attachments: tuple[Attachment, ...]
    content: str
    """What the letter says, in so many digits: a letter of the same content is not sent twice to anyone."""
    chat: str = ""
    """The same in a few lines for a chat group; only reminders have it."""


class Texts:
    """The templates, those of the round's own folder first; ``as_of`` is the day on which they speak."""

    def __init__(self, campaign: Campaign, folder: Path, as_of: date) -> None:
        self._campaign = campaign
        self._late = max(0, (as_of - campaign.deadline).days)
        loaders = [jinja2.FileSystemLoader(folder), jinja2.PackageLoader("greenxl.templates", TEMPLATES)]
        self._environment = SandboxedEnvironment(
            loader=jinja2.ChoiceLoader(loaders),
            autoescape=lambda name: bool(name and name.endswith(".html.j2")),
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._environment.filters |= {"day": _day, "month_day": _month_day, "percent": _percent}

    def render(self, template: str, **values: object) -> str:
        """Return the text of a template.

        :raises WrongUseError: a template of the round is wrong; says which line.
        """
        about = subject(self._campaign)
        try:
            found = self._environment.get_template(f"{template}.j2")
            return found.render(campaign=self._campaign, about=about, late=self._late, **values)
        except (jinja2.TemplateError, *_TEMPLATE_FAULTS) as error:
            raise WrongUseError(
                _(
                    "mail/{template}.j2{line}: the template cannot be used ({reason}). "
                    "Correct it, or delete it to use the shipped one."
                ).format(template=template, line=_line_number(error), reason=error)
            ) from error

    def letter(
        self,
        kind: Kind,
        name: str,
        address: str,
        attachments: Sequence[Attachment],
        content: object,
        **values: object,
    ) -> Letter:
        """Return the letter that the templates of its kind make of the values."""
        values = {"attachments": list(attachments), **values}
        title = one_line(self.render(f"{kind}.subject", **values))
        html = self.render(f"{kind}.html", subject=title, **values)
        text = self.render(f"{kind}.txt", **values)
        return Letter(
            kind, name, address, title, _tidy(text), html, tuple(attachments), digest([kind, content])
        )


def _line_number(error: Exception) -> str:
    return f":{error.lineno}" if isinstance(error, jinja2.TemplateSyntaxError) else ""


def _tidy(text: str) -> str:
    """Return a text with one blank line at most in a row."""
    lines: list[str] = []
    for line in text.strip().splitlines():
        if line.strip() or lines[-1]:
            lines.append(line.rstrip())
    return "\n".join(lines) + "\n"


def _day(value: date) -> str:
    return f"{value.year}年{value.month}月{value.day}日"


def _month_day(value: date) -> str:
    return f"{value.month}月{value.day}日"


def _percent(value: float) -> str:
    return f"{value:.1%}"


def size(count: int) -> str:
    """Return a number of bytes as people read it."""
    return f"{count / 1_048_576:.1f} MB" if count >= 1_048_576 else f"{max(1, round(count / 1024))} KB"


def digest(value: object) -> str:
    """Return digits that stay the same as long as the value does."""
    return hashlib.sha256(json.dumps(value, ensure_ascii=False).encode()).hexdigest()


def workbook_digest(data: bytes) -> str:
    """Return digits that change with a workbook's contents, not with the time at which it was saved."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            parts = [(i.filename, i.CRC, i.file_size) for i in package.infolist()]
    except zipfile.BadZipFile:
        return hashlib.sha256(data).hexdigest()
    return digest(sorted(part for part in parts if part[0] != "docProps/core.xml"))


def blank_letters(campaign: Campaign, towns: Sequence[Town], texts: Texts) -> list[Letter]:
    """Return a letter per town with its own blank workbook.

    It stays the same letter as long as the standard, the town and its communities do.
    """
    letters = []
    for made, town in zip(blanks(campaign, [t.name for t in towns]), towns, strict=True):
        communities = campaign.communities_of(town.name)
        letters.append(
            texts.letter(
                "blank",
                town.name,
                town.email,
                [Attachment(made.file_name, made.data)],
                identity_of(campaign, town.name, communities).rows(),
                town=town,
                communities=communities,
            )
        )
    return letters


def reminder_letters(result: Round, towns: Iterable[Town], texts: Texts) -> list[Letter]:
    """Return a letter per town that still owes something, listing exactly that."""
    return [_reminder(one, texts) for one in wanting(result, towns) if one]


def _reminder(one: Wanting, texts: Texts) -> Letter:
    content = [one.missing, [[w.community, w.status, w.lines] for w in one.wrong], one.files]
    values = {
        "town": one.town,
        "missing": one.missing,
        "wrong": one.wrong,
        "files": one.files,
        "places": one.places,
    }
    letter = texts.letter("reminders", one.town.name, one.town.email, [], content, **values)
    return replace(letter, chat=_tidy(texts.render("reminders.chat", **values)))


def sendback_letters(
    result: Round, towns: Iterable[Town], copies: Mapping[str, Attachment], texts: Texts
) -> list[Letter]:
    """Return a letter per town that has something to correct and a correction copy (by town)."""
    letters = []
    for one in wanting(result, towns):
        copy = copies.get(one.town.name)
        if copy and (one.wrong or one.files):
            letters.append(
                texts.letter(
                    "sendback",
                    one.town.name,
                    one.town.email,
                    [copy],
                    workbook_digest(copy.data),
                    town=one.town,
                    missing=one.missing,
                    wrong=one.wrong,
                    files=one.files,
                )
            )
    return letters


def copies_by_town(campaign: Campaign, files: Iterable[Path]) -> dict[str, Path]:
    """Return the correction copy of each town: its file's name begins with the town's; the newest counts."""
    found: dict[str, Path] = {}
    for file in sorted(files, key=lambda f: (f.stat().st_mtime, f.name)):
        if file.suffix.lower() == ".xlsx" and not file.name.startswith(("~$", ".")):
            for town in campaign.towns:
                if file.name.startswith(f"{safe_file_name(town.name)}-"):
                    found[town.name] = file
    return found


def report_letters(campaign: Campaign, workbook: Attachment, texts: Texts) -> list[Letter]:
    """Return the report's letters: one per leader, and a copy per authority.

    What they say is read from the workbook that they carry, so that the two cannot differ.

    :raises WrongUseError: it is no consolidated workbook of this campaign.
    """
    choices = statuses(campaign, workbook.name, workbook.data)
    figures = tables.build(campaign, choices)
    values = {
        **_figures(figures),
        "names": list(_names(choices)),
        "reporting": reporting(workbook.name, workbook.data),
    }
    leaders = [r for r in campaign.recipients if r.role == "leadership"]
    authorities = [r for r in campaign.recipients if r.role == "authority"]

    def letter(recipient: Recipient, others: list[Recipient]) -> Letter:
        return texts.letter(
            "report",
            recipient.name,
            recipient.email,
            [workbook],
            workbook_digest(workbook.data),
            recipient=recipient,
            copy=recipient.role == "authority",
            others=[other.name for other in others],
            **values,
        )

    return [
        *(letter(leader, authorities) for leader in leaders),
        *(letter(authority, leaders) for authority in authorities),
    ]


def _figures(figures: tables.Tables) -> dict[str, object]:
    county = dict(figures.county)
    stated = county["denominator_basis"] == "urban_total"
    whole = "城市社区总数" if stated else "创建名单"
    return {
        "county": county,
        "basis": f"以{whole}{county['denominator']}个社区为分母",
        "partly": not stated and "urban_total" in set(figures.towns["denominator_basis"]),
        "towns": [{"name": name, **dict(row)} for name, row in figures.towns.iterrows()],
        "total": {"name": "全县", **county},
        "pending": [{"status": STATUS_WORDS[s], "count": county[s]} for s in PENDING if county[s]],
    }


def _names(choices: Sequence[Choice]) -> Iterator[dict[str, object]]:
    """Yield the names behind the counts that a leader may ask about: who is missing, who is not settled."""
    order: tuple[Status, ...] = (Status.MISSING, *PENDING, Status.FAILED)
    for status in order:
        towns: dict[str, list[str]] = {}
        for choice in choices:
            if choice.status == status:
                towns.setdefault(choice.community.town, []).append(choice.community.name)
        if towns:
            yield {
                "status": STATUS_WORDS[status],
                "count": sum(map(len, towns.values())),
                "towns": [{"name": town, "communities": names} for town, names in towns.items()],
            }
