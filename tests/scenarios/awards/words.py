"""How a story calls what a plan checks: short names for a clerk, ids for the program."""

from __future__ import annotations

from collections.abc import Mapping

from tracker.awards.meant import chosen, stages_of
from tracker.errors import Problem
from tracker.policy.awards import Branch

CHECKS = {
    "类别": ("kind",),
    "重复推荐": ("twice",),
    "参与年限": ("service_contribution",),
    "驻村年限": ("service_resident", "service"),
    "驻村天数": ("residency",),
    "职级": ("rank",),
    "处分处罚": ("discipline",),
    "约谈": ("interviewed", "interviewed_other"),
    "通报问责": ("criticised", "criticised_other"),
    "重大涉贫事件": ("grave_incident",),
    "已获奖": ("already_awarded",),
    "虚构事迹": ("fabricated",),
    "弄虚作假": ("fraud",),
    "评选条件": ("conditions",),
    "责任清单": ("",),
    "审批表": ("approval_form",),
    "申报表": ("form",),
    "事迹材料": ("deeds",),
    "报送期限": ("deadline",),
}
_ASKED = "征求"


def checks(name: str, branch: Branch, organs: Mapping[str, str]) -> tuple[str, ...]:
    """The ids of checks that a name means: of `CHECKS`, '征求税务', or a stage ('县公示')."""
    if name in CHECKS:
        return CHECKS[name]
    if name.startswith(_ASKED) and name != _ASKED:
        return (f"organ.{organ_of(name.removeprefix(_ASKED), organs)}",)
    return (f"stage.{stage(name, branch)}",)


def called(check: str, branch: Branch, organs: Mapping[str, str]) -> str:
    """The name of a check by its id."""
    kind, _, rest = check.partition(".")
    if kind == "organ":
        return _ASKED + organs[rest]
    if kind == "stage":
        return next(one.name for one in branch.stages if one.id == rest)
    return next(name for name, ids in CHECKS.items() if check in ids)


def organ_of(name: str, organs: Mapping[str, str]) -> str:
    """The id of a body."""
    return next(ident for ident, told in organs.items() if told == name)


def stage(name: str, branch: Branch) -> str:
    """The id of a stage, by as much of its name as tells it from the others."""
    problems: list[Problem] = []
    found = chosen(name, stages_of(branch), "环节", "", problems)
    if problems:
        raise ValueError("；".join(str(problem.what) for problem in problems))
    return found
