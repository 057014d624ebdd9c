"""The words of a judgement: statuses, reasons and flags, with their Chinese names."""

from __future__ import annotations

from enum import IntEnum, IntFlag, StrEnum


class Status(IntEnum):
    """One status per obligation. The order is that of urgency in lists, worst first."""

    breached = 0
    unreachable = 1
    needs_review = 2
    at_risk = 3
    in_grace = 4
    unreported = 5
    on_track = 6
    waived = 7
    met = 8
    upcoming = 9
    not_applicable = 10
    not_in_force = 11


class Reason(IntEnum):
    """Why the status is what it is."""

    none = 0
    short = 1
    done_late = 2
    behind_pace = 3
    due_soon = 4
    readings_differ = 5
    other_reading_open = 6
    threshold_unknown = 7
    depends_on_unreported = 8
    no_report = 9
    short_span = 10
    span_after_due = 11
    threshold_not_applicable = 12
    before_law = 13
    law_ended = 14
    gap = 15
    new_post = 16
    no_longer_owed = 17
    over_limit = 18
    cured = 19
    span_ended = 20
    uncovered = 21
    waived = 22
    ruled = 23
    holder_not_registered = 24
    member_not_registered = 25
    behind_path = 26
    in_principle = 27
    case_unknown = 28
    case_not_applicable = 29
    below_level = 30
    undone = 31


class Flag(IntFlag):
    """What a reader must know beside the status."""

    prorated = 1
    transitional = 2
    provisional_calendar = 4
    late_entries = 8
    other_reading = 16
    in_principle = 32
    contradiction = 64


class Level(StrEnum):
    """The colour of a notice."""

    blue = "blue"
    yellow = "yellow"
    red = "red"


LEVEL_NAMES = {Level.blue: "蓝", Level.yellow: "黄", Level.red: "红"}
# Beside the colour, so that a black-and-white print says the same.
LEVEL_SIGNS = {Level.blue: "■", Level.yellow: "▲", Level.red: "●"}
STATUS_NAMES = {
    Status.breached: "未达标",
    Status.unreachable: "已无法达标",
    Status.needs_review: "待人工核定",
    Status.at_risk: "有风险",
    Status.in_grace: "补录期内",
    Status.unreported: "未报送",
    Status.on_track: "正常推进",
    Status.waived: "已豁免",
    Status.met: "已达标",
    Status.upcoming: "尚未开始",
    Status.not_applicable: "不适用",
    Status.not_in_force: "规定未施行",
}
REASON_NAMES = {
    Reason.none: "",
    Reason.short: "次数（天数）不足",
    Reason.done_late: "超过期限才完成",
    Reason.behind_pace: "进度滞后",
    Reason.due_soon: "临近最迟日期",
    Reason.readings_differ: "两种口径结论不同，须由人核定",
    Reason.other_reading_open: "另一口径尚未达到",
    Reason.threshold_unknown: "职级不明，无法确定标准",
    Reason.depends_on_unreported: "能否达标取决于未报送的月份",
    Reason.no_report: "没有收到报送数据",
    Reason.short_span: "任职（结对）时间短，本期不作要求",
    Reason.span_after_due: "期限之后才开始，本期不作要求",
    Reason.threshold_not_applicable: "对该职级不作要求",
    Reason.before_law: "规定施行之前",
    Reason.law_ended: "规定已废止",
    Reason.gap: "现状不符合要求",
    Reason.new_post: "到岗不满宽限天数",
    Reason.no_longer_owed: "责任关系已撤销或变更",
    Reason.over_limit: "超过上限",
    Reason.cured: "缺口已补上",
    Reason.uncovered: "驻村期间有未覆盖的日子",
    Reason.span_ended: "任职（结对）已结束，现不再要求",
    Reason.waived: "在批准的豁免期内",
    Reason.ruled: "由人核定",
    Reason.holder_not_registered: "责任单位未在登记簿中登记",
    Reason.member_not_registered: "名单上的对象未在登记簿中登记",
    Reason.behind_path: "落后于节点目标的进度",
    Reason.in_principle: "条文为“原则上”，已登记理由，须由人核定",
    Reason.case_unknown: "对象状况（年度）没有对应的标准",
    Reason.case_not_applicable: "这一年度（情形）不作要求",
    Reason.below_level: "没有达到目标值",
    Reason.undone: "没有完成",
}
FLAG_NAMES = {
    Flag.prorated: "按在岗时间折算（原文未规定）",
    Flag.transitional: "过渡期（期初早于施行日）",
    Flag.provisional_calendar: "工作日历未公布，按周一至周五暂计",
    Flag.late_entries: "含期后补录",
    Flag.other_reading: "另一口径结论不同",
    Flag.in_principle: "条文写的是“原则上”",
    Flag.contradiction: "文件原文前后不一",
}

FLAG_MARKS = {
    Flag.prorated: "折算",
    Flag.transitional: "过渡期",
    Flag.provisional_calendar: "暂计",
    Flag.late_entries: "补录",
    Flag.other_reading: "口径不一",
    Flag.in_principle: "原则上",
    Flag.contradiction: "原文不一",
}


def flag_marks(flags: int) -> list[str]:
    """The flags set, in a word each, for tables."""
    return [mark for flag, mark in FLAG_MARKS.items() if flags & flag]


def flag_ids(flags: int) -> list[str]:
    """The identifiers of the flags set, for programs."""
    return [str(flag.name) for flag in FLAG_NAMES if flags & flag]


def flag_names(flags: int) -> list[str]:
    """The Chinese names of the flags set."""
    return [name for flag, name in FLAG_NAMES.items() if flags & flag]
