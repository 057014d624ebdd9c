"""A QR code as a picture of a paper."""

from __future__ import annotations

import base64
import io

import segno

from tracker.delivery.documents.paper import Span

_SCALE, _BORDER = 8, 2  # pixels a module; modules, for papers are white around it


def qr_code(held: str, told: str, width: float) -> Span:
    """A QR code that holds `held`, so many mm wide; `told` says what it is for."""
    stream = io.BytesIO()
    code = segno.make(held, error="m", micro=False)
    code.save(stream, kind="png", scale=_SCALE, border=_BORDER)
    return Span(told, picture=stream.getvalue(), width=width)


def as_address(picture: Span) -> str:
    """A picture as the address that a page shows without asking anybody for it."""
    return f"data:image/png;base64,{base64.b64encode(picture.picture).decode()}"
