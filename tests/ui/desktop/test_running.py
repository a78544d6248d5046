"""A second start finds the page that is open, and nothing else on its port."""

import http.server
import json
import threading
from pathlib import Path

import pytest

from greenxl.ui.desktop.running import announced, running_page

A, B = "http://127.0.0.1:1/?key=a", "http://127.0.0.1:2/?key=b"


def test_the_address_is_for_its_user_alone_and_goes_with_the_page(tmp_path: Path) -> None:
    """Its file can be read by nobody else; when the page ends, it goes."""
    file = tmp_path / "settings" / "running.json"
    with announced(file, A) as showing:
        assert not file.exists()
        showing(tmp_path)
        assert json.loads(file.read_text()) == {str(tmp_path): A}
        assert file.stat().st_mode & 0o077 == 0
    assert not file.exists()


def test_the_address_follows_the_round(tmp_path: Path) -> None:
    """A page is found by the round that it shows now; two pages do not push each other out."""
    file = tmp_path / "running.json"
    with announced(file, A) as first, announced(file, B) as second:
        first(tmp_path / "one")
        second(tmp_path / "two")
        first(tmp_path / "three")
        assert json.loads(file.read_text()) == {str(tmp_path / "two"): B, str(tmp_path / "three"): A}
        second(None)
        assert json.loads(file.read_text()) == {str(tmp_path / "three"): A}


@pytest.mark.parametrize("data", [b"", b"[]", b"{}", b'{"FOLDER": 1}', b'{"FOLDER": "http://evil.example/"}'])
def test_what_is_no_address_is_none(tmp_path: Path, data: bytes) -> None:
    """Only an address on this computer is asked."""
    file = tmp_path / "running.json"
    file.write_bytes(data.replace(b"FOLDER", str(tmp_path).encode()))
    assert running_page(file, tmp_path) is None


@pytest.mark.parametrize(("status", "known"), [(303, True), (200, False), (404, False)])
def test_only_our_own_page_is_gone_to(tmp_path: Path, status: int, known: bool) -> None:
    """It answers its key with a redirection; another program on that port does not."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            self.send_header("Location", "/")
            self.end_headers()

        def log_message(self, *_args: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        address = f"http://127.0.0.1:{server.server_address[1]}/?key=k"
        with announced(tmp_path / "running.json", address) as showing:
            showing(tmp_path)
            assert running_page(tmp_path / "running.json", tmp_path) == (address if known else None)
        server.shutdown()
    with announced(tmp_path / "running.json", address) as showing:
        showing(tmp_path)
        assert running_page(tmp_path / "running.json", tmp_path) is None
