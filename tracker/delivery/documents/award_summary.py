"""推荐名单汇总表: a workbook with a sheet for each award, and one of the places used and left."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby

from tracker.awards import watch
from tracker.awards.gate import ANSWER_NAMES
from tracker.awards.kept import grouped
from tracker.awards.quotas import Places, places
from tracker.delivery.documents.award_candidacy import Candidacy, Judged, judged, live, told_day
from tracker.delivery.documents.award_form import OUR_FORM, opinions, publicity
from tracker.delivery.documents.occasion import Occasion
from tracker.delivery.documents.sheets import Figure, Printout, Sheet, Shown, Table
from tracker.policy.awards import Award

NAME = "推荐名单汇总表"
PLACES = "名额使用情况"
_WHO, _QUOTA = "姓名（名称）", "使用名额\n（地区）"
_COLUMNS = (
    "序号", _WHO, "所在单位及职务", "类别", "推荐渠道", _QUOTA, "各级公示起止和工作日",
    "征求意见部门及结果", "事迹材料字数", "审查结论", "备注",
)  # fmt: skip
_WIDTHS = (5, 13, 20, 14, 13, 11, 38, 32, 9, 11, 18)
_PLACE = ("奖项", "地区或类别", "名额", "初选", "已推荐", "剩余")
_PLACE_WIDTHS = (34, 44, 10, 10, 10, 10)
_LEFT = frozenset({"所在单位及职务", "各级公示起止和工作日", "征求意见部门及结果", "备注"})
_REFUSED = re.compile(r"[\\/*?:\[\]']")
_LONGEST = 31  # of a sheet's name


def summary(occasion: Occasion, document: str, award: str | None = None) -> Printout:
    """The nominees of a plan, or of one award of it, that stand. Raises LuzeError for none."""
    found = live(occasion, document, award)
    plan, issued = found[0].plan, found[0].document
    flagged = {row.nomination_id: row.note for row in watch.recorded(
        occasion.connection, occasion.as_of, occasion.known_at)}  # fmt: skip
    told = dict(zip((one.number for one in found), judged(found), strict=True))
    sheets = [
        _sheet(one, list(group), told, flagged)
        for one, group in groupby(found, key=lambda c: c.award)
    ]
    return Printout(
        f"{plan.name}{NAME}",
        f"《{issued.title}》（{issued.number}）　截至{told_day(occasion.as_of)}",
        (*sheets, _places(found)),
    )


def _sheet(
    award: Award, found: Sequence[Candidacy], told: dict[int, Judged], flagged: dict[int, str]
) -> Sheet:
    rows = [
        _row(place, one, told[one.number], flagged.get(one.number, ""))
        for place, one in enumerate(found, 1)
    ]
    name = _sheet_name(award.name)
    whole = places(found[0].plan, award, [one.filed for one in found])[0]
    total: list[Shown] = [""] * len(_COLUMNS)
    total[:2] = "合计", Figure(len(rows), f"=COUNTA({{{name}.{_WHO}}})")
    total[_COLUMNS.index(_QUOTA)] = f"名额{whole.number}\n已用{whole.used}\n剩余{whole.left}"
    deadline = told_day(found[0].plan.deadline.on)
    line = f"奖项：{award.name}　　填报单位（盖章）：{'　' * 14}报送截止：{deadline}"
    made = Table(name, _COLUMNS, rows, total, _LEFT)
    return Sheet(name, _WIDTHS, (line, f"{OUR_FORM}。"), (made,), ("填表人", "审核人", "负责人"))


def _row(place: int, about: Candidacy, found: Judged, flag: str) -> tuple[str | float, ...]:
    code = f"核验码\n{grouped(found.sha256)}" if found.sha256 else "尚未推荐"
    remark = f"推荐后有新情况：{flag}" if flag else ""
    return (
        place, about.name, about.unit_and_posts, about.kind, about.branch.name, about.area,
        "\n".join(publicity(about)), "\n".join(opinions(about)), _deeds(about),
        ANSWER_NAMES[found.answer], "\n".join(filter(None, (code, remark))),
    )  # fmt: skip


def _deeds(about: Candidacy) -> str | float:
    """The characters as counted, or that nobody counted."""
    if about.deeds is None:
        return "不要求"
    paper = about.filed.record.materials.get(about.deeds.id)
    if paper is None:
        return "未报送"
    return "未计字数" if paper.characters is None else paper.characters


def _places(found: Sequence[Candidacy]) -> Sheet:
    """What of each quota is used and left: the awards listed, their areas and parts."""
    by_award = {one.award.id: one.award for one in found}
    filed, plan = [one.filed for one in found], found[0].plan
    rows = [
        row for award in by_award.values() for p in places(plan, award, filed) for row in _place(p)
    ]
    gaps = [gap for award in by_award.values() for gap in _gaps(award)]
    return Sheet(PLACES, _PLACE_WIDTHS, tuple(gaps), (Table(PLACES, _PLACE, rows),))


def _place(found: Places) -> Iterator[tuple[str | float | Figure, ...]]:
    left = Figure(found.left, "={名额}-{初选}-{已推荐}")
    counted = (found.number, found.proposed, found.nominated, left)
    yield found.award.name, found.name or "合计", *counted


def _gaps(award: Award) -> Iterator[str]:
    """What the plan's own figures do not tell, or do not agree on (I50, I51)."""
    if award.quota.missing:
        yield f"{award.name}：各地名额见{award.quota.missing}，不在手，按不明处理"
    if award.quota.mismatch:
        yield f"{award.name}：{award.quota.mismatch}"


def _sheet_name(text: str) -> str:
    """As a workbook takes it."""
    return _REFUSED.sub("_", text)[:_LONGEST]
