"""The edge: a stale check is loud, wherever somebody reads what it found."""

from __future__ import annotations

from collections.abc import Sequence

from tracker import clock
from tracker.cli import show
from tracker.cli.office import here
from tracker.errors import LuzeError
from tracker.evaluation.freshness import Freshness, freshness

READING = ("findings", "query", "notices", "interviews", "bars", "campaign", "papers", "sheets")
_ANOTHER_DAY = ("--as-of", "--known-at", "--night", "--help")


def warn(words: Sequence[str]) -> None:
    """One line on stderr where the command reads the newest night and that is stale. Only where a
    scheduler has run before: who checks by hand knows when."""
    if not words or words[0] not in READING or any(w.startswith(_ANOTHER_DAY) for w in words):
        return
    try:
        with here().database.connect() as connection:
            found = freshness(connection, clock.now())
    except LuzeError:
        return  # the command itself will tell
    if found.scheduled and found.stale:
        show.console(stderr=True).print(line(found), style="bold red", soft_wrap=True)


def line(found: Freshness) -> str:
    """What a stale check means, and what to do."""
    if found.at is None:
        said = "还没有一次检查成功"
    else:
        said = f"最近一次成功的检查判定的是 {found.as_of}（{found.at:%Y-%m-%d %H:%M} 运行）"
        said += f"，已漏检 {found.missed} 夜，以下不是最新情形" if found.missed else ""
        if found.ahead:
            return f"注意：{said}，晚于今天：请核对本机时钟，此前夜检不再运行。原因见 tracker runs"
    return f"注意：{said}。原因见 tracker runs，补检用 tracker schedule --once"
