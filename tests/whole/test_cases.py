"""Returned files in states that public bug reports describe, each with the right answer beside it.

They are not part of the project: ``../shared/cases`` beside the checkout, or beside the corpus.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pytest

from tests.tools.commands import run
from tests.tools.corpus import CORPUS

CASES = CORPUS.parent / "cases" / "returned"
Answer = Mapping[str, Any]
COMMUNITY = "鸿嘉社区"
OTHERWISE: Mapping[str, Answer] = {
    "05_percent_xlsb": {"outcome": "rejected", "codes": [["file-resave", None]], "says_any": [".xlsx"]},
}
"""What is right as well, where the answer in words says "or", and is what greenxl does."""


def cases() -> Iterator[Any]:
    """Yield each case by its name, one that is skipped where they are not here."""
    if not CASES.is_dir():
        reason = "the returned files with the right answers are not here"
        yield pytest.param("", {}, marks=pytest.mark.skip(reason), id="none")
        return
    for name, case in json.loads((CASES / "expected.json").read_text("utf-8")).items():
        yield pytest.param(name, OTHERWISE.get(name, case["expect"]), id=name)


def wrong(told: Mapping[str, Any], answer: Answer) -> Iterator[str]:
    """Yield in what a JSON document is not the answer; each key is one kind of demand."""
    [community] = [one for one in told["communities"] if one["community"] == COMMUNITY]
    yield from _wrong_result(told["files"], community, answer)
    yield from _wrong_findings(told["findings"], answer)
    said = " ".join(
        [*(one["message"] for one in told["findings"]), *(str(f["reason"]) for f in told["files"])]
    )
    yield from (f"says {words}" for words in answer.get("not_says", ()) if words in said)
    if "says_any" in answer and not any(words in said for words in answer["says_any"]):
        yield f"does not say {answer['says_any']}"


def _wrong_result(
    files: Sequence[Mapping[str, Any]], community: Mapping[str, Any], answer: Answer
) -> Iterator[str]:
    if "outcome" in answer and answer["outcome"] not in {file["outcome"] for file in files}:
        yield f"outcome {[file['outcome'] for file in files]}"
    for one in ("status", "total"):
        if one in answer and community[one] != answer[one]:
            yield f"{one} {community[one]}"
    for number, score in answer.get("scores", {}).items():
        if community["scores"][int(number) - 1] != score:
            yield f"score {number} {community['scores'][int(number) - 1]}"
    for number, score in answer.get("scores_not", {}).items():
        if community["scores"][int(number) - 1] == score:
            yield f"score {number} {score}"


def _wrong_findings(found: Sequence[Mapping[str, Any]], answer: Answer) -> Iterator[str]:
    codes = {one["code"] for one in found}
    places = {(one["code"], one["cell"]) for one in found} | {(code, None) for code in codes}
    yield from (
        f"no {code} at {cell}" for code, cell in answer.get("codes", ()) if (code, cell) not in places
    )
    for cell in answer.get("told", ()):
        if not any(one["cell"] == cell or cell in one["message"] for one in found):
            yield f"nothing at {cell}"
    yield from codes & {*answer.get("not_codes", ())}
    if "only_codes" in answer:
        errors = {one["code"] for one in found if one["severity"] == "error"}
        yield from errors - {*answer["only_codes"]}


@pytest.mark.parametrize(("name", "answer"), [*cases()])
def test_a_returned_file_has_the_right_answer(name: str, answer: Answer) -> None:
    """What ``check --json`` gives of a folder with that file alone; the reports are named beside it."""
    done = run(CASES, "check", name, "-c", "campaign.xlsx", "--json")
    told = json.loads(done.stdout)
    assert list(wrong(told, answer)) == [], [one["message"] for one in told["findings"]]


def test_every_demand_is_one_that_is_checked() -> None:
    """A kind of demand that this test does not know would pass unseen."""
    known = {
        *("outcome", "status", "total", "scores", "scores_not", "codes", "told", "not_codes", "only_codes"),
        *("not_says", "says_any"),
    }
    assert {key for case in cases() for key in case.values[1]} <= known


def test_a_wrong_answer_is_seen() -> None:
    """Every kind of demand fails on a document that is as wrong as can be."""
    told = {
        "communities": [{"community": COMMUNITY, "status": "passed", "total": 80, "scores": [4, 0]}],
        "files": [{"outcome": "read", "reason": "damaged"}],
        "findings": [{"code": "score-text", "cell": "E4", "severity": "error", "message": "x"}],
    }
    answer = {
        "outcome": "rejected",
        "status": "invalid",
        "total": None,
        "scores": {"1": None},
        "scores_not": {"2": 0},
        "codes": [["score-text", "E5"], ["file-links", None]],
        "told": ["E9"],
        "not_codes": ["score-text"],
        "only_codes": ["score-percent"],
        "not_says": ["damaged"],
        "says_any": ["mail"],
    }
    assert len(list(wrong(told, answer))) == 12
    assert list(wrong(told, {"codes": [["score-text", "E4"], ["score-text", None]], "told": ["E4"]})) == []
