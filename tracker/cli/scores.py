"""The edge: `score`, the facts that points follow from, a subject's sheet, the office's ranking."""

from __future__ import annotations

from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Annotated

import sqlalchemy as sa
import typer

from tracker import clock, db
from tracker.cli import score_words as words
from tracker.cli import show
from tracker.cli.check import Json, KnownAt
from tracker.cli.files import write_paper
from tracker.cli.groups import Listing
from tracker.cli.office import MOST, Office, day_of_act, here, parse_day, parse_moment
from tracker.delivery.documents import score_list, score_sheet
from tracker.delivery.documents.occasion import Occasion
from tracker.delivery.documents.render import render
from tracker.delivery.documents.sheets import as_xlsx
from tracker.errors import LuzeError
from tracker.registry.dated import load_registry
from tracker.registry.labels import labels
from tracker.scorecards import acts, desk
from tracker.scorecards.facts import on_record, recorded
from tracker.scorecards.meant import card_meant, card_named, cards_of, document_meant

score_app = typer.Typer(help="考核计分：登记事项和分数、评分表、考核单位的排名表", cls=Listing)

Subject = Annotated[str, typer.Argument(help="被考核的村或单位（可用简称）")]
Number = Annotated[int, typer.Argument(max=MOST, help="记录编号，见 tracker score list")]
Pack = Annotated[
    str | None, typer.Option("--pack", help="规则包编号；只有一份文件有计分办法时可不写")
]
Card = Annotated[str | None, typer.Option("--card", help="哪一类考核，如 stations.line；村可不写")]
AsOf = Annotated[str | None, typer.Option("--as-of", help="截至哪一日，如 2019-12-31；留空为今天")]
Out = Annotated[Path | None, typer.Option(help="写到哪个文件夹；留空为数据目录下 papers")]
Officer = Annotated[str, typer.Option(help="经办人姓名")]


def add_to(app: typer.Typer) -> None:
    """Register the command group."""
    app.add_typer(score_app, name="score")


@score_app.command("list", help="列出登记的事项和分数，已作废的也列出")
def list_(
    subject: Annotated[str | None, typer.Argument(help="只列这个村或单位")] = None,
    card: Card = None,
    pack: Pack = None,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    as_json: Json = False,
) -> None:
    """Every fact with its state."""
    office, moment = here(), parse_moment(known_at) or clock.now()
    document = document_meant(office.law, pack)
    plan = cards_of(office.law, document)
    wanted = card_named(plan, card).id if card else None
    with office.database.connect() as connection:
        found = recorded(
            connection, document, as_of=parse_day(as_of, "--as-of"), known_at=moment
        )  # fmt: skip
        names = labels(load_registry(connection, moment))
        about = office.find(connection, subject) if subject else None
    found = [
        each for each in found
        if wanted in (None, each.fact.card) and about in (None, each.fact.subject_id)
    ]  # fmt: skip
    if as_json:
        show.print_json([words.fact_json(each, names) for each in found])
        return
    rows = [words.fact_row(plan, each, names) for each in found]
    show.console().print(show.table(f"计分记录 {len(found)} 条", words.FACTS, rows))


@score_app.command(help="登记一件计分的事，或者一项报送的分数、名次")
def record(
    subject: Subject,
    item: Annotated[str, typer.Argument(help="考核内容的名称或序号，如 日常工作责任落实")],
    what: Annotated[
        str, typer.Argument(help="哪一种，如 未在限期内完成、国家级、后台数据；只有一种时可不写")
    ] = "",
    amount: Annotated[
        str | None, typer.Option(help="扣几分、报送的分数、类别或名次；计分办法写定的不写")
    ] = None,
    on: Annotated[str | None, typer.Option(help="哪一日，如 2019-05-10；留空为今天")] = None,
    source: Annotated[str, typer.Option(help="数据来源；计分办法只写了一家时可不写")] = "",
    document: Annotated[str, typer.Option("--document", help="通知、通报等的文号")] = "",
    officer: Officer = "",
    note: Annotated[str, typer.Option(help="事由")] = "",
    card: Card = None,
    pack: Pack = None,
) -> None:
    """Record a fact about one item of a scorecard."""
    office, now = here(), clock.now()
    chosen = document_meant(office.law, pack)
    plan = cards_of(office.law, chosen)
    with db.transaction(office.database) as connection:
        about = office.find(connection, subject)
        kind = str(load_registry(connection, now).subjects["kind"].get(about, ""))
        facts = on_record(connection, chosen, known_at=now)
        number = acts.record(
            connection, office.law, document=chosen,
            card=card_meant(plan, kind, card, facts, about).id, subject_id=about, item=item,
            what=what, amount=_amount(amount), on=day_of_act(on), source=source,
            document_number=document, officer=officer, note=note, now=now,
            operator=office.settings.operator,
        )  # fmt: skip
    show.console().print(f"已登记为第 {number} 号记录，作废用 tracker score void {number}")


