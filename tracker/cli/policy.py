"""The edge: `policy list|lint|coverage` and `audit verify`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tracker import audit, resources
from tracker.cli import show
from tracker.cli.office import here
from tracker.errors import LuzeError
from tracker.policy.coverage import coverage as coverage_of
from tracker.policy.load import load_law
from tracker.policy.notes import notes

COVERED_NAMES = {
    "duty": "可计算", "qualitative": "定性", "interview": "约谈", "bar": "限制",
    "award": "评选", "score": "计分", "background": "总要求", "not_covered": "未涵盖",
}  # fmt: skip
STRENGTH_NAMES = {"must": "必须", "should": "适时"}
policy_app = typer.Typer(help="规则包：查看、校验、逐条对照", no_args_is_help=True)
audit_app = typer.Typer(help="审计记录", no_args_is_help=True)


def add_to(app: typer.Typer) -> None:
    """Register the command groups."""
    app.add_typer(policy_app, name="policy")
    app.add_typer(audit_app, name="audit")


@policy_app.command("list", help="列出规则包和责任事项")
def list_() -> None:
    """Every document with its duties."""
    out = show.console()
    for pack in here().law.packs:
        doc = pack.document
        ends = f"至 {doc.in_force.to}" if doc.in_force.to else "起施行"
        out.print(
            f"\n{doc.id}  {doc.number} {doc.title}  {doc.in_force.from_} {ends}", style="bold"
        )
        for repeal in doc.repeals:
            out.print(f"  同时废止 {repeal.number}（{repeal.cite}）")
        if pack.duties or pack.qualitative:
            out.print(show.table(
                f"可计算 {len(pack.duties)} 项，定性 {len(pack.qualitative)} 项",
                ("编号", "条款", "责任事项", "强度"),
                [(d.id, d.cite, d.name, STRENGTH_NAMES[d.strength]) for d in pack.duties]
                + [(q.id, q.cite, q.name, "定性") for q in pack.qualitative],
            ))  # fmt: skip
        if pack.scorecard:
            out.print(show.table(
                pack.scorecard.name, ("编号", "条款", "计分办法", "总分"),
                [(c.id, c.cite, c.name, c.full) for c in pack.scorecard.scorecards],
            ))  # fmt: skip
        if pack.awards:
            out.print(show.table(
                f"{pack.awards.name}，{pack.awards.deadline.on} 前（含当日）报送",
                ("编号", "条款", "奖项", "名额"),
                [(a.id, a.cite, a.name, a.quota.number) for a in pack.awards.awards],
            ))  # fmt: skip


@policy_app.command(help="校验规则包，一次列出全部问题")
def lint(
    folder: Annotated[Path | None, typer.Argument(help="规则目录；留空为随附的规则")] = None,
) -> None:
    """Load the law and say what is wrong with it, all at once."""
    law = load_law([resources.folder("duties"), *([folder] if folder else [])])
    show.console().print(
        f"规则包 {len(law.packs)} 个，责任事项 {sum(len(p.duties) for p in law.packs)} 项，没有问题"
    )
    for pack in law.packs:
        for note in notes(pack):
            show.console().print(f"注意：{pack.document.id} {note}", soft_wrap=True)


@policy_app.command(help="逐条对照：每一条成了责任事项、定性责任，还是未涵盖及原因")
def coverage(document: Annotated[str, typer.Argument(help="规则包编号，如 gansu-2019-33")]) -> None:
    """Article by article: what became of it."""
    law = here().law
    try:
        pack = law.pack(document)
    except KeyError:
        known = "、".join(p.document.id for p in law.packs)
        raise LuzeError(f"没有规则包“{document}”", fix=f"可用的：{known}") from None
    columns = ("条款", "名称", "处理", "成为", "说明")
    show.console().print(show.table(
        f"{pack.document.number} 逐条对照", columns,
        [(r.article, r.name, COVERED_NAMES[r.covered],
          "、".join((*r.duties, *r.qualitative, *r.interviews, *r.bars, *r.awards, *r.scores)),
          r.why)
         for r in coverage_of(pack)],
    ))  # fmt: skip
    if found := notes(pack):
        show.console().print(show.table(
            f"原文待核 {len(found)} 处，数字照原文，不代为改正", ("条款", "事项", "说明", "口径"),
            [(n.cite, n.about, n.text, "、".join(n.interpretations)) for n in found],
        ))  # fmt: skip


@audit_app.command(help="核验审计链是否完整")
def verify() -> None:
    """Prove the chain of the audit trail."""
    office = here()
    with office.database.connect() as connection:
        count, broken = audit.verify(connection)
    if broken is not None:
        raise LuzeError(f"审计记录第 {broken} 行与前文对不上，其后的记录不可信",
                        fix="请停止使用本库，用最近的备份比对")  # fmt: skip
    show.console().print(f"审计记录 {count} 行，链条完整")
