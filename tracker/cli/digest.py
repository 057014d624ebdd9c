"""The edge: `digest`: the weekly letters as files in a folder to look at; nothing is sent."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Annotated

import pandas as pd
import sqlalchemy as sa
import typer

from tracker import audit, clock, db
from tracker.cli import show
from tracker.cli.check import AsOf
from tracker.cli.files import free_name, out_folder
from tracker.cli.office import Office, here, parse_day, parse_number
from tracker.delivery.digest_letter import readers
from tracker.delivery.digest_preview import PAGE, Preview, listing, previews
from tracker.digest import week as weeks
from tracker.digest.reader import LEADER, ROLE_NAMES, Reader
from tracker.errors import LuzeError
from tracker.evaluation import findings
from tracker.evaluation.words import Status
from tracker.registry.dated import load_registry
from tracker.registry.roles import Roles

To = Annotated[str | None, typer.Option("--to", help="只看这位联系人的：编号或姓名")]
ScopeName = Annotated[str | None, typer.Option("--scope", help="看这个地方、单位或工作队的")]
Role = Annotated[str, typer.Option(help="与 --scope 同用：领导、联络员或群")]
Out = Annotated[Path | None, typer.Option(help="写到哪个文件夹；默认是数据目录下的 digests")]


def add_to(app: typer.Typer) -> None:
    """Register the command."""
    app.command("digest", help="预览周报：写到文件夹里看，不发送")(digest)


def digest(
    to: To = None, scope: ScopeName = None, role: Role = ROLE_NAMES[LEADER], as_of: AsOf = None,
    out: Out = None,
) -> None:  # fmt: skip
    """Write the letters of the week into a folder, with a page that lists them."""
    office = here()
    with office.database.connect() as connection:
        day = office.night(connection, parse_day(as_of, "--as-of"))
        asked = _asked(office, connection, to, scope, role) or some_readers(connection, day)
    page, made = write(office, asked, day, out)
    say(page, made)


def write(
    office: Office, asked: Sequence[Reader], day: date, out: Path | None = None
) -> tuple[Path, list[Preview]]:
    """Write the letters of these readers into a new folder under `out`; returns the page that
    lists them, and what was written. The act is recorded; nobody waits while they are written."""
    now, home = clock.now(), office.settings.home
    with office.database.connect() as connection:
        found = weeks.gather(connection, office.law, asked, as_of=day, known_at=now)
        made = previews(found, office.settings.base_url, home)
    files = {name: data for one in made for name, data in one.files.items()}
    files[PAGE] = listing(made, day, home).encode()
    folder = free_name(out_folder(office, out, "digests"), f"{day}", "")
    digests = {name: hashlib.sha256(data).hexdigest() for name, data in files.items()}
    with db.transaction(office.database) as connection:
        audit.append(
            connection, act="digest_preview", operator=office.settings.operator, now=now,
            detail={"as_of": day, "folder": folder.name, "files": digests},
        )  # fmt: skip
        folder.mkdir()
        for name, data in files.items():
            (folder / name).write_bytes(data)
    return folder / PAGE, made


def say(page: Path, made: Sequence[Preview]) -> None:
    """What was written, and where."""
    out = show.console()
    rows = [(one.reader, one.subject, one.figures) for one in made]
    out.print(show.table(f"周报 {len(made)} 份（未发送）", ("给谁", "标题", "各部分项数"), rows))
    out.print(f"已写出：{page}", markup=False, soft_wrap=True)


def some_readers(connection: sa.Connection, day: date) -> list[Reader]:
    """Where no contact wants digests: the leaders of the county and the unit with most missed."""
    run = findings.last_run(connection, day)
    if run is None:
        raise LuzeError(f"{day} 以前没有检查过，写不出周报", fix="请先运行 tracker check")
    rows = findings.owed(findings.state(connection, run.id))
    missed = rows[rows["status"] == Status.breached.name]
    rows = rows if missed.empty else missed
    registry = load_registry(connection, clock.now())
    counties = pd.Series(Roles(registry, frozenset()).within(rows["place_id"], "county"))
    units = rows["unit_id"].dropna().astype("int64")
    chosen = [*_most(counties[counties >= 0]), *_most(units)]
    return [Reader(0, registry.name(one), one, LEADER) for one in chosen]


def _most(values: pd.Series) -> list[int]:
    """The value that occurs most, of equals the smallest; none where there is none."""
    return [int(values.mode().iloc[0])] if len(values) else []


def _asked(
    office: Office, connection: sa.Connection, to: str | None, scope: str | None, role: str
) -> list[Reader]:
    """The readers named, else every contact that wants digests."""
    if to is not None and scope is not None:
        raise LuzeError(
            "--to 和 --scope 不能同时写", fix="看联系人的周报写 --to，看某地的写 --scope"
        )
    if scope is not None:
        subject = office.find(connection, scope)
        return [Reader(0, scope, subject, _role(role))]
    known = readers(connection)
    if to is None:
        return known
    number = parse_number(to)
    meant = [one for one in known if one.contact_id == number or one.name == to]
    if not meant:
        names = "、".join(f"{one.contact_id} {one.name}" for one in known) or "还没有"
        raise LuzeError(f"没有接收周报的联系人“{to}”", fix=f"接收周报的联系人：{names}")
    return meant


def _role(word: str) -> str:
    found = {name: role for role, name in ROLE_NAMES.items()} | {role: role for role in ROLE_NAMES}
    if word not in found:
        raise LuzeError(
            f"没有“{word}”这种身份", fix=f"--role 可写：{'、'.join(ROLE_NAMES.values())}"
        )
    return found[word]
