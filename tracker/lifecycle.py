"""The ground: a lifecycle says which act may follow which state, and to what it leads. Pure.

A state is never written by hand but computed here, so that a history replayed from its rows gives
the stored state.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tracker.errors import LuzeError

NEW = ""


@dataclass(frozen=True, slots=True)
class Step:
    """One act: its Chinese name, the states it may follow (`NEW`: it begins a case), and the state
    it leads to (None: the state stays)."""

    name: str
    after: tuple[str, ...]
    to: str | None = None


@dataclass(frozen=True, slots=True)
class Lifecycle:
    """The acts of one kind of case by event, and the Chinese names of its states."""

    case: str
    steps: Mapping[str, Step]
    states: Mapping[str, str]

    def after(self, state: str, event: str, number: int | None = None) -> str:
        """The state that the act leads to. Raises LuzeError where it may not follow."""
        step = self.steps[event]
        if state not in step.after:
            which = f"第 {number} 号{self.case}" if number is not None else self.case
            now = f"现为“{self.states[state]}”" if state else "还没有开始"
            allowed = "、".join(f"“{self.states[s]}”" for s in step.after if s) or "尚未开始"
            what = f"{which}{now}，不能{step.name}，未作任何改动"
            raise LuzeError(what, fix=f"{step.name}只能在{allowed}时进行")
        return state if step.to is None else step.to

    def allows(self, state: str, event: str) -> bool:
        """Whether the act may follow the state."""
        return state in self.steps[event].after

    def replay(self, events: Iterable[str]) -> str:
        """The state after these acts in their order."""
        state = NEW
        for event in events:
            state = self.after(state, event)
        return state
