"""The edge: `campaign`, how an award campaign stands: places, nominees, next steps, flags."""

from __future__ import annotations

from typing import Annotated

import typer

from tracker import clock
from tracker.awards import snapshot
from tracker.awards.asking import Asked
from tracker.awards.campaign import on_its_way, overview
from tracker.awards.meant import awards_of, chosen
from tracker.awards.nomination_desk import plan_of, plans
from tracker.awards.nominations import LIVE, NOMINATION, history, load, load_all
from tracker.awards.quotas import area_of
from tracker.cli import campaign_words as words
from tracker.cli import show, verdict_words
from tracker.cli.check import Json, KnownAt
from tracker.cli.groups import Listing
from tracker.cli.office import MOST, Office, here, parse_day, parse_moment
from tracker.errors import LuzeError, Problem

campaign_app = typer.Typer(help="评选推荐：名额、初选、征求意见、公示、材料、推荐", cls=Listing)

Number = Annotated[int, typer.Argument(max=MOST, help="推荐编号，见 tracker campaign list")]
Plan = Annotated[
    str | None, typer.Option("--plan", help="评选方案的规则包编号；只有一个方案时可不写")
]
AsOf = Annotated[str | None, typer.Option("--as-of", help="截至哪一日，如 2020-12-07；留空为今天")]


def add_to(app: typer.Typer) -> None:
    """Register the command group."""
    app.add_typer(campaign_app, name="campaign")


def plan_meant(office: Office, text: str | None) -> str:
    """The plan meant, or the only one there is. Raises LuzeError with those there are."""
    known = [pack.document.id for pack in plans(office.law)]
    if text is None and len(known) == 1:
        return known[0]
    if text is None:
        raise LuzeError("有多个评选方案，请写明是哪一个", fix=f"可写：{'、'.join(known)}")
    plan_of(office.law, text)
    return text


@campaign_app.command("show", help="名额用了多少、剩多少，期限还有几天，哪些快来不及")
def show_(
    plan: Annotated[str | None, typer.Argument(help="评选方案；只有一个时可不写")] = None,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    as_json: Json = False,
) -> None:
    """How a campaign stands."""
    office, day = here(), parse_day(as_of, "--as-of") or clock.today()
    with office.database.connect() as connection:
        found = overview(
            connection, office.law, plan_meant(office, plan), day, parse_moment(known_at)
        )
    if as_json:
        show.print_json(words.overview_json(found))
        return
    out = show.console()
    out.print(f"\n{found.plan.name}    截至 {day}", style="bold")
    out.print(words.time_left(found.plan.deadline.on, found.days_left, day))
    out.print(show.table("名额（地区之间不得调剂）", words.PLACES, words.place_rows(found)))
    for award, mismatch in found.mismatches:
        out.print(f"  · {award}：{mismatch}", soft_wrap=True)
    if found.pressing:
        rows = words.nominee_rows(found.pressing, office.law)
        out.print(show.table("已来不及或快来不及的", words.NOMINEES, rows))


@campaign_app.command("list", help="列出推荐对象，--all 连同已撤回、已撤销资格的")
def list_(
    award: Annotated[str | None, typer.Option(help="只列这个奖项")] = None,
    area: Annotated[str | None, typer.Option(help="只列用这个地区名额的，如 庆阳市")] = None,
    every: Annotated[bool, typer.Option("--all", help="已撤回、已撤销资格的也列出")] = False,
    plan: Plan = None,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    as_json: Json = False,
) -> None:
    """Every nominee with its next step."""
    office, day = here(), parse_day(as_of, "--as-of") or clock.today()
    document = plan_meant(office, plan)
    meant = award_meant(office, document, award)
    with office.database.connect() as connection:
        filed = load_all(connection, document, meant, None, day, parse_moment(known_at))
    if area:
        known = plan_of(office.law, document)
        filed = [
            one for one in filed
            if one.nominee.area_code == area_of(known.award(one.nominee.award), area) != ""
        ]  # fmt: skip
    ways = [on_its_way(office.law, one, day) for one in filed if every or one.state in LIVE]
    if as_json:
        show.print_json([words.as_json(way) for way in ways])
        return
    rows = words.nominee_rows(ways, office.law)
    show.console().print(show.table(f"推荐对象 {len(ways)} 个", words.NOMINEES, rows))


def award_meant(office: Office, document: str, text: str | None) -> str | None:
    """The id of the award of a plan that is meant; None for all. Raises LuzeError."""
    if text is None:
        return None
    problems: list[Problem] = []
    found = chosen(text, awards_of(plan_of(office.law, document)), "奖项", "--award", problems)
    if problems:
        raise LuzeError("没有列出", problems=problems)
    return found


@campaign_app.command(help="下一步是什么，每个环节最迟哪一天开始")
def step(number: Number, as_of: AsOf = None, known_at: KnownAt = None) -> None:
    """What is next for one nominee, counted back from the deadline."""
    office, day = here(), parse_day(as_of, "--as-of") or clock.today()
    with office.database.connect() as connection:
        filed = load(connection, number, day, parse_moment(known_at))
    way, out = on_its_way(office.law, filed, day), show.console()
    out.print(
        f"\n第 {number} 号 {words.called(filed)}，{NOMINATION.states[filed.state]}", style="bold"
    )
    told, due = words.next_step(way)
    left = f"，还有 {way.days_left} 个工作日" if due and way.timeline.feasible else ""
    out.print(f"下一步：{told or '无'}" + (f"，最迟 {due}{left}" if due else ""))
    rows = words.step_rows(way.timeline)
    out.print(show.table("还没有完成的环节", words.STEPS, rows))


@campaign_app.command("show-one", help="一个推荐对象的全部：逐条审查、办理经过")
def show_one(number: Number, as_of: AsOf = None, known_at: KnownAt = None) -> None:
    """One nomination whole, judged afresh."""
    office, day = here(), parse_day(as_of, "--as-of") or clock.today()
    moment = parse_moment(known_at) or clock.now()
    with office.database.connect() as connection:
        filed = load(connection, number, day, moment)
        (_, verdict), *_ = snapshot.judged(
            connection, office.law, office.covers, [filed], day, moment
        )
        rows = history(connection, number, day, moment)
    out, row = show.console(), words.nominee_rows([on_its_way(office.law, filed, day)], office.law)
    out.print(show.table("", words.NOMINEES, row))
    plan = plan_of(office.law, filed.nominee.document)
    asked = Asked(plan, plan.award(filed.nominee.award), filed.nominee)
    verdict_words.print_verdict(words.called(filed), asked, verdict)
    acts = [
        (row.as_of, NOMINATION.steps[row.event].name, _said(row.detail), row.note,
         f"{row.authority} {row.document_number}".strip(), row.operator)
        for row in rows
    ]  # fmt: skip
    columns = ("日期", "经过", "事项", "内容", "机关、文号", "经手")
    out.print(show.table("办理经过", columns, acts))


def _said(detail: dict[str, object]) -> str:
    """Which stage, organ, paper or check an act is about."""
    return next((str(detail[key]) for key in ("stage", "organ", "material", "check", "complaint")
                 if detail.get(key)), "")  # fmt: skip
