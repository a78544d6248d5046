"""The commands of mail: send, mark, collect."""

import sys
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from greenxl.cli.click_texts import Day, OneOf
from greenxl.cli.here import RoundCommand, TypedPath, refuse_absent
from greenxl.cli.inputs import (
    ask_password,
    campaign_source,
    chosen_date,
    evaluate_returns,
    load_campaign,
    require_round,
    returns_or_default,
    town_named,
)
from greenxl.cli.options import (
    AS_OF,
    CAMPAIGN,
    FORCE,
    INSECURE,
    RETURNS,
    TOWNS,
    ReadingOptions,
    reading_options,
)
from greenxl.cli.outputs import refuse_among_returns
from greenxl.errors import WrongUseError
from greenxl.i18n import _
from greenxl.names import key
from greenxl.rounds import folder as round_folder
from greenxl.rounds.sendings import LetterKind

if TYPE_CHECKING:
    from greenxl.campaign.model import Campaign, Town
    from greenxl.journals import Record
    from greenxl.mail.send import PlannedLetter
    from greenxl.returns.intake import RemoteReturns
    from greenxl.rounds.evaluate import Round


@click.command(
    cls=RoundCommand,
    help=_(
        "Send blanks, reminders, copies, the report or notices.\n\n"
        "KIND is blank (the score workbooks, to every town), reminders (to who has not returned all), "
        "sendback (the correction copies), report (the consolidated workbook, to the leadership) or "
        "notices (what to put right, from “merge --notices”).\n\n"
        "Without --send it writes drafts: mails (.eml) that any mail program opens, "
        "and texts (.txt) to paste into a chat."
    ),
)
@click.argument(
    "kind",
    metavar="KIND",
    type=OneOf([kind.value for kind in LetterKind]),
    callback=lambda _context, _parameter, word: LetterKind(word),
)
@RETURNS
@CAMPAIGN
@click.option("--send", "really", is_flag=True, help=_("Send. Without it nothing leaves this computer."))
@TOWNS
@click.option(
    "--report",
    "report_file",
    metavar="FILE",
    type=TypedPath(),
    help=_("The consolidated workbook to send. [default: the newest in report]"),
)
@click.option("--resend", is_flag=True, help=_("Send again what may not have arrived."))
@click.option("--again", is_flag=True, help=_("Send again even what was sent."))
@click.option(
    "--drafts",
    metavar="DIR",
    type=TypedPath(),
    help=_("The folder of the drafts. [default: drafts]"),
)
@INSECURE
@reading_options
@AS_OF
@FORCE
def send(
    kind: LetterKind,
    returns: "tuple[Path | RemoteReturns, ...]",
    campaign_path: Path | None,
    really: bool,
    towns: tuple[str, ...],
    report_file: Path | None,
    resend: bool,
    again: bool,
    drafts: Path | None,
    insecure: bool,
    reading: ReadingOptions,
    as_of: datetime | None,
    force: bool,
) -> None:
    from greenxl.cli import mail_output as output
    from greenxl.mail.drafts import write_drafts
    from greenxl.mail.journal import read_sendings
    from greenxl.mail.mailing import mailing_of, missing_addresses, refuse_missing_addresses
    from greenxl.mail.send import plan_sending

    refuse_absent(*returns, campaign_path, report_file)
    require_round()
    if drafts:
        refuse_among_returns(drafts)
    campaign = load_campaign(campaign_path)
    chosen = _chosen_towns(campaign, towns)

    def result() -> "Round":
        return evaluate_returns(campaign, returns_or_default(returns), reading).result

    mailing = mailing_of(kind, campaign, chosen, result, Path(), chosen_date(as_of), report_file)
    output.print_warnings(mailing.warnings)
    log = read_sendings(Path())
    planned = plan_sending(mailing.letters, campaign, log, resend=resend, again=again)
    output.print_planned(planned)
    if really:
        due = [one.letter for one in planned if one.due]
        refuse_missing_addresses(missing_addresses(due, campaign_source(campaign_path)[0]))
        sys.exit(_send(planned, campaign, insecure=insecure))
    output.print_drafts(
        write_drafts(
            planned,
            Path(),
            campaign.mail.sender or campaign.mail.user,
            kind=kind,
            place=drafts,
            left_out=[town.name for town in campaign.towns if town not in chosen],
            force=force,
        )
    )
    output.print_by_hand(planned)


