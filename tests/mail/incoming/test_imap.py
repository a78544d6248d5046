from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from greenxl.errors import GreenxlError, WrongUseError
from greenxl.mail.incoming.imap import AnswerError, BrokenError, ImapConnection
from tests.tools.mails import plain_imap_server, received
from tests.tools.scripted import ScriptedImap, ScriptedMail, literal, scripted_imap

BOX = {5: ScriptedMail(received()), 9: ScriptedMail(received())}
SIZE = ["RFC822.SIZE"]


@contextmanager
def connected(server: ScriptedImap) -> Iterator[ImapConnection]:
    with scripted_imap(server) as address:
        connection = ImapConnection(plain_imap_server(address), "INBOX")
        try:
            yield connection
        finally:
            connection.close()


UNSAFE = b"NO EXAMINE Unsafe Login. Please contact kefu@188.com for help"


@pytest.mark.parametrize(
    ("script", "wanted"),
    [
        pytest.param({"LOGIN": ["NO 登录失败，请使用授权码".encode()]}, "登录失败，请使用授权码", id="UTF-8"),
        pytest.param({"LOGIN": ["NO 登录失败".encode("gbk")]}, r"refused \(answer: “登录失败”\)", id="GBK"),
        pytest.param({"LOGIN": ["BAD 命令错误".encode("gbk")]}, "命令错误", id="BAD in GBK"),
        pytest.param({"LOGIN": ["* BYE 连接过多".encode("gbk")]}, r"refused .*“连接过多”\)", id="BYE in GBK"),
        pytest.param({"LOGIN": []}, r"refused \(the server closed the connection\).*授权码", id="hung up"),
        pytest.param({"hello": ["* BYE 系统繁忙".encode("gbk")]}, "系统繁忙", id="BYE as a greeting"),
        pytest.param(
            {"EXAMINE": [UNSAFE]},
            r"zjj@round.test for unsafe \(answer: “EXAMINE Unsafe.*IMAP/SMTP.*授权码",
            id="163",
        ),
        pytest.param({"LOGIN": [b"NO Unsafe Login."]}, "for unsafe .*IMAP/SMTP.*授权码", id="126"),
    ],
)
def test_a_refusal_is_readable_and_says_what_to_do(script: dict[str, list[bytes]], wanted: str) -> None:
    """A server's words in GBK or UTF-8 are shown as they are, without Python's marks around bytes."""
    with pytest.raises(GreenxlError, match=wanted) as refused, connected(ScriptedImap(script=script)):
        pass
    assert "b'" not in str(refused.value)
    assert "\ufffd" not in str(refused.value)


def test_a_mailbox_that_is_refused_is_named_with_those_that_are_there() -> None:
    """The reason is in the server's words, and every name is listed."""
    script = {"EXAMINE": ["NO 无此文件夹".encode("gbk")], "LIST": [b'* LIST () "/" "INBOX"', b"OK done"]}
    wanted = "“INBOX” cannot be opened .answer: “无此文件夹”.*: INBOX"
    with pytest.raises(WrongUseError, match=wanted), connected(ScriptedImap(script=script)):
        pass


@pytest.mark.parametrize("answer", [b"NO who are you", b"BAD what"])
def test_a_server_that_refuses_to_know_us_is_read_all_the_same(answer: bytes) -> None:
    """ID is a courtesy."""
    server = ScriptedImap(BOX, {"ID": [answer]}, "IMAP4rev1 ID")
    with connected(server) as connection:
        assert connection.search(["ALL"]) == [5, 9]
    assert len(server.commands("ID")) == 1


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param([b"NO not now"], id="NO"),
        pytest.param([b"BAD what"], id="BAD"),
        pytest.param([b"* 1 FETCH (UID 5 RFC822.SIZE", b"OK done"], id="half an answer"),
        pytest.param([b"* 1 FETCH (UID 5 RFC822.SIZE 7 X)", b"OK done"], id="an odd number of items"),
        pytest.param([b"* 1 FETCH (UID x RFC822.SIZE 7)", b"OK done"], id="an odd UID"),
        pytest.param([b"* 1 FETCH (UID 5 BODYSTRUCTURE NIL)", b"OK done"], id="a structure that is NIL"),
        pytest.param([b"* 1 FETCH (UID 5 BODYSTRUCTURE ())", b"OK done"], id="an empty structure"),
        pytest.param([b"* 1 FETCH (UID 5 X " + b"(" * 3000 + b")" * 3001, b"OK done"], id="3,000 deep"),
        pytest.param([b"* 1 FETCH (UID 5 X " + b"y" * 1_500_000 + b")", b"OK done"], id="1.5 MB in a line"),
        pytest.param([b'* 1 FETCH (UID 5 X "y)', b"OK done"], id="a quote without end"),
    ],
)
def test_after_a_bad_answer_the_connection_goes_on(answer: list[bytes]) -> None:
    """Whatever the server answers to one command, the next has an answer of its own."""
    with connected(ScriptedImap(BOX, {"FETCH 5 ": answer})) as connection:
        with pytest.raises(AnswerError):
            connection.fetch([5], SIZE)
        assert connection.fetch([9], SIZE)[9][b"RFC822.SIZE"] == len(BOX[9].data)


