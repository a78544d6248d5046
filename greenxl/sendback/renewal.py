"""The folder of correction copies brought up to date: the journal first, then the files."""

import hashlib
import secrets
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from greenxl.errors import GreenxlError
from greenxl.i18n import _
from greenxl.journals import Journal, open_journal
from greenxl.output_files import write_whole
from greenxl.rounds.copies_journal import COPIES_LOG, read_issued, record_of
from greenxl.rounds.evaluate import Round
from greenxl.rounds.sendings import SETTLED
from greenxl.scoring.checking import Checked
from greenxl.scoring.issued import CopyContent, IssuedCopies, IssuedCopy, IssuedSheet, claim_of
from greenxl.sendback.copies import Copy, drafts
from greenxl.sendback.plan import Folder, Plan, plan_copies
from greenxl.sendback.problems import towns_read
from greenxl.system_errors import reason_of


@dataclass(frozen=True, slots=True)
class Renewed:
    """What was done."""

    written: tuple[Path, ...]
    unchanged: tuple[Path, ...]
    retired: tuple[tuple[Path, Path], ...]
    """From where to where."""
    in_the_way: tuple[tuple[Path, Path], ...]
    """Files that greenxl did not write so and left alone, and the copies written beside them."""


def renew_copies(
    result: Round,
    folder: Path,
    round_folder: Path | None,
    new_id: Callable[[], str] = lambda: secrets.token_hex(16),
) -> Renewed:
    """Write the correction copies that are needed now, and move those that are not to the settled ones.

    :param round_folder: where the journal is; None outside a round, where no copy is known again and none
        of the files in the folder is touched.
    :raises GreenxlError: the journal is damaged, another process has it, or the folder cannot be written.
    """
    if round_folder is None:
        plan = _plan(result, folder, IssuedCopies(), new_id)
        return _carry_out(plan, folder, lambda _copy: None)
    with open_journal(round_folder / COPIES_LOG) as journal:
        issued = read_issued(round_folder) or IssuedCopies()
        for one in _believed(result):
            journal.write(record_of(one))
        plan = _plan(result, folder, issued, new_id)
        numbers = {one.id for one in issued.copies}
        return _carry_out(plan, folder, lambda copy: _record(journal, copy, numbers))


def _record(journal: Journal, copy: Copy, numbers: Collection[str]) -> None:
    """Put a copy on the journal, unless it is one of those that are there."""
    if copy.issued.id not in numbers:
        journal.write(record_of(copy.issued))


def _believed(result: Round) -> Iterator[IssuedCopy]:
    """Yield the returned copies that were taken at their word for want of a journal: they stay accepted."""
    sheets: dict[str, list[Checked]] = {}
    for one in result.checked:
        claim = claim_of(one.sheet, None, result.issued)
        if claim and claim.believed:
            sheets.setdefault(one.sheet.sha256, []).append(one)
    for digest, own in sheets.items():
        identity = own[0].sheet.copy
        town = identity.town if identity else ""
        yield IssuedCopy(
            id="",
            file_name=own[0].sheet.file,
            sha256=digest,
            content=CopyContent(
                town=town,
                standard=identity.standard if identity else "",
                originals=_sheets_of(result, identity.supersedes if identity else ()),
                sheets={c.name: IssuedSheet(()) for c in result.campaign.communities_of(town)},
            ),
        )


def _sheets_of(result: Round, digests: Collection[str]) -> dict[str, frozenset[str]]:
    return {
        digest: frozenset(one.sheet.sheet for one in result.checked if one.sheet.sha256 == digest)
        for digest in digests
    }


def _plan(result: Round, folder: Path, issued: IssuedCopies, new_id: Callable[[], str]) -> Plan:
    returned = {source.path.resolve() for source in result.sources}
    files = {path.name: _digest(path, returned) for path in _inside(folder)}
    settled = [path.name for path in _inside(folder / SETTLED)]
    return plan_copies(list(drafts(result)), issued, Folder(files, settled), towns_read(result), new_id)


def _inside(folder: Path) -> list[Path]:
    """Return what a folder holds, nothing where there is none.

    :raises GreenxlError: it cannot be read.
    """
    try:
        return sorted(folder.iterdir())
    except FileNotFoundError:
        return []
    except OSError as error:
        raise _failed(folder, error) from error


def _digest(path: Path, returned: Collection[Path]) -> str | None:
    """Return the SHA-256 of a file, None of what is no file, was returned or cannot be read."""
    if not path.is_file() or path.is_symlink() or path.resolve() in returned:
        return None
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:  # open in Excel: it is not touched
        return None


def _carry_out(plan: Plan, folder: Path, record: Callable[[Copy], None]) -> Renewed:
    for copy in plan.write:
        record(copy)
        write_whole(folder / copy.file_name, copy.data)
    retired = tuple((folder / name, folder / SETTLED / new) for name, new in plan.retire)
    for old, new in retired:
        _move(old, new)
    return Renewed(
        written=tuple(folder / copy.file_name for copy in plan.write),
        unchanged=tuple(folder / name for name in plan.unchanged),
        retired=retired,
        in_the_way=tuple((folder / name, folder / new) for name, new in plan.in_the_way),
    )


def _move(old: Path, new: Path) -> None:
    try:
        new.parent.mkdir(exist_ok=True)
        old.rename(new)
    except OSError as error:
        raise _failed(old, error) from error


def _failed(path: Path, error: OSError) -> GreenxlError:
    return GreenxlError(
        _("{path}: cannot be read or moved ({reason}). Close it elsewhere and run the command again.").format(
            path=path, reason=_(reason_of(error))
        )
    )
