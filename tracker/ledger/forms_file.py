"""Reading, its data: the YAML of forms files, with the line of every defect; see forms.py."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from io import StringIO
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError

from tracker.errors import LuzeError, Problem


def parse(path: Path) -> dict[str, Any]:
    """The YAML 1.2 of a file with line marks. Raises LuzeError for what is no such file."""
    try:
        content = YAML(typ="rt", pure=True).load(StringIO(path.read_text("utf-8-sig")))
    except OSError as error:
        raise LuzeError(
            f"打不开表式对照文件 {path.name}：{error.strerror}", fix="请核对 TRACKER_MAPPING 的路径"
        ) from None
    except UnicodeDecodeError:
        raise LuzeError(f"表式对照文件 {path.name} 不是 UTF-8 编码", fix="请另存为 UTF-8") from None
    except MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        what = "有重复的键" if "duplicate" in str(error.problem) else "格式不对（缩进、冒号或引号）"
        raise refusal(path.name, [Problem(what, f"{path.name} 第{line}行")]) from None
    if not isinstance(content, dict):
        raise refusal(path.name, [Problem("应是“键: 值”的形式", f"{path.name} 第1行")])
    return content


def merge(base: dict[str, Any], local: Mapping[str, Any], name: str, at: str = "") -> list[Problem]:
    """Add the word lists of `local` to `base` in place; whatever else it says is a problem."""
    problems = []
    for key, value in local.items():
        path = f"{at}.{key}" if at else str(key)
        where = f"{name} 第{_line(local, key)}行 {path}"
        known = base.get(key)
        if key == "values" and known is None:
            base[key] = known = {}
        if isinstance(value, dict) and isinstance(known, dict):
            problems += merge(known, value, name, path)
        elif _is_words(value) and (_is_words(known) or at.endswith((".values", "marks.glyphs"))):
            base[key] = [*(known or []), *value]
        elif known is None:
            nearby = "、".join(str(k) for k in base)
            problems.append(Problem("不认识的键", where, f"可用的键：{nearby}"))
        else:
            problems.append(
                Problem("只能增加叫法（写成方括号列表）", where, "例如 [走访日, 入户日]")
            )
    return problems


def _is_words(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(word, str) for word in value)


def problem(name: str, content: object, detail: Any) -> Problem:
    """A pydantic error as a problem with its line and path."""
    path: Sequence[str | int] = detail["loc"]
    line = 1
    for key in path:
        if not isinstance(content, dict | list):
            break
        line = _line(content, key) or line
        try:
            content = content[key]  # type: ignore[index]
        except (KeyError, IndexError, TypeError):
            break
    what = {
        "extra_forbidden": "不认识的键",
        "missing": "缺少这一项",
        "value_error": detail["msg"].removeprefix("Value error, "),
    }.get(detail["type"], f"取值不对：{detail.get('input')!r}")
    return Problem(what, f"{name} 第{line}行 {'.'.join(map(str, path))}")


def _line(content: Any, key: object) -> int:
    """The line of a key in a loaded document; 0 where it has none."""
    try:
        return int(content.lc.key(key)[0]) + 1
    except (AttributeError, KeyError, TypeError):
        return 0


def refusal(name: str, problems: list[Problem]) -> LuzeError:
    return LuzeError(f"表式对照文件 {name} 有 {len(problems)} 处不对，未采用", problems=problems)
