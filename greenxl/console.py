"""What people read on the terminal: the result of a check or merge in words and one table."""

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Protocol

from greenxl.findings import Finding, Severity, count, grouped
from greenxl.i18n import LANGUAGE, N_, _

if TYPE_CHECKING:
    from greenxl.merging import Round
    from greenxl.previous import Change
    from greenxl.tables import Tables

STATUS_WORDS = {
    "passed": N_("passed"),
    "failed": N_("failed"),
    "incomplete": N_("incomplete"),
    "invalid": N_("invalid"),
    "conflict": N_("conflict"),
    "missing": N_("missing"),
}
SEVERITY_TITLES = {
    Severity.ERROR: N_("Errors ({count})"),
    Severity.WARNING: N_("Warnings ({count})"),
    Severity.NOTE: N_("Notes ({count})"),
}
_ENDLESS = 10_000
"""Columns of an output that is no terminal."""


def say(text: str = "") -> None:
    """Print a line for people; what the console cannot show is replaced, never a crash."""
    print(text, flush=True)


def complain(text: str) -> None:
    print(text, file=sys.stderr)


def prepare_streams() -> None:
    """Let no character stop the program: GBK and ASCII consoles get a replacement."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")


def tell(
    result: "Round", tables: "Tables", *, notes: bool, changes: "Sequence[Change] | None" = None
) -> None:
    """Print who passed, who is missing and every finding, like ones in one line."""
    say(_counts(tables.county))
    say(rates(tables))
    if changes is not None:
        say(since(changes))
    say()
    _town_table(result, tables)
    for status in ("missing", "conflict", "invalid", "incomplete", "failed"):
        _names(result, status)
    findings(result.findings, notes=notes)
    say()
    say(_files(result))


def _counts(county: Any) -> str:
    return _(
        "{listed} listed, {participating} took part: {passed} passed, {failed} failed, "
        "{incomplete} incomplete, {invalid} invalid, {conflict} in conflict; {missing} missing."
    ).format(**{name: county[name] for name in (*STATUS_WORDS, "listed", "participating")})


def rates(tables: "Tables") -> str:
    """Return the pass rate with its counts, its denominator and the verdict."""
    county = tables.county
    basis = (
        _("on the {n} urban communities")
        if county["denominator_basis"] == "urban_total"
        else _("on the {n} communities of the roster")
    ).format(n=county["denominator"])
    text = _("Pass rate {passed} of {n} = {rate:.1%} ({basis})").format(
        passed=county["passed"], n=county["denominator"], rate=county["pass_rate"], basis=basis
    )
    if county["target_percent"] is None:
        return text + _("; the year has no target.") + _mixed_basis(tables)
    verdict = _("met") if county["target_met"] else _("not met")
    text += _("; target {percent} %: {verdict}.").format(percent=county["target_percent"], verdict=verdict)
    return text + _mixed_basis(tables)


def _mixed_basis(tables: "Tables") -> str:
    """Return which towns are on another basis than the rest, where only some state their total."""
    from greenxl.tables import towns_without_total

    unstated = towns_without_total(tables)
    if len(unstated) in (0, len(tables.towns)):
        return ""
    return " " + _(
        "Without urban total: {towns}; every other town is on its own, so the denominators need not add up."
    ).format(towns="、".join(unstated))


def since(changes: "Sequence[Change]") -> str:
    """Return how many communities moved since the earlier workbook."""
    from greenxl.previous import tally

    return _(
        "Since the earlier workbook: {newly_returned} newly returned, {newly_passed} newly passed, "
        "{fallen} fallen below."
    ).format(**tally(changes))


def _town_table(result: "Round", tables: "Tables") -> None:
    from rich.table import Table

    table = Table(box=None, pad_edge=False)
    table.add_column(_("Town"))
    columns = ("listed", "participating", *STATUS_WORDS)
    titles = {"listed": _("listed"), "participating": _("took part")}
    for name in columns:
        table.add_column(titles.get(name) or _(STATUS_WORDS[name]), justify="right")
    table.add_column(_("pass rate"), justify="right")
    for town, row in tables.towns.iterrows():
        rate = f"{row['passed']}/{row['denominator']} {row['pass_rate']:.1%}"
        table.add_row(str(town), *(str(row[name]) for name in columns), rate)
    show(table)


def show(table: Any) -> None:
    """Print a rich table in plain text: nothing is cut, and folded only on a terminal, between words."""
    from rich.console import Console

    # Without colours: the old console of Windows prints what switches them on and off.
    console = Console(file=sys.stdout, highlight=False, legacy_windows=False, markup=False, color_system=None)
    needed = console.measure(table, options=console.options.update(width=_ENDLESS))
    console.width = max(console.width, needed.minimum) if console.is_terminal else _ENDLESS
    with console.capture() as captured:
        console.print(table)
    for line in captured.get().splitlines():
        say(line.rstrip())


def _names(result: "Round", status: str) -> None:
    towns: dict[str, list[str]] = {}
    for choice in result.choices:
        if choice.status == status:
            towns.setdefault(choice.community.town, []).append(choice.community.name)
    if towns:
        names = "；".join(f"{town} {'、'.join(names)}" for town, names in towns.items())
        say(_("{where}: {what}").format(where=_(STATUS_WORDS[status]), what=names))


def findings(found: Sequence[Finding], *, notes: bool) -> None:
    """Print the findings under a heading per severity; notes only where they are asked for."""
    like = grouped(found, LANGUAGE)
    for severity in Severity:
        told = [one for one in like if one.severity is severity]
        if not told:
            continue
        say()
        say(_(SEVERITY_TITLES[severity]).format(count=count(found)[severity]))
        if severity is Severity.NOTE and not notes:
            say("  " + _("Add --notes to see them."))
            continue
        for one in told:
            say("  " + one.told())


def _files(result: "Round") -> str:
    counts = {"read": 0, "rejected": 0, "skipped": 0}
    for entry in result.entries:
        counts[entry.outcome] += 1
    return _("{all} files: {read} read, {rejected} rejected, {skipped} skipped.").format(
        all=len(result.entries), **counts
    )


class Progress(Protocol):
    def __call__(self, done: int, all: int) -> None: ...


@contextmanager
def progress(title: str) -> Iterator[Progress]:
    """Give a function that shows how far the work is, on a terminal only."""
    if not sys.stderr.isatty():
        yield lambda done, all: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    columns = (TextColumn(title), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Bar(*columns, console=Console(file=sys.stderr), transient=True) as bar:
        task = bar.add_task(title)
        yield lambda done, all: bar.update(task, completed=done, total=all)
