"""The award office of a story: each sentence of `ACTS` is one call of a public function."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from typing import Any

import sqlalchemy as sa

from tests.scenarios.awards import way
from tests.scenarios.awards.sentences import ACTS
from tests.scenarios.awards.sights import wrong
from tests.scenarios.awards.words import CHECKS
from tests.scenarios.awards.words import stage as stage_id
from tests.scenarios.consequences.office import HAND, Office
from tests.scenarios.consequences.sentences import Said
from tests.scenarios.scenario import read_days
from tests.scenarios.world import World, all_covers, moment
from tracker.awards import acts, frozen, proposals, snapshot, watch
from tracker.awards.nomination_desk import plan_of
from tracker.awards.nominations import branch_of, load, load_all
from tracker.awards.timeline import before_nomination
from tracker.consequences.history import Moment
from tracker.db import table
from tracker.ledger.tables import Line
from tracker.policy.awards import Branch
from tracker.registry.tables import Attribute


class AwardOffice(Office):
    """Does what a story tells of nominees under one plan. `asked_as`: who is asked about as which
    kind ('第一书记', '县委书记 评 全省脱贫攻坚先进个人'); `files`: the snapshots at hand."""

    def __init__(self, world: World, document: str, asked_as: Mapping[str, str]) -> None:
        super().__init__(world)
        self.document, self.asked_as = document, asked_as
        self.files: dict[str, str] = {}

    def do(self, day: date, said: Said) -> None:
        """Raises LuzeError where the program refuses, ValueError where the story is wrong."""
        if said.verb in _DO:
            _DO[said.verb](self, day, said.parts)
        else:
            super().do(day, said)
        if said.verb == "夜检":
            told = Moment(day, moment(day, 23), HAND)
            watch.update(self.connection, self.world.law, all_covers(), told)

    def wrong(
        self, day: date, expected: Iterable[str], *, afterwards: bool = False
    ) -> Iterator[str]:
        """Where a day looks otherwise than expected; nothing of it may change afterwards."""
        return wrong(self, day, expected, afterwards=afterwards)

    def number(self, who: str) -> int:
        """The newest nomination of this name."""
        found = [
            one.nominee.nomination_id
            for one in load_all(self.connection, self.document)
            if one.nominee.name == who
        ]
        if not found or found[-1] is None:
            raise ValueError(f"{who}没有提出初选")
        return found[-1]

    def branch(self, who: str) -> Branch:
        """The way in which one comes up."""
        nominee = load(self.connection, self.number(who)).nominee
        plan = plan_of(self.world.law, nominee.document)
        return branch_of(plan, plan.award(nominee.award), nominee.kind)

    def act(self, do: Callable[..., Any], day: date, who: str, *what: object, **said: Any) -> Any:
        """One act on a nomination."""
        when = {**self.when(day), **said}
        return do(self.connection, self.world.law, self.number(who), *what, **when)


def _propose(office: AwardOffice, day: date, parts: Mapping[str, str]) -> None:
    known = office.world.ids.get(parts["谁"])
    who = {"subject_id": known} if known else {"name": parts["谁"], "unit": parts.get("单位", "")}
    proposals.propose(
        office.connection, office.world.law, document=office.document, award=parts["奖项"],
        kind=parts["类别"], area_code=parts.get("地区", ""), reason=parts.get("理由", ""), **who,
        **office.when(day),
    )  # fmt: skip


def _propose_many(office: AwardOffice, day: date, parts: Mapping[str, str]) -> None:
    so_far = len(load_all(office.connection, office.document))
    for number in range(int(parts["数"])):
        _propose(office, day, {**parts, "谁": f"甲{so_far + number}"})


def _give_opinion(office: AwardOffice, day: date, parts: Mapping[str, str]) -> None:
    agrees = {"同意": True, "不同意": False}[parts["同意否"]]
    text = parts.get("话", "" if agrees else "正在调查")
    office.act(acts.opinion, day, parts["谁"], parts["部门"], agrees=agrees, text=text)


def _post(office: AwardOffice, day: date, parts: Mapping[str, str]) -> None:
    when = office.when(day)
    acts.post(
        office.connection, office.world.law, office.number(parts["谁"]), parts["环节"],
        starts_on=when.pop("on"), ends_on=date.fromisoformat(parts["末日"]), **when,
    )  # fmt: skip


def _hand_in(office: AwardOffice, day: date, parts: Mapping[str, str]) -> None:
    length = parts.get("字数")
    office.act(
        acts.material, day, parts["谁"], parts["材料"], copies=int(parts.get("份数", "1")),
        double_sided=parts.get("印法") == "双面", characters=int(length) if length else None,
        media=parts["载体"].split("、") if "载体" in parts else (),
    )  # fmt: skip


def _rule_on(office: AwardOffice, day: date, parts: Mapping[str, str]) -> None:
    passed = {"通过": True, "不通过": False}[parts["通过否"]]
    check = _check(office, parts["谁"], parts["条款"])
    office.act(acts.judge, day, parts["谁"], check, passed=passed, **way.RULED)


def _excuse(office: AwardOffice, day: date, parts: Mapping[str, str]) -> None:
    check = _check(office, parts["谁"], parts["条款"])
    office.act(acts.excuse, day, parts["谁"], check, **way.RULED)


def _check(office: AwardOffice, who: str, name: str) -> str:
    """The check that is meant; of several ids the one that the nominee's kind is checked by."""
    nominee = load(office.connection, office.number(who)).nominee
    plan = plan_of(office.world.law, nominee.document)
    mine = {check.id for check in plan.checks_for(plan.award(nominee.award), nominee.kind)}
    if name.startswith("征求"):
        organs = office.world.law.vocabulary.organs
        return next(f"organ.{o}" for o, told in organs.items() if name == f"征求{told}")
    ids = CHECKS[name]
    return next((one for one in ids if one in mine), ids[0])


