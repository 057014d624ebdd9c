"""Reading a paper back: its text, its runs, what it says of fonts and page."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from typing import Any

import docx
from docx.document import Document
from docx.oxml.ns import qn


def opened(data: bytes) -> Document:
    """The paper as python-docx reads it."""
    return docx.Document(io.BytesIO(data))


def lines(data: bytes) -> list[str]:
    """Every paragraph and every table row ('cell | cell') in their order."""
    found = []
    for block in opened(data).iter_inner_content():
        if hasattr(block, "rows"):
            found += [" | ".join(cell.text for cell in row.cells) for row in block.rows]
        else:
            found.append(block.text)
    return found


def text(data: bytes) -> str:
    """All of it."""
    return "\n".join(lines(data))


def runs(data: bytes) -> Iterator[Any]:
    """The w:r elements of text, tables and footers."""
    document = opened(data)
    section = document.sections[0]
    for part in (document, section.footer, section.even_page_footer):
        yield from part._element.iter(qn("w:r"))


def part(data: bytes, name: str) -> str:
    """A part of the docx as it lies in the archive."""
    return zipfile.ZipFile(io.BytesIO(data)).read(name).decode()


def parts(data: bytes) -> list[str]:
    """The names of all parts."""
    return zipfile.ZipFile(io.BytesIO(data)).namelist()
