"""The mail commands as people run them: drafts, answers, exit codes and messages."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from email import policy
from email.parser import BytesParser
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.conftest import SAMPLES
from tests.tools.commands import run, run_process
from tests.tools.mails import received
from tests.tools.servers import (
    DOMAIN,
    HOST,
    PASSWORD,
    Authority,
    Postman,
    dovecot,
    fill_in,
    free_port,
    missing_dovecot,
    public_folder,
    smtp,
)

TOWNS = ["a@example.cn", "b@example.cn", "c@example.cn"]
PEOPLE = ["leader@example.cn", "authority@example.cn"]


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture(scope="module")
def bare_campaign(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The campaign workbook of a new round, without addresses."""
    folder = tmp_path_factory.mktemp("bare")
    assert run(folder, "init", ".").returncode == 0
    return (folder / "campaign.xlsx").read_bytes()


@pytest.fixture(scope="module")
def campaign(bare_campaign: bytes, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The campaign workbook of a round, with addresses filled in."""
    path = tmp_path_factory.mktemp("filled") / "campaign.xlsx"
    path.write_bytes(bare_campaign)
    fill_in(path, TOWNS, PEOPLE, {"发件人": "县住建局 <zjj@example.cn>"})
    return path.read_bytes()


@pytest.fixture
def bare(bare_campaign: bytes, tmp_path: Path) -> Path:
    """A round folder without addresses."""
    (tmp_path / "campaign.xlsx").write_bytes(bare_campaign)
    for name in ("returned", "report", "sendback"):
        (tmp_path / name).mkdir()
    return tmp_path


@pytest.fixture
def round_(bare: Path, campaign: bytes) -> Path:
    """A round folder with addresses."""
    (bare / "campaign.xlsx").write_bytes(campaign)
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
    """Without --send: a mail and a text for a chat per town; recipient, subject, attachment with its size."""
    done = run(round_, "send", "blank", "--as-of", "2021-09-01")
    assert (done.returncode, done.stderr) == (0, "")
    assert "果里镇 <b@example.cn>: to be sent\n" in done.stdout
    assert "  桓台县绿色社区创建评分表（2021年）：果里镇，请于9月30日前报送\n" in done.stdout
    assert "  果里镇-评分表-2021.xlsx (" in done.stdout
    drafts = sorted(path.name for path in (round_ / "drafts").iterdir())
    mails = ["blank-城区街道.eml", "blank-果里镇.eml", "blank-索镇.eml"]
    assert drafts == [*mails, "下发-城区街道.txt", "下发-果里镇.txt", "下发-索镇.txt"]
    draft = BytesParser(policy=policy.default).parsebytes((round_ / "drafts" / drafts[1]).read_bytes())
    assert (draft["To"], draft["From"]) == ("果里镇 <b@example.cn>", "县住建局 <zjj@example.cn>")
    assert not (round_ / "sendlog.jsonl").exists()


def test_towns_without_addresses_get_theirs_by_hand(bare: Path) -> None:
    """Drafting is no failure: what to attach is there, and the list says what to run afterwards."""
    done = run(bare, "send", "blank")
    assert (done.returncode, done.stderr) == (0, "")
    assert "果里镇: to be sent by hand, for it has no address\n" in done.stdout
    assert done.stdout.endswith("by hand, run: greenxl mark sent 城区街道 果里镇 索镇\n")
    assert len(list((bare / "drafts").iterdir())) == 6
    assert len(list((bare / "blank").iterdir())) == 3
    assert run(bare, "template", "-o", "other").returncode == 0
    for made in (bare / "other").iterdir():
        assert (bare / "blank" / made.name).read_bytes() == made.read_bytes()


def test_mail_without_addresses_is_refused(bare: Path) -> None:
    """--send sends nothing, and names the rows to fill in; but what went by hand needs no address."""
    sending = ("send", "blank", "--send")
    nowhere = {"GREENXL_SMTP_URL": "smtps://localhost:1"}
    done = run(bare, *sending, **nowhere)
    assert done.returncode == 2
    assert done.stderr.startswith("Error: Nothing was sent, because mail addresses are missing.")
    assert "街道（镇）, row 3: 果里镇 has no mail address. Fill in the column “email” (邮箱)." in done.stderr
    assert run(bare, "mark", "sent", "果里", "城区街道办事处").returncode == 0
    done = run(bare, *sending, **nowhere)
    assert "row 3" not in done.stderr
    assert "row 4: 索镇 has no mail address" in done.stderr
    assert run(bare, "mark", "sent", "索镇").returncode == 0
    done = run(bare, *sending, **nowhere)
    assert done.returncode == 0
    assert "0 sent, 0 refused, 0 unknown; 3 had been sent before." in done.stdout


def test_only_the_towns_asked_for_are_written_to(round_: Path) -> None:
    """--town chooses; an unknown town is refused."""
    assert run(round_, "send", "blank", "--town", "索镇").returncode == 0
    assert {path.name for path in (round_ / "drafts").iterdir()} == {"blank-索镇.eml", "下发-索镇.txt"}
    assert run(round_, "send", "blank", "--town", "没有").returncode == 2


def test_the_second_day_works_like_the_first(bare: Path) -> None:
    """Without an option: what is the same stays, what went out is put away, what somebody changed is kept."""
    assert run(bare, "send", "blank").returncode == 0
    edited = bare / "drafts" / "下发-果里镇.txt"
    edited.write_bytes(edited.read_bytes() + b"edited")
    assert run(bare, "mark", "sent", "索镇").stdout.endswith("索镇: blank recorded as sent by hand.\n")
    done = run(bare, "send", "blank")
    assert done.returncode == 0
    assert f"索镇: sent by hand on {(bare / 'sendlog.jsonl').read_text('utf-8')[10:20]}" in done.stdout
    assert f"No longer due, moved to {Path('drafts', '已了结', '下发-索镇.txt')}\n" in done.stdout
    assert f"Draft: {Path('drafts', '下发-果里镇（2）.txt')}\n" in done.stdout
    place = Path("drafts", "下发-果里镇.txt")
    assert done.stderr.startswith(f"{place}: not as greenxl wrote it, so it stays. Delete it when ")
    assert len(done.stderr.splitlines()) == 1
    assert edited.read_bytes().endswith(b"edited")
    assert "索镇: to be sent by hand" in run(bare, "send", "blank", "--again").stdout


def marked(folder: Path, *words: str) -> list[str]:
    """Run a command of the group ``mark`` and return what it printed after the campaign's line."""
    done = run(folder, "mark", *words)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout.splitlines()[1:]


def test_marking_takes_what_was_drafted_last(bare: Path) -> None:
    """To whom it was drafted, of the last kind; --kind names another, and unsent takes back."""
    returns(bare)
    assert run(bare, "send", "blank").returncode == 0
    assert run(bare, "send", "reminders").returncode == 0
    assert marked(bare, "sent", "--all") == ["城区街道: reminder recorded as sent by hand."]
    assert run(bare, "mark", "sent", "--all").returncode == 2
    assert marked(bare, "sent", "城区街道") == ["城区街道: blank recorded as sent by hand."]
    assert marked(bare, "sent", "--all", "--kind", "blank") == [
        "果里镇: blank recorded as sent by hand.",
        "索镇: blank recorded as sent by hand.",
    ]
    assert marked(bare, "unsent", "索镇") == ["索镇: blank is no longer recorded as sent by hand."]
    assert marked(bare, "sent", "--all", "--kind", "blank") == ["索镇: blank recorded as sent by hand."]


def test_marking_twice_records_nothing_else(bare: Path) -> None:
    """The reminder went out; of the blank, which was never drafted, a second time says nothing."""
    assert run(bare, "send", "reminders").returncode == 0
    assert marked(bare, "sent", "索镇") == ["索镇: reminder recorded as sent by hand."]
    again = run(bare, "mark", "sent", "索镇")
    assert (again.returncode, "nothing was drafted that has not gone out" in again.stderr) == (2, True)
    assert marked(bare, "sent", "索镇", "--kind", "blank") == ["索镇: blank recorded as sent by hand."]


def test_all_are_those_of_the_last_run(bare: Path) -> None:
    """What was drafted to others before may not have gone out; without any draft it is every blank."""
    assert run(bare, "send", "blank").returncode == 0
    assert run(bare, "send", "blank", "--town", "索镇").returncode == 0
    assert marked(bare, "sent", "--all") == ["索镇: blank recorded as sent by hand."]
    (bare / "drafts.jsonl").unlink()
    assert len(marked(bare, "sent", "--all")) == 2


def test_a_report_can_go_by_hand(bare: Path) -> None:
    """Its recipients are named as the campaign names them; one is not the other."""
    returns(bare)
    run(bare, "merge", "--as-of", "2021-10-08")
    assert "县政府分管领导: to be sent by hand" in run(bare, "send", "report").stdout
    assert marked(bare, "sent", "县政府分管领导") == ["县政府分管领导: report recorded as sent by hand."]
    again = run(bare, "send", "report").stdout
    assert "县政府分管领导: sent by hand on " in again
    assert "县住房和城乡建设局: to be sent by hand" in again


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["sent"], "Name the towns or recipients."),
        (["sent", "没有"], "There is no town “没有” in the campaign."),
        (["sent", "索镇", "--kind", "reminders"], "索镇: nothing was drafted that has not gone out."),
        (["sent", "县政府分管领导"], "县政府分管领导: nothing was drafted that has not gone out."),
        (["unsent", "索镇"], "索镇: nothing is recorded as sent by hand."),
        (["unsent"], "Name the towns or recipients."),
    ],
    ids=["nobody", "unknown", "no reminder", "no report", "no mark", "nobody to take back"],
)
def test_what_cannot_be_marked_is_one_sentence(bare: Path, words: list[str], message: str) -> None:
    """Nothing is recorded then, of the others neither."""
    done = run(bare, "mark", *words)
    assert done.returncode == 2
    assert message in done.stderr
    assert not (bare / "sendlog.jsonl").exists()


