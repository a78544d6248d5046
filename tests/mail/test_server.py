import pytest

from greenxl.campaign.settings import MailSettings
from greenxl.errors import WrongUseError
from greenxl.mail.server import PASSWORD, Server, password_of, server


@pytest.mark.parametrize(
    ("url", "wanted"),
    [
        ("smtps://smtp.qq.com:465", ("smtp.qq.com", 465, True)),
        ("smtps://smtp.163.com", ("smtp.163.com", 465, True)),
        ("smtp://smtp.qq.com:587", ("smtp.qq.com", 587, False)),
        ("smtp://relay.gov.cn", ("relay.gov.cn", 587, False)),
        ("smtp://relay.gov.cn:25", ("relay.gov.cn", 25, False)),
        ("smtp://smtp.163.com:465", ("smtp.163.com", 465, True)),
    ],
)
def test_the_campaign_names_the_server(url: str, wanted: tuple[str, int, bool]) -> None:
    """Host, port and encryption come from the setting; port 465 is always encrypted from the start."""
    found = server("smtp", MailSettings(url, "me@qq.com"), {})
    assert (found.host, found.port, found.implicit, found.user) == (*wanted, "me@qq.com")


def test_the_environment_goes_before_the_campaign() -> None:
    """GREENXL_IMAP_URL names server, user and password for one run."""
    environment = {"GREENXL_IMAP_URL": "imaps://me%40163.com:geheim@imap.163.com"}
    found = server("imap", MailSettings(imap="imaps://imap.qq.com", user="other"), environment)
    assert found == Server("imap.163.com", 993, True, "me@163.com", "geheim")
    assert password_of(found, None, {}) == "geheim"


@pytest.mark.parametrize(
    "url", ["smtp.qq.com:465", "https://mail.qq.com", "smtps://", "smtps://host:port", "imaps://h"]
)
def test_what_is_no_server_is_told_with_an_example(url: str) -> None:
    """A wrong setting is named, with how to write it."""
    with pytest.raises(WrongUseError, match=r"“mail_server”.*: .* Write it like smtps://smtp\.qq\.com:465"):
        server("smtp", MailSettings(url), {})


def test_no_server_is_told_with_the_setting() -> None:
    """A campaign without a server says which setting is wanted."""
    with pytest.raises(WrongUseError, match="“mail_imap”.*GREENXL_IMAP_URL"):
        server("imap", MailSettings(), {})


def test_a_password_in_the_campaign_is_refused_and_not_repeated() -> None:
    """A file of the round may hold no password, and the message does not spread it."""
    with pytest.raises(WrongUseError, match="holds a password") as told:
        server("smtp", MailSettings("smtps://me:geheim@smtp.qq.com"), {})
    assert "geheim" not in str(told.value)


def test_the_password_comes_from_the_environment_and_is_not_shown() -> None:
    """The password is taken from its variable, and no print of the server shows one."""
    found = Server("h", 465, True, "me", "geheim")
    assert "geheim" not in f"{found!r} {found}"
    assert password_of(Server("h", 465, True, "me"), None, {PASSWORD: "x"}) == "x"


def test_the_password_comes_from_the_keyring() -> None:
    """What “keyring set greenxl me” stored is found, and a keyring that fails is no keyring."""
    keyring = pytest.importorskip("keyring")
    backend = pytest.importorskip("keyring.backend")

    class Held(backend.KeyringBackend):  # type: ignore[misc, name-defined]
        priority = -9  # never chosen by itself

        def get_password(self, service: str, username: str) -> str:
            if (service, username) != ("greenxl", "me"):
                raise keyring.errors.KeyringError("locked")
            return "stored"

        def set_password(self, service: str, username: str, password: str) -> None: ...

    before = keyring.get_keyring()
    keyring.set_keyring(Held())
    try:
        assert password_of(Server("h", 465, True, "me"), None, {}) == "stored"
        with pytest.raises(WrongUseError, match="No password for other"):
            password_of(Server("h", 465, True, "other"), None, {})
    finally:
        keyring.set_keyring(before)


def test_without_a_password_the_ways_to_give_one_are_told() -> None:
    """Without a terminal the message names the variable and the keyring."""
    with pytest.raises(WrongUseError, match=f"{PASSWORD}.*keyring set greenxl me"):
        password_of(Server("h", 465, True, "me"), None, {})
