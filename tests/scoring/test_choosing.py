"""Which sheet counts: duplicates, contradictions, corrected copies, the one saved last."""

import hashlib
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
) -> Checked:
    """Return the sheet of one community as it came back with these scores (the rest are 5)."""
    community = one(campaign, name)
    given = [None if s is None else Decimal(s) for s in scores]
    full = [*given, *[Decimal(5)] * (len(campaign.criteria) - len(given))]
    data = blank(campaign, town, [community], scores={community: full}, supersedes=supersedes)
    [sheet] = read_bytes(file, data, campaign).sheets
    return check(replace(sheet, saved=saved), campaign)


def one(campaign: Campaign, name: str = COMMUNITY) -> Community:
    return next(c for c in campaign.communities if c.name == name)


def choice(campaign: Campaign, *checked: Checked, latest: bool = False) -> tuple[Choice, tuple[Finding, ...]]:
    chosen = choose(checked, campaign, latest=latest)
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


def test_a_corrected_copy_replaces_its_original(huantai: Campaign) -> None:
    """It counts without --latest, whatever its time and its name; a note says so."""
    old = sent(huantai, "a.xlsx", [6], saved=TEN)
    copy = sent(huantai, "b.xlsx", [4], (old.sheet.sha256,), saved=NINE)
    for pair in ((old, copy), (copy, old)):
        chosen, findings = choice(huantai, *pair)
        assert chosen == Choice(one(huantai), Status.PASSED, copy)
        assert english(findings) == [
            "a.xlsx › 鸿嘉社区: A corrected copy of this sheet came back and counts instead: b.xlsx."
        ]
        assert findings[0].severity == "note"


def test_an_unmended_copy_replaces_its_original_too(huantai: Campaign) -> None:
    """The same faults are then the copy's, not a contradiction between two files."""
    old = sent(huantai, "a.xlsx", [6])
    copy = sent(huantai, "b.xlsx", [6], (old.sheet.sha256,))
    chosen, findings = choice(huantai, old, copy)
    assert chosen == Choice(one(huantai), Status.INVALID, copy)
    assert [f.code for f in findings] == ["superseded"]


@pytest.mark.parametrize("order", list(permutations(range(3))), ids=str)
def test_a_copy_of_a_copy_replaces_both(huantai: Campaign, order: tuple[int, ...]) -> None:
    """Every file that a copy names is replaced by the last one in the chain."""
    first = sent(huantai, "a.xlsx", [6])
    second = sent(huantai, "b.xlsx", [7], (first.sheet.sha256,))
    third = sent(huantai, "c.xlsx", [4], (first.sheet.sha256, second.sheet.sha256))
    chosen, findings = choice(huantai, *((first, second, third)[index] for index in order))
    assert chosen.chosen == third
    assert sorted((f.file, dict(f.values)["chosen"]) for f in findings) == [
        ("a.xlsx", "c.xlsx"),
        ("b.xlsx", "c.xlsx"),
    ]


def test_two_copies_of_one_original_that_differ(huantai: Campaign) -> None:
    """Neither replaces the other: that is a contradiction like any other."""
    digest = hashlib.sha256(b"the original").hexdigest()
    copies = sent(huantai, "b.xlsx", [4], (digest,)), sent(huantai, "c.xlsx", [3], (digest,))
    assert choice(huantai, *copies)[0].status == "conflict"


def test_an_emptied_copy_does_not_unmake_a_return(huantai: Campaign) -> None:
    """Where the copy holds no score of a community, what came before still counts."""
    old = sent(huantai, "a.xlsx", [4])
    copy = sent(huantai, "b.xlsx", [None] * 20, (old.sheet.sha256,))
    assert choice(huantai, old, copy) == (Choice(one(huantai), Status.PASSED, old), ())


def test_what_the_copy_does_not_contain_still_counts(huantai: Campaign) -> None:
    """A sheet for another community in the replaced file is not replaced."""
    other = sent(huantai, "a.xlsx", [4], town="索镇", name="永安社区")
    copy = sent(huantai, "b.xlsx", [4], (other.sheet.sha256,))
    chosen = choose([other, copy], huantai)
    assert {c.community.name for c in chosen.choices if c.status == "passed"} == {"永安社区", COMMUNITY}
    assert chosen.findings == ()


def test_a_nameless_sheet_is_gone_with_its_file(huantai: Campaign) -> None:
    """A sheet that was nobody's is not reported any more once the corrected copy came back."""
    nameless = replace(sent(huantai, "a.xlsx", [4]), community=None)
    copy = sent(huantai, "b.xlsx", [4], (nameless.sheet.sha256,))
    _chosen, findings = choice(huantai, nameless, copy)
    assert [(f.code, f.file) for f in findings] == [("superseded", "a.xlsx")]


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
