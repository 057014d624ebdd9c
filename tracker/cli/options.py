"""The edge: options that the acts of persons share, worded once."""

from __future__ import annotations

from typing import Annotated

import typer

Authority = Annotated[str, typer.Option(help="作出决定的机关")]
Officer = Annotated[str, typer.Option(help="经办人姓名")]
DocumentNumber = Annotated[str, typer.Option("--document", help="文号")]
Reason = Annotated[str, typer.Option(help="理由")]
