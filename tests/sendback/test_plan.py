"""Which copies are written, stay or are moved away, from values alone."""

from collections.abc import Callable
from dataclasses import replace
from itertools import count

import pytest

from greenxl.campaign.model import Campaign
from greenxl.scoring.issued import CopyContent, IssuedCopies
from greenxl.sendback.copies import Copy, Draft, drafts
from greenxl.sendback.plan import Folder, Plan, plan_copies
from tests.tools.score_sheets import round_of_sheets, score_sheet

TOWN, NAME = "索镇", "索镇-退回修改-2021.xlsx"
NEXT = "索镇-退回修改-2021（2）.xlsx"


def draft(campaign: Campaign, score: str = "五", town: str = TOWN) -> Draft:
    """Return what is asked of a town whose first community's first score is this one."""
    sheet = score_sheet(campaign.communities_of(town)[0], campaign, [score], file=f"{score}.xlsx")
    [found] = drafts(round_of_sheets(campaign, sheet))
    return found


def numbers() -> Callable[[], str]:
    following = count(1)
    return lambda: f"new {next(following)}"


def planned(
    wanted: list[Draft], issued: list[Copy], folder: Folder, returned: tuple[str, ...] = (TOWN,)
) -> Plan:
    return plan_copies(wanted, IssuedCopies(tuple(one.issued for one in issued)), folder, returned, numbers())


def written(plan: Plan) -> list[tuple[str, str]]:
    return [(one.issued.id, one.file_name) for one in plan.write]


def test_the_first_copy_of_a_town(huantai: Campaign) -> None:
    """It has a new number and the usual name; its file is what its record says."""
    plan = planned([draft(huantai)], [], Folder({}))
    assert written(plan) == [("new 1", NAME)]
    assert (plan.unchanged, plan.retire, plan.in_the_way) == ((), (), ())


def test_what_would_come_out_the_same_stays(huantai: Campaign) -> None:
    """Under its number, and whatever it is called by now."""
    old = draft(huantai).copy("old")
    for name in (NAME, "改名.xlsx"):
        plan = planned([draft(huantai)], [old], Folder({name: old.issued.sha256}))
        assert (plan.write, plan.unchanged, plan.retire) == ((), (name,), ())


def test_another_content_takes_the_place_of_the_old_copy(huantai: Campaign) -> None:
    """Only of one that is as greenxl wrote it."""
    old = draft(huantai).copy("old")
    plan = planned([draft(huantai, "六")], [old], Folder({NAME: old.issued.sha256}))
    assert (written(plan), plan.unchanged, plan.retire) == ([("new 1", NAME)], (), ())


@pytest.mark.parametrize("digest", ["f" * 64, None], ids=["edited", "not to be touched"])
def test_a_file_of_somebody_is_never_replaced(huantai: Campaign, digest: str | None) -> None:
    """The new copy takes the next free name, and that is told; the next time it is the one that stays."""
    old = draft(huantai).copy("old")
    files: dict[str, str | None] = {NAME: digest, NEXT.upper(): "e" * 64}
    third = NEXT.replace("2）", "3）")
    plan = planned([draft(huantai, "六")], [old], Folder(files))
    assert (written(plan), plan.in_the_way) == ([("new 1", third)], ((NAME, third),))
    [new] = plan.write
    again = planned([draft(huantai, "六")], [old, new], Folder({**files, third: new.issued.sha256}))
    assert (again.write, again.unchanged, again.in_the_way) == ((), (third,), ())


def test_a_copy_that_was_deleted_is_written_again_under_its_number(huantai: Campaign) -> None:
    """It may have been mailed; to the byte the same, it need not be mailed again."""
    old = draft(huantai).copy("old")
    plan = planned([draft(huantai)], [old], Folder({}))
    assert plan.write == (old,)
    other = replace(old, issued=replace(old.issued, sha256="0" * 64))  # as another version wrote it
    assert written(planned([draft(huantai)], [other], Folder({}))) == [("new 1", NAME)]


def test_what_nobody_needs_is_moved_away(huantai: Campaign) -> None:
    """A name that is taken there gets the next free one; what somebody edited stays where it is."""
    old = draft(huantai).copy("old")
    folder = Folder({NAME: old.issued.sha256, "edited.xlsx": "f" * 64}, settled=[NAME])
    plan = planned([], [old], folder)
    assert (plan.write, plan.retire) == ((), ((NAME, NEXT),))


def test_an_earlier_copy_of_a_town_is_moved_away(huantai: Campaign) -> None:
    """Where it does not lie under the name of the new one."""
    old = draft(huantai).copy("old")
    plan = planned([draft(huantai, "六")], [old], Folder({"改名.xlsx": old.issued.sha256}))
    assert (written(plan), plan.retire) == ([("new 1", NAME)], (("改名.xlsx", "改名.xlsx"),))


def test_copies_of_towns_that_were_not_read_stay(huantai: Campaign) -> None:
    """A run for one town's returns says nothing of the others."""
    old = draft(huantai).copy("old")
    assert planned([], [old], Folder({NAME: old.issued.sha256}), returned=("果里镇",)).retire == ()


def test_two_towns_whose_files_would_be_called_alike(huantai: Campaign) -> None:
    """Neither takes the other's name."""
    first = replace(huantai.towns[1], name="甲:镇")
    second = replace(huantai.towns[2], name="甲?镇")
    renamed = {"果里镇": first.name, "索镇": second.name}
    communities = tuple(replace(c, town=renamed.get(c.town, c.town)) for c in huantai.communities)
    campaign = replace(huantai, towns=(huantai.towns[0], first, second), communities=communities)
    wanted = [draft(campaign, town=town.name) for town in (first, second)]
    plan = planned(wanted, [], Folder({}))
    names = ["甲_镇-退回修改-2021.xlsx", "甲_镇-退回修改-2021（2）.xlsx"]
    assert [name for _number, name in written(plan)] == names
    files: dict[str, str | None] = {one.file_name: one.issued.sha256 for one in plan.write}
    again = planned(wanted, list(plan.write), Folder(files))
    assert again.unchanged == tuple(names)
    alone = planned(wanted[1:], list(plan.write[:1]), Folder({names[0]: files[names[0]]}), (second.name,))
    assert [name for _number, name in written(alone)] == names[1:]


Change = Callable[[CopyContent], CopyContent]
CHANGES: dict[str, Change] = {
    "files": lambda one: replace(one, originals={"a": frozenset({"甲"})}),
    "standard": lambda one: replace(one, standard="another"),
    "a sheet less": lambda one: replace(one, sheets=dict([*one.sheets.items()][1:])),
    "asked": lambda one: replace(
        one, sheets={name: replace(sheet, asked=frozenset({2})) for name, sheet in one.sheets.items()}
    ),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_any_difference_of_content_makes_a_new_copy(huantai: Campaign, change: Change) -> None:
    """The files that it replaces, what is asked, the scores, the standard."""
    old = draft(huantai).copy("old")
    issued = replace(old.issued, content=change(old.issued.content))
    plan = planned([draft(huantai)], [replace(old, issued=issued)], Folder({NAME: old.issued.sha256}))
    assert written(plan) == [("new 1", NAME)]