def test_drafts_may_go_to_another_folder(round_: Path) -> None:
    """--drafts names the folder."""
    assert run(round_, "send", "blank", "--drafts", "post").returncode == 0
    assert len(list((round_ / "post").iterdir())) == 6
    assert not (round_ / "drafts").exists()


def test_what_does_not_fit_the_letters_is_a_warning(round_: Path) -> None:
    """What is mailed is made from the campaign: another file in blank/ is named on standard error."""
    (round_ / "blank").mkdir()
    (round_ / "blank" / "索镇-评分表-2021.xlsx").write_bytes(b"edited by hand")
    warnings = run(round_, "send", "blank").stderr
    assert warnings.startswith(f"{Path('blank', '索镇-评分表-2021.xlsx')}: this file differs from the blank")
    assert len(warnings.splitlines()) == 1


def test_a_reminder_can_be_pasted_into_a_chat(round_: Path) -> None:
    """Only the town that owes something is reminded, by mail and by chat, as of the day that is given."""
    returns(round_)
    done = run(round_, "send", "reminders", "--as-of", "2021-10-03")
    assert done.returncode == 0
    assert "2处待更正，已逾期3天\n" in done.stdout
    (text,) = (round_ / "drafts").glob("*.txt")
    assert text.name == "催报-城区街道.txt"
    assert text.read_text("utf-8-sig").startswith(
        "【催报】城区街道：2021年桓台县绿色社区创建评分表9月30日截止，已逾期3天，请尽快补报、更正。"
        "如已报送，请不必理会。\n未报送1个：玫瑰城社区。\n"
    )


