// A table: sorted by its heads, moved through with the arrow keys, opened with Enter, taken away as CSV.
import { html, useLayoutEffect, useMemo, useRef, useState } from "./ui.js";
import { csv, download } from "./csv.js";
import { count, duration, instant, isTransaction, money, NONE, percent, short } from "./format.js";
import { trace } from "./route.js";

const SHOWN = 25;
// characters from which on a text is a sentence, and has the width of one on a narrow screen too
const LONG = 40;
const RIGHT = new Set(["money", "count", "percent", "seconds"]);
const INSTANT = new Set(["instant", "minute"]);
const NUMERIC = new Set(["money", "count", "percent", "seconds"]);

const show = {
  money, count, percent, seconds: duration, instant, minute: (value) => instant(value).slice(0, 16),
  text: (value) => (value === null || value === undefined || value === "" ? NONE : String(value)),
};

function compare(kind, a, b) {
  if (a === b) return 0;
  if (a === null || a === undefined || a === "") return 1;
  if (b === null || b === undefined || b === "") return -1;
  return NUMERIC.has(kind) ? Number(a) - Number(b) : String(a) < String(b) ? -1 : 1;
}

export function Csv({ name, columns, rows }) {
  return html`<button type="button" class="plain-button" disabled=${!rows?.length} onClick=${() => download(`${name}.csv`, csv(columns, rows))}>CSV</button>`;
}

// `identity` names a row, so that the keyboard stays on it when others come before it
export function Table({ name, label, columns, rows, params, open, pick, footer, identity }) {
  const body = useRef(null);
  const held = document.activeElement;
  // a row that is moved in the page loses the focus, and the next key would go nowhere
  useLayoutEffect(() => {
    if (document.activeElement !== held && body.current?.contains(held)) held.focus({ preventScroll: true });
  });
  const [order, setOrder] = useState(null);
  const [all, setAll] = useState(false);
  const sorted = useMemo(() => {
    if (!order) return rows;
    const kind = columns.find((column) => column.key === order.key).kind;
    return [...rows].sort((a, b) => (order.down ? -1 : 1) * compare(kind, a[order.key], b[order.key]));
  }, [rows, order]);
  const visible = all ? sorted : sorted.slice(0, SHOWN);
  const target = (row) => (open ? open(row) : null);
  const go = (row) => {
    const where = target(row);
    if (where) location.hash = where.slice(1);
  };
  const keys = (event, row) => {
    const step = { ArrowDown: "nextElementSibling", j: "nextElementSibling", ArrowUp: "previousElementSibling", k: "previousElementSibling" }[event.key];
    if (step) {
      event.currentTarget[step]?.focus();
      event.preventDefault();
    } else if (event.key === "x" && pick) pick(row);
    else if (event.key === "Enter" && event.target === event.currentTarget) go(row);
  };
  return html`<div class="table-box" role="region" aria-label=${label} tabindex="0">
      <table data-table=${name}>
        <caption class="hidden">${label}</caption>
        <thead><tr>${columns.map((column) => {
          const down = order?.key === column.key && order.down;
          const sort = order?.key === column.key ? (down ? "descending" : "ascending") : "none";
          return html`<th key=${column.key} scope="col" aria-sort=${sort} class=${RIGHT.has(column.kind) ? "right" : ""}>
            <button type="button" onClick=${() => setOrder({ key: column.key, down: order?.key === column.key ? !order.down : NUMERIC.has(column.kind) })}>
              ${column.label}<span class="sort" aria-hidden="true">${sort === "none" ? "" : down ? "↓" : "↑"}</span></button></th>`;
        })}</tr></thead>
        <tbody ref=${body}>${visible.map((row, n) => html`<tr key=${identity ? identity(row) : n} tabindex=${target(row) || pick ? 0 : undefined} class=${target(row) ? "opens" : ""}
            onClick=${(event) => event.target.closest("a,button,input") || getSelection().toString() || go(row)} onKeyDown=${(event) => keys(event, row)}>
          ${columns.map((column) => {
            const text = cell(column, row, params);
            const shape = [RIGHT.has(column.kind) && "right", column.tight && "tight", INSTANT.has(column.kind) && "when", typeof text === "string" && text.length > LONG && "long"];
            return html`<td key=${column.key} class=${shape.filter(Boolean).join(" ")}>${text}</td>`;
          })}
        </tr>`)}</tbody>
        ${footer && html`<tfoot>${footer}</tfoot>`}
      </table>
    </div>
    ${sorted.length > SHOWN && html`<button type="button" class="more" onClick=${() => setAll(!all)}>${all ? `Show the first ${SHOWN}` : `Show all ${count(sorted.length)}`}</button>`}`;
}

function cell(column, row, params) {
  const value = row[column.key];
  if (column.render) return column.render(value, row);
  if (column.kind === "id") return id(value, params);
  return (show[column.kind] ?? show.text)(value);
}

export function id(value, params) {
  if (!value) return NONE;
  return isTransaction(value)
    ? html`<a href=${trace(value, params)} title=${`Trace of ${value}`}><code>${short(value)}</code></a>`
    : html`<code title=${value}>${short(value)}</code>`;
}
