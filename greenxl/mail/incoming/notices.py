"""What a person has to do about a received mail: remarks on it and its attachments, and their sentences."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import PurePath

from greenxl.i18n import N_, _
from greenxl.names import one_line


class Remark(StrEnum):
    """What is to be done; the journal's words."""

    PICTURE = "picture"
    """A scan or photograph instead of the form."""
    DOCUMENT = "document"
    TABLE = "table"
    """A table that Excel or WPS opens and saves as a workbook."""
    NUMBERS = "numbers"
    PACKED = "packed"
    """A packing that is not opened here."""
    SAVED_MAIL = "saved-mail"
    OTHER = "other"
    OWN = "own"
    """A file that the round itself wrote or sent."""
    DAMAGED = "damaged"
    """A file of which something was lost or changed on the way."""
    BROKEN = "broken"
    """The mail itself: where its parts begin cannot be seen, or its end is missing."""
    ENCRYPTED = "encrypted"
    CLOSED = "closed"
    """A mail program's packing that cannot be opened."""
    SCORES_IN_TEXT = "scores-in-text"
    NO_ATTACHMENT = "no-attachment"


class Unreadable(StrEnum):
    """Why a mail cannot be taken apart."""

    TOO_MANY_PARTS = "too-many-parts"
    TIMED_OUT = "timed-out"
    CRASHED = "crashed"
    """The process that read it ended, of memory for instance."""

    def reason(self) -> str:
        """Return the reason as it stands in a sentence."""
        return _(_UNREADABLE[self])


@dataclass(frozen=True, slots=True)
class Notice:
    """A remark about a mail, or about one of its attachments."""

    remark: Remark
    name: str = ""
    """The attachment's, as its sender sees it."""

    def sentence(self) -> str:
        """Return what is to be done, in one line."""
        return _(_SENTENCES[self.remark]).format(
            name=one_line(self.name) or _("an attachment without a name")
        )


def notice_about(name: str, *, taken: bool) -> Notice | None:
    """Return what to do about an attachment by its kind, None where a file that was taken needs nothing."""
    remark = _REMARK_BY_SUFFIX.get(PurePath(name).suffix.lower(), None if taken else Remark.OTHER)
    return Notice(remark, name) if remark else None


_SUFFIXES = {
    Remark.PICTURE: ".pdf .ofd .jpg .jpeg .png .heic .gif .bmp .webp .tif .tiff .svg",
    Remark.DOCUMENT: ".doc .docx .wps .wpt .rtf .txt .ppt .pptx .dps",
    Remark.TABLE: ".csv .htm .html .mht .xml .fods .uos .sxc .prn .dbf .slk",
    Remark.NUMBERS: ".numbers",
    Remark.PACKED: ".gz .tgz .tar .bz2 .xz .hqx .sit .sitx .cab .arj .lzh .iso .uu .uue .z01 .001",
    Remark.SAVED_MAIL: ".msg .oft .pst .mbox",
}
_REMARK_BY_SUFFIX = {suffix: remark for remark, suffixes in _SUFFIXES.items() for suffix in suffixes.split()}

_UNREADABLE = {
    Unreadable.TOO_MANY_PARTS: N_("too many parts, or parts nested too deep"),
    Unreadable.TIMED_OUT: N_("it takes too long"),
    Unreadable.CRASHED: N_("it crashes the process that reads it"),
}
_SENTENCES = {
    Remark.PICTURE: N_(
        "Left in the mailbox: “{name}” is a scan or a picture. Ask the sender for the workbook itself."
    ),
    Remark.DOCUMENT: N_(
        "Left in the mailbox: “{name}” is a document. Ask the sender for the workbook itself."
    ),
    Remark.TABLE: N_(
        "Left in the mailbox: “{name}” is not a workbook. Open it in Excel or WPS, save it as .xlsx and put "
        "that into the folder of returns, or ask the sender for the form itself."
    ),
    Remark.NUMBERS: N_(
        "“{name}” was made with Apple Numbers, which is not read here. Ask the sender to export it as .xlsx."
    ),
    Remark.PACKED: N_(
        "Left in the mailbox: “{name}” is packed in a way that is not opened here. Unpack it and put the "
        "workbook into the folder of returns, or ask for it as .xlsx or .zip."
    ),
    Remark.SAVED_MAIL: N_(
        "“{name}” is a mail that Outlook saved. Open it there and put its attachment into the folder of "
        "returns."
    ),
    Remark.OTHER: N_(
        "Left in the mailbox: “{name}” is not a spreadsheet. If one was meant, ask the sender for the "
        "workbook."
    ),
    Remark.OWN: N_("“{name}” is our own file, came back unchanged; it is not a return and was not taken."),
    Remark.DAMAGED: N_(
        "“{name}” may have been damaged in transit. Open it in Excel or WPS; if it does not open, ask the "
        "sender to send it again."
    ),
    Remark.BROKEN: N_(
        "The mail was damaged in transit or cut off: an attachment may be missing. Look at it in the mail "
        "program; if it is missing there too, ask the sender to send it again."
    ),
    Remark.ENCRYPTED: N_(
        "“{name}” is encrypted or signed and cannot be opened here. Open the mail in the mail program and "
        "save its attachment into the folder of returns."
    ),
    Remark.CLOSED: N_(
        "“{name}” cannot be opened here: a mail program packed the attachments in its own way. Ask the "
        "sender to send the workbook as an ordinary attachment."
    ),
    Remark.SCORES_IN_TEXT: N_(
        "The scores are in the text of the mail, where they cannot be read. Ask the sender for the workbook."
    ),
    Remark.NO_ATTACHMENT: N_("The mail has no attachment. If one was meant, ask the sender for it."),
}
