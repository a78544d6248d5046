"""The week of a round in a real browser, by who never saw a terminal."""

import shutil
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import psutil
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Route, expect

from tests.conftest import SAMPLES
from tests.tools.pages import Started, journal
from tests.tools.scripted import ScriptedSmtp, scripted
from tests.ui.conftest import FOREIGN, Serve

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
    found = page.eval_on_selector_all(".strong", "found => found.map(one => one.id || one.htmlFor)")
    return [str(one) for one in found]


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
    assert "文件夹“各轮”里没有 campaign.xlsx，不是一轮工作" in messages(page)
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


def test_by_the_keyboard_alone(wide_page: Page, serve: Serve, round_: Path) -> None:
    """Every button is reached by Tab and pressed by Enter, and the focus stays where it was."""
    page = wide_page
    show(page, serve(round_, *DAY))
    go_to(page, "blanks")
    page.keyboard.press("Enter")
    rest(page)
    assert len(list((round_ / "blank").glob("*.xlsx"))) == 3
    assert page.evaluate("document.activeElement.id") in ("blanks", "heading")
    go_to(page, "files")
    outline = "getComputedStyle(document.querySelector('label[for=files]')).outlineStyle"
    assert page.evaluate(outline) == "solid"
    with page.expect_file_chooser(timeout=8_000) as chooser:
        page.keyboard.press("Space")
    chooser.value.set_files(sorted(RETURNED.iterdir()))
    rest(page)
    for _half in range(2):
        go_to(page, "report")
        page.keyboard.press("Enter")
        rest(page)
    assert len(list((round_ / "report").glob("*.xlsx"))) == 4
    go_to(page, "close")
    page.keyboard.press("Space")
    expect(page.locator("h1")).to_have_text("已关闭")


def go_to(page: Page, element: str) -> None:
    """Press Tab until an element has the focus."""
    for _press in range(120):
        if page.evaluate("document.activeElement.id") == element:
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{element} is not reached")


def test_a_folder_is_dropped(wide_page: Page, serve: Serve, round_: Path, tmp_path: Path) -> None:
    """A folder keeps its name, which says whose its files are; the same again is not taken in twice."""
    page = wide_page
    shutil.copytree(RETURNED, tmp_path / "收到" / "城区街道")
    show(page, serve(round_, *DAY))
    for said in ("收下4个文件", "没有重复收"):
        page.set_input_files("#folder", tmp_path / "收到")
        rest(page)
        assert said in messages(page)
    kept = list((round_ / "returned" / "收到" / "城区街道").iterdir())
    assert len(kept) == 4
    page.evaluate(DROPPED)
    rest(page)
    assert "收下1个文件" in messages(page)
    assert (round_ / "returned" / "拖来.txt").read_text("utf-8") == "拖"


DROPPED = """() => {
  const transfer = new DataTransfer();
  transfer.items.add(new File(["拖"], "拖来.txt"));
  document.dispatchEvent(new DragEvent("drop", {dataTransfer: transfer, bubbles: true, cancelable: true}));
}"""


def test_what_is_too_large_is_named(wide_page: Page, serve: Serve, round_: Path, tmp_path: Path) -> None:
    """A file of 60 MB stays out with a sentence; what was dropped with it is taken in."""
    page = wide_page
    large = tmp_path / "大.xlsx"
    with large.open("wb") as file:
        file.truncate(60 * 1024 * 1024)
    show(page, serve(round_, *DAY))
    drop(page, large, *RETURNED.glob("索镇*"))
    assert "大.xlsx：超过40 MiB，没有收下" in page.inner_text("#too-large")
    assert "收下1个文件" in messages(page)
    assert [path.name for path in (round_ / "returned").iterdir()] == ["索镇-评分表-2021.ods"]


def test_hostile_files_and_names(wide_page: Page, serve: Serve, round_: Path, tmp_path: Path) -> None:
    """Each is named with a reason, and a name that is markup is text."""
    page = wide_page
    odd = tmp_path / "odd"
    shutil.copytree(SAMPLES / "spoiled", odd)
    (odd / "<img src=x onerror=alert(1)>.xlsx").write_bytes(b"\0" * 100)
    (odd / "空.xlsx").write_bytes(b"")
    show(page, serve(round_, *DAY))
    drop(page, *sorted(odd.iterdir()))
    page.click("#files-list summary")
    assert "_img src=x onerror=alert(1)_.xlsx" in page.inner_text("#files-list")
    assert page.locator("main img").count() == 0
    assert "拒收" in page.inner_text("#files-list")
    assert "重复待定 1" in page.inner_text("main")
    assert serious(page) == []


