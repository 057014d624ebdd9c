"""The day's proved copy of the database; older ones beyond the kept number go after a good one."""

from __future__ import annotations

from datetime import datetime

from jobs.slot import Outcome, Slot
from jobs.timetable import load_timetable
from tracker import audit, backup, db
from tracker.cli.office import Office


def step(office: Office, slot: Slot, now: datetime) -> Outcome:
    """Copy, prove, record, then remove what is too old."""
    keep = load_timetable(office.settings.timetable).backup.keep
    folder = office.folder(backup.FOLDER)
    made = backup.make(office.database, folder, now)
    with db.transaction(office.database) as connection:
        audit.append(
            connection, act="backup", operator=office.settings.operator, now=now,
            detail=backup.detail(made),
        )  # fmt: skip
    gone = backup.prune(folder, keep, made.path)
    size = made.path.stat().st_size
    told = f"{made.path.name}，核验审计记录 {made.acts} 条，删去旧备份 {len(gone)} 份"
    return Outcome({"bytes": size, "acts": made.acts, "removed": len(gone)}, told)
