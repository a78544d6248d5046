"""The week of a round in a real browser, by who never saw a terminal."""

import shutil
import time
from pathlib import Path

import openpyxl
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.conftest import SAMPLES
from tests.tools.pages import Started
from tests.ui.conftest import Serve

pytestmark = pytest.mark.slow
RETURNED = SAMPLES / "returned"
DAY = ("--as-of", "2021-09-20")


def show(page: Page, started: Started) -> None:
    page.goto(started.address)
    rest(page)


def rest(page: Page) -> None:
    """Wait until no work is under way."""
    expect(page.locator("html:not([aria-busy]) #top:not([data-running])")).to_be_attached(timeout=60_000)


def press(page: Page, name: str) -> None:
    page.click(f"#{name}")
    rest(page)


def drop(page: Page, *files: Path) -> None:
    """Choose files; dropping them goes the same way from there on."""
    page.set_input_files("#files", list(files))
    rest(page)


def messages(page: Page) -> str:
    return page.inner_text("#messages")


def strong(page: Page) -> list[str]:
    return page.eval_on_selector_all(".strong", "found => found.map(one => one.id || one.htmlFor)")


def serious(page: Page) -> list[str]:
    """Return the faults that axe-core finds serious or critical, each with its places."""
    found = Axe().run(page).response["violations"]
    return [
        f"{one['id']}: {[node['target'] for node in one['nodes']][:3]}"
        for one in found
        if one["impact"] in ("serious", "critical")
    ]


def test_the_week_of_a_round(page: Page, serve: Serve, tmp_path: Path) -> None:
    """Begin, blanks, good and odd and hostile files, correct one, withdraw one, merge, open: by buttons."""
    (tmp_path / "各轮").mkdir()
    started = serve(tmp_path / "各轮", *DAY)
    show(page, started)
    assert strong(page) == ["begin"]
    page.fill("#new-year", "2021")
    page.fill("#new-name", "桓台县2021")
    press(page, "begin")
    round_ = tmp_path / "各轮" / "桓台县2021"
    assert "已经开始" in messages(page)
    assert page.inner_text("#heading") == "桓台县绿色社区创建 2021年"
    assert (round_ / "打开评分汇总.desktop").exists()
    assert strong(page) == ["blanks"]

    press(page, "blanks")
    assert len(list((round_ / "blank").glob("*.xlsx"))) == 3
    assert strong(page) == ["files"]

    hostile = SAMPLES / "spoiled" / "其实是PDF-西镇社区.xlsx"
    drop(page, *sorted(RETURNED.iterdir()), hostile)
    assert "收下5个文件" in messages(page)
    assert "达标 15" in page.inner_text("#step-3 ~ .state")
    assert strong(page) == ["remind-0"]
    page.click("#found-0 summary")
    assert "宝发社区!E21、E23" in page.inner_text("#found-0")
    assert serious(page) == []

    page.click("#remind-0")
    expect(page.locator("#remind-0")).to_have_text("已复制，请粘贴到微信、QQ")
    assert "玫瑰城社区" in page.evaluate("navigator.clipboard.readText()")
    page.click("#text-of-0 summary")
    press(page, "reminded-0")
    assert "已催报" in page.inner_text(".history >> nth=0")
    assert strong(page) == ["report"]

    press(page, "copy-0")
    assert (round_ / "sendback" / started.last_opened(1)).name == "城区街道-退回修改-2021.xlsx"

    page.click("#files-list summary")
    page.locator("#files-list li", has_text="其实是PDF").get_by_text("撤回").click()
    rest(page)
    assert "已撤回" in messages(page)
    assert not (round_ / "returned" / hostile.name).exists()
    assert (round_ / "撤回" / hostile.name).read_bytes() == hostile.read_bytes()

    press(page, "report")
    assert "已生成汇总表" in messages(page)
    assert len(list((round_ / "report").glob("*.xlsx"))) == 2
    press(page, "open-report")
    assert started.last_opened(2) == "桓台县绿色社区创建-2021年汇总-2021-09-20.xlsx"
    assert "达标率71.4%（15/21" in page.inner_text(".headline")
    assert page.locator("svg[role=img]").count() == 2
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert serious(page) == []


def test_a_corrected_return_makes_the_workbook_old(wide_page: Page, serve: Serve, round_: Path) -> None:
    """The page sees what came without it, says that the workbook is older, and what changed with the next."""
    page = wide_page
    shutil.copytree(RETURNED, round_ / "returned", dirs_exist_ok=True)
    started = serve(round_, *DAY)
    show(page, started)
    press(page, "report")
    time.sleep(1.1)
    file = round_ / "returned" / "城区街道-评分表-2021.xlsx"
    book = openpyxl.load_workbook(file)
    for cell in ("E21", "E23"):
        book["宝发社区"][cell] = 5
    book.save(file)
    page.reload()
    page.wait_for_timeout(200)
    rest(page)
    assert "有1个文件晚于汇总表" in page.inner_text("main")
    assert "填报不全 0" in page.inner_text("main")
    press(page, "report")
    assert "与上次" in messages(page)
