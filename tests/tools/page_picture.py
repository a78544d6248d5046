"""Renders the picture of the page, docs/ui.png, from the page itself: the sample round in Chromium."""

import os
import shutil
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import expect, sync_playwright

from greenxl.campaign.checks import load
from greenxl.rounds import demo
from greenxl.rounds.folder import begin
from greenxl.rounds.written import write_blanks
from tests.tools.pages import ARGUMENTS, CHROMIUM, page_server

ROOT = Path(__file__).parent.parent.parent
PICTURE = ROOT / "docs" / "ui.png"
_RETURNED = datetime(2021, 9, 18, 9).timestamp()
_SIZE = {"width": 1180, "height": 900}


def missing() -> str | None:
    """Return why the picture cannot be made here."""
    return None if Path(CHROMIUM).exists() else "chromium is not here"


def update() -> None:
    with TemporaryDirectory() as name:
        folder = Path(name) / "桓台县2021"
        begin(folder, demo.campaign())
        campaign = load(folder)
        list(write_blanks(campaign, [town.name for town in campaign.towns], folder / "blank"))
        shutil.copytree(ROOT / "samples" / "returned", folder / "returned", dirs_exist_ok=True)
        for file in (folder / "returned").iterdir():
            os.utime(file, (_RETURNED, _RETURNED))
        with page_server(folder, Path(name) / "home", "--as-of", "2021-09-20") as started:
            _take(started.address)


def _take(address: str) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        page = browser.new_page(viewport=_SIZE, locale="zh-CN")  # type: ignore[arg-type]
        page.goto(address)
        expect(page.locator("#top:not([data-running])")).to_be_attached(timeout=60_000)
        page.click("#found-0 summary")
        page.mouse.move(0, 0)
        page.screenshot(path=PICTURE, full_page=True)
        browser.close()
