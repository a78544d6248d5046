"""The settings: what is left empty is made from the numbers, and the numbers fit the standard."""

from dataclasses import replace

import pytest

from greenxl.campaign import shipped
from greenxl.campaign.checks import campaign_of
from greenxl.campaign.model import Campaign
from greenxl.campaign.settings import SETTING_BY_KEY
from greenxl.campaign.tables import read_tables
from greenxl.errors import CampaignError
from greenxl.names import key


def stating(**values: str) -> Campaign:
    """Return the shipped campaign with other settings."""
    tables = read_tables(shipped())
    settings = tables["settings"]

    def stated(cells: dict[str, str]) -> dict[str, str]:
        return {**cells, "value": values.get(SETTING_BY_KEY[key(cells["setting"])], cells["value"])}

    rows = (replace(row, cells=stated(row.cells)) for row in settings.rows)
    return campaign_of({**tables, "settings": replace(settings, rows=tuple(rows))}, "typed")


def test_what_is_left_empty_is_made_from_the_numbers() -> None:
    """Full mark, note, and the words of header and last row."""
    made = stating(max_score="", note="", pass_score="85.5")
    assert made.stated_max_score is None
    assert made.max_score == 100
    assert made.note == "说明：满分100分，得分不低于85.5分为达标。"
    assert (made.labels.group, made.labels.standard, made.labels.total) == ("内容", "创建标准", "合计分值")
    assert (made.labels.points, made.labels.score) == ("标准分\n（100分）", "得分\n（分）")


@pytest.mark.parametrize(
    ("note", "made"),
    [
        ("满{满分}分，{达标分}分达标", "满100分，80分达标"),
        ("｛ 达标分 ｝分以上", "80分以上"),
        ("不低于75分", "不低于75分"),
    ],
    ids=["both", "wide braces", "as it was typed"],
)
def test_names_in_braces_become_the_numbers(note: str, made: str) -> None:
    """Whoever changes the pass mark has not to change the note."""
    assert stating(note=note).note == made


def test_the_shipped_note_follows_the_pass_mark(huantai: Campaign) -> None:
    """The plan's words, with the number of the setting."""
    assert huantai.note == "说明：绿色社区创建得分须不低于80分。"
    assert stating(pass_score="85").note == "说明：绿色社区创建得分须不低于85分。"


def test_a_pass_mark_above_the_points_is_a_fault_though_no_full_mark_is_stated() -> None:
    """The full mark is then the sum of the points."""
    with pytest.raises(CampaignError) as refused:
        stating(max_score="", pass_score="101")
    assert [fault.code for fault in refused.value.faults] == ["pass-score-high"]


def test_a_sum_of_points_that_is_wrong_twice_is_one_fault() -> None:
    """One mistyped score makes the stated full mark and a row of sums differ."""
    tables = read_tables(shipped())
    standard = tables["standard"]
    first, *rest = standard.rows
    mistyped = replace(first, cells={**first.cells, "points": "6"})
    total = replace(first, number=22, cells={"group": "合计", "points": "100"})
    with pytest.raises(CampaignError) as refused:
        campaign_of({**tables, "standard": replace(standard, rows=(mistyped, *rest, total))}, "typed")
    assert [fault.code for fault in refused.value.faults] == ["sum-differs"]
