"""The office of a story: each sentence of `ACTS` is one call of a public function of the program.

What a sentence leaves out is filled in as an orderly office would, so that only what matters is
told; who is named must be of the 登记簿.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from tests.scenarios.consequences.numbers import stored
from tests.scenarios.consequences.sentences import ACTS, Said
from tests.scenarios.consequences.sights import wrong
from tests.scenarios.scenario import read_days
from tests.scenarios.verdict import asked, pick
from tests.scenarios.world import OFFICER, World, moment
from tracker.consequences import incidents, interview_acts, notice_acts, notices, objections
from tracker.consequences.cases import load_cases
from tracker.registry import rulings, waiver_acts

HAND = "何甲子"  # whoever acts where the story does not say
_GROUP = "示例县协调办"
_LAST_HOUR = 22


class Office:
    """Does what a story tells of one `world`, each act recorded on its own day."""

    def __init__(self, world: World) -> None:
        self.world, self.connection = world, world.connection

    def do(self, day: date, said: Said) -> None:
        """Raises LuzeError where the program refuses, ValueError where the story is wrong."""
        _DO[said.verb](self, day, said.parts)

    def wrong(
        self, day: date, expected: Iterable[str], *, afterwards: bool = False
    ) -> Iterator[str]:
        """Where a day looks otherwise than expected; `afterwards`: only what must never change."""
        return wrong(self.world, day, expected, stored_only=afterwards)

    def id(self, name: str) -> int:
        """Who or what is meant."""
        if name not in self.world.ids:
            raise ValueError(f"登记簿里没有“{name}”，有：{'、'.join(self.world.ids)}")
        return self.world.ids[name]

    def when(self, day: date) -> dict[str, Any]:
        """What every act is told of its moment."""
        return {"on": day, "now": moment(day, _LAST_HOUR), "operator": OFFICER}

    def finding(self, day: date, text: str) -> Any:
        """The finding that is meant, as it stands on the day."""
        found = pick(self.world.look(day, asked(text).duty), asked(text))
        if len(found) != 1:
            raise ValueError(f"{day} 没有“{text}”这项判定")
        return found.iloc[0]

    def case(self, who: str, section: str) -> int:
        """The newest interview of somebody by a section."""
        mine = (self.id(who), section)
        found = [c for c in load_cases(self.connection) if (c.accountable_id, c.section) == mine]
        if not found:
            raise ValueError(f"{who}没有第{section}部分的约谈")
        return found[-1].id

    def notice(self, day: date, text: str) -> int:
        """The newest notice about a finding."""
        key = self.finding(day, text)["key"]
        found = [life for life in notices.listed(self.connection) if life.call.key == key]
        if not found:
            raise ValueError(f"{text}没有提醒")
        return max(found, key=lambda life: (life.state != "closed", life.as_of, life.id)).id

    def about(self, day: date, text: str) -> str:
        """What an objection is about: '约谈 甲局 五', '事件 1', else a finding."""
        kind, _, rest = text.partition(" ")
        if kind == "约谈":
            return f"interview|{self.case(*rest.split(' '))}"
        if kind == "事件":
            return f"incident|{stored(self.connection, kind, rest)}"
        return str(self.finding(day, text)["key"])


def _night(office: Office, day: date, parts: Mapping[str, str]) -> None:
    office.world.check(day)


def _enter(office: Office, day: date, parts: Mapping[str, str]) -> None:
    kinds = {name: kind for kind, name in office.world.law.vocabulary.kinds.items()}
    if parts["做"] not in kinds:
        raise ValueError(f"词表 kinds 里没有“{parts['做']}”")
    office.id(parts["谁"])
    office.world.did(parts["谁"], kinds[parts["做"]], *read_days(parts["日"]), entered=day)


def _interview(
    act: Callable[..., Any], tell: Callable[[Office, Mapping[str, str]], dict[str, Any]]
) -> Callable[[Office, date, Mapping[str, str]], None]:
    def do(office: Office, day: date, parts: Mapping[str, str]) -> None:
        number = office.case(parts["谁"], parts["部分"])
        act(office.connection, office.world.law, number, **tell(office, parts), **office.when(day))

    return do


def _decision(office: Office, parts: Mapping[str, str]) -> dict[str, Any]:
    reason = parts.get("理由", "")
    rung = int(parts["级"]) - 1 if "级" in parts else None
    return {
        "authority": parts.get("机关", _GROUP), "officer": HAND, "rung": rung, "reason": reason,
        "severity": parts.get("轻重", ""), "document_number": "" if reason else "示协办〔2021〕1号",
    }  # fmt: skip


def _conversation(office: Office, parts: Mapping[str, str]) -> dict[str, Any]:
    until = parts.get("期限")
    return {
        "interviewer": HAND, "record": "要求立即整改",
        "present": [office.id(name) for name in parts["人"].split("、")],
        "rectify_by": date.fromisoformat(until) if until else None,
    }  # fmt: skip


def _effect(office: Office, parts: Mapping[str, str]) -> dict[str, Any]:
    meant = {name: word for word, name in interview_acts.EFFECTS.items()}
    effect = meant.get(parts["影响"], parts["影响"])
    return {"effect": effect, "reason": "酌情认定", "authority": _GROUP, "officer": HAND}


def _receive(office: Office, day: date, parts: Mapping[str, str]) -> None:
    number = office.notice(day, parts["判定"])
    notice_acts.acknowledge(office.connection, number, who=parts["人"], **office.when(day))


def _answer(office: Office, day: date, parts: Mapping[str, str]) -> None:
    until = parts.get("期限")
    notice_acts.answer(
        office.connection, office.notice(day, parts["判定"]), who=parts["人"], text="正在整改",
        evidence=["会议记录"], due_on=date.fromisoformat(until) if until else None,
        **office.when(day),
    )  # fmt: skip


def _record(office: Office, day: date, parts: Mapping[str, str]) -> None:
    parties: dict[str, Any] = {
        f"{role}_id": office.id(parts[place])
        for role, place in (("subject", "谁"), ("place", "地方"), ("household", "户"))
        if place in parts
    }
    happened = parts.get("发生")
    incidents.record(
        office.connection, office.world.law, kind=parts["类别"], determined_on=day,
        authority=parts.get("机关", "示例市纪委监委"), document_number="示纪〔2020〕1号",
        officer=HAND,
        happened_on=date.fromisoformat(happened) if happened else None,
        ground=parts.get("情形", ""),
        qualifiers=parts["认定"].split("、") if "认定" in parts else (),
        now=moment(day, _LAST_HOUR), operator=OFFICER, **parties,
    )  # fmt: skip


def _take_back(office: Office, day: date, parts: Mapping[str, str]) -> None:
    number = stored(office.connection, "事件", parts["号"])
    incidents.withdraw(
        office.connection, number, reason="认定有误", authority="示例市纪委监委",
        now=moment(day, _LAST_HOUR), operator=OFFICER,
    )  # fmt: skip


def _object(office: Office, day: date, parts: Mapping[str, str]) -> None:
    who = parts["人"]
    objections.file(
        office.connection, office.world.law, about=office.about(day, parts["对象"]),
        subject_id=office.id(who), filed_by=who, reason="记录漏报", **office.when(day),
    )  # fmt: skip


def _numbered(kind: str, act: Callable[..., Any], **told: str) -> Callable[..., None]:
    def do(office: Office, day: date, parts: Mapping[str, str]) -> None:
        number = stored(office.connection, kind, parts["号"])
        act(office.connection, number, **told, **office.when(day))

    return do


def _apply(office: Office, day: date, parts: Mapping[str, str]) -> None:
    toward = parts.get("对象")
    owns = {d.id: p.document.id for p in office.world.law.packs for d in p.duties}
    document = owns.get(parts["事项"], next(iter(owns.values())))
    waiver_acts.request(
        office.connection, office.world.law, document=document, duty=parts["事项"],
        holder_id=office.id(parts["谁"]), counterpart_id=office.id(toward) if toward else None,
        starts_on=date.fromisoformat(parts["首日"]), ends_on=date.fromisoformat(parts["末日"]),
        reason="疫情防控", applicant="李甲子", **office.when(day),
    )  # fmt: skip


def _rule(office: Office, day: date, parts: Mapping[str, str]) -> None:
    row = office.finding(day, parts["判定"])
    judged = rulings.Judged(row.key, row.status, float(row.done), float(row.required), row.starts)
    rulings.rule(
        office.connection, judged, verdict=parts["结论"], officer=HAND, authority=_GROUP,
        reason="已经核实", **office.when(day),
    )  # fmt: skip


_BY = {"authority": _GROUP, "officer": HAND}
_APPROVAL = {"approver": HAND, "authority": _GROUP}
_DO: dict[str, Callable[[Office, date, Mapping[str, str]], None]] = {
    "夜检": _night,
    "记": _enter,
    "告知": _interview(interview_acts.inform, lambda *_: {"by": HAND}),
    "陈述": _interview(interview_acts.state, lambda _, p: {"who": p["人"], "text": "已在补办"}),
    "决定约谈": _interview(interview_acts.decide, _decision),
    "决定不约谈": _interview(interview_acts.dismiss, lambda _, p: {**_BY, "reason": p["理由"]}),
    "约谈": _interview(interview_acts.conduct, _conversation),
    "核实": _interview(interview_acts.verify, lambda *_: {"by": HAND, "result": "已经整改"}),
    "整改不到位": _interview(interview_acts.fail, lambda *_: {"by": HAND, "reason": "没有整改"}),
    "销号": _interview(interview_acts.close, lambda *_: {"authority": _GROUP}),
    "认定": _interview(interview_acts.rule, _effect),
    "签收": _receive,
    "答复": _answer,
    "登记事件": _record,
    "撤销事件": _take_back,
    "异议": _object,
    "异议成立": _numbered("异议", objections.uphold, answer="记录属实", **_BY),
    "异议不成立": _numbered("异议", objections.reject, answer="没有记录", **_BY),
    "撤回异议": _numbered("异议", objections.withdraw, reason="不再坚持"),
    "申请豁免": _apply,
    "批准豁免": _numbered("豁免", waiver_acts.approve, **_APPROVAL),
    "不准豁免": _numbered("豁免", waiver_acts.refuse, reason="不符合条件", **_APPROVAL),
    "撤销豁免": _numbered("豁免", waiver_acts.revoke, reason="情况已变", authority=_GROUP),
    "核定": _rule,
}
assert _DO.keys() == ACTS.keys()