def _chosen_towns(campaign: "Campaign", names: Sequence[str]) -> "list[Town]":
    """Return the towns that were named, all of them if none was."""
    chosen = {town_named(campaign, name) for name in names}
    return [town for town in campaign.towns if not chosen or town.name in chosen]


def _send(planned: "Sequence[PlannedLetter]", campaign: "Campaign", *, insecure: bool) -> int:
    """Send what is due and print the answers; return the exit code."""
    from greenxl.cli.mail_output import print_results
    from greenxl.mail.journal import SEND_LOG
    from greenxl.mail.send import send_letters
    from greenxl.mail.server import sending_server

    if not any(one.due for one in planned):
        return print_results(planned, ())
    server, sender = sending_server(campaign.mail, ask_password, allow_plain=insecure)
    return print_results(planned, send_letters(planned, server, sender, Path(SEND_LOG)))


_KIND = click.option(
    "--kind",
    type=OneOf([kind.value for kind in LetterKind]),
    callback=lambda _context, _parameter, word: LetterKind(word) if word else None,
    help=_("What it was. [default: what was last]"),
)
_NAMES = click.argument("names", nargs=-1, metavar="[NAME]...")


@click.group(
    help=_(
        "Record what went out without greenxl: by chat, or on paper.\n\n"
        "“status” then shows it, and “send” does not send it again."
    )
)
def mark() -> None:
    """Hold the two commands; on its own it does nothing."""


@mark.command(
    "sent",
    cls=RoundCommand,
    help=_(
        "Record that what was drafted went out by hand.\n\n"
        "NAME is a town or a recipient of the report. A blank needs no draft."
    ),
)
@_NAMES
@click.option(
    "--all", "everyone", is_flag=True, help=_("Everyone to whom the last run of “send” drafted something.")
)
@_KIND
@CAMPAIGN
def mark_sent(
    names: tuple[str, ...], everyone: bool, kind: LetterKind | None, campaign_path: Path | None
) -> None:
    from greenxl.cli.mail_output import print_marked
    from greenxl.mail import marks
    from greenxl.mail.journal import DRAFT_LOG, read_journal, read_sendings

    refuse_absent(campaign_path)
    require_round()
    campaign = load_campaign(campaign_path)
    chosen = _recipients(campaign, names, everyone=everyone)
    drafted, sent = read_journal(Path(DRAFT_LOG)), read_sendings(Path())
    if everyone:
        drafted = marks.last_run(kind, drafted)
    found = {name: marks.drafted_to(name, kind, drafted, sent) for name in chosen}
    # To whom anything was drafted, what was last is meant: never the blank as soon as that has gone out.
    known = {record["name"] for record in drafted} if kind is None else ()
    undrafted = [name for name, record in found.items() if record is None and name not in known]
    if undrafted and kind in (None, LetterKind.BLANK) and not (everyone and drafted):
        blanks = _blanks(campaign, undrafted)
        found |= {name: marks.drafted_to(name, kind, blanks, sent) for name in undrafted}
    words = (
        _("Nothing was drafted that has not gone out. Run “greenxl send” first.")
        if everyone
        else _("{names}: nothing was drafted that has not gone out. Run “greenxl send” first.")
    )
    records = _found(found, words, everyone=everyone)
    marks.mark(Path(), records)
    print_marked(records)


