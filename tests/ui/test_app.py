"""The addresses answer behind the guard, and whatever is wrong with a request is a sentence."""

import io
import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from greenxl.ui.app import create_app
from greenxl.ui.guard import Guard
from greenxl.ui.returned import id_of
from greenxl.ui.session import Session
from tests.conftest import SAMPLES
from tests.ui.test_session import look

ROOT = "http://127.0.0.1:8000"
FRAGMENT = {"X-Greenxl-Fragment": "1", "Origin": ROOT}


@pytest.fixture
def closed() -> list[str]:
    return []


@pytest.fixture
def client(session: Session, closed: list[str]) -> Iterator[FlaskClient]:
    look(session)
    app = create_app(session, Guard(8000, "secret"), lambda: closed.append("closed"))
    with app.test_client() as found:
        answer = found.get("/?key=secret", base_url=ROOT)
        cookie = answer.headers["Set-Cookie"]
        assert (answer.status_code, answer.headers["Location"]) == (303, "/")
        assert all(word in cookie for word in ("HttpOnly", "SameSite=Strict", "Path=/"))
        yield found


def test_every_answer_is_sealed(client: FlaskClient) -> None:
    """No script, style or frame but our own; and no inline style or script is needed."""
    for path in ("/", "/part", "/static/page.js", "/nothing"):
        answer = client.get(path, base_url=ROOT)
        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Referrer-Policy"] == "same-origin"
        answer.close()
    page = client.get("/", base_url=ROOT).text
    assert " style=" not in page
    assert "onclick" not in page
    assert "<script>" not in page


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_strangers_get_a_sentence(session: Session, method: str) -> None:
    """Without the key nothing is shown or done, and nothing of the round is said."""
    app = create_app(session, Guard(8000, "secret"), lambda: None)
    for path in ("/", "/part", "/do/blanks", "/close", "/files"):
        answer = app.test_client().open(path, method=method, base_url=ROOT, headers={"Origin": ROOT})
        assert answer.status_code == 403
        assert "桓台" not in answer.text
        assert "no valid key" in answer.text


def test_a_form_of_another_site_does_nothing(client: FlaskClient, round_: Path) -> None:
    """Though the browser has the cookie."""
    for headers in ({"Origin": "http://evil.example"}, {"Origin": "null"}, {}):
        assert client.post("/do/blanks", base_url=ROOT, headers=headers).status_code == 403
    foreign = client.get("/", base_url="http://evil.example:8000")
    assert foreign.status_code == 403
    assert list((round_ / "blank").iterdir()) == []


def test_a_file_comes_in_by_its_cleaned_name(client: FlaskClient, round_: Path) -> None:
    """Never outside of the returns; the campaign stays."""
    before = (round_ / "campaign.xlsx").read_bytes()
    for name in ("../campaign.xlsx", "..\\..\\campaign.xlsx", "/campaign.xlsx"):
        sent = {"file": (io.BytesIO(b"x" * len(name)), name)}
        assert client.post("/files", data=sent, base_url=ROOT, headers=FRAGMENT).status_code == 200
    assert (round_ / "campaign.xlsx").read_bytes() == before
    assert len(list((round_ / "returned").iterdir())) == 3


def test_another_window_s_round_is_left_alone(client: FlaskClient, round_: Path) -> None:
    """A window that shows another round than the session's is told so; nothing is done or taken in."""
    foreign = {**FRAGMENT, "X-Greenxl-Round": "other"}
    assert "Another round was opened" in client.post("/do/blanks", base_url=ROOT, headers=foreign).text
    sent = {"file": (io.BytesIO(b"x"), "x.xlsx")}
    assert client.post("/files", data=sent, base_url=ROOT, headers=foreign).status_code == 409
    assert [*(round_ / "blank").iterdir(), *(round_ / "returned").iterdir()] == []
    own = {**FRAGMENT, "X-Greenxl-Round": id_of(str(round_))}
    sent = {"file": (io.BytesIO(b"x"), "x.xlsx")}
    assert client.post("/files", data=sent, base_url=ROOT, headers=own).status_code == 200


def test_the_page_is_whole_while_a_check_fails(client: FlaskClient, session: Session, round_: Path) -> None:
    """What was found goes away while the page is made."""

    def today() -> date:
        session.found = None
        return date(2021, 9, 20)

    shutil.copy(next((SAMPLES / "returned").glob("索镇*")), round_ / "returned")
    look(session)
    session.today = today
    page = client.get("/part", base_url=ROOT)
    assert (page.status_code, "chart-title" in page.text) == (200, True)


@pytest.mark.parametrize(
    ("path", "method", "code"),
    [("/nothing", "GET", 404), ("/do/blanks", "GET", 405), ("/../campaign.xlsx", "GET", 404),
     ("/static/../app.py", "GET", 404), ("/?send=nothing", "GET", 200)],
)  # fmt: skip
def test_a_wrong_address_is_a_sentence(client: FlaskClient, path: str, method: str, code: int) -> None:
    """No traceback, and no file that is not ours to show."""
    answer = client.open(path, method=method, base_url=ROOT)
    assert answer.status_code == code
    assert "There is nothing at this address." in answer.text


def test_a_request_that_is_too_large_is_a_sentence(client: FlaskClient, round_: Path) -> None:
    """Here the limit is lowered; nothing of it is kept."""
    client.application.config["MAX_CONTENT_LENGTH"] = 100
    sent = {"file": (io.BytesIO(bytes(200)), "x.xlsx")}
    answer = client.post("/files", data=sent, base_url=ROOT, headers=FRAGMENT)
    assert (answer.status_code, "Drop fewer files" in answer.text) == (413, True)
    assert list((round_ / "returned").iterdir()) == []


def test_closing_says_so(client: FlaskClient, closed: list[str]) -> None:
    """The last page needs nothing of the server any more."""
    answer = client.post("/close", base_url=ROOT, headers=FRAGMENT)
    assert (closed, "You can close this window now" in answer.text) == (["closed"], True)


def test_a_damaged_journal_is_a_sentence(client: FlaskClient, round_: Path) -> None:
    """The page still shows which round it is."""
    (round_ / "sendlog.jsonl").write_text("{\n")
    page = client.get("/", base_url=ROOT).text
    assert "the journal is damaged" in page
    assert "桓台县绿色社区创建" in page
