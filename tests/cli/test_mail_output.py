"""The mail commands as people run them: drafts, answers, exit codes and messages of a real process."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from email import policy
from email.parser import BytesParser
from pathlib import Path

import pytest

from greenxl.cli.mail_output import list_letters
from greenxl.mail.letters import Attachment
from greenxl.mail.send import Past, Planned
from tests.conftest import SAMPLES
from tests.tools.servers import PASSWORD, Authority, Postman, fill_in, free_port, smtp

TOWNS = ["a@example.cn", "b@example.cn", "c@example.cn"]
PEOPLE = ["leader@example.cn", "authority@example.cn"]


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


def run(folder: Path, *words: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    """Run greenxl in a folder, without a traceback whatever happens."""
    settings = {**os.environ, "GREENXL_LANG": "en", "PYTHONIOENCODING": "utf-8", **environment}
    done = subprocess.run(
        [sys.executable, "-m", "greenxl", *words],
        cwd=folder,
        env=settings,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        timeout=120,
    )
    assert "Traceback" not in done.stderr
    return done


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A round folder without addresses."""
    folder = tmp_path_factory.mktemp("template")
    assert run(folder, "init", ".").returncode == 0
    return folder


@pytest.fixture
def bare(template: Path, tmp_path: Path) -> Path:
    (tmp_path / "campaign.xlsx").write_bytes((template / "campaign.xlsx").read_bytes())
    for name in ("returned", "report", "sendback"):
        (tmp_path / name).mkdir()
    return tmp_path


@pytest.fixture
def round_(bare: Path) -> Path:
    fill_in(bare / "campaign.xlsx", TOWNS, PEOPLE, {"发件人": "县住建局 <zjj@example.cn>"})
    return bare


def returns(folder: Path) -> None:
    for file in (SAMPLES / "returned").iterdir():
        (folder / "returned" / file.name).write_bytes(file.read_bytes())


@contextmanager
def server(authority: Authority, postman: Postman) -> Iterator[dict[str, str]]:
    """Give the environment that names a server."""
    with smtp(postman, authority.context()) as address:
        yield {"GREENXL_SMTP_URL": address, "SSL_CERT_FILE": str(authority.file)}


def test_a_dry_run_writes_a_draft_per_town_and_sends_nothing(round_: Path) -> None:
    """Without --send: a draft that opens per town, and recipient, subject and attachment with its size."""
    done = run(round_, "send", "blank")
    assert (done.returncode, done.stderr) == (0, "")
    assert "果里镇 <b@example.cn>: to be sent\n" in done.stdout
    assert "  桓台县绿色社区创建评分表（2021年）：果里镇，请于9月30日前报送\n" in done.stdout
    assert "  果里镇-评分表-2021.xlsx (" in done.stdout
    drafts = sorted(path.name for path in (round_ / "drafts").iterdir())
    assert drafts == ["blank-城区街道.eml", "blank-果里镇.eml", "blank-索镇.eml"]
    draft = BytesParser(policy=policy.default).parsebytes((round_ / "drafts" / drafts[1]).read_bytes())
    assert (draft["To"], draft["From"]) == ("果里镇 <b@example.cn>", "县住建局 <zjj@example.cn>")
    assert not (round_ / "sendlog.jsonl").exists()


def test_a_campaign_without_addresses_says_which_rows(bare: Path) -> None:
    """Drafts are written all the same; the rows to fill in are named; --send sends nothing."""
    done = run(bare, "send", "blank")
    assert done.returncode == 2
    assert "街道（镇）, row 3: 果里镇 has no mail address. Fill in the column “email” (邮箱)." in done.stderr
    assert done.stderr.startswith("Before --send, fill in:\n")
    assert "Error" not in done.stderr
    assert len(list((bare / "drafts").iterdir())) == 3
    done = run(bare, "send", "blank", "--send", GREENXL_SMTP_URL="smtps://localhost:1")
    assert done.returncode == 2
    assert done.stderr.startswith("Error: Nothing was sent, for mail addresses are missing.")


def test_only_the_towns_asked_for_are_written_to(round_: Path) -> None:
    """--town chooses; an unknown town is refused."""
    assert run(round_, "send", "blank", "--town", "索镇").returncode == 0
    assert [path.name for path in (round_ / "drafts").iterdir()] == ["blank-索镇.eml"]
    assert run(round_, "send", "blank", "--town", "没有").returncode == 2


