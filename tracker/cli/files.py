"""The edge: where a written file goes: a name that a disk takes and that no file has yet."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from itertools import chain, count
from pathlib import Path

import sqlalchemy as sa

from tracker import audit, clock
from tracker.cli.office import Office

# Names hold names of subjects, which offices write: none of it may lead to another folder.
_REFUSED = re.compile(r'[\\/:*?"<>|\x00-\x1f\x7f]')
_LONGEST = 200  # bytes of a stem; disks take 255 with suffix and number


def free_name(folder: Path, stem: str, suffix: str) -> Path:
    """A name in the folder that no file has yet: people write into what they were given."""
    clean = _REFUSED.sub("_", stem).encode()[:_LONGEST].decode(errors="ignore")
    names = (f"{clean}{tail}{suffix}" for tail in chain([""], (f"-{n}" for n in count(2))))
    return next(folder / name for name in names if not (folder / name).exists())


def out_folder(office: Office, out: Path | None, name: str) -> Path:
    """The folder that was asked for, made when needed (None: the one of this name in the home)."""
    folder = out or office.folder(name)
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def write_paper(
    office: Office, connection: sa.Connection, out: Path | None, name: tuple[str, str], data: bytes,
    about: Mapping[str, object],
) -> Path:  # fmt: skip
    """Write a paper of this stem and suffix into `out` (None: papers in the home), never over an
    earlier one: people write into the drafts that they were given. The act is recorded."""
    path = free_name(out_folder(office, out, "papers"), *name)
    audit.append(
        connection, act="paper", operator=office.settings.operator, now=clock.now(),
        detail={**about, "file": path.name, "sha256": hashlib.sha256(data).hexdigest()},
    )  # fmt: skip
    path.write_bytes(data)
    return path
