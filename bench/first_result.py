"""From an empty folder to the first result: what a newcomer waits for after the installation."""

from __future__ import annotations

import os
import subprocess
import sys
from tempfile import TemporaryDirectory

from bench.stage import Figure, medians, timed

BAR = 20
_DEMO = (sys.executable, "-c", "from tracker.cli import main; main()", "demo")


def measure(rounds: int) -> list[Figure]:
    """Wall seconds of `tracker demo` as a process of its own: init, import, check, query."""
    (seconds,) = medians(_once, rounds)
    return [Figure("空目录到演示结果（建库、导入、检查、查询）", seconds, bar=BAR)]


def _once() -> tuple[float]:
    with TemporaryDirectory(prefix="luze-bench-") as home:
        environ = {k: v for k, v in os.environ.items() if not k.startswith("TRACKER_")}
        environ["TRACKER_HOME"] = home
        return (timed(lambda: subprocess.run(_DEMO, env=environ, check=True, capture_output=True)),)
