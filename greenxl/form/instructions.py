"""How a form is filled in, in sentences for its cover: only what this form has. Pure."""

from collections.abc import Iterator, Sequence

from greenxl.campaign.model import Answer, Campaign, Criterion, Kind, plain
from greenxl.campaign.rules import Veto
from greenxl.names import bare

_NUMERALS = "一二三四五六七八九十"
_MOST_VETOES = 12
"""That the cover names; of more it is said where to look."""


VETO_MARK, NOT_APPLICABLE_MARK = "否决", "可不适用"
"""What the form prints beside the points."""


def marks_of(criterion: Criterion) -> tuple[str, ...]:
    """Return what the form prints beside a criterion's points: that it is a veto, or may be 不适用."""
    veto = (VETO_MARK,) if _is_veto(criterion) else ()
    return (*veto, NOT_APPLICABLE_MARK) if criterion.not_applicable else veto


def instructions(campaign: Campaign) -> list[str]:
    """Return the numbered sentences."""
    texts = [
        _where(campaign),
        _scores(campaign),
        *beside_plain_scores(campaign),
        _verdict(campaign),
        *_vetoes(campaign),
        *_grades(campaign),
        _deadline(campaign),
    ]
    if campaign.return_to:
        texts.append(f"报送方式：{campaign.return_to}")
    return [f"{numeral}、{text}" for numeral, text in zip(_NUMERALS, texts, strict=False)]


def _where(campaign: Campaign) -> str:
    several = campaign.has_levels or campaign.entry_columns
    open_columns = _quoted((*campaign.score_headings, *campaign.entry_columns))
    open_columns += "各栏" if several else "一列"
    unit = campaign.unit
    return (
        f"每个{unit}一张评分表，点击下表中的{unit}名称即可打开，表旁链接可返回本页。"
        f"只能填写{open_columns}和表下的填报信息，其余内容已锁定。"
    )


def _quoted(names: Sequence[str]) -> str:
    return "".join(f"“{bare(name)}”" for name in names)


def _scores(campaign: Campaign) -> str:
    colours = "黄色表示未填，橙色表示填写有误。"
    if campaign.has_levels:
        colours = f"已开始填写的一栏中，{colours}"
    chosen = all_chosen(campaign)
    if chosen:
        return f"{chosen}{colours}"
    score, points = bare(campaign.labels.score), bare(campaign.labels.points)
    return f"每条{score}填数字，从 0 到该条{points}，最多两位小数；没有做到的填 0，不能留空。{colours}"


def all_chosen(campaign: Campaign) -> str:
    """Return the sentence on scores where all are chosen from lists, "" where any number is typed."""
    chosen = all(criterion.kind is Kind.CONDITION or criterion.choices for criterion in campaign.criteria)
    return "每条从下拉列表中选择，不能留空。" if chosen else ""


def beside_plain_scores(campaign: Campaign) -> list[str]:
    """Return the sentences on everything else that is filled in: the cover's and the mails'."""
    return [*_answers(campaign), *_columns(campaign), *_entries(campaign)]


def _answers(campaign: Campaign) -> Iterator[str]:
    """Yield one text about all answers that are no plain scores, none where there are none."""
    parts = list(_special_answers(campaign))
    if parts:
        yield "；".join(parts) + "。"


def _special_answers(campaign: Campaign) -> Iterator[str]:
    criteria = campaign.criteria
    chosen = [c for c in criteria if c.choices]
    if chosen and any(not c.choices and c.kind is not Kind.CONDITION for c in criteria):
        yield "有下拉列表的条目只能填列表中的内容"
    if campaign.of_kind(Kind.CONDITION):
        yield f"标“{Kind.CONDITION}”的条目填“{Answer.FULFILLED}”或“{Answer.UNFULFILLED}”{_idle(campaign)}"
    if campaign.of_kind(Kind.BONUS):
        cap = campaign.bonus_cap
        most = f"，加分合计最多计{plain(cap)}分" if cap is not None else ""
        yield f"标“{Kind.BONUS}”的条目填加几分，没有的填 0{most}"
    if campaign.of_kind(Kind.DEDUCTION):
        yield f"标“{Kind.DEDUCTION}”的条目填扣几分，不带负号，没有的填 0"
    unasked = [c for c in criteria if c.not_applicable]
    if unasked:
        which = "各条" if len(unasked) == len(criteria) else f"标“{NOT_APPLICABLE_MARK}”的条目"
        scaled = (
            f"，{_total(campaign)}按适用的条目折算成满分{plain(campaign.max_score)}分"
            if campaign.scaled
            else ""
        )
        yield f"{which}确实不适用的可填“{Answer.NOT_APPLICABLE}”{scaled}"


