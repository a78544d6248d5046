"""What a received mail holds: sender, attachments under readable names, links to oversized ones. Pure."""

import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from email.message import Message
from email.parser import BytesParser
from email.policy import compat32
from email.utils import parseaddr, parsedate_to_datetime
from html.parser import HTMLParser
from pathlib import PurePath

from greenxl.mime import attachments, decode_as, decode_guessing, decode_words, header, part_name, payload

SPREADSHEET_SUFFIXES = {".xlsx", ".xlsm", ".xlsb", ".xls", ".xltx", ".ods", ".et", ".ett"}
ARCHIVE_SUFFIXES = {".zip", ".rar", ".7z"}
_MAGIC = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"Rar!", b"7z\xbc\xaf\x27\x1c")
"""How the files of both kinds begin, for attachments without a name that says so."""
DOCUMENT_SUFFIXES = {".pdf", ".ofd", ".doc", ".docx", ".wps", ".jpg", ".jpeg", ".png", ".heic"}
"""What a town may send instead of the form."""
OTHER_SUFFIXES = DOCUMENT_SUFFIXES | {
    ".wpt", ".ppt", ".pptx", ".dps", ".txt", ".csv", ".htm", ".html", ".xml", ".rtf", ".eml", ".ics", ".vcf",
    ".p7s", ".asc", ".gif", ".bmp", ".webp", ".tif", ".tiff", ".svg", ".mp3", ".mp4", ".mov", ".avi", ".wav",
    ".apk", ".exe", ".jar",
}  # fmt: skip
"""Known to be neither, whatever they begin with (a .docx is a zip, a .doc an OLE file)."""

LONGEST_TEXT = 262_144
"""Characters of a text that are searched for links."""

_LINK_HOSTS = re.compile(
    r"https?://(?:[\w-]+\.)*(?:"
    r"mail\.qq\.com/(?:cgi-bin/ftn|ftn/)|exmail\.qq\.com/(?:cgi-bin/ftn|ftn/)|"
    r"mail\.(?:163|126)\.com/large-attachment|mail\.yeah\.net/large-attachment|"
    r"(?:163|126)\.com/\S*(?:cloud-attachment|large-attachment)|fs\.163\.com/|"
    r"aliyun\.com/\S*(?:attach|download)|10086\.cn/\S*(?:attach|download)"
    r")\S*",
    re.IGNORECASE,
)
_LINK_WORDS = re.compile("超大附件|云附件|大附件|文件中转站")
_URL = re.compile(r"https?://[^\s<>\"'，。；、）]+", re.IGNORECASE)
_DOWNLOAD = re.compile("attach|download|ftn|/file", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Part:
    """An attachment of any kind."""

    name: str
    """As its sender sees it; not yet safe for a file."""
    data: bytes

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
    parts: tuple[Part, ...]
    links: tuple[str, ...]
    """To attachments that a provider keeps because they were too large for the mail."""
    undelivered: tuple[str, ...]
    """Addresses that a mail of ours could not be delivered to, each with the reason (RFC 3464)."""


def parse_mail(data: bytes) -> InboundMail:
    """Return what a mail holds; nothing in it can make this fail."""
    message = BytesParser(policy=compat32).parsebytes(data)
    undelivered = tuple(_undelivered(message))
    leaves = [part for part in message.walk() if not part.is_multipart()]
    attached = [] if undelivered else attachments(message)
    return InboundMail(
        sender=parseaddr(decode_words(header(message, "from")))[1].strip().casefold(),
        subject=decode_words(header(message, "subject")),
        date=_date(message),
        parts=tuple(Part(part_name(part), payload(part)) for part in attached),
        links=_links(_text(part) for part in leaves if part.get_content_maintype() == "text"),
        undelivered=undelivered,
    )


def _undelivered(message: Message) -> Iterator[str]:
    """Yield who did not get a mail of ours, where this one reports that; its attachments are our own."""
    parts = message.walk() if message.get_content_type() == "multipart/report" else ()
    for part in parts:
        if header(part, "action").strip().lower() == "failed":
            address = header(part, "final-recipient").rpartition(";")[2].strip()
            reason = header(part, "diagnostic-code").partition(";")[2].strip()
            yield f"{address} ({reason})" if reason else address


def _date(message: Message) -> datetime | None:
    try:
        return parsedate_to_datetime(header(message, "date"))
    except (TypeError, ValueError, IndexError, OverflowError):
        return None


def _text(part: Message) -> str:
    data = payload(part)
    charset = part.get_content_charset()
    return decode_as(data, charset) if charset else decode_guessing(data)


def _links(texts: Iterable[str]) -> tuple[str, ...]:
    """Return the links to attachments that a provider keeps because they were too large for the mail."""
    found: list[str] = []
    for text in texts:
        large = bool(_LINK_WORDS.search(text))
        for url in _urls(text):
            if _LINK_HOSTS.match(url) or (large and _DOWNLOAD.search(url)):
                found.append(url)
    return tuple(dict.fromkeys(found))


def _urls(text: str) -> Iterator[str]:
    reader = _LinkReader()
    with suppress(AssertionError):  # HTMLParser raises it at a declaration that it does not know
        reader.feed(text[:LONGEST_TEXT])
    yield from reader.found
    yield from _URL.findall("".join(reader.words))


class _LinkReader(HTMLParser):
    """Gathers the targets of links, and the words, which may hold more."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [value.strip() for name, value in attrs if name == "href" and value]

    def handle_data(self, data: str) -> None:
        self.words.append(data)
