"""What click prints is plain and in the reader's language: help pages, every wrong use of every command."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from greenxl.cli.click_texts import Day, OneOf, Year, refuse_other_dashes
from tests.conftest import SAMPLES
from tests.tools.chinese import foreign_words, half_width_lines
from tests.tools.commands import leaves

RUN_ALL = """
import json, os, sys
from click.testing import CliRunner
from greenxl.cli.app import cli
from greenxl.i18n import translate_click

translate_click()
answers = []
for words in json.load(sys.stdin):
    done = CliRunner().invoke(cli, words, prog_name="greenxl")
    answers.append((done.exit_code, done.output))
json.dump(answers, sys.stdout)
"""


def wrong_uses() -> Iterator[list[str]]:
    """Yield command lines that no command can take, made from what each command takes."""
    yield from ([], ["nope"], ["merg"], ["--nope"], ["-x"], ["--version=3"], ["--", "nope"])
    yield from (["mark"], ["mark", "nope"], ["mark", "--nope"], ["mark", "--help"])
    for name, command in leaves().items():
        words = name.split()
        yield from ([*words, one] for one in ("--help", "--nope", "-x", "--for", "--help=1"))
        yield [*words, *["甲"] * 4]
        for parameter in command.params:
            if isinstance(parameter, click.Option):
                yield from ([*words, *wrong] for wrong in _wrong_option(parameter))
            elif parameter.required:
                yield words
                yield [*words, "甲"]


def _wrong_option(option: click.Option) -> Iterator[list[str]]:
    longest = max(option.opts, key=len)
    if option.is_flag:
        yield [f"{longest}=甲"]
        return
    yield [longest]
    if not isinstance(option.type, click.Path) and not option.multiple:
        yield [longest, "甲"]


def wrong_places() -> dict[str, list[str]]:
    """Return command lines whose places are not there, are of another kind, or cannot be written."""
    spoiled = str(SAMPLES / "returned")
    return {
        "no returns": ["check"],
        "nothing here": ["check", "没有"],
        "no such campaign": ["check", ".", "-c", "没有"],
        "no campaign but a file": ["check", ".", "-c", "甲.txt"],
        "empty campaign folder": ["template", "-c", "空"],
        "no such town": ["template", "--town", "唐山镇"],
        "output is a folder": ["merge", spoiled, "-o", "空", "--force"],
        "output of another kind": ["merge", spoiled, "-o", "甲.docx"],
        "output below a file": ["merge", spoiled, "-o", "甲.txt/乙.xlsx"],
        "a name too long": ["merge", spoiled, "-o", "长" * 100 + ".xlsx"],
        "no previous": ["merge", spoiled, "--previous", "没有.xlsx"],
        "previous is none": ["merge", spoiled, "--previous", "甲.txt"],
        "previous is a folder": ["merge", spoiled, "--previous", "空"],
        "copies among returns": ["check", "空", "--sendback", "空"],
        "blanks below a file": ["template", "-o", "甲.txt"],
        "round below a file": ["init", "甲.txt/乙"],
        "round from nothing": ["init", "乙", "--from", "没有"],
        "nothing to collect into": ["collect"],
        "no round to send from": ["send", "blank", "--send"],
        "no report": ["send", "report"],
        "report that is none": ["send", "report", "--report", "甲.txt"],
        "report that is not there": ["send", "report", "--report", "没有.xlsx"],
        "unreadable things": ["check", "杂", "--notes"],
        "status of nothing": ["status"],
        "demo below a file": ["demo", "甲.txt"],
    }


def answers(language: str, uses: list[list[str]], folder: Path) -> list[tuple[int, str]]:
    """Return exit code and output of each command line, all from one process that speaks the language."""
    done = subprocess.run(
        [sys.executable, "-c", RUN_ALL],
        cwd=folder,
        env={**os.environ, "GREENXL_LANG": language, "PYTHONIOENCODING": "utf-8", "COLUMNS": "100"},
        input=json.dumps(uses),
        capture_output=True,
        encoding="utf-8",
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    return [(code, text) for code, text in json.loads(done.stdout)]


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """Return a folder with a file, an empty folder, and returns that cannot be read."""
    (tmp_path / "甲.txt").write_text("甲")
    (tmp_path / "空").mkdir()
    mixed = tmp_path / "杂"
    mixed.mkdir()
    good = next((SAMPLES / "returned").glob("*.xlsx")).read_bytes()
    contents = {
        "断.xlsx": good[: len(good) // 2], "零.xlsx": b"", "图.xlsx": b"\x89PNG\r\n\x1a\n" + bytes(40),
        "改.xlsx": good.replace(b"PK\x01\x02", b"PK\x01\x09"),
        "旧.xls": bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600),
    }  # fmt: skip
    for name, data in contents.items():
        (mixed / name).write_bytes(data)
    (mixed / "环").symlink_to("环")
    return tmp_path


def test_no_english_word_reaches_a_chinese_reader(place: Path) -> None:
    """Every wrong use of every command, made from what it takes: nothing but names of things is Latin."""
    uses = [*wrong_uses(), *wrong_places().values()]
    for words, (code, text) in zip(uses, answers("zh", uses, place), strict=True):
        assert code in (0, 1, 2, 3), (words, text)
        assert [*foreign_words(text, words), *half_width_lines(text)] == [], (words, text)


def test_every_wrong_use_is_refused(place: Path) -> None:
    """Exit code 2 in English too, one sentence after usage and hint, and no quotes of Python."""
    uses = [one for one in wrong_uses() if one and "--help" not in one]
    for words, (code, text) in zip(uses, answers("en", uses, place), strict=True):
        last = text.splitlines()[-1]
        assert code == 2, (words, text)
        assert last.startswith(("Error: ", "  ")), (words, text)


def test_places_that_cannot_be_used_are_refused(place: Path) -> None:
    """None of them is a success, and none a fault of our own."""
    uses = wrong_places()
    for name, (code, text) in zip(uses, answers("en", list(uses.values()), place), strict=True):
        assert code in (1, 2, 3), (name, text)
        assert "greenxl itself failed" not in text, (name, text)


@pytest.mark.parametrize(
    ("kind", "value", "said"),
    [
        (Day(), "30.9.2021", "“30.9.2021” is not a date. Write it like 2021-09-30."),
        (Year(), "21", "“21” is not a year. Give four digits, such as 2021."),
        (OneOf(["a", "b"]), "c", "“c” is not possible here. Choose one of: a, b."),
    ],
    ids=["date", "year", "choice"],
)
def test_a_wrong_value_is_quoted_with_what_to_type(
    kind: click.ParamType[object], value: str, said: str
) -> None:
    """The value, what is wrong and an example."""
    with pytest.raises(click.BadParameter) as caught:
        kind.convert(value, None, None)
    assert caught.value.message == said


def test_columns_of_a_chinese_help_page_are_straight() -> None:
    """The texts of all options begin in one column, counting two for a Chinese character."""
    [(_code, text)] = answers("zh", [["merge", "--help"]], SAMPLES)
    lines = text.partition("选项：\n")[2].splitlines()
    starts = set()
    for line in lines:
        if found := re.match(r"  (-.+?)  +(?=\S)", line):
            starts.add(sum(1 + ("\u2e80" < c < "\uffef") for c in found[0]))
    assert len(starts) == 1
    assert max(sum(1 + ("\u2e80" < c < "\uffef") for c in line) for line in lines) <= 100


@pytest.mark.parametrize(
    ("word", "right"),
    [
        ("——force", "--force"),
        ("—force", "--force"),
        ("––sendback", "--sendback"),
        ("－－as－of", "--as-of"),
        ("-—year＝2027", "--year=2027"),
        ("－o", "-o"),
        ("——ｆｏｒｃｅ", "--force"),
        ("−h", "-h"),
    ],
)
def test_the_right_spelling_is_named(word: str, right: str) -> None:
    """Whichever dash was typed, the message shows the option as the keyboard types it."""
    with pytest.raises(click.UsageError, match=f"type: {right}$"):
        refuse_other_dashes(["check", word])


@pytest.mark.parametrize(
    "word", ["--force", "-o", "-o一季度.xlsx", "-1", "-", "--", "——", "—索镇.xlsx", "一月", "a—b"]
)
def test_what_is_no_such_option_is_left_alone(word: str) -> None:
    """Right options, names and numbers pass."""
    refuse_other_dashes([word])


def test_a_file_of_such_a_name_is_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What exists was meant as a path."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "—force").write_text("")
    refuse_other_dashes(["—force"])
