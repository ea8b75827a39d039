"""The contract as one plain page for people: no scripts, nothing from elsewhere."""

from html import escape
from typing import Any, Final

_STYLE: Final = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1b1f24}"
    "h2{margin:2rem 0 .3rem;font:600 1rem ui-monospace,monospace}table{border-collapse:collapse;width:100%}"
    "td,th{text-align:left;vertical-align:top;padding:.25rem .75rem .25rem 0;border-bottom:1px solid #d8dee4}"
    "code{font-family:ui-monospace,monospace}b{color:#0550ae}p{margin:.2rem 0}"
)


def page(document: dict[str, Any]) -> str:
    """HTML of an OpenAPI document: every operation with its parameters and answers."""
    parts = [
        "<!doctype html><html lang=en><meta charset=utf-8><meta name=viewport content='width=device-width'>",
        f"<title>{escape(document['info']['title'])}</title><style>{_STYLE}</style>",
        f"<h1>{escape(document['info']['title'])} {escape(document['info']['version'])}</h1>",
        f"<p>{escape(document['info']['description'])}</p>",
        "<p><a href=/openapi.json>openapi.json</a> · <a href=/asyncapi.json>asyncapi.json</a> · ",
        "<a href=/readyz>readyz</a> · <a href=/metrics>metrics</a></p>",
    ]
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            parts.append(_operation(method.upper(), path, operation))
    return "\n".join(parts)


def _operation(method: str, path: str, operation: dict[str, Any]) -> str:
    rows = [
        _row(parameter["name"], parameter["in"] + (", required" if parameter.get("required") else ""), parameter.get("description", ""))
        for parameter in operation.get("parameters", [])
    ]
    rows += [_row(code, "answer", response.get("description", "")) for code, response in operation["responses"].items()]
    return (
        f"<h2><b>{method}</b> {escape(path)}</h2><p>{escape(operation.get('summary', ''))}</p>"
        f"<p>{escape(operation.get('description', ''))}</p><table>{''.join(rows)}</table>"
    )


def _row(name: str, kind: str, text: str) -> str:
    return f"<tr><th><code>{escape(name)}</code><td>{escape(kind)}<td>{escape(text)}"