def test_a_draft_is_outdated_only_if_its_letter_was_asked_for(round_: Path) -> None:
    """A draft of a town that --town left out is let be; one whose letter is no longer due is told."""
    assert run(round_, "send", "blank").returncode == 0
    assert run(round_, "send", "blank", "--town", "索镇").stderr == ""
    (round_ / "drafts" / "reminders-索镇.eml").write_bytes(b"of yesterday")
    returns(round_)
    done = run(round_, "send", "reminders", "--town", "索镇")
    assert "There is nothing to send." in done.stdout
    place = Path("drafts", "reminders-索镇.eml")
    assert done.stderr == f"{place}: a draft of an earlier run that is no longer due. Delete it.\n"


def test_drafts_that_somebody_changed_are_not_overwritten(round_: Path) -> None:
    """A draft that is as it was written may give way; an edited one is overwritten only with --force."""
    assert run(round_, "send", "blank").returncode == 0
    draft = round_ / "drafts" / "blank-索镇.eml"
    first = draft.read_bytes()
    fill_in(round_ / "campaign.xlsx", settings={"报送方式": "发到县住建局邮箱"})
    assert run(round_, "send", "blank").returncode == 0
    second = draft.read_bytes()
    assert second != first
    edited = second.replace(b"X-Unsent: 1", b"X-Unsent: 0")
    draft.write_bytes(edited)
    done = run(round_, "send", "blank")
    assert done.returncode == 2
    assert f"{Path('drafts', draft.name)}: changed since greenxl wrote it." in done.stderr
    assert draft.read_bytes() == edited
    assert run(round_, "send", "blank", "--force").returncode == 0
    assert draft.read_bytes() == second


def test_a_blank_that_differs_from_the_attached_one_is_told(round_: Path) -> None:
    """What is mailed is made from the campaign: a file in blank/ is told about if it is another."""
    assert run(round_, "template").returncode == 0
    assert run(round_, "send", "blank").stderr == ""
    (round_ / "blank" / "索镇-评分表-2021.xlsx").write_bytes(b"edited by hand")
    told = run(round_, "send", "blank").stderr
    assert told.startswith(f"{Path('blank', '索镇-评分表-2021.xlsx')}: not this file is attached")
    assert len(told.splitlines()) == 1


def test_reminders_give_a_text_for_the_chat_group(round_: Path) -> None:
    """Only the town that owes something is reminded, and its text for a chat group is printed."""
    returns(round_)
    done = run(round_, "send", "reminders", "--as-of", "2021-09-20")
    assert done.returncode == 0
    assert done.stdout.count("to paste into a chat group") == 1
    assert (
        "【催报】城区街道：2021年桓台县绿色社区创建评分表，截止9月30日。\n未报送1个：玫瑰城社区。\n"
        in done.stdout
    )


def test_correction_copies_go_to_the_towns_that_have_one(round_: Path) -> None:
    """sendback mails the copy that check --sendback made."""
    returns(round_)
    assert run(round_, "check", "--sendback", "sendback").returncode == 1
    done = run(round_, "send", "sendback")
    assert done.returncode == 0
    assert "  城区街道-退回修改-2021.xlsx (" in done.stdout
    assert done.stdout.count("Draft: ") == 1


def test_a_missing_or_outdated_correction_copy_is_told(round_: Path) -> None:
    """A town that has something to correct needs a copy, and one that is not older than its return."""
    returns(round_)
    done = run(round_, "send", "sendback")
    assert done.returncode == 0
    assert "城区街道 has something to correct, but no copy for it was made." in done.stderr
    assert "There is nothing to send." in done.stdout
    run(round_, "check", "--sendback", "sendback")
    assert run(round_, "send", "sendback").stderr == ""
    os.utime(round_ / "sendback" / "城区街道-退回修改-2021.xlsx", (1, 1))
    assert (
        "城区街道 has returned something newer than its correction copy."
        in run(round_, "send", "sendback").stderr
    )


