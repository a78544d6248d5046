"""What a template's tags may say: fields, columns, lists and conditions; all else is a fault. Pure."""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from jinja2 import nodes

from greenxl.i18n import N_
from greenxl.report.annual.values import Chart, Listed, Value

TAG = re.compile(r"[{｛]{2}.{0,300}?[}｝]{2}|[{｛][%％].{0,300}?[%％][}｝]|[{｛]#.{0,300}?#[}｝]")
"""As people type it, full-width braces included; what is longer is none."""
_LEFT = re.compile(r"[{｛]{2}|[}｝]{2}|[{｛][%％]|[%％][}｝]")
_PLAIN_QUOTES = str.maketrans("“”‘’", "\"\"''")
"""What Word makes of quotation marks as they are typed."""
_UNDERSTOOD = (
    *(nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name, nodes.Getattr, nodes.For, nodes.If),
    *(nodes.Not, nodes.And, nodes.Or, nodes.Compare, nodes.Operand, nodes.Const),
)
_LOOP = ("first", "last", "index")
"""What Jinja2's ``loop`` may be asked for."""
_DEEPEST = 2
"""Lists inside lists."""


def normal(tag: str) -> str:
    """Return a tag as Jinja2 has it, however it was typed, in one line and without its control of spaces."""
    half = " ".join(unicodedata.normalize("NFKC", tag.translate(_PLAIN_QUOTES)).split())
    return re.sub(r"(?<=^\{[%{#])[-+]|[-+](?=[%}#]\}$)", "", half)


def is_open(text: str) -> bool:
    """Whether braces are left that are no tag's."""
    return bool(_LEFT.search(TAG.sub("", text)))


def is_block(tag: str) -> bool:
    return tag.startswith("{%")


def begins(tag: str) -> bool:
    """Whether a list or a condition begins."""
    return bool(re.match(r"\{%\s*(for|if)\b", tag))


def ends(tag: str) -> bool:
    return bool(re.match(r"\{%\s*(endfor|endif)\b", tag))


@dataclass(frozen=True, slots=True)
class Fault:
    line: int
    words: str
    more: Mapping[str, str] = field(default_factory=dict)


Scope = Mapping[str, Value | Sequence[str]]
"""What a name means at a place: a field, or the columns of the entry of a list."""


def faults(node: nodes.Node, scope: Scope, depth: int = 0) -> Iterator[Fault]:
    """Yield what is not understood, or that there is not, at any place of the tags."""
    if not isinstance(node, _UNDERSTOOD):
        yield Fault(
            node.lineno,
            N_("“{tag}” is not understood: between the braces are fields, “for” and “if” and nothing else"),
        )
    elif isinstance(node, nodes.For):
        yield from _loop_faults(node, scope, depth)
    elif isinstance(node, nodes.Getattr):
        yield from _column_faults(node, scope)
    elif isinstance(node, nodes.Name) and node.name not in scope:
        known = "、".join(name for name in scope if name != "loop")
        more = {"name": node.name, "known": known}
        yield Fault(node.lineno, N_("there is no field “{name}” ({tag}); there are: {known}"), more)
    else:
        for inner in node.iter_child_nodes():
            if isinstance(node, nodes.Output) and isinstance(inner, nodes.Name):
                yield from _shown_faults(inner, scope)
            yield from faults(inner, scope, depth)


def _shown_faults(node: nodes.Name, scope: Scope) -> Iterator[Fault]:
    if node.name in scope and not isinstance(scope[node.name], str | int | bool | Chart):
        yield Fault(
            node.lineno,
            N_("“{tag}” is a list or an entry of one: write {example} to walk through a list"),
            {"example": "{% for … in … %} {{ … . … }} {% endfor %}"},
        )


def _loop_faults(node: nodes.For, scope: Scope, depth: int) -> Iterator[Fault]:
    lists = {name: value for name, value in scope.items() if isinstance(value, Listed)}
    walked = lists.get(node.iter.name) if isinstance(node.iter, nodes.Name) else None
    if walked is None or not isinstance(node.target, nodes.Name) or node.recursive or depth == _DEEPEST:
        more = {"known": "、".join(lists)}
        yield Fault(node.lineno, N_("“{tag}” walks through no list; there are: {known}"), more)
        return
    inner = {**scope, node.target.name: walked.columns, "loop": _LOOP}
    for child in (*node.body, *([node.test] if node.test else [])):
        yield from faults(child, inner, depth + 1)
    for child in node.else_:
        yield from faults(child, scope, depth)


def _column_faults(node: nodes.Getattr, scope: Scope) -> Iterator[Fault]:
    entry = scope.get(node.node.name) if isinstance(node.node, nodes.Name) else None
    if not isinstance(entry, tuple):
        yield Fault(node.lineno, N_("“{tag}” is no column: before the point goes the entry of a “for”"))
    elif node.attr not in entry:
        more = {"name": node.attr, "known": "、".join(entry)}
        yield Fault(node.lineno, N_("there is no column “{name}” ({tag}); there are: {known}"), more)
