"""Each remark about a mail has a sentence that says what to do."""

import pytest

from greenxl.mail.incoming.notices import Notice, Remark, Unreadable, notice_about


@pytest.mark.parametrize("remark", Remark)
def test_every_remark_has_its_sentence(remark: Remark) -> None:
    """In one line, with the name where it is about an attachment."""
    named = remark not in (Remark.BROKEN, Remark.SCORES_IN_TEXT, Remark.NO_ATTACHMENT)
    sentence = Notice(remark, "扫描\n件.pdf").sentence()
    assert ("“扫描件.pdf”" in sentence) == named
    assert "\n" not in sentence
    assert sentence.endswith(".")


def test_an_attachment_without_a_name_is_named_too() -> None:
    """No sentence has empty quotation marks."""
    assert "“an attachment without a name”" in Notice(Remark.OTHER).sentence()


@pytest.mark.parametrize("reason", Unreadable)
def test_every_reason_why_a_mail_is_not_read_has_its_words(reason: Unreadable) -> None:
    """They stand inside a sentence."""
    assert reason.reason()[0].islower()
    assert not reason.reason().endswith(".")


@pytest.mark.parametrize(
    ("name", "remark"),
    [
        ("扫描件.PDF", Remark.PICTURE),
        ("a.tif", Remark.PICTURE),
        ("a.bmp", Remark.PICTURE),
        ("a.webp", Remark.PICTURE),
        ("a.rtf", Remark.DOCUMENT),
        ("a.txt", Remark.DOCUMENT),
        ("a.docx", Remark.DOCUMENT),
        ("a.csv", Remark.TABLE),
        ("a.html", Remark.TABLE),
        ("a.numbers", Remark.NUMBERS),
        ("a.tar.gz", Remark.PACKED),
        ("a.xlsx.hqx", Remark.PACKED),
        ("a.msg", Remark.SAVED_MAIL),
        ("a.ics", Remark.OTHER),
        ("", Remark.OTHER),
    ],
)
def test_what_to_do_about_an_attachment_depends_on_its_kind(name: str, remark: Remark) -> None:
    """By the end of its name."""
    assert notice_about(name, taken=False) == Notice(remark, name)


def test_a_file_that_was_taken_is_named_only_where_it_will_not_be_read() -> None:
    """A workbook needs nothing; what Numbers or Outlook saved has to be opened by hand."""
    assert notice_about("a.xlsx", taken=True) is None
    assert notice_about("a.numbers", taken=True) == Notice(Remark.NUMBERS, "a.numbers")
