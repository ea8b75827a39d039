// One transaction from end to end: each event with its place in Kafka, what it brought about, and the chain's proof.
import { html, useState } from "../lib/ui.js";
import { Card, Chip, Shown } from "../lib/blocks.js";
import { useSession } from "../lib/act.js";
import { download } from "../lib/csv.js";
import { get, useApi } from "../lib/data.js";
import { duration, instant, money, plain, sentence, words } from "../lib/format.js";
import { link } from "../lib/route.js";
import { Csv, Table } from "../lib/table.js";

// of a delivery: what its fields are called, and how they are shown
const DETAILS = { sec_code: "SEC code" };
const SHOWN = { balance: money, exceptions: plain, template: plain, channel: (value) => (value === "sms" ? "SMS" : value) };
const TONE = { returned: "bad", charged_back: "bad", declined: "bad", failed: "bad", held: "warn", retry_scheduled: "warn", settled: "good", completed: "good" };

export function Trace({ params }) {
  const id = params.id ?? "";
  const base = `/api/v1/payments/${encodeURIComponent(id)}`;
  const trace = useApi(id ? `${base}/trace` : "");
  const status = useApi(id ? `${base}/status` : "");
  if (!id) {
    return html`<${Card} title="Trace of a transaction"><div class="empty"><p>Enter a transaction id above, or open a row of any table.</p>
      <p class="hint">Every number of every view leads to its payments, and each payment leads here.</p></div><//>`;
  }
  return html`<${Shown} of=${trace} lines=${9}>${(data) => {
    const places = data.steps.flatMap((step) => flat(step));
    return html`<div class="grid">
      <${Card} title="Payment" actions=${html`<${Chip} of=${data.status} />`}>${html`<${Summary} data=${data} status=${status.data} />`}<//>
      <${Card} title="Proof" hint="Journal records that hold these steps; each names the hash of the one before" actions=${html`<${Evidence} id=${id} base=${base} />`}>${html`<${Proof} data=${data} />`}<//>
      <${Card} wide title="What happened" hint=${`${data.steps.length} input events, in the order in which they were journalled`}
        actions=${html`<${Csv} name=${`trace-${id}`} columns=${["at", "type", "topic", "partition", "offset", "what", "text", "amount"].map((key) => ({ key }))} rows=${places} />`}>
        <ol class="steps">${data.steps.map((step) => html`<${Step} key=${`${step.source.topic}/${step.source.partition}/${step.source.offset}`} step=${step} />`)}</ol>
      <//>
    </div>`;
  }}<//>`;
}

function Summary({ data, status }) {
  const { may } = useSession();
  const reveals = may("privacy:reveal");
  return html`<dl class="pairs">
    <dt>Transaction</dt><dd><code>${data.transaction_id}</code></dd>
    <dt>Account</dt><dd><code>${data.credit_reference}</code></dd>
    ${status?.amount && html`<dt>Amount</dt><dd><strong>${money(status.amount)}</strong> ${status.direction ? words(status.direction).toLowerCase() : ""}</dd>`}
    ${status?.hospital_id && html`<dt>Hospital</dt><dd>${status.hospital_id}</dd>`}
    <dt>Status code</dt><dd>${{ P: "P, pending", S: "S, settled", F: "F, failed", R: "R, returned" }[data.status_code]}</dd>
    ${status?.settlement_date && html`<dt>Settlement date</dt><dd>${status.settlement_date}</dd>`}
    ${status?.error_code && html`<dt>Error</dt><dd>${status.error_code}</dd>`}
    ${reveals && html`<dt>Bank account</dt><dd>sealed · <a href=${link("privacy", { payment: data.transaction_id })}>see it for a purpose</a></dd>`}
    <dt>Trace number</dt><dd>${data.trace_numbers.length ? data.trace_numbers.map((number) => html`<code key=${number}>${number} </code>`) : "–"}</dd>
    <dt>File</dt><dd>${data.file_ids.length ? data.file_ids.map((file) => html`<code key=${file}>${file} </code>`) : "–"}</dd>
    ${status?.next && html`<dt>Next</dt><dd>${eventWords(status.next.event)}${status.next.by ? `, by ${instant(status.next.by)}` : ""}</dd>`}
  </dl>`;
}

function Proof({ data }) {
  const columns = [
    { key: "partition", label: "Partition" }, { key: "sequence", label: "Record", kind: "count" }, { key: "offset", label: "Offset", kind: "count" },
    { key: "hash", label: "SHA-256", render: (value) => html`<code title=${value}>${value.slice(0, 16)}…</code>` },
    { key: "previous", label: "Record before", render: (value) => html`<code title=${value}>${value.slice(0, 16)}…</code>` },
  ];
  return html`<${Table} name="proof" label="Journal records" columns=${columns} rows=${data.proof} /><p><${Csv} name=${`proof-${data.transaction_id}`} columns=${columns} rows=${data.proof} /></p>`;
}

// The records themselves with the chain between them, signed; hms-ach verify --bundle checks the file without any server
function Evidence({ id, base }) {
  const [state, setState] = useState({ busy: false, said: "" });
  const take = async () => {
    setState({ busy: true, said: "" });
    try {
      download(`evidence-${id}.json`, await get(`${base}/evidence`, "text"), "application/json");
      setState({ busy: false, said: html`Check it with <code>hms-ach verify --bundle</code>` });
    } catch (error) {
      setState({ busy: false, said: error.message });
    }
  };
  return html`<span class="hint" role="status">${state.said}</span><button type="button" class="plain-button" disabled=${state.busy} onClick=${take}>Evidence</button>`;
}

