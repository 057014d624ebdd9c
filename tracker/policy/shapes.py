"""The law against itself: whether the parts of one rule fit together and can be counted.

Every function yields defects (path inside the rule, what, fix), so that an author sees all of
them at once. What pydantic already refused is not seen here.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from tracker.policy.base import Rule
from tracker.policy.causes import cause_defects
from tracker.policy.exits import ExitCheck, exit_defects
from tracker.policy.known import Defect, Known
from tracker.policy.law import CalendarOverlay
from tracker.policy.model import BarRule, Document, Duty, InterviewRule
from tracker.policy.parse import near
from tracker.policy.reach import LEVELLED, REACH
from tracker.policy.source import At
from tracker.policy.threshold_shapes import threshold_defects
from tracker.policy.workplan import REPORTED


def shape_defects(rule: Rule, known: Known) -> Iterator[Defect]:
    """The defects of a rule by its sort; none for sorts that cannot be misshapen."""
    if isinstance(rule, Duty):
        yield from _duty_defects(rule, known)
    elif isinstance(rule, Document):
        yield from _document_defects(rule, known)
    elif isinstance(rule, InterviewRule):
        yield from _interview_defects(rule, known)
    elif isinstance(rule, BarRule):
        yield from _bar_defects(rule, known)
    elif isinstance(rule, ExitCheck):
        yield from exit_defects(rule)
    elif isinstance(rule, CalendarOverlay):
        for day in sorted({*rule.rest} & {*rule.work}):
            yield ("work",), f"{day} 既写作放假又写作上班", "请只留一处"


def _duty_defects(duty: Duty, known: Known) -> Iterator[Defect]:
    """Whether the parts of a duty fit together and can be counted."""
    yield from _standing_defects(duty) if duty.measure == "standing" else _counted_defects(duty)
    yield from _window_defects(duty)
    yield from threshold_defects(duty, known)
    yield from _breach_defects(duty, known)
    if known.follows is not None:
        yield from cause_defects(duty.id, known.follows)
    readings: list[tuple[At, bool]] = [((), duty.working_days_only)]
    readings += [(("beside", i), bool(b.working_days_only)) for i, b in enumerate(duty.beside)]
    for at, working in readings:
        if working and duty.measure != "days":
            what = f"measure 是 {duty.measure}，不能只计工作日"
            yield (*at, "working_days_only"), what, "只有 measure: days 才能写 working_days_only"
    if duty.per and sum(map(bool, (duty.per.tie, duty.per.role, duty.per.members))) != 1:
        yield ("per",), "per 要写且只写一种对象", "请在 tie、role、members 中选一个"


def _standing_defects(duty: Duty) -> Iterator[Defect]:
    if duty.every != "always":
        yield ("every",), "常态责任（standing）没有考核期", "请写 every: always"
    if duty.requires is None:
        yield (), "常态责任（standing）没有写要求什么", "请补上 requires"
        return
    needs = duty.requires
    shapes = sum(map(bool, (needs.provision, needs.ties, needs.post, needs.exactly_one)))
    if shapes != 1:
        fix = "请在 provision、ties、post、exactly_one 中选一个"
        yield ("requires",), "requires 要写且只写一种要求", fix
    if (needs.covers or needs.each_of) and not needs.provision:
        yield ("requires",), "covers 和 each_of 要与 provision 同写", "请补上 provision"
    if bool(needs.post) and not needs.also_holds:
        yield ("requires",), "post 要与 also_holds 同写", "请写明担任此职的人还应担任何职"
    if needs.ties and duty.at_least is None and duty.at_most is None:
        yield ("requires", "ties"), "没有写应有几个", "请补上 at_least"
    if not needs.ties and (duty.at_least is not None or duty.at_most is not None):
        yield ("requires",), "只有 ties 才需要数量", "请删去 at_least 和 at_most"
    if duty.counts:
        yield ("counts",), "常态责任（standing）不数台账", "请删去 counts，改在 requires 中写"


def _counted_defects(duty: Duty) -> Iterator[Defect]:
    if duty.every == "always":
        yield ("every",), f"measure 是 {duty.measure}，要有考核期", "请写 year、quarter、month 等"
    if not duty.counts:
        yield (), f"measure 是 {duty.measure}，却没有写数什么", "请补上 counts"
    if duty.at_least is None and duty.at_most is None:
        yield (), "没有写标准", "请补上 at_least（至少）或 at_most（至多），也可以都写"
    reported = duty.measure == "latest" or any(c.kind == REPORTED for c in duty.counts)
    if reported and not duty.unit.strip():
        yield ("unit",), "上报的水平没有写计量单位", "请写明单位，例如 元、%、人"
    if duty.measure == "latest" and duty.beside:
        yield ("beside",), "最近上报的水平只有一种算法", "请删去 beside"
    if duty.requires:
        yield ("requires",), "requires 只用于常态责任", "请删去，或改为 measure: standing"


def _window_defects(duty: Duty) -> Iterator[Defect]:
    once = duty.once
    if (duty.every == "once") != (once is not None):
        yield (
            ("every",),
            "every: once 与 once 的起止要同写同不写",
            "请写 once: {from: 日期, to: 日期}",
        )
    if once and (once.to is None or once.to < once.from_):
        yield ("once",), "一次性责任的起止不完整或前后颠倒", "请写明 from 和不早于它的 to"
    if duty.due and duty.every not in ("year", "once"):
        yield (
            ("due",),
            f"考核期是 {duty.every}，写不出固定的月-日",
            "请删去 due，或改为 every: year",
        )
    if duty.due and once and once.to and not _inside(duty.due, once.from_, once.to):
        yield ("due",), "截止日不在考核期之内", f"请写 {once.from_} 至 {once.to} 之间的月-日"
    if duty.warn_from and (duty.due is None or duty.warn_from > duty.due):
        yield ("warn_from",), "提醒日没有对应的截止日，或晚于截止日", "请补上 due，或提前 warn_from"


def _inside(due: tuple[int, int], first: date, last: date) -> bool:
    return any(first <= date(year, *due) <= last for year in range(first.year, last.year + 1))


def _breach_defects(duty: Duty, known: Known) -> Iterator[Defect]:
    if duty.in_principle and duty.strength != "must":
        fix = "请改为 strength: must，或删去 in_principle"
        yield ("in_principle",), "只提醒的责任用不着“原则上”", fix
    if duty.on_breach == "warn":
        return
    if duty.strength == "should":
        what = "strength: should 的责任只提醒，不作为约谈情形"
        yield ("on_breach",), what, "请写 on_breach: warn"
    if known.grounds is None:
        return
    section, ground = duty.on_breach.section, duty.on_breach.ground
    if section not in known.grounds:
        what = f"interviews.yaml 里没有“{section}”这一部分"
        yield ("on_breach", "section"), what, near(section, known.grounds)
    elif ground not in known.grounds[section]:
        what = f"interviews.yaml 的“{section}”里没有情形“{ground}”"
        yield ("on_breach", "ground"), what, near(ground, known.grounds[section])


def _bar_defects(rule: BarRule, known: Known) -> Iterator[Defect]:
    if not (rule.effects or rule.interviewer):
        yield ("effects",), "既没有限制也没有约谈", "请补上 effects 或 interviewer"
    for i, role in enumerate(rule.on):
        yield from unreached(("on", i), rule.where, role, known)
    needed = rule.where in LEVELLED
    if needed != (rule.levels is not None):
        what = f"where: {rule.where} {'要' if needed else '不'}分单位层级"
        fix = "请补上 levels: {led: [...], leading: [...]}" if needed else "请删去 levels"
        yield ("levels",) if rule.levels else ("where",), what, fix
    if bool(rule.interviewer) != bool(rule.interviewees and rule.reason):
        at = ("interviewer",) if rule.interviewer else ()
        fix = "请写全 interviewer、interviewees、reason"
        yield at, "连带约谈的约谈主体、约谈对象和事由没有写全", fix


def unreached(at: At, where: str, role: str, known: Known) -> Iterator[Defect]:
    """Nothing leads from a place to a role; unknown words are told elsewhere."""
    words = known.words
    meant = words is None or role in words.roles or role in words.posts
    if meant and where in REACH and role not in REACH[where]:
        yield at, f"从 where: {where} 找不到“{role}”", near(role, REACH[where])


def _interview_defects(rule: InterviewRule, known: Known) -> Iterator[Defect]:
    if not rule.ladder or (rule.order == "single" and len(rule.ladder) > 1):
        what = "order: single 只有一级约谈主体" if rule.ladder else "没有写约谈主体"
        yield ("ladder",), what, "请改 ladder，或改 order（in_turn、by_severity、jointly）"
    seen: set[str] = set()
    for i, ground in enumerate(rule.grounds):
        if ground.id in seen:
            yield ("grounds", i, "id"), f"情形“{ground.id}”已经写过", "请只写一次"
        seen.add(ground.id)
        for j, after in enumerate(ground.after):
            at = ("grounds", i, "after", j, "where")
            yield from unreached(at, after.where, rule.accountable, known)


def _document_defects(document: Document, known: Known) -> Iterator[Defect]:
    """Whether a document's own span, area, levels and ranks make sense."""
    if known.words and document.defaults_:
        levels = known.words.levels
        for level, same in document.defaults.same_level.items():
            for word in sorted({level, same} - levels.keys()):
                at, what = ("defaults", "same_level", level), f"词表的 levels 里没有“{word}”"
                yield at, what, near(word, levels)
    span, code = document.in_force, document.area.code
    if span.to and span.to < span.from_:
        yield ("in_force",), "施行的起止前后颠倒", "请核对 from 和 to"
    if len(code) > 2 and code.endswith("00" if len(code) <= 6 else "000"):
        yield ("area", "code"), f"区划代码“{code}”末尾补了零", "请只写到本级，例如 62、6210、621023"
    seen: dict[str, str] = {}
    for group, ranks in document.rank_groups.items():
        for i, rank in enumerate(ranks):
            if rank in seen:
                what = f"职级“{rank}”同时在“{seen[rank]}”和“{group}”里"
                yield ("rank_groups", group, i), what, "请只放在一组"
            seen.setdefault(rank, group)
