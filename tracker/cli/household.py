"""The edge: `household`, a household's file, exit checks and the decisions on them, QR labels."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import sqlalchemy as sa
import typer

from tracker import clock, db
from tracker.cli import household_words as words
from tracker.cli import show
from tracker.cli.check import Json, KnownAt
from tracker.cli.files import write_paper
from tracker.cli.office import Office, day_of_act, here, parse_day, parse_moment
from tracker.cli.options import Authority, DocumentNumber, Officer, Reason
from tracker.delivery.documents import household_labels, household_sheet
from tracker.delivery.documents.household_sheet import Asked, as_docx, as_html, check_row
from tracker.delivery.documents.occasion import Facts, Occasion
from tracker.errors import LuzeError, Problem
from tracker.households import codes, desk
from tracker.households.access import why_allowed
from tracker.households.decisions import VERDICTS, decide, made
from tracker.households.facts import households
from tracker.registry.dated import load_registry
from tracker.registry.labels import labels as names_of

household_app = typer.Typer(help="一户一档：户档案、退出核查、二维码标签", no_args_is_help=True)

Number = Annotated[str, typer.Argument(help="户编号，如 HC0117")]
AsOf = Annotated[str | None, typer.Option("--as-of", help="截至哪一日，如 2019-12-31；留空为今天")]
Out = Annotated[Path | None, typer.Option(help="写到哪个文件夹；留空为数据目录下 papers")]


def add_to(app: typer.Typer) -> None:
    """Register the command group."""
    app.add_typer(household_app, name="household")


@household_app.command("show", help="一户的档案：帮扶责任人、走访、一户一策、退出核查和决定")
def show_(
    number: Number, as_of: AsOf = None, known_at: KnownAt = None, as_json: Json = False
) -> None:
    """One file, masked."""
    office, moment = here(), parse_moment(known_at) or clock.now()
    with office.database.connect() as connection:
        occasion = Occasion(connection, office.law, office.covers, _day(as_of), moment)
        file = _file(office, occasion, number)
        decisions = made(connection, file.household.id, file.as_of, moment)
    if as_json:
        show.print_json(words.file_json(occasion, file))
        return
    words.print_file(show.console(), occasion, file, decisions)


@household_app.command(help="退出核查：哪些户暂缓、哪些要提醒；加 --all 连同未发现问题和缺资料的")
def checks(
    area: Annotated[str | None, typer.Option(help="只看这个县、乡镇或村")] = None,
    everything: Annotated[bool, typer.Option("--all", help="列出全部核查结果")] = False,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    as_json: Json = False,
) -> None:
    """What was found of the households of an area."""
    office, moment = here(), parse_moment(known_at) or clock.now()
    with office.database.connect() as connection:
        registry = load_registry(connection, moment)
        within = office.find(connection, area, moment) if area else None
        found = desk.survey(
            connection, office.law, registry, within, as_of=_day(as_of), known_at=moment
        )
    names = names_of(registry)
    rows = [(h, one) for h, each in found for one in each if everything or one.open]
    if as_json:
        show.print_json([words.found_json(h.number, one) for h, one in rows])
        return
    told = [(names[h.id], *check_row(one)) for h, one in rows]
    title = f"退出核查 {len(found)} 户，{'共' if everything else '待处理'} {len(rows)} 项"
    show.console().print(show.table(title, ("户", *words.FOUND), told))


@household_app.command("decide", help="对暂缓的一项作出决定：准予退出、不予退出，或撤回为继续暂缓")
def decide_(
    number: Number,
    check: Annotated[str, typer.Argument(help="核查事项的编号或名称，如 exit.same_year")],
    verdict: Annotated[
        str, typer.Argument(help="准予退出（allow）、不予退出（refuse）、继续暂缓（hold）")
    ],
    officer: Officer = "",
    authority: Authority = "",
    reason: Reason = "",
    document: DocumentNumber = "",
    pack: Annotated[str | None, typer.Option(help="规则包编号；只有一份文件有该项时可不写")] = None,
    on: Annotated[str | None, typer.Option(help="哪一日，如 2020-01-10；留空为今天")] = None,
) -> None:
    """Decide on a check that is held."""
    office, now, day = here(), clock.now(), day_of_act(on)
    with db.transaction(office.database) as connection:
        occasion = Occasion(connection, office.law, office.covers, day, now)
        file = _file(office, occasion, number)
        decided = decide(
            connection, file.household.id, words.meant(file, check, pack), verdict=verdict,
            officer=officer, authority=authority, reason=reason, document_number=document, on=day,
            now=now, operator=office.settings.operator,
        )  # fmt: skip
    show.console().print(
        f"已登记第 {decided} 号决定：{VERDICTS.get(verdict, verdict)}；情况变动后须重新决定"
    )


@household_app.command(help="打印户档案（docx 和网页）；姓名默认遮盖")
def sheet(
    numbers: Annotated[list[str], typer.Argument(help="户编号，可以写几个")],
    whom: Annotated[str | None, typer.Option("--for", help="供谁使用，如 赵甲@县水务局")] = None,
    unmasked: Annotated[
        bool,
        typer.Option("--unmasked", help="写出户主姓名；只给该户的帮扶责任人、工作队、乡镇县干部"),
    ] = False,
    out: Out = None,
    as_of: AsOf = None,
) -> None:
    """Write the files of households, each for a person who may read it."""
    office, day = here(), _day(as_of)
    with db.transaction(office.database) as connection:
        occasion = Occasion(connection, office.law, office.covers, day, clock.now())
        files = [_file(office, occasion, number) for number in dict.fromkeys(numbers)]
        person = office.find(connection, whom) if whom else None
        allowed = _allowed(occasion, files, person) if unmasked else [""] * len(files)
        for file, right in zip(files, allowed, strict=True):
            asked = Asked(
                office.settings.operator, occasion.called(person) if person else "", right,
                _key(office, needed=False), office.settings.base_url,
            )  # fmt: skip
            facts = household_sheet.household_sheet(occasion, file, asked)
            told = {"about": file.household.id, "as_of": day, "unmasked": unmasked}
            told |= {"for": person, "allowed": right} if person else {}
            _write(office, connection, out, household_sheet.NAME, facts, told)


@household_app.command(help="打印一个村的二维码标签（docx 和网页），附粘贴对照表")
def labels(
    village: Annotated[str, typer.Option(help="村名，如 城壕镇余家砭村")],
    out: Out = None,
    as_of: AsOf = None,
) -> None:
    """Write the labels of the households of a village."""
    office, day = here(), _day(as_of)
    key = _key(office, needed=True)
    with db.transaction(office.database) as connection:
        occasion = Occasion(connection, office.law, office.covers, day, clock.now())
        place = office.find(connection, village)
        if occasion.registry.subjects.loc[place, "kind"] != "village":
            raise LuzeError(f"“{occasion.called(place)}”不是村", fix="标签按村打印，请写村名")
        ids = desk.residents(occasion.registry, place, day)
        if not ids:
            fix = "户和村的关系由结对帮扶、贫困户信息两张名册登记"
            raise LuzeError(f"“{occasion.called(place)}”没有登记在册的户", fix=fix)
        there = list(households(connection, occasion.registry, ids, occasion.known_at))
        facts = household_labels.household_labels(
            occasion, place, there, key or b"", office.settings.base_url
        )
        told = {"about": place, "as_of": day, "households": len(ids)}
        _write(office, connection, out, household_labels.NAME, facts, told)


@household_app.command("open", help="二维码或户码是哪一户（姓名遮盖）")
def open_(code: Annotated[str, typer.Argument(help="扫出的内容，或标签上的户码")]) -> None:
    """Which household a label names."""
    office = here()
    with office.database.connect() as connection:
        found = codes.opened(connection, codes.checked_key(office.settings.label_key), code)
        registry = load_registry(connection, clock.now())
        (household,) = households(connection, registry, [found], clock.now())
    names = names_of(registry)
    place = names[household.village] if household.village else "没有登记所在的村"
    show.console().print(
        f"{names[found]}　{place}；档案：tracker household show {household.number}",
        markup=False, soft_wrap=True,
    )  # fmt: skip


def _day(as_of: str | None) -> date:
    return parse_day(as_of, "--as-of") or clock.today()


def _key(office: Office, *, needed: bool) -> bytes | None:
    """The key of the codes; None where none is set and a paper does without."""
    key = office.settings.label_key
    return codes.checked_key(key) if key or needed else None


def _file(office: Office, occasion: Occasion, number: str) -> desk.File:
    subject = office.find(occasion.connection, number, occasion.known_at)
    return desk.file_of(
        occasion.connection, office.law, occasion.registry, subject, as_of=occasion.as_of,
        known_at=occasion.known_at,
    )  # fmt: skip


def _allowed(occasion: Occasion, files: Sequence[desk.File], person: int | None) -> list[str]:
    """As whom the person may read each file. Raises LuzeError for those it may not read."""
    if person is None:
        raise LuzeError("没有写供谁使用，姓名不能不遮盖", fix="请用 --for 写明，或去掉 --unmasked")
    registry = occasion.registry
    rights = [why_allowed(registry, file.household, person, file.as_of) for file in files]
    problems = [
        Problem(f"{occasion.called(person)}不是这一户的帮扶责任人、驻村工作队员或所在乡镇、县的干部",
                file.household.number)
        for file, right in zip(files, rights, strict=True) if not right
    ]  # fmt: skip
    if problems:
        fix = "请核对登记簿，或去掉 --unmasked 打印遮盖姓名的档案"
        raise LuzeError("没有打印，未作任何改动", problems=problems, fix=fix)
    return rights


def _write(
    office: Office, connection: sa.Connection, out: Path | None, name: str, facts: Facts,
    told: dict[str, Any],
) -> None:  # fmt: skip
    """Write the paper and the page; both acts are recorded."""
    kind = {household_sheet.NAME: "household_sheet", household_labels.NAME: "household_labels"}
    stem, home = f"{name}_{facts.about}_{told['as_of']}", office.settings.home
    made_ = {".docx": as_docx(name, facts, home), ".html": as_html(name, facts, home)}
    for ending, data in made_.items():
        about = {"kind": kind[name], **told}
        path = write_paper(office, connection, out, (stem, ending), data, about)
        show.console().print(f"已写出：{path}", markup=False, soft_wrap=True)
