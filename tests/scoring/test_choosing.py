"""Which sheet counts: duplicates, contradictions, corrected copies, the one saved last."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from itertools import permutations

import pytest

from greenxl.campaign.model import Campaign, Community
from greenxl.findings import Finding, finding
from greenxl.form.blank import blank
from greenxl.returns.reader import read_bytes
from greenxl.scoring.checking import Checked, check
from greenxl.scoring.choosing import Choice, Chosen, Status, choose
from greenxl.scoring.issued import CopyContent, IssuedCopies, IssuedCopy, IssuedSheet
from tests.tools.cells import cell
from tests.tools.river import GOOD, river, with_columns
from tests.tools.score_sheets import Scored, score_sheet

TOWN = "果里镇"
COMMUNITY = "鸿嘉社区"


def sent(
    campaign: Campaign,
    file: str,
    scores: list[int | None],
    supersedes: tuple[str, ...] = (),
    saved: datetime | None = None,
    town: str = TOWN,
    name: str = COMMUNITY,
    copy_id: str = "",
) -> Checked:
    """Return the sheet of one community as it came back with these scores (the rest are 5)."""
    community = one(campaign, name)
    given = [None if s is None else Decimal(s) for s in scores]
    full = [*given, *[Decimal(5)] * (len(campaign.criteria) - len(given))]
    data = blank(
        campaign,
        town,
        [community],
        scores={community: full},
        supersedes=supersedes,
        copy_id=copy_id,
    )
    [sheet] = read_bytes(file, data, campaign).sheets
    return check(replace(sheet, saved=saved), campaign)


def one(campaign: Campaign, name: str = COMMUNITY) -> Community:
    return next(c for c in campaign.communities if c.name == name)


def choice(
    campaign: Campaign, *checked: Checked, latest: bool = False, issued: IssuedCopies | None = None
) -> tuple[Choice, tuple[Finding, ...]]:
    chosen = choose(checked, campaign, latest=latest, issued=issued)
    return next(c for c in chosen.choices if c.community.name == COMMUNITY), chosen.findings


def english(findings: tuple[Finding, ...]) -> list[str]:
    return [f"{one.where()}: {one.message('en')}" for one in findings]


def test_nothing_returned_is_missing(huantai: Campaign) -> None:
    """A community of which nothing came is missing, once each, in roster order."""
    chosen = choose([], huantai)
    assert [c.community for c in chosen.choices] == list(huantai.communities)
    assert {c.status for c in chosen.choices} == {"missing"}
    assert chosen.findings == ()


@pytest.mark.parametrize(
    ("scores", "status"),
    [
        pytest.param([5, 5, 5, 5], "passed", id="full marks"),
        pytest.param([0, 0, 0, 0], "passed", id="exactly 80"),
        pytest.param([0, 0, 0, 0, 4], "failed", id="79"),
        pytest.param([None], "incomplete", id="one blank"),
        pytest.param([6], "invalid", id="one above its points"),
        pytest.param([None, 6], "invalid", id="wrong outweighs blank"),
    ],
)
def test_status(huantai: Campaign, scores: list[int | None], status: str) -> None:
    """The status of a community follows from its one sheet."""
    assert choice(huantai, sent(huantai, "a.xlsx", scores))[0].status == status


def test_an_empty_form_is_missing_with_a_warning(huantai: Campaign) -> None:
    """A form without a single score counts as not returned, and that is said."""
    chosen, findings = choice(huantai, sent(huantai, "a.xlsx", [None] * 20))
    assert (chosen.status, chosen.chosen) == ("missing", None)
    assert english(findings) == [
        "a.xlsx › 鸿嘉社区: The form came back without a single score and counts as not returned. "
        "Fill in every score and return it."
    ]


def test_an_empty_form_beside_a_full_one_is_no_finding(huantai: Campaign) -> None:
    """An empty form takes nothing from the filled one."""
    full = sent(huantai, "b.xlsx", [5])
    assert choice(huantai, sent(huantai, "a.xlsx", [None] * 20), full) == (
        Choice(one(huantai), Status.PASSED, full),
        (),
    )


def test_the_same_scores_twice(huantai: Campaign) -> None:
    """Of two equal returns the first counts; the other is a note."""
    first, second = sent(huantai, "a.xlsx", [4]), sent(huantai, "b.xlsx", [4])
    chosen, findings = choice(huantai, first, second)
    assert chosen == Choice(one(huantai), Status.PASSED, first)
    assert english(findings) == [
        "b.xlsx › 鸿嘉社区: The same scores of this community came back again; a.xlsx › 鸿嘉社区 counts."
    ]


def test_returns_that_differ(huantai: Campaign) -> None:
    """Neither counts; both files and the differing cells are named."""
    chosen, findings = choice(
        huantai, sent(huantai, "a.xlsx", [4, 5, None]), sent(huantai, "b.xlsx", [3, 5, 1])
    )
    assert chosen == Choice(one(huantai), Status.CONFLICT, None)
    assert english(findings) == [
        "a.xlsx › 鸿嘉社区!E4: The returns of this community differ (E4、E6): "
        "a.xlsx › 鸿嘉社区；b.xlsx › 鸿嘉社区. None of them counts. "
        "Keep only the right file, or run again with --latest."
    ]
    assert (findings[0].town, findings[0].community) == (TOWN, COMMUNITY)


NINE = datetime(2021, 9, 9, 9, 0, tzinfo=UTC)
TEN = datetime(2021, 9, 9, 10, 0, tzinfo=UTC)


def test_sheets_of_one_workbook_that_differ(huantai: Campaign) -> None:
    """No file can be left out there, and both sheets were saved at one time: the advice is another."""
    first, second = sent(huantai, "a.xlsx", [4], saved=NINE), sent(huantai, "a.xlsx", [3], saved=NINE)
    again = replace(second, sheet=replace(second.sheet, sheet="鸿嘉社区 (2)"))
    for latest in (False, True):
        chosen, findings = choice(huantai, first, again, latest=latest)
        assert chosen.status == "conflict"
        assert english(findings) == [
            "a.xlsx › 鸿嘉社区!E4: The returns of this community differ (E4): "
            "a.xlsx › 鸿嘉社区；a.xlsx › 鸿嘉社区 (2). None of them counts. "
            "Delete the sheet that is wrong from the workbook, or have the town return it with one sheet."
        ]


def test_latest_lets_the_one_saved_last_count(huantai: Campaign) -> None:
    """With --latest the later return counts, whatever the order, as a warning that names both."""
    old, new = sent(huantai, "b.xlsx", [3], saved=NINE), sent(huantai, "a.xlsx", [4], saved=TEN)
    for pair in ((old, new), (new, old)):
        chosen, findings = choice(huantai, *pair, latest=True)
        assert chosen == Choice(one(huantai), Status.PASSED, new)
        assert [f.severity for f in findings] == ["warning"]
        files = "；".join(f"{c.sheet.file} › 鸿嘉社区" for c in pair)
        assert findings[0].message("en") == (
            f"Returns of this community differ (E4): {files}. With --latest the one saved last counts: "
            "a.xlsx › 鸿嘉社区 (2021-09-09 10:00). Check that it is the right one."
        )


@pytest.mark.parametrize(
    ("first", "second"),
    [
        pytest.param(None, TEN, id="one time is missing"),
        pytest.param(None, None, id="both times are missing"),
        pytest.param(TEN, TEN, id="equal times"),
    ],
)
def test_latest_without_a_last_one(
    huantai: Campaign, first: datetime | None, second: datetime | None
) -> None:
    """Where nothing says which return is the later, they stay in conflict."""
    returns = sent(huantai, "a.xlsx", [3], saved=first), sent(huantai, "b.xlsx", [4], saved=second)
    chosen, findings = choice(huantai, *returns, latest=True)
    assert chosen == Choice(one(huantai), Status.CONFLICT, None)
    assert [f.code for f in findings] == ["returns-differ"]


def test_latest_of_equal_returns(huantai: Campaign) -> None:
    """A file that lies there twice under two names is no obstacle to being the last one."""
    old = sent(huantai, "a.xlsx", [3], saved=NINE)
    new, again = (sent(huantai, name, [4], saved=TEN) for name in ("b.xlsx", "c.xlsx"))
    chosen, _findings = choice(huantai, old, new, again, latest=True)
    assert chosen.chosen == new


def test_latest_changes_nothing_where_returns_agree(huantai: Campaign) -> None:
    """--latest decides contradictions only."""
    first = sent(huantai, "a.xlsx", [4], saved=NINE)
    chosen, findings = choice(huantai, first, sent(huantai, "b.xlsx", [4], saved=TEN), latest=True)
    assert chosen.chosen == first
    assert [f.code for f in findings] == ["returned-twice"]


def issued(number: str, *old: Checked, town: str = TOWN, asked: Sequence[int] = (1,)) -> IssuedCopy:
    """Return the record of a copy that stands for these sheets: 5 everywhere, empty where it asks."""
    scores = tuple(None if n in asked else Decimal(5) for n in range(1, 21))
    names = {"果里镇": [COMMUNITY], "索镇": ["永安社区", "新民社区"]}[town]
    digests = {one.sheet.sha256 for one in old}
    return IssuedCopy(
        id=number,
        file_name="退回修改.xlsx",
        sha256="0" * 64,
        content=CopyContent(
            town=town,
            standard="",
            originals={
                digest: frozenset(one.sheet.sheet for one in old if one.sheet.sha256 == digest)
                for digest in digests
            },
            sheets={name: IssuedSheet(scores, frozenset(asked)) for name in names},
        ),
    )


def copy_of(
    campaign: Campaign,
    file: str,
    scores: list[int | None],
    record: IssuedCopy,
    town: str = TOWN,
    name: str = COMMUNITY,
) -> Checked:
    """Return a sheet of an issued copy as it came back."""
    digests = tuple(record.content.originals)
    return sent(campaign, file, scores, digests, town=town, name=name, copy_id=record.id)


def codes(chosen: Chosen) -> list[tuple[str, str]]:
    return [(one.code, one.file) for one in chosen.findings]


def test_a_corrected_copy_replaces_its_original(huantai: Campaign) -> None:
    """It counts without --latest, whatever its time and its name; a note says so."""
    old = sent(huantai, "a.xlsx", [6], saved=TEN)
    journal = IssuedCopies((issued("1", old),))
    copy = replace_saved(copy_of(huantai, "b.xlsx", [4], journal.copies[0]), NINE)
    for pair in ((old, copy), (copy, old)):
        chosen, findings = choice(huantai, *pair, issued=journal)
        assert chosen == Choice(one(huantai), Status.PASSED, copy)
        assert english(findings) == [
            "a.xlsx › 鸿嘉社区: A corrected copy of this sheet came back and counts instead: b.xlsx."
        ]
        assert findings[0].severity == "note"


def test_a_copy_beside_a_return_that_it_was_not_issued_for(huantai: Campaign) -> None:
    """The old return was saved again since, or a new one came: told with what to do about just that."""
    old = sent(huantai, "a.xlsx", [6])
    journal = IssuedCopies((issued("1", old),))
    copy = copy_of(huantai, "b.xlsx", [4], journal.copies[0])
    again = replace(old, sheet=replace(old.sheet, sha256="1" * 64))
    chosen, findings = choice(huantai, again, copy, issued=journal)
    assert chosen.status is Status.CONFLICT
    assert english(findings)[0].endswith(
        "None of them counts. One of them is a correction copy of this round, and was not issued for the "
        "other as that is now: it came later or was saved again. If the copy is right, move the other out "
        "of the returns."
    )


def replace_saved(checked: Checked, saved: datetime) -> Checked:
    return replace(checked, sheet=replace(checked.sheet, saved=saved))


@pytest.mark.parametrize(
    ("scores", "status"),
    [pytest.param([6], Status.INVALID, id="wrong"), pytest.param([None], Status.INCOMPLETE, id="blank")],
)
def test_an_uncorrected_copy_replaces_its_original_too(
    huantai: Campaign, scores: list[int | None], status: Status
) -> None:
    """The same faults are then the copy's, not a contradiction between two files."""
    old = sent(huantai, "a.xlsx", [6])
    record = issued("1", old)
    copy = copy_of(huantai, "b.xlsx", scores, record)
    chosen, findings = choice(huantai, old, copy, issued=IssuedCopies((record,)))
    assert chosen == Choice(one(huantai), status, copy)
    assert [f.code for f in findings] == ["superseded"]


