"""What can be chosen is ours: rounds, places and forms by ids, never a path from the browser."""

from pathlib import Path

import pytest

from greenxl.campaign.checks import load
from greenxl.errors import WrongUseError
from greenxl.rounds import demo
from greenxl.rounds.folder import begin
from greenxl.ui import choices
from greenxl.ui.session import Session


def test_rounds_are_those_remembered_and_those_in_the_places(session: Session, tmp_path: Path) -> None:
    """Not the one that is open, and none that is hidden or no round."""
    for name in ("桓台县2022", ".hidden"):
        begin(tmp_path / name, demo.campaign())
    (tmp_path / "other").mkdir()
    [found] = choices.rounds(session)
    assert found.words == f"桓台县2022 (in {tmp_path.name})"
    assert choices.folder_of(choices.rounds(session), found.id) == tmp_path / "桓台县2022"


@pytest.mark.parametrize("wanted", ["", "..", "/etc", "桓台县2022"])
def test_anything_else_is_refused(session: Session, wanted: str) -> None:
    """A path is no id."""
    for offered in (choices.rounds(session), choices.places(session), choices.sources(session)):
        with pytest.raises(WrongUseError):
            choices.chosen(offered, wanted)


def test_a_new_round_can_begin_with_this_one_or_a_form(session: Session) -> None:
    """This round's campaign first; every form can be read."""
    found = choices.sources(session)
    assert [one.id for one in found[:2]] == ["this", "shipped"]
    assert "the form: 桓台县绿色社区创建" in [one.words for one in found]
    assert len(found) > 4


def test_no_round_begins_inside_another(session: Session, round_: Path, tmp_path: Path) -> None:
    """The place beside the round is offered, the round itself is not."""
    session.places = (round_, round_ / "returned", tmp_path)
    assert [one.path for one in choices.places(session)] == [tmp_path]


def test_the_next_round_is_of_the_next_year(session: Session, round_: Path) -> None:
    """With the county's name; without a campaign of today's year."""
    campaign = load(round_)
    assert choices.next_name(campaign, session.today()) == "桓台县2022"
    assert choices.next_name(None, session.today()) == "2021"
