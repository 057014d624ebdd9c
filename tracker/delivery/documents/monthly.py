"""The township's monthly meeting of captains (八(二)): who comes, what is open, what is decided.

What is open is read from the last check; nothing is judged here.
"""

from __future__ import annotations

import calendar
from collections.abc import Mapping, Sequence
from datetime import date, datetime

import pandas as pd
import sqlalchemy as sa

from tracker.db import table
from tracker.delivery.documents.sheets import Printout, Sheet, Table, sheet_settings
from tracker.errors import LuzeError
from tracker.evaluation import findings, narrate
from tracker.evaluation.tables import Run
from tracker.evaluation.words import STATUS_NAMES, Status
from tracker.policy.law import Law
from tracker.policy.model import Duty
from tracker.registry.dated import Registry, day_number, load_registry
from tracker.registry.labels import labels

VACANT = "空缺"
TEAMS = "到会签到和本月待办"
_COLUMNS = ("序号", "村", "队长", "签到", "本月待办（谁　责任事项　考核期　完成/应完成　判定）")
_WIDTHS, _DECISION_WIDTHS = (6, 20, 14, 16, 86), (6, 62, 20, 18, 36)
_OPEN = (
    Status.breached, Status.unreachable, Status.needs_review, Status.at_risk, Status.in_grace,
)  # fmt: skip
_RUN = table(Run)
Duties = Mapping[tuple[str, str], Duty]


def monthly_sheet(
    connection: sa.Connection, law: Law, township: int, month: date, known_at: datetime
) -> Printout:
    """The sheet of a township for the month that begins on `month`, as of the last check up to
    its end. Raises LuzeError for what is no township, has no team, or was never checked."""
    run = _last_check(connection, _end_of(month))
    registry = load_registry(connection, known_at)
    names, day = labels(registry), day_number(run.as_of)
    teams = _teams(registry, township, day)
    _refuse_without_teams(registry, township, teams)
    rows = findings.owed(findings.state(connection, run.id))
    duties = {(p.document.id, d.id): d for p in law.packs for d in p.duties}
    captains = _captains(registry, day)
    silent = {team: _unheard(rows, team, duties) for team, _ in teams}
    common = [name for name in silent[teams[0][0]] if all(name in told for told in silent.values())]
    listed = [
        (str(number), registry.name(village), captains.get(team, VACANT), "",
         _points(rows, team, names, duties, [n for n in silent[team] if n not in common]))
        for number, (team, village) in enumerate(teams, 1)
    ]  # fmt: skip
    chair = _chair(registry, township, day)
    blanks = "时间：　　月　　日　　　时　　地点：　　　　　　　　"
    lines = (
        f"总队长：{chair}　　{blanks}应到 {len(teams)} 人，实到　　　人",
        _own_record(rows, township, month),
        *([f"各队都没有报送的：{'、'.join(common)}"] if common else []),
    )
    return Printout(
        f"{names[township]}{month.year}年{month.month}月驻村帮扶工作队队长工作例会表",
        f"待办事项截至 {narrate.short_date(run.as_of)}的检查",
        (_attendance(lines, listed), _decisions()),
    )


def _attendance(lines: tuple[str, ...], rows: Sequence[Sequence[str]]) -> Sheet:
    per_page = sheet_settings().monthly.teams_a_page
    made = Table(
        TEAMS, _COLUMNS, rows, left=frozenset(_COLUMNS[-1:]), by_hand=True, page_rows=per_page
    )
    return Sheet(TEAMS, _WIDTHS, lines, (made,))


def _decisions() -> Sheet:
    chosen = sheet_settings().monthly
    agenda = tuple(f"议程 {number}：{text}" for number, text in enumerate(chosen.agenda, 1))
    columns = ("序号", *chosen.decisions)
    rows = [
        [str(number), *[""] * len(chosen.decisions)]
        for number in range(1, chosen.decision_rows + 1)
    ]
    made = Table("议定事项", columns, rows, by_hand=True)
    return Sheet("议程和议定事项", _DECISION_WIDTHS, agenda, (made,), chosen.signatures)


def _last_check(connection: sa.Connection, day: date) -> Run:
    query = sa.select(_RUN).where(_RUN.c.as_of <= day).order_by(_RUN.c.id.desc()).limit(1)
    found = connection.execute(query).first()
    if found is None:
        raise LuzeError(
            f"{day} 以前没有检查过，列不出待办事项", fix="请先运行 tracker check，或换一个月份"
        )
    return Run(**found._mapping)


