"""The law enters here: folders of YAML become `Law`, or every defect of every file at once."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from tracker.errors import PackError, Problem
from tracker.policy import checks
from tracker.policy.coverage import coverage_defects, undecided
from tracker.policy.known import Known
from tracker.policy.law import Law
from tracker.policy.model import Document, Pack
from tracker.policy.parse import Item
from tracker.policy.plan_checks import plan_defects
from tracker.policy.reader import COMPUTED, DOCUMENT, WORDS, Folder, Reader
from tracker.policy.score_checks import score_defects
from tracker.policy.source import Source
from tracker.policy.vocabulary import Vocabulary
from tracker.policy.work_checks import named_defects, recommendation_defects, task_defects


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


def drafts(folders: Sequence[Path]) -> tuple[Pack, ...]:
    """Every pack as far as its files can be read, unchecked: to show what is still missing in a
    new one, never to judge by."""
    packs = Reader(folders).folders()
    return tuple(_pack(pack, pack.document) for pack in packs if pack.document)


def _pack(folder: Folder, document: Item[Document]) -> Pack:
    rules = {name: tuple(item.rule for item in items) for name, items in folder.rules.items()}
    return Pack(
        document=document.rule,
        duties=tuple(item.rule for item in folder.duties()),
        qualitative=rules["qualitative.yaml"],
        interviews=rules["interviews.yaml"],
        bars=rules["bars.yaml"],
        exit_checks=rules["exit_checks.yaml"],
        awards=folder.plan.rule if folder.plan else None,
        scorecard=folder.scores.rule if folder.scores else None,
        targets=rules["targets.yaml"],
        tasks=rules["tasks.yaml"],
        recommendations=rules["recommendations.yaml"],
        sha256=_sha256(folder.sources),
    )


def _duties(packs: Iterable[Folder]) -> dict[str, frozenset[str]] | None:
    """The ids of the duties of every document; None where one cannot be read."""
    if any(pack.broken.intersection(COMPUTED) for pack in packs):
        return None
    return {pack.name: frozenset(item.rule.id for item in pack.duties()) for pack in packs}


def _defects(folder: Folder, shared: Known) -> list[Problem]:
    """What is wrong across the files of one document. A broken file's words are not missed
    elsewhere: its own defects are reported, and the rest once they are mended."""
    known, rules, plan = _known(folder, shared), folder.rules, folder.plan
    scores, document = folder.scores, folder.document
    problems = [*_of_lists(folder, known)]
    if plan:
        problems += checks.check(plan, known, checks.PLAN_WORDS)
        problems += [plan.problem(*defect) for defect in plan_defects(plan.rule, known)]
    if scores:
        problems += checks.check(scores, known, {})
        problems += [scores.problem(*defect) for defect in score_defects(scores.rule)]
    if document:
        problems += checks.check(document, known, {})
        problems += [*_misnamed(folder, document), *_undecided(folder, document)]
        problems += undecided(document)
        problems += _of_work(folder, document.rule)
        if not folder.broken:
            problems += coverage_defects(document, rules, plan, scores)
    return problems


def _of_lists(folder: Folder, known: Known) -> Iterator[Problem]:
    rules, duties = folder.rules, folder.duties()
    yield from checks.repeated([*duties, *rules["qualitative.yaml"]])
    yield from checks.repeated(rules["tasks.yaml"], "name")  # a closing names the task it closes
    yield from checks.repeated(rules["interviews.yaml"], "section")
    for name in ("bars.yaml", "exit_checks.yaml", "recommendations.yaml"):
        yield from checks.repeated(rules[name])
    yield from checks.disagreeing(rules["bars.yaml"])
    for item in duties:
        yield from checks.check(item, known, checks.DUTY_WORDS)
    for name in rules.keys() - set(COMPUTED):
        for each in rules[name]:
            yield from checks.check(each, known, WORDS[name])


def _of_work(folder: Folder, document: Document) -> Iterator[Problem]:
    """What is wrong with those whom the document names, its work plan and what follows a breach."""
    tasks: Iterable[Item[Any]] = folder.rules["tasks.yaml"]
    advice: Iterable[Item[Any]] = folder.rules["recommendations.yaml"]
    duties = folder.duties()
    defects = [(item, named_defects(document, item.rule)) for item in duties]
    defects += [(item, task_defects(document, item.rule)) for item in tasks]
    if not folder.broken.intersection(COMPUTED):
        holders = {item.rule.id: item.rule.holder.role for item in duties}
        defects += [(item, recommendation_defects(item.rule, holders)) for item in advice]
    for item, found in defects:
        yield from (item.problem(*defect) for defect in found)


def _known(folder: Folder, shared: Known) -> Known:
    document = folder.document.rule if folder.document else None
    interviews: Iterable[Item[Any]] = folder.rules["interviews.yaml"]
    grounds = {i.rule.section: frozenset(g.id for g in i.rule.grounds) for i in interviews}
    follows = {item.rule.id: item.rule.follows_from for item in folder.duties()}
    return replace(
        shared,
        articles=frozenset(a.id for a in document.articles) if document else None,
        grounds=None if "interviews.yaml" in folder.broken else grounds,
        rank_groups=frozenset(document.rank_groups) if document else None,
        follows=None if folder.broken.intersection(COMPUTED) else follows,
        issued_on=document.issued_on if document else None,
    )


def _misnamed(folder: Folder, document: Item[Document]) -> list[Problem]:
    if document.rule.id == folder.name:
        return []
    what = f"编号“{document.rule.id}”与目录名“{folder.name}”不一致"
    return [document.problem(("id",), what, f"请改其一；{DOCUMENT} 的 id 就是目录名")]


def _undecided(folder: Folder, document: Item[Document]) -> list[Problem]:
    """Duties and interviews rest on decisions that hold for the whole document."""
    resting = folder.duties() or folder.rules["interviews.yaml"]
    if document.rule.defaults_ or not resting:
        return []
    what = "有责任事项或约谈，却没有写 defaults"
    return [document.problem((), what, "请补上 defaults；只有评选方案、计分办法的文件才不用写")]


def _sha256(sources: Iterable[Source]) -> str:
    digest = hashlib.sha256()
    for source in sorted(sources, key=lambda s: s.name):
        digest.update(f"{source.name}\0{len(source.raw)}\0".encode() + source.raw)
    return digest.hexdigest()
