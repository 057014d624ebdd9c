"""Documentation that is tested: it names everything there is, and names nothing else."""

from __future__ import annotations

import inspect
import json
import re
import shlex
from collections.abc import Callable, Iterator
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pandas as pd
import pytest
import sqlalchemy as sa
import typer
from typer.testing import CliRunner

from tests.scenarios.world import shipped_law
from tracker import demo
from tracker.awards.gate import ANSWER_NAMES, EXIT_CODES
from tracker.awards.nominations import NOMINATION
from tracker.cli import app, bars, incident_words, interview_words, query, show
from tracker.cli.groups import Listing
from tracker.clock import SHANGHAI
from tracker.consequences.lives import INTERVIEW, NOTICE, OBJECTION
from tracker.db import transaction
from tracker.delivery.documents.kinds import KINDS
from tracker.evaluation import findings, words
from tracker.ledger.forms import load_forms
from tracker.ledger.reading import read_workbook
from tracker.ledger.store import store_workbook
from tracker.lifecycle import Lifecycle
from tracker.registry.waivers import WAIVER
from tracker.settings import SETTINGS
from tracker.workdays import calendar_for

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
PAGES = sorted([ROOT / "README.md", ROOT / "duties" / "README.md", *DOCS.glob("*.md")])
COMMAND = re.compile(r"(?<![\w/.-])tracker (?=[a-z])([^`\n#|>;]*)")
LINK = re.compile(r"\]\(([^)\s]+)\)")


def text(name: str) -> str:
    return (DOCS / name).read_text(encoding="utf-8")


def rows(page: str) -> list[list[str]]:
    """The cells of every table row of a page."""
    return [line.strip("|").split("|") for line in page.splitlines() if line.startswith("|")]


@cache
def whole() -> Any:
    """The program as one command."""
    return typer.main.get_command(app)


@cache
def commands() -> dict[tuple[str, ...], set[str]]:
    """Every command of the program with its options: ('policy', 'lint') -> {...}."""
    return dict(_commands(whole(), ()))


def _commands(command: Any, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], set[str]]]:
    below = getattr(command, "commands", {})
    for name, one in below.items():
        yield from _commands(one, (*path, name))
    if not below:
        options = {o for p in command.params for o in p.opts if o.startswith("--")}
        yield path, options - {"--help"}


def shown_commands(page: str) -> Iterator[list[str]]:
    """The words of each `tracker ...` of a page."""
    for match in COMMAND.finditer(page.replace("\\\n", " ")):
        try:
            yield shlex.split(match[1])
        except ValueError:  # a quotation that ends outside the code
            yield match[1].split()


def command_of(said: list[str]) -> tuple[str, ...]:
    """The command that these words name; a group that lists by itself is its `list`."""
    named = next((tuple(said[:n]) for n in (2, 1) if tuple(said[:n]) in commands()), ())
    group = whole().commands.get(said[0])
    lists = isinstance(group, Listing) or (
        len(said) == 1 and getattr(group, "invoke_without_command", False)
    )
    return named or ((said[0], "list") if lists else ())


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.relative_to(ROOT).as_posix())
def test_every_command_shown_exists_with_its_options(page: Path) -> None:
    unknown = []
    for said in shown_commands(page.read_text(encoding="utf-8")):
        options = {word for word in said if word.startswith("--")} - {"--help"}
        path = command_of(said)
        if not path or options - commands()[path]:
            unknown.append(" ".join(said))
    assert unknown == []


def test_a_command_that_does_not_exist_would_be_noticed() -> None:
    (said,) = shown_commands("先 `tracker polish --hard` 再说")
    assert (said, command_of(said)) == (["polish", "--hard"], ())
    assert command_of(["policy"]) == command_of(["audit", "--level"]) == ()
    assert command_of(["notices", "某单位"]) == ("notices", "list")


@pytest.mark.parametrize("path", commands(), ids=" ".join)
def test_the_manual_lists_every_command_with_all_its_options(path: tuple[str, ...]) -> None:
    said = f"`tracker {' '.join(path)}"
    (row,) = (r for r in rows(text("使用手册.md")) if re.match(rf"{said}[ `]", r[0]))
    named = set(re.findall(r"--[a-z-]+", "|".join(row)))
    assert named == commands()[path]


def test_the_manual_lists_every_setting() -> None:
    listed = {row[0].strip("`") for row in rows(text("使用手册.md")) if "TRACKER_" in row[0]}
    assert listed == {name for name, _, _ in SETTINGS}


def test_the_manual_lists_every_answer_with_its_exit_code() -> None:
    told = {row[0]: row[1] for row in rows(text("使用手册.md")) if len(row) == 3}
    assert {name: told[name] for name in ANSWER_NAMES.values()} == {
        ANSWER_NAMES[answer]: str(code) for answer, code in EXIT_CODES.items()
    }


