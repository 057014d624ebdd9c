"""The edge: thin commands. Each opens the office, calls one function, prints what came back."""

from __future__ import annotations

import sys

import typer
from sqlalchemy.exc import OperationalError

from tracker.cli import (
    check,
    consequences,
    explain,
    importing,
    incidents,
    policy,
    query,
    setup,
)
from tracker.cli.show import console
from tracker.db import unreachable
from tracker.errors import LuzeError

app = typer.Typer(
    name="tracker",
    help="履责：帮扶工作责任清单的每日检查。先 init 建库，再 import 导入台账，然后 check。",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
for module in (setup, importing, check, query, explain, consequences, incidents, policy):
    module.add_to(app)

USAGE = 2


def main() -> None:
    """Run a command; a refusal is printed as it is, without a traceback, and exits 2."""
    try:
        app()
    except LuzeError as refusal:
        console(stderr=True).print(str(refusal), markup=False, soft_wrap=True)
        sys.exit(USAGE)
    except OperationalError as failure:
        console(stderr=True).print(str(unreachable(failure)), markup=False, soft_wrap=True)
        sys.exit(USAGE)