@score_app.command(help="作废一条登记错的记录，分数随之恢复")
def void(
    number: Number,
    reason: Annotated[str, typer.Option("--reason", help="作废的原因")] = "",
    officer: Officer = "",
) -> None:
    """Take a fact back; it and the voiding both stay on record."""
    office = here()
    with db.transaction(office.database) as connection:
        acts.void(
            connection, number, reason=reason, officer=officer, now=clock.now(),
            operator=office.settings.operator,
        )  # fmt: skip
    show.console().print(f"第 {number} 号记录已作废")


@score_app.command("show", help="一个村或单位的得分：每一分来自哪件事、谁报送")
def show_(
    subject: Subject,
    card: Card = None,
    pack: Pack = None,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    as_json: Json = False,
) -> None:
    """One sheet, computed afresh."""
    office, moment = here(), parse_moment(known_at) or clock.now()
    with office.database.connect() as connection:
        found = desk.sheet_of(
            connection, office.law, document_meant(office.law, pack),
            office.find(connection, subject), as_of=_day(as_of), known_at=moment, card=card,
        )  # fmt: skip
        names = labels(load_registry(connection, moment))
    if as_json:
        show.print_json(words.sheet_json(found, found.sheets[0], names))
        return
    words.print_sheet(show.console(), found, names)


@score_app.command(help="生成一个村或单位的评分表（docx，代拟稿）")
def sheet(
    subject: Subject, card: Card = None, pack: Pack = None, out: Out = None, as_of: AsOf = None
) -> None:
    """Write the sheet of one subject for signature."""
    office, day = here(), _day(as_of)
    with db.transaction(office.database) as connection:
        occasion = _occasion(office, connection, day)
        about = office.find(connection, subject)
        found = desk.sheet_of(
            connection, office.law, document_meant(office.law, pack), about, as_of=day,
            known_at=occasion.known_at, card=card,
        )  # fmt: skip
        facts = score_sheet.score_sheet(occasion, found)
        data = render(score_sheet.NAME, facts.told, home=office.settings.home)
        name = f"{score_sheet.NAME}_{facts.about}_{day}", ".docx"
        told = {"kind": "score_sheet", "about": about, "as_of": day}
        path = write_paper(office, connection, out, name, data, told)
    show.console().print(f"已生成（代拟稿）：{path}", markup=False, soft_wrap=True)


@score_app.command(help="排名表（xlsx）：只供考核单位使用，不对外公布")
def ranking(
    card: Annotated[str, typer.Argument(help="哪一类考核，如 villages")],
    assessing_office: Annotated[str, typer.Option(help="使用排名的考核单位，如 镇扶贫办")] = "",
    pack: Pack = None,
    out: Out = None,
    as_of: AsOf = None,
) -> None:
    """Write and print the list of everybody scored by a card, for an office that assesses."""
    office, day = here(), _day(as_of)
    with db.transaction(office.database) as connection:
        occasion = _occasion(office, connection, day)
        document = document_meant(office.law, pack)
        found, placed = desk.ranking(
            connection, office.law, document, card, office=assessing_office, as_of=day,
            known_at=occasion.known_at,
        )  # fmt: skip
        made = score_list.score_list(occasion, found, placed, assessing_office)
        told = {"kind": "score_list", "about": placed[0].sheet.card.id, "as_of": day,
                "office": assessing_office}  # fmt: skip
        name = f"{made.title}_{day}", ".xlsx"
        path = write_paper(office, connection, out, name, as_xlsx(made), told)
        names = labels(occasion.registry)
    out_ = show.console()
    rows = [words.placed_row(found, one, names) for one in placed]
    out_.print(show.table(f"{made.title}　{score_list.INTERNAL}", words.PLACES, rows))
    out_.print(f"已写出：{path}", markup=False, soft_wrap=True)


def _occasion(office: Office, connection: sa.Connection, day: date) -> Occasion:
    return Occasion(connection, office.law, office.covers, day, clock.now())


def _day(as_of: str | None) -> date:
    return parse_day(as_of, "--as-of") or clock.today()


def _amount(text: str | None) -> Decimal | None:
    if text is None:
        return None
    try:
        return Decimal(text)
    except InvalidOperation:
        raise LuzeError(f"--amount 的“{text}”不是数字", fix="应写成 0.5、87.5、2 这样") from None
