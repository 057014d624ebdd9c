"""The edge: `campaign summary`, `form`, `report` and `compliance`: what an award office prints."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from tracker import clock, db
from tracker.cli import show
from tracker.cli.campaign import AsOf, Plan, award_meant, campaign_app, plan_meant
from tracker.cli.campaign_many import Numbers, all_of
from tracker.cli.files import write_paper
from tracker.cli.office import Office, here, parse_day, parse_numbers
from tracker.delivery.documents import award_compliance, award_form, award_report, award_summary
from tracker.delivery.documents.occasion import Occasion
from tracker.delivery.documents.render import render
from tracker.delivery.documents.sheets import as_xlsx

Out = Annotated[Path | None, typer.Option(help="写到哪个文件夹；留空为数据目录下 papers")]
Award = Annotated[str | None, typer.Option(help="只写这个奖项的；留空为全部")]
# What is written: its name without suffix, its suffix, its bytes.
Made = tuple[str, str, bytes]
Make = Callable[[Office, Occasion], Made]
MakeOne = Callable[[Office, Occasion, int], Made]
MakeAll = Callable[[Office, Occasion], Sequence[tuple[int | str, Made]]]


def add_to(app: typer.Typer) -> None:
    """Register the commands in the group of `campaign`."""
    for name, (told, command) in _COMMANDS.items():
        campaign_app.command(name, help=told)(command)


def summary(plan: Plan = None, award: Award = None, out: Out = None, as_of: AsOf = None) -> None:
    """Write the summary table of those who stand."""

    def make(office: Office, occasion: Occasion) -> Made:
        document = plan_meant(office, plan)
        made = award_summary.summary(occasion, document, award_meant(office, document, award))
        return f"{made.title}_{occasion.as_of}", ".xlsx", as_xlsx(made)

    _write("award_summary", plan or "", out, as_of, make)


def form(numbers: Numbers, out: Out = None, as_of: AsOf = None) -> None:
    """Write the approval forms of some nominees."""

    def make(office: Office, occasion: Occasion, number: int) -> Made:
        name, facts = award_form.form(occasion, number)
        return (
            f"推荐审批表_{facts.about}_{occasion.as_of}", ".docx",
            render(name, facts.told, home=office.settings.home),
        )  # fmt: skip

    _write_each("award_form", numbers, out, as_of, make)


def report(plan: Plan = None, award: Award = None, out: Out = None, as_of: AsOf = None) -> None:
    """Write the statement of publicity and opinions."""

    def make(office: Office, occasion: Occasion) -> Made:
        document, name = plan_meant(office, plan), award_report.NAME
        facts = award_report.report(occasion, document, award_meant(office, document, award))
        data = render(name, facts.told, home=office.settings.home)
        return f"{name}_{facts.about}_{occasion.as_of}", ".docx", data

    _write("award_report", plan or "", out, as_of, make)


def compliance(numbers: Numbers, out: Out = None, as_of: AsOf = None) -> None:
    """Write the one-page statements of compliance of some nominees."""

    def make(office: Office, occasion: Occasion, number: int) -> Made:
        name, base_url = award_compliance.NAME, office.settings.base_url
        facts = award_compliance.compliance(occasion, number, base_url)
        data = render(name, facts.told, home=office.settings.home)
        return f"{name}_{facts.about}_{occasion.as_of}", ".docx", data

    _write_each("award_compliance", numbers, out, as_of, make)


def _write(kind: str, about: str, out: Path | None, as_of: str | None, make: Make) -> None:
    """Make one paper and write it."""
    _write_all(kind, out, as_of, lambda office, occasion: [(about, make(office, occasion))])


def _write_each(
    kind: str, numbers: str, out: Path | None, as_of: str | None, make: MakeOne
) -> None:
    """Make a paper for each nomination, for all of them or for none."""
    wanted = parse_numbers(numbers)
    _write_all(
        kind, out, as_of,
        lambda office, occasion: all_of(wanted, lambda one: (one, make(office, occasion, one))),
    )  # fmt: skip


def _write_all(kind: str, out: Path | None, as_of: str | None, make: MakeAll) -> None:
    """Make papers and write each with its row of the audit; say where they lie."""
    office, day = here(), _day(as_of)
    with db.transaction(office.database) as connection:
        occasion = Occasion(connection, office.law, office.covers, day, clock.now())
        paths = [
            write_paper(office, connection, out, (title, suffix), data,
                        {"kind": kind, "about": about, "as_of": day})
            for about, (title, suffix, data) in make(office, occasion)
        ]  # fmt: skip
    for path in paths:
        show.console().print(f"已生成（代拟稿）：{path}", markup=False, soft_wrap=True)


def _day(as_of: str | None) -> date:
    return parse_day(as_of, "--as-of") or clock.today()


_COMMANDS: dict[str, tuple[str, Callable[..., None]]] = {
    "summary": ("推荐名单汇总表（xlsx）：每个奖项一页，另附名额使用情况", summary),
    "form": ("推荐对象的推荐审批表（docx，代拟稿），每个一份", form),
    "report": ("公示和征求意见情况说明，附推荐名单（docx，代拟稿）", report),
    "compliance": ("推荐对象的合规审查单（docx，每个一页），推荐以后印有核验码", compliance),
}
