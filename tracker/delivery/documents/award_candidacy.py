"""What every award paper draws on: a nomination as papers tell it, judged, or frozen once made."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

from tracker.awards import kept, outside, snapshot
from tracker.awards.gate import Answer, Clause, Outcome
from tracker.awards.meant import kind_name
from tracker.awards.nomination_desk import calendar_of, plan_of
from tracker.awards.nominations import LIVE, Filed, branch_of, load, load_all
from tracker.awards.record import Complaint, Posting
from tracker.awards.timeline import PUBLICITY, served
from tracker.delivery.documents.occasion import Occasion
from tracker.errors import LuzeError
from tracker.evaluation.narrate import short_date
from tracker.policy.awards import Award, AwardPlan, Branch, Material, Stage
from tracker.policy.model import Document
from tracker.registry.oneday import OneDay


@dataclass(frozen=True, slots=True)
class Judged:
    """How a nomination was judged, and on what law. `sha256`: of its snapshot, '' before one."""

    answer: Answer
    clauses: tuple[Clause, ...]
    as_of: date
    known_at: datetime
    law: str
    sha256: str = ""


@dataclass(frozen=True)
class Candidacy:
    """One nomination on the day of the occasion: the nominee, what is recorded, its plan."""

    occasion: Occasion
    filed: Filed

    @property
    def number(self) -> int:
        """Its number."""
        return self.filed.nominee.nomination_id or 0

    @property
    def name(self) -> str:
        """Who is nominated."""
        return self.filed.nominee.name

    @cached_property
    def plan(self) -> AwardPlan:
        """The plan that it is under."""
        return plan_of(self.occasion.law, self.filed.nominee.document)

    @cached_property
    def document(self) -> Document:
        """The document of the plan."""
        return self.occasion.law.pack(self.filed.nominee.document).document

    @cached_property
    def award(self) -> Award:
        """The award that it is for."""
        return self.plan.award(self.filed.nominee.award)

    @cached_property
    def branch(self) -> Branch:
        """The way in which it comes up."""
        return branch_of(self.plan, self.award, self.filed.nominee.kind)

    @property
    def kind(self) -> str:
        """The kind of nominee, by name."""
        return kind_name(self.plan, self.filed.nominee.kind)

    @property
    def area(self) -> str:
        """The area whose place it uses; '' where the award has no table of areas."""
        code = self.filed.nominee.area_code
        return self.award.quota.area_names.get(code, code)

    @property
    def deeds(self) -> Material | None:
        """The paper with a limit of characters."""
        papers = self.plan.materials_for(self.award)
        return next((one for one in papers if one.max_characters), None)

    @cached_property
    def unit_and_posts(self) -> str:
        """The unit as written, and what posts the registry has: nothing else about a person."""
        return "\n".join(filter(None, (self.filed.nominee.unit, *self.posts)))

    @cached_property
    def posts(self) -> list[str]:
        """'东村工作队驻村帮扶工作队队长': the posts held on the day, members of teams too."""
        subject, law = self.filed.nominee.subject_id, self.occasion.law
        if subject is None or self.award.nominee == "collective":
            return []
        day = OneDay(self.occasion.registry, self.occasion.as_of)
        home, held = day.parent(subject), day.posts_of(subject)
        led = {body for body, _ in held}
        told = [
            _post_of("" if body == home else self.occasion.called(body), law.vocabulary.posts[post])
            for body, post in held
        ]
        return told + [f"{self.occasion.called(t)}队员" for t in day.teams(subject) if t not in led]

    @property
    def postings(self) -> list[tuple[Stage, Posting | None, list[Complaint]]]:
        """Each stage of publicity in order, with what is recorded of it."""
        record = self.filed.record
        return [
            (stage, record.postings.get(stage.id),
             [one for one in record.complaints if one.stage == stage.id])
            for stage in self.branch.stages if stage.does == PUBLICITY
        ]  # fmt: skip

    @property
    def organs(self) -> list[tuple[str, str]]:
        """Whom the branch asks, then who else was asked or answered: id and name."""
        names, record = self.occasion.law.vocabulary.organs, self.filed.record
        asked = dict.fromkeys((*self.branch.organs, *record.asked, *record.opinions))
        return [(organ, names.get(organ, organ)) for organ in asked]

    def working_days(self, posting: Posting) -> int:
        """The working days of a publicity, up to its last day or the announced one."""
        last = posting.taken_down_on or posting.ends_on
        calendar = calendar_of(self.occasion.law, self.filed.nominee)
        return served(self.plan.publicity, posting.starts_on, last, calendar)

    def missing(self) -> list[Clause]:
        """What of consultation and publicity is not as the plan asks, as recorded today."""
        law = self.occasion.law
        found = outside.clauses(
            self.plan, self.award, self.branch, self.filed.record, self.occasion.as_of,
            calendar_of(law, self.filed.nominee), law.vocabulary.organs,
        )  # fmt: skip
        return [
            clause for clause in found
            if clause.check.startswith(("organ.", "stage.")) and clause.outcome != Outcome.passed
        ]  # fmt: skip


def candidacy(occasion: Occasion, number: int) -> Candidacy:
    """One nomination by its number. Raises LuzeError where there is none."""
    return Candidacy(occasion, load(occasion.connection, number, occasion.as_of, occasion.known_at))


def live(occasion: Occasion, document: str, award: str | None = None) -> list[Candidacy]:
    """The nominees of a plan that stand: award by award, by the areas of its quota table, then by
    number. Raises LuzeError where there are none."""
    filed = load_all(
        occasion.connection, document, award, None, occasion.as_of, occasion.known_at
    )  # fmt: skip
    found = [Candidacy(occasion, one) for one in filed if one.state in LIVE]
    if not found:
        fix = "请先用 tracker campaign propose 登记，编号见 tracker campaign list"
        raise LuzeError(f"截至 {occasion.as_of} 没有推荐对象，未生成文书", fix=fix)
    return sorted(found, key=_place)


def judged(candidacies: Sequence[Candidacy]) -> list[Judged]:
    """How each was judged: as its snapshot froze it, else afresh, all in one gathering. Raises
    LuzeError where a snapshot is not as it was frozen."""
    found = {one.number: frozen for one in candidacies if (frozen := _frozen(one))}
    fresh = [one for one in candidacies if one.number not in found]
    found |= dict(zip((one.number for one in fresh), _judged_now(fresh), strict=True))
    return [found[one.number] for one in candidacies]


def told_day(day: date | None) -> str:
    """A day as papers write it, '' for none."""
    return short_date(day) if day else ""


def _post_of(body: str, post: str) -> str:
    """'东村驻村帮扶工作队队长', not '东村驻村帮扶工作队驻村帮扶工作队队长'."""
    shared = next(n for n in range(len(post), -1, -1) if body.endswith(post[:n]))
    return body + post[shared:]


def _frozen(one: Candidacy) -> Judged | None:
    """As frozen when it was nominated; None for what was not (yet)."""
    stored = kept.newest(one.occasion.connection, one.number)
    if stored is None or one.filed.state == "proposed":
        return None
    problems = list(kept.defects(one.occasion.connection, stored))
    if problems:
        raise LuzeError(f"第 {one.number} 号推荐的快照核验不符，未生成文书", problems=problems)
    content = stored.content
    return Judged(
        Answer(content["answer"]), tuple(_clause(told) for told in content["clauses"]),
        date.fromisoformat(content["as_of"]), datetime.fromisoformat(content["known_at"]),
        content["law"], stored.sha256,
    )  # fmt: skip


def _clause(told: Mapping[str, Any]) -> Clause:
    ends_on = date.fromisoformat(told["ends_on"]) if told["ends_on"] else None
    answer, outcome = Answer(told["answer"]), Outcome(told["outcome"])
    return Clause(**{**told, "answer": answer, "outcome": outcome, "ends_on": ends_on})


def _judged_now(candidacies: Sequence[Candidacy]) -> Iterator[Judged]:
    """Judged as of the day of the occasion; reads nothing where there is nobody."""
    if not candidacies:
        return
    at = candidacies[0].occasion
    found = snapshot.judged(
        at.connection, at.law, at.covers, [one.filed for one in candidacies], at.as_of, at.known_at
    )
    for _, verdict in found:
        yield Judged(verdict.answer, verdict.clauses, verdict.as_of, at.known_at, at.law.sha256)


def _place(one: Candidacy) -> tuple[int, int, int]:
    awards, areas = one.plan.awards, list(one.award.quota.by_area)
    code = one.filed.nominee.area_code
    return awards.index(one.award), areas.index(code) if code in areas else len(areas), one.number
