"""The edge: where a written file goes: a name that a disk takes and that no file has yet."""

from __future__ import annotations

import re
from itertools import chain, count
from pathlib import Path

# Names hold names of subjects, which offices write: none of it may lead to another folder.
_REFUSED = re.compile(r'[\\/:*?"<>|\x00-\x1f\x7f]')
_LONGEST = 200  # bytes of a stem; disks take 255 with suffix and number


def free_name(folder: Path, stem: str, suffix: str) -> Path:
    """A name in the folder that no file has yet: people write into what they were given."""
    clean = _REFUSED.sub("_", stem).encode()[:_LONGEST].decode(errors="ignore")
    names = (f"{clean}{tail}{suffix}" for tail in chain([""], (f"-{n}" for n in count(2))))
    return next(folder / name for name in names if not (folder / name).exists())
