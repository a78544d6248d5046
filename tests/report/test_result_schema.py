"""The published JSON Schema holds for every document, and says no less than the document does."""

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from greenxl import errors
from greenxl.campaign.model import Basis, Campaign
from greenxl.catalogue import CATALOGUE, Severity
from greenxl.errors import GreenxlError
from greenxl.report.comparison import compare
from greenxl.report.json_document import document
from greenxl.returns.intake import Outcome
from greenxl.rounds.folder import leader_copy_of
from greenxl.scoring.choosing import Status
from tests.conftest import SAMPLES
from tests.tools import commands
from tests.tools.reports import Report, all_of, earlier
from tests.tools.rounds import of_counties, round_of, samples

SCHEMA = json.loads((SAMPLES.parent / "docs" / "result.schema.json").read_text("utf-8"))
DEFINITIONS = SCHEMA["$defs"]
ENUMS = {"status": Status, "outcome": Outcome, "severity": Severity, "basis": Basis}


def closed(schema: Any) -> Any:
    """Return the schema with every object closed: a key that it does not list is then an error."""
    if isinstance(schema, list):
        return [closed(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    inner = {name: closed(value) for name, value in schema.items()}
    if inner.get("additionalProperties") is True:
        del inner["additionalProperties"]
    return inner


def strict() -> Draft202012Validator:
    schema = closed(copy.deepcopy(SCHEMA))
    whole = {name: schema["$defs"][name] for name in ("county", "town", "district")}
    parts = {name: one for name, one in schema["$defs"].items() if "properties" in one and name != "counts"}
    for one in [*whole.values(), *parts.values(), parts["changes"]["properties"]["communities"]["items"]]:
        one["unevaluatedProperties"] = False
    return Draft202012Validator(schema)


STRICT = strict()


def faults(made: object) -> list[str]:
    """Return what the schema finds wrong in a document, as paths and words."""
    plain = json.loads(json.dumps(made))
    return [f"{fault.json_path}: {fault.message[:300]}" for fault in STRICT.iter_errors(plain)]


def test_the_schema_is_one_of_draft_2020_12() -> None:
    """It is well-formed itself, and says of every object that keys may be added."""
    Draft202012Validator.check_schema(SCHEMA)
    objects = [one for one in DEFINITIONS.values() if "properties" in one]
    assert all(one["additionalProperties"] is True and one["description"] for one in objects)


@pytest.mark.parametrize("name", ENUMS)
def test_its_words_are_those_of_the_code(name: str) -> None:
    """No status, outcome, severity or basis more or less."""
    assert DEFINITIONS[name]["enum"] == [str(word) for word in ENUMS[name]]


def test_its_error_codes_are_those_of_the_code() -> None:
    """Every kind of error that a command may end with has its word in the schema."""
    kinds = [one for one in vars(errors).values() if isinstance(one, type) and issubclass(one, GreenxlError)]
    codes = {getattr(kind, "code", "failed") for kind in kinds}
    assert codes <= set(DEFINITIONS["error_code"]["enum"])


def test_every_code_of_a_finding_matches() -> None:
    """The pattern holds for the whole catalogue."""
    validator = Draft202012Validator(DEFINITIONS["finding"]["properties"]["code"])
    assert [code for code in CATALOGUE if not validator.is_valid(code)] == []


def test_every_round_is_described(report: Report) -> None:
    """Samples, spoiled samples, another county, 120 communities, nothing returned: each key is listed."""
    made = document(report.result, report.tables, "out.xlsx")
    assert faults(made) == []


def test_changes_are_described(huantai: Campaign) -> None:
    """With an earlier workbook, in which most communities are missing."""
    result, tables = samples(huantai)
    old = earlier(huantai, all_of(3, huantai.communities[:5]))
    changes = compare(old, huantai, result.choices)
    assert faults(document(result, tables, None, changes=changes)) == []


@pytest.mark.parametrize("folder", ["returned", "spoiled"])
def test_what_the_commands_print_is_described(folder: str, tmp_path: Path) -> None:
    """check, then merge twice, the second compared with the first."""
    first, second = tmp_path / "first.xlsx", tmp_path / "second.xlsx"
    for words in (
        ["check", SAMPLES / folder],
        ["merge", SAMPLES / folder, "-o", first],
        ["merge", SAMPLES / folder, "-o", second, "--previous", first],
    ):
        done = commands.run(tmp_path, *words, "--json")
        made = json.loads(done.stdout)
        assert faults(made) == []
        output = None if "check" in words else Path(str(words[3]))
        assert made["output"] == (str(output) if output else None)
        assert made["leader_copy"] == (str(leader_copy_of(output)) if output else None)
        assert (made["changes"] is not None) == ("--previous" in words)


@pytest.mark.parametrize("code", DEFINITIONS["error_code"]["enum"])
def test_an_error_is_described(code: str) -> None:
    """Alone, and beside a result that could not be written."""
    error = {"code": code, "message": "x.xlsx: the file cannot be written."}
    assert faults({"format": 1, "error": error}) == []
    result = json.loads((SAMPLES / "returned.json").read_text("utf-8"))
    assert faults({**result, "error": error}) == []


@pytest.mark.parametrize(
    "words",
    [["check", "nowhere"], ["merge", ".", "-c", "empty"], ["merge", ".", "-o", "a file/x.xlsx"]],
    ids=["no such path", "no campaign", "cannot be written"],
)
def test_what_a_failed_command_prints_is_described(tmp_path: Path, words: list[str]) -> None:
    """With --json a failure prints a document, too: alone, or with the result that there is."""
    (tmp_path / "a file").write_text("")
    (tmp_path / "empty").mkdir()
    made = json.loads(commands.run(tmp_path, *words, "--json").stdout)
    assert made["error"]["code"] in DEFINITIONS["error_code"]["enum"]
    assert faults(made) == []


SPOILED: dict[str, dict[str, object]] = {
    "another format": {"format": 2},
    "an unknown status": {"communities": [{"no": 1, "status": "lost"}]},
    "a missing key": {"county": {"listed": 21}},
    "a key that is not listed": {"county_name": "x"},
    "a number as text": {"campaign": {"id": "a", "pass_score": "80"}},
}


@pytest.mark.parametrize("change", SPOILED.values(), ids=SPOILED)
def test_what_is_wrong_is_found(change: dict[str, object]) -> None:
    """The schema is no empty promise."""
    result = json.loads((SAMPLES / "returned.json").read_text("utf-8"))
    assert faults(result) == []
    assert faults({**result, **change}) != []


def test_the_document_of_a_city_is_described(huantai: Campaign) -> None:
    """Its counties, and the county of each town."""
    campaign = of_counties(huantai, 2, 2)
    assert faults(document(*round_of(campaign, all_of(5, campaign.communities[:3])), None)) == []
