"""Why the operating system or the network refused something: one table for every message.

Python's own words (``strerror``) are English, or the system's language, whatever language greenxl prints.
"""

import errno
import os
import socket
import tempfile
import traceback

from greenxl.findings import Term
from greenxl.i18n import N_, _

_REASONS = {
    errno.EPERM: N_("the operation is not permitted"),
    errno.ENOENT: N_("no such file or folder"),
    errno.EIO: N_("the disk or device reported an error"),
    errno.ENXIO: N_("no such device"),
    errno.EBADF: N_("the output was closed"),
    errno.EAGAIN: N_("it is busy at the moment"),
    errno.ENOMEM: N_("not enough memory"),
    errno.EACCES: N_("no permission"),
    errno.EBUSY: N_("another program is using it"),
    errno.EEXIST: N_("it exists already"),
    errno.EXDEV: N_("it is on another disk"),
    errno.ENODEV: N_("no such device"),
    errno.ENOTDIR: N_("a part of the path is not a folder"),
    errno.EISDIR: N_("it is a folder"),
    errno.EINVAL: N_("the name or value is not valid here"),
    errno.ENFILE: N_("too many open files"),
    errno.EMFILE: N_("too many open files"),
    errno.EFBIG: N_("the file is too large for this disk"),
    errno.ENOSPC: N_("the disk is full"),
    errno.EROFS: N_("the disk is read-only"),
    errno.EPIPE: N_("the connection was closed"),
    errno.ENAMETOOLONG: N_("the name is too long"),
    errno.ENOTEMPTY: N_("the folder is not empty"),
    errno.ELOOP: N_("links that lead in a circle"),
    errno.EILSEQ: N_("the name has characters that are not possible here"),
    errno.ESTALE: N_("the network drive is gone"),
    errno.EDQUOT: N_("the disk quota is used up"),
    errno.EADDRNOTAVAIL: N_("the network cannot be reached"),
    errno.ENETDOWN: N_("the network cannot be reached"),
    errno.ENETUNREACH: N_("the network cannot be reached"),
    errno.ECONNABORTED: N_("the connection was closed"),
    errno.ECONNRESET: N_("the connection was closed"),
    errno.ENOTCONN: N_("the connection was closed"),
    errno.ETIMEDOUT: N_("no answer in time"),
    errno.ECONNREFUSED: N_("the connection was refused"),
    errno.EHOSTDOWN: N_("the computer cannot be reached"),
    errno.EHOSTUNREACH: N_("the computer cannot be reached"),
}
_UNKNOWN_HOST = N_("no server of this name was found")


def reason_of(error: OSError) -> Term:
    """Return why a call of the system failed, as an English text of the catalogue (a finding's ``found``).

    What the table does not know is its symbol or number, in any language: ``ENOTBLK``, ``WinError 1392``.
    """
    if isinstance(error, socket.gaierror):
        return Term(_UNKNOWN_HOST)
    number = error.errno
    if number is None:
        return Term(_REASONS[errno.ETIMEDOUT] if isinstance(error, TimeoutError) else type(error).__name__)
    windows = getattr(error, "winerror", None)
    unknown = f"WinError {windows}" if windows else errno.errorcode.get(number, str(number))
    return Term(_REASONS.get(number, unknown))


def sentence_of(error: BaseException) -> str:
    """Return what happened and what to do, of an error that no message of ours foresees.

    Of a fault of our own the traceback is kept in a file, which the sentence names.
    """
    if isinstance(error, OSError):
        path, reason = error.filename or _("the output"), _(reason_of(error))
        return _(
            "{path}: cannot be used ({reason}). Check the name, the permissions and the free space "
            "on the disk."
        ).format(path=path, reason=reason)
    if isinstance(error, UnicodeEncodeError):
        return _(
            "This system’s settings cannot write “{text}” in a file name. "
            "Set PYTHONUTF8=1 and run the command again."
        ).format(text=error.object[error.start : error.end])
    return _(
        "greenxl itself failed ({reason}); what was written before stays as it is. "
        "The details are in {path}: send that file to whoever maintains greenxl."
    ).format(reason=type(error).__name__, path=_kept_traceback(error))


def _kept_traceback(error: BaseException) -> str:
    """Write the traceback of a fault of our own to a file, and return its path."""
    handle, path = tempfile.mkstemp(prefix="greenxl-", suffix=".txt")
    with os.fdopen(handle, "w", encoding="utf-8", errors="backslashreplace") as file:
        file.write("".join(traceback.format_exception(error)))
    return path
