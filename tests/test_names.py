"""Names compare as people mean them and are safe as file and sheet names."""

import pytest

from greenxl.names import key, safe_file_name, shown, unique_sheet_names


@pytest.mark.parametrize(
    "spelling",
    ["索镇", "索\xa0\xa0镇", "索　镇", " 索镇\n", "索\u200b镇"],
    ids=["plain", "no-break", "ideographic", "edges", "zero-width"],
)
def test_every_kind_of_space_is_gone_from_a_key(spelling: str) -> None:
    """All spellings of one town have one key."""
    assert key(spelling) == key("索镇")


def test_full_width_forms_have_the_key_of_plain_ones() -> None:
    """Keys are compared after NFKC."""
    assert key("Ａ１（镇）") == key("a1(镇)")


def test_a_name_is_shown_without_stray_spaces() -> None:
    """The roster's 「索  镇」 is shown as 索镇; a space between words stays."""
    assert shown("索\xa0\xa0镇") == "索镇"
    assert shown(" New  Town ") == "New Town"


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("a/b\\c:d*e?f", "a_b_c_d_e_f"),
        ("../../x.xlsx", "_.._x.xlsx"),
        ("CON", "_CON"),
        ("nul.xlsx", "_nul.xlsx"),
        ("尾点. ", "尾点"),
        ("", "_"),
        ("\u202egnp.exe", "_gnp.exe"),
        ("长" * 300, "长" * 80),
    ],
    ids=["separators", "climbing", "device", "device-suffix", "edge", "empty", "right-to-left", "long"],
)
def test_file_names_are_safe_on_windows(name: str, safe: str) -> None:
    """No separator, device name, control mark or endless name survives."""
    assert safe_file_name(name) == safe


def test_sheet_names_are_accepted_by_excel_and_unique() -> None:
    """At most 31 characters, no forbidden sign, told apart without regard to case."""
    names = unique_sheet_names(["A/B", "a_b", "长" * 40, "长" * 40, "History", "'x'", ""])
    assert names == ["A_B", "a_b(2)", "长" * 31, "长" * 28 + "(2)", "History(2)", "x", "_"]