def test_correction_copies_go_to_the_towns_that_have_one(round_: Path) -> None:
    """sendback mails the copy that is in the round's folder."""
    returns(round_)
    run(round_, "check", "--sendback", "sendback")
    done = run(round_, "send", "sendback")
    assert done.returncode == 0
    assert "  城区街道-退回修改-2021.xlsx (" in done.stdout
    assert done.stdout.count("Draft: ") == 2


def test_the_newest_report_is_sent(round_: Path) -> None:
    """Leader and authority get the newest consolidated workbook; where there is none, how to make one."""
    done = run(round_, "send", "report")
    assert done.returncode == 2
    assert "there is no consolidated workbook here. Run “greenxl merge” first" in done.stderr
    returns(round_)
    run(round_, "merge", "--as-of", "2021-10-08")
    done = run(round_, "send", "report")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.count("桓台县绿色社区创建-2021年汇总-2021-10-08（领导版）.xlsx") == 2
    assert done.stdout.count("Draft: ") == 4


def test_notices_go_to_the_towns(round_: Path) -> None:
    """Those of the last merge; where there are none, how to make them; once sent by hand, not again."""
    done = run(round_, "send", "notices")
    assert (done.returncode, done.stdout.count("Draft: ")) == (2, 0)
    assert "There are no notices yet. Run “greenxl merge --notices” first." in done.stderr
    returns(round_)
    run(round_, "merge", "--notices", "--as-of", "2021-10-08")
    done = run(round_, "send", "notices")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.count("Draft: ") == 6
    assert "  整改通知：索镇2021年桓台县绿色社区创建，43处须整改" in done.stdout
    mail = BytesParser(policy=policy.default).parsebytes((round_ / "drafts/notices-索镇.eml").read_bytes())
    assert [part.get_filename() for part in mail.iter_attachments()] == ["索镇-整改通知-2021.xlsx"]
    chat = (round_ / "drafts" / "整改通知-索镇.txt").read_text("utf-8-sig")
    assert chat.splitlines()[-1] == (
        "（发送人：请随文发送 report/整改通知/索镇-整改通知-2021.xlsx，本行不必粘贴）"
    )
    done = run(round_, "mark", "sent", "索镇", "--kind", "notices")
    assert "索镇: notice of what to put right recorded as sent by hand." in done.stdout
    assert "索镇" not in run(round_, "send", "notices", "--town", "索镇").stdout.split("Draft: ", 1)[1:]
    status = run(round_, "status").stdout.splitlines()
    assert status[1].endswith("notice sent")
    assert next(line for line in status if line.startswith("索镇")).endswith("by hand")