@pytest.mark.parametrize("order", list(permutations(range(3))), ids=str)
def test_a_copy_of_a_copy_replaces_both(huantai: Campaign, order: tuple[int, ...]) -> None:
    """Every file that a copy was issued for is replaced by the last one in the chain."""
    first = sent(huantai, "a.xlsx", [6])
    one_record = issued("1", first)
    second = copy_of(huantai, "b.xlsx", [7], one_record)
    two_record = issued("2", first, second)
    third = copy_of(huantai, "c.xlsx", [4], two_record)
    sheets = [(first, second, third)[index] for index in order]
    chosen, findings = choice(huantai, *sheets, issued=IssuedCopies((one_record, two_record)))
    assert chosen.chosen == third
    assert sorted((f.code, f.file, dict(f.values)["chosen"]) for f in findings) == [
        ("superseded", "a.xlsx", "c.xlsx"),
        ("superseded", "b.xlsx", "c.xlsx"),
    ]


@pytest.mark.parametrize(
    ("second", "status", "code"),
    [
        pytest.param([3], Status.CONFLICT, "returns-differ", id="otherwise"),
        pytest.param([4], Status.PASSED, "returned-twice", id="alike"),
    ],
)
def test_one_copy_returned_twice(
    huantai: Campaign, second: list[int | None], status: Status, code: str
) -> None:
    """Neither replaces the other: where they differ that is a contradiction like any other."""
    old = sent(huantai, "a.xlsx", [6])
    record = issued("1", old)
    copies = copy_of(huantai, "b.xlsx", [4], record), copy_of(huantai, "c.xlsx", second, record)
    chosen, findings = choice(huantai, old, *copies, issued=IssuedCopies((record,)))
    assert (chosen.status, [f.code for f in findings]) == (status, ["superseded", code])


