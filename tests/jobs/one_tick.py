"""A process with one tick of the nightly job: `python -m tests.jobs.one_tick URL HOME NOW [FLAG]`.

With FLAG it stops in the middle of the night, when all of it is written and nothing committed,
writes the file FLAG and waits to be killed.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

from jobs import nightly
from tests.jobs.office import Clock, at, ticker
from tracker import db, journal


def stop_at(flag: Path) -> None:
    """Have the night wait at its very end, inside its transaction."""
    real = journal.end

    def wait(*args: object, **kwargs: object) -> None:
        real(*args, **kwargs)  # type: ignore[arg-type]
        if "law" in kwargs:  # the end of a step in its transaction
            flag.touch()
            time.sleep(600)

    journal.end = wait


def main(url: str, home: str, now: str, flag: str = "") -> None:
    """One tick."""
    if flag:
        stop_at(Path(flag))
    engine = db.open_engine(url)
    ticker(engine, Path(home), Clock(at(now)), nightly=nightly.step).tick()


if __name__ == "__main__":
    main(*sys.argv[1:])
