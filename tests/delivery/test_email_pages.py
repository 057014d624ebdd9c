"""Templates of an office's own: whatever is wrong with one is told with its name, never a crash."""

from __future__ import annotations

from pathlib import Path

import pytest

from tracker.delivery import email_pages
from tracker.errors import LuzeError


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"{% if %}", "第 1 行"),
        (b"\n{{ nobody }}", "第 2 行"),
        (b"\n\n{{ 1 / 0 }}", "第 3 行"),
        (b"{{ 'x' + 1 }}", "第 1 行"),
        (b"{% include 'nothing.txt' %}", "nothing.txt"),
        (b"{% include 'mine.txt' %}", "mine.txt"),
        ("帮扶履责提醒".encode("gb18030"), "UTF-8"),
    ],
)
def test_a_mistake_is_told_with_template_and_place(
    tmp_path: Path, content: bytes, told: str
) -> None:
    mine = tmp_path / "templates" / "email" / "mine.txt"
    mine.parent.mkdir(parents=True)
    mine.write_bytes(content)
    with pytest.raises(LuzeError) as refused:
        email_pages.text("mine", {}, tmp_path)
    assert told in refused.value.what
    assert "模板" in refused.value.fix