def test_an_emptied_copy_does_not_undo_a_return(huantai: Campaign) -> None:
    """Where the copy holds no score of a community, what came before still counts."""
    old = sent(huantai, "a.xlsx", [4])
    record = issued("1", old)
    copy = copy_of(huantai, "b.xlsx", [None] * 20, record)
    journal = IssuedCopies((record,))
    assert choice(huantai, old, copy, issued=journal) == (Choice(one(huantai), Status.PASSED, old), ())


def test_what_the_copy_does_not_contain_still_counts(huantai: Campaign) -> None:
    """A sheet for another community in the replaced file is not replaced."""
    other = sent(huantai, "a.xlsx", [4], town="索镇", name="永安社区")
    record = issued("1", other)
    chosen = choose([other, copy_of(huantai, "b.xlsx", [4], record)], huantai, issued=IssuedCopies((record,)))
    assert {c.community.name for c in chosen.choices if c.status == "passed"} == {"永安社区", COMMUNITY}
    assert chosen.findings == ()


@pytest.mark.parametrize(
    ("scores", "found"),
    [
        pytest.param([4], [("superseded", "a.xlsx")], id="filled"),
        pytest.param([None] * 20, [("sheet-empty", "b.xlsx")], id="emptied"),
    ],
)
def test_a_nameless_sheet_is_gone_with_its_file(
    huantai: Campaign, scores: list[int | None], found: list[tuple[str, str]]
) -> None:
    """A sheet that was nobody's is not reported any more once the corrected copy came back with a score."""
    nameless = replace(sent(huantai, "a.xlsx", [4]), community=None)
    record = issued("1", nameless)
    copy = copy_of(huantai, "b.xlsx", scores, record)
    assert codes(choose([nameless, copy], huantai, issued=IssuedCopies((record,)))) == found