def test_the_copy_of_a_town_that_mended_everything_may_go(round_: Path) -> None:
    """A copy that is left over is named as out of date, and no other one is asked for."""
    returns(round_)
    copy = round_ / "sendback" / "索镇-退回修改-2021.xlsx"
    copy.write_bytes(b"of last week")
    os.utime(copy, (1, 1))
    done = run(round_, "send", "sendback", "--town", "索镇")
    assert done.returncode == 0
    place = Path("sendback", copy.name)
    assert done.stderr == f"索镇 has nothing left to correct: {place} is out of date and may be deleted.\n"


def test_the_report_is_the_newest_and_says_when_it_is_outdated(round_: Path) -> None:
    """Leader and authority get the newest workbook; returns that came after it are told; none is refused."""
    done = run(round_, "send", "report")
    assert done.returncode == 2
    assert "there is no consolidated workbook here. Run “greenxl merge” first" in done.stderr
    returns(round_)
    run(round_, "merge", "--as-of", "2021-10-08")
    done = run(round_, "send", "report")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.count("桓台县-2021年汇总表-2021-10-08.xlsx") == 2
    os.utime(round_ / "report" / "桓台县-2021年汇总表-2021-10-08.xlsx", (1, 1))
    assert "returns that are newer than this workbook: 4." in run(round_, "send", "report").stderr


def test_sending_tells_every_answer_and_the_tally(round_: Path, authority: Authority) -> None:
    """One refused: exit code 3, told what to retry; the rerun sends that one; then there is nothing to do."""
    postman = Postman(refusals={"b@example.cn": "550 no such user"})
    with server(authority, postman) as environment:
        done = run(round_, "send", "blank", "--send", **environment)
        assert done.returncode == 3
        assert "refused: 果里镇 <b@example.cn> (550 no such user)" in done.stdout
        assert "2 sent, 1 refused, 0 unknown; 0 had been sent before." in done.stdout
        assert "run the command again for: 果里镇 <b@example.cn>" in done.stdout
        postman.refusals.clear()
        done = run(round_, "send", "blank", "--send", **environment)
        assert done.returncode == 0
        assert "1 sent, 0 refused, 0 unknown; 2 had been sent before." in done.stdout
        assert run(round_, "send", "blank", "--send", **environment).returncode == 0
        returns(round_)
        assert "【催报】城区街道" in run(round_, "send", "reminders", "--send", **environment).stdout
    assert len(postman.messages) == 4
    assert "城区街道 <a@example.cn>: sent already on " in run(round_, "send", "blank").stdout


def test_a_password_is_taken_from_the_environment_and_left_nowhere(
    round_: Path, authority: Authority
) -> None:
    """The password logs in, and stands in no file of the round and in nothing that is printed."""
    postman = Postman(password=PASSWORD)
    fill_in(round_ / "campaign.xlsx", settings={"邮箱账号": "zjj@example.cn"})
    with server(authority, postman) as environment:
        wrong = run(round_, "send", "blank", "--send", GREENXL_MAIL_PASSWORD="wrong-one", **environment)
        assert wrong.returncode == 3
        assert "the login of zjj@example.cn was refused" in wrong.stderr
        done = run(round_, "send", "blank", "--send", GREENXL_MAIL_PASSWORD=PASSWORD, **environment)
    assert done.returncode == 0
    assert set(postman.logins) == {"zjj@example.cn"}
    for text in (wrong.stdout, wrong.stderr, done.stdout, done.stderr):
        assert PASSWORD not in text
        assert "wrong-one" not in text
    assert not any(PASSWORD.encode() in p.read_bytes() for p in round_.rglob("*") if p.is_file())


def bad_uses() -> list[object]:
    port = free_port()
    return [
        pytest.param({}, {}, 2, "No mail server is named", id="no-server"),
        pytest.param(
            {"发信服务器": "mail.qq.com"}, {}, 2, "this is no address of a mail server", id="no-address"
        ),
        pytest.param({"发信服务器": "smtps://a:b@qq.com"}, {}, 2, "holds a password", id="password"),
        pytest.param(
            {"邮箱账号": "me"}, {"GREENXL_SMTP_URL": "smtps://h"}, 2, "No password for me", id="no-password"
        ),
        pytest.param(
            {"发件人": "住建局=?utf-8?q?=0ABcc:y?= <zjj@example.cn>"},
            {"GREENXL_SMTP_URL": f"smtps://localhost:{port}"},
            2,
            "holds control characters",
            id="hostile-sender",
        ),
        pytest.param(
            {}, {"GREENXL_SMTP_URL": f"smtps://localhost:{port}"}, 3, f"localhost:{port}: ", id="unreachable"
        ),
    ]


