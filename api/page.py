"""The contracts as plain pages for people: no scripts, nothing from elsewhere."""

import re
from collections.abc import Iterable, Iterator
from html import escape
from typing import Any, Final

_STYLE: Final = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1b1f24}"
    "h2{margin:2rem 0 .3rem;font:600 1rem ui-monospace,monospace}h3{margin:1rem 0 .2rem;font-size:1rem}"
    "table{border-collapse:collapse;width:100%}"
    "td,th{text-align:left;vertical-align:top;padding:.25rem .75rem .25rem 0;border-bottom:1px solid #d8dee4}"
    "code{font-family:ui-monospace,monospace}b{color:#0550ae}p{margin:.2rem 0}ol{columns:2;padding:0;list-style:none}"
)
_LINKS: Final = (
    "<p><a href=/docs>API</a> · <a href=/docs/events>events</a> · <a href=/openapi.json>openapi.json</a> · "
    "<a href=/asyncapi.json>asyncapi.json</a> · <a href=/readyz>readyz</a> · <a href=/metrics>metrics</a></p>"
)
_DIRECTIONS: Final = {"receive": "We read it", "send": "We write it"}


def page(document: dict[str, Any]) -> str:
    """HTML of an OpenAPI document: every operation with its parameters, the fields of its body, and answers."""
    operations = [(method.upper(), path, said) for path, held in document["paths"].items() for method, said in held.items()]
    names = [f"{method} {path}" for method, path, _ in operations]
    return "\n".join((*_head(document, names), *(_operation(*each, document) for each in operations)))


def events_page(document: dict[str, Any]) -> str:
    """HTML of an AsyncAPI document: every topic, who writes it, and the fields of its messages."""
    actions = {said["channel"]["$ref"].rpartition("/")[2]: said["action"] for said in document["operations"].values()}
    parts = _head(document, document["channels"])
    for topic, channel in document["channels"].items():
        what = f"{_DIRECTIONS[actions[topic]]}. {_text(channel['description'])}"
        parts.append(f"<h2 id='{escape(topic)}'>{escape(topic)}</h2><p>{what}</p>")
        for name, message in channel["messages"].items():
            payload = _found(_found(message, document)["payload"], document)
            fields = _fields(_found(payload["properties"]["data"], document), document)
            parts.append(f"<h3><code>{escape(name)}</code></h3><p>{_text(payload.get('description', ''))}</p>{_table(fields)}")
    return "\n".join(parts)


def _head(document: dict[str, Any], names: Iterable[str]) -> list[str]:
    info = document["info"]
    contents = "".join(f"<li><a href='#{escape(name)}'>{escape(name)}</a>" for name in names)
    return [
        "<!doctype html><html lang=en><meta charset=utf-8><meta name=viewport content='width=device-width'>",
        f"<title>{escape(info['title'])}</title><style>{_STYLE}</style>",
        f"<h1>{escape(info['title'])} {escape(info['version'])}</h1>",
        f"<p>{_text(info['description'])}</p>{_LINKS}",
        f"<ol>{contents}</ol>",
    ]


def _operation(method: str, path: str, operation: dict[str, Any], document: dict[str, Any]) -> str:
    rows = [
        _row(parameter["name"], parameter["in"] + (", required" if parameter.get("required") else ""), parameter.get("description", ""))
        for parameter in operation.get("parameters", [])
    ]
    for content in operation.get("requestBody", {}).get("content", {}).values():
        rows += _fields(_found(content["schema"], document), document, "body, ")
    rows += [_row(code, "answer", response.get("description", "")) for code, response in operation["responses"].items()]
    return (
        f"<h2 id='{method} {escape(path)}'><b>{method}</b> {escape(path)}</h2><p>{_text(operation.get('summary', ''))}</p>"
        f"<p>{_text(operation.get('description', ''))}</p>{_table(rows)}"
    )


def _fields(schema: dict[str, Any], document: dict[str, Any], place: str = "") -> Iterator[str]:
    """A row for each field of an object; of what is inside it, its kind alone."""
    required = schema.get("required", ())
    for name, field in schema.get("properties", {}).items():
        yield _row(name, f"{place}{_kind(field, document)}{', required' if name in required else ''}", field.get("description", ""))


def _kind(field: dict[str, Any], document: dict[str, Any]) -> str:
    field = _found(field, document)
    if "anyOf" in field:
        return " or ".join(_kind(each, document) for each in field["anyOf"])
    if "enum" in field:
        return " | ".join(map(str, field["enum"]))
    if field.get("type") == "array":
        items = field.get("items")
        return f"list of {_kind(items, document)}" if isinstance(items, dict) else "list"
    kind = field.get("format") or field.get("type") or "any"
    return f"{kind} ({', '.join(field['properties'])})" if "properties" in field else str(kind)


def _found(schema: dict[str, Any], document: dict[str, Any]) -> dict[str, Any]:
    """What a reference leads to, or the schema itself."""
    while "$ref" in schema:
        _, section, kind, name = schema["$ref"].split("/", 3)
        schema = document[section][kind][name]
    return schema


def _table(rows: Iterable[str]) -> str:
    return f"<table>{''.join(rows)}</table>"


def _row(name: str, kind: str, text: str) -> str:
    return f"<tr><th><code>{escape(name)}</code><td>{escape(kind)}<td>{_text(text)}"


def _text(text: str) -> str:
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", escape(text))
