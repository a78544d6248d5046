"""A second double click on the same round goes to the page that is open already.

The address of a running page, with its key, is in a file that its user alone can read.
"""

import json
import os
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_WAIT = 2.0
"""Seconds that a running page has to answer."""
_MOST = 8
"""Pages that are remembered: one that was killed stays among them until then."""


def running_page(file: Path, folder: Path) -> str | None:
    """Return the address of the page that serves a round's folder, None where none answers."""
    address = _pages(file).get(str(folder))
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
def announced(file: Path, address: str) -> Iterator[Callable[[Path | None], None]]:
    """Let a second start find the page as long as the block lasts; where that cannot be, it opens its own.

    The block is given what names the round that the page shows, None for no round.
    """
    try:
        yield lambda folder: _announce(file, address, folder)
    finally:
        _announce(file, address, None)


def _announce(file: Path, address: str, folder: Path | None) -> None:
    """Write which round a page shows, in the place of what it showed before; other pages stay."""
    found = {name: other for name, other in _pages(file).items() if other != address}
    if folder:
        found[str(folder)] = address
    with suppress(OSError):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.unlink(missing_ok=True)
        if found:
            handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "w", encoding="utf-8") as opened:
                json.dump(dict(list(found.items())[-_MOST:]), opened)


def _pages(file: Path) -> dict[str, object]:
    """Return the addresses by the folder of the round that is shown there."""
    try:
        found = json.loads(file.read_bytes())
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}
