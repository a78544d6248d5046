import pytest

from greenxl.campaign.settings import MailSettings
from greenxl.errors import GreenxlError, WrongUseError
from greenxl.mail.server import (
    Server,
    collecting_server,
    login_error,
    readable_words,
    refuse_non_ascii_login,
    refuse_plain,
    sending_server,
)
from tests.tools.mails import never_asked

PASSWORD = {"GREENXL_MAIL_PASSWORD": "geheim"}


def sending(settings: MailSettings, environment: dict[str, str] = PASSWORD) -> Server:
    return sending_server(settings, never_asked, environment)[0]


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
    found = sending(MailSettings(server=url, user="me@qq.com"))
    assert (found.host, found.port, found.implicit_tls) == wanted
    assert (found.user, found.password) == ("me@qq.com", "geheim")


def test_the_environment_goes_before_the_campaign() -> None:
    """GREENXL_IMAP_URL names server, user and password for one run."""
    environment = {"GREENXL_IMAP_URL": "imaps://me%40163.com:secret@imap.163.com", **PASSWORD}
    settings = MailSettings(imap="imaps://imap.qq.com", user="other")
    found = collecting_server(settings, never_asked, environment, allow_plain=True)
    assert found == Server(
        host="imap.163.com",
        port=993,
        implicit_tls=True,
        user="me@163.com",
        password="secret",
        allow_plain=True,
    )


@pytest.mark.parametrize(
    ("sender", "user", "wanted"),
    [("县住建局 <zjj@example.cn>", "me@qq.com", "县住建局 <zjj@example.cn>"), ("", "me@qq.com", "me@qq.com")],
    ids=["named", "the-user"],
)
def test_the_sender_is_the_setting_or_the_user(sender: str, user: str, wanted: str) -> None:
    """Recipients see the sender that the campaign names, else the login."""
    settings = MailSettings(server="smtps://smtp.qq.com", user=user, sender=sender)
    assert sending_server(settings, never_asked, PASSWORD)[1] == wanted


def test_a_server_without_login_needs_a_sender_and_no_password() -> None:
    """A relay that wants no login is used without one; who sends has to be named then."""
    settings = MailSettings(server="smtp://relay.gov.cn", sender="zjj@example.cn")
    assert sending(settings, {}).password == ""
    with pytest.raises(WrongUseError, match="mail_sender"):
        sending(MailSettings(server="smtp://relay.gov.cn"), {})


def test_collecting_needs_a_user() -> None:
    """A mailbox is always somebody's."""
    with pytest.raises(WrongUseError, match="mail_user"):
        collecting_server(MailSettings(imap="imaps://imap.qq.com"), never_asked, PASSWORD)


@pytest.mark.parametrize(
    "url", ["smtp.qq.com:465", "https://mail.qq.com", "smtps://", "smtps://host:port", "imaps://h"]
)
def test_what_is_no_server_is_answered_with_an_example(url: str) -> None:
    """A wrong setting is named, with how to write it."""
    with pytest.raises(WrongUseError, match=r"“mail_server”.*: .* Write it like smtps://smtp\.qq\.com:465"):
        sending(MailSettings(server=url))


def test_no_server_is_answered_with_the_setting() -> None:
    """A campaign without a server says which setting is wanted."""
    with pytest.raises(WrongUseError, match="“mail_imap”.*GREENXL_IMAP_URL"):
        collecting_server(MailSettings(), never_asked, {})


def test_a_password_in_the_campaign_is_refused_and_not_repeated() -> None:
    """A file of the round may hold no password, and the message does not spread it."""
    with pytest.raises(WrongUseError, match="contains a password") as refused:
        sending(MailSettings(server="smtps://me:geheim@smtp.qq.com"))
    assert "geheim" not in str(refused.value)


def test_a_password_is_never_shown() -> None:
    """No print of a server shows its password."""
    found = sending(MailSettings(server="smtps://h", user="me"))
    assert found.password == "geheim"
    assert "geheim" not in f"{found!r} {found}"


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
        assert sending(MailSettings(server="smtps://h", user="me"), {}).password == "stored"
        with pytest.raises(WrongUseError, match="No password for other"):
            sending(MailSettings(server="smtps://h", user="other"), {})
    finally:
        keyring.set_keyring(before)


def test_without_a_password_the_ways_to_give_one_are_named() -> None:
    """Without a terminal the message names the variable and the keyring."""
    with pytest.raises(WrongUseError, match="GREENXL_MAIL_PASSWORD.*keyring set greenxl me"):
        sending(MailSettings(server="smtps://h", user="me"), {})


@pytest.mark.parametrize(
    ("host", "allow_plain", "refused"),
    [
        ("localhost", True, False),
        ("127.0.0.2", True, False),
        ("::1", True, False),
        ("localhost", False, True),
        ("192.0.2.1", True, True),
        ("localhost.example.cn", True, True),
    ],
)
def test_only_this_computer_may_do_without_encryption(host: str, allow_plain: bool, refused: bool) -> None:
    """--insecure counts for a server on loopback alone."""
    server = Server(host, 25, implicit_tls=False, allow_plain=allow_plain)
    if not refused:
        refuse_plain(server)
        return
    with pytest.raises(GreenxlError, match="offers no encryption"):
        refuse_plain(server)


@pytest.mark.parametrize(("user", "password"), [("张三@qq.com", "x"), ("me@qq.com", "密码")])
def test_a_login_is_ascii(user: str, password: str) -> None:
    """A login that no command can carry is refused by name, without its password."""
    server = Server("h", 465, implicit_tls=True, user=user, password=password)
    with pytest.raises(GreenxlError, match="user or password has Chinese or full-width") as refused:
        refuse_non_ascii_login(server)
    assert "密码" not in str(refused.value)


@pytest.mark.parametrize(
    "answer",
    ["登录 失败".encode(), "登录\r\n 失败".encode("gbk"), "登录 失败"],
    ids=["UTF-8", "GBK in two lines", "text"],
)
def test_a_servers_words_are_readable(answer: bytes | str) -> None:
    """UTF-8, GBK or decoded already: the words on one line."""
    assert readable_words(answer) == "登录 失败"


@pytest.mark.parametrize(
    ("answer", "wanted"),
    [
        ("535 authentication failed", "the login of me was refused .*IMAP/SMTP.*授权码"),
        (
            "EXAMINE Unsafe Login. Please contact kefu@188.com for help",
            "of me for unsafe .*kefu.*IMAP/SMTP.*授权码",
        ),
    ],
    ids=["refused", "unsafe"],
)
def test_a_refused_login_says_what_to_do(answer: str, wanted: str) -> None:
    """Where to switch the service on, and which password is wanted."""
    with pytest.raises(GreenxlError, match=wanted):
        raise login_error(Server("h", 993, implicit_tls=True, user="me"), answer)
