"""Returns on an SFTP server, over a real connection."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from greenxl.campaign.model import Campaign
from greenxl.errors import GreenxlError, WrongUseError
from greenxl.returns.intake import Intake, RemoteReturns, take_in
from greenxl.returns.intake.sftp import KnownServer
from greenxl.returns.pool import read_all
from tests.tools.intakes import put, told
from tests.tools.sftp import SftpServer, sftp_server
from tests.tools.spoil import good


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SftpServer]:
    """A server that this user knows; its files are in the folder served."""
    (tmp_path / ".ssh").mkdir()
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "served").mkdir()
    with sftp_server(tmp_path / "served") as running:
        (tmp_path / ".ssh" / "known_hosts").write_text(running.known)
        yield running
    KnownServer.clear_instance_cache()


def take(url: str, copies: Path) -> Intake:
    copies.mkdir(exist_ok=True)
    return take_in([RemoteReturns(url, copies)])


def test_a_folder_of_returns_is_read_from_a_server(
    server: SftpServer, tmp_path: Path, huantai: Campaign
) -> None:
    """Every file below it, under its address without login; a link is named, not followed."""
    put(
        tmp_path / "served", {"2021/果里镇/a.xlsx": good(huantai, "果里镇"), "2021/b.txt": b"", "c.xlsx": b""}
    )
    (tmp_path / "served" / "2021" / "z.xlsx").symlink_to("/etc/passwd")
    intake = take(server.url("/2021"), tmp_path / "copies")
    at = f"sftp://localhost:{server.port}/2021"
    assert told(intake) == [(f"{at}/z.xlsx", "rejected", "file-unreadable")]
    outcomes = [(one.entry.file, one.entry.outcome) for one in read_all(intake.sources, huantai)]
    assert outcomes == [(f"{at}/b.txt", "rejected"), (f"{at}/果里镇/a.xlsx", "read")]


def test_one_file_is_read_from_a_server(server: SftpServer, tmp_path: Path) -> None:
    """An address may be that of a file."""
    put(tmp_path / "served", {"a.xlsx": b"1", "b.xlsx": b"2"})
    (source,) = take(server.url("/a.xlsx"), tmp_path / "copies").sources
    assert (source.name, source.path.read_bytes()) == (f"sftp://localhost:{server.port}/a.xlsx", b"1")


def test_a_server_that_is_not_known_is_refused(server: SftpServer, tmp_path: Path) -> None:
    """Whoever answers in its place would be sent the password: as for the command sftp, it must be known."""
    (tmp_path / ".ssh" / "known_hosts").write_text("")
    with pytest.raises(GreenxlError, match=r"\(its key is not among the known hosts of this user\)"):
        take(server.url("/"), tmp_path / "copies")


def test_a_refused_login_is_one_plain_sentence(server: SftpServer, tmp_path: Path) -> None:
    """The password is not in it."""
    with pytest.raises(
        GreenxlError, match=r"^sftp://localhost:\d+: cannot be read \(the login was refused\)"
    ):
        take(server.url("/", "wrong"), tmp_path / "copies")


def test_what_is_not_there_is_wrong_use(server: SftpServer, tmp_path: Path) -> None:
    """As for a path of this computer."""
    with pytest.raises(WrongUseError, match="/none: there is no such file or folder"):
        take(server.url("/none"), tmp_path / "copies")


def test_no_server_is_one_plain_sentence(tmp_path: Path) -> None:
    """Where nothing listens the run ends at once."""
    with pytest.raises(GreenxlError, match=r"localhost:9: cannot be read \(the computer cannot be reached\)"):
        take("sftp://clerk@localhost:9/", tmp_path / "copies")
