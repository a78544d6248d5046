"""The tables as Parquet files: what the JSON document says, exact, and null where there is nothing."""

import io
import re
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from greenxl.campaign.model import Campaign
from greenxl.cli.outputs import TABLES
from greenxl.report import parquet
from greenxl.report.json_document import document, number
from greenxl.report.parquet import table_bytes
from greenxl.rounds.evaluate import Round
from greenxl.scoring.tables import Tables
from tests.conftest import SAMPLES
from tests.tools.programmes import mixed
from tests.tools.reports import Report
from tests.tools.rounds import round_of, samples


def read(name: str, result: Round, tables: Tables) -> Any:
    return pq.read_table(io.BytesIO(table_bytes(name, result, tables)))


def rows(name: str, report: Report) -> list[dict[str, Any]]:
    return list(read(name, report.result, report.tables).to_pylist())


def plain(value: object) -> object:
    """Return a value as the JSON document has it."""
    return number(value) if isinstance(value, Decimal) else value


def test_communities_are_those_of_the_document(report: Report) -> None:
    """Every community once, with the same scores, subtotals, total, rank and source."""
    criteria, groups = report.campaign.criteria, report.campaign.groups
    found = rows("communities", report)
    wanted = document(report.result, report.tables, None)["communities"]
    same = ("no", "town", "community", "pilot", "status", "total", "rank", "file", "sheet")
    assert [{k: plain(row[k]) for k in same} for row in found] == [
        {k: row[k] for k in same} for row in wanted
    ]
    scores = [f"score_{one.number}" for one in criteria]
    assert [[plain(row[name]) for name in scores] for row in found] == [row["scores"] for row in wanted]
    subtotals = [f"subtotal_{place}" for place in range(1, len(groups) + 1)]
    assert [[plain(row[name]) for name in subtotals] for row in found] == [row["subtotals"] for row in wanted]
    judged = {"passed": True, "failed": False}
    assert [row["passed"] for row in found] == [judged.get(row["status"]) for row in wanted]


@pytest.mark.parametrize("name", ["towns", "findings", "files"])
def test_a_table_is_that_of_the_document(report: Report, name: str) -> None:
    """Row by row; an empty text is null."""
    found, wanted = rows(name, report), document(report.result, report.tables, None)[name]
    same = [{key: row[key] for key in one} for row, one in zip(found, wanted, strict=True)]
    assert same == [{key: None if value == "" else value for key, value in one.items()} for one in wanted]


def test_losses_add_up(report: Report) -> None:
    """A row per score below the points, and by criterion the losses that the table of criteria has."""
    losses, criteria = rows("losses", report), rows("criteria", report)
    assert [(row["no"], row["criterion"], row["lost"]) for row in losses] == [
        (loss.community.number, loss.criterion.number, loss.lost) for loss in report.tables.losses
    ]
    assert all(row["score"] + row["lost"] == row["points"] for row in losses)
    for one in criteria:
        lost = sum((row["lost"] for row in losses if row["criterion"] == one["criterion"]), Decimal(0))
        assert lost == one["lost"]


def test_nothing_that_is_missing_is_a_nought(huantai: Campaign) -> None:
    """A score that is blank, and all of a community that returned nothing, is null, also for pandas."""
    first, second = huantai.communities[:2]
    result, tables = round_of(huantai, {first: [0] * 20, second: [None, *[5] * 19]})
    frame = pd.read_parquet(io.BytesIO(table_bytes("communities", result, tables)))
    assert frame["score_1"].tolist()[:3] == [Decimal(0), None, None]
    assert frame["total"].tolist()[:3] == [Decimal(0), None, None]
    assert pd.isna(frame["rank"][1])
    assert frame["file"].isna().sum() == len(huantai.communities) - 2


def test_numbers_are_exact(huantai: Campaign) -> None:
    """What no binary fraction holds adds up, and whole numbers are whole."""
    scores: list[float | None] = [4.1, 4.2, *[5] * 18]
    result, tables = round_of(huantai, {huantai.communities[0]: scores})
    found = read("communities", result, tables)
    assert found["total"][0].as_py() == Decimal("98.30")
    types = {found.schema.field(name).type for name in ("total", "subtotal_1", "score_1")}
    assert types == {pa.decimal128(18, 2)}
    assert {found.schema.field(name).type for name in ("no", "rank")} == {pa.int32()}


