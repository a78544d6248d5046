"""The command line."""

import sys

from greenxl.errors import STOPPED


def main() -> None:
    """Run the command ``greenxl``; Ctrl-C while it is still being imported ends it as later on."""
    try:
        from greenxl.cli.app import main as run
    except KeyboardInterrupt:
        sys.exit(STOPPED)
    run()
