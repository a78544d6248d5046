"""What the tests of mail share: an authority that is trusted, and an IMAP server."""

from collections.abc import Iterator
from itertools import count

import pytest

from tests.tools.servers import Authority, Dovecot, dovecot, missing_dovecot, public_folder

USERS = [f"box{number}" for number in range(300)]
_numbers = count()


@pytest.fixture(scope="package")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture
def trusted(authority: Authority, monkeypatch: pytest.MonkeyPatch) -> Authority:
    """The authority, whose certificates are trusted by everything that is run."""
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.file))
    return authority


@pytest.fixture(scope="package")
def dovecot_server(authority: Authority) -> Iterator[Dovecot]:
    reason = missing_dovecot()
    if reason:
        pytest.skip(reason)
    with public_folder() as folder, dovecot(folder, authority, USERS) as running:
        yield running


@pytest.fixture
def boxes(dovecot_server: Dovecot, trusted: Authority) -> Dovecot:
    """A running IMAP server that is trusted."""
    return dovecot_server


@pytest.fixture
def user() -> str:
    """A mailbox that no other test has used."""
    return USERS[next(_numbers)]