def shown_words() -> list[tuple[str, str]]:
    """Every identifier a reader may meet, with the Chinese that the program shows for it."""
    law, forms = shipped_law(), load_forms().forms
    return [
        *((status.name, name) for status, name in words.STATUS_NAMES.items()),
        *((reason.name, name or "（无）") for reason, name in words.REASON_NAMES.items()),
        *((str(flag.name), mark) for flag, mark in words.FLAG_MARKS.items()),
        *show.LEVEL_MARKS.items(),
        *((answer.value, name) for answer, name in ANSWER_NAMES.items()),
        *((key, form.name) for key, form in forms.items()),
        *law.vocabulary.kinds.items(),
        *((kind.id, kind.name) for kind in KINDS),
    ]


@pytest.mark.parametrize(("word", "shown"), shown_words())
def test_the_glossary_gives_every_word_as_the_program_shows_it(word: str, shown: str) -> None:
    assert [f"`{word}`", shown] in [row[:2] for row in rows(text("glossary.md"))]


LIVES = (NOTICE, INTERVIEW, OBJECTION, WAIVER, NOMINATION)


def under(page: str, title: str) -> list[list[str]]:
    """The first two cells of each row below a heading, without the head of the table."""
    (part,) = re.findall(rf"^#+ {re.escape(title)}\n(.*?)(?=^#|\Z)", page, re.M | re.S)
    return [row[:2] for row in rows(part)[2:]]


@pytest.mark.parametrize("life", LIVES, ids=lambda life: life.case)
def test_the_glossary_gives_every_act_and_state_of_a_life_and_no_other(life: Lifecycle) -> None:
    acts = [[f"`{event}`", step.name] for event, step in life.steps.items()]
    states = [[f"`{state}`", name] for state, name in life.states.items()]

    assert sorted(under(text("glossary.md"), f"{life.case}的经过")) == sorted(acts)
    assert sorted(under(text("glossary.md"), f"{life.case}的状态")) == sorted(states)


@pytest.mark.parametrize(
    ("title", "section"),
    [("事件的类别", "incidents"), ("事件的认定", "qualifiers"), ("限制", "effects")],
)
def test_the_glossary_gives_the_words_of_incidents_and_bars(title: str, section: str) -> None:
    words_of = getattr(shipped_law().vocabulary, section)

    assert sorted(under(text("glossary.md"), title)) == sorted(
        [f"`{word}`", name] for word, name in words_of.items()
    )


def test_the_manual_names_every_paper_and_every_state_of_an_interview() -> None:
    named = {*(kind.name for kind in KINDS), *INTERVIEW.states.values()} - {"建议已撤回"}
    assert [name for name in sorted(named) if name not in text("使用手册.md")] == []


@pytest.mark.parametrize("status", words.STATUS_NAMES.values())
def test_the_manual_names_every_status(status: str) -> None:
    assert status in text("使用手册.md")


@pytest.mark.parametrize("form", load_forms().forms.values(), ids=lambda form: form.name)
def test_the_import_page_lists_the_columns_of_every_form(form: Any) -> None:
    (row,) = (r for r in rows(text("import.md")) if r[0] == form.name and len(r) == 2)
    bold = set(re.findall(r"\*\*(.+?)\*\*", row[1]))
    headers = {field.headers[0]: field.required for field in form.fields.values()}
    assert bold == {header for header, required in headers.items() if required} - {"1"}
    shown = {h for h in headers if h not in ("简称", "备注")}  # one column of remarks holds both
    assert [header for header in sorted(shown) if header not in row[1]] == []


def test_the_example_of_local_words_is_accepted(tmp_path: Path) -> None:
    (example,) = re.findall(r"```yaml\n(.+?)```", text("import.md"), re.S)
    path = tmp_path / "local.yaml"
    path.write_text(example, encoding="utf-8")
    forms = load_forms(path)
    assert "包户干部" in forms.forms["household_visits"].by_header
    assert forms.marks.by_symbol["★"] == "overnight"


def test_the_import_page_tells_every_problem_of_the_sample(sqlite_engine: sa.Engine) -> None:
    now = datetime(2020, 1, 9, tzinfo=SHANGHAI)
    law, workbook = shipped_law(), read_workbook(demo.WORKBOOK, load_forms(), today=now.date())
    calendar = calendar_for(law.calendar)
    with transaction(sqlite_engine) as connection:
        report = store_workbook(
            connection, workbook,
            vocabulary={"kinds": law.vocabulary.kinds, "as": law.vocabulary.as_},
            is_working_day=lambda day: bool(calendar.is_working(day)),
            now=now, operator="测试员",
        )  # fmt: skip
    page = text("import.md").split("## 样表中不清楚之处")[-1]
    told = {
        (sheet, row)
        for cells in rows(page)
        for sheet in (re.split("第|（", cells[0])[0],)
        for row in map(int, re.findall(r"\d+", cells[0].removeprefix(sheet)))
    }
    assert [p for p in report.problems if (p.sheet, p.row) not in told] == []
    refused = sum(sheet.refused for sheet in report.sheets)
    notes = len(report.of("note"))
    assert f"入库{report.entries}行，退回{refused}行和1格，另有{notes}处提示" in page


