"""A campaign's own words, in everything that people read: blanks, workbooks, mails, JSON, the terminal."""

import html
import io
import json
import re
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from greenxl.campaign.model import Campaign, Community
from greenxl.catalogue import CATALOGUE, Subject
from greenxl.findings import Finding
from greenxl.form.blank import blank, blanks
from greenxl.i18n import CHINESE
from greenxl.mail.letters import blank_letters, reminder_letters, report_letters, sendback_letters
from greenxl.mail.model import Attachment, Letter
from greenxl.mail.templates import MailTemplates
from greenxl.report.book import consolidate
from greenxl.report.comparison import compare
from greenxl.report.json_document import document
from greenxl.report.previous import previous_of
from greenxl.returns.reader import read_bytes
from greenxl.rounds.evaluate import Round, evaluate
from greenxl.scoring.choosing import Status
from greenxl.scoring.tables import Tables, build
from greenxl.scoring.vocabulary import words
from greenxl.sendback.copies import drafts
from tests.tools.campaigns import of_one_name, without_towns
from tests.tools.commands import run_process
from tests.tools.copies import copies_of
from tests.tools.fitting import too_full
from tests.tools.office import Office
from tests.tools.reports import cells, opened
from tests.tools.rounds import drawn, round_of
from tests.tools.sections import full_list

HERE = Path(__file__).parent
AS_OF = date(2024, 7, 3)
PLAN = re.compile("社区|街道|全县|创建|达标|城市|标准分|合计分值")
"""Words of the plan's campaign; 标准 and 得分 are everybody's."""


def said(data: bytes) -> str:
    """Return every text of a workbook: cells, formulas, charts, comments, names of sheets, properties."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return "\n".join(html.unescape(package.read(name).decode()) for name in package.namelist())


def foreign(texts: Iterable[str]) -> set[str]:
    """Return the plan's words that are in these texts, with what stands around them."""
    return {text[max(0, m.start() - 20) : m.end() + 20] for text in texts for m in PLAN.finditer(text)}


@pytest.fixture(scope="module", params=["schools", "without towns", "towns that are units"])
def campaign(request: pytest.FixtureRequest, schools: Campaign) -> Campaign:
    makers = {"schools": lambda one: one, "without towns": without_towns, "towns that are units": of_one_name}
    made: Campaign = makers[request.param](schools)
    return made


@pytest.fixture(scope="module")
def made(campaign: Campaign) -> tuple[Round, Tables]:
    """A round in which every status but one is, with findings; read from files as they come back."""
    return round_of(campaign, mixed(campaign))


def mixed(campaign: Campaign) -> dict[Community, list[float | str | None]]:
    """Return the scores of all but the last: one passes, one fails, one has blanks, one a word."""
    full = [float(one.points) for one in campaign.criteria]
    rows: list[list[float | str | None]] = [
        [*full],
        [1.0] * len(full),
        [None, *full[1:]],
        ["五", *full[1:]],
        [*full],
    ]
    return dict(zip(campaign.communities[:-1], rows, strict=False))


@pytest.fixture(scope="module")
def report(made: tuple[Round, Tables]) -> bytes:
    return consolidate(*made, AS_OF)


def test_a_blank_speaks_of_its_own_things(campaign: Campaign) -> None:
    """One per town and one per unit: every text, and every name of a sheet or file."""
    towns = [town.name for town in campaign.towns]
    made = [*blanks(campaign, towns), *blanks(campaign, towns, per_community=True)]
    assert foreign([one.file_name for one in made] + [said(one.data) for one in made]) == set()
    assert [problem for one in made for problem in too_full(one.data)] == []


def test_a_blank_says_whose_it_is(schools: Campaign) -> None:
    """By the labels of the campaign; without towns there is none of theirs."""
    town, unit = schools.towns[0].name, schools.communities[0].name
    [with_town] = [row for row in cells(blank(schools, town, schools.communities[:1]), unit) if unit in row]
    assert (with_town[0], with_town[3:5]) == ("学校名称", ["所属学区", town])
    alone = without_towns(schools)
    [bare] = [row for row in cells(blank(alone, unit, alone.communities[:1]), unit) if unit in row]
    assert [value for value in bare if value] == ["学校名称", unit, f"下一张：{unit}"][:2]


def test_a_unit_that_is_its_town_is_named_once(schools: Campaign) -> None:
    """In the names of files, in the cover's title and in mails."""
    campaign = of_one_name(schools)
    name = campaign.towns[-1].name
    [made] = blanks(campaign, [name], per_community=True)
    assert made.file_name == f"{name}-评分表-2024.xlsx"
    assert cells(made.data, "填报说明")[0][0] == f"{name}评分表填报说明"
    for letter in letters(campaign):
        texts = (letter.subject, letter.text.partition("附件")[0], letter.chat.partition("文件：")[0])
        assert not any(re.search(f"{name}.?{name}", text) for text in texts), letter.subject
        if letter.name == name:
            assert [text.count(name) for text in texts] == [1, 1, 1], letter.text