def forged_number(campaign: Campaign, record: IssuedCopy) -> Checked:
    return sent(campaign, "b.xlsx", [4], tuple(record.content.originals), copy_id="another")


def without_number(campaign: Campaign, record: IssuedCopy) -> Checked:
    return sent(campaign, "b.xlsx", [4], tuple(record.content.originals))


def more_files(campaign: Campaign, record: IssuedCopy) -> Checked:
    return sent(campaign, "b.xlsx", [4], (*record.content.originals, "f" * 64), copy_id=record.id)


def no_files(campaign: Campaign, record: IssuedCopy) -> Checked:
    return sent(campaign, "b.xlsx", [4], (), copy_id=record.id)


@pytest.mark.parametrize(
    ("forge", "reason"),
    [
        pytest.param(forged_number, "its number is none that this round issued", id="another number"),
        pytest.param(without_number, "it has no number of a copy", id="no number"),
        pytest.param(more_files, "the copy of that number was issued for other files", id="more files"),
        pytest.param(no_files, "the copy of that number was issued for other files", id="no files"),
    ],
)
def test_what_was_not_issued_so_is_a_return_like_any_other(
    huantai: Campaign, forge: Callable[[Campaign, IssuedCopy], Checked], reason: str
) -> None:
    """It differs from the return that it names, so neither counts; that is told once, with what to do."""
    old = sent(huantai, "a.xlsx", [5])
    record = issued("1", old)
    chosen, findings = choice(huantai, old, forge(huantai, record), issued=IssuedCopies((record,)))
    assert chosen.status == Status.CONFLICT
    assert [f.code for f in findings] == ["copy-unknown", "returns-differ"]
    assert english(findings)[0] == (
        f"b.xlsx: The workbook says that it is a correction copy, but {reason}; it replaces nothing and was "
        "read as a return like any other. Check where it comes from; where it differs from what came before, "
        "leave out the wrong one, or have the town fill in the copy that was issued to it."
    )


