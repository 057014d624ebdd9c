"""The law against itself: whether a scorecard's weights add up and its figures can be reached."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from itertools import pairwise

from tracker.policy.known import Defect
from tracker.policy.parse import near
from tracker.policy.scorecard import (
    Adjustment,
    Deducts,
    Item,
    Method,
    Ranked,
    Scorecard,
    ScorePlan,
)
from tracker.policy.source import At

_TWICE = "请另取一个，或删去重复的一处"


def score_defects(plan: ScorePlan) -> Iterator[Defect]:
    """Every defect of scorecard.yaml that its own form does not show: path, what, fix."""
    yield from _twice([(("events", i, "id"), each.id) for i, each in enumerate(plan.events)])
    yield from _twice([(("scorecards", i, "id"), c.id) for i, c in enumerate(plan.scorecards)])
    for i, card in enumerate(plan.scorecards):
        yield from _card_defects(("scorecards", i), card)
    yield from _event_defects(plan)


def _card_defects(at: At, card: Scorecard) -> Iterator[Defect]:
    yield from _twice([(where, entry_id) for where, entry_id in _entries(at, card)])
    weights = sum(section.weight for section in card.sections)
    if weights != card.full:
        what = f"各部分的权重合计 {weights}，总分却是 {card.full}"
        yield (*at, "full"), what, "请核对各部分的 weight"
    for s, section in enumerate(card.sections):
        here, total = (*at, "sections", s), sum(item.weight for item in section.items)
        if total != section.weight:
            what = f"各项的权重合计 {total}，“{section.name}”却是 {section.weight}"
            yield (*here, "weight"), what, "请核对各项的 weight，数字照原文"
        for i, item in enumerate(section.items):
            yield from _item_defects((*here, "items", i), item)
    for name, group in (("bonus", card.bonus), ("deduction", card.deduction)):
        if group:
            yield from _cap_defects((*at, name), group)
    if card.veto and card.veto.below and card.veto.below > card.full:
        what = f"否决线 {card.veto.below} 高于总分 {card.full}"
        yield (*at, "veto", "below"), what, "请核对"
    if card.veto and not (card.veto.below or card.veto.events):
        yield (*at, "veto"), "没有写什么情形一票否决", "请补上 below 或 events"


def _item_defects(at: At, item: Item) -> Iterator[Defect]:
    if item.deducts:
        yield from _range_defects((*at, "deducts"), item.deducts, item.weight)
    if item.parts:
        yield from _twice([((*at, "parts", i, "id"), p.id) for i, p in enumerate(item.parts)])
        total = sum((part.full * part.factor for part in item.parts), Decimal(0))
        if total != item.weight:
            what = f"各部分满分乘系数合计 {total.normalize():f}，“{item.name}”却是 {item.weight}"
            yield (*at, "parts"), what, "请核对 full 和 factor"
    if item.ranked:
        yield from _rank_defects((*at, "ranked"), item.ranked, item.weight)


def _range_defects(at: At, deducts: Deducts, weight: Decimal) -> Iterator[Defect]:
    if deducts.most < deducts.least:
        what = f"每次扣 {deducts.least} 至 {deducts.most} 分，范围前后颠倒"
        yield (*at, "to"), what, "请核对 from 和 to"
    elif deducts.most > weight:
        what = f"一次扣 {deducts.most} 分，超过这一项的权重 {weight}"
        yield (*at, "to"), what, "请核对 to 和 weight"


def _rank_defects(at: At, ranked: Ranked, weight: Decimal) -> Iterator[Defect]:
    ids = [((*at, "methods", i, "id"), m.id) for i, m in enumerate(ranked.methods)]
    yield from _twice(
        [*ids, *([((*at, "exempt", "id"), ranked.exempt.id)] if ranked.exempt else [])]
    )
    for i, method in enumerate(ranked.methods):
        yield from _method_defects((*at, "methods", i), method, weight)


def _method_defects(at: At, method: Method, weight: Decimal) -> Iterator[Defect]:
    best = method.first or max(method.classes.values())
    where = "first" if method.first else "classes"
    if best != weight:
        what = f"最好的结果计 {best} 分，这一项的权重却是 {weight}"
        yield (*at, where), what, "最好的结果应计满分，请核对"
    if sorted(method.classes) != [*range(1, len(method.classes) + 1)]:
        yield (*at, "classes"), "类别不是从 1 起连续的", "请写成 {1: 分, 2: 分, ...}"
    points = [method.classes[each] for each in sorted(method.classes)]
    if any(later > earlier for earlier, later in pairwise(points)):
        yield (*at, "classes"), "后一类的分数高于前一类", "类别数字越大分数应越低，请核对"
    if method.floor and method.floor.points >= best:
        what = f"最低分 {method.floor.points} 不低于满分 {best}"
        yield (*at, "floor", "points"), what, "请核对"


def _cap_defects(at: At, group: Adjustment) -> Iterator[Defect]:
    """A cap that one event alone would exceed, or that is below the cap of one of its items."""
    for i, item in enumerate(group.items):
        here, most = (*at, "items", i), max(item.points.values())
        if item.cap is not None and item.cap < most:
            what = f"上限 {item.cap} 分低于其中一次的 {most} 分"
            yield (*here, "cap"), what, "请核对 cap 和 points"
        if item.cap is None and group.cap is None:
            yield here, "没有写最多几分", "请在这一项或整个部分写 cap"
    largest = max(item.cap or max(item.points.values()) for item in group.items)
    if group.cap is not None and group.cap < largest:
        what = f"总上限 {group.cap} 分低于其中一项的 {largest} 分"
        yield (*at, "cap"), what, "请核对各项和总的 cap"


def _event_defects(plan: ScorePlan) -> Iterator[Defect]:
    known, used = {event.id for event in plan.events}, set[str]()
    for i, card in enumerate(plan.scorecards):
        for at, event in _events(("scorecards", i), card):
            used.add(event)
            if event not in known:
                yield at, f"本文件的 events 里没有“{event}”", near(event, known)
    for i, kind in enumerate(plan.events):
        if kind.id not in used:
            what = f"没有哪一项用到“{kind.id}”"
            yield ("events", i), what, "请写入计分项，或删去这一类"


def _events(at: At, card: Scorecard) -> Iterator[tuple[At, str]]:
    """Every use of a kind of event, with its path."""
    for s, section in enumerate(card.sections):
        for i, item in enumerate(section.items):
            for e, event in enumerate(item.deducts.events if item.deducts else ()):
                yield (*at, "sections", s, "items", i, "deducts", "events", e), event
    for name, group in (("bonus", card.bonus), ("deduction", card.deduction)):
        for i, adjuster in enumerate(group.items if group else ()):
            for event in adjuster.points:
                yield (*at, name, "items", i, "points", event), event
    for e, event in enumerate(card.veto.events if card.veto else ()):
        yield (*at, "veto", "events", e), event


def _entries(at: At, card: Scorecard) -> Iterator[tuple[At, str]]:
    """The id of everything that can be recorded, with its path."""
    for s, section in enumerate(card.sections):
        for i, item in enumerate(section.items):
            yield (*at, "sections", s, "items", i, "id"), item.id
    for name, group in (("bonus", card.bonus), ("deduction", card.deduction)):
        for i, adjuster in enumerate(group.items if group else ()):
            yield (*at, name, "items", i, "id"), adjuster.id
    if card.veto:
        yield (*at, "veto", "id"), card.veto.id


def _twice(ids: Iterable[tuple[At, str]]) -> Iterator[Defect]:
    seen: set[str] = set()
    for at, one in ids:
        if one in seen:
            yield at, f"“{one}”已经用过", _TWICE
        seen.add(one)
