"""The edge: `interviews`, from the recommendation to the day it is struck off."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

import typer

from tracker import clock, db
from tracker.cli import interview_words, show
from tracker.cli.check import AsOf, Json, KnownAt
from tracker.cli.groups import Listing
from tracker.cli.interview_page import print_acts, print_grounds, print_parties
from tracker.cli.interview_words import waits
from tracker.cli.office import MOST, day_of_act, here, parse_day, parse_moment
from tracker.cli.options import Authority, DocumentNumber, Officer, Reason
from tracker.consequences import interview_acts
from tracker.consequences.cases import Case, load_case, load_cases
from tracker.consequences.interview_acts import EFFECTS
from tracker.consequences.interview_desk import open_objections
from tracker.consequences.lives import INTERVIEW
from tracker.errors import LuzeError
from tracker.registry.dated import load_registry
from tracker.registry.labels import labels

interviews_app = typer.Typer(help="约谈：建议、决定、约谈、整改、销号", cls=Listing)
UNFINISHED = ("recommended", "decided", "conducted", "verified")

Number = Annotated[int, typer.Argument(max=MOST, help="编号，见 tracker interviews list")]
On = Annotated[str | None, typer.Option(help="哪一日，如 2020-01-20；留空为今天")]
By = Annotated[str, typer.Option(help="经手人姓名")]


def add_to(app: typer.Typer) -> None:
    """Register the command group."""
    app.add_typer(interviews_app, name="interviews")


@interviews_app.command("list", help="列出未办结的约谈；--all 连同已办结的")
def list_(
    subject: Annotated[str | None, typer.Argument(help="责任主体或被约谈人（可用简称）")] = None,
    state: Annotated[str | None, typer.Option(help="只列这种状态，如 待决定、整改中")] = None,
    every: Annotated[bool, typer.Option("--all", help="已办结、已撤回的也列出")] = False,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    as_json: Json = False,
) -> None:
    """List interviews and what each waits for."""
    office, moment = here(), parse_moment(known_at)
    states = (_state(state),) if state else () if every else UNFINISHED
    with office.database.connect() as connection:
        names = labels(load_registry(connection, clock.now()))
        about = office.find(connection, subject) if subject else None
        cases = load_cases(
            connection, states=states, as_of=parse_day(as_of, "--as-of"), known_at=moment
        )
    cases = [c for c in cases if about in (None, c.accountable_id) or about in c.people]
    cases.sort(key=lambda case: (-len(case.keys), case.id))
    if as_json:
        show.print_json([interview_words.as_json(case, names) for case in cases])
        return
    rows = interview_words.rows(cases, names, office.law)
    show.console().print(show.table(f"约谈 {len(cases)} 件", interview_words.COLUMNS, rows))


def _state(text: str) -> str:
    """The state that a person means by 待决定 or recommended. Raises LuzeError."""
    found = next((state for state, name in INTERVIEW.states.items() if text in (state, name)), None)
    if found is None:
        known = "、".join(INTERVIEW.states.values())
        raise LuzeError(f"约谈没有“{text}”这种状态", fix=f"可用的：{known}")
    return found


@interviews_app.command("show", help="一件约谈的全部：事由、条款、当日各方、每一步")
def show_(number: Number, as_of: AsOf = None, known_at: KnownAt = None) -> None:
    """One interview whole, as of a day."""
    office, day = here(), parse_day(as_of, "--as-of")
    with office.database.connect() as connection:
        case = load_case(connection, number, day, parse_moment(known_at))
        registry = load_registry(connection, clock.now())
        names, out = labels(registry), show.console()
        rows = interview_words.rows([case], names, office.law)
        out.print(show.table("", interview_words.COLUMNS, rows))
        print_parties(out, office, case, registry, day or clock.today())
        print_grounds(out, office, connection, case, names)
        for objection in open_objections(connection, case):
            out.print(f"第 {objection} 号异议待答复，答复前不能作出约谈的决定")
    print_acts(out, case)


def _act(act: Callable[..., Case], number: int, on: str | None, **said: Any) -> None:
    """Do one act in a transaction of its own and say where the case stands."""
    office = here()
    with db.transaction(office.database) as connection:
        if "present" in said:
            said["present"] = [office.find(connection, name) for name in said["present"]]
        case = act(
            connection, office.law, number, on=day_of_act(on), now=clock.now(),
            operator=office.settings.operator, **said,
        )  # fmt: skip
    show.console().print(f"第 {number} 号约谈：已{case.acts[-1].name}，现为{waits(case)}")


@interviews_app.command(help="告知当事人有陈述申辩的权利")
def inform(number: Number, by: By = "", document: DocumentNumber = "", on: On = None) -> None:
    """Tell the subject of its right to state its case."""
    _act(interview_acts.inform, number, on, by=by, document_number=document)


@interviews_app.command(help="登记当事人的陈述申辩")
def state(
    number: Number,
    who: Annotated[str, typer.Option(help="陈述人")] = "",
    text: Annotated[str, typer.Option(help="陈述申辩的内容")] = "",
    on: On = None,
) -> None:
    """Record a statement."""
    _act(interview_acts.state, number, on, who=who, text=text)


@interviews_app.command(help="决定约谈")
def decide(
    number: Number,
    authority: Authority = "",
    document: DocumentNumber = "",
    reason: Reason = "",
    officer: Officer = "",
    rung: Annotated[int | None, typer.Option(help="由第几级约谈；留空为应由的一级")] = None,
    severity: Annotated[str, typer.Option(help="情节，如 一般、严重（第七部分）")] = "",
    meeting: Annotated[str | None, typer.Option(help="定于哪一日约谈")] = None,
    place: Annotated[str, typer.Option(help="约谈地点")] = "",
    on: On = None,
) -> None:
    """Decide to hold the interview."""
    _act(
        interview_acts.decide, number, on, authority=authority, document_number=document,
        reason=reason, officer=officer, rung=None if rung is None else rung - 1,
        severity=severity, meeting_on=parse_day(meeting, "--meeting"), place=place,
    )  # fmt: skip


@interviews_app.command(help="决定不约谈，须有理由")
def dismiss(
    number: Number,
    reason: Reason = "",
    authority: Authority = "",
    officer: Officer = "",
    document: DocumentNumber = "",
    on: On = None,
) -> None:
    """Decide not to hold the interview."""
    _act(
        interview_acts.dismiss, number, on, reason=reason, authority=authority, officer=officer,
        document_number=document,
    )  # fmt: skip


@interviews_app.command(help="登记已经进行的约谈")
def conduct(
    number: Number,
    interviewer: Annotated[str, typer.Option(help="实际主持约谈的人")] = "",
    present: Annotated[list[str] | None, typer.Option(help="到场的被约谈人，可写多次")] = None,
    others: Annotated[str, typer.Option(help="其他在场人员")] = "",
    record: Annotated[str, typer.Option(help="约谈记录")] = "",
    rectify_by: Annotated[str | None, typer.Option(help="整改期限；留空按规定天数")] = None,
    on: On = None,
) -> None:
    """Record that the interview was held."""
    _act(
        interview_acts.conduct, number, on, interviewer=interviewer, present=present or [],
        others=others, record=record, rectify_by=parse_day(rectify_by, "--rectify-by"),
    )  # fmt: skip


@interviews_app.command(help="登记整改已核实")
def verify(
    number: Number,
    by: By = "",
    result: Annotated[str, typer.Option(help="核实的结果")] = "",
    on: On = None,
) -> None:
    """Record that the rectification is in place."""
    _act(interview_acts.verify, number, on, by=by, result=result)


@interviews_app.command(help="认定整改不到位；原事由可再次建议约谈")
def fail(number: Number, by: By = "", reason: Reason = "", on: On = None) -> None:
    """Record that the rectification is not accepted."""
    _act(interview_acts.fail, number, on, by=by, reason=reason)


@interviews_app.command(help="销号")
def close(
    number: Number, authority: Authority = "", document: DocumentNumber = "", on: On = None
) -> None:
    """Strike the case off."""
    _act(interview_acts.close, number, on, authority=authority, document_number=document)


@interviews_app.command(help="认定已进行的约谈是否影响推荐（口径 I28）")
def rule(
    number: Number,
    effect: Annotated[str, typer.Argument(help="影响推荐 或 不影响推荐")],
    reason: Reason = "",
    authority: Authority = "",
    officer: Officer = "",
    document: DocumentNumber = "",
    on: On = None,
) -> None:
    """Rule whether the interview bears on a nomination."""
    meant = {name: word for word, name in EFFECTS.items()}
    _act(
        interview_acts.rule, number, on, effect=meant.get(effect, effect), reason=reason,
        authority=authority, officer=officer, document_number=document,
    )  # fmt: skip
