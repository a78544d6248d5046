"""The command line."""

import sys

STOPPED = 130
"""As shells report what Ctrl-C ended; click's own 1 would read as “done, with findings”."""


def main() -> None:
    """Run the command ``greenxl``; Ctrl-C while it is still being imported ends it as later on."""
    try:
        from greenxl.cli.app import main as run
    except KeyboardInterrupt:
        sys.exit(STOPPED)
    run()