def test_no_town_replaces_what_another_returned(huantai: Campaign) -> None:
    """Neither under a number of its own, naming the other's file, nor under the other's number."""
    theirs = sent(huantai, "果里.xlsx", [5])
    journal = IssuedCopies((issued("1", theirs), issued("2", town="索镇")))
    digests = (theirs.sheet.sha256,)
    for number, town, reason in (
        ("2", "索镇", "the copy of that number was issued for other files"),
        ("1", "索镇", "the copy of that number was issued to another town"),
    ):
        own = sent(huantai, "索镇.xlsx", [0], digests, copy_id=number, town=town, name="永安社区")
        under_their_name = replace(own, community=one(huantai))
        for sheet in (own, under_their_name):
            chosen = choose([theirs, sheet], huantai, issued=journal)
            assert chosen.replaced == frozenset()
            assert [dict(f.values)["reason"] for f in chosen.findings if f.code == "copy-unknown"] == [reason]


def test_a_copy_counts_for_the_communities_that_it_was_issued_with(huantai: Campaign) -> None:
    """A sheet of another community that was put into it is a return like any other."""
    old = sent(huantai, "a.xlsx", [5])
    record = issued("1", old, town="索镇")
    copy = replace(
        copy_of(huantai, "b.xlsx", [4], record, town="索镇", name="永安社区"), community=one(huantai)
    )
    chosen, findings = choice(huantai, old, copy, issued=IssuedCopies((record,)))
    assert chosen.status == Status.CONFLICT
    assert "the copy of that number was issued without a sheet of this community" in english(findings)[0]


def test_a_copy_replaces_the_sheets_that_it_was_issued_for(huantai: Campaign) -> None:
    """Not another sheet of the same file, which another town may have put there."""
    old = sent(huantai, "a.xlsx", [5])
    record = issued("1", replace(old, sheet=replace(old.sheet, sheet="甲")))
    copy = copy_of(huantai, "b.xlsx", [4], record)
    assert choice(huantai, old, copy, issued=IssuedCopies((record,)))[0].status == Status.CONFLICT


