"""What in an output is not Chinese although its reader is: Latin words and half-width marks."""

import re
from pathlib import Path

from greenxl.campaign.schemas import SCHEMAS
from tests.tools.commands import leaves

ROOT = Path(__file__).parent.parent.parent

KNOWN_WORDS = {
    *("greenxl", "campaign", "returned", "blank", "sendback", "report", "drafts", "demo"),  # places
    *(
        "xlsx",
        "xls",
        "ods",
        "csv",
        "CSV",
        "eml",
        "txt",
        "zip",
        "JSON",
        "docx",
        "Parquet",
        "parquet",
    ),  # formats
    *(
        "huantai",
        "Excel",
        "Dask",
        "Word",
        "WPS",
        "QQ",
        "INBOX",
        "email",
        "KB",
        "leadership",
        "authority",
    ),  # names, keys
    *(schema.name for schema in SCHEMAS),
}


def foreign_words(text: str, typed: list[str]) -> set[str]:
    """Return the Latin words of an output that are no command, option, choice, key, place or format."""
    allowed = KNOWN_WORDS | set(" ".join(leaves()).split())
    for command in leaves().values():
        for parameter in command.params:
            allowed |= {part.lstrip("-") for part in parameter.opts}
            allowed |= set(map(str, getattr(parameter.type, "choices", ())))
    text = re.sub(r"--?[A-Za-z][A-Za-z-]*", " ", text)  # options
    text = re.sub(r"（[a-z_]+）|[a-z]+_[a-z_]+|GREENXL_[A-Z_]+", " ", text)  # keys, variables
    text = re.sub(r"\w+://[\w.:@-]+", " ", text)  # addresses
    text = text.replace(str(ROOT), " ")
    allowed |= set(re.findall(r"[A-Za-z]+", " ".join(typed)))
    allowed |= {word for name in allowed for word in name.split("-")}
    found = set(re.findall(r"[A-Za-z]+", text))
    return {word for word in found - allowed if len(word) > 1}


def half_width_lines(text: str) -> list[str]:
    """Return the lines in which a half-width mark is beside a Chinese character, but for sheet!A1."""
    text = re.sub(r"![A-Z]+\d+", " ", text)
    return [
        line
        for line in text.splitlines()
        if re.search("[\u4e00-\u9fff][,;:!?'\"]|['\"][\u4e00-\u9fff]", line)
    ]
