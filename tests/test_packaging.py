"""An installed tracker, far from its checkout, still finds its law."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PROBE = "from tracker import resources; print(resources.folder('duties'))"


def run(*command: str, cwd: Path, path: Path | None = None) -> str:
    environ = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "TRACKER_"))}
    if path:
        environ["PYTHONPATH"] = str(path)
    done = subprocess.run(
        [sys.executable, *command], cwd=cwd, env=environ, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    offline = ["--no-deps", "--no-build-isolation", "--no-index"]
    run("-m", "pip", "wheel", *offline, "--wheel-dir", str(folder), str(ROOT), cwd=folder)
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("installed")
    offline = ["--no-deps", "--no-index"]
    run("-m", "pip", "install", *offline, "--target", str(target), str(wheel), cwd=target)
    return target


def test_an_installed_tracker_finds_its_law_from_anywhere(installed: Path, tmp_path: Path) -> None:
    found = Path(run("-c", PROBE, cwd=tmp_path, path=installed).strip())
    assert found == installed / "tracker" / "_data" / "duties"
    assert (found / "vocabulary.yaml").is_file()
    assert (found / "gansu-2019-33" / "document.yaml").is_file()


def test_an_installed_tracker_creates_its_schema(installed: Path, tmp_path: Path) -> None:
    code = (
        "from tracker import db; e = db.open_engine('sqlite:///new.sqlite3'); "
        "db.upgrade(e); db.check_ready(e); print(db.__file__)"
    )
    assert run("-c", code, cwd=tmp_path, path=installed).startswith(str(installed))


def test_the_wheel_holds_every_file_of_the_program_and_nothing_else(wheel: Path) -> None:
    packed = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    expected = _tracked("tracker") | _tracked("jobs")
    expected |= {f"tracker/_data/{name}" for name in _tracked("duties") | _tracked("templates")}
    expected |= {
        name.replace("tests/fixtures/", "tracker/_data/demo/")
        for name in _tracked("tests/fixtures")
    }
    assert packed == expected


def _tracked(folder: str) -> set[str]:
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", folder]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return {name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()}


def test_the_command_is_called_tracker(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        (name,) = [n for n in archive.namelist() if n.endswith("entry_points.txt")]
        assert "tracker = tracker.cli:main" in archive.read(name).decode()
