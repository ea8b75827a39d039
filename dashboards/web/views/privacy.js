// Personal data: what is held of a person, seeing a bank account for a purpose, legal hold, erasure, and the log of all that.
import { html, useState } from "../lib/ui.js";
import { Card, Chip, Shown } from "../lib/blocks.js";
import { useSession } from "../lib/act.js";
import { address, useApi } from "../lib/data.js";
import { day, instant, words } from "../lib/format.js";
import { link } from "../lib/route.js";
import { Csv, Table } from "../lib/table.js";
import { Duties } from "./duties.js";
import { Reveal } from "./reveal.js";

// who works here is not told of news by the stream: it speaks of KPIs
const EVERY = { every: 3000 };
const LINES = 200;
const DEEDS = [["", "All"], ["revealed", "Revealed"], ["hold_began", "Hold began"], ["hold_ended", "Hold ended"], ["erased", "Erased"], ["restricted", "To be erased"]];
const PURPOSES = { sms: "SMS", email: "E-mail" };
// the tone of a chip, by the status that has it
const TONES = { revealed: "held", erased: "shadow" };

export function Privacy({ params, change }) {
  const { may } = useSession();
  const patient = params.patient ?? "";
  const found = useApi(patient && `/api/v1/subjects/${encodeURIComponent(patient)}`, EVERY);
  return html`<div class="grid">
    <${Card} title="A person" wide=${!may("privacy:reveal")} hint="By the token that CREDIT knows the patient by; nothing sealed is shown"><div class="bench">
      <${LookUp} key=${patient} patient=${patient} look=${(token) => change({ patient: token })} />
      ${patient ? html`<${Shown} of=${found}>${(data) => html`<${Standing} data=${data} />`}<//>` : html`<div class="empty"><p>Enter a patient's token.</p><p class="hint">It stands in every event of the patient, and in the log below.</p></div>`}
    </div><//>
    ${may("privacy:reveal") && html`<${Card} title="See a bank account" hint="The journal has who sees it and what for before it is shown"><${Reveal} key=${params.payment} payment=${params.payment ?? ""} /><//>`}
    ${patient && may("privacy:erase") && html`<${Card} wide title="Legal hold and erasure"><${Duties} key=${patient} patient=${patient} standing=${found.data} /><//>`}
    <${Log} params=${params} patient=${patient} change=${change} />
  </div>`;
}

function LookUp({ patient, look }) {
  const [text, setText] = useState(patient);
  const go = (event) => {
    event.preventDefault();
    look(text.trim());
  };
  return html`<form class="look-up" onSubmit=${go}><label class="hint">Patient's token <input value=${text} maxlength="128" onInput=${(event) => setText(event.target.value)} /></label>
    <button type="submit" class="plain-button">Look up</button></form>`;
}

function Standing({ data }) {
  if (!data.accounts.length && !data.sealed && !data.erased_at) {
    return html`<div class="empty"><p>Nothing is held of this token.</p><p class="hint">Neither an account nor a key.</p></div>`;
  }
  const accounts = [
    { key: "credit_reference", label: "Account", render: (value) => html`<code>${value}</code>` },
    { key: "state", label: "Data", render: (value) => ({ "": "held", erased: "erased", restricted: "to be erased" })[value] },
    { key: "legal_hold", label: "Legal hold", render: (value) => (value ? html`<${Chip} of="held">On hold<//>` : "none") },
  ];
  const consents = [
    { key: "purpose", label: "Consent to", render: (value) => PURPOSES[value] ?? words(value) }, { key: "granted", label: "Answer", render: (value) => html`<${Chip} of=${value ? "met" : "paused"}>${value ? "Given" : "Withdrawn"}<//>` },
    { key: "version", label: "Version", tight: true, render: (value) => value || "–" }, { key: "jurisdiction", label: "Where", tight: true, render: (value) => value || "–" }, { key: "at", label: "Since", tight: true, render: day },
    ...(data.accounts.length > 1 ? [{ key: "credit_reference", label: "Account", render: (value) => html`<code>${value}</code>` }] : []),
  ];
  return html`<dl class="pairs">
      <dt>Sealed data</dt><dd>${data.sealed ? "there is a key, so there may be" : "none: there is no key"}</dd>
      <dt>Erased</dt><dd>${data.erased_at ? `${instant(data.erased_at)} by ${data.erased_by}` : "no"}</dd></dl>
    <${Table} name="standing" label="Accounts of the person" columns=${accounts} rows=${data.accounts} />
    <p><${Csv} name="accounts" columns=${accounts} rows=${data.accounts} /></p>
    ${data.consents.length ? html`<${Table} name="consents" label="Consents of the person" columns=${consents} rows=${data.consents} /><p><${Csv} name="consents" columns=${consents} rows=${data.consents} /></p>` : html`<p class="hint">No consent was given or withdrawn.</p>`}`;
}

function Log({ params, patient, change }) {
  const what = params.what ?? "";
  const found = useApi(address("/api/v1/privacy/log", { patient_id: patient, what, limit: LINES }), EVERY);
  const columns = [
    { key: "at", label: "When", kind: "instant" }, { key: "what", label: "What", render: (value) => html`<${Chip} of=${TONES[value] ?? "assisted"}>${(DEEDS.find(([name]) => name === value) ?? [value, words(value)])[1]}<//>` },
    { key: "by", label: "By" }, { key: "purpose", label: "What for", render: (value) => value || "–" }, { key: "ticket", label: "Ticket", render: (value) => value || "–" },
    { key: "patient_id", label: "Person", render: (value) => html`<a href=${link("privacy", { patient: value })}><code>${value}</code></a>` }, { key: "credit_reference", label: "Account", render: (value) => html`<code>${value}</code>` },
    { key: "transaction_id", label: "Payment", kind: "id" },
  ];
  return html`<${Card} wide title=${patient ? "What was done with this person's data" : "What was done with personal data"} hint=${found.data?.more ? `The latest ${LINES}; there are older ones` : "Who looked, who held, who erased; from the journal"} actions=${html`
      <label class="hint">What <select value=${what} onChange=${(event) => change({ what: event.target.value })}>${DEEDS.map(([value, text]) => html`<option key=${value} value=${value} selected=${value === what}>${text}</option>`)}</select></label>
      <${Csv} name="privacy-log" columns=${columns} rows=${found.data?.lines} />`}>
    <${Shown} of=${found} empty="Nothing was done yet." isEmpty=${(data) => !data.lines.length}>${({ lines }) => html`<${Table} name="privacy-log" label="Log of personal data" columns=${columns} rows=${lines} params=${params} />`}<//>
  <//>`;
}
