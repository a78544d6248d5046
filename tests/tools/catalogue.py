"""Keeps the Chinese catalogue: extracts the messages, merges them into it and compiles it.

greenxl.po holds our own messages, click.po beside it the words of click that our commands can show;
both are compiled into one greenxl.mo. Nothing in the files depends on the day or on Babel's version.
"""

import io
from collections.abc import Iterable
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

PACKAGE = Path(__file__).parent.parent.parent / "greenxl"
FOLDER = PACKAGE / "locale" / "zh_CN" / "LC_MESSAGES"
PO = FOLDER / "greenxl.po"
MO = FOLDER / "greenxl.mo"
CLICK = FOLDER / "click.po"
HEADERS = [
    ("Language", "zh_CN"),
    ("Plural-Forms", "nplurals=1; plural=0;"),
    ("Content-Type", "text/plain; charset=utf-8"),
]


class Plain(Catalog):
    @property  # type: ignore[misc, unused-ignore]  # from Babel 2.19 on it can be set
    def mime_headers(self) -> list[tuple[str, str]]:
        return HEADERS


def extracted() -> list[str]:
    """Return every message that the code and the templates of the page mark, each once."""
    methods = [("**.py", "python"), ("**.html", "jinja2")]
    found = extract_from_dir(PACKAGE, methods, keywords={"_": None, "N_": None}, comment_tags=())
    return sorted({str(message) for _file, _line, message, _comments, _context in found})


def stored(path: Path = PO) -> list[Message]:
    with path.open("rb") as file:
        return [message for message in read_po(file, locale="zh_CN") if message.id]


def merged() -> list[Message]:
    """Return the code's messages with the translations that stand."""
    known = {message.id: message.string for message in stored()}
    return [Message(text, known.get(text, "")) for text in extracted()]


def po_bytes(messages: Iterable[Message]) -> bytes:
    buffer = io.BytesIO()
    write_po(buffer, _catalogue(messages), width=0, omit_header=True)
    header = "".join(f'"{name}: {value}\\n"\n' for name, value in HEADERS)
    return f'msgid ""\nmsgstr ""\n{header}\n'.encode() + buffer.getvalue()


def mo_bytes() -> bytes:
    """Return the compiled catalogue: our messages and click's."""
    buffer = io.BytesIO()
    write_mo(buffer, _catalogue([*stored(CLICK), *stored()]))
    return buffer.getvalue()


def _catalogue(messages: Iterable[Message]) -> Catalog:
    catalogue = Plain(locale="zh_CN", charset="utf-8", fuzzy=False)
    for message in messages:
        catalogue.add(message.id, message.string).flags.clear()  # which one is set varies by version
    return catalogue


def update() -> None:
    """Bring the files up to date; where translations are missing, name them and exit with 1."""
    messages = merged()
    PO.write_bytes(po_bytes(messages))
    MO.write_bytes(mo_bytes())
    untranslated = [str(message.id) for message in messages if not message.string]
    if untranslated:
        raise SystemExit(
            "\n".join([*untranslated, f"{len(untranslated)} of {len(messages)} are not translated."])
        )