@pytest.mark.parametrize("answer", [[], [b"* BYE gone"], [b"!!"]], ids=["closed", "BYE", "no IMAP"])
def test_a_connection_that_breaks_is_opened_again(answer: list[bytes]) -> None:
    """The mailbox is opened over a new connection, and the next command is answered there."""
    server = ScriptedImap(BOX, {"FETCH 5 ": answer})
    with connected(server) as connection:
        with pytest.raises(BrokenError) as broken:
            connection.fetch([5], SIZE)
        assert broken.value.is_first
        assert list(connection.fetch([9], SIZE)) == [9]
        with pytest.raises(BrokenError) as broken:
            connection.fetch([5], SIZE)
        assert broken.value.is_first
    assert [line for number, line in server.said if number == 2][-1] == "FETCH 5 (RFC822.SIZE)"


def test_a_server_that_breaks_off_all_the_time_is_left() -> None:
    """After twelve connections without an answer the run ends, in one sentence with the server's words."""
    server = ScriptedImap(BOX, {"FETCH": ["* BYE 系统维护".encode("gbk")]})
    with connected(server) as connection:
        for _time in range(12):
            with pytest.raises(BrokenError):
                connection.fetch([5], SIZE)
        with pytest.raises(GreenxlError, match=r"broke off \(answer: “系统维护”\). Run the command again"):
            connection.fetch([5], SIZE)


@pytest.mark.slow
def test_a_server_that_keeps_silent_is_left_sooner() -> None:
    """A timeout counts for three; the sentence is that of a timeout."""
    server = ScriptedImap(BOX, {"FETCH": [b"* 1 FETCH (UID 5)"]})
    with connected(server) as connection:
        for _time in range(4):
            with pytest.raises(BrokenError):
                connection.fetch([5], SIZE)
        with pytest.raises(GreenxlError, match="did not answer in time"):
            connection.fetch([5], SIZE)


def test_a_server_that_cannot_be_reached_again_ends_the_run() -> None:
    """What is printed is what broke the connection first."""
    server = ScriptedImap(BOX, {"FETCH": [b"* BYE first"]})
    with connected(server) as connection:
        server.script = {**server.script, "LOGIN": [b"NO too many logins"]}
        with pytest.raises(GreenxlError, match=r"broke off \(answer: “first”\)"):
            connection.fetch([5], SIZE)


def test_a_mailbox_that_was_numbered_anew_meanwhile_ends_the_run() -> None:
    """The UIDs in hand would name other mails."""
    server = ScriptedImap(BOX, {"FETCH": []})
    with connected(server) as connection:
        server.script = {**server.script, "EXAMINE": [b"* OK [UIDVALIDITY 8] other", b"OK done"]}
        with pytest.raises(GreenxlError, match=r"broke off \(UIDVALIDITY\)"):
            connection.fetch([5], SIZE)


@pytest.mark.parametrize(
    "answer",
    [
        [b"BAD what"],
        [b"NO [BADCHARSET (UTF-8)]"],
        [b"* SEARCH 5", b"* SEARCH 9", b"OK done"],
        [b"* SEARCH 5 9 x (", b"OK done"],
        [b"* SEARCH " + b"5 " * 600_000, b"OK done"],
    ],
    ids=["BAD", "charset", "two lines", "rubbish", "too long"],
)
def test_the_mails_are_known_without_a_search(answer: list[bytes]) -> None:
    """A search that fails is an error of its own; the list of UIDs needs none."""
    with connected(ScriptedImap(BOX, {"SEARCH": answer})) as connection:
        with pytest.raises(AnswerError):
            connection.search(["ALL"])
        assert connection.every_uid() == [5, 9]


def test_a_value_is_what_the_server_gives() -> None:
    """Literals, quotes and what was left out come as they are."""
    odd = ScriptedMail(received(), {"BODY[]": literal(b"a\0\r\n)b"), "RFC822.SIZE": None})
    with connected(ScriptedImap({5: odd})) as connection:
        answer = connection.fetch([5, 6], [*SIZE, "BODY.PEEK[]"])
    assert {uid: one.get(b"BODY[]") for uid, one in answer.items()} == {5: b"a\0\r\n)b"}
    assert b"RFC822.SIZE" not in answer[5]