def _teams(registry: Registry, township: int, day: int) -> list[tuple[int, int]]:
    """(team, village) of the township on a day, by the village's name."""
    parts = registry.tie("part_of")
    live = parts[(parts["starts"] <= day) & (parts["ends"] >= day)]
    villages = set(live[live["target"] == township]["source"])
    teams = registry.subjects[registry.subjects["kind"] == "team"]
    found = teams[teams["home"].isin(villages)]
    pairs = [(int(team), int(home)) for team, home in zip(found["id"], found["home"], strict=True)]
    return sorted(pairs, key=lambda pair: registry.name(pair[1]))


def _refuse_without_teams(registry: Registry, township: int, teams: list[tuple[int, int]]) -> None:
    name = registry.name(township)
    if registry.subjects["kind"].get(township) != "township":
        raise LuzeError(f"“{name}”不是乡镇", fix="工作例会由乡镇召开，请写乡镇名称")
    if not teams:
        raise LuzeError(f"{name}没有登记驻村帮扶工作队", fix="请先导入驻村干部名册")


def _holders(registry: Registry, role: str, day: int) -> pd.DataFrame:
    posts = registry.posts
    return posts[(posts["role"] == role) & (posts["starts"] <= day) & (posts["ends"] >= day)]


def _captains(registry: Registry, day: int) -> dict[int, str]:
    """Team -> its captain's name; a team without one is absent."""
    held = _holders(registry, "captain", day)
    people = held.groupby("body")["person"].unique()
    return {int(str(b)): "、".join(registry.name(int(p)) for p in who) for b, who in people.items()}


def _chair(registry: Registry, township: int, day: int) -> str:
    held = _holders(registry, "chief_captain", day)
    people = held[held["body"] == township]["person"].unique()
    return "、".join(registry.name(int(person)) for person in people) or VACANT


def _own_record(rows: pd.DataFrame, township: int, month: date) -> str:
    """How often the meeting itself is on record for the month."""
    duty = sheet_settings().monthly.duty
    own = rows[(rows["duty"] == duty) & (rows["holder_id"] == township) & (rows["opens"] == month)]
    told = "、".join(
        f"{narrate.fraction(f)}（{narrate.status_name(f)}）" for _, f in own.iterrows()
    )
    return f"本月工作例会登记情况：{told or '尚无记录'}；会后请在县级事项台账中登记"


def _points(
    rows: pd.DataFrame, team: int, names: Mapping[int, str],
    duties: Duties, silent: Sequence[str],
) -> str:  # fmt: skip
    """The open points of a team, worst first and its own before others', one a line; what is
    `silent` in one line."""
    mine = rows[rows["team_id"] == team]
    order = {status.name: place for place, status in enumerate(_OPEN)}
    open_ = mine[mine["status"].isin(order)]
    urgency = open_["status"].map(order) * 2 + (open_["accountable_id"] != team)
    open_ = open_.iloc[urgency.argsort(kind="stable")]
    lines = [_point(f, names, duties[f["document"], f["duty"]]) for _, f in open_.iterrows()]
    shown = sheet_settings().monthly.points_shown
    if len(lines) > shown:
        lines = [*lines[:shown], f"另有 {len(lines) - shown} 项，见 tracker findings"]
    if silent:
        lines.append(f"未报送：{'、'.join(silent)}")
    return "\n".join(lines) or "无"


def _point(finding: pd.Series, names: Mapping[int, str], duty: Duty) -> str:
    who = narrate.holder_name(names, int(finding["holder_id"]), finding["counterpart_id"], duty)
    people = " → ".join(part.partition("@")[0] for part in who.split(" → "))
    window = narrate.window_name(finding["opens"], finding["closes"])
    status = STATUS_NAMES[Status[finding["status"]]]
    told = f"{people}　{duty.name}　{window}　{narrate.fraction(finding)}　{status}"
    last_safe = finding["last_safe_on"]
    return f"{told}，最迟 {narrate.short_date(last_safe, finding['closes'])}" if last_safe else told


def _unheard(rows: pd.DataFrame, team: int, duties: Duties) -> list[str]:
    """The duties of a team of which nobody reported anything."""
    mine = rows[(rows["team_id"] == team) & (rows["status"] == Status.unreported.name)]
    pairs = zip(mine["document"], mine["duty"], strict=True)
    return list(dict.fromkeys(duties[pair].name for pair in pairs))


def _end_of(month: date) -> date:
    return month.replace(day=calendar.monthrange(month.year, month.month)[1])
