"""The command line."""

import gc
import os
import sys

from greenxl.errors import STOPPED

_GARBAGE = 50_000
"""Objects between two searches for cycles, of which records have none: 700 cost a sixth of pandas' import."""


def main() -> None:
    """Run the command ``greenxl``; Ctrl-C while it is still being imported ends it as later on."""
    gc.set_threshold(_GARBAGE)
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # nothing here needs it, and its threads cost a start
    try:
        from greenxl.cli.app import main as run
    except KeyboardInterrupt:
        sys.exit(STOPPED)
    try:
        run()
    finally:
        gc.freeze()  # the end of the process frees all at once, without another search
