"""How the result of a round is printed."""

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from greenxl.campaign import rules
from greenxl.campaign.model import Basis
from greenxl.catalogue import Severity
from greenxl.cli.terminal import print_figures, print_line
from greenxl.findings import count, grouped
from greenxl.i18n import LANGUAGE, N_, _
from greenxl.names import key
from greenxl.returns.intake import Outcome
from greenxl.rounds.owed import to_be_decided
from greenxl.rounds.stage import Stage, is_open, stage_of
from greenxl.scoring.vocabulary import words

if TYPE_CHECKING:
    from greenxl.report.comparison import Change
    from greenxl.rounds.evaluate import Round
    from greenxl.scoring.tables import CountyRow, DistrictRow, Tables, TownRow


_STATUS_WORDS = {
    "passed": N_("passed"),
    "failed": N_("failed"),
    "incomplete": N_("incomplete"),
    "invalid": N_("invalid"),
    "conflict": N_("conflict"),
    "missing": N_("missing"),
}


_SEVERITY_TITLES = {
    Severity.ERROR: N_("Errors ({count})"),
    Severity.WARNING: N_("Warnings ({count})"),
    Severity.NOTE: N_("Notes ({count})"),
}


def print_result(
    result: "Round",
    tables: "Tables",
    *,
    as_of: date,
    notes: bool,
    changes: "Sequence[Change] | None" = None,
) -> None:
    """Print who passed, who is missing and every finding, like ones in one line."""
    print_line(_counts(result, tables.county))
    print_line(_rates(result, tables, as_of))
    if changes is not None:
        print_line(_since(result, changes))
    print_line()
    _print_towns(result, tables)
    for status in ("missing", "conflict", "invalid", "incomplete", "failed"):
        _print_names(result, status)
    _print_findings(result, notes=notes)
    print_line()
    print_line(_files(result))


def _counts(result: "Round", county: "CountyRow") -> str:
    return _(
        "{listed} listed, {participating} took part: {passed} passed, {failed} failed, "
        "{incomplete} incomplete, {invalid} invalid, {conflict} in conflict; {missing} missing."
    ).format(**words(result.campaign), **county.figures())


def _rates(result: "Round", tables: "Tables", as_of: date) -> str:
    """Return the pass rate with its counts and its denominator, and the verdict where there is one."""
    county, said = tables.county, words(result.campaign)
    stage = stage_of(result.campaign, county.participating, as_of)
    if stage is Stage.NOTHING:
        return _nothing_yet(result, as_of)
    basis = (
        _("on the {n} urban communities")
        if county.denominator_basis == Basis.URBAN_TOTAL
        else _("on the {n} communities of the roster")
    ).format(n=county.denominator, **said)
    text = _("Pass rate {passed} of {n} = {rate:.1%} ({basis})").format(
        passed=county.passed, n=county.denominator, rate=county.pass_rate, basis=basis, **said
    )
    if stage is Stage.OPEN:
        so_far = _("So far (the deadline, {deadline}, has not passed): {text}")
        text = so_far.format(deadline=result.campaign.deadline, text=text)
    return text + _target(county, stage) + _mixed_basis(result, tables)


def _nothing_yet(result: "Round", as_of: date) -> str:
    came = any(entry.outcome != Outcome.SKIPPED for entry in result.entries)
    nothing = _("Nothing that counts has been returned yet") if came else _("Nothing has been returned yet")
    words = (
        _("{nothing}; the deadline, {deadline}, has not passed.")
        if is_open(result.campaign, as_of)
        else _("{nothing}; the deadline, {deadline}, has passed.")
    )
    return words.format(nothing=nothing, deadline=result.campaign.deadline)


def _target(county: "CountyRow", stage: Stage) -> str:
    """Return whether the target is met; while returns may still come, only what it asks for."""
    percent = county.target_percent
    if percent is None:
        return _("; the year has no target.")
    if stage is Stage.OPEN:
        needed = rules.needed(county.denominator, percent)
        return _("; the target of {percent} % needs {needed}.").format(percent=percent, needed=needed)
    verdict = _("met") if county.target_met else _("not met")
    return _("; target {percent} %: {verdict}.").format(percent=percent, verdict=verdict)


def _mixed_basis(result: "Round", tables: "Tables") -> str:
    """Return which towns are on another basis than the rest, where only some state their total."""
    unstated = tables.towns_without_total
    if len(unstated) in (0, len(tables.towns)):
        return ""
    return " " + _(
        "Without urban total: {towns}; every other town has its own denominator, so they need not "
        "add up to the county’s."
    ).format(towns="、".join(unstated), **words(result.campaign))


def _since(result: "Round", changes: "Sequence[Change]") -> str:
    """Return how many communities moved since the earlier workbook."""
    from greenxl.report.comparison import tally

    return _(
        "Since the earlier workbook: {newly_returned} newly returned, {newly_passed} newly passed, "
        "{fallen} no longer passed."
    ).format(**words(result.campaign), **tally(changes))


def _print_towns(result: "Round", tables: "Tables") -> None:
    said = words(result.campaign)
    first = _("County") if tables.districts else _("Town").format(**said)
    titles = {"listed": _("listed"), "participating": _("took part")}
    titles |= {name: _(title) for name, title in _STATUS_WORDS.items()}
    headings = [title.format(**said) for title in (*titles.values(), _("pass rate"))]
    lines = [[first if result.campaign.has_towns else "", *headings]]
    rows: Sequence[TownRow | DistrictRow | CountyRow] = tables.districts or tables.towns
    if not result.campaign.has_towns:
        rows = [tables.county]
    for town in rows:
        rate, figures = f"{town.passed}/{town.denominator} {town.pass_rate:.1%}", town.figures()
        name = getattr(town, "name", result.campaign.area)
        lines.append([name, *(str(figures[title]) for title in titles), rate])
    print_figures(lines)


def _print_names(result: "Round", status: str) -> None:
    said = words(result.campaign)
    towns: dict[str, list[str]] = {}
    for choice in result.choices:
        if choice.status == status:
            one = choice.community
            town = "" if key(one.town) == key(one.name) else one.town
            undecided = f"（{rules.TO_BE_DECIDED}）" if to_be_decided(choice) else ""
            towns.setdefault(town, []).append(f"{one.name}{undecided}")
    if towns:
        names = "；".join(f"{town} {'、'.join(names)}".strip() for town, names in towns.items())
        print_line(_("{where}: {what}").format(where=_(_STATUS_WORDS[status]).format(**said), what=names))


def _print_findings(result: "Round", *, notes: bool) -> None:
    """Print the findings under a heading per severity; notes only where they are asked for."""
    found, said = result.findings, words(result.campaign)
    like = grouped(found, LANGUAGE)
    for severity in Severity:
        same = [one for one in like if one.severity is severity]
        if not same:
            continue
        print_line()
        print_line(_(_SEVERITY_TITLES[severity]).format(count=count(found)[severity]))
        if severity is Severity.NOTE and not notes:
            print_line("  " + _("Add --notes to see them."))
            continue
        for one in same:
            print_line("  " + one.line(words=said))


def _files(result: "Round") -> str:
    counts = {"read": 0, "rejected": 0, "skipped": 0}
    for entry in result.entries:
        counts[entry.outcome] += 1
    return _("{all} files: {read} read, {rejected} rejected, {skipped} skipped.").format(
        all=len(result.entries), **counts
    )
