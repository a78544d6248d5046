import io
import pickle
import zipfile
from base64 import b64encode
from collections.abc import Callable
from email.header import Header
from pathlib import Path
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from greenxl.mail.incoming.inbound import Part, parse_mail, read_mail
from greenxl.mail.incoming.notices import Notice, Remark, Unreadable
from greenxl.rounds.bounces import Bounce

NAME = "城区街道-评分表（喆改）.xlsx"  # 喆 is in GBK, not in GB 2312, though mails say GB 2312
LONG = "桓台县城区街道办事处二〇二一年度绿色社区创建评分表汇总最终定稿版本请以此为准.xlsx"


def mail(*parts: bytes, head: bytes = b"From: a@example.cn\r\nSubject: x\r\n") -> bytes:
    body = b"".join(b"--b\r\n" + part + b"\r\n" for part in parts)
    return (
        head
        + b'MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary="b"\r\n\r\n'
        + body
        + b"--b--\r\n"
    )


def attachment(headers: str | bytes, data: bytes = b"PK\x03\x04data") -> bytes:
    raw = headers if isinstance(headers, bytes) else headers.encode()
    return raw + b"\r\nContent-Transfer-Encoding: base64\r\n\r\n" + b64encode(data)


def gbk_words(name: str) -> str:
    return f"=?gb2312?B?{b64encode(name.encode('gbk')).decode()}?="


FILE = "Content-Disposition: attachment; filename"
NAMES: dict[str, str | bytes] = {
    "rfc2231": f"Content-Disposition: attachment; filename*=UTF-8''{quote(NAME)}",
    "rfc2231-sections": f"{FILE}*0*=UTF-8''{quote(NAME[:4])};\r\n filename*1*={quote(NAME[4:])}",
    "rfc2231-gbk": f"Content-Disposition: attachment; filename*=GB2312''{quote(NAME.encode('gbk'))}",
    "rfc2047": f'Content-Disposition: attachment; filename="{Header(NAME, "utf-8").encode()}"',
    "rfc2047-gbk": f'Content-Disposition: attachment; filename="{gbk_words(NAME)}"',
    "rfc2047-name-only": f'Content-Type: application/octet-stream; name="{Header(NAME, "utf-8").encode()}"',
    "raw-utf8": f'Content-Disposition: attachment; filename="{NAME}"',
    "raw-gbk": f'Content-Disposition: attachment; filename="{NAME}"'.encode("gbk"),
    "raw-gbk-name": f'Content-Type: application/octet-stream;\r\n name="{NAME}"'.encode("gbk"),
    "unquoted-words": f"Content-Disposition: attachment; filename={gbk_words(NAME)}",
    "wrong-charset": f'{FILE}="=?us-ascii?B?{b64encode(NAME.encode()).decode()}?="',
    "unknown-charset": f'{FILE}="=?x-no?B?{b64encode(NAME.encode()).decode()}?="',
}


@pytest.mark.parametrize("headers", NAMES.values(), ids=NAMES.keys())
def test_attachment_names_are_read_however_they_are_written(headers: str | bytes) -> None:
    """RFC 2231, RFC 2047, raw GBK and what mail programs make of them all give the name that was meant."""
    (part,) = parse_mail(mail(attachment(headers))).parts
    assert part == Part(NAME, b"PK\x03\x04data")
    assert part.may_be_return


def test_a_long_name_in_folded_words_is_one_name() -> None:
    """Words that were folded inside quotes, as Foxmail and Outlook write them, are joined without gaps."""
    words = Header(LONG, "utf-8", maxlinelen=60).encode(linesep="\r\n")
    assert words.count("=?utf-8?") > 2
    (part,) = parse_mail(mail(attachment(f'Content-Disposition: attachment;\r\n filename="{words}"'))).parts
    assert part.name == LONG


def test_hidden_marks_leave_a_name() -> None:
    """Right-to-left marks and control characters, which make a name read otherwise, are taken out."""
    (part,) = parse_mail(
        mail(attachment('Content-Disposition: attachment; filename="表\u202excod\u202c\u200f.xlsx"'))
    ).parts
    assert part.name == "表xcod.xlsx"


