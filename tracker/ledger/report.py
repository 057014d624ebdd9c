"""The ledger: what an import or an undo did, as plain objects and as Chinese text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass, field

from tracker.ledger.sheets import CellProblem

_SEVERITIES = {"error": "错误", "question": "待答复", "note": "提示"}
_SHOWN = 20


@dataclass(slots=True)
class SheetReport:
    """One sheet: rows added, removed, changed, the same as before, and not stored."""

    sheet: str
    form: str
    name: str
    added: int = 0
    removed: int = 0
    changed: int = 0
    same: int = 0
    refused: int = 0
    asked: int = 0

    def __str__(self) -> str:
        text = f"{self.sheet}：+{self.added} -{self.removed} ~{self.changed} ={self.same}"
        text += f"，未入库 {self.refused} 行" if self.refused else ""
        return text + (f"，待答复 {self.asked} 行" if self.asked else "")


@dataclass(slots=True)
class ImportReport:
    """What one workbook changed. `lines`: lines written; `problems`: of reading and of storing;
    `left_out`: ids of rows that came and were not stored (rows of a file have none); `rest`: where
    the problems stand that are not shown."""

    batch_id: int
    file_name: str
    county: str
    sheets: list[SheetReport] = field(default_factory=list)
    problems: list[CellProblem] = field(default_factory=list)
    entries: int = 0
    lines: int = 0
    left_out: frozenset[str] = frozenset()
    rest: str = "见退回表"

    @property
    def is_unchanged(self) -> bool:
        """Whether the workbook said nothing new."""
        return not any(s.added or s.removed or s.changed for s in self.sheets)

    def of(self, severity: str) -> list[CellProblem]:
        """The problems of one severity."""
        return [p for p in self.problems if p.severity == severity]

    def counts(self) -> dict[str, object]:
        """The figures as kept with the batch."""
        return {"county": self.county, "sheets": [asdict(s) for s in self.sheets]}

    def text(self, shown: int = _SHOWN, *, dry_run: bool = False) -> str:
        """For the terminal: one line per sheet, then the problems, at most `shown` of a kind."""
        number = "试导入" if dry_run else f"第 {self.batch_id} 批"
        head = f"{self.file_name}（{self.county}）{number}"
        head += "：新增 +，删去 -，改动 ~，未变 ="
        return "\n".join([head, *(f"  {sheet}" for sheet in self.sheets), *self._problems(shown)])

    def _problems(self, shown: int) -> Iterator[str]:
        for severity, word in _SEVERITIES.items():
            problems = self.of(severity)
            if not problems:
                continue
            yield f"{word} {len(problems)} 处："
            alike = _alike(problems)
            yield from (f"  {problem_text(same[0], len(same))}" for same in alike[:shown])
            left = sum(map(len, alike[shown:]))
            if left:
                yield f"  …… 其余 {left} 处{self.rest}"


@dataclass(frozen=True, slots=True)
class UndoReport:
    """What an undo did. `cells` where the batch was the newest word; `kept` where a later batch
    has spoken since, and nothing changed."""

    batch_id: int
    undone_id: int
    file_name: str
    voided: int
    restored: int
    cells: int
    kept: int

    def text(self) -> str:
        """For the terminal."""
        text = f"已撤销第 {self.undone_id} 批（{self.file_name}）：作废 {self.voided} 行，"
        text += f"恢复此前的 {self.restored} 行"
        return text + (f"；另有 {self.kept} 张表已有更新的报送，不受影响" if self.kept else "")


def _alike(problems: list[CellProblem]) -> list[list[CellProblem]]:
    """Problems that say the same, together, in the order of the first of each."""
    alike: dict[tuple[str, str], list[CellProblem]] = {}
    for problem in problems:
        alike.setdefault((problem.what, problem.fix), []).append(problem)
    return list(alike.values())


def problem_text(problem: CellProblem, places: int = 1) -> str:
    """One problem: where (the first of `places`), what, what to do."""
    row = f"第{problem.row}行" if problem.row else ""
    column = f"{problem.column}列" if problem.column else ""
    more = f"等 {places} 处" if places > 1 else ""
    text = f"{problem.sheet}{row}{column}{more}：{problem.what}"
    return f"{text} → {problem.fix}" if problem.fix else text
