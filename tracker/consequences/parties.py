"""The parties of an interview: who interviews and who is interviewed, resolved on one day."""

from __future__ import annotations

from typing import Any

import pandas as pd

from tracker.policy.sanctions import Interviewee, InterviewRule
from tracker.registry.dated import Registry
from tracker.registry.roles import NOBODY, Roles

# The provincial group-leader unit coordinates the central units in the county too (三(三)).
_LED_AT = {"central": "provincial"}


class Parties:
    """Who interviews and who is interviewed, on one day, as the registry knows it."""

    def __init__(self, registry: Registry, roles: Roles, day: int) -> None:
        self.registry, self.roles, self.day = registry, roles, day
        live = self._live(registry.posts)
        level = self._live(registry.attribute("level"))
        self._levels = dict(zip(level["subject"], level["value"], strict=True))
        self._held = live.groupby(["body", "role"])["person"].apply(list).to_dict()

    def interviewer(self, rule: InterviewRule, accountable: int) -> dict[str, Any]:
        """The ladder's first rung; `people` are ids of the bodies that are it, if registered."""
        rung = rule.ladder[0]
        jointly = rule.ladder if rule.order == "jointly" else (rung,)
        return {
            "role": rung.role,
            "name": "、".join(r.name for r in jointly),
            "people": self._bodies(rung.role, accountable),
        }

    def interviewees(
        self, rule: InterviewRule, accountable: int, concerned: list[int]
    ) -> list[dict[str, Any]]:
        """Each interviewee's post, how the document calls it, and who holds it (none = vacant)."""
        return [
            {"post": i.post, "name": i.name, "people": self._people(i, accountable, concerned)}
            for i in rule.interviewees
        ]

    def _people(self, who: Interviewee, accountable: int, concerned: list[int]) -> list[int]:
        if who.post == "person_concerned":
            return concerned
        body = accountable if who.of == "accountable" else self._body_of(who.of, accountable)
        return sorted(int(p) for p in self._held.get((body, who.post), []))

    def _body_of(self, kind: str, accountable: int) -> int:
        if kind == "unit":
            return int(self.registry.subjects["home"].get(accountable, NOBODY))
        return next(
            (a for a in self.roles.chain(accountable)
             if self.registry.subjects["kind"].get(a) == kind), NOBODY
        )  # fmt: skip

    def _bodies(self, role: str, accountable: int) -> list[int]:
        """Registered bodies of an interviewing role; a ladder reaches no further than the level
        of the unit itself, so a county unit is for the county's group-leader unit."""
        if role == "own_unit":
            return [self._body_of("unit", accountable)]
        tie = {"group_leader_unit": "leads_county", "provincial_leader_seat": "contacts_county"}
        if role not in tie:
            return []
        live = self._live(self.registry.tie(tie[role]))
        here = live[live["target"].isin(self._counties_of(accountable))]["source"]
        if role == "group_leader_unit":
            level = self._levels.get(accountable, "")
            level = _LED_AT.get(level, level)
            here = here[here.map(self._levels) == level]
        return sorted(int(body) for body in here)

    def _counties_of(self, unit: int) -> set[int]:
        helped = self._live(self.registry.tie("assists"))
        villages = helped[helped["source"] == unit]["target"]
        return set(self.roles.within(villages, "county")) if len(villages) else set()

    def _live(self, frame: pd.DataFrame) -> pd.DataFrame:
        return frame[(frame["starts"] <= self.day) & (frame["ends"] >= self.day)]
