"""The gate: what lives outside the program and is only recorded of a nomination: consultation,
publicity, papers, the deadline. Pure.

The cites are clauses of the plan's document, without its number.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from tracker.awards.gate import Answer, Clause, Outcome, leads_to
from tracker.awards.question import told
from tracker.awards.record import Opinion, Paper, Posting, Record, Ruling
from tracker.awards.timeline import handed_in, served
from tracker.policy.awards import Award, AwardPlan, Branch, Material, Stage
from tracker.workdays import Calendar

DEADLINE = "deadline"
_MEDIA = {"paper": "纸质版", "electronic": "电子版"}


def clauses(
    plan: AwardPlan, award: Award, branch: Branch, record: Record, as_of: date,
    calendar: Calendar, organs: Mapping[str, str],
) -> list[Clause]:  # fmt: skip
    """Every such clause, in the order of the plan. `organs`: their names, by id."""
    return [
        *_consultation(branch, record, organs),
        *_publicity(plan, branch, record, as_of, calendar),
        *(_material(m, record.materials.get(m.id)) for m in plan.materials_for(award)
          if m.of == "nominee"),
        _deadline(plan, branch, record, as_of),
    ]  # fmt: skip


def _consultation(branch: Branch, record: Record, organs: Mapping[str, str]) -> Iterator[Clause]:
    """Each organ that the branch asks, then what others said, which is kept with a note. An opinion
    against the nominee needs a person."""
    cite, numbers = branch.cite, "、".join(branch.interpretations)
    for organ in (*branch.organs, *(one for one in record.opinions if one not in branch.organs)):
        opinion, asked = record.opinions.get(organ), record.asked.get(organ)
        outcome = Outcome.unknown
        text = f"已于 {asked} 征求意见，还没有答复" if asked else "还没有征求意见"
        if opinion:
            ruling = record.judged.get(f"organ.{organ}")
            outcome, text = _of_opinion(opinion, organ in branch.organs, ruling)
        told_of = f"征求{organs.get(organ, organ)}意见：{text}"
        yield _clause(outcome, f"organ.{organ}", cite, told_of, numbers, Answer.barred)
    if not branch.organs:
        for stage in branch.stages:
            if stage.does == "consult":
                yield _at_large(stage, branch, record)


def _of_opinion(opinion: Opinion, asked_for: bool, ruling: Ruling | None) -> tuple[Outcome, str]:
    """A ruling counts on the opinion that it was made on, not on a later one."""
    source = f"{opinion.on} {opinion.document_number}".strip()
    beyond = "" if asked_for else "，不在本渠道应征求的部门之列，存档备查"
    words = f"：{opinion.text}" if opinion.text else ""
    if opinion.agrees:
        return Outcome.passed, f"同意（{source}）{words}{beyond}"
    text = f"不同意（{source}）{words}{beyond}"
    if ruling is None or ruling.on < opinion.on:
        return Outcome.person, f"{text}，是否推荐由人认定"
    return Outcome.passed if ruling.passed else Outcome.failed, f"{text}；{told(ruling)}"


def _at_large(stage: Stage, branch: Branch, record: Record) -> Clause:
    """A branch that asks widely and names nobody."""
    done = record.stages.get(stage.id)
    outcome = Outcome.passed if done else Outcome.unknown
    text = f"已于 {done} 完成" if done else "还没有登记完成"
    return _clause(outcome, f"stage.{stage.id}", stage.cite or branch.cite, f"{stage.name}：{text}")


def _publicity(
    plan: AwardPlan, branch: Branch, record: Record, as_of: date, calendar: Calendar
) -> Iterator[Clause]:
    """Each level's publicity, long enough and without an open complaint; one level after the other
    where the plan wants it (I43)."""
    below: Posting | None = None
    for stage in (stage for stage in branch.stages if stage.does == "publicity"):
        posting = record.postings.get(stage.id)
        outcome, text = Outcome.unknown, "还没有公示"
        if posting:
            outcome, text = _of_posting(plan, stage, posting, below, as_of, calendar)
            complaints = [c for c in record.complaints if c.stage == stage.id and not c.closed_on]
            if complaints:
                numbers = "、".join(f"第{c.number}件" for c in complaints)
                outcome, text = Outcome.person, f"{text}；投诉举报{numbers}还没有办结"
        numbers = "、".join(plan.publicity.interpretations)
        yield _clause(
            outcome, f"stage.{stage.id}", plan.publicity.cite, f"{stage.name}：{text}", numbers
        )
        below = posting or below


def _of_posting(
    plan: AwardPlan, stage: Stage, posting: Posting, below: Posting | None, as_of: date,
    calendar: Calendar,
) -> tuple[Outcome, str]:  # fmt: skip
    publicity, last = plan.publicity, posting.taken_down_on or posting.ends_on
    span = f"{posting.starts_on} 至 {last}"
    if posting.taken_down_on is None and as_of <= posting.ends_on:
        return Outcome.unknown, f"公示中（{span}）"
    days = served(publicity, posting.starts_on, last, calendar)
    needed = stage.working_days or publicity.working_days
    counted = "" if publicity.first_day_counts else "，张贴当日不计"
    text = f"{span}，{days} 个工作日{counted}"
    if days < needed:
        return Outcome.failed, f"{text}，不足 {needed} 个工作日，须重新公示"
    if publicity.sequential and below and posting.starts_on <= _last(below):
        return Outcome.failed, f"{text}，下级公示 {_last(below)} 才结束，须在其后重新公示"
    return Outcome.passed, f"{text}，不少于 {needed} 个工作日"


def _last(posting: Posting) -> date:
    return posting.taken_down_on or posting.ends_on


def _material(material: Material, paper: Paper | None) -> Clause:
    """A paper as the plan wants it: copies, both sides, length without white space (I45), media."""
    numbers = "、".join(material.interpretations)
    outcome, text = Outcome.unknown, "还没有收到"
    if paper and (wrong := list(_defects(material, paper))):
        outcome, text = Outcome.failed, "；".join(wrong)
    elif paper and material.max_characters and paper.characters is None:
        text = "没有登记字数"
    elif paper:
        length = f"，{paper.characters} 字" if paper.characters is not None else ""
        outcome, text = Outcome.passed, f"{paper.on} 收到{length}"
    return _clause(outcome, material.id, material.cite, f"{material.name}：{text}", numbers)


def _defects(material: Material, paper: Paper) -> Iterator[str]:
    if material.copies and paper.copies < material.copies:
        yield f"收到 {paper.copies} 份，应为 {material.copies} 份"
    if material.double_sided and not paper.double_sided:
        yield "应双面打印"
    most = material.max_characters
    if most and paper.characters is not None and paper.characters > most:
        yield f"{paper.characters} 字，超过 {most} 字"
    missing = [_MEDIA[one] for one in material.media if one not in paper.media]
    if missing:
        yield f"缺{'、'.join(missing)}"


def _deadline(plan: AwardPlan, branch: Branch, record: Record, as_of: date) -> Clause:
    """In time on the day itself (I44). What was handed in in time stays so."""
    if not branch.hands_in:
        free = f"{branch.name}不另报材料，不受报送期限限制"
        return _clause(Outcome.passed, DEADLINE, branch.cite, free)
    last, stages = plan.deadline.on, handed_in(branch)
    done = record.stages.get(stages[-1].id) if stages else None
    late = record.excused.get(DEADLINE)
    outcome, text = Outcome.passed, f"报送期限 {last}"
    if done and done <= last:
        text += f"，已于 {done} 报送"
    elif as_of == last:
        text += "，就在今天"
    elif as_of < last:
        text += f"，还有 {(last - as_of).days} 天"
    elif late:
        text += f" 已过；{told(late)}"
    else:
        outcome, text = Outcome.failed, f"{text} 已过"
    numbers = "、".join(plan.deadline.interpretations)
    return _clause(outcome, DEADLINE, plan.deadline.cite, text, numbers, Answer.barred)


def _clause(
    outcome: Outcome, check: str, cite: str, text: str, numbers: str = "",
    failed: Answer = Answer.incomplete,
) -> Clause:  # fmt: skip
    return Clause(leads_to(outcome, failed), cite, text, numbers, None, outcome, check)