def test_what_had_been_accepted_and_was_changed_is_told(huantai: Campaign) -> None:
    """The copy counts; one warning names the cells, old and new, but for those that were asked for."""
    old = sent(huantai, "a.xlsx", [6, 5, 5, 5])
    record = issued("1", old, asked=(1, 3))
    copy = copy_of(huantai, "b.xlsx", [4, 3, 3, None, 7], record)
    chosen, findings = choice(huantai, old, copy, issued=IssuedCopies((record,)))
    assert chosen.chosen == copy
    [changed] = [f for f in findings if f.code == "copy-changed"]
    assert (changed.severity, changed.cells, changed.town) == ("warning", ("E5", "E7", "E8"), TOWN)
    assert changed.message("en") == (
        "The correction copy also changes scores that had been accepted and were not asked for "
        "(E5 5→3、E7 5→空、E8 5→7); as returned they count. Check with the town that it means them."
    )


def test_what_a_later_copy_replaced_is_not_told_again(huantai: Campaign) -> None:
    """The next copy left with the changed scores as accepted."""
    old = sent(huantai, "a.xlsx", [6])
    one_record = issued("1", old)
    second = copy_of(huantai, "b.xlsx", [6, 4], one_record)
    two_record = issued("2", old, second, asked=(1, 2))
    third = copy_of(huantai, "c.xlsx", [5, 4], two_record)
    chosen = choose([old, second, third], huantai, issued=IssuedCopies((one_record, two_record)))
    assert codes(chosen) == [("superseded", "a.xlsx"), ("superseded", "b.xlsx")]


def test_without_a_journal_a_copy_is_believed_with_a_warning(huantai: Campaign) -> None:
    """A round that was begun before goes on; where a copy replaces nothing there is nothing to say."""
    old = sent(huantai, "a.xlsx", [6])
    copy = sent(huantai, "b.xlsx", [4], (old.sheet.sha256,))
    chosen, findings = choice(huantai, old, copy)
    assert chosen == Choice(one(huantai), Status.PASSED, copy)
    assert [(f.code, f.file, f.severity) for f in findings] == [
        ("superseded", "a.xlsx", "note"),
        ("copy-believed", "b.xlsx", "warning"),
    ]
    assert choice(huantai, copy)[1] == ()


def test_without_a_journal_two_copies_of_one_original_that_differ(huantai: Campaign) -> None:
    """Neither replaces the other: that is a contradiction like any other."""
    digest = hashlib.sha256(b"the original").hexdigest()
    copies = sent(huantai, "b.xlsx", [4], (digest,)), sent(huantai, "c.xlsx", [3], (digest,))
    assert choice(huantai, *copies)[0].status == "conflict"


def test_a_copy_that_was_believed_stays_known(huantai: Campaign) -> None:
    """The journal that is begun later has it without a number, by the digest of the file that came back."""
    old = sent(huantai, "a.xlsx", [6])
    copy = sent(huantai, "b.xlsx", [4], (old.sheet.sha256,))
    record = replace(issued("", old), sha256=copy.sheet.sha256)
    journal = IssuedCopies((record,))
    assert choice(huantai, old, copy, issued=journal)[0].chosen == copy
    again = sent(huantai, "c.xlsx", [3], (old.sheet.sha256,))
    assert choice(huantai, old, again, issued=journal)[0].status == Status.CONFLICT


def test_findings_of_replaced_sheets_are_closed(huantai: Campaign) -> None:
    """What was wrong on a replaced sheet is dropped; what is said of its file or others stays."""
    wrong = [finding("score-blank", "a.xlsx", sheet, "E4", criterion=1, points=5) for sheet in ("甲", "乙")]
    about_file = finding("file-empty", "a.xlsx")
    chosen = Chosen(choices=(), findings=(), replaced=frozenset({("a.xlsx", "甲")}), outdated=frozenset())
    assert chosen.still_open([*wrong, about_file]) == [wrong[1], about_file]


def test_findings_of_a_return_that_a_later_one_mends_are_closed(huantai: Campaign) -> None:
    """With ``latest`` the mended return is clean; without it, or while it is wrong itself, all is told."""
    old = sent(huantai, "a.xlsx", [6], saved=datetime(2021, 9, 1, tzinfo=UTC))
    new = sent(huantai, "b.xlsx", [5], saved=datetime(2021, 9, 2, tzinfo=UTC))
    twin = sent(huantai, "c.xlsx", [6], saved=datetime(2021, 9, 3, tzinfo=UTC))
    for sheets, latest, open_files in (
        ([old, new], True, []),
        ([old, new], False, ["a.xlsx"]),
        ([old, new, twin], True, ["a.xlsx", "c.xlsx"]),
    ):
        chosen = choose(sheets, huantai, latest=latest)
        found = [f for one in sheets for f in one.findings]
        assert [f.file for f in chosen.still_open(found)] == open_files


