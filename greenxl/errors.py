"""What stops a run. What does not stop it is a finding (findings.py)."""

from greenxl.findings import Finding

STOPPED = 130
"""The exit code of what Ctrl-C ended, as shells report it: 1 would read as “done, with findings”."""


class GreenxlError(Exception):
    """Reading, writing or mail failed; the message says where, what and what to do."""

    exit_code = 3
    code = "failed"
    """What a JSON document calls it."""


class WrongUseError(GreenxlError):
    """The command was asked for something that cannot be meant."""

    exit_code = 2
    code = "wrong-use"


class CampaignError(GreenxlError):
    """The campaign cannot be used; ``faults`` names every reason at once."""

    exit_code = 2
    code = "campaign-unusable"

    def __init__(self, message: str, faults: tuple[Finding, ...] = ()) -> None:
        super().__init__(message)
        self.faults = faults