def test_sending_prints_every_answer_and_the_tally(round_: Path, authority: Authority) -> None:
    """One refused: exit code 3, and whom to retry; the rerun sends that one; then there is nothing to do."""
    postman = Postman(refusals={"b@example.cn": "550 no such user"})
    with server(authority, postman) as environment:
        done = run(round_, "send", "blank", "--send", **environment)
        assert done.returncode == 3
        assert "refused: 果里镇 <b@example.cn> (“550 no such user”)" in done.stdout
        assert "2 sent, 1 refused, 0 unknown; 0 had been sent before." in done.stdout
        assert "run the command again for: 果里镇 <b@example.cn>" in done.stdout
        postman.refusals.clear()
        done = run(round_, "send", "blank", "--send", **environment)
        assert done.returncode == 0
        assert "1 sent, 0 refused, 0 unknown; 2 had been sent before." in done.stdout
        assert run(round_, "send", "blank", "--send", **environment).returncode == 0
    assert len(postman.messages) == 3
    assert "城区街道 <a@example.cn>: sent already on " in run(round_, "send", "blank").stdout


def test_a_password_is_taken_from_the_environment_and_left_nowhere(
    round_: Path, authority: Authority
) -> None:
    """The password logs in, and is in no file of the round and in nothing that is printed."""
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
            {"发信服务器": "mail.qq.com"}, {}, 2, "this is not the address of a mail server", id="no-address"
        ),
        pytest.param({"发信服务器": "smtps://a:b@qq.com"}, {}, 2, "contains a password", id="password"),
        pytest.param(
            {"邮箱账号": "me"}, {"GREENXL_SMTP_URL": "smtps://h"}, 2, "No password for me", id="no-password"
        ),
        pytest.param(
            {"发件人": "住建局=?utf-8?q?=0ABcc:y?= <zjj@example.cn>"},
            {"GREENXL_SMTP_URL": f"smtps://localhost:{port}"},
            2,
            "contains control characters",
            id="hostile-sender",
        ),
        pytest.param(
            {}, {"GREENXL_SMTP_URL": f"smtps://localhost:{port}"}, 3, f"localhost:{port}: ", id="unreachable"
        ),
    ]


