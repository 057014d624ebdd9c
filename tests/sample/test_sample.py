"""The sample county as a whole: explanations add up, and a focus finds the same."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

from tests.sample.conftest import NOW, Sample
from tests.scenarios.world import shipped_law
from tracker import nightly
from tracker.evaluation import findings
from tracker.evaluation.evaluate import evaluate
from tracker.evaluation.explain import explain
from tracker.ledger.rules import load_rules

JUDGED = date(2020, 1, 9)
EVERY = 50
COUNTED = {
    duty.id for pack in shipped_law().packs for duty in pack.duties if duty.measure != "standing"
}


def test_counted_rows_add_up_to_the_tally(sample_sqlite: Sample) -> None:
    covers = load_rules().covers
    wrong, seen = [], set()
    with sample_sqlite.engine.connect() as connection:
        scene = nightly.set_scene(connection, shipped_law(), as_of=JUDGED, known_at=NOW)
        frame = evaluate(connection, scene, covers)
        rows = findings.to_rows(scene, frame)
        counted = rows[rows["duty"].isin(COUNTED)]
        short = counted[counted["status"].isin(["breached", "needs_review"])]
        for place in sorted({*counted.index[::EVERY], *short.index}):
            told = explain(connection, scene, covers, frame.loc[place], rows.loc[place])
            quantities = [row.quantity for row in told.counted]
            total = sum(quantities) if told.duty.measure == "sum" else len(quantities)
            seen.add(told.duty.id)
            if total != rows.at[place, "done"]:
                wrong.append((rows.at[place, "key"], total, rows.at[place, "done"]))

    assert wrong == []
    assert {"cadre.days_220", "county.training", "helper.visit", "unit.leader_visit"} <= seen


@pytest.mark.parametrize(
    "name", ["华池县水务局", "华池县", "乔川乡", "昌癸巳@华池县教育局", "HC0117 时辰"]
)
def test_a_subject_by_itself_is_judged_as_among_all(name: str, sample_sqlite: Sample) -> None:
    everything = sample_sqlite.findings(JUDGED)
    ids = pd.concat([everything["holder_id"], everything["counterpart_id"]])
    names = pd.concat([everything["holder"], everything["counterpart"]])
    subject = int(ids[names == name].iloc[0])
    with sample_sqlite.engine.connect() as connection:
        scene = nightly.set_scene(
            connection, shipped_law(), as_of=JUDGED, known_at=NOW, focus=frozenset({subject})
        )
        alone = nightly.look(connection, scene, load_rules().covers)

    def of_subject(rows: pd.DataFrame) -> pd.DataFrame:
        mine = rows[["holder_id", "counterpart_id", "accountable_id"]].eq(subject).any(axis=1)
        return rows[mine].sort_values("key").reset_index(drop=True)

    expected = of_subject(everything)[alone.columns]
    assert len(expected) > 0
    pd.testing.assert_frame_equal(of_subject(alone), expected, check_dtype=False)
