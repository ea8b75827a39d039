// What every view is built of: cards, states, chips, definitions.
import { html, useLayoutEffect, useRef, useState } from "./ui.js";
import { instant } from "./format.js";

export function Card({ title, hint, actions, children, wide = false, id }) {
  return html`<section class=${wide ? "card wide" : "card"} aria-label=${title} id=${id}>
    <header class="card-head"><div><h2>${title}</h2>${hint && html`<p class="hint">${hint}</p>`}</div>${actions && html`<div class="actions">${actions}</div>`}</header>
    ${children}
  </section>`;
}

// Loading, error and empty in one place; the children get the data once there is any
export function Shown({ of, empty, emptyHint, lines = 4, isEmpty = (data) => data?.rows?.length === 0, children }) {
  if (of.data === undefined) {
    if (of.error) return html`<${Trouble} error=${of.error} />`;
    return html`<div class="skeleton" role="status" aria-label="Loading">${Array.from({ length: lines }, (_, n) => html`<span key=${n}></span>`)}</div>`;
  }
  return html`
    ${of.error && html`<${Trouble} error=${of.error} stale=${of.data.as_of} />`}
    ${empty && isEmpty(of.data) ? html`<div class="empty"><p>${empty}</p>${emptyHint && html`<p class="hint">${emptyHint}</p>`}</div>` : children(of.data)}
  `;
}

export function Trouble({ error, stale }) {
  if (error.status === 403) return html`<div class="empty"><p>Your role does not show this.</p><p class="hint">${error.message}</p></div>`;
  return html`<div class="trouble" role="alert">
    <strong>${error.message}</strong>
    ${stale && html`<span> The numbers below are of ${instant(stale)}.</span>`}
    ${error.requestId && html`<span class="hint"> Request ${error.requestId}</span>`}
  </div>`;
}

const TONES = {
  met: "good", ok: "good", missed: "bad", breach: "bad", warning_60: "warn", warning_80: "warn", no_baseline: "plain", no_data: "plain",
  settled: "good", completed: "good", approved: "note", submitted: "note", received: "plain", held: "warn", retry_scheduled: "warn",
  returned: "bad", charged_back: "bad", declined: "bad", failed: "bad", canceled: "plain", open: "warn", closed: "good", waiting: "warn",
  too_few: "plain", critical: "bad", high: "bad", medium: "warn", low: "plain", posted: "good", refused: "warn", dead: "bad", live: "good", assisted: "note",
  shadow: "plain", paused: "warn", debits_held: "warn", overdue: "warn", escalated: "bad", rejected: "plain",
  delivered: "good", exhausted: "bad", gone: "bad", undeliverable: "warn", suppressed: "plain",
};
const WORDS = {
  met: "Target met", missed: "Target missed", ok: "Within limit", warning_60: "Over 60 % of limit", warning_80: "Over 80 % of limit",
  breach: "Over limit", no_baseline: "No figure from before", no_data: "No data", too_few: "Too few to compare", retry_scheduled: "Retry scheduled", charged_back: "Charged back", debits_held: "Debits held", overdue: "Late",
};

export function Chip({ of, children }) {
  if (!of) return null;
  return html`<span class="chip ${TONES[of] ?? "plain"}">${children ?? WORDS[of] ?? of.charAt(0).toUpperCase() + of.slice(1)}</span>`;
}

// What a number means, opened beside it
export function Definition({ kpi, asOf }) {
  const [open, setOpen] = useState(false);
  const box = useRef(null);
  const button = useRef(null);
  // as soon as it is drawn: a key pressed at once must close it
  useLayoutEffect(() => {
    if (!open) return undefined;
    const close = (event) => {
      if (event.type === "keydown" ? event.key === "Escape" : !box.current?.contains(event.target) && !button.current?.contains(event.target)) {
        setOpen(false);
        if (event.type === "keydown") button.current?.focus();
      }
    };
    addEventListener("keydown", close);
    addEventListener("pointerdown", close);
    return () => {
      removeEventListener("keydown", close);
      removeEventListener("pointerdown", close);
    };
  }, [open]);
  return html`<span class="definition">
    <button ref=${button} type="button" class="info" aria-label=${`What "${kpi.title}" means`} aria-expanded=${open} onClick=${() => setOpen(!open)}>i</button>
    ${open && html`<div ref=${box} class="popover" role="dialog" aria-label=${`Definition of ${kpi.title}`}>
      <h3>${kpi.title}</h3>
      <p>${kpi.definition}</p>
      <dl>
        ${kpi.target && html`<dt>Target</dt><dd>${kpi.target}</dd>`}
        <dt>Counted</dt><dd>${kpi.grain}</dd>
        ${asOf && html`<dt>As of</dt><dd>${instant(asOf)}</dd>`}
      </dl>
      <ul>${kpi.traps.map((trap) => html`<li key=${trap}>${trap}</li>`)}</ul>
      <details><summary>SQL</summary><pre tabindex="0">${kpi.sql}</pre></details>
    </div>`}
  </span>`;
}
