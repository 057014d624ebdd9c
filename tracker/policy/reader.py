"""The law is read here, file by file: valid rules are kept, defects collected, nothing stops."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from tracker.errors import Problem
from tracker.policy import checks
from tracker.policy.awards import AwardPlan
from tracker.policy.base import Rule
from tracker.policy.exits import EXIT_WORDS, ExitCheck
from tracker.policy.law import CalendarOverlay, Decision
from tracker.policy.model import BarRule, Document, Duty, InterviewRule, Qualitative
from tracker.policy.parse import Item, parse
from tracker.policy.recommendations import Recommendation
from tracker.policy.scorecard import ScorePlan
from tracker.policy.source import Source, read_source
from tracker.policy.vocabulary import Vocabulary
from tracker.policy.workplan import Target, Task
from tracker.policy.written_out import written_out

R = TypeVar("R", bound=Rule)

DOCUMENT = "document.yaml"
PLAN = "awards.yaml"
SCORES = "scorecard.yaml"
LISTS: dict[str, type[Rule]] = {
    "duties.yaml": Duty,
    "targets.yaml": Target,
    "tasks.yaml": Task,
    "qualitative.yaml": Qualitative,
    "interviews.yaml": InterviewRule,
    "bars.yaml": BarRule,
    "exit_checks.yaml": ExitCheck,
    "recommendations.yaml": Recommendation,
}
WORDS: dict[str, checks.Words] = {
    "duties.yaml": checks.DUTY_WORDS,
    "targets.yaml": checks.DUTY_WORDS,
    "tasks.yaml": checks.DUTY_WORDS,
    "qualitative.yaml": checks.DUTY_WORDS,
    "interviews.yaml": checks.INTERVIEW_WORDS,
    "bars.yaml": checks.BAR_WORDS,
    "exit_checks.yaml": EXIT_WORDS,
    "recommendations.yaml": checks.ADVICE_WORDS,
}
COMPUTED = ("duties.yaml", "targets.yaml", "tasks.yaml")  # what is computed, whole or in short


@dataclass(slots=True)
class Folder:
    """One document's folder: its valid rules by file, and the files that have defects."""

    name: str
    document: Item[Document] | None = None
    plan: Item[AwardPlan] | None = None
    scores: Item[ScorePlan] | None = None
    rules: dict[str, list[Item[Any]]] = field(default_factory=lambda: {name: [] for name in LISTS})
    sources: list[Source] = field(default_factory=list)
    broken: set[str] = field(default_factory=set)

    def duties(self) -> list[Item[Duty]]:
        """Its duties, then its targets and tasks written out, where its document is valid."""
        listed = self.rules["duties.yaml"]
        if self.document is None:
            return [*listed]
        short = (*self.rules["targets.yaml"], *self.rules["tasks.yaml"])
        return [*listed, *written_out(self.document.rule, short)]


class Reader:
    """Reads files and remembers every source and every problem."""

    def __init__(self, roots: Sequence[Path]) -> None:
        self.sources: list[Source] = []
        self.problems: list[Problem] = []
        self.roots = [root for root in roots if root.is_dir()]
        for root in roots:
            if not root.is_dir():
                self.problems.append(Problem("规则包目录不存在", str(root), "请核对路径"))

    def vocabulary(self) -> Vocabulary | None:
        """The words of all folders together; None where a file of words is missing or broken."""
        items = [self._whole(source, Vocabulary) for source in self._shared("vocabulary.yaml")]
        merged: dict[str, dict[str, str]] = {}
        for item in filter(None, items):
            for section, words in item.rule.model_dump(by_alias=True).items():
                known = merged.setdefault(section, {})
                for word in sorted(words.keys() & known.keys()):
                    what = f"词“{word}”已经定义过"
                    self.problems.append(item.problem((section, word), what, "请删去这一处"))
                known |= words
        return Vocabulary.model_validate(merged) if items and all(items) else None

    def decisions(self) -> dict[str, Decision]:
        """The interpretations of all folders by number."""
        items = [
            item
            for source in self._shared("interpretations.yaml")
            for item in self._listed(source, Decision)
        ]
        self.problems += checks.repeated(items)
        return {item.rule.id: item.rule for item in items}

    def calendars(self) -> list[Item[CalendarOverlay]]:
        """The calendar overlays of all folders."""
        paths = [
            (p, root) for root in self.roots for p in sorted((root / "calendar").glob("*.yaml"))
        ]
        items = [self._whole(self._source(path, root), CalendarOverlay) for path, root in paths]
        return [item for item in items if item]

    def folders(self) -> list[Folder]:
        """Every document's folder, in order of name."""
        return [
            self._folder(path, root)
            for root in self.roots
            for path in sorted(root.iterdir())
            if path.is_dir() and path.name[0] not in "._" and path.name != "calendar"
        ]

    def _folder(self, path: Path, root: Path) -> Folder:
        folder = Folder(path.name)
        files = sorted(p for p in path.iterdir() if p.suffix in (".yaml", ".yml"))
        if path / DOCUMENT not in files:
            fix = "请补上；不是规则包的目录请移走"
            self.problems.append(Problem("缺少 document.yaml", path.name, fix))
        for file in files:
            before = len(self.problems)
            if file.name == DOCUMENT:
                folder.document = self._whole(self._source(file, root, folder), Document)
            elif file.name == PLAN:
                folder.plan = self._whole(self._source(file, root, folder), AwardPlan)
            elif file.name == SCORES:
                folder.scores = self._whole(self._source(file, root, folder), ScorePlan)
            elif model := LISTS.get(file.name):
                folder.rules[file.name] = self._listed(self._source(file, root, folder), model)
            else:
                fix = f"可用的有：{'、'.join((DOCUMENT, *LISTS, PLAN, SCORES))}"
                self.problems.append(Problem("不认识的文件", f"{path.name}/{file.name}", fix))
            if len(self.problems) > before:
                folder.broken.add(file.name)
        return folder

    def _shared(self, name: str) -> list[Source]:
        """The file of this name in each folder that has it; at least one must."""
        found = [self._source(root / name, root) for root in self.roots if (root / name).is_file()]
        if not found:
            self.problems.append(Problem("找不到这个文件", name, "请放回 duties/ 目录"))
        return found

    def _source(self, path: Path, root: Path, folder: Folder | None = None) -> Source:
        source = read_source(path, path.relative_to(root).as_posix())
        self.sources.append(source)
        self.problems += source.problems
        if folder:
            folder.sources.append(source)
        return source

    def _whole(self, source: Source, model: type[R]) -> Item[R] | None:
        """The whole file as one rule."""
        return self._parsed(source, (), model) if source.data is not None else None

    def _listed(self, source: Source, model: type[R]) -> list[Item[R]]:
        """The file as a list of rules; a broken one does not hide the others."""
        if source.data is not None and not isinstance(source.data, list):
            what, fix = "这个文件应是一张清单", "每项以“- ”开头，写法见 duties/README.md"
            self.problems.append(source.problem((), what, fix))
        count = len(source.data) if isinstance(source.data, list) else 0
        items = (self._parsed(source, (i,), model) for i in range(count))
        return [item for item in items if item]

    def _parsed(self, source: Source, at: tuple[int, ...], model: type[R]) -> Item[R] | None:
        item, problems = parse(source, at, model)
        self.problems += problems
        return item
