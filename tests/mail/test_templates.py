from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from greenxl.campaign.model import Campaign
from greenxl.errors import WrongUseError
from greenxl.mail.templates import MailTemplates

IN_TIME = date(2021, 9, 1)


def rendered(campaign: Campaign, folder: Path, template: str, as_of: date = IN_TIME, **more: str) -> str:
    town = campaign.towns[0]
    values = {
        "town": town,
        "communities": campaign.communities_of(town.name),
        "attachments": [],
        "itself": False,
        "all_chosen": "",
        "beside": [],
    }
    return MailTemplates(campaign, folder, as_of).render(template, **values, **more)


def test_a_template_of_the_round_goes_before_the_shipped_one(huantai: Campaign, tmp_path: Path) -> None:
    """A round may word its own mails; the templates that it does not have stay as shipped."""
    (tmp_path / "blank.subject.j2").write_text("通知：{{ town.name }}", encoding="utf-8")
    assert rendered(huantai, tmp_path, "blank.subject") == "通知：城区街道"
    assert "怎样填" in rendered(huantai, tmp_path, "blank.txt")


def test_html_escapes_what_the_campaign_says(huantai: Campaign, tmp_path: Path) -> None:
    """Angle brackets in a campaign's words are shown in HTML, never markup; plain text has them unchanged."""
    campaign = replace(huantai, return_to="<script>alert(1)</script> & 电话")
    html = rendered(campaign, tmp_path, "blank.html", subject="<b>")
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; 电话" in html
    assert "<title>&lt;b&gt;</title>" in html
    assert "<script>alert(1)</script> & 电话" in rendered(campaign, tmp_path, "blank.txt")


@pytest.mark.parametrize(
    ("as_of", "days"),
    [
        pytest.param(date(2021, 9, 29), 0, id="before"),
        pytest.param(date(2021, 9, 30), 0, id="on-the-day"),
        pytest.param(date(2021, 10, 3), 3, id="after"),
    ],
)
def test_templates_know_how_late_it_is(huantai: Campaign, tmp_path: Path, as_of: date, days: int) -> None:
    """The days since the deadline are counted up to the given day, not to today."""
    (tmp_path / "blank.subject.j2").write_text("{{ late }}", encoding="utf-8")
    assert rendered(huantai, tmp_path, "blank.subject", as_of) == str(days)


def test_plain_text_has_no_gaps(huantai: Campaign, tmp_path: Path) -> None:
    """What a condition leaves out leaves no more than one blank line behind."""
    (tmp_path / "blank.txt.j2").write_text("\n\n一  \n\n\n \n二\n\n", encoding="utf-8")
    templates = MailTemplates(huantai, tmp_path, IN_TIME)
    assert templates.render_plain("blank.txt") == "一\n\n二\n"


@pytest.mark.parametrize(
    ("template", "message"),
    [
        pytest.param(
            "一\n{{ town.name", r"mail/blank\.subject\.j2:2: the template cannot be used", id="syntax"
        ),
        pytest.param("{{ nothing }}", r"mail/blank\.subject\.j2: .*'nothing' is undefined", id="unknown"),
        pytest.param("{% include 'x.j2' %}", r"mail/blank\.subject\.j2: .*x\.j2", id="missing"),
        pytest.param("{{ 1 / 0 }}", r"mail/blank\.subject\.j2: ", id="arithmetic"),
        pytest.param("{{ ''.__class__.__mro__ }}", r"mail/blank\.subject\.j2: .*unsafe", id="unsafe"),
    ],
)
def test_a_wrong_template_is_one_sentence(
    huantai: Campaign, tmp_path: Path, template: str, message: str
) -> None:
    """A mistake in a round's template is an error with its file and line, never a traceback."""
    (tmp_path / "blank.subject.j2").write_text(template, encoding="utf-8")
    with pytest.raises(WrongUseError, match=message):
        rendered(huantai, tmp_path, "blank.subject")
