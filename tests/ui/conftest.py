"""What the tests of the page share: a round, its page in a process, and one browser for all."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from greenxl.rounds import demo
from greenxl.rounds.folder import begin
from greenxl.ui.desktop.remembered import Remembered
from greenxl.ui.session import Session
from tests.tools.campaigns import changed, state
from tests.tools.pages import ARGUMENTS, CHROMIUM, Started, page_server

Serve = Callable[..., Started]
FOREIGN = "foreign.example"
"""A name that leads the browser to this computer, as DNS rebinding makes one."""


@pytest.fixture
def round_(tmp_path: Path) -> Path:
    """A begun round with the sample campaign, in which everyone has an address, and no return."""
    folder = tmp_path / "桓台县2021"
    begin(folder, changed(demo.campaign(), lambda book: state(book, 发件人="住建局 <zjj@example.cn>")))
    return folder


@pytest.fixture
def session(round_: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Session]:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    made = Session(Remembered(tmp_path / "rounds.json"), [tmp_path], today=lambda: date(2021, 9, 20))
    made.open(round_)
    yield made
    made.jobs.stop()


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Serve]:
    """Serve the page of a folder until the test ends."""
    with ExitStack() as stack:

        def start(folder: Path, *options: str, **environment: str) -> Started:
            server = page_server(folder, tmp_path / "home", *options, **environment)
            return stack.enter_context(server)

        yield start


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if not Path(CHROMIUM).exists():
        pytest.skip("chromium is not here")
    with sync_playwright() as playwright:
        rebinding = f"--host-resolver-rules=MAP {FOREIGN} 127.0.0.1"
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=[*ARGUMENTS, rebinding])
        yield started
        started.close()


@pytest.fixture(params=[1280, 390], ids=["wide", "phone"])
def page(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    yield from _page(browser, request.param)


@pytest.fixture
def wide_page(browser: Browser) -> Iterator[Page]:
    yield from _page(browser, 1280)


def _page(browser: Browser, width: int) -> Iterator[Page]:
    """Give a page of a browser of its own, which no script or policy may complain in."""
    context = browser.new_context(viewport={"width": width, "height": 900}, locale="zh-CN")
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    opened, errors = context.new_page(), list[str]()
    opened.on("pageerror", lambda error: errors.append(str(error)))
    opened.on("console", lambda line: errors.append(line.text) if "Content Security" in line.text else None)
    yield opened
    context.close()
    assert errors == []