# Other programmes


def river_sheet(
    campaign: Campaign,
    file: str,
    scores: Sequence[Scored] = GOOD,
    *,
    own: Sequence[float | str] = ("",) * 7,
    reasons: Sequence[str] = ("",) * 7,
    saved: datetime | None = None,
) -> Checked:
    """Return a sheet with its scores, a self-assessment and reasons beside them."""
    sheet = score_sheet(one(campaign), campaign, scores, file=file)
    lines = tuple(
        replace(
            line,
            columns=(cell(f"G{row}", own[row - 4] or None), None, line.score),
            entries=(cell(f"I{row}", reasons[row - 4]), None),
        )
        for row, line in enumerate(sheet.lines, 4)
    )
    return check(replace(sheet, lines=lines, saved=saved), campaign)


EARLY, LATE = datetime(2021, 9, 1, tzinfo=UTC), datetime(2021, 9, 2, tzinfo=UTC)
REASONS = ("缺1份", *[""] * 6)


def test_returns_that_differ_in_texts_alone_are_no_conflict(huantai: Campaign) -> None:
    """The one saved last counts, whatever the order they were read in; what the other asks for is closed."""
    campaign = with_columns(huantai, reason_required=True)
    old, new = (
        river_sheet(campaign, "a.xlsx", saved=EARLY),
        river_sheet(campaign, "b.xlsx", reasons=REASONS, saved=LATE),
    )
    for sheets in permutations((old, new)):
        chosen = choose(sheets, campaign)
        [made] = [c for c in chosen.choices if c.chosen]
        assert (made.status, made.chosen) == (Status.PASSED, new)
        assert [(f.code, f.cells) for f in chosen.findings] == [("texts-differ", ("J4",))]
        assert chosen.outdated == {old.place}
        assert chosen.still_open(old.findings) == []


def test_without_times_the_first_text_counts_and_is_named(huantai: Campaign) -> None:
    """Nobody knows which is later; the scores are the same."""
    campaign = with_columns(huantai)
    first, second = river_sheet(campaign, "a.xlsx"), river_sheet(campaign, "b.xlsx", reasons=REASONS)
    chosen, findings = choice(campaign, first, second)
    assert chosen.chosen == first
    assert english(findings) == [
        "a.xlsx › 鸿嘉社区!J4: Returns of this community have the same scores, but differ in what is written "
        "beside them (J4): a.xlsx › 鸿嘉社区；b.xlsx › 鸿嘉社区; what the one saved last says counts: "
        "a.xlsx › 鸿嘉社区."
    ]


def test_returns_of_one_text_are_the_same_returned_twice(huantai: Campaign) -> None:
    """The texts are compared, not their cells."""
    campaign = with_columns(huantai)
    pair = [river_sheet(campaign, file, reasons=REASONS) for file in ("a.xlsx", "b.xlsx")]
    assert [one.code for one in choice(campaign, *pair)[1]] == ["returned-twice"]


def test_a_difference_in_another_score_column_is_no_conflict(huantai: Campaign) -> None:
    """What does not count contradicts nothing."""
    campaign = with_columns(huantai)
    sheets = [river_sheet(campaign, "a.xlsx", own=GOOD), river_sheet(campaign, "b.xlsx", own=("",) * 7)]
    made, findings = choice(campaign, *sheets)
    assert (made.status, [one.code for one in findings]) == (Status.PASSED, ["texts-differ"])


def test_a_return_to_be_decided_is_incomplete(huantai: Campaign) -> None:
    """It takes part."""
    campaign = with_columns(huantai)
    waiting = river_sheet(campaign, "a.xlsx", [None] * 7, own=GOOD)
    assert choice(campaign, waiting) == (Choice(one(campaign), Status.INCOMPLETE, waiting), ())


