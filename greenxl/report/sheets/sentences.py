"""The sentences of the consolidated workbook's first page. Pure.

A live sentence is a list of parts, so that its figures can be formulas and still be read as words. A part
whose words depend on a figure is made from one text for both.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from greenxl.campaign import rules
from greenxl.campaign.model import Basis, Campaign, plain
from greenxl.catalogue import Severity
from greenxl.findings import count
from greenxl.names import bare
from greenxl.report.comparison import Change, Previous, departed
from greenxl.report.layout import FINDINGS
from greenxl.report.sheets.changes import RETURNED_WORDS, UNLISTED, changes_table, verdict_changes
from greenxl.report.sheets.score_table import VETO
from greenxl.report.sheets.towns import MET, MISSED, TownTable, basis_words, mixed_basis, town_table
from greenxl.returns.intake import Outcome
from greenxl.rounds.evaluate import Round
from greenxl.rounds.stage import Stage, stage_of
from greenxl.scoring.choosing import Status
from greenxl.scoring.tables import CountyRow, Tables
from greenxl.scoring.vocabulary import OUTCOME_WORDS, SEVERITY_WORDS, words


@dataclass(frozen=True, slots=True)
class Live:
    """A piece of a sentence: an expression of a formula, and the words that it gives now."""

    expression: str
    words: str


Part = str | Live


def on_roster(campaign: Campaign) -> str:
    """Return what a rate says of itself where the roster is its denominator."""
    return f"，按{campaign.roster_name}口径"


def words_of(parts: Iterable[Part]) -> str:
    """Return how a live sentence reads now."""
    return "".join(part if isinstance(part, str) else part.words for part in parts)


def formula_of(parts: Iterable[Part]) -> str:
    """Return the formula of a live sentence."""
    return "=" + "&".join(_quoted(part) if isinstance(part, str) else part.expression for part in parts)


def _quoted(words: str) -> str:
    escaped = words.replace('"', '""')
    return f'"{escaped}"'


@dataclass(frozen=True, slots=True)
class _Number:
    """A whole number: an expression of a formula, and what it is now."""

    expression: str
    now: int

    def __neg__(self) -> "_Number":
        return _Number(f"-{self.expression}", -self.now)

    def within(self, text: str) -> Live:
        """Return a text with the number in the place of ``{}``."""
        before, _mark, after = text.partition("{}")
        pieces = [_quoted(piece) for piece in (before, after) if piece]
        pieces.insert(1 if before else 0, self.expression)
        return Live("&".join(pieces), f"{before}{self.now}{after}")


def _fixed(words: str) -> Live:
    return Live(_quoted(words), words)


def _either(condition: str, now: bool, yes: Live, no: Live) -> Live:
    """Return the part that is one of two; ``now`` is whether the condition holds."""
    return Live(f"IF({condition},{yes.expression},{no.expression})", (yes if now else no).words)


def percent_words(part: int, whole: int) -> str:
    """Return a rate as TEXT(…, "0.0%") writes it: a half goes upwards."""
    tenths = (part * 2000 + whole) // (2 * whole)
    return f"{tenths // 10}.{tenths % 10}%"


def _rate(table: TownTable, name: str, part: int, whole: int) -> Live:
    """Return a rate of the county."""
    return Live(f'TEXT({table.county(name)},"0.0%")', percent_words(part, whole))


def day(date: date) -> str:
    return f"{date.year}年{date.month}月{date.day}日"


def verdict(result: Round, tables: Tables, as_of: date) -> list[Part]:
    """Return the sentence that the page is about.

    That is the rate, and the target met or missed by how much; while returns may still come, how far it is
    to the target; and where nothing came, that.
    """
    campaign, county = result.campaign, tables.county
    match stage_of(campaign, county.participating, as_of):
        case Stage.NOTHING:
            return _nothing_yet(result, county, as_of)
        case Stage.OPEN:
            return [f"{_deadline_words(campaign, as_of)}，暂按已报送情况统计：", *_so_far(campaign, county)]
        case Stage.CLOSED:
            return _final(campaign, county)


def _nothing_yet(result: Round, county: CountyRow, as_of: date) -> list[Part]:
    campaign = result.campaign
    came = any(entry.outcome != Outcome.SKIPPED for entry in result.entries)
    nothing = "尚未收到可以采用的报送" if came else "尚未收到报送"
    opening = f"{nothing}，{_deadline_words(campaign, as_of)}；"
    if county.target_percent is None:
        return [opening, _no_target(campaign)]
    return [opening, *_wanted(campaign, county), f"{campaign.pass_words[0]}。"]


def _deadline_words(campaign: Campaign, as_of: date) -> str:
    late = (as_of - campaign.deadline).days
    if late > 0:
        return f"报送截止日已过{late}天"
    return "报送截止日未过" if late == 0 else "报送截止日未到"


def _so_far(campaign: Campaign, county: CountyRow) -> list[Part]:
    rate = [*_pass_rate(campaign, county), "；"]
    if county.target_percent is None:
        return [*rate, _no_target(campaign)]
    return [*rate, *_wanted(campaign, county), _distance(_ahead(campaign, county)), "。"]


def _final(campaign: Campaign, county: CountyRow) -> list[Part]:
    table, rate = town_table(campaign), _pass_rate(campaign, county)
    if county.target_percent is None:
        return [*rate, "；", _no_target(campaign)]
    ahead = _ahead(campaign, county)
    return [
        _either(f"{ahead.expression}>=0", ahead.now >= 0, _fixed(MET), _fixed(MISSED)),
        f"{campaign.year}年",
        Live(table.target, str(county.target_percent)),
        "%的目标：",
        *rate,
        "，需",
        Live(table.needed, str(_needed(county))),
        "个",
        _distance(ahead),
        "。",
    ]


def _pass_rate(campaign: Campaign, county: CountyRow) -> list[Part]:
    """Return the rate with its counts and what they are counts of."""
    table = town_table(campaign)
    basis = on_roster(campaign) if county.denominator_basis == Basis.ROSTER else ""
    return [
        f"{campaign.pass_words[0]}率",
        _rate(table, "pass_rate", county.passed, county.denominator),
        "（",
        Live(table.county("passed"), str(county.passed)),
        "/",
        Live(table.county("denominator"), str(county.denominator)),
        f"{basis}）",
    ]


def _no_target(campaign: Campaign) -> str:
    return f"{campaign.year}年没有规定目标，不作结论。"


def _wanted(campaign: Campaign, county: CountyRow) -> list[Part]:
    """Return what the target asks for, without a word on whether it is met."""
    table = town_table(campaign)
    return [
        f"{campaign.year}年",
        Live(table.target, str(county.target_percent)),
        "%的目标需",
        Live(table.needed, str(_needed(county))),
        "个",
    ]


def _needed(county: CountyRow) -> int:
    return rules.needed(county.denominator, county.target_percent or 0)


def _ahead(campaign: Campaign, county: CountyRow) -> _Number:
    """Return by how many communities the target is passed, negative where it is missed."""
    return _Number(town_table(campaign).ahead, county.passed - _needed(county))


def _distance(ahead: _Number) -> Live:
    """Return by how many communities the target is passed or missed."""
    exact_or_less = _either(
        f"{ahead.expression}=0", ahead.now == 0, _fixed("，恰好达到"), (-ahead).within("，还差{}个")
    )
    return _either(f"{ahead.expression}>0", ahead.now > 0, ahead.within("，多{}个"), exact_or_less)


def counts(campaign: Campaign, county: CountyRow) -> list[Part]:
    """Return how many are listed, take part, passed and failed, and how many are open."""
    table, figures = town_table(campaign), county.figures()
    passed, failed = campaign.pass_words

    def figure(name: str) -> Live:
        return Live(table.county(name), str(figures[name]))

    listed: list[Part] = [f"{campaign.area}{campaign.roster_name}", figure("listed"), f"个{campaign.unit}，"]
    if not county.participating:
        return [*listed, "尚无一个报送。"]
    left = f"{table.county('listed')}-{table.county('passed')}-{table.county('failed')}"
    undecided = _Number(f"({left})", county.listed - county.passed - county.statuses[Status.FAILED])
    several: list[Part] = [
        passed,
        figure("passed"),
        "个，",
        *_failed_words(campaign, county),
        _either(
            f"{left}>0",
            undecided.now > 0,
            undecided.within("其余{}个尚无结论。"),
            _fixed("全部已有结论。"),
        ),
    ]
    all_passed = f"{table.county('passed')}={table.county('listed')}"
    return [
        *listed,
        "参与",
        figure("participating"),
        "个（参与率",
        _rate(table, "participation_rate", county.participating, county.denominator),
        "），",
        _either(all_passed, county.passed == county.listed, _fixed(f"全部{passed}。"), _joined(several)),
    ]


def _joined(parts: Sequence[Part]) -> Live:
    """Return several parts as one."""
    return Live(formula_of(parts).removeprefix("="), words_of(parts))


def _failed_words(campaign: Campaign, county: CountyRow) -> list[Part]:
    """Return how many failed, and how many of these are vetoed, where that can be."""
    table, word = town_table(campaign), campaign.pass_words[1]
    failed = _Number(table.county("failed"), county.statuses[Status.FAILED])
    none = f"没有{word}的，"
    if not campaign.has_vetoes:
        some = failed.within(f"{word}{{}}个，")
    else:
        vetoed = _Number(table.county("vetoed"), county.vetoed)
        which = _either(
            f"{vetoed.expression}>0", vetoed.now > 0, vetoed.within(f"，其中{VETO}{{}}个，"), _fixed("，")
        )
        some = _joined([failed.within(f"{word}{{}}个"), which])
    return [_either(f"{failed.expression}>0", failed.now > 0, some, _fixed(none))]


def caveats(campaign: Campaign, tables: Tables) -> str:
    """Return what must be known to read the rates right."""
    county, mixed = tables.county, mixed_basis(campaign, tables)
    roster, basis = campaign.roster_name, basis_words(campaign, tables.county)
    target = county.target_percent is not None
    unvetoed = f"且没有被{VETO}" if campaign.has_vetoes else ""
    base = f"{campaign.pass_words[0]}：得分齐全且合计不低于{plain(campaign.pass_score)}分{unvetoed}。"
    if not target:
        base += f"方案没有规定{campaign.year}年的目标，不作结论。"
    if county.denominator_basis == Basis.ROSTER:
        base += f"{mixed}，" if mixed else f"方案未给出{words(campaign)['whole']}，比率{basis}，"
        base += f"结论仅按{roster}口径。" if target else f"仅按{roster}口径。"
    else:
        base += f"比率{basis}。"
    return f"{base}未报送的{campaign.unit}不按0分计，仍在分母内。"


def reporting(result: Round, tables: Tables, as_of: date, sheets: Collection[str]) -> list[str]:
    """Return the sentences about how well the towns reported; ``sheets`` are those of the workbook."""
    counts = count(result.findings)
    found = "、".join(f"{SEVERITY_WORDS[s]}{counts[s]}条" for s in Severity if counts[s])
    files = "、".join(
        f"{word}{number}个"
        for outcome, word in OUTCOME_WORDS.items()
        if (number := sum(e.outcome == outcome for e in result.entries))
    )
    where = f"，详见“{FINDINGS}”" if found and FINDINGS in sheets else ""
    received = f"收到文件{len(result.entries)}个（{files}）" if files else "没有收到文件"
    quality = f"填报质量：{received}；{f'发现{found}' if found else '没有发现问题'}{where}。"
    deadline, missing = result.campaign.deadline, tables.county.statuses[Status.MISSING]
    late = (as_of - deadline).days
    when = f"已逾期{late}天" if late > 0 else "当日截止" if late == 0 else f"距截止还有{-late}天"
    still = f"未报送{missing}个{result.campaign.unit}" if missing else "全部已报送"
    return [quality, f"报送时限：{day(deadline)}（截至{day(as_of)}，{when}）；{still}。"]


def since(campaign: Campaign, previous: Previous, changes: Sequence[Change]) -> list[Part]:
    """Return in one sentence what changed since the earlier workbook; what did not is left out."""
    opening = f"与上次（{previous.as_of or previous.file[:60]}）相比："
    gone, changed = len(departed(previous, campaign)), sum(change.is_change for change in changes)
    if not changed and not gone:
        return [f"{opening}状态和{bare(campaign.labels.total)}都没有变化。"]
    tallies = _tallies(campaign, changes)
    unsaid = sum(change.is_change and not _is_tallied(change) for change in changes)
    rest = len(changes) - changed
    return [
        opening,
        *(
            _either(f"{number.expression}=0", number.now == 0, _fixed(""), number.within(f"{words}{{}}个，"))
            for words, number in tallies
        ),
        f"其他变化{unsaid}个，" if unsaid else "",
        f"不再列入{gone}个，" if gone else "",
        f"其余{rest}个没有变化。" if rest else f"每个{campaign.unit}都有变化。",
    ]


def _is_tallied(change: Change) -> bool:
    """Whether a change is among those that the sentence counts by name."""
    went = change.withdrawn or change.newly_returned or change.newly_passed or change.fallen
    return went or change.then is None or bool(change.difference)


def _tallies(campaign: Campaign, changes: Sequence[Change]) -> Iterable[tuple[str, _Number]]:
    """Yield what may have changed, and of how many communities it did."""
    table = changes_table(campaign, changes)

    def tally(words: str, name: str, criterion: str, now: int) -> tuple[str, _Number]:
        return words, _Number(f'COUNTIF({table.cells(name)},"{criterion}")', now)

    moved = [change.difference for change in changes if change.difference]
    came, went = RETURNED_WORDS
    better, worse = verdict_changes(campaign)
    total = bare(campaign.labels.total)
    yield tally("新列入", "then", UNLISTED, sum(change.then is None for change in changes))
    yield tally(came, "returned", came, sum(change.newly_returned for change in changes))
    yield tally(went, "returned", went, sum(change.withdrawn for change in changes))
    yield tally(better, "verdict", better, sum(change.newly_passed for change in changes))
    yield tally(worse, "verdict", worse, sum(change.fallen for change in changes))
    yield tally(f"{total}上升", "difference", ">0", sum(points > 0 for points in moved))
    yield tally(f"{total}下降", "difference", "<0", sum(points < 0 for points in moved))
