"""The command line."""

import gc
import sys

from greenxl.errors import STOPPED

GARBAGE = 50_000
"""Objects between two searches for cycles, of which records have none: 700 cost a sixth of pandas' import."""


def main() -> None:
    """Run the command ``greenxl``; Ctrl-C while it is still being imported ends it as later on."""
    gc.set_threshold(GARBAGE)
    try:
        from greenxl.cli.app import main as run
    except KeyboardInterrupt:
        sys.exit(STOPPED)
    run()