def test_a_blank_comes_back_as_whose_it_was(campaign: Campaign) -> None:
    """With its identity, and by its labels alone where that was lost."""
    town = campaign.towns[-1].name
    own = campaign.communities_of(town)
    scores = {one: [c.points for c in campaign.criteria] for one in own}
    book = opened(blank(campaign, town, own, scores=scores), values=False)
    del book["_greenxl"], book["填报说明"]
    for number, sheet in enumerate(book.worksheets):
        sheet.title = f"Sheet{number}"
    target = io.BytesIO()
    book.save(target)
    [sheet] = read_bytes("x.xlsx", target.getvalue(), campaign).sheets
    stated = [cell and cell.value for cell in (sheet.community, sheet.town)]
    assert stated == [own[0].name, town if campaign.parent else None]


def test_the_workbook_speaks_of_its_own_things(
    tmp_path: Path, made: tuple[Round, Tables], report: bytes
) -> None:
    """Every cell, formula, chart and sheet, with what changed since an earlier one."""
    result, tables = made
    old = tmp_path / "old.xlsx"
    old.write_bytes(consolidate(*round_of(result.campaign, drawn(result.campaign, 2)), AS_OF))
    again = consolidate(result, tables, AS_OF, previous_of(result.campaign, old))
    assert foreign([said(report), said(again)]) == set()
    assert too_full(again) == []


def test_the_sheets_are_called_by_the_campaigns_words(schools: Campaign) -> None:
    """学校得分 and 学区汇总; without towns there is a plain 汇总."""
    names = opened(consolidate(*round_of(schools, {}), AS_OF)).sheetnames
    assert names[:3] == ["总览", "学区汇总", "学校得分"]
    names = opened(consolidate(*round_of(without_towns(schools), {}), AS_OF)).sheetnames
    assert names[:3] == ["总览", "汇总", "学校得分"]


def test_without_towns_nothing_is_shown_of_them(schools: Campaign) -> None:
    """No column of theirs, and the sheet of counts has the one row of all units."""
    campaign = without_towns(schools)
    data = consolidate(*round_of(campaign, mixed(campaign)), AS_OF)
    assert cells(data, "学校得分")[4][:4] == ["序号", "学校", "试点", "状态"]
    assert list(full_list(data)[0])[:3] == ["序号", "学校", "试点"]
    assert cells(data, "问题清单")[2][:3] == ["序号", "类别", "学校"]
    _title, _note, head, county, *_rest = cells(data, "汇总")
    figures = dict(zip(head, county, strict=True))
    assert [figures[name] for name in ("范围", "参评学校名单", "参与", "合格", "不合格", "合格率")] == [
        *("全区", 6, 5, 2, 1),
        pytest.approx(1 / 3),
    ]


@pytest.mark.parametrize("change", [lambda one: one, without_towns], ids=["towns", "none"])
def test_the_offices_figures_are_ours(
    office: Office, tmp_path: Path, schools: Campaign, change: type
) -> None:
    """The formulas give what was computed, also where there are no towns to add up."""
    campaign: Campaign = change(schools)
    path, again = tmp_path / "a.xlsx", tmp_path / "b.xlsx"
    path.write_bytes(consolidate(*round_of(campaign, mixed(campaign)), AS_OF))
    office.recalculate(path, again)
    for sheet in opened(path.read_bytes()).sheetnames:
        pairs = zip(cells(path.read_bytes(), sheet), cells(again.read_bytes(), sheet), strict=False)
        for ours, theirs in pairs:
            assert [value or None for value in theirs[: len(ours)]] == pytest.approx(
                [value or None for value in ours]
            )


def letters(campaign: Campaign) -> Iterator[Letter]:
    """Yield the letters of every kind."""
    result, tables = round_of(campaign, mixed(campaign))
    for day in (AS_OF, date(2024, 6, 1)):
        templates = MailTemplates(campaign, Path("none"), day)
        yield from blank_letters(campaign, campaign.towns, templates)
        yield from reminder_letters(result, campaign.towns, templates)
        copies = {copy.town: Attachment(copy.file_name, copy.data) for copy in copies_of(result)}
        wanted = {draft.town: draft for draft in drafts(result)}
        yield from sendback_letters(result, campaign.towns, wanted, copies, templates)
        workbook = Attachment("汇总.xlsx", consolidate(result, tables, day))
        yield from report_letters(campaign, workbook, templates)


