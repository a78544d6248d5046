"""The folder of copies brought up to date, with the journal on disk before the files."""

import hashlib
import io
import json
from collections.abc import Callable, Mapping
from itertools import count
from pathlib import Path

import openpyxl
import pytest

from greenxl.campaign.model import Campaign
from greenxl.errors import GreenxlError
from greenxl.form.blank import blank
from greenxl.form.layout import IDENTITY_SHEET
from greenxl.journals import open_journal
from greenxl.output_files import write_whole
from greenxl.rounds.copies_journal import COPIES_LOG, begin_journal, read_issued
from greenxl.rounds.evaluate import Round, evaluate
from greenxl.sendback import renewal
from greenxl.sendback.renewal import Renewed, renew_copies

TOWN, COMMUNITY, NAME = "果里镇", "鸿嘉社区", "果里镇-退回修改-2021.xlsx"


class County:
    """A round folder, and what a county does in it."""

    def __init__(self, campaign: Campaign, folder: Path) -> None:
        self.campaign, self.folder = campaign, folder
        self.copies, self.returned = folder / "sendback", folder / "returned"
        self.returned.mkdir(parents=True)
        self._numbers = count(1)

    def result(self) -> Round:
        return evaluate(self.campaign, [self.returned], issued=read_issued(self.folder))

    def renew(self) -> Renewed:
        return renew_copies(self.result(), self.copies, self.folder, lambda: f"{next(self._numbers):032x}")

    def take(self, name: str, **cells: str | float) -> None:
        """Take in a return with these scores, the others are 4."""
        data = blank(self.campaign, TOWN, self.campaign.communities_of(TOWN))
        self._save(
            openpyxl.load_workbook(io.BytesIO(data)), name, {**{f"E{r}": 4 for r in range(4, 24)}, **cells}
        )

    def fill(self, name: str, **cells: str | float) -> None:
        """Let the town type into its copy and return it under a name."""
        self._save(openpyxl.load_workbook(self.copies / NAME), name, cells)

    def _save(self, book: openpyxl.Workbook, name: str, cells: Mapping[str, str | float]) -> None:
        for cell, value in cells.items():
            book[COMMUNITY][cell] = value
        book.save(self.returned / name)

    def status(self) -> tuple[str, list[str]]:
        result = self.result()
        [choice] = [one for one in result.choices if one.community.name == COMMUNITY]
        return choice.status, [one.code for one in result.findings]

    def names(self) -> list[str]:
        found = (path for path in self.copies.rglob("*") if path.is_file())
        return sorted(path.relative_to(self.copies).as_posix() for path in found)


@pytest.fixture
def county(huantai: Campaign, tmp_path: Path) -> County:
    begin_journal(tmp_path)
    return County(huantai, tmp_path)


def test_a_round_of_corrections(county: County) -> None:
    """A copy is written, stays, counts when it comes back, and is then moved away."""
    county.take("a.xlsx", E4="五")
    path = county.copies / NAME
    assert county.renew() == Renewed((path,), (), (), ())
    assert county.renew() == Renewed((), (path,), (), ())
    county.fill("b.xlsx", E4=4)
    assert county.status() == ("passed", ["superseded"])
    settled = county.copies / "已了结" / NAME
    assert county.renew() == Renewed((), (), ((path, settled),), ())
    assert county.names() == [f"已了结/{NAME}"]


def test_two_rounds_of_corrections(county: County) -> None:
    """The second copy takes the first's place, stands for both returns, and both are settled in the end."""
    county.take("a.xlsx", E4="五", E5="六")
    county.renew()
    first = (county.copies / NAME).read_bytes()
    county.fill("b.xlsx", E4=4)
    assert len(county.renew().written) == 1
    assert (county.copies / NAME).read_bytes() != first
    county.fill("c.xlsx", E5=4)
    assert county.status() == ("passed", ["superseded", "superseded"])
    (county.returned / "b.xlsx").unlink()
    assert county.status() == ("passed", ["superseded"])


