"""What two campaigns must agree in for the scores of one to count in the other. Pure."""

import hashlib
from collections.abc import Iterator, Mapping

from greenxl.campaign.model import Campaign, Criterion, plain
from greenxl.names import key, quoted

Terms = Mapping[str, str]
"""What is agreed in -> what it is, or a hash of that."""
_NAMES = {
    "year": "年份",
    "pass_score": "达标分",
    "bonus_cap": "加分上限",
    "score_columns": "得分栏",
    "counting_column": "计分栏",
    "entry_columns": "填写栏",
    "reason_required": "失分须写原因",
    "grades": "等次",
    "criterion": "第{}条",
    "minimum": "第{}项内容的最低分",
}
"""As a clerk calls them."""
_SHORT = ("year", "pass_score", "bonus_cap")


def terms_of(campaign: Campaign) -> dict[str, str]:
    """Return what decides how a form is scored and judged."""
    found = {
        "year": str(campaign.year),
        "pass_score": plain(campaign.pass_score),
        **{f"criterion {criterion.number}": _hashed(*_facts(criterion)) for criterion in campaign.criteria},
        **{f"minimum {n}": plain(group.minimum) for n, group in enumerate(campaign.groups, 1)},
        "bonus_cap": plain(campaign.bonus_cap),
        "score_columns": "、".join(campaign.score_columns),
        "counting_column": key(campaign.counting_column),
        "entry_columns": "、".join(campaign.entry_columns),
        "reason_required": "1" * campaign.reason_required,
        "grades": "、".join(f"{grade.name}{plain(grade.least)}" for grade in campaign.grades),
    }
    return {name: value for name, value in found.items() if value}


def _facts(criterion: Criterion) -> Iterator[str]:
    yield from (key(criterion.text), plain(criterion.points), str(criterion.group), criterion.kind)
    yield plain(criterion.veto)
    yield from (f"{choice.word}={plain(choice.score)}" for choice in criterion.choices)
    yield "1" * criterion.not_applicable


def _hashed(*facts: str) -> str:
    return hashlib.sha256("\n".join(facts).encode()).hexdigest()[:16]


def differing(theirs: Terms, campaign: Campaign) -> list[str]:
    """Return what is not the same in a campaign, in its order; where it is short, both values."""
    ours = terms_of(campaign)
    labels = {f"criterion {criterion.number}": criterion.name for criterion in campaign.criteria}
    return [
        labels.get(name) or _shown(name, theirs.get(name, ""), ours.get(name, ""))
        for name in dict.fromkeys((*ours, *theirs))
        if theirs.get(name, "") != ours.get(name, "")
    ]


def _shown(name: str, theirs: str, ours: str) -> str:
    what, _space, number = name.partition(" ")
    label = _NAMES[what].format(number) if what in _NAMES else quoted(name)
    return f"{label} {theirs or '无'}≠{ours or '无'}" if what in _SHORT else label
