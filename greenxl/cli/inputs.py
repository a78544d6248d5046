"""From what was typed to what the commands work on: campaign, returns, dates, towns."""

import importlib
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import date, datetime
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from greenxl.cli.options import ReadingOptions
from greenxl.cli.terminal import print_error, print_line
from greenxl.errors import WrongUseError
from greenxl.i18n import _
from greenxl.rounds import folder as round_folder

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from greenxl.campaign.model import Campaign
    from greenxl.returns.intake import RemoteReturns
    from greenxl.rounds.evaluate import Evaluation, Round


def campaign_source(path: Path | None) -> tuple[Path | Traversable, str]:
    """Return where the campaign is, and what to call that.

    :raises CampaignError: the round has no one campaign.
    """
    from greenxl.campaign import shipped

    if path:
        return path, str(path)
    if round_folder.is_round(Path()):
        campaign = round_folder.campaign_of(Path())
        return campaign, str(campaign)
    return shipped(), _("the shipped one")


def load_campaign(path: Path | None, *, quiet: bool = False) -> "Campaign":
    """Return the campaign named, or that of this round folder, or the shipped one, and print which."""
    from greenxl.campaign.checks import load

    source, words = campaign_source(path)
    campaign = load(source)
    line = _("Campaign: {id} {title} ({source})").format(id=campaign.id, title=campaign.title, source=words)
    if quiet:
        print_error(line)
    else:
        print_line(line)
    return campaign


def returns_or_default(returns: "tuple[Path | RemoteReturns, ...]") -> "list[Path | RemoteReturns]":
    """Return the paths that were typed, else the folder of returns of this round.

    :raises WrongUseError: nothing was typed, and this is no round.
    """
    if returns:
        return list(returns)
    if round_folder.is_round(Path()):
        return [Path(round_folder.RETURNED)]
    raise WrongUseError(
        _(
            "There is nothing to read: no returned files were named, and this is no round. Name some, "
            "go to the folder of a round, or begin one with “greenxl init”."
        )
    )


def unread_returns(result: "Round") -> int:
    """Return how many files among this round's returns a result is not made of; 0 outside a round."""
    from greenxl.returns.intake import take_in

    folder = Path(round_folder.RETURNED)
    if not (round_folder.is_round(Path()) and folder.is_dir()):
        return 0
    read = {source.path.resolve() for source in result.sources}
    return len({source.path.resolve() for source in take_in([folder]).sources} - read)


def town_named(campaign: "Campaign", name: str) -> str:
    """Return the campaign's own spelling of a town.

    :raises WrongUseError: it has no such town.
    """
    town = campaign.find_town(name)
    if town is None:
        from greenxl.scoring.vocabulary import words

        known = "、".join(t.name for t in campaign.towns)
        raise WrongUseError(
            _("There is no town “{name}” in the campaign. Its towns are: {known}.").format(
                name=name, known=known, **words(campaign)
            )
        )
    return town.name


def evaluate_returns(
    campaign: "Campaign",
    returns: "Sequence[Path | RemoteReturns]",
    reading: ReadingOptions,
    needed: Sequence[str] = (),
) -> "Evaluation":
    """Return the round whose returns are at these paths, and its tables.

    ``needed`` are modules to import while other processes read: those that are used next.
    """
    from greenxl.cli.terminal import progress
    from greenxl.rounds.evaluate import evaluate_here

    with _importing(needed), _executor(reading.cluster) as executor, progress(_("Reading")) as step:
        return evaluate_here(
            campaign,
            returns,
            step,
            latest=reading.latest,
            exclude=reading.exclude,
            workers=reading.workers,
            executor=executor,
        )


@contextmanager
def _importing(modules: Sequence[str]) -> Iterator[None]:
    """Import modules meanwhile; a failure shows when they are used."""

    def load() -> None:
        with suppress(ImportError):
            for module in modules:
                importlib.import_module(module)

    if not modules:
        yield
        return
    thread = threading.Thread(target=load, daemon=True)
    thread.start()
    yield
    thread.join()


@contextmanager
def _executor(address: str | None) -> "Iterator[Executor | None]":
    """Give what reads on the cluster at an address, None where there is to be none."""
    if not address:
        yield None
        return
    from greenxl.returns.cluster import cluster

    with cluster(address) as executor:
        yield executor


def chosen_date(as_of: datetime | None) -> date:
    """Return the date that was typed, else today's; a command asks for it once."""
    return as_of.date() if as_of else date.today()


def require_round() -> None:
    """:raises WrongUseError: this is no round folder."""
    if not round_folder.is_round(Path()):
        raise WrongUseError(
            _(
                "This is no round: neither this folder nor one above it has a campaign.xlsx. "
                "Go to the folder of your round, or begin one with “greenxl init”."
            )
        )


def ask_password(question: str) -> str:
    return str(click.prompt(question, hide_input=True, err=True, prompt_suffix=_(": ")))
