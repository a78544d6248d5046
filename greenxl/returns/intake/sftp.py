"""Files over SFTP, from servers that this computer knows only: fsspec itself trusts any.

Needs the extra greenxl[remote].
"""

import paramiko
from fsspec.implementations.sftp import SFTPFileSystem

SECONDS = 20
"""Of waiting for the server, at each step."""


class KnownServer(SFTPFileSystem):  # type: ignore[misc]  # fsspec has no types
    """A file system whose server's key must be among the user's known hosts, as for the command sftp."""

    def _connect(self) -> None:
        self.client = paramiko.SSHClient()
        self.client.load_system_host_keys()
        self.client.set_missing_host_key_policy(_Refuse())
        limits = dict.fromkeys(("timeout", "banner_timeout", "auth_timeout"), SECONDS)
        self.client.connect(self.host, **{**limits, **self.ssh_kwargs})
        self.ftp = self.client.open_sftp()
        channel = self.ftp.get_channel()
        assert channel
        channel.settimeout(SECONDS)


class UnknownServerError(paramiko.SSHException):
    """The server's key is not among the known hosts."""


class _Refuse(paramiko.MissingHostKeyPolicy):
    def missing_host_key(self, client: paramiko.SSHClient, hostname: str, key: paramiko.PKey) -> None:
        raise UnknownServerError(hostname)
