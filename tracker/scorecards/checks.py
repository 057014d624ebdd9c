"""Scorecards: what is wrong with a fact that somebody tells, with the option and a way out.

Every function looks for one sort of defect; `acts.record` reports all of them at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, cast

import sqlalchemy as sa

from tracker.db import table
from tracker.errors import Problem
from tracker.policy.document import Area
from tracker.policy.parse import near
from tracker.policy.scorecard import Adjuster, Entry, Item, Method, Scorecard, ScorePlan
from tracker.registry.dated import Registry
from tracker.registry.roles import Roles
from tracker.scorecards.tables import ScoreEvent

_EVENT = table(ScoreEvent)
_KINDS = {"village": "村", "unit": "单位"}
_TEXTS = {
    "source": ("数据来源", "--source"),
    "officer": ("经办人", "--officer"),
    "document_number": ("文号", "--document"),
    "note": ("事由", "--note"),
}
_AMOUNT = cast("sa.Numeric[Decimal]", _EVENT.c.amount.type)
_PLACES = _AMOUNT.scale or 0  # decimals that a score is stored with
_LARGEST = Decimal(10) ** ((_AMOUNT.precision or 0) - _PLACES) - 1


@dataclass(frozen=True, slots=True)
class Meant:
    """What may be told of an item: the words for `what`, by id."""

    entry: Entry
    whats: Mapping[str, str]

    @property
    def event(self) -> bool:
        """Whether it is something that happened, not a score that was reported."""
        return not isinstance(self.entry, Item) or self.entry.deducts is not None


def meant(plan: ScorePlan, entry: Entry) -> Meant:
    """An item with everything that may be told of it."""
    if isinstance(entry, Item):
        if entry.ranked:
            exempt = entry.ranked.exempt
            ways = {method.id: method.name for method in entry.ranked.methods}
            return Meant(entry, ways | ({exempt.id: exempt.name} if exempt else {}))
        if not entry.deducts:
            return Meant(entry, {part.id: part.name for part in entry.reported})
        kinds: Iterable[str] = entry.deducts.events
    else:
        kinds = entry.points if isinstance(entry, Adjuster) else entry.events
    return Meant(entry, {kind: plan.event(kind) for kind in kinds})


def entry_of(card: Scorecard, text: str) -> tuple[Entry | None, list[Problem]]:
    """The item that a text means: its id, its name or the number printed beside it."""
    found = [each for each in card.entries if text in (each.id, each.name, each.no)]
    if len(found) == 1:
        return found[0], []
    fix = near(text, [each.name for each in card.entries])
    return None, [Problem(f"“{card.name}”里没有“{text}”这一项", "考核内容", fix)]


def what_of(known: Meant, text: str) -> tuple[str, list[Problem]]:
    """The id of the kind of event, part or method that a text means; '' means the only one."""
    by_any = {name: what for what, name in known.whats.items()}
    by_any |= {what: what for what in known.whats}
    if text in by_any:
        return by_any[text], []
    if not text and len(known.whats) == 1:
        return next(iter(known.whats)), []
    said = f"没有“{text}”这一种" if text else "没有写是哪一种"
    fix = f"可写：{'、'.join(known.whats.values())}"
    return "", [Problem(f"“{known.entry.name}”{said}", "哪一种", fix)]


def amount_problems(entry: Entry, what: str, amount: Decimal | None) -> Iterator[Problem]:
    """A figure that is missing, needless or outside its range."""
    limits = _limits(entry, what)
    if limits is None:
        if amount is not None:
            fix = "请删去；分数由计分办法写定"
            yield Problem(f"“{entry.name}”不用写分数", "--amount", fix)
        return
    name, least, most = limits
    if amount is None:
        yield Problem(f"“{entry.name}”没有写{name}", "--amount", f"请写明{name}")
    elif not amount.is_finite():
        yield Problem(f"“{amount}”不是数字", "--amount", "请写数字，如 0.5")
    elif not least <= amount <= most:
        fix = f"应为 {least} 至 {most}" if most < _LARGEST else f"应从 {least} 起"
        yield Problem(f"{name} {amount} 不在规定之内", "--amount", fix)
    elif amount != round(amount, _decimals(entry)):
        told = f"最多 {_PLACES} 位小数" if _decimals(entry) else "整数"
        yield Problem(f"{name} {amount} 的写法不对", "--amount", f"应写{told}")


def _decimals(entry: Entry) -> int:
    return 0 if isinstance(entry, Item) and entry.ranked else _PLACES


def _limits(entry: Entry, what: str) -> tuple[str, Decimal, Decimal] | None:
    """What the figure is called, the least and the most it may be; None where there is none."""
    if not isinstance(entry, Item):
        return None
    if entry.deducts:
        return "扣分", entry.deducts.least, entry.deducts.most
    if entry.ranked:
        method = entry.ranked.method(what)
        return None if method is None else _rank_limits(method)
    part = next((part for part in entry.reported if part.id == what), None)
    return None if part is None else (part.name, Decimal(0), part.full)


def _rank_limits(method: Method) -> tuple[str, Decimal, Decimal]:
    classes = method.classes
    if classes:
        return method.name, Decimal(min(classes)), Decimal(max(classes))
    return method.name, Decimal(1), _LARGEST


def source_of(entry: Entry, what: str, text: str) -> tuple[str, list[Problem]]:
    """The body that reports, one of those the document names; '' means the only one."""
    named = entry.source
    if isinstance(entry, Item):
        part = next((part for part in entry.parts if part.id == what and part.source), None)
        named = part.source if part else named
    if text in named:
        return text, []
    if not text and len(named) == 1:
        return named[0], []
    said = f"数据来源不是“{text}”" if text else "没有写数据来源"
    return "", [Problem(f"“{entry.name}”{said}", "--source", f"可写：{'、'.join(named)}")]


def day_problems(plan: ScorePlan, day: date, today: date) -> Iterator[Problem]:
    """A day still to come, or of another year."""
    if day > today:
        yield Problem(f"{day} 晚于今天 {today}", "--on", "只登记已经发生的事、已经报送的分数")
    if day.year != plan.year:
        fix = f"请写 {plan.year} 年的日期；次年才报送的分数，写 {plan.year}-12-31"
        yield Problem(f"{day} 不在考核年度 {plan.year} 年", "--on", fix)


def text_problems(entry: Entry | None, event: bool, texts: Mapping[str, str]) -> Iterator[Problem]:
    """A text that is missing where it must not be, or longer than its column."""
    needed = {"officer"} | ({"note"} if event else set())
    if isinstance(entry, Adjuster) and entry.by_document:
        needed.add("document_number")
    for argument, text in texts.items():
        name, option = _TEXTS[argument]
        if argument in needed and not text.strip():
            yield Problem(f"没有写{name}", option, f"请写明{name}")
        longest = cast(sa.String, _EVENT.c[argument].type).length
        if longest and len(text) > longest:
            yield Problem(f"{name}超过 {longest} 字", option, "请缩短")


def subject_problems(
    card: Scorecard, area: Area, registry: Registry, subject_id: int
) -> Iterator[Problem]:
    """Who is of another sort, or outside the area that the document binds."""
    name = registry.name(subject_id)
    if registry.subjects["kind"].get(subject_id) != card.scores:
        what = f"“{name}”不是{_KINDS[card.scores]}"
        yield Problem(what, "被考核的", f"“{card.name}”只考核{_KINDS[card.scores]}")
    elif not _inside(registry, area, subject_id):
        what = f"“{name}”不在{area.name}，不受这份文件约束"
        yield Problem(what, "被考核的", f"只考核{area.name}的村，和在那里帮扶的单位")


def _inside(registry: Registry, area: Area, subject_id: int) -> bool:
    """Whether it lies in the area, or for a unit a village or household that it helps. A township
    that the registry knows without its code goes by its name and the code of its county."""
    roles = Roles(registry, frozenset())
    helped = registry.tie("assists")
    helpers = roles.stretches("helper")
    places = {subject_id, *helped[helped["source"] == subject_id]["target"]}
    places |= set(helpers[helpers["unit"] == subject_id]["place"])
    chains = [roles.chain(int(place)) for place in places]
    return any(_binds(registry, area, chain) for chain in chains)


def _binds(registry: Registry, area: Area, chain: list[int]) -> bool:
    codes = registry.subjects["code"].to_dict()
    nearest = next((str(codes[one]) for one in chain if codes.get(one)), "")
    by_name = any(registry.name(one) == area.name for one in chain)
    return area.covers(nearest) or (by_name and bool(nearest) and area.code.startswith(nearest))


def repeated(card: Scorecard, told: Mapping[str, Any], event: bool, known: Iterable[ScoreEvent],
             family: Mapping[str, str]) -> Iterator[Problem]:  # fmt: skip
    """What another fact already says. `family`: the family of each scorecard by its id."""
    for fact in known:
        if fact.subject_id != told["subject_id"]:
            continue
        void = f"登记错的请先作废：tracker score void {fact.id}"
        if fact.card != card.id and family.get(fact.card) == card.family:
            yield Problem(
                f"已按另一类考核（第 {fact.id} 号记录）", "--card", f"一个单位只属一类；{void}"
            )
        elif fact.card == card.id and _same(told, fact, event):
            yield Problem(f"与第 {fact.id} 号记录重复", "考核内容", void)


def _same(told: Mapping[str, Any], fact: ScoreEvent, event: bool) -> bool:
    if told["item"] != fact.item or told["what"] != fact.what:
        return False
    names = ("day", "amount", "source", "document_number", "note")
    return not event or all(told[name] == getattr(fact, name) for name in names)


def contrary(
    entry: Entry, told: Mapping[str, Any], known: Iterable[ScoreEvent]
) -> Iterator[Problem]:
    """No task and yet a result: one of the two is wrong."""
    if not isinstance(entry, Item) or not entry.ranked or not entry.ranked.exempt:
        return
    exempt = entry.ranked.exempt
    for fact in known:
        same = (fact.subject_id, fact.item) == (told["subject_id"], entry.id)
        if same and (fact.what == exempt.id) != (told["what"] == exempt.id):
            what = f"“{exempt.name}”与已登记的结果（第 {fact.id} 号记录）只能有一种"
            yield Problem(what, "哪一种", f"登记错的请先作废：tracker score void {fact.id}")