function Step({ step }) {
  const facts = flat(step);
  const status = [...step.moves, ...step.decisions].map((each) => each.status).at(-1) ?? "";
  return html`<li class=${step.outcome === "refused" ? "warn" : (TONE[status] ?? "")}>
    <div class="step-head"><strong>${title(step)}</strong>${status && html`<${Chip} of=${status} />`}${step.outcome !== "posted" && html`<${Chip} of=${step.outcome}>${words(step.outcome)}: ${words(step.refusal)}<//>`}
      <span class="hint num">${instant(step.source.at)}</span></div>
    <p class="where"><code>${step.source.topic}</code> · partition ${step.source.partition} · offset ${step.source.offset} · event <code>${step.source.event_id || "–"}</code> · journalled ${instant(step.posted_at)}</p>
    ${step.detail && html`<p class="hint">${step.detail}</p>`}
    ${facts.length > 0 && html`<ul class="facts">${facts.map((fact, n) => html`<li key=${n}><span class="what">${fact.what}</span><span>${fact.show ?? fact.text}</span><span class="sum">${fact.amount ? money(fact.amount) : ""}</span></li>`)}</ul>`}
  </li>`;
}

const eventWords = (type) => (type.startsWith("tick") ? "The clock" : words(type.replace(/\.v\d+$/, "").replace(".", " ")));
const title = (step) => (step.source.topic.includes("clock") ? "The clock" : eventWords(step.source.type));
const account = (name) => words(name);

// what became of a delivery; a replay repeats it under the same id
function attempted(made, line) {
  const told = [
    made.attempt ? `attempt ${made.attempt}` : "not tried", made.status && `answered ${made.status}`, made.reason, made.duration_ms && duration(made.duration_ms / 1000),
    instant(made.at), made.next_at && `again ${instant(made.next_at)}`, made.replay && "for a replay",
  ].filter(Boolean).join(" · ");
  return line("Attempt", `${words(made.outcome)} · ${told}`, "", html`<${Chip} of=${made.outcome} /> ${told}`);
}

// every fact of a step as one line: for the list and for the CSV
function flat(step) {
  const where = { at: step.source.at, type: step.source.type, topic: step.source.topic, partition: step.source.partition, offset: step.source.offset };
  const line = (what, text, amount = "", show = undefined) => ({ ...where, what, text, amount, show });
  return [
    ...step.moves.filter((move) => move.status !== "received").map((move) => line("Status", [words(move.status), /^[A-Z]/.test(move.error_code) && move.error_code, sentence(move.reason), move.date, move.trace_number && `trace ${move.trace_number}`, move.file_id && `file ${move.file_id}`].filter(Boolean).join(" · "))),
    ...step.decisions.map((decision) => line("Decision", [words(decision.status), decision.reviewer ? `by ${decision.reviewer}` : `by rule book ${decision.policy}`, decision.score ? `score ${decision.score}` : "", decision.explanation].filter(Boolean).join(" · "))),
    ...step.decisions.flatMap((decision) => decision.rules.map((rule) => line("Rule fired", `${rule.rule} → ${rule.outcome}: ${rule.explanation}`, "", html`<strong>${rule.rule}</strong> → ${rule.outcome} ${rule.severity && html`<${Chip} of=${rule.severity} />`}<br />${rule.explanation}`))),
    ...step.postings.map((posting) => line("Posting", `Debit ${account(posting.debit)}, credit ${account(posting.credit)}${posting.memo ? ` · ${posting.memo}` : ""}`, posting.amount, html`Debit <strong>${account(posting.debit)}</strong>, credit <strong>${account(posting.credit)}</strong> <span class="hint">${posting.memo}</span>`)),
    ...step.matches.map((match) => line(match.kind === "matched" ? "Matched" : "Taken back", [`balance ${match.balance_id}`, match.rule && `by ${words(match.rule).toLowerCase()}`, ...match.evidence, match.reason].filter(Boolean).join(" · "), match.amount)),
    ...step.suspense.map((part) => line("Suspense", words(part.reason), part.amount)),
    ...step.retries.map((retry) => line("Retry", `presentment ${retry.attempt} on ${instant(retry.at)}`)),
    ...step.exceptions.map((each) => line("Exception", `${words(each.change)}: ${words(each.code)}${each.detail ? ` · ${plain(each.detail)}` : ""}`, each.change === "opened" ? each.amount : "")),
    ...step.alerts.map((alert) => line("Alert", `${words(alert.alert)} · ${alert.explanation}`, "", html`<${Chip} of=${alert.severity} /> ${plain(alert.explanation)}`)),
    ...step.deliveries.flatMap((sent) => [line({ webhook: "Webhook", notification: "Notification", ach_entry: "ACH entry", billing: "Billing" }[sent.kind], [...Object.entries(sent.detail).filter(([, value]) => value !== "" && value !== 0).map(([name, value]) => `${DETAILS[name] ?? name.replaceAll("_", " ")} ${(SHOWN[name] ?? String)(value)}`), `to ${sent.topic}`, sent.due_at && `not before ${instant(sent.due_at)}`].filter(Boolean).join(" · "), sent.amount), ...sent.attempts.map((made) => attempted(made, line))]),
  ];
}
