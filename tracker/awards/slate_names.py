"""A list of nominees, second step: whom each row means. Nothing is judged.

A name that several carry and the unit does not settle is asked back; one that the registry does not
know, or knows of another unit only, is somebody unregistered.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from tracker.awards.slate import Entry
from tracker.registry.lookup import Lookup
from tracker.registry.names import NameIndex
from tracker.registry.spelling import clean


@dataclass(slots=True)
class Named:
    """A row with whom it means (None: nobody registered) and what is to be said about it. `open`:
    it cannot be judged until the list is corrected."""

    entry: Entry
    subject_id: int | None = None
    messages: list[str] = field(default_factory=list)
    open: bool = False

    def leave_open(self, message: str) -> None:
        """Say why the row cannot be judged, before all else."""
        self.messages.insert(0, message)
        self.open = True


def named(entry: Entry, lookup: Lookup) -> Named:
    """Whom a row means; `lookup` was asked for its name."""
    found = Named(entry)
    for problem in entry.problems:
        found.leave_open(problem)
    if not found.open:
        _find(found, lookup.ids(entry.name), lookup.index)
    return found


def _find(found: Named, ids: list[int], index: NameIndex) -> None:
    entry = found.entry
    fitting = [i for i in ids if entry.unit and _fits(i, clean(entry.unit), index)]
    told = "、".join(_labels(ids, index))
    if len(fitting) == 1:
        (found.subject_id,) = fitting
    elif len(ids) > 1:
        teams = len({index.label(i) for i in ids}) < len(ids)
        fix = "请在单位栏写明乡镇" if teams else "请把姓名写成其中一种"
        found.leave_open(f"同名：可能是{told}，{fix}")
    elif not ids:
        found.messages.append("登记资料中没有，请核对名称；核对无误的按所写名称办理")
    elif index.subjects[ids[0]].sort == "person" and entry.unit and "@" not in entry.name:
        what = f"登记资料中同名的只有{told}，与名单所写单位不同，按登记资料中没有的对象办理"
        found.messages.append(f"{what}；如是同一人，请把姓名写成 {told}")
    else:
        (found.subject_id,) = ids


def _labels(ids: list[int], index: NameIndex) -> list[str]:
    """How the candidates are shown; those that are shown alike (teams of villages of one name),
    with the place where they are."""
    labels = [index.label(i, mask=True) for i in ids]
    homes = [index.subjects[i].home for i in ids]
    return [
        f"{label}（{index.label(home)}）" if home is not None and labels.count(label) > 1 else label
        for label, home in zip(labels, homes, strict=True)
    ]


def _fits(subject: int, unit: str, index: NameIndex) -> bool:
    """Whether a unit as written, perhaps with a title after it, is the subject's: the one it
    belongs to, or the team of a village where it stays."""
    if index.fits_hint(subject, unit) or _lies_in(subject, unit, index):
        return True
    bodies = {body for end in range(2, len(unit)) for body in index.unit(unit[:end]).ids}
    places = {index.label(home) for body in bodies if (home := index.subjects[body].home)}
    return index.subjects[subject].home in bodies or not places.isdisjoint(index.hints[subject])


def _lies_in(subject: int, place: str, index: NameIndex) -> bool:
    """Whether what is at home in a village is of this village, or of a village of this township."""
    village = index.subjects[subject].home
    if village is None or index.subjects[village].kind != "village":
        return False
    township = index.subjects[village].home
    return village in index.village(place).ids or township in index.township(place).ids
