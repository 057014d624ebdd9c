"""What an award office sees on a day, as known on its evening, and how an expectation differs.

Each sentence of `SIGHTS` is answered from what the program says; a place left out is not compared.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any

from tests.scenarios.awards.sentences import AWARDS
from tests.scenarios.awards.words import called, checks, stage
from tests.scenarios.consequences.numbers import told as numbered
from tests.scenarios.consequences.sentences import sight
from tests.scenarios.world import all_covers, moment
from tracker.awards import frozen, snapshot, watch
from tracker.awards.asking import asked
from tracker.awards.campaign import Overview, on_its_way, overview
from tracker.awards.facts import Facts, gather
from tracker.awards.gate import ANSWER_NAMES, OUTCOME_NAMES, Answer, Clause, Outcome
from tracker.awards.nomination_desk import plan_of
from tracker.awards.nominations import NOMINATION, Filed, branch_of, history, load_all
from tracker.awards.nominee import Nominee
from tracker.awards.record import Record
from tracker.awards.verdict import Verdict, judge
from tracker.policy.awards import Branch

if TYPE_CHECKING:
    from tests.scenarios.awards.office import AwardOffice

_GRAVEST = (Outcome.failed, Outcome.person, Outcome.unknown, Outcome.passed)
_FILE = "快照"  # a file at hand; it has no past
_NONE = "无"
Parts = Mapping[str, str]
Seen = dict[str, str]


def wrong(
    office: AwardOffice, day: date, expected: Iterable[str], *, afterwards: bool
) -> Iterator[str]:
    """Where a day is otherwise than expected, one sentence each."""
    look = Look(office, day)
    for text in expected:
        said = sight(text, AWARDS)
        if said.verb == _FILE and afterwards:
            continue
        seen = _SEEN[said.verb](look, said.parts)
        for place, value in said.parts.items():
            if place in seen and not _alike(place, value, seen[place]):
                yield f"“{text}”的{place}应为“{value}”，实为“{seen[place]}”{seen.get('详情', '')}"


def _alike(place: str, value: str, seen: str) -> bool:
    if place in ("话", "附件"):
        return value in seen
    if place in ("条款", "部门"):
        return sorted(value.split("、")) == sorted(seen.split("、"))
    return value == seen


class Look:
    """What the program knows on a day, as known on its evening."""

    def __init__(self, office: AwardOffice, day: date) -> None:
        self.office, self.day = office, day
        self.connection, self.law = office.connection, office.world.law
        self.when: dict[str, Any] = {"as_of": day, "known_at": moment(day, 23)}
        self.plan = plan_of(self.law, office.document)
        self.organs = self.law.vocabulary.organs

    @cached_property
    def filed(self) -> dict[str, Filed]:
        """The newest nomination of each name."""
        found = load_all(self.connection, self.office.document, **self.when)
        return {one.nominee.name: one for one in found}

    @cached_property
    def facts(self) -> Facts:
        return gather(self.connection, self.law, all_covers(), None, **self.when)

    @cached_property
    def overview(self) -> Overview:
        return overview(self.connection, self.law, self.office.document, **self.when)

    def nominee(self, who: str) -> tuple[Nominee, Record]:
        """As nominated, else as the story asks about it."""
        if who in self.filed:
            return self.filed[who].nominee, self.filed[who].record
        kind, _, award = self.office.asked_as.get(who, "").partition(" 评 ")
        what = f"{self.office.document}:{award}" if award else self.office.document
        return asked(self.facts, self.office.id(who), what, kind).nominee, Record()

    def branch(self, nominee: Nominee) -> Branch:
        return branch_of(self.plan, self.plan.award(nominee.award), nominee.kind)

    def verdict(self, who: str) -> Verdict:
        nominee, record = self.nominee(who)
        return judge(self.plan, self.plan.award(nominee.award), nominee, self.facts, record)


def _verdict(look: Look, parts: Parts) -> Seen:
    """The answer, and exactly the checks that lead to it."""
    found = look.verdict(parts["谁"])
    branch = look.branch(found.nominee)
    because = [c for c in found.clauses if c.answer is found.answer is not Answer.eligible]
    names = dict.fromkeys(called(c.check, branch, look.organs) for c in because)
    return {
        "结论": ANSWER_NAMES[found.answer], "条款": "、".join(names) or _NONE,
        "详情": f"（{'；'.join(c.text for c in because)}）",
    }  # fmt: skip


def _clause(look: Look, parts: Parts) -> Seen:
    """How one check came out: the gravest of what it found."""
    found = look.verdict(parts["谁"])
    ids = checks(parts["条款"], look.branch(found.nominee), look.organs)
    mine = [c for c in found.clauses if c.check in ids]
    if not mine:
        return {"结果": "没有这一条", "结论": _NONE, "话": ""}
    worst: Clause = min(mine, key=lambda c: _GRAVEST.index(c.outcome))
    told = "；".join(f"{c.cite} {c.text} {c.interpretation} {c.ends_on or ''}" for c in mine)
    return {
        "结果": OUTCOME_NAMES[worst.outcome], "结论": ANSWER_NAMES[worst.answer], "话": told,
        "详情": f"（{told}）",
    }  # fmt: skip


def _organs(look: Look, parts: Parts) -> Seen:
    ids = [c.check for c in look.verdict(parts["谁"]).clauses]
    asked_for = [one.removeprefix("organ.") for one in ids if one.startswith("organ.")]
    return {"部门": "、".join(look.organs[one] for one in asked_for) or _NONE}


def _stages(look: Look, parts: Parts) -> Seen:
    """The stages of the branch, as the story calls them where it calls the same in this order."""
    nominee, _ = look.nominee(parts["谁"])
    branch = look.branch(nominee)
    said = parts["环节"].split("、")
    same = [stage(one, branch) for one in said] == [one.id for one in branch.stages]
    return {"环节": parts["环节"] if same else "、".join(one.name for one in branch.stages)}


def _next(look: Look, parts: Parts) -> Seen:
    filed = look.filed[parts["谁"]]
    way = on_its_way(look.law, filed, look.day)
    ahead, branch = way.timeline.next, look.branch(filed.nominee)
    said = parts["环节"]
    same = ahead and said != _NONE and stage(said, branch) == ahead.stage.id
    return {
        "环节": said if same else ahead.stage.name if ahead else _NONE,
        "能否": "来不及" if way.is_late else "来得及",
        "期限": str(ahead.due if ahead and ahead.due else _NONE),
        "数": str(way.days_left),
    }


def _latest(look: Look, parts: Parts) -> Seen:
    filed = look.filed[parts["谁"]]
    branch = look.branch(filed.nominee)
    ahead = {
        step.stage.id: step for step in on_its_way(look.law, filed, look.day).timeline.ahead
    }  # fmt: skip
    told = []
    for one in parts["环节"].split("、"):
        name = one.split(" ")[0]
        step = ahead.get(stage(name, branch))
        told.append(f"{name} {step.begins_by or _NONE}" if step else f"{name} 已办")
    return {"环节": "、".join(told)}


def _state(look: Look, parts: Parts) -> Seen:
    filed = look.filed.get(parts["谁"])
    return {"状态": NOMINATION.states[filed.state] if filed else _NONE}


def _note(look: Look, parts: Parts) -> Seen:
    number = look.filed[parts["谁"]].nominee.nomination_id or 0
    return {"话": history(look.connection, number, **look.when)[-1].note}


def _places(look: Look, parts: Parts) -> Seen:
    where = "" if parts["哪里"] == "全部" else parts["哪里"]
    found = overview(
        look.connection, look.law, look.office.document, look.day, moment(look.day, 23)
    )
    meant = [p for p in found.places if p.award.name == parts["奖项"] and p.name == where]
    if len(meant) != 1:
        return {"名额": f"找到 {len(meant)} 项"}
    (place,) = meant
    return {"名额": str(place.number), "已用": str(place.used), "剩余": str(place.left)}


def _unknown(look: Look, parts: Parts) -> Seen:
    found = overview(
        look.connection, look.law, look.office.document, look.day, moment(look.day, 23)
    )
    return {"附件": dict(found.unknown).get(parts["奖项"], _NONE)}


def _mismatch(look: Look, parts: Parts) -> Seen:
    found = overview(
        look.connection, look.law, look.office.document, look.day, moment(look.day, 23)
    )
    return {"话": dict(found.mismatches).get(parts["奖项"], _NONE)}


def _flag(look: Look, parts: Parts) -> Seen:
    """The flag that stands, with the answer before and after."""
    number = look.filed[parts["谁"]].nominee.nomination_id
    rows = watch.recorded(look.connection, **look.when)
    row = next((row for row in rows if row.nomination_id == number), None)
    if row is None:
        return {"变化": _NONE, "话": ""}
    was, now = (ANSWER_NAMES[Answer(row.detail[side]["answer"])] for side in ("before", "after"))
    fresh = set(row.detail["after"]["incidents"]) - set(row.detail["before"]["incidents"])
    told = "、".join(f"事件{numbered(look.connection, '事件', one)}" for one in sorted(fresh))
    return {"变化": f"{was}→{now}", "话": f"{row.note} {told}"}


def _file(look: Look, parts: Parts) -> Seen:
    """What is found wrong with the file by itself, and where it is sound, against the database."""
    text = look.office.files[parts["谁"]]
    problems = frozen.verify(text)
    found = [problem.where or problem.what for problem in problems]
    if not problems:
        found = [f"库中{one.where}" for one in snapshot.differs(look.connection, text)]
    return {"结果": "、".join(found) or "完好"}


_SEEN: dict[str, Callable[[Look, Parts], Seen]] = {
    "审查": _verdict,
    "条款": _clause,
    "部门": _organs,
    "环节": _stages,
    "下一步": _next,
    "最迟": _latest,
    "状态": _state,
    "附注": _note,
    "名额": _places,
    "名额不明": _unknown,
    "名额不符": _mismatch,
    "新情况": _flag,
    "快照": _file,
}
assert _SEEN.keys() == AWARDS.sights.keys()
