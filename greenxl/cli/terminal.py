"""How lines, tables, documents and progress are put on a terminal or into a pipe."""

import json
import os
import re
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from shutil import get_terminal_size
from typing import TYPE_CHECKING, Protocol

from greenxl.i18n import _
from greenxl.names import clean

if TYPE_CHECKING:
    from rich.table import Table

_ENDLESS = 10_000
"""Columns of an output that is no terminal."""
_UNSEEN = re.compile("[\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]")
"""What a terminal obeys or a person cannot see; JSON itself escapes the rest (RFC 8259, section 7)."""


def print_line(text: str = "") -> None:
    """Print a line for people; what the console cannot show is replaced, never a crash."""
    _output(clean(text))


def _output(text: str) -> None:
    """Print a text at once; where its reader has seen enough (``| head``), the work goes on unheard."""
    try:
        print(text, flush=True)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def as_typed(word: str) -> str:
    """Return a path or name as every system's command line takes it."""
    return f'"{word}"' if re.search(r"[\s&|;<>()$`'!*?#]", word) else word


def print_error(text: str) -> None:
    """Print a line for people to standard error."""
    print(clean(text), file=sys.stderr)


def prepare_streams() -> None:
    """Let no character stop the program: GBK and ASCII consoles get a replacement.

    A stream that the caller closed becomes one that swallows everything, before a file of ours takes its
    number.
    """
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        if getattr(sys, name) is None:
            handle = os.open(os.devnull, os.O_RDWR)
            setattr(sys, name, os.fdopen(handle, "r" if number == 0 else "w", encoding="utf-8"))
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")


def local_time(moment: str) -> str:
    """Return a moment of a journal (ISO 8601) as the clock here shows it, like 2026-11-26 12:55.

    A day without a time, and what is no moment, are returned as they are.
    """
    try:
        found = datetime.fromisoformat(moment)
    except ValueError:
        return moment
    return f"{found.astimezone():%Y-%m-%d %H:%M}" if len(moment) > len("2026-11-26") else moment


def print_table(table: "Table") -> None:
    """Print a rich table in plain text: nothing is cut, and folded only on a terminal, between words."""
    from rich.console import Console

    # Without colours: the old console of Windows prints what switches them on and off.
    console = Console(file=sys.stdout, highlight=False, legacy_windows=False, markup=False, color_system=None)
    needed = console.measure(table, options=console.options.update(width=_ENDLESS))
    console.width = max(console.width, needed.minimum) if console.is_terminal else _ENDLESS
    with console.capture() as captured:
        console.print(table)
    for line in captured.get().splitlines():
        print_line(line.rstrip())


def print_figures(lines: Sequence[Sequence[str]]) -> None:
    """Print a line of headings and lines of a name and figures, which are at the right of their columns.

    rich, which is slow to import, only folds what is too wide for a terminal.
    """
    from rich.cells import cell_len

    widths = [max(map(cell_len, column)) for column in zip(*lines, strict=True)]
    if sys.stdout.isatty() and sum(widths) + 2 * len(widths[1:]) > get_terminal_size().columns:
        print_table(_figures(lines))
        return
    for name, *figures in lines:
        padded = [" " * (width - cell_len(one)) + one for one, width in zip(figures, widths[1:], strict=True)]
        print_line("  ".join([name + " " * (widths[0] - cell_len(name)), *padded]))


def _figures(lines: Sequence[Sequence[str]]) -> "Table":
    from rich.table import Table

    table = Table(box=None, pad_edge=False)
    for number, heading in enumerate(lines[0]):
        table.add_column(heading, justify="right" if number else "left")
    for line in lines[1:]:
        table.add_row(*line)
    return table


def print_json(value: object) -> None:
    """Print a document so that it survives a console of any encoding."""
    unicode = (getattr(sys.stdout, "encoding", "") or "").lower().replace("-", "") == "utf8"
    text = json.dumps(value, ensure_ascii=not unicode, indent=2)
    _output(_UNSEEN.sub(lambda found: f"\\u{ord(found[0]):04x}", text))


class Progress(Protocol):
    def __call__(self, done: int, all: int, rejected: int) -> None:
        """Show that so many files are done of all, and so many of them or in them were rejected."""


@contextmanager
def progress(title: str) -> Iterator[Progress]:
    """Give a function that shows how far the reading of files is, how fast and with what result.

    On a terminal only.
    """
    if not sys.stderr.isatty():
        yield lambda done, all, rejected: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    columns = (
        TextColumn(title),
        BarColumn(bar_width=None),
        MofNCompleteColumn(),
        TextColumn("{task.fields[state]}"),
        TimeRemainingColumn(),
    )
    start = time.monotonic()
    with Bar(*columns, console=Console(file=sys.stderr), transient=True, expand=True) as bar:
        task = bar.add_task(title, state="", total=None)

        def show(done: int, all: int, rejected: int) -> None:
            rate = done / max(time.monotonic() - start, 0.001)
            bar.update(task, completed=done, total=all, state=_state(rate, rejected))

        yield show


def _state(rate: float, rejected: int) -> str:
    """Return how fast files are read, and how many were rejected."""
    speed = _("{rate} files a second").format(rate=f"{rate:,.0f}" if rate >= 10 else f"{rate:.1f}")
    return _("{speed}, {count} rejected").format(speed=speed, count=f"{rejected:,}") if rejected else speed
