"""The language that people read: English in the code, Chinese from the catalogue beside it.

The language is chosen once, on import, from ``GREENXL_LANG``, else the locale; importing changes nothing.
Text inside workbooks and mails is always Chinese, whatever the process speaks.
"""

import gettext
import locale
import os
from collections.abc import Mapping
from functools import cache
from pathlib import Path

DOMAIN = "greenxl"
LOCALES = Path(__file__).parent / "locale"
ENGLISH = "en"
CHINESE = "zh_CN"


def choose_language(environment: Mapping[str, str], system: str | None) -> str:
    """Return the language to speak, given the environment and the system's locale name."""
    wanted = (
        environment.get("GREENXL_LANG")
        or environment.get("LC_ALL")
        or environment.get("LC_MESSAGES")
        or environment.get("LANG")
        or system
        or ENGLISH
    )
    return CHINESE if wanted.lower().startswith(("zh", "chinese")) else ENGLISH


LANGUAGE = choose_language(os.environ, locale.getlocale()[0])

Words = Mapping[str, str]
WORDS: Words = {
    "unit": "社区",
    "parent": "街道（镇）",
    "area": "全县",
    "roster": "创建名单",
    "whole": "城市社区总数",
    "pass_word": "达标",
    "fail_word": "未达标",
    "points_word": "标准分",
    "total_word": "合计分值",
}
"""What a campaign calls its own things, by their places in a message; here, as it does where it says nothing.

A Chinese translation has these places where the English says community or town.
"""


@cache
def _catalogue(language: str) -> gettext.NullTranslations:
    """Return a language's catalogue, which is read when it is first asked for."""
    return (
        gettext.NullTranslations()
        if language == ENGLISH
        else gettext.translation(DOMAIN, LOCALES, [language])
    )


def translate_click() -> None:
    """Let click take its own words (Usage, Options, …) from our catalogue, in our language.

    It looks them up in gettext's default domain, which is the whole process's: for the command alone,
    never on import.
    """
    os.environ["LANGUAGE"] = LANGUAGE
    gettext.bindtextdomain(DOMAIN, LOCALES)
    gettext.textdomain(DOMAIN)


def translate(message: str, language: str = LANGUAGE) -> str:
    return _catalogue(language).gettext(message)


def N_(message: str) -> str:  # noqa: N802  (gettext's own name for it)
    """Mark a message for the catalogue without translating it yet."""
    return message


_ = translate
