"""A real SFTP server on loopback, with one user, over a folder."""

import os
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import paramiko
from paramiko import common

USER, PASSWORD = "clerk", "secret"


@dataclass(frozen=True)
class SftpServer:
    """Where the server is, and its line among the known hosts."""

    port: int
    known: str

    def url(self, path: str, password: str = PASSWORD) -> str:
        return f"sftp://{USER}:{password}@localhost:{self.port}{path}"


class _Login(paramiko.ServerInterface):
    def check_auth_password(self, username: str, password: str) -> int:
        right = (username, password) == (USER, PASSWORD)
        return common.AUTH_SUCCESSFUL if right else common.AUTH_FAILED

    def check_channel_request(self, kind: str, chanid: int) -> int:
        return common.OPEN_SUCCEEDED

    def get_allowed_auths(self, username: str) -> str:
        return "password"


class _Files(paramiko.SFTPServerInterface):
    """The files below a folder, to be read."""

    def __init__(self, server: paramiko.ServerInterface, *, root: Path) -> None:
        super().__init__(server)
        self.root = root

    def _path(self, path: str) -> Path:
        return self.root / self.canonicalize(path).lstrip("/")

    def list_folder(self, path: str) -> list[paramiko.SFTPAttributes] | int:
        found = []
        for item in os.scandir(self._path(path)):
            attributes = paramiko.SFTPAttributes.from_stat(item.stat(follow_symlinks=False))
            attributes.filename = item.name
            found.append(attributes)
        return found

    def stat(self, path: str) -> paramiko.SFTPAttributes | int:
        try:
            return paramiko.SFTPAttributes.from_stat(self._path(path).stat())
        except OSError as error:
            return paramiko.SFTPServer.convert_errno(error.errno or 0)

    lstat = stat

    def open(self, path: str, flags: int, attr: paramiko.SFTPAttributes) -> paramiko.SFTPHandle | int:
        try:
            file = self._path(path).open("rb")
        except OSError as error:
            return paramiko.SFTPServer.convert_errno(error.errno or 0)
        handle = _Handle(flags)
        handle.readfile = file  # type: ignore[attr-defined]
        return handle


class _Handle(paramiko.SFTPHandle):
    def stat(self) -> paramiko.SFTPAttributes | int:
        return paramiko.SFTPAttributes.from_stat(os.fstat(self.readfile.fileno()))  # type: ignore[attr-defined]


@contextmanager
def sftp_server(root: Path) -> Iterator[SftpServer]:
    """Run a server whose ``/`` is this folder."""
    key = paramiko.ECDSAKey.generate()
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
        accept = partial(_accept, listening, key, root)
        threading.Thread(target=accept, daemon=True).start()
        yield SftpServer(port, f"[localhost]:{port} {key.get_name()} {key.get_base64()}\n")
        listening.shutdown(socket.SHUT_RDWR)


def _accept(listening: socket.socket, key: paramiko.PKey, root: Path) -> None:
    while True:
        try:
            connection, _address = listening.accept()
        except OSError:
            return
        transport = paramiko.Transport(connection)
        transport.add_server_key(key)
        transport.set_subsystem_handler("sftp", paramiko.SFTPServer, _Files, root=root)
        transport.start_server(server=_Login())
