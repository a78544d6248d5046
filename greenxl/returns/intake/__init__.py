"""From the paths that the command was pointed at to the files to read, and to their bytes."""

from greenxl.returns.intake.archives import DEEPEST, members
from greenxl.returns.intake.contents import content
from greenxl.returns.intake.entries import Entry, Outcome, Source, fingerprint, rejected
from greenxl.returns.intake.listing import Intake, take_in
from greenxl.returns.intake.mails import Mail
from greenxl.returns.intake.remote import RemoteReturns

__all__ = [
    "DEEPEST",
    "Entry",
    "Intake",
    "Mail",
    "Outcome",
    "RemoteReturns",
    "Source",
    "content",
    "fingerprint",
    "members",
    "rejected",
    "take_in",
]
