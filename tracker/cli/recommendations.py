"""The edge: `policy recommendations`, what documents would have somebody decide after a breach."""

from __future__ import annotations

from typing import Annotated

import typer

from tracker.cli import show
from tracker.cli.office import here
from tracker.cli.policy import policy_app
from tracker.errors import LuzeError
from tracker.policy.law import Law
from tracker.policy.model import Pack

COLUMNS = ("编号", "条款", "建议", "因何提出", "对象", "由谁决定")


def add_to(_: typer.Typer) -> None:
    """Register the command."""
    policy_app.command("recommendations", help="文件规定的建议：一票否决、组织调整等")(
        recommendations
    )


def recommendations(
    document: Annotated[str | None, typer.Argument(help="规则包编号；留空为全部文件")] = None,
) -> None:
    """Every recommendation of one document or of all, with the duties whose breach it follows."""
    law, out = here().law, show.console()
    known = [pack.document.id for pack in law.packs]
    if document is not None and document not in known:
        raise LuzeError(f"没有规则包“{document}”", fix=f"可用的：{'、'.join(known)}")
    packs = [pack for pack in law.packs if document in (None, pack.document.id)]
    found = [pack for pack in packs if pack.recommendations]
    for pack in found:
        out.print(show.table(f"{pack.document.number} {pack.document.title}", COLUMNS,
                             _rows(law, pack)))  # fmt: skip
    told = "以上只是建议：由所列机关决定，系统不作决定" if found else "没有这类建议"
    out.print(told)


def _rows(law: Law, pack: Pack) -> list[tuple[str, ...]]:
    words = law.vocabulary
    parties = words.roles | words.posts
    return [
        (
            each.id, each.cite, words.recommendations[each.what],
            parties[each.of] + "：" + "、".join(pack.duty(duty).name for duty in each.on),
            "、".join(parties[one] for one in each.to), each.decided_by,
        )
        for each in pack.recommendations
    ]  # fmt: skip