def finding() -> dict[str, Any]:
    """One finding as --json prints it."""
    document, duty = next((p.document, d) for p in shipped_law().packs for d in p.duties)
    row = dict.fromkeys(findings.COLUMNS) | {
        "key": "k", "status": "met", "reason": "none", "flags": 0, "holder_id": 1,
        "required": 1.0, "literal": 1.0, "done": 1.0, "opens": date(2019, 1, 1),
    }  # fmt: skip
    return show.finding_json(pd.Series(row, dtype=object), {1: "某单位"}, document, duty)


def test_the_json_example_has_the_keys_of_a_finding_in_their_order() -> None:
    example, _ = re.findall(r"```json\n(.+?)```", text("query-json.md"), re.S)
    assert list(json.loads(example)) == list(finding())


def test_the_json_page_explains_every_key() -> None:
    source = Path(query.__file__).read_text(encoding="utf-8")
    document = source.split("def as_document")[1].split("\n\n\ndef ")[0]
    keys = set(re.findall(r'"(\w+)":', document)) | set(finding())
    explained = set(re.findall(r"`(\w+)`", text("query-json.md")))
    assert keys - explained == set()


@pytest.mark.parametrize(
    ("title", "written_by"),
    [
        ("提醒", show.notice_json),
        ("约谈", interview_words.as_json),
        ("事件", incident_words.as_json),
        ("限制", bars._json),
    ],
)
def test_the_json_page_explains_every_key_of_a_list(
    title: str, written_by: Callable[..., Any]
) -> None:
    (part,) = re.findall(
        rf"^## {title}\n(.*?)(?=^## |\Z)", text("query-json.md") + "\n", re.M | re.S
    )
    keys = set(re.findall(r'"(\w+)":', inspect.getsource(written_by))) - {"id", "name"}

    assert keys - set(re.findall(r"`(\w+)`", part)) == set()


def examples(page: str) -> Iterator[tuple[list[str], list[str]]]:
    """Each `$ tracker ...` of the blocks of a page: its words, and the lines shown below it."""
    for block in re.findall(r"^```\n(.*?)^```", page, re.M | re.S):
        for example in re.split(r"^\$ tracker ", block, flags=re.M)[1:]:
            said, *shown = example.splitlines()
            yield shlex.split(said), shown


def lines(printed: str) -> list[str]:
    return [" ".join(line.split()) for line in printed.splitlines()]


def test_the_manual_shows_what_the_demo_prints(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRACKER_HOME", str(tmp_path))
    monkeypatch.setenv("TRACKER_OPERATOR", "何甲子")
    runner = CliRunner()
    assert runner.invoke(app, ["demo"]).exit_code == 0
    story = list(examples(text("使用手册.md")))
    differing = []
    for said, shown in story:
        result = runner.invoke(app, said)
        told = result.output if result.exit_code != 1 else str(result.exception)
        printed = lines(told.replace(str(tmp_path), "…/luze-demo"))
        differing += [line for line in lines("\n".join(shown)) if line not in ["……", *printed]]

    assert len(story) > 20
    assert differing == []


def anchors(page: Path) -> set[str]:
    """The anchors of a page's headings, as they are made from Chinese and English titles."""
    heads = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.M)
    return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.relative_to(ROOT).as_posix())
def test_every_link_leads_somewhere(page: Path) -> None:
    broken = []
    for link in LINK.findall(page.read_text(encoding="utf-8")):
        if re.match(r"[a-z]+:", link):
            continue
        path, _, anchor = unquote(link).partition("#")
        target = (page.parent / path).resolve() if path else page
        if not target.exists() or (anchor and anchor not in anchors(target)):
            broken.append(link)
    assert broken == []


def test_the_readme_leads_to_every_document() -> None:
    linked = set(LINK.findall((ROOT / "README.md").read_text(encoding="utf-8")))
    assert {f"docs/{page.name}" for page in DOCS.glob("*.md")} <= linked


def test_the_readme_maps_every_folder_of_the_house() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    own = [p for p in (ROOT / "tracker").iterdir() if (p / "__init__.py").is_file()]
    assert [p.name for p in own if f"`tracker/{p.name}/`" not in readme] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.relative_to(ROOT).as_posix())
def test_every_decision_cited_exists(page: Path) -> None:
    known = set(shipped_law().interpretations)
    cited = set(re.findall(r"\bI\d{1,3}\b", page.read_text(encoding="utf-8")))
    assert cited - known == set()
