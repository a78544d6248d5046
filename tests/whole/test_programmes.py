"""Forms of other programmes: the templates that are shipped, and the page on adapting one."""

import json
from collections.abc import Mapping
from pathlib import Path

import openpyxl
import pytest
from openpyxl.cell.cell import Cell
from openpyxl.worksheet.worksheet import Worksheet

from greenxl.campaign import schemas, templates
from greenxl.campaign.checks import load
from greenxl.campaign.model import Answer, Campaign, Criterion, Kind
from greenxl.campaign.settings import SETTINGS
from greenxl.names import key
from tests.conftest import HERE
from tests.tools import commands, oracles
from tests.tools.blanks import blank_of
from tests.tools.office import Office
from tests.tools.programmes import Typed

ROOT = HERE.parent
PAGES = [ROOT / "docs" / "programmes.md", ROOT / "docs" / "programmes.zh-CN.md"]
READMES = [ROOT / "README.md", ROOT / "README.zh-CN.md"]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_the_page_names_every_column_and_setting(page: Path) -> None:
    """By title and key, but for fonts, mail servers and recipients, which are no part of a form."""
    text = page.read_text("utf-8")
    settings = [one for one in SETTINGS if not one.name.startswith(("font_", "mail_"))]
    tables = [table for table in schemas.SCHEMAS if table.name not in ("settings", "recipients")]
    named = {one.name: one.title for one in settings}
    named |= {column.name: column.title for table in tables for column in table.columns}
    missing = [name for name, title in named.items() if f"{title} `{name}`" not in text]
    assert missing == []


@pytest.mark.parametrize("page", [*PAGES, *READMES], ids=lambda page: page.name)
def test_the_pages_name_every_template(page: Path) -> None:
    """So does the command's help, which is made of the folders."""
    text = page.read_text("utf-8")
    assert [name for name in templates() if name not in text] == []


CASES = {
    "all": ("neimenggu-2026", {}, 100, "达标"),
    "basic condition": ("neimenggu-2026", {"1.2": 0}, 98, "未达标（否决：第1.2条0分）"),
    "below the mark": ("neimenggu-2026", {"2.1": 0, "3.1": 0, "3.3": 0}, 83, "未达标"),
    "no choice": ("neimenggu-2026", {"3.2": 5}, 99, "有误"),
    "scaled": ("construction-safety", {"7": "不适用", "8": 0}, 88.89, "达标"),
    "guarantee items": (
        "construction-safety",
        dict.fromkeys("123456", 6),
        76,
        "未达标（否决：“保证项目”低于40分）",
    ),
    "no bonus": ("river-chief", {}, 100, "达标"),
    "capped bonus": ("river-chief", {"11": 3, "12": 3}, 105, "达标"),
    "deductions": ("river-chief", {"4": 0, "6": 0, "13": 5, "14": 6}, 59, "未达标"),
    "condition": ("river-chief", {"15": "不符合"}, 100, "未达标（否决：第15条不符合）"),
    "condition blank": ("river-chief", {"15": None}, 100, "未填完（已填15条，共16条）"),
    "at the mark": ("village-review", {"1.1": 2, "2.1": 0, "4.2": 8}, 80, "达标"),
    "not applicable": ("school-canteen", {"1": "否", "4": "不适用"}, 94.74, "合格"),
    "key item": ("school-canteen", {"5": "否"}, 90, "不合格（否决：第5条0分）"),
}
"""A template, what is typed where not all is at its best, the total and the state that the form shows."""


EVERY_CASE = pytest.mark.parametrize(("name", "typed", "total", "words"), CASES.values(), ids=list(CASES))


@EVERY_CASE
def test_a_blank_judges_as_its_form_says(
    office: Office, tmp_path: Path, name: str, typed: dict[str, Typed], total: float, words: str
) -> None:
    """Answers give the total and the state that LibreOffice computes on the form."""
    filled, form = _filled(office, tmp_path, name, typed)
    shown = office.formulas(filled)[form.sheet]
    assert (shown[form.total][2], shown[form.state][2]) == (total, words)


@EVERY_CASE
def test_the_check_judges_as_the_form_does(
    office: Office, tmp_path: Path, name: str, typed: dict[str, Typed], total: float, words: str
) -> None:
    """What the form said while it was filled in is what the check says of the return."""
    filled, form = _filled(office, tmp_path, name, typed)
    done = commands.run(tmp_path, "check", filled, "-c", ROOT / "templates" / name, "--json")
    unit = next(one for one in json.loads(done.stdout)["communities"] if one["community"] == form.sheet)
    status = _status(words, load(templates()[name]))
    judged = total if status in ("passed", "failed") else None
    assert (unit["status"], unit["total"]) == (status, judged)


def _filled(office: Office, folder: Path, name: str, typed: Mapping[str, Typed]) -> tuple[Path, "Form"]:
    """Return the first blank of a template, filled in, and its first form."""
    campaign = load(templates()[name])
    source, filled = folder / "blank.xlsx", folder / "filled.xlsx"
    source.write_bytes(blank_of(campaign, campaign.towns[0].name))
    form = Form(openpyxl.load_workbook(source).worksheets[1], campaign)
    office.fill(source, filled, {form.sheet: form.answers(typed)})
    return filled, form