def test_a_programme_with_everything_has_its_columns(huantai: Campaign) -> None:
    """Answers of conditions, bonus and deduction, vetoes, what does not apply, and columns to fill in."""
    campaign = mixed(huantai)
    first = campaign.communities[0]
    result, tables = round_of(campaign, {first: [20, "是", "不适用", 30, 5, 8, "不符合"]})
    found = read("communities", result, tables)
    row = found.to_pylist()[0]
    assert (row["answer_7"], row["not_applicable"], row["vetoed"]) == ("不符合", [3], ["7"])
    assert (row["bonus"], row["deduction"], row["score_3"]) == (campaign.bonus_cap, Decimal(8), None)
    assert found.schema.field("column_2_4").metadata == {b"title": "县核定分".encode()}
    assert "entry_1_7" in row
    words = {"": "scored", "加分": "bonus", "扣分": "deduction", "条件": "condition"}
    kinds = read("criteria", result, tables)["kind"].to_pylist()
    assert kinds == [words[one.kind] for one in campaign.criteria]
    assert {*kinds} == {*words.values()}


@pytest.mark.parametrize("name", TABLES)
def test_a_file_says_which_round_it_is_of(huantai: Campaign, name: str) -> None:
    """Campaign, year and standard stand in the schema."""
    found = read(name, *samples(huantai)).schema.metadata
    assert {key.decode(): value.decode() for key, value in found.items()} == {
        "greenxl.format": "1",
        "greenxl.table": name,
        "greenxl.campaign": "huantai-2021",
        "greenxl.year": "2021",
        "greenxl.standard": huantai.standard_hash,
    }


@pytest.mark.parametrize("name", TABLES)
def test_the_same_round_gives_the_same_bytes(huantai: Campaign, name: str) -> None:
    """Whenever it is written."""
    assert table_bytes(name, *samples(huantai)) == table_bytes(name, *samples(huantai))


def test_a_long_table_is_written_in_batches(huantai: Campaign, monkeypatch: pytest.MonkeyPatch) -> None:
    """A row group each, and the rows are the same."""
    result, tables = samples(huantai)
    whole = read("losses", result, tables)
    monkeypatch.setattr(parquet, "_BATCH", 7)
    data = table_bytes("losses", result, tables)
    assert pq.ParquetFile(io.BytesIO(data)).num_row_groups == -(-whole.num_rows // 7)
    assert pq.read_table(io.BytesIO(data)) == whole


def test_a_text_that_no_one_can_see_is_cleaned(huantai: Campaign) -> None:
    """A control character or half a surrogate in the name of a file is shown as U+FFFD, never a crash."""
    result, tables = samples(huantai)
    entries = tuple(replace(entry, file="a\x1b[2J\udcff.xlsx") for entry in result.entries)
    found = read("files", replace(result, entries=entries), tables)["file"].to_pylist()
    assert {*found} == {"a\ufffd[2J\ufffd.xlsx"}


@pytest.mark.parametrize("page", ["operating.md", "operating.zh-CN.md"])
@pytest.mark.parametrize("name", TABLES)
def test_every_column_is_described(huantai: Campaign, name: str, page: str) -> None:
    """In both languages, and no other; of the columns of criteria and groups the pattern."""
    lines = (SAMPLES.parent / "docs" / page).read_text("utf-8").splitlines()
    described = next(line for line in lines if line.startswith(f"| `{name}.parquet` |")).split("|")[3]
    names = read(name, *round_of(mixed(huantai), {})).schema.names
    assert {*re.findall("`([a-z_0-9KN]+)`", described)} == {_pattern(one) for one in names}


def _pattern(name: str) -> str:
    """Return ``column_K_N`` for ``column_2_4``, ``entry_K`` for ``entry_1``, ``score_N`` for ``score_4``."""
    if re.fullmatch(r"\D+_\d+_\d+", name):
        return re.sub(r"_\d+_\d+", "_K_N", name)
    return re.sub(r"_\d+$", "_K" if name.startswith("entry") else "_N", name)
