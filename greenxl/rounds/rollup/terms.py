"""What two campaigns must agree in for the scores of one to count in the other. Pure."""

import hashlib
from collections.abc import Iterator, Mapping

from greenxl.campaign.model import Campaign, Criterion, plain
from greenxl.names import key

Terms = Mapping[str, str]
"""What is agreed in, as a clerk calls it -> what it is, or a hash of that."""


def terms_of(campaign: Campaign) -> dict[str, str]:
    """Return what decides how a form is scored and judged."""
    return {
        "年份": str(campaign.year),
        "达标分": plain(campaign.pass_score),
        **{criterion.name: _hashed(*_facts(criterion)) for criterion in campaign.criteria},
        **{f"{group.title}的最低分": plain(group.minimum) for group in campaign.groups if group.minimum},
        **_further(campaign),
    }


def _facts(criterion: Criterion) -> Iterator[str]:
    yield from (key(criterion.text), plain(criterion.points), str(criterion.group), criterion.kind)
    yield plain(criterion.veto)
    yield from (f"{choice.word}={plain(choice.score)}" for choice in criterion.choices)
    yield "不适用" * criterion.not_applicable


def _further(campaign: Campaign) -> dict[str, str]:
    """Return what only some campaigns have."""
    found = {
        "加分上限": plain(campaign.bonus_cap),
        "得分栏": "、".join(campaign.score_columns),
        "计分栏": key(campaign.counting_column),
        "填写栏": "、".join(campaign.entry_columns),
        "失分须写原因": "是" * campaign.reason_required,
        "等次": "、".join(f"{grade.name}{plain(grade.least)}" for grade in campaign.grades),
    }
    return {name: value for name, value in found.items() if value}


def _hashed(*facts: str) -> str:
    return hashlib.sha256("\n".join(facts).encode()).hexdigest()[:16]


def differing(theirs: Terms, ours: Terms) -> list[str]:
    """Return what is not the same in both, in our order; where it is short, both values."""
    names = dict.fromkeys((*ours, *theirs))
    return [
        _shown(name, theirs.get(name, ""), ours.get(name, ""))
        for name in names
        if theirs.get(name, "") != ours.get(name, "")
    ]


def _shown(name: str, theirs: str, ours: str) -> str:
    return f"{name} {theirs or '无'}≠{ours or '无'}" if name in ("年份", "达标分", "加分上限") else name
