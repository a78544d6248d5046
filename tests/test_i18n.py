"""The Chinese catalogue is complete and compiled, and the language is chosen as people set it."""

import os
import re
import subprocess
import sys

import catalogue
import pytest

from greenxl.i18n import choose_language


def test_every_message_is_translated() -> None:
    """The stored catalogue holds exactly the code's messages, each with a translation."""
    assert {m.id for m in catalogue.extracted() if m.id} == {m.id for m in catalogue.stored() if m.id}
    assert [m.id for m in catalogue.stored() if m.id and not m.string] == []


def test_the_compiled_catalogue_is_fresh() -> None:
    """The .mo file is what compiling the .po files gives."""
    assert catalogue.mo_bytes() == catalogue.MO.read_bytes()


def test_translations_keep_the_places_of_values() -> None:
    """A translation names no value that the message does not have."""
    fields = re.compile(r"\{(\w*)[^}]*\}")
    for message in catalogue.stored():
        if message.id:
            assert set(fields.findall(message.string)) <= set(fields.findall(message.id)), message.id


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