def _idle(campaign: Campaign) -> str:
    """Return what is to be known of conditions that decide nothing, "" where there are none."""
    conditions = campaign.of_kind(Kind.CONDITION)
    if all(map(_is_veto, conditions)):
        return ""
    which = f"没有标“{VETO_MARK}”的，" if any(map(_is_veto, conditions)) else ""
    return f"，{which}填“{Answer.UNFULFILLED}”不影响结论"


def _total(campaign: Campaign) -> str:
    return bare(campaign.labels.total)


def _columns(campaign: Campaign) -> Iterator[str]:
    if campaign.has_levels:
        yield (
            f"{_quoted(campaign.score_columns)}各栏由相应的单位填写，每栏都要填满；"
            f"以{_quoted((campaign.counting_heading,))}计分，未填以前状态为待核定。"
        )


def _entries(campaign: Campaign) -> Iterator[str]:
    """Yield what is to be written in the columns of texts."""
    if not campaign.entry_columns:
        return
    if campaign.reason_required:
        first, *rest = campaign.entry_columns
        more = f"；{_quoted(rest)}填写文字说明，没有的可空着" if rest else ""
        yield f"没有得满分的条目须在{_quoted((first,))}栏写明原因{more}。"
    else:
        yield f"{_quoted(campaign.entry_columns)}填写文字说明，没有的可空着。"


def _verdict(campaign: Campaign) -> str:
    unless = "（有否决情形的除外）" if campaign.has_vetoes else ""
    return (
        f"{_total(campaign)}自动计算，达到{plain(campaign.pass_score)}分为{campaign.pass_words[0]}{unless}。"
        "请勿改动标准内容、分值和工作表名称。"
    )


def _vetoes(campaign: Campaign) -> Iterator[str]:
    """Yield what fails a unit whatever its total."""
    found = possible_vetoes(campaign)
    if found:
        named = "、".join(found[:_MOST_VETOES]) + ("等" if len(found) > _MOST_VETOES else "")
        each = "有下列情形之一的" if len(found) > 1 else "有下列情形的"
        marked = f"分值旁标有“{VETO_MARK}”的即是。" if any(map(_is_veto, campaign.criteria)) else ""
        yield f"{each}一票否决，不论总分多少均为{campaign.pass_words[1]}：{named}。{marked}" + _scaled(
            campaign
        )


def _is_veto(criterion: Criterion) -> bool:
    return criterion.veto is not None


def _scaled(campaign: Campaign) -> str:
    """Return what becomes of a group's least score where something in it does not apply."""
    least = [group for group in campaign.groups if group.minimum is not None]
    scaled = any(c.not_applicable for group in least for c in group.scored)
    return f"其中有条目填“{Answer.NOT_APPLICABLE}”的，最低分按适用的分值折算。" if scaled else ""


def possible_vetoes(campaign: Campaign) -> list[str]:
    """Return all that can fail a unit, in the words of a state."""
    found = [Veto(c, None).words for c in campaign.criteria if _is_veto(c)]
    return found + [Veto(None, group).words for group in campaign.groups if group.minimum is not None]


def _grades(campaign: Campaign) -> Iterator[str]:
    if campaign.grades:
        names = "，".join(f"{plain(one.least)}分以上为{one.name}" for one in campaign.grades)
        unless = "；被否决的不评等次" if campaign.has_vetoes else ""
        yield f"等次按{_total(campaign)}评定：{names}{unless}。"


def _deadline(campaign: Campaign) -> str:
    day = campaign.deadline
    return f"请于{day.year}年{day.month}月{day.day}日前填写完毕，将本工作簿原样报送{campaign.authority}。"
