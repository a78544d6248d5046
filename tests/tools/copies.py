"""Correction copies as a round issues them, with numbers that do not depend on chance."""

from pathlib import Path

from greenxl.campaign.model import Campaign
from greenxl.journals import open_journal
from greenxl.rounds.copies_journal import COPIES_LOG, begin_journal, read_issued, record_of
from greenxl.rounds.evaluate import Round, evaluate
from greenxl.scoring.issued import IssuedCopies
from greenxl.sendback.copies import Copy, drafts

_ROUND = ".round"
"""The folder of the journal, which is no return because it is hidden."""


def copies_of(result: Round, first: int = 1) -> list[Copy]:
    """Return the copies of a round under the numbers 1, 2, 3 … or others."""
    return [draft.copy(f"{number:032x}") for number, draft in enumerate(drafts(result), first)]


def journal_of(returned: Path) -> Path:
    """Return the folder with the journal of the round whose returns are in this folder."""
    return returned / _ROUND


def evaluated(campaign: Campaign, returned: Path) -> Round:
    """Return the round of a folder of returns that has a journal since it was begun."""
    begin_journal(journal_of(returned))
    return evaluate(campaign, [returned], issued=read_issued(journal_of(returned)))


def issue(result: Round, returned: Path) -> list[Copy]:
    """Return the copies of a round, which its journal knows from now on."""
    before = read_issued(journal_of(returned)) or IssuedCopies()
    copies = copies_of(result, len(before.copies) + 1)
    with open_journal(journal_of(returned) / COPIES_LOG) as journal:
        for copy in copies:
            journal.write(record_of(copy.issued))
    return copies