def _blanks(campaign: "Campaign", names: Sequence[str]) -> "list[Record]":
    """Return the records of towns' blanks, which need no draft: “template” writes them, too."""
    from greenxl.mail.drafts import facts_of
    from greenxl.mail.mailing import blank_mailing
    from greenxl.mail.send import plan_sending

    towns = [town for town in campaign.towns if town.name in names]
    letters = blank_mailing(campaign, towns, Path(), date.today()).letters
    return [facts_of(one) for one in plan_sending(letters, campaign, ())]


@mark.command("unsent", cls=RoundCommand, help=_("Take back the last “mark sent” of each NAME."))
@_NAMES
@_KIND
@CAMPAIGN
def mark_unsent(names: tuple[str, ...], kind: LetterKind | None, campaign_path: Path | None) -> None:
    from greenxl.cli.mail_output import print_withdrawn
    from greenxl.mail import marks
    from greenxl.mail.journal import SEND_LOG, read_journal

    refuse_absent(campaign_path)
    require_round()
    campaign = load_campaign(campaign_path)
    sent = read_journal(Path(SEND_LOG))
    found = {name: marks.marked_to(name, kind, sent) for name in _recipients(campaign, names)}
    words = _("{names}: nothing is recorded as sent by hand.")
    records = _found(found, words)
    marks.withdraw(Path(), records)
    print_withdrawn(records)


def _recipients(campaign: "Campaign", names: Sequence[str], *, everyone: bool = False) -> list[str]:
    """Return the recipients that were named, in the campaign's spelling: towns, and those of the report.

    :raises WrongUseError: nobody was named, or somebody whom the campaign does not know.
    """
    people = {key(one.name): one.name for one in campaign.recipients}
    if everyone:
        return [*(town.name for town in campaign.towns), *people.values()]
    if not names:
        raise WrongUseError(_("Name the towns or recipients."))
    return list(dict.fromkeys(people.get(key(name)) or town_named(campaign, name) for name in names))


def _found(found: "Mapping[str, Record | None]", words: str, *, everyone: bool = False) -> "list[Record]":
    """Return the records that there are.

    :raises WrongUseError: with these words, where somebody who was named has none, or nobody has one.
    """
    records = [record for record in found.values() if record]
    if not records or (not everyone and len(records) < len(found)):
        without = "、".join(name for name, record in found.items() if record is None)
        raise WrongUseError(words.format(names=without))
    return records


@click.command(
    cls=RoundCommand,
    help=_(
        "Bring the attachments of returned mails into “returned”.\n\n"
        "The mailbox is only read; what was collected before is left out."
    ),
)
@CAMPAIGN
@click.option(
    "--mailbox", metavar="NAME", default="INBOX", show_default=True, help=_("The mailbox to look into.")
)
@click.option(
    "--since",
    type=Day(),
    metavar="DATE",
    help=_("Only mails from this day on. [default: 1 January of the round’s year]"),
)
@click.option("--from", "sender", metavar="ADDRESS", default="", help=_("Only mails of this sender."))
@click.option("--again", is_flag=True, help=_("Look at mails again that were collected before."))
@INSECURE
def collect(
    campaign_path: Path | None,
    mailbox: str,
    since: datetime | None,
    sender: str,
    again: bool,
    insecure: bool,
) -> None:
    from greenxl.cli.mail_output import print_collected
    from greenxl.mail.incoming.collect import collect as collect_mails
    from greenxl.mail.incoming.mailbox import Selection
    from greenxl.mail.journal import COLLECTED_LOG
    from greenxl.mail.server import collecting_server

    refuse_absent(campaign_path)
    require_round()
    campaign = load_campaign(campaign_path)
    selection = Selection(mailbox, since.date() if since else date(campaign.year, 1, 1), sender)
    server = collecting_server(campaign.mail, ask_password, allow_plain=insecure)
    folder, log = Path(round_folder.RETURNED), Path(COLLECTED_LOG)
    sys.exit(print_collected(collect_mails(campaign, server, folder, log, selection, again=again), campaign))
