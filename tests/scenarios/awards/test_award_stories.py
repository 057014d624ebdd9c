"""Every story of an award office, told on SQLite, looked back on, its longest on PostgreSQL too."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa

from tests.scenarios.awards.story import AwardStory
from tests.scenarios.consequences.story import load, look_back, tell
from tests.scenarios.world import World

FILES = {path.stem: load(path, AwardStory) for path in sorted(Path(__file__).parent.glob("*.yaml"))}
STORIES = [story for stories in FILES.values() for story in stories]
DONE = [story for story in STORIES if not story.pending]
LONGEST = [
    max((s for s in stories if not s.pending), key=lambda story: len(story.steps))
    for stories in FILES.values()
]


def goes_wrong(story: AwardStory, engine: sa.Engine) -> list[str]:
    """Tell it and look back; all is undone."""
    with engine.connect() as connection:
        office = story.office(story.build(World(connection)))
        wrong = list(tell(story, office)) or list(look_back(story, office))
        connection.rollback()
    return wrong


@pytest.mark.parametrize("story", DONE)
def test_all_goes_as_the_file_says(story: AwardStory, scenario_sqlite: sa.Engine) -> None:
    wrong = goes_wrong(story, scenario_sqlite)
    assert not wrong, "\n".join(wrong)


def test_what_is_pending_is_still_so(scenario_sqlite: sa.Engine) -> None:
    """Once the program does it, the file says so: take 待改 out."""
    pending = [story for story in STORIES if story.pending]
    assert [one.pending for one in pending if not goes_wrong(one, scenario_sqlite)] == []


@pytest.mark.parametrize("story", LONGEST)
def test_the_longest_of_a_file_goes_alike_on_postgresql(
    story: AwardStory, scenario_postgresql: sa.Engine
) -> None:
    wrong = goes_wrong(story, scenario_postgresql)
    assert not wrong, "\n".join(wrong)
