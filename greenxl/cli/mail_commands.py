"""The commands of mail: send, collect."""

import sys
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from greenxl.cli.inputs import (
    ask_password,
    campaign_source,
    day,
    load_campaign,
    merged,
    require_round,
    returns_or_default,
    town_named,
)
from greenxl.cli.options import AS_OF, CAMPAIGN, EXCLUDE, FORCE, INSECURE, LATEST, RETURNS, TOWNS
from greenxl.i18n import _

if TYPE_CHECKING:
    from greenxl.mail.letters import Kind


@click.command(
    help=_(
        "Mail blanks, reminders, correction copies or the report.\n\n"
        "Without --send it writes drafts (.eml) that any mail program opens."
    )
)
@click.argument("kind", type=click.Choice(["blank", "reminders", "sendback", "report"]))
@RETURNS
@CAMPAIGN
@click.option("--send", "really", is_flag=True, help=_("Send. Without it nothing leaves this computer."))
@TOWNS
@click.option(
    "--report",
    "report_file",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help=_("The consolidated workbook to send. [default: the newest in report]"),
)
@click.option("--resend", is_flag=True, help=_("Send again what may not have arrived."))
@click.option("--again", is_flag=True, help=_("Send again even what was sent."))
@click.option(
    "--drafts",
    metavar="DIR",
    type=click.Path(path_type=Path),
    help=_("The folder of the drafts. [default: drafts]"),
)
@INSECURE
@LATEST
@EXCLUDE
@AS_OF
@FORCE
def send(
    kind: "Kind",
    returns: tuple[Path, ...],
    campaign_path: Path | None,
    really: bool,
    towns: tuple[str, ...],
    report_file: Path | None,
    resend: bool,
    again: bool,
    drafts: Path | None,
    insecure: bool,
    latest: bool,
    exclude: tuple[str, ...],
    as_of: datetime | None,
    force: bool,
) -> None:
    from greenxl.cli import mail_output as mail_desk
    from greenxl.mail import journal as mail_journal
    from greenxl.mail import send as mail_send
    from greenxl.mail.drafts import DRAFTS, refuse_without_address, without_address

    campaign = load_campaign(campaign_path)
    names = {town_named(campaign, name) for name in towns}
    chosen = [town for town in campaign.towns if not names or town.name in names]
    if kind == "report":
        letters = mail_desk.report_to_send(campaign, report_file, Path(), day(as_of))
    else:
        result = None
        if kind != "blank":
            result = merged(campaign, returns_or_default(returns), latest=latest, exclude=exclude).result
        letters = mail_desk.town_letters(kind, campaign, chosen, result, Path(), day(as_of))
    log = Path(mail_journal.SEND_LOG)
    planned = mail_send.plan(letters, campaign, mail_journal.read(log), resend=resend, again=again)
    missing = without_address(letters, campaign_source(campaign_path)[0])
    mail_desk.list_letters(planned)
    if really:
        refuse_without_address(missing)
        require_round()
        code = mail_desk.send_all(planned, campaign, log, ask_password, insecure=insecure)
        mail_desk.print_chats(letters)
        sys.exit(code)
    folder = drafts or Path(DRAFTS)
    left_out = [town.name for town in campaign.towns if town not in chosen]
    mail_desk.write_all_drafts(kind, planned, campaign, folder, left_out, force=force)
    mail_desk.print_chats(letters)
    sys.exit(mail_desk.tell_without_address(missing))


@click.command(
    help=_(
        "Bring the attachments of returned mails into “returned”.\n\n"
        "The mailbox is only read; what was collected before is left out."
    )
)
@CAMPAIGN
@click.option(
    "--mailbox", metavar="NAME", default="INBOX", show_default=True, help=_("The mailbox to look into.")
)
@click.option(
    "--since",
    type=click.DateTime(["%Y-%m-%d"]),
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
    from greenxl.cli import mail_output as mail_desk
    from greenxl.mail.collect import Selection

    campaign = load_campaign(campaign_path)
    require_round()
    selection = Selection(mailbox, since.date() if since else date(campaign.year, 1, 1), sender)
    mail_desk.collect_all(campaign, selection, ask_password, again=again, insecure=insecure)
