"""The law, article by article: what became a duty, what is qualitative, what is not covered."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tracker.errors import Problem
from tracker.policy.base import Rule
from tracker.policy.model import Document, Pack
from tracker.policy.parse import Item

# The files, of which the rules of one must cite an article of this sort.
_NEEDS = {
    "duty": ("duties.yaml", "targets.yaml", "tasks.yaml"),
    "qualitative": ("qualitative.yaml",),
    "interview": ("interviews.yaml",),
    "bar": ("bars.yaml",),
    "award": ("awards.yaml",),
    "score": ("scorecard.yaml",),
    "exit": ("exit_checks.yaml",),
    "recommendation": ("recommendations.yaml",),
}
UNDECIDED = "undecided"


@dataclass(frozen=True, slots=True)
class CoverageRow:
    """One article: the ids of the rules that cite it, and why where there are none."""

    article: str
    name: str
    covered: str
    duties: tuple[str, ...]
    qualitative: tuple[str, ...]
    interviews: tuple[str, ...]
    bars: tuple[str, ...]
    awards: tuple[str, ...]
    scores: tuple[str, ...]
    exits: tuple[str, ...]
    recommendations: tuple[str, ...]
    why: str


def coverage(pack: Pack) -> tuple[CoverageRow, ...]:
    """One row for every article of the document, in its order."""
    planned, scored = _cited_by(pack.awards), _cited_by(pack.scorecard)
    return tuple(
        CoverageRow(
            article=article.id,
            name=article.name,
            covered=article.covered,
            duties=tuple(d.id for d in pack.duties if d.cite == article.id),
            qualitative=tuple(q.id for q in pack.qualitative if q.cite == article.id),
            interviews=tuple(i.section for i in pack.interviews if i.cite == article.id),
            bars=tuple(b.id for b in pack.bars if b.cite == article.id),
            awards=planned.get(article.id, ()),
            scores=scored.get(article.id, ()),
            exits=tuple(e.id for e in pack.exit_checks if e.cite == article.id),
            recommendations=tuple(r.id for r in pack.recommendations if r.cite == article.id),
            why=article.why,
        )
        for article in pack.document.articles
    )


def undecided(document: Item[Document]) -> Iterator[Problem]:
    """A problem for each article of a new document that nobody has decided about yet."""
    for i, article in enumerate(document.rule.articles):
        if article.covered == UNDECIDED:
            what = f"条款“{article.id}”（{article.name}）还没有决定怎样处理"
            fix = "能计算的写 duty，只能由人评判的写 qualitative，没有责任的写 background 并写 why"
            yield document.problem(("articles", i, "covered"), what, fix)


def coverage_defects(
    document: Item[Document],
    rules: Mapping[str, Sequence[Item[Any]]],
    plan: Item[Any] | None = None,
    scores: Item[Any] | None = None,
) -> Iterator[Problem]:
    """Where the list of articles and the rules that cite them tell two stories."""
    cited = {name: {item.rule.cite for item in items} for name, items in rules.items()}
    cited["awards.yaml"] = set(_cited_by(plan.rule if plan else None))
    cited["scorecard.yaml"] = set(_cited_by(scores.rule if scores else None))
    seen: set[str] = set()
    for i, article in enumerate(document.rule.articles):
        at = ("articles", i)
        if article.id in seen:
            yield document.problem((*at, "id"), f"条款“{article.id}”已经列过", "请只列一次")
        seen.add(article.id)
        if article.covered == UNDECIDED:
            continue
        needed = _NEEDS.get(article.covered, ())
        if needed and not any(article.id in cited[name] for name in needed):
            files = "、".join(needed)
            what = f"条款“{article.id}”标为 {article.covered}，但 {files} 里没有引用它的规则"
            yield document.problem((*at, "covered"), what, "请补上规则，或改正 covered")
        if not needed and not article.why:
            what = f"条款“{article.id}”标为 {article.covered}，没有写原因"
            yield document.problem(at, what, "请用 why 写明为何没有成为责任")
        if not needed and any(article.id in cites for cites in cited.values()):
            what = f"条款“{article.id}”标为 {article.covered}，却有规则引用它"
            yield document.problem((*at, "covered"), what, "请改为 duty、qualitative 等")


def _cited_by(plan: Rule | None) -> dict[str, tuple[str, ...]]:
    """Each clause that a plan or a scorecard cites anywhere: the ids of what cites
    it ('deadline' where it has no id)."""
    found: dict[str, dict[str, None]] = {}
    for cite, name in _cites(plan.model_dump(by_alias=True, exclude={"notes"}) if plan else {}):
        found.setdefault(cite, {})[name] = None
    return {cite: tuple(names) for cite, names in found.items()}


def _cites(data: Any, name: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(data, Mapping):
        name = data.get("id", name)
        if data.get("cite"):
            yield data["cite"], name
        for key, value in data.items():
            yield from _cites(value, name or key)
    elif isinstance(data, Iterable) and not isinstance(data, str):
        for value in data:
            yield from _cites(value, name)
