"""A second double click on the same round goes to the page that is open already.

The address of a running page, with its key, is in a file that its user alone can read.
"""

import json
import os
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_WAIT = 2.0
"""Seconds that a running page has to answer."""


def running_page(file: Path, folder: Path) -> str | None:
    """Return the address of the page that serves a round's folder, None where none answers."""
    try:
        found = json.loads(file.read_bytes())
    except (OSError, ValueError):
        return None
    address = found.get(str(folder)) if isinstance(found, dict) else None
    return address if isinstance(address, str) and _answers(address) else None


def _answers(address: str) -> bool:
    """Whether our own page is there: another program's on that port does not know the key."""
    if not address.startswith("http://127.0.0.1:"):
        return False
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), _NoRedirect())
    try:
        opener.open(address, timeout=_WAIT)
    except urllib.error.HTTPError as answer:
        return answer.code == 303
    except (OSError, ValueError):
        return False
    return False


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_args: object) -> None:
        return None


@contextmanager
def announced(file: Path, folder: Path | None, address: str) -> Iterator[None]:
    """Let a second start find the page as long as the block lasts; where that cannot be, it opens its own."""
    if folder is None:
        yield
        return
    with suppress(OSError):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.unlink(missing_ok=True)
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as opened:
            json.dump({str(folder): address}, opened)
    try:
        yield
    finally:
        with suppress(OSError, ValueError):
            if json.loads(file.read_bytes()) == {str(folder): address}:
                file.unlink()
