"""What a run does with the files in the folder of notices."""

from dataclasses import replace
from hashlib import sha256

import pytest

from greenxl.report.notices.journal import CurrentNotice, WrittenNotices
from greenxl.report.notices.plan import Draft, Files, Plan, plan_notices

NAME, DATED = "索镇-整改通知-2021.xlsx", "索镇-整改通知-2021-10-20.xlsx"
SECOND = "索镇-整改通知-2021-10-20（2）.xlsx"
OLD, NEW, TYPED = (sha256(data).hexdigest() for data in (b"old", b"new", b"typed"))
BEFORE = CurrentNotice(town="索镇", file=NAME, sha256=OLD, content="before")
NOW = replace(BEFORE, sha256=NEW, content="now")


def planned(files: Files, *, before: CurrentNotice | None = BEFORE, now: CurrentNotice = NOW) -> Plan:
    """Return the plan where ``before`` is what the last run left, and ``now`` is what is to be."""
    written = WrittenNotices(frozenset({(NAME, OLD)}), (before,) if before else ())
    return plan_notices([Draft(about=now, dated=DATED, data=b"new")], files, written)


@pytest.mark.parametrize(
    ("files", "name"),
    [
        pytest.param({}, NAME, id="none-there"),
        pytest.param({NAME: OLD}, NAME, id="as-it-was-written"),
        pytest.param({NAME: TYPED}, DATED, id="typed-into"),
        pytest.param({NAME: None}, DATED, id="cannot-be-read"),
        pytest.param({NAME: TYPED, DATED: TYPED}, SECOND, id="both-typed-into"),
    ],
)
def test_a_notice_goes_where_nobodys_work_is(files: Files, name: str) -> None:
    """What greenxl wrote is renewed; what somebody typed into stays, and is told."""
    plan = planned(files)
    assert [draft.about.file for draft in plan.write] == [name]
    assert plan.in_the_way == (() if name == NAME else ((NAME, name),))
    assert (plan.retire, [one.file for one in plan.current]) == ((), [name])


@pytest.mark.parametrize("digest", [OLD, TYPED], ids=["as-it-was-written", "typed-into"])
def test_a_notice_that_holds_the_same_stays(digest: str) -> None:
    """Whoever typed into it goes on in that file."""
    plan = planned({NAME: digest}, now=replace(NOW, content="before"))
    assert (plan.write, plan.unchanged, plan.in_the_way) == ((), (BEFORE,), ())


def test_a_notice_that_is_gone_is_written_again() -> None:
    """Though it holds the same as before."""
    plan = planned({}, now=replace(NOW, content="before"))
    assert [draft.about.file for draft in plan.write] == [NAME]


def test_without_a_journal_only_the_same_bytes_are_known() -> None:
    """Outside of a round nothing that is there is replaced."""
    assert planned({NAME: NEW}, before=None).unchanged == (NOW,)
    assert planned({NAME: TYPED}, before=None).in_the_way == ((NAME, DATED),)


def test_a_file_of_greenxls_that_nobody_needs_is_put_away() -> None:
    """One that somebody typed into is left; so is what greenxl does not know."""
    written = WrittenNotices(frozenset({(NAME, OLD)}), (BEFORE,))
    assert plan_notices([], {NAME: OLD, "照片.png": TYPED}, written).retire == (NAME,)
    assert plan_notices([], {NAME: TYPED}, written).retire == ()


def test_no_two_notices_of_a_run_have_one_name() -> None:
    """Names that are alike once they are safe as file names."""
    drafts = [Draft(about=replace(NOW, town=town), dated=DATED, data=b"new") for town in ("甲", "乙")]
    plan = plan_notices(drafts, {}, WrittenNotices())
    assert [draft.about.file for draft in plan.write] == [NAME, DATED]
