"""A mail among the returns is opened like an archive, in the worker: each attachment has its own line."""

from email.message import EmailMessage, MIMEPart
from pathlib import Path

import pytest

from greenxl.campaign.model import Campaign
from greenxl.mime.message import DEEPEST
from greenxl.returns.intake import content, take_in
from greenxl.returns.intake.mails import Mail
from greenxl.returns.pool import read_all
from greenxl.returns.reader import Reading, read
from greenxl.rounds.evaluate import evaluate
from greenxl.workbooks.safe_zip import MOST_MEMBERS, ArchiveError
from tests.tools.packed_mails import winmail
from tests.tools.spoil import good, packed

NAMES = "果里镇.xlsx"
PICTURE = b"\x89PNG\r\n\x1a\n" + bytes(100)


def mail(*attachments: tuple[str, bytes]) -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "guoli@example.cn", "zhujian@example.cn", "评分表"
    message.set_content("请查收，谢谢。")
    for name, data in attachments:
        message.add_attachment(data, maintype="application", subtype="octet-stream", filename=name)
    return message


def readings(folder: Path, data: bytes, campaign: Campaign, exclude: tuple[str, ...] = ()) -> list[Reading]:
    """Read a mail that lies alone in a folder."""
    (folder / "转发.eml").write_bytes(data)
    (source,) = take_in([folder], exclude).sources
    return list(read(source, campaign).all())


def told(found: list[Reading]) -> list[tuple[str, str, str]]:
    """Return name below the mail's folder, outcome and code of each reading."""
    return [
        (
            r.entry.file.partition("转发.eml")[2],
            r.entry.outcome,
            r.entry.reason.code if r.entry.reason else "",
        )
        for r in found
    ]


def test_an_attachment_is_read_like_a_return(tmp_path: Path, huantai: Campaign) -> None:
    """Its name is the mail's and its own; its bytes can be had again."""
    found = readings(tmp_path, mail((NAMES, good(huantai))).as_bytes(), huantai)
    assert told(found) == [("", "read", "mail-opened"), (f"/{NAMES}", "read", "")]
    assert found[1].entry.sheets_read == 1
    assert found[1].source
    assert content(found[1].source) == good(huantai)


def test_a_mail_s_attachments_count_in_the_round(tmp_path: Path, huantai: Campaign) -> None:
    """The whole way: a worker opens it, every attachment has a line, and its scores count."""
    (tmp_path / "转发.eml").write_bytes(mail((NAMES, good(huantai)), ("a.pdf", b"%PDF-1.7")).as_bytes())
    result = evaluate(huantai, [tmp_path])
    lines = [(entry.file.rpartition("/")[2], entry.outcome) for entry in result.entries]
    assert lines == [("转发.eml", "read"), ("a.pdf", "rejected"), (NAMES, "read")]
    assert {f.code for f in result.findings} == {"file-kind"}
    assert [c.chosen.total for c in result.choices if c.chosen] == [90]
    assert any(source.name.endswith(f"转发.eml/{NAMES}") for source in result.sources)


def test_an_archive_in_a_mail_is_opened_and_one_in_that_is_not(tmp_path: Path, huantai: Campaign) -> None:
    """A mail counts as an archive does: one level deeper is opened."""
    inner = packed({"c.xlsx": good(huantai)})
    data = mail(("r.zip", packed({"b.xlsx": good(huantai), "deep.zip": inner}))).as_bytes()
    assert told(readings(tmp_path, data, huantai)) == [
        ("", "read", "mail-opened"),
        ("/r.zip", "read", "archive-opened"),
        ("/r.zip/b.xlsx", "read", ""),
        ("/r.zip/deep.zip", "rejected", "archive-nested"),
    ]


def test_a_mail_in_an_archive_and_a_forwarded_mail_are_opened(tmp_path: Path, huantai: Campaign) -> None:
    """Forwarded, as a file of another mail, or packed: the workbook is still in it."""
    forwarded = mail()
    forwarded.add_attachment(mail((NAMES, good(huantai))))
    as_file = mail(("a.eml", mail(("b.eml", mail((NAMES, good(huantai))).as_bytes())).as_bytes()))
    for one in (forwarded, as_file):
        assert told(readings(tmp_path, one.as_bytes(), huantai)) == [
            ("", "read", "mail-opened"),
            (f"/{NAMES}", "read", ""),
        ]
    (tmp_path / "转发.eml").write_bytes(packed({"a.eml": mail((NAMES, good(huantai))).as_bytes()}))
    (source,) = take_in([tmp_path]).sources
    assert told(list(read(source, huantai).all())) == [
        ("/a.eml", "read", "mail-opened"),
        (f"/a.eml/{NAMES}", "read", ""),
    ]


