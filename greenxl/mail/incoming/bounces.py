"""Reports of servers that could not deliver a mail of ours, or not yet, in every shape they come in. Pure.

By the standard it is multipart/report with message/delivery-status (RFC 3464). Gateways make a
multipart/mixed of it, or plain text; Chinese providers write a letter (系统退信) that only people read.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from email.message import Message

from greenxl import mime
from greenxl.names import one_line
from greenxl.rounds.bounces import Bounce

_DAEMONS = {"mailer-daemon", "mailerdaemon", "mail-daemon", "maildaemon", "postmaster"}
_SUBJECT = re.compile(
    r"退信|退回|无法投递|投递失败|投递延迟|投递状态|未送达|未能送达|无法送达|undeliver|"
    r"returned (?:mail|to sender)|failure notice|delayed|could not (?:be delivered|send)|still being retried|"
    r"deliver\w* (?:status|fail|problem|delay|notification|has failed|incomplete)",
    re.IGNORECASE,
)
_SURELY = re.compile(r"\s*(?:系统退信|退信通知|退信)")
"""How the subject of a letter begins that nobody but a server writes."""
_DELAYED = re.compile(r"delay|still being retried|could not send message for|延迟|稍后重试", re.IGNORECASE)
_FIELDS = re.compile(
    r"^(action|final-recipient|original-recipient|diagnostic-code|status)[ \t]*:[ \t]*(.*(?:\n[ \t]+\S.*)*)",
    re.IGNORECASE | re.MULTILINE,
)
_ID = re.compile(r"^message-id[ \t]*:\s*(<[^<>\s]{1,300}>)", re.IGNORECASE | re.MULTILINE)
_ADDRESS = re.compile(r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,8}")
_MOST_MENTIONED = 50
_LONGEST_TEXT = 100_000
"""Characters that are searched."""


def is_report(sender: str, subject: str) -> bool:
    """Whether a mail may be such a report, by its sender (a bare address in small letters) and subject."""
    return sender.partition("@")[0] in _DAEMONS or not sender or bool(_SURELY.match(subject))


def bounces(message: Message, texts: Sequence[str]) -> tuple[Bounce, ...]:
    """Return what a mail reports as undelivered or delayed, nothing where it is no report.

    :param texts: of the mail.
    """
    texts = [text[:_LONGEST_TEXT].replace("\r\n", "\n") for text in texts]
    parts = list(_parts(message))
    written = [block for part in parts if (block := _headers(part))]
    likely = _is_likely(message)
    blocks = written or [block for text in texts if likely for block in _blocks(text)]
    message_id = _original_id(parts, texts)
    if blocks:
        found = (_of_block(block, message_id) for block in blocks)
        return tuple(dict.fromkeys(one for one in found if one))
    return (_of_letter(message, message_id, texts),) if likely else ()


def _parts(part: Message) -> Iterator[Message]:
    """Yield the parts of a mail without those of mails that it holds."""
    yield part
    if part.is_multipart() and part.get_content_type() != "message/rfc822":
        for one in part.get_payload():
            if isinstance(one, Message):
                yield from _parts(one)


def _headers(part: Message) -> dict[str, str]:
    """Return the fields about a recipient that are a part's headers, as those of a delivery status are."""
    names = ("action", "final-recipient", "original-recipient", "diagnostic-code", "status")
    fields = {name: mime.header(part, name).strip() for name in names}
    return fields if fields["action"] and part.get_content_type() != "message/rfc822" else {}


def _blocks(text: str) -> Iterator[dict[str, str]]:
    """Yield the same of a delivery status that became text."""
    for paragraph in re.split(r"\n[ \t]*\n", text):
        fields = {name.lower(): re.sub(r"\s+", " ", value) for name, value in _FIELDS.findall(paragraph)}
        if "action" in fields and "final-recipient" in fields:
            yield fields


def _of_block(block: dict[str, str], message_id: str) -> Bounce | None:
    action = block["action"].split(";")[0].split(" ")[0].strip().lower()
    if action not in ("failed", "delayed"):
        return None
    recipient = block.get("final-recipient") or block.get("original-recipient", "")
    diagnostic = block.get("diagnostic-code", "").partition(";")[2] or block.get("status", "")
    return Bounce(
        address=recipient.rpartition(";")[2].strip().strip("<>"),
        reason=one_line(diagnostic).strip(),
        delayed=action == "delayed",
        message_id=message_id,
    )


def _is_likely(message: Message) -> bool:
    """Whether a mail without a delivery status is a server's report all the same."""
    if mime.header(message, "x-failed-recipients"):
        return True
    if message.get_content_type() == "multipart/report":
        return str(message.get_param("report-type", "")).lower() == "delivery-status"
    subject = mime.subject(message)
    daemon = mime.sender(message).partition("@")[0] in _DAEMONS or not mime.sender(message)
    return bool(_SURELY.match(subject)) or (daemon and bool(_SUBJECT.search(subject)))


def _of_letter(message: Message, message_id: str, texts: Iterable[str]) -> Bounce:
    named = _ADDRESS.findall(mime.header(message, "x-failed-recipients"))
    found = (address.casefold() for text in texts for address in _ADDRESS.findall(text))
    mentioned = list(dict.fromkeys(found))[:_MOST_MENTIONED]
    return Bounce(
        address=named[0] if len(named) == 1 else "",
        delayed=bool(_DELAYED.search(mime.subject(message))),
        message_id=message_id,
        mentioned=() if len(named) == 1 else (*(one.casefold() for one in named), *mentioned),
    )


def _original_id(parts: Iterable[Message], texts: Iterable[str]) -> str:
    """Return the Message-ID of the mail that the report is about, "" where it does not say it."""
    for part in parts:
        held = part.get_payload() if part.get_content_type() == "message/rfc822" else None
        inner = held[0] if isinstance(held, list) and held and isinstance(held[0], Message) else None
        found = mime.header(inner, "message-id").strip() if inner else ""
        if found:
            return found
    return next((match[1] for text in texts if (match := _ID.search(text))), "")
