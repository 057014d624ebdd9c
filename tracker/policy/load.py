"""The law enters here: folders of YAML become `Law`, or every defect of every file at once."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from tracker.errors import PackError, Problem
from tracker.policy import checks
from tracker.policy.coverage import coverage_defects
from tracker.policy.law import Law, Vocabulary
from tracker.policy.model import Document, Pack
from tracker.policy.parse import Item
from tracker.policy.plan_checks import plan_defects
from tracker.policy.reader import DOCUMENT, WORDS, Folder, Reader
from tracker.policy.score_checks import score_defects
from tracker.policy.shapes import Known
from tracker.policy.source import Source


def load_law(folders: Sequence[Path]) -> Law:
    """Read and check every pack under `folders`, each laid out like duties/.

    Raises PackError whose `problems` name every defect of every file: file:line and path in the
    document, what is wrong, what to do. Files that stand as they did are not read a second time.
    """
    return _read(tuple(folders), _state(folders))


def _state(folders: Iterable[Path]) -> str:
    """A digest over every file as it stands now."""
    digest = hashlib.sha256()
    for folder in folders:
        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            raw = path.read_bytes()
            digest.update(f"{path}\0{len(raw)}\0".encode() + raw)
    return digest.hexdigest()


@lru_cache(maxsize=4)
def _read(folders: tuple[Path, ...], _state: str) -> Law:
    """The law of these folders as their files stood; what is wrong is told anew each time."""
    reader = Reader(folders)
    words, decisions = reader.vocabulary(), reader.decisions()
    overlays, packs = reader.calendars(), reader.folders()
    documents = [pack.document for pack in packs if pack.document]
    numbers = frozenset(decisions) or None
    problems = [*reader.problems, *checks.repeated(documents), *checks.repeated(overlays)]
    for overlay in overlays:
        problems += checks.check(overlay, Known(interpretations=numbers), {})
    shared = Known(words=words, interpretations=numbers, duties=_duties(packs))
    for pack in packs:
        problems += _defects(pack, shared)
    if problems:
        what = f"规则包有 {len(problems)} 处问题，未予采用"
        raise PackError(what, fix="请逐条改正后重新载入", problems=problems)
    return Law(
        packs=tuple(_pack(pack, pack.document) for pack in packs if pack.document),
        vocabulary=words or Vocabulary(),
        interpretations=MappingProxyType(decisions),
        calendar=tuple(item.rule for item in overlays),
        sha256=_sha256(reader.sources),
    )


def _pack(folder: Folder, document: Item[Document]) -> Pack:
    rules = {name: tuple(item.rule for item in items) for name, items in folder.rules.items()}
    return Pack(
        document=document.rule,
        duties=rules["duties.yaml"],
        qualitative=rules["qualitative.yaml"],
        interviews=rules["interviews.yaml"],
        bars=rules["bars.yaml"],
        awards=folder.plan.rule if folder.plan else None,
        scorecard=folder.scores.rule if folder.scores else None,
        sha256=_sha256(folder.sources),
    )


def _duties(packs: Iterable[Folder]) -> dict[str, frozenset[str]] | None:
    """The ids of the duties of every document; None where one cannot be read."""
    if any("duties.yaml" in pack.broken for pack in packs):
        return None
    return {p.name: frozenset(item.rule.id for item in p.rules["duties.yaml"]) for p in packs}


def _defects(folder: Folder, shared: Known) -> list[Problem]:
    """What is wrong across the files of one document. A broken file's words are not missed
    elsewhere: its own defects are reported, and the rest once they are mended."""
    known, rules, plan = _known(folder, shared), folder.rules, folder.plan
    scores = folder.scores
    problems = checks.repeated([*rules["duties.yaml"], *rules["qualitative.yaml"]])
    problems += checks.repeated(rules["interviews.yaml"], "section")
    problems += checks.repeated(rules["bars.yaml"])
    problems += checks.disagreeing(rules["bars.yaml"])
    for name, items in rules.items():
        for item in items:
            problems += checks.check(item, known, WORDS[name])
    if plan:
        problems += checks.check(plan, known, checks.PLAN_WORDS)
        problems += [plan.problem(*defect) for defect in plan_defects(plan.rule, known)]
    if scores:
        problems += checks.check(scores, known, {})
        problems += [scores.problem(*defect) for defect in score_defects(scores.rule)]
    if folder.document:
        problems += checks.check(folder.document, known, {})
        problems += [*_misnamed(folder, folder.document), *_undecided(folder, folder.document)]
        if not folder.broken:
            problems += coverage_defects(folder.document, rules, plan, scores)
    return problems


def _known(folder: Folder, shared: Known) -> Known:
    document = folder.document.rule if folder.document else None
    interviews: Iterable[Item[Any]] = folder.rules["interviews.yaml"]
    grounds = {i.rule.section: frozenset(g.id for g in i.rule.grounds) for i in interviews}
    follows = {i.rule.id: i.rule.follows_from for i in folder.rules["duties.yaml"]}
    return replace(
        shared,
        articles=frozenset(a.id for a in document.articles) if document else None,
        grounds=None if "interviews.yaml" in folder.broken else grounds,
        rank_groups=frozenset(document.rank_groups) if document else None,
        follows=None if "duties.yaml" in folder.broken else follows,
        issued_on=document.issued_on if document else None,
    )


def _misnamed(folder: Folder, document: Item[Document]) -> list[Problem]:
    if document.rule.id == folder.name:
        return []
    what = f"编号“{document.rule.id}”与目录名“{folder.name}”不一致"
    return [document.problem(("id",), what, f"请改其一；{DOCUMENT} 的 id 就是目录名")]


def _undecided(folder: Folder, document: Item[Document]) -> list[Problem]:
    """Duties and interviews rest on decisions that hold for the whole document."""
    resting = folder.rules["duties.yaml"] or folder.rules["interviews.yaml"]
    if document.rule.defaults_ or not resting:
        return []
    what = "有责任事项或约谈，却没有写 defaults"
    return [document.problem((), what, "请补上 defaults；只有评选方案、计分办法的文件才不用写")]


def _sha256(sources: Iterable[Source]) -> str:
    digest = hashlib.sha256()
    for source in sorted(sources, key=lambda s: s.name):
        digest.update(f"{source.name}\0{len(source.raw)}\0".encode() + source.raw)
    return digest.hexdigest()
