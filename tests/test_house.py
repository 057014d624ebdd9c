"""The house rules that a linter does not know."""

from __future__ import annotations

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
MODULE_LINES, FUNCTION_LINES = 300, 50
CLOCK = Path("tracker/clock.py")

CLOCK_NAMES = {"now", "utcnow", "today", "time", "time_ns", "ctime", "localtime", "gmtime"}
CLOCK_NAMES |= {"current_date", "current_timestamp"}
CLOCK_OWNERS = {"datetime", "date", "Timestamp", "time", "func"}

# Each is written so that it does not find itself.
FORBIDDEN = {
    "a package index": re.compile(
        r"index-ur[l]|find-link[s]|pypi\.or[g]|pythonhoste[d]|\b(pypi|mirrors?)\.\w+\.\w+"
    ),
    "a path of one machine": re.compile(r"(?<![\w.])/(home|Users|work|root)/\w"),
    "a telephone number": re.compile(r"(?<![\d.])1[3-9]\d{9}(?!\d)"),
    "an identity number": re.compile(r"(?<!\d)[1-9]\d{5}(19|20)\d{9}[\dX](?![\dX])"),
}


def sources(*folders: str) -> list[Path]:
    return sorted(p for folder in folders for p in (ROOT / folder).rglob("*.py"))


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def place(path: Path, line: int) -> str:
    return f"{path.relative_to(ROOT).as_posix()}:{line}"


def clock_readings(module: ast.Module) -> Iterator[int]:
    """Lines that read a clock by calling it, or hand it on (`default_factory=datetime.now`)."""
    called = {id(node.func) for node in ast.walk(module) if isinstance(node, ast.Call)}
    for node in ast.walk(module):
        if isinstance(node, ast.ImportFrom) and node.module == "time":
            if any(alias.name in CLOCK_NAMES for alias in node.names):
                yield node.lineno
        elif isinstance(node, ast.Attribute) and node.attr in CLOCK_NAMES:
            owner = ast.unparse(node.value).split(".")[-1]
            # moment.time() is a part of a moment, self.now a field: neither asks a clock.
            asked = id(node) in called and node.attr != "time" and owner != "clock"
            if (owner in CLOCK_OWNERS and (owner, node.attr) != ("datetime", "time")) or asked:
                yield node.lineno


def text_files() -> list[Path]:
    """Files that are, or on the next commit would be, part of the project."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, capture_output=True, check=True, text=True,
    )  # fmt: skip
    paths = (ROOT / name for name in listed.stdout.split("\0") if name)
    return sorted(p for p in paths if p.is_file() and b"\0" not in p.read_bytes()[:8000])


def test_only_the_clock_reads_the_clock() -> None:
    found = [
        place(path, line)
        for path in sources("tracker", "jobs")
        if path != ROOT / CLOCK
        for line in clock_readings(tree(path))
    ]
    assert found == []


@pytest.mark.parametrize(
    "reading",
    [
        "date.today()",
        "datetime.datetime.now(UTC)",
        "datetime.utcnow()",
        "pd.Timestamp.now()",
        "pd.Timestamp.today()",
        "time.time()",
        "sa.func.now()",
        "Field(default_factory=datetime.now)",
        "from time import time",
        "today = moment.now()",
    ],
)
def test_a_reading_of_the_clock_is_noticed(reading: str) -> None:
    assert list(clock_readings(ast.parse(reading))) == [1]


@pytest.mark.parametrize(
    "harmless",
    [
        "clock.now()",
        "clock.today",
        "now.time()",
        "datetime.time(8)",
        "self.now",
        "time.sleep(1)",
        "time.perf_counter()",
        "from time import perf_counter",
    ],
)
def test_asking_our_own_clock_is_no_reading(harmless: str) -> None:
    assert list(clock_readings(ast.parse(harmless))) == []


def test_every_module_says_what_it_is_for() -> None:
    assert [place(p, 1) for p in sources("tracker", "jobs", "tests") if not _docstring(p)] == []


def _docstring(path: Path) -> str | None:
    return ast.get_docstring(tree(path))


def test_no_module_outgrows_one_topic() -> None:
    lengths = {
        path: len(path.read_text(encoding="utf-8").splitlines())
        for path in sources("tracker", "jobs")
        if "migrations" not in path.parts
    }
    assert [place(p, n) for p, n in lengths.items() if n > MODULE_LINES] == []


def test_no_function_outgrows_one_screen() -> None:
    found = [
        f"{place(path, node.lineno)} {node.name}"
        for path in sources("tracker", "jobs")
        if "versions" not in path.parts
        for node in ast.walk(tree(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (node.end_lineno or 0) - node.lineno + 1 > FUNCTION_LINES
    ]
    assert found == []


@pytest.mark.parametrize("what", FORBIDDEN)
def test_no_file_names(what: str) -> None:
    found = [
        place(path, number)
        for path in text_files()
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if FORBIDDEN[what].search(line)
    ]
    assert found == []


@pytest.mark.parametrize(
    ("what", "line"),
    [
        ("a package index", "--index" + "-url https://example"),
        ("a package index", "https://pypi" + ".example.cn/simple"),
        ("a path of one machine", "cd /" + "home/somebody/luze"),
        ("a telephone number", "电话 138" + "00000000"),
        ("an identity number", "62282119" + "800101" + "0011"),
    ],
)
def test_what_no_file_may_name_is_noticed(what: str, line: str) -> None:
    assert FORBIDDEN[what].search(line)


@pytest.mark.parametrize("line", ["code: 621023102000", "sha256 113700000000111", "0.13700000000"])
def test_codes_of_places_and_digests_are_no_telephone_numbers(line: str) -> None:
    assert not FORBIDDEN["a telephone number"].search(line)
