"""Plain pages for people who are not signed in: no scripts, nothing from elsewhere."""

from typing import Final

from fastapi.responses import HTMLResponse

_POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'"
_STYLE: Final = (
    ":root{color-scheme:light dark}body{font:16px/1.6 system-ui,sans-serif;max-width:34rem;margin:12vh auto;padding:0 1.5rem}"
    "h1{font-size:1.4rem}button{font:inherit;padding:.6rem 1.4rem;cursor:pointer}code{font-family:ui-monospace,monospace}"
)


def plain(title: str, body: str, status: int = 200) -> HTMLResponse:
    """A page of this body, which is HTML."""
    head = "<!doctype html><html lang=en><meta charset=utf-8><meta name=viewport content='width=device-width'>"
    text = f"{head}<title>{title} · HMS-ACH</title><style>{_STYLE}</style><h1>HMS-ACH</h1>{body}"
    return HTMLResponse(text, status, {"Content-Security-Policy": _POLICY})
