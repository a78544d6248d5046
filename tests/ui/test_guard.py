"""Nobody but a browser with the key of this start, on the page itself, is answered."""

import pytest
from flask import Request
from werkzeug.test import EnvironBuilder

from greenxl.ui.guard import Guard

GUARD = Guard(8000, "secret")
HERE = "127.0.0.1:8000"


def request(method: str = "GET", path: str = "/", *, cookie: str = "", **headers: str) -> Request:
    given = {"Host": HERE, **({"Cookie": f"greenxl_8000={cookie}"} if cookie else {}), **headers}
    built = EnvironBuilder(path=path, method=method, headers=list(given.items()))
    return Request(built.get_environ())


def test_the_key_admits_by_address_then_by_cookie() -> None:
    """The address is for a GET alone; the cookie's name holds the port."""
    assert GUARD.address == "http://127.0.0.1:8000/?key=secret"
    assert GUARD.refusal(request(path="/?key=secret")) is None
    assert GUARD.refusal(request(cookie="secret")) is None
    assert GUARD.refusal(request("POST", "/?key=secret", Origin=f"http://{HERE}")) is not None


@pytest.mark.parametrize("path", ["/", "/?key=wrong", "/static/page.js", "/progress"])
def test_without_the_key_nothing_is_answered(path: str) -> None:
    """Neither the page nor what belongs to it; a wrong cookie is none."""
    assert "no valid key" in (GUARD.refusal(request(path=path)) or "")
    assert "no valid key" in (GUARD.refusal(request(path=path, cookie="wrong")) or "")


@pytest.mark.parametrize("host", ["evil.example", "evil.example:8000", "127.0.0.1:8001", "[::1]:8000", ""])
def test_a_foreign_host_is_refused(host: str) -> None:
    """A name that was made to lead here (DNS rebinding) is not ours."""
    assert GUARD.refusal(request(cookie="secret", Host=host)) is not None


@pytest.mark.parametrize(
    "origin", ["http://evil.example", "null", "http://127.0.0.1:8001", "https://127.0.0.1:8000"]
)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_foreign_origin_is_refused(origin: str, method: str) -> None:
    """Another page can make a browser send its request, but not hide where that came from."""
    assert "Another page" in (GUARD.refusal(request(method, cookie="secret", Origin=origin)) or "")


def test_a_change_needs_an_origin() -> None:
    """What changes something is taken from the page alone, which browsers say."""
    assert GUARD.refusal(request("POST", cookie="secret")) is not None
    assert GUARD.refusal(request("POST", cookie="secret", Origin=f"http://{HERE}")) is None
