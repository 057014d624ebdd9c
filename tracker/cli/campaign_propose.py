"""The edge: `campaign propose` and `propose-list`, the first entry, of one or of a whole list; what
the registry shows need not be typed.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Annotated

import sqlalchemy as sa
import typer

from tracker import clock, db
from tracker.awards import proposals
from tracker.awards.asking import shown
from tracker.awards.facts import gather
from tracker.awards.meant import awards_of, meant
from tracker.awards.nomination_desk import plan_of
from tracker.awards.nominations import load
from tracker.awards.slate import read_slate
from tracker.awards.slate_propose import Listed, propose_rows
from tracker.awards.slate_review import Review, review
from tracker.cli import campaign_words as words
from tracker.cli import show
from tracker.cli.campaign import Plan, campaign_app, plan_meant
from tracker.cli.campaign_acts import On, tell
from tracker.cli.campaign_many import runs
from tracker.cli.office import Office, day_of_act, here
from tracker.cli.slates import named, place, watched
from tracker.errors import LookupFailed, Problem


def add_to(app: typer.Typer) -> None:
    """Register the command in the group of `campaign`."""
    told = "提出一个初选对象；名额已满、对象重复、类别不符的不予登记"
    campaign_app.command("propose", help=told)(propose)
    told = "按名单提出初选对象，逐行说明没有登记的；再次提交同一名单不会重复登记"
    campaign_app.command("propose-list", help=told)(propose_list)


def propose(
    nominee: Annotated[str, typer.Argument(help="姓名或名称，可用简称；同名的人写 姓名@单位")],
    award: Annotated[str, typer.Argument(help="奖项，如 全省脱贫攻坚先进个人")],
    kind: Annotated[str, typer.Option(help="类别，如 第一书记；登记资料能看出的可不写")] = "",
    area: Annotated[str, typer.Option(help="用哪个地区的名额，如 庆阳市；能看出的可不写")] = "",
    unit: Annotated[str, typer.Option(help="所在单位；登记资料中有的可不写")] = "",
    unregistered: Annotated[
        bool, typer.Option("--unregistered", help="登记资料中没有的对象，按所写的名称登记")
    ] = False,
    reason: Annotated[str, typer.Option(help="超过报送期限的，写明理由")] = "",
    plan: Plan = None,
    on: On = None,
) -> None:
    """Propose a nominee."""
    office, now, day = here(), clock.now(), day_of_act(on)
    document = plan_meant(office, plan)
    with db.transaction(office.database) as connection:
        subject = None if unregistered else _subject(office, connection, nominee)
        if subject is not None and not (kind and area):
            found = _shown(office, connection, document, award, subject, day)
            kind, area = kind or found[0], area or found[1]
        number = proposals.propose(
            connection, office.law, document=document, award=award, kind=kind,
            subject_id=subject, name=nominee if unregistered else "", unit=unit, area_code=area,
            reason=reason, on=day, now=now, operator=office.settings.operator,
        )  # fmt: skip
        filed = load(connection, number)
    out = show.console()
    out.print(f"已登记为第 {number} 号初选：{words.called(filed)}")
    tell(office, filed, day)


def _shown(
    office: Office, connection: sa.Connection, document: str, award: str, subject: int, day: date
) -> tuple[str, str]:
    """The kind, by name, and the area that the registry shows for a subject; '' for what it does
    not show."""
    plan = plan_of(office.law, document)
    meant_award = meant(award, awards_of(plan))
    if not meant_award:
        return "", ""
    facts = gather(
        connection, office.law, office.covers, {subject}, as_of=day, known_at=clock.now()
    )
    found = shown(facts, document, meant_award, subject)
    return plan.kind(found.kind).name if found.kind else "", found.area_code


def _subject(office: Office, connection: sa.Connection, nominee: str) -> int:
    """The subject meant. Raises LookupFailed, with what to do where the registry has none."""
    try:
        return office.find(connection, nominee)
    except LookupFailed as failure:
        fix = f"{failure.fix}；登记资料中没有的，加 --unregistered"
        raise LookupFailed(failure.what, problems=failure.problems, fix=fix) from None


def propose_list(
    file: Annotated[Path, typer.Argument(help="名单（.xlsx、.csv），也可以是审查后退回的名单")],
    plan: Plan = None,
    award: Annotated[str, typer.Option(help="名单没有写明时，推荐哪个奖项")] = "",
    kind: Annotated[str, typer.Option(help="名单没有写明时，以哪一类别推荐")] = "",
    reason: Annotated[str, typer.Option(help="超过报送期限的，写明理由")] = "",
    include_barred: Annotated[
        bool, typer.Option("--include-barred", help="审查为不得推荐的也登记")
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="只看结果，不登记")] = False,
    on: On = None,
) -> None:
    """Propose every row of a list; what cannot be is told row by row."""
    office, now, day = here(), clock.now(), day_of_act(on)
    slate = read_slate(file, office.forms, today=clock.today())
    with db.transaction(office.database) as connection:
        found = review(
            connection, office.law, office.covers, slate, as_of=day, known_at=now, kind=kind,
            award=":".join(filter(None, (plan, award))), watched=watched,
        )  # fmt: skip
        listed = propose_rows(
            connection, office.law, found, barred=include_barred, reason=reason, on=day, now=now,
            operator=office.settings.operator,
        )  # fmt: skip
        if dry_run:
            connection.rollback()
    _print_listed(found, listed, dry_run=dry_run)


def _print_listed(found: Review, listed: Sequence[Listed], *, dry_run: bool) -> None:
    """How many rows were proposed, under which numbers; then every other row with why."""
    out, refused = show.console(), [one for one in listed if one.number is None]
    known = [one.number for one in listed if one.number and one.before]
    fresh = [one.number for one in listed if one.number and not one.before]
    told = [f"{'可' if dry_run else '已'}登记 {len(fresh)} 个"]
    if fresh and not dry_run:
        told[0] += f"（第 {runs(fresh)} 号）"
    if known:
        told.append(f"以前已登记 {len(known)} 个（第 {runs(known)} 号）")
    told.append(f"未登记 {len(refused)} 个")
    out.print(
        f"{found.slate.path.name}，共 {len(listed)} 个：{'，'.join(told)}", markup=False,
        soft_wrap=True,
    )  # fmt: skip
    if refused:
        rows = [
            (place(one.row.entry), named(one.row.entry), _because(one.problems)) for one in refused
        ]
        out.print(show.table("未登记的", ("行", "推荐对象", "原因和处理办法"), rows))
    if dry_run:
        out.print("试登记，未作任何改动")


def _because(problems: Sequence[Problem]) -> str:
    """Without the names of options: whoever reads this wrote a list."""
    return "；".join(
        f"{one.what}（{one.fix}）" if one.fix else one.what for one in problems
    )  # fmt: skip