@pytest.mark.parametrize(("settings", "environment", "code", "message"), bad_uses())
def test_what_hinders_sending_is_one_sentence(
    round_: Path, settings: dict[str, str], environment: dict[str, str], code: int, message: str
) -> None:
    """Each hindrance has its exit code and its sentence, and nothing is logged as sent."""
    fill_in(round_ / "campaign.xlsx", settings=settings)
    done = run(round_, "send", "blank", "--send", **environment)
    assert done.returncode == code
    assert message in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    log = round_ / "sendlog.jsonl"
    assert not log.exists() or not log.read_bytes()


@pytest.mark.parametrize(
    "words",
    [
        ["collect"],
        ["send", "blank"],
        ["send", "report"],
        ["mark", "sent", "索镇"],
        ["mark", "unsent", "索镇"],
    ],
    ids=" ".join,
)
def test_mail_needs_a_round_folder(tmp_path: Path, words: list[str]) -> None:
    """Outside a round nothing is sent, drafted, recorded or collected: the shipped campaign is nobody's."""
    done = run(tmp_path, *words, GREENXL_IMAP_URL="imaps://x:y@localhost:1")
    assert done.returncode == 2
    assert "This is no round: neither this folder nor one above it" in done.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("words", "url", "message"),
    [
        pytest.param([], "imaps://localhost:1", "No user is named", id="no-user"),
        pytest.param(["--from", "张三"], "imaps://x:y@localhost:1", "--from wants a mail address", id="from"),
        pytest.param(["--mailbox", "a\nb"], "imaps://x:y@localhost:1", "--mailbox a name", id="mailbox"),
        pytest.param(["--since", "soon"], "imaps://x:y@localhost:1", "--since", id="since"),
    ],
)
def test_what_cannot_be_collected_is_one_sentence(
    round_: Path, words: list[str], url: str, message: str
) -> None:
    """A missing user or an option that cannot be meant has exit code 2."""
    done = run(round_, "collect", *words, GREENXL_IMAP_URL=url)
    assert done.returncode == 2
    assert message in done.stderr


def test_collecting_from_an_unreachable_server_is_one_sentence(round_: Path) -> None:
    """Exit code 3 and the server's name."""
    port = free_port()
    done = run(round_, "collect", GREENXL_IMAP_URL=f"imaps://x:geheim@localhost:{port}")
    assert done.returncode == 3
    assert f"localhost:{port}: the server cannot be reached" in done.stderr
    assert "geheim" not in done.stdout + done.stderr


@pytest.mark.skipif(bool(missing_dovecot()), reason=missing_dovecot() or "")
def test_collecting_prints_what_came_and_the_tally(round_: Path, authority: Authority) -> None:
    """The attachment is in returned/, its path is printed; a second run has nothing to do."""
    sample = SAMPLES / "returned" / "果里镇-评分表-2021.xls"
    with public_folder() as folder, dovecot(folder, authority, ["zjj"]) as boxes:
        boxes.put("zjj", received((sample.name, sample.read_bytes()), sender="b@example.cn"))
        environment = {
            "GREENXL_IMAP_URL": f"imaps://{quote(f'zjj@{DOMAIN}', '')}:{PASSWORD}@{HOST}:{boxes.imaps}",
            "SSL_CERT_FILE": str(authority.file),
        }
        done = run(round_, "collect", **environment)
        again = run(round_, "collect", "--mailbox", "INBOX", "--since", "2021-09-01", **environment)
    (file,) = (path for path in (round_ / "returned").rglob("*") if path.is_file())
    assert (done.returncode, done.stderr) == (0, "")
    assert f"  {file.relative_to(round_)}\n1 files collected, 0 were there already" in done.stdout
    assert file.read_bytes() == sample.read_bytes()
    assert "0 files collected" in again.stdout