@pytest.mark.parametrize(
    ("name", "data", "expected"),
    [
        ("评分表.xlsx", b"", True),
        ("评分表.ET", b"x", True),
        ("returns.zip", b"x", True),
        ("returns.rar", b"x", True),
        ("评分表", b"PK\x03\x04", True),
        ("评分表.dat", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", True),
        ("说明.docx", b"PK\x03\x04", False),
        ("说明.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", False),
        ("照片.jpg", b"\xff\xd8", False),
        ("invite.ics", b"BEGIN:VCALENDAR", False),
        ("", b"text", False),
    ],
)
def test_spreadsheets_and_archives_may_be_returns(name: str, data: bytes, expected: bool) -> None:
    """By name, else by contents; what is known to be another kind of file is none."""
    assert Part(name, data).may_be_return is expected


def test_a_mail_with_pictures_and_an_invitation_brings_no_return() -> None:
    """Its own text is no attachment; pictures and invitations are, and are no returns."""
    found = parse_mail(
        mail(
            b"Content-Type: text/plain\r\n\r\nhello",
            b'Content-Type: image/png; name="logo.png"\r\nContent-ID: <1>\r\n\r\n\x89PNG',
            b"Content-Type: text/calendar; method=REQUEST\r\n\r\nBEGIN:VCALENDAR",
        )
    )
    assert [part.name for part in found.parts] == ["logo.png"]
    assert not any(part.may_be_return for part in found.parts)


def test_an_attachment_of_a_forwarded_mail_is_found() -> None:
    """A mail inside a mail is looked into."""
    inner = mail(attachment(NAMES["rfc2231"]))
    outer = mail(
        b"Content-Type: message/rfc822\r\n\r\n" + inner.replace(b'"b"', b'"c"').replace(b"--b", b"--c")
    )
    assert [part.name for part in parse_mail(outer).parts] == [NAME]


def test_sender_and_subject_are_decoded() -> None:
    """Encoded words and raw GBK in From and Subject come out as text; the address is bare and small."""
    head = b"From: =?gb18030?B?x/jKyM6v?= <Town@Example.CN>\r\n" + "Subject: 返回评分表\r\n".encode("gbk")
    found = parse_mail(mail(head=head))
    assert (found.sender, found.subject) == ("town@example.cn", "返回评分表")
    words = parse_mail(mail(head=b"Subject: plain =?utf-8?b?5paH?= text\r\n"))
    assert (words.sender, words.subject) == ("", "plain 文 text")


def test_a_mail_that_came_back_tells_whom_it_did_not_reach() -> None:
    """A delivery report names address and reason, a gateway's too; whose its files are is known later."""
    status = (
        b"Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example.cn\r\n\r\n"
        b"Final-Recipient: rfc822; town@example.cn\r\nAction: failed\r\nStatus: 5.2.2\r\n"
        b"Diagnostic-Code: smtp; 552 mailbox full\r\n"
    )
    ours = b"Content-Type: message/rfc822\r\n\r\n" + mail(attachment(NAMES["rfc2231"]))
    ours = ours.replace(b'"b"', b'"c"').replace(b"--b", b"--c")
    report = mail(status, ours).replace(
        b"multipart/mixed;", b"multipart/report; report-type=delivery-status;", 1
    )
    found = parse_mail(report)
    bounce = Bounce(address="town@example.cn", reason="552 mailbox full")
    assert (found.undelivered, [part.name for part in found.parts]) == ((bounce,), [NAME])
    assert parse_mail(mail(status, attachment(NAMES["rfc2231"]))).undelivered == (bounce,)


def test_links_in_any_text_of_a_mail_are_found() -> None:
    """Decoded from base64, and unescaped in HTML."""
    url = "https://wx.mail.qq.com/ftn/download?func=3&key=1"
    html = f'<a href="{url.replace("&", "&amp;")}">评分表.zip</a>'
    head = b"Content-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    assert parse_mail(mail(head + b64encode(html.encode()))).links == (url,)


TEXT = b"Content-Type: text/plain; charset=utf-8\r\n\r\n"
SCORES = TEXT + " ".join(["5"] * 20).encode()
NOTICES = {
    "nothing attached": (mail(TEXT + b"hello"), [Notice(Remark.NO_ATTACHMENT)]),
    "a mail of text alone": (b"Subject: x\r\n\r\nhello", [Notice(Remark.NO_ATTACHMENT)]),
    "a signature alone": (
        mail(TEXT, attachment("Content-Type: application/pgp-signature")),
        [Notice(Remark.NO_ATTACHMENT)],
    ),
    "scores in the text": (mail(SCORES), [Notice(Remark.SCORES_IN_TEXT)]),
    "scores beside a scan": (mail(SCORES, attachment(FILE + "=a.pdf")), [Notice(Remark.SCORES_IN_TEXT)]),
    "scores beside a workbook": (mail(SCORES, attachment(FILE + "=a.xlsx")), []),
    "a link": (mail(TEXT + b"https://www.kdocs.cn/l/1"), []),
    "a workbook": (mail(TEXT, attachment(FILE + "=a.xlsx")), []),
    "an answer of a machine": (mail(TEXT, head=b"Auto-Submitted: auto-replied\r\n"), []),
    "encrypted": (
        mail(attachment("Content-Type: application/pkcs7-mime; name=smime.p7m")),
        [Notice(Remark.ENCRYPTED, "smime.p7m")],
    ),
    "BinHex": (
        mail(TEXT + b"(This file must be converted with BinHex 4.0)"),
        [Notice(Remark.CLOSED, "BinHex")],
    ),
    "damaged boundaries": (mail(TEXT).replace(b'"b"', b'"c"'), [Notice(Remark.BROKEN)]),
}


@pytest.mark.parametrize(("data", "wanted"), NOTICES.values(), ids=NOTICES.keys())
def test_what_a_mail_brings_instead_of_a_workbook_is_noticed(data: bytes, wanted: list[Notice]) -> None:
    """What cannot be opened, what stands in the text, and that nothing is attached."""
    assert list(parse_mail(data).notices) == wanted


def zipped(data: bytes = b"score") -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as box:
        box.writestr("a.txt", data * 200)
    return buffer.getvalue()


DOUBTFUL = {
    "a stray character": (lambda text: text[:40] + b"*" + text[40:], False),
    "a line of a gateway below": (lambda text: text + b"=\r\n-- scanned\r\n", False),
    "a character that was lost": (lambda text: text[:40] + b"*" + text[41:], True),
    "its end is missing": (lambda text: text[: len(text) // 8 * 4 + 1], True),
}


@pytest.mark.parametrize(("spoil", "doubted"), DOUBTFUL.values(), ids=DOUBTFUL.keys())
def test_a_zip_whose_sums_hold_is_whole(spoil: Callable[[bytes], bytes], doubted: bool) -> None:
    """Where decoding dropped characters, the sums inside decide whether anything was lost."""
    data = zipped()
    head = (FILE + "=a.xlsx\r\nContent-Transfer-Encoding: base64\r\n\r\n").encode()
    (part,) = parse_mail(mail(head + spoil(b64encode(data)))).parts
    assert part.in_doubt == doubted
    assert doubted or part.data == data


def test_a_mail_that_has_too_much_in_it_is_a_reason_not_an_error() -> None:
    """The job of a worker answers for every mail."""
    assert read_mail(b"Content-Type: message/rfc822\n\n" * 3_000) is Unreadable.TOO_MANY_PARTS
    assert read_mail(b"Subject: x\n\n") == parse_mail(b"Subject: x\n\n")


@pytest.mark.parametrize(
    "charset", ["idna", "punycode", "unicode_escape", "rot13", "zlib", "utf-7", "\x00", "undefined"]
)
def test_a_codec_that_is_no_charset_is_no_trap(charset: str) -> None:
    """Whatever a mail names as its charset, what comes out can be written to a journal."""
    word = f"=?{charset}?Q?=5Cud800=FF.=2E.?="
    head = f"From: {word} <a@example.cn>\r\nSubject: \\ud800 {word}\r\n".encode()
    text = f"Content-Type: text/plain; charset={charset}\r\n\r\n\\ud800 https://fs.163.com/\\ud800".encode()
    found = parse_mail(
        mail(text, attachment(f'{FILE}="{word}"'), attachment(f"{FILE}*={charset}''%5Cud800%FF"), head=head)
    )
    for value in (found.sender, found.subject, *found.links, *(part.name for part in found.parts)):
        value.encode()


@given(st.binary(max_size=400), st.integers(0, 2000), st.binary(max_size=40))
def test_nothing_in_a_mail_makes_reading_fail(data: bytes, place: int, inserted: bytes) -> None:
    """Bytes without sense, and a good mail with bytes of nonsense in it, are read without an error."""
    good = mail(
        attachment(NAMES["raw-gbk"]), b"Content-Type: text/html; charset=gbk\r\n\r\n<a href='x'>" + data
    )
    parse_mail(data)
    parse_mail(good[:place] + inserted + good[place:])


_PIECES = [
    "=?",
    "?=",
    "?B?",
    "?q?",
    "utf-8",
    "gbk",
    "idna",
    "\\u",
    "\\ud800",
    "''",
    "%",
    "%ff",
    "*",
    "0",
    "1",
    "*=",
] + [
    '"',
    ";",
    "filename",
    "name",
    "5Z+O",
    "a",
    "城",
    "\udcff",
    "<",
    ">",
    "@",
    "(",
    ")",
    "\r\n ",
    "\r\n",
    "\t",
]
NEARLY_RIGHT = st.lists(st.sampled_from(_PIECES), max_size=25).map(
    lambda pieces: "".join(pieces).encode("utf-8", "surrogateescape")
)


@given(NEARLY_RIGHT, NEARLY_RIGHT)
def test_what_looks_like_encoding_and_is_none_can_be_written_down(one: bytes, other: bytes) -> None:
    """Names, senders and links from headers that are nearly right are text that a journal can hold."""
    hostile = attachment(FILE.encode() + one + b"\r\nContent-Type: application/x; name" + other)
    text = b"Content-Type: text/html; charset=" + one + b"\r\n\r\n<a href='" + other + b"'>"
    head = b"From: " + one + b"\r\nSubject: " + other + b"\r\nDate: " + one + b"\r\n"
    found = parse_mail(mail(hostile, text, head=head))
    for value in (found.sender, found.subject, *found.links, *(part.name for part in found.parts)):
        value.encode()


def test_the_sample_is_a_mail_as_foxmail_writes_it() -> None:
    """A mail in the shape of a real client's, GBK throughout, gives its workbook."""
    raw = (
        'From: "城区街道" <a@example.cn>\r\nSubject: 报送\r\nMIME-Version: 1.0\r\n'
        'Content-Type: multipart/mixed;\r\n\tboundary="----=_001_NextPart"\r\n\r\n'
        "This is a multi-part message in MIME format.\r\n\r\n------=_001_NextPart\r\n"
        'Content-Type: text/plain;\r\n\tcharset="GB2312"\r\nContent-Transfer-Encoding: 8bit\r\n\r\n见附件\r\n'
        "------=_001_NextPart\r\nContent-Type: application/octet-stream;\r\n"
        f'\tname="{gbk_words(NAME)}"\r\nContent-Transfer-Encoding: base64\r\n'
        f'Content-Disposition: attachment;\r\n\tfilename="{gbk_words(NAME)}"\r\n\r\nUEsDBGRhdGE=\r\n'
        "------=_001_NextPart--\r\n"
    ).encode("gbk")
    found = parse_mail(raw)
    assert (found.sender, found.subject) == ("a@example.cn", "报送")
    assert found.parts == (Part(NAME, b"PK\x03\x04data"),)
    assert Path(found.parts[0].name).suffix == ".xlsx"


def test_what_was_parsed_can_be_sent_between_processes() -> None:
    """A parsed mail survives pickling, so that parsing may be done by a worker."""
    found = parse_mail(mail(attachment(NAMES["rfc2231"]), head=b"Date: Wed, 15 Sep 2021 08:00:00 +0800\r\n"))
    assert found.date is not None
    assert pickle.loads(pickle.dumps(found)) == found