def test_a_campaign_with_faults(wide_page: Page, serve: Serve, round_: Path) -> None:
    """Sheet and row are named, opening it is the one strong button, and correcting it is enough."""
    page = wide_page
    campaign = round_ / "campaign.xlsx"
    good = campaign.read_bytes()
    book = openpyxl.load_workbook(campaign)
    book["目标"]["B2"] = 3000
    book.save(campaign)
    started = serve(round_, *DAY)
    show(page, started)
    assert "目标，第 2 行" in messages(page)
    assert strong(page) == ["open-campaign"]
    press(page, "open-campaign")
    assert started.last_opened(1) == "campaign.xlsx"
    campaign.write_bytes(good)
    page.reload()
    rest(page)
    assert messages(page) == ""
    assert strong(page) == ["blanks"]
    for lock in (".~lock.campaign.xlsx#", "~$campaign.xlsx"):
        (round_ / lock).write_text("")
        press(page, "check-again")
        assert "请在那里保存并关闭" in messages(page)
        (round_ / lock).unlink()
    page.evaluate(DROPPED)
    expect(page.locator("#too-large")).to_contain_text("改正方案")
    campaign.unlink()
    press(page, "check-again")
    assert "文件夹“桓台县2021”里没有 campaign.xlsx，不是一轮工作" in messages(page)
    assert "greenxl" not in page.inner_text("body")


@pytest.mark.parametrize(
    "act",
    [lambda page: page.click("#check-again"), lambda page: drop(page, *RETURNED.iterdir())],
    ids=["press", "drop"],
)
def test_the_round_is_deleted(
    wide_page: Page, serve: Serve, round_: Path, act: Callable[[Page], None]
) -> None:
    """One sentence, and the choice of another round; what is dropped does not make the folder anew."""
    page = wide_page
    show(page, serve(round_, *DAY))
    shutil.rmtree(round_)
    act(page)
    rest(page)
    assert "文件夹“桓台县2021”不见了" in messages(page)
    assert page.locator("#first-round").is_visible()
    assert not round_.exists()


def test_the_server_is_stopped(wide_page: Page, serve: Serve, round_: Path) -> None:
    """The page says that the program is closed, and what to do."""
    page = wide_page
    started = serve(round_, *DAY)
    show(page, started)
    started.process.kill()
    started.process.wait()
    page.click("#check-again")
    expect(page.locator("#gone")).to_be_visible()
    assert "什么都没有丢" in page.inner_text("#gone")


def test_the_server_is_stopped_while_files_come_in(wide_page: Page, serve: Serve, round_: Path) -> None:
    """How many came in is said, and that all may be dropped again."""
    page, taken = wide_page, list[int]()
    started = serve(round_, *DAY)
    show(page, started)

    def second_one_fails(route: Route) -> None:
        taken.append(1)
        if len(taken) == 2:
            started.process.kill()
            started.process.wait()
        route.continue_()

    page.route("**/files", second_one_fails)
    page.set_input_files("#files", sorted(RETURNED.iterdir()))
    expect(page.locator("#gone")).to_be_visible()
    assert "程序关闭前收下了1个文件" in page.inner_text("#too-large")
    assert len(list((round_ / "returned").iterdir())) == 1


def test_a_file_is_open_in_another_program(
    wide_page: Page, serve: Serve, round_: Path, tmp_path: Path
) -> None:
    """It is named with what to do, the others are taken in, and its lock file is no return."""
    page = wide_page
    folder = shutil.copytree(RETURNED, tmp_path / "收到")
    (folder / "~$索镇-评分表-2021.ods").write_bytes(bytes(165))
    files = sorted(folder.iterdir())
    show(page, serve(round_, *DAY))

    def cannot_be_read(route: Route) -> None:
        (folder / "城区街道-评分表-2021.xlsx").unlink(missing_ok=True)
        route.continue_()

    page.route("**/files", cannot_be_read)
    drop(page, *files)
    assert "城区街道-评分表-2021.xlsx：读不出来" in page.inner_text("#too-large")
    assert "收下4个文件" in messages(page)
    assert page.locator("#gone").is_hidden()
    page.click("#files-list summary")
    assert "临时文件、隐藏文件或系统文件，跳过" in page.inner_text("#files-list")


