"""Importing a workbook: read and stored, beside a bare openpyxl reading of the same file."""

from __future__ import annotations

from collections import deque
from pathlib import Path

from openpyxl import load_workbook

from bench.stage import Figure, fresh, medians, timed
from tracker import clock
from tracker.cli.importing import import_file
from tracker.ledger.reading import read_workbook

BAR = 5
_BARE = "openpyxl 逐格读同一文件"


def measure(workbook: Path, rounds: int) -> list[Figure]:
    """Reading alone, the whole import, and the same file sent a second time (all unchanged)."""
    bare, read, first, again = medians(lambda: _once(workbook), rounds)
    return [
        Figure("读表（识别表式、逐格取值）", read, _BARE, bare),
        Figure("导入（读表、入库、写退回表）", first, _BARE, bare, BAR),
        Figure("再次导入同一文件（全部未变）", again, _BARE, bare, BAR),
    ]


def _once(workbook: Path) -> tuple[float, ...]:
    with fresh() as office:
        forms, today = office.forms, clock.today()  # loaded before anything is timed, as the law is
        assert office.law.packs
        return (
            timed(lambda: _read_bare(workbook)),
            timed(lambda: read_workbook(workbook, forms, today=today)),
            timed(lambda: import_file(office, workbook)),
            timed(lambda: import_file(office, workbook)),
        )


def _read_bare(workbook: Path) -> None:
    for sheet in load_workbook(workbook, read_only=True):
        deque(sheet.values, maxlen=0)
