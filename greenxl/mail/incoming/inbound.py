"""What a received mail holds: sender, attachments under readable names, links, what is wrong. Pure."""

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.message import Message
from pathlib import PurePath

from greenxl import mime
from greenxl.mail.incoming.body_text import file_links, holds_scores
from greenxl.mail.incoming.bounces import bounces
from greenxl.mail.incoming.notices import Notice, Remark, Unreadable
from greenxl.rounds.bounces import Bounce
from greenxl.workbooks.safe_zip import Archive, ArchiveError

SPREADSHEET_SUFFIXES = {".xlsx", ".xlsm", ".xlsb", ".xls", ".xltx", ".ods", ".et", ".ett"}
ARCHIVE_SUFFIXES = {".zip", ".rar", ".7z"}
_MAGIC = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"Rar!", b"7z\xbc\xaf\x27\x1c")
"""How the files of both kinds begin, for attachments without a name that says so."""
OTHER_SUFFIXES = {
    ".pdf", ".ofd", ".doc", ".docx", ".wps", ".wpt", ".ppt", ".pptx", ".dps", ".txt", ".csv", ".htm", ".html",
    ".xml", ".rtf", ".eml", ".ics", ".vcf", ".p7s", ".asc", ".jpg", ".jpeg", ".png", ".heic", ".gif", ".bmp",
    ".webp", ".tif", ".tiff", ".svg", ".mp3", ".mp4", ".mov", ".avi", ".wav", ".apk", ".exe", ".jar",
}  # fmt: skip
"""Known to be neither, whatever they begin with (a .docx is a zip, a .doc an OLE file)."""


_OBSTACLES = {
    mime.Obstacle.ENCRYPTED: Remark.ENCRYPTED,
    mime.Obstacle.CLOSED: Remark.CLOSED,
    mime.Obstacle.BROKEN: Remark.BROKEN,
}


@dataclass(frozen=True, slots=True)
class Part:
    """An attachment of any kind."""

    name: str
    """As its sender sees it; not yet safe for a file."""
    data: bytes
    in_doubt: bool = False
    """Something of it was lost or changed on the way, though it may be whole nevertheless."""

    @property
    def may_be_return(self) -> bool:
        """Whether it is a spreadsheet or an archive: by its name, else by how it begins."""
        suffix = PurePath(self.name).suffix.lower()
        if suffix in SPREADSHEET_SUFFIXES | ARCHIVE_SUFFIXES:
            return True
        return suffix not in OTHER_SUFFIXES and self.data.startswith(_MAGIC)


@dataclass(frozen=True, slots=True)
class InboundMail:
    """What a received mail holds."""

    sender: str
    """The bare address, in small letters; "" where there is none."""
    subject: str
    date: datetime | None
    parts: tuple[Part, ...] = ()
    links: tuple[str, ...] = ()
    """To files that are kept elsewhere: too large for the mail, or shared online."""
    message_id: str = ""
    undelivered: tuple[Bounce, ...] = ()
    """What it reports of mails that could not be delivered, or not yet."""
    notices: tuple[Notice, ...] = ()
    """What could not be opened, and what stands in the text instead of an attachment."""


def read_mail(data: bytes) -> InboundMail | Unreadable:
    """Return what a mail holds, or why that is not known: the job of a worker, which may not survive it."""
    try:
        return parse_mail(data)
    except mime.LimitError:
        return Unreadable.TOO_MANY_PARTS


def parse_mail(data: bytes) -> InboundMail:
    """Return what a mail holds.

    :raises LimitError: it has too many parts, or parts too deep in one another.
    """
    message = mime.parse(data)
    contents = mime.contents(message)
    texts = [one.text for one in contents if isinstance(one, mime.Text)]
    undelivered = bounces(message, texts)
    links = file_links(texts)
    return InboundMail(
        sender=mime.sender(message),
        subject=mime.subject(message),
        date=mime.date(message),
        parts=tuple(_parts(contents)),
        links=links,
        message_id=mime.header(message, "message-id").strip(),
        undelivered=undelivered,
        notices=() if undelivered or _is_automatic(message) else tuple(_notices(contents, texts, links)),
    )


def _parts(contents: Sequence[mime.Content]) -> Iterator[Part]:
    for one in contents:
        if isinstance(one, mime.Attached):
            yield Part(one.name, one.data, one.in_doubt and not _is_whole_zip(one.data))


def _is_whole_zip(data: bytes) -> bool:
    """Whether the sums in a zip, as most workbooks are, hold for every member."""
    try:
        box = Archive(data)
        for member in box.members:
            deque(box.pieces(member), maxlen=0)
    except ArchiveError:
        return False
    return True


def _notices(
    contents: Sequence[mime.Content], texts: Sequence[str], links: tuple[str, ...]
) -> Iterator[Notice]:
    """Yield what is wrong, then what is there instead of a workbook."""
    unopened = [one for one in contents if isinstance(one, mime.Unopened)]
    parts = list(_parts(contents))
    for one in unopened:
        yield Notice(_OBSTACLES[one.obstacle], one.name)
    if not any(part.may_be_return for part in parts) and holds_scores(texts):
        yield Notice(Remark.SCORES_IN_TEXT)
    elif not (parts or unopened or links):
        yield Notice(Remark.NO_ATTACHMENT)


def _is_automatic(message: Message) -> bool:
    """Whether a program answered for a person who is away (RFC 3834)."""
    return mime.header(message, "auto-submitted").strip().lower() not in ("", "no")