def _status(words: str, campaign: Campaign) -> str:
    """Return what the check says where the form says these words."""
    passed, failed = campaign.pass_words
    begins = {passed: "passed", failed: "failed", "未填完": "incomplete", "有误": "invalid"}
    return next(status for begin, status in begins.items() if words.startswith(begin))


def _best(criterion: Criterion) -> Typed:
    """Return the answer with which a unit does best without any bonus."""
    if criterion.kind is Kind.CONDITION:
        return Answer.FULFILLED.value
    if criterion.kind is not Kind.SCORED:
        return 0
    return criterion.choices[0].word if criterion.worded else float(criterion.points)


class Form:
    """A blank's sheet as a person reads it: by its headings, its texts and its labels."""

    def __init__(self, sheet: Worksheet, campaign: Campaign) -> None:
        self.sheet = sheet.title
        self._criteria = campaign.criteria
        self._cells = {c.coordinate: c for row in sheet.iter_rows() for c in row if c.value is not None}
        self._column = self._find(campaign.counting_heading).column_letter
        self._rows = {c.label: self._find(c.text).row for c in campaign.criteria}
        self.total = f"{self._column}{self._find(campaign.labels.total).row}"
        label = self._find("填报状态")
        self.state = next(a for a, c in self._cells.items() if c.row == label.row and c.column > label.column)

    def answers(self, typed: Mapping[str, Typed]) -> dict[str, float | str]:
        """Return what is typed where: the best of all, but for what is given by the form's numbers."""
        found = {c.label: typed.get(c.label, _best(c)) for c in self._criteria}
        return {f"{self._column}{self._rows[label]}": one for label, one in found.items() if one is not None}

    def texts(self, heading: str, typed: Mapping[str, str]) -> dict[str, float | str]:
        """Return what is typed where in a column to be filled in."""
        column = self._find(heading).column_letter
        return {f"{column}{self._rows[label]}": text for label, text in typed.items()}

    def _find(self, text: str) -> Cell:
        wanted = key(text)
        return next(cell for cell in self._cells.values() if key(str(cell.value)).endswith(wanted))


ROUND: dict[str, dict[str, Typed]] = {
    "青松社区": {},
    "白桦社区": {"2.2": 3.5, "4.3": 4},
    "云杉社区": {"1.2": 0},
    "樟子松社区": {"2.1": 0, "3.1": 0, "3.3": 0},
    "河湾社区": {"5.2": None},
    "草原里社区": {"3.2": 5},
    "金川社区": {"1.1": 7, "5.5": 3},
    "北山社区": {"1.1": 0, "4.1": 2.5},
}
"""What communities typed where they have not full marks; the ninth typed nothing."""


def test_a_round_of_the_second_campaign(office: Office, tmp_path: Path) -> None:
    """From init to the consolidated workbook, whose every formula LibreOffice computes to what it stores."""
    commands.run(tmp_path, "init", "r", "--template", "neimenggu-2026", "--year", "2026")
    folder = tmp_path / "r"
    commands.run(folder, "template")
    campaign = load(folder)
    for blank in (folder / "blank").iterdir():
        forms = [Form(sheet, campaign) for sheet in openpyxl.load_workbook(blank) if sheet.title in ROUND]
        office.fill(blank, folder / "returned" / blank.name, {form.sheet: _typed(form) for form in forms})
    done = commands.run(folder, "merge", "--as-of", "2026-09-30", "--json")
    result = json.loads(done.stdout)
    assert done.returncode == 1
    assert {
        one["community"]: (one["status"], one["total"], one["rank"]) for one in result["communities"]
    } == {
        "青松社区": ("passed", 100, 1),
        "白桦社区": ("passed", 98.5, 2),
        "云杉社区": ("failed", 98, None),
        "樟子松社区": ("failed", 83, 4),
        "河湾社区": ("incomplete", None, None),
        "草原里社区": ("invalid", None, None),
        "金川社区": ("passed", 97, 3),
        "北山社区": ("failed", 89.5, None),
        "敖包山社区": ("missing", None, None),
    }
    vetoed = {one["community"]: one["vetoed"] for one in result["communities"] if one["vetoed"]}
    assert vetoed == {"云杉社区": [2], "北山社区": [1]}
    unexplained = {one["community"] for one in result["findings"] if one["code"] == "reason-missing"}
    assert unexplained == {"金川社区"}
    assert oracles.differing(office.formulas(folder / result["output"])) == []


def _typed(form: Form) -> dict[str, float | str]:
    """Return the answers of a community and, but for one, a reason beside each lost point."""
    answers = ROUND[form.sheet]
    reasons = dict.fromkeys(answers, "现场检查扣分") if form.sheet != "金川社区" else {}
    return form.answers(answers) | form.texts("扣分原因", reasons)
