"""The edge: thin commands. Each opens the office, calls one function, prints what came back."""

from __future__ import annotations

import gc
import re
import sys

import typer
from typer.exceptions import TyperException

from tracker.cli import (
    backups,
    bars,
    campaign,
    campaign_acts,
    campaign_papers,
    campaign_proof,
    campaign_propose,
    check,
    contacts,
    digest,
    explain,
    failures,
    household,
    importing,
    incidents,
    interviews,
    notices,
    objections,
    outbox,
    papers,
    policy,
    policy_conflicts,
    policy_impact,
    policy_new,
    pull,
    query,
    recommendations,
    rulings,
    schedule,
    scores,
    setup,
    sheets,
    stale,
    targets,
    tasks,
    waivers,
)
from tracker.cli.show import console
from tracker.errors import LuzeError

app = typer.Typer(
    name="tracker",
    help="履责：帮扶工作责任清单的每日检查。先 init 建库，再 import 导入台账，然后 check。",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
for module in (
    setup, importing, check, query, explain, notices, interviews, incidents, bars, waivers, rulings,
    objections, policy, policy_new, policy_conflicts, policy_impact, recommendations, papers,
    sheets, campaign, campaign_propose, campaign_acts, campaign_papers, campaign_proof, scores,
    household, targets, tasks, schedule, backups, contacts, outbox, pull, digest,
):  # fmt: skip
    module.add_to(app)

USAGE = 2
_WRONG = {
    "MissingParameter": "缺少参数",
    "NoSuchOption": "没有这个选项",
    "BadParameter": "参数的值不对",
    "BadOptionUsage": "选项后面缺少内容",
    "NoSuchCommand": "没有这个命令",
}


def main() -> None:
    """Run a command; a refusal is printed as it is, without a traceback, and exits 2."""
    # An import makes a million small objects that all live on; looking through them again and
    # again for garbage would cost a fifth of its time.
    gc.set_threshold(100_000, 50, 100)
    try:
        stale.warn(sys.argv[1:])
        sys.exit(app(standalone_mode=False) or 0)
    except BrokenPipeError:
        raise
    except Exception as failure:
        told = _told(failure)
        if told is None:
            raise
        console(stderr=True).print(told, markup=False, soft_wrap=True)
        sys.exit(USAGE)


def _told(failure: Exception) -> str | None:
    """What to tell a person of this failure; None where it is a defect of the program."""
    if isinstance(failure, TyperException):
        return str(LuzeError(_usage(failure), fix="命令的写法见 tracker 命令 --help"))
    return failures.told(failure)


def _usage(failure: TyperException) -> str:
    """What was wrong with the words typed."""
    what = _WRONG.get(type(failure).__name__, "命令写法不对")
    quoted = re.findall(r"'([^']*)'", str(getattr(failure, "message", "")))
    param = next(iter(getattr(getattr(failure, "param", None), "opts", ())), "")
    named = getattr(failure, "option_name", "") or param or (quoted[0] if quoted else "")
    return f"{what}：{named}" if named else what
