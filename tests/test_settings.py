"""Settings come from the environment only, by the names of one table."""

from __future__ import annotations

from pathlib import Path

import pytest

from tracker import settings
from tracker.errors import LuzeError


def test_an_empty_environment_means_an_embedded_database_at_home() -> None:
    found = settings.load({})
    assert found.home == Path("~/.luze").expanduser().resolve()
    assert found.database_url == f"sqlite:///{found.home / 'luze.sqlite3'}"
    assert (found.policy_dir, found.mapping) == (None, None)


def test_the_embedded_database_moves_with_its_home(tmp_path: Path) -> None:
    found = settings.load({"TRACKER_HOME": str(tmp_path)})
    assert found.database_url == f"sqlite:///{tmp_path / 'luze.sqlite3'}"


def test_a_named_database_wins_over_the_home(tmp_path: Path) -> None:
    url = "postgresql://luze@db/luze"
    found = settings.load({"TRACKER_HOME": str(tmp_path), "TRACKER_DATABASE_URL": url})
    assert (found.database_url, found.home) == (url, tmp_path)


def test_an_empty_value_is_the_default() -> None:
    empty = {name: "" for name, _, _ in settings.SETTINGS}
    assert settings.load(empty) == settings.load({})


def test_paths_are_absolute(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    found = settings.load({"TRACKER_POLICY_DIR": "packs", "TRACKER_MAPPING": "map.yaml"})
    assert (found.policy_dir, found.mapping) == (tmp_path / "packs", tmp_path / "map.yaml")


@pytest.mark.parametrize(
    ("environ", "operator"),
    [
        ({"TRACKER_OPERATOR": "扶贫办值班", "USER": "root"}, "扶贫办值班"),
        ({"USER": "clerk"}, "clerk"),
        ({}, "本机操作员"),
    ],
)
def test_the_operator_is_always_somebody(environ: dict[str, str], operator: str) -> None:
    assert settings.load(environ).operator == operator


def test_a_misspelt_setting_is_refused_with_all_that_exist() -> None:
    with pytest.raises(LuzeError, match="TRACKER_DATEBASE_URL、TRACKER_HOUSE") as refusal:
        settings.load({"TRACKER_HOUSE": "x", "TRACKER_DATEBASE_URL": "y", "HOME": "z"})
    assert all(name in refusal.value.fix for name, _, _ in settings.SETTINGS)


def test_every_setting_carries_the_prefix_and_a_help() -> None:
    assert all(name.startswith(settings.PREFIX) and help_ for name, _, help_ in settings.SETTINGS)


def test_the_process_environment_is_what_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRACKER_HOME", str(tmp_path))
    assert settings.from_environment().home == tmp_path
