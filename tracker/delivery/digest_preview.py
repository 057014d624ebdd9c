"""From weeks to a folder: every letter as files to look at, and a page that lists them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from tracker.delivery import digest_letter, email_pages
from tracker.digest.reader import ROLE_NAMES
from tracker.digest.week import Week

PAGE = "index.html"
_WORDS = {".html": "网页", ".txt": "纯文本", ".xlsx": "附件：全部清单", ".docx": "附件：周报"}


@dataclass(frozen=True, slots=True)
class Preview:
    """One letter in the folder: for whom, what it is called, and its files: name -> content."""

    reader: str
    subject: str
    figures: str
    files: Mapping[str, bytes]

    @property
    def links(self) -> list[tuple[str, str]]:
        """Each file's name, and what it is."""
        return [(name, _WORDS[Path(name).suffix]) for name in self.files]


def previews(weeks: Iterable[Week], base_url: str, home: Path | None) -> list[Preview]:
    """The letters of these weeks; nothing is written yet. Raises LuzeError."""
    return [_preview(number, week, base_url, home) for number, week in enumerate(weeks, 1)]


def listing(made: Iterable[Preview], day: date, home: Path | None) -> str:
    """The page that lists them."""
    facts = {"previews": list(made), "subject": "周报预览", "day_shown": day}
    return email_pages.html("digest_index", facts, home)


def _preview(number: int, week: Week, base_url: str, home: Path | None) -> Preview:
    letter = digest_letter.letter(week, base_url, home)
    stem = f"{number:02}-{week.reader.role}"
    texts = {f"{stem}.html": letter.html, f"{stem}.txt": letter.text}
    files = {name: text.encode() for name, text in texts.items() if text}
    files |= {f"{stem}{Path(one.name).suffix}": one.data for one in letter.files}
    named = f"{week.reader.name}（{ROLE_NAMES.get(week.reader.role, week.reader.role)}）"
    told = "，".join(f"{part.title} {part.total}" for part in week.sections if part.total)
    return Preview(named, letter.subject, told or "没有需要列出的事项", files)
