"""The stories: what a file may say (README.md), read strictly, and told to a `World` day by day."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any, ClassVar, NamedTuple, Self, TypeVar

from pydantic import Field, field_validator, model_validator
from ruamel.yaml import YAML

from tests.scenarios.consequences.office import Office
from tests.scenarios.consequences.sentences import (
    CONSEQUENCES,
    Language,
    Step,
    act,
    sight,
    step,
)
from tests.scenarios.consequences.sights import open_now
from tests.scenarios.scenario import Names, Setting, setting
from tests.scenarios.world import World, only, shipped_law
from tracker.errors import LuzeError

SEE, REFUSED, NIGHT = "应见", "不成", "夜检"
_DAY, _WHAT = "某日", "某某"
NO_DUTY = "无"
_OWED_BY_NOBODY = "prefecture.study"  # where nothing is reported, no area owes anything
_OF_FILE = {"说明", "登记簿", "台账", "报送", "案例"}
S = TypeVar("S", bound="Story")


class Told(NamedTuple):
    """One step: when, the sentence, and where it is looked at, what is to be seen; `refusal`: what
    the program says that does not do it ('': it does)."""

    step: Step
    expected: list[str] | None = None
    refusal: str = ""


def read(raw: object, language: Language = CONSEQUENCES) -> Told:
    """'2021-01-09 夜检', {2021-01-09 应见: [...]}, {2021-01-09 决定约谈 ...: 不成 陈述申辩}."""
    sentence, then = next(iter(raw.items())) if isinstance(raw, dict) else (raw, None)
    when = step(str(sentence))
    if when.text == SEE:
        seen = [str(one) for one in ([then] if isinstance(then, str) else then or [])]
        for text in seen:
            sight(text, language)
        return Told(when, seen)
    act(when.text, language)
    if then in (None, ""):
        return Told(when)
    word, _, refusal = str(then).partition(" ")
    if word != REFUSED or not refusal:
        raise ValueError(f"“{sentence}”：办不成的写“{REFUSED} 原因”，看到什么写在“{SEE}”里")
    return Told(when, None, refusal)


def read_all(raw: Sequence[object], language: Language = CONSEQUENCES) -> list[Told]:
    """The steps in their order, every mistake at once."""
    told, mistakes = [], []
    for one in raw:
        try:
            told.append(read(one, language))
        except ValueError as mistake:
            mistakes.append(str(mistake))
    mistakes += _disorder(told)
    if mistakes:
        raise ValueError("；".join(mistakes))
    return told


def _disorder(told: Sequence[Told]) -> Iterator[str]:
    """A day before the one before it, and what is done on a day after its night."""
    nights: set[date] = set()
    for former, later in pairwise(told):
        where = f"“{later.step.first} {later.step.text}”"
        if former.step.text == NIGHT:
            nights.add(former.step.last)
        if later.step.first < former.step.last:
            yield f"{where}写在后面，日期却更早"
        elif later.step.first in nights and later.expected is None:
            yield f"{where}：{NIGHT}以后当天不再办事"


class Story(Setting):
    """One case of a file: who there is, and what happens. `duties`: the only ones looked at;
    `pending`: why the program does not do so yet. `of_file`: what a file may say for all."""

    language: ClassVar[Language] = CONSEQUENCES
    of_file: ClassVar[frozenset[str]] = frozenset({"只看"})

    duties: Names = Field([], alias="只看")
    pending: str = Field("", alias="待改")
    steps: list[Told] = Field(alias="经过")

    @field_validator("steps", mode="before")
    @classmethod
    def _understood(cls, raw: Sequence[object]) -> list[Told]:
        return read_all(raw, cls.language)

    @model_validator(mode="after")
    def _sound(self) -> Self:
        known = {duty.id for pack in shipped_law().packs for duty in pack.duties}
        if unknown := {*self.duties} - known - {NO_DUTY}:
            raise ValueError(f"没有责任事项{'、'.join(sorted(unknown))}")
        if NO_DUTY in self.duties and self.reports:
            raise ValueError(f"只看{NO_DUTY}的不写报送")
        if not any(one.expected is not None for one in self.steps):
            raise ValueError(f"没有写{SEE}什么")
        return self

    def build(self, world: World) -> World:
        """Tell the world who there is and what was done."""
        duties = [_OWED_BY_NOBODY if one == NO_DUTY else one for one in self.duties]
        world.law = only(shipped_law(), tuple(duties))
        super().build(world)
        return world

    def office(self, world: World) -> Office:
        """Who does what the story tells."""
        return Office(world)

    def last_looks(self) -> Mapping[date, list[str]]:
        """What is to be seen at the end of each day on which the last thing is a look."""
        last = {one.step.first: one for one in self.steps}
        return {day: one.expected for day, one in last.items() if one.expected is not None}


def tell(story: Story, office: Office) -> Iterator[str]:
    """Everything that goes otherwise than the story says."""
    for one in story.steps:
        for text in _goes_wrong(office, one, story.language):
            yield f"{one.step.first} {one.step.text}：{text}"


def _goes_wrong(office: Office, one: Told, language: Language) -> Iterator[str]:
    if one.expected is not None:
        yield from office.wrong(one.step.first, one.expected)
        return
    said = act(one.step.text, language)
    for n in range((one.step.last - one.step.first).days + 1):
        try:
            office.do(one.step.first + timedelta(n), said)
        except LuzeError as error:
            if not one.refusal or one.refusal not in str(error):
                yield f"没有办成：{error}"
        else:
            if one.refusal:
                yield f"应当办不成（{one.refusal}），却办成了"


def look_back(story: Story, office: Office) -> Iterator[str]:
    """Where a day looks otherwise afterwards than it looked on its evening."""
    for day, expected in story.last_looks().items():
        for text in office.wrong(day, expected, afterwards=True):
            yield f"事后回看 {day}：{text}"


def repeat(story: Story, world: World) -> Iterator[str]:
    """What the last night says when it runs once more; it should say nothing."""
    day = story.steps[-1].step.last
    done = [one.step.text for one in story.steps if one.expected is None]
    if done[-1] != NIGHT:
        world.check(day)
    before, counts = open_now(world, day), world.check(day).counts
    if counts["notices"] or any(counts["interviews"].values()) or open_now(world, day) != before:
        yield f"{day} 再夜检一次，又有变动：{counts['notices']}{counts['interviews']}"


def load(path: Path, kind: type[S]) -> list[S]:
    """The stories of one file; unknown keys, words and sentences are refused."""
    content: dict[str, Any] = YAML(typ="safe").load(path.read_text(encoding="utf-8"))
    known = _OF_FILE | kind.of_file
    if not known.issuperset(content):
        raise ValueError(f"{path.name}：不认识的键 {'、'.join(content.keys() - known)}")
    for_all = {key: content[key] for key in kind.of_file if key in content}
    return [
        kind.model_validate(setting(path.stem, content, one))
        for case in content["案例"]
        for one in _each(content, {**for_all, **case})
    ]


def _each(content: Mapping[str, Any], case: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """The case, or with 分别 one for each day (某日) and what is said of it (某某)."""
    told = dict(case)
    told["台账"] = [*content.get("台账", []), *told.get("台账", [])]
    days = told.pop("分别", None)
    for day, what in days.items() if days else (("", ""),):
        filled = _filled(told, {_DAY: str(day), _WHAT: what})
        yield {**filled, "名称": f"{told['名称']}{day and f'（{day}）'}"}


def _filled(raw: Any, words: Mapping[str, Any]) -> Any:
    """The raw step with the words put in; a list put in alone becomes part of the list around."""
    if isinstance(raw, dict):
        return {_filled(key, words): _filled(value, words) for key, value in raw.items()}
    if isinstance(raw, list):
        filled = [_filled(one, words) for one in raw]
        return [part for one in filled for part in (one if isinstance(one, list) else [one])]
    if raw in words:
        return words[raw]
    for word, put in words.items():
        raw = str(raw).replace(word, str(put)) if word in str(raw) else raw
    return raw
