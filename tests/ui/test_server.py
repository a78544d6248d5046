"""The server in a process of its own: on loopback alone, ended by button or Ctrl-C."""

import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

import psutil
import pytest

from tests.ui.conftest import Serve


def test_it_listens_on_loopback_alone_and_ends_with_ctrl_c(serve: Serve, round_: Path) -> None:
    """No other address of this computer is listened on; Ctrl-C is the ordinary end."""
    started = serve(round_)
    listening = [one.laddr for one in psutil.Process(started.process.pid).net_connections("inet")]
    assert {address.ip for address in listening} == {"127.0.0.1"}
    with pytest.raises(urllib.error.HTTPError, match="403"):
        urllib.request.urlopen(started.root)
    started.process.send_signal(signal.SIGINT)
    assert started.process.wait(20) in (0, 130)


def test_every_start_has_a_key_of_its_own(serve: Serve, round_: Path) -> None:
    """A second start on the same round leads to the first one's page, another round has its own."""
    first = serve(round_)
    again = serve(round_)
    assert again.address == first.address
    assert again.process.wait(20) == 0


def test_a_taken_port_is_a_sentence(round_: Path, tmp_path: Path) -> None:
    """With what to do, and exit code 3."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        command = [sys.executable, "-m", "greenxl", "ui", str(round_), "--port", str(port), "--no-browser"]
        done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 3
    assert done.stderr.startswith(f"Error: Port {port} cannot be used")