@pytest.mark.parametrize(("settings", "environment", "code", "told"), bad_uses())
def test_what_hinders_sending_is_one_sentence(
    round_: Path, settings: dict[str, str], environment: dict[str, str], code: int, told: str
) -> None:
    """Each hindrance has its exit code and its sentence, and nothing is logged as sent."""
    fill_in(round_ / "campaign.xlsx", settings=settings)
    done = run(round_, "send", "blank", "--send", **environment)
    assert done.returncode == code
    assert told in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    log = round_ / "sendlog.jsonl"
    assert not log.exists() or not log.read_bytes()


def test_mail_needs_a_round_folder(tmp_path: Path) -> None:
    """Outside a round nothing is collected, and nothing is sent."""
    done = run(tmp_path, "collect", GREENXL_IMAP_URL="imaps://x:y@localhost:1")
    assert done.returncode == 2
    assert "This is no round folder" in done.stderr


@pytest.mark.parametrize(
    ("words", "url", "told"),
    [
        pytest.param([], "imaps://localhost:1", "No user is named", id="no-user"),
        pytest.param(["--from", "张三"], "imaps://x:y@localhost:1", "--from wants a mail address", id="from"),
        pytest.param(["--mailbox", "a\nb"], "imaps://x:y@localhost:1", "--mailbox a name", id="mailbox"),
        pytest.param(["--since", "soon"], "imaps://x:y@localhost:1", "--since", id="since"),
    ],
)
def test_what_cannot_be_collected_is_one_sentence(
    round_: Path, words: list[str], url: str, told: str
) -> None:
    """A missing user or an option that cannot be meant is told with exit code 2."""
    done = run(round_, "collect", *words, GREENXL_IMAP_URL=url)
    assert done.returncode == 2
    assert told in done.stderr


def test_collecting_from_an_unreachable_server_is_one_sentence(round_: Path) -> None:
    """Exit code 3 and the server's name."""
    port = free_port()
    done = run(round_, "collect", GREENXL_IMAP_URL=f"imaps://x:geheim@localhost:{port}")
    assert done.returncode == 3
    assert f"localhost:{port}: the server cannot be reached" in done.stderr
    assert "geheim" not in done.stdout + done.stderr


def test_status_shows_every_town(round_: Path) -> None:
    """A line per town, as wide as it needs and without blanks at its end, and what is missing."""
    returns(round_)
    done = run(round_, "status")
    assert done.returncode == 0
    assert "Missing in 城区街道 (1): 玫瑰城社区\n" in done.stdout
    assert "12/14" in done.stdout
    assert all(line == line.rstrip() for line in done.stdout.splitlines())


@pytest.mark.parametrize("terminal", [{}, {"FORCE_COLOR": "1", "COLUMNS": "60"}], ids=["pipe", "terminal"])
def test_status_hides_no_name(round_: Path, terminal: dict[str, str]) -> None:
    """However many communities are missing, and however narrow the terminal is, every name is shown whole."""
    shown = run(round_, "status", **terminal).stdout
    assert "…" not in shown
    assert shown.splitlines()[1].split()[:3] == ["Town", "blank", "returned"]
    assert shown.splitlines()[1].endswith("sent back")
    town = next(line for line in shown.splitlines() if line.startswith("Missing in 城区街道 (14): "))
    assert len(town.split("、")) == 14


def test_a_large_message_is_a_warning(capsys: pytest.CaptureFixture[str]) -> None:
    """From 20 MB on, as it travels, the clerk is told that servers may refuse it."""
    from tests.mail.test_message import LETTER

    for length, warned in ((15_000_000, False), (16_000_000, True)):
        letter = replace(LETTER, attachments=(Attachment("大.xlsx", bytes(length)),))
        list_letters([Planned(letter, "key", Past(), True)])
        assert ("many servers refuse more than 20 MB" in capsys.readouterr().err) is warned
