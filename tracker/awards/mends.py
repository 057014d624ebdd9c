"""Awards: what a clerk types to mend what stands against a nomination. Pure.

Only for what can be mended by recording something: a clause that leaves nobody room has no command.
"""

from __future__ import annotations

from collections.abc import Iterator

from tracker.awards.acts import MEDIA
from tracker.awards.gate import Clause, Outcome
from tracker.awards.nomination_desk import Desk
from tracker.awards.outside import DEADLINE
from tracker.awards.timeline import PUBLICITY
from tracker.awards.verdict import KIND
from tracker.policy.awards import Check, Material, Stage

_RULING = "--reason 理由 --authority 机关 --officer 经办人"
_SHORT = 12  # characters of a name that is typed rather than its id


def mend(desk: Desk, clause: Clause) -> str:
    """The command for a clause that did not pass; '' where there is none."""
    scope, _, ident = clause.check.partition(".")
    if scope == "organ":
        return _of_organ(desk, ident)
    if scope == "stage":
        stage = next(stage for stage in desk.branch.stages if stage.id == ident)
        return of_stage(desk, stage, clause.outcome)
    if clause.check == DEADLINE:
        return _command("excuse", desk, "报送期限", _RULING)
    if clause.check == KIND:
        return _judge(desk, "类别") if clause.outcome is Outcome.person else ""
    for material in desk.plan.materials_for(desk.award):
        if material.id == clause.check:
            return _command("material", desk, material.name, *_options(material))
    checks = desk.plan.checks_for(desk.award, desk.nominee.kind)
    found = next((check for check in checks if check.id == clause.check), None)
    return _of_check(desk, found, clause.outcome) if found else ""


def of_stage(desk: Desk, stage: Stage, outcome: Outcome = Outcome.unknown) -> str:
    """The command by which a stage goes on: it is done, made public, or its complaint closed."""
    posting = desk.record.postings.get(stage.id)
    if stage.does != PUBLICITY:
        return _command("done", desk, stage.name)
    if outcome is Outcome.person:
        still = (c for c in desk.record.complaints if c.stage == stage.id and not c.closed_on)
        return "；".join(
            _command("complaint-close", desk, str(one.number), "--answer 办理结果") for one in still
        )
    if posting and not posting.taken_down_on and outcome is Outcome.unknown:
        return _command("take-down", desk, stage.name, "--result 公示结果")
    return _command("post", desk, stage.name, "--from 开始日期 --to 终止日期")


def _of_organ(desk: Desk, organ: str) -> str:
    name = desk.organs[organ][0]
    if organ in desk.record.opinions:
        return _judge(desk, f"{name}的意见")
    return _command("opinion", desk, name, "同意或不同意")


def _of_check(desk: Desk, check: Check, outcome: Outcome) -> str:
    name = check.name if len(check.name) <= _SHORT else check.id
    if check.soft and check.exception:
        return _command("excuse", desk, name, _RULING)
    return _judge(desk, name) if check.soft or outcome is not Outcome.failed else ""


def _options(material: Material) -> Iterator[str]:
    """What has to be said of a paper, as the plan wants it."""
    if material.copies:
        yield f"--copies {material.copies}"
    if material.double_sided:
        yield "--double-sided"
    if material.max_characters:
        yield "--characters 字数"
    for medium in material.media:
        yield f"--media {MEDIA[medium]}"


def _judge(desk: Desk, what: str) -> str:
    return _command("judge", desk, what, "通过或不通过", _RULING)


def _command(act: str, desk: Desk, *words: str) -> str:
    return " ".join(("tracker campaign", act, str(desk.number), *words))
