"""The edge: `policy list|lint|coverage` and `audit verify`, and how a pack is named on the edge."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path
from typing import Annotated

import typer

from tracker import audit, resources
from tracker.cli import show
from tracker.cli.office import Office, here
from tracker.errors import LuzeError, PackError
from tracker.policy.coverage import CoverageRow
from tracker.policy.coverage import coverage as coverage_of
from tracker.policy.law import Law
from tracker.policy.load import drafts, load_law
from tracker.policy.model import Pack
from tracker.policy.notes import notes

COVERED_NAMES = {
    "duty": "可计算", "qualitative": "定性", "interview": "约谈", "bar": "限制",
    "award": "评选", "score": "计分", "exit": "退出核查",
    "recommendation": "建议", "background": "总要求", "not_covered": "未涵盖", "undecided": "待定",
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


Folder = Annotated[
    Path | None, typer.Argument(help="放规则包的目录；留空为现用的规则（随附的和本地的）")
]


def law_with(office: Office, folder: Path | None) -> Law:
    """The law of this office with the packs of one more folder. Raises PackError."""
    if folder and (folder / "document.yaml").is_file():
        fix = f"请写 {folder.parent}"
        raise LuzeError(f"“{folder}”是一份规则包，这里要写放规则包的目录", fix=fix)
    own = [resources.folder("duties"), office.settings.policy_dir, folder]
    return load_law(list(dict.fromkeys(f.resolve() for f in own if f)))


def new_packs(law: Law, folder: Path) -> list[Pack]:
    """The packs of the law that lie in the folder."""
    return [pack for pack in law.packs if (folder / pack.document.id).is_dir()]


@policy_app.command(help="校验规则包，一次列出全部问题")
def lint(folder: Folder = None) -> None:
    """Load the law and say what is wrong with it, all at once."""
    law = law_with(here(), folder)
    show.console().print(
        f"规则包 {len(law.packs)} 个，责任事项 {sum(len(p.duties) for p in law.packs)} 项，没有问题"
    )
    for pack in new_packs(law, folder) if folder else law.packs:
        for note in notes(pack):
            show.console().print(f"注意：{pack.document.id} {note}", soft_wrap=True)


@policy_app.command(help="逐条对照：每一条成了责任事项、定性责任，还是未涵盖及原因")
def coverage(
    document: Annotated[str, typer.Argument(help="规则包编号，如 gansu-2019-33")],
    folder: Folder = None,
) -> None:
    """Article by article: what became of it; of a pack that is not finished, as far as it goes."""
    pack, problems = _pack_meant(here(), document, folder)
    rows = coverage_of(pack)
    out = show.console()
    out.print(show.table(
        f"{pack.document.number} 逐条对照", ("条款", "名称", "处理", "成为", "说明"),
        [(r.article, r.name, COVERED_NAMES[r.covered], "、".join(_rules(r)), r.why) for r in rows],
    ))  # fmt: skip
    if found := notes(pack):
        out.print(show.table(
            f"原文待核 {len(found)} 处，数字照原文，不代为改正", ("条款", "事项", "说明", "口径"),
            [(n.cite, n.about, n.text, "、".join(n.interpretations)) for n in found],
        ))  # fmt: skip
    if nothing := [r.article for r in rows if not (_rules(r) or r.why)]:
        told = "、".join(nothing)
        out.print(f"还没有着落的条款 {len(nothing)} 条：{told}", soft_wrap=True)
    if problems:
        out.print(f"这份规则包还有 {problems} 处问题，见 tracker policy lint {folder}")


def _rules(row: CoverageRow) -> tuple[str, ...]:
    """Whatever the article became."""
    values = (getattr(row, field.name) for field in fields(row))
    return tuple(rule for value in values if isinstance(value, tuple) for rule in value)


def _pack_meant(office: Office, document: str, folder: Path | None) -> tuple[Pack, int]:
    """The pack of this id and how many problems it has; one with problems only from `folder`.
    Raises PackError, or LuzeError with the ids there are."""
    problems = 0
    try:
        packs = law_with(office, folder).packs
    except PackError as refused:
        packs, problems = drafts([folder] if folder else []), len(refused.problems)
        if document not in [pack.document.id for pack in packs]:
            raise
    found = next((pack for pack in packs if pack.document.id == document), None)
    if found is None:
        known = "、".join(pack.document.id for pack in packs)
        raise LuzeError(f"没有规则包“{document}”", fix=f"可用的：{known}")
    return found, problems


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