def test_the_decided_of_two_returns_counts(huantai: Campaign) -> None:
    """The self-assessment that came before contradicts nothing, and is no longer to be decided."""
    campaign = with_columns(huantai)
    waiting = river_sheet(campaign, "a.xlsx", [None] * 7, own=GOOD)
    decided = river_sheet(campaign, "b.xlsx")
    chosen = choose([waiting, decided], campaign)
    assert [c.chosen for c in chosen.choices if c.chosen] == [decided]
    assert [(one.code, one.file) for one in chosen.findings] == [("undecided-too", "a.xlsx")]
    assert chosen.still_open(waiting.findings) == []


def test_two_decided_returns_still_contradict(huantai: Campaign) -> None:
    """Nothing is said of a third that is to be decided."""
    campaign = with_columns(huantai)
    sheets = [
        river_sheet(campaign, "a.xlsx", [None] * 7, own=GOOD),
        river_sheet(campaign, "b.xlsx"),
        river_sheet(campaign, "c.xlsx", (9.0, *GOOD[1:])),
    ]
    made, findings = choice(campaign, *sheets)
    assert (made.status, [one.code for one in findings]) == (Status.CONFLICT, ["returns-differ"])


@pytest.mark.parametrize(
    ("scores", "status"),
    [
        (GOOD, "passed"),
        ((10.0, "是", 20.0, 60.0, 5.0, 0.0, "不符合"), "failed"),
        ((10.0, "是", 0.0, 60.0, 5.0, 0.0, "符合"), "failed"),
        ((10.0, "不适用", 20.0, "不适用", 0.0, 0.0, "符合"), "passed"),
        ((10.0, "是", 20.0, 60.0, 5.0, 0.0, None), "incomplete"),
        ((10.0, "是", 20.0, 60.0, 5.0, None, "符合"), "incomplete"),
        ((10.0, "是", 20.0, 60.0, 5.0, 0.0, "无"), "invalid"),
    ],
    ids=[
        "passes",
        "condition",
        "zero",
        "two that do not apply",
        "condition blank",
        "deduction blank",
        "word",
    ],
)
def test_status_of_other_programmes(huantai: Campaign, scores: Sequence[Scored], status: str) -> None:
    """A veto fails what has the points; a blank deduction or condition is incomplete like any other."""
    campaign = river(huantai)
    sheet = score_sheet(one(campaign), campaign, scores)
    assert choice(campaign, check(sheet, campaign))[0].status == status


def test_a_sheet_to_which_nothing_applies_is_invalid(huantai: Campaign) -> None:
    """It can have no total, whatever else is answered."""
    campaign = river(huantai)
    unasked = tuple(
        replace(group, criteria=tuple(replace(c, not_applicable=True) for c in group.criteria))
        for group in campaign.groups
    )
    campaign = replace(campaign, groups=unasked)
    sheet = score_sheet(one(campaign), campaign, (*["不适用"] * 4, 1.0, 0.0, "符合"))
    assert choice(campaign, check(sheet, campaign))[0].status == "invalid"


def test_changed_answers_of_a_copy_are_told_in_words(huantai: Campaign) -> None:
    """符合 that became 不符合, though nobody asked."""
    campaign = river(huantai)
    sheet = score_sheet(one(campaign), campaign, (*GOOD[:-1], "不符合"), supersedes=("aa",))
    assert sheet.identity
    sheet = replace(sheet, identity=replace(sheet.identity, copy_id="1f"))
    scores = tuple(
        score.value for score in check(score_sheet(one(campaign), campaign, GOOD), campaign).scores
    )
    content = CopyContent(
        town=TOWN,
        standard=campaign.standard_hash,
        originals={"aa": frozenset({COMMUNITY})},
        sheets={COMMUNITY: IssuedSheet(scores)},
    )
    issued = IssuedCopies((IssuedCopy(id="1f", file_name="c.xlsx", sha256="00", content=content),))
    [told] = choice(campaign, check(sheet, campaign), issued=issued)[1]
    assert (told.code, told.found) == ("copy-changed", "H10 符合→不符合")
