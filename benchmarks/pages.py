"""The tables of a comparison, as text and in docs/benchmarks*.md."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.processes import Taken

if TYPE_CHECKING:
    from benchmarks.compare import Results, Target

_DOCS = Path(__file__).parent.parent / "docs"
_BEGIN, _END = "<!-- tables -->\n", "<!-- end of tables -->"
_AGAINST = "check", "merge"
_WORDS = {
    "benchmarks.md": {
        "check": "`greenxl check`",
        "merge": "`greenxl merge`",
        "imports": "importing pandas and xlsxwriter",
        "pandas_openpyxl": "pandas with openpyxl",
        "pandas_calamine": "pandas with calamine",
        "polars_loop": "polars with calamine",
        "csvkit": "in2csv and csvstack",
        "floor": "floor: inflating sheet and strings",
        "pandas_to_excel": "writing the tables: pandas `to_excel`",
        "bare_xlsxwriter": "writing the tables: bare xlsxwriter",
        "columns": "| | s | CPU s | ms a return | MB, first process | MB, all | : check | : merge |",
        "size": "### {size} returns",
        "targets": "### Targets",
        "target columns": "| returns | | wanted | held | found |",
        "made": "{day}, {machine}. Medians of several runs in turn; one run from 10,000 on.",
    },
    "benchmarks.zh-CN.md": {
        "check": "`greenxl check`",
        "merge": "`greenxl merge`",
        "imports": "只导入 pandas 和 xlsxwriter",
        "pandas_openpyxl": "pandas 加 openpyxl",
        "pandas_calamine": "pandas 加 calamine",
        "polars_loop": "polars 加 calamine",
        "csvkit": "in2csv 加 csvstack",
        "floor": "下限：只解压工作表和字符串",
        "pandas_to_excel": "写同样的表：pandas `to_excel`",
        "bare_xlsxwriter": "写同样的表：直接用 xlsxwriter",
        "columns": "| | 秒 | CPU 秒 | 每份毫秒 | 主进程 MB | 全部进程 MB | ÷ check | ÷ merge |",
        "size": "### {size} 份",
        "targets": "### 目标",
        "target columns": "| 份数 | | 要求 | 保持 | 实测 |",
        "made": "{day}，{machine}。轮流运行数次取中位数，1万份起运行一次。",
    },
}
"""By page: what is run, and the words around it."""


def text(results: Results, judged: Sequence[tuple[Target, float]]) -> str:
    return "\n".join(_lines(results, judged, _WORDS["benchmarks.md"]))


def update(results: Results, judged: Sequence[tuple[Target, float]], machine: str, day: date) -> None:
    """Put the tables into both pages, between the marks; what people wrote around them stays."""
    for name, words in _WORDS.items():
        page = _DOCS / name
        lines = [words["made"].format(day=day, machine=machine), "", *_lines(results, judged, words), ""]
        above, begin, others = page.read_text(encoding="utf-8").partition(_BEGIN)
        _old, end, below = others.partition(_END)
        if not end:
            raise ValueError(f"{page} has no place for the tables")
        page.write_text("".join((above, begin, "\n".join(lines), end, below)), encoding="utf-8")


def _lines(
    results: Results, judged: Iterable[tuple[Target, float]], words: Mapping[str, str]
) -> Iterator[str]:
    for size, taken in results.items():
        yield words["size"].format(size=f"{size:,}")
        yield ""
        yield from _table(words["columns"], (_row(name, size, taken, words) for name in taken))
    yield words["targets"]
    yield ""
    rows = (
        [f"{one.size:,}", one.words, *_limits(one), _bold(f"{found:.4g}", one.misses(found))]
        for one, found in judged
    )
    yield from _table(words["target columns"], rows)


def _limits(target: Target) -> tuple[str, str]:
    sign = "≤" if target.at_most else "≥"
    return f"{sign} {target.wanted:,}", f"{sign} {target.held:,}"


def _bold(figure: str, missed: bool) -> str:
    return f"**{figure}**" if missed else figure


def _table(header: str, rows: Iterable[Sequence[str]]) -> Iterator[str]:
    yield header
    yield "| --- " + "| ---: " * (header.count("|") - 2) + "|"
    yield from (f"| {' | '.join(row)} |" for row in rows)
    yield ""


def _row(name: str, size: int, taken: Mapping[str, Taken], words: Mapping[str, str]) -> list[str]:
    one = taken[name]
    ratios = [f"{one.seconds / taken[other].seconds:.2f}" for other in _AGAINST]
    return [
        words[name],
        f"{one.seconds:.2f}",
        f"{one.cpu:.2f}",
        f"{one.seconds * 1000 / size:.2f}",
        f"{one.parent:.0f}",
        f"{one.all:.0f}",
        *ratios,
    ]
