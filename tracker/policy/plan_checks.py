"""The law against itself: whether an award plan's words lead somewhere and its figures agree.

What a document itself gets wrong is kept as it stands and told in `mismatch` (I51).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping

from tracker.policy.awards import Award, AwardPlan, Branch, Check, Quota, Residency
from tracker.policy.known import Defect, Known
from tracker.policy.parse import near
from tracker.policy.shapes import unreached
from tracker.policy.source import At

_NOMINEES = {"collective": "集体", "individual": "个人"}
_TWICE = "请另取一个，或删去重复的一处"


def plan_defects(plan: AwardPlan, known: Known) -> Iterator[Defect]:
    """Every defect of a plan that its own form does not show: path, what, fix."""
    for name in ("materials", "kinds", "awards", "branches", "checks"):
        yield from _twice((name,), [each.id for each in getattr(plan, name)])
    yield from _kind_defects(plan)
    for i, award in enumerate(plan.awards):
        yield from _award_defects(("awards", i), award, plan)
        yield from _quota_defects(("awards", i, "quota"), award)
    for i, branch in enumerate(plan.branches):
        yield from _branch_defects(("branches", i), branch, plan)
    for i, check in enumerate(plan.checks):
        yield from _check_defects(("checks", i), check, plan, known)
    for i, material in enumerate(plan.materials):
        yield from _unknown(("materials", i, "awards"), material.awards, _ids(plan.awards))
    if known.issued_on and plan.deadline.on < known.issued_on:
        what = f"期限 {plan.deadline.on} 早于印发日期 {known.issued_on}"
        yield ("deadline", "on"), what, "请核对年份"


def _ids(items: Iterable[Award | Branch]) -> set[str]:
    return {item.id for item in items}


def _twice(at: At, ids: Iterable[str]) -> Iterator[Defect]:
    seen: set[str] = set()
    for i, one in enumerate(ids):
        if one in seen:
            yield (*at, i, "id"), f"“{one}”已经用过", _TWICE
        seen.add(one)


def _unknown(at: At, words: Iterable[str], known: Collection[str]) -> Iterator[Defect]:
    """Words of a list (or keys of a map) that name nothing of this plan."""
    keyed = isinstance(words, dict)
    for i, word in enumerate(words):
        if word not in known:
            step = word if keyed else i
            yield (*at, step), f"本方案的 {at[-1]} 里没有“{word}”", near(word, known)


def _kind_defects(plan: AwardPlan) -> Iterator[Defect]:
    """A kind that no award names, and a name that two kinds share."""
    named = {kind for award in plan.awards for kind in (*award.kinds, *award.excluded)}
    first: dict[tuple[str, str], str] = {}
    for i, kind in enumerate(plan.kinds):
        if kind.id not in named:
            what = f"没有哪个奖项写到“{kind.id}”"
            yield ("kinds", i), what, "请写入奖项的 kinds 或 excluded，或删去这一类"
        for word in (kind.name, *kind.also):
            other = first.setdefault((kind.is_, word), kind.id)
            if other != kind.id:
                what = f"“{word}”既指 {other} 又指 {kind.id}"
                yield ("kinds", i), what, "每个叫法只指一类，请删去一处"


def _award_defects(at: At, award: Award, plan: AwardPlan) -> Iterator[Defect]:
    kinds = {kind.id: kind for kind in plan.kinds}
    yield from _unknown((*at, "kinds"), award.kinds, kinds)
    yield from _unknown((*at, "excluded"), award.excluded, kinds)
    for i, condition in enumerate(award.conditions):
        yield from _unknown((*at, "conditions", i, "kinds"), condition.kinds, award.kinds)
    for name, branch in award.kinds.items():
        here = (*at, "kinds", name)
        if branch not in _ids(plan.branches):
            fix = near(branch, _ids(plan.branches))
            yield here, f"本方案的 branches 里没有“{branch}”", fix
        if name in kinds and kinds[name].is_ != award.nominee:
            is_, wanted = _NOMINEES[kinds[name].is_], _NOMINEES[award.nominee]
            yield here, f"“{name}”是{is_}，这个奖项评选{wanted}", "请核对 is 和 nominee"
        if name in award.excluded:
            yield here, f"“{name}”既可以推荐又被排除", "请只留 kinds 或 excluded 一处"


def _quota_defects(at: At, award: Award) -> Iterator[Defect]:
    quota = award.quota
    totals = {
        "parts": sum(part.number for part in quota.parts),
        "pool": sum(part.number for part in quota.pool),
        "by_area": sum(quota.by_area.values()),
    }
    off = [name for name in totals if getattr(quota, name) and totals[name] != quota.number]
    if quota.mismatch and not off:
        what = "各项数字与名额相符，没有不符之处"
        yield (*at, "mismatch"), what, "请删去 mismatch，或核对数字"
    for name in () if quota.mismatch else off:
        what = f"{name} 合计 {totals[name]}，名额却是 {quota.number}"
        yield (*at, name), what, "请核对；原文如此的，请用 mismatch 写明，数字照原文"
    yield from _area_defects(at, quota)
    for name in ("parts", "pool"):
        for i, part in enumerate(getattr(quota, name)):
            yield from _unknown((*at, name, i, "kinds"), part.kinds, award.kinds)
            yield from _unknown((*at, name, i, "branches"), part.branches, award.kinds.values())
    yield from _share_defects(at, award)


def _area_defects(at: At, quota: Quota) -> Iterator[Defect]:
    for code in quota.by_area.keys() ^ quota.area_names.keys():
        lacking = "名称" if code in quota.by_area else "名额"
        name = "by_area" if code in quota.by_area else "area_names"
        fix = "by_area 和 area_names 请写同样的代码"
        yield (*at, name, code), f"区划代码“{code}”没有写{lacking}", fix


def _share_defects(at: At, award: Award) -> Iterator[Defect]:
    """Every kind draws on one part of the quota, so that what is left can be told."""
    parts = award.quota.parts
    for name, branch in award.kinds.items() if parts else ():
        shares = [p.name for p in parts if name in p.kinds or branch in p.branches]
        if len(shares) != 1:
            where = f"同时写在{'、'.join(shares)}里" if shares else "没有写在任何一部分里"
            what = f"“{name}”{where}，不知用哪一份名额"
            yield (*at, "parts"), what, "每一类请写入且只写入一个部分"


def _branch_defects(at: At, branch: Branch, plan: AwardPlan) -> Iterator[Defect]:
    yield from _twice((*at, "stages"), [stage.id for stage in branch.stages])
    if not any(branch.id in award.kinds.values() for award in plan.awards):
        yield at, f"没有哪一类由“{branch.id}”推荐", "请写入奖项的 kinds，或删去这个渠道"
    for i, stage in enumerate(branch.stages):
        if stage.does == "publicity" and plan.publicity_ is None:
            fix = "请补上 publicity，或删去这个环节"
            yield (*at, "stages", i, "does"), "有公示环节，却没有写公示几天", fix
    if branch.organs and all(stage.does != "consult" for stage in branch.stages):
        what = "写了征求哪些部门的意见，却没有征求意见的环节"
        yield (*at, "organs"), what, "请在 stages 里补上 does: consult"


def _check_defects(at: At, check: Check, plan: AwardPlan, known: Known) -> Iterator[Defect]:
    unknown = [
        *_unknown((*at, "kinds"), check.kinds, {kind.id for kind in plan.kinds}),
        *_unknown((*at, "awards"), check.awards, _ids(plan.awards)),
    ]
    yield from unknown
    asked = (plan.checks_for(award, kind) for award in plan.awards for kind in award.kinds)
    if not unknown and not any(check in checks for checks in asked):
        yield at, f"没有哪一类会用到“{check.id}”", "请核对 kinds 和 awards，或删去这一条"
    if check.exception and not check.soft:
        what = "不是“一般”“原则上”的规定（soft），不能写例外"
        yield (*at, "exception"), what, "请删去 exception，或写 soft: true"
    if check.rank and not (check.rank.ranks or check.rank.levels):
        yield (*at, "rank"), "没有写哪些职级或层级", "请补上 ranks 或 levels"
    for i, one in enumerate(check.recorded.reaches if check.recorded else ()):
        for j, role in enumerate(one.on):
            path = (*at, "recorded", "reaches", i, "on", j)
            yield from unreached(path, one.where, role, known)
    if check.residency and known.duties is not None:
        yield from _residency_defects((*at, "residency"), check.residency, known.duties)


def _residency_defects(
    at: At, residency: Residency, packs: Mapping[str, frozenset[str]]
) -> Iterator[Defect]:
    """The duties belong to another document; `packs`: the ids of each document's duties."""
    document = residency.document
    if document not in packs:
        yield (*at, "document"), f"规则包里没有文件“{document}”", near(document, packs)
        return
    for i, duty in enumerate(residency.duties):
        if duty not in packs[document]:
            what = f"文件 {document} 里没有责任“{duty}”"
            yield (*at, "duties", i), what, near(duty, packs[document])
