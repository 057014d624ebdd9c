"""The edge: `campaign`, one act for many nominations: for all of them or for none."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Annotated, TypeVar

import typer

from tracker.errors import LuzeError, Problem

T = TypeVar("T")
Numbers = Annotated[
    str, typer.Argument(metavar="NUMBER", help="推荐编号；一同办理的可写多个，如 3,5-12")
]


def all_of(numbers: Sequence[int], act: Callable[[int], T]) -> list[T]:
    """What each act came to. Raises LuzeError with what is wrong with any of them, what is alike
    of several told once, and which of them nothing is wrong with."""
    if len(numbers) == 1:
        return [act(numbers[0])]
    done, wrong = [], dict[int, Sequence[Problem]]()
    for number in numbers:
        try:
            done.append(act(number))
        except LuzeError as failure:
            wrong[number] = failure.problems or (Problem(failure.what, fix=failure.fix),)
    if wrong:
        sound = [number for number in numbers if number not in wrong]
        first = f"第 {runs(sound)} 号没有问题，可以先单独办理" if sound else ""
        raise LuzeError(
            f"{len(numbers)} 个推荐对象都没有办理，未作任何改动", problems=_merged(wrong),
            fix="；".join(filter(None, (first, "请改正后重新办理"))),
        )  # fmt: skip
    return done


def _merged(wrong: Mapping[int, Sequence[Problem]]) -> list[Problem]:
    """What is wrong alike with several, once, with all their numbers also in the command."""
    alike: dict[Problem, list[int]] = {}
    for number, problems in wrong.items():
        for one in problems:
            fix = re.sub(rf"(tracker campaign \S+) {number}\b", r"\1 {}", one.fix)
            alike.setdefault(replace(one, fix=fix), []).append(number)
    return [
        replace(
            one, where=" ".join(filter(None, (f"第 {runs(numbers)} 号", one.where))),
            fix=one.fix.replace("{}", runs(numbers)),
        )
        for one, numbers in alike.items()
    ]  # fmt: skip


def runs(numbers: Iterable[int]) -> str:
    """Numbers as they are typed for one act of many: 3,5-12."""
    found: list[list[int]] = []
    for number in sorted(set(numbers)):
        if found and number == found[-1][-1] + 1:
            found[-1].append(number)
        else:
            found.append([number])
    return ",".join(f"{run[0]}-{run[-1]}" if len(run) > 1 else str(run[0]) for run in found)
