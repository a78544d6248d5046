"""Whether a correction copy came back as it was issued, though an office saved it again. Pure."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence

from greenxl.campaign.model import Answer
from greenxl.returns.model import ScoreSheet
from greenxl.scoring.checking import Checked
from greenxl.scoring.issued import IssuedCopies, IssuedCopy, claim_of
from greenxl.scoring.score import Score, show
from greenxl.workbooks.cells import Cell


def contents_hash(sheets: Iterable[tuple[ScoreSheet, Checked]]) -> str:
    """Return the SHA-256 of all that a reader sees of a workbook's score sheets, without their formats.

    Each comes as it was read and as it was checked.
    """
    facts = sorted(_facts(sheet, checked) for sheet, checked in sheets)
    return hashlib.sha256(json.dumps(facts, ensure_ascii=False).encode()).hexdigest()


def _facts(sheet: ScoreSheet, one: Checked) -> list[object]:
    named = [cell for cell in (sheet.community, sheet.town, *sheet.named_too) if cell]
    return [
        sheet.sheet,
        [[score.mark, _answer(score)] for score in one.scores],
        [_text(line.text) for line in sheet.lines],
        _texts(named),
        sorted((label, _text(cell)) for label, cell in sheet.fields.items() if _text(cell)),
        _texts(sheet.remarks),
        _texts(sheet.beside),
        _texts(sheet.extra),
        *_beside(one),
    ]


def _answer(score: Score) -> str:
    value = score.value
    return score.shown if value is None else str(value if isinstance(value, Answer) else value.normalize())


def _beside(one: Checked) -> Iterator[object]:
    """Yield what stands in other score columns and in texts to fill in, where the campaign has any."""
    if one.columns or one.entries:
        yield [[name, *map(_answer, scores)] for name, scores in one.columns.items()]
        yield [[name, *texts] for name, texts in one.entries.items()]


def _texts(cells: Iterable[Cell]) -> list[str]:
    return [text for cell in cells if (text := _text(cell))]


def _text(cell: Cell) -> str:
    return show(cell).strip()


def unchanged_files(
    checked: Iterable[Checked], contents: Mapping[str, str], issued: IssuedCopies
) -> frozenset[str]:
    """Return the files that hold what a copy held when it was issued, and nothing else.

    ``contents`` are the hashes of what those files hold that say that they are copies.

    A copy that asks for no score, only whether those in it are right, is answered by saving it as it is: it
    is a return, unless the same copy came back with a change, too.
    """
    files: dict[str, list[Checked]] = {}
    for one in checked:
        files.setdefault(one.sheet.file, []).append(one)
    copies = {file: copy for file, sheets in files.items() if (copy := _copy_of(sheets, issued))}
    same = {file for file, copy in copies.items() if copy.contents == contents.get(file)}
    changed = {copy.id for file, copy in copies.items() if file not in same}
    return frozenset(file for file in same if asks_for_scores(copies[file]) or copies[file].id in changed)


def _copy_of(sheets: Sequence[Checked], issued: IssuedCopies) -> IssuedCopy | None:
    """Return the copy that all sheets of a file are of."""
    found = None
    for one in sheets:
        claim = claim_of(one.sheet, one.community.name if one.community else None, issued)
        if claim is None or claim.refused or claim.issued is None or not claim.issued.contents:
            return None
        found = claim.issued
    return found


def asks_for_scores(copy: IssuedCopy) -> bool:
    """Whether a score that the town is asked about is empty in a copy."""
    return any(
        sheet.scores[number - 1] is None
        for sheet in copy.content.sheets.values()
        for number in sheet.asked
        if number <= len(sheet.scores)
    )
