"""Keeps the Chinese catalogue: ``python tests/catalogue.py update`` extracts, merges and compiles it."""

import io
import sys
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "greenxl"
FOLDER = PACKAGE / "locale" / "zh_CN" / "LC_MESSAGES"
PO = FOLDER / "greenxl.po"
MO = FOLDER / "greenxl.mo"
CLICK = FOLDER / "click.po"
KEYWORDS = {"_": None, "N_": None, "Term": None}


def extracted() -> Catalog:
    """Return every message that the code marks, in the order of files and lines."""
    catalogue = Catalog(locale="zh_CN", project="greenxl", charset="utf-8")
    found = extract_from_dir(PACKAGE, keywords=KEYWORDS, comment_tags=())
    for filename, _line, message, _comments, _context in found:
        catalogue.add(message, locations=[(filename, 0)])
    return catalogue


def stored(path: Path = PO) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale="zh_CN")


def merged() -> Catalog:
    """Return the code's messages with the translations that stand, and click's own beside them."""
    catalogue = extracted()
    old = stored() if PO.exists() else Catalog(locale="zh_CN")
    for message in catalogue:
        if message.id and message.id in old:
            message.string = old[message.id].string
    return catalogue


def po_bytes(catalogue: Catalog) -> bytes:
    buffer = io.BytesIO()
    write_po(buffer, catalogue, width=110, no_location=True, omit_header=False, sort_output=True)
    text = buffer.getvalue().decode()
    return "\n".join(
        line for line in text.split("\n") if not line.startswith(('"POT-Creation-Date', '"PO-Revision-Date'))
    ).encode()


def mo_bytes() -> bytes:
    """Return the compiled catalogue: our messages and the translations of click's."""
    catalogue = stored()
    for message in stored(CLICK):
        if message.id:
            catalogue.add(message.id, message.string)
    buffer = io.BytesIO()
    write_mo(buffer, catalogue)
    return buffer.getvalue()


def update() -> None:
    PO.write_bytes(po_bytes(merged()))
    MO.write_bytes(mo_bytes())
    untranslated = [m.id for m in stored() if m.id and not m.string]
    print(f"{len(stored())} messages, {len(untranslated)} untranslated")
    for message in untranslated:
        print(f"  {message}")


if __name__ == "__main__":
    if sys.argv[1:] != ["update"]:
        sys.exit(__doc__)
    update()