def with_picture_in_text(*attachments: tuple[str, bytes]) -> bytes:
    """A mail whose text shows a picture, with a signature beside the attachments."""
    message = mail()
    message.add_alternative("<p>谢谢<img src='cid:1'></p>", subtype="html")
    message.get_payload()[1].add_related(PICTURE, "image", "png", cid="<1>")  # type: ignore[index, union-attr]
    signature = MIMEPart()
    signature.set_content(b"\x30\x82", "application", "pkcs7-signature")
    message.make_mixed()
    message.attach(signature)  # type: ignore[arg-type]
    for name, data in attachments:
        message.add_attachment(data, maintype="application", subtype="octet-stream", filename=name)
    return message.as_bytes()


def test_the_mail_s_own_text_pictures_and_signature_are_no_attachments(
    tmp_path: Path, huantai: Campaign
) -> None:
    """Beside a workbook, a picture in the text is a logo; alone, it may be the form as a photograph."""
    with_workbook = readings(tmp_path, with_picture_in_text((NAMES, good(huantai))), huantai)
    assert told(with_workbook) == [("", "read", "mail-opened"), (f"/{NAMES}", "read", "")]
    alone = readings(tmp_path, with_picture_in_text(), huantai)
    assert told(alone) == [("", "read", "mail-opened"), ("/1", "rejected", "file-kind")]
    assert told(readings(tmp_path, mail().as_bytes(), huantai)) == [("", "rejected", "mail-empty")]


def test_what_mail_programs_packed_is_opened_and_what_they_encrypted_is_named(
    tmp_path: Path, huantai: Campaign
) -> None:
    """A winmail.dat is taken apart like a mail that is forwarded; what is encrypted has a line of its own."""
    mail_of_outlook = mail(("winmail.dat", winmail((NAMES, good(huantai)))), ("smime.p7m", b"\x30\x80"))
    assert told(readings(tmp_path, mail_of_outlook.as_bytes(), huantai)) == [
        ("", "read", "mail-opened"),
        ("/smime.p7m", "rejected", "file-kind"),
        (f"/{NAMES}", "read", ""),
    ]


def test_what_is_excluded_or_temporary_is_skipped_in_a_mail_too(tmp_path: Path, huantai: Campaign) -> None:
    """The rules for names hold in mails as in archives."""
    data = mail(("旧.xlsx", b"1"), ("~$a.xlsx", b"2"), (NAMES, good(huantai))).as_bytes()
    found = readings(tmp_path, data, huantai, exclude=("*旧*",))
    assert told(found)[1:] == [
        ("/~$a.xlsx", "skipped", "skipped-temporary"),
        ("/旧.xlsx", "skipped", "skipped-excluded"),
        (f"/{NAMES}", "read", ""),
    ]


def test_attachments_without_a_name_or_with_the_same_one_are_told_apart() -> None:
    """Each member of a mail has a name of its own, and none a folder."""
    message = mail(("a.xlsx", b"1"), ("a.xlsx", b"2"), ("../../b.xlsx", b"3"), ("a.xlsx", b"4"))
    message.add_attachment(b"5", maintype="application", subtype="octet-stream")
    box = Mail(message.as_bytes())
    assert {m.name: box.inflate(m) for m in box.members} == {
        "a.xlsx": b"1", "a(2).xlsx": b"2", "b.xlsx": b"3", "a(3).xlsx": b"4", "5": b"5",
    }  # fmt: skip


def test_a_mail_of_too_many_parts_or_wrappings_is_refused() -> None:
    """Neither a thousand attachments nor a thousand mails in mails are taken apart."""
    part = "--x\nContent-Type: application/x\n\n\n"
    flat = f'From: a\nContent-Type: multipart/mixed; boundary="x"\n\n{part * (MOST_MEMBERS + 1)}--x--\n'
    deep = "From: a\nContent-Type: message/rfc822\n\n" * 5_000
    for text in (flat, deep):
        with pytest.raises(ArchiveError) as caught:
            Mail(text.encode())
        assert caught.value.code == "unsafe-members"


def test_a_mail_that_keeps_the_parser_busy_is_given_up(tmp_path: Path, huantai: Campaign) -> None:
    """It is opened in a worker, which has its time; the return beside it is read."""
    nested = "".join(
        f'Content-Type: multipart/mixed; boundary="{n}"\n\n--{n}\n' for n in range(DEEPEST - 1)
    )  # every line is held against every boundary
    (tmp_path / "a.eml").write_text(f"From: a\nTo: b\n{nested}\n" + "x\n" * 4_000_000)
    (tmp_path / "b.xlsx").write_bytes(good(huantai))
    found = list(read_all(take_in([tmp_path]).sources, huantai, seconds=3))
    assert [r.entry.outcome for r in found] == ["rejected", "read"]
    assert found[0].entry.reason
    assert found[0].entry.reason.code == "file-timeout"