def test_mails_speak_of_their_own_things(campaign: Campaign) -> None:
    """Subject, both bodies, chat text, and what is attached."""
    found = [*letters(campaign)]
    assert {str(one.kind) for one in found} == {"blank", "reminders", "sendback", "report"}
    texts = [text for one in found for text in (one.subject, one.text, one.html, one.chat)]
    attached = [said(file.data) for one in found for file in one.attachments]
    names = [file.name for one in found for file in one.attachments]
    assert foreign([*texts, *attached, *names]) == set()


def test_the_document_speaks_of_its_own_things(made: tuple[Round, Tables], tmp_path: Path) -> None:
    """All messages are in the campaign's words."""
    result, tables = made
    (tmp_path / "old.xlsx").write_bytes(consolidate(result, tables, AS_OF))
    changes = compare(previous_of(result.campaign, tmp_path / "old.xlsx"), result.campaign, result.choices)
    text = json.dumps(document(result, tables, None, CHINESE, changes), ensure_ascii=False)
    assert foreign([text]) == set()
    assert len(result.findings) >= 2


@pytest.mark.parametrize("code", [c for c, e in CATALOGUE.items() if e.subject is not Subject.CAMPAIGN])
def test_a_finding_speaks_of_its_campaigns_things(schools: Campaign, code: str) -> None:
    """Every message about a return, alone and of several like ones."""
    entry = CATALOGUE[code]
    templates = (entry.message, entry.many, entry.for_town)
    places = {name for template in templates for name in re.findall(r"\{(\w+)", template)}
    values = tuple((name, "x") for name in places - words(schools).keys())
    for campaign in (schools, without_towns(schools)):
        for like in (1, 2) if entry.many else (1,):
            one = Finding(code=code, values=values, like=like)
            texts = (one.message(CHINESE, words(campaign)), one.line(CHINESE, words(campaign)))
            town = one.message_for_town("E4", words=words(campaign))
            assert foreign([*texts, town]) == set()


def test_the_terminal_speaks_of_its_own_things(tmp_path: Path) -> None:
    """What check, merge, status and send print in Chinese; a town that is none is refused in these words."""
    run_process(tmp_path, "init", "round", "--from", HERE.parent / "campaigns" / "schools", "--year", 2024)
    folder = tmp_path / "round"
    printed = []
    for command in ("template", "check", "merge", "merge", "status", "send reminders", "send report"):
        done = run_process(folder, *command.split(), GREENXL_LANG="zh")
        printed.append(done.stdout + done.stderr)
        assert done.returncode in (0, 1), done.stderr
    printed.append(run_process(folder, "template", "--town", "南学区", GREENXL_LANG="zh").stderr)
    assert "方案中没有学区“南学区”" in printed[-1]
    assert foreign(printed) == set()


@pytest.mark.parametrize(
    ("then", "now"),
    [
        (lambda one: one, without_towns),
        (without_towns, lambda one: one),
        (
            lambda one: replace(one, unit="单位", parent="片区", pass_words=("通过", "不通过")),
            lambda one: one,
        ),
    ],
    ids=["towns left out", "towns brought in", "other words"],
)
def test_an_earlier_workbook_of_other_words_is_read(
    tmp_path: Path, schools: Campaign, then: type, now: type
) -> None:
    """Its columns are found by where they are, its verdicts by the heading over them."""
    before, after = then(schools), now(schools)
    old = tmp_path / "old.xlsx"
    given = mixed(before)
    old.write_bytes(consolidate(*round_of(before, given), AS_OF))
    found = previous_of(after, old)
    assert [one.community for one in found.communities] == [one.name for one in schools.communities]
    assert [one.status for one in found.communities] == [
        *(Status.PASSED, Status.FAILED, Status.INCOMPLETE, Status.INVALID, Status.PASSED, Status.MISSING)
    ]
    assert (found.max_score, len(found.criteria)) == (schools.max_score, len(schools.criteria))
    changes = compare(found, after, round_of(after, mixed(after))[0].choices)
    assert all(change.then and len(change.scores) == len(change.then.scores) for change in changes)
    assert not any(change.newly_passed or change.fallen or change.difference for change in changes)


def test_a_consolidated_workbook_is_no_return(tmp_path: Path, campaign: Campaign, report: bytes) -> None:
    """It is known whatever its units are called."""
    (tmp_path / "汇总.xlsx").write_bytes(report)
    result = evaluate(campaign, [tmp_path])
    assert [entry.own_report for entry in result.entries] == [True]
    assert build(campaign, result.choices).county.participating == 0
