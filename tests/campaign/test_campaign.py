"""Where campaigns are."""

from greenxl.campaign import WORKBOOK, example, shipped, templates


def test_the_shipped_campaigns_are_folders_of_tables() -> None:
    """The shipped one, the empty one and every form of another programme have a standard of their own."""
    folders = [shipped(), example(), *templates().values()]
    assert len({folder.name for folder in folders}) == len(folders) > 2
    assert all((folder / "standard.csv").is_file() for folder in folders)


def test_a_round_has_its_campaign_under_this_name() -> None:
    """People find it by that, and so do commands."""
    assert WORKBOOK == "campaign.xlsx"
