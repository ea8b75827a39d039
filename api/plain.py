"""Plain pages for people who are not signed in: no scripts, nothing from elsewhere."""

from typing import Final

from fastapi.responses import HTMLResponse

_POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'"
_STYLE: Final = (
    ":root{color-scheme:light dark;--back:#f4f5f7;--surface:#fff;--line:#c9ced6;--text:#171b21;--accent:#1f4fbf;--on:#fff}"
    "@media(prefers-color-scheme:dark)"
    "{:root{--back:#0f1216;--surface:#171b21;--line:#414a55;--text:#e8ebef;--accent:#8fb0ff;--on:#0d1526}}"
    "html{background:var(--back);color:var(--text);font:16px/1.6 system-ui,sans-serif}body{margin:0 1rem}"
    "main{max-width:30rem;margin:14vh auto;padding:1.5rem 2rem 2rem;"
    "background:var(--surface);border:1px solid var(--line);border-radius:10px}"
    "h1{font-size:1.3rem;margin:0}code{font-family:ui-monospace,monospace}a{color:var(--accent)}"
    "button{font:inherit;font-weight:600;padding:.5rem 1.6rem;cursor:pointer;"
    "border:0;border-radius:6px;background:var(--accent);color:var(--on)}"
)
"""the colours of the page itself (dashboards/web/app.css), which may not be asked for here"""


def plain(title: str, body: str, status: int = 200) -> HTMLResponse:
    """A page of this body, which is HTML."""
    head = "<!doctype html><html lang=en><meta charset=utf-8><meta name=viewport content='width=device-width'>"
    text = f"{head}<title>{title} · HMS-ACH</title><style>{_STYLE}</style><main><h1>HMS-ACH</h1>{body}</main>"
    return HTMLResponse(text, status, {"Content-Security-Policy": _POLICY})
