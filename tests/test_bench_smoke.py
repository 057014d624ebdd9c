"""The benches still run on whatever the program has become; their seconds prove nothing here."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from openpyxl import Workbook

from bench import gate, importing, nights
from bench.stage import Figure, medians, table
from tracker.demo import people


@pytest.fixture(scope="module")
def workbook(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A county with one meeting in its ledger."""
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "县级事项"
    for row in (
        ["华池县2019年县乡帮扶工作事项台账"],
        ["填报单位：华池县扶贫开发办公室  填报日期：2020年1月6日"],
        ["序号", "时间", "事项类型", "名称", "组织单位"],
        [1, "2019.9.2", "推进会", "帮扶工作推进会", "华池县委、县政府"],
    ):
        sheet.append(row)
    path = tmp_path_factory.mktemp("bench") / "华池县2019年.xlsx"
    book.save(path)
    return path


def test_an_import_is_measured_beside_a_bare_reading(workbook: Path) -> None:
    figures = importing.measure(workbook, rounds=1)
    assert [figure.bar for figure in figures] == [0, importing.BAR, importing.BAR]
    assert all(figure.ratio > 0 for figure in figures)


def test_a_night_is_measured_also_on_a_longer_ledger(workbook: Path) -> None:
    *figures, growth = nights.measure(workbook, date(2020, 1, 9), rounds=1)
    assert [figure.bar for figure in figures] == [nights.BAR] * 3
    assert growth.seconds == figures[-1].seconds
    assert growth.yardstick == figures[-2].seconds


def test_the_gate_is_measured_cold_warm_and_after_an_act(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(people, "VILLAGES", 3)
    monkeypatch.setattr(gate, "ASKED", 8)
    figures = gate.measure(1)
    assert [f.bar for f in figures if f.bar] == [
        gate.BAR_FIRST,
        gate.BAR_LIST,
        gate.BAR_ANSWER,
        gate.BAR_LIST,
    ]
    assert all(figure.seconds > 0 for figure in figures)


def test_each_figure_is_the_median_of_its_rounds() -> None:
    rounds = iter([(1.0, 30.0), (9.0, 10.0), (2.0, 20.0)])
    assert medians(lambda: next(rounds), 3) == (2.0, 20.0)


def test_a_ratio_is_shown_only_beside_a_yardstick() -> None:
    figures = [Figure("导入", 3.0, "光读", 1.5, bar=5), Figure("演示", 12.0)]
    assert table(figures).splitlines()[2:] == [
        "|导入|3.00|2.00 ×|光读（1.50 秒）|5|",
        "|演示|12.00||||",
    ]
