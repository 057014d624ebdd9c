"""The edge: `policy new`, the folder of a new document, for a policy officer to fill in."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from tracker.cli import show
from tracker.cli.office import here, parse_day
from tracker.cli.policy import policy_app
from tracker.delivery.documents.clauses import outline
from tracker.errors import LuzeError
from tracker.policy.scaffold import Beginning, begin

PACKS = Path("规则包")


def add_to(_: typer.Typer) -> None:
    """Register the command."""
    policy_app.command("new", help="新建一份规则包：按文件原文列出条款，等待逐条决定")(new)


def new(
    document: Annotated[str, typer.Argument(help="编号，如 moxian-2021-3：小写字母、数字、短横")],
    number: Annotated[str, typer.Option(help="文号")],
    title: Annotated[str, typer.Option(help="标题")],
    area_code: Annotated[str, typer.Option(help="适用地域的统计区划代码，不补零，如 621023")],
    area_name: Annotated[str, typer.Option(help="适用地域的名称，如 华池县")],
    issued_on: Annotated[str, typer.Option(help="印发日期，如 2021-01-20")],
    starts: Annotated[str, typer.Option("--from", help="哪一天起施行，如 2021-01-20")],
    issuer: Annotated[list[str] | None, typer.Option(help="发文机关，可写多次")] = None,
    text: Annotated[
        Path | None, typer.Option(help="文件全文：.txt 或 .docx；按条款编号列出每一条")
    ] = None,
    out: Annotated[Path, typer.Option(help="放规则包的目录；写好以后再移到本地规则的目录")] = PACKS,
) -> None:
    """Begin a pack: what is known, every article undecided."""
    office = here()
    if out.resolve() == office.settings.policy_dir:
        what = f"{out} 是现用的本地规则，没有写完的规则包放进去，每夜检查就会停下"
        raise LuzeError(what, fix="请换一个目录，写好、校验以后再移过去")
    beginning = Beginning(
        id=document, number=number, title=title, issuers=issuer or [],
        area_code=area_code, area_name=area_name,
        issued_on=_day(issued_on, "--issued-on"), starts=_day(starts, "--from"),
        articles=outline(text) if text else {},
    )  # fmt: skip
    known = [pack.document.id for pack in office.law.packs]
    made = begin(beginning, out, known)
    _say(made, len(beginning.articles))


def _day(text: str, option: str) -> date:
    day = parse_day(text, option)
    assert day is not None  # the option is required
    return day


def _say(made: Path, articles: int) -> None:
    """What there is now, and what to do next."""
    cut = f"，从原文列出条款 {articles} 条" if articles else "，没有给原文，条款请自己填"
    pack, folder = made.name, made.parent
    for line in (
        f"已建立 {made}{cut}",
        "接下来：",
        f"  1. 改 {made / 'document.yaml'}：每一条的 covered 都要决定",
        f"  2. 写 {made / 'duties.yaml'} 和 qualitative.yaml（照里面的例子；没有内容的删去）",
        f"  3. tracker policy lint {folder}    # 一次列出全部问题，改到没有为止",
        f"  4. tracker policy coverage {pack} {folder}    # 逐条对照",
        f"  5. tracker policy conflicts {folder}    # 与现行文件比宽严",
        f"  6. tracker policy impact {folder}    # 按它的要求，去年谁会不达标",
    ):
        show.console().print(line, markup=False, soft_wrap=True)
