"""The edge: `bars`, who is barred from what, by which clause and path, until when."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Annotated, Any

import typer

from tracker import clock
from tracker.cli import show
from tracker.cli.check import AsOf, Json, KnownAt
from tracker.cli.groups import Listing
from tracker.cli.office import here, parse_day, parse_moment
from tracker.consequences import incidents
from tracker.consequences.bars import Bar, all_bars
from tracker.errors import LuzeError
from tracker.policy.vocabulary import Vocabulary
from tracker.registry.dated import load_registry
from tracker.registry.labels import labels

bars_app = typer.Typer(help="限制：谁不得评优、提拔、评为“好”，到哪一天", cls=Listing)
COLUMNS = ("谁", "限制", "期限", "还有", "依据", "事件", "由来")


def add_to(app: typer.Typer) -> None:
    """Register the command group."""
    app.add_typer(bars_app, name="bars")


@bars_app.command("list", help="列出在期的限制；--all 连同已过期和未开始的")
def list_(
    subject: Annotated[str | None, typer.Argument(help="单位、地方、工作队或个人")] = None,
    effect: Annotated[str | None, typer.Option(help="只列这种限制，如 评优评先")] = None,
    every: Annotated[bool, typer.Option("--all", help="已过期和未开始的也列出")] = False,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    as_json: Json = False,
) -> None:
    """Every bar in force on the day, one row for each thing it bars from."""
    office, moment = here(), parse_moment(known_at) or clock.now()
    words = office.law.vocabulary
    asked = _effect(words, effect) if effect else None
    with office.database.connect() as connection:
        day = office.night(connection, parse_day(as_of, "--as-of"))
        about = office.find(connection, subject, moment) if subject else None
        registry = load_registry(connection, moment)
        known = incidents.on_record(connection, known_at=moment, as_of=day)
    found = [
        (bar, one)
        for bar in all_bars(known, office.law, registry)
        for one in bar.effects
        if about in (None, bar.subject_id) and asked in (None, one) and (every or bar.in_force(day))
    ]
    names = labels(registry)
    if as_json:
        show.print_json([_json(bar, one, day, names, words) for bar, one in found])
    else:
        title = f"限制 {len(found)} 项（{day}{'，含已过期和未开始的' if every else '在期'}）"
        show.console().print(show.table(title, COLUMNS, _rows(found, day, names, words)))


def _effect(words: Vocabulary, text: str) -> str:
    """The effect that a person means by 评优评先 or award. Raises LuzeError."""
    found = next((one for one, name in words.effects.items() if text in (one, name)), None)
    if found is None:
        known = "、".join(words.effects.values())
        raise LuzeError(f"--effect：没有“{text}”这种限制", fix=f"可用的：{known}")
    return found


def _rows(
    found: Sequence[tuple[Bar, str]], day: date, names: Mapping[int, str], words: Vocabulary
) -> list[tuple[str, ...]]:
    return [
        (
            names[bar.subject_id],
            words.effects[one],
            f"{bar.starts} 至 {bar.ends}{'（文件未写期限）' if bar.duration_not_in_text else ''}",
            _left(bar, day),
            bar.cite,
            f"第{bar.incident.id}号 {words.incidents[bar.incident.kind]}",
            ("连带责任：" if bar.joint else "") + bar.path,
        )
        for bar, one in found
    ]


def _left(bar: Bar, day: date) -> str:
    if day < bar.starts:
        return "未开始"
    left = (bar.ends - day).days
    return f"{left} 天" if left > 0 else "今天止" if left == 0 else "已过期"


def _json(
    bar: Bar, effect: str, day: date, names: Mapping[int, str], words: Vocabulary
) -> dict[str, Any]:
    """One bar from one thing in the stable --json form."""
    return {
        "subject": {"id": bar.subject_id, "name": names[bar.subject_id]},
        "effect": effect, "effect_name": words.effects[effect], "document": bar.document.id,
        "cite": bar.cite, "rule": bar.rule.id, "incident": bar.incident.id,
        "incident_kind": bar.incident.kind, "joint": bar.joint, "path": bar.path,
        "starts": bar.starts.isoformat(), "ends": bar.ends.isoformat(),
        "in_force": bar.in_force(day), "ends_in_days": (bar.ends - day).days,
        "duration_in_text": not bar.duration_not_in_text,
        "interpretations": list(bar.interpretations),
    }  # fmt: skip
