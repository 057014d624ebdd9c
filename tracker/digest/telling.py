"""The digest: findings in the reader's words: one row each for the list, alike ones one line."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, cast

import pandas as pd

from tracker.digest.figures import Figures
from tracker.digest.parts import Item, Line, Section
from tracker.digest.reader import GROUP
from tracker.digest.scope import Scope
from tracker.evaluation import narrate
from tracker.evaluation.words import REASON_NAMES, STATUS_NAMES, Reason, Status, flag_marks
from tracker.frames import absent
from tracker.policy.law import Law

# What the figure beside it says already.
_PLAIN = (Reason.none, Reason.short)
BODIES = "个责任主体"


class Called:
    """Names for one reader: people by name only where the scope owns them and never in a group,
    households by number alone."""

    def __init__(self, scope: Scope, role: str) -> None:
        self.scope, self.group = scope, role == GROUP
        subjects = scope.land.registry.subjects
        self._of = {name: subjects[name] for name in ("sort", "name", "home", "code")}

    def __call__(self, subject: int, *, named: bool = True) -> str:
        """'章乙亥（华池县财政局）', in the unit itself '章乙亥'; '乔川乡李崾岘村', 'HC0117号户'."""
        sort, name = self._of["sort"].get(subject), str(self._of["name"].get(subject, "—"))
        if sort == "household":
            return f"{self._of['code'][subject]}号户"
        if sort != "person":
            return self.scope.land.day.name(subject)
        home = int(self._of["home"][subject])
        unit = self._of["name"].get(home, "")
        if self.group or not named:
            return f"{unit}1人"
        return name if home == self.scope.id else f"{name}（{unit}）"


class Teller:
    """Tells findings to one reader, as of a day."""

    def __init__(self, law: Law, called: Called, figures: Figures) -> None:
        self.called, self.figures = called, figures
        self.duties = {(p.document.id, d.id): d for p in law.packs for d in p.duties}

    def section(
        self, id_: str, title: str, rows: pd.DataFrame, *, by_day: bool = False,
        few: int | None = None,
    ) -> Section:  # fmt: skip
        """Findings as a section: worst first, or with `by_day` by their column `day`; then what
        many have in common, which is one line where there are more than `few`."""
        first = "day" if by_day else "_order"
        order = rows["status"].map({s.name: int(s) for s in Status})
        rows = rows.assign(
            _order=order, day=rows["day"] if by_day else None, _body=self.bodies(rows)
        )
        alike = [first, "document", "duty", "status"]
        rows["_size"] = -rows.groupby(alike)["key"].transform("size")
        rows = rows.sort_values([first, "_size", *alike[1:], "holder_id", "opens", "key"])
        groups = rows.groupby(alike, sort=False)
        most = self.figures.few if few is None else few
        lines = tuple(line for _, some in groups for line in self._lines(some, most))
        listed = rows.head(self.figures.most_rows)
        items = tuple(self.item(row) for _, row in listed.iterrows())
        return Section(id_, title, len(rows), lines, items)

    def item(self, row: pd.Series) -> Item:
        """One finding as a row of the list."""
        duty = self.duties[row["document"], row["duty"]]
        who = self.called(int(row["holder_id"]))
        if duty.per and not absent(row["counterpart_id"]):
            who += f" → {self.called(int(row['counterpart_id']))}"
        return Item(
            who, duty.name, self.called(row["_body"]), duty.cite,
            narrate.window_name(row["opens"], row["closes"]),
            f"{narrate.fraction(row)}{duty.unit}", STATUS_NAMES[Status[row["status"]]],
            row["day"], "；".join([*_why(row), *flag_marks(int(row["flags"]))]),
            f"/findings/{row['id']}",
        )  # fmt: skip

    def whose(self, rows: pd.DataFrame) -> str:
        """'县财政局3项、县水务局、县信访局等9个责任主体', those with most first."""
        sizes = _most(self.bodies(rows).tolist())
        several = len(sizes) > 1
        names = [
            self.called(body) + (f"{n}项" if n > 1 and several else "") for body, n in sizes.items()
        ]
        return told_of(names, self.figures.named, BODIES)

    def topics(self, rows: pd.DataFrame) -> str:
        """'住宿保障168项、补助发放168项等9类': what findings are about, most first."""
        sizes = _most(list(zip(rows["document"], rows["duty"], strict=True)))
        names = [f"{self.duties[pair].name}{n}项" for pair, n in sizes.items()]
        return told_of(names, self.figures.named, "类")

    def bodies(self, rows: pd.DataFrame) -> pd.Series:
        """Whoever answers for each finding; for a person the unit."""
        unit = pd.to_numeric(rows["unit_id"])
        person = rows["accountable_id"].isin(self.called.scope.land.persons) & unit.notna()
        return rows["accountable_id"].where(~person, unit).astype("int64")

    def _lines(self, alike: pd.DataFrame, few: int) -> Iterator[Line]:
        if len(alike) > few:
            yield self._together(alike)
            return
        for _, row in alike.iterrows():
            item = self.item(row)
            note = "，".join([f"{item.window} {item.done}", item.status, *_why(row)])
            yield Line(f"{item.who}　{item.what}", note, item.cite, item.day, item.path)

    def _together(self, alike: pd.DataFrame) -> Line:
        """Many of one duty in one line: how many, and whose."""
        first = alike.iloc[0]
        duty = self.duties[first["document"], first["duty"]]
        status = STATUS_NAMES[Status[first["status"]]]
        return Line(
            f"{duty.name} {len(alike)}项", f"{self.whose(alike)}，{status}", duty.cite,
            first["day"], f"/findings?duty={duty.id}&status={first['status']}", len(alike),
        )  # fmt: skip


def told_of(names: Sequence[str], most: int, counted: str) -> str:
    """The first of these names, and how many there are in all where there are more."""
    rest = f"等{len(names)}{counted}" if len(names) > most else ""
    return "、".join(names[:most]) + rest


def _most(values: list[Any]) -> dict[Any, int]:
    """How often each occurs, most first."""
    sizes = pd.Series(values, dtype=object).value_counts(sort=False)
    return cast(dict[Any, int], sizes.sort_values(ascending=False, kind="stable").to_dict())


def _why(row: pd.Series) -> list[str]:
    """The reason, where the figure beside it does not tell that already."""
    reason = Reason[row["reason"]]
    said = [] if reason in _PLAIN else [REASON_NAMES[reason]]
    return [*said, *filter(None, [narrate.bare_name(row)])]
