"""The heat table: the worst of each body in each duty, few bodies, in the order of their names."""

from __future__ import annotations

import pandas as pd

from tests.scenarios.world import shipped_law
from tracker.digest.figures import HeatSize
from tracker.digest.heat import heat, legend
from tracker.digest.parts import Heat

DUTIES = {
    (p.document.id, d.id): d for p in shipped_law().packs for d in p.duties
    if d.id in ("unit.study", "helper.visit", "cadre.days_220")
}  # fmt: skip
NAMES = {1: "甲局", 2: "乙局", 3: "丙局"}


def table(*cells: tuple[int, str, str], bodies: int = 8, duties: int = 8) -> Heat | None:
    rows = pd.DataFrame(cells, columns=["body", "duty", "status"]).assign(document="gansu-2019-33")
    size = HeatSize(bodies=bodies, duties=duties)
    return heat(rows.drop(columns="body"), rows["body"], DUTIES, NAMES.__getitem__, size)


def signs(made: Heat | None) -> dict[str, str]:
    assert made
    return {name: "".join(cell.sign or "-" for cell in cells) for name, cells in made.rows}


def test_a_cell_shows_the_worst_with_its_word() -> None:
    made = table(
        (1, "unit.study", "met"), (1, "unit.study", "breached"), (2, "unit.study", "at_risk")
    )
    assert signs(made) == {"乙局": "■", "甲局": "●"}
    assert made
    assert made.rows[1][1][0].word == "未达标"
    assert [cell.word for cell in legend(made)] == ["未达标", "有风险"]


def test_bodies_with_most_to_do_are_shown_in_the_order_of_their_names() -> None:
    made = table(
        (1, "unit.study", "breached"), (2, "unit.study", "at_risk"),
        (3, "unit.study", "breached"), (3, "helper.visit", "breached"), bodies=2,
    )  # fmt: skip
    assert signs(made) == {"丙局": "●●", "甲局": "●-"}


def test_duties_stand_in_the_order_of_the_document() -> None:
    made = table((1, "helper.visit", "breached"), (2, "unit.study", "breached"))
    assert made
    assert made.duties == ("党委（党组）研究部署帮扶工作", "走访帮扶户")


def test_the_duties_with_most_to_do_are_kept() -> None:
    made = table(
        (1, "helper.visit", "breached"), (2, "helper.visit", "breached"),
        (1, "unit.study", "breached"), duties=1,
    )  # fmt: skip
    assert made
    assert made.duties == ("走访帮扶户",)


def test_a_single_body_has_no_table() -> None:
    assert table((1, "unit.study", "breached"), (2, "unit.study", "met")) is None


def test_what_is_not_applicable_is_no_cell() -> None:
    made = table(
        (1, "unit.study", "breached"), (2, "unit.study", "breached"),
        (1, "helper.visit", "breached"), (2, "helper.visit", "not_applicable"),
    )  # fmt: skip
    assert signs(made) == {"乙局": "●-", "甲局": "●●"}
