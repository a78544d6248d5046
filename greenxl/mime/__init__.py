"""Mails, as they come in: parsed behind limits, decoded without loss, and what is packed in them opened."""

from greenxl.mime.message import (
    MOST_PARTS,
    LimitError,
    date,
    decode_guessing,
    decode_words,
    header,
    parse,
    parse_head,
    part_name,
    sender,
    subject,
)
from greenxl.mime.parts import Attached, Content, Obstacle, Text, Unopened, contents

__all__ = [
    "MOST_PARTS",
    "Attached",
    "Content",
    "LimitError",
    "Obstacle",
    "Text",
    "Unopened",
    "contents",
    "date",
    "decode_guessing",
    "decode_words",
    "header",
    "parse",
    "parse_head",
    "part_name",
    "sender",
    "subject",
]