def test_a_first_return_that_turns_up_again_stays_replaced(county: County) -> None:
    """The second copy stands for its sheets too, though the file was not there when it was issued."""
    county.take("a.xlsx", E4="五", E5="六")
    county.renew()
    county.fill("b.xlsx", E4=4)
    first = (county.returned / "a.xlsx").rename(county.folder / "a.xlsx")
    county.renew()
    county.fill("c.xlsx", E5=4)
    first.rename(county.returned / "a.xlsx")
    (county.returned / "b.xlsx").unlink()
    assert county.status() == ("passed", ["superseded"])


def test_a_copy_that_is_saved_as_it_came_counts_where_nothing_was_to_be_typed(county: County) -> None:
    """Where it only asked to check something, the town may find all right, and save it as it is.

    To the byte as it went out it is no answer: so it comes back in a bounce.
    """
    county.take("a.xlsx", E24=95)
    assert county.status() == ("passed", ["total-differs"])
    county.renew()
    (county.returned / "b.xlsx").write_bytes((county.copies / NAME).read_bytes())
    assert county.status() == ("passed", ["total-differs"])
    county.fill("c.xlsx")
    assert county.status() == ("passed", ["superseded"])


def test_a_copy_that_came_back_untouched_changes_nothing(county: County) -> None:
    """The town owes the same as before; its next copy asks the same."""
    county.take("a.xlsx", E4="五")
    before = county.status()[0]
    county.renew()
    county.fill("b.xlsx")
    assert county.status() == (before, ["score-text", "copy-unchanged"])
    (path,) = county.renew().unchanged
    assert path.name == NAME


def test_what_the_journal_says(county: County) -> None:
    """All by which a copy is known when it comes back, and what it left with."""
    county.take("a.xlsx", E4="五", E5=4.5)
    county.renew()
    [line] = (county.folder / COPIES_LOG).read_text("utf-8").splitlines()
    record = json.loads(line)
    digest = county.result().checked[0].sheet.sha256
    assert record.pop("time")
    assert record.pop("sha256") == hashlib.sha256((county.copies / NAME).read_bytes()).hexdigest()
    assert record.pop("standard") == county.campaign.standard_hash
    assert record.pop("contents") == read_issued(county.folder).copies[0].contents  # type: ignore[union-attr]
    assert record == {
        "id": "1".zfill(32),
        "town": TOWN,
        "file": NAME,
        "originals": {digest: [COMMUNITY]},
        "communities": {COMMUNITY: {"scores": [None, "4.5", *["4"] * 18], "asked": [1]}},
    }


def test_the_journal_is_on_disk_before_the_file(county: County, monkeypatch: pytest.MonkeyPatch) -> None:
    """A run that was killed between them writes the same copy the next time, without a second line."""
    county.take("a.xlsx", E4="五")

    def full(_target: Path, _data: bytes) -> None:
        raise GreenxlError("the disk is full")

    monkeypatch.setattr(renewal, "write_whole", full)
    with pytest.raises(GreenxlError, match="the disk is full"):
        county.renew()
    assert county.names() == []
    monkeypatch.setattr(renewal, "write_whole", write_whole)
    assert len(county.renew().written) == 1
    issued = read_issued(county.folder)
    assert issued
    assert [one.id for one in issued.copies] == ["1".zfill(32)]


def edit(path: Path) -> None:
    book = openpyxl.load_workbook(path)
    book[COMMUNITY]["E5"] = 1
    book.save(path)


@pytest.mark.parametrize(
    "change", [edit, lambda path: path.write_bytes(b"my own")], ids=["edited", "of somebody"]
)
def test_nothing_of_a_person_s_is_replaced_or_moved(county: County, change: Callable[[Path], None]) -> None:
    """The new copy lies beside it; when the town is done, only greenxl's own is moved away."""
    county.take("a.xlsx", E4="五")
    county.renew()
    path = county.copies / NAME
    change(path)
    theirs = path.read_bytes()
    beside = path.with_name("果里镇-退回修改-2021（2）.xlsx")
    assert county.renew() == Renewed((beside,), (), (), ((path, beside),))
    county.take("a.xlsx")
    assert county.renew().retired == ((beside, county.copies / "已了结" / beside.name),)
    assert path.read_bytes() == theirs


