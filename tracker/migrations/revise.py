"""A developer's tool: write the revision that leads from the last one to the models.

python -m tracker.migrations.revise "what changes"
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from alembic import command
from alembic.script import ScriptDirectory

from tracker import db


def revise(message: str) -> Path:
    """Write the next numbered revision under versions/ and return its path."""
    with tempfile.TemporaryDirectory() as folder:
        engine = db.open_engine(f"sqlite:///{folder}/empty.sqlite3")
        db.upgrade(engine)
        config = db.alembic_config(engine)
        number = len(list(ScriptDirectory.from_config(config).walk_revisions())) + 1
        script = command.revision(config, message, autogenerate=True, rev_id=f"{number:04}")
        engine.dispose()
    return Path(script.path)  # type: ignore[union-attr]


if __name__ == "__main__":
    sys.stdout.write(f"{revise(' '.join(sys.argv[1:]))}\n")
