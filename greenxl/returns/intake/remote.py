"""Returned files that are not on this computer (s3://…, sftp://…): listed and copied through fsspec.

What they are called there is a text for the ledger and nothing else: copies have numbers for names.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from greenxl.errors import GreenxlError, WrongUseError
from greenxl.findings import Finding, Term, finding
from greenxl.i18n import N_, _
from greenxl.names import clean
from greenxl.system_errors import reason_of
from greenxl.workbooks.opening import MOST_BYTES, size_text

_NOT_SHOWN = re.compile(r"(?<=://)[^/]*@|[?#].*")
"""Of an address: who logs in, and what may be a signature."""
_SECONDS = 20
_OPTIONS = {
    "s3": {
        "config_kwargs": {
            "connect_timeout": _SECONDS,
            "read_timeout": 2 * _SECONDS,
            "retries": {"max_attempts": 2},
        }
    }
}
"""For fsspec, by protocol."""
_REASONS = {
    "AuthenticationException": N_("the login was refused"),
    "BadHostKeyException": N_("the server’s key is not the one that is known"),
    "EndpointConnectionError": N_("the computer cannot be reached"),
    "NoCredentialsError": N_("no login for it was found"),
    "NoValidConnectionsError": N_("the computer cannot be reached"),
    "PasswordRequiredException": N_("the login was refused"),
    "UnknownServerError": N_("its key is not among the known hosts of this user"),
}
"""Why a server cannot be used, by the class of the error: those of libraries that need not be here."""


@dataclass(frozen=True, slots=True)
class RemoteReturns:
    """Returned files at an address: one file, or a folder with all that is below it."""

    url: str
    copies: Path
    """A folder of this computer for copies while they are read."""

    @property
    def name(self) -> str:
        """The address as it is shown."""
        return _shown(self.url).rstrip("/")

    def files(self) -> Iterator["RemoteFile"]:
        """Yield the files there.

        :raises WrongUseError: there is nothing at the address, or nothing that can read it.
        :raises GreenxlError: the server cannot be used.
        """
        with _explained(self.name):
            system, root = _file_system(self.url)
            whole = system.info(root)
            if whole["type"] == "file":
                yield self._file(system, whole, self.name, PurePosixPath(PurePosixPath(root).name))
                return
            for _folder, _folders, files in system.walk(root, detail=True, on_error="raise"):
                for name in sorted(files):
                    inside = files[name]["name"].removeprefix(root).lstrip("/")
                    # A file called as its folder is the mark that there is one.
                    if inside or files[name]["type"] != "file":
                        shown = f"{self.name}/{clean(inside)}"
                        yield self._file(system, files[name], shown, PurePosixPath(inside))

    def _file(self, system: Any, info: Any, name: str, inside: PurePosixPath) -> "RemoteFile":
        return RemoteFile(name=name, inside=inside, given=self.name, _system=system, _info=info)


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoteFile:
    """A file that is not on this computer."""

    name: str
    """As reports name it."""
    inside: PurePosixPath
    """Its way below the address that was given."""
    given: str
    """That address, as it is shown."""
    _system: Any
    """The file system of fsspec that has it."""
    _info: Any
    """What that says of it."""

    @property
    def size(self) -> int:
        """Bytes, 0 where the server does not say."""
        return int(self._info.get("size") or 0)

    def problem(self) -> Finding | None:
        """Return why the file is not copied, as far as its listing says."""
        if self._info["type"] != "file":
            return finding(
                "file-unreadable", self.name, found=Term(N_("it is a link or a folder without a name"))
            )
        return self._too_big(self.size) if self.size > MOST_BYTES else None

    def copy(self, path: Path) -> Finding | None:
        """Copy the file to this computer, or return why it cannot be.

        :raises GreenxlError: the server cannot be used any more.
        """
        with _explained(self.given):
            try:
                with self._system.open(self._info["name"], "rb") as file:
                    data: bytes = file.read(MOST_BYTES + 1)
            except (FileNotFoundError, PermissionError) as error:
                return finding("file-unreadable", self.name, found=reason_of(error))
        if len(data) > MOST_BYTES:
            return self._too_big(len(data))
        path.write_bytes(data)
        return None

    def _too_big(self, size: int) -> Finding:
        return finding("file-too-big", self.name, found=size_text(size), limit=size_text(MOST_BYTES))


@contextmanager
def _explained(name: str) -> Iterator[None]:
    """Raise whatever a server or its library raises as one plain sentence."""
    try:
        yield
    except GreenxlError:
        raise
    except FileNotFoundError as error:
        raise WrongUseError(
            _("{path}: there is no such file or folder. Check the name.").format(path=name)
        ) from error
    except Exception as error:  # each protocol's library has errors of its own
        raise GreenxlError(
            _(
                "{url}: cannot be read ({reason}). Check the address, the login and the network, or copy "
                "the files to this computer first."
            ).format(url=name, reason=_(_reason(error)))
        ) from error


def _file_system(url: str) -> tuple[Any, str]:
    """Return fsspec's file system for an address, and the path there.

    :raises WrongUseError: the extra is not installed, or nothing reads such an address.
    """
    protocol = url.partition("://")[0].lower()
    try:
        if protocol in ("sftp", "ssh"):
            from greenxl.returns.intake.sftp import KnownServer

            options = KnownServer._get_kwargs_from_urls(url)  # noqa: SLF001
            return KnownServer(**options), KnownServer._strip_protocol(url)  # noqa: SLF001
        import fsspec

        found: tuple[Any, str] = fsspec.core.url_to_fs(url, **_OPTIONS.get(protocol, {}))
    except ImportError as error:
        raise WrongUseError(
            _(
                "{url}: to read from there, install greenxl[remote], "
                "or copy the files to this computer first."
            ).format(url=_shown(url))
        ) from error
    except ValueError as error:
        raise WrongUseError(
            _("{url}: this is no address that can be read. Write it like s3://bucket/folder.").format(
                url=_shown(url)
            )
        ) from error
    return found


def _shown(url: str) -> str:
    return clean(_NOT_SHOWN.sub("", url))


def _reason(error: Exception) -> str:
    known = _REASONS.get(type(error).__name__)
    if known:
        return known
    return reason_of(error) if isinstance(error, OSError) else type(error).__name__
