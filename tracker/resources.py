"""The ground: where the law, the templates and the demo lie, in a checkout and in a wheel, and the
settings that ship beside the code.
"""

from __future__ import annotations

from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel
from ruamel.yaml import YAML

Model = TypeVar("Model", bound=BaseModel)
_PACKAGE = Path(__file__).resolve().parent
_IN_CHECKOUT = {"duties": "duties", "templates": "templates", "demo": "tests/fixtures"}


def folder(name: str) -> Path:
    """The folder `duties`, `templates` or `demo`: beside the code if packaged, else in the
    checkout."""
    packaged = _PACKAGE / "_data" / name
    return packaged if packaged.is_dir() else _PACKAGE.parent / _IN_CHECKOUT[name]


def shipped(module: str, name: str, model: type[Model]) -> Model:
    """The YAML of this name beside a module (its `__file__`). Raises pydantic's ValidationError:
    what ships with the program must be right."""
    text = Path(module).with_name(name).read_text(encoding="utf-8")
    return model.model_validate(YAML(typ="safe").load(text))
