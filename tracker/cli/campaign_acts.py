"""The edge: `campaign`, what persons record of a nomination, from the first stage to its end."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

from tracker import clock, db
from tracker.awards import acts, snapshot
from tracker.awards.campaign import on_its_way
from tracker.awards.nominations import NOMINATION, Filed, load
from tracker.cli import campaign_words as words
from tracker.cli import show
from tracker.cli.campaign import Number, campaign_app
from tracker.cli.campaign_many import Numbers, all_of
from tracker.cli.office import MOST, Office, day_of_act, here, parse_numbers
from tracker.cli.options import Authority, DocumentNumber, Officer, Reason
from tracker.errors import LuzeError

On = Annotated[str | None, typer.Option(help="哪一日，如 2020-12-08；留空为今天")]
Stage = Annotated[str, typer.Argument(help="环节：名称、简称或序号，如 县公示")]
Organ = Annotated[str, typer.Argument(help="部门，如 税务")]
Extra = Annotated[bool, typer.Option("--extra", help="不在所列部门之内的，按所写名称留存备查")]


def add_to(app: typer.Typer) -> None:
    """Register the commands in the group of `campaign`."""
    for name, (told, command) in _COMMANDS.items():
        campaign_app.command(name, help=told)(command)


def tell(office: Office, filed: Filed, day: date) -> None:
    """Where a nomination stands after an act, as of the day of the act."""
    way = on_its_way(office.law, filed, day)
    told, due = words.next_step(way)
    running = words.running(way)
    tail = "，".join(filter(None, (told and f"，下一步：{told}", running, due and f"最迟 {due}")))
    state = NOMINATION.states[filed.state]
    show.console().print(f"第 {filed.nominee.nomination_id} 号现为{state}{tail}", soft_wrap=True)


def _act(act: Callable[..., Filed], numbers: int | str, *what: object, **said: Any) -> list[Filed]:
    """Do one act for each of the numbers, for all or for none, and say where each stands."""
    office = here()
    wanted = [numbers] if isinstance(numbers, int) else parse_numbers(numbers)
    said |= {"now": clock.now(), "operator": office.settings.operator}
    with db.transaction(office.database) as connection:
        filed = all_of(wanted, lambda one: act(connection, office.law, one, *what, **said))
    for one in filed:
        tell(office, one, said.get("on") or said["starts_on"])
    return filed


def done(numbers: Numbers, stage: Stage, on: On = None) -> None:
    """Record that a stage is done."""
    _act(acts.stage_done, numbers, stage, on=day_of_act(on))


def ask(
    numbers: Numbers, organ: Organ, document: DocumentNumber = "", extra: Extra = False,
    on: On = None,
) -> None:  # fmt: skip
    """Record that a body was asked."""
    _act(acts.ask, numbers, organ, document_number=document, extra=extra, on=day_of_act(on))


def opinion(
    numbers: Numbers,
    organ: Organ,
    answer: Annotated[str, typer.Argument(help="同意 或 不同意")],
    text: Annotated[str, typer.Option(help="意见内容；不同意的必须写")] = "",
    document: DocumentNumber = "",
    extra: Extra = False,
    on: On = None,
) -> None:
    """Record an opinion."""
    agrees = _either(answer, "同意", "不同意", "意见")
    _act(acts.opinion, numbers, organ, agrees=agrees, text=text, document_number=document,
         extra=extra, on=day_of_act(on))  # fmt: skip


def _either(text: str, yes: str, no: str, where: str) -> bool:
    """Whether the word is the one or the other. Raises LuzeError."""
    if text not in (yes, no):
        raise LuzeError(f"{where} 写的是“{text}”", fix=f"应写 {yes} 或 {no}")
    return text == yes


def post(
    numbers: Numbers,
    stage: Stage,
    starts: Annotated[str, typer.Option("--from", help="开始公示的日期")],
    ends: Annotated[str, typer.Option("--to", help="公告写明的最后一日")],
) -> None:
    """Record that a list was made public."""
    _act(acts.post, numbers, stage, starts_on=day_of_act(starts, "--from"),
         ends_on=day_of_act(ends, "--to"))  # fmt: skip


def take_down(
    numbers: Numbers,
    stage: Stage,
    result: Annotated[str, typer.Option(help="公示结果，如 无异议")] = "",
    on: Annotated[str | None, typer.Option(help="最后公示的一天；留空为今天")] = None,
) -> None:
    """Record the end of a publicity."""
    _act(acts.take_down, numbers, stage, result=result, on=day_of_act(on))


def complaint(
    number: Number,
    stage: Stage,
    text: Annotated[str, typer.Option(help="投诉举报的内容")] = "",
    on: On = None,
) -> None:
    """Record a complaint."""
    _act(acts.complaint, number, stage, text=text, on=day_of_act(on))


def complaint_close(
    number: Number,
    which: Annotated[int, typer.Argument(metavar="COMPLAINT", max=MOST, help="第几件投诉举报")],
    answer: Annotated[str, typer.Option(help="办理结果")] = "",
    on: On = None,
) -> None:
    """Record what became of a complaint."""
    _act(acts.complaint_closed, number, which, answer=answer, on=day_of_act(on))


def material(
    numbers: Numbers,
    which: Annotated[str, typer.Argument(metavar="MATERIAL", help="材料，如 事迹材料")],
    copies: Annotated[int, typer.Option(max=MOST, help="份数")] = 1,
    double_sided: Annotated[bool, typer.Option("--double-sided", help="双面打印")] = False,
    characters: Annotated[int | None, typer.Option(max=MOST, help="字数，不计空白")] = None,
    text_file: Annotated[
        Path | None, typer.Option(help="全文（.txt，UTF-8），由程序计算字数")
    ] = None,
    media: Annotated[list[str] | None, typer.Option(help="纸质、电子，可写多次")] = None,
    on: On = None,
) -> None:
    """Record a paper as handed in."""
    day = day_of_act(on)
    filed = _act(
        acts.material, numbers, which, copies=copies, double_sided=double_sided,
        characters=characters, text=_text(text_file), media=media or (), on=day,
    )  # fmt: skip
    found = {line: None for one in filed for line in words.papers(one, here().law, day)}
    for line in found:
        show.console().print(f"  · {line}", markup=False, soft_wrap=True)


def _text(path: Path | None) -> str | None:
    """The words of a text file. Raises LuzeError."""
    if path is None:
        return None
    try:
        return path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        raise LuzeError(f"{path.name} 不是 UTF-8 文本", fix="请另存为 UTF-8 的 .txt") from None


def excuse(
    numbers: Numbers,
    check: Annotated[str, typer.Argument(help="条款编号或名称；逾期写 报送期限")],
    reason: Reason = "",
    authority: Authority = "",
    officer: Officer = "",
    document: DocumentNumber = "",
    on: On = None,
) -> None:
    """Record that an exception is given."""
    _act(
        acts.excuse, numbers, check, reason=reason, authority=authority, officer=officer,
        document_number=document, on=day_of_act(on),
    )  # fmt: skip


def judge(
    numbers: Numbers,
    check: Annotated[str, typer.Argument(help="条款编号或名称；类别写 类别")],
    verdict: Annotated[str, typer.Argument(help="通过 或 不通过")],
    reason: Reason = "",
    authority: Authority = "",
    officer: Officer = "",
    document: DocumentNumber = "",
    on: On = None,
) -> None:
    """Record what a person decided about a check."""
    _act(
        acts.judge, numbers, check, passed=_either(verdict, "通过", "不通过", "认定结果"),
        reason=reason, authority=authority, officer=officer, document_number=document,
        on=day_of_act(on),
    )  # fmt: skip


def nominate(numbers: Numbers, on: On = None) -> None:
    """Nominate, and freeze what it rests on: all of them, judged in one gathering, or none."""
    office, day, now = here(), day_of_act(on), clock.now()
    wanted = parse_numbers(numbers)
    with db.transaction(office.database) as connection:
        all_of(wanted, lambda one: load(connection, one, day, now))
        looked = snapshot.look(connection, office.law, office.covers, wanted, day, now)
        made = all_of(wanted, lambda one: snapshot.nominate(
            connection, office.law, office.covers, one, on=day, now=now,
            operator=office.settings.operator, looked=looked[one],
        ))  # fmt: skip
        folder = office.folder("snapshots")
        for frozen in made:
            (folder / frozen.file_name).write_bytes(frozen.text.encode())
    for frozen in made:
        show.console().print(
            f"核验码 {frozen.code}，快照：{folder / frozen.file_name}", markup=False, soft_wrap=True
        )
        tell(office, frozen.filed, day)


def withdraw(number: Number, reason: Reason = "", on: On = None) -> None:
    """Take a nomination back."""
    _act(acts.withdraw, number, reason=reason, on=day_of_act(on))


def cancel(
    number: Number,
    reason: Reason = "",
    authority: Authority = "",
    document: DocumentNumber = "",
    on: On = None,
) -> None:
    """Cancel a candidacy."""
    _act(
        acts.cancel, number, reason=reason, authority=authority, document_number=document,
        on=day_of_act(on),
    )  # fmt: skip


_COMMANDS: dict[str, tuple[str, Callable[..., None]]] = {
    "done": ("登记一个环节完成", done),
    "ask": ("登记已向部门征求意见", ask),
    "opinion": ("登记部门的意见：同意 或 不同意", opinion),
    "post": ("登记一级公示开始；起止两日都计入公示期", post),
    "take-down": ("登记一级公示结束和结果；不足工作日的不予登记", take_down),
    "complaint": ("登记公示中收到的投诉举报", complaint),
    "complaint-close": ("登记投诉举报的办理结果", complaint_close),
    "material": ("登记收到的材料：份数、双面、字数、载体", material),
    "excuse": ("认定例外，如 事迹特别突出；或同意逾期报送", excuse),
    "judge": ("由人认定一条：通过 或 不通过", judge),
    "nominate": ("推荐：逐条审查通过后封存快照", nominate),
    "withdraw": ("撤回推荐，名额退回", withdraw),
    "cancel": ("撤销评选资格，不得再推荐", cancel),
}
