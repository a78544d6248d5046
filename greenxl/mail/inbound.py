"""What a received mail holds: sender, attachments under readable names, links to oversized ones. Pure.

Names arrive in every way that a mail program of the last thirty years has found: RFC 2231, RFC 2047 inside
quotes, raw GBK. They are decoded from the raw header, because the standard library would replace raw bytes.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import Message
from email.parser import BytesParser
from email.policy import compat32
from email.utils import parseaddr, parsedate_to_datetime
from html.parser import HTMLParser
from pathlib import PurePath

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
    attached = [] if undelivered else [part for part in leaves if _is_attachment(part)]
    return InboundMail(
        sender=parseaddr(_decode_words(_header(message, "from")))[1].strip().casefold(),
        subject=_decode_words(_header(message, "subject")),
        date=_date(message),
        parts=tuple(Part(part_name(part), _payload(part)) for part in attached),
        links=_links(_text(part) for part in leaves if part.get_content_maintype() == "text"),
        undelivered=undelivered,
    )


def _undelivered(message: Message) -> Iterator[str]:
    """Yield who did not get a mail of ours, where this one reports that; its attachments are our own."""
    parts = message.walk() if message.get_content_type() == "multipart/report" else ()
    for part in parts:
        if _header(part, "action").strip().lower() == "failed":
            address = _header(part, "final-recipient").rpartition(";")[2].strip()
            reason = _header(part, "diagnostic-code").partition(";")[2].strip()
            yield f"{address} ({reason})" if reason else address


def _header(message: Message, name: str) -> str:
    """Return a header's raw text, its bytes decoded, lines unfolded."""
    for key, value in message.raw_items():
        if key.lower() == name:
            return re.sub(r"[\r\n]+[ \t]*", " ", _without_surrogates(value))
    return ""


def _without_surrogates(value: str) -> str:
    """Return a text whose raw bytes are surrogates, with these bytes decoded."""
    return _decode_guessing(value.encode("utf-8", "surrogateescape"))


def _decode_guessing(data: bytes) -> str:
    """Return bytes as text: UTF-8, or else GB18030."""
    try:
        return data.decode()
    except UnicodeDecodeError:
        return data.decode("gb18030", "replace")


def _date(message: Message) -> datetime | None:
    try:
        return parsedate_to_datetime(_header(message, "date"))
    except (TypeError, ValueError, IndexError, OverflowError):
        return None


def _payload(part: Message) -> bytes:
    data = part.get_payload(decode=True)
    return data if isinstance(data, bytes) else b""


def _is_attachment(part: Message) -> bool:
    """Whether a leaf is more than the mail's own text."""
    named = bool(part_name(part))
    own = part.get_content_maintype() == "text" and part.get_content_disposition() != "attachment"
    return named or not own


def part_name(part: Message) -> str:
    """Return an attachment's name: ``filename``, else ``name``, in whatever way it is encoded."""
    for header, parameter in (("content-disposition", "filename"), ("content-type", "name")):
        text = _header(part, header)
        if text:
            name = _parameter(text, parameter)
            if name:
                return name
    return ""


def _parameter(header: str, name: str) -> str:
    """Return a parameter of a header that holds no raw bytes any more."""
    bare = Message(policy=compat32)
    bare["Content-Type"] = header
    value = bare.get_param(name, "")
    if isinstance(value, tuple):
        charset, _language, text = value
        raw = text.encode("latin-1") if text.isascii() or max(text) <= "\xff" else text.encode()
        return _clean(_decode_as(raw, charset or "utf-8"))
    return _clean(_decode_words(str(value or "")))


def _decode_words(text: str) -> str:
    """Return a text with its encoded words (RFC 2047) decoded, wherever they are."""
    try:
        chunks = decode_header(text)
    except (HeaderParseError, ValueError):
        return text
    return "".join(c if isinstance(c, str) else _decode_as(c, charset) for c, charset in chunks)


def _decode_as(data: bytes, charset: str | None) -> str:
    """Return bytes as text; where the charset is wrong (GB 2312 that is GBK, above all) it is guessed."""
    if charset is None:  # the plain stretch between encoded words, as decode_header gives it
        charset = "raw-unicode-escape"
    try:
        text = data.decode(charset)
    except (LookupError, ValueError):  # not only UnicodeDecodeError: Python has codecs that are no charsets
        text = _decode_guessing(data)
    return text.encode("utf-8", "replace").decode()  # half a surrogate pair could not be written down


def _clean(name: str) -> str:
    """Return a name without the marks that nobody sees and that turn its reading round."""
    normal = unicodedata.normalize("NFC", name)
    return "".join(c for c in normal if unicodedata.category(c) not in ("Cc", "Cf", "Cs")).strip(' "')


def _text(part: Message) -> str:
    data = _payload(part)
    charset = part.get_content_charset()
    return _decode_as(data, charset) if charset else _decode_guessing(data)


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
