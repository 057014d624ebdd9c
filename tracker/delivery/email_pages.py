"""From facts to a letter: a template as HTML with its styles written into it, and as text.

Mail programs of offices know no style sheets, so every rule of base.html's is written into the
elements it is about; only what depends on the width of the screen stays a rule.
"""

from __future__ import annotations

import re
import traceback
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import css_inline
import jinja2
from jinja2.sandbox import ImmutableSandboxedEnvironment

from tracker import resources
from tracker.errors import LuzeError
from tracker.evaluation.narrate import short_date

_KIND = "email"
_BLANK_LINES = re.compile(r"\n{3,}")


def html(name: str, facts: Mapping[str, Any], home: Path | None = None) -> str:
    """`name`.html filled in, styles inlined. Raises LuzeError that names template and line."""
    return _inliner().inline(filled(f"{name}.html", facts, home))


def text(name: str, facts: Mapping[str, Any], home: Path | None = None) -> str:
    """`name`.txt filled in. Raises LuzeError that names template and line."""
    return _BLANK_LINES.sub("\n\n", filled(f"{name}.txt", facts, home)).strip() + "\n"


def filled(name: str, facts: Mapping[str, Any], home: Path | None, kind: str = _KIND) -> str:
    """The template of this file name under templates/`kind`, filled in; an office's own first.
    Raises LuzeError that names template and line."""
    folders = [
        *([home / "templates" / kind] if home else []),
        resources.folder("templates") / kind,
    ]
    environment = ImmutableSandboxedEnvironment(
        loader=jinja2.FileSystemLoader(folders, encoding="utf-8"),
        undefined=jinja2.StrictUndefined, autoescape=name.endswith(".html"),
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    environment.filters.update(day=short_date)
    try:
        return environment.get_template(name).render(facts)
    except jinja2.TemplateSyntaxError as failure:
        raise _mistake(failure.name or name, failure.lineno, failure.message) from failure
    except UnicodeDecodeError as failure:
        raise _mistake(name, None, "不是 UTF-8 编码，请另存为 UTF-8") from failure
    except Exception as failure:  # an office may write anything between the braces
        frames = traceback.extract_tb(failure.__traceback__)
        suffixes = (".html", ".txt")
        lines = [(Path(f.filename).name, f.lineno) for f in frames if f.filename.endswith(suffixes)]
        where, line = lines[-1] if lines else (name, None)
        raise _mistake(where, line, str(failure)) from failure


def _mistake(name: str, line: int | None, why: str | None) -> LuzeError:
    return LuzeError(
        f"模板 {name} 第 {line or '?'} 行有误，没有生成：{why}",
        fix="请改正模板；删去数据目录下自己的模板即用随附的模板",
    )


@cache
def _inliner() -> css_inline.CSSInliner:
    return css_inline.CSSInliner(load_remote_stylesheets=False, keep_at_rules=True)
