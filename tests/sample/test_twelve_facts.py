"""The sample county: its twelve facts, on both days and on both kinds of database."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

import pandas as pd
import pytest

from tests.sample.conftest import Sample

AFTER_GRACE, YEAR_END = date(2020, 1, 9), date(2019, 12, 31)


class Fact(NamedTuple):
    """One row of the table of facts; `opens` is the first day of the window."""

    number: int
    duty: str
    holder: str
    counterpart: str
    done: int
    required: int
    status: str
    opens: date = date(2019, 1, 1)

    def __str__(self) -> str:
        return f"{self.number}-{self.duty}-{self.done}of{self.required}"


DAYS, NIGHTS, CAPTAINS = "cadre.days_220", "cadre.nights_160", "township.captains_meeting"
FACTS = [
    Fact(1, DAYS, "蒋己未@华池县农业农村局", "", 220, 220, "met"),
    Fact(1, NIGHTS, "蒋己未@华池县农业农村局", "", 160, 160, "met"),
    Fact(2, DAYS, "酆辛巳@华池县人力资源和社会保障局", "", 219, 220, "breached"),
    Fact(2, NIGHTS, "酆辛巳@华池县人力资源和社会保障局", "", 160, 160, "met"),
    Fact(3, DAYS, "于辛丑@甘肃陇东例示投资集团有限公司", "", 220, 220, "met"),
    Fact(3, NIGHTS, "于辛丑@甘肃陇东例示投资集团有限公司", "", 159, 160, "breached"),
    Fact(4, DAYS, "云癸丑@华池县应急管理局", "", 226, 220, "met"),
    Fact(4, NIGHTS, "云癸丑@华池县应急管理局", "", 164, 160, "needs_review"),
    Fact(5, DAYS, "钱辛巳@华池县地方志办公室", "", 220, 220, "met"),
    Fact(5, NIGHTS, "钱辛巳@华池县地方志办公室", "", 179, 160, "met"),
    Fact(6, "helper.visit", "齐未@华池县人民法院", "HC0117 时辰", 1, 2, "breached"),
    Fact(7, "helper.visit", "严午@中共华池县委宣传部", "HC2314 史乙酉", 1, 2, "breached"),
    Fact(8, "unit.study", "华池县卫生健康局", "", 3, 4, "breached"),
    Fact(9, "unit.leader_visit", "岑丁亥@中共华池县委统战部", "", 1, 2, "breached"),
    Fact(10, CAPTAINS, "乔川乡", "", 0, 1, "breached", date(2019, 9, 1)),
    Fact(10, CAPTAINS, "白马乡", "", 0, 1, "not_in_force", date(2019, 4, 1)),
    Fact(11, "county.training", "华池县", "沈丁亥@华池县水务局", 4, 5, "breached"),
    Fact(11, "county.training", "华池县", "史己巳@华池县民政局", 5, 5, "met"),
    Fact(12, "unit.leader_visit", "昌癸巳@华池县教育局", "", 1, 1, "met"),
    Fact(12, "unit.leader_visit", "卜丙午@华池县工业和信息化局", "", 0, 2, "breached"),
    Fact(12, "unit.leader_visit", "史癸丑@华池县司法局", "", 0, 0, "not_applicable"),
]


def find(rows: pd.DataFrame, fact: Fact) -> pd.Series:
    """The one finding that a fact speaks of."""
    mine = (rows["duty"] == fact.duty) & (rows["opens"] == fact.opens)
    mine &= rows["holder"] == fact.holder
    if fact.counterpart:
        mine &= rows["counterpart"] == fact.counterpart
    assert mine.sum() == 1, f"{mine.sum()} findings"
    return rows[mine].iloc[0]


@pytest.mark.parametrize("fact", FACTS, ids=str)
def test_after_the_grace(fact: Fact, sample_sqlite: Sample) -> None:
    row = find(sample_sqlite.findings(AFTER_GRACE), fact)

    assert (row["done"], row["required"], row["status"]) == (
        fact.done,
        fact.required,
        fact.status,
    )


@pytest.mark.parametrize("fact", FACTS, ids=str)
def test_at_the_end_of_the_year_the_figures_are_the_same(fact: Fact, sample_sqlite: Sample) -> None:
    row = find(sample_sqlite.findings(YEAR_END), fact)
    # Windows that closed long before are judged already: the captains' September, a leader gone.
    closed = row["grace_ends"] < YEAR_END
    expected = fact.status if closed or fact.status != "breached" else "unreachable"

    assert (row["done"], row["required"], row["status"]) == (fact.done, fact.required, expected)


def test_fact_4_stands_by_its_other_reading(sample_sqlite: Sample) -> None:
    fact = next(f for f in FACTS if f.number == 4 and f.duty == NIGHTS)
    row = find(sample_sqlite.findings(AFTER_GRACE), fact)

    assert (row["done_other"], row["status_other"]) == (152, "breached")


@pytest.mark.parametrize("day", [YEAR_END, AFTER_GRACE], ids=str)
def test_both_databases_find_the_same(
    day: date, sample_sqlite: Sample, sample_postgresql: Sample
) -> None:
    ours, theirs = (
        sample.findings(day).sort_values("key").reset_index(drop=True)
        for sample in (sample_sqlite, sample_postgresql)
    )

    assert len(ours) > 5000
    pd.testing.assert_frame_equal(ours, theirs)