def test_two_hundred_files_at_once(wide_page: Page, serve: Serve, round_: Path, tmp_path: Path) -> None:
    """All are taken in; of those that were there already the first ones are named, and how many more."""
    page = wide_page
    (tmp_path / "returned").mkdir()
    many(tmp_path, 200)
    files = sorted((tmp_path / "returned").iterdir())
    show(page, serve(round_, *DAY))
    drop(page, *files)
    assert "收下200个文件" in messages(page)
    assert len(list((round_ / "returned").iterdir())) == 200
    drop(page, *files[:30])
    assert "还有10个文件也是这样" in messages(page)
    assert page.locator("#messages .message").count() == 1


def test_a_window_of_another_round_changes_nothing(wide_page: Page, serve: Serve, round_: Path) -> None:
    """What is dropped into it goes to no round; it shows the round that the other window opened."""
    page = wide_page
    show(page, serve(round_, *DAY))
    other = page.context.new_page()
    other.goto(page.url)
    rest(other)
    other.click("#to-another")
    press(other, "begin")
    drop(page, *RETURNED.iterdir())
    assert "另一个窗口换了一轮，刚才的操作没有执行。现在这一轮是： 桓台县2022" in messages(page)
    assert page.inner_text("#heading") == "桓台县绿色社区创建 2022年"
    assert list(round_.parent.glob("桓台县*/returned/*")) == []


def test_strangers_are_refused(browser: Browser, wide_page: Page, serve: Serve, round_: Path) -> None:
    """A browser without the key, under a foreign name, and a form of another site, each with a sentence."""
    started = serve(round_, *DAY)
    page = wide_page
    show(page, started)
    without_key = browser.new_context(locale="zh-CN")
    stranger = without_key.new_page()
    for address in (started.root, started.address.replace("127.0.0.1", FOREIGN)):
        answer = stranger.goto(address)
        assert answer
        assert (answer.status, stranger.inner_text("h1")) == (403, "无法显示")
    without_key.close()
    page.goto(f"data:text/html,<form method=post action={started.root}do/blanks><button>x</button></form>")
    page.click("button")
    expect(page.locator("h1")).to_have_text("无法显示")
    assert list((round_ / "blank").iterdir()) == []


def test_two_windows_never_do_two_things(wide_page: Page, serve: Serve, round_: Path) -> None:
    """While one makes the workbook, the other is told to wait; there is one workbook."""
    page = wide_page
    many(round_, 200)
    show(page, serve(round_, *DAY))
    other = page.context.new_page()
    show(other, Started(page.url, None, round_))  # type: ignore[arg-type]
    answers = page.evaluate(
        """async () => (await Promise.all([1, 2, 3].map(() => fetch("/do/report",
            {method: "POST", headers: {"X-Greenxl-Fragment": "1"}}).then((one) => one.text()))))"""
    )
    assert sum("请等它做完再试" in one for one in answers) >= 1
    other.reload()
    rest(other)
    assert len(list((round_ / "report").glob("*.xlsx"))) == 2


def many(round_: Path, count: int) -> None:
    """Put so many returns into a round, each with other bytes."""
    [file] = RETURNED.glob("五里*")
    data = file.read_bytes()
    for number in range(count):
        (round_ / "returned" / f"{number}.xlsx").write_bytes(data)
        zip_comment(round_ / "returned" / f"{number}.xlsx", str(number))


def zip_comment(path: Path, comment: str) -> None:
    with zipfile.ZipFile(path, "a") as box:
        box.comment = comment.encode()


def test_the_bar_moves_and_the_page_answers(wide_page: Page, serve: Serve, round_: Path) -> None:
    """Of 500 files the bar shows how many are done; meanwhile another window is answered at once.

    So it is too while the disk gives nothing to those who read: here, they are halted for a while.
    """
    page = wide_page
    many(round_, 500)
    started = serve(round_, *DAY)
    page.goto(started.address)
    expect(page.locator("#bar")).to_be_visible()
    seen: list[int] = []
    slowest = 0.0
    readers = psutil.Process(started.process.pid).children(recursive=True)
    for reader in readers:
        reader.suspend()
    assert page.evaluate("fetch('/').then((one) => one.status)") == 200
    page.wait_for_timeout(1_000)
    assert page.locator("#top[data-running]").count() == 1
    for reader in readers:
        reader.resume()
    while page.locator("#top[data-running]").count():
        bar = page.evaluate("document.getElementById('bar')?.value ?? null")
        seen += [] if bar is None else [int(bar)]
        before = time.monotonic()
        assert page.evaluate("fetch('/').then((one) => one.status)") == 200
        slowest = max(slowest, time.monotonic() - before)
        page.wait_for_timeout(50)
    assert seen == sorted(seen), "it does not go back"
    assert any(0 < done < 500 for done in seen), "it shows what is done on the way"
    assert len(set(seen)) > 1
    assert slowest < 5
    assert page.locator("#files-list li").count() == 500


