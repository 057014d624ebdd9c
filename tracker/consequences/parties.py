"""The parties of an interview: who interviews and who is interviewed, resolved on one day. Pure.

A party is {role or post, name, people}: how the document calls it and the ids that are it; no
people = vacant or unregistered, and never anybody else instead.
"""

from __future__ import annotations

from typing import Any

from tracker.policy.document import Document
from tracker.policy.sanctions import Interviewee, InterviewRule, Rung
from tracker.registry.oneday import OneDay
from tracker.registry.roles import AREAS

Party = dict[str, Any]
# 主要负责同志 of an area are its Party secretary and its head of government (六(二), 七(一)).
_PRINCIPALS = ("head", "secretary", "government_head")


def rung_name(rule: InterviewRule, rung: int) -> str:
    """How the document calls who interviews at a rung."""
    return "、".join(each.name for each in _asked(rule, rung))


def _asked(rule: InterviewRule, rung: int) -> tuple[Rung, ...]:
    return rule.ladder if rule.order == "jointly" else (rule.ladder[rung],)


class Parties:
    """Who interviews and who is interviewed by one document, as the registry knows it on a day."""

    def __init__(self, day: OneDay, document: Document) -> None:
        self.day, self._same_level = day, document.defaults.same_level

    def interviewer(self, rule: InterviewRule, accountable: int, rung: int = 0) -> Party:
        """The rung of the ladder, or all of it where they interview jointly; `people`: ids of the
        bodies or persons that are it, if registered."""
        asked = _asked(rule, rung)
        people = [one for each in asked for one in self._interviewing(each, accountable)]
        return {
            "role": asked[0].role,
            "name": rung_name(rule, rung),
            "people": list(dict.fromkeys(people)),
        }

    def interviewees(
        self, rule: InterviewRule, accountable: int, concerned: list[int]
    ) -> list[Party]:
        """Each interviewee's post, how the document calls it, and who holds it (none = vacant)."""
        return [
            {"post": i.post, "name": i.name, "people": self._people(i, accountable, concerned)}
            for i in rule.interviewees
        ]

    def _people(self, who: Interviewee, accountable: int, concerned: list[int]) -> list[int]:
        if who.post == "person_concerned":
            return concerned
        body = accountable if who.of == "accountable" else self._body(who.of, accountable)
        return [] if body is None else self._holders(body, who.post)

    def _holders(self, body: int, post: str) -> list[int]:
        if post == "responsible":  # 负责同志: the head, and where that is vacant the deputy
            return self._holders(body, "head") or self._holders(body, "deputy_in_charge")
        posts = _PRINCIPALS if post == "head" and self.day.kind(body) in AREAS else (post,)
        return sorted({person for each in posts for person in self.day.holders(body, each)})

    def _body(self, kind: str, accountable: int) -> int | None:
        if kind == "county":
            return self.day.county(accountable)
        is_unit = self.day.kind(accountable) == "unit"
        return accountable if is_unit else self.day.parent(accountable)

    def _interviewing(self, rung: Rung, accountable: int) -> list[int]:
        """Coordination groups are not registered: only their name is known."""
        if rung.role == "own_unit":
            unit = self._body("unit", accountable)
            return [] if unit is None else [unit]
        if rung.role == "county_heads":
            county = self.day.county(accountable)
            return [] if county is None else self._holders(county, "head")
        if rung.role == "provincial_leader_seat":
            return self._tied_to_counties("contacts_county", accountable)
        if rung.role in ("group_leader_unit", "peer_group_leader_unit"):
            return self._leading(accountable)
        return []

    def _leading(self, unit: int) -> list[int]:
        """The group-leader units of the unit's own level: a county unit is for the county's. None
        interviews itself; there the next rung is for a person to choose, with a reason."""
        level = self.day.level(unit)
        level = self._same_level.get(level, level)
        leaders = self._tied_to_counties("leads_county", unit)
        return [one for one in leaders if one != unit and level and self.day.level(one) == level]

    def _tied_to_counties(self, tie: str, unit: int) -> list[int]:
        villages = self.day.last_targets("assists", unit)
        helped = {self.day.county(village) for village in villages}
        found = {one for c in helped if c is not None for one in self.day.sources(tie, c)}
        return sorted(found)
