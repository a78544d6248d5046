"""Hand-made workbooks of Excel 97 and Excel 5: records, put into an OLE container.

LibreOffice writes what every office writes; here is what the others do, and what nobody should.
"""

import struct
from collections.abc import Mapping, Sequence

SECTOR = 512
FREE, END, FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
SMALLEST = 4096
"""Bytes of a stream that stands in sectors of its own."""

Cell = tuple[int, int]
EOF = b"\x0a\0\0\0"


def record(number: int, *body: bytes) -> bytes:
    joined = b"".join(body)
    return struct.pack("<2H", number, len(joined)) + joined


def words(*numbers: int) -> bytes:
    return struct.pack(f"<{len(numbers)}H", *numbers)


def bof(kind: int = 0x10, version: int = 0x600) -> bytes:
    return record(0x809, words(version, kind, 0x0DBB, 1996), bytes(8 if version == 0x600 else 0))


def text8(text: str) -> bytes:
    """A text of Excel 97 behind its length: its kind and its letters."""
    return b"\1" + text.encode("utf-16-le")


def font(struck: bool = False) -> bytes:
    return record(0x31, words(200, 8 * struck, 8, 400, 0), bytes(4), b"\1", text8("A"))


def style(font: int = 0, number_format: int = 0) -> bytes:
    return record(0xE0, words(font, number_format, 1), bytes(14))


def number_format(number: int, code: str) -> bytes:
    return record(0x41E, words(number, len(code)), text8(code))


def strings(*texts: bytes) -> bytes:
    return record(0xFC, struct.pack("<2I", len(texts), len(texts)), *texts)


def shared(text: str, runs: Sequence[tuple[int, int]] = ()) -> bytes:
    """A shared string, with (first letter, font) of its runs."""
    if not runs:
        return words(len(text)) + text8(text)
    marked = words(len(text)) + b"\x09" + words(len(runs)) + text.encode("utf-16-le")
    return marked + b"".join(words(*run) for run in runs)


def number(at: Cell, value: float, style: int = 0) -> bytes:
    return record(0x203, words(*at, style), struct.pack("<d", value))


def label(at: Cell, index: int, style: int = 0) -> bytes:
    """A shared string by its number."""
    return record(0xFD, words(*at, style), struct.pack("<i", index))


def blank(at: Cell, style: int = 0) -> bytes:
    return record(0x201, words(*at, style))


def formula(at: Cell, value: float, style: int = 0) -> bytes:
    return record(0x06, words(*at, style), struct.pack("<dHIH", value, 0, 0, 3), b"\x1e\x01\0")


def sheet(*records: bytes) -> bytes:
    return b"".join([bof(), *records, EOF])


def book(
    sheets: Mapping[str, bytes],
    *globals_: bytes,
    version: int = 0x600,
    states: Mapping[str, int] | None = None,
    kinds: Mapping[str, int] | None = None,
    encoding: str = "utf-16-le",
) -> bytes:
    """Return the stream of a workbook: what stands before all sheets, then the sheets."""
    names = {name: name.encode(encoding) for name in sheets}
    if version == 0x600:
        names = {name: b"\1" + raw for name, raw in names.items()}
    heads = [bof(0x05, version), *(globals_ or (font(), style()))]
    length = sum(map(len, heads)) + sum(4 + 7 + len(raw) for raw in names.values()) + len(EOF)
    for name, raw in names.items():
        count = len(name) if version == 0x600 else len(raw)
        state, kind = (states or {}).get(name, 0), (kinds or {}).get(name, 0)
        heads.append(record(0x85, struct.pack("<I3B", length, state, kind, count), raw))
        length += len(sheets[name])
    return b"".join([*heads, EOF, *sheets.values()])


def container(streams: Mapping[str, bytes], *, more: int = 0) -> bytes:
    """Return an OLE container ([MS-CFB]); ``more`` sectors hang on to each stream's chain behind its end."""
    padded = [_padded(data) + bytes(SECTOR * more) for data in streams.values()]
    count = 1 + sum(map(len, padded)) // SECTOR
    tables = -(-count // (SECTOR // 4 - 1))  # sectors of the allocation table, which lists itself, too
    table = [FAT] * tables + [END]
    starts = []
    for data in padded:
        starts.append(len(table))
        table += [*range(len(table) + 1, len(table) + len(data) // SECTOR), END]
    table += [FREE] * (tables * SECTOR // 4 - len(table))
    entries = [_entry("Root Entry", 5, END, 0, child=1)]
    for at, (name, data) in enumerate(streams.items(), 1):
        right = at + 1 if at < len(streams) else FREE
        entries.append(_entry(name, 2, starts[at - 1], max(len(data), SMALLEST), right=right))
    directory = b"".join(entries).ljust(SECTOR, b"\0")
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + words(0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    head += struct.pack("<9I", 0, tables, tables, 0, SMALLEST, END, 0, END, 0)
    head += struct.pack("<109I", *range(tables), *[FREE] * (109 - tables))
    return b"".join([head, struct.pack(f"<{len(table)}I", *table), directory, *padded])


def _padded(data: bytes) -> bytes:
    return data + bytes(max(-len(data) % SECTOR, SMALLEST - len(data)))


def _entry(name: str, kind: int, start: int, size: int, *, child: int = FREE, right: int = FREE) -> bytes:
    raw = name.encode("utf-16-le") + b"\0\0"
    head = raw.ljust(64, b"\0") + struct.pack("<H2B3I", len(raw), kind, 1, FREE, right, child)
    return head + bytes(36) + struct.pack("<IQ", start, size)


def xls(*records: bytes, heads: Sequence[bytes] = (), **options: object) -> bytes:
    """Return a workbook with one sheet of these records."""
    return container({"Workbook": book({"Sheet": sheet(*records)}, *heads, **options)})  # type: ignore[arg-type]
