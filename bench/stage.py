"""The stage of every bench: an office of its own in a folder, medians, and the printed table."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter

from tracker import db, settings
from tracker.cli.office import Office


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured median in seconds. `yardstick`: the seconds of `beside`, taken in the same run;
    `bar`: the most it should take on two quiet cores (0 for none)."""

    what: str
    seconds: float
    beside: str = ""
    yardstick: float = 0.0
    bar: float = 0.0

    @property
    def ratio(self) -> float:
        """How many times the yardstick; 0 where there is none."""
        return self.seconds / self.yardstick if self.yardstick else 0.0

    def cells(self) -> list[str]:
        """What, seconds, ratio, yardstick and bar as they are printed."""
        ratio = f"{self.ratio:.2f} ×" if self.yardstick else ""
        beside = f"{self.beside}（{_told(self.yardstick)} 秒）" if self.yardstick else ""
        return [
            self.what,
            _told(self.seconds),
            ratio,
            beside,
            f"{self.bar:g}" if self.bar else "",
        ]


def _told(seconds: float) -> str:
    return f"{seconds:.2f}" if seconds >= 0.1 else f"{seconds:.4f}"


COLUMNS = ["项目", "秒", "倍数", "标尺", "上限（秒）"]


def table(figures: list[Figure]) -> str:
    """Figures as a Markdown table, ready for docs/benchmarks.md."""
    rows = [COLUMNS, ["--"] * len(COLUMNS), *(figure.cells() for figure in figures)]
    return "\n".join(f"|{'|'.join(row)}|" for row in rows)


def timed(act: Callable[[], object]) -> float:
    """Seconds that one call takes."""
    begun = perf_counter()
    act()
    return perf_counter() - begun


def medians(measure: Callable[[], tuple[float, ...]], rounds: int) -> tuple[float, ...]:
    """The median of each figure over some rounds; what is compared is measured in one round."""
    return tuple(median(column) for column in zip(*(measure() for _ in range(rounds)), strict=True))


def office(home: Path) -> Office:
    """An office with an empty database of this program's schema in `home`."""
    found = Office(settings.load({"TRACKER_HOME": str(home), "TRACKER_OPERATOR": "bench"}))
    db.upgrade(found.engine)
    return found


@contextmanager
def fresh(like: Path | None = None) -> Iterator[Office]:
    """An office in a folder that is gone afterwards; with the database of `like` if given."""
    with TemporaryDirectory(prefix="luze-bench-") as folder:
        home = Path(folder) / "home"
        if like:
            shutil.copytree(like, home)
        found = office(home)
        yield found
        found.engine.dispose()  # closes SQLite's journal, so that the file is whole for a copy
