"""The ground: where the law, the templates and the demo lie, in a checkout and in a wheel."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent
_IN_CHECKOUT = {"duties": "duties", "templates": "templates", "demo": "tests/fixtures"}


def folder(name: str) -> Path:
    """The folder `duties`, `templates` or `demo`: beside the code if packaged, else in the
    checkout."""
    packaged = _PACKAGE / "_data" / name
    return packaged if packaged.is_dir() else _PACKAGE.parent / _IN_CHECKOUT[name]
