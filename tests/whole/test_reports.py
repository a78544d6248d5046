"""The consolidated workbook of any other programme, and what is read back of it."""

from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from greenxl.campaign.model import Campaign
from greenxl.report.book import consolidate
from greenxl.report.json_document import document
from greenxl.report.previous import read_previous
from greenxl.report.readback import read_back
from greenxl.report.sheets.score_table import score, score_table, veto_words
from greenxl.rounds.evaluate import Round
from greenxl.scoring.tables import Tables
from tests.report.test_result_schema import faults
from tests.tools import oracles
from tests.tools.office import Office
from tests.tools.programmes import rounds
from tests.tools.reports import DAY, cells

pytestmark = pytest.mark.filterwarnings("ignore:.*extension is not supported:UserWarning")
any_round = settings(
    deadline=None,
    suppress_health_check=list(HealthCheck),
    max_examples=6,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
)
"""Not made smaller where one fails: each takes a whole workbook."""


@any_round
@given(data=st.data())
def test_every_formula_gives_the_value_that_is_stored(
    office: Office, huantai: Campaign, tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    """LibreOffice recalculates the workbook of any programme, with its changes; Excel would not repair it."""
    path = tmp_path_factory.mktemp("report") / "report.xlsx"
    result, tables = data.draw(rounds(huantai))
    path.write_bytes(consolidate(result, tables, DAY))
    path.write_bytes(consolidate(result, tables, DAY, read_previous(path)))
    assert oracles.differing(office.formulas(path)) == []
    assert oracles.repairs(path) == []


@any_round
@given(data=st.data())
def test_the_scores_are_those_of_the_tables(huantai: Campaign, data: st.DataObject) -> None:
    """Numbers as numbers, words as words; what fails a unit, its grade and its rank beside them."""
    result, tables = data.draw(rounds(huantai))
    table = score_table(result.campaign)
    rows = cells(consolidate(result, tables, DAY), table.sheet)[table.first_row :]
    for row, one in zip(rows, tables.communities, strict=True):
        shown = {column.name: value for column, value in zip(table.columns, row, strict=True)}
        answers = [shown[score(number)] for number in range(1, len(one.answers) + 1)]
        assert [Decimal(str(a)) if isinstance(a, int | float) else a for a in answers] == [*one.answers]
        assert (shown.get("veto") or "") == veto_words(one)
        assert (shown.get("grade") or None) == one.grade
        assert (shown["rank"] or None) == one.rank


@any_round
@given(data=st.data())
def test_the_document_is_described(huantai: Campaign, data: st.DataObject) -> None:
    """The JSON of any programme is what the schema says."""
    result, tables = data.draw(rounds(huantai))
    assert faults(document(result, tables, "out.xlsx")) == []


@any_round
@given(data=st.data())
def test_a_report_is_read_back(
    huantai: Campaign, tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    """By the mail that carries it, and by the next report."""
    result, tables = data.draw(rounds(huantai))
    book = consolidate(result, tables, DAY)
    _is_read_by_mails(result, tables, book)
    path = tmp_path_factory.mktemp("report") / "old.xlsx"
    path.write_bytes(book)
    _is_read_by_the_next(result, tables, path)


def _is_read_by_mails(result: Round, tables: Tables, book: bytes) -> None:
    stated = read_back(result.campaign, "x.xlsx", book)
    assert [choice.status for choice in stated.choices] == [row.status for row in tables.communities]
    assert stated.vetoes == {row.community: veto_words(row) for row in tables.communities if row.vetoes}
    assert stated.grades == {row.community: row.grade for row in tables.communities if row.grade}


def _is_read_by_the_next(result: Round, tables: Tables, path: Path) -> None:
    found = read_previous(path)
    assert found.max_score == result.campaign.max_score
    for earlier, row in zip(found.communities, tables.communities, strict=True):
        assert (earlier.community, earlier.status, earlier.total) == (
            row.community.name,
            row.status,
            row.total,
        )
        numbered = {number: one for number, one in enumerate(row.scores, 1) if one is not None}
        assert earlier.scores == numbered
