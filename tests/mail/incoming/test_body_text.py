"""Links to files and scores that were typed into a mail are found in its texts, in little time."""

import time

import pytest

from greenxl.mail.incoming.body_text import LONGEST_TEXT, file_links, holds_scores

LINKS = {
    "qq": "http://mail.qq.com/cgi-bin/ftnExs_download?t=exs_ftn_download&k=1&code=2",
    "qq-new": "https://wx.mail.qq.com/ftn/download?func=3&key=1",
    "163": "https://mail.163.com/large-attachment-download/index.html?p=X-NETEASE-HUGE-ATTACHMENT&file=1",
    "163-cloud": "https://dashi.163.com/html/cloud-attachment-download/?key=1",
    "kdocs": "https://www.kdocs.cn/l/cbYx1",
    "kdocs-short": "https://kdocs.cn/l/cbYx1?from=mail&x=1",
    "tencent-docs": "https://docs.qq.com/sheet/DU1?tab=1",
    "baidu": "https://pan.baidu.com/s/1abc?pwd=x1y2",
    "baidu-share": "https://pan.baidu.com/share/init?surl=abc",
    "weiyun": "https://share.weiyun.com/AbC1",
    "wecom-drive": "https://drive.weixin.qq.com/s?k=AJ",
    "aliyun-drive": "https://www.alipan.com/s/AbC",
    "quark": "https://pan.quark.cn/s/abc",
}


@pytest.mark.parametrize("url", LINKS.values(), ids=LINKS.keys())
def test_links_to_files_that_are_kept_elsewhere_are_found(url: str) -> None:
    """In HTML and in plain text, each once."""
    escaped = url.replace("&", "&amp;")
    html = f"<p>超大附件</p><A class=x target=_blank HREF='{escaped}'>评分表</a><a href={escaped}>again</a>"
    assert file_links([html]) == (url,)
    assert file_links([f"请下载：{url} （2天后过期）", f"<p>{escaped}</p>"]) == (url,)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param('<a href="https://www.example.cn/">首页</a>', id="home-page"),
        pytest.param('<a href="https://mail.qq.com/">QQ邮箱</a><![foo[', id="mail-provider"),
        pytest.param("https://www.kdocs.cn/ https://docs.qq.com/ https://pan.baidu.com/", id="advertisement"),
        pytest.param('<img src="https://pan.baidu.com/s/1">', id="picture"),
    ],
)
def test_other_links_are_let_be(text: str) -> None:
    """A signature's home page or an advertisement is no attachment."""
    assert file_links([text]) == ()


SCORES = [
    "5",
    "4.5",
    "3",
    "5",
    "0",
    "4",
    "5",
    "3.5",
    "5",
    "5",
    "4",
    "5",
    "5",
    "4",
    "3",
    "5",
    "5",
    "4",
    "5",
    "5",
]
CELLS = "".join(
    f"<tr><td width=20>{number}</td><td><p>条目</p></td><td>5</td><td><span>{score}</span></td></tr>"
    for number, score in enumerate(SCORES, 1)
)
TYPED = {
    "table": f"<style>td {{margin: 0 0 0 0}}</style><table border=1>{CELLS}</table>",
    "lines": "各项得分如下：\n" + "\n".join(f"{n}、条目 {score}分" for n, score in enumerate(SCORES, 1)),
    "row": "得分依次为：" + "、".join(SCORES),
    "row with commas": "得分 " + ", ".join(SCORES),
    "row with tabs": "果里镇\t" + "\t".join(SCORES),
    "fullwidth numbering": "\n".join(f"（{n}）条目：{score}" for n, score in enumerate(SCORES, 1)),
    "above a quoted mail": "、".join(SCORES) + "\n-----原始邮件-----\n发件人：县住建局",
}


@pytest.mark.parametrize("text", TYPED.values(), ids=TYPED.keys())
def test_scores_in_a_text_are_found(text: str) -> None:
    """As a table, a line each, or one after the other."""
    assert holds_scores(["见正文", text])


SIGNATURE = (
    "张三\n桓台县果里镇人民政府 电话：0533-8180000 手机 138 0000 0000\n2021年9月30日 10:30\n邮编256400"
)
OTHERS = {
    "signature": f"请查收。\n{SIGNATURE}",
    "dates": "\n".join(f"第{n}次会议定于9月{n}日{n}:30，2021-09-{n:02}，{n}人参加" for n in range(1, 30)),
    "numbered list": "\n".join(f"{n}、请补充材料" for n in range(1, 25)),
    "shares": " ".join(f"{n}%" for n in range(30)),
    "quoted reply": "收到。\n" + "\n".join(f"> {score}" for score in SCORES),
    "quoted below": "收到。\n------------------ 原始邮件 ------------------\n" + " ".join(SCORES),
    "quoted in html": "<div>收到</div><div>------------------&nbsp;原始邮件&nbsp;-------</div>"
    + TYPED["table"],
    "quoted by 163": "收到\n---- 回复的原邮件 ----\n" + TYPED["table"],
    "quoted by Gmail": "收到\n在 2021年9月15日 周三 08:00，县住建局 <a@b.cn> 写道：\n" + " ".join(SCORES),
    "styles": "<style>" + " ".join(SCORES) + "</style><p>见附件",
    "styles without an end": "<p>见附件<style>" + " ".join(SCORES),
}


@pytest.mark.parametrize("text", OTHERS.values(), ids=OTHERS.keys())
def test_other_numbers_are_no_scores(text: str) -> None:
    """Telephones, dates, lists, and what a reply quotes."""
    assert not holds_scores([text])


HOSTILE = [
    "<", "<a ", "<a href=", "<a href='", "<!--", "<![CDATA[", "<style", "<style><", "<td", "&#",
    "http://", "http://a.", "https://163.com/", "https://aliyun.com/a ",
    "1 ", "(1、", "\n ", "-", "-- ", "在", "On ",
]  # fmt: skip


@pytest.mark.parametrize("piece", HOSTILE)
def test_no_text_keeps_the_search_busy(piece: str) -> None:
    """A quarter of a million characters of any of these take a moment."""
    text = piece * (2 * LONGEST_TEXT // len(piece))
    begin = time.process_time()
    file_links([text, "大附件" + text])
    holds_scores([text])
    assert time.process_time() - begin < 2
