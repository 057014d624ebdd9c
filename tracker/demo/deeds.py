"""The demo: what was done in an invented county, beside the days of the cadres: nearly all of it,
with something missing here and there.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import numpy as np

from tracker.demo.book import Book, line
from tracker.demo.days import FIRST_DAY, LAST_DAY, months
from tracker.demo.people import Village
from tracker.ledger.draft import Columns

_MISSED = 0.03
_FIVE_OFFICES = ("县纪委监委", "县委办", "县委组织部", "县政府办", "县扶贫办")
_SYSTEMS = ("考勤打卡", "公示公开", "学习例会", "工作报告", "轮流值班", "工作交接")
_TRAINING_DAYS = 5
_FORMS = (
    "unit_meetings", "leader_visits", "household_visits", "household_plans", "return_visits",
    "trainings", "county_matters", "duty_records",
)  # fmt: skip
_ROSTERS = ("assisting_units", "unit_leaders", "officials", "resident_cadres", "pairings")


class Deeds:
    """Writes the ledgers of a county, year by year."""

    def __init__(self, book: Book, dice: np.random.Generator) -> None:
        self._book, self._dice = book, dice

    def of_village(self, village: Village) -> None:
        """What the unit, its leaders and helpers did for a village."""
        for year in years():
            self._of_unit(village, year)
            for helper, household in village.pairs:
                self._of_pair(village, helper, household, year)
        self._standing(village)

    def of_county(self, towns: list[int], cadres: list[int]) -> None:
        """Meetings of the county and its townships, and the training of every cadre."""
        county = self._book.county
        for month in months():
            self._say("county_matters", line(county, "chief_captains_meeting", self._in(month)))
            for town in towns:
                self._say("county_matters", line(town, "captains_meeting", self._in(month)))
            if month.month in (3, 9):
                self._say("county_matters", line(county, "promotion_meeting", self._in(month)))
        for year in years():
            self._trained(cadres, date(year, 5, 11))
        for office in _FIVE_OFFICES:
            self._say("duty_records", line(county, "special_office", FIRST_DAY, item=office))

    def cover(self) -> None:
        """The office speaks for the whole county, each month up to the last."""
        for form in _ROSTERS:
            self._book.cover(form, str(FIRST_DAY.year), months())
        for year in years():
            for form in _FORMS:
                told = (month for month in months() if month.year == year)
                self._book.cover(form, str(year), told)

    def _of_unit(self, village: Village, year: int) -> None:
        unit, some = village.unit, self._some
        for day in some(year, 5):
            self._say("unit_meetings", line(unit, "committee_study", day))
        for leader in village.leaders:
            for day in some(year, 3):
                self._say("leader_visits", line(leader, "leader_visit", day, place=village.id))
        cadres = [person for person, _ in village.cadres]
        for quarter in range(1, 12, 3):
            day = self._in(date(year, quarter, 1))
            self._say("return_visits", *(line(unit, "return_visit", day, toward=c) for c in cadres))
        for kind, form in (("health_check", "duty_records"), ("helper_assessment", "duty_records")):
            whom = cadres if kind == "health_check" else sorted({one for one, _ in village.pairs})
            for one in whom:
                self._say(form, line(unit, kind, self._in(date(year, 10, 1)), toward=one))

    def _of_pair(self, village: Village, helper: int, household: int, year: int) -> None:
        def done(kind: str, day: date) -> Columns:
            return line(helper, kind, day, toward=household, place=village.id)

        for number, day in enumerate(self._some(year, 3)):
            deed = [done("good_deed", day)] if number == 0 else []
            self._say("household_visits", done("household_visit", day), *deed)
        self._say("household_plans", done("plan_adjusted", self._in(date(year, 2, 1))))

    def _standing(self, village: Village) -> None:
        """What must hold all the time."""
        for kind in ("insurance", "subsidy", "lodging"):
            for cadre, since in village.cadres:
                self._say("duty_records", line(village.unit, kind, since, toward=cadre))
        paired = line(village.unit, "branch_pairing", FIRST_DAY, toward=village.id)
        self._say("duty_records", paired)
        for system in _SYSTEMS:
            self._say("duty_records", line(village.team, "team_system", FIRST_DAY, item=system))

    def _trained(self, cadres: list[int], first: date) -> None:
        county = self._book.county
        for cadre in cadres:
            led = line(
                county, "training", first, role="organiser", toward=cadre, quantity=_TRAINING_DAYS
            )
            self._say("trainings", led)

    def _say(self, form: str, *lines: Columns) -> None:
        """One row, unless this is one of those that were never done. Days to come are not told."""
        told = [one for one in lines if one["day"] <= LAST_DAY]
        if not told or self._dice.random() < _MISSED:
            return
        first = told[0]
        said = {name: str(first[name]) for name in ("subject_id", "kind", "counterpart_id", "day")}
        self._book.write(form, f"{first['day']:%Y}", said, first["day"], lines=told)

    def _some(self, year: int, number: int) -> list[date]:
        """So many days, spread over a year."""
        step = 365 // number
        return [self._in(date(year, 1, 1) + timedelta(days=n * step)) for n in range(number)]

    def _in(self, day: date) -> date:
        """A day of the weeks that begin here."""
        return day + timedelta(days=int(self._dice.integers(28)))


def years() -> Iterator[int]:
    """The years the ledger speaks of."""
    yield from range(FIRST_DAY.year, LAST_DAY.year + 1)
