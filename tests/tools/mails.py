"""Letters and mails to test with, and the servers of tests as greenxl names them."""

from dataclasses import replace

from greenxl.campaign.settings import MailSettings
from greenxl.mail.message import message_bytes
from greenxl.mail.model import Attachment, Letter
from greenxl.mail.server import Server, collecting_server, sending_server
from greenxl.rounds.sendings import LetterKind
from tests.tools.servers import DOMAIN, PASSWORD, Dovecot

SENDER = "桓台县住房和城乡建设局 <zjj@example.cn>"
ADDRESSES = {"城区街道": "a@example.cn", "果里镇": "b@example.cn", "索镇": "c@example.cn"}


def letter_to(town: str, content: str = "1") -> Letter:
    """Return a small letter to a town; letters of another content are other letters."""
    return Letter(
        kind=LetterKind.BLANK,
        name=town,
        address=ADDRESSES[town],
        subject=f"绿色社区创建评分表（2021年）：{town}，请于9月30日前报送",
        text=f"{town}：\n\n见附件。\n",
        html=f"<p>{town}：</p>",
        chat=f"【评分表】{town}：\n见文件。\n",
        attachments=(Attachment(f"{town}-评分表-2021.xlsx", bytes(range(256)) * 9),),
        content_hash=content.ljust(64, "0"),
    )


LETTERS = [letter_to(town) for town in ADDRESSES]


def received(
    *files: tuple[str, bytes],
    sender: str = "clerk@town.cn",
    text: str = "见附件\n",
) -> bytes:
    """Return a mail that a town has sent back, with files by their names."""
    letter = replace(
        LETTERS[0],
        name="县",
        address="zjj@round.test",
        subject="报送评分表",
        text=text,
        html="<p>见附件</p>",
        attachments=tuple(Attachment(name, data) for name, data in files),
    )
    headers = {"Date": "Wed, 15 Sep 2021 08:00:00 +0000", "Message-ID": "<1@town.cn>"}
    return message_bytes(letter, f"某街道 <{sender}>", headers)


def smtp_server(address: str, *, user: str = "", password: str = "", allow_plain: bool = False) -> Server:
    """Return the server of an address for sending; it has ten seconds to answer."""
    server, _sender = sending_server(MailSettings(server=address, sender=SENDER), never_asked, {})
    return replace(server, user=user, password=password, allow_plain=allow_plain, timeout=10)


def imap_server(boxes: Dovecot, user: str, *, address: str = "", password: str = PASSWORD) -> Server:
    """Return a user's server for collecting, at the encrypted port unless another address is named."""
    settings = MailSettings(imap=address or boxes.address, user=f"{user}@{DOMAIN}")
    environment = {"GREENXL_MAIL_PASSWORD": password}
    return replace(collecting_server(settings, never_asked, environment), timeout=10)


def plain_imap_server(address: str) -> Server:
    """Return a server on this computer for collecting, without encryption; it has two seconds to answer."""
    settings = MailSettings(imap=address, user=f"zjj@{DOMAIN}")
    environment = {"GREENXL_MAIL_PASSWORD": PASSWORD}
    return replace(collecting_server(settings, never_asked, environment, allow_plain=True), timeout=2)


def never_asked(question: str) -> str:
    """Stand in for a person where there is none to ask."""
    raise AssertionError(question)
