"""The settings: declared once, by name and title, each with its default."""

from dataclasses import dataclass, fields

from greenxl.campaign.model import Campaign
from greenxl.campaign.parsers import Fault
from greenxl.campaign.settings import (
    SETTING_BY_KEY,
    SETTINGS,
    Fonts,
    Labels,
    MailSettings,
    Settings,
    arguments,
)
from greenxl.names import key


def test_a_setting_is_known_by_its_name_and_title() -> None:
    """No two settings share one of them."""
    assert len(SETTING_BY_KEY) == 2 * len(SETTINGS)
    assert SETTING_BY_KEY[key(" 表头：得分 ")] == SETTING_BY_KEY["label_score"] == "label_score"


def test_settings_come_in_the_order_of_their_declaration() -> None:
    """The workbook's rows; those of a section bear its prefix."""
    names = [setting.name for setting in SETTINGS]
    assert names[:2] == ["code", "title"]
    assert names[-6:] == ["font_title", "font_body", "mail_server", "mail_user", "mail_sender", "mail_imap"]
    assert "max_score" in names


def test_every_default_is_a_possible_value() -> None:
    """What a campaign leaves out needs no check."""
    defaults = [s.parse(s.default) for s in SETTINGS if s.default is not None]
    assert not any(isinstance(value, Fault) for value in defaults)
    assert (Labels(), Fonts().body, MailSettings().imap) == (
        Labels(
            group="内容",
            standard="创建标准",
            points="标准分\n（{满分}分）",
            score="得分\n（分）",
            total="合计分值",
        ),
        "仿宋",
        "",
    )


def test_values_become_a_record_and_its_sections() -> None:
    """From the names of the table to fields, whatever their number."""
    values = {setting.name: setting.name for setting in SETTINGS}
    found = arguments(values)
    assert found["fonts"] == Fonts("font_title", "font_body")
    assert found["stated_max_score"] == "max_score"
    assert found.keys() == {one.name for one in fields(Settings)}


def test_a_campaign_has_every_setting(huantai: Campaign) -> None:
    """A new setting is declared once and used as an attribute of the campaign."""
    assert isinstance(huantai, Settings)
    assert huantai.stated_max_score == huantai.max_score

    @dataclass(frozen=True, kw_only=True)
    class More(Settings):
        extra: int = 1

    assert {one.name for one in fields(More)} > {one.name for one in fields(Settings)}