def test_mail_goes_out_only_when_it_was_seen_and_confirmed(
    wide_page: Page, serve: Serve, round_: Path
) -> None:
    """The recipients are listed; without the tick nothing goes out; then each is in the journal, once."""
    page, server = wide_page, ScriptedSmtp()
    shutil.copytree(RETURNED, round_ / "returned", dirs_exist_ok=True)
    with scripted(server) as address:
        started = serve(round_, *DAY, "--insecure", GREENXL_SMTP_URL=address)
        show(page, started)
        press(page, "report")
        press(page, "drafts-report")
        assert "没有发送" in messages(page)
        assert started.last_opened(1) == "drafts"
        assert server.messages == []
        page.click("#send-report")
        assert "@example.cn" in page.inner_text("#review")
        assert serious(page) == []
        press(page, "send")
        assert "请看过收件人清单" in messages(page)
        assert server.messages == []
        page.click("#send-report")
        page.check("#confirmed")
        press(page, "send")
        assert "已发送2封，未发送0封" in messages(page)
        page.click("#send-report")
        assert "已发送" in page.inner_text("#review")
        assert page.locator("#send").count() == 0
    assert len(server.messages) == 2
    assert [one["state"] for one in journal(round_ / "sendlog.jsonl")] == ["sending", "sent"] * 2


def test_a_withdrawn_file_comes_back(wide_page: Page, serve: Serve, round_: Path) -> None:
    """It lies beside the returns meanwhile, counts no more, and comes back under its name."""
    page = wide_page
    shutil.copytree(RETURNED, round_ / "returned", dirs_exist_ok=True)
    show(page, serve(round_, *DAY))
    page.click("#files-list summary")
    row = page.locator("#files-list li", has_text="果里镇")
    row.get_by_role("button").click()
    rest(page)
    assert "未报送 2" in page.inner_text("main")
    assert [path.name for path in (round_ / "撤回").iterdir()] == ["果里镇-评分表-2021.xls"]
    row.get_by_role("button").click()
    rest(page)
    assert "未报送 1" in page.inner_text("main")
    assert list((round_ / "撤回").iterdir()) == []


def test_next_year_begins_beside(wide_page: Page, serve: Serve, round_: Path) -> None:
    """The new round has this one's campaign for the next year, and this one is one press away."""
    page = wide_page
    started = serve(round_, *DAY)
    show(page, started)
    page.click("#another-round summary")
    press(page, "begin")
    assert page.inner_text("#heading") == "桓台县绿色社区创建 2022年"
    assert (round_.parent / "桓台县2022" / "campaign.xlsx").exists()
    assert serve(round_.parent / "桓台县2022").address == started.address
    assert serve(round_).address != started.address
    page.get_by_role("button", name="桓台县2021（在").click()
    rest(page)
    assert page.inner_text("#heading") == "桓台县绿色社区创建 2021年"


def test_without_script_the_forms_work(browser: Browser, serve: Serve, round_: Path) -> None:
    """Blanks, a return and the workbook by forms alone."""
    context = browser.new_context(java_script_enabled=False, locale="zh-CN")
    page = context.new_page()
    page.goto(serve(round_, *DAY).address)

    def settled() -> None:
        for _second in range(60):
            if not page.locator("#top[data-running]").count():
                return
            page.wait_for_timeout(500)
            page.reload()

    settled()
    page.click("#blanks")
    settled()
    page.set_input_files("#files", sorted(RETURNED.iterdir()))
    page.get_by_role("button", name="收下").click()
    settled()
    page.click("#report")
    settled()
    assert "已生成汇总表" in messages(page)
    assert len(list((round_ / "report").glob("*.xlsx"))) == 2
    context.close()
