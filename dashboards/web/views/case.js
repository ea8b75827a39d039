// One exception: what to do about it, what was done, and the deeds that end it: a decision, a match, a proposal of an adjustment.
import { html, useState } from "../lib/ui.js";
import { Chip, Shown } from "../lib/blocks.js";
import { send, useSession } from "../lib/act.js";
import { address, useApi } from "../lib/data.js";
import { instant, isTransaction, money, plain, sentence, words } from "../lib/format.js";
import { trace } from "../lib/route.js";
import { Said, Sure } from "../lib/sure.js";

// money that lies in suspense until somebody says what it is for
const SUSPENDED = new Set(["UNKNOWN_ACCOUNT", "UNMATCHED", "PROPOSED", "AMBIGUOUS", "MISMATCHED", "OVERPAID", "MATCH_REVOKED", "DUPLICATE_DEPOSIT", "ADVICE_MISSING", "ADVICE_MISMATCH"]);
const FORMS = [["write_off", "Write off"], ["reinstate", "Owe again"], ["refund", "Refund made"]];
const AMOUNT = /^\d{1,12}\.\d\d$/;
export const OUTCOMES = { done: "done", already: "so already", pending: "recorded, decided in a moment", refused: "refused" };

const path = (row) => `/api/v1/exceptions/${row.exception_id.split("/").map(encodeURIComponent).join("/")}`;

export function Case({ row, params }) {
  const { may, named } = useSession();
  const whole = useApi(address(path(row), { credit_reference: row.credit_reference }));
  const [said, setSaid] = useState({ words: "", bad: false });
  const [who, setWho] = useState("");
  const does = may("exceptions:write");
  const known = named || who.trim();
  const act = async (url, body, deed) => {
    setSaid({ words: "", bad: false });
    try {
      const { data } = await send("POST", url, { ...body, credit_reference: row.credit_reference, actor: named ? "" : who });
      setSaid({ words: `${deed}: ${OUTCOMES[data.outcome] ?? data.outcome}. ${data.detail}`, bad: false });
      return true;
    } catch (error) {
      setSaid({ words: error.message, bad: true });
      return false;
    }
  };
  return html`<section class="bench case" aria-label="The exception that is picked">
    <div class="bench-head"><h3>${words(row.code)} · ${money(row.amount)} · ${row.hospital_id || "no hospital"}</h3>
      <span class="actions">${row.overdue && html`<${Chip} of=${row.overdue} />`}<${Chip} of=${row.severity} />${isTransaction(row.about) && html`<a href=${trace(row.about, params)}>Trace</a>`}</span></div>
    <p>${row.suggested_action}</p>
    <${Shown} of=${whole} lines=${2}>${({ history }) => html`<ul class="facts">${history.map((each, n) => html`<li key=${n}><span class="what">${words(each.what)}</span><span>${[sentence(plain(each.detail)), each.actor && `by ${each.actor}`].filter(Boolean).join(" · ") || "–"}</span><span class="sum hint">${instant(each.at)}</span></li>`)}</ul>`}<//>
    ${does && html`
      ${!named && html`<label class="hint">Your name <input value=${who} maxlength="128" onInput=${(event) => setWho(event.target.value)} /></label>`}
      ${row.code === "PAYMENT_HELD" && html`<${Review} row=${row} known=${known} act=${act} />`}
      ${SUSPENDED.has(row.code) && html`<${Match} row=${row} known=${known} act=${act} />`}
      ${row.code !== "PAYMENT_HELD" && html`<${Propose} row=${row} known=${known} act=${act} />`}`}
    <${Said} of=${said} />
  </section>`;
}

function Review({ row, known, act }) {
  const [comment, setComment] = useState("");
  const decide = (verdict, deed) => act(`${path(row)}/review`, { verdict, comment }, deed);
  return html`<div class="bench-head"><label class="hint">Why <input value=${comment} maxlength="500" onInput=${(event) => setComment(event.target.value)} /></label>
    <span class="actions"><${Sure} words="Approve the payment" sure=${`Yes, approve ${money(row.amount)}`} disabled=${!known} act=${() => decide("approve", "Approved")} />
      <${Sure} words="Decline the payment" sure=${`Yes, decline ${money(row.amount)}`} disabled=${!known} act=${() => decide("decline", "Declined")} /></span></div>`;
}

function Match({ row, known, act }) {
  const [ids, setIds] = useState("");
  const given = ids.split(/[\s,]+/).filter(Boolean);
  const confirm = (balances) => act("/api/v1/matches/confirm", { source_id: row.about, balance_ids: balances }, "Match confirmed");
  return html`<div class="matches">
    ${row.candidates.map((each) => html`<div class="bench-head" key=${each.balance_ids.join()}><span>May be for <code>${each.balance_ids.join(", ")}</code> <span class="hint">score ${each.score} of 100</span></span>
      <${Sure} words="It is for this" name=${`It is for this: ${each.balance_ids.join(", ")}`} sure=${`Yes, match ${money(row.amount)}`} disabled=${!known} act=${() => confirm(each.balance_ids)} /></div>`)}
    <div class="bench-head"><label class="hint">Balances, the first one first <input value=${ids} maxlength="2000" placeholder="B-1, B-2" onInput=${(event) => setIds(event.target.value)} /></label>
      <${Sure} words="Match with these" sure=${`Yes, match ${money(row.amount)}`} disabled=${!known || !given.length} act=${() => confirm(given)} /></div>
  </div>`;
}

function Propose({ row, known, act }) {
  const start = { form: SUSPENDED.has(row.code) ? "refund" : "write_off", about: SUSPENDED.has(row.code) ? row.about : "", amount: row.amount, reason: "" };
  const [given, setGiven] = useState(start);
  const set = (name) => (event) => setGiven((before) => ({ ...before, [name]: event.target.value }));
  const ready = known && given.about.trim() && AMOUNT.test(given.amount) && given.reason.trim();
  const propose = async () => {
    const body = { ...given, about: given.about.trim(), exception_id: row.exception_id };
    if (await act("/api/v1/adjustments", body, "Proposed; another person approves it")) setGiven(start);
  };
  return html`<details><summary>Propose an adjustment of the books</summary>
    <div class="bench-head"><label class="hint">Kind <select value=${given.form} onChange=${set("form")}>${FORMS.map(([value, text]) => html`<option key=${value} value=${value} selected=${value === given.form}>${text}</option>`)}</select></label>
      <label class="hint">${given.form === "refund" ? "Payment or deposit" : "Balance"} <input value=${given.about} maxlength="128" onInput=${set("about")} /></label>
      <label class="hint">Dollars <input value=${given.amount} size="10" inputmode="decimal" onInput=${set("amount")} /></label>
      <label class="hint">Reason <input value=${given.reason} maxlength="500" onInput=${set("reason")} /></label>
      <${Sure} words="Propose" sure=${`Yes, propose ${AMOUNT.test(given.amount) ? money(given.amount) : ""}`} disabled=${!ready} act=${propose} /></div>
  </details>`;
}
