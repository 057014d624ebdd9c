"""The lives of notices, interviews and objections: what may follow what (I27, I64). Pure.

recommendation -> decided -> conducted -> verified -> closed (销号); a dismissal needs a person, a
withdrawal by the machine needs every ground to be gone and nobody to have decided yet.
"""

from __future__ import annotations

from tracker.lifecycle import NEW, Lifecycle, Step

NOTICE = Lifecycle(
    "提醒",
    {
        "raised": Step("发出", (NEW, "closed", "muted"), "open"),
        "muted": Step("并入上级原因", (NEW, "closed", "open"), "muted"),
        "reminded": Step("再次提醒", ("open",)),
        "told_leader": Step("报告领导", ("open",)),
        "acknowledged": Step("签收", ("open",)),
        "answered": Step("答复", ("open",)),
        "superseded": Step("转级", ("open", "muted"), "closed"),
        "cured": Step("消除", ("open", "muted"), "closed"),
        "cured_late": Step("补录后消除", ("open", "muted"), "closed"),
        "eased": Step("缓解", ("open", "muted"), "closed"),
        "withdrawn": Step("撤回", ("open", "muted"), "closed"),
    },
    {"open": "待整改", "muted": "并入上级原因", "closed": "已了结"},
)
INTERVIEW = Lifecycle(
    "约谈",
    {
        "recommended": Step("提出建议", (NEW,), "recommended"),
        "informed": Step("告知陈述申辩权利", ("recommended",)),
        "stated": Step("陈述申辩", ("recommended",)),
        "decided": Step("决定约谈", ("recommended",), "decided"),
        "dismissed": Step("决定不约谈", ("recommended", "decided"), "dismissed"),
        "withdrawn": Step("撤回建议", ("recommended",), "withdrawn"),
        "conducted": Step("登记约谈", ("decided",), "conducted"),
        "verified": Step("核实整改", ("conducted",), "verified"),
        "failed": Step("认定整改不到位", ("conducted",), "failed"),
        "closed": Step("销号", ("verified",), "closed"),
        "ruled": Step("认定是否影响推荐", ("conducted", "verified", "closed", "failed")),
    },
    {
        "recommended": "待决定",
        "decided": "待约谈",
        "dismissed": "不约谈",
        "withdrawn": "建议已撤回",
        "conducted": "整改中",
        "verified": "已核实",
        "failed": "整改不到位",
        "closed": "已销号",
    },
)
# Before a conversation was held, the case is open: it blocks a nomination (I27).
INTERVIEW_OPEN = ("recommended", "decided")
INTERVIEW_HELD = ("conducted", "verified", "failed", "closed")
OBJECTION = Lifecycle(
    "异议",
    {
        "filed": Step("提出", (NEW,), "open"),
        "upheld": Step("认定成立", ("open",), "upheld"),
        "rejected": Step("认定不成立", ("open",), "rejected"),
        "withdrawn": Step("撤回", ("open",), "withdrawn"),
    },
    {"open": "待答复", "upheld": "成立", "rejected": "不成立", "withdrawn": "已撤回"},
)
