"""The guide to a new document, followed word by word: its files written, its commands run."""

from __future__ import annotations

import os
import re
import shlex
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import sqlalchemy as sa
from ruamel.yaml import YAML
from typer.testing import CliRunner

from tests.scenarios.scenario import Case, setting
from tests.scenarios.test_scenarios import by_day, wrong_on
from tests.scenarios.world import World
from tests.test_docs import FENCE, lines, stands_in
from tracker import resources
from tracker.cli import app
from tracker.policy.load import load_law
from tracker.policy.workplan import Target, Task

GUIDE = Path(__file__).parents[1] / "docs" / "新文件一小时.md"
PACK = "规则包/huachi-2021-3"
_CHANGE = re.compile(r"`(?P<old>[^`]+)` 改成 `(?P<new>[^`]+)`")
_PATH = re.compile(r"`((?:[^`\s]+/)?[^`\s/]+\.(?:yaml|txt))`")


class Told(NamedTuple):
    """A command of the guide, what the guide shows below it, and what was printed."""

    said: list[str]
    shown: list[str]
    printed: list[str]


def follow(folder: Path, patch: pytest.MonkeyPatch) -> Iterator[Told]:
    """Do what the guide says, in its order, in a folder of its own."""
    patch.chdir(folder)
    prose, *rest = FENCE.split(GUIDE.read_text("utf-8"))
    for language, block, after in zip(rest[::3], rest[1::3], rest[2::3], strict=True):
        if language == "sh":
            settle(block, patch)
        elif language:
            write(Path(_PATH.findall(prose)[-1]), block)
        else:
            yield from run(block)
        change(after)
        prose = after


def change(said: str) -> None:
    """Make the changes of 'in `file` change `this` to `that`'."""
    for old, new in _CHANGE.findall(said):
        path = Path(PACK) / "duties.yaml"
        text = path.read_text("utf-8")
        assert text.count(old) == 1, old
        path.write_text(text.replace(old, new), "utf-8")


def settle(block: str, patch: pytest.MonkeyPatch) -> None:
    """Set what `export` sets."""
    for name, value in re.findall(r"(\w+)=(\S+)", block):
        patch.setenv(name, value.replace("$PWD", str(Path.cwd())))


def write(path: Path, text: str) -> None:
    """Write a file, or the part of it that begins with the block's first key."""
    if path.name == "document.yaml":
        first = text.splitlines()[0]
        text = path.read_text("utf-8").partition(f"\n{first}")[0] + "\n" + text
    path.write_text(text, encoding="utf-8")


def run(block: str) -> Iterator[Told]:
    """Run each command of a block."""
    for example in re.split(r"^\$ tracker ", block, flags=re.M)[1:]:
        said, *shown = example.splitlines()
        result = CliRunner().invoke(app, shlex.split(said))
        told = result.output if result.exit_code != 1 else str(result.exception)
        printed = lines(told.replace(str(Path.cwd()) + os.sep, ""))
        yield Told(shlex.split(said), lines("\n".join(shown)), printed)


@pytest.fixture(scope="module")
def followed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, list[Told]]]:
    """The folder of one who followed the guide, and all that was told."""
    folder = tmp_path_factory.mktemp("officer")
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("TRACKER_POLICY_DIR", raising=False)
        yield folder, list(follow(folder, patch))


def test_every_command_prints_what_the_guide_shows(followed: tuple[Path, list[Told]]) -> None:
    _, told = followed
    differing = [
        (" ".join(one.said), line)
        for one in told
        for line in one.shown
        if not stands_in(line, one.printed)
    ]
    assert len(told) == len(re.findall(r"^\$ ", GUIDE.read_text("utf-8"), re.M)) >= 9
    assert differing == []


def boundaries(path: Path) -> list[Case]:
    content: dict[str, Any] = YAML(typ="safe").load(path.read_text("utf-8"))
    return [Case.model_validate(setting(path.stem, content, case)) for case in content["案例"]]


def test_its_boundary_cases_are_judged_as_the_guide_says(
    followed: tuple[Path, list[Told]], sqlite_engine: sa.Engine
) -> None:
    folder, _ = followed
    law = load_law([resources.folder("duties"), folder / "规则包"])
    pack = law.pack("huachi-2021-3")
    area = pack.document.area.model_copy(update={"code": "629901"})  # where the cases play
    document = pack.document.model_copy(update={"area": area})
    here = replace(law, packs=(pack.model_copy(update={"document": document}),))
    cases = boundaries(folder / "边界.yaml")
    wrong = []
    for case in cases:
        with sqlite_engine.connect() as connection:
            world = case.build(World(connection, here))
            for day, matters in by_day(case).items():
                wrong += wrong_on(world, case, day, matters)
            connection.rollback()

    told = {about.split()[0] for case in cases for about in case.expected}
    assert told == {"unit.study", "county.meeting_cap"}
    assert wrong == []


def test_its_targets_and_tasks_are_written_as_the_law_takes_them(
    followed: tuple[Path, list[Told]],
) -> None:
    folder, _ = followed
    read = YAML(typ="safe")
    document = load_law([folder / "规则包", resources.folder("duties")]).pack("huachi-2021-3")
    (target,) = (Target.model_validate(t) for t in read.load(folder / "targets.yaml"))
    (task,) = (Task.model_validate(t) for t in read.load(folder / "tasks.yaml"))

    assert target.duty(document.document).every == "milestones"
    duty = task.duty(document.document)
    assert (duty.once.to if duty.once else None) == date(2021, 3, 31)
    assert {target.cite, task.cite} <= {a.id for a in document.document.articles}
