"""The shipped campaign says exactly what the plan says."""

import re
from decimal import Decimal
from pathlib import Path

from greenxl.campaign.model import Campaign

PLAN = (Path(__file__).parent.parent / "fixtures" / "attachments.txt").read_text("utf-8")
STANDARD, ROSTER = PLAN.split("附件2\n")


def test_every_group_criterion_and_point_stands_as_in_attachment_1(huantai: Campaign) -> None:
    """The twenty rows of Attachment 1, line breaks of the groups included, are the campaign's."""
    body = STANDARD[STANDARD.index("\t建立健全") : STANDARD.index("\t合计分值")]
    rows = [
        re.split(r"\n\t", row.strip("\n").removeprefix("\t")) for row in body.split("\n\n") if row.strip()
    ]
    group = ""
    stated = []
    for first, number, text, points, _score in rows:
        group = first.strip("\n") or group
        stated.append((group, int(number), text, Decimal(points)))
    assert stated == [(huantai.groups[c.group].name, c.number, c.text, c.points) for c in huantai.criteria]


def test_title_header_note_and_total_stand_as_in_attachment_1(huantai: Campaign) -> None:
    """Title, the four header cells, the last row and the note are the plan's words."""
    labels = huantai.labels
    header = f"\t{labels.group}\n\t{labels.standard}\n\t{labels.points}\n\t{labels.score}\n"
    assert header.replace("\n（", "\n（") in STANDARD
    assert huantai.title in STANDARD
    assert huantai.note in STANDARD
    assert f"\t{labels.total}\n\t{huantai.max_score}\n" in STANDARD


def test_the_roster_is_attachment_2(huantai: Campaign) -> None:
    """Twenty-one communities stand in the plan's order, 「索  镇」 shown as 索镇."""
    stated = re.findall(r"\t(\d+)\n\t(.+)\n\t(.+)\n", ROSTER)
    assert [(int(n), t.replace("\xa0", ""), c) for n, t, c in stated] == [
        (c.number, c.town, c.name) for c in huantai.communities
    ]
    assert len(stated) == 21


def test_pilots_targets_and_departments_are_the_plans(huantai: Campaign) -> None:
    """Two pilots, 30 % and 60 %, and six, four, seven, six and six departments."""
    assert [c.name for c in huantai.communities if c.pilot] == ["西苑社区", "东岳国际社区"]
    assert huantai.targets == ((2021, 30), (2022, 60))
    assert [len(g.departments) for g in huantai.groups] == [6, 4, 7, 6, 6]
    assert [len(g.criteria) for g in huantai.groups] == [4, 5, 4, 3, 4]
    assert [g.points for g in huantai.groups] == [20, 25, 20, 15, 20]
    assert huantai.pass_score == 80
    assert str(huantai.deadline) == "2021-09-30"
