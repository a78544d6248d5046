"""Mails written as drafts instead of being sent."""

from collections.abc import Iterable, Sequence
from importlib.resources.abc import Traversable
from pathlib import Path

from greenxl.campaign.tables import read_tables
from greenxl.errors import CampaignError, GreenxlError, WrongUseError
from greenxl.findings import Finding, finding
from greenxl.i18n import _
from greenxl.mail.letters import Attachment, Kind, Letter
from greenxl.mail.message import draft, untouched
from greenxl.mail.send import Planned
from greenxl.names import key, safe_file_name
from greenxl.output_files import write_whole

DRAFTS = "drafts"


def newest(folder: Path) -> Path:
    files = [f for f in folder.glob("*.xlsx") if not f.name.startswith(("~$", "."))]
    if not files:
        raise WrongUseError(
            _(
                "{folder}: there is no consolidated workbook here. "
                "Run “greenxl merge” first, or name one with --report."
            ).format(folder=folder)
        )
    return max(files, key=lambda f: (f.stat().st_mtime, f.name))


def attached(file: Path) -> Attachment:
    try:
        return Attachment(safe_file_name(file.name), file.read_bytes())
    except OSError as error:
        raise GreenxlError(
            _("{path}: the file cannot be read ({reason}). Check its name, and close it elsewhere.").format(
                path=file, reason=error.strerror or error
            )
        ) from error


def without_address(letters: Iterable[Letter], source: Path | Traversable) -> tuple[Finding, ...]:
    """Return a fault for every recipient without an address: the table and the row to fill in."""
    lacking = [letter for letter in letters if not letter.address]
    tables = read_tables(source) if lacking else {}
    lines = []
    for letter in lacking:
        name, column = ("recipients", "name") if letter.kind == "report" else ("towns", "town")
        table = tables[name]
        rows = [row.number for row in table.rows if key(row.cells.get(column, "")) == key(letter.name)]
        row = rows[0] if rows else None
        lines.append(finding("email-missing", table.place, row=row, found=letter.name))
    return tuple(dict.fromkeys(lines))


def refuse_without_address(missing: tuple[Finding, ...]) -> None:
    """Refuse to go on where somebody has no address.

    :raises CampaignError: with a line for each.
    """
    if missing:
        raise CampaignError(
            _(
                "Nothing was sent, for mail addresses are missing. "
                "Fill in what is listed and run the command again."
            ),
            missing,
        )


def write_drafts(planned: Sequence[Planned], folder: Path, sender: str, *, force: bool) -> list[Path]:
    """Write a draft per letter that is due; an earlier one that nobody touched since gives way.

    :raises WrongUseError: another file stands there, and ``force`` does not say to overwrite it.
    """
    drafts = {
        folder / file_name(one.letter.kind, one.letter.name): draft(one.letter, sender)
        for one in planned
        if one.due
    }
    before = {path: path.read_bytes() for path in drafts if path.is_file()}
    edited = [path for path, data in before.items() if not untouched(data)]
    if edited and not force:
        raise WrongUseError(
            _(
                "{paths}: changed since greenxl wrote it. Send or delete it, or add --force to write it anew."
            ).format(paths=", ".join(map(str, edited)))
        )
    for path, data in drafts.items():
        if before.get(path) != data:
            write_whole(path, data)
    return list(drafts)


def file_name(kind: Kind, name: str) -> str:
    return safe_file_name(f"{kind}-{name}") + ".eml"
