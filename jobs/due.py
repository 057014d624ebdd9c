"""What is due: from the timetable, the calendar, the last night checked and the journal. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta

from jobs.slot import Slot
from jobs.timetable import Daily, Timetable
from tracker.clock import SHANGHAI
from tracker.errors import LuzeError
from tracker.evaluation.freshness import NIGHTLY
from tracker.journal import JobRun, State
from tracker.workdays import Calendar

OUTBOX = "outbox"
_DAY = timedelta(days=1)
_DONE = (State.succeeded, State.skipped)


def slots(
    timetable: Timetable, now: datetime, calendar: Calendar, checked: date | None
) -> list[Slot]:
    """Everything that should have run by now and can still be made up, oldest first. `checked`:
    the newest night checked."""
    local = now.astimezone(SHANGHAI)
    found: list[Slot] = []
    for job, rule in timetable.daily.items():
        if rule.on == "never":
            continue
        if rule.late == "each":
            found += _each(job, rule, local, checked, timetable.most_nights)
        elif rule.on == "first_working_day":
            found += _of_week(job, rule, local, calendar)
        else:
            found += _of_day(job, rule, local, calendar)
    found.sort(key=lambda slot: slot.at)
    return [*found, _repeated(OUTBOX, timetable.outbox.every_minutes, local)]


def _of_day(job: str, rule: Daily, now: datetime, calendar: Calendar) -> Iterator[Slot]:
    today = now.date()
    if now >= _at(today, rule) and _runs_on(rule, today, calendar):
        yield Slot(job, f"{today}", _at(today, rule), today)


def _of_week(job: str, rule: Daily, now: datetime, calendar: Calendar) -> Iterator[Slot]:
    """The week's one slot: until the end of its day, or of the next working day of the week."""
    today = now.date()
    monday, days = _week(today, calendar)
    planned = _at(days[0] if days else monday, rule)
    if now < planned:
        return
    last = days[1 if rule.late == "next_working_day" and len(days) > 1 else 0] if days else monday
    idle = "" if days else "本周没有工作日，不发"
    if days and today > last:
        idle = "过了本周可以补发的日子，下周再发"
    yield Slot(job, f"{monday}", planned, today, idle=idle)


def _each(job: str, rule: Daily, now: datetime, checked: date | None, most: int) -> Iterator[Slot]:
    """Every night since the newest one checked; tonight also where somebody checked it by hand.

    So many missing nights mean a wrong clock rather than a long sleep, and a night of a day to
    come, once stored, shuts out every night until then: both are for a person to decide.
    """
    today = now.date()
    last = today if now >= _at(today, rule) else today - _DAY
    first = today if checked is None or checked == today else checked + _DAY
    missing = (last - first).days + 1
    refused = _refused(checked, today, missing, most)
    if refused:
        yield Slot(job, f"{today}", _at(today, rule), today, refused=refused)
        return
    for n in range(missing):
        day = first + n * _DAY
        yield Slot(job, f"{day}", _at(day, rule), day)


def _refused(checked: date | None, today: date, missing: int, most: int) -> LuzeError | None:
    """Why no night may be checked: the clock is wrong, or was when the newest one was."""
    if checked and checked > today:
        return LuzeError(
            f"最后检查的是 {checked}，晚于今天（{today}），到那一天以前夜检不再运行",
            fix="请核对本机时钟；是时钟曾经拨快的，用那以前的备份恢复，或等到那一天",
        )
    if missing > most:
        return LuzeError(
            f"最后检查的是 {checked}，到今天（{today}）差 {missing} 夜，夜检暂不运行",
            fix="请核对本机时钟；确实停了这么久，先运行一次 tracker check，此后照常逐夜运行",
        )
    return None


def _repeated(job: str, minutes: int, now: datetime) -> Slot:
    whole = now.replace(second=0, microsecond=0)
    whole -= timedelta(minutes=(whole.hour * 60 + whole.minute) % minutes)
    return Slot(job, f"{now.date()}", whole, now.date(), repeats=True)


def ready(
    found: Sequence[Slot], runs: Iterable[JobRun], now: datetime, retry_minutes: Sequence[int]
) -> list[Slot]:
    """Those that are not done and do not rest after a failure; what repeats is neither. A night
    that rests holds up the later ones: nights are only ever appended."""
    by_slot: dict[tuple[str, str], list[JobRun]] = {}
    for run in runs:
        by_slot.setdefault((run.job, run.slot), []).append(run)
    kept, held = [], False
    for slot in found:
        past = [] if slot.repeats else by_slot.get((slot.job, slot.name), [])
        if not slot.refused and any(run.state in _DONE for run in past):
            continue
        rests = _rests(past, now, retry_minutes)
        held = held or (rests and slot.job == NIGHTLY)
        if not rests and not (held and slot.job == NIGHTLY):
            kept.append(slot)
    return kept


def _rests(failed: Sequence[JobRun], now: datetime, retry_minutes: Sequence[int]) -> bool:
    """Whether a slot waits after its failures. A clock that jumped back ends the wait."""
    if not failed:
        return False
    wait = timedelta(minutes=retry_minutes[min(len(failed), len(retry_minutes)) - 1])
    return timedelta(0) <= now - failed[-1].started_at < wait


def planned(
    timetable: Timetable, calendar: Calendar, first: date, last: date
) -> list[tuple[str, datetime]]:
    """What runs when in a span of days by the timetable alone: (job, moment), in order."""
    days = [first + n * _DAY for n in range((last - first).days + 1)]
    found = [
        (job, _at(day, rule))
        for job, rule in timetable.daily.items()
        for day in days
        if _runs_on(rule, day, calendar)
    ]
    return sorted(found, key=lambda one: one[1])


def _runs_on(rule: Daily, day: date, calendar: Calendar) -> bool:
    if rule.on == "first_working_day":
        return day in _week(day, calendar)[1][:1]
    return rule.on == "every_day" or (rule.on == "working_days" and bool(calendar.is_working(day)))


def _week(day: date, calendar: Calendar) -> tuple[date, list[date]]:
    """The Monday of the day's week, and the week's working days."""
    monday = day - day.weekday() * _DAY
    working: list[date] = calendar.days(monday, monday + 6 * _DAY).tolist()
    return monday, working


def _at(day: date, rule: Daily) -> datetime:
    return datetime.combine(day, rule.at, SHANGHAI)
