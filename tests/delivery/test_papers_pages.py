"""The papers as pages: every one laid out by LibreOffice, the proof on one page, fonts embedded."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from tests.consequences.desk import BREACH, HELD, behind
from tests.scenarios.world import World, all_covers, moment
from tracker.db import open_engine, transaction
from tracker.delivery.documents.kinds import KINDS, write
from tracker.delivery.documents.occasion import Facts, Occasion
from tracker.delivery.documents.paper import Paper
from tracker.delivery.documents.proof import fit
from tracker.delivery.documents.render import render
from tracker.evaluation import findings

PROGRAMS = ("soffice", "pdfinfo", "pdffonts", "pdftotext")


@pytest.fixture(scope="module")
def pages(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with every paper as docx and, by one run of LibreOffice, as pdf."""
    missing = [program for program in PROGRAMS if shutil.which(program) is None]
    if missing:
        refuse = pytest.fail if os.environ.get("CI") == "true" else pytest.skip
        refuse(f"not here: {missing}; run `make office`")
    folder = tmp_path_factory.mktemp("papers")
    engine = open_engine(f"sqlite:///{shutil.copy(sqlite_template, folder / 'luze.sqlite3')}")
    with transaction(engine) as connection:
        for name, data in papers(connection):
            (folder / f"{name}.docx").write_bytes(data)
    engine.dispose()
    command = [
        "soffice", f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless",
        "--convert-to", "pdf", "--outdir", str(folder), *map(str, sorted(folder.glob("*.docx"))),
    ]  # fmt: skip
    subprocess.run(command, check=True, capture_output=True, timeout=240)
    return folder


def papers(connection: sa.Connection) -> Iterator[tuple[str, bytes]]:
    """Every kind from one case, and by hand what is hardest on the page."""
    world = World(connection)
    desk = behind(world, "unit.study", "unit.leader_visit")
    world.check(BREACH)
    desk.to("conducted")
    occasion = Occasion(connection, world.law, all_covers(), HELD, moment(HELD, 23))
    rows = findings.state(connection)
    finding = int(rows.loc[rows["status"] == "breached", "id"].iloc[0])
    numbers = {"subject": world.ids["甲局"], "interview": 1, "finding": finding}
    for kind in KINDS:
        yield kind.name, write(occasion, kind, numbers[kind.about]).data
    for name, steps in {"满页": [("步骤", "文" * 300)] * 14, "碎页": [("步骤", "文")] * 20}.items():
        facts = Facts(name, {"number": 1, "steps": fit([*steps, ("计入的记录", "7月" * 900)])})
        yield name, render("认定依据", facts.told)
    yield "满字", ruler()


def ruler() -> bytes:
    """A page of 28 characters a line: 22 lines of them, and one line more."""
    paper = Paper("满字")
    for _ in range(23):
        paper.recipients("国" * 28)
    return paper.data()


def told(folder: Path, program: str, name: str, *more: str) -> str:
    command = [program, str(folder / f"{name}.pdf"), *more]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def page_count(folder: Path, name: str) -> int:
    (count,) = re.findall(r"Pages:\s+(\d+)", told(folder, "pdfinfo", name))
    return int(count)


@pytest.mark.parametrize("name", ["认定依据", "满页", "碎页"])
def test_a_proof_fits_one_page_whatever_it_says(pages: Path, name: str) -> None:
    assert page_count(pages, name) == 1


@pytest.mark.parametrize("kind", [kind.name for kind in KINDS])
def test_every_paper_is_a_few_a4_pages_with_its_fonts_inside(pages: Path, kind: str) -> None:
    assert 1 <= page_count(pages, kind) <= 3
    assert "(A4)" in told(pages, "pdfinfo", kind)
    fonts = told(pages, "pdffonts", kind).splitlines()[2:]
    assert any("CJK" in font for font in fonts)
    embedded = [font.split()[-5] for font in fonts]
    assert set(embedded) == {"yes"}


def test_a_page_holds_22_lines_of_28_characters(pages: Path) -> None:
    first = told(pages, "pdftotext", "满字", "-l", "1", "-layout", "-")
    lines = [line.strip() for line in first.splitlines() if "国" in line]

    assert lines == ["国" * 28] * 22
    assert page_count(pages, "满字") == 2


@pytest.mark.parametrize(
    "kind", ["预警通知书", "督办单", "约谈通知书", "整改通知书", "合规情况说明"]
)
def test_the_signature_is_on_a_page_with_text(pages: Path, kind: str) -> None:
    by_page = told(pages, "pdftotext", kind, "-layout", "-").split("\f")
    (signed,) = [page for page in by_page if "（印章）" in page]
    before = signed.split("（印章）")[0]

    assert len(re.sub(r"\s", "", before)) > 20