def _all_done(office: AwardOffice, day: date, parts: Mapping[str, str]) -> None:
    """All that the gate asks for."""
    who = parts["谁"]
    way.bring(office, day, who, before_nomination(office.branch(who)))
    way.papers(office, day, who)


def _up_to(office: AwardOffice, day: date, parts: Mapping[str, str]) -> None:
    """All before a stage."""
    branch = office.branch(parts["谁"])
    ids = [one.id for one in branch.stages]
    before = branch.stages[: ids.index(stage_id(parts["环节"], branch))]
    way.bring(office, day, parts["谁"], before)


def _nominate(office: AwardOffice, day: date, parts: Mapping[str, str]) -> None:
    when = office.when(day)
    done = snapshot.nominate(
        office.connection, office.world.law, all_covers(), office.number(parts["谁"]), **when
    )
    office.files[parts["谁"]] = done.text


def _withdraw(office: AwardOffice, day: date, parts: Mapping[str, str]) -> None:
    office.act(acts.withdraw, day, parts["谁"], reason="本人放弃")


def _cancel(office: AwardOffice, day: date, parts: Mapping[str, str]) -> None:
    office.act(acts.cancel, day, parts["谁"], reason="虚构事迹", authority=way.GROUP)


def _rank_later(office: AwardOffice, day: date, parts: Mapping[str, str]) -> None:
    """A rank that stood from the start of the year and that nobody had written down till today."""
    row = {
        "subject_id": office.id(parts["谁"]), "name": "rank", "value": parts["职级"],
        "starts_on": day.replace(month=1, day=1), "ends_on": None, "roster": "",
        "recorded_at": moment(day, 22),
    }  # fmt: skip
    office.connection.execute(table(Attribute).insert(), row)


def _void(office: AwardOffice, day: date, parts: Mapping[str, str]) -> None:
    """Lines of the ledger that were found to be wrong."""
    c = table(Line).c
    kinds = {name: kind for kind, name in office.world.law.vocabulary.kinds.items()}
    meant = (
        (c.subject_id == office.id(parts["谁"]))
        & (c.kind == kinds[parts["做"]])
        & c.day.in_(read_days(parts["日"]))
    )
    voided = sa.update(table(Line)).where(meant).values(voided_at=moment(day, 22))
    if not office.connection.execute(voided).rowcount:
        raise ValueError(f"台账里没有{parts['谁']}{parts['日']}的{parts['做']}")


def _changed(office: AwardOffice, parts: Mapping[str, str]) -> str:
    text = office.files[parts["谁"]]
    if parts["原"] not in text:
        raise ValueError(f"快照里没有“{parts['原']}”")
    return text.replace(parts["原"], parts["新"])


def _forge(office: AwardOffice, day: date, parts: Mapping[str, str]) -> None:
    office.files[parts["谁"]] = _changed(office, parts)


def _seal_again(office: AwardOffice, day: date, parts: Mapping[str, str]) -> None:
    """A forger who knows how a snapshot is sealed."""
    office.files[parts["谁"]] = frozen.seal(frozen.content_of(_changed(office, parts)))


def _simple(do: Callable[..., Any], *places: str, **told: Any) -> Callable[..., None]:
    """An act that says no more than the words in some places."""

    def does(office: AwardOffice, day: date, parts: Mapping[str, str]) -> None:
        office.act(do, day, parts["谁"], *(parts[place] for place in places), **told)

    return does


def _closed(office: AwardOffice, day: date, parts: Mapping[str, str]) -> None:
    number = int(parts["件"])
    office.act(acts.complaint_closed, day, parts["谁"], number, answer="查无实据")


_DO: dict[str, Callable[[AwardOffice, date, Mapping[str, str]], None]] = {
    "初选": _propose,
    "初选若干": _propose_many,
    "办": _simple(acts.stage_done, "环节"),
    "办到": _up_to,
    "征求": _simple(acts.ask, "部门"),
    "意见": _give_opinion,
    "公示": _post,
    "结束公示": _simple(acts.take_down, "环节", result="公示期满"),
    "举报": _simple(acts.complaint, "环节", text="事迹不实"),
    "办结举报": _closed,
    "交材料": _hand_in,
    "定条款": _rule_on,
    "定例外": _excuse,
    "手续齐": _all_done,
    "推荐": _nominate,
    "撤回推荐": _withdraw,
    "撤销资格": _cancel,
    "补登职级": _rank_later,
    "作废": _void,
    "改快照": _forge,
    "重封快照": _seal_again,
}
assert _DO.keys() == ACTS.keys()
