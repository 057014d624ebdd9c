"""推荐审批表: one nominee's form, filled in as far as the program knows, blank where a body writes.

The plan's own form is an annex; where it is not at hand the layout is ours and says so.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from tracker.awards import question
from tracker.awards.careers import Careers
from tracker.awards.gate import Clause
from tracker.awards.nominations import LIVE, NOMINATION
from tracker.delivery.documents.award_candidacy import Candidacy, candidacy, judged, told_day
from tracker.delivery.documents.award_room import lines, row_lines
from tracker.delivery.documents.occasion import Facts, Occasion
from tracker.errors import LuzeError
from tracker.policy.awards import Check
from tracker.registry.dated import FIRST_DAY, LAST_DAY, to_date

NAMES = {"collective": "推荐审批表（集体）", "individual": "推荐审批表（个人）"}
OUR_FORM = "原附件不在手，表样以发文机关为准"
UNKNOWN = "登记资料中没有"
# Lines of the first page below its title, of the second page; characters of the cells, which are
# as wide in the template.
FIRST_PAGE, SECOND_PAGE = 38, 44
NARROW, WIDE, _LABEL = 13.5, 35.0, 8.5
_HEAD, _ROW_EDGE = 2.5, 0.25  # lines of the rest at the top; what a row adds to its lines
_LEAST = 3  # lines of a box to write in
_SEAL = "　　　负责人签名：　　　　　　（盖章）　　　　　年　　月　　日"


def form(occasion: Occasion, number: int) -> tuple[str, Facts]:
    """The name of the template, and what it is given. Raises LuzeError for a nomination that was
    withdrawn or cancelled."""
    about = candidacy(occasion, number)
    if about.filed.state not in LIVE:
        state = NOMINATION.states[about.filed.state]
        raise LuzeError(f"第 {number} 号推荐{state}，未生成推荐审批表", fix="只为在推荐中的生成")
    (found,) = judged([about])
    wide = [*_participation(about, found.clauses), *_procedure(about)]
    rank, posts = _rank(about), "\n".join(about.posts) or UNKNOWN
    narrow = [
        (about.name, about.filed.nominee.unit),
        (posts, rank),
        (about.kind, about.branch.name),
    ]
    used = _HEAD + _lines(narrow, (NARROW, NARROW)) + _lines(wide, (_LABEL, WIDE))
    bodies = list(dict.fromkeys(stage.by for stage in about.branch.stages))
    return NAMES[about.award.nominee], Facts(f"第{number}号_{about.name}", {
        "award": about.award.name,
        "number": number,
        "name": about.name,
        "unit": about.filed.nominee.unit,
        "posts": posts,
        "rank": rank,
        "kind": about.kind,
        "branch": about.branch.name,
        "area": about.area or "—",
        "document": about.document,
        "as_of": occasion.as_of,
        "note": OUR_FORM,
        "printing": _printing(about),
        "wide": wide,
        "deeds_limit": about.deeds.max_characters if about.deeds else None,
        "deeds": _blank(_deeds_lead(about), FIRST_PAGE - used),
        "boxes": [(f"{body}意见", _box(len(bodies))) for body in bodies],
    })  # fmt: skip


def _participation(about: Candidacy, clauses: tuple[Clause, ...]) -> Iterator[tuple[str, str]]:
    """Since when, for how long, and the days of residence, where the plan asks for them."""
    checks = {c.id: c for c in about.plan.checks_for(about.award, about.filed.nominee.kind)}
    rule = next((c.service for c in checks.values() if c.service), None)
    yield "参与帮扶时间", _service(about, resident=rule is not None and rule.relation == "resident")
    for clause in clauses:
        check = checks.get(clause.check)
        if check and check.residency:
            yield "驻村天数", _ruling_first(about, clause, check)


def _ruling_first(about: Candidacy, clause: Clause, check: Check) -> str:
    """What was found; what a person decided about it stands before it."""
    text, record = clause.text.removeprefix(f"{check.name}："), about.filed.record
    for ruling in filter(None, (record.excused.get(check.id), record.judged.get(check.id))):
        if text.endswith(tail := f"；{question.told(ruling)}"):
            return f"{question.told(ruling)}\n（登记的情况：{text.removesuffix(tail)}）"
    return text


def _service(about: Candidacy, *, resident: bool) -> str:
    """Each stretch with its length, up to the deadline of the plan."""
    subject, until = about.filed.nominee.subject_id, about.plan.deadline.on
    if subject is None:
        return UNKNOWN
    careers = Careers(about.occasion.registry, about.occasion.as_of)
    spans = (careers.stays if resident else careers.helping)(subject)
    told = [_span(to_date(a), to_date(b), until) for a, b in _joined(spans) if to_date(a) <= until]
    return "\n".join(told) or UNKNOWN


def _joined(spans: tuple[tuple[int, int], ...]) -> list[tuple[int, int]]:
    """The stretches without those that lie inside or beside another."""
    found: list[tuple[int, int]] = []
    for starts, ends in sorted(spans):
        if found and starts <= found[-1][1] + 1:
            found[-1] = (found[-1][0], max(found[-1][1], ends))
        else:
            found.append((starts, ends))
    return found


def _span(starts: date, ends: date, until: date) -> str:
    """'2018年3月1日至今，到2020年12月20日共2年9个月'."""
    if starts == to_date(FIRST_DAY):
        return "起始日期没有登记"
    to = "至今" if ends == to_date(LAST_DAY) else f"至{told_day(ends)}"
    at = f"，到{told_day(until)}" if ends >= until else "，"
    return f"{told_day(starts)}{to}{at}共{_length(starts, min(ends, until))}"


def _length(first: date, last: date) -> str:
    """Whole months, reached on the same day of a month, or on its last where it has none (I46)."""
    reached = last.day >= first.day or (last + timedelta(days=1)).day == 1
    months = (last.year - first.year) * 12 + last.month - first.month - (not reached)
    years, rest = divmod(months, 12)
    return (f"{years}年" if years else "") + (f"{rest}个月" if rest or not years else "")


def _procedure(about: Candidacy) -> Iterator[tuple[str, str]]:
    """What publicity and consultation came to."""
    yield "公示情况", "\n".join(publicity(about)) or "本渠道没有公示环节"
    yield "征求意见情况", "\n".join(opinions(about)) or "本渠道没有指定征求意见的部门"


def publicity(about: Candidacy) -> list[str]:
    """A line for each stage of publicity."""
    told = []
    for stage, posting, complaints in about.postings:
        if posting is None:
            told.append(f"{stage.name}：尚未公示")
            continue
        last = posting.taken_down_on or posting.ends_on
        days = f"{about.working_days(posting)}个工作日"
        open_ = sum(not one.closed_on for one in complaints)
        said = posting.result if posting.taken_down_on else "公示未结束"
        more = f"，投诉举报{len(complaints)}件，未办结{open_}件" if complaints else ""
        told.append(f"{stage.name}：{posting.starts_on}至{last}，{days}，{said}{more}")
    return told


def opinions(about: Candidacy) -> list[str]:
    """A line for each organ."""
    return [f"{name}：{opinion_of(about, organ)}" for organ, name in about.organs]


def opinion_of(about: Candidacy, organ: str) -> str:
    """What an organ answered; whether it was asked."""
    record = about.filed.record
    opinion, asked = record.opinions.get(organ), record.asked.get(organ)
    if opinion is None:
        return f"{asked}已征求，未答复" if asked else "尚未征求"
    verdict = "同意" if opinion.agrees else "不同意"
    words = f"：{opinion.text}" if opinion.text else ""
    beyond = "" if opinion.asked_for else "（本渠道没有要求，存档备查）"
    return f"{verdict}（{f'{opinion.on} {opinion.document_number}'.strip()}）{words}{beyond}"


def _rank(about: Candidacy) -> str:
    subject = about.filed.nominee.subject_id
    if subject is None:
        return UNKNOWN
    careers = Careers(about.occasion.registry, about.occasion.as_of)
    levels = about.occasion.law.vocabulary.levels if about.award.nominee == "collective" else {}
    return careers.rank(subject) or levels.get(careers.level(subject), UNKNOWN)


def _printing(about: Candidacy) -> str:
    """'一式3份，双面打印' of the form, as far as the plan says so."""
    papers = [
        one for one in about.plan.materials_for(about.award) if one.of == "nominee" and one.copies
    ]
    if not papers:
        return ""
    sides = "，双面打印" if papers[0].double_sided else ""
    return f"一式{papers[0].copies}份{sides}（{papers[0].cite}）"


def _deeds_lead(about: Candidacy) -> str:
    paper = about.deeds
    return f"（{paper.max_characters}字以内，{paper.cite}；可另附页）" if paper else ""


def _blank(lead: str, room: float) -> str:
    """A cell that is so many lines high, with a lead."""
    return lead + "\n" * max(int(room) - lines(lead, WIDE), _LEAST)


def _lines(rows: Sequence[tuple[str, str]], rooms: tuple[float, float]) -> float:
    return sum(row_lines(row, rooms) + _ROW_EDGE for row in rows)


def _box(count: int) -> str:
    """One of so many boxes that share a page."""
    return "\n" * max(int(SECOND_PAGE / count - _ROW_EDGE) - 1, _LEAST) + _SEAL
