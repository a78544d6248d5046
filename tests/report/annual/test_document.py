"""The annual report as it comes out of the shipped template, read by python-docx and by LibreOffice."""

import json
import re
import subprocess
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openxml_audit import OpenXmlValidator

from greenxl.campaign.model import Campaign
from greenxl.errors import GreenxlError
from greenxl.report.annual.document import annual_report, read_template, shipped_template, try_template
from greenxl.report.annual.package import UnusableTemplateError
from greenxl.report.json_document import document
from tests.tools import report_template
from tests.tools.office import missing
from tests.tools.programmes import answers, programmes
from tests.tools.reports import Made
from tests.tools.rounds import round_of, samples
from tests.tools.word import lines, opened, parts

DAY = date(2021, 10, 9)
PLAN = re.compile("社区|街道|全县|创建|达标|城市")
WRITER = Path("/usr/lib/libreoffice/program/libswlo.so")


def report(made: Made) -> bytes:
    return annual_report(shipped_template(), *made, DAY).data


def test_the_shipped_template_is_what_its_tool_makes() -> None:
    """Else ``python -m tests.tools.renew annual``."""
    assert parts(shipped_template().data) == parts(report_template.template())


def test_the_headings_are_the_plans(huantai: Campaign) -> None:
    """创建目标, 创建内容 with the five groups, 实施步骤, and what the report adds."""
    found = opened(report(samples(huantai))).paragraphs
    headings = [one.text for one in found if one.style and one.style.name.lower().startswith("heading")]
    groups = [f"（{mark}）{group.title}" for mark, group in zip("一二三四五", huantai.groups, strict=True)]
    assert headings == [
        "一、创建目标",
        "二、创建内容",
        *groups,
        "三、实施步骤",
        "四、存在问题",
        "五、下一步措施",
    ]


def test_the_figures_are_the_documents(made: Made) -> None:
    """Each unit's total, each town's counts, the county's: as they are printed as JSON."""
    found = lines(report(made))
    printed = json.loads(json.dumps(document(*made, None)))
    campaign, county = made[0].campaign, printed["county"]
    figures = f"{campaign.roster_name}{campaign.unit}数 | {county['listed']} | 参与{campaign.unit}数 | {county['participating']}"
    assert figures in found
    rate = f"{campaign.pass_words[0]} | {county['passed']} | {campaign.pass_words[0]}率 | "
    assert any(
        line.startswith(rate) and f"（{county['passed']}/{county['denominator']}" in line for line in found
    )
    for one in printed["towns"] if campaign.has_towns else ():
        assert any(
            line.startswith(f"{one['town']} | {one['listed']} | {one['participating']} | {one['passed']} | ")
            for line in found
        )
    for one in printed["communities"]:
        name = one["community"] if one["town"] == one["community"] else one["town"] + one["community"]
        rows = [row for row in map(_cells, found) if name in row and len(row) <= 4]  # a town's has nine
        if one["total"] is None:
            assert rows == []
            assert any(one["community"] in line for line in found)
        else:
            [row] = rows
            assert f"{one['total']:g}" in row
            assert one["status"] == ("passed" if row[0] == str(one["rank"]) else "failed")


def _cells(line: str) -> list[str]:
    return line.split(" | ")


def test_no_tag_and_no_word_of_python_is_left(made: Made) -> None:
    """Nothing reads as a program; what is marked is for people to fill in."""
    text = "\n".join(lines(report(made)))
    assert not re.search(r"[{}]|None|True|False|nan", text)
    assert text.count("【请填写：") == annual_report(shipped_template(), *made, DAY).to_be_filled >= 8


@pytest.mark.parametrize(
    "made", ["schools_in_districts", "schools_without_towns", "schools_that_are_towns"], indirect=True
)
def test_the_report_speaks_of_its_own_things(made: Made) -> None:
    """A campaign of other words has none of the plan's, in text and charts."""
    texts = [
        part.decode("utf-8", "ignore") for name, part in parts(report(made)).items() if name.endswith(".xml")
    ]
    assert [text[max(0, m.start() - 20) : m.end() + 20] for text in texts for m in PLAN.finditer(text)] == []


def test_the_same_round_gives_the_same_bytes(huantai: Campaign) -> None:
    """Nothing of the moment is in it."""
    assert report(samples(huantai)) == report(samples(huantai))


def test_a_template_is_tried_before_returns_are_read(huantai: Campaign, tmp_path: Path) -> None:
    """With a round in which nothing came back; it is named as it was."""
    try_template(shipped_template(), huantai, DAY)
    path = tmp_path / "模板.docx"
    path.write_bytes(b"x")
    with pytest.raises(UnusableTemplateError, match="模板.docx: this is no Word document"):
        try_template(read_template(path), huantai, DAY)


def test_a_template_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    """A folder, or a file that another program has."""
    with pytest.raises(GreenxlError, match="the template cannot be read"):
        read_template(tmp_path)


def test_word_opens_it_without_repairing_it(made: Made, tmp_path: Path) -> None:
    """As Microsoft's schemas have it, charts included; theme and fonts are Word's own."""
    path = tmp_path / "report.docx"
    path.write_bytes(report(made))
    found = OpenXmlValidator(max_errors=0).validate(path).errors
    assert [one for one in found if not re.search("/(fontTable|theme)' is missing", one.description)] == []


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_programme_can_be_reported(huantai: Campaign, data: st.DataObject) -> None:
    """With conditions, vetoes, choices, bonus and deductions, and answers of any kind."""
    campaign = data.draw(programmes(huantai))
    made = round_of(campaign, {one: data.draw(answers(campaign)) for one in campaign.communities[:4]})
    found = lines(report(made))
    listed = {row["no"]: row for row in document(*made, None)["communities"]}
    named = [row for row in map(_cells, found) if len(row) <= 4]
    for one in listed.values():
        if one["total"] is not None:
            assert any(
                f"{one['town']}{one['community']}" in row and f"{one['total']:g}" in row for row in named
            )


@pytest.mark.slow
@pytest.mark.skipif(missing() is not None or not WRITER.exists(), reason="LibreOffice Writer is missing")
def test_libreoffice_opens_and_prints_it(made: Made, tmp_path: Path) -> None:
    """Every figure of the county is in the print."""
    path = tmp_path / "report.docx"
    path.write_bytes(report(made))
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path), str(path)]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    printed = subprocess.run(["pdftotext", tmp_path / "report.pdf", "-"], check=True, capture_output=True)
    county = made[1].county
    text = re.sub(r"\s", "", printed.stdout.decode())
    assert f"（{county.passed}/{county.denominator}" in text
    assert "下一步措施" in text
