// What is done with the exceptions that were picked: first a preview, which changes nothing, then exactly what it showed.
import { html, useEffect, useState } from "../lib/ui.js";
import { send, useSession } from "../lib/act.js";
import { count, money, words } from "../lib/format.js";
import { OUTCOMES } from "./case.js";

const ACTS = [["assign", "Give to"], ["comment", "Note"], ["snooze", "Let wait until"], ["resolve", "Settle as"]];
const RESOLUTIONS = ["no_action", "fixed_elsewhere", "refunded_elsewhere", "duplicate", "bank_confirmed", "other"];

export function Desk({ picked, forget }) {
  const { may, named } = useSession();
  const [act, setAct] = useState("assign");
  const [given, setGiven] = useState({ owner: "", until: "", resolution: RESOLUTIONS[0], comment: "", actor: "" });
  const [shown, setShown] = useState(null);
  const [trouble, setTrouble] = useState("");
  const chosen = picked.map((row) => row.exception_id).join(" ");
  useEffect(() => setShown(null), [chosen, act, given]);
  if (!may("exceptions:write")) return null;
  const set = (name) => (event) => setGiven((before) => ({ ...before, [name]: event.target.value }));
  const needed = { assign: "", comment: given.comment.trim(), snooze: given.until, resolve: given.resolution }[act];
  const ready = picked.length > 0 && (act === "assign" || needed) && (named || given.actor.trim());
  const body = (more) => ({
    action: act, exceptions: picked.map(({ exception_id, credit_reference }) => ({ exception_id, credit_reference })),
    comment: given.comment, actor: named ? "" : given.actor,
    ...(act === "assign" ? { owner: given.owner } : act === "snooze" ? { until: new Date(`${given.until}T09:00`).toISOString() } : act === "resolve" ? { resolution: given.resolution } : {}),
    ...more,
  });
  const ask = async (more) => {
    setTrouble("");
    try {
      setShown((await send("POST", "/api/v1/exceptions/bulk", body(more), { question: more.preview })).data);
    } catch (error) {
      setTrouble(error.message);
    }
  };
  const told = shown && Object.entries(shown.exceptions.reduce((sum, each) => ({ ...sum, [each.outcome]: (sum[each.outcome] ?? 0) + 1 }), {}));
  return html`<section class="bench" aria-label="Work on what is picked">
    <div class="bench-head">
      <span class="hint">${picked.length ? `${count(picked.length)} picked` : "Pick with x or the boxes"} ${picked.length > 0 && html`<button type="button" class="plain-button" onClick=${forget}>Pick none</button>`}</span>
      <span class="actions">
        <label class="hint">Do <select value=${act} onChange=${(event) => setAct(event.target.value)}>${ACTS.map(([value, text]) => html`<option key=${value} value=${value}>${text}</option>`)}</select></label>
        ${act === "assign" && html`<label class="hint">Owner <input value=${given.owner} maxlength="128" placeholder="nobody" onInput=${set("owner")} /></label>`}
        ${act === "snooze" && html`<label class="hint">Until <input type="date" value=${given.until} onInput=${set("until")} /></label>`}
        ${act === "resolve" && html`<label class="hint">As <select value=${given.resolution} onChange=${set("resolution")}>${RESOLUTIONS.map((value) => html`<option key=${value} value=${value}>${words(value)}</option>`)}</select></label>`}
        <label class="hint">Comment <input value=${given.comment} maxlength="500" onInput=${set("comment")} /></label>
        ${!named && html`<label class="hint">Your name <input value=${given.actor} maxlength="128" onInput=${set("actor")} /></label>`}
        <button type="button" class="plain-button" disabled=${!ready} onClick=${() => ask({ preview: true })}>Preview</button>
      </span>
    </div>
    ${trouble && html`<p class="trouble" role="alert">${trouble}</p>`}
    ${shown?.preview && html`<p class="verdict" role="status">${count(shown.count)} open ${shown.count === 1 ? "exception" : "exceptions"}, ${money(shown.amount)}: ${Object.entries(shown.by_code).map(([code, n]) => `${words(code)} ${count(n)}`).join(", ")}.
      <button type="button" class="plain-button" disabled=${!shown.count} onClick=${() => ask({ preview: false, token: shown.token })}>Do it</button></p>`}
    ${shown && !shown.preview && html`<div role="status"><p>${told.map(([outcome, n]) => `${count(n)} ${OUTCOMES[outcome] ?? outcome}`).join(", ")}.</p>
      <ul>${shown.exceptions.filter((each) => each.outcome === "refused").map((each) => html`<li key=${each.exception_id}><code>${each.exception_id}</code> ${each.detail}</li>`)}</ul></div>`}
  </section>`;
}
