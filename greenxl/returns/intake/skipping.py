"""Which files are left alone by their names."""

from collections.abc import Sequence
from fnmatch import fnmatchcase

from greenxl.findings import Finding, finding

_SYSTEM_FILES = {"thumbs.db", "desktop.ini", ".ds_store"}
_PLACEHOLDER = ".icloud"
"""What a file is called, hidden, that is in iCloud and not on this computer."""


def reason_to_skip(name: str, inside: Sequence[str], exclude: Sequence[str]) -> Finding | None:
    """Return why a file is left alone; ``inside`` are the parts of its way below what was given."""
    pattern = next((pattern for pattern in exclude if _matches(name, pattern)), None)
    if pattern is not None:
        return finding("skipped-excluded", name, pattern=pattern)
    parts = [part for part in inside if part not in (".", "..")]
    base = parts[-1].lower() if parts else ""
    hidden = any(part.startswith((".", "~$")) or part.lower() == "__macosx" for part in parts)
    if base.endswith(_PLACEHOLDER) or not (hidden or base.endswith(".tmp") or base in _SYSTEM_FILES):
        return None
    return finding("skipped-temporary", name)


def _matches(name: str, pattern: str) -> bool:
    """Whether a pattern matches the name from any folder on, without regard to case."""
    parts = name.casefold().split("/")
    return any(fnmatchcase("/".join(parts[i:]), pattern.casefold()) for i in range(len(parts)))
