"""The Chinese catalogue is complete and compiled, and the language is chosen as people set it."""

import ast
import os
import re
import subprocess
import sys

import pytest

from greenxl.i18n import WORDS, choose_language
from tests.tools import catalogue


def test_every_message_is_translated() -> None:
    """The stored catalogue holds exactly the code's messages, each with a translation."""
    assert catalogue.po_bytes(catalogue.merged()) == catalogue.PO.read_bytes()
    assert [message.id for message in catalogue.stored() if not message.string] == []


def test_the_compiled_catalogue_is_fresh() -> None:
    """The .mo file is what compiling the .po files gives."""
    assert catalogue.mo_bytes() == catalogue.MO.read_bytes()


def test_no_message_hides_in_an_f_string() -> None:
    """Before Python 3.12 nothing finds a message there, so the catalogue would depend on the version."""
    for file in catalogue.PACKAGE.rglob("*.py"):
        for text in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(text, ast.JoinedStr):
                assert not re.search(r"\bN?_\(['\"]", ast.unparse(text)), f"{file.name}:{text.lineno}"


FIELDS = re.compile(r"\{(\w*)[^}]*\}")


def test_translations_keep_the_places_of_values() -> None:
    """A translation tells every value that the message tells, and beside them only a campaign's words."""
    for message in catalogue.stored():
        told, wanted = (set(FIELDS.findall(str(text))) for text in (message.string, message.id))
        assert told - set(WORDS) == wanted - set(WORDS), message.id


def test_chinese_is_punctuated_as_chinese() -> None:
    """Beside a Chinese character stand no half-width marks."""
    character, mark = "[\u4e00-\u9fff\u3001-\u3011]", "[,;:!?()'\"]"
    for message in [*catalogue.stored(), *catalogue.stored(catalogue.CLICK)]:
        text = "".join(message.string or "")
        assert not re.search(f"{character}{mark}|{mark}{character}", text), text


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["send"], "缺少“种类”。请从下列各项中选用：blank、"),
        (["nope"], "没有命令“nope”。"),
        (["merg"], "是不是 merge？"),
        (["check", "--nope"], "没有选项“--nope”。"),
        (["init", "--year", "x"], "--year：“x”不是年份，请填四位数字，如 2021。"),
        (["init", "--year", "10"], "“10”不是年份，请填四位数字，如 2021。"),
        (["merge", "--as-of", "x"], "“x”不是日期，请按 2021-09-30 的样子填写。"),
        (["template", "--per", "x"], "“x”不能用，请从下列各项中选用：town、community。"),
        (["demo", "a", "b"], "多出了参数（b），请删去。"),
    ],
    ids=["argument", "command", "near", "option", "number", "range", "date", "choice", "extra"],
)
def test_wrong_use_is_told_in_chinese(words: list[str], told: str) -> None:
    """What click says about wrong use is Chinese where we are."""
    environment = {**os.environ, "GREENXL_LANG": "zh", "PYTHONIOENCODING": "utf-8"}
    run = subprocess.run([sys.executable, "-m", "greenxl", *words], env=environment, capture_output=True)
    assert run.returncode == 2
    assert told in run.stderr.decode()
    assert "错误：" in run.stderr.decode()


@pytest.mark.parametrize(
    ("environment", "system", "language"),
    [
        ({"GREENXL_LANG": "zh"}, None, "zh_CN"),
        ({"GREENXL_LANG": "en", "LANG": "zh_CN.UTF-8"}, None, "en"),
        ({"LANG": "zh_CN.GBK"}, None, "zh_CN"),
        ({"LC_ALL": "C", "LANG": "zh_CN"}, None, "en"),
        ({}, "Chinese (Simplified)_China", "zh_CN"),
        ({}, None, "en"),
    ],
    ids=["asked", "asked-over-locale", "locale", "lc-all", "windows", "nothing"],
)
def test_the_language_is_asked_for_or_the_locales(
    environment: dict[str, str], system: str | None, language: str
) -> None:
    """GREENXL_LANG comes first, then the locale."""
    assert choose_language(environment, system) == language


@pytest.mark.parametrize("encoding", ["gbk", "ascii", "utf-8"])
def test_help_speaks_chinese_on_any_console(encoding: str) -> None:
    """Chinese help is printed in full where the console can show it, and never crashes where not."""
    environment = {**os.environ, "GREENXL_LANG": "zh", "PYTHONIOENCODING": encoding}
    run = subprocess.run([sys.executable, "-m", "greenxl", "--help"], env=environment, capture_output=True)
    assert run.returncode == 0
    if encoding != "ascii":
        assert "用法" in run.stdout.decode(encoding)


def test_importing_changes_nothing_of_the_process() -> None:
    """A program that uses greenxl as a library keeps its environment and its own catalogue."""
    code = (
        "import gettext, os\n"
        "before = dict(os.environ), gettext.textdomain()\n"
        "import greenxl.cli.app, greenxl.rounds.evaluate, greenxl.mail.letters\n"
        "assert (dict(os.environ), gettext.textdomain()) == before\n"
    )
    subprocess.run([sys.executable, "-c", code], env={**os.environ, "GREENXL_LANG": "zh"}, check=True)