def test_a_returned_file_is_never_replaced_or_moved(county: County) -> None:
    """Even where it is to the byte a copy that was issued and lies in the folder of copies."""
    county.take("a.xlsx", E4="五")
    county.renew()
    path = county.copies / NAME
    before = path.read_bytes()
    returned = [path, county.returned / "a.xlsx"]
    result = evaluate(county.campaign, returned, issued=read_issued(county.folder))
    done = renew_copies(result, county.copies, county.folder, lambda: "2" * 32)
    assert [one.name for one in done.written] == ["果里镇-退回修改-2021（2）.xlsx"]
    assert path.read_bytes() == before


def test_outside_a_round_nothing_is_known_again(county: County) -> None:
    """Every run writes beside what is there."""
    county.take("a.xlsx", E4="五")
    result = evaluate(county.campaign, [county.returned])
    for number in ("1", "2"):
        done = renew_copies(result, county.copies, None, lambda number=number: number * 32)  # type: ignore[misc]
    path = county.copies / NAME
    assert done.in_the_way == ((path, path.with_name("果里镇-退回修改-2021（2）.xlsx")),)


def test_a_round_begun_before_there_was_a_journal(huantai: Campaign, tmp_path: Path) -> None:
    """What was believed stays accepted once there is one; another copy without number is not."""
    county = County(huantai, tmp_path)
    county.take("a.xlsx", E4="五", E5="六")
    renew_copies(county.result(), county.copies, None, lambda: "")
    county.fill("b.xlsx", E4=4)
    assert county.status() == (
        "incomplete",
        ["score-blank", "superseded", "copy-believed"],
    )
    assert len(county.renew().written) == 1
    assert county.status() == ("incomplete", ["score-blank", "superseded"])
    (county.copies / NAME).unlink()
    (county.copies / "果里镇-退回修改-2021（2）.xlsx").rename(county.copies / NAME)
    county.fill("c.xlsx", E5=4)
    assert county.status() == ("passed", ["superseded", "superseded"])


def test_another_greenxl_at_work_is_waited_for_by_the_person(county: County) -> None:
    """Two runs never write one journal."""
    county.take("a.xlsx", E4="五")
    result = county.result()
    with (
        open_journal(county.folder / COPIES_LOG),
        pytest.raises(GreenxlError, match="another greenxl is running"),
    ):
        renew_copies(result, county.copies, county.folder)


def test_a_number_is_random(county: County) -> None:
    """Unless a test says otherwise: 32 hexadecimal digits, in the file and in the journal."""
    county.take("a.xlsx", E4="五")
    renew_copies(county.result(), county.copies, county.folder)
    issued = read_issued(county.folder)
    assert issued
    [copy] = issued.copies
    assert len(bytes.fromhex(copy.id)) == 16
    rows = openpyxl.load_workbook(county.copies / NAME)[IDENTITY_SHEET].values
    assert ["copy", copy.id] in [list(row)[:2] for row in rows]


def test_a_copy_of_another_round_is_a_return_like_any_other(county: County, tmp_path: Path) -> None:
    """Its number is none that this round issued."""
    other = County(county.campaign, tmp_path / "other")
    begin_journal(other.folder)
    for one in (county, other):
        one.take("a.xlsx", E4=3, E5="五")
    renew_copies(other.result(), other.copies, other.folder)
    other.fill("b.xlsx", E5=4)
    (county.returned / "b.xlsx").write_bytes((other.returned / "b.xlsx").read_bytes())
    status, codes = county.status()
    assert (status, "copy-unknown" in codes, "returns-differ" in codes) == ("conflict", True, True)


def test_what_is_settled_is_no_return(county: County) -> None:
    """Nor where somebody points the command at the whole round folder."""
    county.take("a.xlsx", E4="五")
    county.renew()
    county.fill("b.xlsx", E4=4)
    county.renew()
    result = evaluate(county.campaign, [county.folder], issued=read_issued(county.folder))
    outcomes = {Path(entry.file).name: (entry.outcome, entry.reason) for entry in result.entries}
    outcome, reason = outcomes[NAME]
    assert (outcome, reason and reason.code) == ("skipped", "skipped-settled")
