"""The table of settings: what it states, what it leaves to defaults, and how its numbers fit the standard."""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from greenxl.campaign.model import Group, Kind, plain
from greenxl.campaign.schemas import SETTINGS_TABLE, STANDARD, SettingRow, StandardRow
from greenxl.campaign.settings import SETTING_BY_KEY, SETTINGS, Setting
from greenxl.campaign.standard import SumRow, first_wrong_sum, scored_points
from greenxl.campaign.table_checks import TableChecks
from greenxl.names import bare, key

Stated = Mapping[str, SettingRow]
"""The rows of the table by the names of their settings."""


def stated_settings(checks: TableChecks) -> Stated:
    """Return the rows of the settings; unknown ones, and needed ones that have no value, are faults."""
    stated: dict[str, SettingRow] = {}
    unknown: dict[str, int] = {}
    for row in checks.rows(SETTINGS_TABLE):
        name = SETTING_BY_KEY.get(key(row.setting))
        if name is None:
            unknown[row.setting] = row.line
        elif name in stated:
            checks.fault(SETTINGS_TABLE, row.line, "setting-twice", name=row.setting)
        else:
            stated[name] = row
    _check_names(checks, stated, unknown)
    return stated


def _check_names(checks: TableChecks, stated: Stated, unknown: Mapping[str, int]) -> None:
    """Find unknown and missing settings, a missing one under another name only once."""
    absent = [setting for setting in SETTINGS if setting.name not in stated]
    meant = checks.meanings(SETTINGS_TABLE, unknown, SETTINGS, absent)
    for name, near in meant.items():
        code = "setting-unknown" if near else "setting-unheard"
        checks.fault(SETTINGS_TABLE, unknown[name], code, name=name, near=near)
    for setting in SETTINGS if checks.usable(SETTINGS_TABLE) else ():
        name = checks.shown(SETTINGS_TABLE, setting)
        if setting.default is None and not _text(setting, stated) and name not in meant.values():
            checks.fault(SETTINGS_TABLE, _line(setting.name, stated), "setting-missing", name=name)


def _text(setting: Setting, stated: Stated) -> str:
    row = stated.get(setting.name)
    return (row.value if row else "") or setting.default or ""


def _line(name: str, stated: Stated) -> int | None:
    row = stated.get(name)
    return row.line if row else None


def values_of(checks: TableChecks, stated: Stated, groups: Sequence[Group]) -> dict[str, Any]:
    """Return the values of the settings by name, None where there is none or it is a fault."""
    values = {}
    for setting in SETTINGS:
        text = _text(setting, stated)
        needed = text or setting.default is not None
        line = _line(setting.name, stated)
        values[setting.name] = checks.value(SETTINGS_TABLE, line, text, setting) if needed else None
    if values["year"] and not values["deadline"]:
        values["deadline"] = date(values["year"], 9, 30)
    points = sum((group.points for group in groups), Decimal(0))
    passed, _failed = values["pass_words"] or ("", "")
    stood_for = {"达标分": plain(values["pass_score"]), "满分": plain(points), "达标": passed}
    return values | {s.name: _filled(values[s.name], stood_for) for s in SETTINGS if s.numbered}


def _filled(text: str | None, values: Mapping[str, str]) -> str:
    """Return a text with what its names in braces stand for, also the wide ones of Chinese keyboards."""
    return re.sub(r"[{｛]\s*(达标分|满分|达标)\s*[}｝]", lambda found: values[found[1]], text or "")


def check_scores(
    checks: TableChecks,
    stated: Stated,
    values: Mapping[str, Any],
    standard: Sequence[StandardRow],
    sums: Sequence[SumRow],
) -> None:
    """Hold sums and full mark against the points of the standard, the pass mark against the full mark."""
    full, passing = values["max_score"], values["pass_score"]
    total = sum(map(scored_points, standard), Decimal(0))
    if standard and checks.is_right(STANDARD):
        wrong = first_wrong_sum(sums, standard)
        if wrong:
            row, right = wrong
            checks.fault(STANDARD, row.line, "sum-differs", row.stated, name=row.label, total=plain(right))
        elif not total:
            checks.fault(STANDARD, None, "nothing-scored")
        elif full and full != total:
            line = _line("max_score", stated)
            checks.fault(SETTINGS_TABLE, line, "stated-total-differs", stated=full, total=total)
        full = full or total
    if passing and full and passing > full:
        line = _line("pass_score", stated)
        checks.fault(SETTINGS_TABLE, line, "pass-score-high", passing=passing, stated=full)


def _printed_headings(values: Mapping[str, Any], groups: Sequence[Group]) -> list[str]:
    """Return the headings of the form's other columns, without what stands in brackets."""
    criteria = [criterion for group in groups for criterion in group.criteria]
    parts = ["group", "standard", "points", *(["score"] if not values["score_columns"] else [])]
    parts += [part for part in ("subgroup", "method", "evidence") if any(getattr(c, part) for c in criteria)]
    return [bare(values[f"label_{part}"]) for part in parts]


def _twice(names: Sequence[str], printed: Sequence[str]) -> list[str]:
    """Return those names of columns by which two would be called."""
    keys, others = [key(name) for name in names], {key(name) for name in printed}
    found = [one for one in names if keys.count(key(one)) > 1 or key(bare(one)) in others]
    return list({key(one): one for one in found}.values())


def check_columns(
    checks: TableChecks, stated: Stated, values: Mapping[str, Any], groups: Sequence[Group]
) -> None:
    """Hold the settings of the form's columns and the cap of bonus against each other and the standard."""

    def fault(setting: str, code: str, **more: str) -> None:
        checks.fault(SETTINGS_TABLE, _line(setting, stated), code, **more)

    scores, entries = values["score_columns"] or (), values["entry_columns"] or ()
    counting = values["counting_column"]
    twice = _twice((*scores, *entries), _printed_headings(values, groups))
    if twice:
        fault("score_columns" if scores else "entry_columns", "column-name-twice", name="、".join(twice))
    if counting and key(counting) not in map(key, scores):
        fault("counting_column", "counting-unknown", name=counting, known="、".join(scores) or "—")
    if len(scores) > 1 and not counting:
        fault("score_columns", "counting-missing", known="、".join(scores))
    if values["reason_required"] and not entries:
        fault("reason_required", "reason-without-column")
    bonus = any(c.kind is Kind.BONUS for group in groups for c in group.criteria)
    if values["bonus_cap"] and groups and not bonus:
        fault("bonus_cap", "bonus-cap-unused")
