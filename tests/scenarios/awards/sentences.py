"""The sentences that an award office's story may be told in (README.md): what is done for one who
is to be nominated and what is to be seen of it, beside all that may happen to anybody.
"""

from __future__ import annotations

from tests.scenarios.consequences.sentences import ACTS as OF_ANYBODY
from tests.scenarios.consequences.sentences import Language

ACTS = {
    form.split(" ")[0]: form
    for form in (
        "初选 <谁> <类别> 评 <奖项> [用 <地区> 名额] [在 <单位>] [理由 <理由>]",
        "初选若干 <数> 个 <类别> 评 <奖项> [用 <地区> 名额]",
        "办 <谁> <环节>",
        "办到 <谁> <环节>",
        "征求 <谁> <部门>",
        "意见 <谁> <部门> <同意否> [说 <话>]",
        "公示 <谁> <环节> 到 <末日>",
        "结束公示 <谁> <环节>",
        "举报 <谁> <环节>",
        "办结举报 <谁> <件>",
        "交材料 <谁> <材料> [份数 <份数>] [印 <印法>] [字数 <字数>] [载体 <载体>]",
        "定条款 <谁> <条款> <通过否>",
        "定例外 <谁> <条款>",
        "手续齐 <谁>",
        "推荐 <谁>",
        "撤回推荐 <谁>",
        "撤销资格 <谁>",
        "补登职级 <谁> <职级>",
        "作废 <谁> <做> <日…>",
        "改快照 <谁> <原> 为 <新>",
        "重封快照 <谁> <原> 为 <新>",
    )
}
SIGHTS = {
    form.split(" ")[0]: form
    for form in (
        "审查 <谁>：<结论> [因 <条款>]",
        "条款 <谁> <条款>：<结果> [引向 <结论>] [写明 <话…>]",
        "部门 <谁>：<部门>",
        "环节 <谁>：<环节>",
        "下一步 <谁>：<环节> <能否> [最迟 <期限>] [还有 <数> 个工作日]",
        "最迟 <谁>：<环节…>",
        "状态 <谁>：<状态>",
        "附注 <谁>：<话…>",
        "名额 <奖项> <哪里>：<名额> 个 已用 <已用> 剩 <剩余>",
        "名额不明 <奖项>：<附件>",
        "名额不符 <奖项>：<话…>",
        "新情况 <谁>：<变化> [写明 <话…>]",
        "快照 <谁>：<结果>",
    )
}
AWARDS = Language({**OF_ANYBODY, **ACTS}, SIGHTS)
