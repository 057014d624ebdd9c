"""The law: what a document would have somebody decide after a breach: 一票否决, 组织调整 ...

recommendations.yaml. Never an act by itself (I59): it is told beside the breach, with who decides.
"""

from __future__ import annotations

from pydantic import Field

from tracker.policy.base import Cite, Ident, Interpretation, Rule
from tracker.policy.vocabulary import Vocabulary


class Recommendation(Rule):
    """`on`: the duties of this document whose breach it follows; `of`: the role whose breach;
    `to`: the roles or posts it is about; `what`: a word of `recommendations` in the vocabulary."""

    id: Ident
    cite: Cite
    name: str
    paraphrase: str
    on: tuple[str, ...] = Field(min_length=1)
    of: str
    to: tuple[str, ...] = Field(min_length=1)
    what: str
    decided_by: str = Field(min_length=1)
    interpretations: tuple[Interpretation, ...] = ()


def spoken(each: Recommendation, words: Vocabulary) -> str:
    """'一票否决（十五）：乡镇未完成……；对象：……；由……决定，系统不作决定'."""
    parties = words.roles | words.posts
    about = "、".join(parties.get(one, one) for one in each.to)
    what = words.recommendations.get(each.what, each.what)
    return (
        f"{what}（{each.cite}）：{each.paraphrase}；对象：{about}；"
        f"由{each.decided_by}决定，系统不作决定"
    )
