"""Every broken pack is refused with the file, the line and words that tell what to do."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from tracker.errors import PackError, Problem
from tracker.policy.load import load_law

BAD = Path(__file__).parents[1] / "bad_packs"
VALID, PLAN, SCORES, EXITS = BAD / "valid", BAD / "plan", BAD / "scores", BAD / "exits"
WORK = BAD / "work"
STARTS = {
    "*.awards.yaml": PLAN, "*.scorecard.yaml": SCORES, "*.exit_checks.yaml": EXITS,
    "*.targets.yaml": WORK, "*.tasks.yaml": WORK, "*.recommendations.yaml": WORK,
}  # fmt: skip
CASES = sorted(BAD.glob("*.yaml"))
_MARK = re.compile(r"# 应报：(.+)")


def overlay(tmp_path: Path, *broken: Path) -> Path:
    """The valid pack with each broken file in the place of its namesake; for broken award plans
    and scorecards the valid pack that has one."""
    root = tmp_path / "duties"
    start = next((p for like, p in STARTS.items() if any(f.match(like) for f in broken)), VALID)
    shutil.copytree(start, root)
    for file in broken:
        target = next(root.rglob(file.name.partition(".")[2]))
        target.write_bytes(file.read_bytes())
    return root


def problems_of(root: Path) -> tuple[Problem, ...]:
    with pytest.raises(PackError) as refused:
        load_law([root])
    return refused.value.problems


def expected(file: Path) -> tuple[int, list[str]]:
    for number, line in enumerate(file.read_text("utf-8").splitlines(), 1):
        if found := _MARK.search(line):
            return number, found[1].split(" | ")
    raise AssertionError(f"{file.name} has no 应报 mark")


def test_the_valid_pack_has_no_defect() -> None:
    assert [d.id for d in load_law([VALID]).packs[0].duties] == [
        "unit.study",
        "unit.pairing",
        "unit.nights",
    ]


def test_the_valid_plan_has_no_defect() -> None:
    plans = {pack.document.id: pack.awards for pack in load_law([PLAN]).packs}
    assert plans["list"] is None
    assert plans["sample"]
    assert [award.id for award in plans["sample"].awards] == ["good.unit", "good.cadre"]


def test_the_valid_scorecard_has_no_defect() -> None:
    (pack,) = load_law([SCORES]).packs
    assert pack.scorecard
    assert [card.id for card in pack.scorecard.scorecards] == ["villages"]


def test_the_valid_exit_checks_have_no_defect() -> None:
    (pack,) = load_law([EXITS]).packs
    assert [check.leads_to for check in pack.exit_checks] == ["on_hold", "on_hold", "warning"]


def test_the_valid_work_plan_has_no_defect() -> None:
    (pack,) = load_law([WORK]).packs
    assert [duty.id for duty in pack.duties] == [
        "target.people",
        "target.rate",
        "task.plan",
        "task.villages",
    ]


@pytest.mark.parametrize("file", CASES, ids=lambda f: f.name.removesuffix(".yaml"))
def test_a_defect_is_named_with_its_line(file: Path, tmp_path: Path) -> None:
    root = overlay(tmp_path, file)
    line, words = expected(file)
    problems = problems_of(root)
    assert len(problems) == 1, problems
    target = next(root.rglob(file.name.partition(".")[2])).relative_to(root).as_posix()
    assert re.match(rf"{re.escape(target)}:{line}(（|$)", problems[0].where), problems[0]
    for word in words:
        assert word in str(problems[0]), problems[0]
    assert problems[0].fix


def test_all_defects_of_all_files_come_at_once(tmp_path: Path) -> None:
    names = ("unknown_kind.duties", "unknown_incident.bars", "unknown_interviewer.interviews")
    problems = problems_of(overlay(tmp_path, *(BAD / f"{name}.yaml" for name in names)))
    assert sorted(p.where.partition(":")[0] for p in problems) == [
        "sample/bars.yaml",
        "sample/duties.yaml",
        "sample/interviews.yaml",
    ]


def test_several_defects_of_one_file_come_at_once(tmp_path: Path) -> None:
    root = overlay(tmp_path)
    duties = root / "sample" / "duties.yaml"
    text = duties.read_text("utf-8")
    text = text.replace("kind: study", "kind: x1").replace("role: unit", "role: x2")
    duties.write_text(text.replace("at_least: 160", "at_leest: 160"), "utf-8")
    assert {"x1", "x2", "at_leest"} <= set(re.findall(r"“(\w+)”", str(problems_of(root))))


def test_a_file_nobody_reads_is_refused(tmp_path: Path) -> None:
    root = overlay(tmp_path)
    (root / "sample" / "dutys.yaml").write_text("- 1\n", "utf-8")
    (problem,) = problems_of(root)
    assert problem.where == "sample/dutys.yaml"
    assert "duties.yaml" in problem.fix


def test_a_folder_without_a_document_is_refused(tmp_path: Path) -> None:
    root = overlay(tmp_path)
    (root / "sample" / "document.yaml").unlink()
    (problem,) = problems_of(root)
    assert (problem.where, problem.what) == ("sample", "缺少 document.yaml")


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    problems = problems_of(tmp_path / "nowhere")
    assert str(tmp_path / "nowhere") in problems[0].where


def test_a_file_that_is_not_utf8_is_refused(tmp_path: Path) -> None:
    root = overlay(tmp_path)
    file = root / "sample" / "qualitative.yaml"
    file.write_bytes(file.read_text("utf-8").encode("gb18030"))
    assert "UTF-8" in problems_of(root)[0].fix


def test_two_folders_may_not_hold_one_document(tmp_path: Path) -> None:
    root = overlay(tmp_path)
    second = tmp_path / "local"
    shutil.copytree(VALID / "sample", second / "sample")
    with pytest.raises(PackError) as refused:
        load_law([root, second])
    assert "“sample”已经用过" in str(refused.value)


def test_a_local_folder_adds_a_document_to_the_shared_words(tmp_path: Path) -> None:
    second = tmp_path / "local" / "other"
    shutil.copytree(VALID / "sample", second)
    document = second / "document.yaml"
    document.write_text(document.read_text("utf-8").replace("id: sample", "id: other"), "utf-8")
    law = load_law([VALID, tmp_path / "local"])
    assert [p.document.id for p in law.packs] == ["sample", "other"]


def test_a_word_may_not_be_defined_twice(tmp_path: Path) -> None:
    second = tmp_path / "local"
    second.mkdir()
    (second / "vocabulary.yaml").write_text("kinds:\n  study: 学习\n", "utf-8")
    with pytest.raises(PackError) as refused:
        load_law([VALID, second])
    (problem,) = refused.value.problems
    assert problem.where.startswith("vocabulary.yaml:2")
    assert "“study”已经定义过" in problem.what
