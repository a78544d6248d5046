"""What a consolidated workbook holds of its round: what was returned, not what was decided of it."""

import json
from dataclasses import replace

from greenxl.campaign.model import Campaign
from greenxl.findings import finding
from greenxl.returns.intake import Entry, Outcome
from greenxl.rounds.checked_file import CheckedFile
from greenxl.rounds.evaluate import Round, decide
from greenxl.rounds.rollup.storing import texts_of
from greenxl.scoring.issued import CopyContent, IssuedCopies, IssuedCopy, IssuedSheet
from tests.tools.rollups import digest, merged, returned, rolled_up
from tests.tools.rounds import of_counties, sheet_of
from tests.tools.score_sheets import score_sheet


def files_in(result: Round) -> list[dict[str, object]]:
    _head, *files, _check = map(json.loads, texts_of(result, "社区得分", ["街道（镇）", "社区"]))
    return files


def test_a_faultless_return_takes_few_bytes(huantai: Campaign) -> None:
    """About 400 in all."""
    community = huantai.communities[0]
    sheet = replace(sheet_of(huantai, community, [4.5] * 20, {}), sha256=digest("a"))
    result = merged(huantai, returned(huantai, [sheet]))
    texts = list(texts_of(result, "社区得分", ["街道（镇）", "社区"]))
    assert len(texts[1].encode()) < 450


def test_the_same_file_twice_stays_so(huantai: Campaign) -> None:
    """The one that counts comes first, and the other is found again to be the same."""
    city = of_counties(huantai, 1, 1)
    sheet = replace(sheet_of(city, city.communities[0], [4] * 20, {}), sha256=digest("a"))
    first, again = (returned(city, [replace(sheet, file=name)])[0] for name in ("乙.xlsx", "乙 - 副本.xlsx"))
    result = merged(city, [first, again])
    assert [one["file"] for one in files_in(result)] == ["乙.xlsx", "乙 - 副本.xlsx"]
    above = replace(city, code="above", county="山东省")
    made = merged(above, rolled_up(result, above))
    skipped = {one.file: one.reason.found for one in made.entries if one.reason and one.reason.found}
    assert skipped == {"淄博市汇总.xlsx/乙 - 副本.xlsx": "淄博市汇总.xlsx/乙.xlsx"}
    assert len(made.checked) == 1


def test_refused_files_are_in_it(huantai: Campaign) -> None:
    """With their reason, and what was found that belongs to no file."""
    reason = finding("no-form", "照片.xlsx")
    entry = Entry("照片.xlsx", None, 5, Outcome.REJECTED, reason=reason)
    lost = finding("folder-unreadable", "returned/x", found="denied")
    result = decide(huantai, [CheckedFile(entry=entry, findings=(reason,))], unplaced=[lost])
    assert files_in(result) == [
        {
            "file": "照片.xlsx",
            "bytes": 5,
            "outcome": "rejected",
            "reason": {"code": "no-form"},
            "findings": [{"code": "no-form"}],
        },
        {
            "file": "returned/x",
            "outcome": "skipped",
            "findings": [{"code": "folder-unreadable", "found": "denied"}],
        },
    ]


def test_correction_copies_are_settled_by_the_round_that_issued_them(huantai: Campaign) -> None:
    """What a copy replaced is out, the copy counts, and that it does is said above, too."""
    city = of_counties(huantai, 1, 1)
    community = city.communities[0]
    old = score_sheet(community, city, ["五"], file="old.xlsx")
    copy = score_sheet(community, city, [5.0], file="copy.xlsx", supersedes=(digest("old.xlsx"),))
    content = CopyContent(
        town=community.town,
        standard=city.standard_hash,
        originals={digest("old.xlsx"): frozenset((community.name,))},
        sheets={one.name: IssuedSheet((None,) * 20) for one in city.communities},
    )
    one = IssuedCopy(id="", file_name="copy.xlsx", sha256=digest("copy.xlsx"), content=content)
    issued = IssuedCopies((one,))
    result = decide(city, returned(city, [old, copy]), issued=issued)
    assert len(result.replaced) == 1
    above = replace(city, code="above", county="山东省")
    made = merged(above, rolled_up(result, above))
    chosen = made.choices[0].chosen
    assert chosen
    assert chosen.sheet.file == "淄博市汇总.xlsx/copy.xlsx"
    assert len(made.checked) == 1
    assert {one.code for one in made.findings} >= {"superseded"}
    assert "score-text" not in {one.code for one in made.findings}