@pytest.mark.parametrize("command", ["send", "mark", "collect"])
def test_every_mail_command_explains_itself(tmp_path: Path, command: str) -> None:
    """--help is no error, and needs no round."""
    done = run(tmp_path, command, "--help")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith(f"Usage: greenxl {command} [OPTIONS]")


def test_a_console_that_knows_no_chinese_is_no_failure(round_: Path) -> None:
    """In a process of its own with ASCII streams, characters are replaced and the drafts are whole."""
    done = run_process(round_, "send", "blank", PYTHONIOENCODING="ascii")
    assert (done.returncode, done.stderr) == (0, "")
    assert "??? <b@example.cn>: to be sent" in done.stdout
    assert len(list((round_ / "drafts").iterdir())) == 6


def report_of(round_: Path, address: str, *, delayed: bool = False) -> None:
    """Let a server's report about the first mail to an address have been collected, today."""
    log = (round_ / "sendlog.jsonl").read_text("utf-8").splitlines()
    key = next(one["key"] for one in map(json.loads, log) if one["address"] == address)
    bounce = {"address": address, "reason": "550 no such user", "delayed": delayed}
    bounce |= {"message_id": f"<{key[:32]}.0@example.cn>", "mentioned": []}
    record = {"mailbox": "m", "validity": 1, "uids": [1], "day": f"{date.today():%Y%m%d}"}
    with (round_ / "collected.jsonl").open("a", encoding="utf-8") as journal:
        journal.write(json.dumps({**record, "undelivered": [bounce]}) + "\n")


def test_what_came_back_is_due_at_another_address_or_on_demand(round_: Path, authority: Authority) -> None:
    """Until then send says why it does not send, and status that it did not arrive."""
    postman = Postman()
    with server(authority, postman) as environment:
        assert run(round_, "send", "blank", "--send", **environment).returncode == 0
        report_of(round_, TOWNS[1])
        held = run(round_, "send", "blank", "--send", **environment)
        assert held.returncode == 3
        assert (
            f"果里镇 <{TOWNS[1]}>: came back undelivered on {date.today()} (“550 no such user”)"
            in held.stdout
        )
        assert f"--resend for: 果里镇 <{TOWNS[1]}>\n" in held.stdout
        status = run(round_, "status").stdout
        assert (
            f"Undelivered, reported on {date.today()}: a mail to 果里镇 <{TOWNS[1]}> (550 no such user)"
            in status
        )
        fill_in(round_ / "campaign.xlsx", [None, "new@example.cn"])
        assert "1 sent, 0 refused" in run(round_, "send", "blank", "--send", **environment).stdout
        fill_in(round_ / "campaign.xlsx", [None, TOWNS[1]])
        assert "1 sent, 0 refused" in run(round_, "send", "blank", "--send", "--resend", **environment).stdout
    first, second = postman.to(TOWNS[1])
    assert first["Message-ID"] != second["Message-ID"], "servers drop what has the id of an earlier mail"
    assert len(postman.to("new@example.cn")) == 1
    assert "Undelivered" not in run(round_, "status").stdout


def test_a_delay_is_told_and_sends_nothing_again(round_: Path, authority: Authority) -> None:
    """The server still tries; a second copy would arrive, too."""
    with server(authority, Postman()) as environment:
        assert run(round_, "send", "blank", "--send", **environment).returncode == 0
        report_of(round_, TOWNS[1], delayed=True)
        assert run(round_, "send", "blank", "--send", **environment).returncode == 0
    assert (
        f"Delayed, reported on {date.today()}: a mail to 果里镇 <{TOWNS[1]}>" in run(round_, "status").stdout
    )


def test_what_came_back_can_go_by_hand(round_: Path, authority: Authority) -> None:
    """It is drafted again with --resend, and recorded as sent by hand."""
    with server(authority, Postman()) as environment:
        assert run(round_, "send", "blank", "--send", **environment).returncode == 0
    report_of(round_, TOWNS[1])
    assert run(round_, "send", "blank", "--resend").returncode == 0
    assert run(round_, "mark", "sent", "果里").returncode == 0
    assert "果里镇 <b@example.cn>: sent by hand on " in run(round_, "send", "blank").stdout
