"""What the text of a mail says instead of an attachment: links to files, scores typed into it. Pure.

Read with expressions that take linear time: the standard library's HTML parser can be kept busy.
"""

import html
import re
from collections.abc import Iterable, Iterator

LONGEST_TEXT = 262_144
"""Characters of a text that are searched."""
_LEAST_SCORES = 12
"""Numbers in a text from which on they are taken for scores; few mails without scores have five."""

_LINK_HOSTS = re.compile(
    r"https?://(?:[\w-]+\.)*(?:"
    r"mail\.qq\.com/(?:cgi-bin/ftn|ftn/)|exmail\.qq\.com/(?:cgi-bin/ftn|ftn/)|"
    r"mail\.(?:163|126)\.com/large-attachment|mail\.yeah\.net/large-attachment|"
    r"(?:163|126)\.com/\S*(?:cloud-attachment|large-attachment)|fs\.163\.com/|"
    r"aliyun\.com/\S*(?:attach|download)|10086\.cn/\S*(?:attach|download)|"
    r"kdocs\.cn/(?:l|p|view|team)/|docs\.qq\.com/(?:sheet|doc|form|pdf|smartsheet|desktop|s|d)/|"
    r"pan\.baidu\.com/(?:s|share)/|weiyun\.com/\w|drive\.weixin\.qq\.com/s|ftn\.qq\.com/|aliyundrive\.com/s/|"
    r"alipan\.com/s/|pan\.quark\.cn/s/|feishu\.cn/(?:sheets|docx?|file|drive)/|dingtalk\.com/i/"
    r")\S*",
    re.IGNORECASE,
)
"""Of attachments that a provider keeps because they are large, and of files that were shared online."""
_LINK_WORDS = re.compile("超大附件|云附件|大附件|文件中转站")
_URL = re.compile(r"https?://[^\s<>\"'，。；、）]+", re.IGNORECASE)
_DOWNLOAD = re.compile("attach|download|ftn|/file", re.IGNORECASE)
_HREF = re.compile(r"<a\s[^<>]*?\bhref\s*=\s*(?:\"([^\"<>]*)\"|'([^'<>]*)'|([^\s\"'<>]+))", re.IGNORECASE)

_UNSEEN = re.compile(r"<(style|script|title)\b[^<]*(?:<(?!/\1)[^<]*)*(?:</\1|\Z)", re.IGNORECASE)
_BREAK = re.compile(r"<(?:/?(?:td|th|tr|p|div|li|h\d|table|pre)|br|hr)\b[^<>]*>", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]*>")
_QUOTED = re.compile(
    r"^[ \t\xa0]*(?:-{2,}[ \t\xa0]*(?:原始邮件|回复的原邮件|原邮件|邮件原件|转发邮件|Original|Forwarded)|"
    r"(?:发件人|From)[ \t]*[:：]|在.{0,120}写道[:：]|(?:On|At) .{0,120} wrote:)",
    re.IGNORECASE | re.MULTILINE,
)
"""How programs begin the mail that is answered or forwarded."""
_NUMBERING = re.compile(r"^[ \t\xa0]*[（(]?\d{1,2}[、.．)）]", re.MULTILINE)
_SCORE = re.compile(
    r"(?<![\d./\-+~第])(?<!\d[:：])\d{1,2}(?:\.\d{1,2})?(?![\d.:：/\-~%％年月日号时点个人份])"
)


def file_links(texts: Iterable[str]) -> tuple[str, ...]:
    """Return the links to files that are kept elsewhere, each once."""
    found: list[str] = []
    for text in texts:
        large = bool(_LINK_WORDS.search(text))
        for url in _urls(text[:LONGEST_TEXT]):
            if _LINK_HOSTS.match(url) or (large and _DOWNLOAD.search(url)):
                found.append(url)
    return tuple(dict.fromkeys(found))


def _urls(text: str) -> Iterator[str]:
    for groups in _HREF.findall(text):
        yield html.unescape("".join(groups)).strip()
    yield from _URL.findall(_plain(text))


def holds_scores(texts: Iterable[str]) -> bool:
    """Whether somebody typed or pasted scores into one of the texts, outside of what it quotes."""
    own = (_NUMBERING.sub("", _own(_plain(text[:LONGEST_TEXT]))) for text in texts)
    return any(len(_SCORE.findall(text)) >= _LEAST_SCORES for text in own)


def _own(text: str) -> str:
    """Return a text without the mail that it answers."""
    begin = _QUOTED.search(text)
    own = text[: begin.start()] if begin else text
    return "\n".join(line for line in own.splitlines() if not line.lstrip().startswith(">"))


def _plain(text: str) -> str:
    """Return the words of an HTML text; a plain one as it is."""
    seen = _TAG.sub("", _BREAK.sub("\n", _UNSEEN.sub("", text)))
    return html.unescape(seen)
