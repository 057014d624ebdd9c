"""What is to be seen on a day: everything open, told in the sentences of `SIGHTS`, and how an
expectation differs from it.

A place that an expectation leaves out is not compared; but everything open must be expected.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from tests.scenarios.consequences.numbers import told as numbered
from tests.scenarios.consequences.sentences import Said, sight
from tests.scenarios.verdict import asked, differences, pick
from tests.scenarios.world import World, all_covers, moment
from tracker.awards.gate import ANSWER_NAMES
from tracker.consequences import incidents, notices, objections
from tracker.consequences.bars import all_bars
from tracker.consequences.cases import Case, load_cases
from tracker.consequences.lives import INTERVIEW, NOTICE, OBJECTION
from tracker.consequences.notice_calls import REPORT
from tracker.consequences.parties import Party
from tracker.evaluation.words import LEVEL_NAMES, Level
from tracker.query import dossier
from tracker.registry import waivers
from tracker.registry.dated import load_registry

_UNFINISHED = ("recommended", "decided", "conducted", "verified")
_ASKED = ("提名", "判定")  # looked at only where an expectation asks
_HEAD = {
    "提醒": ("判定",), "约谈": ("谁", "部分"), "限制": ("谁", "内容", "事件", "条款"),
    "豁免": ("号",), "异议": ("号",),
}  # fmt: skip
_OF_YEAR = {
    "year": "{y}年", "half_year": "{y}年{h}半年", "quarter": "{y}年第{q}季度",
    "month": "{y}年{m}月",
}  # fmt: skip
Seen = dict[tuple[str, ...], dict[str, str]]


def wrong(
    world: World, day: date, expected: Iterable[str], *, stored_only: bool = False
) -> Iterator[str]:
    """Where a day, as known on its evening, is otherwise than expected, one sentence each.
    `stored_only`: without what is judged afresh (判定, 提名)."""
    told = [sight(text) for text in expected]
    listed = {_head(said): said.parts for said in told if said.verb not in _ASKED}
    seen = _Look(world, day).everything()
    for head, parts in listed.items():
        if head not in seen:
            yield f"没有“{' '.join(head)}”"
            continue
        for name, value in parts.items():
            if not _alike(name, value, seen[head][name]):
                yield f"“{' '.join(head)}”的{name}应为“{value}”，实为“{seen[head][name]}”"
    for head in seen.keys() - listed.keys():
        rest = "，".join(f"{k}{v}" for k, v in seen[head].items() if k not in _HEAD[head[0]] and v)
        yield f"没有写到“{' '.join(head)}”（{rest}）"
    if not stored_only:
        for said in told:
            if said.verb in _ASKED:
                yield from _answer(world, day, said)


def _head(said: Said) -> tuple[str, ...]:
    return said.verb, *(said.parts[name] for name in _HEAD[said.verb])


def _alike(name: str, value: str, seen: str) -> bool:
    if name == "路径":
        return value in seen
    if name in ("被约谈人", "事由"):
        return sorted(value.split("、")) == sorted(seen.split("、"))
    return value in (seen, seen.partition("（")[0])


def _answer(world: World, day: date, said: Said) -> Iterator[str]:
    parts, known_at = said.parts, moment(day, 23)
    if said.verb == "判定":
        about = asked(parts["判定"])
        rows = pick(world.look(day, about.duty), about)
        yield from (f"{parts['判定']}{text}" for text in differences(rows, parts["结果"]))
        return
    found = dossier(
        world.connection, world.law, all_covers(), world.ids[parts["谁"]], as_of=day,
        known_at=known_at,
    )  # fmt: skip
    answer = ANSWER_NAMES[found.answer] if found.answer else "不参加推荐"
    if answer != parts["结论"]:
        why = "；".join(clause.text for clause in found.clauses) or "没有理由"
        yield f"提名{parts['谁']}应为“{parts['结论']}”，实为“{answer}”（{why}）"


class _Look:
    """Everything open on a day, as known on its evening."""

    def __init__(self, world: World, day: date) -> None:
        self.world, self.connection, self.day = world, world.connection, day
        self.known_at = moment(day, 23)
        self.when: dict[str, Any] = {"as_of": day, "known_at": self.known_at}
        self.names = {number: name for name, number in world.ids.items()}
        self.duties = {duty.id: duty for pack in world.law.packs for duty in pack.duties}

    def everything(self) -> Seen:
        parts = (self.notices, self.interviews, self.bars, self.waivers, self.objections)
        return {
            (verb, *(row[name] for name in _HEAD[verb])): row
            for verb, rows in zip(_HEAD, parts, strict=True)
            for row in rows()
        }

    def notices(self) -> Iterator[dict[str, str]]:
        for life in notices.listed(self.connection, **self.when):
            if life.state != "closed":
                level = life.call.level
                yield {
                    "判定": self.matter(life.call.key),
                    "颜色": "报送" if level == REPORT else LEVEL_NAMES[Level(level)],
                    "状态": NOTICE.states[life.state],
                    "次": str(life.reminders), "签收": str(life.acknowledged_on or "无"),
                    "答复": str(life.answered_on or "无"), "领导": str(life.leader_on or "无"),
                }  # fmt: skip

    def interviews(self) -> Iterator[dict[str, str]]:
        for case in load_cases(self.connection, states=_UNFINISHED, **self.when):
            yield {
                "谁": self.names[case.accountable_id], "部分": case.section,
                "状态": INTERVIEW.states[case.state], "由": self.interviewer(case.interviewer),
                "被约谈人": "、".join(map(self.interviewees, case.interviewees)),
                "事由": "、".join(map(self.matter, case.keys)) or "无",
                "期限": self.due(case),
            }  # fmt: skip

    def bars(self) -> Iterator[dict[str, str]]:
        words = self.world.law.vocabulary
        registry = load_registry(self.connection, self.known_at)
        for bar in all_bars(
            incidents.on_record(self.connection, **self.when), self.world.law, registry
        ):
            if bar.in_force(self.day) and bar.effects:
                yield {
                    "谁": self.names[bar.subject_id], "事件": self.incident(bar.incident.id),
                    "内容": "、".join(words.effects[effect] for effect in bar.effects),
                    "条款": bar.rule.cite, "首日": str(bar.starts), "末日": str(bar.ends),
                    "路径": bar.path,
                }  # fmt: skip

    def waivers(self) -> Iterator[dict[str, str]]:
        ends = {w.number: w.ends_on for w in waivers.load_waivers(self.connection)}
        for row in waivers.listed(self.connection, self.day, self.known_at):
            last = ends.get(row.id, row.ends_on)
            if row.state in ("requested", "approved") and last >= self.day:
                yield {
                    "号": numbered(self.connection, "豁免", row.id),
                    "状态": waivers.WAIVER.states[row.state],
                }

    def objections(self) -> Iterator[dict[str, str]]:
        for row in objections.listed(self.connection, self.day, self.known_at):
            if row.state == "open":
                yield {
                    "号": numbered(self.connection, "异议", row.id),
                    "状态": OBJECTION.states[row.state],
                }

    def incident(self, number: int | None) -> str:
        return f"事件{numbered(self.connection, '事件', number or 0)}"

    def interviewer(self, party: Party) -> str:
        """'组长单位（县组长办）'; a coordination group is not registered and has no people."""
        if party["role"].endswith("coordination_group"):
            return str(party["name"])
        people = "、".join(self.names[one] for one in party["people"]) or "空缺"
        return f"{party['name']}（{people}）"

    def interviewees(self, party: Party) -> str:
        return "、".join(self.names[one] for one in party["people"]) or f"{party['name']}空缺"

    def due(self, case: Case) -> str:
        """Of the statement, the conversation or the rectification, whichever was set last."""
        return str(next((act.due_on for act in reversed(case.acts) if act.due_on), "无"))

    def matter(self, key: str) -> str:
        """A finding's key as 判定 are named, 'incident|5|...' as 事件5, and what is neither."""
        kind, *rest = key.split("|")
        if kind == "incident":
            return self.incident(int(rest[0]))
        if kind == "interview":
            (case,) = load_cases(self.connection, numbers=(int(rest[0]),))
            return f"整改 {self.names[case.accountable_id]} {case.section}"
        if kind == REPORT:
            return f"报送 {self.names[int(rest[0])]} {rest[1]}"
        duty, holder, counterpart, opens, _ = rest
        toward = f" → {self.names[int(counterpart)]}" if counterpart else ""
        return f"{duty} {self.names[int(holder)]}{toward} {self.window(duty, opens)}"

    def window(self, duty: str, opens: str) -> str:
        every, day = self.duties[duty].every, date.fromisoformat(opens)
        if every == "always":
            return "常设"
        text = _OF_YEAR[str(every)]
        half, quarter = "上下"[day.month > 6], (day.month + 2) // 3
        return text.format(y=day.year, h=half, q=quarter, m=day.month)


def open_now(world: World, day: date) -> Mapping[tuple[str, ...], dict[str, str]]:
    """Everything open on a day, to compare two looks at it."""
    return _Look(world, day).everything()
